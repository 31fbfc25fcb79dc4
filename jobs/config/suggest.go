package config

import (
	"fmt"
	"strings"
)

// nearest finds the name that was probably meant: the one with the fewest
// edits, at most one for three letters; "" when none is near.
func nearest(word string, names []string) string {
	best, least := "", len([]rune(word))/3+1
	for _, name := range names {
		if d := edits(strings.ToLower(word), strings.ToLower(name)); d < least {
			best, least = name, d
		}
	}
	return best
}

// DidYouMean is the end of a message that tells the name that was probably meant,
// with a leading space, or "".
func DidYouMean(word string, names []string) string { return didYouMean(word, names) }

// didYouMean is the end of a message, with a leading space, or "".
func didYouMean(word string, names []string) string {
	if name := nearest(word, names); name != "" {
		return fmt.Sprintf(" (did you mean %q?)", name)
	}
	return ""
}

// edits counts the letters inserted, deleted, changed or swapped with their
// neighbour (optimal string alignment distance).
func edits(a, b string) int {
	x, y := []rune(a), []rune(b)
	older, last, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row[0] = i
		for j := 1; j <= len(y); j++ {
			change := 1
			if x[i-1] == y[j-1] {
				change = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+change)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], older[j-2]+1)
			}
		}
		older, last, row = last, row, older
	}
	return last[len(y)]
}
