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
type dates struct{ raw []string }

// The cell of a date has in its first word year, month and day as eight digits, a
// byte each, the last digit lowest, with what else matters of it as bits above
// them; in its second the first and the last month that it may mean, as numbers.
const (
	dateDigits = 0x0F0F_0F0F_0F0F_0F0F
	dateDay    = 0x0F0F
	dateMonth  = dateDay << 16
	dateYear   = 0x0F0F_0F0F << 32

	dateKnown   = 1 << 4
	dateWhole   = 1 << 5
	dateNewYear = 1 << 6 // 1 January, which stands for "some time this year"
	dateVague   = 1 << 7 // too long to say anything
)

func (c *cell) months() (first, last int32) { return int32(uint32(c[1] >> 32)), int32(uint32(c[1])) }

// newDates parses the values and sets the level of equal ones that are not
// whole: equal years are the same year, no more.
func newDates(f *Field) (*dates, []cell) {
	cells := make([]cell, len(f.values))
	for code, value := range f.values {
		parsed, ok := text.ParseDate(value)
		if !ok {
			continue
		}
		c := &cells[code]
		c[0] = digits(parsed.Year*10000+parsed.Month*100+parsed.Day) | dateKnown
		c[1] = uint64(uint32(parsed.First))<<32 | uint64(uint32(parsed.Last))
		if parsed.Whole() {
			c[0] |= dateWhole
		}
		if parsed.Month == 1 && parsed.Day == 1 {
			c[0] |= dateNewYear
		}
		if parsed.Last-parsed.First > vagueMonths {
			c[0] |= dateVague
		}
		if !parsed.Whole() {
			f.equal[code] = vague(c, c)
		}
	}
	return &dates{f.values}, cells
}

func (d *dates) level(x, y *cell, a, b uint32) uint8 {
	switch both := x[0] & y[0]; {
	case both&dateKnown == 0:
		if text.WithinOne(d.raw[a], d.raw[b]) {
			return dateSlip
		}
		return dateDiffers
	case both&dateWhole == 0:
		return vague(x, y)
	}
	wrong := (x[0] ^ y[0]) & dateDigits
	sameYear, sameMonth, sameDay := wrong&dateYear == 0, wrong&dateMonth == 0, wrong&dateDay == 0
	firstX, _ := x.months()
	firstY, _ := y.months()
	switch {
	case slip(x[0]&dateDigits, y[0]&dateDigits) || (sameYear && exchanged(x[0], y[0])):
		return dateSlip
	case sameYear && (sameMonth || sameDay || (x[0]|y[0])&dateNewYear != 0), sameMonth && sameDay:
		return dateTwoParts
	case sameYear, within(firstX-firstY, nearMonths):
		return dateSameYear
	}
	return dateDiffers
}

// exchanged says that the month of one is the day of the other.
func exchanged(x, y uint64) bool {
	return x>>16&dateDay == y&dateDay && x&dateDay == y>>16&dateDay
}

// vague compares dates of which one at least is not whole.
func vague(x, y *cell) uint8 {
	firstX, lastX := x.months()
	firstY, lastY := y.months()
	overlap := firstX <= lastY && firstY <= lastX
	if (x[0]|y[0])&dateVague != 0 {
		if overlap {
			return model.Missing
		}
		return dateDiffers
	}
	switch {
	case x[0]&dateMonth != 0 && (x[0]^y[0])&(dateYear|dateMonth) == 0:
		return dateTwoParts
	case overlap:
		return dateYearsOverlap
	case within((firstX+lastX-firstY-lastY)/2, vagueNearMonths):
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
