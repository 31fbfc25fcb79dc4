package profile

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"rollcall/matchers/locale"
	"rollcall/matchers/locale/calendar"
	"rollcall/matchers/model"
	"rollcall/matchers/quality"
	"rollcall/matchers/recognise"
	"rollcall/pipeline/pair"
)

// Dates is what a column of dates looks like. Counts are of rows.
type Dates struct {
	Of string // birth, death, other date

	Exact, Month, Year int // by precision, a default day counted as exact
	Placeholder        int // stands for "not known"
	Impossible         int // 31 February
	Implausible        int // of a year that no register has
	Unreadable         int
	Future             int // after the day of the profile
	Old                int // births more than 120 years before it
	TwoDigitYears      int
	Ages               int          // told as an age
	Calendars          []pair.Count // other than the Gregorian, by name
	AsYear             int          // on a default day that is read as the year alone

	// How sure the order of day and month is: dates that can only be read with
	// the day first, with the month first, and either way to two different days.
	Order                        locale.Order
	DayFirst, MonthFirst, Either int

	FirstYear, LastYear int         // but for the outermost of each thousand
	Years               map[int]int // rows by year
	Days                [12][31]int // exact ones, by month and day of the month
	Defaults            []Default   // days of the year far above their share
	DaysOfMonth         []Default   // days of the month that stand out
	Told                quality.Told

	reading  locale.Dates
	standing []locale.MonthDay // days that stand for a whole year, of the pack and of the column
}

// Default is a day that bears far more dates than its share.
type Default struct {
	Month    time.Month // 0 for a day of every month
	Day      int
	Rows     int
	Expected float64 // rows, if all days were alike
	AsYear   bool    // read as the year alone
}

// isDate tells a column of dates, also one that is not compared.
func isDate(g recognise.Guess, values tally) bool {
	switch {
	case g.Kind == model.Date, g.Meaning == "other date":
		return true
	case g.Kind != recognise.Ignore || g.Meaning == "household":
		return false
	}
	const most = 0.8
	return values.share(looksLikeDate) >= most
}

// looksLikeDate tells a whole date between signs; digits alone may be any number.
func looksLikeDate(v string) bool {
	if !strings.ContainsAny(v, "-/. ") || len(v) < len("1/1/70") {
		return false
	}
	iv, _ := locale.Dates{LatestYear: 2000}.Read(v)
	return iv.Precision == locale.Exact
}

// datesOf reads a column of dates.
func (o Options) datesOf(values tally, of string) *Dates {
	d := &Dates{Of: of, Years: map[int]int{}}
	read := locale.LearnDates(values.all(), o.Pack)
	read.LatestYear, read.KeepMonth, read.On = o.AsOf.Year(), true, o.AsOf
	d.Order, d.reading = read.Order, read
	days, other := read, read // default days as days
	days.Defaults, other.Defaults, other.Order = nil, nil, otherOrder(d.Order)
	calendars := map[string]int{}
	for v, rows := range values.all() {
		iv, rules := days.Read(v)
		d.countRules(iv, rules, rows, calendars)
		if iv.Known() {
			d.countInterval(iv, rows, o.AsOf)
		}
		if again, _ := read.Read(v); again.Precision == locale.Default {
			d.AsYear += rows
		}
		if len(rules) > 0 { // ISO 8601 has one order
			d.countOrder(iv, rules, rows, other, v)
		}
	}
	d.Calendars = byRows(calendars)
	d.FirstYear, d.LastYear = band(d.Years)
	d.findDefaults(read.Defaults)
	if of == "birth" {
		d.standing = read.WithDefaults(o.Pack.DefaultDays).Defaults
		d.Told = quality.ToldIn(d.Years, o.AsOf.Year())
	}
	return d
}

// otherOrder turns day and month round.
func otherOrder(order locale.Order) locale.Order { return order ^ locale.MonthFirst }

// countRules counts what the rules of reading say of a value.
func (d *Dates) countRules(iv locale.Interval, rules []string, rows int, calendars map[string]int) {
	counts := map[string]*int{
		locale.RulePlaceholder: &d.Placeholder, locale.RuleYearRange: &d.Implausible, locale.RuleTwoDigitYear: &d.TwoDigitYears,
		locale.RuleAge: &d.Ages, locale.RuleUndatedAge: &d.Ages,
	}
	said := iv.Known()
	for _, rule := range rules {
		if count := counts[rule]; count != nil {
			*count += rows
		}
		if name, ok := strings.CutPrefix(rule, locale.RuleCalendar); ok && rule != locale.RuleMixed && name != calendar.Gregorian {
			calendars[name] += rows
		}
		if strings.HasPrefix(rule, locale.RuleImpossible) {
			d.Impossible += rows
		}
		said = said || rule == locale.RulePlaceholder || rule != locale.RuleUnreadable && locale.Impossible(rule)
	}
	if !said {
		d.Unreadable += rows
	}
}

// countInterval counts a date that was read.
func (d *Dates) countInterval(iv locale.Interval, rows int, asOf time.Time) {
	const oldest = 120 // years; the oldest person known became 122
	year := iv.Earliest.Year()
	d.Years[year] += rows
	if iv.Earliest.After(asOf) {
		d.Future += rows
	}
	if d.Of == "birth" && iv.Latest.Before(asOf.AddDate(-oldest, 0, 0)) {
		d.Old += rows
	}
	switch iv.Precision {
	case locale.Month:
		d.Month += rows
	case locale.Exact:
		d.Exact += rows
		d.Days[iv.Earliest.Month()-1][iv.Earliest.Day()-1] += rows
	default:
		d.Year += rows
	}
}

// countOrder finds out what a date says of the order of day and month: the other
// order reads it only by turning it round, or as another day.
func (d *Dates) countOrder(iv locale.Interval, rules []string, rows int, other locale.Dates, v string) {
	turned := slices.Contains(rules, locale.RuleDayMonth)
	again, otherRules := other.Read(v)
	otherTurned := slices.Contains(otherRules, locale.RuleDayMonth)
	dayFirst, monthFirst := otherTurned, turned
	if d.Order&locale.MonthFirst != 0 {
		dayFirst, monthFirst = turned, otherTurned
	}
	switch {
	case dayFirst && !monthFirst:
		d.DayFirst += rows
	case monthFirst && !dayFirst:
		d.MonthFirst += rows
	case iv.Precision == locale.Exact && again.Precision == locale.Exact && !iv.Earliest.Equal(again.Earliest):
		d.Either += rows
	}
}

// band is the years of all dates but the outermost of each thousand.
func band(years map[int]int) (first, last int) {
	all := 0
	for _, rows := range years {
		all += rows
	}
	if all == 0 {
		return 0, 0
	}
	cut := all / 1000
	sorted := slices.Sorted(maps.Keys(years))
	for seen, i := 0, 0; i < len(sorted); i++ {
		if seen += years[sorted[i]]; seen > cut {
			first = sorted[i]
			break
		}
	}
	for seen, i := 0, len(sorted)-1; i >= 0; i-- {
		if seen += years[sorted[i]]; seen > cut {
			last = sorted[i]
			break
		}
	}
	return first, last
}

// A day stands out when it bears so many times its share, and more than chance
// gives: so many deviations, of about 366 days that are looked at.
const (
	standsOut         = 4
	standsOutOfMonths = 2
	beyondChance      = 6
	leastRows         = 5
)

func far(rows int, expected, times float64) bool {
	return rows >= leastRows && float64(rows) >= times*expected && float64(rows) >= expected+beyondChance*math.Sqrt(expected)
}

// findDefaults finds the days that stand out: days of every month first, then days
// of the year among those of the same day of the month. Known are the days that are
// read as the year alone.
func (d *Dates) findDefaults(known []locale.MonthDay) {
	const daysOfYear, months = 365.25, 12
	even := float64(d.Exact)
	for _, days := range d.Days {
		for _, rows := range days {
			if far(rows, float64(d.Exact)/daysOfYear, standsOut) {
				even -= float64(rows)
			}
		}
	}
	for day := range 31 {
		all, high := 0, 0
		usual := even / daysOfYear // rows on one such day
		ofMonths := make([]int, 0, months)
		for month := range d.Days {
			rows := d.Days[month][day]
			all += rows
			ofMonths = append(ofMonths, rows)
			if rows > 0 && float64(rows) >= standsOutOfMonths*usual {
				high++
			}
		}
		// A day or two of those that have most may be default days themselves.
		slices.Sort(ofMonths)
		if middle := ofMonths[months/2]; 2*high > months && far(all, usual*months, standsOutOfMonths) {
			usual = float64(middle)
			d.DaysOfMonth = append(d.DaysOfMonth, Default{0, day + 1, all, float64(d.Exact) / daysOfYear * months, slices.Contains(known, locale.MonthDay{Day: day + 1})})
		}
		for month := range d.Days {
			if rows := d.Days[month][day]; far(rows, max(usual, even/daysOfYear), standsOut) {
				md := locale.MonthDay{Month: time.Month(month + 1), Day: day + 1}
				d.Defaults = append(d.Defaults, Default{md.Month, md.Day, rows, float64(d.Exact) / daysOfYear, slices.Contains(known, md)})
			}
		}
	}
	byRows := func(a, b Default) int {
		return cmp.Or(cmp.Compare(b.Rows, a.Rows), cmp.Compare(a.Month, b.Month), cmp.Compare(a.Day, b.Day))
	}
	slices.SortFunc(d.Defaults, byRows)
	slices.SortFunc(d.DaysOfMonth, byRows)
}

// Read is how many rows have a date that can be read.
func (d *Dates) Read() int { return d.Exact + d.Month + d.Year }

// OnDefaults is how many rows have one of the default days.
func (d *Dates) OnDefaults() int {
	n := 0
	for _, day := range d.Defaults {
		n += day.Rows
	}
	return n
}

// Ages is what a column of ages looks like.
type Ages struct {
	Ages       quality.Ages
	Known      int // whole years from 0 to 120
	Other      int // rows with anything else
	Negative   int
	Impossible int // more than 120
	Whipple    quality.Whipple
	Myers      quality.Myers
}

// agesOf reads a column of ages in whole years.
func agesOf(values tally) *Ages {
	const oldest = 120
	a := &Ages{Ages: make(quality.Ages, oldest+1)}
	for v, rows := range values.all() {
		years, err := strconv.Atoi(strings.TrimSpace(locale.Digits(v)))
		switch {
		case err != nil:
			a.Other += rows
		case years < 0:
			a.Negative += rows
		case years > oldest:
			a.Impossible += rows
		default:
			a.Known += rows
			a.Ages[years] += rows
		}
	}
	a.Whipple, a.Myers = quality.NewWhipple(a.Ages, quality.Adults), quality.NewMyers(a.Ages)
	if old := quality.NewWhipple(a.Ages, quality.Old); old.People > a.Whipple.People {
		a.Whipple = old
	}
	return a
}
