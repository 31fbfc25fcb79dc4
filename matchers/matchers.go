// Package matchers finds the records that are one person: in two files (Link)
// or in one (Dedupe). It knows columns and a specification, no files, no
// network, no clock and no unseeded randomness; the same input gives the same
// result for any number of threads.
package matchers

import (
	"rollcall/matchers/dictionary"
	"rollcall/matchers/family"
	"rollcall/matchers/kernel"
	"rollcall/matchers/model"
	"rollcall/matchers/quality"
)

// Column is one dictionary-encoded column of a file, in normal form.
type Column struct {
	Name   string
	Codes  []uint32         // one a row: index into Values; 0 is missing
	Values dictionary.Texts // the first is ""
	// System tells of identity numbers by which system one was given out, the same for
	// both files; nil where nothing is known of them.
	System kernel.NumberSystem
}

// File is one side of a linkage.
type File struct {
	IDs     []string
	Columns []Column
	// Group, when not nil, has the record (event) of each row: rows of one group
	// are different people. 0 is no group.
	Group []uint32
	// Once, when not nil, has for each row a class of which one person can have
	// one at most (1: his birth, 2: his death), unless Lives and names say that it is one
	// event twice. 0 is no class.
	Once []uint8
	// Lives, when not nil, is what each row says of when its person lived: two rows of
	// which one person cannot be are never joined in one file. In two files those of the
	// left one were born and died, and those of the right one were listed alive: that one
	// was listed before the other's birth, or after the death, speaks against them, as much
	// as is learnt, and that a relative is not listed then says nothing.
	Lives []Life
	// Sex, when not nil, is a hard constraint: two rows of known and different
	// values are never joined in one file, and in two only where they have an
	// identity number in common. 0 is unknown.
	Sex []uint8
	// Sure has, by the name of a column of identity numbers, the rows whose number is
	// known to be the person's own: two rows of one file with two such numbers are
	// never joined.
	Sure map[string][]bool
	// Relatives, when not nil, are the rows of this file that records name as relatives
	// of each other, and Homes are the households of rows, of which one may have several:
	// the relatives of a row of the left file are looked for in the households of one of
	// the right file.
	Relatives []family.Tie
	Homes     []family.Home
	// Kinds, when not nil, has for each row of the left file a small number: of one kind,
	// such as children or the dead, a share has a partner that is the kind's own.
	Kinds []uint8
	// Joins are rows of the left file of LinkPersons that may be one person.
	Joins []Join
	// Judged is what people decided about pairs of this file's rows with those of the
	// right file, or with each other.
	Judged []Judged
}

// Options say how the work is done; they never change the result.
type Options struct {
	Threads     int
	MemoryBytes int64
	Progress    func(stage string, done, total int64)
}

// Pair is one scored pair.
type Pair struct {
	Left, Right int32   // rows; Left < Right in one file
	WeightBits  float64 // log2 Bayes factor of the comparisons
	Lapse       Lapse   // Link: when the right one was listed, beside the left one's birth or death
	LapseBits   float64 // what that says, part of WeightBits
	FamilyBits  float64 // what relatives add to the log2 of the odds, bounded
	Probability float64 // posterior, one-to-one where asked
	MarginBits  float64 // over the best other candidate of either record; +Inf when none
	Rule        int16   // blocking rule that found it first; -1 for none (inside a cluster)
	Accepted    bool
	Judged      bool    // people decided
	Apart       Apart   // Dedupe: why a pair above the threshold is not one person; "" for others
	Levels      []uint8 // level per comparison; see model.Lacks
	Witnesses   []Witness
	Unweighed   Unweighed // why relatives were not weighed, or not all
}

// Witness is what one relative says by herself about a pair. Together they make less of
// FamilyBits than their sum where another of that household has them too.
type Witness struct {
	Left, Right int32 // rows of the relative and of who looks like her; -1 on the side where nobody does
	Relation    family.Relation
	Bits        float32 // log2
}

// Result is what Link and Dedupe find.
type Result struct {
	Specification model.Specification // completed: rules, threshold, parameters
	Pairs         []Pair              // above the floor, best first, ties by row
	Entity        []int32             // Dedupe: for each row the least row of its cluster
	Candidates    int64               // pairs compared
	RulePairs     []int64             // candidates per rule, each pair counted once
	RuleRefined   [][]string          // comparisons by whose values the very large blocks of a given rule were cut apart; nil for chosen rules
	RuleDropped   []int64             // pairs in such blocks that this left out; nil for chosen rules
	Rounds        int                 // of EM
	Converged     bool
	Assumed       bool          // how matches look was not learnt: see model.Training
	Trace         []model.Round // of the training that was kept
	Warnings      []string      // for people
	// Expected are label-free estimates at the threshold: low, middle, high. Zero
	// where nothing was accepted.
	ExpectedPrecision, ExpectedRecall [3]float64
	Lacking                           []Lacking         // of a model trained here: comparisons of which there was enough to tell
	Decoys                            [2]quality.Decoys // Link: pairs inside the left and the right file
	Unlinkable                        [2]Unlinkable     // of the left and the right file; of one file, twice the same
	together                          float64           // pairs that are wrong together, as a mean
}
