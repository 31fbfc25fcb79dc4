// Package model is the Fellegi-Sunter model: comparisons and their levels, m
// and u probabilities, EM without labels, match weights.
package model

import "rollcall/matchers/block"

// Kind is what a column holds; it decides the comparison levels.
type Kind string

// The kinds of column that have comparison levels.
const (
	GivenName   Kind = "given_name"
	FamilyName  Kind = "family_name"
	FullName    Kind = "full_name"
	Date        Kind = "date" // ISO 8601: 1984-02-29, 1984-02, 1984, or an interval 1983-01-01/1985-12-31
	Place       Kind = "place"
	Address     Kind = "address"
	Postcode    Kind = "postcode"
	HouseNumber Kind = "house_number"
	Identifier  Kind = "identifier"
	Phone       Kind = "phone"
	Email       Kind = "email"
	Category    Kind = "category" // sex, status: equal or not
	Text        Kind = "text"
	Number      Kind = "number"
)

// Named tells names of people, which are compared word by word.
func (k Kind) Named() bool { return k == GivenName || k == FamilyName || k == FullName }

// Comparison compares one column of the left file with one of the right.
type Comparison struct {
	Name   string // of the comparison: the column's name where both agree
	Left   string // column of the left file
	Right  string // column of the right file; the same as Left in one file
	Kind   Kind
	Shared bool // what a household shares: surname, address, phone, parent's full name
	// Relative is of whom the column tells: "mother", "father" or "spouse"; "" is the
	// person.
	Relative string `json:",omitempty"`
	// Parent names the comparison of the larger place that this one lies in, when
	// its value fixes the other's: the two are then judged as one, "parent equal"
	// being a level of this comparison. Found when the model is trained.
	Parent string
	// Intervals says that some of the dates are no days but a month, a year or what an
	// age leaves open: these have levels of their own. Found when the model is trained.
	Intervals bool `json:",omitempty"`
	// Levels, when not nil, stand in place of those of the kind, from worst to best;
	// what keeps none of them differs, and equal values are above them.
	Levels []DeclaredLevel `json:",omitempty"`
	// TermFrequency says whether equal values are told apart by how common they are;
	// nil is as the kind has it.
	TermFrequency *bool `json:",omitempty"`
	// Neighbours are pairs of values, in normal form, that lie side by side, for
	// blocking rules that look at an area and those around it.
	Neighbours [][2]string
}

// Specification says how two files are compared. Blocking rules that are left
// out are chosen from the kinds; a threshold that is 0 becomes 0.5.
type Specification struct {
	Comparisons []Comparison
	Blocking    []block.Rule
	Threshold   float64  // match probability from which a pair is accepted
	Relation    Relation // how many partners a record has (link of two files); "": found out
	RelationWhy string   // for people: how it was found out
	ColumnsWhy  []string // for people: what each column was taken for and why, by file; not read back
	Parameters  *Parameters
	// Locale names the locale pack by which the values were brought to normal form; ""
	// is the one for any country.
	Locale string `json:",omitempty"`
	// Frozen is what parameters rest on beside themselves; nil means: counted in the
	// files at hand.
	Frozen *Frozen `json:"-"`
}

// DefaultThreshold is the match probability from which pairs are accepted
// unless the specification says otherwise.
const DefaultThreshold = 0.5

// Parameters is a trained model; nil in a specification means: train.
type Parameters struct {
	Prior      float64   // share of all pairs that match
	Household  float64   // share of all pairs that are two people of one household; 0: no such class
	Borrowed   float64   // share of all pairs that are strangers who bear one identifier; 0: no such class
	Kin        float64   // share of all pairs that are relatives who live apart; 0: no such class
	Namesakes  float64   // share of all pairs that are strangers alike in their names and their parents'; 0: no such class
	Neighbours float64   // share of all pairs that are such namesakes of one place; 0: no such class
	Levels     [][]Level // per comparison, least agreement first; empty when judged within another
	// Missing is per comparison what missing values weigh; nil: nothing in any.
	Missing []MissingWeights `json:",omitempty"`
	// Nicknames are per comparison names by which people are called and not registered,
	// sorted; nil: none in any.
	Nicknames [][]string `json:",omitempty"`
}

// MissingWeights are what missing values of a comparison add to the weight of a
// pair, in bits: a value on one side alone, and none on either. Zeros weigh nothing.
type MissingWeights struct{ One, Both float64 }

// bits of a level without a value.
func (w MissingWeights) bits(level uint8) float64 {
	switch level {
	case OneMissing:
		return w.One
	case BothMissing:
		return w.Both
	}
	return 0
}

// MostMissingBits bounds what missing values of one comparison weigh, and
// MostMissingTogether those of all together: records that lack much lack it
// together.
const (
	MostMissingBits     = 2.0
	MostMissingTogether = 6.0
)

// Weighs says whether missing values of a comparison weigh anything.
func (p *Parameters) Weighs(comparison int) bool {
	return len(p.Missing) > 0 && p.Missing[comparison] != MissingWeights{}
}

// Level is one level of one comparison with its probabilities among matches
// (M), unrelated pairs (U), two people of one household (H) and relatives who
// live apart (K), namesakes (N) and those of one place (V).
type Level struct {
	Name string
	M, U float64
	Bits float64 // log2(M/U)
	H, K float64 // 0 without the class
	N, V float64 // of namesakes and neighbours
}
