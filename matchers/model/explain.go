package model

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
)

// Term is what one comparison says for or against a match.
type Term struct {
	Comparison string
	Level      string  // name of the level; empty where a value is missing and that weighs nothing
	Bits       float64 // log2(M/U): above 0 speaks for a match; of missing values what they weigh
	Within     string  // the comparison that this one was judged in, if any
}

// Explanation is why a pair has its probability: the terms and OtherBits add up
// to WeightBits, PriorBits and WeightBits to the odds. Assignment (one-to-one,
// clusters) comes after and is not in it.
type Explanation struct {
	Terms       []Term
	OtherBits   float64 // what two people of one household or a borrowed identifier explain as well; what missing values weigh beyond their bound
	WeightBits  float64 // log2 Bayes factor of all comparisons
	PriorBits   float64 // log2 odds that two records taken at random match
	Probability float64 // of the pair by itself
	Classes     []Class // the likeliest first; 1 together
}

// Class is one kind of pair that a pair may be.
type Class struct {
	Name  string  // match, household, kin, namesakes, neighbours, borrowed or unrelated
	Share float64 // probability that the pair is of this class
}

// classNames as they stand in a written specification.
var classNames = [classes]string{"match", "household", "kin", "namesakes", "neighbours", "borrowed", "unrelated"}

// Explain takes a pair apart, comparison by comparison, given its levels (as in
// a scored pair) and a trained specification.
func Explain(spec Specification, levels []uint8) (*Explanation, error) {
	if spec.Parameters == nil {
		return nil, errors.New("the specification is not trained: it has no parameters")
	}
	ladders, err := Ladders(spec.Comparisons)
	if err != nil {
		return nil, err
	}
	if err := spec.Parameters.Check(spec.Comparisons, ladders); err != nil {
		return nil, err
	}
	if len(levels) != len(ladders) {
		return nil, fmt.Errorf("levels of %d comparisons, but there are %d", len(levels), len(ladders))
	}
	e := &Explanation{}
	for i, c := range spec.Comparisons {
		term := Term{Comparison: c.Name}
		for k, o := range spec.Comparisons {
			if len(ladders[k].Names) > 0 && slices.Contains(Parents(spec.Comparisons, k), i) {
				term.Within = o.Name
			}
		}
		switch {
		case levels[i] == Nickname:
			term.Level = MissingName(Nickname)
		case spec.Parameters.Weighs(i) && Lacks(levels[i]):
			term.Level, term.Bits = MissingName(levels[i]), spec.Parameters.Missing[i].bits(levels[i])
		case !Lacks(levels[i]):
			if int(levels[i]) >= len(spec.Parameters.Levels[i]) {
				return nil, fmt.Errorf("comparison %s has no level %d", c.Name, levels[i])
			}
			level := spec.Parameters.Levels[i][levels[i]]
			term.Level, term.Bits = level.Name, math.Log2(level.M/level.U)
		}
		e.OtherBits -= term.Bits
		e.Terms = append(e.Terms, term)
	}
	scorer := NewScorer(spec.Parameters, ladders)
	logOdds := scorer.LogOdds(levels)
	e.WeightBits, e.PriorBits, e.Probability = scorer.WeightBits(logOdds), scorer.priorOdds/math.Ln2, Probability(logOdds)
	e.OtherBits += e.WeightBits
	joint := scorer.joint(levels)
	_, share := shareOut(&joint)
	for class, name := range classNames {
		if shares := spec.Parameters.shares(); shares[class] > 0 {
			e.Classes = append(e.Classes, Class{name, share[class]})
		}
	}
	slices.SortStableFunc(e.Classes, func(a, b Class) int { return cmp.Compare(b.Share, a.Share) })
	return e, nil
}
