package matchers

import (
	"cmp"
	"context"
	"math"
	"slices"

	"rollcall/matchers/assign"
	"rollcall/matchers/family"
	"rollcall/matchers/kernel"
	"rollcall/matchers/model"
)

// Split is two persons of the left file who are one: the same right row is the partner of
// the one, and would be that of the other if each had it for itself. Where persons were
// found in records before, one was found in two parts.
type Split struct {
	Left, Other int32 // rows of the left file: the partner of Right, and who has another or none
	Right       int32
	Probability float64 // that the other is one with both
	WeightBits  float64 // of the two left rows, log2 of the Bayes factor
}

// leastSplit is the probability from which two persons are one: a wrong one would give a
// person another's death.
const leastSplit = 0.75

// Parts are the persons of the left file who are parts of one.
type Parts struct {
	Held   []Join  // of the joins of the file, likeliest first
	Splits []Split // best first
}

// Whole says that a row of the left file is a part of another one, which is no part, and
// whether it was a split that showed it.
type Whole struct {
	Part, Whole int32
	Split       bool
}

// LinkPersons is Link of files whose left rows are persons that were found in records,
// without decoys. unite is told which of them are parts of one, and says which are put
// together: each part then has its pairs under the whole, and is itself in none.
func LinkPersons(ctx context.Context, left, right *File, spec model.Specification, opt Options, unite func(Parts) ([]Whole, error)) (*Result, error) {
	r, err := linkPairs(ctx, left, right, spec, opt, nil, unite)
	if err != nil {
		return nil, err
	}
	r.expectLinks()
	r.finish()
	return r.complete(), nil
}

// unite puts parts of one person together. Of each right row the pair of the part that is
// more like that is the person's, with what all parts say, and who is linked is decided
// again. Edges are those of the pairs.
func (r *run) unite(edges []assign.Edge, kinds []uint8, judged []Judged, joins []Join, unite func(Parts) ([]Whole, error)) error {
	parts, err := unite(r.parts(joins))
	if err != nil || len(parts) == 0 {
		return err
	}
	rank := ranks(r.left.rows)
	r.wholes = make([]int32, len(rank))
	for i := range r.wholes {
		r.wholes[i] = int32(i)
	}
	split := map[int32]bool{}
	for _, p := range parts {
		r.wholes[rank[p.Part]] = rank[p.Whole]
		split[rank[p.Part]] = p.Split
	}
	pairs := r.result.Pairs
	order := make([]int32, len(edges))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int {
		x, y := edges[a], edges[b]
		return cmp.Or(cmp.Compare(r.whole(x.Left), r.whole(y.Left)), cmp.Compare(x.Right, y.Right), cmp.Compare(y.LogOdds, x.LogOdds), cmp.Compare(x.Left, y.Left))
	})
	var whole []assign.Edge
	r.result.Pairs = nil
	members := map[int32][]int32{}
	for part, of := range r.wholes {
		if !split[int32(part)] {
			members[of] = append(members[of], int32(part))
		}
	}
	judge, k, levels := r.table.Judge(), r.kin(), make([]uint8, len(r.spec.Comparisons))
	pooled := assign.Edge{Left: -1, Right: -1}
	for _, i := range order {
		e, pair := edges[i], pairs[i]
		part := e.Left
		e.Left = r.whole(part)
		if known := members[e.Left]; len(known) > 1 && !split[part] {
			if e.Left == pooled.Left && e.Right == pooled.Right {
				continue // another part's pair, of which all parts have spoken
			}
			r.pool(&pair, known, judge, k, levels)
			e.LogOdds = (pair.WeightBits + pair.FamilyBits - r.scorer.WeightBits(0)) * math.Ln2
			pooled = e
		}
		last := len(whole) - 1
		switch {
		case last < 0 || whole[last].Left != e.Left || whole[last].Right != e.Right:
			whole, r.result.Pairs = append(whole, e), append(r.result.Pairs, pair)
		case e.LogOdds > whole[last].LogOdds:
			whole[last], r.result.Pairs[last] = e, pair
		}
	}
	r.settle(whole, kinds, r.verdicts(judged))
	return nil
}

// pool gives a pair what all parts of its left row say: of each comparison the mean over
// the parts that know it, and of relatives those of one part, which may be all at home.
func (r *run) pool(p *Pair, parts []int32, judge *kernel.Judge, k *kin, levels []uint8) {
	var all [][]uint8
	says := math.Inf(-1)
	for _, part := range parts {
		judge.Levels(part, p.Right, levels)
		r.table.MarkMissing(r.spec.Parameters, part, p.Right, levels)
		all = append(all, slices.Clone(levels))
		if k != nil && len(k.ties.Of(part)) > 0 {
			says = max(says, k.adds(r.scorer, family.Case{Person: part, Member: p.Right}, levels))
		}
		if lapse := r.listings.lapse(part, p.Right); lapse != LapseUnknown {
			p.Lapse, p.LapseBits = lapse, r.listings.says(part, p.Right)/math.Ln2
		}
	}
	p.WeightBits = r.scorer.WeightBits(r.scorer.PooledLogOdds(all)) + p.LapseBits
	if p.FamilyBits = 0; !math.IsInf(says, -1) {
		p.FamilyBits = says
	}
}

// whole is the left row that a left row is a part of: itself, unless they were put
// together.
func (r *run) whole(left int32) int32 {
	if r.wholes == nil {
		return left
	}
	return r.wholes[left]
}

// parts looks at those whose best partner is another's, and at the partners of those who
// may be one.
func (r *run) parts(joins []Join) Parts {
	partner, choices := make([]int32, r.table.Right.Rows), make([]choice, r.table.Left.Rows) // of right rows, 1 more
	all := make([]float64, r.table.Left.Rows)                                                // odds of a left row's pairs
	for i := range all {
		all[i], choices[i].right = 1, -1
	}
	pairs := ordered(r.result.Pairs)
	for i := range pairs {
		p := &pairs[i]
		odds := r.odds(p.WeightBits + p.FamilyBits)
		all[p.Left] += odds
		if p.Accepted {
			partner[p.Right], choices[p.Left] = p.Left+1, choice{p.Right, odds}
		}
	}
	for left := range choices {
		choices[left].probability /= all[left]
	}
	byRow := make([]choice, len(choices))
	for left, row := range r.left.rows {
		byRow[row] = choices[left]
	}
	return Parts{held(joins, byRow), r.splits(pairs, partner, all)}
}

func (r *run) splits(pairs []Pair, partner []int32, all []float64) []Split {
	judge := r.table.Copies(false)
	levels := make([]uint8, len(r.spec.Comparisons))
	prior := r.scorer.WeightBits(0)
	var found []Split
	for i := range pairs {
		p := &pairs[i]
		odds := r.odds(p.WeightBits + p.FamilyBits)
		if p.Accepted || p.Judged || partner[p.Right] == 0 || odds/all[p.Left] < r.spec.Threshold {
			continue
		}
		by := partner[p.Right] - 1
		judge.Levels(by, p.Left, levels)
		together := r.odds(r.scorer.PooledLogOdds([][]uint8{levels, p.Levels})/math.Ln2 + prior + p.FamilyBits + p.LapseBits)
		if probability := together / (together + all[p.Left] - odds); probability >= leastSplit {
			found = append(found, Split{r.left.rows[by], r.left.rows[p.Left], r.right.rows[p.Right], probability, r.scorer.WeightBits(r.scorer.LogOdds(levels))})
		}
	}
	return found
}

// odds of a pair of so many bits, without those of any two records.
func (r *run) odds(bits float64) float64 {
	return math.Exp(min((bits-r.scorer.WeightBits(0))*math.Ln2, mostLogOdds))
}
