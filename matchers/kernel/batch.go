package kernel

import (
	"encoding/binary"
	"iter"
	"math/bits"

	"rollcall/matchers/model"
)

// batchPairs is how many pairs are judged at a time: few enough that what is known
// of them stays in the nearest cache.
const batchPairs = 256

// batch is pairs of gathered rows that are judged together, one kind of comparison
// after the other, what costs least first: a loop that does one thing to many pairs
// has all that it needs at hand, and waits for the memory of several pairs at once.
type batch struct {
	table  *Table
	bound  *ceiling
	fields uint64 // that are judged, as bits
	a, b   *gathered
	pairs  []candidate
	levels []uint8  // pairs * stride
	stride int      // levels of a pair, a multiple of eight
	live   []uint16 // the pairs that may still be of interest
	some   []uint16 // of them, those that a comparison is for
}

// candidate is a pair while its levels become known.
type candidate struct {
	i, j           int32  // among the gathered rows
	equal, present uint64 // fields, as bits, in which values are equal, which both have
	open           uint64 // fields whose levels are not known yet, as bits
	most           lanes  // that the pair can still reach
}

func newBatch(t *Table, bound *ceiling) batch {
	stride := (t.width + 7) &^ 7
	return batch{
		table: t, bound: bound, fields: t.judged, stride: stride, pairs: make([]candidate, 0, batchPairs),
		levels: make([]uint8, batchPairs*stride), live: make([]uint16, 0, batchPairs), some: make([]uint16, 0, batchPairs),
	}
}

// start says whose pairs follow.
func (b *batch) start(left, right *gathered) {
	b.a, b.b = left, right
	b.clear()
}

func (b *batch) clear()     { b.pairs = b.pairs[:0] }
func (b *batch) full() bool { return len(b.pairs) == batchPairs }

// add takes a pair of which it is known which codes are equal.
func (b *batch) add(i, j int, equal uint64) {
	present := b.a.present[i] & b.b.present[j] & b.fields
	n := len(b.pairs)
	b.pairs = b.pairs[:n+1]
	c := &b.pairs[n]
	c.i, c.j, c.equal, c.present = int32(i), int32(j), equal&present, present
}

// of is the levels of a pair that passes.
func (b *batch) of(at uint16) []uint8 { return b.levels[int(at)*b.stride:][:b.table.width] }

// drain judges all pairs and gives those that pass the bound, with their levels, which
// are used again; then the batch is empty.
func (b *batch) drain() iter.Seq2[*candidate, []uint8] {
	return func(yield func(*candidate, []uint8) bool) {
		defer b.clear()
		for _, at := range b.judge() {
			if !yield(&b.pairs[at], b.of(at)) {
				return
			}
		}
	}
}

// judge finds the levels of all pairs and returns those that pass the bound, by
// their places.
func (b *batch) judge() []uint16 {
	if len(b.pairs) == 0 {
		return nil
	}
	b.hope()
	b.look()
	b.quick()
	b.glance()
	b.settleEqual()
	for k := range b.table.steps {
		b.take(&b.table.steps[k])
	}
	return b.live
}

// hope begins with what pairs can reach by which of their values are equal.
func (b *batch) hope() {
	b.live = b.live[:len(b.pairs)]
	n := 0
	for at := range b.pairs {
		c := &b.pairs[at]
		o := b.bound.outlook(b.table, c.equal, c.present)
		c.most = o.most
		c.open = c.present &^ c.equal &^ b.table.plain
		levels := b.levels[at*b.stride:][:b.stride]
		for k := 0; k < len(levels); k += 8 {
			binary.LittleEndian.PutUint64(levels[k:], binary.LittleEndian.Uint64(o.levels[k&(maxWidth-1):]))
		}
		b.live[n] = uint16(at)
		n += b.bound.passes(&c.most)
	}
	b.live = b.live[:n]
}

// look reads what rows are compared by.
func (b *batch) look() {
	for _, at := range b.live {
		c := &b.pairs[at]
		if !b.a.seen[c.i] {
			b.a.look(b.table, int(c.i))
		}
		if !b.b.seen[c.j] {
			b.b.look(b.table, int(c.j))
		}
	}
}

// sift keeps the pairs alive that can still pass the bound.
func (b *batch) sift() {
	n := 0
	for _, at := range b.live {
		b.live[n] = at
		n += b.bound.passes(&b.pairs[at].most)
	}
	b.live = b.live[:n]
}

// wanting is the live pairs of which some of those fields are open.
func (b *batch) wanting(fields uint64) []uint16 {
	some := b.some[:len(b.live)]
	n := 0
	for _, at := range b.live {
		some[n] = at
		n += nonzero(b.pairs[at].open & fields)
	}
	return some[:n]
}

// nonzero is 1 where some bit is set.
func nonzero(x uint64) int { return int((x | -x) >> 63) }

// set notes the level of a field of a pair, for which another number was counted.
func (b *batch) set(at uint16, field int, level, counted uint8) {
	b.levels[int(at)*b.stride+field] = level
	b.pairs[at].most.replace(&b.bound.of(field)[counted], &b.bound.of(field)[level%model.MaxLevels])
}

// quick settles what is compared in next to no time: numbers that a glance tells
// apart, dates, places, and those of which only the larger place is known.
func (b *batch) quick() {
	t := b.table
	for _, field := range t.quick {
		if t.numbered>>field&1 != 0 {
			b.glanceAtNumbers(field)
		} else {
			b.settle(field)
		}
	}
	for rest := t.nested; rest != 0; rest &= rest - 1 {
		b.placesAbove(bits.TrailingZeros64(rest))
	}
	b.sift()
}

// settle compares different values of one field.
func (b *batch) settle(field int) {
	t, f := b.table, b.table.Fields[field]
	for _, at := range b.wanting(1 << field) {
		c := &b.pairs[at]
		i, j := int(c.i), int(c.j)
		x, y := b.a.record(i), b.b.record(j)
		level := f.judge.level(b.a.cell(t, i, field), b.b.cell(t, j, field), x[f.at], y[f.at])
		if len(f.parents) > 0 {
			level = t.within(field, x, y, level)
		}
		b.set(at, field, level, atUnequal)
		c.open &^= 1 << field
	}
}

// glanceAtNumbers settles the numbers that a glance is enough for.
func (b *batch) glanceAtNumbers(field int) {
	for _, at := range b.wanting(1 << field) {
		c := &b.pairs[at]
		if level, told := numbersAtAGlance(b.a.cell(b.table, int(c.i), field), b.b.cell(b.table, int(c.j), field)); told {
			b.set(at, field, level, atUnequal)
			c.open &^= 1 << field
		}
	}
}

// placesAbove settles places that one record lacks, by the larger place.
func (b *batch) placesAbove(field int) {
	for _, at := range b.live {
		if c := &b.pairs[at]; c.present>>field&1 == 0 {
			b.set(at, field, b.table.within(field, b.a.record(int(c.i)), b.b.record(int(c.j)), model.Missing), atUnequal)
		}
	}
}

// glance settles the names of strangers, and says what others can still tell: no
// more than their words do.
func (b *batch) glance() {
	for k, v := range b.table.voices {
		if v.family >= 0 {
			b.openBoth(v)
			b.glanceAtBoth(k, v)
		} else {
			b.glanceAtOne(k, v.given)
		}
	}
	b.sift()
}

// openBoth opens a given and a family name of which neither is equal: a word may
// have come into the other.
func (b *batch) openBoth(v voice) {
	fields := v.fields()
	for _, at := range b.live {
		c := &b.pairs[at]
		if c.equal&fields != 0 {
			continue
		}
		if b.a.present[c.i]&fields != 0 && b.b.present[c.j]&fields != 0 {
			c.open |= fields
			continue
		}
		for _, field := range [...]int{v.given, v.family} { // one record has neither
			weights := b.bound.of(field)
			c.most.replace(&weights[atUnequal], &weights[model.Missing%model.MaxLevels])
		}
	}
}

// glanceAtBoth looks at given names with the family names beside them.
func (b *batch) glanceAtBoth(k int, v voice) {
	voices := len(b.table.voices)
	xs, ys := b.a.glances[k:], b.b.glances[k:]
	given, family := b.bound.of(v.given), b.bound.of(v.family)
	for _, at := range b.wanting(v.fields()) {
		c := &b.pairs[at]
		x, y := &xs[int(c.i)*voices], &ys[int(c.j)*voices]
		openGiven, openFamily := c.open>>v.given&1, c.open>>v.family&1
		both := openGiven & openFamily
		absent := both &^ ((c.present >> v.given) & (c.present >> v.family))
		strange := (unlikeAtAGlance(&x[0], &y[0]) | (openGiven ^ 1)) & (unlikeAtAGlance(&x[1], &y[1]) | (openFamily ^ 1)) &^ absent
		if strange != 0 && both != 0 {
			strange = unlikeAtAGlance(&x[0], &y[1]) & unlikeAtAGlance(&x[1], &y[0])
		}
		if strange != 0 {
			if openGiven != 0 {
				b.strangers(at, v.given)
			}
			if openFamily != 0 {
				b.strangers(at, v.family)
			}
			continue
		}
		if openGiven != 0 {
			c.most.replace(&given[atUnequal], &given[atOpen+toldByGiven(x, y)])
		}
		if openFamily != 0 {
			c.most.replace(&family[atUnequal], &family[atOpen+toldByAll(x, y)])
		}
	}
}

// toldByGiven and toldByAll are the step of information that two names can still tell,
// by the words of their given names, and by all, as those of a family name may stand in
// either.
func toldByGiven(x, y *[2]glance) uint8 { return min(x[0].told, y[0].told).step() }

func toldByAll(x, y *[2]glance) uint8 {
	return min(x[0].told+x[1].told, y[0].told+y[1].told).step()
}

// glanceAtOne looks at names that stand alone.
func (b *batch) glanceAtOne(k, field int) {
	voices, weights := len(b.table.voices), b.bound.of(field)
	xs, ys := b.a.glances[k:], b.b.glances[k:]
	for _, at := range b.wanting(1 << field) {
		c := &b.pairs[at]
		x, y := &xs[int(c.i)*voices], &ys[int(c.j)*voices]
		if unlikeAtAGlance(&x[0], &y[0]) != 0 {
			b.strangers(at, field)
			continue
		}
		c.most.replace(&weights[atUnequal], &weights[atOpen+toldByGiven(x, y)])
	}
}

// strangers settles two names that have no word in common: by how they are spelt.
func (b *batch) strangers(at uint16, field int) {
	t, c, f := b.table, &b.pairs[at], b.table.Fields[field]
	i, j := int(c.i), int(c.j)
	level := f.names.similar(b.a.cell(t, i, field), b.b.cell(t, j, field), b.a.record(i)[f.at], b.b.record(j)[f.at])
	b.set(at, field, level, atUnequal)
	c.open &^= 1 << field
}

// settleEqual settles what is equal.
func (b *batch) settleEqual() {
	for _, at := range b.live {
		c := &b.pairs[at]
		record := b.a.record(int(c.i))
		for rest := c.equal; rest != 0; rest &= rest - 1 {
			field := bits.TrailingZeros64(rest)
			b.set(at, field, b.table.Fields[field].equal[record[field]], atAny)
		}
	}
	b.sift()
}

// take judges one of the steps that are left, what costs most last.
func (b *batch) take(s *step) {
	if s.voice < 0 {
		b.settle(s.field)
	} else {
		for _, at := range b.wanting(s.fields) {
			b.name(at, s)
		}
	}
	b.sift()
}

// name judges a name word by word.
func (b *batch) name(at uint16, s *step) {
	t, c := b.table, &b.pairs[at]
	x, y := b.a.name(t, int(c.i), s.voice), b.b.name(t, int(c.j), s.voice)
	levels, n, v := b.of(at), t.Fields[s.field].names, t.voices[s.voice]
	if v.family >= 0 {
		n.both(v, &x, &y, c.equal, c.present, levels)
	} else {
		levels[v.given] = n.givens(&x, &y)
	}
	if c.open>>v.given&1 != 0 {
		b.set(at, v.given, levels[v.given], atOpen+toldByGiven(x.glances, y.glances))
	}
	if v.family >= 0 && c.open>>v.family&1 != 0 {
		b.set(at, v.family, levels[v.family], atOpen+toldByAll(x.glances, y.glances))
	}
}

// within judges a place together with the larger places that it lies in.
func (t *Table) within(field int, a, b []uint32, level uint8) uint8 {
	f := t.Fields[field]
	differ := false
	for k, parent := range f.parents {
		ours, theirs := a[parent], b[parent]
		if ours == 0 || theirs == 0 {
			continue
		}
		if at := uint8(f.Ladder.Parent + len(f.parents) - 1 - k); ours == theirs {
			if level == model.Missing || level < at {
				return at
			}
			return level
		}
		differ = true
	}
	if level == model.Missing && differ {
		return 0
	}
	return level
}
