package block_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rollcall/matchers/block"
)

// agreeing draws so many pairs of one person that agree on such atoms.
func agreeing(drawn block.Drawn, pairs float64, atoms ...int) block.Drawn {
	var mask uint64
	for _, a := range atoms {
		mask |= 1 << a
	}
	return block.Drawn{Agreement: append(drawn.Agreement, mask), Weights: append(drawn.Weights, pairs)}
}

func TestExpectedSharesOfRules(t *testing.T) {
	drawn := agreeing(block.Drawn{}, 60, 0, 1)
	drawn = agreeing(drawn, 30, 1, 2)
	drawn = agreeing(drawn, 10)
	got := drawn.Expect([]uint64{1, 1 << 1, 1<<1 | 1<<2})
	want := []block.Expected{{Found: .6, Together: .6}, {Found: .9, Together: .9}, {Found: .3, Together: .9}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	alone := drawn.Expect([]uint64{1, 1 << 2})
	if math.Abs(alone[0].Alone-.6) > 1e-12 || math.Abs(alone[1].Alone-.3) > 1e-12 {
		t.Errorf("alone: %v", alone)
	}
}

// TestSearchTakesWhatFindsMost: what is searched for finds pairs that no picked
// rule finds yet, within the budget; a rule that adds none is left out.
func TestSearchTakesWhatFindsMost(t *testing.T) {
	keys := atoms(3000, 1000, 1000, 100) // one, three, three and thirty pairs a record
	drawn := agreeing(block.Drawn{}, 60, 0, 1)
	drawn = agreeing(drawn, 25, 1, 2)
	drawn = agreeing(drawn, 10, 2, 3)
	drawn = agreeing(drawn, 5, 3)
	for _, c := range []struct {
		total float64
		want  []string
	}{
		{0.01, []string{"a + b", "b + c"}}, // pairs of columns cost next to nothing; c + d is 0.03 a record
		{20, []string{"a + b", "b + c", "c + d"}},
		{50, []string{"a + b", "b + c", "c + d", "d"}}, // what is left costs thirty a record
	} {
		budget := block.Wide
		budget.Total = c.total
		var names []string
		for _, r := range block.Search(keys, drawn, 1, 3000, budget) {
			names = append(names, r.String())
		}
		if diff := cmp.Diff(c.want, names); diff != "" {
			t.Errorf("for %g pairs a record:\n%s", c.total, diff)
		}
	}
}
