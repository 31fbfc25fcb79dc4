package quality_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"rollcall/matchers/quality"
)

func TestEvaluate(t *testing.T) {
	truth := quality.NewTruth([][2]string{{"a", "b"}, {"c", "d"}, {"e", "f"}, {"b", "a"}}, true)
	e := quality.Evaluate([]quality.Scored{
		{Left: "b", Right: "a", Probability: .9, Accepted: true}, // the truth has it the other way round
		{Left: "a", Right: "c", Probability: .8, Accepted: true},
		{Left: "c", Right: "d", Probability: .7, Accepted: true},
		{Left: "d", Right: "c", Probability: .6}, // told twice
		{Left: "e", Right: "f", Probability: .4},
		{Left: "x", Right: "y", Probability: .1},
	}, truth)
	near := cmpopts.EquateApprox(0, 1e-9)
	want := quality.Accuracy{Threshold: .7, Said: 3, Right: 2, True: 3, Precision: 2. / 3, Recall: 2. / 3, F1: 2. / 3}
	if diff := cmp.Diff(want, e.Accepted, near); diff != "" {
		t.Error(diff)
	}
	best := quality.Accuracy{Threshold: .4, Said: 4, Right: 3, True: 3, Precision: .75, Recall: 1, F1: 6. / 7}
	if diff := cmp.Diff(best, e.Best, near); diff != "" {
		t.Error(diff)
	}
	if len(e.Curve) != 5 || e.Curve[0].Recall != 1./3 || e.Curve[4].Said != 5 {
		t.Errorf("curve %+v", e.Curve)
	}
}

func TestDirectionCountsBetweenTwoFiles(t *testing.T) {
	truth := quality.NewTruth([][2]string{{"1", "2"}}, false)
	if !truth.Has("1", "2") || truth.Has("2", "1") {
		t.Error("left 1 and right 2 are one person; left 2 and right 1 are others")
	}
}

func TestLinkPrecision(t *testing.T) {
	// 20 decoys in a fiftieth of the pairs stand for 1,000 false links of 10,000.
	got := quality.LinkPrecision(10_000, .99, 1e6, quality.Decoys{Hits: 20, Compared: 2e4})
	if got[0] > .9 || got[0] < .8 || got[1] != .99 || got[2] != .99 {
		t.Errorf("interval %v, want from about 0.85 to 0.99", got)
	}
	none := quality.LinkPrecision(10_000, .99, 1e6, quality.Decoys{Hits: 0, Compared: 1e6})
	if none[0] < .989 || none[2] != 1 {
		t.Errorf("interval %v without decoys, want from 0.99 to 1", none)
	}
}

// TestRecallOfATruncatedMixture: pairs of known classes, of which only those
// with two equal columns of four are seen.
func TestRecallOfATruncatedMixture(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	accepts := func(states []uint16) bool {
		n := 0
		for _, s := range states {
			n += int(s)
		}
		return n >= 2
	}
	a := quality.Accepted{Columns: 6, Sizes: []int{2, 2, 2, 2, 2, 2}, Accepts: accepts}
	const all = 20_000
	for range all {
		agree := .95
		if random.Float64() < .25 {
			agree = .35
		}
		row := make([]uint16, 6)
		for c := range row {
			if random.Float64() < agree {
				row[c] = 1
			}
		}
		if accepts(row) {
			a.States = append(a.States, row...)
			a.Weights = append(a.Weights, 1)
		}
	}
	want := float64(len(a.Weights)) / all
	got := quality.Recall(a)
	if math.Abs(got[1]-want) > .02 || got[0] > want || got[2] < want {
		t.Errorf("recall %.4f in %.4f to %.4f, truly %.4f", got[1], got[0], got[2], want)
	}
}
