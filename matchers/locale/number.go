package locale

import (
	"iter"
	"slices"
	"strings"
	"unicode"

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

// The problems of an identity number.
const (
	ProblemLength      = "length"
	ProblemCheckDigit  = "check_digit"
	ProblemPlaceholder = "placeholder"
	ProblemMangled     = "mangled" // a spreadsheet made 4.49E+35 of it
	ProblemFrequent    = "too_frequent"
)

// Scheme is a system of identity numbers whose form and check digit are known.
type Scheme struct {
	Name  string
	Types []string          // identifier types that declare it
	Form  func(string) bool // of the normal form
	Valid func(string) bool // check digit; given the form
}

// schemes are those that the program knows.
var schemes = []Scheme{
	{Name: "verhoeff12", Types: []string{"aadhaar", "uid", "uidai"}, Form: lengthOf(12, 12), Valid: Verhoeff},
	{Name: "mod11", Types: []string{"rut", "run"}, Form: rutForm, Valid: Mod11},
	{Name: "nid", Types: []string{"bd_nid"}, Form: oneOfLengths(10, 13, 17), Valid: anything},
	{Name: "nik", Types: []string{"nik"}, Form: lengthOf(16, 16), Valid: anything},
}

// Schemes are the systems that the identity numbers of one column follow.
type Schemes []Scheme

// Declared are the systems that an identifier type names. A type that is not
// known declares none, so that no number of an unknown system is refused.
func Declared(typ string) Schemes {
	var out Schemes
	for _, s := range schemes {
		for _, t := range s.Types {
			if strings.EqualFold(t, typ) {
				out = append(out, s)
			}
		}
	}
	return out
}

// Named are the systems of those names.
func Named(names []string) Schemes {
	var out Schemes
	for _, s := range schemes {
		if slices.Contains(names, s.Name) {
			out = append(out, s)
		}
	}
	return out
}

// Learning a scheme needs this many numbers of its form, and this share of them
// right: a check digit is right by chance in one of ten.
const (
	minLearnt   = 50
	learntShare = 0.8
)

// LearnSchemes finds the systems with check digits that a column follows: those
// whose form many of its numbers have, and whose check digit is right in most
// of these.
func LearnSchemes(values iter.Seq[string]) Schemes {
	formed := make([]int, len(schemes))
	valid := make([]int, len(schemes))
	for v := range values {
		v = identifierText(v)
		for i, s := range schemes {
			if s.Form(v) {
				formed[i]++
				if s.Valid(v) {
					valid[i]++
				}
			}
		}
	}
	var out Schemes
	for i, s := range schemes {
		if s.checks() && formed[i] >= minLearnt && float64(valid[i]) >= learntShare*float64(formed[i]) {
			out = append(out, s)
		}
	}
	return out
}

// checks tells whether a scheme has a check digit: one that refuses something.
func (s Scheme) checks() bool { return s.Name == "verhoeff12" || s.Name == "mod11" }

// Identifier brings an identity number to capital letters and digits, and says
// whether it is well formed or what is wrong: length, check_digit, placeholder
// or mangled. Check digits are held against the systems that the type declares
// (aadhaar, rut, …) and no others.
func Identifier(typ, s string) (value string, wellFormed bool, problem string) {
	return Declared(typ).identifier(s, true)
}

// Identifier judges a number by learnt systems: one that has the form of none
// of them is not refused for it.
func (ss Schemes) Identifier(s string) (value string, wellFormed bool, problem string) {
	return ss.identifier(s, false)
}

func (ss Schemes) identifier(s string, declared bool) (value string, wellFormed bool, problem string) {
	if mangled(s) {
		return "", false, ProblemMangled
	}
	value = identifierText(s)
	if value == "" {
		return "", false, ""
	}
	if problem := general(value); problem != "" {
		return value, false, problem
	}
	formed := false
	for _, scheme := range ss {
		if scheme.Form(value) {
			formed = true
			if scheme.Valid(value) {
				return value, true, ""
			}
		}
	}
	switch {
	case formed:
		return value, false, ProblemCheckDigit
	case declared && len(ss) > 0:
		return value, false, ProblemLength
	}
	return value, true, ""
}

// identifierText keeps letters and digits, capital and in ASCII.
func identifierText(s string) string {
	if !ascii(s) {
		s = foldLatin(digits(norm.NFKC.String(s)))
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToUpper(r)
		}
		return -1
	}, s)
}

// mangled tells a number that a spreadsheet wrote in scientific notation.
func mangled(s string) bool {
	s = strings.TrimSpace(s)
	e := strings.IndexAny(s, "eE")
	if e < 1 || e+2 > len(s)-1 || s[e+1] != '+' {
		return false
	}
	return strings.Trim(s[:e], "0123456789.,") == "" && strings.Trim(s[e+2:], "0123456789") == ""
}

// minIdentifier is the shortest identity number that can tell people apart.
const minIdentifier = 4

// general finds what is wrong in any system.
func general(v string) string {
	switch {
	case len(v) < minIdentifier:
		return ProblemLength
	case sameDigits(v), ascending(v), descending(v), missingWord[v]:
		return ProblemPlaceholder
	}
	return ""
}

// missingWord are words that stand in identifier columns for "none".
var missingWord = map[string]bool{"NONE": true, "NULL": true, "UNKNOWN": true, "NODATA": true, "NOTAVAILABLE": true, "MISSING": true, "XXXX": true}

func sameDigits(v string) bool { return strings.Trim(v, v[:1]) == "" }

// ascending tells 123456, 12345678901 and their like: each digit follows the last.
func ascending(v string) bool { return steps(v, 1) }

func descending(v string) bool { return steps(v, 9) }

func steps(v string, step byte) bool {
	if len(v) < 6 {
		return false
	}
	for i := range len(v) {
		if v[i] < '0' || v[i] > '9' || i > 0 && v[i]-'0' != (v[i-1]-'0'+step)%10 {
			return false
		}
	}
	return true
}

func anything(string) bool { return true }

func lengthOf(least, most int) func(string) bool {
	return func(v string) bool { return len(v) >= least && len(v) <= most && keepDigits(v) == v }
}

func oneOfLengths(lengths ...int) func(string) bool {
	return func(v string) bool {
		for _, n := range lengths {
			if len(v) == n {
				return keepDigits(v) == v
			}
		}
		return false
	}
}

// rutForm is seven or eight digits and a check digit of 0 to 9 or K.
func rutForm(v string) bool {
	if len(v) != 8 && len(v) != 9 {
		return false
	}
	last := v[len(v)-1]
	return keepDigits(v[:len(v)-1]) == v[:len(v)-1] && (last == 'K' || last >= '0' && last <= '9')
}

// Mod11 tells whether the last sign of a Chilean RUT is its check digit: the sum
// of the digits from the right times 2, 3, …, 7, 2, …, taken from 11; 11 is
// written 0, and 10 is written K.
func Mod11(v string) bool {
	if len(v) < 2 {
		return false
	}
	sum, weight := 0, 2
	for i := len(v) - 2; i >= 0; i-- {
		if v[i] < '0' || v[i] > '9' {
			return false
		}
		sum += int(v[i]-'0') * weight
		if weight++; weight > 7 {
			weight = 2
		}
	}
	return v[len(v)-1] == "0K987654321"[sum%11]
}

// The multiplication of the dihedral group D5 and the permutation of Verhoeff,
// "Error Detecting Decimal Codes" (1969).
var (
	dihedral = [10][10]uint8{
		{0, 1, 2, 3, 4, 5, 6, 7, 8, 9},
		{1, 2, 3, 4, 0, 6, 7, 8, 9, 5},
		{2, 3, 4, 0, 1, 7, 8, 9, 5, 6},
		{3, 4, 0, 1, 2, 8, 9, 5, 6, 7},
		{4, 0, 1, 2, 3, 9, 5, 6, 7, 8},
		{5, 9, 8, 7, 6, 0, 4, 3, 2, 1},
		{6, 5, 9, 8, 7, 1, 0, 4, 3, 2},
		{7, 6, 5, 9, 8, 2, 1, 0, 4, 3},
		{8, 7, 6, 5, 9, 3, 2, 1, 0, 4},
		{9, 8, 7, 6, 5, 4, 3, 2, 1, 0},
	}
	permutation = [8][10]uint8{
		{0, 1, 2, 3, 4, 5, 6, 7, 8, 9},
		{1, 5, 7, 6, 2, 8, 3, 0, 9, 4},
		{5, 8, 0, 3, 7, 9, 6, 1, 4, 2},
		{8, 9, 1, 6, 0, 4, 3, 5, 2, 7},
		{9, 4, 5, 3, 1, 2, 6, 8, 7, 0},
		{4, 2, 8, 6, 5, 7, 3, 9, 0, 1},
		{2, 7, 9, 3, 8, 0, 6, 4, 1, 5},
		{7, 0, 4, 6, 9, 1, 3, 2, 5, 8},
	}
)

// Verhoeff tells whether a number's last digit is its Verhoeff check digit, as
// in Aadhaar.
func Verhoeff(v string) bool {
	var c uint8
	for i := range len(v) {
		d := v[len(v)-1-i]
		if d < '0' || d > '9' {
			return false
		}
		c = dihedral[c][permutation[i%8][d-'0']]
	}
	return c == 0 && v != ""
}
