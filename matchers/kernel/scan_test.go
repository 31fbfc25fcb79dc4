package kernel

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rollcall/matchers/block"
	"rollcall/matchers/model"
)

// scanned scans all pairs that some rule finds and keeps each of them, or those
// that the pass wants.
func scanned(t *testing.T, comparisons []model.Comparison, left, right *Input, rules []block.Rule, pass Pass) *Found {
	t.Helper()
	if pass.Keep == nil {
		pass.Keep = func([]uint8) bool { return true }
	}
	return learnt(t, comparisons, left, right, rules, pass)
}

// learnt scans all pairs that some rule finds, and learns from them where the pass
// keeps none.
func learnt(t *testing.T, comparisons []model.Comparison, left, right *Input, rules []block.Rule, pass Pass) *Found {
	t.Helper()
	table, _, err := Encode(comparisons, left, right, true, 2)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := NewPlan(table, comparisons, rules, func(int64) int64 { return 1 << 40 }, 2)
	if err != nil {
		t.Fatal(err)
	}
	found, err := plan.Scan(context.Background(), pass)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// TestLearningFromAPart: with halvings a pass that learns counts the pairs of about
// one left row in two to their power, the same for any number of threads.
func TestLearningFromAPart(t *testing.T) {
	random := rand.New(rand.NewPCG(8, 9))
	left, right := draw(random, 4000), draw(random, 300)
	rules := []block.Rule{{{Column: "family", Transform: "first3"}}, {{Column: "given"}}}
	counted := func(halvings, threads int) (*Found, int64) {
		found := learnt(t, comparisons(), left, right, rules, Pass{Threads: threads, Halvings: halvings})
		pairs := int64(0)
		for _, n := range found.Patterns.Counts {
			pairs += n
		}
		if pairs != found.Candidates {
			t.Errorf("%d halvings: counted %d of %d candidates", halvings, pairs, found.Candidates)
		}
		return found, pairs
	}
	_, whole := counted(0, 1)
	for halvings := 1; halvings <= 3; halvings++ {
		one, pairs := counted(halvings, 1)
		if want := whole >> halvings; pairs < want*90/100 || pairs > want*110/100 {
			t.Errorf("%d halvings: counted %d of %d pairs, want about %d", halvings, pairs, whole, want)
		}
		if three, _ := counted(halvings, 3); !cmp.Equal(one, three) {
			t.Errorf("%d halvings by three threads:\n%s", halvings, cmp.Diff(one, three))
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

// TestBoundOnlySavesTime: what is kept with a bound is what is kept without it.
// Where a pass learns, the pairs that pass the bound are all counted, and of the
// others a part, each for all; by any number of threads the same.
func TestBoundOnlySavesTime(t *testing.T) {
	random := rand.New(rand.NewPCG(10, 11))
	left, right := draw(random, 400), draw(random, 300)
	rules := []block.Rule{{{Column: "family", Transform: "first3"}}, {{Column: "given"}}}
	ladders, err := model.Ladders(comparisons())
	if err != nil {
		t.Fatal(err)
	}
	bound := &Bound{Least: 9, Halvings: 2, Weights: make([][][model.Rivals]float64, len(ladders))}
	for rival := range bound.Start {
		bound.Start[rival] = -3
	}
	for i, l := range ladders {
		for level := range l.Names {
			var weight [model.Rivals]float64
			for rival := range weight {
				weight[rival] = float64(level) - 3 + random.Float64()
			}
			bound.Weights[i] = append(bound.Weights[i], weight)
		}
	}
	keep := func(levels []uint8) bool {
		sum := bound.Start
		for i, level := range levels {
			for rival := range sum {
				if level != model.Missing {
					sum[rival] += bound.Weights[i][level][rival]
				}
			}
		}
		return slices.Min(sum[:]) > bound.Least
	}
	pairs := func(f *Found) map[[2]int32][3]uint8 {
		out := map[[2]int32][3]uint8{}
		for _, k := range f.Kept {
			out[[2]int32{k.Left, k.Right}] = [3]uint8(f.Patterns.Levels[3*k.Pattern:])
		}
		return out
	}
	whole := scanned(t, comparisons(), left, right, rules, Pass{Threads: 1, Keep: keep})
	one := scanned(t, comparisons(), left, right, rules, Pass{Threads: 1, Keep: keep, Bound: bound})
	three := scanned(t, comparisons(), left, right, rules, Pass{Threads: 3, Keep: keep, Bound: bound})
	if len(whole.Kept) == 0 || int64(len(whole.Kept)) > whole.Candidates/2 {
		t.Fatalf("%d of %d pairs are kept: the test wants some, and most left out", len(whole.Kept), whole.Candidates)
	}
	if diff := cmp.Diff(pairs(whole), pairs(one)); diff != "" {
		t.Errorf("kept without (-) and with the bound (+):\n%s", diff)
	}
	if diff := cmp.Diff(one, three); diff != "" {
		t.Errorf("by three threads:\n%s", diff)
	}
	if one.Candidates != whole.Candidates || !cmp.Equal(one.RulePairs, whole.RulePairs) {
		t.Errorf("%d candidates, want %d", one.Candidates, whole.Candidates)
	}
	counted := func(bound *Bound, threads int) (all map[[3]uint8]int64, doubtful int64) {
		found := learnt(t, comparisons(), left, right, rules, Pass{Threads: threads, Bound: bound})
		all = map[[3]uint8]int64{}
		for i, n := range found.Patterns.Counts {
			levels := [3]uint8(found.Patterns.Levels[3*i:])
			if keep(levels[:]) {
				all[levels] = n
			} else {
				doubtful += n
			}
		}
		return all, doubtful
	}
	exact, strangers := counted(nil, 1)
	part, about := counted(bound, 1)
	if diff := cmp.Diff(exact, part); diff != "" {
		t.Errorf("learnt from, above the bound (-without, +with it):\n%s", diff)
	}
	if about < strangers*95/100 || about > strangers*105/100 {
		t.Errorf("learnt from %d below the bound, of %d pairs", about, strangers)
	}
	if again, by := counted(bound, 3); by != about || !cmp.Equal(again, part) {
		t.Errorf("learnt from %d by three threads, %d by one", by, about)
	}
}
