package assign

import "math"

// Margins is for each edge by how much its log odds exceed those of the best
// other edge of either record; +Inf where neither has another.
func Margins(edges []Edge, lefts, rights int) []float64 {
	left, right := newRivals(lefts), newRivals(rights)
	for i, e := range edges {
		left.note(e.Left, int32(i), e.LogOdds)
		right.note(e.Right, int32(i), e.LogOdds)
	}
	out := make([]float64, len(edges))
	for i, e := range edges {
		out[i] = e.LogOdds - max(left.other(e.Left, int32(i)), right.other(e.Right, int32(i)))
	}
	return out
}

// MarginsWithin is Margins where both ends are records of one file.
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
