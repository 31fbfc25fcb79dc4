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

// replace counts one number where another was.
func (l *lanes) replace(was, now *lanes) {
	l[0] += now[0] - was[0]
	l[1] += now[1] - was[1]
}

// deepest is the least weight that is told apart, in natural logarithms: a pair
// with one as low has no hope anyway, and greater ones only loosen the bound.
const deepest = -60.0

// Of a field's numbers in a ceiling the first are those of its levels, then that of
// missing, then the most that values bring that are not equal, of names by how
// much their words can say, and last the most of all.
const (
	atOpen    = model.MaxLevels
	atUnequal = atOpen + nameSteps - 1
	atAny     = atOpen + nameSteps
	perField  = atAny + 1
)

// ceiling is a bound made ready for a table. Its numbers are rounded up and start
// from the least of each field, so that none is negative.
type ceiling struct {
	least    lanes // what passes is no less, in any lane
	halvings int
	weights  []lanes // perField a field
	outlooks []outlook
	shift    uint // of the hash of an outlook
}

// An outlook is what pairs can reach of which is known which values are equal and
// which both have. Few kinds of them meet again and again.
type outlook struct {
	equal, present uint64
	most           lanes
	known          bool
	levels         [maxWidth]uint8 // of the fields that nothing more is to be said of
}

// outlookBits is for those who judge many pairs.
const outlookBits = 9

// newCeiling makes a bound ready, with room for one outlook to the power of two bits.
// All pairs pass one that is nil.
func newCeiling(t *Table, b *Bound, bits uint) *ceiling {
	c := &ceiling{weights: make([]lanes, t.width*perField), outlooks: make([]outlook, 1<<bits), shift: 64 - bits}
	if b == nil {
		return c
	}
	c.halvings = b.Halvings
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
		out[atAny] = max(out[atAny], out[level])
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
	}
	return out
}

// of is the numbers of a field.
func (c *ceiling) of(field int) *[perField]lanes {
	return (*[perField]lanes)(c.weights[field*perField:])
}

// passes is 1 where a pair may be of interest.
func (c *ceiling) passes(sum *lanes) int {
	above := ((sum[0] | laneHigh) - c.least[0]) & ((sum[1] | laneHigh) - c.least[1]) & laneHigh
	return int(one(above == laneHigh))
}

// reached says that a pair with those levels passes.
func (c *ceiling) reached(levels []uint8) bool {
	var sum lanes
	for i, level := range levels {
		w := &c.weights[i*perField+int(level%model.MaxLevels)]
		sum[0] += w[0]
		sum[1] += w[1]
	}
	return c.passes(&sum) != 0
}

// outlook is that of the pairs that have equal values in those fields and values on
// both sides in those.
func (c *ceiling) outlook(t *Table, equal, present uint64) *outlook {
	o := &c.outlooks[(equal^bits.RotateLeft64(present, 32))*0x9E3779B97F4A7C15>>c.shift]
	if o.known && o.equal == equal && o.present == present {
		return o
	}
	*o = outlook{equal: equal, present: present, known: true}
	for i := range t.width {
		o.levels[i] = model.Missing
		if present&^equal&t.plain>>i&1 != 0 {
			o.levels[i] = 0
		}
		w := &c.weights[i*perField+int(t.hope(i, equal, present))]
		o.most[0] += w[0]
		o.most[1] += w[1]
	}
	return o
}

// hope is which of its numbers a field of such pairs can reach before its values are
// looked at.
func (t *Table) hope(i int, equal, present uint64) uint8 {
	switch bit := uint64(1) << i; {
	case t.judged&bit == 0:
		return model.Missing % model.MaxLevels
	case equal&bit != 0:
		return atAny
	case present&t.plain&bit != 0:
		return 0
	case (present|t.nested)&bit != 0, t.pair[i] != 0 && equal&t.pair[i] == 0:
		return atUnequal // a larger place, or a name that stands in the other field, may still tell
	}
	return model.Missing % model.MaxLevels
}
