package kernel

import (
	"math"
	"math/bits"

	"rollcall/matchers/model"
)

// Bound tells pairs that are of no interest before all of their levels are known.
type Bound struct {
	// Start is what all pairs have and Weights what they have by field and level,
	// against each class that they may be of instead of matches: the least of the sums
	// is at least the log odds.
	Start   [model.Rivals]float64
	Weights [][][model.Rivals]float64
	Least   float64 // what pairs must pass
	// Halvings is of those that cannot pass it, which are most, in a pass that learns:
	// one in two to that power is counted, for all of them.
	Halvings int
}

// lanes is a whole number for each rival, 16 bits each, that are added all at
// once. Sums stay below laneMost, so that none runs over into the next.
type lanes [2]uint64

const (
	laneBits  = 16
	wordLanes = 64 / laneBits
	laneHigh  = 0x8000_8000_8000_8000 // the highest bit of each
	laneMost  = 1<<(laneBits-1) - 1
)

func (l *lanes) set(rival int, value uint64) {
	l[rival/wordLanes] |= value << (rival % wordLanes * laneBits)
}

// deepest is the least weight that is told apart, in natural logarithms: a pair
// with one as low has no hope anyway, and greater ones only loosen the bound.
const deepest = -60.0

// Of a field's numbers in a ceiling the first are those of its levels, then that of
// missing, then the most that values bring that are not equal; of names by how
// much their words can say, and last where they have none in common.
const (
	atOpen        = model.MaxLevels
	hopeStrangers = nameSteps
	perField      = atOpen + hopeStrangers + 1
)

// ceiling is a bound made ready for a table. Its numbers are rounded up and start
// from the least of each field, so that none is negative.
type ceiling struct {
	least    lanes // what passes is no less, in any lane
	halvings int
	weights  []lanes // perField a field
}

func newCeiling(t *Table, b *Bound) *ceiling {
	if b == nil {
		return nil
	}
	c := &ceiling{halvings: b.Halvings, weights: make([]lanes, t.width*perField)}
	for rival := range model.Rivals {
		c.fill(t, b, rival)
	}
	return c
}

// fill writes one lane.
func (c *ceiling) fill(t *Table, b *Bound, rival int) {
	bottom := b.Start[rival] // of what a pair can have
	fields := make([][perField]float64, t.width)
	lows := make([]float64, t.width)
	reach := 0.0
	for i, f := range t.Fields {
		fields[i] = f.reaches(b.Weights[i], rival)
		low, high := fields[i][0], fields[i][0]
		for _, w := range fields[i] {
			low, high = min(low, w), max(high, w)
		}
		lows[i] = low
		bottom += low
		reach += high - low
	}
	scale := (laneMost - 1 - float64(t.width)) / max(reach, 1)
	for i := range fields {
		for at, w := range fields[i] {
			c.weights[i*perField+at].set(rival, uint64(math.Ceil((w-lows[i])*scale)))
		}
	}
	least := math.Floor((b.Least-bottom)*scale) + 1
	c.least.set(rival, uint64(min(max(least, 0), laneMost)))
}

// reaches is a field's numbers against one rival.
func (f *Field) reaches(weights [][model.Rivals]float64, rival int) [perField]float64 {
	var out [perField]float64
	for level, w := range weights {
		out[level] = max(w[rival], deepest)
		if level >= f.Ladder.Exact {
			continue
		}
		from := 0
		if f.lexicon != nil {
			from = leastStep(level)
		}
		for step := from; step < nameSteps; step++ {
			out[atOpen+step] = max(out[atOpen+step], out[level]) // from 0: two values may say nothing after all
		}
		if level <= nameSimilar {
			out[atOpen+hopeStrangers] = max(out[atOpen+hopeStrangers], out[level])
		}
	}
	return out
}

// passes says that a pair may be of interest.
func (c *ceiling) passes(sum *lanes) bool {
	return ((sum[0]|laneHigh)-c.least[0])&((sum[1]|laneHigh)-c.least[1])&laneHigh == laneHigh
}

// most is what a pair with those levels can reach, given which fields are still
// open and what they can say.
func (c *ceiling) most(levels []uint8, open uint64, hopes *[maxWidth]uint8) lanes {
	var sum lanes
	for i, level := range levels {
		at := int(level % model.MaxLevels)
		if open>>(i&63)&1 != 0 {
			at = atOpen + int(hopes[i&63])
		}
		w := &c.weights[i*perField+at]
		sum[0] += w[0]
		sum[1] += w[1]
	}
	return sum
}

// reached says that a pair with those levels passes.
func (c *ceiling) reached(levels []uint8) bool {
	sum := c.most(levels, 0, nil)
	return c.passes(&sum)
}

// settle takes off by how much those fields, open before, now bring less.
func (c *ceiling) settle(sum *lanes, levels []uint8, fields uint64, hopes *[maxWidth]uint8) {
	for ; fields != 0; fields &= fields - 1 {
		i := bits.TrailingZeros64(fields)
		level := &c.weights[i*perField+int(levels[i]%model.MaxLevels)]
		open := &c.weights[i*perField+atOpen+int(hopes[i])]
		sum[0] += level[0] - open[0]
		sum[1] += level[1] - open[1]
	}
}
