package quality

import "math"

// z95 is how many standard deviations an interval of 95 in 100 reaches: the 97.5%
// quantile of the normal distribution.
const z95 = 1.959963984540054

// Wilson is the 95% score interval around a share of so many (Wilson 1927,
// doi 10.1080/01621459.1927.10502953); 0 to 1 when there is nothing to count.
func Wilson(share, of float64) (low, high float64) {
	if of == 0 {
		return 0, 1
	}
	middle := (share + z95*z95/(2*of)) / (1 + z95*z95/of)
	half := z95 / (1 + z95*z95/of) * math.Sqrt(share*(1-share)/of+z95*z95/(4*of*of))
	return max(0, middle-half), min(1, middle+half)
}
