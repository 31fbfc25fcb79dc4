package matchers_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"rollcall/matchers"
	"rollcall/matchers/family"
	"rollcall/matchers/model"
)

// twinHouses is a list of households in which some people stand twice, now and then under
// another name: of each family half live in one house and half in another, and many are
// twins. Equal numbers in the ids are one person.
func twinHouses(seed uint64, people int) *matchers.File {
	p := newPopulation(seed, people)
	random := rand.New(rand.NewPCG(seed, 3))
	var numbers []int
	var records []person
	var homes []family.Home
	house := uint32(0)
	for n := range p.people {
		one := &p.people[n]
		if n > 0 && one.mother == p.people[n-1].mother {
			if random.Float64() < .05 {
				one.born, one.sex = p.people[n-1].born, p.people[n-1].sex
			}
		} else {
			house += 2
		}
		for home, copies := random.IntN(2), 1+random.IntN(10)/9; copies > 0; copies-- {
			row := p.spoil(*one, true)
			if row.identifier = ""; random.Float64() < .06 {
				row.given = p.given[p.zipf(len(p.given))]
			}
			homes = append(homes, family.Home{Row: int32(len(records)), Household: house + uint32(home)})
			numbers, records = append(numbers, n), append(records, row)
		}
	}
	f := file("m", numbers, records)
	for row := range f.IDs {
		f.IDs[row] = fmt.Sprintf("%s/%d", f.IDs[row], row)
	}
	f.Homes, f.Relatives = homes, []family.Tie{}
	return f
}

// TestSiblingsApart: brothers and sisters of one birth who live apart are not taken for one
// person who is listed twice, and the probabilities of such pairs are right.
func TestSiblingsApart(t *testing.T) {
	f := twinHouses(37, 6000)
	spec := personSpecification()
	spec.Comparisons = spec.Comparisons[:len(spec.Comparisons)-1] // nobody has a number
	at := slices.IndexFunc(spec.Comparisons, func(c model.Comparison) bool { return c.Name == "mother_name" })
	spec.Comparisons[at].Relative = family.Mother.String()
	var said, right, accepted, good float64
	for _, p := range mustDedupe(t, f, spec, 2).Pairs {
		same := 0.0
		if f.IDs[p.Left][:9] == f.IDs[p.Right][:9] {
			same = 1
		}
		if p.Accepted {
			accepted, good = accepted+1, good+same
		}
		if p.Probability > .05 && p.Probability < .95 {
			said, right = said+p.Probability, right+same
		}
	}
	if good < .95*accepted || good < 500 {
		t.Errorf("%.0f pairs are accepted, and %.0f of them right", accepted, good)
	}
	if said > 1.4*right {
		t.Errorf("of the pairs in doubt %.0f are said to be right, and %.0f are", said, right)
	}
}
