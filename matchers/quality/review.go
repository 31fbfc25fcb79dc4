package quality

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// A sample of pairs to be judged by people is drawn by strata, so that few
// judgements say much: most of all pairs are beyond doubt.

// Fate is what became of a scored pair.
type Fate string

// The fates of pairs. A pair is rejected although it reached the threshold: another
// was likelier for one of its records, or something says that it cannot be.
const (
	Accepted Fate = "accepted"
	Rejected Fate = "rejected"
	Below    Fate = "below" // the threshold
)

// Stratum is pairs of which a simple random sample is judged.
type Stratum struct {
	Fate     Fate
	From, To float64 // match probability
	Pairs    int     // there are
	Mean     float64 // of the match probability of the pairs
	// Of the pairs that were judged: one person, two people, not to be told.
	Yes, No, Unsure int
}

// reviewBands are the least probabilities of the strata. Only pairs above the
// floor of a linkage are known.
var reviewBands = [...]float64{0, 0.1, 0.5, 0.9, 0.99, 0.999, 1.01}

// NewStrata makes the strata of the given fates, without any pair: fate after fate,
// each from unlikely to likely.
func NewStrata(fates ...Fate) []Stratum {
	var out []Stratum
	for _, fate := range fates {
		for i := range len(reviewBands) - 1 {
			out = append(out, Stratum{Fate: fate, From: reviewBands[i], To: min(1, reviewBands[i+1])})
		}
	}
	return out
}

// StratumOf is the index of the stratum that a pair belongs to.
func StratumOf(strata []Stratum, probability float64, fate Fate) int {
	found := -1
	for h, s := range strata {
		if s.Fate == fate && s.From <= probability {
			found = h
		}
	}
	return found
}

// Bounds on how a sample is shared out among the strata.
const (
	leastJudged = 8    // in each stratum that has as many, where the sample allows
	leastSpread = 0.05 // of right and wrong pairs, whatever the model says
)

// Allocate shares out a number of judgements: one half to the accepted pairs, of
// which precision is told, and one half to the others; among the strata of each in
// proportion to their pairs and to how much these are expected to differ (Neyman
// 1934), and some to each, one at least.
func Allocate(strata []Stratum, judgements int) []int {
	out := make([]int, len(strata))
	for _, accepted := range []bool{true, false} {
		left, sum, filled := judgements/2, 0.0, 0
		for _, s := range strata {
			if s.accepted() == accepted && s.Pairs > 0 {
				sum += s.differing()
				filled++
			}
		}
		least := min(leastJudged, max(1, left/max(2*filled, 1)))
		for h, s := range strata {
			if s.accepted() == accepted {
				out[h] = min(s.Pairs, least)
				left -= out[h]
			}
		}
		for h, s := range strata {
			if s.accepted() == accepted && left > 0 && sum > 0 {
				out[h] = min(s.Pairs, out[h]+int(math.Round(s.differing()/sum*float64(left))))
			}
		}
	}
	return out
}

func (s Stratum) accepted() bool { return s.Fate == Accepted }

// differing is the spread of right and wrong pairs, times their number.
func (s Stratum) differing() float64 {
	return float64(s.Pairs) * max(leastSpread, math.Sqrt(s.Mean*(1-s.Mean)))
}

// Draw picks count of n things, each set of so many with the same chance, in
// their order. The same seed picks the same.
func Draw(n, count int, seed uint64) []int {
	random := rand.New(rand.NewPCG(seed, uint64(n)))
	chosen := random.Perm(n)[:min(n, count)]
	slices.Sort(chosen)
	return chosen
}

// Judgement is what a judged sample says.
type Judgement struct {
	Precision Interval
	// RecallScored is the share of the true pairs among those that were scored that
	// were accepted; Recall counts those that were never scored too, as estimated.
	RecallScored, Recall Interval
}

// Judge estimates precision and recall from judged strata: sums over the strata,
// with limits recovered from Wilson's intervals of each (Zou and Donner 2008, the
// method of variance estimates recovery). unscored is how many
// true pairs there are that were not scored, estimated without labels. Pairs that
// could not be told are left out, and the interval allows for either.
func Judge(strata []Stratum, unscored Interval) Judgement {
	right := sumOf(strata, true)
	lost := sumOf(strata, false)
	all := 0.0
	for _, s := range strata {
		if s.accepted() {
			all += float64(s.Pairs)
		}
	}
	j := Judgement{Precision: Interval{right[0] / max(all, 1), right[1] / max(all, 1), right[2] / max(all, 1)}}
	j.RecallScored = ratio(right, lost)
	j.Recall = ratio(right, lost, unscored)
	return j
}

// ratio is what found is of itself and the others together. Its limits are
// recovered from those of the parts.
func ratio(found Interval, others ...Interval) Interval {
	at := func(found, others float64) float64 {
		if found+others == 0 {
			return 0
		}
		return found / (found + others)
	}
	middle := 0.0
	for _, o := range others {
		middle += o[1]
	}
	estimate := at(found[1], middle)
	below, above := square(estimate-at(found[0], middle)), square(at(found[2], middle)-estimate)
	for _, o := range others {
		below += square(estimate - at(found[1], middle-o[1]+o[2]))
		above += square(at(found[1], middle-o[1]+o[0]) - estimate)
	}
	return Interval{max(0, estimate-math.Sqrt(below)), estimate, min(1, estimate+math.Sqrt(above))}
}

func square(x float64) float64 { return x * x }

// sumOf is how many true pairs there are in the accepted strata or in the
// others. Its limits are recovered from those of the strata.
func sumOf(strata []Stratum, accepted bool) Interval {
	var sum, below, above float64
	for _, s := range strata {
		if s.accepted() == accepted {
			low, middle, high := s.Share()
			n := float64(s.Pairs)
			sum += n * middle
			below, above = below+square(n*(middle-low)), above+square(n*(high-middle))
		}
	}
	return Interval{max(0, sum-math.Sqrt(below)), sum, sum + math.Sqrt(above)}
}

// judged is how many judgements the interval may count on: more where they are a
// large part of the stratum.
func (s Stratum) judged() float64 {
	n, all := float64(s.Yes+s.No), float64(s.Pairs)
	if n >= all {
		return math.Inf(1)
	}
	return n * (all - 1) / (all - n)
}

// share is the share of one person each, as judged; without a judgement what the
// probabilities say.
func (s Stratum) share() float64 {
	if s.Yes+s.No == 0 {
		return s.Mean
	}
	return float64(s.Yes) / float64(s.Yes+s.No)
}

// Share is the share of one person each and Wilson's interval (1927) around it. Those
// that could not be told are wrong at worst, right at best.
func (s Stratum) Share() (low, middle, high float64) {
	n, p := s.judged(), s.share()
	low, high = p, p
	if s.Pairs > 0 && !math.IsInf(n, 1) {
		low, high = Wilson(p, n)
	}
	told := float64(s.Yes+s.No) / max(float64(s.Yes+s.No+s.Unsure), 1)
	if s.Unsure > 0 {
		low, high = low*told, high*told+1-told
	}
	return low, p, high
}

// leastRecall bounds what a recall of nearly nothing makes of the pairs that were
// never scored.
const leastRecall = 0.01

// Unscored is how many true pairs a linkage never scored, estimated without
// labels: what it misses as a whole, less what the pairs below the threshold are
// expected to hold. right is how many accepted pairs are right, below the sum of
// the probabilities of the scored pairs that were not accepted.
func Unscored(recall Interval, right, below float64) Interval {
	var out Interval
	for i, r := range recall {
		out[2-i] = max(0, right*(1-r)/max(r, leastRecall)-below)
	}
	slices.SortFunc(out[:], cmp.Compare)
	return out
}

// Shuffled is the numbers below n in an order that a seed decides.
func Shuffled(n int, seed uint64) []int {
	return rand.New(rand.NewPCG(seed, ^uint64(n))).Perm(n)
}
