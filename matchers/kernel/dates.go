package kernel

import (
	"math/bits"

	"rollcall/matchers/model"
	"rollcall/matchers/text"
)

// The levels of dates, after those that are exact.
const (
	dateDiffers      = iota
	dateYearsNear    // of which one is no day: not more than two years apart
	dateYearsOverlap // of which one is no day: they may be the same
	dateSameYear
	dateTwoParts
	dateSlip
)

// vagueMonths is the longest interval that still says something; an overlap of
// longer ones is no evidence. nearMonths is how far apart two dates may be and
// still be the same age told twice, vagueNearMonths where one is no day.
const (
	vagueMonths     = 36
	nearMonths      = 12
	vagueNearMonths = 24
)

// dates compares days, months, years and intervals.
type dates struct {
	dates []date
	raw   []string
}

// date is a parsed value, small because many are looked at.
type date struct {
	digits           uint64 // year, month and day as eight digits, a byte each
	first, last      int32  // months
	year             int16
	month, day       uint8
	known, whole     bool
	newYear, isVague bool // 1 January, which stands for "some time this year"; too long to say anything
}

// newDates parses the values and sets the level of equal ones that are not
// whole: equal years are the same year, no more.
func newDates(f *Field) *dates {
	d := &dates{dates: make([]date, len(f.values)), raw: f.values}
	for code, value := range f.values {
		parsed, ok := text.ParseDate(value)
		if !ok {
			continue
		}
		d.dates[code] = date{
			digits: digits(parsed.Year*10000 + parsed.Month*100 + parsed.Day),
			first:  int32(parsed.First), last: int32(parsed.Last),
			year: int16(parsed.Year), month: uint8(parsed.Month), day: uint8(parsed.Day),
			known: true, whole: parsed.Whole(), newYear: parsed.Month == 1 && parsed.Day == 1,
			isVague: parsed.Last-parsed.First > vagueMonths,
		}
		if !parsed.Whole() {
			f.equal[code] = vague(d.dates[code], d.dates[code])
		}
	}
	return d
}

func (d *dates) level(a, b uint32) uint8 {
	x, y := &d.dates[a], &d.dates[b]
	if !x.known || !y.known {
		if text.WithinOne(d.raw[a], d.raw[b]) {
			return dateSlip
		}
		return dateDiffers
	}
	if !x.whole || !y.whole {
		return vague(*x, *y)
	}
	sameYear, sameMonth, sameDay := x.year == y.year, x.month == y.month, x.day == y.day
	switch {
	case slip(x.digits, y.digits) || (sameYear && x.month == y.day && x.day == y.month):
		return dateSlip
	case sameYear && (sameMonth || sameDay || x.newYear || y.newYear), sameMonth && sameDay:
		return dateTwoParts
	case sameYear, within(x.first-y.first, nearMonths):
		return dateSameYear
	}
	return dateDiffers
}

// vague compares dates of which one at least is not whole.
func vague(x, y date) uint8 {
	overlap := x.first <= y.last && y.first <= x.last
	if x.isVague || y.isVague {
		if overlap {
			return model.Missing
		}
		return dateDiffers
	}
	switch {
	case x.month != 0 && x.month == y.month && x.year == y.year:
		return dateTwoParts
	case overlap:
		return dateYearsOverlap
	case within((x.first+x.last-y.first-y.last)/2, vagueNearMonths):
		return dateYearsNear
	}
	return dateDiffers
}

func within(difference, most int32) bool { return difference <= most && -difference <= most }

// slip says that two dates, written as eight digits, are one wrong digit or one
// exchange of neighbours apart.
func slip(a, b uint64) bool {
	wrong := a ^ b
	if wrong == 0 {
		return false
	}
	low, high := bits.TrailingZeros64(wrong)/8, 7-bits.LeadingZeros64(wrong)/8
	at := func(digits uint64, place int) uint64 { return digits >> (8 * place) & 0xFF }
	return low == high || (high == low+1 && at(a, low) == at(b, high) && at(a, high) == at(b, low))
}

// digits puts the eight last decimal digits of a number in a byte each.
func digits(number int) uint64 {
	var out uint64
	for place := 0; place < 64; place += 8 {
		out |= uint64(number%10) << place
		number /= 10
	}
	return out
}
