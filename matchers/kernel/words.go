package kernel

import (
	"cmp"
	"maps"
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
const maxWords = 6

// soundsLike is the Jaro-Winkler similarity, as heard, from which two words with
// the same consonants are one, spelt otherwise. Others are when they are heard a
// slip apart.
const soundsLike = 0.75

// lexicon is the words of a dictionary of names: what they are, how they sound
// and how rare they are.
type lexicon struct {
	names  []words  // by value
	list   []uint32 // word codes of names of many words
	texts  []string // by word code
	heard  []string // how it sounds, by word code
	words  []word
	rarity []rarity
	told   []float32 // information of all words of a name, by value; no less than what any pair of names has in common

	values  []string
	home    int      // the first field that uses it
	bearers []uint64 // records that bear a word, by word code
	records uint64
}

// word has what bounds a comparison; see feature. It is small because many are
// looked at.
type word struct {
	signature        uint64
	code, sound      uint32
	initial          rune
	length, overflow uint8
	runes            uint8
	traits           trait
	need             uint8 // letters that it has in common with any word that is nearly it
}

// trait is what else matters of a word, as bits.
type trait uint8

const (
	isPlain   trait = 1 << iota // the bounds hold
	isMute                      // its sound is too short to go by
	isInitial                   // it is a single letter
)

// rarity is the information, in bits, of meeting a word, one that sounds so, or
// one with its initial.
type rarity struct{ word, sound, initial float32 }

// newLexicon takes the values apart. counts is how many records bear each value;
// with a frozen comparison the words are as common as they were then.
func newLexicon(values []string, counts []uint64, records uint64, frozen *model.FrozenComparison) *lexicon {
	x := &lexicon{names: make([]words, len(values)), values: values, records: max(records, 1)}
	codes := map[string]uint32{}
	var bearers []uint64
	var room [maxWords]uint32
	for code, value := range values {
		of := room[:0]
		for w := range strings.FieldsSeq(value) {
			known, ok := codes[w]
			if !ok {
				known = uint32(len(x.texts))
				codes[w] = known
				x.texts = append(x.texts, w)
				bearers = append(bearers, 0)
			}
			if len(of) < maxWords && !slices.Contains(of, known) {
				of = append(of, known)
				bearers[known] += counts[code]
			}
		}
		x.names[code] = x.write(of)
	}
	x.bearers = bearers
	if frozen != nil && frozen.Words != nil {
		x.thaw(codes, frozen)
	}
	x.weigh(x.bearers, x.records)
	return x
}

// thaw takes how common words were when a model was trained. Those that no value
// has here still tell how common a sound and an initial are.
func (x *lexicon) thaw(codes map[string]uint32, frozen *model.FrozenComparison) {
	clear(x.bearers)
	for _, w := range slices.Sorted(maps.Keys(frozen.Words)) {
		code, ok := codes[w]
		if !ok {
			code = uint32(len(x.texts))
			x.texts, x.bearers = append(x.texts, w), append(x.bearers, 0)
		}
		x.bearers[code] = frozen.Words[w]
	}
	x.records = max(frozen.WordRecords, 1)
}

// weigh fills in how words sound and how rare they are.
func (x *lexicon) weigh(bearers []uint64, records uint64) {
	for _, written := range x.texts {
		x.heard = append(x.heard, text.Heard(written))
	}
	features := newSpelling(x.heard, letterSlot).features
	x.words, x.rarity = make([]word, len(x.texts)), make([]rarity, len(x.texts))
	sounds := map[string]uint32{}
	var bySound []uint64
	byInitial := map[rune]uint64{}
	for code, written := range x.texts {
		f := features[code]
		w := word{signature: f.signature, code: uint32(code), length: f.length, overflow: f.overflow}
		w.runes = uint8(min(utf8.RuneCountInString(x.heard[code]), 255))
		w.initial, _ = utf8.DecodeRuneInString(written)
		sound := text.Romanised(written)
		if f.plain {
			w.traits |= isPlain
		}
		if len(sound) < 2 {
			w.traits |= isMute
		}
		if utf8.RuneCountInString(written) == 1 {
			w.traits |= isInitial
		}
		w.need = w.leastCommon()
		known, ok := sounds[sound]
		if !ok {
			known = uint32(len(bySound))
			sounds[sound] = known
			bySound = append(bySound, 0)
		}
		w.sound = known
		bySound[known] += bearers[code]
		byInitial[w.initial] += bearers[code]
		x.words[code] = w
	}
	information := func(n uint64) float32 {
		return float32(-math.Log2(min(1, float64(max(n, 1))/float64(records))))
	}
	for code, w := range x.words {
		x.rarity[code] = rarity{information(bearers[code]), information(bySound[w.sound]), information(byInitial[w.initial])}
	}
	x.told = make([]float32, len(x.names))
	for value := range x.names {
		for _, w := range x.of(uint32(value)) {
			x.told[value] += x.rarity[w].word
		}
	}
}

// never is more letters than two words have in common.
const never = 255

// leastCommon is a lower bound on the letters that near words have in common,
// which depends on the one word alone.
func (w *word) leastCommon() uint8 {
	slips := text.Slips(int(w.runes))
	switch {
	case slips == 0:
		return never
	case w.traits&isPlain == 0:
		return 0
	}
	return uint8(max(0, int(w.length)-int(w.overflow)-slips))
}

// words are the codes of the words of a value: a few, or else where they are in
// the list.
type words struct {
	count uint32
	codes [3]uint32
}

func (x *lexicon) write(codes []uint32) words {
	w := words{count: uint32(len(codes))}
	if len(codes) > len(w.codes) {
		w.codes[0] = uint32(len(x.list))
		x.list = append(x.list, codes...)
		return w
	}
	copy(w.codes[:], codes)
	return w
}

func (x *lexicon) of(value uint32) []uint32 {
	w := &x.names[value]
	if int(w.count) > len(w.codes) {
		return x.list[w.codes[0]:][:w.count]
	}
	return w.codes[:w.count]
}

// likeness is how two words are one.
type likeness int

const (
	unlike likeness = iota
	same
	spelt   // otherwise
	initial // of the other
)

// compare says how two words are one.
func (x *lexicon) compare(v, w *word) likeness {
	if v.sound == w.sound {
		if v.code == w.code {
			return same
		}
		if v.traits&isMute == 0 {
			if text.JaroWinkler(x.heard[v.code], x.heard[w.code]) >= soundsLike {
				return spelt
			}
			return unlike
		}
	}
	edits := text.Slips(int(min(v.runes, w.runes)))
	if edits == 0 {
		if v.sound == w.sound && text.OneBarY(x.texts[v.code], x.texts[w.code]) {
			return spelt
		}
		if v.initial == w.initial && (v.traits^w.traits)&isInitial != 0 {
			return initial
		}
		return unlike
	}
	if v.traits&w.traits&isPlain != 0 {
		common := bits.OnesCount64(v.signature&w.signature) + int(min(v.overflow, w.overflow))
		if common < int(max(v.length, w.length))-edits {
			return unlike
		}
	}
	if x.near(v.code, w.code, edits) {
		return spelt
	}
	return unlike
}

func (x *lexicon) near(a, b uint32, edits int) bool {
	if edits == 1 {
		return text.WithinOne(x.heard[a], x.heard[b])
	}
	return text.OSA(x.heard[a], x.heard[b]) <= edits
}

// spoken is the words of one record's given and family name, side by side so
// that comparing does not wait for memory.
type spoken struct {
	count  int8  // of words; unspoken before they are gathered
	given  uint8 // bits of the words of the given name
	traits trait // of any word
	words  [maxWords]word
}

const unspoken = -1

// all is the bits of all words, family those of the family name.
func (s *spoken) all() uint8    { return 1<<s.count - 1 }
func (s *spoken) family() uint8 { return s.all() &^ s.given }

// speak gathers the words of a given and a family name; 0 is none.
func (x *lexicon) speak(given, family uint32, s *spoken) {
	s.count, s.traits = 0, 0
	s.add(x, given)
	s.given = s.all()
	s.add(x, family)
}

func (s *spoken) add(x *lexicon, value uint32) {
	for _, code := range x.of(value) {
		if s.count == maxWords {
			return
		}
		w := &s.words[s.count]
		*w = x.words[code]
		s.traits |= w.traits
		s.count++
	}
}

// strangers says that no word of one name is like a word of the other: sure where
// it says so, and quick, as most names are.
func strangers(a, b *spoken, freeA, freeB uint8) bool {
	if (a.traits|b.traits)&isInitial != 0 {
		return false
	}
	maybe := uint64(0)
	for restA := freeA; restA != 0; restA &= restA - 1 {
		v := &a.words[bits.TrailingZeros8(restA)%maxWords]
		for restB := freeB; restB != 0; restB &= restB - 1 {
			w := &b.words[bits.TrailingZeros8(restB)%maxWords]
			common := bits.OnesCount64(v.signature & w.signature)
			maybe |= uint64(v.sound^w.sound) - 1 // below 0 where equal
			maybe |= uint64(int(max(v.need, w.need)) - common - 1)
		}
	}
	return maybe>>63 == 0
}

// meeting is what two names have in common, in given names and elsewhere, and
// the words that found no like.
type meeting struct {
	bits         [2]float32
	pairs        [2]int
	restA, restB uint8
}

// align pairs those words of two names that are free, each with one at most:
// equal ones first, then those spelt otherwise, then initials; within given and
// family names first, then across.
func (x *lexicon) align(a, b *spoken, freeA, freeB uint8) meeting {
	m := meeting{restA: freeA, restB: freeB}
	if strangers(a, b, freeA, freeB) {
		return m
	}
	var likes [initial + 1][maxWords]uint8 // words of b by word of a
	any := false
	for restA := freeA; restA != 0; restA &= restA - 1 {
		i := bits.TrailingZeros8(restA)
		for restB := freeB; restB != 0; restB &= restB - 1 {
			j := bits.TrailingZeros8(restB)
			if l := x.compare(&a.words[i], &b.words[j]); l != unlike {
				likes[l][i] |= 1 << j
				any = true
			}
		}
	}
	if !any {
		return m
	}
	for l := same; l <= initial; l++ {
		x.pass(a, b, l, &likes[l], false, &m)
		x.pass(a, b, l, &likes[l], true, &m)
	}
	return m
}

// pass pairs words of one likeness, within given and family names or across.
func (x *lexicon) pass(a, b *spoken, l likeness, likes *[maxWords]uint8, across bool, m *meeting) {
	for rest := m.restA; rest != 0; rest &= rest - 1 {
		i := bits.TrailingZeros8(rest)
		isGiven := a.given>>i&1 != 0
		mine := b.given
		if isGiven == across {
			mine = ^b.given
		}
		found := likes[i] & m.restB & mine
		if found == 0 {
			continue
		}
		j := bits.TrailingZeros8(found)
		m.restA &^= 1 << i
		m.restB &^= 1 << j
		field := 1
		if isGiven && !across {
			field = 0
		}
		m.bits[field] += x.information(l, a.words[i].code, b.words[j].code)
		m.pairs[field]++
	}
}

// information is what two words say that are one.
func (x *lexicon) information(l likeness, a, b uint32) float32 {
	switch l {
	case same:
		return x.rarity[a].word
	case spelt:
		return min(x.rarity[a].sound, x.rarity[b].sound)
	}
	return x.rarity[a].initial
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

// nameSteps is how many levels of information there are.
const nameSteps = 4

// stepOf is the level of information.
func stepOf(information float32) uint8 {
	switch {
	case information >= rareBits:
		return 3
	case information >= usualBits:
		return 2
	case information >= commonBits:
		return 1
	}
	return 0
}

// grade is the level of words in common: with others that contradict on both
// sides, or without.
func grade(information float32, contradicted bool) uint8 {
	step := stepOf(information)
	if contradicted {
		return nameConflict + min(step, 2)
	}
	return nameAlike + step
}

// leastStep is the information that a level of names wants.
func leastStep(level int) int {
	switch {
	case level >= nameAlike:
		return level - nameAlike
	case level >= nameConflict:
		return level - nameConflict
	}
	return 0
}

// roundedUp is more than the sums of some words' information in different orders
// differ by.
const roundedUp = 1 + 1e-5

// told is no less than the information that the name of a record has in common
// with another: of a family name with the given name, as a word of either may
// stand in the other.
func (f *Field) told(field int, record []uint32) float32 {
	sum := f.lexicon.told[record[field]]
	if f.given >= 0 {
		sum += f.lexicon.told[record[f.given]]
	}
	return sum * roundedUp
}

// order is that in which two values are compared: one of the values themselves,
// so that it does not depend on what else is in the files.
func (x *lexicon) order(a, b uint32) int {
	if a == b {
		return 0
	}
	return cmp.Or(cmp.Compare(x.told[a], x.told[b]), cmp.Compare(x.values[a], x.values[b]))
}

// wordNames compares names word by word, whatever their order and whichever of
// them are left out. Given and family names without a word in common are then
// compared as a whole.
type wordNames struct {
	*lexicon
	whole *names
}

// name is one record's name: the codes of its given and family name and their
// words.
type name struct {
	given, family uint32
	*spoken
}

// levels compares given and family names together, as a word may stand in
// either. What is in common across the two counts as family name.
func (n *wordNames) levels(a, b name) (given, family uint8) {
	if cmp.Or(n.order(a.given, b.given), n.order(a.family, b.family)) > 0 {
		a, b = b, a
	}
	m := n.align(a.spoken, b.spoken, a.all(), b.all())
	given = n.judge(m.bits[0], m.pairs[0], m.restA&a.spoken.given, m.restB&b.spoken.given, a.given, b.given)
	family = n.judge(m.bits[1], m.pairs[1], m.restA&^a.spoken.given, m.restB&^b.spoken.given, a.family, b.family)
	return given, family
}

// givens and families compare one of the two where the other is equal, or where
// there is no other: a whole name stands as a given one.
func (n *wordNames) givens(a, b name) uint8 {
	if n.order(a.given, b.given) > 0 {
		a, b = b, a
	}
	m := n.align(a.spoken, b.spoken, a.spoken.given, b.spoken.given)
	return n.judge(m.bits[0], m.pairs[0], m.restA, m.restB, a.given, b.given)
}

func (n *wordNames) families(a, b name) uint8 {
	if n.order(a.family, b.family) > 0 {
		a, b = b, a
	}
	m := n.align(a.spoken, b.spoken, a.spoken.family(), b.spoken.family())
	return n.judge(m.bits[1], m.pairs[1], m.restA, m.restB, a.family, b.family)
}

func (n *wordNames) judge(information float32, pairs int, restA, restB uint8, a, b uint32) uint8 {
	switch {
	case pairs > 0:
		return grade(information, restA != 0 && restB != 0)
	case restA == 0 || restB == 0:
		return model.Missing // left out, or found elsewhere
	case n.whole != nil && n.whole.level(a, b) > 0:
		return nameSimilar
	}
	return nameDiffers
}
