package script

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// alphabet is a script in which every letter, and some groups of letters, have
// one sound.
type alphabet struct {
	letters map[rune]string
	groups  *strings.Replacer // before the letters are looked up, on lower case; nil is none
	changes []*strings.Replacer
}

func (a *alphabet) write(out []byte, word []rune, reading int) []byte {
	begun := len(out)
	text := strings.ToLower(string(word))
	if a.groups != nil {
		text = a.groups.Replace(text)
	}
	for _, r := range text {
		if r < unicode.MaxASCII {
			out = append(out, byte(r))
			continue
		}
		out = append(out, a.letters[r]...)
	}
	if reading > 0 && reading <= len(a.changes) {
		out = append(out[:begun], a.changes[reading-1].Replace(string(out[begun:]))...)
	}
	return out
}

func (a *alphabet) family() *family { return &family{write: a.write, readings: 1 + len(a.changes)} }

// Greek after ELOT 743:1982, as on passports.
var greek = func() *family {
	a := &alphabet{
		letters: map[rune]string{
			'α': "a", 'β': "v", 'γ': "g", 'δ': "d", 'ε': "e", 'ζ': "z", 'η': "i", 'θ': "th", 'ι': "i", 'κ': "k", 'λ': "l", 'μ': "m", 'ν': "n", 'ξ': "x",
			'ο': "o", 'π': "p", 'ρ': "r", 'σ': "s", 'ς': "s", 'τ': "t", 'υ': "y", 'φ': "f", 'χ': "ch", 'ψ': "ps", 'ω': "o",
		},
		groups: strings.NewReplacer("ου", "ou", "γγ", "ng", "γξ", "nx", "γχ", "nch", "μπ", "b", "ντ", "nt",
			"αυτ", "aft", "αυκ", "afk", "αυσ", "afs", "αυθ", "afth", "αυχ", "afch", "αυ", "av",
			"ευτ", "eft", "ευκ", "efk", "ευσ", "efs", "ευθ", "efth", "ευχ", "efch", "ευ", "ev"),
		changes: []*strings.Replacer{
			strings.NewReplacer("ch", "h", "f", "ph", "ei", "i", "nt", "d", "oi", "i", "y", "i"),
			strings.NewReplacer("ch", "kh", "g", "gh", "av", "au", "ev", "eu", "k", "c"),
		},
	}
	return &family{readings: 1 + len(a.changes), write: func(out []byte, word []rune, reading int) []byte {
		bare := strings.Map(func(r rune) rune {
			if unicode.Is(unicode.Mn, r) {
				return -1
			}
			return r
		}, norm.NFD.String(string(word)))
		return a.write(out, []rune(bare), reading)
	}}
}()

// Georgian after the national system of 2002.
var georgian = (&alphabet{
	letters: map[rune]string{
		'ა': "a", 'ბ': "b", 'გ': "g", 'დ': "d", 'ე': "e", 'ვ': "v", 'ზ': "z", 'თ': "t", 'ი': "i", 'კ': "k", 'ლ': "l", 'მ': "m", 'ნ': "n", 'ო': "o", 'პ': "p",
		'ჟ': "zh", 'რ': "r", 'ს': "s", 'ტ': "t", 'უ': "u", 'ფ': "p", 'ქ': "k", 'ღ': "gh", 'ყ': "q", 'შ': "sh", 'ჩ': "ch", 'ც': "ts", 'ძ': "dz", 'წ': "ts",
		'ჭ': "ch", 'ხ': "kh", 'ჯ': "j", 'ჰ': "h",
	},
	changes: []*strings.Replacer{strings.NewReplacer("q", "k", "gh", "g", "kh", "h")},
}).family()

// Armenian in its eastern sounds, after BGN/PCGN 1981.
var armenian = (&alphabet{
	letters: map[rune]string{
		'ա': "a", 'բ': "b", 'գ': "g", 'դ': "d", 'ե': "e", 'զ': "z", 'է': "e", 'ը': "y", 'թ': "t", 'ժ': "zh", 'ի': "i", 'լ': "l", 'խ': "kh", 'ծ': "ts",
		'կ': "k", 'հ': "h", 'ձ': "dz", 'ղ': "gh", 'ճ': "ch", 'մ': "m", 'յ': "y", 'ն': "n", 'շ': "sh", 'ո': "o", 'չ': "ch", 'պ': "p", 'ջ': "j", 'ռ': "r",
		'ս': "s", 'վ': "v", 'տ': "t", 'ր': "r", 'ց': "ts", 'ւ': "v", 'փ': "p", 'ք': "k", 'օ': "o", 'ֆ': "f", 'և': "ev",
	},
	groups:  strings.NewReplacer("ու", "u", "եւ", "ev"),
	changes: []*strings.Replacer{strings.NewReplacer("gh", "g", "ts", "tz", "zh", "j")},
}).family()

// Dhivehi writes every vowel. After the Latin alphabet of 1976, aspirates without
// their h.
var thaana = (&alphabet{
	letters: map[rune]string{
		'ހ': "h", 'ށ': "sh", 'ނ': "n", 'ރ': "r", 'ބ': "b", 'ޅ': "lh", 'ކ': "k", 'އ': "", 'ވ': "v", 'މ': "m", 'ފ': "f", 'ދ': "dh", 'ތ': "th", 'ލ': "l",
		'ގ': "g", 'ޏ': "gn", 'ސ': "s", 'ޑ': "d", 'ޒ': "z", 'ޓ': "t", 'ޔ': "y", 'ޕ': "p", 'ޖ': "j", 'ޗ': "ch", 'ޘ': "th", 'ޙ': "h", 'ޚ': "kh", 'ޛ': "z",
		'ޜ': "z", 'ޝ': "sh", 'ޞ': "s", 'ޟ': "z", 'ޠ': "t", 'ޡ': "z", 'ޢ': "", 'ޣ': "gh", 'ޤ': "q", 'ޥ': "w",
		'ަ': "a", 'ާ': "a", 'ި': "i", 'ީ': "i", 'ު': "u", 'ޫ': "u", 'ެ': "e", 'ޭ': "e", 'ޮ': "o", 'ޯ': "o",
	},
	groups:  strings.NewReplacer("ށް", "h", "އް", "h", "ތް", "ih"),
	changes: []*strings.Replacer{strings.NewReplacer("dh", "d", "th", "t", "lh", "l")},
}).family()
