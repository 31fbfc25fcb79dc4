package matchers

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"

	"rollcall/matchers/block"
	"rollcall/matchers/kernel"
)

// Blocking rules are chosen twice. The first are guessed from the kinds of the columns.
// Pairs that are surely one person by what they lead to show how often each key agrees,
// and which keys agree together; that differs from one country to the next, as names are
// written in two ways in one pair in five or in four of five, and with the record, as a
// bride has moved and a mother has not. By that the rules are chosen again.
const (
	// leastSure is how many sure pairs tell enough to choose rules by.
	leastSure = 500
	// drawnAgreements is how many pairs are drawn from them.
	drawnAgreements = 20_000
	// drawnElsewhere is how often a drawn pair has one column's keys from another pair in
	// which the same columns are filled: the pairs that the first rules do not find.
	drawnElsewhere = 0.3
	// drawnOfRows is of how many drawn pairs one is made of any two records.
	drawnOfRows = 5
	// learntRules is how many rules there may be, and learntWalk what one costs before it
	// finds a pair, in candidate pairs a record; see block.Budget.
	learntRules = 64
	learntWalk  = 3
	// learntWorth is what a rule must find of the true pairs, for each candidate pair a
	// record and a record of the larger file: the more records there are, the fewer pairs are
	// one person of those that look alike. mostWorth is for the largest files.
	learntWorth = 2e-9
	mostWorth   = 6e-4
)

// learnRules chooses the blocking rules again, where they were chosen and not given.
func (r *run) learnRules(ctx context.Context) error {
	keys := kernel.ChoiceKeys(r.spec.Comparisons)
	if r.given || !r.learns || len(keys) > maxKeys {
		return nil
	}
	pairs, err := r.surePairs(ctx)
	if err != nil || len(pairs) < leastSure {
		return err
	}
	of, err := r.table.NewKeys(r.spec.Comparisons, keys)
	if err != nil {
		return err
	}
	budget := r.budget()
	budget.Rules, budget.Walk = learntRules, learntWalk
	budget.Worth = min(learntWorth*float64(max(r.table.Left.Rows, r.table.Right.Rows)), mostWorth)
	rules, err := r.table.Search(r.spec.Comparisons, r.drawAgreements(of, pairs), budget, r.opt.Threads)
	if err != nil {
		return fmt.Errorf("choose blocking again: %w", err)
	}
	if len(rules) == 0 {
		return nil
	}
	r.spec.Blocking = rules
	return r.ready(false)
}

// surePairs are those of the candidates that are surely one person, of large files those
// of a part that has enough.
func (r *run) surePairs(ctx context.Context) ([]kernel.Kept, error) {
	sure := logit(surest)
	for halvings := r.halvings(); ; halvings-- {
		found, err := r.plan.Scan(ctx, kernel.Pass{
			Threads: r.opt.Threads, Bound: bound(r.scorer, sure), Halvings: halvings,
			Keep:     func(levels []uint8) bool { return r.scorer.LogOdds(levels) >= sure },
			Progress: func(done, total int64) { r.progress("choose blocking", done, total) },
		})
		if err != nil {
			return nil, fmt.Errorf("choose blocking again: %w", err)
		}
		if halvings == 0 || len(found.Kept) >= leastSure {
			return found.Kept, nil
		}
	}
}

// drawAgreements draws pairs of one person: on which keys they agree. Most are sure pairs,
// of which some columns are as in other ones; the rest are what two records may be that are
// never sure, as they fill too little.
func (r *run) drawAgreements(of *kernel.Keys, pairs []kernel.Kept) block.Drawn {
	sure := r.agreeing(of, pairs)
	random := rand.New(rand.NewPCG(1969, 64))
	weights := map[uint64]float64{}
	for n := range drawnAgreements {
		if n%drawnOfRows == 0 {
			left, right := random.IntN(r.table.Left.Rows), random.IntN(r.table.Right.Rows)
			weights[sure.filledAs(r.filled(int32(left), int32(right)), random)]++
		} else {
			weights[sure.like(random.IntN(len(pairs)), random)]++
		}
	}
	var drawn block.Drawn
	for _, agreement := range slices.Sorted(maps.Keys(weights)) {
		drawn.Agreement, drawn.Weights = append(drawn.Agreement, agreement), append(drawn.Weights, weights[agreement])
	}
	return drawn
}

// agreeing are pairs that are surely one person: the keys on which each agrees, and the
// comparisons that both of its records fill, as bits.
type agreeing struct {
	columns            []uint64 // keys of each comparison
	agreements, filled []uint64
	alike              map[uint64][]int // pairs, by what is filled
	filling            [][]int          // pairs, by a comparison that is filled
}

func (r *run) agreeing(of *kernel.Keys, pairs []kernel.Kept) *agreeing {
	width := len(r.spec.Comparisons)
	a := &agreeing{columns: keysByColumn(of, width), alike: map[uint64][]int{}, filling: make([][]int, width)}
	for i, p := range pairs {
		filled := r.filled(p.Left, p.Right)
		a.agreements, a.filled = append(a.agreements, of.Agreement(p.Left, p.Right)), append(a.filled, filled)
		a.alike[filled] = append(a.alike[filled], i)
		for c := range width {
			if filled>>c&1 != 0 {
				a.filling[c] = append(a.filling[c], i)
			}
		}
	}
	return a
}

// like is a pair, of which some columns are as in other pairs that fill the same.
func (a *agreeing) like(pair int, random *rand.Rand) uint64 {
	agreement, others := a.agreements[pair], a.alike[a.filled[pair]]
	for _, keys := range a.columns {
		if random.Float64() < drawnElsewhere {
			agreement = agreement&^keys | a.agreements[others[random.IntN(len(others))]]&keys
		}
	}
	return agreement
}

// filledAs is a pair that fills such columns, each as in some pair.
func (a *agreeing) filledAs(filled uint64, random *rand.Rand) (agreement uint64) {
	for c, keys := range a.columns {
		if others := a.filling[c]; filled>>c&1 != 0 && len(others) > 0 {
			agreement |= a.agreements[others[random.IntN(len(others))]] & keys
		}
	}
	return agreement
}

// filled are the comparisons that both rows fill, as bits.
func (r *run) filled(left, right int32) (both uint64) {
	for c := range r.spec.Comparisons {
		if inLeft, inRight := r.table.Lacks(left, right, c); !inLeft && !inRight {
			both |= 1 << c
		}
	}
	return both
}

// keysByColumn are the keys of each comparison, as bits.
func keysByColumn(keys *kernel.Keys, columns int) []uint64 {
	of := make([]uint64, columns)
	for at, column := range keys.Fields {
		of[column] |= 1 << at
	}
	return of
}

// budget bounds what the blocking rules cost.
func (r *run) budget() block.Budget {
	if max(r.table.Left.Rows, r.table.Right.Rows) > wideRows {
		return block.Half
	}
	return block.Wide
}
