package kernel

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rollcall/matchers/block"
	"rollcall/matchers/dictionary"
	"rollcall/matchers/model"
)

// villagers has a column of each kind that keys are taken of.
func villagers() []model.Comparison {
	return []model.Comparison{
		{Name: "given", Kind: model.GivenName},
		{Name: "family", Kind: model.FamilyName},
		{Name: "born", Kind: model.Date},
		{Name: "area", Kind: model.Category, Neighbours: [][2]string{{"north", "south"}, {"south", "east"}}},
		{Name: "house", Kind: model.HouseNumber},
	}
}

// crowd draws people of few values, so that blocks are large.
func crowd(random *rand.Rand, n int) *Input {
	columns := make([][]string, 5)
	for range n {
		for c, values := range [][]string{
			{"", "karim", "karim abdul", "abdul karim", "kareem uddin", "mollah", "uddin"},
			{"", "mollah", "molla", "karim", "sarkar", "mollah sarkar"},
			{"", "1980-01-02", "1980-01-30", "1980-02-01", "1980-12-30", "1981", "1979-05", "1982-03-01"},
			{"", "north", "south", "east"},
			{"", "1", "2", "4", "7", "a"},
		} {
			columns[c] = append(columns[c], values[random.IntN(len(values))])
		}
	}
	return encodeColumns(columns...)
}

// offered are the keys that rules are drawn from.
var offered = []block.Key{
	{Column: "given"},
	{Column: "given", Transform: "phonetic"},
	{Column: "given", Transform: "token"},
	{Column: "given", Transform: "sounds"},
	{Column: "given", Transform: "gram3"},
	{Column: "family", Transform: "first3"},
	{Column: "family", Transform: "token"},
	{Column: "born", Transform: "year"},
	{Column: "born", Transform: "within_30_days"},
	{Column: "born", Transform: "year~1"},
	{Column: "area"},
	{Column: "area", Transform: "neighbour"},
	{Column: "house", Transform: "number~2"},
	{Column: "house"},
}

func drawRules(t *rapid.T) []block.Rule {
	rule := rapid.Custom(func(t *rapid.T) block.Rule {
		return rapid.SliceOfNDistinct(rapid.SampledFrom(offered), 1, 3, func(k block.Key) string { return k.Column }).Draw(t, "keys")
	})
	return rapid.SliceOfN(rule, 1, 4).Draw(t, "rules")
}

// TestEveryPairCountsOnceForItsFirstRule: rules of any keys find the pairs that
// their definition gives, each once and for the first rule that finds it, blocks
// that are too large refined by the keys that the plan names; by any number of
// threads.
func TestEveryPairCountsOnceForItsFirstRule(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 1))
		left, right := crowd(random, 20+random.IntN(60)), crowd(random, 20+random.IntN(60))
		if rapid.Bool().Draw(rt, "one file") {
			right = nil
			left.Group = make([]uint32, left.Rows)
			for i := range left.Group {
				left.Group[i] = uint32(random.IntN(30))
			}
		}
		rules := drawRules(rt)
		table, _, err := Encode(villagers(), left, right, true, 2)
		if err != nil {
			rt.Fatal(err)
		}
		plan, err := NewPlan(table, villagers(), rules, func(int64) int64 { return alwaysKept }, 2)
		if err != nil {
			rt.Fatal(err)
		}
		for _, threads := range []int{1, 3} {
			found, err := plan.Scan(context.Background(), Pass{Threads: threads, Keep: func([]uint8) bool { return true }})
			if err != nil {
				rt.Fatal(err)
			}
			want := newOracle(rt, plan, table.Left, table.Right).pairs()
			got := map[[2]int32]int{}
			perRule := make([]int64, len(rules))
			for _, k := range found.Kept {
				pair := [2]int32{k.Left, k.Right}
				if _, twice := got[pair]; twice {
					rt.Errorf("pair %v is found twice", pair)
				}
				got[pair] = plan.First(k.Left, k.Right)
				if got[pair] >= 0 {
					perRule[got[pair]]++
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				rt.Errorf("pairs and their rules (-want +got), %d threads:\n%s", threads, diff)
			}
			if diff := cmp.Diff(perRule, found.RulePairs); diff != "" {
				rt.Errorf("pairs per rule (-by pair +counted), %d threads:\n%s", threads, diff)
			}
		}
	})
}

// oracle finds pairs by comparing all with all, on the text of the values.
type oracle struct {
	plan        *Plan
	left, right *Rows
	takings     [][]block.Taking
	fields      [][]int
	sizes       []map[string][2]int64 // per rule, rows of either side in a block
}

func newOracle(t *rapid.T, p *Plan, left, right *Rows) *oracle {
	o := &oracle{plan: p, left: left, right: right}
	for r, rule := range p.Rules {
		var takings []block.Taking
		var fields []int
		for _, key := range rule {
			field := slices.IndexFunc(villagers(), func(c model.Comparison) bool { return c.Name == key.Column })
			taking, err := block.Take(key.Transform, villagers()[field].Neighbours)
			if err != nil {
				t.Fatal(err)
			}
			takings, fields = append(takings, taking), append(fields, field)
		}
		o.takings, o.fields = append(o.takings, takings), append(o.fields, fields)
		o.sizes = append(o.sizes, map[string][2]int64{})
		for side, in := range []*Rows{left, right} {
			for row := range in.Rows {
				for _, key := range o.keys(in, row, r) {
					for refined := 0; key != ""; refined++ {
						size := o.sizes[r][key]
						size[side]++
						o.sizes[r][key] = size
						key = o.refine(in, row, r, key, refined)
					}
				}
			}
		}
	}
	return o
}

// text is a value as the table has it: names that stood alone may have moved.
func (o *oracle) text(in *Rows, field, row int) string {
	return o.plan.table.Fields[field].values.At(in.record(int32(row))[field])
}

// keys are all combinations of the keys of a row.
func (o *oracle) keys(in *Rows, row, rule int) []string {
	keys := []string{"|"}
	for k, taking := range o.takings[rule] {
		value := o.text(in, o.fields[rule][k], row)
		var parts []string
		if taking.One != nil {
			parts = []string{taking.One(value)}
		} else if value != "" {
			parts = taking.Several(value)
		}
		slices.Sort(parts)
		var next []string
		for _, part := range slices.Compact(parts) {
			for _, key := range keys {
				if part != "" {
					next = append(next, key+part+"|")
				}
			}
		}
		keys = next
	}
	return keys
}

// refine is the key of the piece of a block that a row is in; "" where there is
// none.
func (o *oracle) refine(in *Rows, row, rule int, key string, refined int) string {
	by := o.plan.RefinedBy(rule)
	if refined >= len(by) || o.text(in, by[refined], row) == "" {
		return ""
	}
	return fmt.Sprintf("%s%d=%s|", key, refined, o.text(in, by[refined], row))
}

func (o *oracle) large(rule int, key string) bool {
	size := o.sizes[rule][key]
	if o.plan.table.Same() {
		return size[0]*(size[0]-1)/2 > alwaysKept
	}
	return size[0]*size[1] > alwaysKept
}

// finds says that two rows meet in a block of a rule.
func (o *oracle) finds(rule int, i, j int) bool {
	for k, taking := range o.takings[rule] {
		if taking.Number == nil {
			continue
		}
		a, known := taking.Number(o.text(o.left, o.fields[rule][k], i))
		b, also := taking.Number(o.text(o.right, o.fields[rule][k], j))
		if !known || !also || a-b > taking.Within || b-a > taking.Within {
			return false
		}
	}
	theirs := o.keys(o.right, j, rule)
	return slices.ContainsFunc(o.keys(o.left, i, rule), func(key string) bool {
		if !slices.Contains(theirs, key) {
			return false
		}
		for refined := 0; o.large(rule, key); refined++ {
			mine := o.refine(o.left, i, rule, key, refined)
			if mine == "" || mine != o.refine(o.right, j, rule, key, refined) {
				return false
			}
			key = mine
		}
		return true
	})
}

func (o *oracle) pairs() map[[2]int32]int {
	out := map[[2]int32]int{}
	same := o.plan.table.Same()
	for i := range o.left.Rows {
		for j := range o.right.Rows {
			if same && (j <= i || o.plan.table.Excluded(int32(i), int32(j))) {
				continue
			}
			for rule := range o.plan.Rules {
				if o.finds(rule, i, j) {
					out[[2]int32{int32(i), int32(j)}] = rule
					break
				}
			}
		}
	}
	return out
}

// TestPatternsAreThoseOfThePairs: the levels that a scan counts are those that
// comparing the two records gives.
func TestPatternsAreThoseOfThePairs(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	table, _, err := Encode(villagers(), crowd(random, 150), crowd(random, 90), true, 2)
	if err != nil {
		t.Fatal(err)
	}
	rules := []block.Rule{{{Column: "given", Transform: "token"}}, {{Column: "born", Transform: "year~1"}, {Column: "area"}}}
	plan, err := NewPlan(table, villagers(), rules, func(int64) int64 { return 1 << 40 }, 2)
	if err != nil {
		t.Fatal(err)
	}
	found, err := plan.Scan(context.Background(), Pass{Threads: 2, Keep: func([]uint8) bool { return true }})
	if err != nil {
		t.Fatal(err)
	}
	want, got := map[string]int64{}, map[string]int64{}
	levels := make([]uint8, len(villagers()))
	for _, k := range found.Kept {
		table.Levels(k.Left, k.Right, levels)
		want[fmt.Sprint(levels)]++
	}
	for i, n := range found.Patterns.Counts {
		got[fmt.Sprint(found.Patterns.Levels[len(levels)*i:][:len(levels)])] = n
	}
	if diff := cmp.Diff(want, got); diff != "" || len(want) < 20 {
		t.Errorf("%d patterns:\n%s", len(want), diff)
	}
}

// TestTheLargestBlockIsCutByWhatTellsMostApart: all rows in one block are cut
// apart by the column of most values, and where that does not do by the next. A
// block that nothing cuts is left out, and said.
func TestTheLargestBlockIsCutByWhatTellsMostApart(t *testing.T) {
	const (
		rows = 3000
		all  = rows * (rows - 1) / 2
	)
	var country, given, born, empty []string
	for i := range rows {
		country = append(country, "x")
		given = append(given, []string{"karim", "rahim"}[i/60%2])
		born = append(born, fmt.Sprintf("%d-01-01", 1940+i%60))
		empty = append(empty, strings.Repeat("y", i%9/8)) // missing in most rows
	}
	comparisons := []model.Comparison{
		{Name: "country", Kind: model.Category},
		{Name: "given", Kind: model.GivenName},
		{Name: "born", Kind: model.Date},
		{Name: "empty", Kind: model.Text},
	}
	for _, c := range []struct {
		name    string
		rule    block.Rule
		limit   int64
		by      []int
		found   int64
		dropped int64
	}{
		{"born is enough", block.Rule{{Column: "country"}}, 1225, []int{2}, 60 * 1225, all - 60*1225},
		{"born, then given", block.Rule{{Column: "country"}}, 1000, []int{2, 1}, 120 * 300, all - 120*300},
		{"nothing is left", block.Rule{{Column: "country"}, {Column: "given"}, {Column: "born", Transform: "year"}}, 299, nil, 0, 120 * 300},
	} {
		t.Run(c.name, func(t *testing.T) {
			table, _, err := Encode(comparisons, encodeColumns(country, given, born, empty), nil, true, 2)
			if err != nil {
				t.Fatal(err)
			}
			plan, err := NewPlan(table, comparisons, []block.Rule{c.rule}, func(int64) int64 { return c.limit }, 2)
			if err != nil {
				t.Fatal(err)
			}
			found, err := plan.Scan(context.Background(), Pass{Threads: 2, Keep: func([]uint8) bool { return true }})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.by, plan.RefinedBy(0)); diff != "" {
				t.Errorf("refined by %s", diff)
			}
			if found.Candidates != c.found || found.Dropped[0] != c.dropped {
				t.Errorf("found %d pairs and left out %d, want %d and %d", found.Candidates, found.Dropped[0], c.found, c.dropped)
			}
		})
	}
}

// TestTenMillionRecordsInOneBlock: they are cut apart by what tells them apart, and
// left out where nothing does, to the last pair.
func TestTenMillionRecordsInOneBlock(t *testing.T) {
	rows := 100_000
	if os.Getenv("ROLLCALL_LONG") != "" {
		rows = 10_000_000
	}
	const together = 5 // rows of one number
	in := &Input{Rows: rows, Columns: make([]Column, 2)}
	in.Columns[0] = Column{Codes: slices.Repeat([]uint32{1}, rows), Values: dictionary.Of("", "x")}
	numbers := []string{""}
	for row := range rows {
		if row%together == 0 {
			numbers = append(numbers, fmt.Sprint(row))
		}
		in.Columns[1].Codes = append(in.Columns[1].Codes, uint32(row/together+1))
	}
	in.Columns[1].Values = dictionary.Of(numbers...)
	all, pairs := int64(rows)*int64(rows-1)/2, int64(rows/together)*together*(together-1)/2
	for _, c := range []struct {
		name   string
		fields int
		found  int64
	}{{"a column cuts them apart", 2, pairs}, {"nothing does", 1, 0}} {
		t.Run(c.name, func(t *testing.T) {
			comparisons := []model.Comparison{{Name: "country", Kind: model.Category}, {Name: "number", Kind: model.Identifier}}[:c.fields]
			table, _, err := Encode(comparisons, &Input{Rows: rows, Columns: in.Columns[:c.fields]}, nil, true, 2)
			if err != nil {
				t.Fatal(err)
			}
			plan, err := NewPlan(table, comparisons, []block.Rule{{{Column: "country"}}}, func(int64) int64 { return 4_000_000 }, 2)
			if err != nil {
				t.Fatal(err)
			}
			found, err := plan.Scan(context.Background(), Pass{Threads: 2, Count: true})
			if err != nil {
				t.Fatal(err)
			}
			if found.Candidates != c.found || found.Dropped[0] != all-c.found {
				t.Errorf("found %d pairs and left out %d, want %d and %d", found.Candidates, found.Dropped[0], c.found, all-c.found)
			}
		})
	}
}
