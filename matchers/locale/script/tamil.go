package script

import "strings"

// Tamil writes one letter for a stop, voiced and unvoiced alike; where it stands
// in the word tells which it is, in Tamil words. Sanskrit and Arabic names keep
// their own sound, which the letters do not show: hence the readings. After the
// Tamil Lexicon (1936) and ISO 15919:2001, without marks.
var tamil = &family{write: writeTamil, readings: len(tamilManners)}

// tamilManner is how a reading sounds the stops: at the beginning of a word,
// between vowels, and after their nasal.
type tamilManner struct {
	ka, ca, ta, tta, pa string // initial
	ga, ja, da, ba      string // between vowels
	nta                 string // after n
}

var tamilManners = [...]tamilManner{
	{"k", "s", "th", "t", "p", "g", "s", "th", "b", "th"},
	{"g", "ch", "d", "d", "b", "g", "s", "dh", "b", "d"},
	{"k", "j", "t", "d", "b", "h", "s", "d", "p", "d"},
	{"k", "s", "d", "t", "p", "k", "ch", "t", "p", "t"},
}

var tamilVowels = map[rune]string{
	'அ': "a", 'ஆ': "a", 'இ': "i", 'ஈ': "i", 'உ': "u", 'ஊ': "u", 'எ': "e", 'ஏ': "e", 'ஐ': "ai", 'ஒ': "o", 'ஓ': "o", 'ஔ': "au",
	'ா': "a", 'ி': "i", 'ீ': "i", 'ு': "u", 'ூ': "u", 'ெ': "e", 'ே': "e", 'ை': "ai", 'ொ': "o", 'ோ': "o", 'ௌ': "au",
}

// tamilSonants are the letters that sound alike everywhere.
var tamilSonants = map[rune]string{
	'ங': "n", 'ஞ': "n", 'ண': "n", 'ந': "n", 'ன': "n", 'ம': "m", 'ய': "y", 'ர': "r", 'ல': "l", 'ள': "l", 'ழ': "zh", 'வ': "v", 'ற': "r",
	'ஜ': "j", 'ஷ': "sh", 'ஸ': "s", 'ஹ': "h", 'ஶ': "s",
}

const (
	pulli        = '்' // no vowel
	tamilVisarga = 'ஃ'
)

func writeTamil(out []byte, word []rune, reading int) []byte {
	manner := tamilManners[min(reading, len(tamilManners)-1)]
	if reading >= len(tamilManners) {
		manner = tamilManners[0]
	}
	word = withoutHelpers(word)
	at := func(i int) rune {
		if i < 0 || i >= len(word) {
			return 0
		}
		return word[i]
	}
	begun := len(out)
	for i, r := range word {
		if vowel, ok := tamilVowels[r]; ok {
			if reading == 1 && i+1 < len(word) {
				switch r {
				case 'ஈ', 'ீ':
					vowel = "ee"
				case 'ஊ', 'ூ':
					vowel = "oo"
				}
			}
			out = append(out, vowel...)
			continue
		}
		sound := manner.sound(r, i, at)
		if sound == "" && tamilSonants[r] == "" {
			continue
		}
		out = append(out, sound...)
		if next := at(i + 1); next != pulli && (next == 0 || tamilVowels[next] == "" || next < 'ா') {
			out = append(out, 'a')
		}
	}
	written := string(out[begun:])
	return append(out[:begun], tamilClusters.Replace(written)...)
}

// tamilClusters are sounds that Tamil parts with a vowel and Latin spelling does
// not, or that Tamil writes with a stop that it does not have.
var tamilClusters = strings.NewReplacer("tsum", "kshm", "ts", "ksh", "tch", "ksh", "kirush", "krish", "girush", "krish", "birush", "brish")

// withoutHelpers drops the vowel that Tamil puts before r at the beginning and
// inside pr: இராமன் is Raman, பிரபு Prabhu.
func withoutHelpers(word []rune) []rune {
	switch {
	case len(word) > 2 && word[0] == 'இ' && word[1] == 'ர':
		return word[1:]
	case len(word) > 3 && word[0] == 'ப' && word[1] == 'ி' && word[2] == 'ர' && word[3] != pulli:
		return append([]rune{'ப', pulli}, word[2:]...)
	}
	return word
}

// sound is the consonant at i, given its neighbours.
func (m *tamilManner) sound(r rune, i int, at func(int) rune) string {
	before, dead := at(i-2), at(i-1) == pulli // the consonant right before
	doubled := dead && before == r
	ahead := at(i+1) == pulli && at(i+2) == r
	switch r {
	case 'க':
		switch {
		case at(i-1) == tamilVisarga:
			return "k"
		case dead && before == 'ங':
			return "g"
		case at(i+1) == pulli && (at(i+2) == 'ன' || at(i+2) == 'ந' || at(i+2) == 'ம'):
			return "g"
		case dead || ahead || at(i+1) == pulli:
			return "k"
		case i == 0:
			return m.ka
		}
		return m.ga
	case 'ச':
		switch {
		case ahead:
			return ""
		case doubled:
			return "ch"
		case dead && before == 'ஞ':
			return "j"
		case dead && (before == 'ட' || before == 'ற'):
			return "s"
		case i == 0:
			return m.ca
		}
		return m.ja
	case 'ட':
		switch {
		case dead && before == 'ண':
			return "d"
		case dead || at(i+1) == pulli:
			return "t"
		case i == 0:
			return m.tta
		}
		return "d"
	case 'த':
		switch {
		case ahead:
			return "t"
		case dead && before == 'ந':
			return m.nta
		case dead, at(i+1) == pulli:
			return "th"
		case i == 0:
			return m.ta
		}
		return m.da
	case 'ப':
		switch {
		case at(i-1) == tamilVisarga:
			return "f"
		case dead && before == 'ம':
			return "b"
		case dead || at(i+1) == pulli:
			return "p"
		case i == 0:
			return m.pa
		}
		return m.ba
	case 'ற':
		switch {
		case ahead:
			return "t"
		case dead && before == 'ன':
			return "dr"
		}
		return "r"
	case 'ங':
		if at(i+1) == pulli && at(i+2) != 'க' {
			return "ng"
		}
	case 'ஞ':
		if i == 0 {
			return "gn"
		}
	case 'ஷ':
		if dead && before == 'க' {
			return "sh"
		}
	}
	return tamilSonants[r]
}
