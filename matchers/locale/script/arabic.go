package script

import (
	"strings"
	"unicode/utf8"
)

// Arabic writes consonants and long vowels; the short ones are guessed from the
// patterns that most names follow (Wright, A Grammar of the Arabic Language, 3rd
// edition, 1896, sections 190-262): CaCiC, CaCaC, CāCiC, aCCaC, maCCūC, muCaCCaC.
// Vowel signs, where somebody wrote them, are kept. Urdu and Persian letters have
// their own sounds; what the two make of Arabic ones is the second reading. The third
// has long vowels in English letters, and the fourth e, o and the article el, as in
// Persian (BGN/PCGN 1958) and, with g for ج, as Egyptians write. Where a word may be of
// several patterns each reading takes its own.
var arabic = &family{write: writeArabic, readings: MaxReadings, join: joinArabic}

var arabicConsonants = map[rune]string{
	'ب': "b", 'ت': "t", 'ث': "th", 'ج': "j", 'ح': "h", 'خ': "kh", 'د': "d", 'ذ': "dh", 'ر': "r", 'ز': "z", 'س': "s", 'ش': "sh", 'ص': "s", 'ض': "d", 'ط': "t",
	'ظ': "z", 'ع': "", 'غ': "gh", 'ف': "f", 'ق': "q", 'ك': "k", 'ل': "l", 'م': "m", 'ن': "n", 'ه': "h", 'ء': "",
	'پ': "p", 'چ': "ch", 'ژ': "zh", 'گ': "g", 'ٹ': "t", 'ڈ': "d", 'ڑ': "r", 'ں': "n", 'ہ': "h", 'ک': "k", 'ڤ': "v", 'ټ': "t", 'ډ': "d", 'ړ': "r", 'ښ': "sh",
	'ځ': "z", 'څ': "ts", 'ږ': "zh", 'ڼ': "n", 'ګ': "g", 'ھ': "h", 'ە': "a", 'ۀ': "h",
}

// arabicEastern are the letters that Persian and Urdu sound otherwise.
var arabicEastern = map[rune]string{'ث': "s", 'ذ': "z", 'ض': "z", 'و': "v"}

const easternSounds = "ثذضو" // the letters of arabicEastern

// easternLetters are those that Persian and Urdu have and Arabic has not.
var easternLetters = []rune("کیگپچژہےٹڈڑں")

// arabicWords are particles, whose vowels are known.
var arabicWords = map[string]string{
	"عبد": "abd", "بن": "bin", "ابن": "ibn", "إبن": "ibn", "بنت": "bint", "ابو": "abu", "أبو": "abu", "ابي": "abi", "أبي": "abi", "ام": "umm", "أم": "umm",
	"الله": "allah", "دين": "din", "دین": "din", "آل": "al", "طه": "taha", "ذو": "dhu",
}

// arabicIrregular are names met everywhere whose vowels no pattern tells, as Arabs
// and others write them; letters are those of arabicForm.
var arabicIrregular = map[string][]string{
	"عمر": {"umar", "omar"}, "عثمان": {"usman", "uthman", "osman"}, "حسين": {"hussain", "hossein", "husayn"}, "سليمان": {"sulaiman", "sulayman", "soleiman"},
	"يحيى": {"yahya"}, "عيسى": {"isa", "issa"}, "موسى": {"musa", "mousa"}, "ليلى": {"laila", "leila"}, "مصطفى": {"mustafa", "mostafa"},
	"مرتضى": {"murtaza", "morteza", "murtada"}, "مجتبى": {"mujtaba", "mojtaba"}, "منى": {"mona", "muna"}, "هدى": {"huda", "hoda"}, "سلمى": {"salma"}, "بشرى": {"bushra"},
	"يوسف": {"yusuf", "yousef", "yousaf"}, "يونس": {"yunus", "younis", "younes"}, "عائشة": {"aisha", "ayesha"}, "الياس": {"ilyas", "elias"}, "ايوب": {"ayub", "ayoub"},
	"زبير": {"zubair", "zubayr"}, "سهيل": {"suhail", "sohail"}, "عبيد": {"ubaid", "obaid"}, "عمير": {"umair", "omair"}, "جنيد": {"junaid", "joneid"}, "شعيب": {"shuaib", "shoaib"},
	"قريشي": {"qureshi", "quraishi", "ghoreishi"}, "فضل": {"fazl", "fadl", "fazal"}, "حسن": {"hasan", "hassan"}, "حسني": {"husni", "hosni"}, "عصمت": {"ismat", "esmat"},
	"عزت": {"izzat", "ezzat"}, "عصام": {"isam", "essam"}, "عماد": {"imad", "emad"}, "خسرو": {"khusro", "khosrow"}, "بيگم": {"begum", "begam"}, "بيگ": {"baig", "beg"},
	"چوہدري": {"chaudhry", "choudhary"}, "كلثوم": {"kulsum", "kulthum", "kalsoom"}, "ام": {"umm"}, "اميد": {"umid", "omid"}, "گل": {"gul", "gol"},
}

// arabicForm are the letters of which keyboards have several forms, as one.
var arabicForm = strings.NewReplacer("ی", "ي", "ک", "ك", "ه", "ة", "ۃ", "ة", "أ", "ا")

// irregular is a reading of a name whose vowels no pattern tells. An ى at the end is
// often written ي, where the dots were not looked at.
func irregular(name string, reading int) (string, bool) {
	form := arabicForm.Replace(name)
	known := arabicIrregular[form]
	if known == nil && strings.HasSuffix(form, "ي") {
		known = arabicIrregular[strings.TrimSuffix(form, "ي")+"ى"]
	}
	if known == nil && strings.HasSuffix(form, "ىٰ") {
		known = arabicIrregular[strings.TrimSuffix(form, "ٰ")]
	}
	if reading >= len(known) {
		return "", false
	}
	return known[reading], true
}

func writeArabic(out []byte, word []rune, reading int) []byte {
	text := string(word)
	if known, ok := arabicWords[text]; ok {
		return append(out, known...)
	}
	if known, ok := irregular(text, reading); ok {
		return append(out, known...)
	}
	for _, prefix := range []struct{ letters, latin string }{
		{"عبدال", "abdul "}, {"ابوال", "abul "}, {"أبوال", "abul "}, {"ذوال", "zul"}, {"ال", "al "},
	} {
		if rest, ok := strings.CutPrefix(text, prefix.letters); ok && utf8.RuneCountInString(rest) > 1 {
			if rest == "له" { // عبدالله
				return append(out, "abdullah"...)
			}
			latin := prefix.latin
			if latin == "al " && reading == 3 {
				latin = "el " // as in Egypt
			}
			return writeArabic(append(out, latin...), []rune(rest), reading)
		}
	}
	if rest, ok := strings.CutPrefix(text, "محمد"); ok && rest != "" {
		out = append(out, "muhammad"...)
		if strings.HasPrefix(rest, "ي") || strings.HasPrefix(rest, "ی") {
			return vocalise(out, append([]abjad{{vowel: 'i', long: true}}, readAbjad([]rune(rest)[1:], reading)...), reading, 'a')
		}
		return writeArabic(out, []rune(rest), reading)
	}
	if name, ok := strings.CutSuffix(text, "الله"); ok && name != "" {
		out = writeArabic(out, []rune(name), reading)
		return append(out, "ullah"...)
	}
	if name, ok := strings.CutSuffix(text, "الدين"); ok && name != "" {
		out = writeArabic(out, []rune(name), reading)
		return append(out, "uddin"...)
	}
	second := byte('i')
	if strings.ContainsAny(text, easternSounds) {
		second = 'a' // what else is open there is how the East sounds them
	}
	return vocalise(out, readAbjad(word, reading), reading, second)
}

// arabicJoins mend the article after another word, in each reading: abdul rahman,
// ehsan ullah, nur uddin, zia ul haq.
var arabicJoins = [MaxReadings]*strings.Replacer{
	arabicJoin("al", "abdul ", "uddin"), arabicJoin("al", "abdul ", "uddin", " al ", " ul "), arabicJoin("al", "abdul ", "aldin"), arabicJoin("el", "abdel ", "eddin"),
}

func arabicJoin(article, servant, faith string, more ...string) *strings.Replacer {
	return strings.NewReplacer(append([]string{
		"abd " + article + " ", servant, "abd allah", "abdullah", "abu " + article + " ", "abul ", "dhu " + article + " ", "zul",
		" allah", "ullah", " " + article + " din", " " + faith,
	}, more...)...)
}

func joinArabic(text string, reading int) string {
	return arabicJoins[reading].Replace(text)
}
