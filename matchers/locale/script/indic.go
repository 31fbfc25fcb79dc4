package script

import "strings"

// The scripts that descend from Brahmi have one order of letters in Unicode,
// which follows the Indian standard ISCII (IS 13194:1991): a letter stands at one
// offset in each block. These are the offsets that the rules ask for.
const (
	candrabindu = 0x01
	anusvara    = 0x02
	visarga     = 0x03
	firstVowel  = 0x05
	letterAe    = 0x0d // of Sinhala; elsewhere a short e
	lastVowel   = 0x14
	letterKa    = 0x15
	letterNga   = 0x19
	letterJa    = 0x1c
	letterNya   = 0x1e
	letterTta   = 0x1f
	letterNna   = 0x23
	letterNa    = 0x28
	letterPa    = 0x2a
	letterBa    = 0x2c
	letterMa    = 0x2e
	letterYa    = 0x2f
	letterRa    = 0x30
	letterRra   = 0x31
	letterLa    = 0x32
	letterVa    = 0x35
	letterSsa   = 0x37
	letterHa    = 0x39
	nukta       = 0x3c
	firstSign   = 0x3e // of a vowel: aa
	signAe      = 0x45 // as letterAe
	lastSign    = 0x4c
	virama      = 0x4d
	auLength    = 0x57 // the right half of au, which stands for the whole
	tippi       = 0x70 // of Gurmukhi alone; elsewhere a letter
	blockSize   = 0x80
)

// brahmic are the letters of one such script.
type brahmic struct {
	first      rune
	vowels     [lastVowel - firstVowel + 1]string
	consonants [letterHa - letterKa + 1]string
	dotted     map[rune]string // consonants with a nukta, by offset
	extra      map[rune]string // consonants outside the common order, by offset
	dead       map[rune]string // the same, without a vowel
	ksha, jnya string
	wAfter     rune  // the letter that sounds as w after a consonant
	silentA    schwa // where the inherent vowel is not heard
	malayalam  bool  // rr doubled is tt, and stops sound by their place
	finalM     bool  // a final anusvara is m
	anusvaraNg bool  // anusvara is ng wherever it stands
	others     []customary
}

// customary is another way to write a script: an inherent vowel if it is another
// one, and spellings to change.
type customary struct {
	inherent string
	last     string // a at the end of a word, if it is another one
	ae       string // the vowel of Sinhala between a and e, if it is another one
	english  bool   // long i and u inside a word are ee and oo
	spell    *strings.Replacer
	final    [2]string // what a word ends in, and what is written for it
}

// spelt is a customary way with the inherent vowel of the script; changes are
// pairs of old and new.
func spelt(changes ...string) customary { return customary{spell: strings.NewReplacer(changes...)} }

// schwa tells where an inherent vowel falls silent.
type schwa int

const (
	heard        schwa = iota
	silentAtEnd        // राम is ram
	silentInside       // and जगदीश jagdish
)

// akshara is a written syllable: consonants, a vowel and what closes it.
type akshara struct {
	onset    [4]string
	size     int
	letter   rune // offset of the last consonant, 0 for none
	nasal    bool // the onset begins with a nasal
	vowel    string
	inherent bool
	long     string // the vowel in English letters, where it is a long i or u
	ae       bool   // the vowel is Sinhala's ae
	tail     string
}

// englishLong are the vowels that English spelling shows to be long, by their place
// among the vowels.
var englishLong = map[rune]string{3: "ee", 5: "oo"}

func (b *brahmic) family() *family {
	return &family{write: b.write, readings: 1 + len(b.others), initials: true}
}

func (b *brahmic) write(out []byte, word []rune, reading int) []byte {
	var room [24]akshara
	syllables := b.parse(room[:0], word)
	b.silence(syllables)
	begun := len(out)
	var other customary
	if reading > 0 && reading <= len(b.others) {
		other = b.others[reading-1]
	}
	for i := range syllables {
		s := &syllables[i]
		for _, c := range s.onset[:s.size] {
			out = append(out, c...)
		}
		if s.inherent && s.vowel != "" && other.inherent != "" {
			s.vowel = other.inherent
		}
		if other.ae != "" && s.ae {
			s.vowel = other.ae
		}
		if other.last != "" && s.vowel == "a" && s.tail == "" && i+1 == len(syllables) {
			s.vowel = other.last
		}
		if other.english && s.long != "" && i+1 < len(syllables) {
			s.vowel = s.long
		}
		out = append(out, s.vowel...)
		out = append(out, s.tail...)
	}
	if other.spell != nil {
		out = append(out[:begun], other.spell.Replace(string(out[begun:]))...)
	}
	if n := len(out) - len(other.final[0]); n < len(out) && n > begun && string(out[n:]) == other.final[0] {
		out = append(out[:n], other.final[1]...)
	}
	return out
}

// parse takes a word apart into syllables.
func (b *brahmic) parse(out []akshara, word []rune) []akshara {
	joined := false // a virama waits for the next consonant
	for i := 0; i < len(word); i++ {
		offset := word[i] - b.first
		if offset < 0 || offset >= blockSize {
			continue // joiners
		}
		dotted := i+1 < len(word) && word[i+1] == b.first+nukta
		if text, ok := b.consonant(offset, dotted); ok {
			if !joined || len(out) == 0 {
				out = append(out, akshara{})
			}
			s := &out[len(out)-1]
			s.vowel, s.inherent = b.vowels[0], true
			if b.malayalam && offset == letterTta && s.size == 0 && len(out) > 1 && (i+1 == len(word) || word[i+1] != b.first+virama) {
				text = "d"
			}
			b.add(s, offset, text)
			joined = false
			continue
		}
		last := len(out) - 1
		switch {
		case b.dead[offset] != "":
			out = append(out, akshara{onset: [4]string{b.dead[offset]}, size: 1})
		case offset >= firstVowel && offset <= lastVowel:
			out = append(out, akshara{vowel: b.vowels[offset-firstVowel], long: englishLong[offset-firstVowel], ae: offset == letterAe})
		case last < 0:
		case offset == virama:
			out[last].vowel, out[last].inherent = "", false
			joined = out[last].size > 0 && out[last].size < len(out[last].onset)
			continue
		case offset >= firstSign && offset <= lastSign:
			out[last].vowel, out[last].inherent = b.vowels[offset-firstSign+1], false
			out[last].long, out[last].ae = englishLong[offset-firstSign+1], offset == signAe
		case offset == auLength:
			out[last].vowel, out[last].inherent = b.vowels[len(b.vowels)-1], false
		case offset == anusvara || offset == candrabindu || offset == tippi:
			out[last].tail = b.nasal(word, i, offset)
		}
		joined = false
	}
	return out
}

// consonant is the letter at an offset, with its dot below if it has one.
func (b *brahmic) consonant(offset rune, dotted bool) (string, bool) {
	if dotted && b.dotted[offset] != "" {
		return b.dotted[offset], true
	}
	if offset >= letterKa && offset <= letterHa {
		return b.consonants[offset-letterKa], true
	}
	text, ok := b.extra[offset]
	return text, ok
}

// add puts a consonant at the end of a syllable's onset.
func (b *brahmic) add(s *akshara, offset rune, text string) {
	switch {
	case s.size == 0:
		s.nasal = offset == letterNga || offset == letterNya || offset == letterNna || offset == letterNa || offset == letterMa
	case offset == letterSsa && s.letter == letterKa && b.ksha != "":
		s.size--
		text = b.ksha
	case offset == letterNya && s.letter == letterJa && b.jnya != "":
		s.size--
		text = b.jnya
	case b.malayalam && offset == letterRra && (s.letter == letterRra || s.letter == letterNa):
		s.onset[s.size-1], text = map[bool]string{true: "n", false: "t"}[s.letter == letterNa], "t"
	case b.malayalam && offset == s.letter && (offset == letterNga || offset == letterNya):
		s.size-- // ങ്ങ is ng, ഞ്ഞ nj
	case b.malayalam && s.letter == letterNya:
		s.onset[s.size-1] = "n" // ഞ്ച is nch
	case b.malayalam && offset == letterPa && s.letter == letterMa:
		text = "b"
	case b.malayalam && offset == letterTta && s.letter == letterNna:
		text = "d"
	case offset == b.wAfter && s.letter != offset && s.letter != letterMa && s.letter != letterRa && s.letter != letterLa:
		text = "w"
	case offset == letterYa:
		text = "y"
	case s.letter == letterNga:
		s.onset[s.size-1] = "n" // ng before k and g
	}
	s.onset[s.size], s.letter = text, offset
	s.size++
}

// nasal is what an anusvara or candrabindu at i sounds like before what follows.
func (b *brahmic) nasal(word []rune, i int, offset rune) string {
	next := rune(-1)
	if i+1 < len(word) {
		next = word[i+1] - b.first
	}
	switch {
	case offset == candrabindu && (next < 0 || b.anusvaraNg):
		return ""
	case b.anusvaraNg:
		return "ng"
	case next < 0 && b.finalM, next >= letterPa && next <= letterMa:
		return "m"
	case next == letterHa:
		return "ng"
	}
	return "n"
}

// silence drops inherent vowels that are written and not spoken, from the end
// backwards (Narasimhan, Sproat and Kiraz 2004, "Schwa-Deletion in Hindi
// Text-to-Speech Synthesis"): one between a vowel and a single consonant with a
// vowel, and one at the end after a single consonant or a nasal and a stop.
func (b *brahmic) silence(s []akshara) {
	last := len(s) - 1
	if b.silentA == heard || last < 1 {
		return
	}
	if end := &s[last]; end.inherent && end.tail == "" && (end.size == 1 || end.size == 2 && end.nasal && end.letter < letterYa) {
		end.vowel = ""
	}
	if b.silentA == silentAtEnd {
		return
	}
	for i := last - 1; i > 0; i-- {
		next, here, before := &s[i+1], &s[i], &s[i-1]
		if here.inherent && here.size == 1 && here.tail == "" && before.vowel != "" && next.vowel != "" && (next.size == 1 || next.size == 2 && next.letter == letterRa && here.letter != letterYa) {
			here.vowel = ""
		}
	}
}
