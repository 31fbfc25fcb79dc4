// Package assign turns scored pairs into decisions: links in which every record
// has one partner at most, and clusters of records that are one person.
package assign

import (
	"cmp"
	"math"
	"slices"
)

// Edge is a candidate pair with the natural logarithm of its odds.
type Edge struct {
	Left, Right int32
	LogOdds     float64
}

// Belief propagation stops when no message moves what it is multiplied with by
// more than settled: a message beside odds of e^40 is small, and has to be right
// in proportion. Plain messages settle in few rounds, but for long cycles of near
// equals, where they swing: those that did not settle are damped.
const (
	maxLogOdds = 40.0 // e^40 is certain enough, and still adds up
	damping    = 0.5
	dampedFrom = 15 // round
	maxRounds  = 50
	settled    = 1e-5
)

// OneToOne is the probability of each edge given that every record has at most
// one partner: the marginals of the matching, by belief propagation (Bayati,
// Shah and Sharma 2008; exact on trees). Edges must be ordered by left, then
// right record, without repeats. The probabilities of a record's edges sum to
// at most 1, so that p > 1/2 is one-to-one by itself.
func OneToOne(edges []Edge, lefts, rights int) []float64 {
	p := make([]float64, len(edges))
	g := newGraph(edges, lefts, rights)
	odds := make([]float64, len(edges))
	for i, e := range edges {
		odds[i] = math.Exp(min(e.LogOdds, maxLogOdds))
		p[i] = odds[i] / (1 + odds[i])
	}
	contested := g.contested(edges)
	fromLeft, fromRight := ones(len(edges)), ones(len(edges))
	var products, others []float64
	for round := range maxRounds {
		damp, moved := 0.0, 0.0
		if round >= dampedFrom {
			damp = damping
		}
		moved = max(moved, exchange(contested.lefts, g.leftEdges, odds, fromRight, fromLeft, &products, &others, 0))
		moved = max(moved, exchange(contested.rights, g.rightEdges, odds, fromLeft, fromRight, &products, &others, damp))
		if moved < settled {
			break
		}
	}
	for i := range edges {
		if contested.edges[i] {
			q := odds[i] * fromLeft[i] * fromRight[i]
			p[i] = q / (1 + q)
		}
	}
	bound(edges, p, lefts, rights)
	return p
}

// bound scales down what messages that did not settle left above 1 a record.
func bound(edges []Edge, p []float64, lefts, rights int) {
	left, right := make([]float64, lefts), make([]float64, rights)
	for i, e := range edges {
		left[e.Left] += p[i]
		right[e.Right] += p[i]
	}
	for i, e := range edges {
		p[i] /= max(1, left[e.Left], right[e.Right])
	}
}

// Accept takes the edges of at least the threshold that are better than every
// other edge of both their records. Of two that are equal neither is taken:
// nothing tells them apart.
func Accept(edges []Edge, p []float64, threshold float64, lefts, rights int) []bool {
	left, right := newRivals(lefts), newRivals(rights)
	for i, e := range edges {
		left.note(e.Left, int32(i), p[i])
		right.note(e.Right, int32(i), p[i])
	}
	out := make([]bool, len(edges))
	for i, e := range edges {
		rival := max(left.other(e.Left, int32(i)), right.other(e.Right, int32(i)))
		out[i] = p[i] >= threshold && p[i] > rival
	}
	return out
}

func ones(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = 1
	}
	return out
}

// graph has the edges of each record.
type graph struct {
	left, right lists
}

// lists are lists of edges, one a record, end to end.
type lists struct {
	starts []int32
	edges  []int32
}

func (l lists) of(record int32) []int32 { return l.edges[l.starts[record]:l.starts[record+1]] }

func (g *graph) leftEdges(record int32) []int32  { return g.left.of(record) }
func (g *graph) rightEdges(record int32) []int32 { return g.right.of(record) }

func newGraph(edges []Edge, lefts, rights int) *graph {
	return &graph{
		left:  listEdges(edges, lefts, func(e Edge) int32 { return e.Left }),
		right: listEdges(edges, rights, func(e Edge) int32 { return e.Right }),
	}
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

// contest is what belief propagation has to look at: an edge whose records have
// no other edge keeps its own odds.
type contest struct {
	lefts, rights []int32
	edges         []bool
}

func (g *graph) contested(edges []Edge) contest {
	c := contest{edges: make([]bool, len(edges))}
	for i, e := range edges {
		c.edges[i] = len(g.left.of(e.Left)) > 1 || len(g.right.of(e.Right)) > 1
	}
	for record := range int32(len(g.left.starts) - 1) {
		if list := g.left.of(record); len(list) > 0 && c.edges[list[0]] {
			c.lefts = append(c.lefts, record)
		}
	}
	for record := range int32(len(g.right.starts) - 1) {
		if list := g.right.of(record); len(list) > 0 && c.edges[list[0]] {
			c.rights = append(c.rights, record)
		}
	}
	return c
}

// exchange renews the messages that the records of one side send along their
// edges: 1 / (1 + what the record's other edges bring). The others are summed,
// not taken from the total: beside odds of e^40 those of 1 would be lost. It
// returns the most that a message would move log(1 + what it brings).
func exchange(records []int32, edgesOf func(int32) []int32, odds, in, out []float64, products, others *[]float64, damp float64) float64 {
	moved := 0.0
	for _, record := range records {
		list := edgesOf(record)
		*products, *others = (*products)[:0], (*others)[:0]
		before := 0.0
		for _, e := range list {
			x := odds[e] * in[e]
			*products, *others = append(*products, x), append(*others, before)
			before += x
		}
		after := 0.0
		for k := len(list) - 1; k >= 0; k-- {
			e := list[k]
			renewed := 1 / (1 + (*others)[k] + after)
			after += (*products)[k]
			moved = max(moved, odds[e]*math.Abs(renewed-out[e])/(1+odds[e]*renewed))
			out[e] = damp*out[e] + (1-damp)*renewed
		}
	}
	return moved
}

// Sort orders edges by left, then right record.
func Sort(edges []Edge) {
	slices.SortFunc(edges, func(a, b Edge) int {
		return cmp.Or(cmp.Compare(a.Left, b.Left), cmp.Compare(a.Right, b.Right))
	})
}

// Compact drops the repeats of ordered edges.
func Compact(edges []Edge) []Edge {
	return slices.CompactFunc(edges, func(a, b Edge) bool { return a.Left == b.Left && a.Right == b.Right })
}
