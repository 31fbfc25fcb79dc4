package pair

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"rollcall/matchers"
	"rollcall/matchers/dictionary"
	"rollcall/matchers/locale"
	"rollcall/matchers/model"
	"rollcall/matchers/recognise"
)

// columnOf encodes values as they are read from a file.
func columnOf(name string, values ...string) Column {
	known := dictionary.New()
	codes := known.Append(nil, values)
	return Column{Name: name, Codes: codes, Values: known.Values()}
}

// roster is people born over a lifetime, with their ages on a day; every tenth
// date of birth lacks.
func roster(on time.Time) *Table {
	var dates, ages []string
	for i := range 400 {
		born := time.Date(1930+i*13%80, time.Month(1+i%12), 1+i*5%28, 0, 0, 0, 0, time.UTC)
		age := on.Year() - born.Year()
		if on.Before(born.AddDate(age, 0, 0)) {
			age--
		}
		date := born.Format("02/01/2006")
		if i%10 == 0 {
			date = ""
		}
		dates, ages = append(dates, date), append(ages, fmt.Sprint(age))
	}
	return &Table{Name: "roster", Rows: len(dates), Columns: []Column{columnOf("dob", dates...), columnOf("age", ages...)}}
}

func TestAgesStandInForDatesThatLack(t *testing.T) {
	on := time.Date(2021, 6, 15, 0, 0, 0, 0, time.UTC)
	table := roster(on)
	side := &Side{Table: table, Guesses: recognise.Columns(table.names(), table.sample(), nil)}
	column := side.withElse(locale.Neutral(), "dob")
	day, ok := strings.CutPrefix(column, "dob or age on ")
	found, err := time.Parse(time.DateOnly, day)
	if !ok || err != nil || found.After(on) || found.Before(on.AddDate(0, 0, -5)) {
		t.Fatalf("compared is %q; the ages are told for %s, give or take days on which nobody was born", column, on.Format(time.DateOnly))
	}
	c, err := table.written("dob or age on 2021-06-15")
	if err != nil {
		t.Fatal(err)
	}
	// The first lacks a date and is 91: born 1930-01-01, a date that the file does not tell.
	form := normaliser(locale.Neutral(), model.Date, learn(locale.Neutral(), model.Date, c, c))
	if got := form(c.At(0)); got != "1929-06-16/1930-06-15" {
		t.Errorf("the first has %q", got)
	}
	if got := form(c.At(1)); got != "1943-02-06" {
		t.Errorf("the second has %q", got)
	}
	if _, err := table.written("dob or age on June"); err == nil {
		t.Error("a day that is none was taken")
	}
}

func TestAgesThatFollowFromNothing(t *testing.T) {
	table := roster(time.Date(2021, 6, 15, 0, 0, 0, 0, time.UTC))
	var ages []string
	for i := range table.Rows {
		ages = append(ages, fmt.Sprint(20+i*31%47))
	}
	table.Columns[1] = columnOf("age", ages...)
	guesses := recognise.Columns(table.names(), table.sample(), nil)
	if g := guesses[1]; !g.Compared() {
		t.Errorf("the age was left out: %s", g.Why)
	}
	if got := (&Side{Table: table, Guesses: guesses}).withElse(locale.Neutral(), "dob"); got != "dob" {
		t.Errorf("compared is %q, want dob alone", got)
	}
}

func TestDatesWithAWrongDigit(t *testing.T) {
	for written, want := range map[string]string{
		"19711225":   "1971-12-25",
		"1971 1225":  "1971-12-25",
		"19717025":   "1971-70-25", // no month 70: all but one digit are right
		"1971-02-31": "1971-02",
		"31/19/1971": "1971-19-31",
		"1971122":    "",
		"197l1225":   "",
		"12345678":   "", // no year
		"unknown":    "",
	} {
		if got := readDate(locale.Dates{KeepMonth: true}, written); got != want {
			t.Errorf("%q became %q, want %q", written, got, want)
		}
	}
}

func TestTwoDigitYears(t *testing.T) {
	c := columnOf("dob", "9/14/93", "1/7/05", "12/31/2010", "4/5/1960")
	form := normaliser(locale.Neutral(), model.Date, learn(locale.Neutral(), model.Date, c, c))
	for written, want := range map[string]string{"9/14/93": "1993-09-14", "1/7/05": "2005-01-07", "12/31/2010": "2010-12-31"} {
		if got := form(written); got != want {
			t.Errorf("%q became %q, want %q", written, got, want)
		}
	}
}

func TestSexesOfWhichSomeAreUnknown(t *testing.T) {
	c := columnOf("sex", "M", "Male", "F", "U", "Unknown")
	form := normaliser(locale.Neutral(), model.Category, learn(locale.Neutral(), model.Category, c, c))
	for written, want := range map[string]string{"M": "male", "Male": "male", "F": "female", "U": ""} {
		if got := form(written); got != want {
			t.Errorf("%q became %q, want %q", written, got, want)
		}
	}
}

func TestEmailBehindAName(t *testing.T) {
	if got := emailAddress(`"Ann Lee" <Ann@Example.org>`); got != "ann@example.org" {
		t.Errorf("got %q", got)
	}
}

// TestWholeNamesStandIn: where the parts of a name lack and the whole is there, it
// is compared with the others' parts.
func TestWholeNamesStandIn(t *testing.T) {
	var given, family, full []string
	for i := range 200 {
		g, f := fmt.Sprint("Given", string(rune('a'+i%17))), fmt.Sprint("Family", string(rune('a'+i%23)))
		if i%10 == 0 {
			given, family, full = append(given, ""), append(family, ""), append(full, g+" "+f)
		} else {
			given, family, full = append(given, g), append(family, f), append(full, "")
		}
	}
	table := &Table{Rows: 200, Columns: []Column{columnOf("first_name", given...), columnOf("last_name", family...), columnOf("full_name", full...)}}
	side := &Side{Table: table, Guesses: recognise.Columns(table.names(), table.sample(), nil)}
	column := side.withElse(locale.Neutral(), "first_name")
	if column != "first_name or full_name" {
		t.Fatalf("compared is %q", column)
	}
	c, err := table.written(column)
	if err != nil {
		t.Fatal(err)
	}
	if c.At(0) != "Givena Familya" || c.At(1) != "Givenb" {
		t.Errorf("the first two are %q and %q", c.At(0), c.At(1))
	}
}

// Where one file has whole names and the other their parts, a name that stands twice is
// one name in both: who has one name writes it in both parts.
func TestNamesWrittenTwice(t *testing.T) {
	whole := &Table{Rows: 3, Columns: []Column{columnOf("name", "Bat Bat", "Suharto", "Sri Sri Rahayu")}}
	parts := &Table{Rows: 3, Columns: []Column{columnOf("first_name", "Bat", "Suharto", "Sri"), columnOf("last_name", "bat", "SUHARTO", "Sri Rahayu")}}
	spec := []model.Comparison{{Name: "full_name", Left: "name", Right: "first_name + last_name", Kind: model.FullName}}
	left, right := func(c model.Comparison) string { return c.Left }, func(c model.Comparison) string { return c.Right }
	read := func(model.Comparison) string { return "" }
	a, _, errA := encode(whole, parts, locale.Neutral(), spec, left, right, read)
	b, _, errB := encode(parts, whole, locale.Neutral(), spec, right, left, read)
	if err := errors.Join(errA, errB); err != nil {
		t.Fatal(err)
	}
	for row, want := range []string{"bat", "suharto", "sri sri rahayu"} {
		for _, c := range []matchers.Column{a.Columns[0], b.Columns[0]} {
			if got := c.Values.At(c.Codes[row]); got != want {
				t.Errorf("%q is compared, want %q", got, want)
			}
		}
	}
}
