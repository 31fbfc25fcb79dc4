package oracle_test

import (
	"index/suffixarray"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"rollcall/matchers/text"
)

// TestCommonSubstring holds it against a suffix array of the one string and
// against searching for every piece of the other.
func TestCommonSubstring(t *testing.T) {
	chunks(t, func(pairs []pair) {
		for _, p := range pairs {
			got := text.CommonSubstring(p.a, p.b)
			index := suffixarray.New([]byte(p.plainB))
			bySuffix := longest(p.plainA, func(piece string) bool { return len(index.Lookup([]byte(piece), 1)) > 0 })
			bySearch := longest(p.plainA, func(piece string) bool { return strings.Contains(p.plainB, piece) })
			if got != bySuffix || got != bySearch {
				t.Errorf("CommonSubstring(%q, %q) = %d; by suffixes %d, by search %d", p.a, p.b, got, bySuffix, bySearch)
			}
			x, y := text.NewOutline(p.a), text.NewOutline(p.b)
			if most := x.MostCommon(&y); most < got || x.Runes() != len(p.plainA) {
				t.Errorf("%q and %q are said to have at most %d characters in common, and have %d in one piece", p.a, p.b, most, got)
			}
			if prefix := text.CommonPrefix(p.a, p.b); !strings.HasPrefix(p.plainB, p.plainA[:prefix]) ||
				prefix < min(len(p.plainA), len(p.plainB)) && p.plainA[prefix] == p.plainB[prefix] {
				t.Errorf("CommonPrefix(%q, %q) = %d", p.a, p.b, prefix)
			}
		}
	})
}

// longest is the length of the longest piece that is there, found from each place
// with pieces that grow.
func longest(s string, there func(piece string) bool) int {
	most := 0
	for from := range len(s) {
		for from+most+1 <= len(s) && there(s[from:from+most+1]) {
			most++
		}
	}
	return most
}

// TestSets holds the shares of characters and of words in common against DuckDB's
// jaccard, which takes sets of bytes and refuses empty strings, and against sets
// that are counted; for DuckDB each distinct word is one sign.
func TestSets(t *testing.T) {
	db := open(t)
	chunks(t, func(pairs []pair) {
		words := make([]pair, len(pairs))
		for i, p := range pairs {
			words[i].plainA, words[i].plainB = renamedWords(p.a, p.b)
		}
		ofWords, ofCharacters := db.compare(t, words), db.compare(t, pairs)
		for i, p := range pairs {
			got, counted := text.Jaccard(p.a, p.b), jaccard(split(p.a), split(p.b))
			if p.a != "" && p.b != "" && !near(got, ofCharacters[i].jaccard) || !near(got, counted) {
				t.Errorf("Jaccard(%q, %q) = %.6f; DuckDB %.6f, counted %.6f", p.a, p.b, got, ofCharacters[i].jaccard, counted)
			}
			got, counted = text.TokenSet(text.Tokens(p.a), text.Tokens(p.b)), jaccard(strings.Fields(p.a), strings.Fields(p.b))
			if words[i].plainA != "" && words[i].plainB != "" && !near(got, ofWords[i].jaccard) || !near(got, counted) {
				t.Errorf("TokenSet(%q, %q) = %.6f; DuckDB %.6f, counted %.6f", p.a, p.b, got, ofWords[i].jaccard, counted)
			}
		}
	})
}

func renamedWords(a, b string) (string, string) {
	known := map[string]byte{}
	rename := func(s string) string {
		var out []byte
		for _, w := range strings.Fields(s) {
			sign, ok := known[w]
			if !ok {
				sign = signs[len(known)]
				known[w] = sign
			}
			out = append(out, sign)
		}
		return string(out)
	}
	return rename(a), rename(b)
}

func jaccard(a, b []string) float64 {
	either := map[string]int{}
	for _, x := range a {
		either[x] |= 1
	}
	for _, y := range b {
		either[y] |= 2
	}
	if len(either) == 0 {
		return 1
	}
	both := 0
	for _, sides := range either {
		if sides == 3 {
			both++
		}
	}
	return float64(both) / float64(len(either))
}

// TestTokenAlignment holds the alignment of words against all of them: every
// choice of partners up to seven words a side, a search over sets above; and that
// of two words with two against DuckDB.
func TestTokenAlignment(t *testing.T) {
	db := open(t)
	chunks(t, func(pairs []pair) {
		var two []pair // four pairs of words for each
		var twoOf []float64
		for _, p := range pairs {
			a, b := text.Words(p.a), text.Words(p.b)
			if len(a) > len(b) {
				a, b = b, a
			}
			if len(b) > 15 {
				continue // TestLongAlignment
			}
			got, want := text.TokenAlignment(a, b), bestOfSets(a, b)
			if !near(got, want) || len(b) <= 6 && !near(got, bestOfAll(a, b)) {
				t.Errorf("TokenAlignment(%q, %q) = %.6f, want %.6f", a, b, got, want)
			}
			if most := text.MostAligned(outlines(a), outlines(b)); most < got {
				t.Errorf("%q and %q are said to be aligned to %.6f at most, and are to %.6f", a, b, most, got)
			}
			if len(a) == 2 && len(b) == 2 {
				for _, x := range a {
					for _, y := range b {
						words := pair{a: x, b: y}
						words.plainA, words.plainB = renamed(x, y)
						two = append(two, words)
					}
				}
				twoOf = append(twoOf, got)
			}
		}
		duck := db.compare(t, two)
		for i, got := range twoOf {
			of := func(k int) float64 { // with the bonus that DuckDB gives above 0.7 only
				d, p := duck[4*i+k], two[4*i+k]
				return d.jaro + 0.1*float64(opening(p.plainA, p.plainB))*(1-d.jaro)
			}
			if want := max(of(0)+of(3), of(1)+of(2)) / 2; !near(got, want) {
				t.Errorf("words %q aligned: %.6f, DuckDB %.6f", two[4*i:4*i+4], got, want)
			}
		}
	})
}

func outlines(words []string) (out []text.Outline) {
	for _, w := range words {
		out = append(out, text.NewOutline(w))
	}
	return out
}

// likenesses are those of all words of one name with all of the other.
func likenesses(a, b []string) [][]float64 {
	out := make([][]float64, len(a))
	for i, x := range a {
		for _, y := range b {
			out[i] = append(out[i], text.JaroWinkler(x, y))
		}
	}
	return out
}

func bestOfAll(a, b []string) float64 {
	if len(a)+len(b) == 0 {
		return 1
	}
	likeness := likenesses(a, b)
	var best func(i int, taken uint) float64
	best = func(i int, taken uint) float64 {
		if i == len(a) {
			return 0
		}
		most := math.Inf(-1)
		for j := range b {
			if taken>>j&1 == 0 {
				most = max(most, likeness[i][j]+best(i+1, taken|1<<j))
			}
		}
		return most
	}
	return 2 * best(0, 0) / float64(len(a)+len(b))
}

// bestOfSets finds the greatest sum for every set of the longer name's words.
func bestOfSets(a, b []string) float64 {
	if len(a)+len(b) == 0 {
		return 1
	}
	likeness := likenesses(a, b)
	best := make([]float64, 1<<len(b))
	most := 0.0
	for set := range uint(1 << len(b)) {
		i := bits.OnesCount(set)
		if i == 0 || i > len(a) {
			continue
		}
		best[set] = math.Inf(-1)
		for rest := set; rest != 0; rest &= rest - 1 {
			j := bits.TrailingZeros(rest)
			best[set] = max(best[set], best[set&^(1<<j)]+likeness[i-1][j])
		}
		if i == len(a) {
			most = max(most, best[set])
		}
	}
	return 2 * most / float64(len(a)+len(b))
}

// TestLongAlignment: names of many words are aligned as well as short ones.
func TestLongAlignment(t *testing.T) {
	random := rand.New(rand.NewPCG(1955, 1987)) // Kuhn; Jonker and Volgenant
	for range 30 {
		word := func() string { return string(letters(random, alphabets[0][:7], 1+random.IntN(5))) }
		var a, b []string
		for range 1 + random.IntN(18) {
			a = append(a, word())
		}
		for range 17 + random.IntN(2) {
			b = append(b, word())
		}
		if len(a) > len(b) {
			a, b = b, a
		}
		if got, want := text.TokenAlignment(a, b), bestOfSets(a, b); !near(got, want) {
			t.Errorf("%q and %q: %.6f, want %.6f", a, b, got, want)
		}
		shuffled := slices.Clone(b)
		random.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if got := text.TokenAlignment(b, shuffled); !near(got, 1) {
			t.Errorf("the same words in another order: %.6f", got)
		}
	}
}
