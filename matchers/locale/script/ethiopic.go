package script

// Ethiopic writes a consonant and its vowel as one sign, eight to a consonant: the
// orders. The sixth is the consonant alone or with a vowel that speech puts in
// where consonants meet. After BGN/PCGN 1967 for Amharic, in the spelling of names:
// first order e, ኝ gn, ጸ ts.
var ethiopic = &family{write: writeEthiopic, readings: 3}

// ethiopicRows are the consonants by eights from U+1200; an empty one is silent.
var ethiopicRows = [...]string{
	"h", "l", "h", "m", "s", "r", "s", "sh", "k", "kw", "k", "kw", "b", "v", "t", "ch",
	"h", "hw", "n", "gn", "", "k", "kw", "h", "hw", "w", "", "z", "zh", "y", "d", "d",
	"j", "g", "gw", "g", "t", "ch", "p", "ts", "ts", "f", "p",
}

var ethiopicOrders = [...]string{"e", "u", "i", "a", "e", "", "o", "wa"}

const (
	firstEthiopic = 0x1200
	sixth         = 5
	rowHa         = 0
	rowHha        = 2
	rowQa         = 8
	rowKha        = 16
	rowNya        = 19
	rowAlef       = 20
	rowWa         = 25
	rowAyn        = 26
	rowYa         = 29
)

// fidel is a sign taken apart.
type fidel struct {
	row, order int
	consonant  string
	vowel      string
}

func readFidel(r rune, reading int) (fidel, bool) {
	at := int(r - firstEthiopic)
	if at < 0 || at/8 >= len(ethiopicRows) {
		return fidel{}, false
	}
	f := fidel{row: at / 8, order: at % 8}
	f.consonant, f.vowel = ethiopicRows[f.row], ethiopicOrders[f.order]
	guttural := f.row == rowHa || f.row == rowHha || f.row == rowKha || f.row == rowAlef || f.row == rowAyn
	switch {
	case f.order == 0 && guttural:
		f.vowel = "a"
	case f.order == 0 && f.row == rowWa && reading == 0:
		f.vowel = "o"
	case f.order == 0 && reading == 2:
		f.vowel = "a"
	case f.consonant == "" && f.order == sixth:
		f.vowel = "e"
	case f.row == rowQa && reading > 0:
		f.consonant = "q"
	case f.row == rowNya && reading > 0:
		f.consonant = "ny"
	case f.order == 4 && reading == 1:
		f.vowel = "ie"
	}
	return f, true
}

func writeEthiopic(out []byte, word []rune, reading int) []byte {
	var room [24]fidel
	signs := room[:0]
	for _, r := range word {
		if f, ok := readFidel(r, reading); ok {
			signs = append(signs, f)
		}
	}
	for i := 0; i < len(signs); {
		f := signs[i]
		if f.order != sixth || f.consonant == "" && i == 0 {
			out = append(append(out, f.consonant...), f.vowel...)
			i++
			continue
		}
		end := i // of the consonants without a vowel
		for end < len(signs) && signs[end].order == sixth {
			end++
		}
		out = writeBare(out, signs[i:end], i == 0, end == len(signs))
		i = end
	}
	return out
}

// writeBare appends consonants of the sixth order with the vowels that part them:
// none stands at the beginning without one, no three meet, and two at the end only
// where the voice falls: Tigist, Wondimu, Fikir, but Work.
func writeBare(out []byte, bare []fidel, initial, final bool) []byte {
	for i := 0; i < len(bare); i++ {
		left := len(bare) - i
		f := bare[i]
		afterVowel := len(out) > 0 && isLatinVowel(out[len(out)-1])
		if f.consonant == "" {
			continue // a glottal stop that nobody writes
		}
		if f.row == rowYa && afterVowel && !(final && left == 1) && !initial {
			out = append(out, 'i')
			continue
		}
		out = append(out, f.consonant...)
		switch {
		case initial && i == 0:
			out = append(out, 'i')
		case !final && !afterVowel:
			out = append(out, 'i')
		case final && left == 2 && rising(f, bare[i+1]),
			final && left == 3 && !rising(bare[i+1], bare[i+2]):
			out = append(out, 'i')
		case final && left > 1 && !afterVowel && left != 2:
			out = append(out, 'i')
		}
	}
	return out
}

// rising tells that b is louder than a, so that the two cannot close a word.
func rising(a, b fidel) bool { return loud(b) && !loud(a) }

func loud(f fidel) bool {
	switch f.consonant {
	case "r", "l", "n", "m", "w", "y", "gn":
		return true
	}
	return false
}

func isLatinVowel(c byte) bool {
	switch c {
	case 'a', 'e', 'i', 'o', 'u':
		return true
	}
	return false
}
