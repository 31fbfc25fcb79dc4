package locale

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// The rules of telephone numbers.
const (
	RuleCallingCode = "calling_code" // international prefix removed
	RuleTrunk       = "trunk_prefix" // leading zeros removed
	RuleFirstOfMany = "first_of_many"
	RuleTooShort    = "too_short"
	RuleSigns       = "signs" // spaces, brackets and dashes removed
)

// minPhoneDigits is the length of the shortest subscriber numbers in use.
const minPhoneDigits = 6

// Phone brings a telephone number to its national digits: no signs, no calling
// code when the number shows one (+ or 00), no trunk zero. Placeholders such as
// 0000000 and numbers of fewer than six digits become "".
func Phone(s string) (normal string, rules []string) { return neutral.Phone(s) }

// Phone brings a telephone number to its national digits under the pack; see
// the function Phone.
func (p *Pack) Phone(s string) (normal string, rules []string) {
	var t trail
	s = strings.TrimSpace(s)
	if !ascii(s) {
		s = t.step(RuleDigits, s, digits(norm.NFKC.String(s)))
	}
	s = t.step(RuleFirstOfMany, s, firstNumber(s))
	international := strings.HasPrefix(s, "+") || strings.HasPrefix(s, "(+")
	s = t.step(RuleSigns, s, keepDigits(s))
	if rest, ok := strings.CutPrefix(s, "00"); ok && len(s) > 10 {
		s, international = rest, true
	}
	if international {
		s = t.step(RuleCallingCode, s, s[min(len(s), callingCodeLength(s)):])
	} else if rest, ok := strings.CutPrefix(s, p.CallingCode); ok && p.CallingCode != "" && len(rest) >= 9 {
		s = t.step(RuleCallingCode, s, rest)
	}
	if s != "" && sameDigits(s) {
		return "", append(t.rules, RulePlaceholder)
	}
	s = t.step(RuleTrunk, s, strings.TrimLeft(s, "0"))
	if s != "" && (sameDigits(s) || ascending(s)) {
		return "", append(t.rules, RulePlaceholder)
	}
	if s != "" && len(s) < minPhoneDigits {
		return "", append(t.rules, RuleTooShort)
	}
	return s, t.rules
}

// firstNumber cuts a list of numbers and an extension.
func firstNumber(s string) string {
	digits := 0
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits++
		case digits >= minPhoneDigits && strings.IndexByte("/,;xX", c) >= 0:
			return s[:i]
		}
	}
	return s
}

func keepDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// twoDigitCodes are the calling codes of two digits (ITU-T E.164); 1 and 7 have
// one digit, all others three.
const twoDigitCodes = " 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98 "

func callingCodeLength(s string) int {
	switch {
	case strings.HasPrefix(s, "1"), strings.HasPrefix(s, "7"):
		return 1
	case len(s) >= 2 && strings.Contains(twoDigitCodes, " "+s[:2]+" "):
		return 2
	}
	return 3
}

func sameDigits(v string) bool { return strings.Trim(v, v[:1]) == "" }

// ascending tells 123456, 12345678901 and their like: each digit follows the last.
func ascending(v string) bool {
	const least = 6
	if len(v) < least {
		return false
	}
	for i := 1; i < len(v); i++ {
		if v[i]-'0' != (v[i-1]-'0'+1)%10 {
			return false
		}
	}
	return true
}
