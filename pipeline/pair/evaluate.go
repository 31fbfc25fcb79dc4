package pair

import (
	"cmp"
	"slices"
)

// Scored is one pair of ids with its probability.
type Scored struct {
	Left, Right string
	Probability float64
	Accepted    bool
}

// Truth is a set of true pairs.
type Truth struct {
	pairs     map[[2]string]bool
	unordered bool // in one file: a pair and its reverse are the same
}

// NewTruth makes a set of true pairs; unordered ones are pairs of one file.
func NewTruth(unordered bool) *Truth { return &Truth{map[[2]string]bool{}, unordered} }

func (t *Truth) key(left, right string) [2]string {
	if t.unordered && right < left {
		left, right = right, left
	}
	return [2]string{left, right}
}

// Add adds a true pair.
func (t *Truth) Add(left, right string) {
	if left != right || !t.unordered {
		t.pairs[t.key(left, right)] = true
	}
}

// Beyond is the number of true pairs of which a record is not among some.
func (t *Truth) Beyond(records map[string]bool) int {
	n := 0
	for p := range t.pairs {
		if !records[p[0]] || !records[p[1]] {
			n++
		}
	}
	return n
}

// Len is the number of true pairs.
func (t *Truth) Len() int { return len(t.pairs) }

// Has tells whether a pair is true.
func (t *Truth) Has(left, right string) bool { return t.pairs[t.key(left, right)] }

// Score is how right a set of accepted pairs is.
type Score struct {
	Threshold          float64 // match probability; of the run's own set: the run's
	Right, Wrong, Lost int     // accepted and true, accepted and not, true and not accepted
	Precision, Recall  float64
	F1                 float64
}

// Evaluation is accuracy against known pairs.
type Evaluation struct {
	AtRun   Score
	Best    Score   // by F1, over the thresholds
	Curve   []Score // at the steps below, rising
	Unseen  int     // true pairs that were not scored above the floor: lost to blocking or to weight
	NotHeld int     // of these the pairs of which a record was not among those compared
}

// steps are the thresholds of the table.
var steps = []float64{0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999}

// Evaluate holds scored pairs against the truth: the accepted ones, and those at
// or above every threshold.
func Evaluate(pairs []Scored, truth *Truth, threshold float64) Evaluation {
	seen := map[[2]string]bool{}
	var known []Scored // one a pair, best first
	sorted := slices.Clone(pairs)
	slices.SortStableFunc(sorted, func(a, b Scored) int { return cmp.Compare(b.Probability, a.Probability) })
	accepted, acceptedRight := 0, 0
	for _, p := range sorted {
		key := truth.key(p.Left, p.Right)
		if seen[key] {
			continue
		}
		seen[key] = true
		known = append(known, p)
		if p.Accepted {
			accepted++
			if truth.pairs[key] {
				acceptedRight++
			}
		}
	}
	e := Evaluation{AtRun: score(threshold, acceptedRight, accepted-acceptedRight, truth.Len())}
	for key := range truth.pairs {
		if !seen[key] {
			e.Unseen++
		}
	}
	e.Best = Score{F1: -1}
	right, next := 0, len(steps)-1
	for i, p := range known {
		for next >= 0 && p.Probability < steps[next] {
			e.Curve = append(e.Curve, score(steps[next], right, i-right, truth.Len()))
			next--
		}
		if truth.Has(p.Left, p.Right) {
			right++
		}
		// A threshold lies between two different probabilities only.
		if i+1 == len(known) || known[i+1].Probability < p.Probability {
			if s := score(p.Probability, right, i+1-right, truth.Len()); s.F1 > e.Best.F1 {
				e.Best = s
			}
		}
	}
	for ; next >= 0; next-- {
		e.Curve = append(e.Curve, score(steps[next], right, len(known)-right, truth.Len()))
	}
	slices.Reverse(e.Curve)
	if len(known) == 0 {
		e.Best = score(threshold, 0, 0, truth.Len())
	}
	return e
}

func score(threshold float64, right, wrong, all int) Score {
	s := Score{Threshold: threshold, Right: right, Wrong: wrong, Lost: all - right}
	if right > 0 {
		s.Precision = float64(right) / float64(right+wrong)
		s.Recall = float64(right) / float64(all)
		s.F1 = 2 * s.Precision * s.Recall / (s.Precision + s.Recall)
	}
	return s
}
