package kernel

import (
	"cmp"
	"errors"
	"math/bits"
	"slices"

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
	a, b := party{t.Left.codes[int(left)*w:][:w], ofA[:]}, party{t.Right.codes[int(right)*w:][:w], ofB[:]}
	if voices > usualVoices {
		a.words, b.words = make([]spoken, voices), make([]spoken, voices)
	}
	silence(a.words[:voices])
	silence(b.words[:voices])
	t.judge(a, b, equal(a.record, b.record), present(a.record)&present(b.record), levels[:w], nil)
}

// usualVoices is how many names a record has at most, as a rule.
const usualVoices = 5

// voice is the fields of one name: a given name and the family name beside it, or
// a name alone, with -1.
type voice struct{ given, family int }

// party is one record of a pair: its codes and the words of its names, which are
// gathered when they are first needed.
type party struct {
	record []uint32
	words  []spoken
}

func silence(words []spoken) {
	for k := range words {
		words[k].count = unspoken
	}
}

// speak is the words of one name of a record.
func (t *Table) speak(p party, k int) *spoken {
	s := &p.words[k]
	if s.count == unspoken {
		v, family := t.voices[k], uint32(0)
		if v.family >= 0 {
			family = p.record[v.family]
		}
		t.Fields[v.given].lexicon.speak(p.record[v.given], family, s)
	}
	return s
}

// judge compares two records of which it is known which codes are equal and
// which both have. It stops and returns false as soon as the pair cannot pass
// the bound, if there is one: what costs most is judged last.
func (t *Table) judge(a, b party, equal, present uint64, levels []uint8, bound *ceiling) bool {
	open := t.outline(a.record, b.record, equal&present, present, levels)
	var most against
	if bound != nil {
		if most = bound.most(t, a.record, b.record, levels, open); most.least() <= bound.least {
			return false
		}
	}
	for _, s := range t.steps {
		now := open & s.fields
		if now == 0 {
			continue
		}
		t.take(s, a, b, equal&present, present, levels)
		if bound != nil {
			if bound.settle(&most, levels, now); most.least() <= bound.least {
				return false
			}
		}
	}
	return true
}

// outline is the levels that follow from which codes are equal and which both
// have; it returns the fields that are still open, as bits.
func (t *Table) outline(a, b []uint32, equal, present uint64, levels []uint8) (open uint64) {
	for i, f := range t.Fields {
		level := uint8(model.Missing)
		switch bit := uint64(1) << i; {
		case f.skip:
		case equal&bit != 0:
			level = f.equal[a[i]]
		case present&bit != 0:
			open |= bit
			continue
		}
		if f.parent >= 0 {
			level = f.within(level, a[f.parent], b[f.parent])
		}
		levels[i] = level
	}
	for _, v := range t.voices {
		if v.family < 0 {
			continue
		}
		given, family := uint64(1)<<v.given, uint64(1)<<v.family
		if equal&(given|family) == 0 && a[v.given]|a[v.family] != 0 && b[v.given]|b[v.family] != 0 {
			open |= given | family // a word may have come into the other
		}
	}
	return open
}

// step is what is judged together: a field, or a name.
type step struct {
	fields uint64 // as bits
	field  int
	voice  int // or -1
}

// order puts the steps in the order of what they cost.
func (t *Table) order() {
	inName := uint64(0)
	for k, v := range t.voices {
		s := step{1 << v.given, v.given, k}
		if v.family >= 0 {
			s.fields |= 1 << v.family
		}
		inName |= s.fields
		t.steps = append(t.steps, s)
	}
	for i := range t.Fields {
		if inName>>i&1 == 0 {
			t.steps = append(t.steps, step{1 << i, i, -1})
		}
	}
	cost := func(s step) int {
		switch t.Fields[s.field].Ladder.Kind {
		case model.Category, model.Date, model.Postcode, model.HouseNumber:
			return 0
		case model.Identifier, model.Phone:
			return 1
		case model.Place, model.Address, model.Text, model.Email:
			return 3
		}
		return 2
	}
	slices.SortFunc(t.steps, func(s, o step) int {
		return cmp.Or(cmp.Compare(cost(s), cost(o)), cmp.Compare(s.field, o.field))
	})
}

// take judges one step.
func (t *Table) take(s step, a, b party, equal, present uint64, levels []uint8) {
	i := s.field
	f := t.Fields[i]
	if s.voice < 0 {
		levels[i] = f.judge.level(a.record[i], b.record[i])
		if f.parent >= 0 {
			levels[i] = f.within(levels[i], a.record[f.parent], b.record[f.parent])
		}
		return
	}
	wordsA, wordsB := t.speak(a, s.voice), t.speak(b, s.voice)
	v := t.voices[s.voice]
	if v.family >= 0 {
		levels[i], levels[v.family] = t.judgeNames(v, a.record, b.record, equal, present, wordsA, wordsB)
		return
	}
	levels[i] = f.names.givens(name{a.record[i], 0, wordsA}, name{b.record[i], 0, wordsB})
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
