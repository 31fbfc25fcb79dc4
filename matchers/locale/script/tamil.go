package script

import "strings"

// Tamil writes one letter for a stop, voiced and unvoiced alike; where it stands
// in the word tells which it is, in Tamil words. Sanskrit and Arabic names keep
// their own sound, which the letters do not show: hence the readings. After the
// Tamil Lexicon (1936) and ISO 15919:2001, without marks.
var tamil = &family{write: writeTamil, readings: len(tamilManners), initials: true}

// tamilManner is how a reading sounds the stops: at the beginning of a word,
// between vowels, and after their nasal.
type tamilManner struct {
	ka, ca, ta, tta, pa string // initial
	ga, ja, dda, da, ba string // between vowels
	nka, nta            string // after the nasal
	gi, la              string // the first letter of கீதா, and ழ
	spell               *strings.Replacer
}

// tamilManners are the readings: as the Tamil Lexicon sounds the stops, voiced as in
// names from Sanskrit, between the two and as Sri Lanka writes ழ and வ, and unvoiced.
var tamilManners = [...]tamilManner{
	{"k", "s", "th", "d", "p", "g", "s", "d", "th", "b", "g", "th", "g", "zh", nil},
	{"g", "ch", "d", "t", "b", "g", "s", "d", "dh", "b", "g", "d", "g", "zh", strings.NewReplacer("au", "ow")},
	{"k", "j", "t", "d", "b", "h", "s", "d", "d", "p", "g", "d", "k", "l", strings.NewReplacer("v", "w")},
	{"k", "sh", "d", "t", "p", "k", "ch", "t", "t", "p", "k", "t", "k", "l", nil},
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
	written := tamilClusters.Replace(string(out[begun:]))
	if manner.spell != nil {
		written = manner.spell.Replace(written)
	}
	return append(out[:begun], written...)
}

// tamilClusters are sounds that Tamil parts with a vowel and Latin spelling does
// not, or that Tamil writes with a stop that it does not have.
var tamilClusters = strings.NewReplacer("tsum", "kshm", "ts", "ksh", "tch", "ksh", "kirush", "krish", "girush", "krish", "ppira", "bra")

// withoutHelpers drops the vowel that Tamil puts before r at the beginning and
// inside pr: இராமன் is Raman, பிரபு Prabhu.
func withoutHelpers(word []rune) []rune {
	switch {
	case len(word) > 2 && word[0] == 'இ' && word[1] == 'ர':
		return word[1:]
	case len(word) > 3 && word[0] == 'ப' && word[1] == 'ி' && word[2] == 'ர' && word[3] != pulli:
		helped := append([]rune{'ப', pulli}, word[2:]...)
		if helped[3] == 'ு' {
			helped[3] = 'ி' // Sanskrit ṛ: பிருந்தா is Brinda
		}
		return helped
	}
	return word
}

// place is where a consonant stands in its word.
type place struct {
	letter rune
	first  bool // of the word
	before rune // the consonant right before, without a vowel; 0 for none
	bare   bool // it has no vowel itself
	after  rune // the consonant right behind when it is bare, 0 for none
	vowel  rune // the sign of its vowel, 0 for none
}

// voicing are the vowels before which a k that begins a name is g, as the names are
// Sanskrit: Geetha, Gopal, Gowri.
const voicing = "ீோௌ"

// hard tells whether the consonant is closed in by others and so keeps its sound.
func (p place) hard() bool { return p.before != 0 || p.bare }

// sound is the consonant at i, given its neighbours.
func (m *tamilManner) sound(r rune, i int, at func(int) rune) string {
	p := place{letter: r, first: i == 0, bare: at(i+1) == pulli}
	if at(i-1) == pulli {
		p.before = at(i - 2)
	}
	if p.bare {
		p.after = at(i + 2)
	} else if at(i+1) >= 'ா' {
		p.vowel = at(i + 1)
	}
	if at(i-1) == tamilVisarga {
		switch r {
		case 'க':
			return "k"
		case 'ப':
			return "f"
		}
	}
	switch r {
	case 'ழ':
		return m.la
	case 'க':
		return m.velar(p)
	case 'ச':
		return m.palatal(p)
	case 'ட':
		return m.retroflex(p)
	case 'த':
		return m.dental(p)
	case 'ப':
		return m.labial(p)
	case 'ற':
		switch {
		case p.after == r:
			return "t"
		case p.before == 'ன':
			return "dr"
		}
	case 'ங':
		if p.bare && p.after != 'க' {
			return "ng"
		}
	case 'ஞ':
		if p.first {
			return "gn"
		}
	}
	return tamilSonants[r]
}

func (m *tamilManner) velar(p place) string {
	switch {
	case p.before == 'ங':
		return m.nka
	case p.after == 'ன', p.after == 'ந', p.after == 'ம':
		return "g"
	case p.hard():
		return "k"
	case p.first && p.vowel != 0 && strings.ContainsRune(voicing, p.vowel):
		return m.gi
	case p.first:
		return m.ka
	}
	return m.ga
}

func (m *tamilManner) palatal(p place) string {
	switch {
	case p.after == p.letter:
		return ""
	case p.before == p.letter:
		return "ch"
	case p.before == 'ஞ':
		return "j"
	case p.before == 'ட', p.before == 'ற':
		return "s"
	case p.first:
		return m.ca
	}
	return m.ja
}

func (m *tamilManner) retroflex(p place) string {
	switch {
	case p.before == 'ண':
		return "d"
	case p.hard():
		return "t"
	case p.first:
		return m.tta
	}
	return m.dda
}

func (m *tamilManner) dental(p place) string {
	switch {
	case p.after == p.letter:
		return "t"
	case p.before == 'ந':
		return m.nta
	case p.before == 'ப':
		return "d" // அப்துல் is abdul
	case p.hard():
		return "th"
	case p.first && p.vowel == 'ே' && m.ta == "th":
		return "d" // தேவி is devi
	case p.first:
		return m.ta
	}
	return m.da
}

func (m *tamilManner) labial(p place) string {
	switch {
	case p.before == 'ம', p.after == 'த':
		return "b"
	case p.first && p.after == 'ர':
		return m.pa
	case p.hard():
		return "p"
	case p.first:
		return m.pa
	}
	return m.ba
}
