package matchers

import (
	"rollcall/matchers/family"
	"rollcall/matchers/model"
)

// seenHouseholds bounds how many pairs are looked at to learn how members of one
// household look, and strangers of like age beside a relative.
const seenHouseholds = 100_000

// members is how pairs of people of one household look: how many there are for each
// row, and how often each comparison has each level.
type members struct {
	pairs  float64
	counts [][]float64
}

func newMembers(ladders []model.Ladder) members {
	m := members{counts: make([][]float64, len(ladders))}
	for i, l := range ladders {
		m.counts[i] = make([]float64, len(l.Names))
	}
	return m
}

func (m *members) add(levels []uint8) {
	m.pairs++
	for i, level := range levels {
		if !model.Lacks(level) {
			m.counts[i][level]++
		}
	}
}

// observeHouseholds puts in place of the classes of relatives that EM guessed at what
// the households of the right file show: members of one parent, who share all that a
// family has, and others. What is a person's own looks among them as it does there;
// what they share is written in the left file as differently as what is one person's.
func (r *run) observeHouseholds() {
	siblings, others, looked := r.atHome()
	p := r.spec.Parameters
	p.Household = p.Prior * others.pairs / max(looked, 1)
	r.look(others, func(l *model.Level) *float64 { return &l.H })
	if siblings.pairs > 0 {
		p.Kin = p.Prior * siblings.pairs / max(looked, 1)
		r.look(siblings, func(l *model.Level) *float64 { return &l.K })
	}
	r.scorer = model.NewScorer(p, r.ladders)
}

// othersPerMatch is how many pairs of people of one family there are for each pair of
// records that are one person, where training found no class of them.
const othersPerMatch = 0.5

// shareRelatives lets two people of one household, in one file, have one husband or wife as
// often as not: a man whom two records name would make his two wives one. Where training
// found no such people there are some all the same, who look like strangers in what is
// their own.
func (r *run) shareRelatives() {
	p := r.spec.Parameters
	found := p.Household > 0
	if !found {
		p.Household = othersPerMatch * p.Prior
	}
	for i, c := range r.spec.Comparisons {
		for j := range p.Levels[i] {
			l := &p.Levels[i][j]
			if !found {
				l.H = l.U
			}
			if c.Relative == family.Spouse.String() || !found && (c.Shared || c.Relative != "") {
				l.H = (l.H + l.M) / 2
			}
		}
	}
	r.scorer = model.NewScorer(p, r.ladders)
}

// How many pairs of siblings tell anything, and how many there are to each row of a list of
// households at least.
const (
	fewestSiblings = 300
	leastSiblings  = 0.05
)

// observeSiblings puts in place of the class of relatives who live apart, in one file, those
// whom its households show: members of one parent, of whom as many live apart as together.
func (r *run) observeSiblings() {
	siblings, _, looked := r.atHome()
	if siblings.pairs < max(fewestSiblings, leastSiblings*looked) {
		return // of records, not of households
	}
	p := r.spec.Parameters
	p.Kin = max(p.Kin, siblings.pairs/looked/float64(r.table.Left.Rows))
	r.look(siblings, func(l *model.Level) *float64 { return &l.K })
	for i, c := range r.spec.Comparisons {
		if !c.Shared || c.Relative != "" || c.Kind.Named() {
			continue
		}
		for j := range p.Levels[i] {
			l := &p.Levels[i][j]
			if l.K = l.U; c.Kind == model.Category || c.Kind == model.Place || c.Kind == model.Postcode {
				l.K = (l.M + l.U) / 2 // as many in the place as elsewhere
			}
		}
	}
	r.scorer = model.NewScorer(p, r.ladders)
}

// atHome is how pairs of one household of the right file look, each counted from both:
// members who name a parent alike, and others; and how many rows were looked at.
func (r *run) atHome() (siblings, others members, looked float64) {
	judge, levels := r.table.Copies(true), make([]uint8, len(r.spec.Comparisons))
	siblings, others = newMembers(r.ladders), newMembers(r.ladders)
	rows := r.table.Right.Rows
	for row := int32(0); int(row) < rows; row += int32(max(1, rows/seenHouseholds)) {
		looked++
		for _, other := range r.kinship.homes.With(row) {
			if other == row {
				continue
			}
			if judge.Levels(row, other, levels); r.oneParent(levels) {
				siblings.add(levels)
			} else {
				others.add(levels)
			}
		}
	}
	return siblings, others, looked
}

// oneParent says that two records name a mother or a father alike.
func (r *run) oneParent(levels []uint8) bool {
	for _, relation := range []family.Relation{family.Mother, family.Father} {
		for _, i := range r.kinship.told[relation] {
			if level := levels[i]; !model.Lacks(level) && int(level) >= r.ladders[i].Alike {
				return true
			}
		}
	}
	return false
}

// look sets how pairs of members look in a class.
func (r *run) look(m members, class func(*model.Level) *float64) {
	for i, l := range r.ladders {
		if len(l.Names) == 0 {
			continue
		}
		levels := r.spec.Parameters.Levels[i]
		smooth(m.counts[i], func(j int) float64 { return levels[j].U })
		alike, byChance := 0.0, 0.0
		for j := l.Alike; j < len(levels); j++ {
			alike += m.counts[i][j]
			byChance += levels[j].U
		}
		share := max(0, (alike-byChance)/(1-byChance))
		for j := range levels {
			if l.Shared {
				*class(&levels[j]) = share*levels[j].M + (1-share)*levels[j].U
			} else {
				*class(&levels[j]) = m.counts[i][j]
			}
		}
	}
}

// pseudoPairs is the weight of what is expected beside what was counted.
const pseudoPairs = 50

// smooth turns counts into probabilities, with what is expected of pseudoPairs more.
func smooth(counts []float64, expected func(level int) float64) {
	all := 0.0
	for j := range counts {
		counts[j] += pseudoPairs * expected(j)
		all += counts[j]
	}
	for j := range counts {
		counts[j] /= all
	}
}
