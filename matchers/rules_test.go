package matchers_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rollcall/matchers"
)

// respelt writes names of a file with other vowels, as a clerk does who hears them, and
// makes shares of the rows have no date and live elsewhere.
func respelt(f *matchers.File, undated, moved float64) {
	random := rand.New(rand.NewPCG(4, 2))
	change := func(name string, of func(string) string) {
		at := slices.IndexFunc(f.Columns, func(c matchers.Column) bool { return c.Name == name })
		values := make([]string, len(f.IDs))
		for row := range values {
			values[row] = of(f.Columns[at].Values.At(f.Columns[at].Codes[row]))
		}
		f.Columns[at] = column(name, values)
	}
	vowels := func(s string) string {
		return strings.Map(func(r rune) rune {
			if strings.ContainsRune("aeiou", r) {
				return rune("aeiou"[random.IntN(5)])
			}
			return r
		}, s)
	}
	for _, name := range []string{"given_name", "family_name", "mother_name"} {
		change(name, vowels)
	}
	change("national_id", func(string) string { return "" })
	change("birth", func(s string) string {
		if random.Float64() < undated {
			return ""
		}
		return s
	})
	places := f.Columns[slices.IndexFunc(f.Columns, func(c matchers.Column) bool { return c.Name == "postcode" })]
	change("postcode", func(s string) string {
		if random.Float64() < moved {
			return places.Values.At(places.Codes[random.IntN(len(f.IDs))])
		}
		return s
	})
}

// TestRulesAreLearnt: where names are written otherwise in nearly all pairs, rules that
// sure pairs teach find no fewer people than those that were guessed from the kinds of
// columns, among less than half as many pairs, and are the same in any order of the rows.
func TestRulesAreLearnt(t *testing.T) {
	left, right := newPopulation(17, 12_000).pair()
	respelt(right, .6, .4)
	spec := personSpecification()
	guessed, err := matchers.GuessedRules(left, right, spec)
	if err != nil {
		t.Fatal(err)
	}
	result := mustLink(t, left, right, spec, 2)
	truth := map[[2]string]bool{}
	for _, a := range left.IDs {
		if b := "b" + a[1:]; slices.Contains(right.IDs, b) {
			truth[[2]string{a, b}] = true
		}
	}
	recall := func(of *matchers.Result) float64 {
		spec := spec
		if spec.Blocking = guessed; of != nil {
			spec.Blocking = of.Specification.Blocking
		}
		share, err := matchers.CandidateRecall(left, right, spec, truth)
		if err != nil {
			t.Fatal(err)
		}
		return share
	}
	before, after := recall(nil), recall(result)
	of := spec
	of.Blocking = guessed
	byGuess := mustLink(t, left, right, of, 2)
	t.Logf("guessed %.4f of %d by %d rules with %d pairs, learnt %.4f by %d with %d", before, len(truth), len(guessed), byGuess.Candidates, after, len(result.Specification.Blocking), result.Candidates)
	if after < before || result.Candidates > byGuess.Candidates/2 {
		t.Errorf("guessed rules find %.4f of the true pairs among %d, learnt ones %.4f among %d", before, byGuess.Candidates, after, result.Candidates)
	}
	again := mustLink(t, shuffled(left, 5), shuffled(right, 6), spec, 1)
	if diff := cmp.Diff(result.Specification.Blocking, again.Specification.Blocking); diff != "" {
		t.Errorf("another order of rows and another number of threads: %s", diff)
	}
}
