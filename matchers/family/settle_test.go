package family_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rollcall/matchers/family"
)

// TestSettle: what records tell of two is said of both, children of one parent are
// brothers and sisters, and what cannot be is left out and counted.
func TestSettle(t *testing.T) {
	const mother, father, spouse, child, sibling = family.Mother, family.Father, family.Spouse, family.Child, family.Sibling
	family16 := []family.Tie{}
	for n := range family.MostChildren + 1 {
		family16 = append(family16, family.Tie{Person: int32(n + 1), Relative: 0, Relation: father})
	}
	for name, c := range map[string]struct {
		told, want []family.Tie
		left       map[family.Reason]int
	}{
		"a family": {
			[]family.Tie{{1, 0, mother}, {2, 0, mother}, {1, 3, father}, {0, 3, spouse}, {0, 3, spouse}},
			[]family.Tie{{0, 3, spouse}, {0, 1, child}, {0, 2, child}, {1, 0, mother}, {1, 3, father}, {1, 2, sibling}, {2, 0, mother}, {2, 1, sibling}, {3, 0, spouse}, {3, 1, child}},
			nil,
		},
		"her own mother": {[]family.Tie{{1, 1, mother}, {1, 2, father}}, []family.Tie{{1, 2, father}, {2, 1, child}}, map[family.Reason]int{family.Oneself: 1}},
		"married to her child": {
			[]family.Tie{{1, 0, mother}, {0, 1, spouse}, {2, 0, mother}},
			[]family.Tie{{0, 2, child}, {2, 0, mother}},
			map[family.Reason]int{family.KinAndSpouse: 2},
		},
		"a circle": {
			[]family.Tie{{0, 1, mother}, {1, 2, mother}, {2, 0, father}, {3, 0, mother}, {2, 4, mother}},
			[]family.Tie{{0, 3, child}, {2, 4, mother}, {3, 0, mother}, {4, 2, child}},
			map[family.Reason]int{family.Circle: 3},
		},
		"too many children": {family16, family16, map[family.Reason]int{family.ManyChildren: 1}},
	} {
		got, left := family.Settle(family.MostChildren+2, c.told)
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s: %s", name, d)
		}
		for reason, n := range left {
			if n != c.left[reason] {
				t.Errorf("%s: %d left out for %q, want %d", name, n, reason, c.left[reason])
			}
		}
	}
}

// TestSettledTies: whatever records tell, in any order, ties go both ways, nobody is tied
// to himself or his own forebear, and nobody has more children than one parent has.
func TestSettledTies(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.IntRange(1, 30).Draw(t, "rows")
		row := rapid.Int32Range(0, int32(rows-1))
		told := rapid.SliceOf(rapid.Custom(func(t *rapid.T) family.Tie {
			return family.Tie{Person: row.Draw(t, "person"), Relative: row.Draw(t, "relative"), Relation: rapid.SampledFrom([]family.Relation{family.Mother, family.Father, family.Spouse}).Draw(t, "relation")}
		})).Draw(t, "told")
		ties, left := family.Settle(rows, told)
		shuffled := rapid.Permutation(told).Draw(t, "another order")
		again, leftAgain := family.Settle(rows, shuffled)
		if !slices.Equal(ties, again) || !maps.Equal(left, leftAgain) {
			t.Fatalf("in another order: %v and %v", again, leftAgain)
		}
		children, parents := map[int32]int{}, map[int32][]int32{}
		for _, tie := range ties {
			if tie.Person == tie.Relative {
				t.Fatalf("%+v is tied to himself", tie)
			}
			switch tie.Relation {
			case family.Child:
				if children[tie.Person]++; children[tie.Person] > 2*family.MostChildren {
					t.Fatalf("%d has too many children", tie.Person)
				}
			case family.Mother, family.Father:
				parents[tie.Person] = append(parents[tie.Person], tie.Relative)
			case family.Spouse, family.Sibling:
				if !slices.Contains(ties, family.Tie{Person: tie.Relative, Relative: tie.Person, Relation: tie.Relation}) {
					t.Fatalf("%+v goes one way", tie)
				}
			}
		}
		for person := range parents {
			forebears, seen := slices.Clone(parents[person]), map[int32]bool{}
			for len(forebears) > 0 {
				f := forebears[0]
				if forebears = forebears[1:]; f == person {
					t.Fatalf("%d is her own forebear", person)
				}
				if !seen[f] {
					seen[f], forebears = true, append(forebears, parents[f]...)
				}
			}
		}
	})
}
