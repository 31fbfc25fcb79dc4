// Package calendar turns dates of the calendars that civil registers are kept in
// into days and back: Gregorian, Buddhist era, Bikram Sambat, Bangla, Hijri,
// Ethiopian, Coptic and Saka. A day is a number, counted from 1 January 1970 of
// the proleptic Gregorian calendar.
package calendar

import "time"

// The names of the calendars.
const (
	Gregorian    = "gregorian"
	Buddhist     = "buddhist"      // Buddhist era, 543 years ahead throughout: Cambodia, Laos, and how computers count it
	Thai         = "thai"          // Buddhist era with the new year on 1 April until 2483 (1940)
	BikramSambat = "bikram"        // Nepal
	Bangla       = "bangla"        // Bangladesh: the rule in force in the year
	Bangla1966   = "bangla-1966"   // as proposed by the committee of Muhammad Shahidullah: leap day in Choitro
	Bangla1987   = "bangla-1987"   // as adopted: leap day in Falgun
	Bangla2019   = "bangla-2019"   // as revised: six months of 31 days
	BanglaIndia  = "bangla-india"  // West Bengal, Tripura, Assam: by the sun's place in the Surya Siddhanta
	Hijri        = "hijri"         // Umm al-Qura
	HijriTabular = "hijri-tabular" // arithmetic, civil epoch: 30 years with 11 leap years
	Ethiopian    = "ethiopian"
	Coptic       = "coptic"
	Saka         = "saka" // India's national calendar of 1957
)

// Date is a day as its calendar has it. Months and days start with 1.
type Date struct{ Year, Month, Day int }

// Calendar is one calendar between its first and its last year.
type Calendar struct {
	Name        string
	First, Last int // the years that it knows
	Months      int // in its longest year
	// Spread is by how many days, either way, a date may miss the day meant, where
	// months are told by sight or almanacs differ.
	Spread int
	// month gives the first day of a month and how many it has; 0 where the year
	// has no such month. The year is one of First to Last, the month of 1 to Months.
	month func(year, month int) (first, days int)
}

// Named is the calendar of a name.
func Named(name string) (Calendar, bool) {
	for _, c := range calendars {
		if c.Name == name {
			return c, true
		}
	}
	return Calendar{}, false
}

// Names are the names of all calendars.
func Names() []string {
	names := make([]string, len(calendars))
	for i, c := range calendars {
		names[i] = c.Name
	}
	return names
}

var calendars = []Calendar{
	{Name: Gregorian, First: 1, Last: 9999, Months: 12, month: gregorianMonth},
	{Name: Buddhist, First: 544, Last: 10542, Months: 12, month: buddhistMonth},
	{Name: Thai, First: firstThaiYear, Last: 10542, Months: 12, month: thaiMonth},
	{Name: BikramSambat, First: firstBikramYear, Last: lastBikramYear, Months: 12, month: bikramMonth},
	{Name: Bangla, First: 1, Last: 9000, Months: 12, month: banglaMonth},
	{Name: Bangla1966, First: 1, Last: 9000, Months: 12, month: bangla1966.month},
	{Name: Bangla1987, First: 1, Last: 9000, Months: 12, month: bangla1987.month},
	{Name: Bangla2019, First: 1, Last: 9000, Months: 12, month: bangla2019.month},
	{Name: BanglaIndia, First: firstSolarYear, Last: lastSolarYear, Months: 12, Spread: 1, month: solarMonth},
	{Name: Hijri, First: firstHijriYear, Last: lastHijriYear, Months: 12, Spread: 1, month: ummAlQuraMonth},
	{Name: HijriTabular, First: 1, Last: 9000, Months: 12, Spread: 1, month: tabularMonth},
	{Name: Ethiopian, First: 1, Last: 9000, Months: 13, month: ethiopianMonth},
	{Name: Coptic, First: 1, Last: 9000, Months: 13, month: copticMonth},
	{Name: Saka, First: 1, Last: 9000, Months: 12, month: sakaMonth},
}

// Month is the first and the last day of a month; ok is false where the calendar
// has no such month.
func (c Calendar) Month(year, month int) (first, last int, ok bool) {
	if year < c.First || year > c.Last || month < 1 || month > c.Months {
		return 0, 0, false
	}
	first, days := c.month(year, month)
	return first, first + days - 1, days > 0
}

// Year is the first and the last day of a year; ok is false where the calendar
// does not reach so far.
func (c Calendar) Year(year int) (first, last int, ok bool) {
	for month := 1; month <= c.Months; month++ {
		a, b, is := c.Month(year, month)
		if !is {
			continue
		}
		if !ok {
			first, last, ok = a, b, true
		}
		first, last = min(first, a), max(last, b)
	}
	return first, last, ok
}

// Day is the day of a date; ok is false where there is no such date.
func (c Calendar) Day(d Date) (day int, ok bool) {
	first, last, ok := c.Month(d.Year, d.Month)
	day = first + d.Day - 1
	return day, ok && d.Day >= 1 && day <= last
}

// Date is the date of a day; ok is false outside the years that the calendar knows.
func (c Calendar) Date(day int) (d Date, ok bool) {
	start, _, _ := c.Year(c.First)
	_, end, _ := c.Year(c.Last)
	if day < start || day > end {
		return Date{}, false
	}
	year := c.First + (day-start)*(c.Last-c.First+1)/(end-start+1) // near, as years are about as long as each other
	for {
		switch first, last, _ := c.Year(year); {
		case day < first:
			year--
			continue
		case day > last:
			year++
			continue
		}
		break
	}
	for month := 1; month <= c.Months; month++ {
		if first, last, ok := c.Month(year, month); ok && first <= day && day <= last {
			return Date{year, month, day - first + 1}, true
		}
	}
	return Date{}, false
}

// secondsPerDay of Unix time.
const secondsPerDay = 24 * 60 * 60

// Midnight is the start of a day in UTC.
func Midnight(day int) time.Time { return time.Unix(int64(day)*secondsPerDay, 0).UTC() }

// DayOf is the day of a time in UTC.
func DayOf(t time.Time) int {
	seconds := t.Unix()
	day := seconds / secondsPerDay
	if seconds%secondsPerDay < 0 {
		day--
	}
	return int(day)
}
