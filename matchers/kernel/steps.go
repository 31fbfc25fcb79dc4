package kernel

import (
	"cmp"
	"slices"

	"rollcall/matchers/model"
)

// voice is the fields of one name: a given name and the family name beside it, or
// a name alone, with -1.
type voice struct{ given, family int }

// fields of a name, as bits.
func (v voice) fields() uint64 {
	if v.family < 0 {
		return 1 << v.given
	}
	return 1<<v.given | 1<<v.family
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
		s := step{v.fields(), v.given, k}
		if v.family >= 0 {
			t.pair[v.given], t.pair[v.family] = s.fields, s.fields
		}
		inName |= s.fields
		t.steps = append(t.steps, s)
	}
	for i, f := range t.Fields {
		if f.skip {
			continue
		}
		t.judged |= 1 << i
		if len(f.parents) > 0 {
			t.nested |= 1 << i
		}
		switch cost := f.cost(); {
		case inName>>i&1 != 0:
		case cost == costsNothing && f.judge == differs{} && len(f.parents) == 0:
			t.plain |= 1 << i
		case cost == costsNothing:
			t.quick = append(t.quick, i)
		default:
			if cost == costsGlance {
				t.numbered |= 1 << i
				t.quick = append(t.quick, i)
			}
			t.steps = append(t.steps, step{1 << i, i, -1})
		}
	}
	cost := func(s step) int { return t.Fields[s.field].cost() }
	slices.SortFunc(t.steps, func(s, o step) int {
		return cmp.Or(cmp.Compare(cost(s), cost(o)), cmp.Compare(s.field, o.field))
	})
}

// What it costs to compare two values.
const (
	costsNothing = iota
	costsGlance  // most are dismissed by their digits
	costsWords
	costsLetters
)

func (f *Field) cost() int {
	if f.Ladder.Declared != nil {
		return costsLetters
	}
	switch f.Ladder.Kind {
	case model.Category, model.Date, model.Postcode, model.HouseNumber:
		return costsNothing
	case model.Identifier, model.Phone:
		return costsGlance
	case model.Place, model.Address, model.Text, model.Email:
		return costsLetters
	}
	return costsWords
}
