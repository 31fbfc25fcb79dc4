package script

import "strings"

// bengali writes Bengali and Assamese. জ is j in Bengali names and often z in
// Arabic ones, ছ chh and s.
var bengali = &family{write: writeBengali, readings: 1 + len(bengaliLetters.others), initials: true}

var bengaliLetters = &brahmic{
	first: 0x0980, vowels: easternVowels,
	consonants: with(map[rune]string{letterNga: "ng", letterYa: "j", letterVa: "b"}),
	dotted:     commonDotted,
	extra:      map[rune]string{0x5c: "r", 0x5d: "rh", 0x5f: "y", 0x70: "r", 0x71: "w"},
	dead:       map[rune]string{0x4e: "t"},
	ksha:       "ksh", jnya: "gy", wAfter: letterBa, silentA: silentInside, anusvaraNg: true,
	others: []customary{
		{final: [2]string{"k", "que"}, spell: strings.NewReplacer("j", "z", "chh", "s", "ou", "ow", "oi", "ai", "ksh", "x")}, // Tarique, Haque
		{inherent: "o", spell: strings.NewReplacer("ksh", "kkh", "chh", "ch", "iy", "i", "ya", "a", "bh", "v")},
		{english: true, spell: strings.NewReplacer("owa", "wa", "bya", "ba", "rji", "rjee", "oi", "ai", "ou", "au")},
	},
}

// bengaliGlides writes the sounds w and y, for which Bengali has no letter of their own,
// with those that Assamese and the end of syllables have: ওয়াহিদ is wahid, আনোয়ার anowar,
// ইউসুফ yusuf. The dot below stands by itself in normal form.
var (
	bengaliGlides = strings.NewReplacer(
		"ওয়া", "ৱা", "ওয়ে", "ৱে", "ওয়ি", "ৱি", "ওয়ী", "ৱী", "োয়া", "োৱা", "োয়ে", "োৱে",
	)
	bengaliBeginnings = [...][2]string{{"ইয়", "য়"}, {"ইউ", "য়ু"}}
)

func writeBengali(out []byte, word []rune, reading int) []byte {
	text := bengaliGlides.Replace(string(word))
	for _, b := range bengaliBeginnings {
		if rest, ok := strings.CutPrefix(text, b[0]); ok && rest != "" {
			text = b[1] + rest
			break
		}
	}
	return bengaliLetters.write(out, []rune(text), reading)
}
