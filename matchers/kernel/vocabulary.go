package kernel

import (
	"maps"
	"slices"

	"rollcall/matchers/dictionary"
	"rollcall/matchers/model"
	"rollcall/matchers/text"
)

// vocabulary is how common the words of a column's values are.
type vocabulary struct {
	bearers []uint64 // records that bear a word, by word code
	records uint64
}

func newVocabulary() vocabulary { return vocabulary{bearers: []uint64{0}} } // of no word

// code numbers a word; 0 is none.
func (v *vocabulary) code(known *dictionary.Dictionary, word string) uint32 {
	code := known.Code(word)
	if int(code) == len(v.bearers) {
		v.bearers = append(v.bearers, 0)
	}
	return code
}

// thaw takes how common words were when a model was trained. Those that no value
// has here still tell how common a sound and an initial are.
func (v *vocabulary) thaw(known *dictionary.Dictionary, frozen *model.FrozenComparison) {
	clear(v.bearers)
	for _, w := range slices.Sorted(maps.Keys(frozen.Words)) {
		v.bearers[v.code(known, w)] = frozen.Words[w]
	}
	v.records = max(frozen.WordRecords, 1)
}

// freeze writes down how common words are; those of several readings are made anew.
func (v *vocabulary) freeze(c *model.FrozenComparison, texts dictionary.Texts) {
	c.Words, c.WordRecords = map[string]uint64{}, v.records
	for code, word := range texts.All() {
		if code > 0 && !text.Open(word) {
			c.Words[word] = v.bearers[code]
		}
	}
}
