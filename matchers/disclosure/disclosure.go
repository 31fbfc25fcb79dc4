// Package disclosure keeps counts of a few people out of tables that leave the
// office, together with what would give them away.
package disclosure

import (
	"cmp"
	"slices"
)

// Column is one column of counts as it may be shown.
type Column struct {
	Hidden      []bool // by count
	TotalHidden bool
}

// Hide says which counts of a column with its total have to be hidden. Those from 1
// to below least are; and, so that none is the total less the others, further ones,
// the smallest first, until at least two are hidden that add up to at least least.
// The total is hidden where it is small itself, or where nothing is left to hide.
// The counts must add up to the total and to no other that is published.
func Hide(counts []int64, least int64) Column {
	c := Column{Hidden: make([]bool, len(counts))}
	total, sum, hidden := int64(0), int64(0), 0
	order := make([]int, len(counts))
	for i, n := range counts {
		order[i] = i
		total += n
		if n > 0 && n < least {
			c.Hidden[i] = true
			sum, hidden = sum+n, hidden+1
		}
	}
	if hidden == 0 {
		return c
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(counts[a], counts[b]) })
	for _, i := range order {
		if hidden >= 2 && sum >= least {
			return c
		}
		if counts[i] >= least {
			c.Hidden[i] = true
			sum, hidden = sum+counts[i], hidden+1
		}
	}
	c.TotalHidden = hidden < 2 || sum < least
	return c
}
