package profile

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"rollcall/matchers/locale"
	"rollcall/matchers/model"
	"rollcall/pipeline/pair"
)

// Names is what a column of names looks like. Counts are of rows.
type Names struct {
	Scripts []pair.Count // commonest first; "" for values without letters
	Mixed   int          // letters of several scripts in one value
	Whole   bool         // whole names, not given or family names alone
	Country string       // as whose names they are written in Latin letters; "" where none is stated
	Pack    string       // title of the one that is stated and leaves other scripts as they are; "" for none

	Capitals int // all letters capital
	Small    int // no letter capital, in scripts that have them
	Single   int // one word
	Initials int // at least one word of one letter, beside others
	Letter   int // one letter in all
	Digits   int // a digit, and letters
	Numbers  int // digits and no letter
	Rules    []pair.Count
}

// shownRules are the rules of names that tell something of the data, in words.
var shownRules = map[string]string{
	locale.RuleHonorific:    "a title is dropped",
	locale.RuleVariant:      "a particle is written in one spelling",
	locale.RuleInvisible:    "invisible characters are removed",
	locale.RuleLookAlike:    "letters of another script that look alike are replaced",
	locale.RuleDigitLetters: "a digit is read as a letter",
	locale.RuleRelation:     "s/o, d/o and the like are cut off, and what follows them behind a name",
	locale.RuleInitials:     "initials written together are taken apart",
	locale.RuleNickname:     "a short name is replaced",
	locale.RuleAccents:      "accents are removed",
	locale.RuleUnicode:      "compatibility forms are replaced",
}

// inOneScript says what makes names of several scripts meet where nothing does yet.
func (n *Names) inOneScript() string {
	if n.Pack != "" {
		return "the pack \"" + n.Pack + "\" leaves other scripts as they are: state that of the country, or write latin: true into it"
	}
	return "state the country with --locale"
}

// namesOf reads a column of names.
func (o Options) namesOf(values tally, kind model.Kind) *Names {
	n := &Names{Whole: kind != model.GivenName && kind != model.FamilyName}
	switch stated := o.Pack.Country != locale.Neutral().Country; {
	case stated && o.Pack.Latin:
		n.Country = o.Pack.Title
	case stated:
		n.Pack = o.Pack.Title
	}
	rules := map[string]int{}
	for v, rows := range values.all() {
		_, fired := o.Pack.Words(v)
		for _, rule := range slices.Compact(slices.Sorted(slices.Values(fired))) {
			if words := shownRules[rule]; words != "" {
				rules[words] += rows
			}
		}
		n.add(v, rows)
	}
	n.Scripts, n.Rules = scriptsOf(values), byRows(rules)
	return n
}

// scriptsOf counts the scripts of a column, the commonest first.
func scriptsOf(values tally) []pair.Count {
	scripts := map[string]int{}
	for v, rows := range values.all() {
		scripts[locale.Script(v)] += rows
	}
	return byRows(scripts)
}

// add counts how one name is written.
func (n *Names) add(v string, rows int) {
	letters, upper, lower, digits := 0, 0, 0, 0
	for _, r := range v {
		switch {
		case unicode.IsDigit(r):
			digits++
		case unicode.IsLetter(r):
			letters++
			if unicode.IsUpper(r) {
				upper++
			} else if unicode.IsLower(r) {
				lower++
			}
		}
	}
	words := strings.Fields(v)
	for _, is := range []struct {
		so   bool
		into *int
	}{
		{upper > 1 && lower == 0, &n.Capitals},
		{lower > 1 && upper == 0, &n.Small},
		{letters > 1 && len(words) == 1, &n.Single},
		{letters > 1 && slices.ContainsFunc(words, initial), &n.Initials},
		{letters == 1 && digits == 0, &n.Letter},
		{letters > 0 && digits > 0, &n.Digits},
		{letters == 0 && digits > 0, &n.Numbers},
		{mixed(v), &n.Mixed},
	} {
		if is.so {
			*is.into += rows
		}
	}
}

// initial tells a word of one letter, in scripts that write letters one by one.
func initial(w string) bool {
	r, size := utf8.DecodeRuneInString(strings.TrimRight(w, "."))
	return size == len(strings.TrimRight(w, ".")) && (unicode.IsUpper(r) || unicode.IsLower(r))
}

// mixed tells a value with words of several scripts.
func mixed(v string) bool {
	if len(v) == utf8.RuneCountInString(v) { // all ASCII
		return false
	}
	first := ""
	for _, w := range strings.FieldsFunc(v, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }) {
		switch s := locale.Script(w); {
		case s == "":
		case first == "":
			first = s
		case s != first:
			return true
		}
	}
	return false
}
