package pair

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"rollcall/matchers/locale"
	"rollcall/matchers/recognise"
)

// Statistics describe the values of one column.
type Statistics struct {
	Filled, Distinct  int
	Top, Top10        int // rows of the commonest value, and of the ten commonest
	Shortest, Longest int // characters, of the filled values
	Patterns          []Count
	Commonest         []Count // values: personal data
}

// Count is a value or a pattern with the rows that bear it.
type Count struct {
	Value string
	Rows  int
}

// commonest is how many values Statistics name.
const commonest = 10

// Statistics counts a column.
func (c Column) Statistics() Statistics {
	rows := make([]int, c.Values.Len())
	for _, code := range c.Codes {
		rows[code]++
	}
	var s Statistics
	patterns := map[string]int{}
	byRows := func(a, b Count) int { return cmp.Or(cmp.Compare(b.Rows, a.Rows), strings.Compare(a.Value, b.Value)) }
	for code, v := range c.Values.All() {
		if code == 0 || rows[code] == 0 {
			continue
		}
		s.Filled += rows[code]
		s.Distinct++
		length := len([]rune(v))
		if s.Distinct == 1 || length < s.Shortest {
			s.Shortest = length
		}
		s.Longest = max(s.Longest, length)
		patterns[pattern(v)] += rows[code]
		s.Commonest = among(s.Commonest, Count{v, rows[code]}, byRows)
	}
	for i, v := range s.Commonest {
		if i == 0 {
			s.Top = v.Rows
		}
		s.Top10 += v.Rows
	}
	for p, n := range patterns {
		s.Patterns = append(s.Patterns, Count{p, n})
	}
	slices.SortFunc(s.Patterns, byRows)
	return s
}

// among puts a count in its place among the first ones, if it is one of them.
func among(first []Count, c Count, order func(a, b Count) int) []Count {
	at, _ := slices.BinarySearchFunc(first, c, order)
	if at == commonest {
		return first
	}
	return slices.Insert(first[:min(len(first), commonest-1)], at, c)
}

// longestPattern, in bytes, tells the values of people apart by what they are built
// like; what follows in prose does not.
const longestPattern = 60

// pattern writes what a value is built like: A for letters, 9 for digits, + for
// more of the same.
func pattern(v string) string {
	var b strings.Builder
	var last rune
	repeated := false
	for _, r := range v {
		if b.Len() >= longestPattern {
			b.WriteString("…")
			break
		}
		switch {
		case unicode.IsDigit(r):
			r = '9'
		case unicode.IsLetter(r), unicode.IsMark(r):
			r = 'A'
		}
		switch {
		case r != last || r != 'A' && r != '9':
			b.WriteRune(r)
			repeated = false
		case !repeated:
			b.WriteByte('+')
			repeated = true
		}
		last = r
	}
	return b.String()
}

// Recognise guesses what the columns of the table hold, in the country of the pack.
func (t *Table) Recognise(pack *locale.Pack) []recognise.Guess {
	return recognise.Columns(t.names(), t.sample(), pack.NamesLevel)
}
