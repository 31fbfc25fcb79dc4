package pair

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"rollcall/matchers/locale"
	"rollcall/matchers/locale/calendar"
	"rollcall/matchers/model"
)

// One register writes Bikram Sambat, the other Gregorian years. Each could be the
// other by its years; the people that both have tell.
func TestColumnsOfTwoCalendars(t *testing.T) {
	bikram, _ := calendar.Named(calendar.BikramSambat)
	gregorian, _ := calendar.Named(calendar.Gregorian)
	first, _ := gregorian.Day(calendar.Date{Year: 1957, Month: 1, Day: 1})
	rng := rand.New(rand.NewPCG(1, 1))
	write := func(c calendar.Calendar, day int) string {
		d, _ := c.Date(day)
		return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
	}
	var left, right []string
	for range 40 { // the old, born 1957 to 1966
		day := first + rng.IntN(10*365)
		left, right = append(left, write(bikram, day)), append(right, write(gregorian, day))
	}
	nepal := &locale.Pack{Calendars: []string{calendar.BikramSambat, calendar.Gregorian}}
	a, b := columnOf("born", left...), columnOf("birth", right...)
	for _, c := range []struct {
		what, got, want string
	}{
		{"Bikram Sambat", learn(nepal, model.Date, a, b), "bikram gregorian"},
		{"Gregorian", learn(nepal, model.Date, b, a), "gregorian bikram"},
		{"both Bikram Sambat", learn(nepal, model.Date, a, a), "bikram gregorian"},
		{"both Gregorian", learn(nepal, model.Date, b, b), "gregorian bikram"}, // some days are in no month of Bikram Sambat
	} {
		if !strings.Contains(c.got, "; calendars "+c.want) {
			t.Errorf("%s is read %q, want calendars %s", c.what, c.got, c.want)
		}
	}
	form := normaliser(nepal, model.Date, learn(nepal, model.Date, a, b))
	other := normaliser(nepal, model.Date, learn(nepal, model.Date, b, a))
	for i := range left {
		if form(left[i]) != right[i] || other(right[i]) != right[i] {
			t.Errorf("%s is %s, and %s is %s", left[i], form(left[i]), right[i], other(right[i]))
		}
	}
}

// Where 1 January is a heap of its column it is read as its year; elsewhere it is a day.
func TestHeapedNewYear(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 3))
	var days, heaped []string
	for i := range 1500 {
		day := fmt.Sprintf("%d-%02d-%02d", 1940+rng.IntN(60), 1+rng.IntN(12), 1+rng.IntN(28))
		days = append(days, day)
		if i%10 == 0 {
			day = day[:4] + "-01-01"
		}
		heaped = append(heaped, day)
	}
	a, b := columnOf("born", heaped...), columnOf("birth", days...)
	for _, c := range []struct {
		column, opposite Column
		want             string
	}{{a, b, "1950"}, {b, a, "1950-01-01"}} {
		form := normaliser(locale.Neutral(), model.Date, learn(locale.Neutral(), model.Date, c.column, c.opposite))
		if got := form("1950-01-01"); got != c.want {
			t.Errorf("1950-01-01 of column %s is %q, want %q", c.column.Name, got, c.want)
		}
		if got := form("1950-03-02"); got != "1950-03-02" {
			t.Errorf("1950-03-02 of column %s is %q", c.column.Name, got)
		}
	}
}

// A column of few full years has not its latest among them; one of many has.
func TestCenturyOfFewYears(t *testing.T) {
	many := []string{"12-Jan-85"}
	for i := range 400 {
		many = append(many, fmt.Sprintf("12-Jan-%d", 1930+i%51))
	}
	for _, c := range []struct {
		years []string
		want  string
	}{
		{[]string{"12-Jan-85", "15/08/1972", "01/10/1960", "03/05/1980"}, "1985-01-12"},
		{[]string{"12-Jan-25", "15/08/1931", "01/10/1945", "03/05/1928"}, "1925-01-12"},
		{many, "1885-01-12"},
	} {
		column := columnOf("born", c.years...)
		if got := normaliser(locale.Neutral(), model.Date, learn(locale.Neutral(), model.Date, column, column))(c.years[0]); got != c.want {
			t.Errorf("%s of %d dates is %s, want %s", c.years[0], len(c.years), got, c.want)
		}
	}
}
