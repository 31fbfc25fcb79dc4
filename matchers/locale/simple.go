package locale

import (
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"rollcall/matchers/text"
)

// sign is what simple and fold do with a byte of ASCII.
type sign uint8

const (
	notSimple  sign = iota // or the beginning of a letter beyond ASCII
	letter                 // a small letter or a digit
	capital                // a letter that is folded
	apostrophe             // vanishes
	blank                  // a space
	mark                   // any other sign, which becomes a space
)

// signs are those of all bytes.
var signs = func() (all [256]sign) {
	for c := ' '; c <= '~'; c++ {
		switch {
		case c >= 'A' && c <= 'Z':
			all[c] = capital
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
			all[c] = letter
		case c == '\'' || c == '`':
			all[c] = apostrophe
		case c == ' ':
			all[c] = blank
		default:
			all[c] = mark
		}
	}
	return all
}()

// simple does at once what letters and words do one after the other, for the
// text that most names are: printable ASCII, and Latin letters with the marks that
// they are keyed with. It tells false for other text.
func (t *trail) simple(s string) (string, bool) {
	var folded, accents, marks, spaces bool
	afterSpace := true // at the beginning, or after a space
	begun := false
	for i := 0; i < len(s); i++ {
		switch signs[s[i]] {
		case capital:
			folded, begun, afterSpace = true, true, false
		case letter:
			begun, afterSpace = true, false
		case apostrophe: // vanishes
			marks = true
		case blank:
			spaces = spaces || afterSpace
			afterSpace = true
		case mark:
			marks = true
			spaces = spaces || afterSpace
			afterSpace = true
		case notSimple:
			l, size := accented(s[i:])
			if l.plain == "" {
				return "", false
			}
			folded = folded || l.capital
			accents, begun, afterSpace = true, true, false
			i += size - 1
		}
	}
	spaces = spaces || begun && afterSpace
	if !folded && !accents && !marks && !spaces {
		return s, true
	}
	t.note(RuleCase, folded)
	t.note(RuleAccents, accents)
	t.note(RulePunctuation, marks)
	t.note(RuleSpaces, spaces)
	return fold(s), true
}

// latinForm is a Latin letter with a mark as it stands in a normal form.
type latinForm struct {
	plain   string // small ASCII letters
	capital bool
}

// The blocks of Unicode that hold the Latin letters with marks of living languages,
// Vietnamese with two of them last.
const (
	firstAccented, lastAccented     = '\u00c0', '\u024f'
	firstAdditional, lastAdditional = '\u1e00', '\u1eff'
	additional                      = lastAccented - firstAccented + 1 // where those begin among the forms
)

// accented is the letter at the beginning of a text, and its length in bytes; no
// letter for any other, and for those that the steps of letters do not bring to ASCII
// by case and accents alone.
func accented(s string) (latinForm, int) {
	r, size := utf8.DecodeRuneInString(s)
	switch {
	case r >= firstAccented && r <= lastAccented:
		return accentedForms()[r-firstAccented], size
	case r >= firstAdditional && r <= lastAdditional:
		return accentedForms()[additional+r-firstAdditional], size
	}
	return latinForm{}, size
}

var accentedForms = sync.OnceValue(func() *[additional + lastAdditional - firstAdditional + 1]latinForm {
	var forms [additional + lastAdditional - firstAdditional + 1]latinForm
	for i := range forms {
		r := firstAccented + rune(i)
		if i >= additional {
			r = firstAdditional + rune(i-additional)
		}
		s := string(r)
		lower := strings.ToLower(s)
		if plain := foldLatin(lower); norm.NFKC.String(s) == s && latinLetter(r) && text.ASCII(plain) && plain != lower {
			forms[i] = latinForm{plain, lower != s}
		}
	}
	return &forms
})

// usualRules is how many rules fire for most texts, at most.
const usualRules = 4

// note names a rule when it fired.
func (t *trail) note(rule string, fired bool) {
	if !fired || t.quiet || slices.Contains(t.rules, rule) {
		return
	}
	if t.rules == nil {
		t.rules = make([]string, 0, usualRules)
	}
	t.rules = append(t.rules, rule)
}

// add names a rule, though it may have fired before.
func (t *trail) add(rule string) {
	if !t.quiet {
		t.rules = append(t.rules, rule)
	}
}

// of names a rule of a calendar.
func (t *trail) of(rule string, e era) {
	if !t.quiet {
		t.rules = append(t.rules, rule+e.Name)
	}
}

// fold writes a simple text in lower case, without accents and apostrophes, with one
// space for every run of other signs.
func fold(s string) string {
	var usual [64]byte // on the stack; longer texts grow out of it
	out := usual[:0]
	gap := false
	for i := 0; i < len(s); i++ {
		c := s[i]
		plain := ""
		switch signs[c] {
		case capital:
			c += 'a' - 'A'
		case letter:
		case apostrophe:
			continue
		case blank, mark:
			gap = true
			continue
		case notSimple:
			l, size := accented(s[i:])
			plain = l.plain
			i += size - 1
		}
		if gap && len(out) > 0 {
			out = append(out, ' ')
		}
		gap = false
		if plain != "" {
			out = append(out, plain...)
		} else {
			out = append(out, c)
		}
	}
	return string(out)
}
