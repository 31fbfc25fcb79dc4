package kernel

import (
	"rollcall/matchers/model"
	"rollcall/matchers/text"
)

// The levels of pairs of dates of which one at least is no day, between that of what
// differs and those of two days.
const (
	yearsApart = 1 + iota
	yearsWithinFive
	yearsNear
	yearsOverlap // and the next ones, the rarer the higher
)

// nearDays is how far apart two intervals may be that a slip in the year, or an age
// told a year late, explains; roundDays where ages are told in fives and tens.
const (
	nearDays  = 366
	roundDays = 5 * 366
)

// overlapSteps are the chances, as one in two to the power, below which an overlap is
// of the next level.
var overlapSteps = [...]uint{3, 5, 7}

// intervalShare is the share of records of a file from which on the intervals among
// its dates have levels of their own. Fewer are slips, such as a 31st of November,
// and too few to learn from.
const intervalShare = 0.01

// findIntervals marks the comparisons of dates of which some are intervals.
func (t *Table) findIntervals(comparisons []model.Comparison) {
	for i, f := range t.Fields {
		if c := &comparisons[i]; c.Kind == model.Date && c.Levels == nil {
			c.Intervals = c.Intervals || f.hasIntervals()
		}
	}
}

func (f *Field) hasIntervals() bool {
	var records, vague [2]float64
	for code, value := range f.values.All() {
		d, ok := text.ParseDate(value)
		if !ok {
			continue
		}
		for side, bearers := range [...][]uint32{f.left, f.right} {
			records[side] += float64(bearers[code])
			if !d.Whole() {
				vague[side] += float64(bearers[code])
			}
		}
	}
	return vague[0] > intervalShare*records[0] || vague[1] > intervalShare*records[1]
}

// intervals compares dates of which some are intervals, as much as they overlap and
// as rare as that is. The second word of a cell has the first and the last day,
// counted from dayZero, and the first month.
type intervals struct {
	dates
	births []uint64       // by year, the share of records that are born in it, in parts of birthParts
	years  map[int]uint64 // records that bear each year
}

const (
	dayZero    = -720_000 // before 1 January of the year 0
	dayBits    = 22       // for the days until the year 9999
	monthBits  = 64 - 2*dayBits
	birthParts = 1 << 20
	lastYear   = 9999
	// evenYears is what is known of births before any are counted: one in each of so many
	// years.
	evenYears = 100
	// longest, in days, is the longest interval that is told from longer ones.
	longest = 1<<17 - 1
)

func (c *cell) days() (first, last int) {
	return int(c[1] >> (dayBits + monthBits)), int(c[1] >> monthBits & (1<<dayBits - 1))
}

func (c *cell) firstMonth() int32 { return int32(c[1] & (1<<monthBits - 1)) }

// newIntervals parses the values and counts the years.
func newIntervals(f *Field, same bool) (*intervals, []cell) {
	n := &intervals{births: make([]uint64, lastYear+1), years: map[int]uint64{}}
	n.dates = *newWholeDates(f)
	cells := make([]cell, f.values.Len())
	for code, value := range f.values.All() {
		parsed, ok := text.ParseDate(value)
		if !ok {
			continue
		}
		cells[code] = newDateCell(parsed)
		cells[code][1] = uint64(parsed.FirstDay-dayZero)<<(dayBits+monthBits) | uint64(parsed.LastDay-dayZero)<<monthBits | uint64(parsed.First)
		if borne := f.bearers(code, same); borne > 0 {
			n.years[parsed.Year] += borne
		}
	}
	if f.frozen != nil {
		n.years = f.frozen.Years
	}
	n.spread()
	for code := range cells {
		if c := &cells[code]; c[0]&dateKnown != 0 && c[0]&dateWhole == 0 {
			f.equal[code] = n.vague(c, c)
		}
	}
	return n, cells
}

// spread turns records by year into shares.
func (n *intervals) spread() {
	records := uint64(0)
	for _, borne := range n.years {
		records += borne
	}
	for year := range n.births {
		n.births[year] = (n.years[year] + 1) * birthParts / (records + evenYears)
	}
}

func (n *intervals) level(x, y *cell, a, b uint32) uint8 {
	switch both := x[0] & y[0]; {
	case both&dateKnown == 0:
		return n.unread(a, b)
	case both&dateWhole == 0:
		return n.vague(x, y)
	}
	return n.whole(x, y, x.firstMonth()-y.firstMonth())
}

// vague compares dates of which one at least is no day. If they are one person's, how
// often is it that the second interval lies so where the first one does? As often as
// the days that they have in common are among those of either. And among strangers as
// often as people are born then. The chance of the latter over that of the former is
// that of an overlap as good as this.
func (n *intervals) vague(x, y *cell) uint8 {
	firstX, lastX := x.days()
	firstY, lastY := y.days()
	from, to := max(firstX, firstY), min(lastX, lastY)
	switch gap := from - to - 1; {
	case gap > roundDays:
		return yearsApart
	case gap > nearDays:
		return yearsWithinFive
	case gap >= 0:
		return yearsNear
	}
	const year = 365
	chance := uint64(min(lastX-firstX+1, longest)) * uint64(min(lastY-firstY+1, longest)) * n.births[yearOf((from+to)/2)]
	least := uint64(min(to-from+1, longest)) * year * birthParts
	level := uint8(yearsOverlap)
	for _, step := range overlapSteps {
		level += one(chance<<step < least)
	}
	return level
}

// yearOf is the year of a day counted from dayZero, at its first days perhaps the one
// before.
func yearOf(day int) int {
	const years, days, firstDay = 400, 146_097, -719_528 // 1 January of the year 0
	return min(max((day+dayZero-firstDay)*years/days, 0), lastYear)
}
