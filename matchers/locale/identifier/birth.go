package identifier

import (
	"time"

	"rollcall/matchers/locale"
)

// Birth is what a number says of a day of birth.
type Birth struct {
	Known      bool
	Century    bool // whether Year has all its digits; otherwise the last two
	Year       int
	Month, Day int // 0 where only the year is said
	Within     int // days either way in which the number is not sure
}

// The years in which bearers of identity numbers were born.
const firstBirthYear, lastBirthYear = 1850, 2199

// possible tells whether there is such a day.
func (b Birth) possible(day bool) bool {
	if b.Century && (b.Year < firstBirthYear || b.Year > lastBirthYear) {
		return false
	}
	if !day {
		return true
	}
	year := b.Year
	if !b.Century { // some century has 29 February in it, 2000 for the year 00
		year += 2000
	}
	t := time.Date(year, time.Month(b.Month), b.Day, 0, 0, 0, 0, time.UTC)
	return b.Month >= 1 && b.Month <= 12 && b.Day >= 1 && t.Day() == b.Day
}

// dayOfLeapYear is the month and the day of a number from 1 to 366 that always
// counts 29 February; 0, 0 for others.
func dayOfLeapYear(n int) (month, day int) {
	if n < 1 || n > 366 {
		return 0, 0
	}
	const leap = 2000
	t := time.Date(leap, time.January, n, 0, 0, 0, 0, time.UTC)
	return int(t.Month()), t.Day()
}

// Interval is the days on which the bearer can be born, where the century is said
// or follows from the latest year in which a birth can be: the latest year with the
// two digits. Unknown without either (0).
func (b Birth) Interval(latestYear int) locale.Interval {
	if !b.Known {
		return locale.Interval{}
	}
	year := b.Year
	if !b.Century {
		if latestYear == 0 {
			return locale.Interval{}
		}
		if year = latestYear - latestYear%100 + b.Year; year > latestYear {
			year -= 100
		}
	}
	return b.in(year)
}

func (b Birth) in(year int) locale.Interval {
	if b.Month == 0 {
		return locale.Interval{
			Earliest:  time.Date(year, time.January, 1, 0, 0, 0, 0, time.UTC),
			Latest:    time.Date(year, time.December, 31, 0, 0, 0, 0, time.UTC),
			Precision: locale.Year,
		}
	}
	t := time.Date(year, time.Month(b.Month), b.Day, 0, 0, 0, 0, time.UTC)
	return locale.Interval{Earliest: t, Latest: t, Precision: locale.Exact}
}

// Contradicts tells whether a birth of the interval cannot be that which the number
// says. What either does not know contradicts nothing.
func (b Birth) Contradicts(born locale.Interval) bool {
	if !b.Known || !born.Known() {
		return false
	}
	if b.Century {
		return apart(b.in(b.Year), born, b.Within)
	}
	for year := born.Earliest.Year(); year <= born.Latest.Year(); year++ {
		if year%100 == b.Year && !apart(b.in(year), born, b.Within) {
			return false
		}
	}
	return true
}

// apart tells intervals that have no day in common, give or take some days.
func apart(a, b locale.Interval, days int) bool {
	return a.Latest.AddDate(0, 0, days).Before(b.Earliest) || b.Latest.Before(a.Earliest.AddDate(0, 0, -days))
}
