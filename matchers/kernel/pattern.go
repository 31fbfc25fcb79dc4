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

// Judge compares pairs of rows, two at a time or all of a group. It keeps memory
// that it uses again, so that each thread needs its own.
type Judge struct {
	table       *Table
	left, right gathered
}

// Judge makes a judge.
func (t *Table) Judge() *Judge { return &Judge{table: t} }

// Levels compares a row of the left file with one of the right, one level a
// field.
func (j *Judge) Levels(left, right int32, levels []uint8) {
	t := j.table
	j.left.rows, j.right.rows = append(j.left.rows[:0], left), append(j.right.rows[:0], right)
	j.left.gather(t, t.Left, t.Left.codes, t.width)
	j.right.gather(t, t.Right, t.Right.codes, t.width)
	t.judge(&pairing{&j.left, &j.right, 0, 0}, equal(j.left.records, j.right.records), levels[:t.width], nil)
}

// Within compares all pairs of some rows of one file and hands each to visit, by
// its places among them. levels are used again.
func (j *Judge) Within(rows []int32, visit func(i, k int, levels []uint8)) {
	t := j.table
	j.left.rows = append(j.left.rows[:0], rows...)
	j.left.gather(t, t.Left, t.Left.codes, t.width)
	levels := make([]uint8, t.width)
	for i := range rows {
		for k := i + 1; k < len(rows); k++ {
			p := pairing{&j.left, &j.left, i, k}
			t.judge(&p, equal(p.records()), levels, nil)
			visit(i, k, levels)
		}
	}
}

// Levels compares a row of the left file with one of the right, one level a
// field. Those who compare many have a Judge.
func (t *Table) Levels(left, right int32, levels []uint8) { t.Judge().Levels(left, right, levels) }

// voice is the fields of one name: a given name and the family name beside it, or
// a name alone, with -1.
type voice struct{ given, family int }

// judge compares two rows of which it is known which codes are equal. It stops
// and returns false as soon as the pair cannot pass the bound, if there is one:
// what costs most is judged last.
func (t *Table) judge(p *pairing, equal uint64, levels []uint8, bound *ceiling) bool {
	p.a.look(t, p.i)
	p.b.look(t, p.j)
	present := p.a.present[p.i] & p.b.present[p.j]
	equal &= present & t.judged
	a, b := p.records()
	open := t.outline(p, a, b, equal, present, levels)
	var sum lanes
	var hopes [maxWidth]uint8
	if bound != nil {
		t.hope(p, open, &hopes)
		if sum = bound.most(levels, open, &hopes); !bound.passes(&sum) {
			return false
		}
	}
	for k := range t.steps {
		s := &t.steps[k]
		now := open & s.fields
		if now == 0 {
			continue
		}
		t.take(s, p, a, b, equal, present, levels)
		if bound != nil {
			if bound.settle(&sum, levels, now, &hopes); !bound.passes(&sum) {
				return false
			}
		}
	}
	return true
}

// hope is what the open fields of a pair can still say; of names no more than
// their words do, and next to nothing where a glance shows strangers.
func (t *Table) hope(p *pairing, open uint64, hopes *[maxWidth]uint8) {
	for k, v := range t.voices {
		given, family := open>>v.given&1 != 0, v.family >= 0 && open>>v.family&1 != 0
		if !given && !family {
			continue
		}
		a, b := p.a.glance(t, p.i, k), p.b.glance(t, p.j, k)
		strange := strangersAtAGlance(a, b, given, family)
		if given {
			hopes[v.given] = min(a[0].told(), b[0].told()).step(strange)
		}
		if family { // a word of either may stand in the other
			hopes[v.family] = min(a[0].told()+a[1].told(), b[0].told()+b[1].told()).step(strange)
		}
	}
}

// outline is the levels that follow from which codes are equal and which both
// have, and of what is compared in next to no time; it returns the fields that are
// still open, as bits.
func (t *Table) outline(p *pairing, a, b []uint32, equal, present uint64, levels []uint8) (open uint64) {
	for i := range levels {
		levels[i] = model.Missing
	}
	for rest := equal; rest != 0; rest &= rest - 1 {
		i := bits.TrailingZeros64(rest)
		levels[i] = t.Fields[i].equal[a[i]]
	}
	open = present &^ equal & t.judged
	for rest := open & t.cheap; rest != 0; rest &= rest - 1 {
		i := bits.TrailingZeros64(rest)
		levels[i] = t.Fields[i].judge.level(p.a.cell(t, p.i, i), p.b.cell(t, p.j, i), a[i], b[i])
	}
	open &^= t.cheap
	for rest := open & t.numbered; rest != 0; rest &= rest - 1 {
		i := bits.TrailingZeros64(rest)
		if numbersApart(p.a.cell(t, p.i, i), p.b.cell(t, p.j, i)) {
			levels[i] = 0
			open &^= 1 << i
		}
	}
	for rest := t.nested &^ open; rest != 0; rest &= rest - 1 {
		i := bits.TrailingZeros64(rest)
		levels[i] = t.within(i, a, b, levels[i])
	}
	for _, v := range t.voices {
		if v.family < 0 {
			continue
		}
		both := uint64(1)<<v.given | 1<<v.family
		if equal&both == 0 && p.a.present[p.i]&both != 0 && p.b.present[p.j]&both != 0 {
			open |= both // a word may have come into the other
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
	for i, f := range t.Fields {
		if f.skip {
			continue
		}
		t.judged |= 1 << i
		if f.parent >= 0 {
			t.nested |= 1 << i
		}
		switch cost := f.cost(); {
		case inName>>i&1 != 0:
		case cost == costsNothing:
			t.cheap |= 1 << i
		default:
			if cost == costsGlance {
				t.numbered |= 1 << i
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

// take judges one step.
func (t *Table) take(s *step, p *pairing, a, b []uint32, equal, present uint64, levels []uint8) {
	i := s.field
	f := t.Fields[i]
	if s.voice >= 0 {
		nameA, nameB := p.a.name(t, p.i, s.voice), p.b.name(t, p.j, s.voice)
		if v := t.voices[s.voice]; v.family >= 0 {
			f.names.both(v, &nameA, &nameB, equal, present, levels)
		} else {
			levels[i] = f.names.givens(&nameA, &nameB)
		}
		return
	}
	levels[i] = f.judge.level(p.a.cell(t, p.i, i), p.b.cell(t, p.j, i), a[i], b[i])
	if f.parent >= 0 {
		levels[i] = t.within(i, a, b, levels[i])
	}
}

// within judges a place together with the larger place that it lies in.
func (t *Table) within(i int, a, b []uint32, level uint8) uint8 {
	f := t.Fields[i]
	ours, theirs := a[f.parent], b[f.parent]
	known := ours != 0 && theirs != 0
	switch {
	case known && ours == theirs && (level == model.Missing || int(level) < f.Ladder.Parent):
		return uint8(f.Ladder.Parent)
	case level == model.Missing && known && ours != theirs:
		return 0
	}
	return level
}
