package matchers_test

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"rollcall/matchers"
	"rollcall/matchers/block"
	"rollcall/matchers/model"
)

// shuffled is a file with its rows, and the values of its dictionaries, in
// another order.
func shuffled(f *matchers.File, seed uint64) *matchers.File {
	random := rand.New(rand.NewPCG(seed, 1))
	order := random.Perm(len(f.IDs))
	out := &matchers.File{}
	for _, row := range order {
		out.IDs = append(out.IDs, f.IDs[row])
		if f.Sex != nil {
			out.Sex = append(out.Sex, f.Sex[row])
		}
		if f.Group != nil {
			out.Group = append(out.Group, f.Group[row])
		}
		if f.Once != nil {
			out.Once = append(out.Once, f.Once[row])
		}
	}
	for _, c := range f.Columns {
		var values []string
		for _, row := range order {
			values = append(values, c.Values.At(c.Codes[row]))
		}
		out.Columns = append(out.Columns, column(c.Name, values))
	}
	return out
}

// told is a pair by its ids.
type told struct {
	Left, Right                         string
	WeightBits, Probability, MarginBits float64
	Rule                                int16
	Accepted                            bool
	Levels                              []uint8
}

func tell(result *matchers.Result, left, right *matchers.File) []told {
	var out []told
	for _, p := range result.Pairs {
		a, b := left.IDs[p.Left], right.IDs[p.Right]
		if left == right && b < a {
			a, b = b, a
		}
		out = append(out, told{a, b, p.WeightBits, p.Probability, p.MarginBits, p.Rule, p.Accepted, p.Levels})
	}
	return out
}

func mustLink(t testing.TB, left, right *matchers.File, spec model.Specification, threads int) *matchers.Result {
	t.Helper()
	result, err := matchers.Link(context.Background(), left, right, spec, matchers.Options{Threads: threads})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func mustDedupe(t testing.TB, f *matchers.File, spec model.Specification, threads int) *matchers.Result {
	t.Helper()
	result, err := matchers.Dedupe(context.Background(), f, spec, matchers.Options{Threads: threads})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func TestRowOrderAndThreadsChangeNothing(t *testing.T) {
	left, right := newPopulation(3, 260).pair()
	want := mustLink(t, left, right, personSpecification(), 1)
	both := merged(left, right)
	wantOne := mustDedupe(t, both, personSpecification(), 1)
	if len(want.Pairs) < 100 || len(wantOne.Pairs) < 100 {
		t.Fatalf("%d and %d pairs: too few to say anything", len(want.Pairs), len(wantOne.Pairs))
	}
	rapid.Check(t, func(rt *rapid.T) {
		seed, threads := rapid.Uint64().Draw(rt, "seed"), rapid.IntRange(1, 4).Draw(rt, "threads")
		if rapid.Bool().Draw(rt, "one file") {
			one := shuffled(both, seed)
			got := mustDedupe(t, one, personSpecification(), threads)
			if diff := cmp.Diff(tell(wantOne, both, both), tell(got, one, one)); diff != "" {
				rt.Fatalf("dedupe differs:\n%s", diff)
			}
			if wantOne.ExpectedRecall != got.ExpectedRecall {
				rt.Fatal("estimates differ")
			}
			return
		}
		l, r := shuffled(left, seed), shuffled(right, seed+1)
		got := mustLink(t, l, r, personSpecification(), threads)
		if diff := cmp.Diff(tell(want, left, right), tell(got, l, r)); diff != "" {
			rt.Fatalf("link differs:\n%s", diff)
		}
		if diff := cmp.Diff(want.Specification, got.Specification); diff != "" {
			rt.Fatalf("model differs:\n%s", diff)
		}
		if want.ExpectedPrecision != got.ExpectedPrecision {
			rt.Fatal("estimates differ")
		}
	})
}

// merged is two files as one.
func merged(a, b *matchers.File) *matchers.File {
	out := &matchers.File{IDs: append(slices.Clone(a.IDs), b.IDs...)}
	for i, c := range a.Columns {
		var values []string
		for _, f := range []matchers.Column{c, b.Columns[i]} {
			for _, code := range f.Codes {
				values = append(values, f.Values.At(code))
			}
		}
		out.Columns = append(out.Columns, column(c.Name, values))
	}
	return out
}

func TestMadeUpPopulationIsLinked(t *testing.T) {
	left, right := newPopulation(11, 6000).pair()
	result := mustLink(t, left, right, personSpecification(), 0)
	precision, recall := score(result, left, right)
	if precision < .995 || recall < .99 {
		t.Errorf("precision %.4f recall %.4f, want .995 and .99", precision, recall)
	}
	if low, high := result.ExpectedPrecision[0], result.ExpectedPrecision[2]; precision < low-.005 || precision > high+.005 {
		t.Errorf("precision %.4f outside the estimate %.4f to %.4f", precision, low, high)
	}
	// Recall is told too high where errors come together in one record.
	if low, high := result.ExpectedRecall[0], result.ExpectedRecall[2]; recall < low-.01 || recall > high+.005 {
		t.Errorf("recall %.4f outside the estimate %.4f to %.4f", recall, low, high)
	}
	seenLeft, seenRight := map[int32]bool{}, map[int32]bool{}
	for _, p := range result.Pairs {
		if p.Accepted && (seenLeft[p.Left] || seenRight[p.Right]) {
			t.Fatal("a record has two partners")
		}
		if p.Accepted {
			seenLeft[p.Left], seenRight[p.Right] = true, true
		}
	}
}

func TestTrainedSpecificationIsUsedAgain(t *testing.T) {
	left, right := newPopulation(5, 1500).pair()
	first := mustLink(t, left, right, personSpecification(), 0)
	again := mustLink(t, left, right, first.Specification, 0)
	if diff := cmp.Diff(tell(first, left, right), tell(again, left, right)); diff != "" {
		t.Errorf("scoring with the trained specification differs:\n%s", diff)
	}
	if again.Rounds != 0 {
		t.Errorf("%d rounds of training, want none", again.Rounds)
	}
}

// TestBorrowedIdentifiers: the head's number on a member, and a stranger's
// number, must not make one person of two.
func TestBorrowedIdentifiers(t *testing.T) {
	p := newPopulation(17, 5200)
	left, right := p.pair()
	number := map[string]string{}
	for n, one := range p.people {
		number[fmt.Sprintf("%08d", n)] = one.identifier
	}
	random := rand.New(rand.NewPCG(1, 2))
	var values []string
	borrowed := map[string]bool{}
	last := len(right.Columns) - 1
	for row, id := range right.IDs {
		n := 0
		if _, err := fmt.Sscanf(id[1:], "%d", &n); err != nil {
			t.Fatal(err)
		}
		value := right.Columns[last].Values.At(right.Columns[last].Codes[row])
		lender := ""
		switch draw := random.Float64(); {
		case draw < .02 && n > 0 && p.people[n-1].mother == p.people[n].mother:
			lender = p.people[n-1].identifier
		case draw > .99:
			lender = p.people[random.IntN(len(p.people))].identifier
		}
		if lender != "" && lender != p.people[n].identifier {
			value, borrowed[id] = lender, true
		}
		values = append(values, value)
	}
	right.Columns[last] = column("national_id", values)
	result := mustLink(t, left, right, personSpecification(), 0)
	wrong, found := 0, 0
	for _, pair := range result.Pairs {
		id := right.IDs[pair.Right]
		if !pair.Accepted || !borrowed[id] {
			continue
		}
		if left.IDs[pair.Left][1:] == id[1:] {
			found++
		} else {
			wrong++
		}
	}
	if len(borrowed) < 50 || wrong > 2 || found < len(borrowed)/2 {
		t.Errorf("of %d records with a borrowed number %d were linked to the lender, %d to themselves", len(borrowed), wrong, found)
	}
	explanation, err := matchers.Explain(result.Specification,
		[]string{"rahima", "mollah", "female", "1951-03-02", "P00001", "d01", "sokina bibi", "1234567890"},
		[]string{"zulekha", "mollah", "female", "1998-11-27", "P00001", "d01", "sokina bibi", "1234567890"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if explanation.Probability >= .02 {
		t.Errorf("probability %.5f for two sisters with one number", explanation.Probability)
	}
}

// TestExplainedPairs: by a trained model, an identity number alone makes no match,
// and what is missing weighs nothing.
func TestExplainedPairs(t *testing.T) {
	left, right := newPopulation(23, 2600).pair()
	spec := mustLink(t, left, right, personSpecification(), 0).Specification
	alone, err := matchers.Explain(spec,
		[]string{"rahima", "khatun", "female", "1951-03-02", "P00001", "d01", "sokina bibi", "1234567890"},
		[]string{"zubair", "mollah", "male", "1998-11-27", "P00019", "d19", "ferdous ara", "1234567890"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if alone.Probability >= .5 {
		t.Errorf("probability %.3f from the identifier alone", alone.Probability)
	}

	explanation, err := matchers.Explain(spec,
		[]string{"rahima", "khatun", "", "", "", "", "", ""}, []string{"rahima", "khatun", "female", "1951-03-02", "", "", "sokina bibi", ""}, nil)
	if err != nil {
		t.Fatal(err)
	}
	sum := explanation.OtherBits
	for i, term := range explanation.Terms {
		if i >= 2 && term.Bits != 0 {
			t.Errorf("%s is missing but weighs %.2f bits", term.Comparison, term.Bits)
		}
		sum += term.Bits
	}
	if math.Abs(sum-explanation.WeightBits) > 1e-9 {
		t.Errorf("terms add up to %.4f bits, the weight is %.4f", sum, explanation.WeightBits)
	}
	odds := math.Exp2(explanation.PriorBits + explanation.WeightBits)
	if math.Abs(odds/(1+odds)-explanation.Probability) > 1e-9 {
		t.Errorf("%.6f from the bits, but probability %.6f", odds/(1+odds), explanation.Probability)
	}
}

// TestConstraintsHoldInClusters: rows of one group or class, and of different
// sex, never end in one cluster, however alike they are.
func TestConstraintsHoldInClusters(t *testing.T) {
	left, right := newPopulation(29, 900).pair()
	f := merged(left, right)
	random := rand.New(rand.NewPCG(3, 4))
	for range f.IDs {
		f.Group = append(f.Group, uint32(random.IntN(200)))
		f.Once = append(f.Once, uint8(random.IntN(4)))
		f.Sex = append(f.Sex, uint8(random.IntN(3)))
	}
	result := mustDedupe(t, f, personSpecification(), 0)
	clusters := map[int32][]int{}
	for row, entity := range result.Entity {
		clusters[entity] = append(clusters[entity], row)
	}
	joined := 0
	for entity, rows := range clusters {
		if int(entity) != rows[0] {
			t.Errorf("a cluster is called %d, its least row is %d", entity, rows[0])
		}
		for i, a := range rows {
			for _, b := range rows[i+1:] {
				joined++
				switch {
				case f.Group[a] != 0 && f.Group[a] == f.Group[b]:
					t.Error("two rows of one group in a cluster")
				case f.Once[a] != 0 && f.Once[a] == f.Once[b]:
					t.Error("two rows of one class in a cluster")
				case f.Sex[a] != 0 && f.Sex[b] != 0 && f.Sex[a] != f.Sex[b]:
					t.Error("a woman and a man in a cluster")
				}
			}
		}
	}
	accepted := 0
	for _, p := range result.Pairs {
		if p.Accepted {
			accepted++
			if result.Entity[p.Left] != result.Entity[p.Right] {
				t.Error("an accepted pair in two clusters")
			}
		}
		if p.Left >= p.Right {
			t.Error("a pair with the greater row first")
		}
	}
	if joined < 50 || joined != accepted {
		t.Errorf("%d pairs inside clusters, %d accepted", joined, accepted)
	}
}

// TestLargeBlocksAreToldOnce: what the given rules leave out is one sentence for a
// person, and a figure for each rule.
func TestLargeBlocksAreToldOnce(t *testing.T) {
	left, right := newPopulation(31, 6500).pair()
	spec := personSpecification()
	spec.Blocking = []block.Rule{{{Column: "sex"}}, {{Column: "national_id"}}, {{Column: "sex", Transform: "phonetic"}}}
	result := mustLink(t, left, right, spec, 0)
	dropped := result.RuleDropped
	if len(dropped) != 3 || dropped[0] == 0 || dropped[1] != 0 || dropped[2] == 0 {
		t.Fatalf("left out by rule: %v", dropped)
	}
	// The number would find what its own rule finds: what is next tells most apart.
	if diff := cmp.Diff([][]string{{"birth"}, nil, {"birth"}}, result.RuleRefined); diff != "" {
		t.Errorf("cut apart by %s", diff)
	}
	want := fmt.Sprintf("the very large blocks of 2 of 3 blocking rules were cut apart by further columns (birth): at most %d pairs are not compared", dropped[0]+dropped[2])
	if len(result.Warnings) != 1 || !strings.HasPrefix(result.Warnings[0], want) {
		t.Errorf("got %q, want %q…", result.Warnings, want)
	}
}

func TestGivenRulesAreUsedAsTheyAre(t *testing.T) {
	left, right := newPopulation(31, 1300).pair()
	spec := personSpecification()
	spec.Blocking = []block.Rule{{{Column: "national_id"}}, {{Column: "family_name", Transform: "phonetic"}, {Column: "birth", Transform: "year"}}}
	result := mustLink(t, left, right, spec, 0)
	if diff := cmp.Diff(spec.Blocking, result.Specification.Blocking); diff != "" {
		t.Error(diff)
	}
	value := func(f *matchers.File, name string, row int32) string {
		i := slices.IndexFunc(f.Columns, func(c matchers.Column) bool { return c.Name == name })
		return f.Columns[i].Values.At(f.Columns[i].Codes[row])
	}
	for _, p := range result.Pairs {
		equal := value(left, "national_id", p.Left) == value(right, "national_id", p.Right) && value(left, "national_id", p.Left) != ""
		if equal != (p.Rule == 0) {
			t.Fatalf("pair of rule %d with equal identifiers %v", p.Rule, equal)
		}
	}
	if sum := result.RulePairs[0] + result.RulePairs[1]; sum != result.Candidates {
		t.Errorf("rules found %d pairs, there are %d candidates", sum, result.Candidates)
	}
}

func TestMistakesAreNamed(t *testing.T) {
	left, right := newPopulation(1, 50).pair()
	for _, c := range []struct {
		name   string
		change func(*model.Specification)
		want   string
	}{
		{"no comparisons", func(s *model.Specification) { s.Comparisons = nil }, "comparisons: there are none"},
		{"column", func(s *model.Specification) { s.Comparisons[1].Left = "surname" }, `left file: comparisons[1]: no column "surname"`},
		{"kind", func(s *model.Specification) { s.Comparisons[0].Kind = "nickname" }, `comparison given_name: no kind "nickname"`},
		{"threshold", func(s *model.Specification) { s.Threshold = 2 }, "threshold: 2 is no probability"},
		{"rule column", func(s *model.Specification) { s.Blocking = []block.Rule{{{Column: "x"}}} }, `blocking[0]: no comparison is called "x"`},
		{"transform", func(s *model.Specification) { s.Blocking = []block.Rule{{{Column: "birth", Transform: "decade"}}} }, `blocking[0]: no transform "decade"`},
		{"parameters", func(s *model.Specification) { s.Parameters = &model.Parameters{Prior: .1} }, "parameters.levels: there are levels of 0 comparisons, and 8 comparisons"},
	} {
		spec := personSpecification()
		c.change(&spec)
		_, err := matchers.Link(context.Background(), left, right, spec, matchers.Options{})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", c.name, err, c.want)
		}
	}
}

func TestSmallAndEmptyFiles(t *testing.T) {
	empty, few := file("a", nil, nil), file("b", []int{1}, newPopulation(1, 1).people)
	for _, left := range []*matchers.File{empty, few} {
		for _, right := range []*matchers.File{empty, few} {
			mustLink(t, left, right, personSpecification(), 0)
		}
		result := mustDedupe(t, left, personSpecification(), 0)
		if diff := cmp.Diff(len(left.IDs), len(result.Entity), cmpopts.EquateEmpty()); diff != "" {
			t.Error(diff)
		}
	}
}

// TestNobodyCanBeTheSame: in a register of deaths alone no two records are joined,
// however alike they are, and there is nothing to learn from.
func TestNobodyCanBeTheSame(t *testing.T) {
	people := newPopulation(3, 60).people
	rows := make([]int, len(people))
	for i := range rows {
		rows[i] = i
	}
	dead := file("d", rows, people)
	dead.Once = bytes.Repeat([]uint8{2}, len(rows))
	result := mustDedupe(t, dead, personSpecification(), 0)
	for _, p := range result.Pairs {
		if p.Accepted {
			t.Errorf("rows %d and %d are joined at %.3f", p.Left, p.Right, p.Probability)
		}
	}
	for row, entity := range result.Entity {
		if int(entity) != row {
			t.Errorf("row %d is another's", row)
		}
	}
	if p := result.Specification.Parameters; p == nil || math.IsNaN(p.Prior) {
		t.Errorf("parameters %+v", p)
	}
}

// TestNobodyIsTwice: in a list without duplicates those of one given name, which are
// of one age as names have their time, are not taken for one person.
func TestNobodyIsTwice(t *testing.T) {
	p := newPopulation(3, 4000)
	rows := make([]int, len(p.people))
	for i := range rows {
		rows[i] = i
		one := &p.people[i]
		year, _ := strconv.Atoi(one.born[:4])
		given := p.given[(year/3)%25*40+p.zipf(40)]
		*one = person{given: given, family: one.family, born: one.born, sex: one.sex}
	}
	list := file("m", rows, p.people)
	list.Columns = list.Columns[:4]
	spec := personSpecification()
	spec.Comparisons = spec.Comparisons[:4]
	joined := 0
	for row, entity := range mustDedupe(t, list, spec, 0).Entity {
		if int(entity) != row {
			joined++
		}
	}
	if joined > len(rows)/500 {
		t.Errorf("%d of %d are joined with others", joined, len(rows))
	}
}

// TestLittleMemory: where memory does not hold all pairs, the likeliest stay.
func TestLittleMemory(t *testing.T) {
	left, right := newPopulation(37, 1300).pair()
	all := mustLink(t, left, right, personSpecification(), 0)
	const room = 600
	little, err := matchers.Link(context.Background(), left, right, personSpecification(), matchers.Options{MemoryBytes: 48 * room})
	if err != nil {
		t.Fatal(err)
	}
	if len(little.Warnings) != len(all.Warnings)+1 {
		t.Errorf("warnings %v", little.Warnings)
	}
	if precision, recall := score(little, left, right); precision < .99 || recall < .7 || len(little.Pairs) > room {
		t.Errorf("precision %.3f, recall %.3f of %d pairs kept, want the best of %d", precision, recall, len(little.Pairs), room)
	}
}

// TestRelativesAreNotOnePerson: father and son of one name in one house, and
// sisters, are told apart by birth date, given name and mother. Twins are not,
// by the pair alone: there it is one-to-one that decides.
func TestRelativesAreNotOnePerson(t *testing.T) {
	left, right := newPopulation(41, 5200).pair()
	spec := mustLink(t, left, right, personSpecification(), 0).Specification
	for _, c := range []struct{ name, left, right string }{
		{"father and son", "abdul,mollah,male,1951-03-02,P00001,d01,sokina bibi,", "abdul,mollah,male,1979-11-27,P00001,d01,rahima khatun,"},
		{"sisters", "rahima,mollah,female,1976-03-02,P00001,d01,sokina bibi,", "zulekha,mollah,female,1979-11-27,P00001,d01,sokina bibi,"},
	} {
		e, err := matchers.Explain(spec, strings.Split(c.left, ","), strings.Split(c.right, ","), nil)
		if err != nil {
			t.Fatal(err)
		}
		if e.Probability >= .5 {
			t.Errorf("%s: probability %.4f", c.name, e.Probability)
		}
	}
}

func TestCancelledRunEnds(t *testing.T) {
	left, right := newPopulation(1, 500).pair()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := matchers.Link(ctx, left, right, personSpecification(), matchers.Options{}); err == nil {
		t.Error("no error from a cancelled run")
	}
}
