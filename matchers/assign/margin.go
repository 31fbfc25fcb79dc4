package assign

import "math"

// Margins is for each edge by how much the log odds of the best assignment with it
// exceed those of the best assignment that gives one of its records another
// partner; +Inf where neither has another edge. In components too large for that,
// and where records may have several partners, an edge is held against the other
// edges of its records alone: those of the side that has one partner at most, or
// of both where none has.
func (g Graph) Margins() []float64 {
	rival := g.rivals(func(edge int) float64 { return g.Edges[edge].LogOdds })
	out := make([]float64, len(g.Edges))
	all := make([]int32, len(out))
	for i, e := range g.Edges {
		out[i] = e.LogOdds - rival[i]
		all[i] = int32(i)
	}
	if !g.LeftOnce || !g.RightOnce {
		return out
	}
	for _, edges := range g.components(all) {
		if o := newOptimum(g.Edges, edges, func(e int32) float64 { return g.Edges[e].LogOdds }); o != nil {
			for k, e := range edges {
				out[e] = o.margin(k)
			}
		}
	}
	return out
}

// rivals is the best score of the other edges of each edge's records.
func (g Graph) rivals(score func(edge int) float64) []float64 {
	left, right := newRivals(g.Lefts), newRivals(g.Rights)
	for i, e := range g.Edges {
		if g.LeftOnce || !g.RightOnce {
			left.note(e.Left, int32(i), score(i))
		}
		if g.RightOnce || !g.LeftOnce {
			right.note(e.Right, int32(i), score(i))
		}
	}
	out := make([]float64, len(g.Edges))
	for i, e := range g.Edges {
		out[i] = max(left.other(e.Left, int32(i)), right.other(e.Right, int32(i)))
	}
	return out
}

// MarginsWithin is by how much the log odds of each edge exceed those of the best
// other edge of either record, both of one file.
func MarginsWithin(edges []Edge, records int) []float64 {
	all := newRivals(records)
	for i, e := range edges {
		all.note(e.Left, int32(i), e.LogOdds)
		all.note(e.Right, int32(i), e.LogOdds)
	}
	out := make([]float64, len(edges))
	for i, e := range edges {
		out[i] = e.LogOdds - max(all.other(e.Left, int32(i)), all.other(e.Right, int32(i)))
	}
	return out
}

// rivals has the best edge of each record and what the two best have: log odds
// or probability.
type rivals struct {
	edge         []int32
	best, second []float64
}

func newRivals(records int) rivals {
	r := rivals{make([]int32, records), make([]float64, records), make([]float64, records)}
	for i := range records {
		r.edge[i], r.best[i], r.second[i] = -1, math.Inf(-1), math.Inf(-1)
	}
	return r
}

func (r rivals) note(record, edge int32, score float64) {
	if score > r.best[record] {
		r.second[record], r.best[record], r.edge[record] = r.best[record], score, edge
		return
	}
	r.second[record] = max(r.second[record], score)
}

// other is the best of the record's other edges.
func (r rivals) other(record, edge int32) float64 {
	if r.edge[record] == edge {
		return r.second[record]
	}
	return r.best[record]
}
