package locale

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rollcall/matchers/locale/calendar"
)

func TestName(t *testing.T) {
	for _, c := range []struct{ in, want, rules string }{
		{"rahima khatun", "rahima khatun", ""},
		{"  Rahima   KHATUN ", "rahima khatun", "case spaces"},
		{"Md. Abdul Karim", "mohammad abdul karim", "case punctuation spaces variant"},
		{"MOHD ABDUL KARIM", "mohammad abdul karim", "case variant"},
		{"Mst. Rahima Khatoon", "mosammat rahima khatun", "case punctuation spaces variant"},
		{"Late Abdul Hai", "abdul hai", "case honorific"},
		{"Dr. Smt. Sita Devi", "sita devi", "case punctuation spaces honorific"},
		{"Late", "late", "case"},
		{"Haji", "haji", "case"},
		{"Abdul Karim s/o Abdur Rahim", "abdul karim", "case relation"},
		{"s/o Abdur Rahim", "abdur rahim", "case relation"},
		{"O'Brien", "obrien", "case punctuation"},
		{"O’Brien", "obrien", "case punctuation"},
		{"Anne-Marie", "anne marie", "case punctuation"},
		{"José Ñuñez", "jose nunez", "case accents"},
		{"JOSÉ", "jose", "case accents"},
		{"Nguyễn Thị Hoa", "nguyen thi hoa", "case accents"},
		{"Łukasz Straße Ærø", "lukasz strasse aero", "case accents"},
		{"Ra\u200dhima\u00ad", "rahima", "invisible case"},
		{"Ｒａｈｉｍａ", "rahima", "unicode case"},
		{"রহিমা খাতুন", "rahima khatun", "transliterated"},
		{"محمد عبد الله", "mohammad abdullah", "transliterated variant"},
		{"محمـــد", "mohammad", "invisible transliterated variant"},
		{"", "", ""},
		{" - ", "", "punctuation spaces"},
		{"bad\xffbyte", "bad byte", ""},
	} {
		got, rules := Name(c.in)
		if got != c.want {
			t.Errorf("Name(%q) = %q, want %q", c.in, got, c.want)
		}
		if diff := cmp.Diff(c.rules, strings.Join(rules, " ")); diff != "" {
			t.Errorf("rules of %q (-want +got):\n%s", c.in, diff)
		}
	}
}

func TestScript(t *testing.T) {
	for in, want := range map[string]string{
		"Rahima": "Latin", "রহিমা": "Bengali", "महिमा": "Devanagari", "محمد": "Arabic", "สมชาย": "Thai",
		"王小明": "Han", "김": "Hangul", "Абай": "Cyrillic", "123": "", "": "", "রহিমা (R)": "Bengali", "ሀ": "Ethiopic",
	} {
		if got := Script(in); got != want {
			t.Errorf("Script(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestDate(t *testing.T) {
	for _, c := range []struct {
		in        string
		order     Order
		want      string // earliest..latest precision
		mustRules string
	}{
		{"1984-02-29", DayFirst, "1984-02-29..1984-02-29 exact", ""},
		{"29/02/1984", DayFirst, "1984-02-29..1984-02-29 exact", RuleDateForm},
		{"03/04/1984", DayFirst, "1984-04-03..1984-04-03 exact", RuleDateForm},
		{"03/04/1984", MonthFirst, "1984-03-04..1984-03-04 exact", RuleDateForm},
		{"25/04/1984", MonthFirst, "1984-04-25..1984-04-25 exact", RuleDayMonth},
		{"04/25/1984", DayFirst, "1984-04-25..1984-04-25 exact", RuleDayMonth},
		{"5.4.1984", DayFirst, "1984-04-05..1984-04-05 exact", RuleDateForm},
		{"29-Feb-1984", DayFirst, "1984-02-29..1984-02-29 exact", RuleDateForm},
		{"Feb 29, 1984", DayFirst, "1984-02-29..1984-02-29 exact", RuleDateForm},
		{"29Feb1984", DayFirst, "1984-02-29..1984-02-29 exact", RuleDateForm},
		{"3rd March 1984", DayFirst, "1984-03-03..1984-03-03 exact", RuleDateForm},
		{"5 de mayo de 1984", DayFirst, "1984-05-05..1984-05-05 exact", RuleDateForm},
		{"19840229", DayFirst, "1984-02-29..1984-02-29 exact", RuleDateForm},
		{"29021984", DayFirst, "1984-02-29..1984-02-29 exact", RuleDateForm},
		{"1984/2/29", DayFirst, "1984-02-29..1984-02-29 exact", ""},
		{"1984-02", DayFirst, "1984-02-01..1984-02-29 month", ""},
		{"02/1984", DayFirst, "1984-02-01..1984-02-29 month", RuleDateForm},
		{"Feb 1984", DayFirst, "1984-02-01..1984-02-29 month", RuleDateForm},
		{"1984", DayFirst, "1984-01-01..1984-12-31 year", ""},
		{"1984-00-00", DayFirst, "1984-01-01..1984-12-31 year", ""},
		{"1984-05-00", DayFirst, "1984-05-01..1984-05-31 month", ""},
		{"00/05/1984", DayFirst, "1984-05-01..1984-05-31 month", RuleDateForm},
		{"1984-99-99", DayFirst, "1984-01-01..1984-12-31 year", RuleUnknownPart},
		{"1984-01-01", DayFirst, "1984-01-01..1984-12-31 default", RuleDefaultDay},
		{"1984-05-06T00:00:00Z", DayFirst, "1984-05-06..1984-05-06 exact", RuleTimeDropped},
		{"1984-05-06 23:59:59+06", DayFirst, "1984-05-06..1984-05-06 exact", RuleTimeDropped},
		{"১৯৮৪-০৫-০৬", DayFirst, "1984-05-06..1984-05-06 exact", ""},
		{"٠٦/٠٥/١٩٨٤", DayFirst, "1984-05-06..1984-05-06 exact", RuleDateForm},
		{"06/05/2527", DayFirst, "1984-05-06..1984-05-06 exact", RuleCalendar + calendar.Buddhist},
		{"1984-02-30", DayFirst, "unknown", RuleImpossible + calendar.Gregorian},
		{"1900-01-01", DayFirst, "unknown", RulePlaceholder},
		{"0001-01-01", DayFirst, "unknown", RulePlaceholder},
		{"9999-12-31", DayFirst, "unknown", RulePlaceholder},
		{"0000-00-00", DayFirst, "unknown", RulePlaceholder},
		{"1984-13-45", DayFirst, "unknown", RuleImpossible + calendar.Gregorian},
		{"1/2/84", DayFirst, "unknown", RuleTwoDigitYear},
		{"Rahima", DayFirst, "unknown", RuleUnreadable},
		{"12 Main Street 1984", DayFirst, "unknown", RuleUnreadable},
		{"", DayFirst, "unknown", ""},
	} {
		iv, rules := Date(c.in, c.order)
		got := "unknown"
		if iv.Known() {
			got = iv.Earliest.Format(time.DateOnly) + ".." + iv.Latest.Format(time.DateOnly) + " " + iv.Precision
		}
		if got != c.want {
			t.Errorf("Date(%q, %s) = %s, want %s", c.in, c.order, got, c.want)
		}
		if c.mustRules != "" && !slices.Contains(rules, c.mustRules) {
			t.Errorf("Date(%q, %s) names rules %v, want %s among them", c.in, c.order, rules, c.mustRules)
		}
	}
}

func TestDefaultDaysAreConfigured(t *testing.T) {
	iv, _ := Dates{Defaults: []MonthDay{{Month: time.July, Day: 1}}}.Read("1984-07-01")
	if iv.Precision != Default {
		t.Errorf("1 July as a default day has precision %s", iv.Precision)
	}
	iv, _ = Dates{}.Read("1984-01-01")
	if iv.String() != "1984-01-01" {
		t.Errorf("without default days 1 January reads %s", iv)
	}
	iv, _ = Dates{LatestYear: 2025}.Read("1/2/84")
	if iv.String() != "1984-02-01" {
		t.Errorf("1/2/84 before 2025 reads %s", iv)
	}
}

func TestAge(t *testing.T) {
	iv := Age(40, time.Date(2024, 5, 10, 0, 0, 0, 0, time.UTC))
	if got := iv.String(); got != "1983-05-11/1984-05-10" {
		t.Errorf("aged 40 on 2024-05-10: born %s", got)
	}
}

func TestLearnOrder(t *testing.T) {
	for _, c := range []struct {
		values []string
		want   Order
	}{
		{[]string{"01/02/1984", "13/02/1984", "02/05/1990"}, DayFirst},
		{[]string{"01/02/1984", "02/13/1984", "02/05/1990"}, MonthFirst},
		{[]string{"01/02/1984", "02/13/1984", "13/05/1990", "31/12/1999"}, DayFirst},
		{[]string{"1984-12-31"}, DayFirst},
		{nil, DayFirst},
	} {
		if got := LearnOrder(slices.Values(c.values)); got != c.want {
			t.Errorf("order of %v: %s, want %s", c.values, got, c.want)
		}
	}
}

func TestPhone(t *testing.T) {
	for in, want := range map[string]string{
		"01712-345678": "1712345678", "+880 1712 345678": "1712345678", "008801712345679": "1712345679",
		"(02) 9876 5432": "298765432", "+1 702-919-1300": "7029191300", "0000000000": "", "99999999": "",
		"123456789": "", "12345": "", "": "", "none": "", "০১৭১২৩৪৫৬৭৮": "1712345678",
		"01712345678 / 01812345678": "1712345678", "5551234567 x12": "5551234567",
	} {
		if got, _ := Phone(in); got != want {
			t.Errorf("Phone(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestAddress(t *testing.T) {
	for in, want := range map[string]string{
		"12 Main St.": "12 main street", "St. Mary's Rd": "st marys road", "Vill: Rampur, P.O. Sadar": "vill rampur p o sadar",
		"বাড়ি ১২": "bari 12", "সাভার": "sabhar", "": "", "House No. 12, Road No 5": "house 12 road 5", "St 5": "street 5", "No Name Rd": "no name road",
	} {
		if got, _ := Address(in); got != want {
			t.Errorf("Address(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestNumberedAddress: an abbreviation of one letter is a house before a number, and an
// initial elsewhere.
func TestNumberedAddress(t *testing.T) {
	p := Pack{Streets: Neutral().Streets, Numbered: map[string]string{"h": "house", "r": "road", "bari": "house", "nang": "no"}}
	for in, want := range map[string]string{
		"House 12, Road 5": "house 12 road 5", "H-12, R-5": "house 12 road 5", "H# 12 Rd# 5": "house 12 road 5", "H/12, R/5": "house 12 road 5",
		"Hse 12, Md H Rahman Rd": "house 12 md h rahman road", "Khan Bari, H": "khan bari h", "bari nang 12": "house 12",
	} {
		if got, _ := p.Address(in); got != want {
			t.Errorf("Address(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestSex(t *testing.T) {
	for in, want := range map[string]string{
		"M": "male", "F": "female", "Male": "male", "FEMALE": "female", "Mujer": "female", "1": "male", "২": "female",
		"মহিলা": "female", "পুরুষ": "male", "Hijra": "other", "unknown": "", "": "", "9": "", "Laki-laki": "male", "Nữ": "female",
	} {
		if got, _ := Sex(in); got != want {
			t.Errorf("Sex(%q) = %q, want %q", in, got, want)
		}
	}
}

// Printable ASCII and Latin letters with marks take a shorter way to the same form and
// the same rules.
func TestShortWayOfLatinLetters(t *testing.T) {
	signs := strings.Split("a b z A Z 0 9 ' ` . , - ( / ~ !", " ")
	var accents []string
	for r := rune(firstAccented); r <= lastAdditional; r++ {
		if l, _ := accented(string(r)); l.plain != "" {
			accents = append(accents, string(r))
		}
	}
	if len(accents) < 500 {
		t.Fatalf("%d Latin letters with marks", len(accents))
	}
	same := func(t interface{ Errorf(string, ...any) }, s string) {
		var short, long trail
		bytes, _, ok := short.simple(nil, s, &watch{})
		want := long.words(long.letters(s))
		if got := string(bytes); !ok || got != want || !slices.Equal(short.rules, long.rules) {
			t.Errorf("%q becomes %q by %q, and %q by %q in steps", s, got, short.rules, want, long.rules)
		}
	}
	for _, s := range accents {
		same(t, s)
	}
	rapid.Check(t, func(t *rapid.T) {
		same(t, strings.Join(rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(signs), rapid.SampledFrom(accents), rapid.Just(" ")), 0, 12).Draw(t, "signs"), ""))
	})
}

func BenchmarkName(b *testing.B) {
	for _, s := range []string{"Nguyen Thi Lan", "rahima", "Md. Abdul Karim", "Nguyễn Thị Lan", "রহিমা খাতুন"} {
		b.Run(s, func(b *testing.B) {
			for b.Loop() {
				Name(s)
			}
		})
	}
}
