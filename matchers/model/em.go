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
	twinShare     = 0.02  // extra agreement on birth date or identifier inside a household
	nearDateTimes = 3.0   // near agreement of dates inside a household, times chance
	borrowedTimes = 0.002 // least share of borrowed identifiers, times that of matches
	tiny          = 1e-300
)

// Train fits the model without labels: by expectation and maximisation over the
// agreement patterns of all candidate pairs, with class shares of ALL pairs,
// once without and once with a class for two people of one household. The
// household class stays only if the likelihood gains more than its parameters
// cost (Schwarz 1978).
func Train(ctx context.Context, e Evidence) (*Training, error) {
	plain, err := fit(ctx, e, false)
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
	housed, err := fit(ctx, e, true)
	if err != nil {
		return nil, err
	}
	gain := housed.Trace[len(housed.Trace)-1].LogLikelihood - plain.Trace[len(plain.Trace)-1].LogLikelihood
	if gain > free/2*math.Log(candidates) {
		return housed, nil
	}
	return plain, nil
}

// fitting is one run of EM.
type fitting struct {
	Evidence
	startM, startH [][]float64
	classes        mixture
	household      bool
	borrows        bool // there are identifiers
}

func fit(ctx context.Context, e Evidence, household bool) (*Training, error) {
	f := &fitting{Evidence: e, household: household}
	f.classes = start(e)
	f.startM, f.startH = f.classes.m, f.classes.h
	if !household {
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
	mix := mixture{u: e.U, m: make([][]float64, len(e.U)), h: make([][]float64, len(e.U))}
	for i, l := range e.Ladders {
		mix.m[i] = startMatch(l, e.U[i])
		mix.h[i] = startHousehold(l, mix.m[i], e.U[i])
	}
	candidates := 0.0
	for _, n := range e.Patterns.Counts {
		candidates += float64(n)
	}
	all := max(e.AllPairs, 1)
	mix.prior = min(startMatched*e.Records/all, .5)
	mix.household = min(startHoused*candidates/all, .1)
	return mix
}

// Start is the model before any training, to judge which pairs are worth
// keeping while they are counted.
func Start(e Evidence) Parameters {
	mix := start(e)
	mix.household = 0
	return mix.parameters(e.Ladders)
}

// round is one E and one M step; it returns the log-likelihood of the
// candidates under the parameters it began with.
func (f *fitting) round() float64 {
	w := len(f.Ladders)
	sumM, sumH := zeros(f.U), zeros(f.U)
	p := f.classes.parameters(f.Ladders)
	s := NewScorer(&p, f.Ladders)
	likelihood, allM, allH, allB := 0.0, 0.0, 0.0, 0.0
	for i, count := range f.Patterns.Counts {
		levels := f.Patterns.Levels[i*w : (i+1)*w]
		logSum, m, h, b := s.shareOut(levels)
		n := float64(count)
		likelihood += n * logSum
		m, h = n*m, n*h
		allM, allH, allB = allM+m, allH+h, allB+n*b
		for f, level := range levels {
			if level != Missing {
				sumM[f][level] += m
				sumH[f][level] += h
			}
		}
	}
	f.classes.prior = allM / f.AllPairs
	f.classes.m = renew(sumM, f.startM)
	if f.borrows {
		f.classes.borrowed = max(allB/f.AllPairs, borrowedTimes*f.classes.prior)
	}
	if f.household {
		f.classes.household = allH / f.AllPairs
		f.classes.h = renew(sumH, f.startH)
		f.restrain()
	}
	return likelihood
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
