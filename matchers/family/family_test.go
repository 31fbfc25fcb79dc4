package family_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"rollcall/matchers/family"
)

// likeness is a judge that knows what each relative and member look like together.
type likeness map[[2]int32]float64

func (l likeness) Absent(family.Case, family.Tie) bool { return false }

func (l likeness) Bits(_ family.Case, relative family.Tie, other int32) float64 {
	if bits, ok := l[[2]int32{relative.Relative, other}]; ok {
		return bits
	}
	return -10
}

// unlisted is a judge for whom no relative was alive when the household was listed.
type unlisted struct{ likeness }

func (unlisted) Absent(family.Case, family.Tie) bool { return true }

// even is a model in which every second relative lives with the person.
func even() *family.Model {
	m := &family.Model{}
	for r := range m.Together {
		m.Together[r] = .5
	}
	return m
}

// TestWeigh holds the sum against the formula (reference: 2.4 of the method): with one
// relative who is one of two others by 6 bits, and half of the relatives at home.
func TestWeigh(t *testing.T) {
	wife := family.Tie{Person: 0, Relative: 1, Relation: family.Spouse}
	household := []int32{10, 11, 12}
	says := even().Weigh(family.Case{Person: 0, Member: 10}, []family.Tie{wife}, household, likeness{{1, 11}: 6})
	mean := (math.Exp2(6) + math.Exp2(-10)) / 2
	want := math.Log2(.03 + .97*(.5+.5*mean))
	if math.Abs(says.Same-want) > 1e-9 {
		t.Errorf("if they are one: %.4f bits, want %.4f", says.Same, want)
	}
	mean = (math.Exp2(6) + 2*math.Exp2(-10)) / 3
	if want = math.Log2(.03 + .97*(.5+.5*mean)); math.Abs(says.Other-want) > 1e-9 {
		t.Errorf("if he is another of the house: %.4f bits, want %.4f", says.Other, want)
	}
}

// TestAbsent: that a relative is not at home who was dead or not born says next to nothing,
// and nothing is learnt from it; that somebody looks like her there still counts.
func TestAbsent(t *testing.T) {
	wife := family.Tie{Person: 0, Relative: 1, Relation: family.Spouse}
	c, household := family.Case{Person: 0, Member: 10}, []int32{10, 11, 12}
	weigh := func(judge family.Judge) float64 {
		return even().Weigh(c, []family.Tie{wife}, household, judge).Same
	}
	if alive, dead := weigh(likeness{}), weigh(unlisted{}); alive > -.9 || dead < -.1 {
		t.Errorf("nobody is like her: %.2f bits, and %.2f of one who was not alive", alive, dead)
	}
	if there := weigh(unlisted{likeness{{1, 11}: 12}}); there < 4 {
		t.Errorf("somebody is like her, who was not alive: %.2f bits", there)
	}
	ties, homes := family.NewTies(1, []family.Tie{wife}), family.NewHomes(13, []family.Home{{10, 1}, {11, 1}, {12, 1}})
	m := family.Learn(slices.Repeat([]family.Case{c}, 100), ties, homes, unlisted{})
	if got := m.Together[family.Spouse]; got != .5 {
		t.Errorf("of spouses %.2f are learnt to live together, from those who were not alive", got)
	}
}

// TestWitnesses: each relative is told by herself, with the member who looks most like
// her, and who is not there with nobody; what they say adds up to the evidence.
func TestWitnesses(t *testing.T) {
	c := family.Case{Person: 0, Member: 10}
	ties := []family.Tie{{Person: 0, Relative: 1, Relation: family.Mother}, {Person: 0, Relative: 2, Relation: family.Spouse}}
	household, known := []int32{10, 11, 12}, likeness{{1, 12}: 6, {1, 11}: 4, {2, 10}: 15}
	got := even().Witnesses(nil, c, ties, household, known)
	if len(got) != 2 || got[0].Relative != ties[0] || got[0].Member != 12 || got[0].Bits < 4 || got[1].Relative != ties[1] || got[1].Member != -1 || got[1].Bits > -.9 {
		t.Fatalf("witnesses are %+v", got)
	}
	together := math.Log2(.03 + .97*math.Exp2(got[0].Bits+got[1].Bits))
	if says := even().Weigh(c, ties, household, known); math.Abs(says.Same-together) > 1e-9 {
		t.Errorf("together they say %.4f, weighed are %.4f bits", together, says.Same)
	}
}

// TestAbsence: relatives who are not there speak against, together no more than a house
// in which nobody of the family is left.
func TestAbsence(t *testing.T) {
	ties := []family.Tie{{0, 1, family.Mother}, {0, 2, family.Father}, {0, 3, family.Sibling}, {0, 4, family.Sibling}}
	m := even()
	for r := range m.Together {
		m.Together[r] = .97
	}
	says := m.Weigh(family.Case{Person: 0, Member: 10}, ties, []int32{10, 11, 12}, likeness{})
	if says.Same > -4 || says.Same < math.Log2(.03) {
		t.Errorf("four who are missing say %.2f bits", says.Same)
	}
}

// TestBounds: whatever the likeness, what relatives say is bounded and finite, and none
// say nothing.
func TestBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bits := rapid.Float64Range(-1e6, 1e6)
		var ties []family.Tie
		known := likeness{}
		for k := range int32(rapid.IntRange(0, 8).Draw(t, "relatives")) {
			ties = append(ties, family.Tie{Person: 0, Relative: k + 1, Relation: family.Relation(rapid.IntRange(0, int(family.Relations)-1).Draw(t, "relation"))})
			for _, other := range []int32{10, 11, 12} {
				known[[2]int32{k + 1, other}] = bits.Draw(t, "bits")
			}
		}
		says := even().Weigh(family.Case{Person: 0, Member: 10}, ties, []int32{10, 11, 12}, known)
		for _, b := range []float64{says.Same, says.Other} {
			if math.IsNaN(b) || b > 20 || b < -5.1 || len(ties) == 0 && math.Abs(b) > 1e-12 {
				t.Fatalf("%d relatives say %g bits", len(ties), b)
			}
		}
	})
}

// TestHomes: an institution is no household, who has none lives with nobody, and who has
// two lives with the members of both.
func TestHomes(t *testing.T) {
	homes := []family.Home{{0, 1}, {2, 1}, {3, 2}, {4, 2}, {4, 1}, {5, 0}, {6, 3}, {6, 2}, {7, 3}, {7, 0}}
	const inmates = family.MostMembers + 1
	for row := range int32(inmates) {
		homes = append(homes, family.Home{Row: 8 + row, Household: 3})
	}
	of := family.NewHomes(8+inmates, homes)
	for row, want := range [][]int32{0: {0, 2, 4}, 1: nil, 2: {0, 2, 4}, 3: {3, 4, 6}, 4: {0, 2, 3, 4, 6}, 5: nil, 6: {3, 4, 6}, 7: nil, 8: nil} {
		if got := of.With(int32(row)); !slices.Equal(got, want) {
			t.Errorf("%d lives with %v, want %v", row, got, want)
		}
		if many := of.Many(int32(row)); many != (row >= 7) {
			t.Errorf("%d is in an institution: %v", row, many)
		}
	}
}

// TestLearn finds how often wives and children are at home from cases that are sure,
// each in a household of its own: nine wives in ten, every third child.
func TestLearn(t *testing.T) {
	const couples = 300
	var ties []family.Tie
	var cases []family.Case
	var homes []family.Home
	known := likeness{}
	for c := range int32(couples) {
		man, wife, child := 3*c, 3*c+1, 3*c+2
		ties = append(ties, family.Tie{Person: man, Relative: wife, Relation: family.Spouse}, family.Tie{Person: man, Relative: child, Relation: family.Child})
		cases = append(cases, family.Case{Person: man, Member: man})
		for _, row := range []int32{man, wife, child} {
			homes = append(homes, family.Home{Row: row, Household: uint32(c + 1)})
		}
		if c%10 != 0 {
			known[[2]int32{wife, wife}] = 12
		}
		if c%3 == 0 {
			known[[2]int32{child, child}] = 12
		}
	}
	m := family.Learn(cases, family.NewTies(3*couples, ties), family.NewHomes(3*couples, homes), known)
	if got := m.Together[family.Spouse]; math.Abs(got-.9) > .02 {
		t.Errorf("wives at home: %.3f", got)
	}
	if got := m.Together[family.Child]; math.Abs(got-.333) > .02 {
		t.Errorf("children at home: %.3f", got)
	}
	if got := m.Together[family.Sibling]; got != .5 {
		t.Errorf("nothing is known of siblings, and learnt is %.3f", got)
	}
}
