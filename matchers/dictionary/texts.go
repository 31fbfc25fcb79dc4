package dictionary

import (
	"iter"
	"math"
	"slices"
	"strings"
	"unsafe"
)

// Texts are texts by number, one after the other in a few pieces of memory that hold
// no pointers: millions of them are one value to the garbage collector, and each
// takes four bytes besides its own. They never change; copies share them.
type Texts struct {
	blocks []block
	length int
}

// block is blockTexts texts, the last one of its Texts fewer.
type block struct {
	text   string
	starts []uint32 // of the texts, and where the last one ends
}

// blockTexts is how many texts stand together, all of them in less than 4 GiB; a
// power of two.
const blockTexts = 1024

// Of puts texts together.
func Of(values ...string) Texts { return Texts{}.With(values...) }

// Len is how many texts there are.
func (t Texts) Len() int { return t.length }

// At is the text of a number.
func (t Texts) At(number uint32) string {
	b := &t.blocks[number/blockTexts]
	at := number % blockTexts
	return b.text[b.starts[at]:b.starts[at+1]]
}

// All are the texts by number, from 0 on.
func (t Texts) All() iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		number := 0
		for i := range t.blocks {
			b := &t.blocks[i]
			for at := 1; at < len(b.starts); at++ {
				if !yield(number, b.text[b.starts[at-1]:b.starts[at]]) {
					return
				}
				number++
			}
		}
	}
}

// Each are the texts in their order.
func (t Texts) Each() iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, text := range t.All() {
			if !yield(text) {
				return
			}
		}
	}
}

// Has tells whether some text has a byte.
func (t Texts) Has(c byte) bool {
	return slices.ContainsFunc(t.blocks, func(b block) bool { return strings.IndexByte(b.text, c) >= 0 })
}

// Is tells whether both are the same memory, not only equal.
func (t Texts) Is(other Texts) bool {
	return t.length == other.length && t.length > 0 && &t.blocks[0] == &other.blocks[0]
}

// With is the texts with further ones behind them.
func (t Texts) With(values ...string) Texts {
	w := writer{texts: Texts{slices.Clone(t.blocks), t.length}}
	if last := len(t.blocks) - 1; last >= 0 {
		w.texts.blocks[last].starts = slices.Clone(t.blocks[last].starts)
	}
	for _, v := range values {
		w.add(v)
	}
	w.seal()
	return w.texts
}

// Pick is the texts of some numbers, in their order.
func (t Texts) Pick(numbers []uint32) Texts {
	var w writer
	for _, n := range numbers {
		w.add(t.At(n))
	}
	w.seal()
	return w.texts
}

// writer puts texts behind each other.
type writer struct {
	texts Texts
	open  []byte // of the last block, whose text it is
}

// add gives a text the next number.
func (w *writer) add(value string) uint32 {
	t := &w.texts
	if t.length%blockTexts == 0 {
		length := len(w.open)
		w.seal()
		t.blocks = append(t.blocks, block{starts: make([]uint32, 1)})
		if t.length > 0 { // many more may come, as long as the last ones
			w.open = make([]byte, 0, length+length/16)
			t.blocks[len(t.blocks)-1].starts = make([]uint32, 1, blockTexts+1)
		}
	}
	b := &t.blocks[len(t.blocks)-1]
	if len(w.open) < len(b.text) { // it was sealed before it was full
		w.open = []byte(b.text)
	}
	if len(w.open)+len(value) > math.MaxUint32 {
		panic("dictionary: texts of more than 4 GiB in one block")
	}
	w.open = append(w.open, value...)
	b.text = unsafe.String(unsafe.SliceData(w.open), len(w.open))
	b.starts = append(b.starts, uint32(len(w.open)))
	t.length++
	return uint32(t.length - 1)
}

// seal gives the last block no more room than it needs.
func (w *writer) seal() {
	if cap(w.open)-len(w.open) > len(w.open)/8 {
		w.texts.blocks[len(w.texts.blocks)-1].text = string(w.open)
	}
	w.open = nil
}
