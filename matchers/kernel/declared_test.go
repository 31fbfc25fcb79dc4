package kernel

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rollcall/matchers/dictionary"
	"rollcall/matchers/model"
)

func level(conditions ...model.Condition) model.DeclaredLevel {
	return model.DeclaredLevel{Conditions: conditions}
}

func at(comparator string, bound float64) model.Condition {
	return model.Condition{Comparator: comparator, Bound: bound}
}

// judged is the level of two values under declared levels.
func judged(t *testing.T, kind model.Kind, a, b string, levels ...model.DeclaredLevel) uint8 {
	t.Helper()
	ladder, err := model.NewLadder(model.Comparison{Name: "x", Kind: kind, Levels: levels})
	if err != nil {
		t.Fatal(err)
	}
	c, _ := newComparer(&Field{Ladder: ladder, values: dictionary.Of("", a, b)}, true)
	forth, back := c.level(nil, nil, 1, 2), c.level(nil, nil, 2, 1)
	if forth != back {
		t.Errorf("%q and %q are at level %d, the other way at %d", a, b, forth, back)
	}
	return forth
}

// TestEveryComparatorIsTested: what a specification may name can be compared, and
// nothing else.
func TestEveryComparatorIsTested(t *testing.T) {
	var names []string
	for _, c := range model.Comparators() {
		names = append(names, c.Name)
	}
	if diff := cmp.Diff(slices.Sorted(slices.Values(names)), slices.Sorted(maps.Keys(tests))); diff != "" {
		t.Errorf("declared and not made, or made and not declared (-declared +made):\n%s", diff)
	}
}

// TestDeclaredConditions has for every comparator a pair that just keeps a bound
// and would not keep the next stricter one.
func TestDeclaredConditions(t *testing.T) {
	key := func(name string) model.Condition { return model.Condition{Comparator: "same", Key: name} }
	truth := func(name string) model.Condition { return model.Condition{Comparator: name} }
	seen := map[string]bool{}
	for _, c := range []struct {
		kind          model.Kind
		a, b          string
		holds, breaks model.Condition
	}{
		{model.GivenName, "martha", "marhta", at("jaro_winkler", 0.961), at("jaro_winkler", 0.962)},
		{model.GivenName, "martha", "marhta", at("jaro", 0.944), at("jaro", 0.945)},
		{model.Text, "abc", "bcd", at("jaccard", 0.5), at("jaccard", 0.51)},
		{model.FullName, "abdul karim mia", "karim abdul", at("token_set", 0.66), at("token_set", 0.67)},
		{model.FullName, "abdul karim", "karim abdul", at("token_alignment", 1), truth("begins")},
		{model.FullName, "abdul karim mia", "karim abdul", at("token_alignment", 0.8), at("token_alignment", 0.81)},
		{model.FamilyName, "kitten", "sitting", at("levenshtein", 3), at("levenshtein", 2)},
		{model.FamilyName, "marhta", "martha", at("osa", 1), at("levenshtein", 1)},
		{model.FamilyName, "ca", "abc", at("damerau", 2), at("osa", 2)},
		{model.FamilyName, "ca", "abc", at("osa", 3), at("damerau", 1)},
		{model.Address, "12 karim road", "karim street", at("longest_common", 6), at("longest_common", 7)},
		{model.Postcode, "12345", "12399", at("same_start", 3), at("same_start", 4)},
		{model.Text, "a b c d", "c d x", at("common_words", 2), at("common_words", 3)},
		{model.FullName, "karim", "abdul karim", truth("all_words"), truth("begins")},
		{model.GivenName, "mo", "mohan", truth("begins"), truth("all_words")},
		{model.FamilyName, "choudhury", "chowdhury", truth("same_sound"), at("same_start", 4)},
		{model.Email, "mina@a.org", "mina@b.org", key("user"), key("exact")},
		{model.Date, "1984-02-29", "1984-07-03", key("year"), key("year_month")},
		{model.Date, "1984-02-29", "1984-03-31", at("days", 31), at("days", 30)},
		{model.Date, "1983-12-31", "1984-03-01", at("months", 3), at("months", 2)},
		{model.Date, "1983-12-31", "1985-01-01", at("years", 2), at("years", 1)},
		{model.Date, "1984-02", "1984-02-10", at("days", 19), at("days", 18)}, // the 29th is as far away
		{model.Date, "1984", "1984-03-10", at("years", 0), at("months", 8)},
		{model.Date, "1984", "1984-03-10", at("months", 9), at("days", 295)},
		{model.Number, "101", "99", at("difference", 2), at("difference", 1.9)},
		{model.Number, "100", "95", at("percent", 5), at("percent", 4.9)},
		{model.Number, "-2", "2", at("difference", 4), at("percent", 100)},
	} {
		seen[c.holds.Comparator] = true
		if judged(t, c.kind, c.a, c.b, level(c.holds)) != 1 {
			t.Errorf("%q and %q do not keep %+v", c.a, c.b, c.holds)
		}
		if judged(t, c.kind, c.a, c.b, level(c.breaks)) != 0 {
			t.Errorf("%q and %q keep %+v", c.a, c.b, c.breaks)
		}
	}
	seen["min_length"] = true // TestDeclaredLevelsTogether
	for _, c := range model.Comparators() {
		if !seen[c.Name] {
			t.Errorf("no example of %s", c.Name)
		}
	}
}

// TestDeclaredLevelsTogether: the best level whose conditions all hold counts.
func TestDeclaredLevelsTogether(t *testing.T) {
	levels := []model.DeclaredLevel{
		level(at("jaro_winkler", 0.85)), level(at("damerau", 1), at("min_length", 4)), level(at("token_alignment", 0.95)),
		{Name: "equal"},
	}
	for _, c := range []struct {
		a, b string
		want uint8
	}{
		{"hoa", "hua", 0},          // too short for an edit, and not similar
		{"martha", "marhta", 3},    // one word, aligned
		{"karim", "karin", 2},      // one edit
		{"rahima", "rahimaa b", 1}, // similar
		{"abdul karim", "karim abdul", 3},
		{"rahima", "selvi", 0},
	} {
		if got := judged(t, model.FullName, c.a, c.b, levels...); got != c.want {
			t.Errorf("%q and %q are at level %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

// What cannot be read as a date or a number is not near any.
func TestDeclaredValuesThatAreNone(t *testing.T) {
	for _, c := range []struct {
		kind      model.Kind
		a, b      string
		condition model.Condition
	}{
		{model.Date, "spring", "1984-01-01", at("years", 1e9)},
		{model.Date, "spring", "autumn", at("days", 1e9)},
		{model.Number, "many", "3", at("difference", 1e300)},
		{model.Number, "NaN", "3", at("percent", 1e300)},
		{model.Number, "inf", "-inf", at("difference", 1e300)},
		{model.GivenName, "১২", "--", model.Condition{Comparator: "same_sound"}},
	} {
		if judged(t, c.kind, c.a, c.b, level(c.condition)) != 0 {
			t.Errorf("%q and %q keep %+v", c.a, c.b, c.condition)
		}
	}
}

// TestGatesChangeNothing: the level is the best one that holds, whichever are looked
// at first.
func TestGatesChangeNothing(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 10))
	values := []string{""}
	for range 300 {
		name := make([]byte, 1+random.IntN(7))
		for i := range name {
			name[i] = "abc "[random.IntN(4)]
		}
		values = append(values, string(name))
	}
	ladder, err := model.NewLadder(model.Comparison{Name: "x", Kind: model.Text, Levels: []model.DeclaredLevel{
		level(at("jaro_winkler", .5)), level(at("osa", 3)), level(at("jaro_winkler", .7), at("min_length", 3)), level(at("osa", 2)),
		level(at("token_alignment", .6)), level(at("osa", 1), at("jaro_winkler", .8)), level(at("token_alignment", .9), at("min_length", 2)),
	}})
	if err != nil {
		t.Fatal(err)
	}
	d := newDeclared(&Field{Ladder: ladder, values: dictionary.Of(values...)})
	if diff := cmp.Diff([]int{-1, -1, 0, 1, -1, 0, 4}, d.gates); diff != "" {
		t.Errorf("gates (-want +got):\n%s", diff)
	}
	seen := map[uint8]bool{}
	for a := uint32(1); a < uint32(len(values)); a++ {
		for b := range a {
			want := uint8(0)
			for i := range d.levels {
				if d.holds(i, a, b) {
					want = uint8(i + 1)
				}
			}
			if got := d.level(nil, nil, a, b); got != want {
				t.Errorf("%q and %q are at level %d, want %d", values[a], values[b], got, want)
			}
			seen[want] = true
		}
	}
	if len(seen) < 8 {
		t.Errorf("only the levels %v came about", seen)
	}
}

// TestDeclaredTakesNoMemory: comparing a pair takes none, in any script, up to
// 256 characters and 16 words.
func TestDeclaredTakesNoMemory(t *testing.T) {
	values := []string{
		"", "shahnaz parvin khatun", "khatoon shanaz parveen", "শাহনাজ পারভীন", "শাহানাজ পারভিন", "1984-02-29", "1984-03",
		strings.Repeat("karim-bin-abdul-mia ", 12), strings.Repeat("karim-ben-abdul-mia ", 12), "12.5", "\xff\xfe", "josé",
	}
	for _, c := range model.Comparators() {
		kind, condition := model.FullName, model.Condition{Comparator: c.Name, Bound: 1, Key: "sound"}
		if c.Kinds != nil {
			kind = c.Kinds[0]
		}
		switch c.Measure {
		case model.Similarity:
			condition.Bound = 0.01
		case model.Edits:
			condition.Bound = 300
		}
		levels := []model.DeclaredLevel{level(condition)}
		if c.Name == "min_length" {
			levels = []model.DeclaredLevel{level(condition, at("osa", 9))}
		}
		ladder, err := model.NewLadder(model.Comparison{Name: "x", Kind: kind, Levels: levels})
		if err != nil {
			t.Fatal(err)
		}
		comparer, _ := newComparer(&Field{Ladder: ladder, values: dictionary.Of(values...)}, true)
		if n := testing.AllocsPerRun(10, func() {
			for a := range uint32(len(values)) {
				for b := range uint32(len(values)) {
					if a != b {
						comparer.level(nil, nil, a, b)
					}
				}
			}
		}); n != 0 {
			t.Errorf("%s takes memory %v times", c.Name, n)
		}
	}
}

// BenchmarkDeclared compares drawn names by the levels of the kind and by declared
// ones: nanoseconds a pair of different values.
func BenchmarkDeclared(b *testing.B) {
	random := rand.New(rand.NewPCG(7, 8))
	syllables := strings.Fields("ra hi ma ka lo ti na su be da go pi ru fa jo le mi no sa tu")
	values := []string{""}
	for range 4096 {
		var name strings.Builder
		for word := range 2 {
			name.WriteString(strings.Repeat(" ", word))
			for range 2 + random.IntN(2) {
				name.WriteString(syllables[random.IntN(len(syllables))])
			}
		}
		values = append(values, name.String())
	}
	for _, c := range []struct {
		name   string
		kind   model.Kind
		levels []model.DeclaredLevel
	}{
		{"kind text", model.Text, nil},
		{"jaro_winkler", model.Text, []model.DeclaredLevel{level(at("jaro_winkler", .85))}},
		{"three jaro_winkler", model.Text, []model.DeclaredLevel{level(at("jaro_winkler", .7)), level(at("jaro_winkler", .88)), level(at("jaro_winkler", .92))}},
		{"damerau", model.Text, []model.DeclaredLevel{level(at("damerau", 1))}},
		{"token_alignment", model.Text, []model.DeclaredLevel{level(at("token_alignment", .9))}},
		{"token_set", model.Text, []model.DeclaredLevel{level(at("token_set", .5))}},
		{"longest_common", model.Text, []model.DeclaredLevel{level(at("longest_common", 5))}},
		{"same_sound", model.Text, []model.DeclaredLevel{level(model.Condition{Comparator: "same_sound"})}},
	} {
		ladder, err := model.NewLadder(model.Comparison{Name: "x", Kind: c.kind, Levels: c.levels})
		if err != nil {
			b.Fatal(err)
		}
		comparer, cells := newComparer(&Field{Ladder: ladder, values: dictionary.Of(values...)}, true)
		if cells == nil {
			cells = make([]cell, len(values))
		}
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for n := uint32(0); b.Loop(); n++ {
				x, y := 1+n*2654435761>>20, 1+n*2246822519>>20
				comparer.level(&cells[x], &cells[y], x, y)
			}
		})
	}
}
