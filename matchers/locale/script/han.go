package script

import (
	"slices"
	"strings"

	"github.com/mozillazg/go-pinyin"
)

// Han characters are read in Mandarin, by the dictionary of go-pinyin, without
// tones: the passports of China (GB/T 28039-2011), the name after a surname of one
// character in one word. Wade-Giles, as in Taiwan, is the further reading.
var han = &family{write: writeHan, readings: 2}

// hanSurnames are characters that sound otherwise as a surname than in most words
// (GB/T 28039-2011, appendix).
var hanSurnames = map[rune]string{
	'单': "shan", '單': "shan", '曾': "zeng", '仇': "qiu", '解': "xie", '任': "ren", '区': "ou", '區': "ou", '查': "zha", '朴': "piao", '盖': "ge", '乐': "yue",
	'翟': "zhai", '召': "shao", '缪': "miao", '種': "chong", '种': "chong", '覃': "qin", '员': "yun", '折': "she", '尉': "yu", '洗': "xian", '祭': "zhai",
}

// hanCompounds are the surnames of two characters that are still met.
var hanCompounds = []string{"欧阳", "歐陽", "上官", "司马", "司馬", "司徒", "诸葛", "諸葛", "皇甫", "令狐", "慕容", "尉迟", "公孙", "夏侯", "東方", "东方", "端木", "闻人"}

// wadeGiles is the older romanisation, without its apostrophes.
var wadeGiles = strings.NewReplacer(
	"zhi", "chih", "chi", "chih", "shi", "shih", "ri", "jih", "zi", "tzu", "ci", "tzu", "si", "ssu",
	"ng", "ng", "zh", "ch", "ch", "ch", "sh", "sh", "j", "ch", "q", "ch", "x", "hs", "z", "ts", "c", "ts", "b", "p", "d", "t", "g", "k", "r", "j",
	"ong", "ung", "ian", "ien", "ie", "ieh", "uo", "o", "ui", "ui",
)

func writeHan(out []byte, word []rune, reading int) []byte {
	surname := 0 // characters of it, when the word is a whole name
	switch {
	case len(word) > 2 && len(word) <= 4 && slices.Contains(hanCompounds, string(word[:2])):
		surname = 2
	case len(word) == 3:
		surname = 1
	}
	for i, r := range word {
		if i > 0 && i == surname {
			out = append(out, ' ')
		}
		out = append(out, hanSyllable(r, i == 0, reading)...)
	}
	return out
}

// hanSyllable is one character's reading, "" for one without.
func hanSyllable(r rune, first bool, reading int) string {
	sound := ""
	if first {
		sound = hanSurnames[r]
	}
	if sound == "" {
		readings := pinyin.PinyinDict[int(r)]
		sound, _, _ = strings.Cut(readings, ",")
		sound = toneless(sound)
	}
	if reading == 1 {
		return wadeGiles.Replace(sound)
	}
	return sound
}

// tones are the vowels that pinyin marks.
var tones = strings.NewReplacer(
	"ā", "a", "á", "a", "ǎ", "a", "à", "a", "ē", "e", "é", "e", "ě", "e", "è", "e", "ê", "e", "ế", "e", "ề", "e", "ī", "i", "í", "i", "ǐ", "i", "ì", "i",
	"ō", "o", "ó", "o", "ǒ", "o", "ò", "o", "ū", "u", "ú", "u", "ǔ", "u", "ù", "u", "ǖ", "u", "ǘ", "u", "ǚ", "u", "ǜ", "u", "ü", "u",
	"ń", "n", "ň", "n", "ǹ", "n", "ḿ", "m", "m̀", "m", "\u0304", "", "\u0301", "", "\u030c", "", "\u0300", "",
)

func toneless(sound string) string { return tones.Replace(sound) }
