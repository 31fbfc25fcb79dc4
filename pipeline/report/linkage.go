package report

import "math"

// Linkage says how the records were linked, for the quality page: what an
// analyst needs to judge the links (GUILD, Gilbert et al. 2018,
// doi 10.1093/pubmed/fdx037, step 2).
type Linkage struct {
	Steps    []LinkStep // in the order in which they ran
	Warnings []string
	Entities []Entities // what became of the persons of earlier runs; none in a first run
	LeftOut  []LeftOut  // of what records say of families
}

// LeftOut counts what records say of families and was not used as it stands, in words.
type LeftOut struct {
	What  string
	Count int64
	Look  string // what was done, and what to look at
}

// Entities counts what became of the persons of one side that earlier runs found,
// as the table entity_change has them.
type Entities struct {
	Side                                  string // crvs or sp
	Kept, New, Merged, Split, Moved, Gone int
}

// LinkStep is one pass of the linker.
type LinkStep struct {
	Kind        string // register, roster or across, as in the link table
	Left, Right int64  // records compared; Right is 0 within one side
	Comparisons []Comparison
	Rules       []BlockingRule
	Prior       float64 // share of all pairs that match
	// ThresholdProbability is the least match probability of an accepted link.
	ThresholdProbability float64
	Precision, Recall    Range
	Thresholds           []Threshold // what others would mean
}

// Threshold is what accepting only pairs from a match probability on would mean.
type Threshold struct {
	Purpose           string // that it is for; "" for none
	Probability       float64
	Accepted          int64
	Precision, Recall Range
}

// ThresholdBits is the match weight at which the probability reaches the
// threshold; not a number when the prior or the threshold is unknown. One-to-one
// assignment moves single links across it.
func (s LinkStep) ThresholdBits() float64 {
	odds := func(p float64) float64 { return p / (1 - p) }
	if s.Prior <= 0 || s.Prior >= 1 || s.ThresholdProbability <= 0 || s.ThresholdProbability >= 1 {
		return math.NaN()
	}
	return math.Log2(odds(s.ThresholdProbability) / odds(s.Prior))
}

// Comparison is one field with its levels, from agreement to disagreement.
type Comparison struct {
	Name   string
	Levels []Level
}

// Level is one outcome of a comparison. Bits is log2(M/U).
type Level struct {
	Name string
	M, U float64 // probability of the level among matches and among non-matches
	Bits float64
}

// BlockingRule is one rule by which pairs were found.
type BlockingRule struct {
	Name  string
	Pairs int64 // that this rule found and none before it
}

// Range is an estimate with its 95% interval; all zero when unknown.
type Range struct {
	Low, Estimate, High float64
}

func (r Range) known() bool { return r != Range{} }
