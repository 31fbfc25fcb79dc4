package script

// Hebrew writes consonants, and long vowels by half: the others are guessed, a and e
// being the commonest. After the Academy's simple rules of 2006, with tz and ch as most
// bearers have them in further readings.
var hebrew = &family{write: writeHebrew, readings: len(hebrewManners)}

// hebrewManner is how a reading fills in what is not written: the vowel after the first
// consonant, the others, the one at the end that ה stands for, ו within a word, and the
// letters that may be stops.
type hebrewManner struct {
	first, then, last, vav   byte
	bet, pe, kaf, het, tsadi string // within a word
}

var hebrewManners = [...]hebrewManner{
	{'a', 'a', 'a', 'o', "v", "f", "ch", "h", "tz"},
	{'e', 'e', 'e', 'o', "v", "p", "kh", "ch", "z"},
	{'i', 'a', 'a', 'u', "b", "f", "k", "h", "ts"},
	{'a', 'e', 'a', 'u', "b", "p", "ch", "ch", "tz"},
}

var hebrewConsonants = map[rune]string{
	'ב': "b", 'ג': "g", 'ד': "d", 'ז': "z", 'ח': "h", 'ט': "t", 'כ': "k", 'ך': "ch", 'ל': "l", 'מ': "m", 'ם': "m", 'נ': "n", 'ן': "n", 'ס': "s", 'ע': "",
	'פ': "p", 'ף': "f", 'צ': "tz", 'ץ': "tz", 'ק': "k", 'ר': "r", 'ש': "sh", 'ת': "t", 'ה': "h",
}

// hebrewWords are names of the Bible and of the family whose vowels no pattern tells.
var hebrewWords = map[string][]string{
	"בן": {"ben"}, "בר": {"bar"}, "בת": {"bat"}, "דוד": {"david"}, "משה": {"moshe"}, "יעקב": {"yaakov", "jacob"}, "יצחק": {"yitzhak", "itzhak"},
	"אברהם": {"avraham", "abraham"}, "שלמה": {"shlomo"}, "אהרן": {"aharon", "aaron"}, "אהרון": {"aharon", "aaron"}, "כהן": {"cohen", "kohen"}, "לוי": {"levi", "levy"},
	"נח": {"noah"}, "נעמי": {"naomi"}, "חוה": {"hava", "chava"}, "אליהו": {"eliyahu"}, "יהושע": {"yehoshua"}, "שמעון": {"shimon"}, "ראובן": {"reuven"},
	"יהודה": {"yehuda"}, "בנימין": {"binyamin", "benjamin"}, "שמואל": {"shmuel", "samuel"}, "דניאל": {"daniel"}, "מיכאל": {"michael"}, "שרה": {"sara", "sarah"},
	"רחל": {"rachel", "rahel"}, "רבקה": {"rivka"}, "לאה": {"lea", "leah"}, "מרים": {"miriam"}, "אסתר": {"ester", "esther"}, "חנה": {"hana", "hannah", "chana"},
	"יוסף": {"yosef", "joseph"}, "ישראל": {"yisrael", "israel"}, "חיים": {"haim", "chaim"}, "אריה": {"arie", "arye"}, "משיח": {"mashiah"},
}

func writeHebrew(out []byte, word []rune, reading int) []byte {
	if known := hebrewWords[string(word)]; known != nil {
		return append(out, known[min(reading, len(known)-1)]...)
	}
	if reading >= len(hebrewManners) {
		reading = 0
	}
	m := hebrewManners[reading]
	return m.vocalise(out, m.letters(word))
}

// letters takes a word apart into consonants and the vowels that are written.
func (m *hebrewManner) letters(word []rune) []abjad {
	var out []abjad
	vowel := func(v byte) {
		if n := len(out); n > 0 && out[n-1].vowel == 0 {
			out[n-1].vowel = v
			return
		}
		out = append(out, abjad{vowel: v})
	}
	at := func(i int) rune {
		if i < len(word) {
			return word[i]
		}
		return 0
	}
	for i := 0; i < len(word); i++ {
		r, next := word[i], at(i+1)
		last := next == 0
		opens := next == 'א' || next == 'ו' && at(i+2) != 'ו' || next == 'ה' && i+2 == len(word)
		switch {
		case r == 'א' && i == 0 && (next == 'ו' || next == 'י'):
			out = append(out, abjad{letter: true})
		case r == 'א' && i == 0:
			out = append(out, abjad{vowel: m.first})
		case r == 'א':
			vowel('a')
		case r == 'ה' && last:
			vowel(m.last)
		case r == 'ו' && next == 'ו':
			out = append(out, abjad{letter: true, consonant: "v"})
			i++
		case r == 'י' && next == 'י':
			vowel('a') // ai; Klein and Weiss are written so too
			out = append(out, abjad{vowel: 'i'})
			i++
		case r == 'ו' && (i == 0 || opens || next == 'י' && !(at(i+2) == 0)):
			out = append(out, abjad{letter: true, consonant: "v"})
		case r == 'ו':
			vowel(m.vav)
		case r == 'י' && (i == 0 || opens):
			out = append(out, abjad{letter: true, consonant: "y"})
		case r == 'י':
			vowel('i')
		default:
			out = append(out, abjad{letter: true, consonant: m.sound(r, i)})
		}
	}
	return out
}

// sound is a consonant, as it is at the beginning or within a word.
func (m *hebrewManner) sound(r rune, i int) string {
	switch {
	case r == 'ח':
		return m.het
	case r == 'צ' || r == 'ץ':
		return m.tsadi
	case i == 0:
	case r == 'ב':
		return m.bet
	case r == 'פ':
		return m.pe
	case r == 'כ':
		return m.kaf
	}
	return hebrewConsonants[r]
}

// vocalise appends the letters with the vowels that are not written: one after the
// first consonant, one between the last two, and one wherever three would meet.
func (m *hebrewManner) vocalise(out []byte, w []abjad) []byte {
	gap := 0 // consonants since the last vowel
	for i, c := range w {
		out = append(out, c.consonant...)
		if c.letter {
			gap++
		}
		switch {
		case c.vowel != 0:
			out, gap = append(out, c.vowel), 0
		case i+1 == len(w) || !w[i+1].letter:
		case i == 0:
			out, gap = append(out, m.first), 0
		case gap > 1 || i+2 == len(w) && w[i+1].vowel == 0 || w[i+1].vowel == 0 && i+2 < len(w):
			out, gap = append(out, m.then), 0
		}
	}
	return out
}
