package matchers_test

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rollcall/matchers"
	"rollcall/matchers/model"
	"rollcall/matchers/text"
)

// declaredSpecification is personSpecification with levels declared for most
// comparisons, as a user of other programs would.
func declaredSpecification() model.Specification {
	at := func(comparator string, bound float64) model.DeclaredLevel {
		return model.DeclaredLevel{Conditions: []model.Condition{{Comparator: comparator, Bound: bound}}}
	}
	equal := model.DeclaredLevel{}
	spec := personSpecification()
	off := false
	for i := range spec.Comparisons {
		c := &spec.Comparisons[i]
		switch c.Kind {
		case model.GivenName, model.FamilyName:
			c.Levels = []model.DeclaredLevel{at("jaro_winkler", .7), at("jaro_winkler", .88), at("damerau", 1), equal}
		case model.FullName:
			c.Levels = []model.DeclaredLevel{at("token_alignment", .8), at("token_alignment", .92), equal}
		case model.Date:
			c.Levels = []model.DeclaredLevel{at("years", 1), at("days", 31), at("osa", 1), equal}
		case model.Postcode:
			c.Levels, c.TermFrequency = []model.DeclaredLevel{at("levenshtein", 1), equal}, &off
		case model.Identifier:
			c.Levels = []model.DeclaredLevel{at("damerau", 1), equal}
		}
	}
	return spec
}

// TestDeclaredLevelsLink: people are linked by declared levels about as well as by
// those of the kinds.
func TestDeclaredLevelsLink(t *testing.T) {
	left, right := newPopulation(11, 6000).pair()
	result := mustLink(t, left, right, declaredSpecification(), 0)
	if precision, recall := score(result, left, right); precision < .99 || recall < .98 {
		t.Errorf("precision %.4f recall %.4f, want .99 and .98", precision, recall)
	}
	if !result.Converged {
		t.Error("training did not settle")
	}
	for i, c := range result.Specification.Comparisons {
		levels := result.Specification.Parameters.Levels[i]
		if c.Levels != nil && c.Kind != model.Place && levels[1].Bits >= levels[len(levels)-1].Bits {
			t.Errorf("%s: the worst declared level is worth %.1f bits, equal values %.1f", c.Name, levels[1].Bits, levels[len(levels)-1].Bits)
		}
	}
}

// TestDeclaredLevelsByChance: u is the share of all pairs at a level, as counting
// every one of them says.
func TestDeclaredLevelsByChance(t *testing.T) {
	left, right := newPopulation(12, 1500).pair()
	result := mustLink(t, left, right, declaredSpecification(), 0)
	given := result.Specification.Parameters.Levels[0]
	counts := make([]float64, 4)
	values := func(f *matchers.File) []string {
		var out []string
		for _, code := range f.Columns[0].Codes {
			if code != 0 {
				out = append(out, f.Columns[0].Values.At(code))
			}
		}
		return out
	}
	ls, rs := values(left), values(right)
	if len(ls) > 1500 || len(rs) > 1500 {
		t.Fatal("pairs would be sampled")
	}
	for _, a := range ls {
		for _, b := range rs {
			switch similarity := text.JaroWinkler(min(a, b), max(a, b)); {
			case a == b:
			case text.Damerau(a, b) <= 1:
				counts[3]++
			case similarity >= .88:
				counts[2]++
			case similarity >= .7:
				counts[1]++
			default:
				counts[0]++
			}
		}
	}
	for level, n := range counts {
		want := n / float64(len(ls)) / float64(len(rs))
		if got := given[level].U; math.Abs(got-want) > .002+.02*want {
			t.Errorf("level %s: u is %.5f, all pairs say %.5f", given[level].Name, got, want)
		}
	}
}

// TestDeclaredLevelsDependOnNothingElse: the order of rows and the number of threads
// change nothing.
func TestDeclaredLevelsDependOnNothingElse(t *testing.T) {
	left, right := newPopulation(3, 400).pair()
	want := mustLink(t, left, right, declaredSpecification(), 1)
	if len(want.Pairs) < 100 {
		t.Fatalf("%d pairs: too few to say anything", len(want.Pairs))
	}
	for seed := range uint64(3) {
		l, r := shuffled(left, seed), shuffled(right, seed+1)
		got := mustLink(t, l, r, declaredSpecification(), 1+int(seed))
		if diff := cmp.Diff(tell(want, left, right), tell(got, l, r)); diff != "" {
			t.Fatalf("link differs:\n%s", diff)
		}
	}
	both := merged(left, right)
	one := mustDedupe(t, both, declaredSpecification(), 1)
	mixed := shuffled(both, 9)
	if diff := cmp.Diff(tell(one, both, both), tell(mustDedupe(t, mixed, declaredSpecification(), 3), mixed, mixed)); diff != "" {
		t.Fatalf("dedupe differs:\n%s", diff)
	}
}

// ladder is the names of the levels of a comparison.
func ladder(t *testing.T, c model.Comparison) []string {
	t.Helper()
	l, err := model.NewLadder(c)
	if err != nil {
		t.Fatal(err)
	}
	return l.Names
}

// TestTermFrequencyCanBeLeftOut: equal values are one level then, and several
// where the kind has one only.
func TestTermFrequencyCanBeLeftOut(t *testing.T) {
	left, right := newPopulation(5, 600).pair()
	spec := personSpecification()
	on, off := true, false
	spec.Comparisons[0].TermFrequency, spec.Comparisons[7].TermFrequency = &off, &off
	result := mustLink(t, left, right, spec, 0)
	names := func(i int) (out []string) {
		for _, l := range result.Specification.Parameters.Levels[i] {
			out = append(out, l.Name)
		}
		return out
	}
	if given := names(0); slices.Contains(given, "equal, rare") || given[len(given)-1] != "equal" {
		t.Errorf("given names have the levels %q", given)
	}
	if ids := names(7); slices.Contains(ids, "equal, common") || ids[len(ids)-1] != "equal" {
		t.Errorf("identifiers have the levels %q", ids)
	}
	if mails := ladder(t, model.Comparison{Kind: model.Email, TermFrequency: &on}); !slices.Contains(mails, "equal, rare") {
		t.Errorf("e-mail addresses have the levels %q", mails)
	}
}
