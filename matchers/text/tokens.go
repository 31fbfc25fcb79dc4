package text

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"
)

// CommonSubstring is the length in characters of the longest run that both
// strings have in one piece.
func CommonSubstring(a, b string) int {
	if word(a) && word(b) {
		return commonWord(a, b)
	}
	var roomA, roomB roomFor
	left, right := characters(roomA[:0], a), characters(roomB[:0], b)
	var s symbols
	if s.number(left, right) {
		return commonWord(s.a[:len(left)], s.b[:len(right)])
	}
	return commonTable(left, right)
}

// commonWord keeps, for each length, the places in a where a run of that length
// ends which b has too, up to the character at hand. Both are at most 64 long.
func commonWord[S string | []byte](a, b S) int {
	var at positions
	mark(&at, a)
	var ends [wordBits + 1]uint64
	live, longest := 0, 0 // lengths that have places
	for j := range len(b) {
		equal := at[b[j]&127]
		for length := min(live, wordBits-1); length > 0; length-- {
			ends[length+1] = ends[length] << 1 & equal
		}
		ends[1] = equal
		live = min(live+1, wordBits)
		for live > 0 && ends[live] == 0 {
			live--
		}
		longest = max(longest, live)
	}
	return longest
}

// commonTable is the definition itself, for strings longer than a word.
func commonTable(a, b []rune) int {
	var room [3][roomy + 2]int
	_, before, row := rows(&room, len(b)+1)
	longest := 0
	for _, x := range a {
		for j, y := range b {
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

// CommonPrefix is how many characters two strings begin with alike.
func CommonPrefix(a, b string) int {
	var roomA, roomB roomFor
	left, right := characters(roomA[:0], a), characters(roomB[:0], b)
	n := 0
	for n < min(len(left), len(right)) && left[n] == right[n] {
		n++
	}
	return n
}

// Jaccard is the share of characters in common, from 0 to 1: the distinct
// characters of both among those of either. Two empty strings are equal.
func Jaccard(a, b string) float64 {
	if ASCII(a) && ASCII(b) {
		x, y := letters(a), letters(b)
		both := bits.OnesCount64(x[0]&y[0]) + bits.OnesCount64(x[1]&y[1])
		return share(both, bits.OnesCount64(x[0]|y[0])+bits.OnesCount64(x[1]|y[1]))
	}
	var roomA, roomB roomFor
	left, right := characters(roomA[:0], a), characters(roomB[:0], b)
	slices.Sort(left)
	slices.Sort(right)
	return TokenSet(slices.Compact(left), slices.Compact(right))
}

// letters is the set of the characters of an ASCII string, as bits.
func letters(s string) (set [2]uint64) {
	for i := range len(s) {
		set[s[i]>>6&1] |= 1 << (s[i] & 63)
	}
	return set
}

// share of nothing is all of it.
func share(part, whole int) float64 {
	if whole == 0 {
		return 1
	}
	return float64(part) / float64(whole)
}

// Words are the words of a string, in order; space of any kind parts them.
func Words(s string) []string { return strings.Fields(s) }

// Tokens are the distinct words of a string, sorted.
func Tokens(s string) []string {
	words := Words(s)
	slices.Sort(words)
	return slices.Compact(words)
}

// CommonTokens counts what two sorted lists of distinct tokens have in common.
func CommonTokens[T cmp.Ordered](a, b []T) int {
	both := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch c := cmp.Compare(a[i], b[j]); {
		case c < 0:
			i++
		case c > 0:
			j++
		default:
			both, i, j = both+1, i+1, j+1
		}
	}
	return both
}

// TokenSet is the share of tokens in common, from 0 to 1: those of both among
// those of either (Jaccard 1901). Both lists are sorted and without repeats; two
// empty ones are equal.
func TokenSet[T cmp.Ordered](a, b []T) float64 {
	both := CommonTokens(a, b)
	return share(both, len(a)+len(b)-both)
}
