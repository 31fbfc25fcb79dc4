package text

import (
	"slices"
	"strings"
)

// CommonSubstring is the length in runes of the longest run that both strings
// have in one piece.
func CommonSubstring(a, b string) int {
	rb := []rune(b)
	before, row := make([]int, len(rb)+1), make([]int, len(rb)+1)
	longest := 0
	for _, x := range a {
		for j, y := range rb {
			row[j+1] = 0
			if x == y {
				row[j+1] = before[j] + 1
				longest = max(longest, row[j+1])
			}
		}
		before, row = row, before
	}
	return longest
}

// Tokens are the distinct words of a string, in order.
func Tokens(s string) []string {
	words := strings.Fields(s)
	slices.Sort(words)
	return slices.Compact(words)
}

// TokenSet is the share of words in common, from 0 to 1: the words of both
// among the words of either (Jaccard). Two strings without words are equal.
func TokenSet(a, b string) float64 {
	wa, wb := Tokens(a), Tokens(b)
	if len(wa) == 0 && len(wb) == 0 {
		return 1
	}
	both := 0
	for i, j := 0, 0; i < len(wa) && j < len(wb); {
		switch strings.Compare(wa[i], wb[j]) {
		case -1:
			i++
		case 1:
			j++
		default:
			both, i, j = both+1, i+1, j+1
		}
	}
	return float64(both) / float64(len(wa)+len(wb)-both)
}
