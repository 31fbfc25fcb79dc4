package script

// Hangul syllables are counted, not listed: each is an initial, a vowel and a final
// (The Unicode Standard, section 3.12). In the Revised Romanisation of 2000, with
// the hard initials that most bearers write at the beginning; the further readings
// are the English habits of passports, the letters of the Revised Romanisation as they
// are, and McCune and Reischauer's without marks.
var hangul = &family{write: writeHangul, readings: len(hangulManners)}

var (
	hangulInitials = [...]string{"g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h"}
	hangulVowels   = [...]string{"a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we", "wi", "yu", "eu", "ui", "i"}
	hangulFinals   = [...]string{
		"", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "p", "l", "m", "p", "p", "t", "t", "ng", "t", "t", "k", "t", "p", "t",
	}
)

// hangulManner is how a reading writes what the Revised Romanisation gives.
type hangulManner struct {
	initial map[string]string // at the beginning of a word
	alone   map[string]string // vowels of a syllable without initial
	vowels  map[string]string
	// surnames are those whose letters nobody writes.
	surnames map[rune]string
}

var hangulManners = [...]hangulManner{
	{initial: map[string]string{"g": "k"}, surnames: map[rune]string{'이': "lee", '리': "lee", '박': "park", '최': "choi", '노': "noh", '오': "oh", '우': "woo", '유': "yoo", '안': "ahn", '정': "jung", '림': "lim"}},
	{
		initial:  map[string]string{"g": "k", "r": "l"},
		alone:    map[string]string{"u": "woo"},
		vowels:   map[string]string{"eo": "u", "yeo": "you", "u": "oo", "yu": "yoo", "oe": "oi", "eu": "eu"},
		surnames: map[rune]string{'이': "lee", '리': "lee", '박': "park", '노': "noh", '오': "oh", '허': "hur", '양': "yang", '신': "shin", '심': "shim", '안': "an", '정': "chung", '조': "cho", '주': "joo"},
	},
	{initial: map[string]string{"r": "n"}, surnames: map[rune]string{'이': "yi", '박': "bak", '정': "jeong", '조': "jo"}},
	{
		initial:  map[string]string{"g": "k", "d": "t", "b": "p", "j": "ch"},
		vowels:   map[string]string{"eo": "o", "yeo": "yo", "eu": "u"},
		surnames: map[rune]string{'이': "rhee", '박': "pak", '유': "yu", '류': "ryu", '림': "rim", '임': "im"},
	},
}

const (
	firstHangul = 0xac00
	lastHangul  = 0xd7a3
)

func writeHangul(out []byte, word []rune, reading int) []byte {
	if reading >= len(hangulManners) {
		reading = 0
	}
	m := &hangulManners[reading]
	for i, r := range word {
		if r < firstHangul || r > lastHangul {
			continue
		}
		if surname := m.surnames[r]; i == 0 && surname != "" && (len(word) == 1 || len(word) == 3) {
			out = append(out, surname...)
		} else {
			out = m.syllable(out, int(r-firstHangul), i == 0)
		}
		if i == 0 && len(word) == 3 {
			out = append(out, ' ')
		}
	}
	return out
}

// syllable appends the n-th syllable of the block.
func (m *hangulManner) syllable(out []byte, n int, begins bool) []byte {
	initial, vowel, final := hangulInitials[n/588], hangulVowels[n%588/28], hangulFinals[n%28]
	if to, ok := m.initial[initial]; ok && begins {
		initial = to
	}
	if to, ok := m.alone[vowel]; ok && initial == "" {
		vowel = to
	} else if to, ok := m.vowels[vowel]; ok {
		vowel = to
	}
	return append(append(append(out, initial...), vowel...), final...)
}
