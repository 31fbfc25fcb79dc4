package kernel

import (
	"math/bits"

	"rollcall/matchers/dictionary"
	"rollcall/matchers/text"
)

// A packed cell has a short ASCII value in eight bytes, the first one lowest, and
// in its second word the length, the length of the first half and whether the
// value fits.
const (
	packedBytes = 8
	packedFits  = 1 << 16
)

func pack(value string) cell {
	if len(value) > packedBytes {
		return cell{}
	}
	var c cell
	for i := range len(value) {
		if value[i] >= 0x80 {
			return cell{}
		}
		c[0] |= uint64(value[i]) << (8 * i)
	}
	c[1] = uint64(len(value)) | uint64(len(half(value)))<<8 | packedFits
	return c
}

func packAll(values dictionary.Texts) []cell {
	out := make([]cell, values.Len())
	for i, v := range values.All() {
		out[i] = pack(v)
	}
	return out
}

func (c *cell) packed() bool      { return c[1]&packedFits != 0 }
func (c *cell) packedLength() int { return int(c[1] & 0xFF) }

// firstHalf is the bytes of the first half and their number.
func (c *cell) firstHalf() (bytes uint64, length int) {
	length = int(c[1] >> 8 & 0xFF)
	return c[0] & (1<<(8*length) - 1), length
}

// withinOnePacked says whether two packed values are at most one edit apart, an
// exchange of neighbours being one.
func withinOnePacked(a, b *cell) bool {
	x, y := a[0], b[0]
	long, short := a.packedLength(), b.packedLength()
	if long < short {
		x, y, long, short = y, x, short, long
	}
	wrong := x ^ y
	at := bits.TrailingZeros64(wrong) &^ 7
	if long == short {
		rest := wrong >> at
		exchanged := one(rest>>16 == 0) & one(y>>at&0xFF == x>>at>>8&0xFF) & one(y>>at>>8&0xFF == x>>at&0xFF)
		return one(rest>>8 == 0)|exchanged != 0
	}
	// Without the byte at which they part, the rest of the longer one is that of
	// the shorter one.
	return long-short == 1 && x>>at>>8 == y>>at
}

func half(s string) string { return s[:min(len(s), max(2, len(s)/2))] }

// postcodes compares codes of places, of which the first half is a larger place.
type postcodes struct{ values dictionary.Texts }

func (p *postcodes) level(x, y *cell, a, b uint32) uint8 {
	if x.packed() && y.packed() {
		halfX, lengthX := x.firstHalf()
		halfY, lengthY := y.firstHalf()
		return max(2*one(withinOnePacked(x, y)), one(halfX == halfY)&one(lengthX == lengthY))
	}
	return p.exact(p.values.At(a), p.values.At(b))
}

func (p *postcodes) exact(a, b string) uint8 {
	switch {
	case text.WithinOne(a, b):
		return 2
	case half(a) == half(b):
		return 1
	}
	return 0
}

// houseNumbers compares numbers of two characters and more by one slip.
type houseNumbers struct{ values dictionary.Texts }

func (h *houseNumbers) level(x, y *cell, a, b uint32) uint8 {
	if x.packed() && y.packed() {
		return one(min(x.packedLength(), y.packedLength()) >= 2 && withinOnePacked(x, y))
	}
	return one(h.exact(h.values.At(a), h.values.At(b)))
}

// one is the level of a comparison that has one above "differs".
func one(holds bool) uint8 {
	if holds {
		return 1
	}
	return 0
}

func (h *houseNumbers) exact(a, b string) bool {
	return min(len(a), len(b)) >= 2 && text.WithinOne(a, b)
}
