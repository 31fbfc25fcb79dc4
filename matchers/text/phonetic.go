package text

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// ligatures are the letters that no decomposition takes apart.
var ligatures = strings.NewReplacer(
	"ß", "ss", "æ", "ae", "œ", "oe", "ø", "o", "ð", "d", "þ", "th", "ł", "l", "đ", "d", "ı", "i", "ŋ", "ng", "ħ", "h",
)

// fold makes lower-case letters without accents; what is not a letter goes.
func fold(s string) string {
	var out strings.Builder
	for _, r := range norm.NFKD.String(ligatures.Replace(strings.ToLower(s))) {
		if unicode.IsLetter(r) {
			out.WriteRune(unicode.ToLower(r))
		}
	}
	return out.String()
}

// soundexDigits are the letter classes of Soundex; vowels have none.
const soundexDigits = "01230120022455012623010202"

// Soundex is the American Soundex of the 1930 census rules (h and w do not part
// equal codes), after accents are folded away: a letter and three digits. A
// name in another script is its first letter and the letters themselves, at
// most four; a name without letters is empty.
func Soundex(name string) string {
	letters := fold(name)
	if letters == "" {
		return ""
	}
	if !ASCII(letters) {
		runes := []rune(letters)
		return string(runes[:min(4, len(runes))])
	}
	code := []byte{letters[0] - 'a' + 'A'}
	last := soundexDigits[letters[0]-'a']
	for i := 1; i < len(letters) && len(code) < 4; i++ {
		digit := soundexDigits[letters[i]-'a']
		if digit != '0' && digit != last {
			code = append(code, digit)
		}
		if letters[i] != 'h' && letters[i] != 'w' {
			last = digit
		}
	}
	return (string(code) + "000")[:4]
}

// aspirates are spellings of one South Asian sound, in the order they are folded:
// aspirates lose their h, long vowels shorten, w, v and b meet, as do j, z and g
// before e and i.
var aspirates = []string{
	"ksh", "k", "ks", "k", "chh", "c", "ch", "c", "sch", "s", "sh", "s", "ph", "f", "kh", "k", "gh", "g", "jh", "j", "th", "t",
	"dh", "d", "bh", "b", "rh", "r", "ck", "k", "q", "k", "x", "k", "z", "j", "v", "b", "ge", "je", "gi", "ji",
}

// heardSounds are those that Heard folds.
var heardSounds = strings.NewReplacer(aspirates...)

// romanisations are those that Romanised folds, which is the broader: dj, tj and ts
// are old Indonesian, French and Mongolian for j, c and s, and c is s before e and i
// and otherwise k (Kristina, Sesilia).
var romanisations = strings.NewReplacer(slices.Concat(aspirates, []string{
	"tch", "c", "ts", "s", "tz", "s", "dj", "j", "tj", "c", "ce", "se", "ci", "si", "cy", "si", "c", "k",
})...)

// broader are sounds that differ by the country: f and p (Filipe, Pilipe; Somphorn,
// Somporn), g and j (Gamal, Jamal).
var broader = strings.NewReplacer("f", "p", "g", "j")

// opened is a name without what only its beginning has: an h that breathes before
// a consonant (Htun, Hla), and x, which is s there.
func opened(letters string) string {
	switch {
	case len(letters) > 1 && letters[0] == 'h' && !isVowel(letters[1]):
		return letters[1:]
	case letters[0] == 'x':
		return "s" + letters[1:]
	}
	return letters
}

// romanTitles are openings that are written out or shortened at will.
var romanTitles = map[string]string{
	"md": "mhd", "mohd": "mhd", "muhd": "mhd", "mohammad": "mhd", "mohammed": "mhd", "muhammad": "mhd",
	"mohamed": "mhd", "muhammed": "mhd", "mohamad": "mhd", "mst": "mst", "mosammat": "mst", "musammat": "mst",
	"most": "mst", "mosamat": "mst",
}

// Opening tells a word in small letters that goes before a name and is written out,
// shortened or left out at will: Md, Mohammad, Mst.
func Opening(word string) bool { return romanTitles[word] != "" }

// Romanised is a phonetic key for names that are spelt by ear in Latin letters:
// Choudhury, Chowdhury, Chaudhri; Hossain, Hussein; Htun, Tun; Djoko, Joko. Vowels
// after the first letter go, aspirates and doubled letters fold. Names in another
// script, and names without letters, are as in Soundex.
func Romanised(name string) string {
	letters := fold(name)
	if !ASCII(letters) || letters == "" {
		return Soundex(name)
	}
	if title, known := romanTitles[letters]; known {
		return title
	}
	return sounds(broader.Replace(romanisations.Replace(opened(letters))), func(first bool, _ byte) (byte, bool) { return 'a', first })
}

// longVowels are two letters for one vowel, Malay and Javanese oe among them.
var longVowels = strings.NewReplacer("oo", "u", "ou", "u", "oe", "u", "ee", "i")

// vowelSounds are the three that a clerk tells apart by ear.
var vowelSounds = map[byte]byte{'a': 'a', 'o': 'a', 'e': 'i', 'i': 'i', 'y': 'i', 'u': 'u'}

// Heard is a word as it sounds: the consonants of Romanised with the vowels
// between them, as one of three. Fatema, Fatima and Phatemo meet, and Karim and
// Qoreem; Hasan and Husain, which Romanised makes one, do not. A word in another
// script is its letters.
func Heard(word string) string {
	letters := fold(word)
	if !ASCII(letters) {
		return letters
	}
	if title, known := romanTitles[letters]; known {
		return title
	}
	return sounds(heardSounds.Replace(longVowels.Replace(letters)), func(_ bool, c byte) (byte, bool) { return vowelSounds[c], true })
}

// OneBarY tells whether two short words differ in nothing but y for i: Thi and Thy,
// Mai and May; Hoa and Hua are two people. A single letter is no word.
func OneBarY(a, b string) bool {
	return len(a) > 1 && strings.ReplaceAll(a, "y", "i") == strings.ReplaceAll(b, "y", "i")
}

// sounds folds letters: h after the first goes, doubled sounds are one, vowel says
// what becomes of a vowel, the first letter or a later one, and whether it stays.
func sounds(letters string, vowel func(first bool, c byte) (byte, bool)) string {
	code := make([]byte, 0, len(letters))
	for i := range len(letters) {
		c, keep := letters[i], true
		switch {
		case c == 'h':
			keep = i == 0
		case c == 'w': // a glide before a consonant, a v before a vowel
			c, keep = 'b', i == 0 || i+1 < len(letters) && isVowel(letters[i+1])
		case isVowel(c):
			c, keep = vowel(i == 0, c)
		}
		if keep && (len(code) == 0 || code[len(code)-1] != c) {
			code = append(code, c)
		}
	}
	return string(code)
}

func isVowel(c byte) bool { return strings.IndexByte("aeiouy", c) >= 0 }
