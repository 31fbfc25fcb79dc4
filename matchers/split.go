package matchers

import (
	"cmp"
	"context"
	"math"
	"slices"

	"rollcall/matchers/assign"
	"rollcall/matchers/model"
)

// Split is two persons of the left file who are one: the same right row is the partner of
// the one, and would be that of the other if each had it for itself. Where persons were
// found in records before, one was found in two parts.
type Split struct {
	Left, Other int32 // rows of the left file: the partner of Right, and who has none
	Right       int32
	Probability float64 // that the other is one with both
	WeightBits  float64 // of the two left rows, log2 of the Bayes factor
}

// leastSplit is the probability from which two persons are one: a wrong one would give a
// person another's death.
const leastSplit = 0.75

// LinkPersons is Link of files whose left rows are persons that were found in records,
// without decoys. unite is told which of them are parts of one, best first, and says which
// are put together; each row that is the other of one is then one with the left of it,
// has its pairs under that row, and is itself in none.
func LinkPersons(ctx context.Context, left, right *File, spec model.Specification, opt Options, unite func([]Split) ([]Split, error)) (*Result, error) {
	r, err := linkPairs(ctx, left, right, spec, opt, nil, unite)
	if err != nil {
		return nil, err
	}
	r.expectLinks()
	r.finish()
	return r.complete(), nil
}

// unite puts parts of one person together. With each right row it has the pair of the
// part that is more like that, and who is linked is decided again. Edges are those of
// the pairs.
func (r *run) unite(edges []assign.Edge, kinds []uint8, judged []Judged, unite func([]Split) ([]Split, error)) error {
	parts, err := unite(r.splits())
	if err != nil || len(parts) == 0 {
		return err
	}
	rank := ranks(r.left.rows)
	r.wholes = make([]int32, len(rank))
	for i := range r.wholes {
		r.wholes[i] = int32(i)
	}
	for _, s := range parts {
		r.wholes[rank[s.Other]] = rank[s.Left]
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
	for _, i := range order {
		e := edges[i]
		e.Left = r.whole(e.Left)
		if last := len(whole) - 1; last < 0 || whole[last].Left != e.Left || whole[last].Right != e.Right {
			whole, r.result.Pairs = append(whole, e), append(r.result.Pairs, pairs[i])
		}
	}
	r.settle(whole, kinds, r.verdicts(judged))
	return nil
}

// whole is the left row that a left row is a part of: itself, unless they were put
// together.
func (r *run) whole(left int32) int32 {
	if r.wholes == nil {
		return left
	}
	return r.wholes[left]
}

// splits looks at those who have no partner, and for whom the best one is another's.
func (r *run) splits() []Split {
	partner, taken := make([]int32, r.table.Right.Rows), make([]bool, r.table.Left.Rows) // of right rows, 1 more
	all := make([]float64, r.table.Left.Rows)                                            // odds of a left row's pairs
	for i := range all {
		all[i] = 1
	}
	pairs := ordered(r.result.Pairs)
	for i := range pairs {
		p := &pairs[i]
		all[p.Left] += r.odds(p.WeightBits + p.FamilyBits)
		if p.Accepted {
			partner[p.Right], taken[p.Left] = p.Left+1, true
		}
	}
	judge := r.table.Copies(false)
	levels := make([]uint8, len(r.spec.Comparisons))
	prior := r.scorer.WeightBits(0)
	var found []Split
	for i := range pairs {
		p := &pairs[i]
		odds := r.odds(p.WeightBits + p.FamilyBits)
		if taken[p.Left] || p.Judged || partner[p.Right] == 0 || odds/all[p.Left] < r.spec.Threshold {
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
