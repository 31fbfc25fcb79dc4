package text

import "strings"

// Or stands between the readings of a word that was read from another script, the
// likeliest first: rahima|rohima khatun|khatoon.
const Or = "|"

// Open tells a text with a word of several readings.
func Open(s string) bool { return strings.Contains(s, Or) }

// Reading is a text with one reading of each word: the first, the second …, and the
// first of words that have no such one.
func Reading(s string, number int) string {
	if !Open(s) {
		return s
	}
	words := strings.Split(s, " ")
	for i, w := range words {
		readings := strings.Split(w, Or)
		words[i] = readings[0]
		if number < len(readings) {
			words[i] = readings[number]
		}
	}
	return strings.Join(words, " ")
}

// Readings are those of a text as a whole, as many as its word with most of them has.
func Readings(s string) []string {
	most := 1
	for w := range strings.SplitSeq(s, " ") {
		most = max(most, 1+strings.Count(w, Or))
	}
	out := make([]string, most)
	for i := range out {
		out[i] = Reading(s, i)
	}
	return out
}
