package matchers

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"rollcall/matchers/assign"
	"rollcall/matchers/family"
	"rollcall/matchers/kernel"
)

// TestAllotment: whatever the pairs, the work on relatives is no more than is allotted;
// within it all of them are weighed, and of one record the likelier pairs first.
func TestAllotment(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lefts, rights := rapid.IntRange(1, 12).Draw(t, "lefts"), rapid.IntRange(1, 12).Draw(t, "rights")
		var ties []family.Tie
		for person := range int32(lefts) {
			for relative := range int32(rapid.IntRange(0, lefts).Draw(t, "relatives")) {
				ties = append(ties, family.Tie{Person: person, Relative: relative, Relation: family.Sibling})
			}
		}
		households := make([]uint32, rights)
		for row := range households {
			households[row] = uint32(rapid.IntRange(0, 3).Draw(t, "household"))
		}
		r := &run{
			table:   &kernel.Table{Left: &kernel.Rows{Rows: lefts}, Right: &kernel.Rows{Rows: rights}},
			kinship: &kinship{ties: family.NewTies(lefts, ties), homes: family.NewHomes(households)},
		}
		var edges []assign.Edge
		for left := range int32(lefts) {
			for right := range int32(rights) {
				if rapid.Bool().Draw(t, "found") {
					edges = append(edges, assign.Edge{Left: left, Right: right, LogOdds: float64(rapid.IntRange(-4, 4).Draw(t, "log odds"))})
				}
			}
		}
		const from = -3
		perRow := rapid.IntRange(1, 20).Draw(t, "per row")
		allotted := r.allot(edges, from, perRow)
		all, done := 0, 0
		least, left := make([]float64, lefts), make([]float64, lefts) // of the weighed, most of the others
		for row := range least {
			least[row], left[row] = math.Inf(1), math.Inf(-1)
		}
		for _, e := range edges {
			cost := r.costFrom(e, from)
			all += cost
			if allotted.has(e) {
				done += cost
				least[e.Left] = min(least[e.Left], e.LogOdds)
			} else {
				left[e.Left] = max(left[e.Left], e.LogOdds)
			}
		}
		most := perRow * (lefts + rights)
		if done > most {
			t.Fatalf("work of %d, allotted are %d", done, most)
		}
		if all <= most && done != all {
			t.Fatalf("work of %d of %d, and %d are allotted", done, all, most)
		}
		for row := range least {
			if least[row] <= left[row] {
				t.Fatalf("of row %d a pair of %g is weighed and one of %g not", row, least[row], left[row])
			}
		}
	})
}
