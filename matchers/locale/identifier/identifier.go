// Package identifier reads identity numbers: which system a number is of, whether
// its form and its check digit are right, its one normal form, and what it says
// inside of the bearer's birth, sex and place. The systems stand in one table,
// each with the source of its rules.
package identifier

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"rollcall/matchers/locale"
)

// The problems of an identity number.
const (
	ProblemLength      = "length"       // too short, or not the length of its declared system
	ProblemForm        = "form"         // the right length, but signs that the system does not have there
	ProblemCheckDigit  = "check_digit"  // one digit mistyped, or two swapped
	ProblemInside      = "inside"       // says a day, a place or a sex that does not exist
	ProblemPlaceholder = "placeholder"  // stands for "not known"
	ProblemMasked      = "masked"       // XXXX XXXX 1234
	ProblemMangled     = "mangled"      // a spreadsheet made 4.49E+35 of it
	ProblemFrequent    = "too_frequent" // borne by more people than a number can have
)

// Number is an identity number as it was read.
type Number struct {
	Type    *Type  // whose form it has; nil where it has that of none
	Value   string // normal form: capital letters and digits; "" where nothing was written
	Problem string // "" for a well formed one
	Birth   Birth  // what it says of the bearer's birth
	Sex     string // locale.Male or locale.Female; "" where it does not say
	Place   string // code of the place of birth, of registration or of residence
}

// WellFormed tells a number that may be somebody's.
func (n Number) WellFormed() bool { return n.Value != "" && n.Problem == "" }

// Checked tells a number whose system has check digits and whose own is right.
func (n Number) Checked() bool { return n.WellFormed() && n.Type != nil && n.Type.check != nil }

// Near tells a number that is somebody's, right or with a slip of the pen: one with
// a wrong check digit is the right one mistyped more often than another's.
func (n Number) Near() bool {
	switch n.Problem {
	case "", ProblemCheckDigit, ProblemForm, ProblemInside:
		return n.Value != ""
	}
	return false
}

// Card writes the number in the groups that its card has: 2341 2341 2346.
func (n Number) Card() string {
	if n.Type == nil || n.Type.card == "" {
		return n.Value
	}
	return grouped(n.Value, n.Type.card)
}

// grouped fills a pattern from the right, so that shorter numbers lose groups on
// the left. A # takes one sign of the number.
func grouped(value, pattern string) string {
	out := make([]string, 0, len(pattern))
	signs := []rune(value)
	for i := len(pattern) - 1; i >= 0 && len(signs) > 0; i-- {
		if pattern[i] != '#' {
			out = append(out, pattern[i:i+1])
			continue
		}
		out = append(out, string(signs[len(signs)-1]))
		signs = signs[:len(signs)-1]
	}
	var b strings.Builder
	b.WriteString(string(signs))
	for i := len(out) - 1; i >= 0; i-- {
		b.WriteString(out[i])
	}
	return b.String()
}

// Read reads an identity number under the type that a source declares for it, such
// as aadhaar or bd_nid. A type that is not known refuses only what is no number of
// anybody.
func Read(typ, written string) Number { return Declared(typ).ReadDeclared(written) }

// ReadDeclared is Read for declared systems that were looked up before.
func (ts Types) ReadDeclared(written string) Number { return ts.read(written, true) }

// Read reads a number of a column by the systems that the column was found to
// follow: one that has the form of none of them is not refused for it.
func (ts Types) Read(written string) Number { return ts.read(written, false) }

// ReadAmong is Read for a number of a column of which Mostly holds: one of another length
// than all of its systems has lost a digit or got one, but for passports.
func (ts Types) ReadAmong(written string) Number {
	n := ts.Read(written)
	if n.Type == nil && n.Problem == "" && n.Value != "" && !passport(n.Value) {
		n.Problem = ProblemLength
	}
	return n
}

func (ts Types) read(written string, declared bool) Number {
	if mangled(written) {
		return Number{Problem: ProblemMangled}
	}
	if last, ok := unmasked(written); ok {
		return Number{Value: last, Problem: ProblemMasked}
	}
	plain := locale.Code(written)
	var near Number // of the first system whose length it has
	for _, t := range ts {
		n := t.read(written, plain)
		if n.WellFormed() && unlikely(plain) == "" {
			return n
		}
		if n.Type != nil && (near.Type == nil || rank(n.Problem) < rank(near.Problem)) {
			near = n
		}
	}
	problem := unlikely(plain)
	switch {
	case plain == "":
		return Number{}
	case near.Type != nil && problem == "":
		return near
	case problem != "":
		return Number{Type: near.Type, Value: plain, Problem: problem}
	case declared && len(ts) > 0:
		return Number{Value: plain, Problem: ProblemLength}
	}
	return Number{Value: plain}
}

// rank orders problems from a slip of the pen to another system.
func rank(problem string) int {
	for i, p := range []string{"", ProblemCheckDigit, ProblemInside, ProblemForm} {
		if p == problem {
			return i
		}
	}
	return len(problem)
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

// unmasked reads what is left of a masked number: XXXX XXXX 1234, ********1234.
func unmasked(s string) (last string, ok bool) {
	const leastHidden, leastShown, mostShown = 4, 2, 6
	if !strings.ContainsAny(s, "Xx*#•●") {
		return "", false
	}
	hidden := 0
	for _, r := range norm.NFKC.String(s) {
		switch {
		case strings.ContainsRune("Xx*#•●", r):
			if last != "" && unicode.IsLetter(r) {
				return "", false
			}
			hidden++
		case r >= '0' && r <= '9':
			last += string(r)
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			return "", false
		}
	}
	return last, hidden >= leastHidden && len(last) >= leastShown && len(last) <= mostShown
}

// minLength is that of the shortest identity number that can tell people apart.
const minLength = 4

// unlikely finds what is wrong in any system.
func unlikely(v string) string {
	switch {
	case v == "":
		return ""
	case len(v) < minLength:
		return ProblemLength
	case sameSign(v), onlyZeros(v), steps(v, 1), steps(v, 9), missingWord[v]:
		return ProblemPlaceholder
	}
	return ""
}

// missingWord are words that stand in identifier columns for "none".
var missingWord = map[string]bool{"NONE": true, "NULL": true, "UNKNOWN": true, "NODATA": true, "NOTAVAILABLE": true, "MISSING": true, "XXXX": true}

func sameSign(v string) bool { return strings.Trim(v, v[:1]) == "" }

// onlyZeros tells numbers of which all digits, and there are six at least, are noughts:
// 000000000V.
func onlyZeros(v string) bool {
	const least = 6
	return strings.Trim(v, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0") == "" && strings.Count(v, "0") >= least
}

// steps tells 123456, 12345678901, 987654 and their like: each digit follows the
// last by the step, modulo ten.
func steps(v string, step byte) bool {
	const least = 6
	if len(v) < least {
		return false
	}
	for i := range len(v) {
		if v[i] < '0' || v[i] > '9' || i > 0 && v[i]-'0' != (v[i-1]-'0'+step)%10 {
			return false
		}
	}
	return true
}
