// Package text compares names, addresses and numbers as strings: similarity
// and edit distances, and phonetic keys. Everything counts in runes, folds
// nothing by itself and never panics; callers bring both strings into one
// normal form first.
package text

import "unicode/utf8"

// wordBits is the longest string, in runes, that the bit-parallel forms take.
const wordBits = 64

// symbols is a pair of strings in one small alphabet: ASCII as it stands, or
// the runes of the first string numbered as they come. Codes are below 128 and
// equal exactly where the runes are equal.
type symbols struct {
	left, right string
}

// stranger is the code of a rune of the right string that the left one lacks;
// it is free because at most 64 codes are given out.
const stranger = 127

// small puts two strings into one alphabet; ok is false when either is longer
// than a machine word.
func small(a, b string) (s symbols, ok bool) {
	if ascii(a) && ascii(b) {
		return symbols{a, b}, len(a) <= wordBits && len(b) <= wordBits
	}
	if utf8.RuneCountInString(a) > wordBits || utf8.RuneCountInString(b) > wordBits {
		return symbols{}, false
	}
	var alphabet [wordBits]rune
	var left, right [wordBits]byte
	size, la, lb := 0, 0, 0
	for _, r := range a {
		code := indexRune(alphabet[:size], r)
		if code < 0 {
			code, alphabet[size] = size, r
			size++
		}
		left[la] = byte(code)
		la++
	}
	for _, r := range b {
		right[lb] = stranger
		if code := indexRune(alphabet[:size], r); code >= 0 {
			right[lb] = byte(code)
		}
		lb++
	}
	return symbols{string(left[:la]), string(right[:lb])}, true
}

func indexRune(alphabet []rune, r rune) int {
	for i, have := range alphabet {
		if have == r {
			return i
		}
	}
	return -1
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
