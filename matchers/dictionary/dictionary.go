// Package dictionary numbers texts: equal ones have one number, from 1 on in the
// order in which they are first met. 0 is the empty text.
package dictionary

import (
	"hash/maphash"
	"unsafe"
)

// Dictionary is an open table. A slot has the upper half of its word from the
// text's hash, so that most other texts are told apart without being looked at,
// and the number below; 0 is a free slot.
type Dictionary struct {
	seed   maphash.Seed
	slots  []uint64
	values []string
	lives  bool
	fresh  []int // numbers of texts that are still their caller's
	bytes  []byte
	texts  []string
}

const (
	firstSlots = 64 // a power of two, as all sizes are
	hashShift  = 32
	codeMask   = 1<<hashShift - 1
)

// New makes a dictionary that copies the texts that it keeps.
func New() *Dictionary {
	return &Dictionary{seed: maphash.MakeSeed(), slots: make([]uint64, firstSlots), values: make([]string, 1, firstSlots)}
}

// OfLasting makes a dictionary of texts that live on and need no copy.
func OfLasting() *Dictionary {
	d := New()
	d.lives = true
	return d
}

// Values are the texts by number. They are the dictionary's own.
func (d *Dictionary) Values() []string { return d.values }

// Code is the number of a text.
func (d *Dictionary) Code(value string) uint32 {
	if value == "" {
		return 0
	}
	code := d.resolve(value, d.hash(value))
	d.settle()
	return code
}

// ahead is how many texts are looked up at once: the processor waits for their
// slots together, and for the texts that stand there.
const ahead = 64

// Append appends the numbers of texts to codes.
func (d *Dictionary) Append(codes []uint32, values []string) []uint32 {
	var hashes [ahead]uint64
	var slots [ahead]uint64
	var texts [ahead]string
	for len(values) > 0 {
		some := values[:min(ahead, len(values))]
		values = values[len(some):]
		for i, v := range some {
			hashes[i] = d.hash(v)
		}
		mask := uint64(len(d.slots) - 1)
		for i := range some {
			slots[i] = d.slots[hashes[i]&mask]
		}
		for i := range some {
			texts[i] = d.values[slots[i]&codeMask]
		}
		for i, v := range some {
			code := uint32(0)
			if v != "" {
				code = uint32(slots[i] & codeMask)
				if slots[i]>>hashShift != hashes[i]>>hashShift || code == 0 || texts[i] != v {
					code = d.resolve(v, hashes[i])
				}
			}
			codes = append(codes, code)
		}
	}
	d.settle()
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

// hash is at least 1<<hashShift; its lower half says where to look first, its
// upper half stands in the slot.
func (d *Dictionary) hash(value string) uint64 {
	h := maphash.String(d.seed, value) & codeMask
	return h<<hashShift | h
}

// resolve finds a text or adds it.
func (d *Dictionary) resolve(value string, hash uint64) uint32 {
	mask := uint64(len(d.slots) - 1)
	at := hash & mask
	for ; d.slots[at] != 0; at = (at + 1) & mask {
		if slot := d.slots[at]; slot>>hashShift == hash>>hashShift && d.values[slot&codeMask] == value {
			return uint32(slot & codeMask)
		}
	}
	code := len(d.values)
	d.values = append(d.values, value)
	d.slots[at] = hash>>hashShift<<hashShift | uint64(code)
	if !d.lives {
		d.fresh = append(d.fresh, code)
	}
	if 2*len(d.values) > len(d.slots) {
		d.grow()
	}
	return uint32(code)
}

func (d *Dictionary) grow() {
	old := d.slots
	d.slots = make([]uint64, 2*len(old))
	mask := uint64(len(d.slots) - 1)
	for _, slot := range old {
		if slot == 0 {
			continue
		}
		at := slot >> hashShift & mask
		for d.slots[at] != 0 {
			at = (at + 1) & mask
		}
		d.slots[at] = slot
	}
}

// settle copies the new texts, all in one piece.
func (d *Dictionary) settle() {
	if len(d.fresh) == 0 {
		return
	}
	d.bytes = d.bytes[:0]
	for _, code := range d.fresh {
		d.bytes = append(d.bytes, d.values[code]...)
	}
	text := string(d.bytes)
	for _, code := range d.fresh {
		length := len(d.values[code])
		d.values[code], text = text[:length], text[length:]
	}
	d.fresh = d.fresh[:0]
}
