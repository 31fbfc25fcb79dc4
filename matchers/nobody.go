package matchers

import (
	"math"
	"slices"

	"rollcall/matchers/assign"
)

// What share of a kind has a partner is learnt in a few rounds; it is never all.
const (
	nobodyRounds = 6
	mostPartners = 0.95
)

// besideNobody are the edges as they are decided upon. The odds of a pair by itself rest
// on the share of all pairs that match. Of records of one kind another share has a
// partner; and beside a candidate stands not the certainty that there is none, but the
// share of the kind that has none.
func besideNobody(edges []assign.Edge, kinds []uint8) []assign.Edge {
	if kinds == nil {
		return edges
	}
	var records, shift [math.MaxUint8 + 1]float64
	for _, kind := range kinds {
		records[kind]++
	}
	for range nobodyRounds {
		odds := make([]float64, len(kinds))
		for _, e := range edges {
			odds[e.Left] += math.Exp(min(e.LogOdds+shift[kinds[e.Left]], mostLogOdds))
		}
		var partners [len(records)]float64
		all := 0.0
		for left, o := range odds {
			partners[kinds[left]] += o / (1 + o)
			all += o / (1 + o)
		}
		for kind, n := range records {
			share := min((partners[kind]+1)/(n+2), mostPartners)
			shift[kind] = math.Log(share/(1-share)) - math.Log((all+1)/float64(len(kinds)+2))
		}
	}
	out := slices.Clone(edges)
	for i := range out {
		out[i].LogOdds += shift[kinds[out[i].Left]]
	}
	return out
}
