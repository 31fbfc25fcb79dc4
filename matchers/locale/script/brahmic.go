package script

import (
	"slices"
	"strings"
)

// Vowels and consonants in the common order. Aspirates keep their h; long and
// short vowels, and dental and retroflex letters, are one in Latin names. From
// ISO 15919:2001 and the UN's tables of 1972, without their marks.
var (
	northernVowels   = [...]string{"a", "a", "i", "i", "u", "u", "ri", "li", "e", "e", "e", "ai", "o", "o", "o", "au"}
	easternVowels    = [...]string{"a", "a", "i", "i", "u", "u", "ri", "li", "e", "e", "e", "oi", "o", "o", "o", "ou"}
	southernVowels   = [...]string{"a", "a", "i", "i", "u", "u", "ru", "lu", "e", "e", "e", "ai", "o", "o", "o", "ou"}
	commonConsonants = [...]string{
		"k", "kh", "g", "gh", "n", "ch", "chh", "j", "jh", "n", "t", "th", "d", "dh", "n",
		"t", "th", "d", "dh", "n", "n", "p", "f", "b", "bh", "m", "y", "r", "r", "l", "l", "l", "v", "sh", "sh", "s", "h",
	}
	commonDotted = map[rune]string{
		0x15: "q", 0x16: "kh", 0x17: "gh", 0x1c: "z", 0x21: "r", 0x22: "rh", 0x2b: "f", 0x2f: "y",
	}
)

// with is the common consonants with some changed.
func with(changes map[rune]string) [len(commonConsonants)]string {
	out := commonConsonants
	for offset, text := range changes {
		out[offset-letterKa] = text
	}
	return out
}

// devanagari writes Hindi, Marathi and Nepali. Nepali ङ stands alone as ng.
var devanagari = (&brahmic{
	first: 0x0900, vowels: northernVowels, consonants: with(map[rune]string{letterNga: "ng"}), dotted: commonDotted,
	extra: map[rune]string{0x58: "q", 0x59: "kh", 0x5a: "gh", 0x5b: "z", 0x5c: "r", 0x5d: "rh", 0x5e: "f", 0x5f: "y"},
	ksha:  "ksh", jnya: "gy", wAfter: letterVa, silentA: silentInside,
	others: []customary{
		spelt("ksh", "x", "f", "ph", "v", "b", "j", "z", "gy", "jn"),
		{english: true, spell: strings.NewReplacer("v", "w", "chh", "ch", "ksh", "chh")},
	},
}).family()

var gujarati = (&brahmic{
	first: 0x0a80, vowels: northernVowels, consonants: with(nil), dotted: commonDotted,
	ksha: "ksh", jnya: "gn", wAfter: letterVa, silentA: silentInside,
	others: []customary{
		spelt("ksh", "x", "f", "ph", "v", "w", "j", "z", "gn", "gy"),
	},
}).family()

// gurmukhi has a mark that doubles the next consonant, the addak, and its own
// sign of the nasal, the tippi.
var gurmukhi = (&brahmic{
	first: 0x0a00, vowels: northernVowels, consonants: with(nil),
	dotted: map[rune]string{0x16: "kh", 0x17: "gh", 0x1c: "z", 0x2b: "f", 0x32: "l", 0x38: "sh"},
	extra:  map[rune]string{0x59: "kh", 0x5a: "gh", 0x5b: "z", 0x5c: "r", 0x5e: "f"},
	wAfter: letterVa, silentA: silentInside,
	others: []customary{
		{english: true, spell: strings.NewReplacer("f", "ph", "v", "w", "j", "z")},
	},
}).family()

var oriya = (&brahmic{
	first: 0x0b00, vowels: northernVowels,
	consonants: with(map[rune]string{letterYa: "j"}),
	dotted:     map[rune]string{0x21: "d", 0x22: "dh", 0x2f: "y"},
	extra:      map[rune]string{0x5c: "d", 0x5d: "dh", 0x5f: "y", 0x71: "w"},
	ksha:       "ksh", jnya: "gy", wAfter: letterBa, silentA: silentAtEnd,
	others: []customary{
		spelt("ksh", "x", "f", "ph", "j", "y"),
	},
}).family()

// southernReading writes dental t as th, as the South does, and v as w.
var southernReading = []customary{
	{english: true, spell: strings.NewReplacer("ksh", "x", "f", "ph", "sh", "s", "tt", "tt", "th", "th", "t", "th", "ou", "ow")},
	spelt("v", "w", "j", "z", "ou", "au"),
}

var telugu = (&brahmic{
	first: 0x0c00, vowels: southernVowels, consonants: with(map[rune]string{0x2b: "ph"}),
	ksha: "ksh", jnya: "gn", wAfter: letterVa, finalM: true,
	others: southernReading,
}).family()

var kannada = (&brahmic{
	first: 0x0c80, vowels: southernVowels, consonants: with(map[rune]string{0x2b: "ph"}),
	extra: map[rune]string{0x5e: "f"},
	ksha:  "ksh", jnya: "gn", wAfter: letterVa, finalM: true,
	others: southernReading,
}).family()

var malayalam = (&brahmic{
	first: 0x0d00, vowels: southernVowels,
	consonants: with(map[rune]string{letterNga: "ng", letterNya: "nj", 0x1f: "t", 0x24: "th", 0x34: "zh"}),
	dead:       map[rune]string{0x7a: "n", 0x7b: "n", 0x7c: "r", 0x7d: "l", 0x7e: "l", 0x7f: "k"},
	ksha:       "ksh", jnya: "jn", malayalam: true, finalM: true,
	others: slices.Concat(southernReading, []customary{
		spelt("ayya", "iye", "aya", "ai", "ry", "rri", "v", "w"), // Iyer, Nair, Warrier
	}),
}).family()
