package locale

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"rollcall/matchers/locale/calendar"
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
	Near    = "near" // a day, or one beside it: of a calendar whose months are told by sight
	Month   = "month"
	Year    = "year"
	ByAge   = "age"     // reckoned from an age in whole years, or written as two days
	Default = "default" // a day that stands for "some day of this year"
)

// Known tells whether anything is known.
func (iv Interval) Known() bool { return !iv.Latest.IsZero() }

// String writes an interval as the matchers read it: 1984-02-29, 1984-02, 1984
// or 1983-03-02/1984-03-01; "" when nothing is known. Of a near one it is the day
// in the middle; months and years of other calendars are their first and last day.
func (iv Interval) String() string {
	switch {
	case !iv.Known():
		return ""
	case iv.Precision == Exact:
		return iv.Earliest.Format(time.DateOnly)
	case iv.Precision == Near:
		return iv.middle().Format(time.DateOnly)
	case iv.Precision == Month && iv.wholeMonths() && iv.Earliest.Month() == iv.Latest.Month():
		return iv.Earliest.Format("2006-01")
	case (iv.Precision == Year || iv.Precision == Default) && iv.wholeMonths() && iv.Earliest.Month() == time.January && iv.Latest.Month() == time.December:
		return iv.Earliest.Format("2006")
	}
	return iv.Earliest.Format(time.DateOnly) + "/" + iv.Latest.Format(time.DateOnly)
}

// wholeMonths tells that both ends are those of Gregorian months of one year.
func (iv Interval) wholeMonths() bool {
	return iv.Earliest.Day() == 1 && iv.Latest.AddDate(0, 0, 1).Day() == 1 && iv.Earliest.Year() == iv.Latest.Year()
}

func (iv Interval) middle() time.Time {
	return iv.Earliest.AddDate(0, 0, (calendar.DayOf(iv.Latest)-calendar.DayOf(iv.Earliest))/2)
}

// Age is the interval of birth of someone who was so many whole years old on a day.
func Age(years int, on time.Time) Interval {
	return age{least: years, most: years}.within(Interval{Earliest: on, Latest: on})
}

// AboutAge is Age where the years are told roughly.
func AboutAge(years int, on time.Time) Interval { return roughly(Age(years, on)) }

// UndatedAge reads an age that does not say the day it is told for: aged 65, about 65
// years. A number alone is none.
func UndatedAge(s string) (years int, about, ok bool) {
	if len(s) > longestDate {
		return 0, false, false
	}
	a, ok := tokensOf(s).age()
	if a.smaller != inYears {
		a.least = 0
	}
	return a.least, a.about, ok && len(a.rest.words) == 0
}

// The rules of dates.
const (
	RuleTimeDropped  = "time_dropped"     // the time of day was cut off
	RuleDayMonth     = "day_month_order"  // the column's order could not be right: the other was taken
	RuleUnknownPart  = "unknown_part"     // 00 or 99 for the day or the month
	RuleDefaultDay   = "default_day"      // a day that stands for the whole year
	RulePlaceholder  = "placeholder"      // stands for "not known"
	RuleMixed        = "calendar_mixed"   // another calendar than most of the column
	RuleTwoDigitYear = "two_digit_year"   // the century was taken from the latest year that is possible, or is unknown
	RuleAge          = "age"              // reckoned from an age
	RuleUndatedAge   = "age_undated"      // an age without the day that it is told for
	RuleAbout        = "about"            // said to be so roughly: some years either way
	RuleUnreadable   = "unreadable"       // nothing that is a date
	RuleDateForm     = "date_form"        // another form than ISO 8601
	RuleYearRange    = "year_implausible" // no calendar of the column has the year
	// RuleCalendar and RuleImpossible stand before the name of a calendar: that by
	// which a date was read, if not the Gregorian, and that which has no such date.
	RuleCalendar   = "calendar_"
	RuleImpossible = "impossible_in_"
)

// Impossible tells the rules by which a date is none: its form cannot be read, no
// calendar has its year, or its calendar has no such day.
func Impossible(rule string) bool {
	return rule == RuleUnreadable || rule == RuleYearRange || strings.HasPrefix(rule, RuleImpossible)
}

// MonthDay is a day of every year. Month 0 is every month: the day stands for it.
type MonthDay struct {
	Month time.Month // of its calendar
	Day   int
	// Calendar is one of package calendar; "" is the Gregorian, whatever the era.
	Calendar string
}

// Dates reads the dates of one column.
type Dates struct {
	Order Order
	// Calendars are those of the column by name, that of most values first; a year
	// that an earlier one may have is read by it. None are the Gregorian, and the
	// Buddhist era where a year can be of no other.
	Calendars []string
	// Defaults are days that stand for "some day of the year"; a date on one of
	// them has precision default and the whole year as its bounds.
	Defaults []MonthDay
	// LatestYear, Gregorian, gives two-digit years their century: the latest that
	// does not lie beyond it. 0 leaves them unread.
	LatestYear int
	// On is the day that ages are told for which do not say it; the zero Time leaves
	// them unread.
	On time.Time
	// KeepMonth reads the 30th of February as some day of February, since the rest
	// of it is right more often than not; otherwise it is no date.
	KeepMonth bool
}

// NewYear is the default day of registers that know only an age (UIDAI: 1
// January of the year reckoned).
func NewYear() []MonthDay { return []MonthDay{{Month: time.January, Day: 1}} }

// Date reads a date of any common form: ISO 8601, 29/02/1984, 29-Feb-1984,
// 19840229, 1984-02, 1984, with 00 for unknown parts, digits and month names of many
// scripts, or a time of day. 1 January stands for the whole year.
func Date(s string, order Order) (Interval, []string) {
	return Dates{Order: order, Defaults: NewYear()}.Read(s)
}

// Read reads one date; see Date. An unreadable one is the zero Interval.
func (d Dates) Read(s string) (Interval, []string) {
	if iv, ok := d.readISO(s); ok {
		return iv, nil
	}
	var t trail
	iv := d.readAny(s, &t)
	return iv, t.rules
}

// Interval is Read without the rules.
func (d Dates) Interval(s string) Interval { return d.readAny(s, nil) }

func (d Dates) readAny(s string, t *trail) Interval {
	if a, b, c, ok := threeNumbers(s); ok {
		p, ok := d.arrangeThree(a, b, c, t)
		return d.arranged(p, ok, nil, t)
	}
	if strings.TrimSpace(s) == "" {
		return Interval{}
	}
	if len(s) > longestDate {
		t.add(RuleUnreadable)
		return Interval{}
	}
	if iv, ok := d.readInterval(s); ok {
		return iv
	}
	if shorter, most, ok := ageRange(s); ok {
		if a, ok := tokensOf(shorter).age(); ok && (a.named || a.least > daysOfMonth) {
			a.most = most
			return d.born(a, t)
		}
	}
	return d.read(tokensOf(s), t)
}

// daysOfMonth is how many days a month has at most: what is more is an age.
const daysOfMonth = 31

// read reads a date, or an age, that was taken apart.
func (d Dates) read(tokens tokens, t *trail) Interval {
	if a, ok := tokens.age(); ok {
		return d.born(a, t)
	}
	f := fieldsOf(tokens)
	if f.timed {
		t.add(RuleTimeDropped)
	}
	p, ok := d.arrange(f, t)
	iv := d.arranged(p, ok, f.calendars, t)
	if f.about && iv.Known() {
		t.add(RuleAbout)
		iv = roughly(iv)
	}
	return iv
}

// arranged is the interval of parts that were told apart, or were not.
func (d Dates) arranged(p parts, ok bool, allowed []string, t *trail) Interval {
	if !ok {
		t.add(RuleUnreadable)
		return Interval{}
	}
	return d.interval(p, allowed, t)
}

// aboutYears is how far either way what is said to be about so may be off: where
// ages are told in round numbers, half of the five years between two of them.
const aboutYears = 2

func roughly(iv Interval) Interval {
	return Interval{Earliest: iv.Earliest.AddDate(-aboutYears, 0, 0), Latest: iv.Latest.AddDate(aboutYears, 0, 0), Precision: ByAge}
}

// born is the interval of birth of who has an age on the day that the rest of its words
// tells.
func (d Dates) born(a age, t *trail) Interval {
	on := Interval{Earliest: d.On, Latest: d.On}
	if len(a.rest.words) > 0 {
		on = d.withoutDefaults().read(a.rest, t)
	}
	if on.Earliest.IsZero() {
		t.add(RuleUndatedAge)
		return Interval{}
	}
	t.add(RuleAge)
	iv := a.within(on)
	if a.about && a.smaller == inYears {
		t.add(RuleAbout)
		iv = roughly(iv)
	}
	return iv
}

// within is the interval of birth of who has the age on one of several days.
func (a age) within(on Interval) Interval {
	earlier := func(day time.Time, n int) time.Time {
		switch a.smaller {
		case inMonths:
			at := day.AddDate(0, -n, 0)
			if at.Day() != day.Day() { // the month is shorter: its last day
				at = at.AddDate(0, 0, -at.Day())
			}
			return at
		case inWeeks:
			return day.AddDate(0, 0, -7*n)
		case inDays:
			return day.AddDate(0, 0, -n)
		}
		return day.AddDate(-n, 0, 0)
	}
	return Interval{Earliest: earlier(on.Earliest, a.most+1).AddDate(0, 0, 1), Latest: earlier(on.Latest, a.least), Precision: ByAge}
}

// withoutDefaults reads days on which something was told, not born.
func (d Dates) withoutDefaults() Dates {
	d.Defaults, d.On = nil, time.Time{}
	return d
}

// longestDate, in bytes, leaves room for a date in words of any script with a
// time of day; what is longer is prose.
const longestDate = 160

// readISO is the short way for the commonest form.
func (d Dates) readISO(s string) (Interval, bool) {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' || d.Order&YearDayMonth != 0 || len(d.Calendars) > 0 && d.Calendars[0] != calendar.Gregorian {
		return Interval{}, false
	}
	var t trail
	p := parts{year: number(s[:4]), month: number(s[5:7]), day: number(s[8:])}
	if p.year < firstYear || p.month < 1 || p.day < 1 || p.day > 28 {
		return Interval{}, false
	}
	iv := d.interval(p, nil, &t)
	return iv, len(t.rules) == 0
}

// readInterval reads 1983-03-02/1984-03-01.
func (d Dates) readInterval(s string) (Interval, bool) {
	first, last, ok := strings.Cut(s, "/")
	if !ok || len(first) != len(time.DateOnly) || len(last) != len(time.DateOnly) {
		return Interval{}, false
	}
	earliest, err := time.Parse(time.DateOnly, first)
	if err != nil || earliest.Year() <= 1 {
		return Interval{}, false
	}
	latest, err := time.Parse(time.DateOnly, last)
	return Interval{earliest, latest, ByAge}, err == nil && latest.Year() < 9999 && !latest.Before(earliest)
}

// parts are year, month and day; 0 is unknown.
type parts struct {
	year, month, day int
	short            bool // the year has two digits
	settled          bool // which part is the day is certain: a 13th month is none
}

// unknownPart is written by forms that have no empty field.
const unknownPart = 99

func unknown(part int) bool { return part == 0 || part == unknownPart }

// interval turns parts into bounds and a precision, by one of the calendars that
// the date itself allows, nil for any.
func (d Dates) interval(p parts, allowed []string, t *trail) Interval {
	era, p, ok := d.choose(p, allowed)
	switch {
	case !ok && p.short, ok && p.short && d.LatestYear == 0:
		t.add(RuleUnreadable)
		return Interval{}
	case !ok && (p.year <= 1 || p.year == 9999):
		t.add(RulePlaceholder)
		return Interval{}
	case !ok:
		t.add(RuleYearRange)
		return Interval{}
	case placeholder(p, era):
		t.add(RulePlaceholder)
		return Interval{}
	}
	if era.Name != calendar.Gregorian {
		t.of(RuleCalendar, era)
	}
	t.note(RuleMixed, len(d.Calendars) > 0 && era.Name != d.Calendars[0])
	t.note(RuleUnknownPart, p.month == unknownPart || p.day == unknownPart || p.month == 0 && p.day > 0)
	if p.month > era.Months && p.month != unknownPart && p.day >= 1 && p.day <= era.Months && !p.settled {
		p.month, p.day = p.day, p.month
		t.add(RuleDayMonth)
	}
	return d.within(p, era, t)
}

// within is interval when the calendar is known.
func (d Dates) within(p parts, era era, t *trail) Interval {
	if unknown(p.month) {
		first, last, _ := era.Year(p.year)
		return span(first, last, Year)
	}
	first, last, ok := era.Month(p.year, p.month)
	switch {
	case !ok:
		t.of(RuleImpossible, era)
		return Interval{}
	case unknown(p.day):
		return span(first, last, Month)
	case first+p.day-1 > last:
		t.of(RuleImpossible, era)
		if !d.KeepMonth || p.day > longestMonth {
			return Interval{}
		}
		return span(first, last, Month)
	}
	for _, md := range d.Defaults {
		if !md.is(p, era) {
			continue
		}
		t.add(RuleDefaultDay)
		if md.Month == 0 {
			return span(first, last, Month)
		}
		first, last, _ := era.Year(p.year)
		return span(first, last, Default)
	}
	day := first + p.day - 1
	if era.Spread > 0 {
		return span(day-era.Spread, day+era.Spread, Near)
	}
	return span(day, day, Exact)
}

// longestMonth, in days, of calendars whose impossible days are kept as months.
const longestMonth = 31

func (md MonthDay) is(p parts, era era) bool {
	return md.Day == p.day && (md.Month == 0 || int(md.Month) == p.month) &&
		(md.Calendar == era.Name || md.Calendar == "" && slices.Contains(westernYear, era.Name))
}

func span(first, last int, precision string) Interval {
	return Interval{calendar.Midnight(first), calendar.Midnight(last), precision}
}

// placeholder tells the days that systems write for "not known": the first day
// of their calendar and the end of time.
func placeholder(p parts, era era) bool {
	if !slices.Contains(westernYear, era.Name) {
		return false
	}
	p.year -= era.ahead
	return p.year == 1900 && p.month == 1 && p.day == 1 || p.year == 1899 && p.month == 12 && (p.day == 30 || p.day == 31)
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
