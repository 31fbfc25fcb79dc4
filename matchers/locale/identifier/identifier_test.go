package identifier

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rollcall/matchers/locale"
)

func TestRead(t *testing.T) {
	for _, c := range []struct{ typ, in, value, problem string }{
		{"national_id", "1990-1234-5678", "199012345678", ""},
		{"national_id", "cf 219-274/70", "CF21927470", ""},
		{"national_id", "4.49116E+35", "", ProblemMangled},
		{"national_id", "0000000000", "0000000000", ProblemPlaceholder},
		{"national_id", "9999999", "9999999", ProblemPlaceholder},
		{"national_id", "123456", "123456", ProblemPlaceholder},
		{"national_id", "1234567890123", "1234567890123", ProblemPlaceholder},
		{"national_id", "987654321", "987654321", ProblemPlaceholder},
		{"national_id", "A1", "A1", ProblemLength},
		{"national_id", "unknown", "UNKNOWN", ProblemPlaceholder},
		{"national_id", "", "", ""},
		{"national_id", "২৩৬১৭৮৯০", "23617890", ""},
		{"national_id", "XXXX XXXX 2346", "2346", ProblemMasked},
		{"national_id", "********2346", "2346", ProblemMasked},
		{"aadhaar", "2341 2341 2346", "234123412346", ""},
		{"aadhaar", "2341 2341 2345", "234123412345", ProblemCheckDigit},
		{"aadhaar", "1341 2341 2346", "134123412346", ProblemCheckDigit},
		{"aadhaar", "2341 2341 234A", "23412341234A", ProblemLength},
		{"aadhaar", "2341 2341", "23412341", ProblemLength},
		{"rut", "12.345.678-5", "123456785", ""},
		{"rut", "12.345.678-9", "123456789", ProblemPlaceholder},
		{"rut", "12.345.679-5", "123456795", ProblemCheckDigit},
		{"rut", "10.000.013-K", "10000013K", ""},
		{"other_id", "12.345.679-5", "123456795", ""},
	} {
		n := Read(c.typ, c.in)
		if n.Value != c.value || n.Problem != c.problem {
			t.Errorf("Read(%s, %q) = %q, %q; want %q, %q", c.typ, c.in, n.Value, n.Problem, c.value, c.problem)
		}
	}
}

// What is inside: earliest day of birth within the twentieth and the twenty-first
// century, sex and place.
func TestInside(t *testing.T) {
	for _, c := range []struct{ typ, in, want string }{
		{"bd_nid", "19841592824588424", "1592824588424 1984 1592824"},
		{"bd_nid", "1592824588424", "1592824588424 1592824"},
		{"lk_nic", "853400937V", "198534000937 1985-12-05 male"},
		{"lk_nic", "198534000937", "198534000937 1985-12-05 male"},
		{"lk_nic", "855601234X", "198556001234 1985-03-01 female"}, // 29 February of a year without it,
		{"cnic", "42201-0397640-8", "4220103976408 female 42201"},
		{"nik", "3171015708450001", "3171015708450001 1945-08-17 female 317101"},
		{"kk", "3171011708450001", "3171011708450001 317101"},
		{"mykad", "770305-02-1234", "770305021234 1977-03-05 female 02"},
		{"cccd", "087084000999", "087084000999 1984 male 087"},
		{"cccd", "001305000999", "001305000999 2005 female 001"},
		{"za_id", "750330 5044 08 9", "7503305044089 1975-03-30 male"},
		{"mn_register", "УК03271614", "УК03271614 2003-07-16 male"},
		{"mn_register", "AA 90 11 22 04", "АА90112204 1990-11-22 female"},
		{"ug_nin", "CF8801910A3X4K", "CF8801910A3X4K 1988 female"},
		{"eg_nid", "29001010100016", "29001010100016 1990-01-01 male 01"},
		{"nrc", "12/OuKaMa(Naing)123456", "12/OUKAMA(N)123456"},
		{"nrc", "၁၂/ဥကမ(နိုင်)၁၂၃၄၅၆", "12/OUKAMA(N)123456"},
		{"nrc", "12/UKaMa(N)123456", "12/OUKAMA(N)123456"},
		{"nrc", "12/AaLaNa(N)123456", "12/AHLANA(N)123456"},
		{"nrc", "၁/ဗမန(နိုင်)၀၀၁၂၃၄", "1/BAMANA(N)001234"},
		{"nrc", "1/BhaMaNa(N)001234", "1/BAMANA(N)001234"},
		{"nrc", "၅/ရဘန(နိုင်)၁၂၃၄၅၆", "5/YABANA(N)123456"},
		{"nrc", "5/RaBaNa(N)123456", "5/YABANA(N)123456"},
	} {
		n := Read(c.typ, c.in)
		got := []string{n.Value, n.Birth.Interval(1999).String(), n.Sex, n.Place}
		got = slices.DeleteFunc(got, func(s string) bool { return s == "" })
		if s := strings.Join(got, " "); s != c.want || n.Problem != "" {
			t.Errorf("Read(%s, %q) = %s (%s); want %s", c.typ, c.in, s, n.Problem, c.want)
		}
	}
}

func TestInsideThatCannotBe(t *testing.T) {
	for _, c := range []struct{ typ, in string }{
		{"nik", "3171013002001234"}, // 30 February
		{"nik", "3171017408450001"}, // day 34
		{"mykad", "771305-02-1234"}, // month 13
		{"lk_nic", "198536700937"},  // day 367
		{"lk_nic", "198588800937"},
		{"eg_nid", "49001010100016"}, // century
		{"mn_register", "УК03331614"},
	} {
		if n := Read(c.typ, c.in); n.Problem != ProblemInside || n.Birth.Known || n.Sex != "" {
			t.Errorf("Read(%s, %q) is %q and says %v, %q", c.typ, c.in, n.Problem, n.Birth, n.Sex)
		}
	}
}

func TestContradicts(t *testing.T) {
	date := func(s string) locale.Interval { iv, _ := locale.Dates{}.Read(s); return iv }
	for _, c := range []struct {
		typ, in, born string
		want          bool
	}{
		{"nik", "3171015708450001", "1945-08-17", false},
		{"nik", "3171015708450001", "2045-08-17", false},
		{"nik", "3171015708450001", "1945-08-18", true},
		{"nik", "3171015708450001", "1945", false},
		{"nik", "3171015708450001", "1946", true},
		{"nik", "3171015708450001", "", false},
		{"bd_nid", "19841592824588424", "1984-02-01", false},
		{"bd_nid", "19841592824588424", "1985-02-01", true},
		{"bd_nid", "1592824588424", "1985-02-01", false},
		{"lk_nic", "198507000937", "1985-03-10", false}, // 70 in a year of 366 days
		{"lk_nic", "198507000937", "1985-03-11", false}, // and of 365
		{"lk_nic", "198507000937", "1985-03-13", true},
	} {
		if got := Read(c.typ, c.in).Birth.Contradicts(date(c.born)); got != c.want {
			t.Errorf("%s against a birth of %q: %v", c.in, c.born, got)
		}
	}
}

func TestCard(t *testing.T) {
	for _, c := range []struct{ typ, in, want string }{
		{"aadhaar", "234123412346", "2341 2341 2346"},
		{"rut", "76086428-5", "76.086.428-5"},
		{"rut", "7608642K", "7.608.642-K"},
		{"cnic", "4220103976408", "42201-0397640-8"},
		{"th_pin", "1234545678781", "1-2345-45678-78-1"},
		{"za_id", "7503305044089", "750330 5044 08 9"},
		{"national_id", "12345-1", "123451"},
	} {
		if got := Read(c.typ, c.in).Card(); got != c.want {
			t.Errorf("card of %s = %s, want %s", c.in, got, c.want)
		}
	}
}

func TestLearn(t *testing.T) {
	var right, any []string
	for i := range 200 {
		base := 23412341000 + i*7919
		any = append(any, fmt.Sprint(base*10+i%10))
		for c := range 10 {
			if v := fmt.Sprint(base*10 + c); Verhoeff(v) {
				right = append(right, v)
			}
		}
	}
	learnt := Learn(locale.Neutral(), "", slices.Values(right))
	if got := strings.Join(learnt.Names(), " "); got != "in_aadhaar" {
		t.Errorf("learnt %s from Aadhaar numbers", got)
	}
	if n := learnt.Read("234123410001"); n.WellFormed() != Verhoeff("234123410001") || n.Problem != ProblemCheckDigit {
		t.Errorf("a wrong check digit in a column of right ones: %q", n.Problem)
	}
	if n := learnt.Read("AB1234"); !n.WellFormed() {
		t.Error("a number of another form was refused")
	}
	if got := Learn(locale.Neutral(), "", slices.Values(any)); got != nil {
		t.Errorf("learnt %v from digits that follow no system", got.Names())
	}
}

// No column of random digits follows a system.
func TestNothingIsLearntFromRandomDigits(t *testing.T) {
	next := uint64(1)
	for length := 6; length <= 17; length++ {
		var values []string
		for range 2000 {
			var b strings.Builder
			for range length {
				next = next*6364136223846793005 + 1442695040888963407
				b.WriteByte('0' + byte(next>>60)%10)
			}
			values = append(values, b.String())
		}
		if got := Learn(locale.Neutral(), "", slices.Values(values)); got != nil {
			t.Errorf("%d random digits follow %v", length, got.Names())
		}
	}
}

// Birth registration numbers have seventeen digits as new national numbers have, and
// are not shortened.
func TestSeventeenDigits(t *testing.T) {
	pack := &locale.Pack{Country: "BD"}
	births := []string{"19841592824588424", "19901592824588425", "20011592824588426"}
	if n := Learn(pack, "", slices.Values(births)).Read(births[0]); n.Value != births[0] || n.Type.Name != "bd_brn" {
		t.Errorf("in a column of seventeen digits %s is %s", births[0], n.Value)
	}
	if n := Learn(pack, "NID No.", slices.Values(births)).Read(births[0]); n.Value != "1592824588424" {
		t.Errorf("in a column of national numbers of seventeen digits %s is %s", births[0], n.Value)
	}
	mixed := append(births, "1592824588427")
	if n := Learn(pack, "", slices.Values(mixed)).Read(births[0]); n.Value != "1592824588424" {
		t.Errorf("in a column of both %s is %s", births[0], n.Value)
	}
}

// TestNamedColumns: where a column is called by a system of the country, a number that is
// wrong is told, however few are right; a word of another country's says nothing.
func TestNamedColumns(t *testing.T) {
	numbers := []string{"850712-14-5123", "851312-14-5124", "851332145125"}
	for column, want := range map[string]string{"MyKad": ProblemInside, "no_mykad pemohon": ProblemInside, "number": "", "mykads": ""} {
		if n := Learn(&locale.Pack{Country: "MY"}, column, slices.Values(numbers)).Read(numbers[1]); n.Problem != want {
			t.Errorf("%s: %q, want %q", column, n.Problem, want)
		}
	}
	if got := Learn(&locale.Pack{Country: "ID"}, "No. KK", slices.Values([]string{"3171230101150003"})).Names(); !slices.Equal(got, []string{"id_kk"}) {
		t.Errorf("numbers of family cards are %v", got)
	}
	if got := Learn(&locale.Pack{Country: "IN"}, "mykad", slices.Values(numbers)); got != nil {
		t.Errorf("in another country %v", got.Names())
	}
}

// TestFewNumbers: where the country is stated, a wrong number is told in a column of few
// that is called by a system, as national numbers are, or whose others are right; a column
// that mostly does not fit has no system.
func TestFewNumbers(t *testing.T) {
	const (
		run, wrongRUN         = "12345678-5", "7608642-8"
		aadhaar, wrongAadhaar = "4981 1234 5674", "2341 2341 2347"
		za, zaMonth13         = "750330 5044 08 9", "851301 5009 08 1"
	)
	for _, c := range []struct {
		country, column string
		values          []string
		want            string // systems
	}{
		{"CL", "RUN", []string{wrongRUN}, "cl_run"},
		{"CL", "RUN", []string{wrongRUN, "76086421", "157832941"}, "cl_run"},
		{"CL", "registration", []string{wrongRUN}, ""},
		{"CL", "registration", []string{run, wrongRUN}, ""},
		{"CL", "national id", []string{wrongRUN}, "cl_run"},
		{"CL", "national id", []string{wrongRUN, "76086421"}, ""},
		{"IN", "id_number", []string{wrongAadhaar, aadhaar}, "in_aadhaar"},
		{"IN", "voter", []string{wrongAadhaar, aadhaar, "2341 2341 2346"}, "in_aadhaar"},
		{"IN", "voter", []string{wrongAadhaar, aadhaar, "827364510297"}, ""},
		{"ZA", "id_number", []string{zaMonth13}, "za_id"},
		{"ZA", "number", []string{zaMonth13, za}, "za_id"},
		{"ZA", "number", []string{zaMonth13}, ""},
		{"PK", "id_number", []string{"92201-0397640-8", "42201-0397640-8"}, "pk_cnic"},
		{"NP", "id number", []string{"99-01-72-12345"}, "np_citizenship"},
		{"MN", "national id", []string{"UB99131512"}, "mn_register"},
		{"ID", "id_number", []string{"3171015708450001", "3171013002001234"}, "id_nik"},
		{"ID", "kk", []string{"3171011708450001", "3171013002001234"}, "id_kk"},
		{"BD", "birth registration no", []string{"18001592824588424"}, "bd_brn"},
		{"BD", "nid", []string{"1597824588424", "1577824588424"}, "bd_nid"},
		{"IN", "uin", []string{"5073864218"}, "mosip_uin"},
		{"KE", "number", []string{"1034577"}, "ke_id"},
	} {
		got := strings.Join(Learn(&locale.Pack{Country: c.country}, c.column, slices.Values(c.values)).Names(), " ")
		if got != c.want {
			t.Errorf("%s, %s: %v follow %q, want %q", c.country, c.column, c.values, got, c.want)
		}
	}
	for column, want := range map[string]bool{"RUN": true, "id_no": true, "parcel": false, "cnic": false} {
		if Called(&locale.Pack{Country: "CL"}, column) != want {
			t.Errorf("%s is called by numbers of Chile: %v", column, !want)
		}
	}
	if Called(locale.Neutral(), "id_number") {
		t.Error("no country has national numbers")
	}
	// One in ten of such numbers is right by chance, and nobody's.
	var random []string
	for i := range 300 {
		random = append(random, fmt.Sprint(61234500000+i*7919)+fmt.Sprint(i%10))
	}
	for _, column := range []string{"aadhaar", "id_number", "number"} {
		if got := Learn(&locale.Pack{Country: "IN"}, column, slices.Values(random)); got.Read(random[1]).Problem != "" {
			t.Errorf("%s: random digits follow %v", column, got.Names())
		}
	}
}

// TestRomanisedLetters: letters of Mongolia were romanised where one does not look like
// a Cyrillic one.
func TestRomanisedLetters(t *testing.T) {
	for in, want := range map[string]string{"UB99071512": "УБ99071512", "AB99071512": "АВ99071512", "CH99071512": "СН99071512", "QB99071512": "QB99071512"} {
		if n := Read("mn_register", in); n.Value != want {
			t.Errorf("%s is %s, want %s", in, n.Value, want)
		}
	}
}

func TestNumbersOfMOSIP(t *testing.T) {
	for in, want := range map[string]string{
		"5073 8642 17": "",
		"5073 8642 18": ProblemCheckDigit,
		"1507382640":   ProblemForm, // begins with 1
		"5057382642":   ProblemForm, // 5 again next but one
		"5573826419":   ProblemForm, // 55
		"5123740687":   ProblemForm, // 123
		"5073850728":   ProblemForm, // 507 twice
	} {
		if n := Read("uin", in); n.Problem != want {
			t.Errorf("%s has the problem %q, want %q", in, n.Problem, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{"2341 2341 2346", "12.345.678-5", "4.49E+35", "CM90012345678X", "УК03271614", "၁၂/ဥကမ(နိုင်)၁၂၃၄၅၆", "853400937V", "XXXX 1234", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, ts := range append(singles(), All(), nil) {
			n := ts.Read(s)
			if n.Value == "" && n.WellFormed() {
				t.Errorf("Read(%q) is nothing and well formed", s)
			}
			n.Card()
			n.Birth.Contradicts(n.Birth.Interval(2025))
			if again := ts.Read(n.Value); n.WellFormed() && n.Type == again.Type && (again.Value != n.Value || !again.WellFormed()) {
				t.Errorf("%v: Read(%q) = %q, and of that %q, %q", ts.Names(), s, n.Value, again.Value, again.Problem)
			}
		}
	})
}

func singles() []Types {
	var out []Types
	for _, t := range All() {
		out = append(out, Types{t})
	}
	return out
}

// TestSystem: numbers in normal form are told apart by the systems of their column, as
// are passports among them.
func TestSystem(t *testing.T) {
	aadhaars := Named([]string{"in_aadhaar", "in_vid"})
	bangladesh := Named([]string{"bd_nid", "bd_nid10"})
	for _, c := range []struct {
		systems Types
		written string
		system  uint8
		checked bool
	}{
		{aadhaars, "2341 2341 2346", 1, true},
		{aadhaars, "2341 2341 2347", 1, false},
		{aadhaars, "12345", 0, false},
		{aadhaars, "Z1234567", 3, false},
		{bangladesh, "19841592824588424", 1, false},
		{bangladesh, "1592824588424", 1, false},
		{bangladesh, "241 705 8649", 2, false},
		{bangladesh, "EB0123456", 3, false},
		{bangladesh, "P1234567A", 3, false},
		{bangladesh, "ABC1234567", 0, false},
		{Named([]string{"lk_nic"}), "855420159V", 1, false},
		{Named([]string{"mn_register"}), "УБ94011213", 1, false},
		{Named([]string{"mm_nrc"}), "12/OUKAMA(N)123456", 1, false},
	} {
		system, checked := c.systems.System(c.systems.Read(c.written).Value)
		if system != c.system || checked != c.checked {
			t.Errorf("%s among %v is of system %d, checked %v; want %d, %v", c.written, c.systems.Names(), system, checked, c.system, c.checked)
		}
	}
}

// TestNumbersOfAnotherLengthAreTold: in a column of one system's numbers one of another
// length has lost a digit; where most are of no system it is nobody's business.
func TestNumbersOfAnotherLengthAreTold(t *testing.T) {
	nepal := &locale.Pack{Country: "NP"}
	column := []string{"8312721060", "7427391326", "1490445119", "6635018266", "6769611980", "PA1234567", "372148610", "68435815958", "", "4419665888", "2109909025", "8832711061", "7127391329"}
	ts := Learn(nepal, "nid", slices.Values(column))
	if diff := cmp.Diff([]string{"np_nin"}, ts.Names()); diff != "" {
		t.Fatalf("systems (-want +got):\n%s", diff)
	}
	if !ts.Mostly(false, slices.Values(column[:6])) || !ts.Mostly(true, slices.Values(column)) {
		t.Error("the column is not taken for one of its system's numbers")
	}
	for value, want := range map[string]string{"7427391326": "", "372148610": ProblemLength, "68435815958": ProblemLength, "PA1234567": "", "": ""} {
		if got := ts.ReadAmong(value).Problem; got != want {
			t.Errorf("%q has the problem %q, want %q", value, got, want)
		}
	}
	if mixed := []string{"8312721060", "372148610", "68435815958", "1234", "99887"}; ts.Mostly(true, slices.Values(mixed)) {
		t.Error("a column of which one number in five has the form is taken for one of the system's")
	}
	// Citizenship certificates, of many lengths, in a column that is called otherwise.
	older := Learn(nepal, "nid", slices.Values([]string{"8312721060", "6769611980", "12345", "54321", "76012", "987012"}))
	if diff := cmp.Diff([]string{"np_citizenship", "np_nin"}, older.Names()); diff != "" {
		t.Errorf("systems of both kinds (-want +got):\n%s", diff)
	}
}

func TestNoughtsWithALetterAreAPlaceholder(t *testing.T) {
	for value, want := range map[string]string{"000000000V": ProblemPlaceholder, "A000000": ProblemPlaceholder, "853400937V": "", "A0000": ""} {
		if got := (Types{}).Read(value).Problem; got != want {
			t.Errorf("%s has the problem %q, want %q", value, got, want)
		}
	}
}
