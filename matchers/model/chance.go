package model

// pseudoPair is spread over the levels of a random sample, so that none has
// probability 0. leastU bounds u from below.
const (
	pseudoPair = 1.0
	leastU     = 1e-9
)

// Chance is u of one comparison: how often the levels come about between two
// records taken at random. exact has the exact levels' probability, from the
// frequencies of the values; sampled is the number of random pairs at each
// level. What the sample says of the other levels is scaled to what the exact
// ones leave.
func Chance(l Ladder, exact []float64, sampled []int64) []float64 {
	if len(l.Names) == 0 {
		return nil
	}
	pairs := 0.0
	for _, n := range sampled {
		pairs += float64(n)
	}
	u := make([]float64, len(l.Names))
	fixed, rest := 0.0, 0.0
	for i := range u {
		switch {
		case i >= l.Exact && i < l.Exact+l.Bands:
			u[i] = max(exact[i-l.Exact], leastU)
			fixed += u[i]
		default:
			u[i] = (float64(sampled[i]) + pseudoPair/float64(len(u))) / (pairs + pseudoPair)
			rest += u[i]
		}
	}
	for i := range u {
		if i < l.Exact {
			u[i] *= max(1-fixed, leastU) / rest
		}
	}
	return u
}
