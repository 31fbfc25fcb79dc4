package model_test

import (
	"math"
	"testing"

	"rollcall/matchers/model"
)

// TestRefineMovesMTowardsTheLabels: of pairs that match, labels say that half
// differ in their category, against one in ten as trained.
func TestRefineMovesMTowardsTheLabels(t *testing.T) {
	comparisons := []model.Comparison{{Name: "status", Left: "status", Right: "status", Kind: model.Category}}
	trained := &model.Parameters{Prior: .001, Levels: [][]model.Level{{
		{Name: "differs", M: .1, U: .5},
		{Name: "equal, very common", M: .5, U: .2},
		{Name: "equal, common", M: .2, U: .1},
		{Name: "equal", M: .1, U: .1},
		{Name: "equal, rare", M: .1, U: .1},
	}}}
	labels := func(n int) (out []model.Labelled) {
		for i := range n {
			out = append(out, model.Labelled{Levels: []uint8{uint8(i % 2)}, Weight: 3})
		}
		return append(out, model.Labelled{Levels: []uint8{model.Missing}, Weight: 3})
	}
	refine := func(n int) []model.Level {
		p, err := trained.Refine(comparisons, labels(n))
		if err != nil {
			t.Fatal(err)
		}
		return p.Levels[0]
	}
	few, many := refine(10), refine(10_000)
	if few[0].M <= .15 || few[0].M >= .3 || math.Abs(many[0].M-.5) > .01 {
		t.Errorf("m of differing is %.3f with ten labels and %.3f with many, want from 0.1 towards 0.5", few[0].M, many[0].M)
	}
	sum := 0.0
	for _, l := range few {
		sum += l.M
	}
	if math.Abs(sum-1) > 1e-9 || few[0].U != .5 || math.Abs(few[0].Bits-math.Log2(few[0].M/.5)) > 1e-9 {
		t.Errorf("levels %+v: m must sum to 1, u stay and bits follow", few)
	}
	if trained.Levels[0][0].M != .1 {
		t.Error("the parameters that were refined have changed themselves")
	}
}
