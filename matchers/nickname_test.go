package matchers_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rollcall/matchers"
	"rollcall/matchers/model"
)

// called makes a share of the rows of a file bear a nickname for their given name.
func called(f *matchers.File, share float64, nicknames []string) {
	random := rand.New(rand.NewPCG(3, 9))
	at := slices.IndexFunc(f.Columns, func(c matchers.Column) bool { return c.Name == "given_name" })
	names := make([]string, len(f.IDs))
	for row := range names {
		names[row] = f.Columns[at].Values.At(f.Columns[at].Codes[row])
		if random.Float64() < share {
			names[row] = nicknames[random.IntN(len(nicknames))]
		}
	}
	f.Columns[at] = column("given_name", names)
}

// TestNicknames: names by which people are called and not registered are found, however
// rows are ordered, and say nothing where they differ; so those who are called by them are
// found. What was learnt gives the same pairs when it is given back.
func TestNicknames(t *testing.T) {
	nicknames := []string{"bobo", "kikito", "lala", "titi"}
	left, right := newPopulation(23, 3000).pair()
	called(right, .15, nicknames)
	result := mustLink(t, left, right, personSpecification(), 2)
	spec := result.Specification
	at := slices.IndexFunc(spec.Comparisons, func(c model.Comparison) bool { return c.Name == "given_name" })
	if spec.Parameters.Nicknames == nil || !slices.Equal(spec.Parameters.Nicknames[at], nicknames) {
		t.Fatalf("nicknames are %v", spec.Parameters.Nicknames)
	}
	if m := spec.Parameters.Levels[at][0].M; m > .02 {
		t.Errorf("other given names differ in %.3f of the matches", m)
	}
	seen, hits := 0, 0
	for _, p := range result.Pairs {
		if p.Accepted && p.Levels[at] == model.Nickname {
			if seen++; left.IDs[p.Left][1:] == right.IDs[p.Right][1:] {
				hits++
			}
		}
	}
	if precision, recall := score(result, left, right); precision < .99 || recall < .97 || seen < 200 || hits < seen*98/100 {
		t.Errorf("precision %.4f, recall %.4f, of %d by a nickname %d right", precision, recall, seen, hits)
	}
	other := shuffled(right, 8)
	again := mustLink(t, left, other, personSpecification(), 1)
	if diff := cmp.Diff(tell(result, left, right), tell(again, left, other)); diff != "" {
		t.Errorf("in another order of rows:\n%s", diff)
	}
	given := mustLink(t, left, right, spec, 1)
	if diff := cmp.Diff(tell(result, left, right), tell(given, left, right)); diff != "" {
		t.Errorf("given back:\n%s", diff)
	}
}

// TestNoNicknames: names that differ by a slip of the pen, or of one record alone, are no
// nicknames.
func TestNoNicknames(t *testing.T) {
	left, right := newPopulation(23, 3000).pair()
	called(right, .001, []string{"bobo", "kikito", "lala"})
	for _, names := range mustLink(t, left, right, personSpecification(), 2).Specification.Parameters.Nicknames {
		if len(names) > 0 {
			t.Errorf("nicknames are %v", names)
		}
	}
}
