package matchers

import "math"

// keyed is a place in a list and what it is sorted by.
type keyed struct {
	key uint64
	at  int32
}

// sortByKey sorts by key, what is equal as it stood: a digit of eight bits at a time,
// the lowest first, but for those that are the same in all.
func sortByKey(items []keyed) {
	const digits, values = 8, 1 << 8
	var counts [digits][values]int32
	for _, item := range items {
		for d := range digits {
			counts[d][item.key>>(8*d)%values]++
		}
	}
	from, to := items, make([]keyed, len(items))
	for d := range digits {
		if len(items) == 0 || int(counts[d][items[0].key>>(8*d)%values]) == len(items) {
			continue
		}
		next := int32(0)
		for value, n := range counts[d] {
			counts[d][value] = next
			next += n
		}
		for _, item := range from {
			place := &counts[d][item.key>>(8*d)%values]
			to[*place] = item
			*place++
		}
		from, to = to, from
	}
	if len(items) > 0 && &from[0] != &items[0] {
		copy(items, from)
	}
}

// descending is a number as a key that sorts the greatest first.
func descending(x float64) uint64 {
	b := math.Float64bits(x + 0) // of negative zero, zero
	if b>>63 != 0 {
		return b
	}
	return ^b &^ (1 << 63)
}
