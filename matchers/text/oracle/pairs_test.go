// Package oracle_test holds the comparators of text against independent
// programs: DuckDB's functions, matchr where it is right, the standard library,
// and definitions written down anew.
package oracle_test

import (
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// alphabets that a pair's characters come from; the last runes of each are rare.
// Words are parted by spaces.
var alphabets = [][]rune{
	[]rune("aabbcde "),
	[]rune("eeaairrnnstolkhmuvdgbfjpywczqx '-"),
	[]rune("0123456789-/"),
	[]rune("aeiouéèüñçßøłğşāśṣ ́̈"),
	[]rune("ابتثجحخدذرزسشصضطظعغفقكلمنهوي "),
	[]rune("কখগঘঙচছজঝঞটঠডঢণতথদধনািীুূে্ "),
	[]rune("王李张刘陈杨黄赵吴周 〇𠮷"),
	[]rune("👩🏽‍🦱👨‍👧ab "),
}

// pair is two strings and the same two with their characters renamed into ASCII
// letters and signs, one for one, for programs that count bytes or pass over
// digits. Distances and similarities do not change by it.
type pair struct {
	a, b           string
	plainA, plainB string
}

// signs are what characters are renamed to: first the letters.
const signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+,-./:;<=>?@[]^_`{|}~0123456789"

// draw makes pairs of all lengths: as different as chance has it, a few edits
// apart, with words in another order; one in twelve is longer than a machine
// word, some lie about its 64 characters, and a few hold bytes that are no UTF-8.
func draw(random *rand.Rand) pair {
	alphabet := alphabets[random.IntN(len(alphabets))]
	a := letters(random, alphabet, length(random))
	var b []rune
	switch kind := random.IntN(8); {
	case kind == 0:
		b = letters(random, alphabet, length(random))
	case kind == 1:
		b = shuffled(random, a)
	default:
		b = slices.Clone(a)
	}
	for range random.IntN(5) {
		b = edited(random, b, alphabet)
	}
	p := pair{a: string(a), b: string(b)}
	if random.IntN(50) == 0 {
		p.a, p.b = torn(random, p.a), torn(random, p.b)
	}
	p.plainA, p.plainB = renamed(p.a, p.b)
	return p
}

func length(random *rand.Rand) int {
	switch random.IntN(24) {
	case 0:
		return 60 + random.IntN(9)
	case 1:
		return 65 + random.IntN(60)
	case 2, 3, 4:
		return 16 + random.IntN(40)
	case 5:
		return random.IntN(3)
	}
	return 2 + random.IntN(14)
}

func letters(random *rand.Rand, alphabet []rune, n int) []rune {
	out := make([]rune, n)
	for i := range out {
		out[i] = alphabet[random.IntN(len(alphabet))]
	}
	return out
}

// edited has one insertion, deletion, substitution or exchange more, of neighbours
// or with characters between.
func edited(random *rand.Rand, s, alphabet []rune) []rune {
	letter := alphabet[random.IntN(len(alphabet))]
	if len(s) < 3 {
		return slices.Insert(slices.Clone(s), random.IntN(len(s)+1), letter)
	}
	at := random.IntN(len(s) - 2)
	switch random.IntN(6) {
	case 0:
		s = slices.Insert(slices.Clone(s), at, letter)
	case 1:
		s = slices.Delete(slices.Clone(s), at, at+1)
	case 2:
		s[at] = letter
	case 3, 4:
		s[at], s[at+1] = s[at+1], s[at]
	case 5:
		s[at], s[at+2] = s[at+2], s[at]
	}
	return s
}

func shuffled(random *rand.Rand, s []rune) []rune {
	words := strings.Fields(string(s))
	random.Shuffle(len(words), func(i, j int) { words[i], words[j] = words[j], words[i] })
	return []rune(strings.Join(words, " "))
}

// torn puts bytes that are no UTF-8 into a string.
func torn(random *rand.Rand, s string) string {
	at := random.IntN(len(s) + 1)
	return s[:at] + []string{"\xff", "\xfe", "\xed\xa0\x80", "\xc3"}[random.IntN(4)] + s[at:]
}

// renamed gives each character a sign.
func renamed(a, b string) (string, string) {
	known := map[string]byte{}
	rename := func(s string) string {
		var out strings.Builder
		for _, c := range split(s) {
			sign, ok := known[c]
			if !ok {
				sign = signs[len(known)]
				known[c] = sign
			}
			out.WriteByte(sign)
		}
		return out.String()
	}
	return rename(a), rename(b)
}

// split is the characters of a string: runes, and bytes that belong to none.
func split(s string) []string {
	var out []string
	for len(s) > 0 {
		_, size := utf8.DecodeRuneInString(s)
		out, s = append(out, s[:size]), s[size:]
	}
	return out
}

// chunk is how many pairs are held at a time.
const chunk = 50_000

// chunks draws 50,000 pairs, or a million with ROLLCALL_LONG=1.
func chunks(t *testing.T, check func([]pair)) {
	t.Helper()
	all := chunk
	if os.Getenv("ROLLCALL_LONG") != "" {
		all = 1_000_000
	}
	random := rand.New(rand.NewPCG(1965, 1990)) // Levenshtein, Winkler
	pairs := make([]pair, chunk)
	for range all / chunk {
		for i := range pairs {
			pairs[i] = draw(random)
		}
		check(pairs)
		if t.Failed() {
			return
		}
	}
	t.Logf("%d pairs", all)
}
