package script

import (
	"slices"
	"strings"
)

// Thai and Lao write a syllable as consonants with vowels before, above, below and
// behind them, without marking where it ends. A word is cut where the pieces are
// the likeliest: the fewest vowels that nobody wrote. After the Royal Institute's
// General System (RTGS, 1999) and the names' own habits; for Lao the system of
// BGN/PCGN 1966, in which u is ou.
//
// The Lao block repeats the Thai one, 0x80 further on: both are read as Thai.
type tai struct {
	onsets map[rune]string
	finals map[rune]string
	nuclei map[string]string // vowels that are spelt otherwise than in Thai
	unsaid bool              // vowels may be left unwritten
	// spellings write the sounds that the readings spell differently, which stand in
	// capitals until then: J for จ, I and U for the long vowels, R and L for finals.
	spellings []*strings.Replacer
}

var (
	thai = &family{write: (&thaiLetters).write, readings: len(thaiLetters.spellings)}
	lao  = &family{write: (&laoLetters).write, readings: len(laoLetters.spellings)}
)

var thaiOnsets = map[rune]string{
	'ก': "k", 'ข': "kh", 'ฃ': "kh", 'ค': "kh", 'ฅ': "kh", 'ฆ': "kh", 'ง': "ng", 'จ': "J", 'ฉ': "ch", 'ช': "ch", 'ซ': "s", 'ฌ': "ch",
	'ญ': "y", 'ฎ': "d", 'ฏ': "t", 'ฐ': "th", 'ฑ': "th", 'ฒ': "th", 'ณ': "n", 'ด': "d", 'ต': "t", 'ถ': "th", 'ท': "th", 'ธ': "th",
	'น': "n", 'บ': "b", 'ป': "p", 'ผ': "ph", 'ฝ': "f", 'พ': "ph", 'ฟ': "f", 'ภ': "ph", 'ม': "m", 'ย': "y", 'ร': "r", 'ล': "l", 'ว': "w",
	'ศ': "s", 'ษ': "s", 'ส': "s", 'ห': "h", 'ฬ': "l", 'อ': "", 'ฮ': "h",
}

var thaiFinals = map[rune]string{
	'ก': "k", 'ข': "k", 'ค': "k", 'ฆ': "k", 'ง': "ng", 'จ': "t", 'ช': "t", 'ซ': "t", 'ฌ': "t", 'ฎ': "t", 'ฏ': "t", 'ฐ': "t", 'ฑ': "t", 'ฒ': "t",
	'ด': "t", 'ต': "t", 'ถ': "t", 'ท': "t", 'ธ': "t", 'ศ': "t", 'ษ': "t", 'ส': "t", 'ญ': "n", 'ณ': "n", 'น': "n", 'ร': "R", 'ล': "L", 'ฬ': "L",
	'บ': "p", 'ป': "p", 'พ': "p", 'ฟ': "p", 'ภ': "p", 'ม': "m", 'ย': "i", 'ว': "o",
}

var thaiLetters = tai{
	onsets: thaiOnsets, finals: thaiFinals, unsaid: true,
	spellings: []*strings.Replacer{
		strings.NewReplacer("J", "ch", "I", "i", "U", "u", "R", "n", "L", "n"),
		strings.NewReplacer("J", "j", "I", "ee", "U", "u", "oR", "orn", "R", "rn", "L", "l",
			"ph", "p", "kh", "k", "th", "t", "uea", "ua", "ue", "u", "aeo", "aew", "ae", "a", "io", "iw"),
		strings.NewReplacer("J", "j", "I", "i", "U", "u", "R", "n", "L", "l", "w", "v", "ph", "b", "ue", "u", "th", "d", "kh", "g"),
		strings.NewReplacer("J", "ch", "I", "i", "U", "oo", "R", "rn", "L", "l", "at", "ad", "ak", "ag", "wong", "vong", "ut", "ud", "ph", "p", "th", "t", "ue", "eu"),
	},
}

var laoLetters = tai{
	onsets: map[rune]string{
		'ก': "k", 'ข': "kh", 'ค': "kh", 'ง': "ng", 'จ': "J", 'ช': "x", 'ญ': "gn", 'ด': "d", 'ต': "t", 'ถ': "th", 'ท': "th", 'น': "n", 'บ': "b",
		'ป': "p", 'ผ': "ph", 'ฝ': "f", 'พ': "ph", 'ฟ': "f", 'ม': "m", 'ย': "y", 'ร': "r", 'ล': "l", 'ว': "v", 'ส': "s", 'ห': "h", 'อ': "", 'ฮ': "h",
	},
	finals: map[rune]string{
		'ก': "k", 'ง': "ng", 'ด': "t", 'น': "n", 'บ': "p", 'ม': "m", 'ญ': "i", 'ย': "i", 'ว': "o", laoNyo: "i", 'ต': "t", 'ส': "t", 'ร': "R", 'ล': "L", 'พ': "p", 'ท': "t",
	},
	nuclei: map[string]string{"u": "ou", "U": "ou", "ue": "eu", "uea": "eua", "ua": "oua", "ae": "e", "oe": "eu", "am": "am"},
	spellings: []*strings.Replacer{
		strings.NewReplacer("J", "ch", "I", "i", "U", "u", "R", "n", "L", "n"),
		strings.NewReplacer("J", "ch", "I", "i", "U", "u", "R", "n", "L", "n", "x", "s", "gn", "y", "ou", "u", "eua", "ua"),
		strings.NewReplacer("J", "ch", "I", "y", "U", "u", "R", "n", "L", "n", "ai", "ay", "gn", "nh", "oua", "ua", "v", "w", "eu", "oe"),
		strings.NewReplacer("J", "j", "I", "ee", "U", "u", "R", "n", "L", "n", "s", "x", "gn", "ny", "ay", "ai", "ph", "p"),
	},
}

const (
	laoOffset = 0x80
	laoNyo    = 'ຽ' - laoOffset // ia, or a final i
	laoO      = 'ົ' - laoOffset // the short o within a syllable
	laoLo     = 'ຼ' - laoOffset // an l below
	silencer  = '์'
	mute      = 60 // letters of a word that are looked at; longer ones are cut
)

// thaiSyllable is one way to read what stands at a place.
type thaiSyllable struct {
	next                int // where the following one begins
	cost                int // of this and all that follow
	onset, glide, vowel string
	final               string
}

func (t *tai) write(out []byte, word []rune, reading int) []byte {
	var room [mute]rune
	begun := len(out)
	letters := t.clean(room[:0], word)
	for len(letters) > 0 {
		part := letters[:min(len(letters), mute)]
		letters = letters[len(part):]
		out = t.part(out, part)
	}
	if reading >= len(t.spellings) {
		reading = 0
	}
	return append(out[:begun], t.spellings[reading].Replace(string(out[begun:]))...)
}

// clean brings Lao letters to Thai ones, drops tone marks, and letters that a
// silencer mutes.
func (t *tai) clean(out []rune, word []rune) []rune {
	for _, r := range word {
		if r >= 'ກ' {
			switch r {
			case 'ໜ':
				out = append(out, 'ห')
				r = 'น'
			case 'ໝ':
				out = append(out, 'ห')
				r = 'ม'
			default:
				r -= laoOffset
			}
		}
		switch r {
		case '่', '้', '๊', '๋', '็', '๎', 'ๆ', 'ฯ', joiner, nonJoiner:
		case silencer:
			if n := len(out); n > 0 && (out[n-1] == 'ิ' || out[n-1] == 'ุ') {
				out = out[:n-1]
			}
			if n := len(out); n > 1 {
				r := out[n-1]
				out = out[:n-1]
				if stop := out[n-2]; r == 'ร' && n > 2 && (stop == 'ท' || stop == 'ต') && t.finals[out[n-3]] != "" {
					out = out[:n-2] // จันทร์ is chan
				}
			}
		case 'า':
			if n := len(out); n > 0 && out[n-1] == 'ํ' { // am, taken apart by NFKC
				out[n-1] = 'ำ'
				continue
			}
			out = append(out, r)
		default:
			out = append(out, r)
		}
	}
	return out
}

// part appends the likeliest reading of some letters.
func (t *tai) part(out []byte, w []rune) []byte {
	best := make([]thaiSyllable, len(w)+1)
	for i := len(w) - 1; i >= 0; i-- {
		// A letter that nothing explains is skipped, at a price.
		best[i] = thaiSyllable{next: i + 1, cost: best[i+1].cost + 50}
		t.syllables(w, i, func(s thaiSyllable) {
			s.cost += best[s.next].cost
			if s.cost < best[i].cost {
				best[i] = s
			}
		})
	}
	for i := 0; i < len(w); i = best[i].next {
		s := &best[i]
		vowel := s.vowel
		if other, ok := t.nuclei[vowel]; ok {
			vowel = other
		}
		out = append(out, s.onset...)
		out = append(out, s.glide...)
		out = append(out, vowel...)
		out = append(out, s.final...)
	}
	return out
}

func letter(w []rune, i int) rune {
	if i < len(w) {
		return w[i]
	}
	return 0
}

// written tells a vowel that stands above, below or behind its consonant.
func writtenVowel(r rune) bool { return r >= 'ะ' && r <= 'ู' || r == laoO || r == 'ํ' }

// syllables tells every reading of what stands at i.
func (t *tai) syllables(w []rune, i int, tell func(thaiSyllable)) {
	leading := rune(0)
	start := i
	if r := w[i]; r >= 'เ' && r <= 'ไ' {
		leading = r
		start++
	}
	if w[i] == 'ฤ' {
		r := 3
		if letter(w, i+1) == 'ท' {
			r = 1 // ฤทธิ์ is rit, ฤดี ruedi
		}
		t.close(w, i+1, "r", "", "ue", 2, tell)
		t.close(w, i+1, "r", "", "i", r, tell)
		return
	}
	c := letter(w, start)
	onset, ok := t.onsets[c]
	if !ok {
		return
	}
	t.rhymes(w, start+1, leading, onset, "", 0, tell)
	next := letter(w, start+1)
	switch {
	case c == 'ห' && strings.ContainsRune(breathed, next):
		sound := t.onsets[next]
		if next == laoLo {
			sound = "l"
		}
		t.rhymes(w, start+2, leading, sound, "", -2, tell)
	case (c == 'ท' || c == 'ส' || c == 'ศ') && next == 'ร' && t.unsaid:
		t.rhymes(w, start+2, leading, "s", "", 0, tell)
	case strings.ContainsRune("กขคตปผพบดฟ", c) && (next == 'ร' || next == 'ล' || next == laoLo), strings.ContainsRune("กขค", c) && next == 'ว':
		glide := t.onsets[next]
		if next == laoLo {
			glide = "l"
		}
		t.rhymes(w, start+2, leading, onset, glide, 0, tell)
	case next == 'ฤ':
		vowel := "ue" // พฤกษา is phrueksa, กฤษณะ kritsana
		if strings.ContainsRune("กตทปศส", c) {
			vowel = "i"
		}
		t.close(w, start+2, onset, "r", vowel, 1, tell)
	case leading == 'เ' && t.unsaid && (next == 'ร' || next == 'ล') && letter(w, start+2) == 'ิ':
		t.rhymes(w, start+2, leading, onset+"a"+t.onsets[next], "", -2, tell) // เจริญ is charoen
	case leading != 0 && t.unsaid && t.onsets[next] != "" && start+2 < len(w) && !writtenVowel(next):
		// เฉลิม is cha-loem: the vowel before both belongs to the second.
		t.rhymes(w, start+2, leading, onset+"a"+t.onsets[next], "", 16, tell)
	}
}

// rhymes are the readings of a syllable whose consonants end before i.
type rhymes struct {
	*tai
	w             []rune
	i             int
	onset, glide  string
	cost          int
	tell          func(thaiSyllable)
	letter, after rune // at i and behind it, 0 for none
}

func (t *tai) rhymes(w []rune, i int, leading rune, onset, glide string, cost int, tell func(thaiSyllable)) {
	r := rhymes{t, w, i, onset, glide, cost, tell, letter(w, i), letter(w, i+1)}
	switch leading {
	case 0:
		r.behind()
		if t.unsaid && !writtenVowel(r.letter) {
			r.unwritten()
		}
	case 'เ':
		r.afterE()
	default:
		r.afterLeading(leading)
	}
}

// open tells a syllable without a final, which takes so many letters from i on.
func (r *rhymes) open(letters int, vowel string, cost int) {
	r.tell(thaiSyllable{next: r.i + letters, cost: r.cost + cost, onset: r.onset, glide: r.glide, vowel: vowel})
}

// closed tells it with what may close it after those letters, and without.
func (r *rhymes) closed(letters int, vowel string, cost int) {
	r.close(r.w, r.i+letters, r.onset, r.glide, vowel, r.cost+cost, r.tell)
}

// shut tells it only with what closes it.
func (r *rhymes) shut(letters int, vowel string, cost int) {
	r.tai.shut(r.w, r.i+letters, r.onset, r.glide, vowel, r.cost+cost, r.tell)
}

// thaiLeading are the vowels before a consonant that mean one thing.
var thaiLeading = map[rune]string{'ไ': "ai", 'ใ': "ai", 'โ': "o", 'แ': "ae"}

// afterLeading reads ไ, ใ, โ and แ before the consonant.
func (r *rhymes) afterLeading(leading rune) {
	vowel := thaiLeading[leading]
	switch {
	case vowel == "ai":
		r.open(0, vowel, 2)
		if r.letter == 'ย' && !writtenVowel(r.after) {
			r.open(1, vowel, 2)
		}
	case r.letter == 'ะ':
		r.open(1, vowel, 2)
	default:
		r.closed(0, vowel, 2)
	}
}

// afterE reads เ before the consonant, which means nine vowels with what follows.
func (r *rhymes) afterE() {
	switch l, after := r.letter, r.after; {
	case l == 'า' && after == 'ะ':
		r.open(2, "o", 2)
	case l == 'า':
		r.open(1, "ao", 2)
	case l == laoO && after == 'า':
		r.open(2, "ao", 2)
	case l == 'ะ':
		r.open(1, "e", 2)
	case (l == 'ี' || l == 'ั') && (after == 'ย' || after == laoNyo):
		r.closed(2, "ia", 2)
	case (l == 'ื' || l == 'ึ') && after == 'อ':
		r.closed(2, "uea", 2)
	case l == 'ิ':
		r.closed(1, "oe", 2)
	case l == 'ั':
		r.shut(1, "e", 2)
	case l == 'อ' && !writtenVowel(after):
		r.closed(1, "oe", 2)
	case l == 'ย' && !writtenVowel(after):
		if r.unsaid {
			r.open(1, "oei", 2)
		} else {
			r.closed(1, "ia", 2)
		}
		r.closed(0, "e", 8)
	default:
		r.closed(0, "e", 2)
	}
}

// thaiSigns are the vowels above, below and behind a consonant that mean one thing
// and may be closed.
var thaiSigns = map[rune]string{'า': "a", 'ิ': "i", 'ี': "I", 'ุ': "u", 'ู': "U", 'ํ': "o", laoNyo: "ia"}

// behind reads the vowels that follow the consonant.
func (r *rhymes) behind() {
	if vowel, ok := thaiSigns[r.letter]; ok {
		r.closed(1, vowel, 2)
		return
	}
	afterNext := letter(r.w, r.i+2)
	switch r.letter {
	case 'ะ':
		r.open(1, "a", 2)
	case 'ำ':
		r.open(1, "am", 2)
	case 'ั':
		switch {
		case r.after == 'ว' && afterNext == 'ะ':
			r.open(3, "ua", 2)
		case r.after == 'ว' && !writtenVowel(afterNext):
			r.open(2, "ua", 2)
		case r.after == laoNyo:
			r.open(2, "ai", 2)
		}
		r.shut(1, "a", 2)
	case 'ึ', 'ื':
		if r.letter == 'ื' && r.after == 'อ' {
			r.open(2, "ue", 2)
		}
		r.closed(1, "ue", 3)
	case laoO:
		if r.after == 'ว' {
			r.open(2, "ua", 2)
		}
		r.shut(1, "o", 2)
	case 'อ':
		if !writtenVowel(r.after) {
			r.closed(1, "o", 3)
		}
	case 'ว':
		if writtenVowel(r.after) || r.after == 0 {
			return
		}
		if r.after == 'ย' && !writtenVowel(afterNext) {
			r.open(2, "uai", 3)
		}
		r.shut(1, "ua", 7)
	}
}

// unwritten reads a consonant without a vowel: o before a final, a without one.
func (r *rhymes) unwritten() {
	if r.letter == 'ร' && r.after == 'ร' {
		r.shut(2, "a", 2)
		r.open(2, "an", 3)
	}
	switch {
	case r.letter == 'ร' && r.i == 1 && r.onsets[r.after] != "" && r.onset != "ph":
		r.open(1, "ora", 11) // วรวุฒิ is worawut
	case r.i == 1 && r.after != 0 && slices.Contains(stems, string(r.w[:2])):
		r.open(1, "a"+r.onsets[r.letter]+"a", 6)
	case r.letter == 'ห' && r.after == 'ม':
		r.tell(thaiSyllable{next: r.i + 2, cost: r.cost + 10, onset: r.onset, glide: r.glide, vowel: "o", final: "m"})
	case r.letter != 'ย' && r.letter != 'ว':
		r.shut(0, "o", 10)
	}
	last := letter(r.w, r.i-1)
	switch {
	case r.letter == 0: // no word ends in such a vowel
		r.open(0, "a", 16)
	case r.glide != "", last == 'ร', last == 'ล':
		r.open(0, "a", 14)
	default:
		r.open(0, "a", 10)
	}
}

// breathed are the letters that a silent ห stands before.
const breathed = "งญนมยรลว" + string(laoLo)

// stems of Sanskrit begin many names and keep both their vowels: ธนพล is thanaphon.
var stems = []string{"ธน", "คณ", "นว"}

// clustering are letters that take r after them.
const clustering = "กขคตทดบปพสศ"

// aspirated are letters that rather begin a syllable than close it.
const aspirated = "ขฉชจซถผฝสศษหฮ"

// close tells a syllable with its vowel open, and closed by what stands at i.
func (t *tai) close(w []rune, i int, onset, glide, vowel string, cost int, tell func(thaiSyllable)) {
	tell(thaiSyllable{next: i, cost: cost + 3, onset: onset, glide: glide, vowel: vowel})
	t.shut(w, i, onset, glide, vowel, cost, tell)
}

// shut tells a syllable closed by what stands at i, if it can close one.
func (t *tai) shut(w []rune, i int, onset, glide, vowel string, cost int, tell func(thaiSyllable)) {
	r, after := letter(w, i), letter(w, i+1)
	if vowel == "ia" && r == 'ร' && after == 'ต' && letter(w, i+2) == 'ิ' && t.unsaid {
		s := thaiSyllable{next: i + 1, cost: cost, onset: onset, glide: glide, vowel: vowel, final: "t"}
		if i+3 == len(w) {
			s.next = i + 3
		}
		tell(s) // เกียรติ is kiat, เกียรติศักดิ์ kiattisak
		return
	}
	f, ok := t.finals[r]
	if !ok {
		return
	}
	s := thaiSyllable{next: i + 1, cost: cost, onset: onset, glide: glide, vowel: vowel, final: f}
	if after != 0 && strings.ContainsRune(aspirated, r) {
		s.cost += 3
	}
	switch {
	case r == 'ว' && vowel == "i":
		s.cost += 6
	case r == 'ร' && (vowel == "i" || vowel == "u") && after != 0 && t.unsaid:
		s.cost += 20 // สุรชัย is surachai
	case after == 'ร' && strings.ContainsRune(clustering, r) && i+2 < len(w):
		s.cost += 3
	case vowel == "a" && letter(w, i-1) == 'ั' && after != 0 && (r == 'ฐ' || r == 'ฒ' || r == 'ต' && after == 'น'):
		s.final += t.onsets[r] + "a" // ณัฐพล is natthaphon, รัตนา rattana
	}
	switch {
	case !writtenVowel(after):
		tell(s)
		if i+2 == len(w) && f == "t" && (after == 'ร' && r != 'ด' || t.finals[after] == "t") && writtenVowel(letter(w, i-1)) {
			s.next = i + 2 // the last of two is mute: บุตร is but, พุทธ phut
			tell(s)
		}
	case (after == 'ิ' || after == 'ุ') && i+2 == len(w) && t.unsaid && f == "t" && vowel != "i" && vowel != "I" && (vowel != "u" || r == 'ฒ'): // ปิติ is piti, วุฒิ wut
		s.next = i + 2 // ชาติ is chat
		s.cost += 2
		tell(s)
	}
}
