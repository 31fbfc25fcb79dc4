package matchers_test

import (
	"strconv"
	"testing"
)

// TestMatchesLearntFromSurePairs: where two in five of those who are in both files bear
// another number in the other one, that is what is learnt of matches, though EM is bounded
// to fewer: all else makes them sure.
func TestMatchesLearntFromSurePairs(t *testing.T) {
	const renumbered = 0.4
	p := newPopulation(5, 3000)
	left, right := p.pair()
	at := len(right.Columns) - 1
	numbers := make([]string, len(right.IDs))
	for row, code := range right.Columns[at].Codes {
		if numbers[row] = right.Columns[at].Values.At(code); code != 0 && p.random.Float64() < renumbered {
			numbers[row] = strconv.FormatInt(1e9+p.random.Int64N(9e9), 10)
		}
	}
	right.Columns[at] = column("national_id", numbers)
	for _, threads := range []int{1, 2} {
		result := mustLink(t, left, right, personSpecification(), threads)
		levels := result.Specification.Parameters.Levels
		if differs := levels[len(levels)-1][0]; differs.M < renumbered-.05 || differs.M > renumbered+.05 {
			t.Errorf("of matches %.3f are said to have another number, of the people %g have", differs.M, renumbered)
		}
	}
}
