package kernel

import (
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"rollcall/matchers/dictionary"
	"rollcall/matchers/text"
)

// addresses compares by the words of both, each of which weighs as much as it is rare:
// a house number tells more than "road", and "house" before it next to nothing. What
// words do not show, such as two written in one, the spelling of the whole may.
type addresses struct {
	spelling *names
	words    dictionary.Texts
	cells    []cell // of the words
	least    *leastLetters
	weights  []int32  // of a word, in sixteenths of a bit
	numbers  []bool   // words with a digit
	from     []uint32 // by value, where its words begin in list
	list     []uint32 // words of all values, those of one value sorted and once
	vocabulary
}

// What words in common have to weigh: of all words of both for an address to be nearly
// equal, of the shorter one's for it to be within the other, and in bits, for "road"
// alone is within most.
const (
	addressNear    = 0.75
	addressWithin  = 0.85
	addressSimilar = 0.6
	addressLeast   = 4 << addressScale
	addressScale   = 4 // sixteenths
)

// misspelt is the Jaro-Winkler similarity from which two longer words of addresses are
// one, spelt otherwise.
const (
	misspelt        = 0.9
	misspeltLetters = 4 // that they have at least
)

// maxAddressWords is how many words of an address are compared.
const maxAddressWords = 16

func newAddresses(f *Field, same bool) *addresses {
	a := &addresses{spelling: &names{values: f.values, similar: .8, near: .92, edits: 2, leastRunes: 5, least: newLeastLetters(.8)}}
	known := dictionary.New()
	a.vocabulary = newVocabulary()
	var room [maxAddressWords]uint32
	for code, value := range f.values.All() {
		of := room[:0]
		for w := range strings.FieldsSeq(value) {
			word := a.code(known, w)
			if len(of) < maxAddressWords && !slices.Contains(of, word) {
				of = append(of, word)
				a.bearers[word] += f.bearers(code, same)
			}
		}
		slices.Sort(of)
		a.from = append(a.from, uint32(len(a.list)))
		a.list = append(a.list, of...)
		if code > 0 {
			a.records += f.bearers(code, same)
		}
	}
	a.from = append(a.from, uint32(len(a.list)))
	if f.frozen != nil && f.frozen.Words != nil {
		a.thaw(known, f.frozen)
	}
	a.words = known.Values()
	a.cells, a.least = spell(a.words, letterSlot), newLeastLetters(misspelt)
	a.weigh()
	return a
}

func (a *addresses) weigh() {
	a.weights, a.numbers = make([]int32, a.words.Len()), make([]bool, a.words.Len())
	for code, w := range a.words.All() {
		share := float64(max(a.bearers[code], 1)) / float64(max(a.records, 1))
		a.weights[code] = int32(math.Round(-math.Log2(min(share, 1)) * (1 << addressScale)))
		a.numbers[code] = strings.ContainsAny(w, "0123456789")
	}
}

func (a *addresses) of(value uint32) []uint32 { return a.list[a.from[value]:a.from[value+1]] }

func (a *addresses) level(x, y *cell, v, w uint32) uint8 {
	o := a.overlap(a.of(v), a.of(w))
	share, within := 0.0, 0.0
	if o.common >= addressLeast {
		share = 2 * float64(o.common) / float64(o.left+o.right)
		within = float64(o.common) / float64(min(o.left, o.right))
	}
	if !o.numbers && share >= addressNear {
		return 2
	}
	switch spelt := a.spelling.level(x, y, v, w); {
	case !o.numbers && spelt == 2:
		return 2
	case share >= addressSimilar || within >= addressWithin || spelt > 0:
		return 1
	}
	return 0
}

// An overlap is what the words of two addresses weigh.
type overlap struct {
	common, left, right int32 // of what both have, of all that either has
	numbers             bool  // each has a number that the other has not
}

// overlap compares sorted words: first those that are equal, then those that are alike.
func (a *addresses) overlap(v, w []uint32) overlap {
	var o overlap
	var roomV, roomW [maxAddressWords]uint32
	onlyV, onlyW := roomV[:0], roomW[:0]
	for i, j := 0, 0; i < len(v) || j < len(w); {
		switch {
		case j == len(w) || i < len(v) && v[i] < w[j]:
			onlyV = append(onlyV, v[i])
			o.left += a.weights[v[i]]
			i++
		case i == len(v) || v[i] > w[j]:
			onlyW = append(onlyW, w[j])
			o.right += a.weights[w[j]]
			j++
		default:
			o.common += a.weights[v[i]]
			i, j = i+1, j+1
		}
	}
	number := func(word uint32) bool { return a.numbers[word] }
	o.numbers = slices.ContainsFunc(onlyV, number) && slices.ContainsFunc(onlyW, number)
	if a.someAlike(onlyV, onlyW) {
		a.pairAlike(&o, onlyV, onlyW)
	}
	o.left, o.right = o.left+o.common, o.right+o.common
	return o
}

// someAlike says that any of the one's words is alike one of the other's: mostly none is.
func (a *addresses) someAlike(v, w []uint32) bool {
	return slices.ContainsFunc(v, func(x uint32) bool {
		return slices.ContainsFunc(w, func(y uint32) bool { return a.alike(x, y) })
	})
}

// pairAlike counts as common what words that are alike weigh, each at most once. They are
// taken in the order of their texts, as codes are as the rows come.
func (a *addresses) pairAlike(o *overlap, v, w []uint32) {
	byText := func(x, y uint32) int { return strings.Compare(a.words.At(x), a.words.At(y)) }
	slices.SortFunc(v, byText)
	slices.SortFunc(w, byText)
	if slices.CompareFunc(v, w, byText) > 0 {
		v, w, o.left, o.right = w, v, o.right, o.left
	}
	for _, word := range v {
		if at := slices.IndexFunc(w, func(other uint32) bool { return a.alike(word, other) }); at >= 0 {
			o.common += min(a.weights[word], a.weights[w[at]])
			o.left, o.right = o.left-a.weights[word], o.right-a.weights[w[at]]
			w = slices.Delete(w, at, at+1)
		}
	}
}

// alike says that two words without digits are one, spelt otherwise.
func (a *addresses) alike(v, w uint32) bool {
	if a.numbers[v] || a.numbers[w] {
		return false
	}
	x, y := &a.cells[v], &a.cells[w]
	if x.plain() && y.plain() && (min(x.length(), y.length()) < misspeltLetters || common(x, y) < int(a.least[prefix(x, y)][x.length()][y.length()])) {
		return false
	}
	one, other := a.words.At(v), a.words.At(w)
	return min(utf8.RuneCountInString(one), utf8.RuneCountInString(other)) >= misspeltLetters && text.JaroWinkler(one, other) >= misspelt
}
