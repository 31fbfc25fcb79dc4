package disclosure_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"rollcall/matchers/disclosure"
)

func TestSmallCountsAreHiddenWithAnother(t *testing.T) {
	for name, c := range map[string]struct {
		counts []int64
		hidden []bool
		total  bool
	}{
		"nothing is small":                     {[]int64{5, 0, 90}, []bool{false, false, false}, false},
		"one alone would be the rest":          {[]int64{3, 40, 90}, []bool{true, true, false}, false},
		"two that add up to few":               {[]int64{1, 2, 40, 90}, []bool{true, true, true, false}, false},
		"two that add up to enough":            {[]int64{4, 2, 40, 90}, []bool{true, true, false, false}, false},
		"the total is small":                   {[]int64{3, 0}, []bool{true, false}, true},
		"nothing beside it, and a small total": {[]int64{1, 1}, []bool{true, true}, true},
	} {
		got := disclosure.Hide(c.counts, 5)
		if !slices.Equal(got.Hidden, c.hidden) || got.TotalHidden != c.total {
			t.Errorf("%s: %v hides %v and the total %v", name, c.counts, got.Hidden, got.TotalHidden)
		}
	}
}

// What is hidden cannot be had by subtraction: whatever is published fits at least
// two values of each hidden count.
func TestNothingHiddenFollowsFromWhatIsShown(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		counts := rapid.SliceOfN(rapid.Int64Range(0, 12), 1, 8).Draw(t, "counts")
		least := rapid.Int64Range(2, 8).Draw(t, "least")
		got := disclosure.Hide(counts, least)
		hidden, rest := 0, int64(0) // rest: what the total less the shown counts is
		for i, n := range counts {
			if n > 0 && n < least && !got.Hidden[i] {
				t.Fatalf("%d of %v is shown", n, counts)
			}
			if got.Hidden[i] {
				hidden, rest = hidden+1, rest+n
			}
		}
		if hidden == 0 || got.TotalHidden {
			return
		}
		if hidden == 1 || rest < least {
			t.Fatalf("%v: the total gives away that %d hidden counts are %d together", counts, hidden, rest)
		}
	})
}
