package link_test

import (
	"strings"
	"testing"

	"rollcall/matchers"
	"rollcall/pipeline/facts/scenario"
)

// TestPartsOfOnePersonComeTogether: two records of a woman that are not alike enough by
// themselves are one person where both are like one member of the roster; but not where
// one person cannot be both.
func TestPartsOfOnePersonComeTogether(t *testing.T) {
	for _, c := range []struct {
		name, first, second string
		decided             []string
		one                 bool
	}{
		{"two births", "b/1/mother | crvs | b/1 | mother", "b/2/mother | crvs | b/2 | mother", nil, true},
		{"decided", "b/1/mother | crvs | b/1 | mother", "b/2/mother | crvs | b/2 | mother", []string{"different b/1/mother b/2/mother"}, false},
		{"one event", "b/1/mother | crvs | b/1 | mother", "b/1/sister | crvs | b/1 | informant", nil, false},
		{"born twice", "b/1/child | crvs | b/1 | child", "b/2/child | crvs | b/2 | child", nil, false},
		{"mother before she was born", "b/1/mother | crvs | b/1 | mother", "b/2/child | crvs | b/2 | child", nil, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := scenario.New(t)
			w.Add("event", "event_id event_type occurred_earliest occurred_latest", `
				b/1 | birth | 1990-01-01 | 1990-01-01
				b/2 | birth | 1992-01-01 | 1992-01-01`)
			w.Add("mention", rosterColumns, `
				m/1/member | sp | h/1 | member | Salma Begum | salma begum | female | 1958-06-07
				m/2/member | sp | h/2 | member | Rahim Uddin | rahim uddin | male   | 1981-11-12`)
			w.Add("mention", registerColumns, c.first+" | Salma Begum | salma begum | female | 1958-06-07\n"+
				c.second+" | Roksana Khatun | roksana khatun | female | 1958-06-07")
			first, second := strings.Fields(c.first)[0], strings.Fields(c.second)[0]
			w.Add("identifier", identifierColumns, second+" | national_id | 123\n m/1/member | national_id | 123")
			decide(w, c.decided...)
			linked(t, w, "national_id")
			together := []string{}
			if c.one {
				together = []string{first + "|" + first + " " + second}
			}
			scenario.Same(t, "persons", together, clusters(w))
			scenario.Same(t, "links across", 1, len(accepted(w, "across")))
			gone := w.Lines("SELECT left_id FROM link WHERE kind = 'across' AND left_id NOT IN (SELECT person_id FROM person WHERE side = 'crvs')")
			scenario.Same(t, "links of somebody who is no person any more", 0, len(gone))
			twice := w.Lines("SELECT left_id FROM link WHERE kind = 'across' GROUP BY left_id, right_id HAVING count(*) > 1")
			scenario.Same(t, "pairs that are linked as either part", 0, len(twice))
			sure := w.Lines("SELECT left_id FROM link WHERE kind = 'across' AND accepted AND match_probability > 0.95")
			scenario.Same(t, "links that no other part makes doubtful", len(together), len(sure))
			inside := w.Lines("SELECT l.left_id FROM link l JOIN cluster a ON a.mention_id = l.left_id JOIN cluster b ON b.mention_id = l.right_id WHERE kind = 'register' AND accepted <> (a.person_id = b.person_id)")
			scenario.Same(t, "pairs of which the table of links says otherwise", 0, len(inside))
			if pairs := accepted(w, "register"); (len(pairs) == 1) != c.one {
				t.Errorf("accepted in the register are %q", pairs)
			}
		})
	}
}

// TestPartnerTellsOfAJoin: a father without an age may be the man of his name who died,
// until the roster tells the father's age.
func TestPartnerTellsOfAJoin(t *testing.T) {
	for _, c := range []struct {
		name, born string
		one        bool
	}{
		{"of that age", "1946-02-20", true},
		{"forty years younger", "1986-07-11", false},
		{"of an age that nobody knows", "", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := scenario.New(t)
			w.Add("event", "event_id event_type occurred_earliest occurred_latest", `
				b/1 | birth | 2010-01-01 | 2010-01-01
				d/1 | death | 2024-01-01 | 2024-01-01`)
			w.Add("mention", rosterColumns, `
				m/1/member | sp | h/1 | member | Rahim Uddin | rahim uddin | male | `+c.born+`
				m/2/member | sp | h/2 | member | Salma Begum | salma begum | female | 1958-06-07`)
			w.Add("mention", registerColumns, `
				b/1/father   | crvs | b/1 | father   | Rahim Uddin | rahim uddin | male |
				d/1/deceased | crvs | d/1 | deceased | Rahim Uddin | rahim uddin | male | 1946-02-20`)
			w.Add("identifier", identifierColumns, "b/1/father | national_id | 123\n m/1/member | national_id | 123")
			linked(t, w, "national_id")
			together, apart, across := []string{"b/1/father|b/1/father d/1/deceased"}, []string{}, []string{"b/1/father|m/1/member"}
			if !c.one {
				together, apart = []string{}, []string{"b/1/father|d/1/deceased|false|" + string(matchers.ApartRoster)}
			}
			scenario.Same(t, "persons", together, clusters(w))
			scenario.Same(t, "links across", across, accepted(w, "across"))
			scenario.Same(t, "pairs that the roster shows to be two", apart, w.Lines("SELECT left_id, right_id, accepted, apart FROM link WHERE kind = 'register' AND apart IS NOT NULL"))
		})
	}
}

// TestRowsOfOnePersonComeTogether: two rows of the roster that are not alike enough by
// themselves are one person where one of the register is both; but not where they live in
// one household, which lists nobody twice, or people said that they are two.
func TestRowsOfOnePersonComeTogether(t *testing.T) {
	for _, c := range []struct {
		name, household, relation string // of the other row; the one is the head
		decided                   []string
		one                       bool
	}{
		{"two households", "h/3", "spouse", nil, true},
		{"one household", "h/1", "spouse", nil, false},
		{"two households' heads", "h/3", "head", nil, false},
		{"decided", "h/3", "spouse", []string{"different m/1/member m/3/member"}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := scenario.New(t)
			w.Add("event", "event_id event_type occurred_earliest occurred_latest", "b/1 | birth | 1990-01-01 | 1990-01-01")
			w.Add("mention", rosterColumns+" relationship_to_head", `
				m/1/member | sp | h/1 | member | Salma Begum | salma begum | female | 1958-06-07 | head
				m/2/member | sp | h/2 | member | Rahim Uddin | rahim uddin | male   | 1981-11-12 | head
				m/3/member | sp | `+c.household+` | member | Roksana Khatun | roksana khatun | female | 1958-06-07 | `+c.relation)
			w.Add("mention", registerColumns, "b/1/mother | crvs | b/1 | mother | Salma Begum | salma begum | female | 1958-06-07")
			w.Add("identifier", identifierColumns, "b/1/mother | national_id | 123\n m/3/member | national_id | 123")
			decide(w, c.decided...)
			report, _ := linked(t, w, "national_id")
			together, persons, joined := []string{}, 3, []string{}
			if c.one {
				together, persons, joined = []string{"m/1/member|m/1/member m/3/member"}, 2, []string{"m/1/member|m/3/member|true|register"}
			}
			scenario.Same(t, "persons", together, clusters(w))
			scenario.Same(t, "rows that were compared with the register", persons, report.Across.Right)
			scenario.Same(t, "rows that the register joins", joined, w.Lines("SELECT left_id, right_id, accepted, joined_by FROM link WHERE joined_by IS NOT NULL"))
			scenario.Same(t, "links across", 1, len(accepted(w, "across")))
			gone := w.Lines("SELECT right_id FROM link WHERE kind = 'across' AND right_id NOT IN (SELECT person_id FROM person WHERE side = 'sp')")
			scenario.Same(t, "links of somebody who is no person any more", 0, len(gone))
			twice := w.Lines("SELECT left_id FROM link WHERE kind = 'across' GROUP BY left_id, right_id HAVING count(*) > 1")
			scenario.Same(t, "pairs that are linked as either part", 0, len(twice))
		})
	}
}
