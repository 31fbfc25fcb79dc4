package kernel

import (
	"errors"
	"math/bits"

	"rollcall/matchers/model"
)

// radix packs the levels of a pair into one number: a digit a field, 0 for
// missing and level+1 otherwise.
type radix struct {
	factor []uint64
	base   []uint64
}

var errTooMany = errors.New("too many comparisons: their agreement patterns do not fit in 64 bits; leave some out")

func (t *Table) radix() (radix, error) {
	r := radix{make([]uint64, t.width), make([]uint64, t.width)}
	product := uint64(1)
	for i, f := range t.Fields {
		r.factor[i], r.base[i] = product, uint64(len(f.Ladder.Names)+1)
		over, next := bits.Mul64(product, r.base[i])
		if over != 0 || next > 1<<63 {
			return radix{}, errTooMany
		}
		product = next
	}
	return r, nil
}

func (r radix) unpack(key uint64, levels []uint8) {
	for i, base := range r.base {
		levels[i] = uint8(key%base) - 1
		key /= base
	}
}

func (r radix) pack(levels []uint8) uint64 {
	key := uint64(0)
	for i, level := range levels {
		key += uint64(level+1) * r.factor[i]
	}
	return key
}

// Levels compares a row of the left file with one of the right, one level a
// field.
func (t *Table) Levels(left, right int32, levels []uint8) {
	w := t.width
	a, b := t.Left.codes[int(left)*w:][:w], t.Right.codes[int(right)*w:][:w]
	t.judge(a, b, equal(a, b), present(a)&present(b), levels[:w])
}

// judge compares two records of which it is known which codes are equal and
// which both have.
func (t *Table) judge(a, b []uint32, equal, present uint64, levels []uint8) {
	for i, f := range t.Fields {
		level := uint8(model.Missing)
		switch bit := uint64(1) << i; {
		case f.skip:
		case f.family >= 0:
			levels[i], levels[f.family] = t.judgeNames(i, a, b, equal&present, present)
			continue
		case f.given:
			continue
		case present&bit == 0:
		case equal&bit != 0:
			level = f.equal[a[i]]
		default:
			level = f.judge.level(a[i], b[i])
		}
		if f.parent >= 0 {
			level = f.within(level, a[f.parent], b[f.parent])
		}
		levels[i] = level
	}
}

// judgeNames compares a given name and the family name beside it. Where neither
// is equal they are compared together: a word may have come into the other.
func (t *Table) judgeNames(i int, a, b []uint32, equal, present uint64) (given, family uint8) {
	g, k := t.Fields[i], t.Fields[i].family
	f := t.Fields[k]
	words := g.judge.(*wordNames)
	switch sameGiven, sameFamily := equal>>i&1 != 0, equal>>k&1 != 0; {
	case sameGiven && sameFamily:
		return g.equal[a[i]], f.equal[a[k]]
	case sameGiven && present>>k&1 != 0:
		_, family = words.levels(0, a[k], 0, b[k])
		return g.equal[a[i]], family
	case sameGiven:
		return g.equal[a[i]], model.Missing
	case sameFamily && present>>i&1 != 0:
		given, _ = words.levels(a[i], 0, b[i], 0)
		return given, f.equal[a[k]]
	case sameFamily:
		return model.Missing, f.equal[a[k]]
	}
	return words.levels(a[i], a[k], b[i], b[k])
}

// within judges a place together with the larger place that it lies in.
func (f *Field) within(level uint8, a, b uint32) uint8 {
	known := a != 0 && b != 0
	switch {
	case known && a == b && (level == model.Missing || int(level) < f.Ladder.Parent):
		return uint8(f.Ladder.Parent)
	case level == model.Missing && known && a != b:
		return 0
	}
	return level
}
