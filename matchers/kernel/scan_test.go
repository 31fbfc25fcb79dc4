package kernel

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rollcall/matchers/block"
	"rollcall/matchers/model"
)

// scanned scans all pairs that some rule finds and keeps each of them.
func scanned(t *testing.T, comparisons []model.Comparison, left, right *Input, rules []block.Rule, pass Pass) *Found {
	t.Helper()
	table, _, err := Encode(comparisons, left, right, true, 2)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := NewPlan(table, comparisons, rules, func(int64) int64 { return 1 << 40 }, 2)
	if err != nil {
		t.Fatal(err)
	}
	pass.Keep = func([]uint8) bool { return true }
	found, err := plan.Scan(context.Background(), pass)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// TestHalvings: with halvings the pairs that are counted by pattern are about one
// in two to their power, the same for any number of threads; the pairs that are
// kept, and how many the rules find, are those of all pairs.
func TestHalvings(t *testing.T) {
	random := rand.New(rand.NewPCG(8, 9))
	left, right := draw(random, 400), draw(random, 300)
	rules := []block.Rule{{{Column: "family", Transform: "first3"}}, {{Column: "given"}}}
	kept := func(f *Found) (pairs [][2]int32) {
		for _, k := range f.Kept {
			pairs = append(pairs, [2]int32{k.Left, k.Right})
		}
		return pairs
	}
	levels := func(f *Found) (all [][3]uint8) { // of each pair that was kept
		for _, k := range f.Kept {
			all = append(all, [3]uint8(f.Patterns.Levels[3*k.Pattern:]))
		}
		return all
	}
	whole := scanned(t, comparisons(), left, right, rules, Pass{Threads: 1})
	for halvings := 1; halvings <= 3; halvings++ {
		one := scanned(t, comparisons(), left, right, rules, Pass{Threads: 1, Halvings: halvings})
		three := scanned(t, comparisons(), left, right, rules, Pass{Threads: 3, Halvings: halvings})
		if diff := cmp.Diff(one.Patterns, three.Patterns); diff != "" {
			t.Errorf("%d halvings by three threads:\n%s", halvings, diff)
		}
		counted := int64(0)
		for _, n := range one.Patterns.Counts {
			counted += n
		}
		if want := whole.Candidates >> halvings; counted < want*95/100 || counted > want*105/100 {
			t.Errorf("%d halvings: counted %d of %d pairs, want about %d", halvings, counted, whole.Candidates, want)
		}
		if one.Candidates != whole.Candidates || !cmp.Equal(one.RulePairs, whole.RulePairs) {
			t.Errorf("%d halvings: %d candidates, want %d", halvings, one.Candidates, whole.Candidates)
		}
		if !cmp.Equal(kept(one), kept(whole)) || !cmp.Equal(levels(one), levels(whole)) {
			t.Errorf("%d halvings: other pairs are kept, or with other levels", halvings)
		}
	}
}

// TestOppositeSex: pairs of people of opposite sex are not kept: in one file never,
// in two only where a rule with an identity number finds them. An unknown sex may
// be either.
func TestOppositeSex(t *testing.T) {
	comparisons := []model.Comparison{{Name: "given", Kind: model.GivenName}, {Name: "number", Kind: model.Identifier}}
	byName, byNumber := block.Rule{{Column: "given"}}, block.Rule{{Column: "number", Transform: "first_half"}}
	file := func() *Input {
		f := encodeColumns([]string{"karim", "karim", "karim"}, []string{"1234567890", "1234567890", "1234567890"})
		f.Sex = []uint8{0, 1, 2} // unknown, one, the other
		return f
	}
	all := [][2]int32{{0, 0}, {0, 1}, {0, 2}, {1, 0}, {1, 1}, {1, 2}, {2, 0}, {2, 1}, {2, 2}}
	alike := [][2]int32{{0, 0}, {0, 1}, {0, 2}, {1, 0}, {1, 1}, {2, 0}, {2, 2}}
	for _, c := range []struct {
		name  string
		right *Input
		rules []block.Rule
		want  [][2]int32
	}{
		{"one file, by name", nil, []block.Rule{byName}, [][2]int32{{0, 1}, {0, 2}}},
		{"one file, by number", nil, []block.Rule{byNumber}, [][2]int32{{0, 1}, {0, 2}}},
		{"two files, by name", file(), []block.Rule{byName}, alike},
		{"two files, by number", file(), []block.Rule{byNumber}, all},
		{"two files, by name and number together", file(), []block.Rule{append(byName, byNumber...)}, all},
		// The rule by which a pair is not kept does not own it.
		{"two files, by name, then by number", file(), []block.Rule{byName, byNumber}, all},
	} {
		t.Run(c.name, func(t *testing.T) {
			found := scanned(t, comparisons, file(), c.right, c.rules, Pass{Threads: 2})
			var got [][2]int32
			for _, k := range found.Kept {
				got = append(got, [2]int32{k.Left, k.Right})
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("pairs (-want +got):\n%s", diff)
			}
		})
	}
}
