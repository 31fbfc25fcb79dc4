package locale

import (
	"iter"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Interval is the days on which something can have happened, both ends
// included. The zero Interval is unknown.
type Interval struct {
	Earliest, Latest time.Time // midnight UTC
	Precision        string
}

// The precisions of a date.
const (
	Exact   = "exact"
	Month   = "month"
	Year    = "year"
	ByAge   = "age"     // reckoned from an age in whole years
	Default = "default" // a day that stands for "some day of this year"
)

// Known tells whether anything is known.
func (iv Interval) Known() bool { return !iv.Latest.IsZero() }

// String writes an interval as the matchers read it: 1984-02-29, 1984-02, 1984
// or 1983-03-02/1984-03-01; "" when nothing is known.
func (iv Interval) String() string {
	switch {
	case !iv.Known():
		return ""
	case iv.Precision == Exact:
		return iv.Earliest.Format(time.DateOnly)
	case iv.Precision == Month:
		return iv.Earliest.Format("2006-01")
	case iv.Precision == Year, iv.Precision == Default:
		return iv.Earliest.Format("2006")
	}
	return iv.Earliest.Format(time.DateOnly) + "/" + iv.Latest.Format(time.DateOnly)
}

// Age is the interval of birth of someone who was so many whole years old on a day.
func Age(years int, on time.Time) Interval {
	return Interval{
		Earliest:  on.AddDate(-years-1, 0, 1),
		Latest:    on.AddDate(-years, 0, 0),
		Precision: ByAge,
	}
}

// Order says which part of a date such as 03/04/1984 comes first.
type Order int

// The orders of day and month where the year comes last.
const (
	DayFirst Order = iota
	MonthFirst
)

// String names the order.
func (o Order) String() string {
	if o == MonthFirst {
		return "month first"
	}
	return "day first"
}

// LearnOrder finds the order from a column's values: those of which one part
// can be no month decide. Day first when nothing does, since most countries
// write so.
func LearnOrder(values iter.Seq[string]) Order {
	dayFirst, monthFirst := 0, 0
	for v := range values {
		f := split(v)
		if len(f.parts) < 3 || f.word >= 0 || len(f.parts[0]) > 2 || len(f.parts[1]) > 2 {
			continue
		}
		a, b := number(f.parts[0]), number(f.parts[1])
		switch {
		case a > 12 && a <= 31 && b <= 12:
			dayFirst++
		case b > 12 && b <= 31 && a <= 12:
			monthFirst++
		}
	}
	if monthFirst > dayFirst {
		return MonthFirst
	}
	return DayFirst
}

// The rules of dates.
const (
	RuleTimeDropped  = "time_dropped"     // the time of day was cut off
	RuleDayMonth     = "day_month_order"  // the column's order could not be right: the other was taken
	RuleUnknownPart  = "unknown_part"     // 00 or 99 for the day or the month
	RuleImpossible   = "impossible_day"   // 30 February: the month is kept
	RuleDefaultDay   = "default_day"      // a day that stands for the whole year
	RulePlaceholder  = "placeholder"      // stands for "not known"
	RuleBuddhistEra  = "buddhist_era"     // 543 years subtracted
	RuleTwoDigitYear = "two_digit_year"   // the century was taken from the latest year that is possible, or is unknown
	RuleUnreadable   = "unreadable"       // nothing that is a date
	RuleDateForm     = "date_form"        // another form than ISO 8601
	RuleYearRange    = "year_implausible" // outside firstYear to lastYear
)

// Years outside are typing errors; the first leaves room for historical registers.
const (
	firstYear = 1000
	lastYear  = 2200
	// Buddhist years that fall on 1900 to 2100.
	firstBuddhistYear, lastBuddhistYear = 2443, 2643
	buddhistOffset                      = 543
)

// MonthDay is a day of every year.
type MonthDay struct {
	Month time.Month
	Day   int
}

// Dates reads the dates of one column.
type Dates struct {
	Order Order
	// Defaults are days that stand for "some day of the year"; a date on one of
	// them has precision default and the whole year as its bounds.
	Defaults []MonthDay
	// LatestYear gives two-digit years their century: the latest that does not
	// lie beyond it. 0 leaves them unread.
	LatestYear int
}

// NewYear is the default day of registers that know only an age (UIDAI: 1
// January of the year reckoned).
func NewYear() []MonthDay { return []MonthDay{{time.January, 1}} }

// Date reads a date of any common form: ISO 8601, 29/02/1984, 29-Feb-1984,
// 19840229, 1984-02, 1984, with 00 for unknown parts, digits of any script, or
// a time of day. 1 January stands for the whole year.
func Date(s string, order Order) (Interval, []string) {
	return Dates{Order: order, Defaults: NewYear()}.Read(s)
}

// Read reads one date; see Date. An unreadable one is the zero Interval.
func (d Dates) Read(s string) (Interval, []string) {
	if iv, ok := d.readISO(s); ok {
		return iv, nil
	}
	if strings.TrimSpace(s) == "" {
		return Interval{}, nil
	}
	var t trail
	if len(s) > longestDate {
		return Interval{}, []string{RuleUnreadable}
	}
	f := split(s)
	if f.timed {
		t.rules = append(t.rules, RuleTimeDropped)
	}
	p, ok := d.arrange(f, &t)
	if !ok {
		t.rules = append(t.rules, RuleUnreadable)
		return Interval{}, t.rules
	}
	return d.interval(p, &t), t.rules
}

// longestDate, in bytes, leaves room for a date in words of any script with a
// time of day; what is longer is prose.
const longestDate = 128

// readISO is the short way for the commonest form.
func (d Dates) readISO(s string) (Interval, bool) {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return Interval{}, false
	}
	var t trail
	p := parts{number(s[:4]), number(s[5:7]), number(s[8:])}
	if p.year < firstYear || p.month < 1 || p.day < 1 || p.day > 28 {
		return Interval{}, false
	}
	iv := d.interval(p, &t)
	return iv, len(t.rules) == 0
}

// parts are year, month and day; 0 is unknown.
type parts struct{ year, month, day int }

// fields are the pieces of a written date.
type fields struct {
	parts []string // digits, at most three
	word  int      // place of the month's name among the parts, or -1
	month int      // that month
	extra bool     // something is left over: no date
	timed bool
}

// split takes a written date apart at its signs, without its time of day.
func split(s string) fields {
	f := fields{word: -1}
	if !ascii(s) {
		s = strings.Map(visible, digits(norm.NFKC.String(s)))
	}
	s = strings.TrimSpace(s)
	if before, ok := cutTime(s); ok {
		s, f.timed = before, true
	}
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) }) {
		for _, piece := range breakApart(w) {
			f.add(piece)
		}
	}
	return f
}

// cutTime cuts 2024-05-01T10:00:00Z and 2024-05-01 10:00 at the time of day.
func cutTime(s string) (string, bool) {
	colon := strings.IndexByte(s, ':')
	if colon < 0 {
		return s, false
	}
	start := strings.LastIndexAny(s[:colon], "T ,")
	if start < 0 {
		return s, false
	}
	return s[:start], true
}

// breakApart separates letters from digits: 29Feb1984, 1st.
func breakApart(w string) []string {
	var out []string
	start := 0
	var was bool
	for i, r := range w {
		is := r >= '0' && r <= '9'
		if i > 0 && is != was {
			out = append(out, w[start:i])
			start = i
		}
		was = is
	}
	return append(out, w[start:])
}

func (f *fields) add(piece string) {
	if piece[0] >= '0' && piece[0] <= '9' {
		if len(f.parts) == 3 {
			f.extra = true
			return
		}
		f.parts = append(f.parts, piece)
		return
	}
	word := foldLatin(strings.ToLower(piece))
	switch m := monthNumbers[word]; {
	case m > 0 && f.word < 0 && len(f.parts) < 3:
		f.word, f.month = len(f.parts), m
		f.parts = append(f.parts, "")
	case ordinalSuffix[word]:
	default:
		f.extra = true
	}
}

// ordinalSuffix are words beside a day: 1st, 2nd, 5 de mayo de 1984.
var ordinalSuffix = map[string]bool{"st": true, "nd": true, "rd": true, "th": true, "de": true, "del": true, "of": true, "o": true, "er": true}

// monthNames are the names and usual abbreviations by month, in English,
// Spanish, French, Portuguese, Indonesian and Bengali, accents folded.
var monthNames = [12][]string{
	{"january", "jan", "enero", "ene", "janvier", "janeiro", "januari", "জানুয়ারি", "জানুয়ারী"},
	{"february", "feb", "febrero", "fevrier", "fev", "fevereiro", "februari", "ফেব্রুয়ারি", "ফেব্রুয়ারী"},
	{"march", "mar", "marzo", "mars", "marco", "maret", "মার্চ"},
	{"april", "apr", "abril", "abr", "avril", "avr", "এপ্রিল"},
	{"may", "mayo", "mai", "maio", "mei", "মে"},
	{"june", "jun", "junio", "juin", "junho", "juni", "জুন"},
	{"july", "jul", "julio", "juillet", "julho", "juli", "জুলাই"},
	{"august", "aug", "agosto", "ago", "aout", "agustus", "agu", "আগস্ট"},
	{"september", "sep", "sept", "septiembre", "septembre", "setembro", "set", "সেপ্টেম্বর"},
	{"october", "oct", "octubre", "octobre", "outubro", "out", "oktober", "okt", "অক্টোবর"},
	{"november", "nov", "noviembre", "novembre", "novembro", "নভেম্বর"},
	{"december", "dec", "diciembre", "dic", "decembre", "dezembro", "dez", "desember", "des", "ডিসেম্বর"},
}

// monthNumbers is monthNames turned round, in the form that words are folded to.
var monthNumbers = func() map[string]int {
	numbers := map[string]int{}
	for i, names := range monthNames {
		for _, n := range names {
			numbers[foldLatin(n)] = i + 1
		}
	}
	return numbers
}()

// arrange says which piece is the year, the month and the day.
func (d Dates) arrange(f fields, t *trail) (parts, bool) {
	if f.extra || len(f.parts) == 0 {
		return parts{}, false
	}
	if f.word >= 0 {
		t.rules = append(t.rules, RuleDateForm)
		return d.arrangeNamed(f, t)
	}
	switch len(f.parts) {
	case 1:
		return d.arrangeRun(f.parts[0], t)
	case 2:
		a, b := f.parts[0], f.parts[1]
		if len(a) == 4 {
			return parts{number(a), number(b), 0}, len(b) <= 2
		}
		t.rules = append(t.rules, RuleDateForm)
		return parts{number(b), number(a), 0}, len(a) <= 2 && len(b) == 4
	}
	a, b, c := f.parts[0], f.parts[1], f.parts[2]
	if len(a) == 4 {
		return d.swap(parts{number(a), number(b), number(c)}, t), len(b) <= 2 && len(c) <= 2
	}
	if len(a) > 2 || len(b) > 2 || len(c) != 4 && len(c) != 2 {
		return parts{}, false
	}
	t.rules = append(t.rules, RuleDateForm)
	p := parts{0, number(b), number(a)}
	if d.Order == MonthFirst {
		p.month, p.day = p.day, p.month
	}
	var ok bool
	p.year, ok = d.year(c, t)
	return d.swap(p, t), ok
}

// arrangeNamed places 29 February 1984, February 29 1984, 1984 February and so on.
func (d Dates) arrangeNamed(f fields, t *trail) (parts, bool) {
	p := parts{month: f.month}
	var rest []string
	for i, s := range f.parts {
		if i != f.word {
			rest = append(rest, s)
		}
	}
	if len(rest) == 0 {
		return p, false
	}
	year, day := rest[len(rest)-1], ""
	if len(rest) == 2 {
		day = rest[0]
		if len(day) == 4 {
			year, day = day, year
		}
	}
	var ok bool
	p.year, ok = d.year(year, t)
	p.day = number(day)
	return p, ok && len(day) <= 2
}

// arrangeRun reads a run of digits: 1984, 198402, 19840229, 29021984.
func (d Dates) arrangeRun(s string, t *trail) (parts, bool) {
	switch len(s) {
	case 4:
		return parts{number(s), 0, 0}, true
	case 6:
		t.rules = append(t.rules, RuleDateForm)
		return parts{number(s[:4]), number(s[4:]), 0}, plausible(number(s[:4])) && number(s[4:]) <= 12
	case 8:
		t.rules = append(t.rules, RuleDateForm)
		if p := (parts{number(s[:4]), number(s[4:6]), number(s[6:])}); plausible(p.year) && (p.month <= 12 || p.month == unknownPart) && (p.day <= 31 || p.day == unknownPart) {
			return p, true
		}
		p := parts{number(s[4:]), number(s[2:4]), number(s[:2])}
		if d.Order == MonthFirst {
			p.month, p.day = p.day, p.month
		}
		return d.swap(p, t), plausible(p.year)
	}
	return parts{}, false
}

func plausible(year int) bool { return year >= firstYear && year <= lastYear }

// unknownPart is written by forms that have no empty field.
const unknownPart = 99

// swap exchanges day and month where only the other way round is possible.
func (d Dates) swap(p parts, t *trail) parts {
	if p.month > 12 && p.month <= 31 && p.day >= 1 && p.day <= 12 {
		p.month, p.day = p.day, p.month
		t.rules = append(t.rules, RuleDayMonth)
	}
	return p
}

// year reads a year of four or two digits.
func (d Dates) year(s string, t *trail) (int, bool) {
	if len(s) == 4 {
		return number(s), true
	}
	if len(s) != 2 {
		return 0, false
	}
	t.rules = append(t.rules, RuleTwoDigitYear)
	if d.LatestYear == 0 {
		return 0, false
	}
	const century = 100
	y := d.LatestYear - d.LatestYear%century + number(s)
	if y > d.LatestYear {
		y -= century
	}
	return y, true
}

// interval turns parts into bounds and a precision.
func (d Dates) interval(p parts, t *trail) Interval {
	if p.year >= firstBuddhistYear && p.year <= lastBuddhistYear {
		p.year -= buddhistOffset
		t.rules = append(t.rules, RuleBuddhistEra)
	}
	if placeholder(p) {
		t.rules = append(t.rules, RulePlaceholder)
		return Interval{}
	}
	if !plausible(p.year) {
		t.rules = append(t.rules, RuleYearRange)
		return Interval{}
	}
	if p.month == unknownPart || p.day == unknownPart || p.month == 0 && p.day > 0 {
		t.rules = append(t.rules, RuleUnknownPart)
	}
	switch {
	case p.month == 0 || p.month == unknownPart:
		return wholeYear(p.year, Year)
	case p.month > 12 || p.day > 31 && p.day != unknownPart:
		t.rules = append(t.rules, RuleUnreadable)
		return Interval{}
	}
	first := time.Date(p.year, time.Month(p.month), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1)
	switch {
	case p.day == 0 || p.day == unknownPart:
		return Interval{first, last, Month}
	case p.day > last.Day():
		t.rules = append(t.rules, RuleImpossible)
		return Interval{first, last, Month}
	}
	for _, md := range d.Defaults {
		if md.Month == time.Month(p.month) && md.Day == p.day {
			t.rules = append(t.rules, RuleDefaultDay)
			return wholeYear(p.year, Default)
		}
	}
	day := first.AddDate(0, 0, p.day-1)
	return Interval{day, day, Exact}
}

// placeholder tells the days that systems write for "not known": the first day
// of their calendar and the end of time.
func placeholder(p parts) bool {
	return p.year <= 1 || p.year == 9999 ||
		p == parts{1900, 1, 1} || p == parts{1899, 12, 30} || p == parts{1899, 12, 31}
}

func wholeYear(year int, precision string) Interval {
	return Interval{
		Earliest:  time.Date(year, time.January, 1, 0, 0, 0, 0, time.UTC),
		Latest:    time.Date(year, time.December, 31, 0, 0, 0, 0, time.UTC),
		Precision: precision,
	}
}

// number reads digits; what is none counts as -1, so that nothing fits it.
func number(s string) int {
	if s == "" {
		return 0
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return -1
	}
	return n
}
