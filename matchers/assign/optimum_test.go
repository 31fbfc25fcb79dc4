package assign_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rollcall/matchers/assign"
)

// assignments calls see with every set of edges in which each record has one
// partner at most.
func assignments(edges []assign.Edge, see func(chosen []bool)) {
	chosen := make([]bool, len(edges))
	left, right := map[int32]bool{}, map[int32]bool{}
	var extend func(next int)
	extend = func(next int) {
		if next == len(edges) {
			see(chosen)
			return
		}
		extend(next + 1)
		if e := edges[next]; !left[e.Left] && !right[e.Right] {
			left[e.Left], right[e.Right], chosen[next] = true, true, true
			extend(next + 1)
			left[e.Left], right[e.Right], chosen[next] = false, false, false
		}
	}
	extend(0)
}

// small draws a graph of few records. Log odds are often the same, so that there
// are ties.
func small(t *rapid.T) assign.Graph {
	var edges []assign.Edge
	lefts, rights := rapid.IntRange(1, 5).Draw(t, "lefts"), rapid.IntRange(1, 4).Draw(t, "rights")
	score := rapid.OneOf(rapid.Float64Range(-5, 9), rapid.SampledFrom([]float64{-1, 0, 1, 2, 3}))
	for left := range int32(lefts) {
		for right := range int32(rights) {
			if rapid.Bool().Draw(t, "candidates") {
				edges = append(edges, assign.Edge{Left: left, Right: right, LogOdds: score.Draw(t, "log odds")})
			}
		}
	}
	return once(edges, lefts, rights)
}

const near = 1e-9

func TestMarginsAreThoseOfAllAssignments(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		g := small(rt)
		// The best assignment with each edge.
		with := make([]float64, len(g.Edges))
		for i := range with {
			with[i] = math.Inf(-1)
		}
		assignments(g.Edges, func(chosen []bool) {
			sum := 0.0
			for i, in := range chosen {
				if in {
					sum += g.Edges[i].LogOdds
				}
			}
			for i, in := range chosen {
				if in {
					with[i] = max(with[i], sum)
				}
			}
		})
		for i, got := range g.Margins() {
			runnerUp := math.Inf(-1)
			for k, other := range g.Edges {
				if k != i && (other.Left == g.Edges[i].Left || other.Right == g.Edges[i].Right) {
					runnerUp = max(runnerUp, with[k])
				}
			}
			if want := with[i] - runnerUp; got != want && math.Abs(got-want) > near {
				rt.Errorf("edge %d: margin %g, by trying all %g", i, got, want)
			}
		}
	})
}

// TestAcceptedAreTheBestAssignment: below a threshold of 1/2 a pair can give way to
// two others that are worth more together.
func TestAcceptedAreTheBestAssignment(t *testing.T) {
	edges := []assign.Edge{{Left: 0, Right: 0, LogOdds: .45}, {Left: 0, Right: 1, LogOdds: .44}, {Left: 1, Right: 0, LogOdds: .44}}
	if diff := cmp.Diff([]bool{false, true, true}, once(edges, 2, 2).Accept([]float64{.45, .4, .4}, .1)); diff != "" {
		t.Errorf("two pairs for one: %s", diff)
	}
	rapid.Check(t, func(rt *rapid.T) {
		g := small(rt)
		threshold := rapid.Float64Range(.01, .99).Draw(rt, "threshold")
		p := g.Marginals()
		for _, x := range p {
			if math.Abs(x-threshold) < 1e-7 {
				return // taken or not, it is worth the same
			}
		}
		best, inAll := math.Inf(-1), make([]bool, len(p))
		for pass := range 2 { // to find the best, then what all that are as good have in common
			assignments(g.Edges, func(chosen []bool) {
				worth := 0.0
				for i, in := range chosen {
					if in {
						worth += p[i] - threshold
					}
				}
				if pass == 0 {
					best = max(best, worth)
				} else if worth >= best-near {
					for i, in := range chosen {
						inAll[i] = inAll[i] && in
					}
				}
			})
			if pass == 0 {
				for i := range inAll {
					inAll[i] = true
				}
			}
		}
		if diff := cmp.Diff(inAll, g.Accept(p, threshold)); diff != "" {
			rt.Errorf("accepted from %g on (-by trying all +got): %s", threshold, diff)
		}
	})
}

// TestOneSideOnce: the other side's records may have several partners, and the
// probabilities are exact.
func TestOneSideOnce(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		g := small(rt)
		g.LeftOnce = false
		p := g.Marginals()
		partners := map[int32]int{}
		for i, accepted := range g.Accept(p, rapid.Float64Range(.05, .9).Draw(rt, "threshold")) {
			e := g.Edges[i]
			total := 1.0
			for _, other := range g.Edges {
				if other.Right == e.Right {
					total += math.Exp(other.LogOdds)
				}
			}
			if want := math.Exp(e.LogOdds) / total; math.Abs(p[i]-want) > near {
				rt.Errorf("edge %d: %g, want %g", i, p[i], want)
			}
			if accepted {
				partners[e.Right]++
			}
		}
		for right, n := range partners {
			if n > 1 {
				rt.Errorf("right record %d has %d partners", right, n)
			}
		}
	})
}

// TestNoSideOnce: every pair stands for itself.
func TestNoSideOnce(t *testing.T) {
	g := assign.Graph{Edges: []assign.Edge{{Left: 0, Right: 0, LogOdds: 3}, {Left: 0, Right: 1, LogOdds: 1}, {Left: 1, Right: 1, LogOdds: -1}}, Lefts: 2, Rights: 2}
	if diff := cmp.Diff([]bool{true, true, false}, g.Accept(g.Marginals(), .5)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]float64{2, -2, -2}, g.Margins()); diff != "" {
		t.Error(diff)
	}
}
