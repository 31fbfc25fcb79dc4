// Package dictionary numbers texts: equal ones have one number, from 1 on in the
// order in which they are first met. 0 is the empty text.
package dictionary

import (
	"hash/maphash"
	"slices"
	"unsafe"
)

// Dictionary is an open table of the numbers of its texts, which it copies. A slot
// has a number in its lower bits, as many as the numbers need, and bits of the
// text's hash above, so that most other texts are told apart without being looked
// at; 0 is a free slot.
type Dictionary struct {
	seed   maphash.Seed
	slots  []uint32
	number uint32 // the bits of a slot that are its number
	writer writer
	texts  []string
}

// firstSlots is a power of two, as all sizes are.
const firstSlots = 64

// New makes a dictionary that knows the empty text.
func New() *Dictionary {
	d := &Dictionary{seed: maphash.MakeSeed(), slots: make([]uint32, firstSlots), number: firstSlots - 1}
	d.writer.add("")
	return d
}

// Values are the texts by number; those that come later are not among them.
func (d *Dictionary) Values() Texts {
	d.writer.seal()
	return Texts{slices.Clone(d.writer.texts.blocks), d.writer.texts.length}
}

// Code is the number of a text.
func (d *Dictionary) Code(value string) uint32 {
	if value == "" {
		return 0
	}
	return d.resolve(value, d.hash(value))
}

// ahead is how many texts are looked up at once: the processor waits for their
// slots together, and for the texts that stand there.
const ahead = 64

// Append appends the numbers of texts to codes.
func (d *Dictionary) Append(codes []uint32, values []string) []uint32 {
	var hashes [ahead]uint64
	var slots [ahead]uint32
	var texts [ahead]string
	for len(values) > 0 {
		some := values[:min(ahead, len(values))]
		values = values[len(some):]
		for i, v := range some {
			hashes[i] = d.hash(v)
		}
		for i := range some {
			slots[i] = d.slots[uint32(hashes[i])&d.number]
		}
		number := d.number // a new text may change it
		for i := range some {
			texts[i] = d.writer.texts.At(slots[i] & number)
		}
		for i, v := range some {
			code := slots[i] & number
			if v == "" {
				code = 0
			} else if code == 0 || texts[i] != v {
				code = d.resolve(v, hashes[i])
			}
			codes = append(codes, code)
		}
	}
	return codes
}

// AppendBytes appends the numbers of texts that are bytes, which may change once
// it is done.
func AppendBytes[B ~[]byte](d *Dictionary, codes []uint32, values []B) []uint32 {
	d.texts = d.texts[:0]
	for _, v := range values {
		d.texts = append(d.texts, unsafe.String(unsafe.SliceData(v), len(v)))
	}
	return d.Append(codes, d.texts)
}

// AppendTexts appends the numbers of those texts that have certain numbers among
// others.
func (d *Dictionary) AppendTexts(codes []uint32, values Texts, numbers []uint32) []uint32 {
	for len(numbers) > 0 {
		some := numbers[:min(ahead, len(numbers))]
		numbers = numbers[len(some):]
		d.texts = d.texts[:0]
		for _, n := range some {
			d.texts = append(d.texts, values.At(n))
		}
		codes = d.Append(codes, d.texts)
	}
	return codes
}

// hash says in its lower half where to look first; its upper half, as far as there
// is room, stands in the slot.
func (d *Dictionary) hash(value string) uint64 { return maphash.String(d.seed, value) }

// resolve finds a text or adds it.
func (d *Dictionary) resolve(value string, hash uint64) uint32 {
	mark := uint32(hash>>32) &^ d.number
	at := uint32(hash) & d.number
	for ; d.slots[at] != 0; at = (at + 1) & d.number {
		if slot := d.slots[at]; slot&^d.number == mark && d.writer.texts.At(slot&d.number) == value {
			return slot & d.number
		}
	}
	code := d.writer.add(value)
	d.slots[at] = mark | code
	if uint64(code) > uint64(len(d.slots))/fullest*(fullest-1) {
		d.grow()
	}
	return code
}

// fullest is such that one of so many slots stays free.
const fullest = 3

// grow doubles the table. Hashes are made anew, text after text.
func (d *Dictionary) grow() {
	d.slots = make([]uint32, 2*len(d.slots))
	d.number = uint32(len(d.slots) - 1)
	for code, text := range d.writer.texts.All() {
		if code == 0 {
			continue
		}
		hash := d.hash(text)
		at := uint32(hash) & d.number
		for d.slots[at] != 0 {
			at = (at + 1) & d.number
		}
		d.slots[at] = uint32(hash>>32)&^d.number | uint32(code)
	}
}
