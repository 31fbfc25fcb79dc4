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
	j.left.gather(t, t.Left)
	j.right.gather(t, t.Right)
	t.judge(&pairing{&j.left, &j.right, 0, 0}, equal(j.left.records, j.right.records), levels[:t.width], nil)
}

// Within compares all pairs of some rows of one file and hands each to visit, by
// its places among them. levels are used again.
func (j *Judge) Within(rows []int32, visit func(i, k int, levels []uint8)) {
	t := j.table
	j.left.rows = append(j.left.rows[:0], rows...)
	j.left.gather(t, t.Left)
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

// judging is one pair while its levels become known one after the other.
type judging struct {
	*pairing
	table          *Table
	bound          *ceiling // nil: all levels are wanted
	levels         []uint8
	recordA        []uint32 // codes
	recordB        []uint32
	equal, present uint64           // fields, as bits, in which values are equal, which both have
	open           uint64           // fields whose levels are not known yet, as bits
	most           lanes            // that the pair can still reach
	at             *[maxWidth]uint8 // of each field, which of its numbers is counted there
}

// judge compares two rows of which it is known which codes are equal. It stops
// and returns false as soon as the pair cannot pass the bound, if there is one:
// what costs least is judged first.
func (t *Table) judge(p *pairing, equal uint64, levels []uint8, bound *ceiling) bool {
	present := p.a.present[p.i] & p.b.present[p.j] & t.judged
	j := judging{pairing: p, table: t, bound: bound, levels: levels, equal: equal & present, present: present}
	j.recordA, j.recordB = p.records()
	if bound != nil {
		o := bound.outlook(t, j.equal, j.present)
		if !bound.passes(&o.most) {
			return false
		}
		bound.at = o.at
		j.most, j.at = o.most, &bound.at
		copy(levels, o.levels[:])
	}
	p.a.look(t, p.i)
	p.b.look(t, p.j)
	j.open = j.present &^ j.equal
	if bound == nil {
		j.blank()
	}
	return j.byQuick() && j.byGlance() && j.byEqual() && j.bySteps()
}

// blank is the levels before any value is looked at.
func (j *judging) blank() {
	for i := range j.levels {
		j.levels[i] = j.table.outset(i, j.open)
	}
}

// set notes the level of a field.
func (j *judging) set(i int, level uint8) {
	j.levels[i] = level
	if j.bound != nil {
		j.count(i, level%model.MaxLevels)
	}
}

// count puts another of a field's numbers in the place of the one that was counted.
func (j *judging) count(i int, at uint8) {
	weights := j.bound.weights[i*perField:][:perField]
	now, was := &weights[at], &weights[j.at[i&(maxWidth-1)]]
	j.most[0] += now[0] - was[0]
	j.most[1] += now[1] - was[1]
	j.at[i&(maxWidth-1)] = at
}

// passes says that the pair may still be of interest.
func (j *judging) passes() bool { return j.bound == nil || j.bound.passes(&j.most) }

// byQuick settles what is compared in next to no time: numbers whose digits are too
// different, dates, places, and those of which only the larger place is known.
func (j *judging) byQuick() bool {
	t := j.table
	a, b := j.recordA, j.recordB
	j.open &^= t.plain
	for _, i := range t.quick {
		bit := uint64(1) << i
		if j.open&bit == 0 {
			continue
		}
		x, y := j.a.cell(t, j.i, i), j.b.cell(t, j.j, i)
		if t.numbered&bit != 0 {
			if numbersApart(x, y) {
				j.set(i, 0)
				j.open &^= bit
			}
			continue
		}
		level := t.Fields[i].judge.level(x, y, a[i], b[i])
		if t.nested&bit != 0 {
			level = t.within(i, a, b, level)
		}
		j.set(i, level)
		j.open &^= bit
	}
	for rest := t.nested &^ j.present; rest != 0; rest &= rest - 1 {
		i := bits.TrailingZeros64(rest)
		j.set(i, t.within(i, a, b, model.Missing))
	}
	return j.passes()
}

// byEqual settles what is equal.
func (j *judging) byEqual() bool {
	a := j.recordA
	for rest := j.equal; rest != 0; rest &= rest - 1 {
		i := bits.TrailingZeros64(rest)
		j.set(i, j.table.Fields[i].equal[a[i]])
	}
	return j.passes()
}

// byGlance settles the names of strangers, and says what others can still tell: no
// more than their words do.
func (j *judging) byGlance() bool {
	t := j.table
	for k, v := range t.voices {
		fields := uint64(1) << v.given
		if v.family >= 0 {
			fields |= 1 << v.family
			j.openBoth(fields)
		}
		if j.open&fields != 0 {
			j.glance(k, v)
		}
	}
	return j.passes()
}

// openBoth opens a given and a family name of which neither is equal: a word may
// have come into the other.
func (j *judging) openBoth(fields uint64) {
	switch {
	case j.equal&fields != 0:
	case j.a.present[j.i]&fields != 0 && j.b.present[j.j]&fields != 0:
		j.open |= fields
	case j.bound != nil: // one record has neither
		for rest := fields; rest != 0; rest &= rest - 1 {
			j.count(bits.TrailingZeros64(rest), model.Missing%model.MaxLevels)
		}
	}
}

func (j *judging) glance(k int, v voice) {
	t := j.table
	a, b := j.a.glance(t, j.i, k), j.b.glance(t, j.j, k)
	given, family := j.open>>v.given&1 != 0, v.family >= 0 && j.open>>v.family&1 != 0
	absent := given && family && (j.present>>v.given&1 == 0 || j.present>>v.family&1 == 0)
	if !absent && strangersAtAGlance(a, b, given, family) {
		if given {
			j.strangers(v.given)
		}
		if family {
			j.strangers(v.family)
		}
		return
	}
	if j.bound == nil {
		return
	}
	if given {
		j.count(v.given, atOpen+min(a[0].told(), b[0].told()).step())
	}
	if family { // a word of either may stand in the other
		j.count(v.family, atOpen+min(a[0].told()+a[1].told(), b[0].told()+b[1].told()).step())
	}
}

// strangers settles two names that have no word in common: by how they are spelt.
func (j *judging) strangers(i int) {
	a, b := j.recordA, j.recordB
	j.set(i, j.table.Fields[i].names.similar(j.a.cell(j.table, j.i, i), j.b.cell(j.table, j.j, i), a[i], b[i]))
	j.open &^= 1 << i
}

// bySteps settles what is left, what costs most last.
func (j *judging) bySteps() bool {
	for k := range j.table.steps {
		s := &j.table.steps[k]
		now := j.open & s.fields
		if now == 0 {
			continue
		}
		j.take(s)
		if j.bound == nil {
			continue
		}
		for rest := now; rest != 0; rest &= rest - 1 {
			i := bits.TrailingZeros64(rest)
			j.count(i, j.levels[i]%model.MaxLevels)
		}
		if !j.passes() {
			return false
		}
	}
	return true
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
		if f.parent >= 0 {
			t.nested |= 1 << i
		}
		switch cost := f.cost(); {
		case inName>>i&1 != 0:
		case cost == costsNothing && f.judge == differs{} && f.parent < 0:
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

// take judges one step.
func (j *judging) take(s *step) {
	t, i := j.table, s.field
	f := t.Fields[i]
	if s.voice >= 0 {
		nameA, nameB := j.a.name(t, j.i, s.voice), j.b.name(t, j.j, s.voice)
		if v := t.voices[s.voice]; v.family >= 0 {
			f.names.both(v, &nameA, &nameB, j.equal, j.present, j.levels)
		} else {
			j.levels[i] = f.names.givens(&nameA, &nameB)
		}
		return
	}
	a, b := j.recordA, j.recordB
	j.levels[i] = f.judge.level(j.a.cell(t, j.i, i), j.b.cell(t, j.j, i), a[i], b[i])
	if f.parent >= 0 {
		j.levels[i] = t.within(i, a, b, j.levels[i])
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
