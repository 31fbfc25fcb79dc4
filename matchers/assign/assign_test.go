package assign_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rollcall/matchers/assign"
)

// once is a graph in which every record has one partner at most.
func once(edges []assign.Edge, lefts, rights int) assign.Graph {
	return assign.Graph{Edges: edges, Lefts: lefts, Rights: rights, LeftOnce: true, RightOnce: true}
}

// exhaustive is the marginals over all matchings, by counting them.
func exhaustive(edges []assign.Edge) []float64 {
	with := make([]float64, len(edges))
	total := 0.0
	var extend func(next int, weight float64, taken []int, left, right map[int32]bool)
	extend = func(next int, weight float64, taken []int, left, right map[int32]bool) {
		if next == len(edges) {
			total += weight
			for _, e := range taken {
				with[e] += weight
			}
			return
		}
		extend(next+1, weight, taken, left, right)
		e := edges[next]
		if !left[e.Left] && !right[e.Right] {
			left[e.Left], right[e.Right] = true, true
			extend(next+1, weight*math.Exp(e.LogOdds), append(append([]int(nil), taken...), next), left, right)
			left[e.Left], right[e.Right] = false, false
		}
	}
	extend(0, 1, nil, map[int32]bool{}, map[int32]bool{})
	for i := range with {
		with[i] /= total
	}
	return with
}

func TestOneToOneIsExactOnTrees(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		// A chain: left 0 - right 0 - left 1 - right 1 - ... has no cycle.
		var edges []assign.Edge
		n := rapid.IntRange(1, 9).Draw(rt, "edges")
		for k := range n {
			odds := rapid.Float64Range(-6, 8).Draw(rt, "log odds")
			edges = append(edges, assign.Edge{Left: int32((k + 1) / 2), Right: int32(k / 2), LogOdds: odds})
		}
		got := once(edges, n+1, n+1).Marginals()
		for i, want := range exhaustive(edges) {
			if math.Abs(got[i]-want) > 1e-4 {
				rt.Errorf("edge %d: %.6f, by counting %.6f", i, got[i], want)
			}
		}
	})
}

func TestOneToOneHoldsOnAnyGraph(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 1))
		var edges []assign.Edge
		for left := range int32(8) {
			for right := range int32(8) {
				if random.Float64() < .4 {
					edges = append(edges, assign.Edge{Left: left, Right: right, LogOdds: 60*random.Float64() - 20})
				}
			}
		}
		sums := map[[2]int32]float64{}
		g := once(edges, 8, 8)
		p := g.Marginals()
		accepted := g.Accept(p, .2)
		partners := map[[2]int32]int{}
		for i, e := range edges {
			for _, record := range [][2]int32{{0, e.Left}, {1, e.Right}} {
				sums[record] += p[i]
				if accepted[i] {
					partners[record]++
				}
			}
		}
		for record, n := range partners {
			if n > 1 {
				rt.Errorf("%v has %d partners", record, n)
			}
		}
		for record, sum := range sums {
			if sum > 1+1e-9 {
				rt.Errorf("the partners of %v have probability %.4f together", record, sum)
			}
		}
	})
}

func TestNothingTellsTwoPartnersApart(t *testing.T) {
	edges := []assign.Edge{{Left: 0, Right: 0, LogOdds: 50}, {Left: 0, Right: 1, LogOdds: 50}}
	g := once(edges, 1, 2)
	for _, threshold := range []float64{.5, .3} {
		if accepted := g.Accept(g.Marginals(), threshold); accepted[0] || accepted[1] {
			t.Errorf("accepted %v from %g on, want neither", accepted, threshold)
		}
	}
}

func TestBetterRivalTakesTheRecord(t *testing.T) {
	edges := []assign.Edge{{Left: 0, Right: 0, LogOdds: 3}, {Left: 1, Right: 0, LogOdds: 9}}
	p := once(edges, 2, 1).Marginals()
	if p[0] > .01 || p[1] < .99 {
		t.Errorf("probabilities %.3f and %.3f", p[0], p[1])
	}
	margins := once(edges, 2, 1).Margins()
	if margins[0] != -6 || margins[1] != 6 {
		t.Errorf("margins %v, want -6 and 6", margins)
	}
	if alone := once(edges[:1], 2, 1).Margins(); !math.IsInf(alone[0], 1) {
		t.Errorf("margin %v without a rival", alone[0])
	}
}

// naive is average linkage by its definition.
func naive(p [][]float64) []int32 {
	type cluster struct {
		rows   []int
		stands bool
	}
	var clusters []cluster
	label := make([]int32, len(p))
	for i := range p {
		clusters = append(clusters, cluster{[]int{i}, true})
		label[i] = int32(i)
	}
	mean := func(a, b cluster) float64 {
		sum := 0.0
		for _, i := range a.rows {
			for _, j := range b.rows {
				if p[i][j] < 0 {
					return -1
				}
				sum += p[i][j]
			}
		}
		return sum / float64(len(a.rows)*len(b.rows))
	}
	for {
		x, y, best := -1, -1, .3
		for i := range clusters {
			for j := i + 1; j < len(clusters); j++ {
				if m := mean(clusters[i], clusters[j]); m >= best && (x < 0 || m > best+1e-12) {
					x, y, best = i, j, m
				}
			}
		}
		if x < 0 {
			return label
		}
		joined := cluster{append(append([]int(nil), clusters[x].rows...), clusters[y].rows...), clusters[x].stands && clusters[y].stands}
		if len(joined.rows) == 2 && best < .5 {
			joined.stands = false
		}
		clusters[x] = joined
		clusters = append(clusters[:y], clusters[y+1:]...)
		if joined.stands {
			least := int32(len(p))
			for _, row := range joined.rows {
				least = min(least, int32(row))
			}
			for _, row := range joined.rows {
				label[row] = least
			}
		}
	}
}

func TestAverageLinkageIsItsDefinition(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(2, 12).Draw(rt, "records")
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 2))
		s := assign.NewSimilarities(n)
		p := make([][]float64, n)
		for i := range p {
			p[i] = make([]float64, n)
		}
		for i := range n {
			for j := i + 1; j < n; j++ {
				p[i][j] = random.Float64()
				if random.Float64() < .15 {
					p[i][j] = -1
				}
				p[j][i] = p[i][j]
				s.Set(i, j, p[i][j])
			}
		}
		labels, _ := assign.Average(s, .5, nil)
		if diff := cmp.Diff(naive(p), labels); diff != "" {
			rt.Error(diff)
		}
	})
}

func TestDifferentPeopleAreKeptApart(t *testing.T) {
	s := assign.NewSimilarities(3)
	s.Set(0, 1, .9)
	s.Set(1, 2, .8)
	s.Set(0, 2, -1) // both are like 1, but known to be two people
	labels, _ := assign.Average(s, .5, nil)
	if diff := cmp.Diff([]int32{0, 0, 2}, labels); diff != "" {
		t.Error(diff)
	}
}

func TestKnownToBeOne(t *testing.T) {
	s := assign.NewSimilarities(4)
	s.Set(0, 1, .9)
	s.Set(1, 3, .6)
	s.Set(0, 3, .1)
	s.Set(2, 3, -1)
	s.Join(1, 2)
	label, joins := assign.Average(s, .5, nil)
	// 0 is like 1 but not like 2, which is one with 1: their mean is 0.45.
	if diff := cmp.Diff([]int32{0, 0, 0, 3}, label); diff != "" {
		t.Error(diff)
	}
	if len(joins) != 2 || joins[0].Probability != 1 {
		t.Errorf("joins %v", joins)
	}
}

func TestComponents(t *testing.T) {
	labels := assign.Components(6, []assign.Edge{{Left: 4, Right: 5}, {Left: 1, Right: 3}, {Left: 3, Right: 4}})
	if diff := cmp.Diff([]int32{0, 1, 2, 1, 1, 1}, labels); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([][]int32{{1, 3, 4, 5}}, assign.Groups(labels)); diff != "" {
		t.Error(diff)
	}
}
