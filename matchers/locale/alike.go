package locale

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// lookAlikes are letters of Cyrillic and Greek and the Latin ones that they look
// like: those pairs of confusables.txt of Unicode Technical Standard 39 that stand
// on keyboards side by side. Capitals are matched as they are, since В looks like B
// and в like nothing.
const (
	otherLetters = "АВЕЅІЈКМНОРСТХҮ" + "аеорсухіјѕү" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ" + "ονα"
	latinAlikes  = "ABESIJKMHOPCTXY" + "aeopcyxijsy" + "ABEZHIKMNOPTYX" + "ova"
)

// oneScript writes a word that mixes Latin letters with those of Cyrillic or Greek
// in one script, where every letter of the one has a double in the other. A word all
// of one script stays.
func oneScript(s string) string {
	if !strings.ContainsFunc(s, foreignLetter) || !strings.ContainsFunc(s, latinLetter) {
		return s
	}
	words := strings.Split(s, " ")
	for i, w := range words {
		words[i] = wordOfOneScript(w)
	}
	return strings.Join(words, " ")
}

func wordOfOneScript(w string) string {
	latin, foreign := 0, 0
	for _, r := range w {
		if latinLetter(r) {
			latin++
		}
		if foreignLetter(r) {
			foreign++
		}
	}
	if latin == 0 || foreign == 0 {
		return w
	}
	toLatin, all := doubles(w, foreignLetter, latinDouble)
	toOther, allOther := doubles(w, latinLetter, otherDouble)
	switch {
	case all && (latin >= foreign || !allOther):
		return toLatin
	case allOther:
		return toOther
	}
	return w
}

// doubles writes the letters that are so as their doubles, and tells whether each
// has one.
func doubles(w string, is func(rune) bool, double func(rune) (rune, bool)) (string, bool) {
	all := true
	return strings.Map(func(r rune) rune {
		if !is(r) {
			return r
		}
		d, ok := double(r)
		all = all && ok
		return d
	}, w), all
}

func latinDouble(r rune) (rune, bool) {
	i := 0
	for _, other := range otherLetters {
		if other == r {
			return rune(latinAlikes[i]), true
		}
		i++
	}
	return r, false
}

// otherDouble looks among the Cyrillic letters, which stand first.
func otherDouble(r rune) (rune, bool) {
	if i := strings.IndexRune(latinAlikes, r); i >= 0 {
		return []rune(otherLetters)[i], true
	}
	return r, false
}

func latinLetter(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= utf8.RuneSelf && unicode.Is(unicode.Latin, r)
}

// foreignLetter tells a letter of Greek or Cyrillic, of which all that stand on
// keyboards lie in two blocks side by side.
func foreignLetter(r rune) bool {
	const greek, armenian = '\u0370', '\u0530'
	return r >= greek && r < armenian && unicode.IsLetter(r)
}
