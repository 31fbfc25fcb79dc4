package quality_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"rollcall/matchers/quality"
)

// TestShift: the index of a published shape, of nothing changed, and of a cell that
// came to be empty.
func TestShift(t *testing.T) {
	// (.5-.25) ln(.5/.25) + (.5-.75) ln(.5/.75), of so many that half a count is nothing.
	want := .25*math.Log(2) + .25*math.Log(1.5)
	for _, c := range []struct {
		before, after []int64
		want          float64
	}{
		{[]int64{250e6, 750e6}, []int64{500e6, 500e6}, want},
		{[]int64{10, 20, 30}, []int64{100, 200, 300}, 0},
		{nil, nil, 0},
		{[]int64{0, 0}, []int64{5, 5}, 0},
		{[]int64{550, 0}, []int64{7, 0}, 0}, // nothing lacks in either
	} {
		if got := quality.Shift(c.before, c.after); math.Abs(got-c.want) > 0.01 || c.want == want && math.Abs(got-want) > 1e-6 {
			t.Errorf("%v to %v: %g, want %g", c.before, c.after, got, c.want)
		}
	}
	if got := quality.Shift([]int64{500, 500}, []int64{1000, 0}); math.IsInf(got, 0) || got < 1 {
		t.Errorf("a cell that emptied: %g", got)
	}
}

// profile draws a linkage of so many links.
func profile(random *rand.Rand, links int, lacks, differs, mean float64) quality.Profile {
	p := quality.Profile{Rows: [2]int64{int64(links), int64(links)}}
	c := quality.Column{Name: "birth", Levels: []quality.Count{{Level: "differs"}, {Level: "near"}, {Level: "equal"}, {Level: "missing"}}}
	for range links {
		level := 2
		switch draw := random.Float64(); {
		case draw < lacks:
			level = 3
		case draw < lacks+differs:
			level = 0
		case draw < lacks+differs+.1:
			level = 1
		}
		c.Levels[level].Pairs++
		if level != 3 {
			c.Filled[0]++
			c.Filled[1]++
		}
		weight := mean + 6*random.NormFloat64()
		p.Pairs.Add(weight)
		p.Links.Add(weight)
	}
	p.Comparisons = []quality.Column{c}
	return p
}

// TestDrifts: what moved is told and nothing else; samples of one kind do not pass
// for a move, however small they are.
func TestDrifts(t *testing.T) {
	random := rand.New(rand.NewPCG(8, 8))
	before := profile(random, 20_000, .05, .02, 20)
	moved := quality.Drifts(before, profile(random, 20_000, .35, .02, 20))
	large := map[string]bool{}
	for _, d := range moved {
		if d.Large() {
			large[d.What] = true
		}
	}
	for what, want := range map[string]bool{
		"missing values of birth, left": true, "missing values of birth, right": true, "levels of birth among links": true,
		"match weights of links": false, "match weights of all pairs above the floor": false,
	} {
		if large[what] != want {
			t.Errorf("%s: large %v, want %v in %+v", what, large[what], want, moved)
		}
	}
	if d := quality.Drifts(before, profile(random, 20_000, .05, .02, 14)); !d[3].Large() {
		t.Errorf("weights that fell by six bits: %+v", d[3])
	}
	wrongly, all := 0, 0
	for range 100 {
		for _, d := range quality.Drifts(before, profile(random, 30, .05, .02, 20)) {
			all++
			if d.Large() {
				wrongly++
			}
		}
	}
	if wrongly > all/20 {
		t.Errorf("%d of %d distributions of thirty of the same kind pass for moved", wrongly, all)
	}
}
