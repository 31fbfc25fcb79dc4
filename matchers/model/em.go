package model

import (
	"context"
	"fmt"
	"math"
)

// Patterns are the distinct agreement patterns of the candidate pairs.
type Patterns struct {
	Levels []uint8 // one row of comparisons after the other; Missing where a value lacks
	Counts []int64 // pairs with that pattern
}

// Evidence is all that training needs.
type Evidence struct {
	Ladders  []Ladder
	U        [][]float64 // per comparison and level
	Patterns Patterns
	AllPairs float64 // pairs there are, compared or not
	Records  float64 // of the smaller file
}

// Round is one round of EM.
type Round struct {
	LogLikelihood    float64
	Prior, Household float64
}

// Training is what EM found.
type Training struct {
	Parameters Parameters
	Trace      []Round
	Converged  bool
	Warnings   []string
}

// EM stops when the log-likelihood hardly moves. Fewer rounds than leastRounds
// are never enough; maxRounds is a bound for data that the model does not fit.
const (
	leastRounds   = 20
	maxRounds     = 500
	tolerance     = 1e-9
	pseudoCounts  = 2.0   // weight of the start as a prior, in pairs
	startMatched  = 0.3   // of the smaller file's records
	startHoused   = 0.03  // of the candidate pairs
	startAlike    = 0.1   // of the candidate pairs
	twinShare     = 0.02  // extra agreement on birth date or identifier inside a household
	nearDateTimes = 3.0   // near agreement of dates inside a household, times chance
	borrowedTimes = 0.002 // least share of borrowed identifiers, times that of matches
	tiny          = 1e-300
)

// Train fits the model without labels: by expectation and maximisation over the
// agreement patterns of all candidate pairs, with class shares of ALL pairs;
// then with a class for two people of one household, then with one for namesakes:
// strangers of one community, alike in their names and their parents' names, of
// whom there are more than chance and independence say. Each class stays only if
// the likelihood gains more than its parameters cost (Schwarz 1978).
func Train(ctx context.Context, e Evidence) (*Training, error) {
	plain, err := fit(ctx, e, classes{})
	if err != nil {
		return nil, err
	}
	candidates := 0.0
	for _, n := range e.Patterns.Counts {
		candidates += float64(n)
	}
	free := 1.0
	for _, l := range e.Ladders {
		if l.Shared && len(l.Names) > 0 {
			free += float64(len(l.Names) - 1)
		}
	}
	if free == 1 || candidates == 0 {
		return plain, nil
	}
	housed, err := fit(ctx, e, classes{household: true})
	if err != nil {
		return nil, err
	}
	best, price := plain, math.Log(candidates)/2
	if housed.likelihood()-plain.likelihood() > free*price {
		best = housed
	}
	if !e.tellsNamesakes() {
		return best, nil
	}
	alike, err := fit(ctx, e, classes{household: best == housed, namesakes: true})
	if err != nil {
		return nil, err
	}
	more := 2.0
	for _, l := range e.Ladders {
		if len(l.Names) > 0 && !strange(l) {
			more += 2 * float64(len(l.Names)-1)
		}
	}
	if alike.likelihood()-best.likelihood() > more*price {
		return alike, nil
	}
	return best, nil
}

func (t *Training) likelihood() float64 { return t.Trace[len(t.Trace)-1].LogLikelihood }

// tellsNamesakes says that there is something by which namesakes are strangers.
func (e Evidence) tellsNamesakes() bool {
	for _, l := range e.Ladders {
		if len(l.Names) > 0 && (l.Kind == Date || l.Kind == Identifier) {
			return true
		}
	}
	return false
}

// strange tells the comparisons on which namesakes agree by chance only: all but
// names and what a whole community shares.
func strange(l Ladder) bool {
	switch l.Kind {
	case GivenName, FamilyName, FullName:
		return false
	case Category:
		return !l.Shared
	}
	return true
}

// classes says which classes a fit has beside matches and strangers.
type classes struct{ household, namesakes bool }

// fitting is one run of EM.
type fitting struct {
	Evidence
	startM, startH, startN, startV [][]float64
	classes                        mixture
	has                            classes
	borrows                        bool // there are identifiers
}

func fit(ctx context.Context, e Evidence, has classes) (*Training, error) {
	f := &fitting{Evidence: e, has: has}
	f.classes = start(e)
	f.startM, f.startH, f.startN, f.startV = f.classes.m, f.classes.h, f.classes.n, f.classes.v
	if !has.namesakes {
		f.classes.namesakes, f.classes.neighbours = 0, 0
	}
	if !has.household {
		f.classes.household = 0
	}
	for _, l := range e.Ladders {
		f.borrows = f.borrows || (l.Kind == Identifier && len(l.Names) > 0)
	}
	if f.borrows {
		f.classes.borrowed = borrowedTimes * f.classes.prior
	}
	t := &Training{}
	last := math.Inf(-1)
	for round := 0; round < maxRounds; round++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		likelihood := f.round()
		t.Trace = append(t.Trace, Round{likelihood, f.classes.prior, f.classes.household})
		if round > leastRounds && math.Abs(likelihood-last) < tolerance*math.Abs(likelihood) {
			t.Converged = true
			break
		}
		last = likelihood
	}
	if !t.Converged {
		t.Warnings = append(t.Warnings, fmt.Sprintf("training did not settle in %d rounds; the probabilities are rough", maxRounds))
	}
	t.Parameters = f.classes.parameters(e.Ladders)
	return t, nil
}

// start is the mixture that EM begins with.
func start(e Evidence) mixture {
	mix := mixture{u: e.U, m: make([][]float64, len(e.U)), h: make([][]float64, len(e.U)), n: make([][]float64, len(e.U)), v: make([][]float64, len(e.U))}
	for i, l := range e.Ladders {
		mix.m[i] = startMatch(l, e.U[i])
		mix.h[i] = startHousehold(l, mix.m[i], e.U[i])
		mix.n[i] = startNamesakes(l, mix.m[i], e.U[i], false)
		mix.v[i] = startNamesakes(l, mix.m[i], e.U[i], true)
	}
	candidates := 0.0
	for _, n := range e.Patterns.Counts {
		candidates += float64(n)
	}
	all := max(e.AllPairs, 1)
	mix.prior = min(startMatched*e.Records/all, .5)
	mix.household = min(startHoused*candidates/all, .1)
	mix.namesakes = min(startAlike*candidates/all, .1)
	mix.neighbours = mix.namesakes
	return mix
}

// Start is the model before any training, to judge which pairs are worth
// keeping while they are counted.
func Start(e Evidence) Parameters {
	mix := start(e)
	mix.household, mix.namesakes, mix.neighbours = 0, 0, 0
	return mix.parameters(e.Ladders)
}

// round is one E and one M step; it returns the log-likelihood of the
// candidates under the parameters it began with.
func (f *fitting) round() float64 {
	w := len(f.Ladders)
	sumM, sumH, sumN, sumV := zeros(f.U), zeros(f.U), zeros(f.U), zeros(f.U)
	p := f.classes.parameters(f.Ladders)
	s := NewScorer(&p, f.Ladders)
	likelihood := 0.0
	var all portions
	for i, count := range f.Patterns.Counts {
		levels := f.Patterns.Levels[i*w : (i+1)*w]
		logSum, share := s.shareOut(levels)
		n := float64(count)
		likelihood += n * logSum
		all.m, all.h, all.b = all.m+n*share.m, all.h+n*share.h, all.b+n*share.b
		all.n, all.v = all.n+n*share.n, all.v+n*share.v
		for f, level := range levels {
			if level != Missing {
				sumM[f][level] += n * share.m
				sumH[f][level] += n * share.h
				sumN[f][level] += n * share.n
				sumV[f][level] += n * share.v
			}
		}
	}
	f.classes.prior = all.m / f.AllPairs
	f.classes.m = renew(sumM, f.startM)
	f.hold()
	if f.borrows {
		f.classes.borrowed = max(all.b/f.AllPairs, borrowedTimes*f.classes.prior)
	}
	if f.has.household {
		f.classes.household = all.h / f.AllPairs
		f.classes.h = renew(sumH, f.startH)
		f.restrain()
	}
	if f.has.namesakes {
		f.classes.namesakes, f.classes.neighbours = all.n/f.AllPairs, all.v/f.AllPairs
		f.classes.n, f.classes.v = renew(sumN, f.startN), renew(sumV, f.startV)
		for i, l := range f.Ladders {
			if strange(l) {
				f.classes.v[i] = append([]float64(nil), f.U[i]...)
			}
			if strange(l) || l.Kind == Category {
				f.classes.n[i] = append([]float64(nil), f.U[i]...)
			}
		}
	}
	return likelihood
}

// Two records of one person may be in error, but not mostly: what tells people
// apart differs in at most mostDiffers of the matches and is equal in at least
// leastExact. Where matches are rare, a class without these bounds becomes one of
// strangers who are alike.
const (
	mostDiffers = 0.2
	leastExact  = 0.45
)

// hold keeps the class of matches within those bounds.
func (f *fitting) hold() {
	for i, l := range f.Ladders {
		if l.Shared || len(l.Names) == 0 {
			continue
		}
		switch l.Kind {
		case GivenName, FullName, Date, Identifier, Category:
			m := f.classes.m[i]
			atLeast(m, l.Exact, leastExact)
			if m[0] > mostDiffers {
				scale := (1 - mostDiffers) / (1 - m[0])
				for j := range m {
					m[j] *= scale
				}
				m[0] = mostDiffers
			}
		}
	}
}

// atLeast scales the levels from first on up to least together.
func atLeast(p []float64, first int, least float64) {
	above, below := 0.0, 0.0
	for i, x := range p {
		if i >= first {
			above += x
		} else {
			below += x
		}
	}
	if above >= least || above == 0 || below == 0 {
		return
	}
	for i := range p {
		if i >= first {
			p[i] *= least / above
		} else {
			p[i] *= (1 - least) / below
		}
	}
}

// restrain puts the household class back where people of one household are
// strangers to each other: names and sex agree by chance, birth dates by chance
// but for twins, identifiers but for those borrowed. Left free it becomes a
// class of dirty matches.
func (f *fitting) restrain() {
	for i, l := range f.Ladders {
		if l.Shared || len(l.Names) == 0 {
			continue
		}
		if l.Kind != Date && l.Kind != Identifier {
			f.classes.h[i] = append([]float64(nil), f.U[i]...)
			continue
		}
		h, u := f.classes.h[i], f.U[i]
		most := twinShare
		for _, p := range u[l.Exact:] {
			most += p
		}
		limit(h, l.Exact, most)
		near := l.Exact - 1
		if bound := nearDateTimes*u[near] + twinShare; h[near] > bound {
			h[0] += h[near] - bound
			h[near] = bound
		}
	}
}

// limit scales the levels from first on down to most together.
func limit(p []float64, first int, most float64) {
	above, below := 0.0, 0.0
	for i, x := range p {
		if i >= first {
			above += x
		} else {
			below += x
		}
	}
	if above <= most {
		return
	}
	for i := range p {
		if i >= first {
			p[i] *= most / above
		} else {
			p[i] *= (1 - most) / below
		}
	}
}

func zeros(like [][]float64) [][]float64 {
	out := make([][]float64, len(like))
	for i := range like {
		out[i] = make([]float64, len(like[i]))
	}
	return out
}

// renew is the M step: expected counts and the prior, as shares.
func renew(sums, prior [][]float64) [][]float64 {
	for i := range sums {
		all := 0.0
		for j := range sums[i] {
			sums[i][j] += pseudoCounts * prior[i][j]
			all += sums[i][j]
		}
		for j := range sums[i] {
			sums[i][j] /= all
		}
	}
	return sums
}
