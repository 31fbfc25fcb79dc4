package standardise_test

import (
	"testing"

	"rollcall/matchers/locale"
	"rollcall/matchers/locale/calendar"
	"rollcall/pipeline/facts/scenario"
)

// Each source is read by its own order and calendar: what one column teaches does
// not hold for another.
func TestDatesAreReadByTheirColumn(t *testing.T) {
	w := scenario.New(t)
	w.Add("mention", "mention_id source side role birth_written full_name", `
		a/1 | a | sp | member | 2045-01-01    | A
		a/2 | a | sp | member | 2055-03-32    | B
		a/3 | a | sp | member | 2055-03-33    | C
		a/4 | a | sp | member | 2055          | D
		a/5 | a | sp | member | 12 Baisakh 2072 | E
		a/6 | a | sp | member | 1930-06-26    | F
		a/7 | a | sp | member | age 67 on 2026-01-03 | G
		b/1 | b | sp | member | 02/13/1984    | H
		b/2 | b | sp | member | 03/04/30      | I
		b/3 | b | sp | member | ngày 5 tháng 3 năm 2024 | J
		b/4 | b | sp | member | 1 Muharram 1445 | K`)
	standardisedBy(t, w, &locale.Pack{
		Calendars:   []string{calendar.Gregorian, calendar.BikramSambat},
		DefaultDays: []locale.MonthDay{{Month: 1, Day: 1, Calendar: calendar.BikramSambat}},
	})
	scenario.Same(t, "births", []string{
		"a/1|1988-04-13|1989-04-12|default",
		"a/2|1998-07-16|1998-07-16|exact",
		"a/3|||",
		"a/4|1998-04-14|1999-04-13|year",
		"a/5|2015-04-25|2015-04-25|exact",
		"a/6|1930-06-26|1930-06-26|exact",
		"a/7|1958-01-04|1959-01-03|age",
		"b/1|1984-02-13|1984-02-13|exact",
		"b/2|1930-03-04|1930-03-04|exact",
		"b/3|2024-03-05|2024-03-05|exact",
		"b/4|2023-07-18|2023-07-20|near",
	}, w.Lines("SELECT mention_id, birth_earliest, birth_latest, birth_precision FROM mention ORDER BY mention_id"))
}
