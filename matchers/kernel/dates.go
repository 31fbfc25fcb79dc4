package kernel

import (
	"math/bits"

	"rollcall/matchers/dictionary"
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

// dates compares days, and months, years and intervals where they are few.
type dates struct {
	raw    dictionary.Texts
	levels [1 << dateSigns]uint8 // of whole dates, by signs
	beyond uint8                 // levels of the ladder below those of two days that are alike, beside these
}

// The signs of two whole dates, as bits: what they have in common. Levels are looked
// up by them, as a branch for each would be guessed wrong too often.
const (
	signYear = 1 << iota
	signMonth
	signDay
	signNewYear  // one of them is 1 January
	signSlip     // one slip of the pen apart
	signExchange // day and month exchanged
	signNear     // not more than a year apart
	dateSigns    = iota
)

// levelOf is the level of two whole dates with those signs.
func levelOf(signs int) uint8 {
	has := func(sign int) bool { return signs&sign != 0 }
	switch {
	case has(signSlip), has(signYear) && has(signExchange):
		return dateSlip
	case has(signYear) && (has(signMonth) || has(signDay) || has(signNewYear)), has(signMonth) && has(signDay):
		return dateTwoParts
	case has(signYear), has(signNear):
		return dateSameYear
	}
	return dateDiffers
}

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
	cells := make([]cell, f.values.Len())
	for code, value := range f.values.All() {
		parsed, ok := text.ParseDate(value)
		if !ok {
			continue
		}
		c := &cells[code]
		*c = newDateCell(parsed)
		c[1] = uint64(uint32(parsed.First))<<32 | uint64(uint32(parsed.Last))
		if !parsed.Whole() {
			f.equal[code] = vague(c, c)
		}
	}
	return newWholeDates(f), cells
}

// newDateCell is the first word of the cell of a date.
func newDateCell(parsed text.Date) cell {
	first := digits(parsed.Year*10000+parsed.Month*100+parsed.Day) | dateKnown
	if parsed.Whole() {
		first |= dateWhole
	}
	if parsed.Month == 1 && parsed.Day == 1 {
		first |= dateNewYear
	}
	if parsed.Last-parsed.First > vagueMonths {
		first |= dateVague
	}
	return cell{first}
}

// newWholeDates compares days by the levels of the field.
func newWholeDates(f *Field) *dates {
	d := &dates{raw: f.values, beyond: uint8(f.Ladder.Exact - 1 - dateSlip)}
	for signs := range d.levels {
		if level := levelOf(signs); level != dateDiffers {
			d.levels[signs] = level + d.beyond
		}
	}
	return d
}

func (d *dates) level(x, y *cell, a, b uint32) uint8 {
	switch both := x[0] & y[0]; {
	case both&dateKnown == 0:
		return d.unread(a, b)
	case both&dateWhole == 0:
		return vague(x, y)
	}
	firstX, _ := x.months()
	firstY, _ := y.months()
	return d.whole(x, y, firstX-firstY)
}

// unread compares values of which one at least is no date.
func (d *dates) unread(a, b uint32) uint8 {
	if text.WithinOne(d.raw.At(a), d.raw.At(b)) {
		return dateSlip + d.beyond
	}
	return dateDiffers
}

// whole compares two days that are so many months apart.
func (d *dates) whole(x, y *cell, months int32) uint8 {
	wrong := (x[0] ^ y[0]) & dateDigits
	signs := one(wrong&dateYear == 0)*signYear | one(wrong&dateMonth == 0)*signMonth | one(wrong&dateDay == 0)*signDay |
		one((x[0]|y[0])&dateNewYear != 0)*signNewYear | slip(x[0]&dateDigits, y[0]&dateDigits)*signSlip |
		one(x[0]>>16&dateDay == y[0]&dateDay)&one(x[0]&dateDay == y[0]>>16&dateDay)*signExchange |
		one(uint32(months+nearMonths) <= 2*nearMonths)*signNear
	return d.levels[signs]
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

// slip says, as a bit, that two dates, written as eight digits, are one wrong digit
// or one exchange of neighbours apart.
func slip(a, b uint64) uint8 {
	wrong := a ^ b
	low, high := bits.TrailingZeros64(wrong)/8, 7-bits.LeadingZeros64(wrong)/8
	at := func(digits uint64, place int) uint64 { return digits >> (8 * uint(place) & 63) & 0xFF }
	exchange := one(high == low+1) & one(at(a, low) == at(b, high)) & one(at(a, high) == at(b, low))
	return one(low == high) | exchange
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
