package locale

import (
	"slices"
	"sync"

	"rollcall/matchers/locale/calendar"
)

// Years outside are typing errors; the first leaves room for historical registers.
const (
	firstYear = 1000
	lastYear  = 2200
)

func plausible(year int) bool { return year >= firstYear && year <= lastYear }

// era is a calendar with the years that dates of people have in it: likely are
// those of 1900 to 2040, possible the others that are accepted when no calendar of
// the column finds a year likely.
type era struct {
	calendar.Calendar
	likely, possible [2]int
	ahead            int     // years ahead of the Gregorian, about
	days             float64 // of a year, on average
}

// eras are by name.
var eras = sync.OnceValue(func() map[string]era {
	bangla := era{likely: [2]int{1306, 1447}, possible: [2]int{1306, 1507}, ahead: -593}
	hijri := era{likely: [2]int{1317, 1463}, possible: [2]int{1317, 1525}, ahead: -579, days: 354.37}
	buddhist := era{likely: [2]int{2443, 2583}, possible: [2]int{2443, 2643}, ahead: 543}
	all := map[string]era{
		calendar.Gregorian:    {likely: [2]int{1900, 2040}, possible: [2]int{firstYear, lastYear}},
		calendar.Buddhist:     buddhist,
		calendar.Thai:         buddhist,
		calendar.BikramSambat: {likely: [2]int{1956, 2097}, possible: [2]int{1956, 2100}, ahead: 57},
		calendar.Bangla:       bangla, calendar.Bangla1966: bangla, calendar.Bangla1987: bangla,
		calendar.Bangla2019: bangla, calendar.BanglaIndia: bangla,
		calendar.Hijri: hijri, calendar.HijriTabular: hijri,
		calendar.Ethiopian: {likely: [2]int{1892, 2033}, possible: [2]int{1892, 2093}, ahead: -8},
		calendar.Coptic:    {likely: [2]int{1616, 1757}, possible: [2]int{1616, 1817}, ahead: -284},
		calendar.Saka:      {likely: [2]int{1821, 1962}, possible: [2]int{1821, 2022}, ahead: -78},
	}
	for name, e := range all {
		e.Calendar, _ = calendar.Named(name)
		if e.days == 0 {
			e.days = daysOfYear
		}
		all[name] = e
	}
	return all
})

// usual are the calendars of a column that says nothing of its own.
var usual = []string{calendar.Gregorian, calendar.Buddhist}

// choose picks the calendar of a date by its year, which it completes when it has
// two digits. ok is false when no calendar has it.
func (d Dates) choose(p parts, allowed []string) (era, parts, bool) {
	names := d.Calendars
	if len(names) == 0 {
		names = usual
	}
	if allowed != nil {
		names = preferred(names, allowed)
	}
	if p.short {
		e := eras()[names[0]]
		p.year = e.century(p.year, d.LatestYear)
		return e, p, true
	}
	for _, name := range names {
		if e := eras()[name]; e.likely[0] <= p.year && p.year <= e.likely[1] {
			return e, p, true
		}
	}
	for i, name := range names {
		e := eras()[name]
		last := e.possible[1]
		if i > 0 {
			last = e.likely[1] // 2105 in a column of Bikram Sambat is no Gregorian year to come
		}
		if e.possible[0] <= p.year && p.year <= last {
			return e, p, true
		}
	}
	return era{}, p, false
}

// preferred are the calendars of the column that a date allows, or, where it has
// none of them, all that the date allows.
func preferred(column, allowed []string) []string {
	var names []string
	for _, name := range column {
		if slices.Contains(allowed, name) {
			names = append(names, name)
		}
	}
	for _, name := range allowed {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// century completes a year of two digits: the latest not beyond the end of a
// Gregorian year.
func (e era) century(digits, latest int) int {
	const hundred = 100
	last := latest + e.ahead
	year := last - last%hundred + digits
	if year > last {
		year -= hundred
	}
	return year
}
