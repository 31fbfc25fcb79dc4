package quality

import "math"

// Interval is an estimate: low, middle, high; about 95 in 100 such intervals
// hold the truth.
type Interval [3]float64

// Doubt sums up how many of the accepted pairs are expected to be wrong. Pairs
// that are wrong together, such as all pairs between two clusters that were
// joined, are noted together: there are fewer and larger errors then.
type Doubt struct {
	pairs   float64 // accepted
	wrong   float64 // expected to be wrong
	squares float64 // each weighted with how many are wrong with it
}

// Note takes down some pairs that are right together with a probability, or else
// wrong together.
func (d *Doubt) Note(probability float64, pairs int) {
	n := float64(pairs)
	d.pairs += n
	d.wrong += n * (1 - probability)
	d.squares += n * n * (1 - probability)
}

// Add takes in what was noted elsewhere.
func (d *Doubt) Add(more Doubt) {
	d.pairs += more.pairs
	d.wrong += more.wrong
	d.squares += more.squares
}

// Together is the doubt if so many pairs, as a mean, are wrong together.
func (d Doubt) Together(pairs float64) Doubt {
	d.squares = d.wrong * max(1, pairs)
	return d
}

// Size is how many pairs are wrong together, as a mean over the wrong ones.
func (d Doubt) Size() float64 {
	if d.wrong == 0 {
		return 1
	}
	return max(1, d.squares/d.wrong)
}

// Decoys are pairs of one file that the linkage's own rules and weights would
// have accepted. Two records of a file that is nearly free of duplicates are
// two people, so that decoys are false links for nothing.
type Decoys struct {
	Hits     int     // accepted pairs inside the file
	Compared float64 // pairs of the file that were looked for
}

// How far the number of wrong pairs may lie from what the model expects: by a
// factor, since its probabilities rest on independent comparisons and on classes
// that are not quite those of the data; and by half a pair that no model foresees
// (the prior of Jeffreys for a count).
const (
	wrongFactor = 4.0
	unforeseen  = 0.5
)

// tail is left out at either end of an interval.
const tail = 0.025

// Precision estimates the precision of the accepted pairs.
func Precision(d Doubt) Interval {
	if d.pairs == 0 {
		return Interval{}
	}
	together := d.Size()
	few := together * poissonQuantile(d.wrong/wrongFactor/together, tail)
	many := together * poissonQuantile(d.wrong*wrongFactor/together+unforeseen, 1-tail)
	share := func(wrong float64) float64 { return max(0, 1-wrong/d.pairs) }
	return Interval{share(many), share(d.wrong), share(few)}
}

// poissonQuantile is the least count that at least that share of the counts with
// a mean lies at or below. Large means take the approximation of Wilson and
// Hilferty (1931).
func poissonQuantile(mean, share float64) float64 {
	const large = 500
	if mean > large {
		z := math.Sqrt2 * math.Erfinv(2*share-1)
		return math.Round(mean * math.Pow(1-1/(9*mean)+z/(3*math.Sqrt(mean)), 3))
	}
	count, term := 0.0, math.Exp(-mean)
	for sum := term; sum < share && count < 2*large; sum += term {
		count++
		term *= mean / count
	}
	return count
}
