package locale

import (
	"cmp"
	"iter"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"rollcall/matchers/locale/calendar"
)

// LearnDates finds how a column's dates are read from its values and how often each
// occurs: the order of day and month, the calendar of most values and the days that
// stand for a whole year, which those of the pack are not added to. Where two
// calendars of the pack can have the years of the column and nothing tells them
// apart, the pack's first is taken.
func LearnDates(values iter.Seq2[string, int], pack *Pack) Dates {
	d := Dates{Calendars: slices.Clone(pack.Calendars)}
	d.Order = learnOrder(func(yield func(string) bool) {
		for v := range values {
			if !yield(v) {
				return
			}
		}
	}, pack.DateOrder, pack.months())
	days := d.days(values)
	d.Calendars = learnCalendars(days, d.Calendars)
	return d.WithDefaults(learnDefaults(d.byDay(days)))
}

// months is how many months a year has in the calendar that the pack names first: 5/13
// is a date of Ethiopia, day first.
func (p *Pack) months() int {
	if len(p.Calendars) == 0 {
		return monthsOfYear
	}
	e := eras()[p.Calendars[0]]
	return e.Months
}

// WithDefaults are the dates with more days that stand for a whole year.
func (d Dates) WithDefaults(days []MonthDay) Dates {
	all := slices.Clone(d.Defaults)
	for _, md := range days {
		if !slices.Contains(all, md) {
			all = append(all, md)
		}
	}
	slices.SortStableFunc(all, func(a, b MonthDay) int { // a day of one month says more than one of every month
		return cmp.Compare(min(b.Month, 1), min(a.Month, 1))
	})
	d.Defaults = all
	return d
}

// Mostly are the dates with a calendar of theirs put first.
func (d Dates) Mostly(name string) Dates {
	others := slices.DeleteFunc(slices.Clone(d.Calendars), func(other string) bool { return other == name })
	d.Calendars = append([]string{name}, others...)
	return d
}

// day is a date with year, month and day of a column, and how often it occurs.
type day struct {
	parts
	allowed []string // the calendars that its words allow, nil for any
	count   int
}

// days are the dates of a column that have all parts.
func (d Dates) days(values iter.Seq2[string, int]) []day {
	var days []day
	for v, count := range values {
		if p, allowed, ok := d.wholeDay(v); ok && !p.short && !unknown(p.day) && !unknown(p.month) {
			days = append(days, day{p, allowed, count})
		}
	}
	return days
}

// wholeDay is the parts of a date that may have all, and the calendars that it allows.
func (d Dates) wholeDay(s string) (p parts, allowed []string, ok bool) {
	if a, b, c, ok := threeNumbers(s); ok {
		p, ok = d.arrangeThree(a, b, c, nil)
		return p, nil, ok
	}
	if len(s) > longestDate {
		return parts{}, nil, false
	}
	f := fieldsOf(tokensOf(s))
	if len(f.parts) < 3 && len(f.parts) != 1 {
		return parts{}, nil, false
	}
	p, ok = d.arrange(f, nil)
	return p, f.calendars, ok
}

// When columns are taken to be of another calendar than the pack's first, or than
// the usual ones: by the odds, in natural logarithms, that their dates are valid in
// it and not in the other, and the share of dates whose years and days it has.
const (
	packOdds    = 10
	unknownOdds = 20
	mostOfThem  = 0.9
)

// foreign are the calendars that a column may show by itself to be of.
var foreign = []string{calendar.BikramSambat, calendar.Ethiopian, calendar.Hijri, calendar.Bangla}

// learnCalendars puts the calendar first of which the most dates are.
func learnCalendars(days []day, known []string) []string {
	names, others, least := known, known, float64(packOdds)
	if len(known) == 0 {
		names, others, least = usual, foreign, unknownOdds
	}
	first, _ := likelihood(days, names[:1])
	if len(known) == 0 {
		first, _ = likelihood(days, usual)
	}
	best, most := "", first+least
	for _, name := range others {
		odds, share := likelihood(days, []string{name})
		if odds > most && share >= mostOfThem {
			best, most = name, odds
		}
	}
	if best == "" {
		return known
	}
	return Dates{Calendars: names}.Mostly(best).Calendars
}

// likelihood is the logarithm of that of different dates if each day of the year
// of one of the calendars, whose years are of one length, is as likely as the others
// and one date in fifty is a slip of the pen, which may be any day of any month; and
// the share of those that are dates of it. Both follow from counts alone, so that the
// order of the rows does not matter.
func likelihood(days []day, names []string) (log, share float64) {
	const slips, slipDays = 0.02, 13 * 32
	calendars := make([]era, len(names))
	for i, name := range names {
		calendars[i] = eras()[name]
	}
	valid, all := 0, 0
	for _, d := range days {
		if d.allowed != nil {
			continue // says it itself
		}
		all++
		for i := range calendars {
			if calendars[i].hasLikely(d.parts) {
				valid++
				break
			}
		}
	}
	of := func(dates int, chance float64) float64 {
		return float64(dates) * math.Log(slips/slipDays+(1-slips)*chance)
	}
	return of(valid, 1/calendars[0].days) + of(all-valid, 0), float64(valid) / float64(max(1, all))
}

// hasLikely tells whether a date is one of the calendar, in a year that is likely.
func (e *era) hasLikely(p parts) bool {
	if p.year < e.likely[0] || p.year > e.likely[1] {
		return false
	}
	_, ok := e.Day(calendar.Date{Year: p.year, Month: p.month, Day: p.day})
	return ok
}

// dayOf is a day of the year of a calendar.
type dayOf struct {
	calendar   string // "" for the Gregorian months of any era
	month, day int
}

// byDay counts the dates of a column by day of the year and by year.
func (d Dates) byDay(days []day) map[dayOf]map[int]int {
	counts := map[dayOf]map[int]int{}
	for _, day := range days {
		e, p, ok := d.choose(day.parts, day.allowed)
		if !ok {
			continue
		}
		if _, ok := e.Day(calendar.Date{Year: p.year, Month: p.month, Day: p.day}); !ok {
			continue
		}
		key := dayOf{e.Name, p.month, p.day}
		if slices.Contains(westernYear, e.Name) {
			key.calendar = ""
		}
		if counts[key] == nil {
			counts[key] = map[int]int{}
		}
		counts[key][p.year] += day.count
	}
	return counts
}

// A day of the year stands for the whole of it when it bears so many times its
// share of the dates as no season and no liking for round days makes, in several
// years of which none has most of them, and when chance makes that of less than one
// column in a billion. In small columns nothing is one.
const (
	leastDates    = 500
	timesItsShare = 5
	timesBySeason = 3 // what a season or a round day may make
	leastYears    = 5
	chanceLog     = -21 // natural: a billionth
)

// heap is how many dates are on a day of the year.
type heap struct {
	dayOf
	dates int
}

// learnDefaults finds the days that stand for a whole year, and days such as the
// 15th that stand for their month in most months. The highest heap is looked at
// first and its dates are left out when the next is.
func learnDefaults(counts map[dayOf]map[int]int) []MonthDay {
	var heaps []heap
	total := map[string]int{}
	for day, years := range counts {
		n, most := 0, 0
		for _, count := range years {
			n, most = n+count, max(most, count)
		}
		total[day.calendar] += n
		if len(years) >= leastYears && 2*most < n {
			heaps = append(heaps, heap{day, n})
		}
	}
	slices.SortFunc(heaps, func(a, b heap) int {
		return cmp.Or(cmp.Compare(b.dates, a.dates), cmp.Compare(a.calendar, b.calendar), cmp.Compare(a.month, b.month), cmp.Compare(a.day, b.day))
	})
	var high []heap
	for _, h := range heaps {
		expected := float64(total[h.calendar]) / daysOfYear
		if total[h.calendar] >= leastDates && float64(h.dates) >= timesItsShare*expected && upperTail(h.dates, timesBySeason*expected) <= chanceLog {
			high = append(high, h)
			total[h.calendar] -= h.dates
		}
	}
	var found []MonthDay
	for _, h := range high {
		md := MonthDay{time.Month(h.month), h.day, h.calendar}
		if ofEveryMonth(h, high) {
			md.Month = 0
		}
		if !slices.Contains(found, md) {
			found = append(found, md)
		}
	}
	return found
}

// ofEveryMonth tells that a heap is one of most months on the same day, and not far
// higher than those.
func ofEveryMonth(h heap, all []heap) bool {
	const mostMonths, farHigher = 9, 3
	var others []int
	for _, other := range all {
		if other.calendar == h.calendar && other.day == h.day && other.month != h.month {
			others = append(others, other.dates)
		}
	}
	slices.Sort(others)
	return len(others) >= mostMonths-1 && h.dates < farHigher*others[len(others)/2]
}

const daysOfYear = 365.25

// upperTail bounds the natural logarithm of the chance of so many or more where so
// many are expected (Chernoff's bound for a Poisson variable).
func upperTail(n int, expected float64) float64 {
	k := float64(n)
	if k <= expected {
		return 0
	}
	return k - expected - k*math.Log(k/expected)
}

// String writes how dates are read, for a column that is read again: day first to
// 2019; calendars bikram gregorian; defaults 07-01 bikram-01-01. ReadingOf reads it.
func (d Dates) String() string {
	var b strings.Builder
	b.WriteString(d.Order.String())
	if d.LatestYear > 0 {
		b.WriteString(toYear + strconv.Itoa(d.LatestYear))
	}
	if len(d.Calendars) > 0 {
		b.WriteString(inCalendars + strings.Join(d.Calendars, " "))
	}
	if len(d.Defaults) > 0 {
		b.WriteString(withDefaults)
		for i, md := range d.Defaults {
			if i > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(md.String())
		}
	}
	return b.String()
}

const (
	toYear       = " to "
	inCalendars  = "; calendars "
	withDefaults = "; defaults "
)

// ReadingOf reads what String of Dates writes. What it does not understand is left
// out: a column that nothing is known of is read day first.
func ReadingOf(text string) Dates {
	text, defaults, _ := strings.Cut(text, withDefaults)
	text, calendars, _ := strings.Cut(text, inCalendars)
	order, latest, _ := strings.Cut(text, toYear)
	d := Dates{Order: orderOf(order)}
	if year, err := strconv.Atoi(latest); err == nil {
		d.LatestYear = year
	}
	for name := range strings.FieldsSeq(calendars) {
		if _, ok := eras()[name]; ok {
			d.Calendars = append(d.Calendars, name)
		}
	}
	for word := range strings.FieldsSeq(defaults) {
		if md, ok := MonthDayOf(word); ok {
			d.Defaults = append(d.Defaults, md)
		}
	}
	return d
}

// String writes a day of the year: 01-01, bikram-01-01; 00-15 is the 15th of every
// month.
func (md MonthDay) String() string {
	two := func(n int) string { return string([]byte{'0' + byte(n/10), '0' + byte(n%10)}) }
	day := two(int(md.Month)) + "-" + two(md.Day)
	if md.Calendar == "" {
		return day
	}
	return md.Calendar + "-" + day
}

// MonthDayOf reads what String of MonthDay writes.
func MonthDayOf(text string) (MonthDay, bool) {
	const form = len("01-01")
	if len(text) < form {
		return MonthDay{}, false
	}
	name, day := text[:len(text)-form], text[len(text)-form:]
	md := MonthDay{time.Month(number(day[:2])), number(day[3:]), strings.TrimSuffix(name, "-")}
	months := 12
	if md.Calendar != "" {
		e, ok := eras()[md.Calendar]
		if !ok || name == md.Calendar {
			return MonthDay{}, false
		}
		months = e.Months
	}
	return md, day[2] == '-' && md.Month >= 0 && int(md.Month) <= months && md.Day >= 1 && md.Day <= longestDay
}

// Possible tells whether any year of the calendar has the day; one without a month may
// be of any.
func (md MonthDay) Possible() bool {
	c := eras()[cmp.Or(md.Calendar, calendar.Gregorian)].Calendar
	for year := c.First; year <= c.Last; year++ {
		for month := 1; month <= c.Months; month++ {
			if md.Month != 0 && int(md.Month) != month {
				continue
			}
			if _, ok := c.Day(calendar.Date{Year: year, Month: month, Day: md.Day}); ok {
				return true
			}
		}
	}
	return false
}

// Calendars are the names of the calendars that dates can be read by.
func Calendars() []string { return slices.Sorted(maps.Keys(eras())) }
