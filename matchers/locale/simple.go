package locale

import (
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"rollcall/matchers/text"
)

// sign is what simple does with a byte of ASCII.
type sign uint8

const (
	notSimple  sign = iota // or the beginning of a letter beyond ASCII
	letter                 // a small letter or a digit
	likeLetter             // a digit that may stand for a letter
	capital                // a letter that is folded
	apostrophe             // vanishes
	blank                  // a space
	mark                   // any other sign, which becomes a space
	besides                // a mark that tells another name of the person, or another person's
)

// signs are those of all bytes.
var signs = func() (all [256]sign) {
	for c := ' '; c <= '~'; c++ {
		switch {
		case c >= 'A' && c <= 'Z':
			all[c] = capital
		case c == '0', c == '1':
			all[c] = likeLetter
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
			all[c] = letter
		case c == '\'' || c == '`':
			all[c] = apostrophe
		case c == ' ':
			all[c] = blank
		case strings.ContainsRune(relationSigns+nicknameSigns, c):
			all[c] = besides
		default:
			all[c] = mark
		}
	}
	return all
}()

// simple does at once what letters and words do one after the other, for the
// text that most names are: printable ASCII, and Latin letters with the marks that
// they are keyed with, and appends it to out. It tells false for other text. may tells
// whether a word of it can mean anything to the pack.
func (t *trail) simple(out []byte, s string, w *watch) (normal []byte, may, ok bool) {
	before := len(out)
	var folded, accents, marks, spaces, gap bool
	start := before // of the last word
	for i := 0; i < len(s); i++ {
		c := s[i]
		plain := ""
		switch signs[c] {
		case letter:
		case likeLetter:
			may = may || w.digits
		case capital:
			c += 'a' - 'A'
			folded = true
		case apostrophe:
			marks = true
			continue
		case blank:
			spaces = spaces || gap || len(out) == before
			gap = true
			continue
		case besides, mark:
			if w.others && signs[c] == besides {
				return nil, false, false
			}
			marks = true
			spaces = spaces || gap || len(out) == before
			gap = true
			continue
		case notSimple:
			l, size := accented(s[i:])
			if l.plain == "" {
				return nil, false, false
			}
			plain = l.plain
			folded, accents = folded || l.capital, true
			i += size - 1
		}
		if gap && len(out) > before {
			may = may || mayMean(w, out[start:])
			out = append(out, ' ')
			start = len(out)
		}
		gap = false
		if plain != "" {
			out = append(out, plain...)
			continue
		}
		out = append(out, c)
		rest := lettersOf(s[i+1:])
		out = append(out, rest...)
		i += len(rest)
	}
	may = may || len(out) > before && mayMean(w, out[start:])
	spaces = spaces || gap && len(out) > before
	t.changed(folded, accents, marks, spaces)
	return out, may, true
}

// lettersOf is the beginning of s that is written as it will stand: most of a word
// is small letters behind its first.
func lettersOf(s string) string {
	for i := 0; i < len(s); i++ {
		if signs[s[i]] != letter {
			return s[:i]
		}
	}
	return s
}

// changed notes the rules of simple.
func (t *trail) changed(folded, accents, marks, spaces bool) {
	if t == nil {
		return
	}
	at := 0
	for i, fired := range [...]bool{folded, accents, marks, spaces} {
		if fired {
			at |= 1 << i
		}
	}
	t.rules = simpleRules[at]
}

// simpleRules are the rules of simple by which of them fired. None of them is
// appended to in place.
var simpleRules = func() (all [1 << 4][]string) {
	for at := range all {
		for i, rule := range [...]string{RuleCase, RuleAccents, RulePunctuation, RuleSpaces} {
			if at&(1<<i) != 0 {
				all[at] = append(all[at], rule)
			}
		}
		all[at] = slices.Clip(all[at])
	}
	return all
}()

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
	if !fired || t == nil || slices.Contains(t.rules, rule) {
		return
	}
	if t.rules == nil {
		t.rules = make([]string, 0, usualRules)
	}
	t.rules = append(t.rules, rule)
}

// add names a rule, though it may have fired before.
func (t *trail) add(rule string) {
	if t != nil {
		t.rules = append(t.rules, rule)
	}
}

// of names a rule of a calendar.
func (t *trail) of(rule string, e era) {
	if t != nil {
		t.rules = append(t.rules, rule+e.Name)
	}
}
