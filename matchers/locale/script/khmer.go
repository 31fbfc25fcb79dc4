package script

import (
	"strings"
	"unicode/utf8"
)

// Khmer consonants are of one of two series, and a vowel sign sounds by the series
// of the consonant that carries it. After the romanisation of the Geographic
// Department (UNGEGN, 1996); customary spellings of persons' names are the further
// readings.
var khmer = &family{write: writeKhmer, readings: 1 + len(khmerChanges)}

// khmerChanges are how persons write what gazetteers write otherwise.
var khmerChanges = [...]*strings.Replacer{
	strings.NewReplacer("aev", "eo", "aeu", "oeu", "eae", "e", "ae", "e", "ao", "o", "au", "ao", "ou", "o", "ei", "y", "oea", "oeu", "uo", "ou", "oa", "a", "on", "an", "ueu", "eu", "ue", "i", "nhnh", "nh"),
	strings.NewReplacer("aeu", "eu", "ae", "e", "ou", "u", "ei", "i", "uo", "ua", "oe", "e", "ue", "eu", "o", "a", "ey", "ai", "nhnh", "nh"),
	strings.NewReplacer("om", "um", "o", "u", "ei", "ey", "ou", "oo", "ch", "j", "ie", "i", "ue", "i", "e", "i", "nhnh", "nh"),
}

// khmerLetter is a consonant: its sound before a vowel, after one, and its series.
type khmerLetter struct {
	onset, final string
	second       bool // the o series
	sonant       bool // gives way to the series of the consonant it stands under
}

var khmerLetters = map[rune]khmerLetter{
	'ក': {"k", "k", false, false}, 'ខ': {"kh", "k", false, false}, 'គ': {"k", "k", true, false}, 'ឃ': {"kh", "k", true, false}, 'ង': {"ng", "ng", true, true},
	'ច': {"ch", "ch", false, false}, 'ឆ': {"chh", "ch", false, false}, 'ជ': {"ch", "ch", true, false}, 'ឈ': {"chh", "ch", true, false}, 'ញ': {"nh", "nh", true, true},
	'ដ': {"d", "t", false, false}, 'ឋ': {"th", "t", false, false}, 'ឌ': {"d", "t", true, false}, 'ឍ': {"th", "t", true, false}, 'ណ': {"n", "n", false, true},
	'ត': {"t", "t", false, false}, 'ថ': {"th", "t", false, false}, 'ទ': {"t", "t", true, false}, 'ធ': {"th", "t", true, false}, 'ន': {"n", "n", true, true},
	'ប': {"b", "p", false, false}, 'ផ': {"ph", "p", false, false}, 'ព': {"p", "p", true, false}, 'ភ': {"ph", "p", true, false}, 'ម': {"m", "m", true, true},
	'យ': {"y", "y", true, true}, 'រ': {"r", "r", true, true}, 'ល': {"l", "l", true, true}, 'វ': {"v", "v", true, true},
	'ឝ': {"s", "s", false, false}, 'ឞ': {"s", "s", false, false}, 'ស': {"s", "s", false, false}, 'ហ': {"h", "", false, false}, 'ឡ': {"l", "l", false, true}, 'អ': {"", "", false, false},
}

// khmerVowels are the vowels in the first and the second series.
var khmerVowels = map[string][2]string{
	"": {"a", "o"}, "់": {"a", "o"}, "ា": {"a", "ea"}, "ា់": {"a", "oa"}, "ិ": {"e", "i"}, "ី": {"ei", "i"}, "ឹ": {"oe", "ue"}, "ឺ": {"eu", "ueu"},
	"ុ": {"o", "u"}, "ូ": {"ou", "u"}, "ួ": {"uo", "uo"}, "ើ": {"aeu", "eu"}, "ឿ": {"oea", "oea"}, "ៀ": {"ie", "ie"}, "េ": {"e", "e"}, "ែ": {"ae", "eae"},
	"ៃ": {"ai", "ey"}, "ោ": {"ao", "ou"}, "ៅ": {"au", "ov"}, "ុំ": {"om", "um"}, "ំ": {"am", "um"}, "ាំ": {"am", "oam"}, "ះ": {"ah", "eah"}, "ុះ": {"oh", "uh"},
	"េះ": {"eh", "ih"}, "ោះ": {"aoh", "uoh"}, "ិះ": {"eh", "ih"}, "ឹះ": {"oeh", "ueh"}, "ៈ": {"a", "eak"}, "័": {"a", "oa"},
}

// khmerStanding are the vowels that stand alone.
var khmerStanding = map[rune]string{
	'ឣ': "a", 'ឤ': "a", 'ឥ': "e", 'ឦ': "ei", 'ឧ': "u", 'ឨ': "u", 'ឩ': "u", 'ឪ': "ov", 'ឫ': "rue", 'ឬ': "rue", 'ឭ': "lue", 'ឮ': "lue", 'ឯ': "ae", 'ឰ': "ai",
	'ឱ': "ao", 'ឲ': "ao", 'ឳ': "au",
}

const (
	coeng         = '្' // the next consonant stands below
	khmerSilencer = '៍'
	toFirst       = '៉'
	toSecond      = '៊'
	shortener     = '់'
	samyok        = '័'
)

// khmerCluster is a consonant, those under it, and the marks that follow.
type khmerCluster struct {
	letters []rune // without coengs
	marks   string // of vowels, in the order of khmerVowels' keys
	first   bool   // shifted to the first series
	second  bool   // to the second
	alone   string // a vowel without a consonant
}

func writeKhmer(out []byte, word []rune, reading int) []byte {
	begun := len(out)
	clusters := khmerClusters(word)
	series := 1
	open := false // the last vowel can take a consonant after it
	for i := 0; i < len(clusters); i++ {
		c := &clusters[i]
		end := i == len(clusters)-1
		if c.alone != "" {
			out, open = append(out, c.alone...), true
			continue
		}
		head := khmerLetters[c.letters[0]]
		switch {
		case c.marks == "" && open && len(c.letters) == 1 && head.final != "":
			out, open = append(out, head.final...), false
			continue
		case end && open && len(c.letters) > 1 && (c.marks == "" || c.marks == "ិ" || c.marks == "ុ") && head.final != "":
			out = append(out, head.final...) // ចន្ទ is chan, សម្បត្តិ sambat
			continue
		}
		next := rune(0)
		if !end && len(clusters[i+1].letters) > 0 {
			next = clusters[i+1].letters[0]
		}
		if len(c.letters) > 1 && c.letters[0] == c.letters[1] && head.sonant && i > 0 {
			c.first = c.first || series == 0 // កញ្ញា is kanha
		}
		series = c.series()
		out, open = c.write(out, next)
	}
	if reading > 0 && reading <= len(khmerChanges) {
		out = append(out[:begun], khmerChanges[reading-1].Replace(string(out[begun:]))...)
		out = khmerName(out, begun, reading)
	}
	return out
}

// khmerName gives a word the spelling of names where it begins and ends: Sothy, and in
// the last reading Panha for what begins with b.
func khmerName(out []byte, begun, reading int) []byte {
	last := len(out) - 1
	if reading == 1 && last-begun > 1 && out[last] == 'i' && strings.IndexByte("aeiou", out[last-1]) < 0 {
		out[last] = 'y'
	}
	if reading == len(khmerChanges) && last > begun && out[begun] == 'b' {
		out[begun] = 'p'
	}
	return out
}

// write appends a cluster with its vowel and tells whether the syllable is open.
// next is the consonant after it, 0 for none.
func (c *khmerCluster) write(out []byte, next rune) ([]byte, bool) {
	for i, r := range c.letters {
		sound := khmerLetters[r].onset
		if r == 'ប' && i == 0 && (c.first || len(c.letters) > 1) {
			sound = "p"
		}
		out = append(out, sound...)
	}
	series := c.series()
	switch {
	case strings.Contains(c.marks, string(samyok)) && next == 'យ':
		return append(out, [...]string{"a", "e"}[series]...), true
	case c.marks == "ាំ" && next == 'ង':
		return append(out, [...]string{"a", "ea"}[series]...), true
	case c.marks == "ំ" && next == 'ង':
		return append(out, [...]string{"o", "o"}[series]...), true
	}
	marks := c.marks
	vowel, known := khmerVowels[marks]
	for !known && marks != "" { // a mark too many
		_, size := utf8.DecodeLastRuneInString(marks)
		marks = marks[:len(marks)-size]
		vowel, known = khmerVowels[marks]
	}
	out = append(out, vowel[series]...)
	closed := strings.HasSuffix(vowel[series], "m") || strings.HasSuffix(vowel[series], "h")
	return out, !closed
}

// series is that of the strongest consonant, 0 for the first, unless it is shifted.
func (c *khmerCluster) series() int {
	second := khmerLetters[c.letters[0]].second
	for _, r := range c.letters[1:] {
		if l := khmerLetters[r]; !l.sonant {
			second = l.second
		}
	}
	if second && !c.first || c.second {
		return 1
	}
	return 0
}

// khmerClusters takes a word apart. A consonant with a silencer is left out.
func khmerClusters(word []rune) []khmerCluster {
	out := make([]khmerCluster, 0, len(word))
	for i := 0; i < len(word); i++ {
		r := word[i]
		if _, ok := khmerLetters[r]; ok {
			if i > 0 && word[i-1] == coeng && len(out) > 0 && len(out[len(out)-1].letters) > 0 {
				last := &out[len(out)-1]
				last.letters = append(last.letters, r)
				continue
			}
			out = append(out, khmerCluster{letters: []rune{r}})
			continue
		}
		if alone, ok := khmerStanding[r]; ok {
			out = append(out, khmerCluster{alone: alone})
			continue
		}
		if len(out) == 0 {
			continue
		}
		last := &out[len(out)-1]
		switch {
		case r == khmerSilencer:
			out = out[:len(out)-1]
		case r == toFirst:
			last.first = true
		case r == toSecond:
			last.second = true
		case r == shortener && (last.marks == "" || last.marks != "ា"):
			// The consonant that it stands on closes the syllable anyway.
		case r == shortener, r == samyok, r >= 'ា' && r <= 'ៈ':
			last.marks += string(r)
		}
	}
	return out
}
