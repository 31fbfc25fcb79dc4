package kernel

import (
	"rollcall/matchers/model"
	"rollcall/matchers/text"
)

// The levels of dates, after those that are exact.
const (
	dateDiffers = iota
	dateSameYear
	dateTwoParts
	dateSlip
)

// vagueMonths is the longest interval that still says something; an overlap of
// longer ones is no evidence. nearMonths is how far apart two dates may be and
// still be the same age told twice.
const (
	vagueMonths = 36
	nearMonths  = 12
)

// dates compares days, months, years and intervals.
type dates struct {
	dates []text.Date
	known []bool // the value is a date
	raw   []string
}

// newDates parses the values and sets the level of equal ones that are not
// whole: equal years are the same year, no more.
func newDates(f *Field) *dates {
	d := &dates{dates: make([]text.Date, len(f.values)), known: make([]bool, len(f.values)), raw: f.values}
	for code, value := range f.values {
		d.dates[code], d.known[code] = text.ParseDate(value)
		if code > 0 && d.known[code] && !d.dates[code].Whole() {
			f.equal[code] = d.vague(d.dates[code], d.dates[code])
		}
	}
	return d
}

func (d *dates) level(a, b uint32) uint8 {
	if !d.known[a] || !d.known[b] {
		if text.WithinOne(d.raw[a], d.raw[b]) {
			return dateSlip
		}
		return dateDiffers
	}
	x, y := d.dates[a], d.dates[b]
	if !x.Whole() || !y.Whole() {
		return d.vague(x, y)
	}
	sameYear, sameMonth, sameDay := x.Year == y.Year, x.Month == y.Month, x.Day == y.Day
	switch {
	case slip(x, y) || (sameYear && x.Month == y.Day && x.Day == y.Month):
		return dateSlip
	case sameYear && (sameMonth || sameDay || newYear(x) || newYear(y)), sameMonth && sameDay:
		return dateTwoParts
	case sameYear, within(x.First-y.First, nearMonths):
		return dateSameYear
	}
	return dateDiffers
}

// vague compares dates of which one at least is not whole.
func (d *dates) vague(x, y text.Date) uint8 {
	overlap := x.First <= y.Last && y.First <= x.Last
	if x.Last-x.First > vagueMonths || y.Last-y.First > vagueMonths {
		if overlap {
			return model.Missing
		}
		return dateDiffers
	}
	switch {
	case x.Month != 0 && x.Month == y.Month && x.Year == y.Year:
		return dateTwoParts
	case overlap, within((x.First+x.Last-y.First-y.Last)/2, nearMonths):
		return dateSameYear
	}
	return dateDiffers
}

// newYear says that a day is 1 January, which stands for "some time this year".
func newYear(d text.Date) bool { return d.Month == 1 && d.Day == 1 }

func within(difference, most int) bool { return difference <= most && -difference <= most }

// slip says that two dates, written as eight digits, are one wrong digit or one
// exchange of neighbours apart.
func slip(x, y text.Date) bool {
	a, b := digits(x), digits(y)
	var wrong [8]int
	n := 0
	for i := range a {
		if a[i] != b[i] {
			wrong[n] = i
			n++
		}
	}
	switch n {
	case 1:
		return true
	case 2:
		i, j := wrong[0], wrong[1]
		return j == i+1 && a[i] == b[j] && a[j] == b[i]
	}
	return false
}

func digits(d text.Date) [8]byte {
	var out [8]byte
	for i, n := 7, d.Year*10000+d.Month*100+d.Day; i >= 0; i, n = i-1, n/10 {
		out[i] = byte(n % 10)
	}
	return out
}
