// Package locale brings names, dates, telephone numbers, addresses, sexes
// and identity numbers to one normal form each, and names every rule that
// fired. What the source wrote is kept beside it by the caller, so a rule here
// may only lose what does not tell two people apart.
//
// Rules that hold in one country and not in another stand in a Pack; the
// functions of the package use Neutral.
package locale

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"rollcall/matchers/text"

	"golang.org/x/text/unicode/norm"
)

// The rules of text, in the order in which they are applied.
const (
	RuleUnicode        = "unicode"        // compatibility forms brought to one (NFKC)
	RuleInvisible      = "invisible"      // zero-width, direction and soft-hyphen characters removed
	RuleCase           = "case"           // folded to lower case
	RuleAccents        = "accents"        // Latin letters brought to ASCII
	RuleDigits         = "native_digits"  // digits of other scripts written 0 to 9
	RulePunctuation    = "punctuation"    // apostrophes and stops removed, other signs became spaces
	RuleSpaces         = "spaces"         // runs of spaces collapsed
	RuleRelation       = "relation"       // "s/o …" cut off: with what follows a name, or before the only one
	RuleHonorific      = "honorific"      // a title dropped
	RuleVariant        = "variant"        // a spelling variant of a name particle replaced
	RuleInitials       = "initials"       // initials written together taken apart
	RuleNickname       = "nickname"       // a short name replaced by the one name that it stands for
	RuleTransliterated = "transliterated" // another script written in Latin letters
	RuleDigitLetters   = "digit_letters"  // a digit inside a word read as a letter
	RuleLookAlike      = "look_alike"     // letters of another script that look like those beside them
	RuleAbbreviation   = "abbreviation"   // street type written out
)

// trail collects the names of rules that changed something; nil does not.
type trail struct{ rules []string }

// step notes the rule when it changed the text.
func (t *trail) step(rule, before, after string) string {
	t.note(rule, t != nil && before != after && (len(t.rules) == 0 || t.rules[len(t.rules)-1] != rule))
	return after
}

// letters applies the steps that every text has in common: Unicode form,
// invisible characters, case and accents.
func (t *trail) letters(s string) string {
	if plain(s) {
		return s
	}
	s = strings.ToValidUTF8(s, " ")
	s = t.step(RuleUnicode, s, norm.NFKC.String(s))
	s = t.step(RuleInvisible, s, strings.Map(visible, s))
	s = t.step(RuleLookAlike, s, oneScript(s))
	s = t.step(RuleCase, s, strings.ToLower(s))
	return t.step(RuleAccents, s, foldLatin(s))
}

// plain tells lower-case ASCII letters, digits and spaces: nothing to do.
func plain(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c != ' ' && (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// visible drops what has no form of its own on paper: format characters,
// variation selectors and the Arabic stretch sign.
func visible(r rune) rune {
	const arabicTatweel, firstMark, softHyphen = 'ـ', '\u0300', '\u00ad'
	if r < firstMark && r != softHyphen && !unicode.IsControl(r) {
		return r
	}
	if unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r) || r == arabicTatweel {
		return -1
	}
	if unicode.IsControl(r) && !unicode.IsSpace(r) {
		return -1
	}
	return r
}

// latinLetters are Latin letters that no decomposition brings to ASCII.
var latinLetters = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th", 'ı': "i",
	'ħ': "h", 'ŋ': "n", 'ə': "a", 'ɖ': "d", 'ɓ': "b", 'ɗ': "d", 'ƙ': "k", 'ƴ': "y", 'ɛ': "e", 'ɔ': "o",
	'ŧ': "t", 'ĸ': "k", 'ɲ': "n",
}

// foldLatin brings Latin letters to ASCII. Marks on letters of other scripts are
// part of the spelling there and stay.
func foldLatin(s string) string {
	if text.ASCII(s) {
		return s
	}
	if !strings.ContainsFunc(s, nearLatin) {
		return norm.NFC.String(s)
	}
	var b strings.Builder
	b.Grow(len(s))
	onLatin := false
	for _, r := range norm.NFD.String(s) {
		switch {
		case r < utf8.RuneSelf:
			onLatin = r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r) && onLatin:
		case latinLetters[r] != "":
			onLatin = true
			b.WriteString(latinLetters[r])
		default:
			onLatin = onLatin && unicode.Is(unicode.Mn, r)
			b.WriteRune(r)
		}
	}
	return norm.NFC.String(b.String())
}

// nearLatin tells a letter that may be Latin, and a mark that may stand on one.
func nearLatin(r rune) bool {
	const greek, phonetic = '\u0370', '\u1d00' // between them no letter is Latin
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= utf8.RuneSelf && (r < greek || r >= phonetic)
}

// apostrophes stand inside a word and vanish without a gap: O'Brien, Ma‘ruf.
const apostrophes = "'’‘`´ʼʻʹʿʾ"

// words turns punctuation into spaces, apart from apostrophes, which vanish,
// and collapses the spaces.
func (t *trail) words(s string) string {
	if !plain(s) {
		s = t.step(RulePunctuation, s, strings.Map(punctuation, s))
	}
	return t.step(RuleSpaces, s, strings.Join(strings.Fields(s), " "))
}

func punctuation(r rune) rune {
	switch {
	case unicode.IsLetter(r), unicode.IsMark(r), unicode.IsDigit(r), unicode.IsSpace(r):
		return r
	case strings.ContainsRune(apostrophes, r):
		return -1
	}
	return ' '
}

// Digits writes the decimal digits of every script as 0 to 9.
func Digits(s string) string {
	if text.ASCII(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r >= utf8.RuneSelf && unicode.Is(unicode.Nd, r) {
			return '0' + digitValue(r)
		}
		return r
	}, s)
}

// digitValue relies on Unicode's promise that decimal digits come in runs of
// ten in ascending order, so that each range of Nd starts with a zero.
func digitValue(r rune) rune {
	for _, rg := range unicode.Nd.R16 {
		if lo, hi := rune(rg.Lo), rune(rg.Hi); lo <= r && r <= hi {
			return (r - lo) % 10
		}
	}
	for _, rg := range unicode.Nd.R32 {
		if lo, hi := rune(rg.Lo), rune(rg.Hi); lo <= r && r <= hi {
			return (r - lo) % 10
		}
	}
	return 0
}

// Script names the script that most letters of a text are written in, such as
// Latin, Bengali or Han; the first met where two are level, "" without letters.
func Script(s string) string {
	if text.ASCII(s) {
		if strings.ContainsFunc(s, unicode.IsLetter) {
			return scripts[0].name
		}
		return ""
	}
	var names []string
	var counts []int
	for _, r := range s {
		if !unicode.IsLetter(r) {
			continue
		}
		name := scriptOf(r)
		i := 0
		for i < len(names) && names[i] != name {
			i++
		}
		if i == len(names) {
			names, counts = append(names, name), append(counts, 0)
		}
		counts[i]++
	}
	best := ""
	most := 0
	for i, n := range counts {
		if n > most {
			best, most = names[i], n
		}
	}
	return best
}

// scripts are those of civil registers in use, commonest first.
var scripts = []struct {
	name  string
	table *unicode.RangeTable
}{
	{"Latin", unicode.Latin},
	{"Arabic", unicode.Arabic},
	{"Bengali", unicode.Bengali},
	{"Devanagari", unicode.Devanagari},
	{"Han", unicode.Han},
	{"Thai", unicode.Thai},
	{"Lao", unicode.Lao},
	{"Khmer", unicode.Khmer},
	{"Myanmar", unicode.Myanmar},
	{"Cyrillic", unicode.Cyrillic},
	{"Ethiopic", unicode.Ethiopic},
	{"Greek", unicode.Greek},
	{"Hebrew", unicode.Hebrew},
	{"Tamil", unicode.Tamil},
	{"Telugu", unicode.Telugu},
	{"Gujarati", unicode.Gujarati},
	{"Gurmukhi", unicode.Gurmukhi},
	{"Kannada", unicode.Kannada},
	{"Malayalam", unicode.Malayalam},
	{"Oriya", unicode.Oriya},
	{"Sinhala", unicode.Sinhala},
	{"Hangul", unicode.Hangul},
	{"Hiragana", unicode.Hiragana},
	{"Katakana", unicode.Katakana},
	{"Georgian", unicode.Georgian},
	{"Armenian", unicode.Armenian},
	{"Tibetan", unicode.Tibetan},
	{"Thaana", unicode.Thaana},
	{"Mongolian", unicode.Mongolian},
}

// Scripts are the names that Script gives.
func Scripts() []string {
	names := make([]string, len(scripts))
	for i, s := range scripts {
		names[i] = s.name
	}
	return names
}

func scriptOf(r rune) string {
	for _, s := range scripts {
		if unicode.Is(s.table, r) {
			return s.name
		}
	}
	return "other"
}
