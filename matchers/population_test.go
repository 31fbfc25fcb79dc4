package matchers_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"

	"rollcall/matchers"
	"rollcall/matchers/model"
)

// person is one made-up person, in a family that shares surname, mother and
// place.
type person struct {
	given, family, mother, born, postcode, district, sex, identifier string
}

// population makes people in families of one to five: names by Zipf's law,
// twins, identifiers for 75 in 100.
type population struct {
	random        *rand.Rand
	given, family []string
	people        []person
}

func newPopulation(seed uint64, size int) *population {
	p := &population{random: rand.New(rand.NewPCG(seed, 7))}
	p.given, p.family = p.names(4000, 2), p.names(40000, 3)
	for len(p.people) < size {
		p.addFamily(size)
	}
	p.people = p.people[:size]
	return p
}

// names makes distinct names of a few syllables, shorter ones first.
func (p *population) names(count, syllables int) []string {
	onsets := []string{"b", "ch", "d", "f", "g", "h", "j", "k", "l", "m", "n", "p", "r", "s", "sh", "t", "v", "z", "kr", "tr"}
	vowels := []string{"a", "e", "i", "o", "u", "ai", "ou"}
	codas := []string{"", "", "n", "r", "m", "l", "s", "t"}
	seen := map[string]bool{}
	var out []string
	for len(out) < count {
		name := ""
		for range 1 + p.random.IntN(syllables) {
			name += onsets[p.random.IntN(len(onsets))] + vowels[p.random.IntN(len(vowels))] + codas[p.random.IntN(len(codas))]
		}
		if len(name) > 2 && !seen[name] {
			seen[name] = true
			out = append(out, name)
		}
	}
	return out
}

// zipf draws an index with probability about 1 / (rank + 10).
func (p *population) zipf(n int) int {
	return min(n-1, int(10*(math.Pow(float64(n+10)/10, p.random.Float64())-1)))
}

func (p *population) addFamily(size int) {
	family, mother := p.family[p.zipf(len(p.family))], p.given[p.zipf(len(p.given))]
	mother += " " + p.family[p.zipf(len(p.family))]
	place := p.random.IntN(max(50, size/1000))
	born := ""
	for range 1 + p.random.IntN(5) {
		if born == "" || p.random.Float64() >= .01 {
			born = fmt.Sprintf("%04d-%02d-%02d", 1930+p.random.IntN(80), 1+p.random.IntN(12), 1+p.random.IntN(28))
		}
		one := person{
			given: p.given[p.zipf(len(p.given))], family: family, mother: mother, born: born,
			postcode: fmt.Sprintf("P%05d", place), district: fmt.Sprintf("d%02d", place%100), sex: []string{"female", "male"}[p.random.IntN(2)],
		}
		if p.random.Float64() < .75 {
			one.identifier = strconv.FormatInt(1e9+p.random.Int64N(9e9), 10)
		}
		p.people = append(p.people, one)
	}
}

// typo makes one slip of the pen.
func (p *population) typo(s string) string {
	if len(s) < 3 {
		return s
	}
	i, letter := p.random.IntN(len(s)-1), string(rune('a'+p.random.IntN(26)))
	switch p.random.IntN(4) {
	case 0:
		return s[:i] + letter + s[i+1:]
	case 1:
		return s[:i] + s[i+1:]
	case 2:
		return s[:i] + letter + s[i:]
	}
	return s[:i] + s[i+1:i+2] + s[i:i+1] + s[i+2:]
}

// spoil makes a record of a person: values left out, and errors in one of five
// copies.
func (p *population) spoil(one person, errors bool) person {
	lose := func(value *string, share float64) {
		if p.random.Float64() < share {
			*value = ""
		}
	}
	lose(&one.born, .02)
	lose(&one.mother, .1)
	lose(&one.postcode, .03)
	lose(&one.identifier, .2)
	if !errors || p.random.Float64() > .2 {
		return one
	}
	for range 1 + p.random.IntN(2) {
		switch p.random.IntN(7) {
		case 0, 1:
			one.given = p.typo(one.given)
		case 2:
			one.family = p.typo(one.family)
		case 3:
			one.given, one.family = one.family, one.given
		case 4:
			if len(one.born) == 10 {
				one.born = one.born[:8] + fmt.Sprintf("%02d", 1+p.random.IntN(28))
			}
		case 5:
			one.mother = p.typo(one.mother)
		case 6:
			one.postcode = fmt.Sprintf("P%05d", p.random.IntN(max(50, len(p.people)/1000)))
		}
	}
	return one
}

// file makes a file of records; ids are the prefix and the person's number.
func file(prefix string, numbers []int, records []person) *matchers.File {
	columns := []struct {
		name string
		of   func(person) string
	}{
		{"given_name", func(p person) string { return p.given }},
		{"family_name", func(p person) string { return p.family }},
		{"sex", func(p person) string { return p.sex }},
		{"birth", func(p person) string { return p.born }},
		{"postcode", func(p person) string { return p.postcode }},
		{"district", func(p person) string { return p.district }},
		{"mother_name", func(p person) string { return p.mother }},
		{"national_id", func(p person) string { return p.identifier }},
	}
	f := &matchers.File{}
	for _, n := range numbers {
		f.IDs = append(f.IDs, fmt.Sprintf("%s%08d", prefix, n))
	}
	values := make([]string, len(records))
	for _, c := range columns {
		for i, r := range records {
			values[i] = c.of(r)
		}
		f.Columns = append(f.Columns, column(c.name, values))
	}
	return f
}

// pair makes two files that share seven in ten of their people; equal numbers
// in the ids are one person.
func (p *population) pair() (left, right *matchers.File) {
	order := p.random.Perm(len(p.people))
	third := len(order) * 3 / 13 // 0.3 of a side, two sides of 1.3 together
	var records [2][]person
	var numbers [2][]int
	for i, n := range order {
		if i < len(order)-third {
			records[0], numbers[0] = append(records[0], p.spoil(p.people[n], false)), append(numbers[0], n)
		}
		if i >= third {
			records[1], numbers[1] = append(records[1], p.spoil(p.people[n], true)), append(numbers[1], n)
		}
	}
	return file("a", numbers[0], records[0]), file("b", numbers[1], records[1])
}

// personSpecification compares what file makes.
func personSpecification() model.Specification {
	same := func(name string, kind model.Kind, shared bool) model.Comparison {
		return model.Comparison{Name: name, Left: name, Right: name, Kind: kind, Shared: shared}
	}
	return model.Specification{Relation: model.OneToOne, Comparisons: []model.Comparison{
		same("given_name", model.GivenName, false), same("family_name", model.FamilyName, true),
		same("sex", model.Category, false), same("birth", model.Date, false), same("postcode", model.Postcode, true),
		same("district", model.Place, true), same("mother_name", model.FullName, true), same("national_id", model.Identifier, false),
	}}
}

// score is precision and recall of the accepted pairs of a linkage, by the
// numbers in the ids.
func score(result *matchers.Result, left, right *matchers.File) (precision, recall float64) {
	numbers := map[string]bool{}
	for _, id := range left.IDs {
		numbers[id[1:]] = true
	}
	all, said, good := 0, 0, 0
	for _, id := range right.IDs {
		if numbers[id[1:]] {
			all++
		}
	}
	for _, p := range result.Pairs {
		if p.Accepted {
			said++
			if left.IDs[p.Left][1:] == right.IDs[p.Right][1:] {
				good++
			}
		}
	}
	return float64(good) / float64(max(said, 1)), float64(good) / float64(max(all, 1))
}
