package matchers

import (
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"rollcall/matchers/assign"
	"rollcall/matchers/kernel"
	"rollcall/matchers/model"
	"rollcall/matchers/quality"
)

// recallPairs is how many accepted pairs the estimate of recall looks at.
const recallPairs = 20_000

// expectLinks estimates precision and recall of the accepted links. The pairs
// are still by rank.
func (r *run) expectLinks() {
	accepted := 0
	var doubt quality.Doubt
	for _, p := range r.result.Pairs {
		if p.Accepted {
			accepted++
			doubt.Note(p.Probability, 1)
		}
	}
	if accepted == 0 {
		return
	}
	r.result.ExpectedPrecision = quality.Precision(doubt)
	r.expectRecall(accepted, nil, r.joinsTwo)
}

// countDecoys counts them in each file that has everybody once: that is one of which
// the other file's records have one partner at most.
func (r *run) countDecoys(ctx context.Context) error {
	accepted := false
	bestLeft, bestRight := fill(r.table.Left.Rows), fill(r.table.Right.Rows)
	for _, p := range r.result.Pairs {
		if p.Accepted {
			accepted = true
			bestLeft[p.Left] = max(bestLeft[p.Left], p.WeightBits)
			bestRight[p.Right] = max(bestRight[p.Right], p.WeightBits)
		}
	}
	for side, file := range []struct {
		once bool
		best []float64
	}{{r.spec.Relation.RightOnce(), bestLeft}, {r.spec.Relation.LeftOnce(), bestRight}} {
		if !file.once || !accepted {
			continue
		}
		d, err := r.decoys(ctx, side == 1, file.best)
		if err != nil {
			return err
		}
		r.result.Decoys[side] = d
	}
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
	inside, found, err := r.inside(ctx, right)
	if err != nil {
		return quality.Decoys{}, fmt.Errorf("look for decoys: %w", err)
	}
	d := quality.Decoys{Compared: inside.Pairs}
	for _, k := range found.Kept {
		bits := r.bitsInside(inside, found, k)
		if r.spec.Relation != model.OneToOne || bits > max(best[inside.Left[k.Left]], best[inside.Right[k.Right]]) {
			d.Hits++
		}
	}
	return d, nil
}

// inside looks inside one file, or a part of it, for the pairs above the threshold.
func (r *run) inside(ctx context.Context, right bool) (kernel.Decoys, *kernel.Found, error) {
	r.progress("look inside each file", 0, 1)
	inside := r.plan.Inside(right)
	threshold := logit(r.spec.Threshold)
	found, err := inside.Plan.Scan(ctx, kernel.Pass{
		Threads: r.opt.Threads,
		Keep:    func(levels []uint8) bool { return r.scorer.LogOdds(levels) >= threshold },
		Bound:   bound(r.scorer, threshold),
		MaxKept: r.maxKept(),
	})
	return inside, found, err
}

// bitsInside is the weight of a pair inside a file.
func (r *run) bitsInside(inside kernel.Decoys, found *kernel.Found, k kernel.Kept) float64 {
	width := len(r.spec.Comparisons)
	levels := slices.Clone(found.Patterns.Levels[int(k.Pattern)*width:][:width])
	inside.Plan.MarkMissing(r.spec.Parameters, k.Left, k.Right, levels)
	return r.scorer.WeightBits(r.scorer.LogOdds(levels))
}

func logit(p float64) float64 { return math.Log(p) - math.Log1p(-p) }

// expectClusters estimates precision and recall of the clusters.
func (r *run) expectClusters(found *clusters) {
	r.result.ExpectedPrecision, r.result.together = quality.Precision(found.doubt), found.doubt.Size()
	sizes := map[int32]int{}
	for _, label := range found.labels {
		sizes[label]++
	}
	var people []float64
	for _, n := range sizes {
		for len(people) <= n {
			people = append(people, 0)
		}
		people[n]++
	}
	if accepted := len(found.inside); accepted > 0 {
		r.expectRecall(accepted, people, r.joinsMany)
	}
}

// state is what a column showed of a pair.
type state struct {
	level uint8
	keys  uint64
}

// disagreement orders states: those that agree least first.
func (s state) disagreement(o state) int {
	return cmp.Or(cmp.Compare(s.level, o.level), cmp.Compare(s.keys, o.keys))
}

// kind is what a state comes from, given the levels of its comparison; one that
// is judged within another has none, and only its keys tell.
func (s state) kind(l model.Ladder) quality.StateKind {
	switch {
	case !model.Lacks(s.level) && int(s.level) >= l.Exact, model.Lacks(s.level) && s.keys != 0:
		return quality.Equal
	case model.Lacks(s.level):
		return quality.Absent
	}
	return quality.Unequal
}

// sight is how pairs are looked at: from which log odds on, which keys of each
// column two rows agree on, and whether some rule finds a pair that agrees on such
// keys.
type sight struct {
	least float64
	keys  func(left, right int32) []uint64
	finds func(keys uint64) bool
}

// observe takes a sample of the pairs that were accepted and have at least those
// log odds alone, still by rank, and the keys of each column that agree.
func (r *run) observe(accepted int, by sight) (pairs []Pair, keys [][]uint64) {
	step, seen := max(1, accepted/recallPairs), 0
	scorer := r.scorer.Remembered()
	for i := range r.result.Pairs {
		p := &r.result.Pairs[i]
		if !p.Accepted || p.Rule < 0 || scorer.LogOdds(p.Levels) < by.least {
			continue
		}
		if seen++; seen%step == 0 {
			pairs, keys = append(pairs, *p), append(keys, by.keys(p.Left, p.Right))
		}
	}
	return pairs, keys
}

// statesOf is the states that each column was seen in, in order of disagreement.
func statesOf(pairs []Pair, keys [][]uint64, columns int) [][]state {
	states := make([][]state, columns)
	for c := range states {
		known := map[state]bool{}
		for i, p := range pairs {
			if s := (state{p.Levels[c], keys[i][c]}); !known[s] {
				known[s] = true
				states[c] = append(states[c], s)
			}
		}
		slices.SortFunc(states[c], state.disagreement)
	}
	return states
}

// surest is the match probability from which pairs are taken for right, beside
// those that are accepted, to learn from how people's records are damaged.
const surest = 0.995

// joiner says which records of one person are found to be one, given whether a
// rule finds each pair and its log odds.
type joiner func(records int, found []bool, logOdds []float64, labels []int32)

// expectRecall estimates recall from the accepted pairs, and from the surest of
// them. sizes is how many people of how many records were found.
func (r *run) expectRecall(accepted int, sizes []float64, joins joiner) {
	by := sight{least: logit(r.spec.Threshold), finds: r.plan.Finds, keys: func(left, right int32) []uint64 {
		agreement := make([]uint64, len(r.spec.Comparisons))
		r.plan.Agreement(left, right, agreement)
		return agreement
	}}
	all, _ := r.seen(accepted, sizes, joins, by)
	by.least = max(by.least, logit(surest))
	seen := []quality.Seen{all}
	if sure, _ := r.seen(accepted, sizes, joins, by); len(sure.Weights) > 0 {
		seen = append(seen, sure)
	}
	r.result.ExpectedRecall = quality.Recall(r.opt.Threads, seen...)
	if r.survey != nil {
		r.survey(accepted, sizes, joins)
	}
}

// seen is the patterns of a sample of the accepted pairs, and what the states of
// each column are.
func (r *run) seen(accepted int, sizes []float64, joins joiner, by sight) (quality.Seen, [][]state) {
	ladders, err := model.Ladders(r.spec.Comparisons)
	if err != nil {
		return quality.Seen{}, nil // they were made before
	}
	pairs, keys := r.observe(accepted, by)
	width := len(r.spec.Comparisons)
	states := statesOf(pairs, keys, width)
	seen := quality.Seen{Columns: width, Kinds: make([][]quality.StateKind, width), Sizes: sizes, Pairs: accepted}
	for c := range states {
		for _, s := range states[c] {
			seen.Kinds[c] = append(seen.Kinds[c], s.kind(ladders[c]))
		}
	}
	patterns := map[string]int{}
	row, text := make([]uint16, width), make([]byte, 2*width)
	for i, p := range pairs {
		for c := range width {
			at, _ := slices.BinarySearchFunc(states[c], state{p.Levels[c], keys[i][c]}, state.disagreement)
			row[c] = uint16(at)
			binary.LittleEndian.PutUint16(text[2*c:], row[c])
		}
		at, ok := patterns[string(text)]
		if !ok {
			at = len(seen.Weights)
			patterns[string(text)] = at
			seen.States, seen.Weights = append(seen.States, row...), append(seen.Weights, 0)
		}
		seen.Weights[at] += p.Probability
	}
	levels, scorer := make([]uint8, width), r.scorer.Remembered()
	judge := func(row []uint16) (bool, float64) {
		var agreement uint64
		for c, code := range row {
			s := states[c][code]
			levels[c] = s.level
			agreement |= s.keys
		}
		return by.finds(agreement), scorer.LogOdds(levels)
	}
	seen.Fits = func(row []uint16) bool {
		found, logOdds := judge(row)
		return found && logOdds >= by.least
	}
	var found []bool
	var logOdds []float64
	seen.Joins = func(records int, rows []uint16, labels []int32) {
		found, logOdds = found[:0], logOdds[:0]
		for ; len(rows) > 0; rows = rows[width:] {
			f, lo := judge(rows[:width])
			found, logOdds = append(found, f), append(logOdds, lo)
		}
		joins(records, found, logOdds, labels)
	}
	return seen, states
}

// joinsTwo says whether two records are linked.
func (r *run) joinsTwo(_ int, found []bool, logOdds []float64, labels []int32) {
	labels[0], labels[1] = 0, 1
	if found[0] && logOdds[0] >= logit(r.spec.Threshold) {
		labels[1] = 0
	}
}

// joinsMany clusters the records of one person, as those of a component are.
func (r *run) joinsMany(records int, found []bool, logOdds []float64, labels []int32) {
	if records == 2 {
		r.joinsTwo(records, found, logOdds, labels)
		return
	}
	var edges []assign.Edge
	s := assign.NewSimilarities(records)
	at := 0
	for i := range records {
		for j := i + 1; j < records; j++ {
			s.Set(i, j, model.Probability(logOdds[at]))
			if found[at] && logOdds[at] >= min(logit(r.spec.Threshold), 0) {
				edges = append(edges, assign.Edge{Left: int32(i), Right: int32(j)})
			}
			at++
		}
	}
	parts := assign.Components(records, edges)
	for i := range records {
		for j := i + 1; j < records; j++ {
			if parts[i] != parts[j] {
				s.Set(i, j, -1)
			}
		}
	}
	joined, _ := assign.Average(s, r.spec.Threshold, nil)
	copy(labels, joined)
}
