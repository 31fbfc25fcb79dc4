package kernel

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"rollcall/matchers/block"
	"rollcall/matchers/dictionary"
)

// filled is a record among a thousand others.
func filled(given, family, filler string) *Input {
	columns := [2][]string{{given}, {family}}
	for i := range 1000 {
		columns[0], columns[1] = append(columns[0], fmt.Sprintf("%s%03db", filler, i)), append(columns[1], fmt.Sprintf("%s%03dd", filler, i))
	}
	return encodeColumns(columns[:]...)
}

// TestNamesMeetByAnyReading: a word of several readings is the one that is nearest, and
// counts once.
func TestNamesMeetByAnyReading(t *testing.T) {
	for _, c := range []metNames{
		{"rahima|rohima", "khatun|khatoon", "rahima", "khatun", "equal", "equal"},
		{"rahima|rohima", "khatun|khatoon", "rohima", "khatoon", "alike, common", "alike, common"},
		{"rahima|rohima", "khatun", "rahima|rehima", "khatun", "equal", "equal"},
		{"yoo|lew", "khatun", "lew", "khatun", "alike, common", "equal"},
		{"khatun", "yoo|lew", "lew", "khatun", "missing", "alike, rare"}, // exchanged: all counts as family name
		{"abdul yoo|lew", "khatun", "lew yoo", "khatun", "a word alike, others differ", "equal"},
		{"mirna|zolt", "khatun", "zulekha", "khatun", "differs", "equal"},
		{"mirna|zuleman", "khatun", "zulekha", "khatun", "similar", "equal"},
	} {
		c.check(t, filled(c.givenA, c.familyA, "a"), filled(c.givenB, c.familyB, "x"))
	}
}

// TestReadingsAreFoundByBlocking: a rule finds a pair that only a further reading joins,
// and a block is called what it is called where no name has several readings.
func TestReadingsAreFoundByBlocking(t *testing.T) {
	rules := []block.Rule{{{Column: "given", Transform: "sound"}, {Column: "family"}}}
	plan := func(given string) *Plan {
		table, _, err := Encode(namesAlone, filled(given, "khatun", "a"), filled("lew", "khatun", "x"), true, 1)
		if err != nil {
			t.Fatal(err)
		}
		p, err := NewPlan(table, namesAlone, rules, func(int64) int64 { return 0 }, 1)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	open, plain := plan("yoo|lew"), plan("lew")
	if plan("yoo").First(0, 0) >= 0 || open.First(0, 0) != 0 || plain.First(0, 0) != 0 {
		t.Errorf("pairs found: %d by two readings, %d by one", open.First(0, 0), plain.First(0, 0))
	}
	want := plain.spelled(plain.left.record(0), 0)
	if got := open.spelled(open.left.record(0), 0); !slices.ContainsFunc(got, func(b blockName) bool { return slices.Equal(b.parts, want[0].parts) }) {
		t.Errorf("blocks %v, want %v among them", got, want)
	}
}

// TestReadingsAreBoundedByTheDefinition: what shows two names to be strangers holds for
// every reading of their words.
func TestReadingsAreBoundedByTheDefinition(t *testing.T) {
	word := rapid.StringOfN(rapid.SampledFrom([]rune("aabbcdew|")), 1, 9, -1).Filter(func(s string) bool {
		return s[0] != '|' && s[len(s)-1] != '|'
	})
	rapid.Check(t, func(rt *rapid.T) {
		a, b := word.Draw(rt, "a"), word.Draw(rt, "b")
		x := newLexicon(dictionary.Of("", a, b), []uint64{0, 1, 2}, 10, nil)
		if unlikeAtAGlance(&x.glances[1], &x.glances[2]) == 0 {
			return
		}
		if l := x.compare(&x.words[x.names[1].codes[0]], &x.words[x.names[2].codes[0]]); l != unlike {
			rt.Errorf("%q and %q are unlike at a glance, and yet alike: %d", a, b, l)
		}
	})
}
