package kernel

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rollcall/matchers/dictionary"
	"rollcall/matchers/model"
	"rollcall/matchers/text"
)

// encodeColumns makes a file of text columns.
func encodeColumns(columns ...[]string) *Input {
	in := &Input{Rows: len(columns[0])}
	for _, values := range columns {
		known := dictionary.New()
		codes := known.Append(nil, values)
		in.Columns = append(in.Columns, Column{Codes: codes, Values: known.Values()})
	}
	return in
}

func comparisons() []model.Comparison {
	return []model.Comparison{
		{Name: "given", Kind: model.GivenName}, {Name: "family", Kind: model.FamilyName}, {Name: "born", Kind: model.Date},
	}
}

func draw(random *rand.Rand, n int) *Input {
	given, family, born := make([]string, n), make([]string, n), make([]string, n)
	for i := range n {
		given[i] = []string{"", "karim", "karima", "rahim", "kareem", "mollah"}[random.IntN(6)]
		family[i] = []string{"", "mollah", "molla", "karim", "sarkar"}[random.IntN(5)]
		born[i] = []string{"", "1980-01-02", "1980-02-01", "1981", "1979-05"}[random.IntN(5)]
	}
	return encodeColumns(given, family, born)
}

// TestAGlanceChangesNoLevel: names that a glance settles have the levels that their
// words give.
func TestAGlanceChangesNoLevel(t *testing.T) {
	random := rand.New(rand.NewPCG(8, 9))
	table, _, err := Encode(comparisons(), draw(random, 300), draw(random, 300), true, 2)
	if err != nil {
		t.Fatal(err)
	}
	judge, levels, byWords := table.Judge(), make([]uint8, table.width), make([]uint8, table.width)
	v := table.voices[0]
	for left := range int32(300) {
		for right := range int32(300) {
			judge.Levels(left, right, levels)
			copy(byWords, levels)
			a, b := judge.left.record(0), judge.right.record(0)
			both := present(a) & present(b)
			same := equal(a, b) & both
			for _, field := range []int{v.given, v.family} {
				if same>>field&1 == 0 {
					byWords[field] = model.Missing
				}
			}
			nameA, nameB := judge.left.name(table, 0, 0), judge.right.name(table, 0, 0)
			table.Fields[v.given].names.both(v, &nameA, &nameB, same, both, byWords)
			if !slices.Equal(levels, byWords) {
				t.Fatalf("%v and %v: levels %v, by their words %v", a, b, levels, byWords)
			}
		}
	}
}

// TestBoundsDismissWhatCannotPass: a pair passes a bound where its levels do, no
// more and no less, and then has all of them.
func TestBoundsDismissWhatCannotPass(t *testing.T) {
	const people = 200
	random := rand.New(rand.NewPCG(8, 9))
	left, right := households(people, []int{0, 1, 2, 3, 4, 7, 5, 6})
	for _, in := range []*Input{left, right} {
		for _, column := range in.Columns {
			for range people / 4 {
				column.Codes[random.IntN(people)] = 0
			}
		}
	}
	table, _, err := Encode([]model.Comparison{
		{Name: "given", Kind: model.GivenName},
		{Name: "family", Kind: model.FamilyName},
		{Name: "sex", Kind: model.Category},
		{Name: "born", Kind: model.Date},
		{Name: "postcode", Kind: model.Postcode, Parent: "district"},
		{Name: "district", Kind: model.Place},
		{Name: "mother", Kind: model.FullName},
		{Name: "number", Kind: model.Identifier},
	}, left, right, true, 2)
	if err != nil {
		t.Fatal(err)
	}
	judge, all := table.Judge(), make([]uint8, table.width)
	rows := make([]int32, people)
	for i := range rows {
		rows[i] = int32(i)
	}
	a, b := &gathered{rows: rows}, &gathered{rows: rows}
	a.gather(table, table.Left, table.width)
	b.gather(table, table.Right, table.width)
	for least := -24; least <= 0; least += 4 {
		batch := newBatch(table, newCeiling(table, &Bound{Least: float64(least), Weights: drawWeights(random, table)}, outlookBits))
		passed := 0
		for i := range people {
			batch.start(a, b)
			for k := range people {
				batch.add(i, k, equal(a.record(i), b.record(k)))
			}
			passing := map[int][]uint8{}
			for _, at := range batch.judge() {
				passing[int(batch.pairs[at].j)] = batch.of(at)
			}
			for k := range people {
				judge.Levels(int32(i), int32(k), all)
				levels, passes := passing[k]
				if want := batch.bound.reached(all); passes != want {
					t.Fatalf("levels %v pass from %d on: %v, want %v", all, least, passes, want)
				}
				if passes && !slices.Equal(levels, all) {
					t.Fatalf("levels %v, without a bound %v", levels, all)
				}
				passed += int(one(passes))
			}
		}
		if passed == 0 || passed == people*people {
			t.Errorf("from %d on %d pairs pass: the test says nothing", least, passed)
		}
	}
}

// drawWeights draws what each level brings against each rival.
func drawWeights(random *rand.Rand, t *Table) [][][model.Rivals]float64 {
	var out [][][model.Rivals]float64
	for _, f := range t.Fields {
		weights := make([][model.Rivals]float64, len(f.Ladder.Names))
		for level := range weights {
			for rival := range weights[level] {
				weights[level][rival] = 5 * random.NormFloat64()
			}
		}
		out = append(out, weights)
	}
	return out
}

// TestBoundsChangeNoLevel: the letter signatures only save time.
func TestBoundsChangeNoLevel(t *testing.T) {
	word := rapid.StringOfN(rapid.SampledFrom([]rune("aabbcdé 12")), 1, 14, -1)
	rapid.Check(t, func(rt *rapid.T) {
		a, b := word.Draw(rt, "a"), word.Draw(rt, "b")
		if a == b {
			return
		}
		for _, kind := range []model.Kind{model.Place, model.Identifier, model.Postcode, model.HouseNumber} {
			ladder, err := model.NewLadder(model.Comparison{Kind: kind})
			if err != nil {
				rt.Fatal(err)
			}
			judge, cells := newComparer(&Field{Ladder: ladder, values: dictionary.Of("", a, b)}, true)
			if got, want := judge.level(&cells[1], &cells[2], 1, 2), plainly(kind, a, b); got != want {
				rt.Errorf("%s: level %d, by the definition %d", kind, got, want)
			}
			if judge.level(&cells[1], &cells[2], 1, 2) != judge.level(&cells[2], &cells[1], 2, 1) {
				rt.Errorf("%s is not symmetric", kind)
			}
		}
	})
}

// plainly is the definition of the levels.
func plainly(kind model.Kind, a, b string) uint8 {
	jw, osa, short := text.JaroWinkler(a, b), text.OSA(a, b), min(len([]rune(a)), len([]rune(b)))
	switch kind {
	case model.Place:
		return best(jw >= .92 || (osa <= 2 && short >= 5), jw >= .8)
	case model.Postcode:
		return best(osa <= 1, half(a) == half(b))
	case model.HouseNumber:
		return best(osa <= 1 && min(len(a), len(b)) >= 2)
	}
	return best(osa == 1, osa == 2)
}

// best is the level of the first that holds.
func best(holds ...bool) uint8 {
	for i, h := range holds {
		if h {
			return uint8(len(holds) - i)
		}
	}
	return 0
}

func TestDateLevels(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want uint8
	}{
		{"1984-02-29", "1984-02-28", dateSlip},
		{"1984-03-04", "1984-04-03", dateSlip}, // day and month exchanged
		{"1984-02-29", "1948-02-29", dateSlip}, // neighbours exchanged
		{"1984-02-11", "1984-02-26", dateTwoParts},
		{"1984-02-11", "1977-02-11", dateTwoParts},
		{"1984-01-01", "1984-09-26", dateTwoParts}, // some time this year
		{"1984-02-11", "1984-09-26", dateSameYear},
		{"1984-11-11", "1985-09-26", dateSameYear},
		{"1984-02-11", "1990-09-26", dateDiffers},
		{"1984", "1984-09-26", dateYearsOverlap},
		{"1984", "1985-03-26", dateYearsNear},
		{"1984", "1986-03-26", dateYearsNear},
		{"1984", "1987-03-26", dateDiffers},
		{"1984-09", "1984-09-26", dateTwoParts},
		{"1984-09", "1984-10-26", dateYearsNear},
		{"1983-07-01/1984-06-30", "1984-02-11", dateYearsOverlap},
		{"1980/1990", "1984-02-11", model.Missing}, // says too little
		{"1980/1990", "1999-02-11", dateDiffers},
		{"unknown", "1999-02-11", dateDiffers},
	} {
		table, _, err := Encode(comparisons()[2:], encodeColumns([]string{c.a}), encodeColumns([]string{c.b}), true, 1)
		if err != nil {
			t.Fatal(err)
		}
		levels := make([]uint8, 1)
		table.Levels(0, 0, levels)
		if levels[0] != c.want {
			t.Errorf("%s and %s: level %d, want %d", c.a, c.b, levels[0], c.want)
		}
	}
}

func TestEqualYearsAreNoExactDates(t *testing.T) {
	f := encodeColumns([]string{"1984"}, []string{"1984-02"}, []string{"1984-02-29"}, []string{"1970/1990"})
	var spec []model.Comparison
	for _, name := range []string{"a", "b", "c", "d"} {
		spec = append(spec, model.Comparison{Name: name, Kind: model.Date})
	}
	table, _, err := Encode(spec, f, f, true, 1)
	if err != nil {
		t.Fatal(err)
	}
	levels := make([]uint8, 4)
	table.Levels(0, 0, levels)
	if diff := cmp.Diff([]uint8{dateYearsOverlap, dateTwoParts, dateSlip + 1, model.Missing}, levels); diff != "" {
		t.Error(diff)
	}
}

func TestNestedPlaces(t *testing.T) {
	spec := []model.Comparison{
		{Name: "given", Kind: model.GivenName},
		{Name: "family", Kind: model.FamilyName},
		{Name: "village", Kind: model.Place},
		{Name: "district", Kind: model.Place},
	}
	left, right := [4][]string{}, [4][]string{}
	add := func(side *[4][]string, values ...string) {
		for i, v := range values {
			side[i] = append(side[i], v)
		}
	}
	villages := []string{"char kukri", "dighalia", "paikgacha", "koyra", "tala", "assasuni"}
	for i := range 60 {
		district := []string{"bhola", "khulna"}[min(i%6, 1)]
		add(&left, fmt.Sprint("g", i), fmt.Sprint("f", i), villages[i%6], district)
		add(&right, fmt.Sprint("h", i), fmt.Sprint("e", i), villages[i%6], district)
	}
	add(&left, "karim", "mollah", "dighalia", "khulna")
	add(&right, "mollah", "karim", "tala", "khulna")
	add(&right, "karim", "mollah", "", "bhola")
	table, completed, err := Encode(spec, encodeColumns(left[:]...), encodeColumns(right[:]...), false, 2)
	if err != nil {
		t.Fatal(err)
	}
	if completed[2].Parent != "district" {
		t.Fatalf("the village's parent is %q, want district", completed[2].Parent)
	}
	levels := make([]uint8, 4)
	name := func(field int) string { return table.Fields[field].Ladder.Names[levels[field]] }
	table.Levels(60, 60, levels)
	if name(2) != "district equal" || levels[3] != model.Missing {
		t.Errorf("two villages of one district: levels %v", levels)
	}
	table.Levels(60, 61, levels)
	if name(2) != "differs" {
		t.Errorf("no village, but two districts: levels %v", levels)
	}
}

// TestPlacesWithinPlaces: a village, the subdistrict that it lies in and the district of
// that are one comparison, of which the nearest place in common is the level.
func TestPlacesWithinPlaces(t *testing.T) {
	spec := []model.Comparison{
		{Name: "district", Kind: model.Category, Shared: true},
		{Name: "village", Kind: model.Category, Shared: true},
		{Name: "subdistrict", Kind: model.Category, Shared: true},
	}
	var left, right [3][]string
	add := func(side *[3][]string, village, subdistrict, district string) {
		for i, v := range []string{district, village, subdistrict} {
			side[i] = append(side[i], v)
		}
	}
	for i := range 64 {
		add(&left, fmt.Sprint("v", i%16), fmt.Sprint("s", i%16/4), fmt.Sprint("d", i%16/8))
		add(&right, fmt.Sprint("v", i%16), fmt.Sprint("s", i%16/4), fmt.Sprint("d", i%16/8))
	}
	table, completed, err := Encode(spec, encodeColumns(left[:]...), encodeColumns(right[:]...), false, 2)
	if err != nil {
		t.Fatal(err)
	}
	if completed[1].Parent != "subdistrict" || completed[2].Parent != "district" || completed[0].Parent != "" {
		t.Fatalf("the village lies in %q, the subdistrict in %q, the district in %q", completed[1].Parent, completed[2].Parent, completed[0].Parent)
	}
	levels := make([]uint8, 3)
	for right, want := range map[int32]string{0: "equal, very common", 1: "subdistrict equal", 4: "district equal", 8: "differs"} {
		table.Levels(0, right, levels)
		if got := table.Fields[1].Ladder.Names[levels[1]]; got != want {
			t.Errorf("village 0 and %d: %q, want %q", right, got, want)
		}
		if levels[0] != model.Missing || levels[2] != model.Missing {
			t.Errorf("the larger places are counted by themselves: levels %v", levels)
		}
	}
}

func TestAllPairsLeavesOutWhatCannotBe(t *testing.T) {
	f := encodeColumns([]string{"a", "b", "c", "d", "e"})
	f.Group, f.Once = []uint32{1, 1, 2, 0, 0}, []uint8{1, 1, 0, 1, 0}
	table, _, err := Encode([]model.Comparison{{Name: "x", Kind: model.Text}}, f, nil, true, 1)
	if err != nil {
		t.Fatal(err)
	}
	excluded := 0
	for i := range int32(5) {
		for j := i + 1; j < 5; j++ {
			if table.Excluded(i, j) {
				excluded++
			}
		}
	}
	if got := table.AllPairs(); got != float64(10-excluded) || excluded != 3 {
		t.Errorf("%.0f pairs, %d of 10 excluded", got, excluded)
	}
}
