package locale

import (
	"strings"
	"unicode"

	"rollcall/matchers/text"

	"golang.org/x/text/unicode/norm"
)

// Code brings a code or an identity number to its letters and digits, capital and
// without accents, the digits of every script written 0 to 9.
func Code(s string) string {
	if !text.ASCII(s) {
		s = foldLatin(Digits(norm.NFKC.String(s)))
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToUpper(r)
		}
		return -1
	}, s)
}
