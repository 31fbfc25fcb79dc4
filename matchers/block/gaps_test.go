package block_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"rollcall/matchers/block"
)

// TestRulesForWhatIsLeftOut: every second row of the left file lacks the first two columns,
// by which the cheapest rules go. With room for one rule more it is one for those rows,
// and not the next best of the first two.
func TestRulesForWhatIsLeftOut(t *testing.T) {
	made := atoms(3000, 2900, 600, 500)
	for i := range 2 {
		for row := 0; row < len(made[i].Left); row += 2 {
			made[i].Left[row] = 0
		}
	}
	budget := block.Wide
	budget.Rules = 2
	for gaps, want := range [][]string{{"a", "b"}, {"a", "b", "c + d"}} {
		budget.Gaps = gaps
		var names []string
		for _, r := range block.Choose(made, 1, 3000, budget, 1+gaps) {
			names = append(names, r.String())
		}
		if diff := cmp.Diff(want, names); diff != "" {
			t.Errorf("with room for %d more: %s", gaps, diff)
		}
	}
}
