package matchers

import (
	"fmt"
	"math"
	"slices"

	"rollcall/matchers/assign"
	"rollcall/matchers/model"
)

// Judged is what people decided about two rows: that they are one person, or that
// they are not. It stands above what the comparison says.
type Judged struct {
	Left, Right int32 // rows of this file and of the other; of this one in Dedupe
	Same        bool
}

// verdicts are decisions by rank.
type verdicts map[[2]int32]bool

// verdicts brings what was decided about the left file's rows to ranks. Of two
// decisions about a pair that contradict each other neither counts.
func (r *run) verdicts(judged []Judged) verdicts {
	if len(judged) == 0 {
		return nil
	}
	leftRank, rightRank := ranks(r.left.rows), ranks(r.left.rows)
	if !r.table.Same() {
		rightRank = ranks(r.right.rows)
	}
	v := verdicts{}
	contradicted := map[[2]int32]bool{}
	for _, j := range judged {
		pair := [2]int32{r.whole(leftRank[j.Left]), rightRank[j.Right]}
		if r.table.Same() && pair[0] > pair[1] {
			pair[0], pair[1] = pair[1], pair[0]
		}
		if same, known := v[pair]; known && same != j.Same {
			contradicted[pair] = true
		}
		v[pair] = j.Same
	}
	for pair := range contradicted {
		delete(v, pair)
	}
	if len(contradicted) > 0 {
		r.warn("%d pairs were decided to be one person and to be two; neither counts", len(contradicted))
	}
	return v
}

func ranks(rows []int32) []int32 {
	out := make([]int32, len(rows))
	for rank, row := range rows {
		out[row] = int32(rank)
	}
	return out
}

// withSame adds those pairs that people decided to be one person and that are not
// among the candidates.
func (r *run) withSame(edges []assign.Edge, patterns []uint32, v verdicts) ([]assign.Edge, []uint32) {
	var missing [][2]int32
	for pair, same := range v {
		if _, found := find(edges, pair); same && !found {
			missing = append(missing, pair)
		}
	}
	if len(missing) == 0 {
		return edges, patterns
	}
	slices.SortFunc(missing, func(a, b [2]int32) int { return slices.Compare(a[:], b[:]) })
	judge := r.table.Judge()
	for _, pair := range missing {
		levels := make([]uint8, len(r.spec.Comparisons))
		judge.Levels(pair[0], pair[1], levels)
		r.table.MarkMissing(r.spec.Parameters, pair[0], pair[1], levels)
		at, _ := find(edges, pair)
		edges = slices.Insert(edges, at, assign.Edge{Left: pair[0], Right: pair[1], LogOdds: r.scorer.LogOdds(levels)})
		patterns = slices.Insert(patterns, at, r.addPattern(levels))
	}
	return edges, patterns
}

func find(edges []assign.Edge, pair [2]int32) (int, bool) {
	return slices.BinarySearchFunc(edges, pair, func(e assign.Edge, pair [2]int32) int {
		return slices.Compare([]int32{e.Left, e.Right}, pair[:])
	})
}

// decision is what becomes of candidate pairs.
type decision struct {
	p, margins []float64
	accepted   []bool
	judged     []bool
}

// tell writes the decision on an edge into its pair.
func (d decision) tell(i int, p *Pair) {
	p.Probability, p.MarginBits, p.Accepted, p.Judged = d.p[i], d.margins[i]/math.Ln2, d.accepted[i], d.judged[i]
}

// decide is the probability of each edge, whether it is accepted, and its margin.
// What people decided is certain; a record that they gave a partner has no other
// where it may have one only.
func decide(spec model.Specification, edges []assign.Edge, lefts, rights int, v verdicts) decision {
	g := assign.Graph{
		Edges: edges, Lefts: lefts, Rights: rights,
		LeftOnce: spec.Relation.LeftOnce(), RightOnce: spec.Relation.RightOnce(),
	}
	if len(v) == 0 {
		p := g.Marginals()
		return decision{p, g.Margins(), g.Accept(p, spec.Threshold), make([]bool, len(edges))}
	}
	takenLeft, takenRight := map[int32]bool{}, map[int32]bool{}
	for pair, same := range v {
		if same {
			takenLeft[pair[0]], takenRight[pair[1]] = g.LeftOnce, g.RightOnce
		}
	}
	d := decision{make([]float64, len(edges)), make([]float64, len(edges)), make([]bool, len(edges)), make([]bool, len(edges))}
	var open []int
	g.Edges = nil
	for i, e := range edges {
		same, judged := v[[2]int32{e.Left, e.Right}]
		switch {
		case judged:
			d.judged[i], d.accepted[i], d.margins[i] = true, same, math.Inf(1)
			if same {
				d.p[i] = 1
			}
		case takenLeft[e.Left] || takenRight[e.Right]:
			d.margins[i] = math.Inf(-1)
		default:
			open = append(open, i)
			g.Edges = append(g.Edges, e)
		}
	}
	p, margins := g.Marginals(), g.Margins()
	accepted := g.Accept(p, spec.Threshold)
	for k, i := range open {
		d.p[i], d.margins[i], d.accepted[i] = p[k], margins[k], accepted[k]
	}
	return d
}

// Union decides anew on the pairs of several linkages by one frozen model, as a
// single linkage of all their records would. Rows are numbered in the order of the
// ids; what a pair weighs follows from its levels.
func Union(spec model.Specification, lefts, rights int, pairs []Pair, judged []Judged) (*Result, error) {
	ladders, err := model.Ladders(spec.Comparisons)
	if err != nil {
		return nil, err
	}
	if spec.Parameters == nil || spec.Frozen == nil || spec.Relation == "" {
		return nil, fmt.Errorf("unite linkages: the model is not frozen")
	}
	scorer := model.NewScorer(spec.Parameters, ladders)
	slices.SortFunc(pairs, func(a, b Pair) int { return slices.Compare([]int32{a.Left, a.Right}, []int32{b.Left, b.Right}) })
	edges := make([]assign.Edge, len(pairs))
	for i, p := range pairs {
		edges[i] = assign.Edge{Left: p.Left, Right: p.Right, LogOdds: scorer.LogOdds(p.Levels)}
		pairs[i].WeightBits = scorer.WeightBits(edges[i].LogOdds)
	}
	v := verdicts{}
	for _, j := range judged {
		v[[2]int32{j.Left, j.Right}] = j.Same
	}
	d := decide(spec, edges, lefts, rights, v)
	for i := range pairs {
		d.tell(i, &pairs[i])
	}
	return &Result{Specification: spec, Pairs: ordered(pairs)}, nil
}
