package quality_test

import (
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

// TestPrecisionHoldsTheTruth draws what is right from the probabilities
// themselves, single pairs and pairs that are wrong together, and from those of a
// model that is wrong by a factor.
func TestPrecisionHoldsTheTruth(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for _, c := range []struct {
		name     string
		together int
		factor   float64
	}{{"as said", 1, 1}, {"in groups", 12, 1}, {"half as often wrong", 1, .5}, {"twice as often wrong", 1, 2}} {
		held := 0
		for range 400 {
			var d quality.Doubt
			wrong, all := 0, 0
			for range 300 {
				p := 1 - .1*random.Float64()*random.Float64()
				d.Note(p, c.together)
				all += c.together
				if random.Float64() < (1-p)*c.factor {
					wrong += c.together
				}
			}
			truth := 1 - float64(wrong)/float64(all)
			if got := quality.Precision(d); truth >= got[0] && truth <= got[2] {
				held++
			}
		}
		if held < 380 {
			t.Errorf("%s: %d of 400 intervals hold the truth, want 380", c.name, held)
		}
	}
	var sure quality.Doubt
	sure.Note(1, 10_000)
	if got := quality.Precision(sure); got[0] < .999 || got[0] == 1 || got[2] != 1 {
		t.Errorf("interval %v of certain pairs, want one that still allows for a few errors", got)
	}
}

// recordsOf draws the records of people, 1 where a column is damaged, and which
// are dirty.
func recordsOf(random *rand.Rand, records, columns int) [][]uint16 {
	out := make([][]uint16, records)
	for i := range out {
		damaged := .03
		if random.Float64() < .15 {
			damaged = .45
		}
		out[i] = make([]uint16, columns)
		for c := range columns {
			if random.Float64() < damaged {
				out[i][c] = 1
			}
		}
	}
	return out
}

// agreeing labels records that are connected through pairs with at least least
// equal columns; state 1 is equal.
func agreeing(least, columns int) func(records int, states []uint16, labels []int32) {
	return func(records int, states []uint16, labels []int32) {
		for i := range labels {
			labels[i] = int32(i)
		}
		at := 0
		for i := range records {
			for j := i + 1; j < records; j++ {
				equal := 0
				for _, s := range states[at : at+columns] {
					equal += int(s)
				}
				at += columns
				if from, to := labels[j], labels[i]; equal >= least && from != to {
					for k := range labels {
						if labels[k] == from {
							labels[k] = to
						}
					}
				}
			}
		}
	}
}

// TestRecallHoldsTheTruth makes people of two and of many records, links those
// that agree in enough columns, and asks for the share that was found.
func TestRecallHoldsTheTruth(t *testing.T) {
	const columns = 6
	random := rand.New(rand.NewPCG(1, 2))
	joins := agreeing(3, columns)
	for _, records := range []int{2, 4} {
		s := quality.Seen{Columns: columns, Joins: joins, Sizes: make([]float64, records+1)}
		s.Fits = func(row []uint16) bool {
			labels := make([]int32, 2)
			joins(2, row, labels)
			return labels[0] == labels[1]
		}
		for range columns {
			s.Kinds = append(s.Kinds, []quality.StateKind{quality.Unequal, quality.Equal})
		}
		all, found := 0, 0
		for range 4000 {
			person := recordsOf(random, records, columns)
			var states []uint16
			for i := range records {
				for j := i + 1; j < records; j++ {
					for c := range columns {
						states = append(states, 1-max(person[i][c], person[j][c]))
					}
				}
			}
			labels := make([]int32, records)
			joins(records, states, labels)
			sizes, at := map[int32]int{}, 0
			for i := range records {
				sizes[labels[i]]++
				for j := i + 1; j < records; j++ {
					all++
					if labels[i] == labels[j] {
						found++
					}
					if s.Fits(states[at : at+columns]) {
						s.States = append(s.States, states[at:at+columns]...)
						s.Weights = append(s.Weights, 1)
					}
					at += columns
				}
			}
			for _, n := range sizes {
				s.Sizes[n]++
			}
		}
		want := float64(found) / float64(all)
		s.Pairs = found
		got := quality.Recall(1, s)
		if want > .99 || got[0] > want || got[2] < want || got[2]-got[0] > 2*(1-want)+.02 {
			t.Errorf("people of %d records: recall %.4f in %.4f to %.4f, truly %.4f", records, got[1], got[0], got[2], want)
		}
		t.Logf("people of %d records: recall %.4f in %.4f to %.4f, truly %.4f", records, got[1], got[0], got[2], want)
	}
}
