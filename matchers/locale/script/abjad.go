package script

import "slices"

// abjad is a consonant and the vowel after it, 0 where none is written.
type abjad struct {
	consonant string
	letter    bool // a consonant, if only one that Latin does not write
	vowel     byte
	long      bool
	doubled   bool
	mute      bool // a sign says that no vowel follows
}

// abjadReader takes an Arabic word apart into consonants and written vowels.
type abjadReader struct {
	word    []rune
	out     []abjad
	reading int
	native  bool      // it has letters that Arabic has not
	eastern bool      // letters sound as in Persian and Urdu
	waw     string    // the consonant و
	glides  [2]string // the second halves of ay and aw
}

func readAbjad(word []rune, reading int) []abjad {
	r := abjadReader{word: word, out: make([]abjad, 0, len(word)), reading: reading, waw: "w", glides: [2]string{"y", "w"}}
	r.native = slices.ContainsFunc(word, func(r rune) bool { return slices.Contains(easternLetters, r) })
	r.eastern = reading%2 == 1 || r.native
	if reading%2 == 1 {
		r.waw, r.glides = arabicEastern['و'], [2]string{"i", "u"}
	}
	for i, letter := range word {
		switch letter {
		case 'ا', 'أ', 'إ', 'آ', 'ٱ', 'ى', 'ة', 'ە':
			r.alif(i)
		case 'و':
			r.wawAt(i)
		case 'ؤ':
			r.vowel('u')
		case 'ي', 'ی', 'ۍ':
			r.ya(i)
		case 'ئ':
			if next := r.at(i + 1); !isYa(next) && next != 'ے' {
				r.out = append(r.out, abjad{vowel: 'i'})
			}
		case 'ے', 'ۓ', 'ې':
			r.vowel('e')
		default:
			if !r.sign(letter) {
				r.consonant(i)
			}
		}
	}
	return r.out
}

func (r *abjadReader) at(i int) rune {
	if i >= 0 && i < len(r.word) {
		return r.word[i]
	}
	return 0
}

// vowel puts a long vowel after the last consonant, or by itself after a vowel.
func (r *abjadReader) vowel(v byte) {
	if n := len(r.out); n > 0 && r.out[n-1].vowel == 0 {
		r.out[n-1].vowel, r.out[n-1].long = v, true
		return
	}
	r.out = append(r.out, abjad{vowel: v, long: true})
}

// then puts a consonant at the end, after a short vowel v if it is not 0.
func (r *abjadReader) then(v byte, c abjad) {
	if v != 0 {
		r.out[len(r.out)-1].vowel = v
	}
	c.letter = true
	r.out = append(r.out, c)
}

// after tells the vowel that the word has come to, 0 after a consonant alone, and
// whether it is long.
func (r *abjadReader) after() (v byte, long bool) {
	if len(r.out) == 0 {
		return 0, false
	}
	last := r.out[len(r.out)-1]
	return last.vowel, last.long
}

func (r *abjadReader) alif(i int) {
	next := r.at(i + 1)
	v, long := r.after()
	switch letter := r.word[i]; {
	case i == 0 && letter != 'إ' && isYa(next) && (isVowelLetter(r.at(2)) || isFinalA(r.at(2)) && len(r.word) == 3):
		r.out = append(r.out, abjad{vowel: 'a'}) // اياز is ayaz
	case i == 0 && (letter == 'إ' || letter != 'آ' && isYa(next)):
		r.out = append(r.out, abjad{vowel: 'i'})
	case i == 0 && (letter == 'آ' || next == 'و'):
		r.out = append(r.out, abjad{vowel: 'a'})
	case i == 0:
		r.out = append(r.out, abjad{vowel: r.initialAlif()})
	case letter == 'ة' && v == 'a' && long && r.reading%2 == 1:
		r.then(0, abjad{consonant: "t"}) // حياة is hayat
	case (letter == 'ى' || letter == 'ة') && v == 'a' && long:
	default:
		r.vowel('a')
	}
}

func (r *abjadReader) wawAt(i int) {
	first, next, n := r.at(0), r.at(i+1), len(r.word)
	v, long := r.after()
	switch {
	case i == 0, isVowelLetter(next):
		r.then(0, abjad{consonant: r.waw})
	case v == 'a' && long && next != 0:
		r.then(0, abjad{consonant: r.waw, vowel: 'u'}) // داود is dawud
	case i == 1 && r.reading == 2 && (n == 3 && first == 'ع' || isYa(r.at(3)) && !isVowelLetter(next) && (n == 4 || n == 5 && isFinalA(r.at(4)))):
		r.then('a', abjad{consonant: r.glides[1], mute: true}) // عون is awn, فوزي fawzi, فوزية fawziya
	case i == 1 && n == 3 && first == 'ع':
		r.then('a', abjad{consonant: r.waw, vowel: 'a'}) // عوض is awad
	case i == 1 && next != 0 && n == 4 && !isYa(first) && !isVowelLetter(r.at(3)), i == 1 && first == 'ت' && n > 4:
		if r.reading == 3 {
			r.vowel('o') // گوهر is gohar
			return
		}
		r.then('a', abjad{consonant: r.glides[1], mute: true}) // كوثر is kawthar
	case i == 2 && n == 4 && (first == 'ا' || first == 'أ'), v == 0 && isHa(next) && i+2 == n:
		r.then(0, abjad{consonant: r.waw}) // انور is anwar, مروه marwa
	default:
		r.vowel('u')
	}
}

func (r *abjadReader) ya(i int) {
	next, n := r.at(i+1), len(r.word)
	v, _ := r.after()
	nisba := n == 4 && isYa(r.at(3))
	diphthong := i == 1 && next != 0 && !isVowelLetter(next) && (n == 3 && r.at(0) != 'ع' || n == 4 && !isVowelLetter(r.at(3)) ||
		nisba && r.reading == 2 || n == 5 && v == 0 && r.at(3) == 'ا' && (r.at(4) == 'ن' || r.at(4) == 'ء') || n >= 5 && r.at(3) == 'و' && r.reading%3 != 0)
	feminine := isFinalA(next) && i+2 == n && v == 0
	switch {
	case i == 2 && feminine && r.reading == 2:
		r.then('a', abjad{consonant: "y", doubled: true}) // رقية is ruqayya
	case i > 0 && feminine:
		r.then('i', abjad{consonant: "y"}) // فوزية is fawziya
	case i == 0, isVowelLetter(next), isHa(next) && i+2 == n:
		r.then(0, abjad{consonant: "y"}) // with عنايه inaya
	case diphthong && r.reading == 2 && n <= 4 && !nisba && v == 0:
		r.vowel('i') // ريم is reem, نیلم neelam; but زيدي zaydi
	case diphthong && r.reading == 3:
		r.then('e', abjad{consonant: r.glides[0], mute: true}) // سيف is seif
	case diphthong:
		r.then('a', abjad{consonant: r.glides[0], mute: true}) // زيد is zayd
	case i == 2 && n == 4 && r.reading == 3 && v == 0 && next != 0 && !isVowelLetter(next) && r.at(0) != 'م' && len(r.out) == 2 && r.out[0].vowel == 0:
		r.out[0].vowel = 'u'
		r.then('a', abjad{consonant: r.glides[0], mute: true}) // زهير is zohair
	case i == 1 && n == 3 && r.reading == 3 && r.at(0) == 'ع':
		r.then('e', abjad{consonant: "i", mute: true}) // عيد is eid
	default:
		r.vowel('i')
	}
}

// arabicSigns are the marks of short vowels, of none, and of doubling.
var arabicSigns = map[rune]byte{'َ': 'a', 'ً': 'a', 'ُ': 'u', 'ٌ': 'u', 'ِ': 'i', 'ٍ': 'i', 'ْ': 0, 'ّ': 0}

// sign reads a mark on the last consonant, and tells whether there was one.
func (r *abjadReader) sign(mark rune) bool {
	v, known := arabicSigns[mark]
	if !known || len(r.out) == 0 {
		return known
	}
	switch last := &r.out[len(r.out)-1]; {
	case mark == 'ْ':
		last.mute = true
	case mark == 'ّ':
		last.doubled = true
	case last.vowel == 0:
		last.vowel = v
	}
	return true
}

func (r *abjadReader) consonant(i int) {
	letter := r.word[i]
	v, _ := r.after()
	if isHa(letter) && i > 0 && i+1 == len(r.word) && len(r.out) > 0 && v == 0 {
		r.vowel('a') // written for ة
		if r.reading == 3 {
			r.then('e', abjad{consonant: "h"})
		}
		return
	}
	text, ok := arabicConsonants[letter]
	switch {
	case letter == 'ھ' && len(r.out) > 0 && v == 0:
		r.out[len(r.out)-1].consonant += "h"
		return
	case letter == 'گ' && len(r.out) > 1 && v == 0 && r.out[len(r.out)-1].consonant == "n":
		r.out[len(r.out)-1].mute = true // Aurangzeb, Singh
	case r.eastern && arabicEastern[letter] != "":
		text = arabicEastern[letter]
	case letter == 'ق' && r.reading == 3:
		text = "gh"
	case letter == 'ق' && r.reading == 2 && i > 0:
		text = "k" // Tarek
	case letter == 'ج' && r.reading == 3 && !r.native:
		text = "g" // as in Egypt
	}
	if ok {
		r.then(0, abjad{consonant: text})
	}
}

func isYa(r rune) bool { return r == 'ي' || r == 'ی' }

func isHa(r rune) bool { return r == 'ه' || r == 'ہ' }

// isFinalA tells the letters of a feminine a at the end of a word.
func isFinalA(r rune) bool { return r == 'ة' || isHa(r) }

func isVowelLetter(r rune) bool {
	return slices.Contains([]rune("اىويیةےآؤئ"), r)
}

// initialAlif is the vowel of an alif at the beginning: a, but i where a long a
// follows two consonants (Ibrahim, Ismail, Islam, Ikram) or t is the second (Imtiyaz,
// of the pattern iCtiCāC). Later readings have the other one: Iram, Ansar, Emam.
func (r *abjadReader) initialAlif() byte {
	rest := r.word[1:]
	long := func(i int) bool { return rest[i] == 'ا' || rest[i] == 'أ' }
	i := len(rest) > 3 && !isVowelLetter(rest[0]) && !isVowelLetter(rest[1]) &&
		(long(2) && rest[3] != 'ء' || long(3) && !isVowelLetter(rest[2]) || rest[1] == 'ت')
	if i && r.reading != 2 || !i && r.reading >= 2 {
		return 'i'
	}
	return 'a'
}

// vocalise appends the word with its short vowels put in; second is the vowel after its
// first consonant in the second reading.
func vocalise(out []byte, w []abjad, reading int, second byte) []byte {
	if reading >= MaxReadings {
		reading = 0
	}
	if len(w) > 3 && w[0].consonant == "m" && w[0].vowel == 0 {
		participle(w, reading)
	}
	var before byte // the vowel that the last consonant closes or is closed by, 0 after a consonant
	long := false
	first := [...]byte{'a', second, 'u', 'i'}[reading]
	if len(w) > 1 && w[1].long && w[1].vowel != 'a' {
		first = 'a' // Rasul, Karim, Ali
		if reading == 3 && w[0].consonant == "m" && w[1].vowel == 'i' {
			first = 'u' // Munir
		}
	}
	if first == 'u' && len(w) > 0 && w[0].letter && w[0].consonant == "" && slices.ContainsFunc(w, func(c abjad) bool { return c.vowel == 'a' && c.long }) {
		first = 'i' // Imran, Ijaz
	}
	for i := range w {
		c := &w[i]
		if reading != 1 || c.consonant != "y" || c.vowel != 'a' || before != 'i' || i+1 < len(w) { // Fawzia
			out = append(out, c.consonant...)
		}
		if c.doubled {
			out = append(out, c.consonant...)
		}
		if c.vowel == 0 && !c.mute && i+1 < len(w) && w[i+1].letter {
			ends := i+2 == len(w) && w[i+1].vowel == 0
			switch {
			case i == 0 && reading == 2 && c.letter && w[1].consonant == "y" && w[1].vowel != 0:
				c.vowel, w[1].doubled = 'a', true // Fayyad, Qayyum
			case w[i+1].consonant == "y" && w[i+1].vowel != 0 && (i > 0 && (before == 0 || long) || i == 0 && first == 'a'):
				c.vowel = 'i' // Riyad, Puriya, Imtiyaz
			case before == 0: // nothing before, or a consonant: two cannot begin
				c.vowel, first = first, 'a'
			case long && before == 'a' && ends && i > 1 && w[i+1].consonant == "t":
				c.vowel = 'a' // Liyaqat
			case long && before == 'a':
				c.vowel = 'i' // Khalid, Fatima
			case long && before == 'u':
				c.vowel = 'u' // Yusuf
			case ends && !long:
				c.vowel = 'a' // Hasan
			}
		}
		if c.vowel != 0 {
			out = append(out, arabicVowel(c.vowel, c.long, i+1 == len(w), reading)...)
		}
		before, long = c.vowel, c.long
	}
	return out
}

// arabicVowel is a vowel as the reading has it: in the third, long i and u are as
// in English, in the fourth the short ones as in Persian.
func arabicVowel(v byte, long, last bool, reading int) string {
	switch {
	case reading == 2 && long && !last && v == 'i':
		return "ee"
	case reading == 2 && long && !last && v == 'u':
		return "oo"
	case reading == 3 && !long && v == 'i':
		return "e"
	case reading == 3 && !long && v == 'u':
		return "o"
	}
	return string(v)
}

// participle gives a word that begins with m the vowels of its pattern: Muhammad,
// Mukhtar, Mubarak, in later readings Muhsin; Mahmud keeps a.
func participle(w []abjad, reading int) {
	bare := func(i int) bool { return i < len(w) && w[i].vowel == 0 && w[i].letter }
	switch {
	case len(w) == 4 && bare(1) && bare(2) && bare(3) && reading >= 2 && !w[2].doubled:
		w[0].vowel, w[1].mute, w[2].vowel = 'u', true, 'i'
	case len(w) == 4 && bare(1) && bare(2) && bare(3) && w[2].consonant != "y":
		w[0].vowel, w[1].vowel, w[2].vowel, w[2].doubled = 'u', 'a', 'a', true
	case bare(1) && w[2].vowel == 'a' && w[2].long, w[1].vowel == 'a' && w[1].long && len(w) > 3:
		w[0].vowel = 'u'
	case len(w) == 4 && bare(1) && bare(2) && w[3].vowel == 'a', len(w) == 5 && bare(1) && bare(2) && w[3].vowel == 'a':
		w[0].vowel = 'u'
	}
}
