package script

import "strings"

// Hangul syllables are counted, not listed: each is an initial, a vowel and a final
// (The Unicode Standard, section 3.12). In the Revised Romanisation of 2000, with
// the hard initials that most bearers write at the beginning; the further readings
// are the English habits of passports.
var hangul = &family{write: writeHangul, readings: 1 + len(hangulChanges)}

var (
	hangulInitials = [...]string{"g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h"}
	hangulVowels   = [...]string{"a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we", "wi", "yu", "eu", "ui", "i"}
	hangulFinals   = [...]string{
		"", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "p", "l", "m", "p", "p", "t", "t", "ng", "t", "t", "k", "t", "p", "t",
	}
	hangulChanges = [...]*strings.Replacer{
		strings.NewReplacer("yeo", "you", "eo", "u", "oe", "oi", "eu", "u", "b", "p"),
		strings.NewReplacer("eo", "o", "u", "oo", "j", "ch", "yu", "yoo"),
	}
	// hangulSurnames are those whose letters nobody writes.
	hangulSurnames = map[rune]string{'이': "lee", '리': "lee", '박': "park", '최': "choi", '노': "noh", '오': "oh", '우': "woo"}
)

const (
	firstHangul = 0xac00
	lastHangul  = 0xd7a3
)

func writeHangul(out []byte, word []rune, reading int) []byte {
	begun := len(out)
	spelt := 0 // bytes that no reading changes
	for i, r := range word {
		if r < firstHangul || r > lastHangul {
			continue
		}
		n := int(r - firstHangul)
		initial, vowel, final := hangulInitials[n/588], hangulVowels[n%588/28], hangulFinals[n%28]
		if surname := hangulSurnames[r]; i == 0 && surname != "" && (len(word) == 1 || len(word) == 3) {
			out = append(out, surname...)
			spelt = len(surname)
		} else {
			if i == 0 && initial == "g" {
				initial = "k"
			}
			out = append(append(append(out, initial...), vowel...), final...)
		}
		if i == 0 && len(word) == 3 {
			out = append(out, ' ')
		}
	}
	if reading > 0 && reading <= len(hangulChanges) {
		rest := hangulChanges[reading-1].Replace(string(out[begun+spelt:]))
		out = append(out[:begun+spelt], rest...)
	}
	return out
}
