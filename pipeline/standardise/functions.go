package standardise

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	"rollcall/matchers/locale"
	"rollcall/matchers/locale/identifier"
	"rollcall/pipeline/store"
)

// Forms are the functions of the package as SQL calls them, with what was learnt
// from the columns. It is changed between statements only.
type Forms struct {
	pack     *locale.Pack
	asOf     time.Time
	declared map[string]identifier.Types // by identifier type
	learnt   map[string]identifier.Types // of the others
	tree     bool                        // there is an area tree
	places   func() *locale.Gazetteer    // of it; made when it is first asked for
	telling  bool                        // whether numbers of one of them say a birth or a sex
}

// NewForms knows nothing yet of any column. The pack is the country's; nil is that
// for any. areas is the area tree, and may be empty. asOf is the day of the run, which
// no two-digit year lies beyond.
func NewForms(pack *locale.Pack, areas []locale.Area, asOf time.Time) *Forms {
	pack = cmp.Or(pack, locale.Neutral())
	return &Forms{
		pack: pack, asOf: asOf, declared: map[string]identifier.Types{}, learnt: map[string]identifier.Types{},
		tree: len(areas) > 0, places: sync.OnceValue(func() *locale.Gazetteer { return locale.NewGazetteer(areas, pack) }),
	}
}

// Reading learns from the different values of a column of days how they are read, in
// words that the functions take.
func (f *Forms) Reading(values []string) string {
	return f.reading(func(yield func(string, int) bool) {
		for _, v := range values {
			if !yield(v, 1) {
				return
			}
		}
	})
}

// reading is Reading with how often each value occurs.
func (f *Forms) reading(values iter.Seq2[string, int]) string {
	d := locale.LearnDates(values, f.pack)
	d.LatestYear = f.asOf.Year()
	return d.String()
}

// Functions are the SQL functions: text in, text or NULL out.
//
//	normal_name(v), normal_given(v), normal_family(v), normal_address(v), normal_phone(v), normal_sex(v), script_of(v)
//	name_readings(v), family_readings(v)  normal form with all readings of words in another script
//	whole_name(v)               normal form|script|rules that fired for it, separated by spaces|father|husband, whose
//	                            names may stand in it behind s/o, w/o and the like; "" for what there is not
//	area_of(v)                  code of the area of the tree that has the name; NULL where none or several do
//	area_rules(v)               rules that found it, or none; NULL for a code
//	day_of(v, reading)          first day that a date can be, ISO; the reading is as Reading says it
//	event_interval(v, reading)  earliest|latest|precision
//	birth_interval(v, reading)  the same; 1 January is the whole year, as are the pack's default days
//	age_told(v, day)            "age about 65 on 2019-03-01" of "about 65 years" and the day; NULL for what is no age, or says its day
//	unreadable_date(v, reading) the rule by which a date is none; NULL for one, and for what stands for "not known"
//	normal_identifier(type, v)  value|problem
//	number_agrees(type, v, earliest, latest, sex)  what the number says against what the record says of
//	                            birth and sex: = agrees, ! contradicts, ? is not known; =? and the like
func (f *Forms) Functions() []store.Function {
	one := func(name string, call appending) store.Function {
		return store.Function{Name: name, Arguments: 1, Call: func(out []byte, a []string) ([]byte, bool) {
			out = call(out, a[0])
			return out, len(out) > 0
		}}
	}
	two := func(name string, call func(out []byte, a, b string) []byte) store.Function {
		return store.Function{Name: name, Arguments: 2, Call: func(out []byte, a []string) ([]byte, bool) {
			out = call(out, a[0], a[1])
			return out, len(out) > 0
		}}
	}
	return []store.Function{
		one("normal_name", foreign(f.pack.AppendNormal)),
		one("normal_given", foreign(f.pack.AppendNormal)),
		one("normal_family", foreign(f.pack.AppendFamily)),
		one("name_readings", foreign(made(f.pack.Readings))),
		one("family_readings", foreign(made(f.pack.FamilyReadings))),
		one("whole_name", foreign(f.wholeName)),
		one("normal_address", foreign(f.pack.AppendAddress)),
		one("normal_phone", remembered(made(f.pack.NormalPhone))),
		one("normal_sex", remembered(made(func(s string) string { v, _ := locale.Sex(s); return v }))),
		one("script_of", foreign(made(locale.Script))),
		one("area_of", remembered(made(func(s string) string { code, _ := f.places().Find(s); return code }))),
		one("area_rules", remembered(made(func(s string) string { _, rules := f.places().Find(s); return strings.Join(ofAreas(rules), " ") }))),
		two("day_of", byReading(asRead, day)),
		two("event_interval", byReading(asRead, interval)),
		two("birth_interval", byReading(f.ofBirth, interval)),
		two("age_told", ageTold),
		two("unreadable_date", byReading(asRead, unreadable)),
		two("normal_identifier", f.identifier),
		{Name: "number_agrees", Arguments: 5, Call: func(out []byte, a []string) ([]byte, bool) {
			return append(out, f.agrees(a[0], a[1], a[2], a[3], a[4])...), true
		}},
	}
}

func (f *Forms) wholeName(out []byte, s string) []byte {
	out, w := f.pack.AppendWhole(out, s)
	out = append(out, '|')
	out = append(out, locale.Script(s)...)
	out = append(out, '|')
	for i, r := range w.Rules {
		if i > 0 {
			out = append(out, ' ')
		}
		out = append(out, r...)
	}
	for _, kin := range []string{"father", "husband"} {
		out = append(out, '|')
		if w.Of == kin && isName(w.Other) {
			out = append(out, w.Other...)
		}
	}
	return out
}

// isName tells another person's name from a number or an initial alone.
func isName(s string) bool { return len(s) >= 3 && !strings.ContainsFunc(s, unicode.IsDigit) }

// ofAreas are the rules that say how an area was found.
func ofAreas(rules []string) []string {
	return slices.DeleteFunc(rules, func(r string) bool { return !strings.HasPrefix(r, "area_") && r != locale.RuleVariant })
}

// foreign remembers what a function makes of texts in other than Latin letters.
// Those are read faster than they are looked up.
func foreign(read appending) appending {
	remember := remembered(read)
	return func(out []byte, s string) []byte {
		if latin(s) {
			return read(out, s)
		}
		return remember(out, s)
	}
}

// latin tells a text of ASCII and of letters up to U+027F, by its bytes in UTF-8.
func latin(s string) bool {
	const lastLead = 0xC9
	for i := range len(s) {
		if s[i] > lastLead {
			return false
		}
	}
	return true
}

func asRead(d locale.Dates) locale.Dates { return d }

// ofBirth are dates of which some days stand for the whole year.
func (f *Forms) ofBirth(d locale.Dates) locale.Dates {
	return d.WithDefaults(locale.NewYear()).WithDefaults(f.pack.DefaultDays)
}

// byReading remembers what dates read as, by how their column is read: there are few
// of them, and many rows. prepare is asked once a reading.
func byReading(prepare func(locale.Dates) locale.Dates, read func(out []byte, d locale.Dates, s string) []byte) func(out []byte, s, reading string) []byte {
	var all sync.Map // appendings, by reading
	return func(out []byte, s, reading string) []byte {
		one, ok := all.Load(reading)
		if !ok {
			reading = strings.Clone(reading) // DuckDB lends it
			dates := prepare(locale.ReadingOf(reading))
			one, _ = all.LoadOrStore(reading, remembered(func(out []byte, s string) []byte { return read(out, dates, s) }))
		}
		return one.(appending)(out, s)
	}
}

func day(out []byte, d locale.Dates, s string) []byte {
	d.Defaults = nil
	iv := d.Interval(s)
	if !iv.Known() {
		return out
	}
	if iv.Precision == locale.Near {
		return append(out, iv.String()...)
	}
	return appendDay(out, iv.Earliest)
}

func unreadable(out []byte, d locale.Dates, s string) []byte {
	_, rules := d.Read(s)
	for _, r := range rules {
		if locale.Impossible(r) {
			return append(out, r...)
		}
	}
	return out
}

// interval writes earliest|latest|precision. "age 67 on 2026-01-03" is what the
// mapping makes of an age.
func interval(out []byte, d locale.Dates, s string) []byte {
	iv, ok := readAge(s)
	if !ok {
		iv = d.Interval(s)
	}
	if !iv.Known() {
		return out
	}
	out = append(appendDay(out, iv.Earliest), '|')
	out = append(appendDay(out, iv.Latest), '|')
	return append(out, iv.Precision...)
}

// appendDay writes a day as time.DateOnly does, for the years that people live in.
func appendDay(out []byte, t time.Time) []byte {
	year, month, day := t.Date()
	if year < 1000 || year > 9999 {
		return t.AppendFormat(out, time.DateOnly)
	}
	digit := func(n int) byte { return byte('0' + n%10) }
	return append(out, digit(year/1000), digit(year/100), digit(year/10), digit(year), '-',
		digit(int(month)/10), digit(int(month)), '-', digit(day/10), digit(day))
}

// ageTold writes an age that does not say when it was so, with the day.
func ageTold(out []byte, s, day string) []byte {
	years, about, ok := locale.UndatedAge(s)
	switch {
	case !ok || day == "":
		return out
	case about:
		return fmt.Appendf(out, "age %s%d on %s", aboutWord, years, day)
	}
	return fmt.Appendf(out, "age %d on %s", years, day)
}

// aboutWord stands before an age that is told roughly.
const aboutWord = "about "

// readAge reads an age in whole years on a day.
func readAge(s string) (locale.Interval, bool) {
	rest, ok := strings.CutPrefix(s, "age ")
	if !ok {
		return locale.Interval{}, false
	}
	years, on, ok := strings.Cut(rest, " on ")
	if !ok {
		return locale.Interval{}, false
	}
	years, about := strings.CutPrefix(years, aboutWord)
	n, err := strconv.Atoi(strings.TrimSpace(years))
	if err != nil || n < 0 || n > 130 {
		return locale.Interval{}, true
	}
	t, err := time.Parse(time.DateOnly, on)
	if err != nil {
		return locale.Interval{}, true
	}
	if about {
		return locale.AboutAge(n, t), true
	}
	return locale.Age(n, t), true
}

func (f *Forms) identifier(out []byte, typ, s string) []byte {
	n := f.number(typ, s)
	if n.Value == "" && n.Problem == "" {
		return out
	}
	out = append(append(out, n.Value...), '|')
	return append(out, n.Problem...)
}

// How what a number says stands to what the record says.
const (
	agrees      = "="
	contradicts = "!"
	notKnown    = "?"
)

// agrees holds a number against the days between which its bearer was born, ISO or
// "", and against the sex.
func (f *Forms) agrees(typ, s, earliest, latest, sex string) string {
	n := f.number(typ, s)
	birth, same := notKnown, notKnown
	from, errFrom := time.Parse(time.DateOnly, earliest)
	to, errTo := time.Parse(time.DateOnly, latest)
	if n.Birth.Known && errFrom == nil && errTo == nil {
		birth = told(!n.Birth.Contradicts(locale.Interval{Earliest: from, Latest: to}))
	}
	if n.Sex != "" && (sex == locale.Male || sex == locale.Female) {
		same = told(n.Sex == sex)
	}
	return birth + same
}

func told(same bool) string {
	if same {
		return agrees
	}
	return contradicts
}

func (f *Forms) number(typ, s string) identifier.Number {
	if declared, ok := f.declared[typ]; ok {
		return declared.ReadDeclared(s)
	}
	return f.learnt[typ].Read(s)
}

// Systems are those by which the numbers of the session's identifier table are given
// out, by identifier type: those that the type declares, or that its numbers follow.
func (f *Forms) Systems(ctx context.Context, s *store.Session) (map[string]identifier.Types, error) {
	if len(f.declared)+len(f.learnt) == 0 { // an earlier attempt has standardised
		if err := learnIdentifiers(ctx, s, f); err != nil {
			return nil, fmt.Errorf("learn identifier systems: %w", err)
		}
	}
	all := maps.Clone(f.declared)
	maps.Copy(all, f.learnt)
	return all, nil
}

// learn finds the systems of each type: those that it declares, or that its numbers
// follow.
func (f *Forms) learn(values map[string][]string) {
	for _, typ := range slices.Sorted(maps.Keys(values)) {
		systems := identifier.Declared(typ)
		if len(systems) > 0 {
			f.declared[typ] = systems
		} else {
			systems = identifier.Learn(f.pack, typ, slices.Values(values[typ]))
			f.learnt[typ] = systems
		}
		f.telling = f.telling || systems.Tell()
	}
}
