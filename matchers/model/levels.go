package model

import (
	"fmt"
	"slices"
)

// Missing is the level of a comparison in which a side has no value. BothMissing and
// OneMissing stand in its place where the model has weights for them. Nickname is that of
// names that differ of which one is a nickname: it tells as little as no name.
const (
	Nickname    = 252
	BothMissing = 253
	OneMissing  = 254
	Missing     = 255
)

// Lacks says that a level is one of those that tell nothing of what values say.
func Lacks(level uint8) bool { return level >= Nickname }

var missingNames = []string{"nickname", "both missing", "one missing", "missing"}

// MissingName is what a level without a value is called.
func MissingName(level uint8) string { return missingNames[level-Nickname] }

// MissingLevel is the level without a value that is called so.
func MissingLevel(name string) (level uint8, ok bool) {
	at := slices.Index(missingNames, name)
	return uint8(Nickname + at), at >= 0
}

// MaxLevels is more than the levels that any comparison has.
const MaxLevels = 16

// nameOfDiffers is the level of what no other one holds for.
const nameOfDiffers = "differs"

// ladder is the levels of one kind, from "differs" up to the best that is not
// equal.
type ladder struct {
	near  []string
	alike int // how many of near, the last ones, say that it is the same written otherwise
	bands int // exact levels, by the value's frequency; 1: not told apart
}

// nameLevels are those of names, compared word by word. How common the words are
// that two names have in common is told in steps of 16: one person in 64, in
// 1,024, in 16,384 bears them.
var nameLevels = []string{
	"differs", "similar",
	"a common word alike, others differ", "a word alike, others differ", "a rare word alike, others differ",
	"alike, very common", "alike, common", "alike", "alike, rare",
}

var dateLevels = []string{
	"differs", "years near", "years overlap", "same year or within a year", "two parts equal", "one digit, or day and month exchanged",
}

// dateIntervalLevels are those of dates of which some are no days, with the levels of
// pairs of which one is none between: how far apart the two are, or how rare it is
// that strangers overlap so, in steps of 4: one pair in 8, 32, 128.
var dateIntervalLevels = []string{
	"differs",
	"years apart", "years within five", "years near",
	"years overlap, very common", "years overlap, common", "years overlap", "years overlap, rare",
	"same year or within a year", "two parts equal", "one digit, or day and month exchanged",
}

// IntervalLevels are how many levels of a ladder of dates with intervals, from level 1
// on, are of pairs of which one is no day; IntervalsOverlap is the first of those whose
// days may be the same.
const (
	IntervalLevels   = 7
	IntervalsOverlap = 4
)

var ladders = map[Kind]ladder{
	GivenName:   {nameLevels, 4, 4},
	FamilyName:  {nameLevels, 4, 4},
	FullName:    {nameLevels, 4, 4},
	Date:        {dateLevels, 0, 4},
	Place:       {[]string{"differs", "similar", "nearly equal"}, 0, 4},
	Address:     {[]string{"differs", "similar", "nearly equal"}, 0, 4},
	Text:        {[]string{"differs", "similar", "nearly equal"}, 0, 4},
	Postcode:    {[]string{"differs", "same first half", "one character"}, 0, 4},
	HouseNumber: {[]string{"differs", "one character"}, 0, 4},
	Category:    {[]string{"differs"}, 0, 4},
	Number:      {nil, 0, 4},
	Identifier:  {[]string{"differs", "two characters", "one character"}, 0, 3}, // no number is rarer than one of one's own
	Phone:       {[]string{"differs", "two characters", "one character"}, 0, 4},
	Email:       {[]string{"differs", "similar user", "same user or one character"}, 0, 1},
}

// Bands are the least pooled frequencies of the values of each exact level but
// the last. EM learns what a common and a rare value are worth, in each class;
// a multiplier could not say that inside a household a rare surname says
// nothing either.
var Bands = [...]float64{5e-3, 1e-3, 2e-4}

// numberLevels are those of numbers, as a specification could declare them.
var numberLevels = []DeclaredLevel{
	{Conditions: []Condition{{Comparator: "percent", Bound: 20}}},
	{Conditions: []Condition{{Comparator: "percent", Bound: 5}}},
}

var bandNames = [...]string{"equal, very common", "equal, common", "equal", "equal, rare"}

// Ladder is the levels of one comparison. Level 0 is "differs".
type Ladder struct {
	Names  []string
	Exact  int // first exact level
	Alike  int // first level that says the same, written otherwise; Exact where there is none
	Bands  int // number of exact levels
	Parent int // first of the levels "parent equal", that of the farthest, or -1
	Shared bool
	Kind   Kind
	// Intervals says that the IntervalLevels from 1 on are those of pairs of which one is
	// no day, and all others those of two days.
	Intervals bool
	// Declared has the conditions of each level between "differs" and the parent's,
	// worst first; nil for the levels of a kind.
	Declared [][]Condition
}

// NewLadder makes the levels of a comparison. parents are the larger places that are
// judged within it, the nearest first.
func NewLadder(c Comparison, parents ...string) (Ladder, error) {
	kind, ok := ladders[c.Kind]
	if !ok {
		return Ladder{}, fmt.Errorf("comparison %s: no kind %q", c.Name, c.Kind)
	}
	l := Ladder{Names: slices.Clone(kind.near), Parent: -1, Bands: 1, Shared: c.Shared, Kind: c.Kind}
	if c.Intervals && c.Kind == Date && c.Levels == nil {
		l.Names, l.Intervals = slices.Clone(dateIntervalLevels), true
	}
	if levels := declared(c); levels != nil {
		l.Names, l.Declared, kind.alike = []string{nameOfDiffers}, [][]Condition{}, 0
		for j, level := range levels {
			if c.Levels != nil {
				if problem := levelProblem(c, j, parents); problem != "" {
					return Ladder{}, fmt.Errorf("comparison %s: levels[%d]: %s", c.Name, j, problem)
				}
			}
			if len(level.Conditions) > 0 {
				l.Names, l.Declared = append(l.Names, level.title()), append(l.Declared, level.Conditions)
			}
		}
	}
	if len(parents) > 0 {
		l.Parent = len(l.Names)
	}
	for _, parent := range slices.Backward(parents) {
		l.Names = append(l.Names, parentLevel(parent))
	}
	l.Exact = len(l.Names)
	l.Alike = l.Exact - kind.alike
	if len(l.Declared) > 0 {
		l.Alike = 1 // the user calls alike what he declares
	}
	if c.TermFrequency != nil && *c.TermFrequency && kind.bands == 1 {
		kind.bands = len(bandNames)
	}
	if l.Bands = kind.bands; l.Bands == 1 || c.TermFrequency != nil && !*c.TermFrequency {
		l.Bands = 1
		l.Names = append(l.Names, "equal")
		return l, nil
	}
	l.Names = append(l.Names, bandNames[:l.Bands]...)
	return l, nil
}

// parentLevel is the level of those of whom a larger place is the same, and none that is
// less large.
func parentLevel(parent string) string { return parent + " equal" }

// declared are the levels that stand in place of those of the kind, or nil.
func declared(c Comparison) []DeclaredLevel {
	if c.Levels == nil && c.Kind == Number {
		return numberLevels
	}
	return c.Levels
}

// Band is the exact level of a value of that pooled frequency.
func (l Ladder) Band(frequency float64) int {
	if l.Bands == 1 {
		return l.Exact
	}
	for b, least := range Bands[:l.Bands-1] {
		if frequency >= least {
			return l.Exact + b
		}
	}
	return l.Exact + l.Bands - 1
}

// Ladders makes the levels of all comparisons; those judged within another one
// have none.
func Ladders(comparisons []Comparison) ([]Ladder, error) {
	if problems := LevelProblems(comparisons); len(problems) > 0 {
		return nil, problems[0]
	}
	out := make([]Ladder, len(comparisons))
	var within []int
	for i, c := range comparisons {
		if c.Parent != "" && named(comparisons, c.Parent) < 0 {
			return nil, fmt.Errorf("comparison %s: no comparison is called %q, its parent", c.Name, c.Parent)
		}
		parents := Parents(comparisons, i)
		l, err := NewLadder(c, namesOf(comparisons, parents)...)
		if err != nil {
			return nil, err
		}
		out[i], within = l, append(within, parents...)
	}
	for _, p := range within {
		out[p] = Ladder{Parent: -1, Kind: comparisons[p].Kind}
	}
	return out, nil
}

// MostParents is how many larger places, each in the next, are judged within one
// comparison.
const MostParents = 3

// Nest makes one comparison of those of the names, each of which lies in the next one
// that is compared: how far apart two records are.
func Nest(comparisons []Comparison, names []string) {
	inner := -1
	for _, name := range names {
		at := named(comparisons, name)
		if at >= 0 && inner >= 0 {
			comparisons[inner].Parent = name
		}
		if at >= 0 {
			inner = at
		}
	}
}

// Parents are the comparisons of the larger places that are judged within another, the
// nearest first.
func Parents(comparisons []Comparison, of int) []int {
	var parents []int
	for p := named(comparisons, comparisons[of].Parent); p >= 0 && p != of && len(parents) < MostParents && !slices.Contains(parents, p); {
		parents = append(parents, p)
		p = named(comparisons, comparisons[p].Parent)
	}
	return parents
}

// named is the comparison of a name, or -1.
func named(comparisons []Comparison, name string) int {
	if name == "" {
		return -1
	}
	return slices.IndexFunc(comparisons, func(c Comparison) bool { return c.Name == name })
}

func namesOf(comparisons []Comparison, at []int) []string {
	names := make([]string, len(at))
	for i, c := range at {
		names[i] = comparisons[c].Name
	}
	return names
}

// Families says for each given name which comparison has the family name beside
// it: the next one before another given name, or else the one just before; -1
// for none, for all other kinds, and where either declares its levels, which
// compare one column each.
func Families(comparisons []Comparison) []int {
	out := make([]int, len(comparisons))
	taken := map[int]bool{}
	for i, c := range comparisons {
		out[i] = -1
		if c.Kind != GivenName {
			continue
		}
		family := -1
		for j := i + 1; j < len(comparisons) && comparisons[j].Kind != GivenName; j++ {
			if comparisons[j].Kind == FamilyName {
				family = j
				break
			}
		}
		if family < 0 && i > 0 && comparisons[i-1].Kind == FamilyName && !taken[i-1] {
			family = i - 1
		}
		if family < 0 {
			continue
		}
		taken[family] = true
		if c.Levels == nil && comparisons[family].Levels == nil {
			out[i] = family
		}
	}
	return out
}
