package matchers

import (
	"math"
	"slices"
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
		var homes []family.Home
		for row := range int32(rights) {
			homes = append(homes, family.Home{Row: row, Household: uint32(rapid.IntRange(0, 3).Draw(t, "household"))})
		}
		r := &run{
			table:   &kernel.Table{Left: &kernel.Rows{Rows: lefts}, Right: &kernel.Rows{Rows: rights}},
			kinship: &kinship{ties: family.NewTies(lefts, ties), homes: family.NewHomes(rights, homes)},
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

// TestBrought: a likely pair brings together the relatives of the one with who lives with
// the other, and the parts that may be one person with him, with whom he lives; an unlikely
// pair brings nobody.
func TestBrought(t *testing.T) {
	const man, wife, daughter, part, second, stranger = 0, 1, 2, 3, 4, 5
	ties := []family.Tie{{Person: man, Relative: wife, Relation: family.Spouse}, {Person: man, Relative: daughter, Relation: family.Child}, {Person: part, Relative: second, Relation: family.Spouse}, {Person: stranger, Relative: wife, Relation: family.Child}}
	homes := []family.Home{{Row: 0, Household: 1}, {Row: 1, Household: 1}, {Row: 2, Household: 1}, {Row: 0, Household: 2}, {Row: 3, Household: 2}, {Row: 4, Household: 3}, {Row: 5, Household: 3}}
	r := &run{
		table:   &kernel.Table{Left: &kernel.Rows{Rows: 6}, Right: &kernel.Rows{Rows: 6}},
		left:    ordering{rows: []int32{0, 1, 2, 3, 4, 5}},
		kinship: &kinship{ties: family.NewTies(6, ties), homes: family.NewHomes(6, homes)},
	}
	edges := []assign.Edge{{Left: man, Right: 0, LogOdds: 2}, {Left: wife, Right: 1, LogOdds: -1}, {Left: stranger, Right: 4, LogOdds: -20}}
	want := [][2]int32{{wife, 2}, {wife, 3}, {daughter, 1}, {daughter, 2}, {daughter, 3}}
	if got := r.brought(edges, nil); !slices.Equal(got, want) {
		t.Errorf("brought together are %v, want %v", got, want)
	}
	want = append(want, [][2]int32{{part, 0}, {second, 1}, {second, 2}, {second, 3}}...)
	if got := r.brought(edges, []Join{{Left: man, Other: part, Probability: .8}}); !slices.Equal(got, want) {
		t.Errorf("with a part of the man %v, want %v", got, want)
	}
}
