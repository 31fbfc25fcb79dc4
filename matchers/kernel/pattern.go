package kernel

import (
	"errors"
	"math/bits"

	"rollcall/matchers/model"
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

// Levels compares a row of the left file with one of the right, one level a
// field.
func (t *Table) Levels(left, right int32, levels []uint8) {
	var ofA, ofB [usualVoices]spoken
	w, voices := t.width, len(t.voices)
	wordsA, wordsB := ofA[:], ofB[:]
	if voices > usualVoices {
		wordsA, wordsB = make([]spoken, voices), make([]spoken, voices)
	}
	a, b := t.Left.codes[int(left)*w:][:w], t.Right.codes[int(right)*w:][:w]
	t.speak(a, wordsA[:voices])
	t.speak(b, wordsB[:voices])
	t.judge(a, b, equal(a, b), present(a)&present(b), wordsA, wordsB, levels[:w])
}

// usualVoices is how many names a record has at most, as a rule.
const usualVoices = 5

// voice is the fields of one name: a given name and the family name beside it, or
// a name alone, with -1.
type voice struct{ given, family int }

// speak gathers the words of all names of a record.
func (t *Table) speak(record []uint32, words []spoken) {
	for k, v := range t.voices {
		family := uint32(0)
		if v.family >= 0 {
			family = record[v.family]
		}
		t.Fields[v.given].lexicon.speak(record[v.given], family, &words[k])
	}
}

// judge compares two records of which it is known which codes are equal and
// which both have, and of which words their names are.
func (t *Table) judge(a, b []uint32, equal, present uint64, wordsA, wordsB []spoken, levels []uint8) {
	for i, f := range t.Fields {
		if f.lexicon != nil {
			continue
		}
		level := uint8(model.Missing)
		switch bit := uint64(1) << i; {
		case f.skip:
		case present&bit == 0:
		case equal&bit != 0:
			level = f.equal[a[i]]
		default:
			level = f.judge.level(a[i], b[i])
		}
		if f.parent >= 0 {
			level = f.within(level, a[f.parent], b[f.parent])
		}
		levels[i] = level
	}
	for k, v := range t.voices {
		if v.family >= 0 {
			levels[v.given], levels[v.family] = t.judgeNames(v, a, b, equal&present, present, &wordsA[k], &wordsB[k])
			continue
		}
		switch f, bit := t.Fields[v.given], uint64(1)<<v.given; {
		case present&bit == 0:
			levels[v.given] = model.Missing
		case equal&bit != 0:
			levels[v.given] = f.equal[a[v.given]]
		default:
			levels[v.given] = f.names.givens(name{a[v.given], 0, &wordsA[k]}, name{b[v.given], 0, &wordsB[k]})
		}
	}
}

// judgeNames compares a given name and the family name beside it. Where neither
// is equal they are compared together: a word may have come into the other.
func (t *Table) judgeNames(v voice, a, b []uint32, equal, present uint64, wordsA, wordsB *spoken) (given, family uint8) {
	g, f := t.Fields[v.given], t.Fields[v.family]
	nameA, nameB := name{a[v.given], a[v.family], wordsA}, name{b[v.given], b[v.family], wordsB}
	switch sameGiven, sameFamily := equal>>v.given&1 != 0, equal>>v.family&1 != 0; {
	case sameGiven && sameFamily:
		return g.equal[nameA.given], f.equal[nameA.family]
	case sameGiven && present>>v.family&1 != 0:
		return g.equal[nameA.given], g.names.families(nameA, nameB)
	case sameGiven:
		return g.equal[nameA.given], model.Missing
	case sameFamily && present>>v.given&1 != 0:
		return g.names.givens(nameA, nameB), f.equal[nameA.family]
	case sameFamily:
		return model.Missing, f.equal[nameA.family]
	}
	return g.names.levels(nameA, nameB)
}

// within judges a place together with the larger place that it lies in.
func (f *Field) within(level uint8, a, b uint32) uint8 {
	known := a != 0 && b != 0
	switch {
	case known && a == b && (level == model.Missing || int(level) < f.Ladder.Parent):
		return uint8(f.Ladder.Parent)
	case level == model.Missing && known && a != b:
		return 0
	}
	return level
}
