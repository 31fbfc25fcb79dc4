package matchers

import (
	"context"
	"math"

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

// LinkPersons is Link of files whose left rows are persons that were found in records, and
// tells besides which of them are parts of one, best first.
func LinkPersons(ctx context.Context, left, right *File, spec model.Specification, opt Options) (*Result, []Split, error) {
	r, err := link(ctx, left, right, spec, opt, nil)
	if err != nil {
		return nil, nil, err
	}
	splits := r.splits()
	return r.complete(), splits, nil
}

// splits looks at those who have no partner, and for whom the best one is another's.
func (r *run) splits() []Split {
	pairs := r.result.Pairs
	partner, taken := make([]int32, r.table.Right.Rows), make([]bool, r.table.Left.Rows) // of right rows, 1 more
	all := make([]float64, r.table.Left.Rows)                                            // odds of a left row's pairs
	for i := range all {
		all[i] = 1
	}
	for i := range pairs {
		p := &pairs[i]
		all[p.Left] += r.odds(p.WeightBits + p.FamilyBits)
		if p.Accepted {
			partner[p.Right], taken[p.Left] = p.Left+1, true
		}
	}
	rank := ranks(r.left.rows)
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
		judge.Levels(rank[by], rank[p.Left], levels)
		together := r.odds(r.scorer.PooledLogOdds([][]uint8{levels, p.Levels})/math.Ln2 + prior + p.FamilyBits + p.LapseBits)
		if probability := together / (together + all[p.Left] - odds); probability >= leastSplit {
			found = append(found, Split{by, p.Left, p.Right, probability, r.scorer.WeightBits(r.scorer.LogOdds(levels))})
		}
	}
	return found
}

// odds of a pair of so many bits, without those of any two records.
func (r *run) odds(bits float64) float64 {
	return math.Exp(min((bits-r.scorer.WeightBits(0))*math.Ln2, mostLogOdds))
}
