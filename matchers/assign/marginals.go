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
	lefts := &party{records: c.lefts, edges: left, out: ones(len(g.Edges)), news: make([]bool, g.Lefts), end: func(e int32) int32 { return g.Edges[e].Left }}
	rights := &party{records: c.rights, edges: right, out: ones(len(g.Edges)), news: make([]bool, g.Rights), end: func(e int32) int32 { return g.Edges[e].Right }}
	lefts.hear(c.lefts)
	rights.hear(c.rights)
	for round := range maxRounds {
		damp, moved := 0.0, 0.0
		if round >= dampedFrom {
			damp = damping
		}
		if g.LeftOnce {
			moved = max(moved, lefts.send(rights, odds, 0))
		}
		if g.RightOnce {
			moved = max(moved, rights.send(lefts, odds, damp))
		}
		if moved < settled {
			break
		}
	}
	for i := range p {
		if c.edges[i] {
			q := odds[i] * lefts.out[i] * rights.out[i]
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

// party is the records of one side and the messages that they send along their
// edges: 1 / (1 + what the record's other edges bring).
type party struct {
	records          []int32
	edges            lists
	end              func(edge int32) int32 // the record of this side
	out              []float64              // by edge
	news             []bool                 // by record: what it would send may differ from what it sent
	products, others []float64
}

func (p *party) hear(records []int32) {
	for _, record := range records {
		p.news[record] = true
	}
}

// send renews the messages of the records that had news. The other edges are
// summed, not taken from the total: beside odds of e^40 those of 1 would be lost. It
// returns the most that a message would move log(1 + what it brings).
func (p *party) send(to *party, odds []float64, damp float64) float64 {
	moved := 0.0
	for _, record := range p.records {
		if !p.news[record] {
			continue
		}
		p.news[record] = false
		list := p.edges.of(record)
		p.products, p.others = p.products[:0], p.others[:0]
		before := 0.0
		for _, e := range list {
			x := odds[e] * to.out[e]
			p.products, p.others = append(p.products, x), append(p.others, before)
			before += x
		}
		after := 0.0
		for k := len(list) - 1; k >= 0; k-- {
			e := list[k]
			renewed := 1 / (1 + p.others[k] + after)
			after += p.products[k]
			if renewed == p.out[e] {
				continue
			}
			moved = max(moved, odds[e]*math.Abs(renewed-p.out[e])/(1+odds[e]*renewed))
			p.out[e] = damp*p.out[e] + (1-damp)*renewed
			to.news[to.end(e)] = true
			p.news[record] = p.news[record] || damp > 0
		}
	}
	return moved
}
