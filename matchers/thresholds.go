package matchers

import (
	"math"

	"rollcall/matchers/quality"
)

// Expectation is what accepting only pairs from a probability on would mean.
type Expectation struct {
	Purpose           string  // that the threshold is for; "" for none
	Threshold         float64 // match probability
	Accepted          int
	Precision, Recall [3]float64 // low, middle, high, without labels; zero where nothing is accepted
}

// purposes are what links serve, and the mean probability that they should have:
// who is proposed for enrolment can be asked, who is taken off a list may go
// hungry. No threshold lies below 0.5: that of the greatest expected F1 is half
// of that F1 (Lipton, Elkan and Naryanaswamy 2014), but what is accepted below
// one half is more likely wrong than right.
var purposes = []struct {
	name      string
	precision float64
}{{"registrations", 0.95}, {"duplicates", 0.98}, {"exits", 0.999}}

// shownThresholds are told of whatever they are for.
var shownThresholds = []float64{0.75, 0.9, 0.99, 0.999}

// Expectations says what thresholds at or above the run's own would mean: the
// run's own, the least for each purpose, and some others.
func (r *Result) Expectations() []Expectation {
	own := r.Expect(r.Specification.Threshold)
	own.Purpose = "this run"
	// What clusters joined below the threshold is accepted all the same.
	own.Precision, own.Recall = r.ExpectedPrecision, r.ExpectedRecall
	own.Accepted = 0
	for _, p := range r.Pairs {
		if p.Accepted {
			own.Accepted++
		}
	}
	out := []Expectation{own}
	for _, purpose := range purposes {
		e := r.ThresholdFor(purpose.precision)
		e.Purpose = purpose.name
		out = append(out, e)
	}
	for _, threshold := range shownThresholds {
		if threshold > r.Specification.Threshold {
			out = append(out, r.Expect(threshold))
		}
	}
	return out
}

// Expect says what a threshold at or above the run's own would mean.
func (r *Result) Expect(threshold float64) Expectation {
	var doubt quality.Doubt
	e := Expectation{Threshold: threshold}
	all, kept := 0.0, 0.0
	for _, p := range r.Pairs {
		if !p.Accepted {
			continue
		}
		all += p.Probability
		if p.Probability >= threshold {
			e.Accepted++
			kept += p.Probability
			doubt.Note(p.Probability, 1)
		}
	}
	if e.Accepted == 0 {
		return e
	}
	e.Precision = quality.Precision(doubt.Together(r.together))
	for i, recall := range r.ExpectedRecall {
		e.Recall[i] = recall * kept / all
	}
	return e
}

// thresholdSteps is how many steps thresholds are told in.
const thresholdSteps = 1e4

// ThresholdFor says what the least threshold at or above the run's own would
// mean at which the accepted pairs have at least that mean probability. Where
// none has, it is 1 and accepts nothing.
func (r *Result) ThresholdFor(precision float64) Expectation {
	sum, n, least, last := 0.0, 0.0, 1.0, 1.0
	for _, p := range r.Pairs { // best first
		if !p.Accepted {
			continue
		}
		if p.Probability < last && sum >= precision*n {
			least = last
		}
		sum, n, last = sum+p.Probability, n+1, p.Probability
	}
	if sum >= precision*n {
		least = 0 // all are
	}
	return r.Expect(max(r.Specification.Threshold, math.Floor(least*thresholdSteps)/thresholdSteps))
}
