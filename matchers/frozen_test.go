package matchers_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rollcall/matchers"
	"rollcall/matchers/block"
	"rollcall/matchers/model"
)

// part is some rows of a file, with dictionaries of their own.
func part(f *matchers.File, rows []int) *matchers.File {
	out := &matchers.File{}
	for _, row := range rows {
		out.IDs = append(out.IDs, f.IDs[row])
	}
	for _, c := range f.Columns {
		var values []string
		for _, row := range rows {
			values = append(values, c.Values.At(c.Codes[row]))
		}
		out.Columns = append(out.Columns, column(c.Name, values))
	}
	return out
}

// unsure makes a year of every so many births, and three of every so many others.
func unsure(f *matchers.File, every int) {
	birth := &f.Columns[3]
	values := make([]string, len(birth.Codes))
	for row, code := range birth.Codes {
		values[row] = birth.Values.At(code)
		year, err := strconv.Atoi(values[row][:min(4, len(values[row]))])
		switch {
		case err != nil:
		case row%every == 0:
			values[row] = strconv.Itoa(year)
		case row%every == 1:
			values[row] = fmt.Sprintf("%d-07-01/%d-06-30", year-1, year+2)
		}
	}
	*birth = column(birth.Name, values)
}

// evidence is a pair by what the two records alone decide.
type evidence struct {
	Left, Right string
	WeightBits  float64
	Rule        int16
	Levels      []uint8
}

func evident(pairs []told) []evidence {
	var out []evidence
	for _, p := range pairs {
		out = append(out, evidence{p.Left, p.Right, p.WeightBits, p.Rule, p.Levels})
	}
	slices.SortFunc(out, func(a, b evidence) int { return slices.Compare([]string{a.Left, a.Right}, []string{b.Left, b.Right}) })
	return out
}

// TestIncrementsCompareAlike: by a frozen model, which pairs are found and what
// they weigh does not depend on what else is in the files: any split of them gives
// the same pairs. A large block makes it hard, as do frequent names.
func TestIncrementsCompareAlike(t *testing.T) {
	left, right := newPopulation(41, 2400).pair()
	unsure(left, 5)
	unsure(right, 7)
	spec := personSpecification()
	spec.Blocking = []block.Rule{{{Column: "birth"}}, {{Column: "given_name"}, {Column: "district"}}, {{Column: "family_name", Transform: "first_letter"}, {Column: "sex"}}, {{Column: "mother_name", Transform: "sounds"}, {Column: "sex"}}, {{Column: "mother_name", Transform: "last_token"}}}
	trained := mustLink(t, left, right, spec, 0).Specification
	trained.Frozen = nil
	trained.Parameters.Missing = make([]model.MissingWeights, len(trained.Comparisons))
	for c := range trained.Parameters.Missing {
		trained.Parameters.Missing[c] = model.MissingWeights{One: -.5, Both: .75}
	}
	whole := mustLink(t, left, right, trained, 0)
	frozen := whole.Specification
	if !slices.ContainsFunc(frozen.Frozen.Blocking, func(r model.FrozenRule) bool { return len(r.Cut) > 0 }) {
		t.Fatal("no block was too large: nothing is tested of those")
	}
	if !slices.ContainsFunc(tell(whole, left, right), func(p told) bool { return slices.Contains(p.Levels, model.OneMissing) }) {
		t.Fatal("no pair has missing values that weigh")
	}
	if birth := frozen.Comparisons[3]; !birth.Intervals || len(frozen.Frozen.Comparison(birth.Name).Years) == 0 {
		t.Fatal("no birth is unsure: nothing is tested of those")
	}
	text, err := json.Marshal(frozen.Frozen)
	if err != nil {
		t.Fatal(err)
	}
	frozen.Frozen = new(model.Frozen)
	if err := json.Unmarshal(text, frozen.Frozen); err != nil {
		t.Fatal(err)
	}
	want := evident(tell(mustLink(t, left, right, frozen, 0), left, right))
	if diff := cmp.Diff(evident(tell(whole, left, right)), want); diff != "" {
		t.Fatalf("the frozen model on the same files differs:\n%s", diff)
	}
	random := rand.New(rand.NewPCG(5, 6))
	for range 3 {
		var got []told
		lefts, rights := split(random, len(left.IDs), 3), split(random, len(right.IDs), 2)
		for _, l := range lefts {
			for _, r := range rights {
				a, b := part(left, l), part(right, r)
				got = append(got, tell(mustLink(t, a, b, frozen, 2), a, b)...)
			}
		}
		if diff := cmp.Diff(want, evident(got)); diff != "" {
			t.Fatalf("increments differ from the whole:\n%s", diff)
		}
	}
}

// split parts numbers below n at random, in a random order.
func split(random *rand.Rand, n, parts int) [][]int {
	out := make([][]int, parts)
	for _, row := range random.Perm(n) {
		p := random.IntN(parts)
		out[p] = append(out[p], row)
	}
	return out
}

// TestUnsureBirths: births known to a year or some years tell as much as strangers
// seldom overlap, and what lies years apart speaks against one person.
func TestUnsureBirths(t *testing.T) {
	left, right := newPopulation(43, 4000).pair()
	unsure(left, 4)
	result := mustLink(t, left, right, personSpecification(), 0)
	bits := map[string]float64{}
	for _, level := range result.Specification.Parameters.Levels[3] {
		bits[level.Name] = level.Bits
	}
	// Births are spread over eighty years: a year says 6 bits at most, three years 5.
	for name, most := range map[string]float64{"years overlap": 6.5, "years overlap, common": 5} {
		if got := bits[name]; got < most-1.5 || got > most {
			t.Errorf("%s: %+.1f bits, want at most %g and little less", name, got, most)
		}
	}
	for _, name := range []string{"years apart", "years within five"} {
		if got := bits[name]; got > 0 {
			t.Errorf("%s: %+.1f bits, want less than none", name, got)
		}
	}
	if bits["years apart"] > bits["years within five"] {
		t.Errorf("apart weighs %+.1f bits, within five years %+.1f", bits["years apart"], bits["years within five"])
	}
	if precision, recall := score(result, left, right); precision < .97 || recall < .9 {
		t.Errorf("precision %.3f, recall %.3f", precision, recall)
	}
}
