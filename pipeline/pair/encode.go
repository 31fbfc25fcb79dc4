package pair

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/sync/errgroup"

	"rollcall/matchers"
	"rollcall/matchers/dictionary"
	"rollcall/matchers/locale"
	"rollcall/matchers/locale/calendar"
	"rollcall/matchers/locale/identifier"
	"rollcall/matchers/model"
	"rollcall/matchers/recognise"
	"rollcall/matchers/text"
)

// encode brings the compared columns of a table to the normal form of their
// kinds. side picks the column of a comparison; other is the table on the other
// side, the same for one file. known says how the values of a comparison are read,
// "" where the columns teach it; encode returns how they were.
func encode(t, other *Table, pack *locale.Pack, comparisons []model.Comparison, side, otherSide, known func(model.Comparison) string) (*matchers.File, []string, error) {
	file := &matchers.File{Columns: make([]matchers.Column, len(comparisons))}
	readings := make([]string, len(comparisons))
	numbers := make([]Column, len(comparisons)) // identity numbers as they are written
	problems := make([]error, len(comparisons)) // the first is told, whichever is met first
	var work errgroup.Group
	work.SetLimit(runtime.GOMAXPROCS(0))
	for i, c := range comparisons {
		work.Go(func() error {
			column, err := t.written(side(c))
			if err != nil {
				problems[i] = fmt.Errorf("comparison %s: %w", c.Name, err)
				return nil
			}
			opposite, err := other.written(otherSide(c))
			if err != nil {
				problems[i] = fmt.Errorf("comparison %s: %w", c.Name, err)
				return nil
			}
			if readings[i] = known(c); readings[i] == "" {
				readings[i] = learn(pack, c.Kind, column, opposite)
			}
			form := normaliser(pack, c.Kind, readings[i])
			if c.Kind == model.FullName && (strings.Contains(c.Left, recognise.Joint) || strings.Contains(c.Right, recognise.Joint)) {
				form = once(form)
			}
			file.Columns[i] = normal(column, form)
			if c.Kind == model.Identifier {
				numbers[i] = column
				if systems := identifier.Named(strings.Fields(readings[i])); len(systems) > 0 {
					file.Columns[i].System = systems.System
				}
			}
			return nil
		})
	}
	if err := errors.Join(work.Wait(), cmp.Or(problems...)); err != nil {
		return nil, nil, err
	}
	for i, c := range comparisons {
		if c.Kind == model.Identifier {
			holdNumbers(file, comparisons, readings, i, numbers[i], known(c) != "")
		}
	}
	return file, readings, nil
}

// written is a column as it stands in the file, several joined with a space,
// "first_name + last_name", or one that stands in where another is empty, "name or
// alias", "dob or age on 2020-04-01", "dob or the birth in nid", or what the area tree
// says of one, "district of village_code".
func (t *Table) written(name string) (Column, error) {
	if i := t.Column(name); i >= 0 {
		return t.Columns[i], nil
	}
	if level, column := treeLevel(name); level >= 0 {
		return t.within(level, column)
	}
	if column, other, ok := strings.Cut(name, recognise.Else); ok {
		c, err := t.orElse(column, other)
		c.Name = name
		return c, err
	}
	parts := strings.Split(name, recognise.Joint)
	if len(parts) == 1 {
		return Column{}, fmt.Errorf("%s has no column %q; it has %s", t.Name, name, strings.Join(t.names(), ", "))
	}
	joined, err := t.written(parts[0])
	for _, p := range parts[1:] {
		if err != nil {
			return Column{}, err
		}
		var next Column
		if next, err = t.written(p); err == nil {
			joined = join(joined, next)
		}
	}
	joined.Name = name
	return joined, err
}

// parts are the columns that a column of a comparison is made of; see written.
func (t *Table) parts(name string) []string {
	if t.Column(name) >= 0 {
		return []string{name}
	}
	if level, column := treeLevel(name); level >= 0 {
		return strings.Split(column, recognise.Else)
	}
	if column, other, ok := strings.Cut(name, recognise.Else); ok {
		other, _, _ = strings.Cut(strings.TrimPrefix(other, recognise.BirthIn), recognise.On)
		return []string{column, other}
	}
	return strings.Split(name, recognise.Joint)
}

// join puts two columns together row by row. What stands for no name is left out.
func join(a, b Column) Column {
	out := Column{Codes: make([]uint32, len(a.Codes))}
	values := []string{""}
	seen := map[uint64]uint32{0: 0}
	for row := range a.Codes {
		both := uint64(a.Codes[row])<<32 | uint64(b.Codes[row])
		code, ok := seen[both]
		if !ok {
			code = uint32(len(values))
			seen[both] = code
			values = append(values, joinValues(a.At(row), b.At(row)))
		}
		out.Codes[row] = code
	}
	out.Values = dictionary.Of(values...)
	return out
}

func joinValues(a, b string) string {
	switch {
	case missing(b):
		return strings.TrimSpace(a)
	case missing(a):
		return strings.TrimSpace(b)
	}
	return strings.TrimSpace(a) + " " + strings.TrimSpace(b)
}

// normal maps a column's values to their normal form; values of one form become
// one code. What stays as it is, is not copied.
func normal(c Column, form func(string) string) matchers.Column {
	out := matchers.Column{Name: c.Name, Codes: c.Codes, Values: c.Values}
	var known *dictionary.Dictionary // from the first value on that changes
	translated := make([]uint32, 0, c.Values.Len())
	recoded := false
	for code, v := range c.Values.All() {
		changed := ""
		if code > 0 && !missing(v) && !tooLong(v) {
			changed = form(v)
		}
		if known == nil && changed == v {
			continue
		}
		if known == nil {
			known = dictionary.New()
			for first := range code {
				translated = append(translated, known.Code(c.Values.At(uint32(first))))
			}
		}
		translated = append(translated, known.Code(changed))
		recoded = recoded || int(translated[code]) != code
	}
	if known == nil {
		return out
	}
	out.Values = known.Values()
	if recoded {
		out.Codes = make([]uint32, len(c.Codes))
		for row, code := range c.Codes {
			out.Codes[row] = translated[code]
		}
	}
	return out
}

// once writes a name once that is there twice. Where one file has whole names and the
// other their parts, many who have one name write it in both; and some bear their
// father's, in either file.
func once(form func(string) string) func(string) string {
	return func(s string) string {
		name := form(s)
		if half := len(name) / 2; len(name) > 2 && name[half] == ' ' && name[:half] == name[half+1:] {
			return name[:half]
		}
		return name
	}
}

// longestValue, in characters, leaves room for any name or address of a person;
// what is longer is something else, and takes long to compare.
const longestValue = 500

func tooLong(v string) bool {
	return len(v) > longestValue && utf8.RuneCountInString(v) > longestValue
}

// missing tells words that stand for a value that is not known.
func missing(v string) bool {
	const longest = len("not applicable")
	if v = strings.TrimSpace(v); len(v) > longest {
		return false
	}
	switch strings.ToLower(v) {
	case "", "-", "--", "?", "n/a", "null", "unknown", "not known", "unk", "missing", "not available", "not applicable", "not stated",
		"fnu", "lnu", "no last name", "no surname": // first or last name unknown, of people with one name
		return true
	}
	return false
}

// normaliser is the normal form of a kind under a locale pack. What a column's own values teach
// (the order of day and month, the system of identity numbers) is learnt first.
func normaliser(pack *locale.Pack, kind model.Kind, reading string) func(string) string {
	switch kind {
	case model.FamilyName:
		return pack.FamilyReadings
	case model.GivenName, model.FullName:
		return pack.Readings
	case model.Address, model.HouseNumber, model.Text:
		return pack.NormalAddress
	case model.Place:
		return pack.NormalPlace
	case model.Phone:
		if reading != "" {
			pack = &locale.Pack{Country: reading}
		}
		return pack.NormalPhone
	case model.Email:
		return emailAddress
	case model.Postcode:
		return func(s string) string { return strings.ReplaceAll(word(s), " ", "") }
	case model.Date:
		dates := learnedDates(reading)
		return func(s string) string { return readDate(dates, s) }
	case model.Identifier:
		return identityNumber(identifier.Named(strings.Fields(reading)))
	case model.Number:
		return number
	case model.Category:
		return category(reading)
	}
	return word
}

// emailAddress is an e-mail address without the name that may stand before it:
// Ann Lee <ann@example.org>.
func emailAddress(s string) string {
	if _, address, ok := strings.Cut(s, "<"); ok {
		s, _, _ = strings.Cut(address, ">")
	}
	return strings.ToLower(strings.TrimSpace(s))
}

func first(form func(string) (string, []string)) func(string) string {
	return func(s string) string { normal, _ := form(s); return normal }
}

func word(s string) string { return first(locale.Address)(s) }

// readDate is the normal form of a date. Eight digits that are none as they stand
// are written as one all the same: most of their digits are right.
func readDate(dates locale.Dates, s string) string {
	if iv, _ := dates.Read(s); iv.Known() {
		return iv.String()
	}
	if _, ok := text.ParseDate(s); ok && strings.Contains(s, "/") {
		return s // an interval
	}
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
	gregorian := len(dates.Calendars) == 0 || dates.Calendars[0] == calendar.Gregorian
	if len(digits) != 8 || !gregorian || strings.IndexFunc(s, unicode.IsLetter) >= 0 {
		return ""
	}
	if iv, _ := dates.Read(digits); iv.Known() {
		return iv.String()
	}
	switch a, b, year := digits[:2], digits[2:4], digits[4:]; {
	case plausibleYear(digits[:4]):
		return digits[:4] + "-" + digits[4:6] + "-" + digits[6:]
	case plausibleYear(year) && dates.Order&locale.MonthFirst != 0:
		return year + "-" + a + "-" + b
	case plausibleYear(year):
		return year + "-" + b + "-" + a
	}
	return ""
}

// dated is a column of dates and how they are read.
type dated struct {
	Column
	dates locale.Dates
}

// latestYear is the latest year that two columns of dates write in full, but for
// some typing errors; it tells the century of those that they do not write so. Of few
// years the latest is hardly the last that there is: the true one lies further than
// three times their share of the span in one column of twenty. lastKnownYear where
// none is written in full.
func latestYear(columns ...dated) int {
	const lastKnownYear, errorsPerHundred, leastSpan, sharesFurther = 2029, 1, 50, 3
	var years []int
	for _, c := range columns {
		for v := range c.Values.Each() {
			if iv, _ := c.dates.Read(v); iv.Known() && iv.Latest.Year() < lastPlausibleYear {
				years = append(years, iv.Latest.Year())
			}
		}
	}
	if len(years) == 0 {
		return lastKnownYear
	}
	slices.Sort(years)
	latest := years[(len(years)-1)*(100-errorsPerHundred)/100]
	span := max(latest-years[(len(years)-1)*errorsPerHundred/100], leastSpan)
	return max(latest, min(latest+sharesFurther*span/len(years), lastKnownYear))
}

// lastPlausibleYear bounds the years of people's dates.
const lastPlausibleYear = 2100

func plausibleYear(year string) bool { return year >= "1800" && year < "2100" }

// identityNumber leaves out what is no number of a person. One with a wrong check
// digit stays: it is the right one mistyped more often than another's. What is left
// of a masked number stays where the whole column may be so.
func identityNumber(systems identifier.Types) func(string) string {
	return func(s string) string {
		n := systems.Read(s)
		if n.Near() || len(systems) == 0 && n.Problem == identifier.ProblemMasked {
			return n.Value
		}
		return ""
	}
}

// inGroups is a number with its digits in groups of three.
var inGroups = regexp.MustCompile(`^[+-]?\d{1,3}([ ,]\d{3})+(\.\d+)?$`)

// number reads 1250, 1,250.00, 1 250 and 12,5 as numbers; what is none stays a
// word.
func number(s string) string {
	plain := strings.TrimSpace(s)
	if inGroups.MatchString(plain) {
		plain = strings.NewReplacer(" ", "", ",", "").Replace(plain)
	} else if strings.Count(plain, ",") == 1 && !strings.Contains(plain, ".") {
		plain = strings.Replace(plain, ",", ".", 1)
	}
	v, err := strconv.ParseFloat(plain, 64)
	if err != nil || math.IsInf(v, 0) || math.IsNaN(v) {
		return word(s)
	}
	return strconv.FormatFloat(v+0, 'f', -1, 64)
}

// learnCategory says whether sexes are read as sexes, or names cut to initials as
// the other side has nothing else; other words are left as they are.
func learnCategory(column, opposite Column) string {
	sexes := func(c Column) bool {
		return c.share(isSex) > 0.5 && c.share(func(s string) bool { return isSex(s) || unknownSexes[strings.ToLower(s)] }) > 0.9
	}
	treeCodes := func(c Column) bool { level, _ := treeLevel(c.Name); return level >= 0 }
	initials := func(c Column) bool { return c.share(isInitial) > 0.9 }
	switch {
	case treeCodes(column):
		return readWord
	case sexes(column) && sexes(opposite):
		return readSex
	case initials(column) || initials(opposite):
		return readInitial
	}
	return readWord
}

// category reads a category as learnCategory says.
func category(reading string) func(string) string {
	switch reading {
	case readSex:
		return func(s string) string {
			if sex, _ := locale.Sex(s); sex != "" {
				return sex
			}
			return ""
		}
	case readInitial:
		return func(s string) string {
			for _, r := range word(s) {
				return string(r)
			}
			return ""
		}
	}
	return word
}

// unknownSexes are codes for a sex that is not known (ISO/IEC 5218 has 0 and 9).
var unknownSexes = map[string]bool{"u": true, "unknown": true, "unk": true, "0": true, "9": true, "n": true, "na": true, "n/a": true, "?": true, "-": true}

func isSex(s string) bool { sex, _ := locale.Sex(s); return sex != "" }

func isInitial(s string) bool { return len([]rune(strings.TrimRight(s, "."))) == 1 }

// share is the share of the filled rows whose value is so.
func (c Column) share(is func(string) bool) float64 {
	yes := make([]bool, c.Values.Len())
	for i, v := range c.Values.All() {
		yes[i] = i > 0 && is(strings.TrimSpace(v))
	}
	filled, so := 0, 0
	for _, code := range c.Codes {
		if code != 0 {
			filled++
			if yes[code] {
				so++
			}
		}
	}
	return float64(so) / float64(max(1, filled))
}

// Rejected counts the rejects by kind, in order of their names.
func (t *Table) Rejected() []string {
	counts := map[string]int{}
	for _, r := range t.Rejects {
		counts[r.Reason]++
	}
	var out []string
	for _, reason := range slices.Sorted(maps.Keys(counts)) {
		out = append(out, fmt.Sprintf("%d %s", counts[reason], strings.ReplaceAll(reason, "_", " ")))
	}
	return out
}
