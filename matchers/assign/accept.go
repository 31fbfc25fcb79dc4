package assign

// alike is less than two probabilities or log odds differ by that are not the same.
const alike = 1e-9

// Accept takes the edges of at least the threshold that make up the best
// assignment: that whose probabilities exceed the threshold by most together.
// From a threshold of 1/2 on, and where one side may have several partners, these
// are the edges that are better than every other edge of a record that has one
// partner at most; below 1/2 a pair can give way to two others. An edge that some
// other assignment as good does without is not taken: nothing tells the two apart.
func (g Graph) Accept(p []float64, threshold float64) []bool {
	out := g.best(p, threshold)
	if !g.LeftOnce || !g.RightOnce || threshold >= 0.5 {
		return out
	}
	able := make([]int32, 0, len(p))
	for i := range p {
		if p[i] >= threshold {
			able = append(able, int32(i))
		}
	}
	for _, edges := range g.components(able) {
		o := newOptimum(g.Edges, edges, func(e int32) float64 { return p[e] - threshold })
		if o == nil {
			continue // too large: what is best for both its records stands
		}
		for k, e := range edges {
			out[e] = o.lossWithout(k) > alike
		}
	}
	return out
}

// best takes the edges that are better than every other edge of those of their
// records that have one partner at most.
func (g Graph) best(p []float64, threshold float64) []bool {
	var rival []float64
	if g.LeftOnce || g.RightOnce {
		rival = g.rivals(func(edge int) float64 { return p[edge] })
	}
	out := make([]bool, len(p))
	for i := range p {
		out[i] = p[i] >= threshold && (rival == nil || p[i] > rival[i]+alike)
	}
	return out
}
