package assign

import "math"

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

// Marginals is the probability of each edge given how many partners records have:
// the marginals of the matching, by belief propagation (Bayati, Shah and Sharma
// 2008; exact on trees, and so where one side has one partner at most). The
// probabilities of such a record's edges sum to at most 1, so that p > 1/2 keeps
// to it by itself.
func (g Graph) Marginals() []float64 {
	p := make([]float64, len(g.Edges))
	odds := make([]float64, len(g.Edges))
	for i, e := range g.Edges {
		odds[i] = math.Exp(min(e.LogOdds, maxLogOdds))
		p[i] = odds[i] / (1 + odds[i])
	}
	if !g.LeftOnce && !g.RightOnce {
		return p
	}
	left, right := g.lists()
	c := contested(g.Edges, left, right)
	fromLeft, fromRight := ones(len(g.Edges)), ones(len(g.Edges))
	var products, others []float64
	for round := range maxRounds {
		damp, moved := 0.0, 0.0
		if round >= dampedFrom {
			damp = damping
		}
		if g.LeftOnce {
			moved = max(moved, exchange(c.lefts, left, odds, fromRight, fromLeft, &products, &others, 0))
		}
		if g.RightOnce {
			moved = max(moved, exchange(c.rights, right, odds, fromLeft, fromRight, &products, &others, damp))
		}
		if moved < settled {
			break
		}
	}
	for i := range p {
		if c.edges[i] {
			q := odds[i] * fromLeft[i] * fromRight[i]
			p[i] = q / (1 + q)
		}
	}
	g.bound(p)
	return p
}

// bound scales down what messages that did not settle left above 1 a record.
func (g Graph) bound(p []float64) {
	left, right := make([]float64, g.Lefts), make([]float64, g.Rights)
	for i, e := range g.Edges {
		if g.LeftOnce {
			left[e.Left] += p[i]
		}
		if g.RightOnce {
			right[e.Right] += p[i]
		}
	}
	for i, e := range g.Edges {
		p[i] /= max(1, left[e.Left], right[e.Right])
	}
}

func ones(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = 1
	}
	return out
}

// contest is what belief propagation has to look at: an edge whose records have
// no other edge keeps its own odds.
type contest struct {
	lefts, rights []int32
	edges         []bool
}

func contested(edges []Edge, left, right lists) contest {
	c := contest{edges: make([]bool, len(edges))}
	for i, e := range edges {
		c.edges[i] = len(left.of(e.Left)) > 1 || len(right.of(e.Right)) > 1
	}
	for record := range int32(len(left.starts) - 1) {
		if list := left.of(record); len(list) > 0 && c.edges[list[0]] {
			c.lefts = append(c.lefts, record)
		}
	}
	for record := range int32(len(right.starts) - 1) {
		if list := right.of(record); len(list) > 0 && c.edges[list[0]] {
			c.rights = append(c.rights, record)
		}
	}
	return c
}

// exchange renews the messages that the records of one side send along their
// edges: 1 / (1 + what the record's other edges bring). The others are summed,
// not taken from the total: beside odds of e^40 those of 1 would be lost. It
// returns the most that a message would move log(1 + what it brings).
func exchange(records []int32, edges lists, odds, in, out []float64, products, others *[]float64, damp float64) float64 {
	moved := 0.0
	for _, record := range records {
		list := edges.of(record)
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
