package script

import "strings"

// Burmese is written by syllables: a consonant, what stands in it, a rhyme and a
// tone. A syllable is a word in the Latin spelling of names, unless it is weak or
// tied to the next: အောင်ဆန်း is aung san, မန္တလေး mantalay. After the conventional
// spelling that BGN/PCGN (1970) settled, and that persons keep.
var burmese = &family{write: writeBurmese, readings: 1 + len(burmeseChanges)}

var burmeseChanges = [...]*strings.Replacer{
	strings.NewReplacer("ht", "t", "ph", "p", "ay", "e", "oke", "ok", "one", "on", "au", "au", "u ", "oo ", "a ", "ar ", "o ", "oe "),
	strings.NewReplacer("y", "r", "yy", "y", "ay", "ei", "one", "oun", "oke", "out", "kr", "ky", "pr", "py", "mr", "my"),
	strings.NewReplacer(" k", "g", " t", "d", " s", "z", " p", "b", "one", "on", "oke", "ok", " ", ""),
}

var burmeseOnsets = map[rune]string{
	'က': "k", 'ခ': "kh", 'ဂ': "g", 'ဃ': "g", 'င': "ng", 'စ': "s", 'ဆ': "s", 'ဇ': "z", 'ဈ': "z", 'ဉ': "ny", 'ည': "ny", 'ဋ': "t", 'ဌ': "ht", 'ဍ': "d",
	'ဎ': "d", 'ဏ': "n", 'တ': "t", 'ထ': "ht", 'ဒ': "d", 'ဓ': "d", 'န': "n", 'ပ': "p", 'ဖ': "ph", 'ဗ': "b", 'ဘ': "b", 'မ': "m", 'ယ': "y", 'ရ': "y",
	'လ': "l", 'ဝ': "w", 'သ': "th", 'ဟ': "h", 'ဠ': "l", 'အ': "", 'ဿ': "th",
}

// burmeseStanding are the vowels that stand alone.
var burmeseStanding = map[rune]string{'ဣ': "i", 'ဤ': "i", 'ဥ': "u", 'ဦ': "u", 'ဧ': "ay", 'ဩ': "aw", 'ဪ': "aw", '၏': "i", '၍': "ywe"}

// burmeseFinals brings the letters that close a syllable to those that sound like
// them: k, ng, s, ny, t, n and y.
var burmeseFinals = map[rune]rune{
	'က': 'က', 'ခ': 'က', 'ဂ': 'က', 'ဃ': 'က', 'င': 'င', 'စ': 'စ', 'ဇ': 'စ', 'ဆ': 'စ', 'ည': 'ည', 'ဉ': 'ဉ', 'တ': 'တ', 'ပ': 'တ', 'ဒ': 'တ', 'ဓ': 'တ', 'ဗ': 'တ',
	'ဘ': 'တ', 'ဖ': 'တ', 'ထ': 'တ', 'ဋ': 'တ', 'ဌ': 'တ', 'ဍ': 'တ', 'သ': 'တ', 'န': 'န', 'မ': 'န', 'ဏ': 'န', 'ယ': 'ယ', 'လ': 'လ', 'ရ': 'ရ', 'ဝ': 'ရ',
}

// burmeseRhymes are a vowel, and a vowel with what closes it.
var burmeseRhymes = map[string]string{
	"": "a", "ာ": "a", "ိ": "i", "ီ": "i", "ု": "u", "ူ": "u", "ေ": "ay", "ဲ": "e", "ော": "aw", "ို": "o",
	"က": "et", "င": "in", "စ": "it", "ည": "i", "ဉ": "in", "တ": "at", "န": "an", "ယ": "e", "လ": "al", "ရ": "a",
	"ာတ": "at", "ာန": "an", "ာယ": "e", "ာက": "ak", "ာင": "an", "ိတ": "eik", "ိန": "ein", "ိက": "eik", "ီန": "ein", "ီတ": "eik",
	"ုတ": "oke", "ုက": "oke", "ုန": "one", "ုလ": "u", "ူတ": "oke", "ူန": "one",
	"ောက": "auk", "ောင": "aung", "ောတ": "awt", "ောန": "awn", "ိုက": "aik", "ိုင": "aing", "ိုယ": "o", "ိုလ": "o", "ိုတ": "ot", "ိုန": "on",
	"ေတ": "it", "ေန": "ein", "ေက": "ek", "ေင": "ein", "ဲန": "en",
	// with a w in the consonant
	"w": "wa", "wာ": "wa", "wတ": "ut", "wန": "un", "wင": "win", "wက": "wet", "wေ": "we", "wဲ": "we", "wယ": "we", "wိ": "wi", "wီ": "wi", "wည": "wi", "wော": "waw",
}

const (
	medialY  = 'ျ'
	medialR  = 'ြ'
	medialW  = 'ွ'
	medialH  = 'ှ'
	tallA    = 'ါ'
	nasalDot = 'ံ'
	creaky   = '့'
	asat     = '်'
	stacker  = '္'
)

// burmeseSyllable is one as it is written.
type burmeseSyllable struct {
	onset   rune
	y, w, h bool
	vowel   []rune
	final   rune // 0 for none
	creaky  bool
	tied    bool // the next consonant stands below the final
	alone   string
}

func writeBurmese(out []byte, word []rune, reading int) []byte {
	begun := len(out)
	syllables := burmeseSyllables(word)
	for i := range syllables {
		s := &syllables[i]
		if i > 0 && !syllables[i-1].tied && !syllables[i-1].weak() && !s.weak() {
			out = append(out, ' ')
		}
		out = s.write(out)
	}
	if reading > 0 && reading <= len(burmeseChanges) {
		text := burmeseChanges[reading-1].Replace(string(out[begun:]) + " ")
		out = append(out[:begun], strings.TrimSpace(text)...)
	}
	return out
}

// weak tells a syllable of a consonant and nothing else, which leans on its neighbour.
// Ma and Ba stand by themselves in names.
func (s *burmeseSyllable) weak() bool {
	return s.onset != 'မ' && s.onset != 'ဘ' && s.alone == "" && len(s.vowel) == 0 && s.final == 0 && !s.y && !s.w && !s.h
}

func (s *burmeseSyllable) write(out []byte) []byte {
	if s.alone != "" {
		return append(out, s.alone...)
	}
	out = append(out, s.sound()...)
	key := string(s.vowel)
	if s.final != 0 {
		key += string(s.final)
	}
	rhyme, known := "", false
	if s.w {
		rhyme, known = burmeseRhymes["w"+key]
		if !known {
			out = append(out, 'w')
		}
	}
	if !known {
		rhyme, known = burmeseRhymes[key]
	}
	for n := len(s.vowel); !known && n >= 0; n-- { // a sign too many
		rhyme, known = burmeseRhymes[string(s.vowel[:n])]
	}
	if rhyme == "ay" && s.onset == 'အ' {
		rhyme = "aye"
	}
	out = append(out, rhyme...)
	if s.creaky && strings.HasSuffix(rhyme, "n") {
		out = append(out, 't') // မြင့် is myint
	}
	return out
}

// sound is the consonant with the y and h that stand in it.
func (s *burmeseSyllable) sound() string {
	onset := burmeseOnsets[s.onset]
	switch {
	case s.h && (s.onset == 'ရ' || s.onset == 'ယ' || s.y && (s.onset == 'သ' || s.onset == 'လ')):
		return "sh"
	case s.h && s.onset == 'ဝ':
		return "wh"
	case s.y && s.onset == 'ခ':
		return "ch"
	case s.y && s.onset == 'င':
		onset = "ny"
	case s.y && onset != "y":
		onset += "y"
	}
	if s.h && onset != "" {
		return "h" + onset
	}
	return onset
}

// burmeseSyllables takes a word apart.
func burmeseSyllables(word []rune) []burmeseSyllable {
	out := make([]burmeseSyllable, 0, len(word)/2+1)
	at := func(i int) rune {
		if i < len(word) {
			return word[i]
		}
		return 0
	}
	for i := 0; i < len(word); i++ {
		r := word[i]
		if alone, ok := burmeseStanding[r]; ok {
			if r == 'ဥ' && (at(i+1) == asat || at(i+1) == creaky && at(i+2) == asat) && len(out) > 0 { // written for ဉ
				out[len(out)-1].final = 'ဉ'
				continue
			}
			out = append(out, burmeseSyllable{alone: alone})
			continue
		}
		if _, ok := burmeseOnsets[r]; ok {
			closes := at(i+1) == asat || at(i+1) == stacker || at(i+1) == creaky && at(i+2) == asat
			if final, ok := burmeseFinals[r]; closes && ok && len(out) > 0 && out[len(out)-1].final == 0 && out[len(out)-1].alone == "" {
				last := &out[len(out)-1]
				last.final = final
				last.tied = at(i+1) == stacker || at(i+2) == stacker
				continue
			}
			if closes && at(i+1) == asat && len(out) > 0 {
				continue // a mute letter
			}
			out = append(out, burmeseSyllable{onset: r})
			continue
		}
		if len(out) == 0 {
			continue
		}
		last := &out[len(out)-1]
		switch r {
		case medialY, medialR:
			last.y = true
		case medialW:
			last.w = true
		case medialH:
			last.h = true
		case creaky:
			last.creaky = true
		case nasalDot:
			last.final = 'န'
		case tallA:
			last.vowel = append(last.vowel, 'ာ')
		case 'ာ', 'ိ', 'ီ', 'ု', 'ူ', 'ေ', 'ဲ':
			last.vowel = append(last.vowel, r)
		}
	}
	return out
}
