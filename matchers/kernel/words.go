package kernel

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
	"strings"
	"unicode/utf8"

	"rollcall/matchers/model"
	"rollcall/matchers/text"
)

// maxWords is how many words of a name are looked at, in given and family name
// together.
const maxWords = 8

// Word likeness: two words are one, spelt otherwise, when one edit apart (two in
// long ones), or when they sound alike and agree in most letters.
const (
	editRunes     = 4 // least length at which one edit counts
	longEditRunes = 8 // and two
	soundsLike    = 0.75
)

// lexicon is the words of a dictionary of names: what they are, how they sound
// and how rare they are.
type lexicon struct {
	starts []uint32 // by value: its words in list
	list   []uint32 // word codes
	texts  []string // by word code
	words  []word
}

// word has what bounds a comparison. Bits are the information, in bits, of
// meeting the word, one that sounds so, or one with the initial.
type word struct {
	feature
	runes     uint8
	isInitial bool
	mute      bool // its sound is too short to go by
	sound     uint32
	initial   rune
	bits      float32
	soundBits float32
	initBits  float32
}

// newLexicon takes the values apart. counts is how many records bear each value.
func newLexicon(values []string, counts []uint64, records uint64) *lexicon {
	x := &lexicon{starts: make([]uint32, len(values)+1)}
	codes := map[string]uint32{}
	var bearers []uint64
	for code, value := range values {
		from := len(x.list)
		for _, w := range strings.Fields(value) {
			known, ok := codes[w]
			if !ok {
				known = uint32(len(x.texts))
				codes[w] = known
				x.texts = append(x.texts, w)
				bearers = append(bearers, 0)
			}
			if len(x.list)-from < maxWords && !slices.Contains(x.list[from:], known) {
				x.list = append(x.list, known)
				bearers[known] += counts[code]
			}
		}
		x.starts[code+1] = uint32(len(x.list))
	}
	x.weigh(bearers, max(records, 1))
	return x
}

// weigh fills in how words sound and how rare they are.
func (x *lexicon) weigh(bearers []uint64, records uint64) {
	features := newSpelling(x.texts, letterSlot).features
	x.words = make([]word, len(x.texts))
	sounds := map[string]uint32{}
	var bySound []uint64
	byInitial := map[rune]uint64{}
	for code, written := range x.texts {
		w := &x.words[code]
		w.feature = features[code]
		w.runes = uint8(min(utf8.RuneCountInString(written), 255))
		w.initial, _ = utf8.DecodeRuneInString(written)
		w.isInitial = w.runes == 1
		sound := text.Romanised(written)
		w.mute = len(sound) < 2
		known, ok := sounds[sound]
		if !ok {
			known = uint32(len(bySound))
			sounds[sound] = known
			bySound = append(bySound, 0)
		}
		w.sound = known
		bySound[known] += bearers[code]
		byInitial[w.initial] += bearers[code]
	}
	information := func(n uint64) float32 {
		return float32(-math.Log2(min(1, float64(max(n, 1))/float64(records))))
	}
	for code := range x.words {
		w := &x.words[code]
		w.bits = information(bearers[code])
		w.soundBits = information(bySound[w.sound])
		w.initBits = information(byInitial[w.initial])
	}
}

func (x *lexicon) of(value uint32) []uint32 { return x.list[x.starts[value]:x.starts[value+1]] }

// likeness is how two words are one.
type likeness int

const (
	unlike likeness = iota
	same
	spelt   // otherwise
	initial // of the other
)

// compare says how two words are one.
func (x *lexicon) compare(a, b uint32) likeness {
	if a == b {
		return same
	}
	v, w := &x.words[a], &x.words[b]
	if v.sound == w.sound && !v.mute {
		if text.JaroWinkler(x.texts[a], x.texts[b]) >= soundsLike {
			return spelt
		}
		return unlike
	}
	shorter := min(v.runes, w.runes)
	if shorter < editRunes {
		if v.initial == w.initial && v.isInitial != w.isInitial {
			return initial
		}
		return unlike
	}
	edits := 1
	if shorter >= longEditRunes {
		edits = 2
	}
	if v.plain && w.plain && apart(v.feature, w.feature, edits) {
		return unlike
	}
	if x.near(a, b, edits) {
		return spelt
	}
	return unlike
}

func (x *lexicon) near(a, b uint32, edits int) bool {
	if edits == 1 {
		return text.WithinOne(x.texts[a], x.texts[b])
	}
	return text.OSA(x.texts[a], x.texts[b]) <= edits
}

// spoken is the words of one record's given and family name, and as bits those
// of the given name and those that found no like.
type spoken struct {
	words       [maxWords]uint32
	count       int
	given, free uint32
}

func (s *spoken) take(given, family []uint32) {
	n := 0
	for _, w := range given {
		s.words[n] = w
		n++
	}
	s.given = 1<<n - 1
	for _, w := range family[:min(len(family), maxWords-n)] {
		s.words[n] = w
		n++
	}
	s.count, s.free = n, 1<<n-1
}

// rest says whether words without their like are left, of the given name and of
// the family name.
func (s *spoken) rest() (given, family bool) {
	return s.free&s.given != 0, s.free&^s.given != 0
}

// meeting is what two names have in common: in given names, and elsewhere.
type meeting struct {
	bits  [2]float32
	pairs [2]int
}

// align pairs the words of two names, each with one at most: equal ones first,
// then those spelt otherwise, then initials; within given and family names
// first, then across.
func (x *lexicon) align(a, b *spoken) meeting {
	var m meeting
	var likes [initial + 1][maxWords]uint32 // words of b by word of a
	any := false
	for i, v := range a.words[:a.count] {
		for j, w := range b.words[:b.count] {
			if l := x.compare(v, w); l != unlike {
				likes[l][i] |= 1 << j
				any = true
			}
		}
	}
	if !any {
		return m
	}
	for l := same; l <= initial; l++ {
		for _, across := range [2]bool{false, true} {
			for i, v := range a.words[:a.count] {
				mine := b.given
				if (a.given>>i&1 != 0) == across {
					mine = ^b.given
				}
				if found := likes[l][i] & b.free & mine; found != 0 && a.free>>i&1 != 0 {
					j := bits.TrailingZeros32(found)
					a.free &^= 1 << i
					b.free &^= 1 << j
					m.add(x.information(l, v, b.words[j]), a.given>>i&1 != 0 && b.given>>j&1 != 0)
				}
			}
		}
	}
	return m
}

func (m *meeting) add(information float32, given bool) {
	field := 1
	if given {
		field = 0
	}
	m.bits[field] += information
	m.pairs[field]++
}

// information is what two words say that are one.
func (x *lexicon) information(l likeness, a, b uint32) float32 {
	switch l {
	case same:
		return x.words[a].bits
	case spelt:
		return min(x.words[a].soundBits, x.words[b].soundBits)
	}
	return x.words[a].initBits
}

// The levels of names before those that are exact: see the ladders of model.
const (
	nameDiffers  = 0
	nameSimilar  = 1
	nameConflict = 2 // and two more, by information
	nameAlike    = 5 // and three more
)

// commonBits, usualBits and rareBits part what words in common say: one person
// in 64, in 1,024, in 16,384 bears them.
const (
	commonBits = 6
	usualBits  = 10
	rareBits   = 14
)

// grade is the level of words in common: with others that contradict on both
// sides, or without.
func grade(information float32, contradicted bool) uint8 {
	step := uint8(0)
	switch {
	case information >= rareBits:
		step = 3
	case information >= usualBits:
		step = 2
	case information >= commonBits:
		step = 1
	}
	if contradicted {
		return nameConflict + min(step, 2)
	}
	return nameAlike + step
}

// wordNames compares names word by word, whatever their order and whichever of
// them are left out. Given and family names without a word in common are then
// compared as a whole.
type wordNames struct {
	*lexicon
	whole *names
}

// level compares one name with another.
func (n *wordNames) level(a, b uint32) uint8 {
	given, _ := n.levels(a, 0, b, 0)
	return given
}

// levels compares given and family names together, as a word may stand in
// either. What is in common across the two counts as family name.
func (n *wordNames) levels(givenA, familyA, givenB, familyB uint32) (given, family uint8) {
	if cmp.Or(cmp.Compare(givenA, givenB), cmp.Compare(familyA, familyB)) > 0 {
		givenA, familyA, givenB, familyB = givenB, familyB, givenA, familyA
	}
	var a, b spoken
	a.take(n.of(givenA), n.of(familyA))
	b.take(n.of(givenB), n.of(familyB))
	m := n.align(&a, &b)
	givenRestA, familyRestA := a.rest()
	givenRestB, familyRestB := b.rest()
	given = n.judge(m.bits[0], m.pairs[0], givenRestA, givenRestB, givenA, givenB)
	family = n.judge(m.bits[1], m.pairs[1], familyRestA, familyRestB, familyA, familyB)
	return given, family
}

func (n *wordNames) judge(information float32, pairs int, restA, restB bool, a, b uint32) uint8 {
	switch {
	case pairs > 0:
		return grade(information, restA && restB)
	case !restA || !restB:
		return model.Missing // left out, or found elsewhere
	case n.whole != nil && n.whole.level(a, b) > 0:
		return nameSimilar
	}
	return nameDiffers
}
