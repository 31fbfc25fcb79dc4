package link_test

import (
	"testing"

	"rollcall/pipeline/facts/scenario"
)

// TestUnsurePersonsBesideTheRoster: a father and a dead man of one name, of whom nothing
// else is known beside each other, are one person; but not where the roster lists two men,
// each of whom is surely one of them.
func TestUnsurePersonsBesideTheRoster(t *testing.T) {
	const listed = "m/1/member | sp | h/1 | member | Karim Mollah | karim mollah | male |"
	for _, c := range []struct {
		name, roster string
		persons      []string
		across       []string
		apart        []string
	}{
		{
			"nobody listed", "m/3/member | sp | h/3 | member | Salma Begum | salma begum | female | 1958-06-07",
			[]string{"b/1/father|b/1/father d/1/deceased"},
			[]string{},
			[]string{},
		},
		{
			"one listed", listed,
			[]string{"b/1/father|b/1/father d/1/deceased"},
			[]string{"b/1/father|m/1/member"},
			[]string{},
		},
		{
			"two listed", listed + "\n m/2/member | sp | h/2 | member | Karim Mollah | karim mollah | male | 1931-02-03",
			[]string{},
			[]string{"b/1/father|m/1/member", "d/1/deceased|m/2/member"},
			[]string{"b/1/father|d/1/deceased|roster|false"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := scenario.New(t)
			w.Add("event", "event_id event_type occurred_earliest occurred_latest", `
				b/1 | birth | 2010-01-01 | 2010-01-01
				d/1 | death | 2021-01-01 | 2021-01-01`)
			w.Add("mention", rosterColumns, c.roster)
			w.Add("mention", registerColumns, `
				b/1/father   | crvs | b/1 | father   | Karim Mollah | karim mollah | male |
				d/1/deceased | crvs | d/1 | deceased | Karim Mollah | karim mollah | male | 1931-02-03`)
			w.Add("identifier", identifierColumns, `
				b/1/father | national_id | 123
				m/1/member | national_id | 123
				m/2/member | national_id | 765`)
			linked(t, w, "national_id")
			scenario.Same(t, "persons", c.persons, clusters(w))
			scenario.Same(t, "links across", c.across, accepted(w, "across"))
			scenario.Same(t, "pairs kept apart", c.apart, w.Lines("SELECT left_id, right_id, apart, accepted FROM link WHERE kind = 'register' AND apart IS NOT NULL"))
		})
	}
}
