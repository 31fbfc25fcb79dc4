package pair

import (
	"fmt"
	"strings"
	"testing"

	"rollcall/matchers/locale"
	"rollcall/matchers/model"
	"rollcall/matchers/recognise"
)

// numbered is people whose numbers (year, day of the year, women 500 more) say their
// births and sexes; every fifth date of birth lacks, and the wrong ones bear the
// number of the person before them.
func numbered(rows int, wrong ...int) *Table {
	var dates, sexes, numbers []string
	for i := range rows {
		year, day := 1940+i*7%60, 1+i*11%28 // of January
		date := fmt.Sprintf("%d-01-%02d", year, day)
		if i%5 == 4 {
			date = ""
		}
		if i%2 == 1 {
			day += 500
		}
		dates, sexes = append(dates, date), append(sexes, []string{"M", "F"}[i%2])
		numbers = append(numbers, fmt.Sprintf("%d%03d0%04d", year, day, i))
	}
	for _, i := range wrong {
		numbers[i] = numbers[i-1]
	}
	return &Table{Name: "roster", Rows: rows, Columns: []Column{columnOf("dob", dates...), columnOf("sex", sexes...), columnOf("nic", numbers...)}}
}

func TestNumbersStandInForBirthsThatLack(t *testing.T) {
	table := numbered(400)
	side := &Side{Table: table, Guesses: recognise.Columns(table.names(), table.sample(), nil)}
	const want = "dob or the birth in nic"
	if got := side.withElse(locale.Neutral(), "dob"); got != want {
		t.Fatalf("compared is %q", got)
	}
	c, err := table.written(want)
	if err != nil {
		t.Fatal(err)
	}
	if got := c.At(4); got != "1968-01-17" {
		t.Errorf("a birth that lacks is %q", got)
	}
	if got := c.At(3); got != "1961-01-06" {
		t.Errorf("a birth that is there is %q", got)
	}
	if got := strings.Join(table.parts(want), ", "); got != "dob, nic" {
		t.Errorf("made of %s", got)
	}
}

// A number that says another birth and another sex than its row is another's.
func TestNumbersOfOthersAreLeftOut(t *testing.T) {
	spec := []model.Comparison{
		{Name: "birth", Left: "dob", Right: "dob", Kind: model.Date},
		{Name: "sex", Left: "sex", Right: "sex", Kind: model.Category},
		{Name: "number", Left: "nic", Right: "nic", Kind: model.Identifier},
	}
	left := func(c model.Comparison) string { return c.Left }
	encoded := func(table *Table, known string) ([]string, string) {
		t.Helper()
		read := func(c model.Comparison) string {
			if c.Kind == model.Identifier {
				return known
			}
			return ""
		}
		file, readings, err := encode(table, table, locale.Neutral(), spec, left, left, read)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for row, code := range file.Columns[2].Codes {
			if code == 0 {
				out = append(out, fmt.Sprint(row))
			}
		}
		return out, readings[2]
	}
	out, reading := encoded(numbered(400, 7, 12, 14), "")
	if got := strings.Join(out, " "); got != "7 12" { // the birth of 14 is not known
		t.Errorf("left out are the numbers of rows %s", got)
	}
	if reading != "lk_nic birth:0 sex:1" {
		t.Errorf("numbers are read as %q", reading)
	}
	if out, _ := encoded(numbered(20, 7), reading); strings.Join(out, " ") != "7" {
		t.Errorf("by a model that was made: %v", out)
	}
	if out, reading := encoded(numbered(20, 7), ""); len(out) > 0 || reading != noSystem {
		t.Errorf("too few numbers teach nothing, and left out are %v by %q", out, reading)
	}
}
