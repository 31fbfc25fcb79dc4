package oracle_test

import (
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/antzucaro/matchr"
	"golang.org/x/text/unicode/norm"

	"rollcall/matchers/text"
)

// names draws names of ASCII letters, 50,000 or a million with ROLLCALL_LONG=1.
func names(check func(random *rand.Rand, name string)) {
	all := chunk
	if os.Getenv("ROLLCALL_LONG") != "" {
		all = 1_000_000
	}
	random := rand.New(rand.NewPCG(1918, 1922)) // the patents of Russell and Odell
	for range all {
		name := string(letters(random, []rune("etaoinshrdlcumwfgypbvkjxqz"), 1+random.IntN(12)))
		check(random, strings.ToUpper(name[:1])+name[1:])
	}
}

// TestSoundex holds it against matchr, whose Soundex is right on ASCII, and against
// the rules of the census as the National Archives put them.
func TestSoundex(t *testing.T) {
	names(func(_ *rand.Rand, name string) {
		got := text.Soundex(name)
		if want, rules := matchr.Soundex(name), census(name); got != want || got != rules {
			t.Errorf("Soundex(%q) = %q; matchr %q, by the rules %q", name, got, want, rules)
		}
	})
}

// census codes a name letter by letter: what has one code beside another, or on
// either side of h or w, counts once; a vowel between them parts them.
func census(name string) string {
	groups := map[byte]string{'1': "bfpv", '2': "cgjkqsxz", '3': "dt", '4': "l", '5': "mn", '6': "r"}
	codeOf := func(letter rune) byte {
		for code, group := range groups {
			if strings.ContainsRune(group, letter) {
				return code
			}
		}
		return 0
	}
	without := strings.NewReplacer("h", "", "w", "").Replace(strings.ToLower(name[1:]))
	first := rune(strings.ToLower(name)[0])
	out, before := name[:1], codeOf(first)
	for _, letter := range without {
		code := codeOf(letter)
		if code != 0 && code != before {
			out += string(code)
		}
		before = code
	}
	return (out + "000")[:4]
}

// TestKeysFold: accents, capitals, and the way in which Unicode writes them change
// no phonetic key.
func TestKeysFold(t *testing.T) {
	marks := []rune("\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c\u0323\u0327\u0328\u0331")
	names(func(random *rand.Rand, name string) {
		var dressed strings.Builder
		for _, letter := range name {
			if random.IntN(3) == 0 {
				letter = []rune(strings.ToUpper(string(letter)))[0]
			}
			dressed.WriteRune(letter)
			for range random.IntN(3) {
				dressed.WriteRune(marks[random.IntN(len(marks))])
			}
		}
		for _, form := range []norm.Form{norm.NFC, norm.NFD, norm.NFKC} {
			written := form.String(dressed.String())
			for key, of := range map[string]func(string) string{"Soundex": text.Soundex, "Romanised": text.Romanised, "Heard": text.Heard} {
				if got, want := of(written), of(name); got != want {
					t.Errorf("%s(%q) = %q, and %q of %q", key, written, got, want, name)
				}
			}
		}
	})
}
