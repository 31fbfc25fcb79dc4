package pair

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"

	"rollcall/matchers/dictionary"
	"rollcall/matchers/locale"
	"rollcall/matchers/locale/identifier"
	"rollcall/matchers/model"
	"rollcall/matchers/recognise"
	"rollcall/matchers/text"
)

// What standardise reads a column as.
const (
	AsName       = "name"
	AsDate       = "date"
	AsIdentifier = "identifier"
	AsPhone      = "phone"
	AsPlace      = "place"
	asSex        = "sex"
	asFamily     = "family"
	asAddress    = "address"
	asArea       = "area"
)

// StandardKinds are the kinds that a column can be said to be.
func StandardKinds() []string { return []string{AsName, AsDate, AsIdentifier, AsPhone, AsPlace} }

// standardKinds are what the kinds of comparison are read as.
var standardKinds = map[model.Kind]string{
	model.GivenName: AsName, model.FamilyName: asFamily, model.FullName: AsName, model.Date: AsDate,
	model.Identifier: AsIdentifier, model.Phone: AsPhone, model.Address: asAddress, model.Place: AsPlace,
}

const (
	// RuleNotUnderstood is that of a value of which no rule makes anything: it stays as
	// it was written.
	RuleNotUnderstood = "not_understood"
	// RuleCode is that of a code or number of no known system, of which letters and
	// digits are compared alone, in capitals.
	RuleCode = "code"
)

// Standard is a table with the normal form of its values.
type Standard struct {
	Columns []StandardColumn
	// Left are the columns that are none of the kinds, and what they were taken for.
	Left []string
	// Headless tells that the first line looks like a record; "" where it does not.
	Headless string
	// Unread tells how many rows could not be read, and why; "" where all could.
	Unread string
	rows   int
}

// StandardColumn is one column of it.
type StandardColumn struct {
	Name, Kind string
	column     Column
	made       []made // by code
}

// made is what was made of a value.
type made struct {
	normal     string
	rules      []string
	understood bool
	read       string // a name with all readings of its words, where some has several
}

// Standardise brings the columns to normal form under a pack. kinds says what columns
// hold, by name, and under "" what those hold that are not recognised. With an area
// tree there is one more column behind them, area: the names of places of a row, and
// the code of the area that they name, or that has taken its place by the day asOf
// (YYYY-MM-DD). shown is called from time to time with the
// share that is done.
func (t *Table) Standardise(in Locale, areas *locale.Gazetteer, asOf string, kinds map[string]string, shown func(share float64)) (*Standard, error) {
	for _, name := range slices.Sorted(maps.Keys(kinds)) {
		if name != "" && t.Column(name) < 0 {
			return nil, refuse("%s has no column %q; it has %s", t.Name, name, strings.Join(t.names(), ", "))
		}
	}
	s := &Standard{rows: t.Rows, Headless: t.Headless(), Unread: t.unread()}
	var places []Column
	for i, g := range t.Recognise(in.pack()) {
		c := t.Columns[i]
		kind := cmp.Or(kinds[c.Name], t.standardKind(c, g), placeKind(in.pack(), c.Name), kindWhereUnknown(g, cmp.Or(nationalKind(in.pack(), c), kinds[""])))
		if kind == "" {
			s.Left = append(s.Left, fmt.Sprintf("%s (%s)", c.Name, Holds(g)))
			continue
		}
		shown(float64(i) / float64(len(t.Columns)))
		if kind == AsPlace && g.Meaning != "birth place" {
			places = append(places, c)
		}
		s.Columns = append(s.Columns, StandardColumn{c.Name, kind, c, makeAll(c, reader(in.pack(), kind, c))})
	}
	if areas != nil && len(places) > 0 {
		s.Columns = append(s.Columns, areaColumn(areas, asOf, places))
	}
	return s, nil
}

// unread says how many rows of the file could not be read, why, and where the first is.
func (t *Table) unread() string {
	if len(t.Rejects) == 0 {
		return ""
	}
	first := t.Rejects[0]
	for _, r := range t.Rejects {
		if r.Line < first.Line {
			first = r
		}
	}
	return fmt.Sprintf("rows could not be read: %s; the first is on line %d: %s", strings.Join(t.Rejected(), ", "), first.Line, first.Detail)
}

// placeKind reads a column as names of places where its header is a level of areas.
func placeKind(pack *locale.Pack, header string) string {
	if pack.NamesLevel(header) {
		return AsPlace
	}
	return ""
}

// nationalKind reads a column as identity numbers where it is called by those of the
// pack's country and follows them, though no number comes twice: in a short file that
// says nothing of what numbers its rows.
func nationalKind(pack *locale.Pack, c Column) string {
	if identifier.Called(pack, c.called()) && len(c.systems(pack)) > 0 {
		return AsIdentifier
	}
	return ""
}

// areaColumn finds the areas that the places of each row name together.
func areaColumn(areas *locale.Gazetteer, asOf string, places []Column) StandardColumn {
	area := StandardColumn{Name: asArea, Kind: asArea, made: []made{{}}}
	values := []string{""}
	seen := map[string]uint32{}
	codes := make([]uint32, len(places[0].Codes))
	for row := range codes {
		var cells []locale.Cell
		var written []string
		for _, c := range places {
			if v := c.At(row); !missing(v) && !tooLong(v) {
				cells = append(cells, locale.Cell{Header: c.Name, Text: v})
				written = append(written, v)
			}
		}
		if len(cells) == 0 {
			continue
		}
		key := fmt.Sprintf("%q", cells)
		code, ok := seen[key]
		if !ok {
			code = uint32(len(values))
			seen[key] = code
			values = append(values, strings.Join(written, ", "))
			found, rules := areas.FindRow(cells)
			if now, rule := areas.On(found, asOf); rule != "" {
				found, rules = now, append(rules, rule)
			}
			area.made = append(area.made, made{normal: found, rules: rules, understood: found != ""}.orAsWritten(values[code]))
		}
		codes[row] = code
	}
	area.column = Column{Name: asArea, Codes: codes, Values: dictionary.Of(values...)}
	return area
}

func (t *Table) standardKind(c Column, g recognise.Guess) string {
	if g.Kind == model.Category && c.share(isSex) > 0.5 {
		return asSex
	}
	if g.Kind == recognise.Ignore || g.Meaning == "region" {
		return notCompared[g.Meaning]
	}
	return standardKinds[g.Kind]
}

// notCompared are the meanings of columns that are recognised, not compared, and read
// all the same.
var notCompared = map[string]string{"full": AsName, "other date": AsDate, "region": AsPlace, "place": AsPlace}

func kindWhereUnknown(g recognise.Guess, kind string) string {
	if Holds(g) == notRecognised || g.Kind == recognise.Key {
		return kind
	}
	return ""
}

// readAtOnce is how many values of a column one thread reads at a time.
const readAtOnce = 4096

// makeAll reads each value of a column once, on all processors: what one reads as
// does not depend on the others.
func makeAll(c Column, read func(string) made) []made {
	all := make([]made, c.Values.Len())
	var work sync.WaitGroup
	var taken atomic.Int64
	for range runtime.GOMAXPROCS(0) {
		work.Go(func() {
			for {
				to := int(taken.Add(readAtOnce))
				from := to - readAtOnce
				if from >= len(all) {
					return
				}
				for code := from; code < min(to, len(all)); code++ {
					all[code] = makeOne(c.Values.At(uint32(code)), read)
				}
			}
		})
	}
	work.Wait()
	return all
}

// makeOne reads one value; a missing one is the zero made.
func makeOne(v string, read func(string) made) made {
	switch {
	case missing(v):
		return made{}
	case tooLong(v):
		return made{}.orAsWritten(v)
	}
	return read(v).orAsWritten(v)
}

// missing tells that there was no value: one of which no rule made anything has a rule
// that says so.
func (m *made) missing() bool { return !m.understood && m.rules == nil }

// orAsWritten keeps a value of which no rule made anything.
func (m made) orAsWritten(v string) made {
	if !m.understood {
		m.normal, m.rules = v, append([]string{RuleNotUnderstood}, m.rules...)
	}
	return m
}

// reader reads the values of a column of a kind. What the column teaches is learnt
// first.
func reader(pack *locale.Pack, kind string, c Column) func(string) made {
	switch kind {
	case AsDate:
		dates := learnDates(pack, c, c).WithDefaults(locale.NewYear())
		return func(s string) made {
			iv, rules := dates.Read(s)
			return made{normal: iv.String(), rules: rules, understood: iv.Known()}
		}
	case AsIdentifier:
		systems := c.systems(pack)
		read := systems.Read
		if systems.Mostly(identifier.Called(pack, c.called()), c.taught()) {
			read = systems.ReadAmong
		}
		return func(s string) made {
			n := read(s)
			m := made{normal: n.Card(), understood: n.WellFormed()}
			switch {
			case n.Type != nil:
				m.rules = append(m.rules, n.Type.Name)
			case m.understood && m.normal != s:
				m.rules = append(m.rules, RuleCode)
			}
			if n.Problem != "" {
				m.rules = append(m.rules, n.Problem)
			}
			return m
		}
	case AsPhone:
		return func(s string) made {
			v, rules := pack.Phone(s)
			return made{normal: v, rules: rules, understood: v != ""}
		}
	case AsPlace:
		return func(s string) made {
			v, rules := pack.Place(s)
			return made{normal: v, rules: rules, understood: v != ""}
		}
	case asAddress:
		return func(s string) made {
			v, rules := pack.Address(s)
			return made{normal: v, rules: rules, understood: v != ""}
		}
	case asSex:
		return func(s string) made {
			v, rules := locale.Sex(s)
			return made{normal: v, rules: rules, understood: v != ""}
		}
	}
	name, readings := pack.Words, pack.Readings
	if kind == asFamily {
		name, readings = pack.Family, pack.FamilyReadings
	}
	return func(s string) made {
		v, rules := name(s)
		m := made{normal: v, rules: rules, understood: strings.ContainsFunc(v, unicode.IsLetter)}
		if slices.Contains(rules, locale.RuleTransliterated) {
			if read := readings(s); text.Open(read) {
				m.read = read
			}
		}
		return m
	}
}

// each goes through all values, row by row.
func (s *Standard) each(use func(row int, c *StandardColumn, value string, m made) error) error {
	for row := range s.rows {
		for i := range s.Columns {
			c := &s.Columns[i]
			m := &c.made[c.column.Codes[row]]
			if m.missing() {
				continue
			}
			if err := use(row+1, c, c.column.At(row), *m); err != nil {
				return fmt.Errorf("write row %d: %w", row+1, err)
			}
		}
	}
	return nil
}

// WriteCSV writes row, column, value, normal, rules. A value that no rule understands
// stands as its own normal form, and its first rule says so.
func (s *Standard) WriteCSV(w io.Writer, shown func(share float64)) error {
	out := csv.NewWriter(w)
	if err := out.Write([]string{"row", "column", "value", "normal", "rules"}); err != nil {
		return fmt.Errorf("write the header: %w", err)
	}
	err := s.each(func(row int, c *StandardColumn, value string, m made) error {
		shown(float64(row) / float64(s.rows))
		return out.Write([]string{strconv.Itoa(row), c.Name, value, m.normal, strings.Join(m.rules, " ")})
	})
	if err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}

// widest is how many cells of a terminal a column of the table takes at most.
const widest = 36

// WriteTable writes the same for people, the values that no rule understands marked
// with !.
func (s *Standard) WriteTable(w io.Writer, shown func(share float64)) error {
	wide := [3]int{len("column"), len("value"), len("normal")}
	if err := s.each(func(_ int, c *StandardColumn, value string, m made) error {
		for i, text := range []string{c.Name, value, m.normal} {
			wide[i] = max(wide[i], min(cells(text), widest))
		}
		return nil
	}); err != nil {
		return err
	}
	line := func(row, mark, column, value, normal, rules string) error {
		_, err := fmt.Fprintf(w, "%7s %1s %s  %s  %s  %s\n", row, mark, fill(column, wide[0]), fill(value, wide[1]), fill(normal, wide[2]), rules)
		return err
	}
	if err := line("row", "", "column", "value", "normal", "rules"); err != nil {
		return fmt.Errorf("write the header: %w", err)
	}
	return s.each(func(row int, c *StandardColumn, value string, m made) error {
		shown(float64(row) / float64(s.rows))
		mark := ""
		if !m.understood {
			mark = "!"
		}
		if err := line(strconv.Itoa(row), mark, c.Name, value, m.normal, strings.Join(m.rules, " ")); err != nil || m.read == "" {
			return err
		}
		return line("", "", "", "", "", "linked as "+m.read)
	})
}

// cells is how wide a text is on a terminal: marks take no room, wide letters two
// cells.
func cells(s string) int {
	n := 0
	for _, r := range s {
		n += cellsOf(r)
	}
	return n
}

func cellsOf(r rune) int {
	if unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// fill pads a text, or cuts it. Signs that move the cursor are shown as spaces.
func fill(s string, to int) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
	if cells(s) <= to {
		return s + strings.Repeat(" ", to-cells(s))
	}
	taken := 0
	for i, r := range s {
		if taken += cellsOf(r); taken > to-1 {
			return s[:i] + "…" + strings.Repeat(" ", to-1-(taken-cellsOf(r)))
		}
	}
	return s
}

// WriteTotals says of each column how many values changed, how many stayed and how
// many no rule understands, and how often each rule did something.
func (s *Standard) WriteTotals(w io.Writer) {
	longest := len("column")
	for _, c := range s.Columns {
		longest = max(longest, utf8.RuneCountInString(c.Name))
	}
	fmt.Fprintf(w, "%-*s  %-10s %9s %9s %9s %14s %9s\n", longest, "column", "kind", "values", "changed", "same", "not understood", "missing")
	for i := range s.Columns {
		c := &s.Columns[i]
		times := make([]int, len(c.made))
		for _, code := range c.column.Codes {
			times[code]++
		}
		changed, same, not, rules := 0, 0, 0, map[string]int{}
		for code, n := range times {
			m := &c.made[code]
			switch {
			case n == 0 || m.missing():
				continue
			case !m.understood:
				not += n
			case m.normal == c.column.Values.At(uint32(code)):
				same += n
			default:
				changed += n
			}
			for _, r := range m.rules {
				rules[r] += n
			}
		}
		values := changed + same + not
		fmt.Fprintf(w, "%-*s  %-10s %9d %9d %9d %14d %9d\n", longest, c.Name, c.Kind, values, changed, same, not, s.rows-values)
		names := slices.Sorted(maps.Keys(rules))
		slices.SortStableFunc(names, func(a, b string) int { return rules[b] - rules[a] })
		for i, name := range names {
			names[i] = fmt.Sprintf("%s %d", name, rules[name])
		}
		if len(names) > 0 {
			fmt.Fprintf(w, "%-*s  %s\n", longest, "", strings.Join(names, ", "))
		}
	}
	if len(s.Left) > 0 {
		fmt.Fprintf(w, "left as they are: %s\n", strings.Join(s.Left, ", "))
	}
	for _, problem := range []string{s.Headless, s.Unread} {
		if problem != "" {
			fmt.Fprintln(w, problem)
		}
	}
}
