package matchers

import (
	"cmp"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestSortByKey: by key, and what is equal as it stood.
func TestSortByKey(t *testing.T) {
	key := rapid.OneOf(rapid.Uint64(), rapid.Uint64Range(0, 300), rapid.SampledFrom([]uint64{0, 1 << 63, math.MaxUint64}))
	rapid.Check(t, func(rt *rapid.T) {
		var items []keyed
		for i, k := range rapid.SliceOfN(key, 0, 400).Draw(rt, "keys") {
			items = append(items, keyed{k, int32(i)})
		}
		want := slices.Clone(items)
		slices.SortStableFunc(want, func(a, b keyed) int { return cmp.Compare(a.key, b.key) })
		if sortByKey(items); !slices.Equal(items, want) {
			rt.Errorf("got %v, want %v", items, want)
		}
	})
}

// TestDescending: keys sort numbers the greatest first, whatever their sign.
func TestDescending(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		number := rapid.OneOf(rapid.Float64(), rapid.SampledFrom([]float64{0, math.Copysign(0, -1), math.Inf(1), math.Inf(-1), 1e-300}))
		a, b := number.Draw(rt, "a"), number.Draw(rt, "b")
		if got, want := cmp.Compare(descending(a), descending(b)), cmp.Compare(b, a); got != want {
			rt.Errorf("%g and %g are ordered %d, want %d", a, b, got, want)
		}
	})
}
