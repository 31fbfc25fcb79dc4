package matchers_test

import (
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rollcall/matchers"
	"rollcall/matchers/family"
	"rollcall/matchers/model"
)

// families gives a file of a population its households and its brothers and sisters,
// who follow each other there; it returns the household of each row.
func (p *population) families(f *matchers.File) (households []uint32) {
	of := make([]uint32, len(p.people))
	for n := range of {
		of[n] = 1
		if n > 0 {
			if of[n] = of[n-1]; p.people[n].mother != p.people[n-1].mother {
				of[n]++
			}
		}
	}
	rows := map[uint32][]int32{}
	for row, id := range f.IDs {
		number, _ := strconv.Atoi(id[1:])
		household := 2 * of[number]
		if id[0] == 'b' {
			household++
		}
		f.Homes = append(f.Homes, family.Home{Row: int32(row), Household: household})
		households = append(households, household)
		rows[household] = append(rows[household], int32(row))
	}
	for _, members := range rows {
		for _, a := range members {
			for _, b := range members {
				if a != b {
					f.Relatives = append(f.Relatives, family.Tie{Person: a, Relative: b, Relation: family.Sibling})
				}
			}
		}
	}
	return households
}

// TestWitnessesAreWho: who is told as a relative is one of the left row, and who looks
// like her lives with the right one and is she; of any row order, for any threads.
func TestWitnessesAreWho(t *testing.T) {
	p := newPopulation(11, 1500)
	left, right := p.pair()
	home, house := p.families(left), p.families(right)
	right.Relatives = nil
	result := mustLink(t, left, right, personSpecification(), 1)
	found, she := 0, 0
	for _, pair := range result.Pairs {
		for _, w := range pair.Witnesses {
			if w.Left < 0 || home[w.Left] != home[pair.Left] || w.Left == pair.Left {
				t.Fatalf("%s is told as a sibling of %s", left.IDs[w.Left], left.IDs[pair.Left])
			}
			if w.Right < 0 {
				continue
			}
			if house[w.Right] != house[pair.Right] || w.Right == pair.Right {
				t.Fatalf("%s is told as another of the house of %s", right.IDs[w.Right], right.IDs[pair.Right])
			}
			if found++; left.IDs[w.Left][1:] == right.IDs[w.Right][1:] {
				she++
			}
		}
	}
	if found < 500 || float64(she) < .95*float64(found) {
		t.Errorf("%d of %d relatives are who they are said to be", she, found)
	}
	if diff := cmp.Diff(result.Pairs, mustLink(t, left, right, personSpecification(), 3).Pairs); diff != "" {
		t.Errorf("three threads tell otherwise:\n%s", diff)
	}
}

// TestHomesOfOne: who is a member of a second household too lives with the same people if
// nobody else is there, and is held beside the people of both.
func TestHomesOfOne(t *testing.T) {
	p := newPopulation(11, 1500)
	left, right := p.pair()
	p.families(left)
	house := p.families(right)
	right.Relatives = nil
	want := mustLink(t, left, right, personSpecification(), 1).Pairs
	first, other := slices.Max(house)+1, slices.Clone(right.Homes)
	for i := range right.Homes {
		other = append(other, family.Home{Row: int32(i), Household: first + uint32(i)})
	}
	slices.Reverse(other)
	right.Homes = other
	if diff := cmp.Diff(want, mustLink(t, left, right, personSpecification(), 2).Pairs); diff != "" {
		t.Errorf("a second household where one is alone tells otherwise:\n%s", diff)
	}
	right.Homes = nil
	for i, household := range house {
		right.Homes = append(right.Homes, family.Home{Row: int32(i), Household: uint32(i + 1)}, family.Home{Row: int32(i), Household: uint32(len(house)) + household})
	}
	if diff := cmp.Diff(want, mustLink(t, left, right, personSpecification(), 1).Pairs); diff != "" {
		t.Errorf("relatives are not looked for in the second household:\n%s", diff)
	}
}

// TestWitnessesInOneFile: of two rows of one file the relatives of either are told, on
// the side where they are, and one who is found from both sides is told once.
func TestWitnessesInOneFile(t *testing.T) {
	p := newPopulation(12, 900)
	left, right := p.pair()
	both := shuffled(merged(left, right), 5)
	home := p.families(both)
	found := 0
	for _, pair := range mustDedupe(t, both, personSpecification(), 2).Pairs {
		told := map[[2]int32]bool{}
		for _, w := range pair.Witnesses {
			if w.Left >= 0 && home[w.Left] != home[pair.Left] || w.Right >= 0 && home[w.Right] != home[pair.Right] {
				t.Fatal("a relative stands on the other side")
			}
			if at := [2]int32{w.Left, w.Right}; told[at] {
				t.Fatal("a relative is told twice")
			} else {
				told[at] = true
			}
			if w.Left >= 0 && w.Right >= 0 {
				found++
			}
		}
	}
	if found < 200 {
		t.Errorf("%d relatives are found", found)
	}
}

// TestRelativesWithoutDates: where nobody's age is known, relatives help all the same.
func TestRelativesWithoutDates(t *testing.T) {
	p := newPopulation(11, 1500)
	left, right := p.pair()
	p.families(left)
	p.families(right)
	right.Relatives = nil
	spec := personSpecification()
	spec.Comparisons = slices.DeleteFunc(spec.Comparisons, func(c model.Comparison) bool { return c.Kind == model.Date })
	moved := 0
	for _, pair := range mustLink(t, left, right, spec, 1).Pairs {
		if pair.FamilyBits != 0 {
			moved++
		}
	}
	if moved < 100 {
		t.Errorf("relatives moved %d pairs: too few to say anything", moved)
	}
}

// TestParentsOfSpouses: of a husband or wife the names of the parents tell too who it is,
// of brothers and sisters they are those of both.
func TestParentsOfSpouses(t *testing.T) {
	p := newPopulation(11, 1500)
	left, right := p.pair()
	p.families(left)
	p.families(right)
	right.Relatives = nil
	spec := personSpecification()
	mother := slices.IndexFunc(spec.Comparisons, func(c model.Comparison) bool { return c.Name == "mother_name" })
	spec.Comparisons[mother].Relative, spec.Comparisons[mother].Shared = family.Mother.String(), false
	bits := func(relation family.Relation) (sum float64) {
		for i := range left.Relatives {
			left.Relatives[i].Relation = relation
		}
		for _, pair := range mustLink(t, left, right, spec, 1).Pairs {
			for _, w := range pair.Witnesses {
				if w.Left >= 0 && w.Right >= 0 && left.IDs[w.Left][1:] == right.IDs[w.Right][1:] {
					sum += float64(w.Bits)
				}
			}
		}
		return sum
	}
	if spouses, siblings := bits(family.Spouse), bits(family.Sibling); spouses < 1.05*siblings {
		t.Errorf("with the names of their parents spouses say %.0f bits, siblings without %.0f", spouses, siblings)
	}
}
