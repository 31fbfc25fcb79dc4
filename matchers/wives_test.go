package matchers_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"rollcall/matchers"
	"rollcall/matchers/block"
	"rollcall/matchers/family"
	"rollcall/matchers/model"
)

// marriages is records that each name a man and his wife: of most couples two, and of some
// men one with each of two wives. It tells who each row is.
func marriages(p *population, couples int) (f *matchers.File, who []int) {
	random := rand.New(rand.NewPCG(4, 2))
	persons := 0
	born := func(sex string) person {
		persons++
		return person{given: p.given[p.zipf(len(p.given))], family: p.family[p.zipf(len(p.family))], sex: sex, district: fmt.Sprintf("d%03d", persons%800), born: fmt.Sprintf("%04d-%02d-%02d", 1950+random.IntN(50), 1+random.IntN(12), 1+random.IntN(28))}
	}
	var rows []person
	var spouse []string
	f = &matchers.File{}
	tell := func(husband, wife person, h, w int) {
		for i, one := range []person{husband, wife} {
			row, other := int32(len(rows)), []person{wife, husband}[i]
			one.district = husband.district
			if i == 1 && random.Float64() < .5 {
				one.born = ""
			}
			if random.Float64() < .06 {
				one.given = p.given[p.zipf(len(p.given))]
			}
			if random.Float64() < .06 {
				one.family = p.family[p.zipf(len(p.family))]
			}
			rows, spouse, who = append(rows, one), append(spouse, other.given+" "+other.family), append(who, []int{h, w}[i])
			f.IDs = append(f.IDs, fmt.Sprintf("m%06d", row))
			f.Homes = append(f.Homes, family.Home{Row: row, Household: uint32(row/2 + 1)})
			f.Group = append(f.Group, uint32(row/2+1))
			f.Relatives = append(f.Relatives, family.Tie{Person: row, Relative: row ^ 1, Relation: family.Spouse})
		}
	}
	for n := range couples {
		man, wife := born("male"), born("female")
		h, w := persons-2, persons-1
		tell(man, wife, h, w)
		if n%20 == 0 {
			wife, w = born("female"), persons-1
		}
		if n%3 > 0 || n%20 == 0 {
			tell(man, wife, h, w)
		}
	}
	for _, c := range []struct {
		name string
		of   func(int) string
	}{
		{"given_name", func(i int) string { return rows[i].given }},
		{"family_name", func(i int) string { return rows[i].family }},
		{"sex", func(i int) string { return rows[i].sex }},
		{"birth", func(i int) string { return rows[i].born }},
		{"district", func(i int) string { return rows[i].district }},
		{"spouse_name", func(i int) string { return spouse[i] }},
	} {
		values := []string{}
		for i := range rows {
			values = append(values, c.of(i))
		}
		f.Columns = append(f.Columns, column(c.name, values))
	}
	return f, who
}

// TestTwoWives: two wives of one man are two, and a wife whom two records name is one.
func TestTwoWives(t *testing.T) {
	f, who := marriages(newPopulation(29, 10), 1500)
	same := func(name string, kind model.Kind, relative string) model.Comparison {
		return model.Comparison{Name: name, Left: name, Right: name, Kind: kind, Relative: relative}
	}
	spec := model.Specification{Blocking: []block.Rule{{{Column: "spouse_name"}}, {{Column: "given_name"}, {Column: "family_name"}}, {{Column: "birth"}}}, Comparisons: []model.Comparison{
		same("given_name", model.GivenName, ""), same("family_name", model.FamilyName, ""), same("sex", model.Category, ""),
		same("birth", model.Date, ""),
		{Name: "district", Left: "district", Right: "district", Kind: model.Place, Shared: true},
		same("spouse_name", model.FullName, "spouse"),
	}}
	result := mustDedupe(t, f, spec, 2)
	wrong, found, all := 0, 0, 0
	for i := range who {
		for j := i + 1; j < min(i+5, len(who)); j++ {
			together := result.Entity[i] == result.Entity[j]
			switch {
			case who[i] == who[j]:
				all++
				if together {
					found++
				}
			case together:
				wrong++
			}
		}
	}
	if wrong > 0 || found < all*95/100 || all < 1000 {
		t.Errorf("%d pairs of two people are one; of %d records of one person %d", wrong, all, found)
	}
}
