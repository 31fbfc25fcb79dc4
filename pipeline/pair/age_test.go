package pair

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"rollcall/matchers/model"
	"rollcall/matchers/recognise"
	"rollcall/pipeline/standardise"
)

// columnOf encodes values as they are read from a file.
func columnOf(name string, values ...string) Column {
	c := Column{Name: name, Values: []string{""}}
	codes := map[string]uint32{"": 0}
	for _, v := range values {
		if _, ok := codes[v]; !ok {
			codes[v] = uint32(len(c.Values))
			c.Values = append(c.Values, v)
		}
		c.Codes = append(c.Codes, codes[v])
	}
	return c
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
	side := &Side{Table: table, Guesses: recognise.Columns(table.names(), table.sample())}
	column := side.elseAge("dob")
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
	form := normaliser(model.Date, c, c)
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
	guesses := recognise.Columns(table.names(), table.sample())
	if g := guesses[1]; !g.Compared() {
		t.Errorf("the age was left out: %s", g.Why)
	}
	if got := (&Side{Table: table, Guesses: guesses}).elseAge("dob"); got != "dob" {
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
		if got := readDate(standardise.Dates{}, written); got != want {
			t.Errorf("%q became %q, want %q", written, got, want)
		}
	}
}
