// Package quality says how good a linkage is: against the truth where there is
// one, and without labels, by estimate, where there is none.
package quality

import (
	"cmp"
	"slices"
)

// Scored is a pair that a linkage speaks about.
type Scored struct {
	Left, Right string // ids
	Probability float64
	WeightBits  float64 // orders pairs of equal probability
	Accepted    bool
}

// Truth is the pairs that are one person.
type Truth struct {
	pairs   map[[2]string]struct{}
	oneFile bool
}

// NewTruth collects true pairs. In one file a pair is the same both ways round.
func NewTruth(pairs [][2]string, oneFile bool) *Truth {
	t := &Truth{make(map[[2]string]struct{}, len(pairs)), oneFile}
	for _, p := range pairs {
		if p[0] != p[1] || !oneFile {
			t.pairs[t.key(p[0], p[1])] = struct{}{}
		}
	}
	return t
}

func (t *Truth) key(left, right string) [2]string {
	if t.oneFile && right < left {
		left, right = right, left
	}
	return [2]string{left, right}
}

// Has says that two records are one person.
func (t *Truth) Has(left, right string) bool {
	_, ok := t.pairs[t.key(left, right)]
	return ok
}

// Len is the number of true pairs.
func (t *Truth) Len() int { return len(t.pairs) }

// Accuracy is what accepting some pairs means: Said pairs of which Right are
// true, out of True.
type Accuracy struct {
	Threshold             float64
	Said, Right, True     int
	Precision, Recall, F1 float64
}

func accuracy(threshold float64, said, right, all int) Accuracy {
	a := Accuracy{Threshold: threshold, Said: said, Right: right, True: all}
	if said > 0 {
		a.Precision = float64(right) / float64(said)
	}
	if all > 0 {
		a.Recall = float64(right) / float64(all)
	}
	if said+all > 0 {
		a.F1 = 2 * float64(right) / float64(said+all)
	}
	return a
}

// Evaluation is a linkage against the truth: as it was accepted, at the
// threshold that would have been best, which only the truth tells, and at every
// probability that occurs, from high to low.
type Evaluation struct {
	Accepted Accuracy
	Best     Accuracy
	Curve    []Accuracy
}

// Evaluate compares pairs with the truth. A pair told twice counts once, as its
// best.
func Evaluate(pairs []Scored, truth *Truth) Evaluation {
	pairs = distinct(pairs, truth)
	var e Evaluation
	said, right := 0, 0
	for _, p := range pairs {
		if p.Accepted {
			said++
			if truth.Has(p.Left, p.Right) {
				right++
			}
		}
	}
	e.Accepted = accuracy(leastAccepted(pairs), said, right, truth.Len())
	right = 0
	for i, p := range pairs {
		if truth.Has(p.Left, p.Right) {
			right++
		}
		if i+1 < len(pairs) && pairs[i+1].Probability == p.Probability && pairs[i+1].WeightBits == p.WeightBits {
			continue
		}
		at := accuracy(p.Probability, i+1, right, truth.Len())
		if at.F1 > e.Best.F1 {
			e.Best = at
		}
		if n := len(e.Curve); n > 0 && e.Curve[n-1].Threshold == at.Threshold {
			e.Curve[n-1] = at
		} else {
			e.Curve = append(e.Curve, at)
		}
	}
	return e
}

func leastAccepted(pairs []Scored) float64 {
	least := 1.0
	for _, p := range pairs {
		if p.Accepted {
			least = min(least, p.Probability)
		}
	}
	return least
}

// distinct orders pairs, best first, ties by id, and drops repeats.
func distinct(pairs []Scored, truth *Truth) []Scored {
	sorted := slices.Clone(pairs)
	for i, p := range sorted {
		key := truth.key(p.Left, p.Right)
		sorted[i].Left, sorted[i].Right = key[0], key[1]
	}
	better := func(a, b Scored) int {
		return cmp.Or(cmp.Compare(b.Probability, a.Probability), cmp.Compare(b.WeightBits, a.WeightBits))
	}
	byID := func(a, b Scored) int { return cmp.Or(cmp.Compare(a.Left, b.Left), cmp.Compare(a.Right, b.Right)) }
	slices.SortFunc(sorted, func(a, b Scored) int { return cmp.Or(byID(a, b), better(a, b)) })
	kept := sorted[:0]
	for _, p := range sorted {
		if n := len(kept); n > 0 && byID(kept[n-1], p) == 0 {
			kept[n-1].Accepted = kept[n-1].Accepted || p.Accepted
			continue
		}
		kept = append(kept, p)
	}
	slices.SortFunc(kept, func(a, b Scored) int { return cmp.Or(better(a, b), byID(a, b)) })
	return kept
}
