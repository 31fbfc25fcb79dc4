package model

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sync"
	"sync/atomic"
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
	Prior, Household float64 // shares of all pairs
}

// Training is what EM found.
type Training struct {
	Parameters Parameters
	Trace      []Round
	Starts     []float64 // log-likelihood that the first rounds from each start reached
	Converged  bool
	Assumed    bool // how matches look was not learnt, only how many there are
	Warnings   []string
}

// EM stops when the class of matches stands still; maxRounds is a bound for data
// that the model does not fit.
const (
	trialRounds   = 10 // after which it is seen whether a class is worth keeping
	maxRounds     = 300
	still         = 1e-4  // the largest change of a probability of matches that does not count
	pseudoCounts  = 2.0   // weight of the start as a prior, in pairs
	startMatched  = 0.3   // of the smaller file's records
	startNamed    = 0.1   // of the candidate pairs, in each class of namesakes
	startRelated  = 0.03  // of the candidate pairs, in each class of relatives
	twinShare     = 0.02  // extra agreement on birth date or identifier inside a household
	nearDateTimes = 3.0   // near agreement of dates inside a household, times chance
	borrowedTimes = 0.002 // least share of borrowed identifiers, times that of matches
	leastMatches  = 1e-3  // pairs that match, however few there are: a share of 0 could not be learnt from again
	tiny          = 1e-300
)

// additions are the classes beside matches and strangers that training tries to
// add, in this order: two people of one household, relatives who live apart,
// namesakes.
var additions = [...][]int{{household}, {kin}, {namesakes, neighbours}}

// Train fits the model without labels: by expectation and maximisation over the
// agreement patterns of all candidate pairs, with class shares of ALL pairs;
// then with further classes. Each addition stays only if the likelihood gains
// more than its parameters cost (Schwarz 1978); whether it does is seen long
// before EM settles.
//
// Where few or none have two records, those that are most alike are strangers: of one
// given name and age, or of one village and time of birth. A class of such is no class
// of matches. It is then assumed how matches look, and learnt only how many there are;
// once the other classes have taken in the strangers, matches are learnt from there. If
// strangers come in again, what was assumed stands.
func Train(ctx context.Context, e Evidence, threads int) (*Training, error) {
	best, reached, err := e.fit(ctx, threads, false)
	if err != nil {
		return nil, err
	}
	if best.strangers >= mostStrange {
		if best, reached, err = e.fit(ctx, threads, true); err != nil {
			return nil, err
		}
		freed := best.with(nil)
		freed.assumed, freed.strange = false, 1
		if err := freed.run(ctx, maxRounds); err != nil {
			return nil, err
		}
		if freed.strangers == 0 {
			best = freed
		}
	}
	return best.training(reached), nil
}

// fit adds the classes that are worth their parameters, and goes on until EM settles.
func (e Evidence) fit(ctx context.Context, threads int, assumed bool) (*fitting, []float64, error) {
	price := math.Log(max(e.Patterns.pairs(), 1)) / 2
	best, reached, err := e.begin(ctx, threads, price, assumed)
	if err != nil {
		return nil, nil, err
	}
	for _, added := range additions {
		free := e.parameters(added)
		if free == 0 {
			continue
		}
		more := best.with(added)
		if err := more.run(ctx, trialRounds); err != nil {
			return nil, nil, err
		}
		if more.likelihood()-best.likelihood() > free*price {
			best = more
		}
	}
	if err := best.run(ctx, maxRounds); err != nil {
		return nil, nil, err
	}
	return best, reached, nil
}

// training is what a fitting came to.
func (f *fitting) training(reached []float64) *Training {
	t := &Training{Parameters: f.now.parameters(f.Ladders), Trace: f.trace, Starts: reached, Converged: f.converged}
	none := f.now.share[match]*f.AllPairs < 1
	t.Assumed = none || f.assumed
	switch {
	case none:
		t.Warnings = append(t.Warnings, "next to no two records look like one person: there was nothing to learn from")
	case f.assumed:
		t.Warnings = append(t.Warnings, "the records that look most alike are not like two records of one person, but like strangers: the probabilities of matches are assumed, only how many there are is learnt")
	case !t.Converged:
		t.Warnings = append(t.Warnings, fmt.Sprintf("training did not settle in %d rounds; the probabilities are rough", len(t.Trace)))
	}
	return t
}

// starts are where EM begins: how many matches there are, times the usual start,
// and how much like strangers they look. The first is the usual one, in which the
// priors lie in any case.
var starts = [...]struct{ matches, strange float64 }{{1, 0}, {0.1, 0}, {2, 0.3}}

// begin makes the first rounds from each start and goes on from the usual one,
// unless another reaches a likelihood that is better by more than the price of a
// parameter. It returns what each reached.
func (e Evidence) begin(ctx context.Context, threads int, price float64, assumed bool) (*fitting, []float64, error) {
	var best *fitting
	var reached []float64
	for _, from := range starts {
		f := newFitting(e, threads)
		if f.assumed = assumed; assumed {
			from.strange = 0
		}
		f.stray(from.matches, from.strange)
		if err := f.run(ctx, trialRounds); err != nil {
			return nil, nil, err
		}
		reached = append(reached, f.likelihood())
		if best == nil || f.likelihood() > best.likelihood()+price {
			best = f
		}
	}
	return best, reached, nil
}

// stray moves where a fitting begins.
func (f *fitting) stray(matches, strange float64) {
	f.now.share[match] = min(f.now.share[match]*matches, .5)
	f.now.share[borrowed] *= matches
	for i, u := range f.U {
		for j := range u {
			f.now.p[match][i][j] += strange * (u[j] - f.now.p[match][i][j])
		}
	}
	f.settleShares()
}

// parameters is how many parameters classes have: what they learn. 0 where they
// cannot be told from strangers.
func (e Evidence) parameters(added []int) float64 {
	learnt, telling := 0.0, false
	for _, class := range added {
		for _, l := range e.Ladders {
			if len(l.Names) == 0 {
				continue
			}
			if rules[class](l) == learn {
				learnt += float64(len(l.Names) - 1)
			} else if l.Kind == Date || l.Kind == Identifier || l.Kind == GivenName || l.Kind == FullName {
				telling = true
			}
		}
	}
	if learnt == 0 && !slices.Contains(added, kin) || !telling {
		return 0
	}
	return learnt + float64(len(added))
}

// rule is how the levels of a comparison come about in a class.
type rule int

const (
	chance rule = iota // as among strangers
	learn              // as EM finds
	held               // as among strangers but for what relatives have in common: twins, borrowed identifiers
	tied               // as in matches
)

// rules of the classes between matches and strangers.
var rules = map[int]func(Ladder) rule{
	household: func(l Ladder) rule {
		if l.Shared {
			return learn
		}
		return held
	},
	kin: func(l Ladder) rule {
		switch {
		case l.Shared && l.Kind.Named():
			return tied
		case l.Shared:
			return learn
		}
		return held
	},
	namesakes: func(l Ladder) rule {
		if l.Kind.Named() {
			return learn
		}
		return chance
	},
	neighbours: func(l Ladder) rule {
		if l.Kind.Named() || l.Shared && (l.Kind == Category || l.Kind == Place || l.Kind == Postcode) {
			return learn
		}
		return chance // an address or telephone in common is no mere neighbour's
	},
}

func (p Patterns) pairs() float64 {
	n := 0.0
	for _, count := range p.Counts {
		n += float64(count)
	}
	return n
}

// fitting is EM under way.
type fitting struct {
	Evidence
	threads   int
	start     *mixture
	now       *mixture
	related   []int   // classes added so far
	borrows   bool    // there are identifiers
	strangers int     // comparisons in which matches would look like strangers
	strange   float64 // how far beyond their bounds that is
	assumed   bool    // matches look as they do at the start; only how many they are is learnt
	trace     []Round
	converged bool
}

func newFitting(e Evidence, threads int) *fitting {
	f := &fitting{Evidence: e, threads: threads, start: start(e), now: start(e), strange: strange}
	for class := range rules {
		f.now.share[class] = 0
	}
	for _, l := range e.Ladders {
		f.borrows = f.borrows || (l.Kind == Identifier && len(l.Names) > 0)
	}
	if f.borrows {
		f.now.share[borrowed] = borrowedTimes * f.now.share[match]
	}
	f.settleShares()
	return f
}

// with goes on from where a fitting is, with further classes.
func (f *fitting) with(added []int) *fitting {
	more := *f
	now := *f.now
	more.now, more.trace, more.converged = &now, slices.Clone(f.trace), false
	for c := range now.p {
		now.p[c] = slices.Clone(now.p[c])
	}
	more.related = append(slices.Clip(f.related), added...)
	for _, class := range added {
		now.share[class] = f.start.share[class]
	}
	more.settleShares()
	return &more
}

// run makes rounds, at most so many, until the class of matches stands still.
// The bounds on the classes make the likelihood a poor judge of that: a round
// that puts them back may lower it.
func (f *fitting) run(ctx context.Context, rounds int) error {
	for range rounds {
		if err := ctx.Err(); err != nil {
			return err
		}
		before := f.now.share[match]
		levels := slices.Clone(f.now.p[match])
		likelihood := f.round()
		f.trace = append(f.trace, Round{likelihood, f.now.share[match], f.now.share[household]})
		if moved := distance(levels, f.now.p[match]); moved < still && math.Abs(f.now.share[match]-before) < 10*still*before {
			f.converged = true
			return nil
		}
	}
	return nil
}

// distance is the largest difference of two probabilities.
func distance(a, b [][]float64) float64 {
	most := 0.0
	for i := range a {
		for j := range a[i] {
			most = max(most, math.Abs(a[i][j]-b[i][j]))
		}
	}
	return most
}

func normalise(p []float64) {
	sum := 0.0
	for _, x := range p {
		sum += x
	}
	for i := range p {
		p[i] /= sum
	}
}

func (f *fitting) likelihood() float64 { return f.trace[len(f.trace)-1].LogLikelihood }

// start is the mixture that EM begins with.
func start(e Evidence) *mixture {
	mix := &mixture{}
	for c := range mix.p {
		mix.p[c] = make([][]float64, len(e.U))
	}
	for i, l := range e.Ladders {
		mix.p[unrelated][i] = e.U[i]
		mix.p[match][i] = startMatch(l, e.U[i])
		for class := range rules {
			mix.p[class][i] = startBetween(class, l, mix.p[match][i], e.U[i])
		}
	}
	mix.borrow(e.Ladders)
	all := max(e.AllPairs, 1)
	mix.share[match] = min(startMatched*e.Records/all, .5)
	mix.share[household] = min(startRelated*e.Patterns.pairs()/all, .1)
	mix.share[kin] = mix.share[household]
	mix.share[namesakes] = min(startNamed*e.Patterns.pairs()/all, .1)
	mix.share[neighbours] = mix.share[namesakes]
	return mix
}

// Start is the model before any training, to judge which pairs are worth
// keeping while they are counted.
func Start(e Evidence) Parameters {
	mix := start(e)
	for class := range rules {
		mix.share[class] = 0
	}
	return mix.parameters(e.Ladders)
}

// settleShares gives strangers what the other classes leave.
func (f *fitting) settleShares() {
	rest := 1.0
	for _, share := range f.now.share[:unrelated] {
		rest -= share
	}
	f.now.share[unrelated] = rest
}

// parts is how many parts the patterns are summed in: always as many, so that
// the sums do not depend on threads.
const parts = 32

// expected is what the E step sums up.
type expected struct {
	likelihood float64
	pairs      [classes]float64
	levels     [][classes]float64
}

// round is one E and one M step; it returns the log-likelihood of the
// candidates under the parameters it began with.
func (f *fitting) round() float64 {
	scorer := newScorer(f.now)
	sums := make([]expected, parts)
	var next atomic.Int64
	var wg sync.WaitGroup
	for range max(f.threads, 1) {
		wg.Go(func() {
			for part := int(next.Add(1) - 1); part < parts; part = int(next.Add(1) - 1) {
				sums[part] = f.expect(scorer, part)
			}
		})
	}
	wg.Wait()
	all := sums[0]
	for _, s := range sums[1:] {
		all.add(s)
	}
	f.maximise(scorer, all)
	return all.likelihood
}

// expect is the E step over one part of the patterns. Patterns that follow each
// other differ in their first comparisons and have the last ones in common: what
// those bring is summed once, and what they get is given to them once.
func (f *fitting) expect(scorer *Scorer, part int) expected {
	w, n := len(f.Ladders), len(f.Patterns.Counts)
	s := expected{levels: make([][classes]float64, len(scorer.levels))}
	joint, shares := make([][classes]float64, w+1), make([][classes]float64, w+1)
	joint[w] = scorer.shares
	var before []uint8
	for i := part * n / parts; i < (part+1)*n/parts; i++ {
		levels := f.Patterns.Levels[i*w : (i+1)*w]
		changed := differing(before, levels)
		f.give(scorer, &s, before, shares[:changed+1])
		for k := changed - 1; k >= 0; k-- {
			joint[k] = joint[k+1]
			if levels[k] != Missing {
				addTo(&joint[k], &scorer.levels[scorer.offsets[k]+int(levels[k])])
			}
		}
		logSum, share := shareOut(&joint[0])
		pairs := float64(f.Patterns.Counts[i])
		s.likelihood += pairs * logSum
		for c := range share {
			shares[0][c] += share[c] * pairs
		}
		before = levels
	}
	f.give(scorer, &s, before, shares)
	s.pairs = shares[w]
	return s
}

// differing is how many of the first levels hold all that differ.
func differing(before, levels []uint8) int {
	k := len(levels)
	for before != nil && k > 0 && before[k-1] == levels[k-1] {
		k--
	}
	return k
}

// give gives what was summed for the first comparisons to their levels, and on to
// the next comparison.
func (f *fitting) give(scorer *Scorer, s *expected, levels []uint8, shares [][classes]float64) {
	for k := range len(shares) - 1 {
		if levels != nil && levels[k] != Missing {
			addTo(&s.levels[scorer.offsets[k]+int(levels[k])], &shares[k])
		}
		addTo(&shares[k+1], &shares[k])
		shares[k] = [classes]float64{}
	}
}

func addTo(sum, more *[classes]float64) {
	for c := range sum {
		sum[c] += more[c]
	}
}

func (s *expected) add(more expected) {
	s.likelihood += more.likelihood
	for c := range s.pairs {
		s.pairs[c] += more.pairs[c]
	}
	for i := range s.levels {
		for c := range s.levels[i] {
			s.levels[i][c] += more.levels[i][c]
		}
	}
}

// maximise is the M step: expected counts and the prior, as shares.
func (f *fitting) maximise(scorer *Scorer, all expected) {
	renew := func(class int) {
		for i, prior := range f.start.p[class] {
			renewed := make([]float64, len(prior))
			for j := range prior {
				renewed[j] = all.levels[scorer.offsets[i]+j][class] + pseudoCounts*prior[j]
			}
			normalise(renewed)
			f.now.p[class][i] = renewed
		}
		f.now.share[class] = all.pairs[class] / f.AllPairs
	}
	if f.assumed {
		f.now.share[match] = all.pairs[match] / f.AllPairs
	} else {
		renew(match)
		f.hold()
	}
	f.now.share[match] = max(f.now.share[match], leastMatches/f.AllPairs)
	for _, class := range f.related {
		renew(class)
		f.restrain(class)
	}
	if f.borrows {
		f.now.share[borrowed] = max(all.pairs[borrowed]/f.AllPairs, borrowedTimes*f.now.share[match])
	}
	f.now.borrow(f.Ladders)
	f.settleShares()
}
