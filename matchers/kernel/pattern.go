package kernel

import (
	"errors"
	"math/bits"
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
