package oracle_test

import (
	"math"
	"testing"

	"github.com/antzucaro/matchr"

	"rollcall/matchers/text"
)

// near says that two programs mean one number.
func near(a, b float64) bool { return math.Abs(a-b) < 1e-9 }

// TestDistances: matchr is right in Levenshtein and true Damerau. Its OSA passes
// over an exchange of the first two characters, so that both strings get a sign in
// front, which changes no distance.
func TestDistances(t *testing.T) {
	db := open(t)
	chunks(t, func(pairs []pair) {
		for i, duck := range db.compare(t, pairs) {
			p := pairs[i]
			lev, osa, damerau := text.Levenshtein(p.a, p.b), text.OSA(p.a, p.b), text.Damerau(p.a, p.b)
			if want := matchr.Levenshtein(p.plainA, p.plainB); lev != want || lev != duck.levenshtein {
				t.Errorf("Levenshtein(%q, %q) = %d; matchr %d, DuckDB %d", p.a, p.b, lev, want, duck.levenshtein)
			}
			if want := matchr.DamerauLevenshtein(p.plainA, p.plainB); damerau != want || damerau != duck.damerau {
				t.Errorf("Damerau(%q, %q) = %d; matchr %d, DuckDB %d", p.a, p.b, damerau, want, duck.damerau)
			}
			if want, table := matchr.OSA(" "+p.plainA, " "+p.plainB), alignment(p.plainA, p.plainB); osa != want || osa != table {
				t.Errorf("OSA(%q, %q) = %d; matchr %d, by definition %d", p.a, p.b, osa, want, table)
			}
			for most := damerau - 1; most <= damerau+1; most++ {
				if text.WithinDamerau(p.a, p.b, most) != (damerau <= most) {
					t.Errorf("WithinDamerau(%q, %q, %d) with a distance of %d", p.a, p.b, most, damerau)
				}
			}
			for most := range 4 {
				most := lev - 2 + most
				if text.WithinLevenshtein(p.a, p.b, most) != (lev <= most) || text.WithinOSA(p.a, p.b, most) != (osa <= most) {
					t.Errorf("%q and %q within %d, with distances of %d and %d", p.a, p.b, most, lev, osa)
				}
			}
			if text.WithinOne(p.a, p.b) != (osa <= 1) {
				t.Errorf("WithinOne(%q, %q) with a distance of %d", p.a, p.b, osa)
			}
			x, y := text.NewOutline(p.a), text.NewOutline(p.b)
			if least := x.LeastEdits(&y); least > damerau {
				t.Errorf("%q and %q are said to be at least %d edits apart, and are %d", p.a, p.b, least, damerau)
			}
		}
	})
}

// alignment is OSA as a recursion over prefixes, which remembers (Boytsov 2011,
// "Indexing methods for approximate dictionary searching", 2.2).
func alignment(a, b string) int {
	known := make([]int, (len(a)+1)*(len(b)+1))
	var distance func(i, j int) int
	distance = func(i, j int) int {
		if i == 0 || j == 0 {
			return i + j
		}
		at := &known[i*(len(b)+1)+j]
		if *at > 0 {
			return *at - 1
		}
		least := 1 + min(distance(i-1, j), distance(i, j-1))
		if a[i-1] == b[j-1] {
			least = min(least, distance(i-1, j-1))
		} else {
			least = min(least, 1+distance(i-1, j-1))
		}
		if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
			least = min(least, 1+distance(i-2, j-2))
		}
		*at = least + 1
		return least
	}
	return distance(len(a), len(b))
}

// TestJaro: matchr looks the first string's characters up in the second, text and
// DuckDB the other way round, which can change how many are out of order. Two
// empty strings are equal here; for both programs they have nothing in common.
//
// Winkler's bonus is given as in his paper of 1990, whatever the similarity. Both
// programs give it above a Jaro similarity of 0.7 only, as his later program did.
func TestJaro(t *testing.T) {
	db := open(t)
	chunks(t, func(pairs []pair) {
		for i, duck := range db.compare(t, pairs) {
			p := pairs[i]
			jaro, winkler := text.Jaro(p.a, p.b), text.JaroWinkler(p.a, p.b)
			if p.a == "" && p.b == "" {
				if jaro != 1 || winkler != 1 {
					t.Error("two empty strings differ")
				}
				continue
			}
			if want := matchr.Jaro(p.plainB, p.plainA); !near(jaro, want) || !near(jaro, duck.jaro) {
				t.Errorf("Jaro(%q, %q) = %.6f; matchr %.6f, DuckDB %.6f", p.a, p.b, jaro, want, duck.jaro)
			}
			if want := jaro + 0.1*float64(opening(p.plainA, p.plainB))*(1-jaro); !near(winkler, want) {
				t.Errorf("JaroWinkler(%q, %q) = %.6f, want %.6f", p.a, p.b, winkler, want)
			}
			if jaro > 0.7+1e-9 && !near(winkler, duck.jaroWinkler) {
				t.Errorf("JaroWinkler(%q, %q) = %.6f; DuckDB %.6f", p.a, p.b, winkler, duck.jaroWinkler)
			}
			x, y := text.NewOutline(p.a), text.NewOutline(p.b)
			if x.MostJaro(&y) < jaro || x.MostJaroWinkler(&y) < winkler {
				t.Errorf("%q and %q are said to be less alike than they are", p.a, p.b)
			}
		}
	})
}

// opening is the characters that two plain strings begin with, at most four.
func opening(a, b string) int {
	n := 0
	for n < min(len(a), len(b), 4) && a[n] == b[n] {
		n++
	}
	return n
}
