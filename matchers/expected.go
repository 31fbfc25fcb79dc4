package matchers

import (
	"context"
	"fmt"
	"math"

	"rollcall/matchers/kernel"
	"rollcall/matchers/quality"
)

// recallPairs is how many accepted pairs the estimate of recall looks at.
const recallPairs = 20_000

// expectLinks estimates precision and recall of the accepted links. The pairs
// are still by rank.
func (r *run) expectLinks(ctx context.Context) error {
	accepted, sum := 0, 0.0
	bestLeft, bestRight := fill(r.table.Left.Rows), fill(r.table.Right.Rows)
	for _, p := range r.result.Pairs {
		if p.Accepted {
			accepted++
			sum += p.Probability
			bestLeft[p.Left] = max(bestLeft[p.Left], p.WeightBits)
			bestRight[p.Right] = max(bestRight[p.Right], p.WeightBits)
		}
	}
	if accepted == 0 {
		return nil
	}
	left, err := r.decoys(ctx, false, bestLeft)
	if err != nil {
		return err
	}
	right, err := r.decoys(ctx, true, bestRight)
	if err != nil {
		return err
	}
	r.result.ExpectedPrecision = quality.LinkPrecision(accepted, sum/float64(accepted), r.table.AllPairs(), left, right)
	r.expectRecall(accepted)
	return nil
}

func fill(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = math.Inf(-1)
	}
	return out
}

// decoys counts the pairs inside one file that would have been accepted: with
// one partner at most, those that beat the best link of both records.
func (r *run) decoys(ctx context.Context, right bool, best []float64) (quality.Decoys, error) {
	inside := r.plan.Inside(right)
	threshold := logit(r.spec.Threshold)
	found, err := inside.Plan.Scan(ctx, kernel.Pass{
		Threads: r.opt.Threads,
		Keep:    func(levels []uint8) bool { return r.scorer.LogOdds(levels) >= threshold },
		Bound:   bound(r.scorer, threshold),
		MaxKept: r.maxKept(),
	})
	if err != nil {
		return quality.Decoys{}, fmt.Errorf("look for decoys: %w", err)
	}
	d := quality.Decoys{Compared: inside.Pairs}
	width := len(r.spec.Comparisons)
	for _, k := range found.Kept {
		bits := r.scorer.WeightBits(r.scorer.LogOdds(found.Patterns.Levels[int(k.Pattern)*width:][:width]))
		if !r.spec.OneToOne || bits > max(best[inside.Left[k.Left]], best[inside.Right[k.Right]]) {
			d.Hits++
		}
	}
	return d, nil
}

func logit(p float64) float64 { return math.Log(p) - math.Log1p(-p) }

// expectClusters estimates precision and recall of the clusters.
func (r *run) expectClusters(labels []int32) {
	accepted, direct, sum := 0, 0, 0.0
	noLink := map[int32]float64{} // logarithm of the chance that no link of a record is true
	for _, p := range r.result.Pairs {
		if !p.Accepted {
			continue
		}
		accepted++
		if p.Probability >= r.spec.Threshold {
			direct++
			sum += p.Probability
		}
		miss := math.Log1p(-min(p.Probability, 1-1e-12))
		noLink[p.Left] += miss
		noLink[p.Right] += miss
	}
	if direct == 0 {
		return
	}
	linked, any := 0, 0.0
	for rank := range labels {
		if miss, ok := noLink[int32(rank)]; ok {
			linked++
			any += -math.Expm1(miss)
		}
	}
	r.result.ExpectedPrecision = quality.ClusterPrecision(sum/float64(direct), any/float64(linked))
	r.expectRecall(accepted)
}

// state is what a column showed of a pair.
type state struct {
	level uint8
	keys  uint64
}

// expectRecall fits the classes of true pairs to a sample of the accepted ones.
func (r *run) expectRecall(accepted int) {
	width := len(r.spec.Comparisons)
	a := quality.Accepted{Columns: width, Sizes: make([]int, width)}
	known := make([]map[state]uint16, width)
	states := make([][]state, width)
	for c := range known {
		known[c] = map[state]uint16{}
	}
	step, seen := max(1, accepted/recallPairs), 0
	keys := make([]uint64, width)
	for _, p := range r.result.Pairs {
		if !p.Accepted {
			continue
		}
		if seen++; seen%step != 0 {
			continue
		}
		r.plan.Agreement(p.Left, p.Right, keys)
		a.Weights = append(a.Weights, p.Probability)
		for c := range width {
			s := state{p.Levels[c], keys[c]}
			code, ok := known[c][s]
			if !ok {
				code = uint16(len(states[c]))
				known[c][s] = code
				states[c] = append(states[c], s)
			}
			a.States = append(a.States, code)
		}
	}
	for c := range states {
		a.Sizes[c] = len(states[c])
	}
	threshold := logit(r.spec.Threshold)
	levels := make([]uint8, width)
	a.Accepts = func(row []uint16) bool {
		var agreement uint64
		for c, code := range row {
			levels[c] = states[c][code].level
			agreement |= states[c][code].keys
		}
		return r.plan.Finds(agreement) && r.scorer.LogOdds(levels) >= threshold
	}
	r.result.ExpectedRecall = quality.Recall(a)
}
