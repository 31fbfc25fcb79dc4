package script

import "strings"

// Kana after Hepburn, as on passports of Japan: long vowels are written short.
var kana = &family{write: writeKana, readings: 2}

const (
	katakanaOffset = 'ァ' - 'ぁ'
	smallTsu       = 'っ'
)

var kanaSyllables = map[rune]string{
	'あ': "a", 'い': "i", 'う': "u", 'え': "e", 'お': "o", 'か': "ka", 'き': "ki", 'く': "ku", 'け': "ke", 'こ': "ko", 'さ': "sa", 'し': "shi", 'す': "su", 'せ': "se", 'そ': "so",
	'た': "ta", 'ち': "chi", 'つ': "tsu", 'て': "te", 'と': "to", 'な': "na", 'に': "ni", 'ぬ': "nu", 'ね': "ne", 'の': "no", 'は': "ha", 'ひ': "hi", 'ふ': "fu", 'へ': "he", 'ほ': "ho",
	'ま': "ma", 'み': "mi", 'む': "mu", 'め': "me", 'も': "mo", 'や': "ya", 'ゆ': "yu", 'よ': "yo", 'ら': "ra", 'り': "ri", 'る': "ru", 'れ': "re", 'ろ': "ro", 'わ': "wa", 'ゐ': "i", 'ゑ': "e", 'を': "o",
	'が': "ga", 'ぎ': "gi", 'ぐ': "gu", 'げ': "ge", 'ご': "go", 'ざ': "za", 'じ': "ji", 'ず': "zu", 'ぜ': "ze", 'ぞ': "zo", 'だ': "da", 'ぢ': "ji", 'づ': "zu", 'で': "de", 'ど': "do",
	'ば': "ba", 'び': "bi", 'ぶ': "bu", 'べ': "be", 'ぼ': "bo", 'ぱ': "pa", 'ぴ': "pi", 'ぷ': "pu", 'ぺ': "pe", 'ぽ': "po", 'ん': "n", 'ゔ': "vu",
	'ぁ': "a", 'ぃ': "i", 'ぅ': "u", 'ぇ': "e", 'ぉ': "o",
}

// kanaGlides are the small letters that take the place of a syllable's i.
var kanaGlides = map[rune]string{'ゃ': "ya", 'ゅ': "yu", 'ょ': "yo"}

var kanaLong = strings.NewReplacer("ou", "o", "oo", "o", "uu", "u")

func writeKana(out []byte, word []rune, reading int) []byte {
	begun := len(out)
	double := false
	for _, r := range word {
		if r >= 'ァ' && r <= 'ヴ' {
			r -= katakanaOffset
		}
		if r == smallTsu {
			double = true
			continue
		}
		if glide := kanaGlides[r]; glide != "" {
			so := strings.TrimSuffix(string(out[begun:]), "i")
			out = append(out[:begun], so...)
			if strings.HasSuffix(so, "sh") || strings.HasSuffix(so, "ch") || strings.HasSuffix(so, "j") {
				glide = glide[1:]
			}
			out = append(out, glide...)
			continue
		}
		sound := kanaSyllables[r]
		if double && sound != "" {
			out = append(out, sound[0])
		}
		double = false
		out = append(out, sound...)
	}
	if reading == 0 {
		out = append(out[:begun], kanaLong.Replace(string(out[begun:]))...)
	}
	return out
}
