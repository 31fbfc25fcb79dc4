// Package text compares names, addresses and numbers as strings: similarity
// and edit distances, and phonetic keys. Nothing folds by itself but the keys;
// callers bring both strings into one normal form first.
//
// A character is a Unicode code point: a combining mark is one of its own, so
// that a letter with its accent beside it is two unless NFC made them one. A
// byte that is no UTF-8 is a character too, equal to the same byte and to
// nothing else. No string makes any of this panic.
package text

import "unicode/utf8"

// wordBits is the longest string, in characters, that the bit-parallel forms
// take.
const wordBits = 64

// roomy is the longest string, in characters, that is compared without memory
// of its own.
const roomy = 256

// lone is above all code points: where the bytes that are no UTF-8 are put.
const lone = utf8.MaxRune + 1

// characters appends the characters of a string.
func characters(to []rune, s string) []rune {
	for i, r := range s {
		if r == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(s[i:]); size == 1 {
				r = lone + rune(s[i])
			}
		}
		to = append(to, r)
	}
	return to
}

// word says that a string is ASCII and fits into a machine word.
func word(s string) bool { return len(s) <= wordBits && ASCII(s) }

// ASCII tells a string of ASCII characters alone.
func ASCII(s string) bool {
	var all byte
	for i := range len(s) {
		all |= s[i]
	}
	return all < utf8.RuneSelf
}

// roomFor has the characters of a string without memory of its own.
type roomFor [roomy]rune

// symbols are two strings of at most 64 characters in one small alphabet: the
// characters of the first numbered as they come. Symbols are below 128, and
// equal exactly where the characters are.
type symbols struct{ a, b [wordBits]byte }

// stranger is the symbol of a character of the second string that the first one
// lacks; it is free because at most 64 symbols are given out.
const stranger = 127

// number fills in the symbols; ok is false where a string is too long.
func (s *symbols) number(a, b []rune) (ok bool) {
	if len(a) > wordBits || len(b) > wordBits {
		return false
	}
	var alphabet [wordBits]rune
	size := 0
	for i, r := range a {
		code := indexRune(alphabet[:size], r)
		if code < 0 {
			code, alphabet[size] = size, r
			size++
		}
		s.a[i] = byte(code)
	}
	for j, r := range b {
		s.b[j] = stranger
		if code := indexRune(alphabet[:size], r); code >= 0 {
			s.b[j] = byte(code)
		}
	}
	return true
}

func indexRune(alphabet []rune, r rune) int {
	for i, have := range alphabet {
		if have == r {
			return i
		}
	}
	return -1
}

// positions are those of each symbol in a string of at most a word, as bits.
type positions [128]uint64

func mark[S string | []byte](at *positions, s S) {
	for i := range len(s) {
		at[s[i]&127] |= 1 << i
	}
}
