package kernel

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"rollcall/matchers/block"
	"rollcall/matchers/model"
)

// BenchmarkScan blocks, compares and counts the pairs of two files of households,
// which share family name, mother and place: seven comparisons with edit distances,
// and five that are equal or alike as names are. With -cpu 1 it reports pairs a
// second and core.
func BenchmarkScan(b *testing.B) {
	const people = 200_000
	seven := []model.Comparison{
		{Name: "given", Kind: model.GivenName},
		{Name: "family", Kind: model.FamilyName, Shared: true},
		{Name: "sex", Kind: model.Category},
		{Name: "born", Kind: model.Date},
		{Name: "postcode", Kind: model.Postcode, Shared: true},
		{Name: "mother", Kind: model.FullName, Shared: true},
		{Name: "number", Kind: model.Identifier},
	}
	for _, c := range []struct {
		name        string
		comparisons []model.Comparison
		columns     []int
		rules       []block.Rule
	}{
		{"seven comparisons", seven, []int{0, 1, 2, 3, 4, 5, 6}, []block.Rule{
			{{Column: "number"}},
			{{Column: "given"}, {Column: "family"}},
			{{Column: "born"}, {Column: "given"}},
			{{Column: "born"}, {Column: "family"}},
			{{Column: "postcode"}, {Column: "born", Transform: "year"}},
			{{Column: "mother"}, {Column: "postcode"}},
		}},
		{"five comparisons", []model.Comparison{seven[0], seven[1], seven[2], seven[4], {Name: "year", Kind: model.Category}}, []int{0, 1, 2, 4, 7}, []block.Rule{
			{{Column: "given"}, {Column: "family"}},
			{{Column: "family"}, {Column: "postcode"}},
			{{Column: "postcode"}, {Column: "year"}},
		}},
	} {
		b.Run(c.name, func(b *testing.B) {
			left, right := households(people, c.columns)
			table, comparisons, err := Encode(c.comparisons, left, right, false, 1)
			if err != nil {
				b.Fatal(err)
			}
			plan, err := NewPlan(table, comparisons, c.rules, block.Limit, 1)
			if err != nil {
				b.Fatal(err)
			}
			scorer := untrained(b, table, comparisons)
			start, weights := scorer.Ceiling()
			const worthKeeping = -4.6 // log odds of one in a hundred
			pass := Pass{
				Threads: 1, Bound: &Bound{Start: start, Weights: weights, Least: worthKeeping},
				Keep: func(levels []uint8) bool { return scorer.LogOdds(levels) > worthKeeping },
			}
			pairs := int64(0)
			b.ReportAllocs()
			for b.Loop() {
				found, err := plan.Scan(context.Background(), pass)
				if err != nil {
					b.Fatal(err)
				}
				pairs = found.Candidates
			}
			b.ReportMetric(float64(pairs), "pairs")
			b.ReportMetric(float64(pairs)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mpairs/s")
		})
	}
}

// untrained is the model that training begins with.
func untrained(b *testing.B, t *Table, comparisons []model.Comparison) *model.Scorer {
	b.Helper()
	ladders, err := model.Ladders(comparisons)
	if err != nil {
		b.Fatal(err)
	}
	e := model.Evidence{Ladders: ladders, AllPairs: t.AllPairs(), Records: float64(t.Left.Rows), U: make([][]float64, len(ladders))}
	random := t.RandomLevels(1)
	for i, l := range ladders {
		e.U[i] = model.Chance(l, t.ExactChance(i), random[i])
	}
	start := model.Start(e)
	return model.NewScorer(&start, ladders)
}

// households draws people who live together and writes each down twice, with slips;
// columns says which of their columns are wanted.
func households(people int, columns []int) (left, right *Input) {
	random := rand.New(rand.NewPCG(11, 12))
	syllables := strings.Fields("ra hi ma ka lo ti na su be da go pi ru fa jo le mi no sa tu wa ke")
	names := make([]string, 4000)
	for i := range names {
		for range 2 + random.IntN(2) {
			names[i] += syllables[random.IntN(len(syllables))]
		}
	}
	name := func() string { return names[int(float64(len(names))*random.Float64()*random.Float64())] }
	var first, second [][]string
	for len(first) < people {
		family, mother := name(), names[random.IntN(40)]+" "+names[random.IntN(40)]
		place := fmt.Sprintf("%05d", random.IntN(max(1, people/5000)))
		for range 1 + random.IntN(5) {
			born := fmt.Sprintf("%d-%02d-%02d", 1940+random.IntN(80), 1+random.IntN(12), 1+random.IntN(28))
			number := fmt.Sprintf("%010d", random.Int64N(1e10))
			person := []string{name(), family, "mf"[random.IntN(2):][:1], born, place, mother, number, born[:4]}
			first, second = append(first, slipped(random, person)), append(second, slipped(random, person))
		}
	}
	return file(first, columns), file(second, columns)
}

// slipped leaves out some of a person's values and exchanges letters in others.
func slipped(random *rand.Rand, person []string) []string {
	out := make([]string, len(person))
	for i, v := range person {
		switch x := random.Float64(); {
		case x < .03:
		case x < .1 && len(v) > 3:
			at := random.IntN(len(v) - 1)
			out[i] = v[:at] + v[at+1:at+2] + v[at:at+1] + v[at+2:]
		default:
			out[i] = v
		}
	}
	return out
}

func file(rows [][]string, columns []int) *Input {
	values := make([][]string, len(columns))
	for _, row := range rows {
		for k, column := range columns {
			values[k] = append(values[k], row[column])
		}
	}
	return encodeColumns(values...)
}
