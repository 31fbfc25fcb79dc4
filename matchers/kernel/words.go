package kernel

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"rollcall/matchers/dictionary"
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
	names   []words          // by value, those with several readings among them
	list    []uint32         // word codes of names of many words
	texts   dictionary.Texts // by word code
	heard   dictionary.Texts // how it sounds, by word code
	words   []word
	rarity  []rarity
	glances []glance // by value
	spelt   readingList
	whole   []cell // by number of spelt, of given and family names: how it is spelt
	read    []readWord

	values dictionary.Texts
	home   int // the first field that uses it
	vocabulary
}

// word has what bounds a comparison. It is small because it is read for every record
// that is compared.
type word struct {
	outline
	code, sound uint32
	initial     uint16 // number of the first letter
	runes       uint8
	traits      trait
	read        uint32 // of a word of several readings: its number among those
}

// outline is what words that are nearly one have in common, as heard: of neighbouring
// letters and of letters at least so many as either needs.
type outline struct {
	pairs, letters         uint64 // see letterPairs and letterCounts
	needPairs, needLetters uint8
}

// apart is 1 where words of those outlines are not nearly one. It has no branches, as
// they would be guessed wrong too often.
func (o *outline) apart(p *outline) uint64 {
	pairs := bits.OnesCount64(o.pairs&p.pairs) - int(max(o.needPairs, p.needPairs))
	letters := bits.OnesCount64(o.letters&p.letters) - int(max(o.needLetters, p.needLetters))
	return uint64(pairs|letters) >> 63
}

// join makes it the outline of another word too.
func (o *outline) join(p *outline) {
	o.pairs |= p.pairs
	o.letters |= p.letters
	o.needPairs, o.needLetters = min(o.needPairs, p.needPairs), min(o.needLetters, p.needLetters)
}

// trait is what else matters of a word, as bits.
type trait uint8

const (
	isMute    trait = 1 << iota // its sound is too short to go by
	isInitial                   // it is a single letter, or two that write one of another alphabet
	isOpen                      // it has several readings: what bounds it holds for all of them
	isOrdinal                   // it numbers brothers and sisters: 2, ii
)

// rarity is the information, in bits, of meeting a word, one that sounds so, or
// one with its initial.
type rarity struct{ word, sound, initial float32 }

// newLexicon takes the values apart. counts is how many records bear each value;
// with a frozen comparison the words are as common as they were then.
func newLexicon(values dictionary.Texts, counts []uint64, records uint64, frozen *model.FrozenComparison) *lexicon {
	x := &lexicon{names: make([]words, values.Len()), values: values, vocabulary: newVocabulary()}
	x.records = max(records, 1)
	known := dictionary.New()
	var room [maxWords]uint32
	for code, value := range values.All() {
		of := room[:0]
		for w := range strings.FieldsSeq(value) {
			word := x.code(known, w)
			if len(of) < maxWords && !slices.Contains(of, word) {
				of = append(of, word)
				x.bearers[word] += counts[code]
			}
		}
		x.names[code] = x.write(of)
	}
	if frozen != nil && frozen.Words != nil {
		x.thaw(known, frozen)
	}
	x.takeReadings(known)
	x.texts = known.Values()
	x.weigh(x.bearers, x.records)
	return x
}

// weigh fills in how words sound and how rare they are.
func (x *lexicon) weigh(bearers []uint64, records uint64) {
	heard := make([]string, x.texts.Len())
	for code, written := range x.texts.All() {
		heard[code] = text.Heard(written)
	}
	x.heard = dictionary.Of(heard...)
	x.words, x.rarity = make([]word, len(heard)), make([]rarity, len(heard))
	sounds := map[string]uint32{}
	var bySound []uint64
	initials := map[rune]uint16{}
	byInitial := []uint64{0}
	for code, written := range x.texts.All() {
		w := word{code: uint32(code), runes: uint8(min(utf8.RuneCountInString(heard[code]), 255))}
		w.outline = newOutline(heard[code], int(w.runes))
		first, _ := utf8.DecodeRuneInString(written)
		if initials[first] == 0 {
			initials[first] = uint16(len(byInitial))
			byInitial = append(byInitial, 0)
		}
		w.initial = initials[first]
		sound := text.Romanised(written)
		if n := ordinal(written); n != "" {
			w.traits |= isOrdinal
			sound = n // no letters: no word sounds so
		} else if len(sound) < 2 {
			w.traits |= isMute
		}
		if utf8.RuneCountInString(written) == 1 || slices.Contains(digraphs[:], written) {
			w.traits |= isInitial
		}
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
	x.weighReadings(information)
	x.glances = make([]glance, len(x.names))
	for value := range x.names {
		x.glances[value] = x.glance(uint32(value))
	}
}

// digraphs write one letter of Cyrillic and of others, and are initials as it is: Ts.
// Elbegdorj.
var digraphs = [...]string{"ch", "kh", "sh", "ts", "zh"}

// romans are the numerals that stand behind names; v and x are initials.
var romans = [...]string{"i", "ii", "iii", "iv"}

// ordinal is the number by which brothers and sisters are told apart (Hassan 1, Hassan
// II), or "".
func ordinal(word string) string {
	const longest = 2 // digits
	if n := slices.Index(romans[:], word); n >= 0 {
		return strconv.Itoa(n + 1)
	}
	if n, err := strconv.Atoi(word); err == nil && n > 0 && len(word) <= longest {
		return strconv.Itoa(n)
	}
	return ""
}

// letterPairs is the pairs of neighbouring letters of a word, its ends being letters
// too, each as one of 64 bits.
func letterPairs(heard string) uint64 {
	var set uint64
	before := uint64(0)
	for _, r := range heard {
		set |= pairBit(before, uint64(r))
		before = uint64(r)
	}
	return set | pairBit(before, 0)
}

func pairBit(a, b uint64) uint64 { return 1 << ((a<<21 | b) * 0x9E3779B97F4A7C15 >> 58) }

// letterCounts is the letters of a word, each counted up to two, in unary; what is no
// letter of the alphabet counts with others.
func letterCounts(heard string) uint64 {
	var set uint64
	for _, r := range heard {
		first := 2 * (uint32(r-'a') % 32)
		once := set >> first & 1
		set |= 1 << (uint64(first) + once)
	}
	return set
}

// pairsPerEdit and lettersPerEdit are how many pairs of letters and how many letters
// an edit changes at most: an exchange of two letters changes those two and the two
// beside them.
const (
	pairsPerEdit   = 3
	lettersPerEdit = 1
)

// never is more than two words have in common.
const never = 255

func newOutline(heard string, runes int) outline {
	o := outline{pairs: letterPairs(heard), letters: letterCounts(heard), needPairs: never, needLetters: never}
	if slips := text.Slips(runes); slips > 0 {
		o.needPairs = uint8(max(0, bits.OnesCount64(o.pairs)-pairsPerEdit*slips))
		o.needLetters = uint8(max(0, bits.OnesCount64(o.letters)-lettersPerEdit*slips))
	}
	return o
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
	if (v.traits|w.traits)&isOpen != 0 {
		return x.compareReadings(v, w)
	}
	if v.sound == w.sound {
		if v.code == w.code {
			return same
		}
		if v.traits&isOrdinal != 0 {
			return spelt
		}
		if v.traits&isMute == 0 {
			if text.JaroWinkler(x.heard.At(v.code), x.heard.At(w.code)) >= soundsLike {
				return spelt
			}
			return unlike
		}
	}
	if v.traits&w.traits&isOrdinal != 0 {
		return unlike // i is no initial of ii
	}
	edits := text.Slips(int(min(v.runes, w.runes)))
	if edits == 0 {
		if v.sound == w.sound && text.OneBarY(x.texts.At(v.code), x.texts.At(w.code)) {
			return spelt
		}
		if v.initial == w.initial && (v.traits|w.traits)&isInitial != 0 && x.begins(v.code, w.code) {
			return initial
		}
		return unlike
	}
	if v.apart(&w.outline) == 0 && x.near(v.code, w.code, edits) {
		return spelt
	}
	return unlike
}

// begins says that one word is the beginning of the other.
func (x *lexicon) begins(a, b uint32) bool {
	v, w := x.texts.At(a), x.texts.At(b)
	return strings.HasPrefix(v, w) || strings.HasPrefix(w, v)
}

func (x *lexicon) near(a, b uint32, edits int) bool {
	if edits == 1 {
		return text.WithinOne(x.heard.At(a), x.heard.At(b))
	}
	return text.OSA(x.heard.At(a), x.heard.At(b)) <= edits
}

// A glance is what shows two names to be strangers without looking at their words:
// the outlines of all words in one, how they sound, as bits, each in both halves,
// whether a word is a single letter, and what they tell.
type glance struct {
	outline
	initial bool
	told    hint
	sounds  uint32
}

// hint is no less than the information of the words of a name, in parts of a bit.
type hint uint16

const hintsPerBit = 8

// step is the level of information.
func (h hint) step() uint8 { return stepOf(float32(h) / hintsPerBit) }

// glance makes the glance of a value.
func (x *lexicon) glance(value uint32) glance {
	g := glance{outline: outline{needPairs: never, needLetters: never}}
	told := 0.0
	var room [1]uint32
	for _, code := range x.of(value) {
		w := &x.words[code]
		told += float64(x.rarity[code].word)
		g.join(&w.outline)
		for _, reading := range x.readings(w, &room) {
			sound := x.words[reading].sound * 0x9E3779B1
			g.sounds |= 1<<(sound>>28) | 1<<(16+sound>>24&15)
		}
		g.initial = g.initial || w.traits&isInitial != 0
	}
	g.told = hint(told*hintsPerBit + 2)
	return g
}

// unlikeAtAGlance says, as a bit, that no word of one is like a word of the other:
// sure where it says so. Values of no words are unlike all others.
func unlikeAtAGlance(a, b *glance) uint64 {
	sounds := uint64(a.sounds & b.sounds)
	heard := -((sounds & 0xFFFF) * (sounds >> 16)) >> 63 // in both halves
	return a.apart(&b.outline) &^ (heard | uint64(one(a.initial)|one(b.initial)))
}

// spoken is the words of one record's given and family name.
type spoken struct {
	words  [maxWords]*word
	count  uint8
	given  uint8 // bits of the words of the given name
	traits trait // of any word
}

// numbered says that one of those words is an ordinal.
func (s *spoken) numbered(words uint8) bool {
	for rest := words; rest != 0; rest &= rest - 1 {
		if s.words[bits.TrailingZeros8(rest)].traits&isOrdinal != 0 {
			return true
		}
	}
	return false
}

// inFull is the bits of the words that are no letters.
func (s *spoken) inFull() (words uint8) {
	for i, w := range s.words[:s.count] {
		if w.traits&isInitial == 0 {
			words |= 1 << i
		}
	}
	return words
}

// all is the bits of all words, family those of the family name.
func (s *spoken) all() uint8    { return 1<<s.count - 1 }
func (s *spoken) family() uint8 { return s.all() &^ s.given }

// speak looks up the words of a name.
func (x *lexicon) speak(given, family uint32, s *spoken) {
	s.add(x, given)
	s.given = s.all()
	s.add(x, family)
}

func (s *spoken) add(x *lexicon, value uint32) {
	for _, code := range x.of(value) {
		if s.count == maxWords {
			return
		}
		w := &x.words[code]
		s.words[s.count] = w
		s.traits |= w.traits
		s.count++
	}
}

// strangers says that no word of one name is like a word of the other: sure where
// it says so, and quick, as most names are.
func strangers(a, b *spoken, freeA, freeB uint8) bool {
	if (a.traits|b.traits)&(isInitial|isOpen) != 0 {
		return false
	}
	maybe := uint64(0)
	for restA := freeA; restA != 0; restA &= restA - 1 {
		v := a.words[bits.TrailingZeros8(restA)]
		for restB := freeB; restB != 0; restB &= restB - 1 {
			w := b.words[bits.TrailingZeros8(restB)]
			maybe |= uint64(v.sound^w.sound) - 1 // below 0 where equal
			maybe |= v.apart(&w.outline) - 1     // or where they may be near
		}
	}
	return maybe>>63 == 0
}

// meeting is what two names have in common, in given names and elsewhere, and
// the words that found no like.
type meeting struct {
	bits         [2]float32
	pairs        [2]int
	whole        [2]int // pairs that are more than an initial of a word
	restA, restB uint8
	initials     [2]initials
	siblings     bool // an ordinal of one stands against another of the other
}

// initials are the words of two names of which one has a single letter that stands for a
// word of the other: those that are no letters, of that name.
type initials struct{ a, b uint8 }

// contradicts says that the words without a like, of either name, tell two people apart.
// A letter alone may be the first of many a word: a name of which nothing but one is in
// common with the other is that of another person if a word of it is left.
func (m *meeting) contradicts(field int, restA, restB uint8) bool {
	of := m.initials[field]
	return restA != 0 && restB != 0 || m.whole[field] == 0 && of.a&restA|of.b&restB != 0
}

// likes is how the words of two names are one: by likeness and word of a, the words
// of b.
type likes [initial + 1][maxWords]uint8

// likes compares those words of two names that are free; any is whether some are
// one.
func (x *lexicon) likes(a, b *spoken, freeA, freeB uint8) (found likes, any bool) {
	if strangers(a, b, freeA, freeB) {
		return found, false
	}
	for restA := freeA; restA != 0; restA &= restA - 1 {
		i := bits.TrailingZeros8(restA)
		for restB := freeB; restB != 0; restB &= restB - 1 {
			j := bits.TrailingZeros8(restB)
			if l := x.compare(a.words[i], b.words[j]); l != unlike {
				found[l][i] |= 1 << j
				any = true
			}
		}
	}
	return found, any
}

// align pairs those words of two names that are free, each with one at most:
// equal ones first, then those spelt otherwise, then initials; within given and
// family names first, then across.
func (x *lexicon) align(a, b *spoken, freeA, freeB uint8, found *likes) meeting {
	m := meeting{restA: freeA, restB: freeB}
	for l := same; l <= initial; l++ {
		x.pass(a, b, l, &found[l], false, &m)
		x.pass(a, b, l, &found[l], true, &m)
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
		if a.words[i].traits&isOrdinal != 0 {
			continue // many are a second one
		}
		field := 1
		if isGiven && !across {
			field = 0
		}
		m.bits[field] += x.information(l, a.words[i].code, b.words[j].code)
		m.pairs[field]++
		if l == initial {
			m.initials[field].note(a, b, i, j)
		} else {
			m.whole[field]++
		}
	}
}

// note takes down that one of two words stands for the other.
func (of *initials) note(a, b *spoken, i, j int) {
	if a.words[i].traits&isInitial != 0 {
		of.a = a.inFull()
	}
	if b.words[j].traits&isInitial != 0 {
		of.b = b.inFull()
	}
}

// information is what two words say that are one.
func (x *lexicon) information(l likeness, a, b uint32) float32 {
	switch l {
	case same:
		return min(x.rarity[a].word, x.rarity[b].word)
	case spelt:
		return min(x.rarity[a].sound, x.rarity[b].sound)
	}
	return min(x.rarity[a].initial, x.rarity[b].initial)
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

// wordNames compares names word by word, whatever their order and whichever of
// them are left out. Given and family names without a word in common are then
// compared as a whole.
type wordNames struct {
	*lexicon
	spelling *names // nil for full names
}

// name is one record's given and family name: their codes and glances and, but
// for full names, how they are spelt.
type name struct {
	given, family uint32
	glances       *[2]glance
	spelt         [2]*cell
}

// order is that in which two values are compared: one of the values themselves,
// so that it does not depend on what else is in the files.
func (n *wordNames) order(x, y *glance, a, b uint32) int {
	if a == b {
		return 0
	}
	return cmp.Or(cmp.Compare(x.pairs, y.pairs), cmp.Compare(n.values.At(a), n.values.At(b)))
}

// both compares a given name and the family name beside it, of which what is
// equal or missing is in levels. Where neither is equal they are compared
// together: a word may have come into the other.
func (n *wordNames) both(v voice, a, b *name, equal, present uint64, levels []uint8) {
	sameGiven, sameFamily := equal>>v.given&1 != 0, equal>>v.family&1 != 0
	switch {
	case !sameGiven && !sameFamily:
		levels[v.given], levels[v.family] = n.levels(a, b)
	case !sameGiven && present>>v.given&1 != 0:
		levels[v.given] = n.givens(a, b)
	case !sameFamily && present>>v.family&1 != 0:
		levels[v.family] = n.families(a, b)
	}
}

// levels compares given and family names together, as a word may stand in
// either. What is in common across the two counts as family name.
func (n *wordNames) levels(a, b *name) (given, family uint8) {
	var wordsA, wordsB spoken
	n.speak(a.given, a.family, &wordsA)
	n.speak(b.given, b.family, &wordsB)
	m := n.meet(a, b, &wordsA, &wordsB, wordsA.all(), wordsB.all())
	return n.judge(&m, 0, m.restA&wordsA.given, m.restB&wordsB.given, a, b),
		n.judge(&m, 1, m.restA&^wordsA.given, m.restB&^wordsB.given, a, b)
}

// givens and families compare one of the two where the other is equal, or where
// there is no other: a whole name stands as a given one.
func (n *wordNames) givens(a, b *name) uint8 {
	var wordsA, wordsB spoken
	n.speak(a.given, 0, &wordsA)
	n.speak(b.given, 0, &wordsB)
	m := n.meet(a, b, &wordsA, &wordsB, wordsA.given, wordsB.given)
	return n.judge(&m, 0, m.restA, m.restB, a, b)
}

func (n *wordNames) families(a, b *name) uint8 {
	var wordsA, wordsB spoken
	n.speak(a.given, a.family, &wordsA)
	n.speak(b.given, b.family, &wordsB)
	m := n.meet(a, b, &wordsA, &wordsB, wordsA.family(), wordsB.family())
	return n.judge(&m, 1, m.restA, m.restB, a, b)
}

// meet pairs the words of two names, and notes where numbers tell brothers and sisters
// apart.
func (n *wordNames) meet(a, b *name, wordsA, wordsB *spoken, freeA, freeB uint8) meeting {
	m := n.pair(a, b, wordsA, wordsB, freeA, freeB)
	if (wordsA.traits&wordsB.traits)&isOrdinal != 0 {
		m.siblings = wordsA.numbered(m.restA) && wordsB.numbered(m.restB)
	}
	return m
}

// pair pairs the words. Of more than one on a side it depends on the order which ones are
// paired.
func (n *wordNames) pair(a, b *name, wordsA, wordsB *spoken, freeA, freeB uint8) meeting {
	likes, any := n.likes(wordsA, wordsB, freeA, freeB)
	if !any {
		return meeting{restA: freeA, restB: freeB}
	}
	several := freeA&(freeA-1)|freeB&(freeB-1) != 0
	if several && cmp.Or(n.order(&a.glances[0], &b.glances[0], a.given, b.given), n.order(&a.glances[1], &b.glances[1], a.family, b.family)) > 0 {
		likes, _ = n.likes(wordsB, wordsA, freeB, freeA)
		m := n.align(wordsB, wordsA, freeB, freeA, &likes)
		m.restA, m.restB = m.restB, m.restA
		for field, of := range m.initials {
			m.initials[field] = initials{of.b, of.a}
		}
		return m
	}
	return n.align(wordsA, wordsB, freeA, freeB, &likes)
}

// judge is the level of the given names (0) or the family names (1) that met, with
// the words that found no like.
func (n *wordNames) judge(m *meeting, field int, restA, restB uint8, a, b *name) uint8 {
	switch {
	case m.siblings && field == 0:
		return nameDiffers
	case m.pairs[field] > 0:
		return grade(m.bits[field], m.contradicts(field, restA, restB))
	case restA == 0 || restB == 0:
		return model.Missing // left out, or found elsewhere
	case field == 0:
		return n.similar(a.spelt[0], b.spelt[0], a.given, b.given)
	}
	return n.similar(a.spelt[1], b.spelt[1], a.family, b.family)
}

// similar compares two values as a whole of which no words are alike.
func (n *wordNames) similar(x, y *cell, a, b uint32) uint8 {
	level := uint8(0)
	switch {
	case n.spelling == nil:
	case n.spelt.several(a, b):
		level = n.spelt.best(a, b, func(a, b uint32) uint8 { return n.spelling.level(&n.whole[a], &n.whole[b], a, b) })
	default:
		level = n.spelling.level(x, y, a, b)
	}
	if level > 0 {
		return nameSimilar
	}
	return nameDiffers
}
