package script

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Arabic writes consonants and long vowels; the short ones are guessed from the
// patterns that most names follow (Wright, A Grammar of the Arabic Language, 3rd
// edition, 1896, sections 190-262): CaCiC, CaCaC, CāCiC, aCCaC, maCCūC, muCaCCaC.
// Vowel signs, where somebody wrote them, are kept. Urdu and Persian letters have
// their own sounds; what the two make of Arabic ones is a further reading.
var arabic = &family{write: writeArabic, readings: MaxReadings, join: joinArabic}

var arabicConsonants = map[rune]string{
	'ب': "b", 'ت': "t", 'ث': "th", 'ج': "j", 'ح': "h", 'خ': "kh", 'د': "d", 'ذ': "dh", 'ر': "r", 'ز': "z", 'س': "s", 'ش': "sh", 'ص': "s", 'ض': "d", 'ط': "t",
	'ظ': "z", 'ع': "", 'غ': "gh", 'ف': "f", 'ق': "q", 'ك': "k", 'ل': "l", 'م': "m", 'ن': "n", 'ه': "h", 'ء': "",
	'پ': "p", 'چ': "ch", 'ژ': "zh", 'گ': "g", 'ٹ': "t", 'ڈ': "d", 'ڑ': "r", 'ں': "n", 'ہ': "h", 'ک': "k", 'ڤ': "v", 'ټ': "t", 'ډ': "d", 'ړ': "r", 'ښ': "sh",
	'ځ': "z", 'څ': "ts", 'ږ': "zh", 'ڼ': "n", 'ګ': "g", 'ھ': "h", 'ە': "a", 'ۀ': "h",
}

// arabicEastern are the letters that Persian and Urdu sound otherwise.
var arabicEastern = map[rune]string{'ث': "s", 'ذ': "z", 'ض': "z", 'و': "v"}

// easternLetters are those that Persian and Urdu have and Arabic has not.
var easternLetters = []rune("کیگپچژہےٹڈڑں")

// arabicWords are particles, whose vowels are known.
var arabicWords = map[string]string{
	"عبد": "abd", "بن": "bin", "ابن": "ibn", "إبن": "ibn", "بنت": "bint", "ابو": "abu", "أبو": "abu", "ابي": "abi", "أبي": "abi", "ام": "umm", "أم": "umm",
	"الله": "allah", "دين": "din", "دین": "din", "آل": "al", "طه": "taha", "ذو": "dhu",
}

// arabicIrregular are names met everywhere whose vowels no pattern tells.
var arabicIrregular = map[string]string{
	"عمر": "umar", "عثمان": "uthman", "حسين": "hussain", "حسین": "hussain", "سليمان": "sulayman", "سلیمان": "sulayman", "يحيى": "yahya", "یحییٰ": "yahya",
	"عيسى": "isa", "موسى": "musa", "ليلى": "layla", "مصطفى": "mustafa",
}

// abjad is a consonant and the vowel after it, 0 where none is written.
type abjad struct {
	consonant string
	letter    bool // a consonant, if only one that Latin does not write
	vowel     byte
	long      bool
	doubled   bool
	mute      bool // a sign says that no vowel follows
}

func writeArabic(out []byte, word []rune, reading int) []byte {
	text := string(word)
	if known, ok := arabicWords[text]; ok {
		return append(out, known...)
	}
	if known, ok := arabicIrregular[text]; ok && reading == 0 {
		return append(out, known...)
	}
	for _, prefix := range []struct{ letters, latin string }{
		{"عبدال", "abdul "}, {"ابوال", "abul "}, {"أبوال", "abul "}, {"ال", "al "},
	} {
		if rest, ok := strings.CutPrefix(text, prefix.letters); ok && utf8.RuneCountInString(rest) > 1 {
			if rest == "له" { // عبدالله
				return append(out, "abdullah"...)
			}
			return writeArabic(append(out, prefix.latin...), []rune(rest), reading)
		}
	}
	if rest, ok := strings.CutPrefix(text, "محمد"); ok && rest != "" {
		out = append(out, "muhammad"...)
		if strings.HasPrefix(rest, "ي") || strings.HasPrefix(rest, "ی") {
			return vocalise(out, append([]abjad{{vowel: 'i', long: true}}, readAbjad([]rune(rest)[1:], reading)...), reading)
		}
		return writeArabic(out, []rune(rest), reading)
	}
	if name, ok := strings.CutSuffix(text, "الله"); ok && name != "" {
		out = writeArabic(out, []rune(name), reading)
		return append(out, "ullah"...)
	}
	if name, ok := strings.CutSuffix(text, "الدين"); ok && name != "" {
		out = writeArabic(out, []rune(name), reading)
		return append(out, "uddin"...)
	}
	return vocalise(out, readAbjad(word, reading), reading)
}

// joinArabic mends the article after another word: abdul rahman, ehsan ullah.
func joinArabic(text string, reading int) string {
	text = strings.ReplaceAll(text, "abd al ", "abdul ")
	text = strings.ReplaceAll(text, "abd allah", "abdullah")
	text = strings.ReplaceAll(text, "abu al ", "abul ")
	text = strings.ReplaceAll(text, " allah", "ullah")
	if reading > 0 {
		text = strings.ReplaceAll(text, " al din", "uddin")
	}
	return text
}

// readAbjad takes a word apart into consonants and written vowels.
func readAbjad(word []rune, reading int) []abjad {
	out := make([]abjad, 0, len(word))
	at := func(i int) rune {
		if i >= 0 && i < len(word) {
			return word[i]
		}
		return 0
	}
	eastern := reading%2 == 1 || slices.ContainsFunc(word, func(r rune) bool { return slices.Contains(easternLetters, r) })
	waw, glides := "w", [...]string{"y", "w"} // the second halves of ay and aw
	if reading%2 == 1 {
		waw, glides = arabicEastern['و'], [...]string{"i", "u"}
	}
	vowel := func(v byte) {
		if n := len(out); n > 0 && out[n-1].vowel == 0 {
			out[n-1].vowel, out[n-1].long = v, true
			return
		}
		out = append(out, abjad{vowel: v, long: true})
	}
	for i, r := range word {
		last := len(out) - 1
		next := at(i + 1)
		switch r {
		case 'ا', 'أ', 'إ', 'آ', 'ٱ', 'ى', 'ة', 'ە':
			switch {
			case i == 0 && r == 'إ':
				out = append(out, abjad{vowel: 'i'})
			case i == 0 && (r == 'آ' || isWeak(next)):
				if next == 'ي' || next == 'ی' {
					out = append(out, abjad{vowel: 'i'})
				} else {
					out = append(out, abjad{vowel: 'a'})
				}
			case i == 0:
				out = append(out, abjad{vowel: initialAlif(word[1:])})
			case (r == 'ى' || r == 'ة') && last >= 0 && out[last].vowel == 'a' && out[last].long:
			default:
				vowel('a')
			}
		case 'و', 'ؤ':
			switch {
			case i == 0, isVowelLetter(next) && r == 'و':
				out = append(out, abjad{letter: true, consonant: waw})
			case r == 'و' && last >= 0 && out[last].vowel == 'a' && out[last].long && next != 0:
				out = append(out, abjad{letter: true, consonant: waw, vowel: 'u'}) // داود is dawud
			case r == 'و' && i == 1 && len(word) == 3 && at(0) == 'ع' && !isVowelLetter(next):
				out[last].vowel = 'a' // عوض is awad
				out = append(out, abjad{letter: true, consonant: waw, vowel: 'a'})
			case r == 'و' && i == 1 && next != 0 && len(word) == 4 && at(0) != 'ي' && at(0) != 'ی' && !isVowelLetter(at(3)),
				r == 'و' && i == 1 && at(0) == 'ت' && len(word) > 4:
				out[last].vowel = 'a' // كوثر is kawthar
				out = append(out, abjad{letter: true, consonant: glides[1], mute: true})
			case last >= 0 && out[last].consonant == waw && out[last].vowel == 0 && next == 0:
				vowel('u')
			case i == 2 && len(word) == 4 && at(0) == 'ا' && r == 'و':
				out = append(out, abjad{letter: true, consonant: waw}) // انور is anwar
			default:
				vowel('u')
			}
		case 'ي', 'ی', 'ئ', 'ے', 'ۓ', 'ې', 'ۍ':
			switch {
			case r == 'ئ' && (next == 'ي' || next == 'ی' || next == 'ے'):
			case r == 'ئ':
				out = append(out, abjad{vowel: 'i'})
			case r == 'ے' || r == 'ۓ' || r == 'ې':
				vowel('e')
			case last >= 0 && out[last].vowel == 0 && (next == 'ة' || (next == 'ه' || next == 'ہ') && i+2 == len(word)):
				out[last].vowel = 'i' // فوزية is fawziya
				out = append(out, abjad{letter: true, consonant: "y"})
			case i == 0, isVowelLetter(next):
				out = append(out, abjad{letter: true, consonant: "y"})
			case i == 1 && len(word) == 5 && at(3) == 'ا' && at(4) == 'ن' && !isVowelLetter(next), i == 1 && len(word) == 3 && next != 0 && at(0) != 'ع', i == 1 && len(word) == 4 && !isVowelLetter(at(3)) && !isVowelLetter(next):
				out[last].vowel = 'a' // زيد is zayd
				out = append(out, abjad{letter: true, consonant: glides[0], mute: true})
			case reading == 2 && i == 2 && len(word) >= 4 && len(out) == 2 && out[0].vowel == 0:
				out[0].vowel, out[1].vowel = 'u', 'a' // حسين is husayn
				out = append(out, abjad{letter: true, consonant: glides[0], mute: true})
			default:
				vowel('i')
			}
		case 'َ', 'ً':
			signed(out, 'a')
		case 'ُ', 'ٌ':
			signed(out, 'u')
		case 'ِ', 'ٍ':
			signed(out, 'i')
		case 'ْ':
			if last >= 0 {
				out[last].mute = true
			}
		case 'ّ':
			if last >= 0 {
				out[last].doubled = true
			}
		default:
			if (r == 'ه' || r == 'ہ') && next == 0 && last >= 0 && out[last].vowel == 0 {
				vowel('a')
				if reading == 3 {
					out[last].vowel = 'e'
					out = append(out, abjad{letter: true, consonant: "h"})
				}
				continue
			}
			text, ok := arabicConsonants[r]
			if other := arabicEastern[r]; other != "" && eastern {
				text = other
			}
			if r == 'ق' && reading == 3 {
				text = "gh"
			}
			if ok {
				if r == 'ھ' && last >= 0 && out[last].vowel == 0 {
					out[last].consonant += "h"
					continue
				}
				out = append(out, abjad{letter: true, consonant: text})
			}
		}
	}
	return out
}

// signed gives the last consonant a vowel that is written as a sign.
func signed(out []abjad, v byte) {
	if n := len(out); n > 0 && out[n-1].vowel == 0 {
		out[n-1].vowel = v
	}
}

func isWeak(r rune) bool { return r == 'و' || r == 'ي' || r == 'ی' }

func isVowelLetter(r rune) bool {
	return slices.Contains([]rune("اىويیةےآؤئ"), r)
}

// initialAlif is the vowel of an alif at the beginning: a, but i where a long a
// follows two consonants (Ibrahim, Ismail, Islam, Ikram) .
func initialAlif(rest []rune) byte {
	if len(rest) > 3 && rest[3] != 'ء' && !isVowelLetter(rest[0]) && !isVowelLetter(rest[1]) && (rest[2] == 'ا' || rest[2] == 'أ') {
		return 'i'
	}
	if len(rest) > 3 && !isVowelLetter(rest[0]) && !isVowelLetter(rest[1]) && !isVowelLetter(rest[2]) && rest[3] == 'ا' {
		return 'i'
	}
	return 'a'
}

// vocalise appends the word with its short vowels put in.
func vocalise(out []byte, w []abjad, reading int) []byte {
	if reading >= MaxReadings {
		reading = 0
	}
	if len(w) > 3 && w[0].consonant == "m" && w[0].vowel == 0 {
		participle(w)
	}
	var before byte // the vowel that the last consonant closes or is closed by, 0 after a consonant
	long := false
	first := [...]byte{'a', 'a', 'u', 'i'}[reading]
	if len(w) > 1 && w[1].long && w[1].vowel != 'a' {
		first = 'a' // Rasul, Karim, Ali
		if reading == 3 && w[0].consonant == "m" && w[1].vowel == 'i' {
			first = 'u' // Munir
		}
	}
	for i := range w {
		c := &w[i]
		out = append(out, c.consonant...)
		if c.doubled {
			out = append(out, c.consonant...)
		}
		if c.vowel == 0 && !c.mute && i+1 < len(w) && w[i+1].letter {
			ends := i+2 == len(w) && w[i+1].vowel == 0
			switch {
			case w[i+1].consonant == "y" && w[i+1].vowel != 0 && i == 0 && first == 'a':
				c.vowel = 'i' // Riyad
			case before == 0: // nothing before, or a consonant: two cannot begin
				c.vowel, first = first, 'a'
			case long && before == 'a':
				c.vowel = 'i' // Khalid, Fatima
			case long && before == 'u':
				c.vowel = 'u' // Yusuf
			case ends && !long:
				c.vowel = 'a' // Hasan
			}
		}
		if c.vowel != 0 {
			out = append(out, arabicVowel(c.vowel, c.long, i+1 == len(w), reading)...)
		}
		before, long = c.vowel, c.long
	}
	return out
}

// arabicVowel is a vowel as the reading has it: in the third, long i and u are as
// in English, in the fourth the short ones as in Persian.
func arabicVowel(v byte, long, last bool, reading int) string {
	switch {
	case reading == 2 && long && !last && v == 'i':
		return "ee"
	case reading == 2 && long && !last && v == 'u':
		return "oo"
	case reading == 3 && !long && v == 'i':
		return "e"
	case reading == 3 && !long && v == 'u':
		return "o"
	}
	return string(v)
}

// participle gives a word that begins with m the vowels of its pattern: Muhammad,
// Mukhtar, Mubarak; Mahmud keeps a.
func participle(w []abjad) {
	bare := func(i int) bool { return i < len(w) && w[i].vowel == 0 && w[i].letter }
	switch {
	case len(w) == 4 && bare(1) && bare(2) && bare(3) && w[2].consonant != "y":
		w[0].vowel, w[1].vowel, w[2].vowel, w[2].doubled = 'u', 'a', 'a', true
	case bare(1) && w[2].vowel == 'a' && w[2].long, w[1].vowel == 'a' && w[1].long && len(w) > 3:
		w[0].vowel = 'u'
	case len(w) == 4 && bare(1) && bare(2) && w[3].vowel == 'a', len(w) == 5 && bare(1) && bare(2) && w[3].vowel == 'a':
		w[0].vowel = 'u'
	}
}
