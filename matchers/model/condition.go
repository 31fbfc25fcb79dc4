package model

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"rollcall/matchers/block"
)

// DeclaredLevel is a level of agreement that the specification declares in place
// of those of the kind: all of its conditions hold. One without conditions is that
// of equal values.
type DeclaredLevel struct {
	Name       string `json:",omitempty"` // made from the conditions where it is empty
	Conditions []Condition
}

// Condition bounds what a comparator says of two different values.
type Condition struct {
	Comparator string
	Bound      float64 `json:",omitempty"` // least similarity or count, most edits or difference
	Key        string  `json:",omitempty"` // what is the same, of the comparator "same"
}

// Measure is what stands beside a comparator in a condition.
type Measure int

// The measures of comparators.
const (
	Similarity Measure = iota // at least so much, above 0 and at most 1
	Count                     // at least so many, 1 or more
	Edits                     // at most so many, 1 or more
	Difference                // at most so much, 0 or more
	Truth                     // it is so
	Key                       // a transform of blocking keys
)

// Comparator is a way to compare two values that a condition can use.
type Comparator struct {
	Name    string
	Measure Measure
	Kinds   []Kind // that it is for; nil is all
	Short   string // in the name of a level
	Doc     string
}

// MostCounted bounds counts and edits in conditions: far above any that says
// something.
const MostCounted = 1000

// Comparators are all that conditions can use, in the order of the documentation.
func Comparators() []Comparator {
	dates, numbers := []Kind{Date}, []Kind{Number}
	return []Comparator{
		{"jaro_winkler", Similarity, nil, "Jaro-Winkler", "Jaro-Winkler similarity, at least"},
		{"jaro", Similarity, nil, "Jaro", "Jaro similarity, at least"},
		{"jaccard", Similarity, nil, "characters in common", "share of the distinct characters that both have (Jaccard), at least"},
		{"token_set", Similarity, nil, "words in common", "share of the distinct words that both have (Jaccard), at least"},
		{"token_alignment", Similarity, nil, "words aligned", "Jaro-Winkler similarity of the words, each beside its best partner in any order, at least; a word left over is unlike"},
		{"levenshtein", Edits, nil, "Levenshtein", "insertions, deletions and substitutions, at most"},
		{"osa", Edits, nil, "OSA", "those and exchanges of neighbours, no piece edited twice (optimal string alignment), at most"},
		{"damerau", Edits, nil, "Damerau", "those and exchanges, also of characters that have others put between them (true Damerau-Levenshtein), at most"},
		{"longest_common", Count, nil, "longest piece in common", "characters of the longest piece that both have (longest common substring), at least"},
		{"same_start", Count, nil, "same start", "characters that both begin with, at least"},
		{"min_length", Count, nil, "length", "characters of the shorter value, at least; a restraint on other conditions"},
		{"common_words", Count, nil, "words in common", "distinct words that both have, at least"},
		{"all_words", Truth, nil, "all words of the shorter", "every word of one is a word of the other"},
		{"begins", Truth, nil, "one begins the other", "one value begins the other: an initial, a short form"},
		{"same_sound", Truth, nil, "same sound", "the words sound alike, in order: Choudhury and Chowdhury; vowels after the first letter do not count"},
		{"same", Key, nil, "same", "both have this part, as in blocking rules"},
		{"days", Difference, dates, "days apart", "days between two dates, at most; of a date that is no day, all days that it may be"},
		{"months", Difference, dates, "months apart", "months between the months of two dates, at most; of a date without a month, all that it may be"},
		{"years", Difference, dates, "years apart", "years between the years of two dates, at most; of an interval, all that it may be"},
		{"difference", Difference, numbers, "difference", "difference of two numbers, at most"},
		{"percent", Difference, numbers, "difference in percent", "difference in percent of the greater number, at most"},
	}
}

func comparator(name string) (Comparator, bool) {
	all := Comparators()
	i := slices.IndexFunc(all, func(c Comparator) bool { return c.Name == name })
	if i < 0 {
		return Comparator{}, false
	}
	return all[i], true
}

// text is a condition as the name of a level says it.
func (c Condition) text() string {
	what, _ := comparator(c.Comparator)
	bound := strconv.FormatFloat(c.Bound, 'g', -1, 64)
	switch what.Measure {
	case Truth:
		return what.Short
	case Key:
		return what.Short + " " + c.Key
	case Similarity, Count:
		return what.Short + " >= " + bound
	}
	return what.Short + " <= " + bound
}

// title is the name of a level that is not that of equal values.
func (l DeclaredLevel) title() string {
	if l.Name != "" {
		return l.Name
	}
	var parts []string
	for _, what := range Comparators() { // in whatever order they are written
		for _, c := range l.Conditions {
			if c.Comparator == what.Name {
				parts = append(parts, c.text())
			}
		}
	}
	return strings.Join(parts, ", ")
}

// check says what is wrong with a condition on values of a kind.
func (c Condition) check(kind Kind) error {
	what, ok := comparator(c.Comparator)
	if !ok {
		return fmt.Errorf("there is no comparator %q", c.Comparator)
	}
	if what.Kinds != nil && !slices.Contains(what.Kinds, kind) {
		return fmt.Errorf("%s compares values of kind %s, and this is %s", c.Comparator, what.Kinds[0], kind)
	}
	whole := c.Bound == math.Trunc(c.Bound)
	switch what.Measure {
	case Similarity:
		if !(c.Bound > 0 && c.Bound <= 1) {
			return fmt.Errorf("%s is %g; it must be above 0 and at most 1", c.Comparator, c.Bound)
		}
	case Count, Edits:
		if !(c.Bound >= 1 && c.Bound <= MostCounted && whole) {
			return fmt.Errorf("%s is %g; it must be a whole number from 1 to %d", c.Comparator, c.Bound, MostCounted)
		}
	case Difference:
		if !(c.Bound >= 0 && c.Bound < math.Inf(1)) {
			return fmt.Errorf("%s is %g; it must be 0 or more", c.Comparator, c.Bound)
		}
	case Key:
		if c.Key == "" {
			return fmt.Errorf("%s does not say what is the same", c.Comparator)
		}
		if _, err := block.Transform(c.Key); err != nil {
			return fmt.Errorf("%s: %w", c.Comparator, err)
		}
	}
	return nil
}

// implies says that whatever keeps the condition keeps the other one, as far as
// one comparator tells.
func (c Condition) implies(other Condition) bool {
	if c.Comparator != other.Comparator {
		return false
	}
	switch what, _ := comparator(c.Comparator); what.Measure {
	case Similarity, Count:
		return c.Bound >= other.Bound
	case Edits, Difference:
		return c.Bound <= other.Bound
	}
	return c.Key == other.Key
}

// Implies says that whatever keeps the conditions keeps the others too, as far as
// the same comparators tell.
func Implies(conditions, others []Condition) bool {
	return !slices.ContainsFunc(others, func(o Condition) bool {
		return !slices.ContainsFunc(conditions, func(c Condition) bool { return c.implies(o) })
	})
}

// LevelProblems are the mistakes in the levels that comparisons declare, at most
// one a level.
func LevelProblems(comparisons []Comparison) []*FieldError {
	var all []*FieldError
	for i, c := range comparisons {
		path := fmt.Sprintf("comparisons[%d].levels", i)
		for j := range c.Levels {
			if problem := levelProblem(c, j, namesOf(comparisons, Parents(comparisons, i))); problem != "" {
				all = append(all, &FieldError{fmt.Sprintf("%s[%d]", path, j), problem})
			}
		}
		if c.Levels != nil && slices.ContainsFunc(comparisons, func(o Comparison) bool { return o.Parent == c.Name }) {
			all = append(all, &FieldError{path, "this comparison is judged within another, which names it as its parent, and has no levels of its own"})
		}
	}
	return all
}

// levelProblem says what is wrong with a declared level, nothing if it is empty.
func levelProblem(c Comparison, i int, parents []string) string {
	l, kind := c.Levels[i], c.Kind
	if len(l.Conditions) == 0 {
		if i < len(c.Levels)-1 {
			return "equal values are the best level; it stands last"
		}
		return ""
	}
	restraints := 0
	for k, condition := range l.Conditions {
		if err := condition.check(c.Kind); err != nil {
			return err.Error()
		}
		if slices.ContainsFunc(l.Conditions[:k], func(o Condition) bool { return o.Comparator == condition.Comparator }) {
			return condition.Comparator + " stands twice"
		}
		if condition.Comparator == "min_length" {
			restraints++
		}
	}
	switch {
	case restraints == len(l.Conditions):
		return "a length alone says nothing about how alike two values are"
	case i >= mostDeclared(parents):
		return fmt.Sprintf("there are more than %d levels beside that of equal values", mostDeclared(parents))
	}
	for j, o := range c.Levels {
		switch {
		case j == i || len(o.Conditions) == 0 || slices.ContainsFunc(o.Conditions, func(c Condition) bool { return c.check(kind) != nil }):
		case j > i && Implies(l.Conditions, o.Conditions):
			return fmt.Sprintf("it never comes about: what keeps it keeps levels[%d] too, which counts as better; the best level stands last", j)
		case j < i && l.title() == o.title():
			return fmt.Sprintf("it has the name of levels[%d], %q", j, o.title())
		}
	}
	if slices.Contains(takenNames(parents), l.title()) {
		return fmt.Sprintf("every comparison has a level %q already", l.title())
	}
	return ""
}

// mostDeclared leaves room for the levels that a comparison has beside those that are
// declared: "differs", those of larger places, and those of equal values.
func mostDeclared(parents []string) int {
	return MaxLevels - 1 - max(len(parents), 1) - 1 - len(bandNames)
}

// takenNames are those of the levels that are not declared.
func takenNames(parents []string) []string {
	names := append([]string{nameOfDiffers, "equal"}, bandNames[:]...)
	for _, parent := range parents {
		names = append(names, parentLevel(parent))
	}
	return names
}
