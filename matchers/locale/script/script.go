// Package script writes names of any script in plain Latin letters, the way
// their bearers do: রহিমা খাতুন is rahima khatun, สมชาย is somchai. Each script
// has its rules in a file, tables first; no rule knows a name.
//
// The rules follow the romanisations that passports and gazetteers use (the
// Royal Thai system, BGN/PCGN, the UN's, the Unicode CLDR's transforms), without
// their marks. Where a script leaves vowels open, or a letter has two customary
// forms, Readings gives the others.
package script

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"rollcall/matchers/text"

	"golang.org/x/text/unicode/norm"
)

// MaxReadings is the most readings that a text is given.
const MaxReadings = 4

// family is the rule of the scripts of one or more Unicode blocks.
type family struct {
	// write appends a word, of letters and marks of the blocks alone, in Latin
	// letters. Reading 0 is the commonest; a family takes a reading that it does
	// not have for the first.
	write func(out []byte, word []rune, reading int) []byte
	// readings is how many there are.
	readings int
	// initials says that initials are spelt out as the English letters are called: എം is m.
	initials bool
	// join mends what words have with each other; nil is nothing.
	join func(text string, reading int) string
}

// block is a range of code points and the family that reads it.
type block struct {
	first, last rune
	family      *family
}

// Latin writes a text in lower-case Latin letters in the commonest romanisation.
// Words that are Latin already, digits, and letters of scripts without rules stay
// as they are. languages (BCP 47) are those of the register, for letters that sound
// otherwise in each.
func Latin(s string, languages ...string) string {
	if text.ASCII(s) {
		return s
	}
	s = norm.NFKC.String(s)
	return write(s, 0, languages)
}

// Readings gives Latin(s), and after it what else the text may be in Latin
// letters, the likelier first, at most MaxReadings in all.
func Readings(s string, languages ...string) []string {
	if text.ASCII(s) {
		return []string{s}
	}
	s = norm.NFKC.String(s)
	readings := []string{write(s, 0, languages)}
	most := 1
	for _, r := range s {
		if f := of(r); f != nil {
			most = max(most, f.readings)
		}
	}
	for i := 1; i < most; i++ {
		if reading := write(s, i, languages); !slices.Contains(readings, reading) {
			readings = append(readings, reading)
		}
	}
	return readings
}

// of finds the family of a letter or mark, nil for what stays as it is: digits and
// punctuation are the caller's.
func of(r rune) *family {
	if r < blocks[0].first {
		return nil
	}
	for i := range blocks {
		if b := &blocks[i]; r <= b.last {
			if r < b.first || unicode.In(r, unicode.Nd, unicode.P) {
				return nil
			}
			return b.family
		}
	}
	return nil
}

const (
	nonJoiner = '\u200c'
	joiner    = '\u200d'
)

// englishLetters are the names of letters, as the scripts of India are read.
var englishLetters = map[string]byte{
	"bi": 'b', "si": 'c', "di": 'd', "ef": 'f', "eph": 'f', "ji": 'g', "ech": 'h', "ecch": 'h', "ai": 'i', "je": 'j', "ke": 'k', "el": 'l', "em": 'm', "en": 'n',
	"pi": 'p', "kyu": 'q', "ar": 'r', "es": 's', "ti": 't', "yu": 'u', "vi": 'v', "dablyu": 'w', "eks": 'x', "vai": 'y', "jed": 'z', "zed": 'z',
}

// write goes through a text word by word.
func write(s string, reading int, languages []string) string {
	var room [96]byte
	var letters [48]rune
	out, word := room[:0], letters[:0]
	var current, last *family
	flush := func() {
		if len(word) > 0 {
			begun := len(out)
			out = current.write(out, word, reading)
			if letter := englishLetters[string(out[begun:])]; letter != 0 && current.initials {
				out = append(out[:begun], letter)
			}
			word, last = word[:0], current
		}
	}
	for _, r := range s {
		f := current
		if r != joiner && r != nonJoiner || current == nil {
			if f = of(r); f == cyrillic {
				f = cyrillicOf(languages)
			}
		}
		if f != current {
			flush()
			current = f
		}
		if f != nil {
			word = append(word, r)
			continue
		}
		out = utf8.AppendRune(out, r)
	}
	flush()
	text := strings.TrimSpace(string(out))
	if last != nil && last.join != nil {
		text = last.join(text, reading)
	}
	return text
}
