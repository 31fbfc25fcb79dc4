package link

import (
	"strconv"

	"rollcall/matchers"
)

// lives is the SQL of what the event e of a mention t says of a life, as days since
// 1970. An adult is twelve at least; a father was alive nine months before.
var lives = map[string]string{
	"born_from": "CASE t.role WHEN 'child' THEN " + day("e.occurred_earliest") + " END",
	"born_to": "CASE t.role WHEN 'child' THEN " + day("e.occurred_latest") + " WHEN 'deceased' THEN " + day("e.occurred_latest") +
		" WHEN 'informant' THEN NULL ELSE " + day("e.occurred_latest - INTERVAL 12 YEAR") + " END",
	"alive": "CASE WHEN t.role IN ('mother', 'groom', 'bride') AND e.event_type <> 'death' THEN " + day("e.occurred_earliest") +
		" WHEN t.role = 'father' AND e.event_type = 'birth' THEN " + day("e.occurred_earliest - INTERVAL 9 MONTH") + " END",
	"twin": "CASE WHEN t.role = 'child' AND e.plural THEN '1' END",
	"died": "CASE t.role WHEN 'deceased' THEN " + day("e.occurred_latest") + " END",
}

// day is a date as a number of days.
func day(date string) string {
	return "date_diff('day', DATE '1970-01-01', CAST(" + date + " AS DATE))"
}

// livesOf are the lives of the rows of a side.
func livesOf(s side) []matchers.Life {
	number := func(name string, row int) int32 {
		c := s.others[name]
		days, err := strconv.ParseInt(c.Values.At(c.Codes[row]), 10, 32)
		if err != nil {
			return 0 // not known
		}
		return int32(days)
	}
	out := make([]matchers.Life, len(s.file.IDs))
	for row := range out {
		out[row] = matchers.Life{
			BornFrom: number("born_from", row), BornTo: number("born_to", row), Alive: number("alive", row),
			Died: number("died", row), Twin: number("twin", row) != 0,
		}
	}
	return out
}
