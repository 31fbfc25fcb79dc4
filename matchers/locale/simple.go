package locale

import "slices"

// simple does at once what letters and words do one after the other, for the
// text that most names are: printable ASCII. It tells false for other text.
func (t *trail) simple(s string) (string, bool) {
	var folded, signs, spaces bool
	afterSpace := true // at the beginning, or after a space
	begun := false
	for i := range len(s) {
		c := s[i]
		switch {
		case c < ' ' || c > '~':
			return "", false
		case c >= 'A' && c <= 'Z':
			folded, begun, afterSpace = true, true, false
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
			begun, afterSpace = true, false
		case c == '\'' || c == '`': // apostrophes vanish
			signs = true
		default:
			signs = signs || c != ' '
			spaces = spaces || afterSpace
			afterSpace = true
		}
	}
	spaces = spaces || begun && afterSpace
	if !folded && !signs && !spaces {
		return s, true
	}
	t.note(RuleCase, folded)
	t.note(RulePunctuation, signs)
	t.note(RuleSpaces, spaces)
	return fold(s), true
}

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

// fold writes printable ASCII in lower case, without apostrophes, with one space
// for every run of other signs.
func fold(s string) string {
	var usual [64]byte // on the stack; longer texts grow out of it
	out := usual[:0]
	gap := false
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= 'A' && c <= 'Z':
			c += 'a' - 'A'
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
		case c == '\'' || c == '`':
			continue
		default:
			gap = true
			continue
		}
		if gap && len(out) > 0 {
			out = append(out, ' ')
		}
		gap = false
		out = append(out, c)
	}
	return string(out)
}
