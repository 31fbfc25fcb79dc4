package kernel

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"rollcall/matchers/dictionary"
	"rollcall/matchers/model"
	"rollcall/matchers/text"
)

var namesAlone = []model.Comparison{{Name: "given", Kind: model.GivenName}, {Name: "family", Kind: model.FamilyName}}

// metNames is given and family names of two records, and the level of both.
type metNames struct{ givenA, familyA, givenB, familyB, given, family string }

// check compares the first records of two files, which are those two.
func (c metNames) check(t *testing.T, left, right *Input) {
	t.Helper()
	table, _, err := Encode(namesAlone, left, right, true, 1)
	if err != nil {
		t.Fatal(err)
	}
	levels := make([]uint8, 2)
	table.Levels(0, 0, levels)
	for i, want := range []string{c.given, c.family} {
		got := "missing"
		if levels[i] != model.Missing {
			got = table.Fields[i].Ladder.Names[levels[i]]
		}
		if got != want {
			t.Errorf("%s|%s and %s|%s: %s name %q, want %q", c.givenA, c.familyA, c.givenB, c.familyB, namesAlone[i].Name, got, want)
		}
	}
}

// TestNamesAreComparedWordByWord: given and family names of two records, each
// among a thousand others, by the level of both.
func TestNamesAreComparedWordByWord(t *testing.T) {
	for _, c := range []metNames{
		{"karim", "mollah", "karim", "mollah", "equal", "equal"},
		{"abdul karim", "mollah", "karim", "mollah", "alike, common", "equal"},
		{"karim abdul", "mollah", "abdul karim", "mollah", "alike, rare", "equal"},
		{"kareem", "mollah", "karim", "molla", "alike, common", "alike, common"},
		{"k", "mollah", "karim", "mollah", "alike, very common", "equal"},
		{"kh", "mollah", "khariq", "mollah", "alike, very common", "equal"}, // one letter of another alphabet
		{"k", "mollah", "kh", "mollah", "alike, very common", "equal"},
		{"kh", "mollah", "karim", "mollah", "differs", "equal"},
		{"rahima k", "mollah", "karim", "mollah", "a common word alike, others differ", "equal"}, // a letter is not enough where a word is left
		{"karim", "mollah", "rahima k", "mollah", "a common word alike, others differ", "equal"},
		{"karim k", "mollah", "karim", "mollah", "alike, common", "equal"},
		{"k r", "mollah", "karim", "mollah", "alike, very common", "equal"},
		{"karim s", "mollah", "karim", "sikdar", "alike, common", "a word alike, others differ"},
		{"mollah", "karim", "karim", "mollah", "missing", "alike, rare"},          // exchanged: all counts as family name
		{"karim mollah", "", "karim", "mollah", "alike, common", "alike, common"}, // run together
		{"karim", "", "karim", "mollah", "equal", "missing"},
		{"abdul karim", "mollah", "abdul rahim", "mollah", "a word alike, others differ", "equal"},
		{"rahima", "mollah", "zulekha", "mollah", "differs", "equal"},
		{"rahima mollah", "", "zulekha", "mollah", "differs", "alike, common"}, // sisters, one written in one piece
		{"rahima", "", "zulekha", "mollah", "differs", "missing"},
		{"karim 1", "mollah", "karim 2", "mollah", "differs", "equal"}, // brothers
		{"karim i", "mollah", "karim ii", "mollah", "differs", "equal"},
		{"karim 2", "mollah", "karim ii", "mollah", "alike, common", "equal"},
		{"karim 2", "mollah", "karim", "mollah", "alike, common", "equal"}, // numbered by one register alone
		{"rahima 2", "mollah", "zulekha 2", "mollah", "differs", "equal"},
	} {
		left := [2][]string{{c.givenA}, {c.familyA}}
		right := [2][]string{{c.givenB}, {c.familyB}}
		for i := range 1000 { // fillers, so that a word is borne by one in about 500
			left[0], left[1] = append(left[0], fmt.Sprintf("a%03db", i)), append(left[1], fmt.Sprintf("c%03dd", i))
			right[0], right[1] = append(right[0], fmt.Sprintf("x%03dy", i)), append(right[1], fmt.Sprintf("v%03dw", i))
		}
		for i := range 600 { // many have one initial
			left[0][1+i] = fmt.Sprintf("k%03dzz", i)
		}
		c.check(t, encodeColumns(left[:]...), encodeColumns(right[:]...))
	}
}

// TestWordsAreAlikeByTheDefinition: signatures and lengths only save time, and
// the order of two names never matters.
func TestWordsAreAlikeByTheDefinition(t *testing.T) {
	letters := rapid.StringOfN(rapid.SampledFrom([]rune("aabbcdéiw12")), 1, 10, -1)
	full := rapid.Custom(func(t *rapid.T) string { return strings.Join(rapid.SliceOfN(letters, 1, 4).Draw(t, "words"), " ") })
	rapid.Check(t, func(rt *rapid.T) {
		values := dictionary.Of("", full.Draw(rt, "a"), full.Draw(rt, "b"), full.Draw(rt, "c"), full.Draw(rt, "d"))
		x := newLexicon(values, []uint64{0, 1, 2, 3, 4}, 10, nil)
		for a := 1; a < x.texts.Len(); a++ {
			for b := 1; b < x.texts.Len(); b++ {
				alone := func(code int) *spoken {
					return &spoken{words: [maxWords]*word{&x.words[code]}, count: 1, traits: x.words[code].traits}
				}
				if strangers(alone(a), alone(b), 1, 1) && plainlyAlike(x.texts.At(uint32(a)), x.texts.At(uint32(b))) != unlike {
					rt.Errorf("%q and %q are taken for strangers", x.texts.At(uint32(a)), x.texts.At(uint32(b)))
				}
				if got, want := x.compare(&x.words[a], &x.words[b]), plainlyAlike(x.texts.At(uint32(a)), x.texts.At(uint32(b))); got != want {
					rt.Errorf("%q and %q: %d, by the definition %d", x.texts.At(uint32(a)), x.texts.At(uint32(b)), got, want)
				}
			}
		}
		x.spelt = newReadingList(values, values)
		x.whole = spell(values, letterSlot)
		n := &wordNames{x, &names{values: values, similar: .82, near: .92, edits: 1, leastRunes: 4, openings: true, least: newLeastLetters(.82)}}
		named := func(given, family int) *name {
			return &name{uint32(given), uint32(family), &[2]glance{x.glances[given], x.glances[family]}, [2]*cell{&x.whole[given], &x.whole[family]}}
		}
		given, family := n.levels(named(1, 2), named(3, 4))
		if g, f := n.levels(named(3, 4), named(1, 2)); g != given || f != family {
			rt.Errorf("levels %d and %d, the other way round %d and %d", given, family, g, f)
		}
		if unlikeAtAGlance(&x.glances[1], &x.glances[2]) != 0 {
			if level := n.givens(named(1, 0), named(2, 0)); level > nameSimilar {
				rt.Errorf("%q and %q are unlike at a glance, and yet at level %d", values.At(1), values.At(2), level)
			}
		}
	})
}

func plainlyAlike(a, b string) likeness {
	heardA, heardB := text.Heard(a), text.Heard(b)
	slips := text.Slips(min(len([]rune(heardA)), len([]rune(heardB))))
	sound := text.Romanised(a)
	switch osa := text.OSA(heardA, heardB); {
	case a == b:
		return same
	case ordinal(a) != "" && ordinal(b) != "":
		if ordinal(a) == ordinal(b) {
			return spelt
		}
	case sound == text.Romanised(b) && len(sound) >= 2:
		if text.JaroWinkler(heardA, heardB) >= soundsLike {
			return spelt
		}
	case slips == 0 && len(a) > 1 && strings.ReplaceAll(a, "y", "i") == strings.ReplaceAll(b, "y", "i"):
		return spelt
	case slips > 0 && osa <= slips:
		return spelt
	case slips == 0 && (len([]rune(a)) == 1) != (len([]rune(b)) == 1) && []rune(a)[0] == []rune(b)[0]:
		return initial
	}
	return unlike
}
