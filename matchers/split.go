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

// Split is two persons of one file who are one: the same row of the other file is the
// partner of the one, and would be that of the other if each had it for itself. Where
// persons were found in records before, one was found in two parts.
type Split struct {
	Partner, Other int32   // rows of one file: the partner of the other file's row, and who has another or none
	Probability    float64 // that the other is one with both
	WeightBits     float64 // of the two, log2 of the Bayes factor
}

// The probabilities from which two persons of the left file are one, and of the right. A
// wrong one would give a person another's death, or take her second row for another's.
const (
	leastSplit      = 0.75
	leastRightSplit = 0.9
)

// Parts are the persons of the left file who are parts of one.
type Parts struct {
	Held   []Join  // of the joins of the file, likeliest first
	Splits []Split // best first
}

// Whole says that a row is a part of another one of its file, which is no part, and
// whether it was a split that showed it.
type Whole struct {
	Part, Whole int32
	Split       bool
}

// Uniting says which of the persons that are parts of one are put together. Each part then
// has its pairs under the whole, and is itself in none.
type Uniting struct {
	Left  func(Parts) ([]Whole, error)   // of the left file
	Right func([]Split) ([]Whole, error) // then of the right file, best first
}

// LinkPersons is Link of files whose rows are persons that were found in records, without
// decoys.
func LinkPersons(ctx context.Context, left, right *File, spec model.Specification, opt Options, unite Uniting) (*Result, error) {
	r, err := linkPairs(ctx, left, right, spec, opt, nil, &unite)
	if err != nil {
		return nil, err
	}
	r.expectLinks()
	r.finish()
	return r.complete(), nil
}

// uniteLeft puts parts of one person of the left file together. Of each right row the pair
// of the part that is more like that is the person's, with what all parts say, and who is
// linked is decided again. Edges are those of the pairs, before and after.
func (r *run) uniteLeft(edges []assign.Edge, kinds []uint8, judged []Judged, joins []Join, unite func(Parts) ([]Whole, error)) ([]assign.Edge, error) {
	parts, err := unite(r.parts(joins))
	if err != nil || len(parts) == 0 {
		return edges, err
	}
	rank := ranks(r.left.rows)
	r.wholes = wholes(rank, parts)
	split := map[int32]bool{}
	for _, p := range parts {
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
	return whole, nil
}

// wholes are the rows of a file, by rank, each as the one of which it is a part.
func wholes(rank []int32, parts []Whole) []int32 {
	out := make([]int32, len(rank))
	for i := range out {
		out[i] = int32(i)
	}
	for _, p := range parts {
		out[rank[p.Part]] = rank[p.Whole]
	}
	return out
}

// uniteRight puts parts of one person of the right file together: of each left row the
// pair of the part that is more like that is the person's, and who is linked is decided
// again. Edges are those of the pairs.
func (r *run) uniteRight(edges []assign.Edge, kinds []uint8, judged []Judged, unite func([]Split) ([]Whole, error)) error {
	parts, err := unite(r.splits(r.claims(true)))
	if err != nil || len(parts) == 0 {
		return err
	}
	r.rightWholes = wholes(ranks(r.right.rows), parts)
	best := map[[2]int32]int{} // place in what is kept
	kept := 0
	for i, e := range edges {
		e.Right = r.rightWholes[e.Right]
		pair := [2]int32{e.Left, e.Right}
		at, known := best[pair]
		if !known {
			at, best[pair] = kept, kept
			kept++
		}
		if !known || e.LogOdds > edges[at].LogOdds {
			edges[at], r.result.Pairs[at] = e, r.result.Pairs[i]
		}
	}
	edges, r.result.Pairs = edges[:kept], r.result.Pairs[:kept]
	r.settle(edges, kinds, r.verdicts(judged))
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
	choices := make([]choice, r.table.Left.Rows)
	for i := range choices {
		choices[i].right = -1
	}
	of := r.claims(false)
	for i := range of.pairs {
		if p := &of.pairs[i]; p.Accepted {
			choices[p.Left] = choice{p.Right, r.odds(p.WeightBits+p.FamilyBits) / of.all[p.Left]}
		}
	}
	joins = r.told(joins, choices)
	byRow := make([]choice, len(choices))
	for left, row := range r.left.rows {
		byRow[row] = choices[left]
	}
	return Parts{held(joins, byRow), r.splits(of)}
}

// claims are the pairs as those of the rows of one file, of whom some may be one, to the
// rows of the other.
type claims struct {
	right   bool      // the one file is the right one
	pairs   []Pair    // best first
	rows    []int32   // of the one file, by pair
	others  []int32   // of the other file
	partner []int32   // by row of the other file, 1 more than that of the one; 0 is none
	all     []float64 // by row of the one file, odds of its pairs and of none
}

func (r *run) claims(right bool) claims {
	rows, others := r.table.Left.Rows, r.table.Right.Rows
	if right {
		rows, others = others, rows
	}
	of := claims{right: right, pairs: ordered(r.result.Pairs), partner: make([]int32, others), all: make([]float64, rows)}
	for i := range of.all {
		of.all[i] = 1
	}
	for i := range of.pairs {
		p := &of.pairs[i]
		row, other := r.whole(p.Left), p.Right
		if right {
			row, other = other, row
		}
		of.rows, of.others = append(of.rows, row), append(of.others, other)
		of.all[row] += r.odds(p.WeightBits + p.FamilyBits)
		if p.Accepted {
			of.partner[other] = row + 1
		}
	}
	return of
}

// splits are the persons of one file whom a row of the other shows to be one, the surest
// pair with that first.
func (r *run) splits(of claims) []Split {
	names, least := r.left.rows, leastSplit
	if of.right {
		names, least = r.right.rows, leastRightSplit
	}
	judge := r.table.Copies(of.right)
	levels := make([]uint8, len(r.spec.Comparisons))
	prior := r.scorer.WeightBits(0)
	var found []Split
	for i := range of.pairs {
		p := &of.pairs[i]
		row, other := of.rows[i], of.others[i]
		odds := r.odds(p.WeightBits + p.FamilyBits)
		if p.Accepted || p.Judged || of.partner[other] == 0 || odds/of.all[row] < r.spec.Threshold {
			continue
		}
		by := of.partner[other] - 1
		judge.Levels(by, row, levels)
		together := r.odds(r.scorer.PooledLogOdds([][]uint8{levels, p.Levels})/math.Ln2 + prior + p.FamilyBits + p.LapseBits)
		if probability := together / (together + of.all[row] - odds); probability >= least {
			found = append(found, Split{names[by], names[row], probability, r.scorer.WeightBits(r.scorer.LogOdds(levels))})
		}
	}
	return found
}

// odds of a pair of so many bits, without those of any two records.
func (r *run) odds(bits float64) float64 {
	return math.Exp(min((bits-r.scorer.WeightBits(0))*math.Ln2, mostLogOdds))
}
