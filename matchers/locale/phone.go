package locale

import (
	"strings"

	"rollcall/matchers/text"

	"golang.org/x/text/unicode/norm"
)

// The rules of telephone numbers.
const (
	RuleCallingCode = "calling_code" // international prefix removed
	RuleTrunk       = "trunk_prefix" // leading zeros removed
	RuleFirstOfMany = "first_of_many"
	RuleTooShort    = "too_short"
	RuleSigns       = "signs" // spaces, brackets and dashes removed
	RuleE164        = "e164"  // written with the calling code of its country

	RuleNoSuchNumber = "no_such_number" // the country has none: its national digits
)

// minPhoneDigits is the length of the shortest subscriber numbers in use.
const minPhoneDigits = 6

// Phone brings a telephone number to its national digits: no signs, no calling
// code when the number shows one (+ or 00), no trunk zero. Placeholders such as
// 0000000 and numbers of fewer than six digits become "".
func Phone(s string) (normal string, rules []string) { return neutral.Phone(s) }

// Phone brings a telephone number to the form of ITU-T E.164, +8801712345678, where
// it is one of the pack's country, or shows another's calling code; others, and all
// under a pack of no country, to their national digits: see the function Phone.
func (p *Pack) Phone(s string) (normal string, rules []string) {
	var t trail
	return p.phone(&t, s), t.rules
}

// NormalPhone is Phone without the rules.
func (p *Pack) NormalPhone(s string) string { return p.phone(nil, s) }

func (p *Pack) phone(t *trail, s string) string {
	s = strings.TrimSpace(s)
	if !text.ASCII(s) {
		s = t.step(RuleDigits, s, Digits(norm.NFKC.String(s)))
	}
	s = t.step(RuleFirstOfMany, s, firstNumber(s))
	international := strings.HasPrefix(s, "+") || strings.HasPrefix(s, "(+")
	s = t.step(RuleSigns, s, keepDigits(s))
	if rest, ok := strings.CutPrefix(s, "00"); ok && len(s) > 10 {
		s, international = rest, true
	}
	var local *trail
	if t != nil {
		local = &trail{}
	}
	national := local.nationalDigits(s, international)
	if n := p.numbersOf(); n != nil && national != "" {
		if e164 := n.e164(s, international); e164 != "" {
			return t.step(RuleE164, s, e164)
		}
		t.note(RuleNoSuchNumber, true)
	}
	if t != nil {
		t.rules = append(t.rules, local.rules...)
	}
	return national
}

// nationalDigits cuts the calling code of an international number and what is
// dialled before a national one; "" for what is no number.
func (t *trail) nationalDigits(s string, international bool) string {
	if international {
		s = t.step(RuleCallingCode, s, s[min(len(s), callingCodeLength(s)):])
	}
	if s != "" && sameDigits(s) {
		t.note(RulePlaceholder, true)
		return ""
	}
	s = t.step(RuleTrunk, s, strings.TrimLeft(s, "0"))
	switch {
	case s != "" && (sameDigits(s) || ascending(s)):
		t.note(RulePlaceholder, true)
		return ""
	case s != "" && len(s) < minPhoneDigits:
		t.note(RuleTooShort, true)
		return ""
	}
	return s
}

// HasNumbers tells whether the telephone numbers of the pack's country are known.
func (p *Pack) HasNumbers() bool { return p.numbersOf() != nil }

// numbersOf is the numbering of the pack's country, nil for none.
func (p *Pack) numbersOf() *numbering {
	p.numbersOnce.Do(func() { p.numbers = numberingOf(p.Country) })
	return p.numbers
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
