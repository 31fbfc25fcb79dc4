// Package assign turns scored pairs into decisions: links in which every record
// has one partner at most, or those of one side, and clusters of records that are
// one person.
package assign

// Edge is a candidate pair with the natural logarithm of its odds.
type Edge struct {
	Left, Right int32
	LogOdds     float64
}

// Graph is the candidate pairs of two files. Edges must be ordered by left, then
// right record, without repeats.
type Graph struct {
	Edges               []Edge
	Lefts, Rights       int
	LeftOnce, RightOnce bool // records of that side have one partner at most
}

// lists are lists of edges, one a record, end to end.
type lists struct {
	starts []int32
	edges  []int32
}

func (l lists) of(record int32) []int32 { return l.edges[l.starts[record]:l.starts[record+1]] }

// lists are the edges of each left and each right record.
func (g Graph) lists() (left, right lists) {
	return listEdges(g.Edges, g.Lefts, func(e Edge) int32 { return e.Left }), listEdges(g.Edges, g.Rights, func(e Edge) int32 { return e.Right })
}

func listEdges(edges []Edge, records int, end func(Edge) int32) lists {
	l := lists{make([]int32, records+1), make([]int32, len(edges))}
	for _, e := range edges {
		l.starts[end(e)+1]++
	}
	for i := range records {
		l.starts[i+1] += l.starts[i]
	}
	next := append([]int32(nil), l.starts[:records]...)
	for i, e := range edges {
		r := end(e)
		l.edges[next[r]] = int32(i)
		next[r]++
	}
	return l
}
