package matchers

import (
	"context"
	"math"

	"rollcall/matchers/assign"
	"rollcall/matchers/model"
)

// Link finds the pairs of left and right that are one person.
func Link(ctx context.Context, left, right *File, spec model.Specification, opt Options) (*Result, error) {
	r, err := link(ctx, left, right, spec, opt, nil)
	if err != nil {
		return nil, err
	}
	return r.complete(), nil
}

// link is the run that finds the pairs, and what is to be expected of them; blocked,
// unless nil, is told when the rules are ready.
func link(ctx context.Context, left, right *File, spec model.Specification, opt Options, blocked func(*run) error) (*run, error) {
	r, err := linkPairs(ctx, left, right, spec, opt, blocked, nil)
	if err != nil {
		return nil, err
	}
	if err := r.countDecoys(ctx); err != nil {
		return nil, err
	}
	r.expectLinks()
	r.finish()
	return r, nil
}

// linkPairs is the run that finds the pairs, still by rank. unite, unless nil, is asked
// which of the parts are put together.
func linkPairs(ctx context.Context, left, right *File, spec model.Specification, opt Options, blocked func(*run) error, unite *Uniting) (*run, error) {
	judged, kinds, joins := left.Judged, left.Kinds, left.Joins // the rest of the files goes once they are encoded
	r, err := start(left, right, spec, opt)
	if err != nil {
		return nil, err
	}
	if err := r.prepare(ctx, blocked); err != nil {
		return nil, err
	}
	if err := r.compare(ctx); err != nil {
		return nil, err
	}
	edges, patterns := r.edges()
	verdicts := r.verdicts(judged)
	edges, patterns = r.withSame(edges, patterns, verdicts)
	r.listings.learn(edges)
	edges, patterns, families, err := r.withRelatives(ctx, edges, patterns, joins, verdicts)
	if err != nil {
		return nil, err
	}
	r.progress("assign", 0, 1)
	if err := r.relate(ctx, edges); err != nil {
		return nil, err
	}
	r.result.Pairs = make([]Pair, len(edges))
	for i, e := range edges {
		pair := r.pair(e, r.patternLevels(patterns[i]))
		pair.FamilyBits = families[i]
		pair.WeightBits -= families[i]
		pair.Lapse, pair.LapseBits = r.listings.lapse(e.Left, e.Right), r.listings.says(e.Left, e.Right)/math.Ln2
		r.result.Pairs[i] = pair
	}
	kinds = permute(kinds, r.left.rows)
	r.settle(edges, kinds, verdicts)
	if unite != nil {
		if edges, err = r.uniteLeft(edges, kinds, judged, joins, unite.Left); err != nil {
			return nil, err
		}
		if err := r.uniteRight(edges, kinds, judged, unite.Right); err != nil {
			return nil, err
		}
	}
	return r, r.withWitnesses(ctx)
}

// settle tells of each pair, which are those of the edges, what becomes of it.
func (r *run) settle(edges []assign.Edge, kinds []uint8, v verdicts) {
	d := decide(r.spec, besideNobody(edges, kinds), r.table.Left.Rows, r.table.Right.Rows, v)
	for i := range r.result.Pairs {
		d.tell(i, &r.result.Pairs[i])
	}
}

// edges are the kept pairs above the floor, by left and right row, and their
// patterns.
func (r *run) edges() ([]assign.Edge, []uint32) {
	logOdds := make([]float64, len(r.found.Patterns.Counts))
	for i := range logOdds {
		logOdds[i] = r.scorer.LogOdds(r.patternLevels(uint32(i)))
	}
	edges := make([]assign.Edge, len(r.found.Kept))
	patterns := make([]uint32, len(r.found.Kept))
	for i, k := range r.found.Kept {
		edges[i] = assign.Edge{Left: k.Left, Right: k.Right, LogOdds: logOdds[k.Pattern]}
		patterns[i] = k.Pattern
	}
	r.found.Kept = nil
	if r.relearns() {
		r.learnNicknames(edges, patterns)
	}
	r.withNicknames(edges, patterns)
	if r.relearns() {
		r.learnMatches(edges, patterns)
	}
	edges, patterns = r.aboveFloor(edges, patterns)
	if r.learns {
		r.learnMissing(edges, patterns)
	}
	return r.withMissing(edges, patterns)
}

// aboveFloor leaves out the edges below the floor.
func (r *run) aboveFloor(edges []assign.Edge, patterns []uint32) ([]assign.Edge, []uint32) {
	kept, floor := 0, r.floor()
	for i, e := range edges {
		if e.LogOdds > floor {
			edges[kept], patterns[kept] = e, patterns[i]
			kept++
		}
	}
	return edges[:kept], patterns[:kept]
}

// patternLevels is the levels of a pattern; pairs of one pattern share them.
func (r *run) patternLevels(pattern uint32) []uint8 {
	width := len(r.spec.Comparisons)
	return r.found.Patterns.Levels[int(pattern)*width:][:width:width]
}

// addPattern notes the levels of pairs that no scan counted, and returns their pattern.
func (r *run) addPattern(levels []uint8) uint32 {
	p := &r.found.Patterns
	p.Counts, p.Levels = append(p.Counts, 0), append(p.Levels, levels...)
	return uint32(len(p.Counts) - 1)
}

// pair describes an edge, still by rank.
func (r *run) pair(e assign.Edge, levels []uint8) Pair {
	return Pair{
		Left: e.Left, Right: e.Right, WeightBits: r.scorer.WeightBits(e.LogOdds),
		Rule: int16(r.plan.First(e.Left, e.Right)), Levels: levels,
	}
}

// finish orders the pairs, best first, ties by id, and turns ranks into rows.
func (r *run) finish() {
	for i := range r.result.Pairs {
		p := &r.result.Pairs[i]
		p.Left = r.whole(p.Left)
		if r.rightWholes != nil {
			p.Right = r.rightWholes[p.Right]
		}
	}
	r.result.Pairs = ordered(r.result.Pairs)
	right := r.right
	if r.table.Same() {
		right = r.left
	}
	for i := range r.result.Pairs {
		p := &r.result.Pairs[i]
		p.named(r.left.rows, right.rows)
		if r.table.Same() && p.Left > p.Right {
			p.turn()
		}
	}
}

// ordered are pairs, best first, ties by row.
func ordered(pairs []Pair) []Pair {
	items := make([]keyed, len(pairs))
	for i := range items {
		items[i].at = int32(i)
	}
	for _, key := range []func(*Pair) uint64{ // the last one counts most
		func(p *Pair) uint64 { return uint64(uint32(p.Left))<<32 | uint64(uint32(p.Right)) },
		func(p *Pair) uint64 { return descending(p.WeightBits) },
		func(p *Pair) uint64 { return descending(p.Probability) },
	} {
		for i := range items {
			items[i].key = key(&pairs[items[i].at])
		}
		sortByKey(items)
	}
	out := make([]Pair, len(pairs))
	for i, item := range items {
		out[i] = pairs[item.at]
	}
	return out
}
