package kernel

import (
	"math/bits"

	"rollcall/matchers/model"
)

// Bound tells pairs that are of no interest before all of their levels are known.
type Bound struct {
	// Start and Weights add up to at least the log odds of a pair: what all pairs
	// have, and by field and level.
	Start   float64
	Weights [][]float64
	Least   float64 // what pairs must pass
	// Halvings is of those that cannot pass it, which are most, in a pass that learns:
	// one in two to that power is counted, for all of them.
	Halvings int
}

// ceiling is a bound made ready for a table.
type ceiling struct {
	start, least float64
	halvings     int
	weights      []float64 // by field and level, model.MaxLevels a field; the last one, of Missing, is 0
	open         []float64 // by field, the most that values bring that are not equal
}

func newCeiling(t *Table, b *Bound) *ceiling {
	if b == nil {
		return nil
	}
	c := &ceiling{
		start: b.Start, least: b.Least, halvings: b.Halvings,
		weights: make([]float64, t.width*model.MaxLevels), open: make([]float64, t.width),
	}
	for i, f := range t.Fields {
		copy(c.weights[i*model.MaxLevels:], b.Weights[i])
		for level, weight := range b.Weights[i] {
			if level < f.Ladder.Exact {
				c.open[i] = max(c.open[i], weight)
			}
		}
	}
	return c
}

// of is the weight of a level.
func (c *ceiling) of(field int, level uint8) float64 {
	return c.weights[field*model.MaxLevels+int(level%model.MaxLevels)]
}

// most is what a pair with those levels can reach, given which are still open.
func (c *ceiling) most(levels []uint8, open uint64) float64 {
	sum := c.start
	for i, level := range levels {
		if open>>i&1 != 0 {
			sum += c.open[i]
		} else {
			sum += c.of(i, level)
		}
	}
	return sum
}

// reached is what a pair with those levels has.
func (c *ceiling) reached(levels []uint8) float64 { return c.most(levels, 0) }

// change is by how much those fields, open before, now bring less.
func (c *ceiling) change(levels []uint8, fields uint64) float64 {
	sum := 0.0
	for ; fields != 0; fields &= fields - 1 {
		i := bits.TrailingZeros64(fields)
		sum += c.of(i, levels[i]) - c.open[i]
	}
	return sum
}
