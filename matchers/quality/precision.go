package quality

import "math"

// Interval is an estimate: low, middle, high.
type Interval [3]float64

// Decoys are pairs of one file that the linkage's own rules and weights would
// have accepted. Two records of a file that is nearly free of duplicates are
// two people, so that decoys are false links for nothing.
type Decoys struct {
	Hits     int     // accepted pairs inside the file
	Compared float64 // pairs of the file that were looked for
}

// poissonWidth is the half-width of an interval for a count, in standard
// deviations: about 95 in 100.
const poissonWidth = 1.96

// LinkPrecision estimates the precision of a linkage of two files. meanP is the
// mean probability of the accepted pairs, which was within 0.004 of the truth
// on labelled data; decoys inside either file widen it to the range that their
// counts allow.
func LinkPrecision(accepted int, meanP, allPairs float64, decoys ...Decoys) Interval {
	low, high := meanP, meanP
	for _, d := range decoys {
		if d.Compared == 0 || accepted == 0 {
			continue
		}
		scale := allPairs / d.Compared / float64(accepted)
		few, many := poissonInterval(float64(d.Hits))
		low, high = min(low, 1-many*scale), max(high, 1-few*scale)
	}
	return Interval{max(low, 0), meanP, min(high, 1)}
}

// poissonInterval is what the mean of a count may be: the approximation of
// Wilson and Hilferty to the exact limits (Garwood 1936).
func poissonInterval(count float64) (low, high float64) {
	if count > 0 {
		low = count * math.Pow(1-1/(9*count)-poissonWidth/(3*math.Sqrt(count)), 3)
	}
	next := count + 1
	return max(low, 0), next * math.Pow(1-1/(9*next)+poissonWidth/(3*math.Sqrt(next)), 3)
}

// ClusterPrecision estimates the precision of clusters: it lay between the mean
// probability of the direct links and the chance that at least one link of each
// record to its cluster is true.
func ClusterPrecision(meanDirect, meanAnyLink float64) Interval {
	low, high := min(meanDirect, meanAnyLink), max(meanDirect, meanAnyLink)
	return Interval{low, (low + high) / 2, high}
}
