package profile

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"rollcall/matchers/dictionary"
	"rollcall/matchers/locale"
	"rollcall/matchers/locale/identifier"
	"rollcall/pipeline/pair"
)

// column makes a column of values, "" for none.
func column(name string, values ...string) pair.Column {
	d := dictionary.New()
	c := pair.Column{Name: name}
	for _, v := range values {
		c.Codes = append(c.Codes, d.Code(v))
	}
	c.Values = d.Values()
	return c
}

// of profiles columns of one length.
func of(t *testing.T, columns ...pair.Column) *Report {
	t.Helper()
	table := &pair.Table{Name: "file", Columns: columns}
	if len(columns) > 0 {
		table.Rows = len(columns[0].Codes)
	}
	r, err := Of(context.Background(), table, Options{AsOf: time.Date(2026, 8, 31, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// repeat is n values, made one by one.
func repeat(n int, value func(i int) string) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = value(i)
	}
	return out
}

// holds that findings have the words, or with a leading ! that none has.
func holds(t *testing.T, r *Report, words ...string) {
	t.Helper()
	var b strings.Builder
	r.Print(&b, false)
	_, all, _ := strings.Cut(b.String(), "worst first:")
	for _, w := range words {
		without, not := strings.CutPrefix(w, "!")
		if strings.Contains(all, without) == not {
			t.Errorf("findings hold %q: %v, in\n%s", without, !not, b.String())
		}
	}
}

// birthdays are days of people of 1 to 80 years, none oftener than others.
func birthdays(seed uint64) func(int) string {
	random := rand.New(rand.NewPCG(seed, 1))
	return func(int) string {
		return time.Date(1946+random.IntN(80), 1, 1+random.IntN(365), 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
	}
}

func TestDaysOfBirth(t *testing.T) {
	even := birthdays(1)
	holds(t, of(t, column("date_of_birth", repeat(3000, even)...)), "!1 January", "!heaped", "!may come first", "!not exist")

	even = birthdays(2)
	r := of(t, column("date_of_birth", repeat(3000, func(i int) string {
		if i%4 == 0 {
			return fmt.Sprintf("%d-01-01", 1950+i%70)
		}
		return even(i)
	})...))
	holds(t, r, "look  date_of_birth: 7", "on 1 January", "they are read as the year alone")
	if d := r.Columns[0].Dates.Defaults; len(d) != 1 || d[0].Rows < 750 || d[0].Month != time.January || d[0].Day != 1 {
		t.Errorf("default days %v", d)
	}

	even = birthdays(3)
	holds(t, of(t, column("date_of_birth", repeat(3000, func(i int) string {
		if i%10 == 0 {
			return even(i)[:8] + "15"
		}
		return even(i)
	})...)), "on day 15 of a month", "!1 January")
}

// A column of Bikram Sambat is read by it.
func TestOtherCalendar(t *testing.T) {
	random := rand.New(rand.NewPCG(8, 1))
	r := of(t, column("date_of_birth", repeat(1000, func(int) string {
		return fmt.Sprintf("%d-%02d-%02d", 2000+random.IntN(80), 1+random.IntN(12), 1+random.IntN(29))
	})...))
	holds(t, r, "know  date_of_birth: 1,000 rows (100.0%): of another calendar than the Gregorian (Bikram Sambat 1,000)", "!born after")
	if d := r.Columns[0].Dates; d.FirstYear != 1943 || d.LastYear != 2022 {
		t.Errorf("years %d to %d", d.FirstYear, d.LastYear)
	}
}

func TestTelephones(t *testing.T) {
	r := of(t, column("phone", repeat(400, func(i int) string {
		switch {
		case i == 0:
			return "0000000"
		case i == 1:
			return "+880199"
		case i < 40:
			return "+8801712345678"
		case i%2 == 0:
			return fmt.Sprintf("+88017%08d", 11111111+i*7919)
		}
		return fmt.Sprintf("017%08d", 11111111+i*7919)
	})...))
	holds(t, r, "1 row (0.2%): it stands for a number that is not known", "38 rows (9.5%): one number that more than 10 rows have")
	if p := r.Columns[0].Phones; p.Country != "BD" || p.Right != 398 {
		t.Errorf("telephones of %q, %d right", p.Country, p.Right)
	}
}

// Ages rounded in 2020 show in the years of birth.
func TestYearsOfBirthAreHeaped(t *testing.T) {
	even := birthdays(4)
	r := of(t, column("date_of_birth", repeat(4000, func(i int) string {
		if i%3 == 0 {
			return fmt.Sprintf("%d-%s", 2020-(20+5*(i%8)), even(i)[5:])
		}
		return even(i)
	})...))
	holds(t, r, "as if rounded ages had been told in 2020 or 2025")
}

// A day that all dates have is one of the year and not of every month.
func TestOneDateThroughout(t *testing.T) {
	holds(t, of(t, column("start_date", repeat(60, func(int) string { return "2020-01-01" })...)), "on 1 January", "!of a month")
}

// Two default days of one number are none of every month.
func TestTwoDefaultDays(t *testing.T) {
	even := birthdays(9)
	r := of(t, column("date_of_birth", repeat(3000, func(i int) string {
		switch i % 5 {
		case 0:
			return fmt.Sprintf("%d-01-01", 1950+i%70)
		case 1:
			return fmt.Sprintf("%d-07-01", 1950+i%70)
		}
		return even(i)
	})...))
	holds(t, r, "on 1 January (2", "and 1 July (2", "!day 1 of a month")
}

func TestOrderOfDayAndMonth(t *testing.T) {
	holds(t, of(t, column("date_of_birth", repeat(100, func(i int) string { return fmt.Sprintf("%02d/%02d/%d", 1+i%12, 1+i%11, 1940+i%70) })...)),
		"act   date_of_birth: 89 rows", "no date of the column tells which")
	holds(t, of(t, column("date_of_birth", repeat(100, func(i int) string {
		if i%2 == 0 {
			return fmt.Sprintf("25/%02d/%d", 1+i%12, 1940+i%70)
		}
		return fmt.Sprintf("%02d/26/%d", 1+i%12, 1940+i%70)
	})...)), "act   date_of_birth: 50 dates can only have the day first, and 50 only the month first")
	holds(t, of(t, column("date_of_birth", repeat(100, func(i int) string { return fmt.Sprintf("%02d/%02d/%d", 1+i%28, 1+i%11, 1940+i%70) })...)),
		"!tells which", "!only the month")
}

func TestDatesThatCannotBe(t *testing.T) {
	even := birthdays(5)
	r := of(t, column("date_of_birth", repeat(1000, func(i int) string {
		switch i {
		case 1:
			return "1981-02-31"
		case 2:
			return "2031-05-06"
		case 3:
			return "1850-05-06"
		case 4:
			return "9999-12-31"
		case 5:
			return "soon"
		case 6:
			return "2503-04-05" // 1960
		}
		return even(i)
	})...))
	holds(t, r, "1 row (0.1%): a day that does not exist", "1 row (0.1%): born after", "1 row (0.1%): born more than 120", "1 row (0.1%): a day that stands for “not known”",
		"1 row (0.1%): no date", "1 row (0.1%): of another calendar than the others, which are Gregorian (the Buddhist era 1)")
}

func TestAges(t *testing.T) {
	random := rand.New(rand.NewPCG(6, 1))
	round := func(i int) string {
		age := 18 + random.IntN(60)
		if i%2 == 0 {
			age = age / 5 * 5
		}
		return fmt.Sprint(age)
	}
	r := of(t, column("name", repeat(1000, func(i int) string { return "Ann " + strings.Repeat("a", 1+i%20) })...), column("age", repeat(1000, round)...))
	holds(t, r, "age: ages are rounded to 0 and 5: Whipple's index is 2", "very rough")
	r = of(t, column("age", repeat(1000, func(int) string { return fmt.Sprint(1 + random.IntN(99)) })...))
	holds(t, r, "!rounded")
	if r.Columns[0].Ages == nil || r.Columns[0].Ages.Known != 1000 {
		t.Errorf("ages %+v", r.Columns[0].Ages)
	}
}

// names are different ones of two words.
func names(i int) string {
	given := strings.Fields("Ann Ben Cora Dan Eva Finn Gita Hari Ines Juan Kofi Lena Maya Noor Olga Paul Rosa Sami Tara Uma")
	family := strings.Fields("Abbot Brown Costa Das Evans Farah Gomez Hasan Iyer Jones Khan Lopez Mensah Nair Okoro Perez Quist Rao Silva Thapa")
	return given[i%len(given)] + " " + family[i/len(given)%len(family)]
}

func TestNames(t *testing.T) {
	odd := map[int]string{
		1: "unknown", 2: "N/A", 3: "xxx", 4: "aaaa", 5: "???", 6: "B", 7: "R0sa Costa", 8: "JosÃ© Silva", 9: "Baby of Ann", 10: "Dan Lopez s/o Paul Lopez",
		11: "Ann\u200bBrown", 12: "Роза Сильва", 13: "Rosa Роза", 14: "#REF!", 15: "Jos\ufffd Costa", 16: "12345",
	}
	r := of(t, column("full_name", repeat(400, func(i int) string {
		if o, ok := odd[i]; ok {
			return o
		}
		return names(i)
	})...))
	holds(t, r, "act   full_name: 2 rows (0.5%): characters were lost", "act   full_name: 1 row (0.2%): errors of a spreadsheet", "3 rows (0.8%): words that stand for nothing (n/a, unknown, xxx)",
		"1 row (0.2%): one letter over and over", "1 row (0.2%): signs and nothing else", "1 row (0.2%): one letter", "1 row (0.2%): digits in a name", "1 row (0.2%): a child without a name yet",
		"1 row (0.2%): "+shownRules[locale.RuleRelation], "1 row (0.2%): "+shownRules[locale.RuleInvisible], "not in Latin letters as the others, but in", "1 row (0.2%): words in two scripts", "1 row (0.2%): a number and no name")
	holds(t, of(t, column("full_name", repeat(400, names)...)), "!full_name")
}

// Who has named the country is not told to name it.
// The scripts of places are told as those of names are.
func TestPlacesInTwoScripts(t *testing.T) {
	c := of(t, column("village", repeat(100, func(i int) string {
		return []string{"Rampur", "Shivpur", "Sonpur", "गोविन्दपुर"}[i%4]
	})...)).Columns[0]
	if got := strings.Join(c.details(), "; "); got != "script: Latin 75.0%, Devanagari 25.0%" {
		t.Errorf("of villages: %s", got)
	}
}

func TestNamesInTwoScripts(t *testing.T) {
	two := column("full_name", repeat(400, func(i int) string {
		if i%4 == 0 {
			return "রহিম উদ্দিন"
		}
		return names(i)
	})...)
	holds(t, of(t, two), "look  full_name: 100 rows (25.0%): not in Latin letters as the others, but in Bengali", "state the country with --locale")
	table := &pair.Table{Name: "file", Rows: 400, Columns: []pair.Column{two}}
	r, err := Of(context.Background(), table, Options{Pack: &locale.Pack{Country: "BD", Title: "Bangladesh", Latin: true}})
	if err != nil {
		t.Fatal(err)
	}
	holds(t, r, "know  full_name: 100 rows (25.0%): not in Latin letters as the others, but in Bengali", "as Bangladesh does", "!--locale")
	if r, err = Of(context.Background(), table, Options{Pack: &locale.Pack{Country: "es", Title: "Spanish names"}}); err != nil {
		t.Fatal(err)
	}
	holds(t, r, "the pack \"Spanish names\" leaves other scripts as they are", "!state the country with")
}

// No value of a record stands in a report.
func TestNoValuesWithoutAsking(t *testing.T) {
	r := of(t, column("full_name", repeat(400, func(i int) string {
		if i%3 == 0 {
			return "Zenobia"
		}
		return names(i)
	})...))
	holds(t, r, "full_name: 134 rows (33.5%): one and the same value")
	var b strings.Builder
	if r.Print(&b, false); strings.Contains(b.String(), "Zenobia") {
		t.Errorf("a value is shown:\n%s", b.String())
	}
	if r.Print(&b, true); !strings.Contains(b.String(), "134  Zenobia") {
		t.Errorf("the values are not shown when they are asked for:\n%s", b.String())
	}
}

// verhoeff completes eleven digits to an Aadhaar number by trying.
func verhoeff(t *testing.T, digits string) string {
	for d := '0'; d <= '9'; d++ {
		if n := digits + string(d); identifier.Verhoeff(n) {
			return n
		}
	}
	t.Fatal("no digit completes the number")
	return ""
}

func TestIdentityNumbers(t *testing.T) {
	numbers := repeat(500, func(i int) string {
		n := verhoeff(t, fmt.Sprintf("%011d", 34567891234+int64(i)*7919))
		switch {
		case i == 1:
			return "4.49E+11"
		case i == 2:
			return "999999999999"
		case i == 3:
			return n[:11] + string('0'+(n[11]-'0'+1)%10)
		case i >= 490:
			return verhoeff(t, "98765123401")
		}
		return n
	})
	r := of(t, column("aadhaar", numbers...), column("full_name", repeat(500, names)...))
	holds(t, r, "1 row (0.2%): wrong check digit", "1 row (0.2%): stands for a number that is not known", "1 row (0.2%): changed by a spreadsheet",
		"10 rows (2.0%): one number that more than 5 rows bear")
	if ids := r.Columns[0].Identifiers; len(ids.Systems) != 1 || ids.Right != 497 {
		t.Errorf("systems %v, right %d", ids.Systems, ids.Right)
	}
}

// A South African number says its bearer's birth and sex: YYMMDD, then 5000 and more
// for men.
func TestNumbersAgainstTheirRecords(t *testing.T) {
	var ids, born, sexes []string
	for i := range 300 {
		day := time.Date(1950+i%50, 1, 1+i%365, 0, 0, 0, 0, time.UTC)
		sex, code := "F", 1000+i
		if i%2 == 0 {
			sex, code = "M", 6000+i
		}
		n := day.Format("060102") + fmt.Sprint(code) + "08"
		for d := '0'; d <= '9'; d++ {
			if identifier.Luhn(n + string(d)) {
				ids = append(ids, n+string(d))
			}
		}
		switch i {
		case 5, 6, 7, 8:
			day = day.AddDate(1, 0, 0)
		case 9:
			sex = "M"
		}
		born, sexes = append(born, day.Format(time.DateOnly)), append(sexes, sex)
	}
	r := of(t, column("national_id", ids...), column("date_of_birth", born...), column("sex", sexes...), column("full_name", repeat(300, names)...))
	holds(t, r, "act   national_id: 4 rows (1.3%): the number says another birth than date_of_birth", "look  national_id: 1 row (0.3%): the number says another sex than sex")
}

func TestCutOffAndRepeated(t *testing.T) {
	even := birthdays(7)
	people := repeat(400, func(i int) string { n := names(i) + " " + names(i*7+3); return n[:min(len(n), 19)] })
	born := repeat(400, even)
	r := of(t, column("full_name", people...), column("date_of_birth", born...), column("id", repeat(400, func(i int) string { return fmt.Sprint("R", 1000+i) })...))
	if r.Repeated != 0 {
		t.Errorf("%d rows are repeated, want none", r.Repeated)
	}
	people[399], born[399] = people[0], born[0]
	people[398], born[398] = people[0], born[0]
	r = of(t, column("full_name", people...), column("date_of_birth", born...), column("id", repeat(400, func(i int) string { return fmt.Sprint("R", 1000+i) })...))
	holds(t, r, "act   2 rows: like an earlier one")
	long := repeat(400, func(i int) string {
		n := names(i) + strings.Repeat(" Ana", i%3*2)
		return n[:min(len(n), 24)]
	})
	holds(t, of(t, column("full_name", long...)), "exactly 24 characters")
	holds(t, of(t, column("full_name", repeat(400, names)...)), "!exactly")
}

// Files that are hardly any are profiled all the same.
func TestHostile(t *testing.T) {
	of(t)
	holds(t, of(t, column("a")), "act   there are no rows")
	of(t, column("a", ""), column("a", "x"), column("", "y"))
	holds(t, of(t, column("empty", repeat(50, func(int) string { return "" })...), column("same", repeat(50, func(int) string { return "x" })...)), "empty: the column is empty", "same: all that are filled have one value")
	blank := make([]pair.Column, 9)
	for i := range blank {
		blank[i] = column(fmt.Sprint("blank", i), "", "")
	}
	holds(t, of(t, append(blank, column("a", "x", "y"))...), "look  9 columns are empty: blank0, blank1, blank2 and 6 more", "!blank3")
	wide := make([]pair.Column, 300)
	for i := range wide {
		wide[i] = column(fmt.Sprint("c", i), repeat(20, func(r int) string { return fmt.Sprint(r*i, "-", r) })...)
	}
	of(t, wide...)
	holds(t, of(t, column("note", repeat(20, func(i int) string { return strings.Repeat("long text ", 1000) + fmt.Sprint(i) })...)), "longer than 500 characters")
	of(t, column("broken", repeat(20, func(i int) string { return "\xff\xfe\x00" + fmt.Sprint(i) })...))
	of(t, column("date_of_birth", repeat(20, func(i int) string { return "31/31/3131" + strings.Repeat("/", i) })...))
}
