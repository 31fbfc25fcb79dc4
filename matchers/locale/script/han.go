package script

import (
	"slices"
	"strings"

	"github.com/mozillazg/go-pinyin"
)

// Han characters are read in Mandarin, by the dictionary of go-pinyin, without
// tones: the passports of China (GB/T 28039-2011), the name after a surname of one
// character in one word. Wade-Giles, as in Taiwan, is the further reading, and for
// surnames those of Hong Kong and of the Hokkien of Malaysia, Singapore and the
// Philippines.
var han = &family{write: writeHan, readings: MaxReadings}

// hanSurnames are characters that sound otherwise as a surname than in most words
// (GB/T 28039-2011, appendix).
var hanSurnames = map[rune]string{
	'单': "shan", '單': "shan", '曾': "zeng", '仇': "qiu", '解': "xie", '任': "ren", '区': "ou", '區': "ou", '查': "zha", '朴': "piao", '盖': "ge", '乐': "yue",
	'翟': "zhai", '召': "shao", '缪': "miao", '種': "chong", '种': "chong", '覃': "qin", '员': "yun", '折': "she", '尉': "yu", '洗': "xian", '祭': "zhai",
}

// hanCompounds are the surnames of two characters that are still met.
var hanCompounds = []string{"欧阳", "歐陽", "上官", "司马", "司馬", "司徒", "诸葛", "諸葛", "皇甫", "令狐", "慕容", "尉迟", "公孙", "夏侯", "東方", "东方", "端木", "闻人"}

// hanAbroad are the commonest surnames as they are written in Hong Kong, and by Hokkien.
var hanAbroad = map[rune][2]string{
	'陳': {"chan", "tan"}, '陈': {"chan", "tan"}, '林': {"lam", "lim"}, '黃': {"wong", "ooi"}, '黄': {"wong", "ooi"}, '李': {"lee", "lee"}, '張': {"cheung", "teo"},
	'张': {"cheung", "teo"}, '吳': {"ng", "goh"}, '吴': {"ng", "goh"}, '劉': {"lau", "low"}, '刘': {"lau", "low"}, '王': {"wong", "ong"}, '梁': {"leung", "neo"}, '鄭': {"cheng", "tay"},
	'郑': {"cheng", "tay"}, '何': {"ho", "ho"}, '楊': {"yeung", "yeo"}, '杨': {"yeung", "yeo"}, '羅': {"law", "loh"}, '罗': {"law", "loh"}, '郭': {"kwok", "quek"}, '蔡': {"choi", "chua"},
	'許': {"hui", "koh"}, '许': {"hui", "koh"}, '鄧': {"tang", "teng"}, '邓': {"tang", "teng"}, '馮': {"fung", "pang"}, '冯': {"fung", "pang"}, '謝': {"tse", "chia"}, '谢': {"tse", "chia"},
	'曾': {"tsang", "chan"}, '周': {"chow", "chew"}, '葉': {"yip", "yap"}, '叶': {"yip", "yap"}, '蘇': {"so", "soh"}, '苏': {"so", "soh"}, '潘': {"poon", "phua"}, '呂': {"lui", "loo"},
	'吕': {"lui", "loo"}, '蕭': {"siu", "seow"}, '萧': {"siu", "seow"}, '盧': {"lo", "loh"}, '卢': {"lo", "loh"}, '朱': {"chu", "choo"}, '高': {"ko", "koh"}, '趙': {"chiu", "teo"},
	'赵': {"chiu", "teo"}, '譚': {"tam", "tham"}, '谭': {"tam", "tham"}, '馬': {"ma", "beh"}, '马': {"ma", "beh"}, '胡': {"wu", "oh"}, '袁': {"yuen", "wan"}, '鍾': {"chung", "cheng"},
	'钟': {"chung", "cheng"}, '彭': {"pang", "phe"}, '江': {"kong", "kang"}, '廖': {"liu", "leow"}, '孫': {"suen", "sng"}, '孙': {"suen", "sng"}, '黎': {"lai", "lay"}, '關': {"kwan", "kuan"},
	'关': {"kwan", "kuan"}, '邱': {"yau", "khoo"}, '丘': {"yau", "khoo"}, '沈': {"shum", "sim"}, '洪': {"hung", "ang"}, '施': {"sze", "sy"}, '顏': {"ngan", "gan"}, '颜': {"ngan", "gan"},
	'戴': {"tai", "tee"}, '余': {"yu", "ee"}, '杜': {"to", "toh"}, '白': {"pak", "peh"}, '徐': {"chui", "chee"}, '莫': {"mok", "bok"}, '麥': {"mak", "beh"}, '麦': {"mak", "beh"},
}

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
		if abroad, ok := hanAbroad[r]; ok && reading >= 2 && i == 0 && (surname == 1 || len(word) == 1) {
			out = append(out, abroad[min(reading, 3)-2]...)
			continue
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
