package recognise

import (
	"fmt"
	"hash/fnv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// scattered is a number for each row that has no pattern.
func scattered(row, stream int) int {
	h := fnv.New32a()
	fmt.Fprint(h, stream, " ", row)
	return int(h.Sum32() >> 8)
}

// person has names of which the given ones tell the sex.
func person(row int) (givenName, familyName, sex string) {
	women := strings.Fields("ana bea cora dora eva fay gina hana ida june kate lena maria nora olga pia rosa")
	men := strings.Fields("adam bob carl dan emil fred gus hans igor john karl leo mark noah otto paul rick")
	families := strings.Fields("abel bauer cohen duarte evans fischer gomez haas ivanov jones klein lopez meyer novak olsen perez quinn rossi smith tanaka ueda vega weber xu young zhang adler brown costa diaz engel flores green hansen")
	pick, sex := women, "f"
	if row%2 == 0 {
		pick, sex = men, "m"
	}
	return pick[scattered(row, 1)%len(pick)], families[scattered(row, 2)%len(families)], sex
}

var (
	towns   = strings.Fields("ashford barton corby dover ely frodsham grays hexham ilkley jarrow keswick leeds margate newark oxford penzance quorn ripon selby truro upton ventnor wells yarm alton bude calne deal epsom fleet goole hayle")
	columns = map[string]func(row int) string{
		"id":     func(row int) string { return fmt.Sprintf("K%d", 100000+row*7919%899981) },
		"given":  func(row int) string { g, _, _ := person(row); return g },
		"family": func(row int) string { _, f, _ := person(row); return f },
		"full":   func(row int) string { g, f, _ := person(row); return g + " van " + f },
		"sex":    func(row int) string { _, _, s := person(row); return s },
		"birth":  born,
		"town":   func(row int) string { return towns[scattered(row, 3)%len(towns)] },
		"street": func(row int) string { return towns[scattered(row, 4)%len(towns)] + " road" },
		"number": func(row int) string { return fmt.Sprint(1 + scattered(row, 5)%97) },
		"post":   func(row int) string { return fmt.Sprint(1000 + scattered(row, 6)%90*13) },
		"age":    func(row int) string { return fmt.Sprint(2020 - 1930 - row*13%80) },
		"rows":   func(row int) string { return fmt.Sprint(row + 1) },
		"fixed":  func(int) string { return "2024-05-01" },
	}
)

// headless is a file of those columns, called c1, c2 and so on.
func headless(letter string, shift int, names ...string) *table {
	file := &table{}
	for i, name := range names {
		file.add(fmt.Sprintf("%s%d", letter, i+1), func(row int) string { return columns[name](row + shift) })
	}
	return file
}

func TestColumnsWithoutHeaders(t *testing.T) {
	for _, c := range []struct{ columns, want string }{
		{"id given family birth town", "key: key, given_name: given, family_name: family, date: birth, place: place"},
		{"id sex birth family given", "key: key, category: sex, date: birth, family_name: family, given_name: given"},
		{"id family full town given birth", "key: key, family_name: family, ignore: full, place: place, given_name: given, date: birth"},
		{"id full birth street", "key: key, full_name: full, date: birth, address: address"},
		{"id given family number street town post", "key: key, given_name: given, family_name: family, house_number: number, address: address, place: place, postcode: postcode"},
		{"id birth age given family", "key: key, date: birth, ignore: age, given_name: given, family_name: family"},
		{"id rows given family fixed", "key: key, ignore: number, given_name: given, family_name: family, ignore:"},
	} {
		guesses := headless("c", 0, strings.Fields(c.columns)...).guess()
		var got []string
		for _, g := range guesses {
			got = append(got, holds(g))
			if g.Why == "" {
				t.Errorf("%s: no reason given for %s", c.columns, g.Column)
			}
		}
		if diff := cmp.Diff(strings.Split(c.want, ", "), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.columns, diff)
		}
	}
}

// TestPairsWithoutHeaders: columns of two files find each other by their values,
// whatever their order and names, also where only one file has headers.
func TestPairsWithoutHeaders(t *testing.T) {
	left := headless("c", 0, "id", "given", "family", "sex", "birth", "number", "street", "town", "post")
	right := headless("d", 20, "town", "post", "family", "birth", "id", "street", "sex", "number", "given")
	named := headless("d", 20, "town", "post", "family", "birth", "id", "street", "sex", "number", "given")
	named.names = strings.Fields("city zip surname dob ref address_1 sex house_no first_name")
	for _, c := range []struct {
		name  string
		right *table
		want  string
	}{
		{"neither has headers", right, "c2=d9 given_name, c3=d3 family_name, c4=d7 category, c5=d4 date, c6=d8 house_number, c7=d6 address, c8=d1 place, c9=d2 postcode"},
		{"the right has", named, "c2=first_name given_name, c3=surname family_name, c4=sex category, c5=dob date, c6=house_no house_number, c7=address_1 address, c8=city place, c9=zip postcode"},
	} {
		var got []string
		for _, p := range Pairs(left.guess(), c.right.guess(), nil) {
			got = append(got, fmt.Sprintf("%s=%s %s", p.Left, p.Right, p.Kind))
		}
		if diff := cmp.Diff(strings.Split(c.want, ", "), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}
