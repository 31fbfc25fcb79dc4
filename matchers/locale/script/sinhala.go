package script

import "strings"

// sinhalaOrder gives the letters of the Sinhala block their offsets in the common
// order of brahmic, so that one engine reads them.
var sinhalaOrder = map[rune]rune{
	'ං': anusvara, 'ඃ': visarga,
	'අ': 0x05, 'ආ': 0x06, 'ඇ': letterAe, 'ඈ': letterAe, 'ඉ': 0x07, 'ඊ': 0x08, 'උ': 0x09, 'ඌ': 0x0a, 'ඍ': 0x0b, 'ඎ': 0x0b, 'ඏ': 0x0c,
	'එ': 0x0e, 'ඒ': 0x0f, 'ඓ': 0x10, 'ඔ': 0x12, 'ඕ': 0x13, 'ඖ': 0x14,
	'ක': 0x15, 'ඛ': 0x16, 'ග': 0x17, 'ඝ': 0x18, 'ඞ': 0x19, 'ඟ': sanyakaGa,
	'ච': 0x1a, 'ඡ': 0x1b, 'ජ': 0x1c, 'ඣ': 0x1d, 'ඤ': 0x1e, 'ඥ': sinhalaJnya, 'ඦ': sanyakaJa,
	'ට': 0x1f, 'ඨ': 0x20, 'ඩ': 0x21, 'ඪ': 0x22, 'ණ': 0x23, 'ඬ': sanyakaDa,
	'ත': 0x24, 'ථ': 0x25, 'ද': 0x26, 'ධ': 0x27, 'න': 0x28, 'ඳ': sanyakaDa,
	'ප': 0x2a, 'ඵ': 0x2b, 'බ': 0x2c, 'භ': 0x2d, 'ම': 0x2e, 'ඹ': sanyakaBa,
	'ය': 0x2f, 'ර': 0x30, 'ල': 0x32, 'ව': 0x35, 'ශ': 0x36, 'ෂ': 0x37, 'ස': 0x38, 'හ': 0x39, 'ළ': 0x33, 'ෆ': sinhalaFa,
	'්': virama, 'ා': 0x3e, 'ැ': signAe, 'ෑ': signAe, 'ි': 0x3f, 'ී': 0x40, 'ු': 0x41, 'ූ': 0x42, 'ෘ': 0x43, 'ෲ': 0x43,
	'ෙ': 0x46, 'ේ': 0x47, 'ෛ': 0x48, 'ො': 0x4a, 'ෝ': 0x4b, 'ෞ': 0x4c, 'ෟ': auLength,
}

// Sinhala letters that the common order does not have: half nasals with their
// stop, the ligature of j and ny, and f.
const (
	sanyakaGa rune = 0x60 + iota
	sanyakaJa
	sanyakaDa
	sanyakaBa
	sinhalaJnya
	sinhalaFa
)

// sinhalaLetters follow the Survey Department's system (UNGEGN working group, report of
// October 2021), without marks; its æ is a or e in names.
var sinhalaLetters = &brahmic{
	vowels: [...]string{"a", "a", "i", "i", "u", "u", "ru", "lu", "a", "e", "e", "ai", "o", "o", "o", "au"},
	consonants: with(map[rune]string{
		0x16: "k", 0x18: "g", 0x1b: "ch", 0x1d: "j", 0x20: "t", 0x22: "d", 0x24: "th", 0x2b: "p", letterVa: "w",
	}),
	extra: map[rune]string{
		sanyakaGa: "ng", sanyakaJa: "nj", sanyakaDa: "nd", sanyakaBa: "mb", sinhalaJnya: "gn", sinhalaFa: "f",
	},
	ksha: "ksh",
	others: []customary{
		spelt("th", "t", "ksh", "ks", "sh", "s", "w", "v", "bh", "b", "dh", "d"),
		spelt("w", "v", "au", "ou", "ksh", "x"),
		{last: "e", ae: "e", english: true, spell: strings.NewReplacer("dh", "d", "ngh", "nh")}, // Jayewardene, Senanayake, Wewala
	},
}

var sinhala = &family{write: writeSinhala, readings: 1 + len(sinhalaLetters.others), initials: true}

func writeSinhala(out []byte, word []rune, reading int) []byte {
	var room [48]rune
	common := room[:0]
	for _, r := range word {
		if offset, ok := sinhalaOrder[r]; ok {
			common = append(common, offset)
		}
	}
	return sinhalaLetters.write(out, common, reading)
}
