package quality

import (
	"math"
	"math/rand/v2"
)

// sizes is the share of people that have so many records, of those that have two
// or more.
type sizes [mostRecords + 1]float64

// newSizes is the people that were found.
func newSizes(found []float64) sizes {
	var out sizes
	sum := 0.0
	for k, n := range found {
		if k >= 2 {
			out[min(k, mostRecords)] += n
			sum += n
		}
	}
	if sum == 0 {
		return sizes{2: 1}
	}
	for k := range out {
		out[k] /= sum
	}
	return out
}

// drawn is pairs of people that were drawn, all and those that were missed.
type drawn struct {
	all, missed float64
	lost        tally
}

// blend moves d a step, from 0 to 1, towards what was drawn anew (stochastic
// approximation of the E step: Delyon, Lavielle and Moulines 1999).
func (d *drawn) blend(anew drawn, step float64) {
	if step == 1 {
		*d = anew
		return
	}
	towards := func(x *float64, y float64) { *x += step * (y - *x) }
	towards(&d.all, anew.all)
	towards(&d.missed, anew.missed)
	for class := range classesOfPairs {
		towards(&d.lost.pairs[class], anew.lost.pairs[class])
		for c := range d.lost.states {
			for state, n := range anew.lost.states[c][class] {
				towards(&d.lost.states[c][class][state], n)
			}
		}
	}
}

// drawPairs draws pairs of records of one person, half of them clean, and says
// which are missed.
func (s Seen) drawPairs(m *damage, pairs int, seed uint64) drawn {
	d := drawn{lost: s.newTally()}
	s.eachPair(m, pairs, seed, func(class int, row []uint16, weight float64) {
		d.all += weight
		if !s.Fits(row) {
			d.missed += weight
			d.lost.add(class, row, weight)
		}
	})
	return d
}

// eachPair draws pairs of records of one person, half of them clean.
func (s Seen) eachPair(m *damage, pairs int, seed uint64, pair func(class int, row []uint16, weight float64)) {
	random := rand.New(rand.NewPCG(seed, 1985))
	table := s.probabilities(m)
	for c := range table {
		for class := range table[c] {
			table[c][class] = cumulated(table[c][class])
		}
	}
	shares := m.shares()
	row := make([]uint16, s.Columns)
	draw := func(class int, weight float64) {
		for c := range row {
			row[c] = pick(table[c][class], random.Float64())
		}
		pair(class, row, weight)
	}
	for range pairs / 2 {
		draw(bothClean, shares[bothClean])
		class := oneDirty
		if random.Float64()*(1-shares[bothClean]) < shares[bothDirty] {
			class = bothDirty
		}
		draw(class, 1-shares[bothClean])
	}
}

// people draws people and their records.
type people struct {
	Seen
	*damage
	random      *rand.Rand
	equal, none [][]float64                // by column, states, cumulated
	unequal     [recordClasses][][]float64 // by column, states, cumulated
	records     []record
	whole       []uint16 // of the person, by column
	states      []uint16 // of the pairs of a person
	labels      []int32
}

// record is one of a person: its class, and what each column shows beside one
// that is as the person is.
type record struct {
	class  int
	kinds  []StateKind
	states []uint16
}

// drawPeople makes people until they have so many pairs, half of them wholly
// clean, and says which of the pairs are missed.
func (s Seen) drawPeople(m *damage, of sizes, pairs int) drawn {
	p := &people{
		Seen: s, damage: m, random: rand.New(rand.NewPCG(1969, 1986)),
		records: make([]record, mostRecords), whole: make([]uint16, s.Columns), labels: make([]int32, mostRecords),
	}
	for i := range p.records {
		p.records[i] = record{kinds: make([]StateKind, s.Columns), states: make([]uint16, s.Columns)}
	}
	for c := range m.columns {
		p.equal, p.none = append(p.equal, cumulated(m.columns[c].equal)), append(p.none, cumulated(m.columns[c].none))
		for r := range recordClasses {
			p.unequal[r] = append(p.unequal[r], cumulated(m.columns[c].unequal[r]))
		}
	}
	d := drawn{lost: s.newTally()}
	shares := cumulated(of[:])
	for n := 0; n < pairs; {
		k := int(pick(shares, p.random.Float64()))
		allClean := math.Pow(1-m.dirty, float64(k))
		p.person(k, k, allClean, &d)
		p.person(k, p.firstDirty(k), 1-allClean, &d)
		n += k * (k - 1)
	}
	return d
}

func cumulated(shares []float64) []float64 {
	out := make([]float64, len(shares))
	sum := 0.0
	for i, x := range shares {
		sum += x
		out[i] = sum
	}
	return out
}

// pick is the first whose cumulated share is above a number from 0 to 1.
func pick(cumulated []float64, at float64) uint16 {
	last := 0
	for s, share := range cumulated {
		if at < share {
			return uint16(s)
		}
		if s > 0 && share > cumulated[s-1] {
			last = s
		}
	}
	return uint16(last)
}

// firstDirty draws which of k records is the first dirty one, when one is.
func (p *people) firstDirty(k int) int {
	some := 1 - math.Pow(1-p.dirty, float64(k))
	at := p.random.Float64() * some
	for i := range k - 1 {
		if at < 1-math.Pow(1-p.dirty, float64(i+1)) {
			return i
		}
	}
	return k - 1
}

// person draws one person of k records, the first dirty one being known, and
// links them.
func (p *people) person(k, first int, weight float64, d *drawn) {
	p.damageRecords(p.records[:k], first)
	for c := range p.whole {
		p.whole[c] = pick(p.equal[c], p.random.Float64())
	}
	p.states = p.states[:0]
	for i := range k {
		for j := i + 1; j < k; j++ {
			for c, whole := range p.whole {
				p.states = append(p.states, p.between(c, whole, &p.records[i], &p.records[j]))
			}
		}
	}
	labels := p.labels[:k]
	p.Joins(k, p.states, labels)
	for i := range k {
		for j := i + 1; j < k; j++ {
			d.all += weight
			if labels[i] != labels[j] {
				d.missed += weight
			}
		}
	}
}

// damageRecords draws the records of a person.
func (p *people) damageRecords(records []record, first int) {
	for i := range records {
		r := &records[i]
		r.class = clean
		if i == first || i > first && p.random.Float64() < p.dirty {
			r.class = dirty
		}
		for c := range r.kinds {
			d := &p.columns[c]
			r.kinds[c] = Equal
			switch {
			case p.random.Float64() < d.absent[r.class]:
				r.kinds[c] = Absent
			case p.random.Float64() < d.harmed[r.class]:
				r.kinds[c], r.states[c] = Unequal, pick(p.unequal[r.class][c], p.random.Float64())
			}
		}
	}
}

// between is the state of a column of two records. Where both are harmed it is
// that of either.
func (p *people) between(c int, whole uint16, a, b *record) uint16 {
	switch {
	case a.kinds[c] == Absent || b.kinds[c] == Absent:
		return pick(p.none[c], p.random.Float64())
	case a.kinds[c] == Equal && b.kinds[c] == Equal:
		return whole
	case a.kinds[c] == Equal, b.kinds[c] == Unequal && p.random.Float64() < .5:
		return b.states[c]
	}
	return a.states[c]
}
