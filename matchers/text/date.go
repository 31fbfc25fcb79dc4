package text

import (
	"strings"
	"time"
)

// Date is a day as a record has it: whole, or only its month or year, or an
// interval between two such.
type Date struct {
	Year, Month, Day  int // 0 where the record does not say
	First, Last       int // earliest and latest month, counted from year 0
	FirstDay, LastDay int // earliest and latest day, counted from one day that is the same for all
}

// ParseDate reads 1984-02-29, 19840229, 1984-02, 1984 and an interval of two of
// these, 1983-03/1985. Of an interval the year is that of its middle, month and
// day only where both ends agree. What cannot be a date gives ok false.
func ParseDate(s string) (d Date, ok bool) {
	if first, last, interval := strings.Cut(s, "/"); interval {
		return between(first, last)
	}
	parts := [3]string{s}
	switch {
	case strings.Contains(s, "-"):
		n := copy(parts[:], strings.SplitN(s, "-", 3))
		if n < 2 {
			return Date{}, false
		}
	case len(s) == 8:
		parts = [3]string{s[:4], s[4:6], s[6:]}
	}
	if len(parts[0]) != 4 {
		return Date{}, false
	}
	var numbers [3]int
	for i, part := range parts {
		for _, c := range []byte(part) {
			if c < '0' || c > '9' {
				return Date{}, false
			}
			numbers[i] = numbers[i]*10 + int(c-'0')
		}
	}
	d = Date{Year: numbers[0], Month: numbers[1], Day: numbers[2]}
	d.First, d.Last = d.Year*12+max(d.Month, 1), d.Year*12+d.Month
	if d.Month == 0 {
		d.Day, d.Last = 0, d.Year*12+12
	}
	if d.Whole() {
		d.FirstDay = dayNumber(d.Year, d.Month, d.Day)
		d.LastDay = d.FirstDay
	} else {
		d.FirstDay, d.LastDay = dayNumber(0, d.First, 1), dayNumber(0, d.Last+1, 0)
	}
	return d, true
}

func between(first, last string) (Date, bool) {
	a, okA := ParseDate(first)
	b, okB := ParseDate(last)
	if !okA || !okB || b.LastDay < a.FirstDay {
		return Date{}, false
	}
	if a == b {
		return a, true
	}
	d := Date{First: a.First, Last: b.Last, FirstDay: a.FirstDay, LastDay: b.LastDay}
	d.Year = (d.First + d.Last - 2) / 24
	if a.Year == b.Year && a.Month == b.Month {
		d.Month = a.Month
	}
	return d, true
}

// Whole says that year, month and day are known.
func (d Date) Whole() bool { return d.Day > 0 && d.Month > 0 }

// Days are the first and the last day that a date may be, counted from one day
// that is the same for all.
func (d Date) Days() (first, last int) { return d.FirstDay, d.LastDay }

// Months are the first and the last month that a date may be in, counted from
// year 0.
func (d Date) Months() (first, last int) { return d.First, d.Last }

// Years are the first and the last year that a date may be in.
func (d Date) Years() (first, last int) { return (d.First - 1) / 12, (d.Last - 1) / 12 }

func dayNumber(year, month, day int) int {
	const seconds = 24 * 60 * 60
	return int(time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC).Unix() / seconds)
}
