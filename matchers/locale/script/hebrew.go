package script

// Hebrew writes consonants, and long vowels by half: its short vowels are guessed
// as those of Arabic are. After the Academy's simple rules of 2006.
var hebrew = &family{write: writeHebrew, readings: MaxReadings}

var hebrewConsonants = map[rune]string{
	'ב': "b", 'ג': "g", 'ד': "d", 'ז': "z", 'ח': "h", 'ט': "t", 'כ': "k", 'ך': "kh", 'ל': "l", 'מ': "m", 'ם': "m", 'נ': "n", 'ן': "n", 'ס': "s", 'ע': "",
	'פ': "p", 'ף': "f", 'צ': "ts", 'ץ': "ts", 'ק': "k", 'ר': "r", 'ש': "sh", 'ת': "t", 'ה': "h",
}

func writeHebrew(out []byte, word []rune, reading int) []byte {
	letters := make([]abjad, 0, len(word))
	vowel := func(v byte) {
		if n := len(letters); n > 0 && letters[n-1].vowel == 0 {
			letters[n-1].vowel = v
			return
		}
		letters = append(letters, abjad{vowel: v})
	}
	for i, r := range word {
		last := i == len(word)-1
		opens := !last && (word[i+1] == 'א' || word[i+1] == 'ו' || word[i+1] == 'ה' && i+2 == len(word))
		switch {
		case r == 'א' && i == 0 && !last && (word[1] == 'ו' || word[1] == 'י'):
		case r == 'א' && i == 0:
			letters = append(letters, abjad{vowel: 'a'})
		case r == 'א':
			vowel('a')
		case r == 'ה' && last:
			vowel('a')
		case r == 'ו' && (i == 0 || opens):
			letters = append(letters, abjad{letter: true, consonant: "v"})
		case r == 'ו' && reading == 2:
			vowel('u')
		case r == 'ו':
			vowel('o')
		case r == 'י' && (i == 0 || opens):
			letters = append(letters, abjad{letter: true, consonant: "y"})
		case r == 'י':
			vowel('i')
		default:
			sound := hebrewConsonants[r]
			switch {
			case r == 'ח' && reading == 1:
				sound = "ch"
			case r == 'ב' && reading%2 == 1 && i > 0:
				sound = "v"
			case r == 'פ' && reading%2 == 1 && i > 0:
				sound = "f"
			}
			letters = append(letters, abjad{letter: true, consonant: sound})
		}
	}
	return vocalise(out, letters, reading)
}
