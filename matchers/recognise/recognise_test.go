package recognise

import (
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rollcall/matchers/model"
)

// table is a file in the making: columns by header, with a value for each row.
type table struct {
	names  []string
	values [][]string
}

func (t *table) add(name string, value func(row int) string) {
	const rows = 200
	var column []string
	for row := range rows {
		column = append(column, value(row))
	}
	t.names, t.values = append(t.names, name), append(t.values, column)
}

func (t *table) guess() []Guess {
	return Columns(t.names, func(col int) []string { return t.values[col] }, nil)
}

// holds writes what a column was taken for: kind, and subject and meaning.
func holds(g Guess) string {
	return strings.TrimSpace(string(g.Kind) + ": " + strings.TrimSpace(g.Subject+" "+g.Meaning))
}

func pick(list string) func(int) string {
	words := strings.Split(list, ",")
	return func(row int) string { return words[(row*7+row/3)%len(words)] }
}

var (
	given   = pick("Rahima,Abdul,Fatima,Karim,Ayesha,Jamal,Nasrin,Rafiq,Salma,Habib,Mina")
	family  = pick("Khatun,Hossain,Begum,Sarkar,Das,Mia,Islam,Akter,Rahman,Roy,Paul,Sheikh,Ali")
	place   = pick("Rampur,Sadar,Char Bhadra,Nandina,Melandaha")
	sexes   = pick("M,F,F")
	numbers = func(row int) string { return fmt.Sprintf("19%08d", row*7919%100000000) }
	born    = func(row int) string { return fmt.Sprintf("%d-%02d-%02d", 1930+row*13%80, 1+row%12, 1+row*5%28) }
	recent  = func(row int) string { return fmt.Sprintf("%02d/%02d/2024", 1+row*5%28, 1+row%12) }
	full    = func(row int) string { return given(row) + " " + family(row*3) }
)

func TestColumns(t *testing.T) {
	for _, c := range []struct {
		header string
		value  func(int) string
		want   string
	}{
		{"given_name", given, "given_name: given"},
		{"FirstName", given, "given_name: given"},
		{"Prénom", given, "given_name: given"},
		{"apellido", family, "family_name: family"},
		{"Nom de famille", family, "family_name: family"},
		{"mother_first_name", given, "given_name: mother given"},
		{"Mother's name", full, "full_name: mother full"},
		{"father_name", full, "full_name: father full"},
		{"Husband's Name", full, "full_name: spouse full"},
		{"Father/Husband Name", full, "full_name: father or spouse full"},
		{"husband_or_father_name", full, "full_name: father or spouse full"},
		{"পিতা/স্বামীর নাম", full, "full_name: father or spouse full"},
		{"S/o D/o W/o", full, "full_name: father or spouse full"},
		{"name", full, "full_name: full"},
		{"নাম", full, "full_name: full"},
		{"dob", born, "date: birth"},
		{"fecha_nacimiento", born, "date: birth"},
		{"date_of_death", recent, "date: death"},
		{"registered_on", recent, "ignore: other date"},
		{"mother_dob", born, "date: mother birth"},
		{"x7", born, "date: birth"},
		{"sex", sexes, "category: sex"},
		{"x8", sexes, "category: sex"},
		{"gender", pick("1,2"), "category: sex"},
		{"village", place, "place: place"},
		{"place_of_birth", place, "place: birth place"},
		{"district", pick("Jamalpur,Sherpur"), "category: region"},
		{"national_id", numbers, "identifier: national id"},
		{"phone", func(row int) string { return fmt.Sprintf("0171 %07d", row*7919%10000000) }, "phone: phone"},
		{"email", func(row int) string { return fmt.Sprintf("%s%d@example.org", given(row), row) }, "email: email"},
		{"x9", func(row int) string { return fmt.Sprintf("u%d@example.org", row) }, "email: email"},
		{"postcode", func(row int) string { return fmt.Sprint(2000 + row%60) }, "postcode: postcode"},
		{"house_no", func(row int) string { return fmt.Sprint(1 + row%90) }, "house_number: house number"},
		{"address_1", func(row int) string { return fmt.Sprintf("%s road %d", place(row), row%30) }, "address: address1"},
		{"occupation", pick("farmer,weaver,teacher,none"), "text: occupation"},
		{"country", func(int) string { return "BD" }, "ignore:"},
		{"empty", func(int) string { return "" }, "ignore:"},
		{"remarks", func(row int) string { return fmt.Sprintf("seen by officer number %d at home", row) }, "ignore: status"},
		{"x10", func(row int) string { return fmt.Sprint(row * row * 31 % 9973) }, "ignore: number"},
		{"household_id", func(row int) string { return fmt.Sprintf("H%d", row/4) }, "ignore: household"},
	} {
		// Beside a key, so that a complete column without repeats is not taken for one.
		file := &table{}
		file.add("record_id", func(row int) string { return fmt.Sprintf("R%04d", row) })
		file.add(c.header, c.value)
		guesses := file.guess()
		if got := holds(guesses[1]); got != c.want {
			t.Errorf("%s was taken for %q, want %q (%s)", c.header, got, c.want, guesses[1].Why)
		}
		if guesses[0].Kind != Key {
			t.Errorf("beside %s the column record_id was taken for %q", c.header, holds(guesses[0]))
		}
		if guesses[1].Why == "" {
			t.Errorf("%s: no reason given", c.header)
		}
	}
}

func TestRepeatedColumnsCountOnce(t *testing.T) {
	file := &table{}
	file.add("id", func(row int) string { return fmt.Sprint(row + 1) })
	file.add("first_name", given)
	file.add("surname", family)
	file.add("full_name", func(row int) string { return given(row) + " " + family(row) })
	file.add("surname_again", family)
	file.add("dob", born)
	file.add("age", func(row int) string { return fmt.Sprint(2020 - 1930 - row*13%80) })
	var got []string
	for _, g := range file.guess() {
		got = append(got, g.Column+" "+string(g.Kind))
	}
	want := []string{"id key", "first_name given_name", "surname family_name", "full_name ignore", "surname_again ignore", "dob date", "age ignore"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("columns (-want +got):\n%s", diff)
	}
}

func TestPairs(t *testing.T) {
	deaths := &table{}
	deaths.add("registration_no", func(row int) string { return fmt.Sprintf("D-%05d", row) })
	deaths.add("date_of_death", recent)
	deaths.add("deceased_given_name", given)
	deaths.add("deceased_family_name", family)
	deaths.add("sex", sexes)
	deaths.add("date_of_birth", born)
	deaths.add("mother_name", func(row int) string { return full(row + 5) })
	deaths.add("nid", numbers)
	deaths.add("village", place)
	roster := &table{}
	roster.add("member_id", func(row int) string { return fmt.Sprintf("M%05d", row) })
	roster.add("apellido", family)
	roster.add("nombres", given)
	roster.add("gender", pick("male,female"))
	roster.add("enrolled_on", recent)
	roster.add("dob", born)
	roster.add("mother_first_name", func(row int) string { return given(row + 5) })
	roster.add("mother_last_name", func(row int) string { return family(row + 5) })
	roster.add("national_id", numbers)
	roster.add("city", place)
	roster.add("phone", func(row int) string { return fmt.Sprintf("0171 %07d", row*7919%10000000) })
	want := []model.Comparison{
		{Name: "given_name", Left: "deceased_given_name", Right: "nombres", Kind: model.GivenName},
		{Name: "family_name", Left: "deceased_family_name", Right: "apellido", Kind: model.FamilyName, Shared: true},
		{Name: "sex", Left: "sex", Right: "gender", Kind: model.Category},
		{Name: "birth", Left: "date_of_birth", Right: "dob", Kind: model.Date},
		{Name: "mother_name", Left: "mother_name", Right: "mother_first_name + mother_last_name", Kind: model.FullName, Shared: true},
		{Name: "nid", Left: "nid", Right: "national_id", Kind: model.Identifier},
		{Name: "place", Left: "village", Right: "city", Kind: model.Place, Shared: true},
	}
	if diff := cmp.Diff(want, Pairs(deaths.guess(), roster.guess(), nil)); diff != "" {
		t.Errorf("comparisons (-want +got):\n%s", diff)
	}
}

// TestWholeNames: a whole name meets the columns of its parts in the order of the country,
// with the father's where it is a part of his children's names.
func TestWholeNames(t *testing.T) {
	vietnam := strings.Fields("family middle given")
	ethiopia := strings.Fields("title given father grandfather")
	malaysia := strings.Fields("title given father")
	father := func(row int) string { return given(row + 5) }
	grandfather := func(row int) string { return given(row + 7) }
	column := map[string]func(int) string{
		"first_name": given, "last_name": family, "middle_name": func(row int) string { return given(row + 4) },
		"father_name": father, "grandfather_name": grandfather,
		"name":    func(row int) string { return given(row) + " " + father(row) },
		"two":     func(row int) string { return given(row) + " " + family(row) },
		"three":   func(row int) string { return family(row) + " " + given(row+4) + " " + given(row) },
		"lineage": func(row int) string { return given(row) + " " + father(row) + " " + grandfather(row) },
	}
	file := func(whole string, headers ...string) []Guess {
		f := &table{}
		f.add("no", func(row int) string { return fmt.Sprintf("R%04d", row) })
		if whole != "" {
			f.add("full_name", column[whole])
		}
		for _, h := range headers {
			f.add(h, column[h])
		}
		return f.guess()
	}
	for _, c := range []struct {
		left, right []Guess
		parts       []string
		want        string
	}{
		{file("two"), file("", "first_name", "last_name"), nil, "full_name: full_name = first_name + last_name"},
		{file("two"), file("", "first_name", "middle_name", "last_name"), nil, "full_name: full_name = first_name + last_name"},
		{file("three"), file("", "first_name", "middle_name", "last_name"), nil, "full_name: full_name = first_name + middle_name + last_name"},
		{file("three"), file("", "first_name", "middle_name", "last_name"), vietnam, "full_name: full_name = last_name + middle_name + first_name"},
		{file("", "first_name", "middle_name", "last_name"), file("three"), vietnam, "full_name: last_name + middle_name + first_name = full_name"},
		{file("lineage"), file("", "first_name", "father_name", "grandfather_name"), ethiopia, "full_name: full_name = first_name + father_name + grandfather_name"},
		{file("name"), file("", "first_name", "father_name", "grandfather_name"), ethiopia, "full_name: full_name = first_name + father_name"},
		{file("lineage"), file("", "first_name", "father_name", "grandfather_name"), nil, "full_name: full_name = first_name"},
		{file("lineage"), file("name", "father_name"), ethiopia, "full_name: full_name = full_name"}, // there already
		{file("lineage"), file("name", "grandfather_name"), ethiopia, "full_name: full_name = full_name + grandfather_name"},
		{file("", "first_name", "last_name"), file("", "first_name", "father_name"), malaysia, "given_name: first_name = first_name; family_name: last_name = father_name"},
		{file("", "first_name", "last_name"), file("", "first_name", "father_name"), nil, "given_name: first_name = first_name"},
	} {
		var got []string
		for _, p := range Pairs(c.left, c.right, c.parts) {
			got = append(got, fmt.Sprintf("%s: %s = %s", p.Name, p.Left, p.Right))
		}
		if got := strings.Join(got, "; "); got != c.want {
			t.Errorf("%v: %s, want %s", c.parts, got, c.want)
		}
	}
}

// A column that names the father of one and the husband of another is compared
// with its like, and with no father's or husband's name.
func TestFatherOrHusband(t *testing.T) {
	file := func(headers ...string) []Guess {
		f := &table{}
		f.add("no", func(row int) string { return fmt.Sprintf("R%04d", row) })
		f.add("name", full)
		for i, h := range headers {
			f.add(h, func(row int) string { return full(row + 5 + i) })
		}
		return f.guess()
	}
	one := model.Comparison{Name: "full_name", Left: "name", Right: "name", Kind: model.FullName}
	roster := file("Father/Husband Name")
	if diff := cmp.Diff([]model.Comparison{one}, Pairs(file("father_name", "spouse_name"), roster, nil)); diff != "" {
		t.Errorf("comparisons (-want +got):\n%s", diff)
	}
	like := model.Comparison{Name: "father_or_spouse_name", Left: "S/o W/o", Right: "Father/Husband Name", Kind: model.FullName, Shared: true}
	if diff := cmp.Diff([]model.Comparison{one, like}, Pairs(file("S/o W/o"), roster, nil)); diff != "" {
		t.Errorf("comparisons (-want +got):\n%s", diff)
	}
}

func TestDeathIsNotBirth(t *testing.T) {
	left, right := &table{}, &table{}
	left.add("date_of_death", recent)
	left.add("name", full)
	right.add("date_of_birth", born)
	right.add("name", full)
	for _, c := range Pairs(left.guess(), right.guess(), nil) {
		if c.Kind == model.Date {
			t.Errorf("%s is compared with %s", c.Left, c.Right)
		}
	}
}

// TestAreaCodes: the codes of official areas, the larger area first, are places
// however many there are, and however few of a short file come twice.
func TestAreaCodes(t *testing.T) {
	var file table
	file.add("area", func(row int) string { return fmt.Sprintf("2002%04d", row%80) })
	file.add("geocode", func(row int) string { return fmt.Sprintf("BD%06d", 1000+row*7%90) })
	file.add("upazila code", func(row int) string { return fmt.Sprintf("%d", 600+row*11%75) })
	file.add("area code", func(row int) string { return fmt.Sprintf("%09d", row*7919) })
	var got []string
	for _, g := range file.guess() {
		got = append(got, holds(g))
	}
	want := []string{"postcode: place", "postcode: place", "postcode: place", "postcode: place"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestHeadersGoBeforeVagueValues: ten digits can be anything. Where a header says what they
// are, or says something that is no telephone, they are not taken for one.
func TestHeadersGoBeforeVagueValues(t *testing.T) {
	digits := func(row int) string { return fmt.Sprint(2_000_000_000 + row*5/6*7_919_133) } // some come twice
	dialled := func(row int) string { return "0" + digits(row) }
	for _, c := range []struct {
		header string
		value  func(int) string
		want   string
	}{
		{"area_code", digits, "postcode: place"},
		{"Village Code", digits, "postcode: place"},
		{"ward_code", dialled, "postcode: place"},
		{"उपजिल्ला कोड", digits, "ignore: key"},
		{"जिला कोड", digits, "postcode: place"},
		{"গ্রাম কোড", digits, "postcode: place"},
		{"mã xã", digits, "postcode: place"},
		{"รหัสตำบล", digits, "postcode: place"},
		{"birth place code", digits, "postcode: birth place"},
		{"account_no", digits, "ignore: key"},
		{"receipt number", dialled, "ignore: key"},
		{"serial_no", digits, "ignore: key"},
		{"নিবন্ধন নম্বর", dialled, "ignore: key"},
		{"name", digits, "ignore: number"},
		{"khatian", digits, "ignore: number"},
		{"khatian", dialled, "phone: phone"},
		{"column 2", digits, "phone: phone"},
		{"mobile", digits, "phone: phone"},
		{"cell", digits, "phone: phone"},
		{"whatsapp_no", digits, "phone: phone"},
		{"सम्पर्क नं", digits, "phone: phone"},
		{"nomor telepon", digits, "phone: phone"},
		{"số điện thoại liên hệ", digits, "phone: phone"},
	} {
		var file table
		file.add("record_id", func(row int) string { return fmt.Sprintf("R%04d", row) })
		file.add(c.header, c.value)
		if g := file.guess()[1]; holds(g) != c.want {
			t.Errorf("%s of %s was taken for %q, want %q (%s)", c.header, c.value(7), holds(g), c.want, g.Why)
		}
	}
}

// TestAreasOfFewAndMany: a district is one of a few kinds in a month's deaths and one of
// many in the roster of a country; its code likewise.
func TestAreasOfFewAndMany(t *testing.T) {
	district := func(areas int) func(int) string {
		return func(row int) string { return "Zila " + strings.Repeat(string(rune('a'+row%areas%26)), 1+row%areas/26) }
	}
	code := func(areas int) func(int) string {
		return func(row int) string { return fmt.Sprint(1001000 + row%areas) }
	}
	file := func(areas int, headers ...string) []Guess {
		var f table
		f.add("no", func(row int) string { return fmt.Sprintf("R%04d", row) })
		f.add(headers[0], district(areas))
		f.add(headers[1], code(areas))
		return f.guess()
	}
	for _, c := range []struct{ few, many []Guess }{
		{file(20, "district", "area_code"), file(90, "district", "area_code")},
		{file(20, "district", "district code"), file(90, "upazila", "geocode")},
	} {
		for _, pairs := range [][]model.Comparison{Pairs(c.few, c.many, nil), Pairs(c.many, c.few, nil)} {
			if len(pairs) != 2 || pairs[0].Kind != model.Place || pairs[1].Kind != model.Postcode {
				t.Errorf("compared: %v", pairs)
			}
		}
	}
}

// TestCardNumbers: numbers that countries give to persons are identity numbers by what
// they are called there; what is as short as a row's number is none.
func TestCardNumbers(t *testing.T) {
	var file table
	file.add("id", func(row int) string { return fmt.Sprint(row + 1) })
	headers := strings.Split("citizenship|Citizenship No.|nagarikta|NRIC|PhilSys|PSN|fayda|Maisha Namba|id_number|ID No|nid_number|birth_registration_number", "|")
	for i, h := range headers {
		file.add(h, func(row int) string { return fmt.Sprint(20_000_000 + (row*len(headers)+i)*7919) })
	}
	file.add("id_number 2", func(row int) string { return fmt.Sprintf("%05d", row*7) })
	got := file.guess()
	for i, h := range headers {
		if got[i+1].Kind != model.Identifier {
			t.Errorf("%s is taken for %s", h, holds(got[i+1]))
		}
	}
	if last := got[len(got)-1]; last.Kind == model.Identifier {
		t.Error("a number of five digits is an identity number")
	}
}

// TestWrongDates: a column that is called a date is one, though no calendar has half of
// its days; without the header it is not.
func TestWrongDates(t *testing.T) {
	day := func(row int) string {
		if row%2 == 0 {
			return fmt.Sprintf("31 ก.พ. %d", 2500+row%60)
		}
		return fmt.Sprintf("%d มี.ค. %d", 1+row%28, 2500+row%60)
	}
	var file table
	file.add("วันเกิด", day)
	file.add("column 2", day)
	got := file.guess()
	if holds(got[0]) != "date: birth" || got[1].Kind == model.Date {
		t.Errorf("with a header %s, without %s", holds(got[0]), holds(got[1]))
	}
}

func TestMiddleNameMeetsInitial(t *testing.T) {
	left, right := &table{}, &table{}
	left.add("first_name", given)
	left.add("middle_name", func(row int) string { return given(row + 4) })
	left.add("last_name", family)
	right.add("first_name", given)
	right.add("middle_initial", func(row int) string { return given(row + 4)[:1] })
	right.add("last_name", family)
	got := Pairs(left.guess(), right.guess(), nil)
	want := []model.Comparison{
		{Name: "given_name", Left: "first_name", Right: "first_name", Kind: model.GivenName},
		{Name: "family_name", Left: "last_name", Right: "last_name", Kind: model.FamilyName, Shared: true},
		{Name: "middle_name", Left: "middle_name", Right: "middle_initial", Kind: model.Category},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("comparisons (-want +got):\n%s", diff)
	}
}

// Whatever a file holds, each column gets one guess, and a comparison names
// columns that are there.
func TestAnyFile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		columns := rapid.IntRange(1, 8).Draw(t, "columns")
		rows := rapid.IntRange(0, 20).Draw(t, "rows")
		var names []string
		var values [][]string
		for i := range columns {
			names = append(names, fmt.Sprintf("%s%d", rapid.StringMatching(`[a-zA-Z_ é]{0,12}`).Draw(t, "name"), i))
			values = append(values, rapid.SliceOfN(rapid.String(), rows, rows).Draw(t, "values"))
		}
		guesses := Columns(names, func(col int) []string { return values[col] }, nil)
		if len(guesses) != columns {
			t.Fatalf("%d guesses for %d columns", len(guesses), columns)
		}
		taken := map[string]bool{}
		for _, c := range append(Alone(guesses), Pairs(guesses, guesses, nil)...) {
			for part := range strings.SplitSeq(c.Left, Joint) {
				found := false
				for _, n := range names {
					found = found || n == part
				}
				if !found {
					t.Fatalf("a comparison names the column %q", part)
				}
			}
		}
		for _, c := range Alone(guesses) {
			if taken[c.Name] {
				t.Fatalf("two comparisons are called %q", c.Name)
			}
			taken[c.Name] = true
		}
	})
}

const datasets = "../../../shared/datasets"

// readTable reads the header and the first rows of a CSV file.
func readTable(t *testing.T, file string, rows int) ([]string, func(int) []string) {
	t.Helper()
	f, err := os.Open(filepath.Join(datasets, file))
	if os.IsNotExist(err) {
		t.Skipf("left out: labelled files that lie beside the project, in %s, are not there", datasets)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	header, err := r.Read()
	if err != nil {
		t.Fatal(err)
	}
	columns := make([][]string, len(header))
	for range rows {
		row, err := r.Read()
		if err != nil {
			break
		}
		for i := range header {
			columns[i] = append(columns[i], row[i])
		}
	}
	return header, func(col int) []string { return columns[col] }
}

// Files of other people, with the kinds that their columns hold by their makers'
// own words.
func TestPublicFiles(t *testing.T) {
	for _, c := range []struct{ file, want string }{
		{"births_deaths_roster/deaths.csv", "key ignore given_name family_name category date date"},
		{"births_deaths_roster/sp_roster_2020.csv", "key ignore ignore given_name given_name family_name category date ignore category house_number address house_number ignore ignore ignore"},
		{"febrl4/a.csv", "key given_name family_name house_number address address place postcode category date identifier ignore"},
		{"clkhash_dirty_1000/a.csv", "key ignore given_name family_name house_number address address place postcode category date house_number phone identifier ignore"},
		{"opencr_uganda/records.csv", "key category date given_name family_name phone identifier identifier ignore"},
		{"splink_fake_1000/records.csv", "key given_name family_name date place email ignore"},
		{"historical_50k/records.csv", "key ignore ignore ignore given_name family_name date place postcode category text"},
	} {
		names, sample := readTable(t, c.file, 10000)
		var got []string
		for _, g := range Columns(names, sample, nil) {
			got = append(got, string(g.Kind))
		}
		if diff := cmp.Diff(strings.Fields(c.want), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.file, diff)
		}
	}
}

// TestMoreColumnsThanFit: what tells least is left out and said.
func TestMoreColumnsThanFit(t *testing.T) {
	file := &table{}
	file.add("id", func(row int) string { return fmt.Sprintf("R%04d", row*7919%10007) })
	file.add("first_name", given)
	file.add("surname", family)
	file.add("dob", born)
	for i := range 30 {
		file.add(fmt.Sprintf("region_%d", i), func(row int) string { return fmt.Sprint("area ", (row+row/(i+2)+row/17)%(3+i)) })
	}
	guesses := file.guess()
	comparisons := Alone(guesses)
	bits := 0.0
	for _, c := range comparisons {
		ladder, err := model.NewLadder(c)
		if err != nil {
			t.Fatal(err)
		}
		bits += math.Log2(float64(len(ladder.Names) + 1))
	}
	if bits > 62 || len(comparisons) < 15 {
		t.Errorf("%d comparisons take %.1f bits of 63", len(comparisons), bits)
	}
	if comparisons[0].Left != "first_name" || comparisons[1].Left != "surname" {
		t.Errorf("names were left out: %v", comparisons)
	}
	if i := slices.IndexFunc(guesses, func(g Guess) bool { return strings.HasPrefix(g.Why, "too many columns") }); i < 0 {
		t.Error("nothing says what was left out")
	}
}

// TestDatesOfWhichNoneCanBeReadAreDates: a header that says date of birth holds for values
// with numbers, whatever they look like; one that says birth alone does not.
func TestDatesOfWhichNoneCanBeReadAreDates(t *testing.T) {
	impossible := func(row int) string { return fmt.Sprintf("%d/%d/2527", 32+row%60, 13+row%40) }
	words := func(row int) string {
		return fmt.Sprintf("the %dth of the tenth moon of the year %d", row%28, 1300+row%60)
	}
	for _, c := range []struct {
		header string
		value  func(int) string
		want   string
	}{
		{"date_of_birth", impossible, "date: birth"},
		{"วันเกิด", impossible, "date: birth"},
		{"dob", words, "date: birth"},
		{"date_of_death", words, "date: death"},
		{"date_of_birth", place, "not a date"},
		{"birth weight", func(row int) string { return fmt.Sprint(2500 + row*17%900) }, "not a date"},
		{"birth_registration_number", numbers, "identifier: birth registration number"},
		{"place_of_birth", place, "place: birth place"},
	} {
		file := &table{}
		file.add("id", func(row int) string { return fmt.Sprint(row) })
		file.add("name", full)
		file.add(c.header, c.value)
		if got := holds(file.guess()[2]); got != c.want && (c.want != "not a date" || strings.HasPrefix(got, "date")) {
			t.Errorf("%s is taken for %q, want %q", c.header, got, c.want)
		}
	}
}
