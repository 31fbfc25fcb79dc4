package script

import (
	"slices"
	"strings"
	"unicode"
)

// Cyrillic letters sound by the language, which some letters give away. Russian
// after ICAO Doc 9303 and BGN/PCGN 1947; Mongolian after MNS 5217:2012; Bulgarian
// after the law of 2009; Ukrainian after the resolution of 2010; Kazakh and Kyrgyz
// after BGN/PCGN 1979; Serbian and Macedonian in Gaj's letters without their marks.
var cyrillic = &family{readings: 1 + len(cyrillicChanges), write: func(out []byte, word []rune, reading int) []byte {
	return changeCyrillic(writeCyrillic(out, word, tongueOf(word)), len(out), reading)
}}

// mongolian reads words whose letters give no language away as Mongolian, and as Russian
// in place of the reading without marks, which is no custom there.
var mongolian = &family{readings: 1 + len(cyrillicChanges), write: func(out []byte, word []rune, reading int) []byte {
	const russian = 2
	sounds := tongueOf(word)
	switch {
	case reading == russian:
		return writeCyrillic(out, word, nil)
	case sounds == nil:
		sounds = mongolianSounds
	}
	return changeCyrillic(writeCyrillic(out, word, sounds), len(out), reading)
}}

// cyrillicOf is the family for registers in some languages (BCP 47).
func cyrillicOf(languages []string) *family {
	if slices.Contains(languages, "mn") {
		return mongolian
	}
	return cyrillic
}

var cyrillicLetters = map[rune]string{
	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'д': "d", 'е': "e", 'ё': "yo", 'ж': "zh", 'з': "z", 'и': "i", 'й': "y", 'к': "k", 'л': "l", 'м': "m", 'н': "n",
	'о': "o", 'п': "p", 'р': "r", 'с': "s", 'т': "t", 'у': "u", 'ф': "f", 'х': "kh", 'ц': "ts", 'ч': "ch", 'ш': "sh", 'щ': "shch", 'ъ': "", 'ы': "y", 'ь': "",
	'э': "e", 'ю': "yu", 'я': "ya", 'і': "i", 'ї': "i", 'є': "ie", 'ґ': "g", 'ў': "u",
	'ө': "o", 'ү': "u", 'ұ': "u", 'ә': "a", 'ғ': "g", 'қ': "k", 'ң': "n", 'һ': "h", 'ҳ': "h", 'ҷ': "j", 'ӣ': "i", 'ӯ': "u",
	'ђ': "dj", 'ј': "j", 'љ': "lj", 'њ': "nj", 'ћ': "c", 'џ': "dz", 'ѓ': "g", 'ќ': "k", 'ѕ': "dz", 'ѐ': "e", 'ѝ': "i",
}

// cyrillicTongue is a language, the letters that betray it and the sounds that it
// gives to others.
type cyrillicTongue struct {
	signs  string
	sounds map[rune]string
}

var mongolianSounds = map[rune]string{'ж': "j", 'ө': "u", 'й': "i", 'е': "ye", 'ь': "i"}

var cyrillicTongues = []cyrillicTongue{
	{"әғқұһ", map[rune]string{'х': "kh", 'и': "i", 'й': "i"}}, // Kazakh
	{"јљњђћџѓќѕ", map[rune]string{'ж': "z", 'ц': "c", 'ч': "c", 'ш': "s", 'х': "h"}},
	{"їєґ", map[rune]string{'г': "h", 'и': "y"}},
	{"өү", mongolianSounds},
}

var cyrillicChanges = [...]*strings.Replacer{
	strings.NewReplacer("kh", "h", "zh", "j", "ya", "ia", "yu", "iu", "ye", "e", "yo", "e", "y", "i", "shch", "sht"),
	strings.NewReplacer("ts", "c", "sh", "s", "ch", "c", "zh", "z", "kh", "h", "y", "j"),
	strings.NewReplacer("zh", "j", "yo", "o", "g", "h", "ks", "x", "i", "y"),
}

func writeCyrillic(out []byte, word []rune, sounds map[rune]string) []byte {
	at := func(i int) rune {
		if i >= 0 && i < len(word) {
			return unicode.ToLower(word[i])
		}
		return 0
	}
	for i := range word {
		r := at(i)
		sound, ok := sounds[r]
		if !ok {
			sound = cyrillicLetters[r]
		}
		if r == 'ъ' && !strings.ContainsRune("еёюя", at(i+1)) {
			sound = "a" // Bulgarian
		}
		if r == 'ъ' && at(i+1) == 0 {
			sound = ""
		}
		out = append(out, sound...)
	}
	return out
}

// changeCyrillic makes the reading of what was written from a place on.
func changeCyrillic(out []byte, begun, reading int) []byte {
	if reading > 0 && reading <= len(cyrillicChanges) {
		out = append(out[:begun], cyrillicChanges[reading-1].Replace(string(out[begun:]))...)
	}
	return out
}

// tongueOf gives the sounds of the language that a word's letters betray, nil for
// those of Russian. A doubled vowel is Mongolian.
func tongueOf(word []rune) map[rune]string {
	for _, tongue := range cyrillicTongues {
		for _, r := range word {
			if strings.ContainsRune(tongue.signs, unicode.ToLower(r)) {
				return tongue.sounds
			}
		}
	}
	if strings.HasSuffix(strings.ToLower(string(word)), "ийн") { // of somebody
		return mongolianSounds
	}
	for i := 1; i < len(word); i++ {
		if r := unicode.ToLower(word[i]); r == unicode.ToLower(word[i-1]) && strings.ContainsRune("аоуэ", r) {
			return mongolianSounds
		}
	}
	return nil
}
