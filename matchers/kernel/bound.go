package kernel

import (
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

// against is the log odds against each class, or a part of them.
type against [model.Rivals]float64

func (a *against) add(b *against) {
	for c := range a {
		a[c] += b[c]
	}
}

// least is what the likeliest class leaves.
func (a *against) least() float64 {
	least := a[0]
	for _, x := range a[1:] {
		least = min(least, x)
	}
	return least
}

// ceiling is a bound made ready for a table.
type ceiling struct {
	start    against
	least    float64
	halvings int
	weights  []against   // by field and level, model.MaxLevels a field; the last one, of Missing, is 0
	open     [][]against // by field, the most that values bring that are not equal; of names by step
	hope     []*against  // by field, what was taken to be open in the pair at hand
}

func newCeiling(t *Table, b *Bound) *ceiling {
	if b == nil {
		return nil
	}
	c := &ceiling{
		start: b.Start, least: b.Least, halvings: b.Halvings,
		weights: make([]against, t.width*model.MaxLevels), open: make([][]against, t.width), hope: make([]*against, t.width),
	}
	for i, f := range t.Fields {
		c.open[i] = make([]against, 1)
		if f.lexicon != nil {
			c.open[i] = make([]against, nameSteps)
		}
		for level, weight := range b.Weights[i] {
			c.weights[i*model.MaxLevels+level] = weight
			if level >= f.Ladder.Exact {
				continue
			}
			from := 0
			if f.lexicon != nil {
				from = leastStep(level)
			}
			for step := from; step < len(c.open[i]); step++ {
				c.open[i][step].raise(weight)
			}
		}
	}
	return c
}

// raise makes each the greater of the two.
func (a *against) raise(b against) {
	for c := range a {
		a[c] = max(a[c], b[c])
	}
}

// of is the weight of a level.
func (c *ceiling) of(field int, level uint8) *against {
	return &c.weights[field*model.MaxLevels+int(level%model.MaxLevels)]
}

// most is what a pair with those levels can reach, given which fields are still
// open: names no more than their words say.
func (c *ceiling) most(t *Table, a, b []uint32, levels []uint8, open uint64) against {
	sum := c.start
	for i, level := range levels {
		if open>>i&1 == 0 {
			sum.add(c.of(i, level))
			continue
		}
		c.hope[i] = &c.open[i][0]
		if f := t.Fields[i]; f.lexicon != nil {
			c.hope[i] = &c.open[i][stepOf(min(f.told(i, a), f.told(i, b)))]
		}
		sum.add(c.hope[i])
	}
	return sum
}

// reached is what a pair with those levels has.
func (c *ceiling) reached(levels []uint8) float64 {
	sum := c.start
	for i, level := range levels {
		sum.add(c.of(i, level))
	}
	return sum.least()
}

// settle takes off by how much those fields, open before, now bring less.
func (c *ceiling) settle(sum *against, levels []uint8, fields uint64) {
	for ; fields != 0; fields &= fields - 1 {
		i := bits.TrailingZeros64(fields)
		level, open := c.of(i, levels[i]), c.hope[i]
		for rival := range sum {
			sum[rival] += level[rival] - open[rival]
		}
	}
}
