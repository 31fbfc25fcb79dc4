package assign

import (
	"cmp"
	"slices"
)

// Overlap is how many records a cluster of today has of one of before.
type Overlap struct {
	Now, Before int32
	Records     int
}

// Overlaps counts the records that clusters of today and of before have in common.
// now and before have the cluster of each record; -1 is none. They are ordered by
// most records, ties by the lesser cluster of before, then of today.
func Overlaps(now, before []int32) []Overlap {
	counts := map[[2]int32]int{}
	for i, cluster := range now {
		if before[i] >= 0 {
			counts[[2]int32{cluster, before[i]}]++
		}
	}
	out := make([]Overlap, 0, len(counts))
	for pair, n := range counts {
		out = append(out, Overlap{pair[0], pair[1], n})
	}
	slices.SortFunc(out, func(a, b Overlap) int {
		return cmp.Or(cmp.Compare(b.Records, a.Records), cmp.Compare(a.Before, b.Before), cmp.Compare(a.Now, b.Now))
	})
	return out
}

// Inherit says which cluster of today goes on which of before: the two that have
// most records in common first, each once.
func Inherit(overlaps []Overlap) map[int32]int32 {
	heir := map[int32]int32{}
	taken := map[int32]bool{}
	for _, o := range overlaps {
		if _, has := heir[o.Now]; !has && !taken[o.Before] {
			heir[o.Now], taken[o.Before] = o.Before, true
		}
	}
	return heir
}
