package link_test

import (
	"fmt"
	"strings"
	"testing"

	"rollcall/pipeline/facts/scenario"
	"rollcall/pipeline/link"
	"rollcall/pipeline/tables"
)

// judgedVillage has Rahim, who died, three times in the roster: alike, alike but in
// the year, and as nobody who is like him.
func judgedVillage(t *testing.T) *scenario.World {
	w := scenario.New(t)
	w.Add("mention", rosterColumns+" birth_written", `
		m/1/member | sp | h/1 | member | Rahim Uddin | rahim uddin | male   | 1950-04-05
		m/2/member | sp | h/2 | member | Rahim Uddin | rahim uddin | male   | 1981-11-12
		m/3/member | sp | h/3 | member | Jamal Ali   | jamal ali   | male   | 1970-01-02
		m/4/member | sp | h/4 | member | Rahim Uddin | rahim uddin | male   | 1950-04-05`)
	w.Exec("UPDATE mention SET address = household_id")
	w.Add("mention", registerColumns, `
		d/1/deceased | crvs | d/1 | deceased | Rahim Uddin | rahim uddin | male | 1950-04-05
		d/2/deceased | crvs | d/2 | deceased | Nur Khan    | nur khan    | male | 1933-10-30`)
	return w
}

// decide records decisions, each as kind and the two mentions.
func decide(w *scenario.World, decisions ...string) {
	for i, d := range decisions {
		f := strings.Fields(d)
		w.Exec(fmt.Sprintf(`INSERT INTO decision WITH valued AS (
	SELECT m.mention_id, %s AS hash FROM mention m LEFT JOIN (SELECT mention_id, %s AS numbers FROM identifier GROUP BY mention_id) n USING (mention_id))
SELECT 'case %d', '%s', DATE '2025-06-01', a.hash, b.hash FROM valued a, valued b WHERE a.mention_id = '%s' AND b.mention_id = '%s'`,
			tables.MentionValues, tables.WrittenNumbers, i, f[0], f[1], f[2]))
	}
}

// TestDecisionsStandAboveComparison: what people decided about two records holds
// for links, while their values stay.
func TestDecisionsStandAboveComparison(t *testing.T) {
	for _, c := range []struct {
		name      string
		decisions []string
		change    string
		roster    []string // persons of several mentions
		across    []string
		verdicts  link.Verdicts
	}{
		{"nothing was decided", nil, "", []string{"m/1/member|m/1/member m/4/member"}, []string{"d/1/deceased|m/1/member"}, link.Verdicts{}},
		{
			"two who look like one",
			[]string{"different m/4/member m/1/member", "different d/1/deceased m/1/member"},
			"",
			[]string{},
			[]string{"d/1/deceased|m/4/member"},
			link.Verdicts{Given: 2, Used: 2},
		},
		{
			"one who looks like two",
			[]string{"same m/3/member m/2/member", "confirmed d/2/deceased m/3/member"},
			"",
			[]string{"m/1/member|m/1/member m/4/member", "m/2/member|m/2/member m/3/member"},
			[]string{"d/1/deceased|m/1/member", "d/2/deceased|m/2/member"},
			link.Verdicts{Given: 2, Used: 2},
		},
		{
			"one person with a third",
			[]string{"confirmed d/2/deceased m/3/member", "confirmed d/2/deceased m/2/member"},
			"",
			[]string{"m/1/member|m/1/member m/4/member", "m/2/member|m/2/member m/3/member"},
			[]string{"d/1/deceased|m/1/member", "d/2/deceased|m/2/member"},
			link.Verdicts{Given: 2, Used: 2},
		},
		{
			"another than one of two",
			[]string{"same d/1/deceased m/1/member", "different d/1/deceased m/4/member"},
			"",
			[]string{},
			[]string{"d/1/deceased|m/1/member"},
			link.Verdicts{Given: 2, Used: 2},
		},
		{
			"a rejected line says nothing of who is who",
			[]string{"rejected d/1/deceased m/1/member", "withdrawn m/1/member m/4/member"},
			"",
			[]string{"m/1/member|m/1/member m/4/member"},
			[]string{"d/1/deceased|m/1/member"},
			link.Verdicts{},
		},
		{
			"a value has changed since",
			[]string{"different m/1/member m/4/member"},
			"UPDATE mention SET address = 'moved' WHERE mention_id = 'm/4/member'",
			[]string{"m/1/member|m/1/member m/4/member"},
			[]string{"d/1/deceased|m/1/member"},
			link.Verdicts{Given: 1, Changed: 1},
		},
		{
			"a normal form has changed since",
			[]string{"different m/1/member m/4/member"},
			"UPDATE mention SET address_norm = 'h 4' WHERE mention_id = 'm/4/member'",
			[]string{},
			[]string{},
			link.Verdicts{Given: 1, Used: 1},
		},
		{
			"two records have the values",
			[]string{"same d/2/deceased m/4/member"},
			"UPDATE mention SET address = 'h/4' WHERE mention_id = 'm/1/member'",
			[]string{"m/1/member|m/1/member m/4/member"},
			[]string{"d/1/deceased|m/1/member"},
			link.Verdicts{Given: 1, Unclear: 1},
		},
		{
			"decisions that contradict each other",
			[]string{"same d/2/deceased m/2/member", "same d/2/deceased m/3/member", "different m/2/member m/3/member"},
			"",
			[]string{"m/1/member|m/1/member m/4/member"},
			[]string{"d/1/deceased|m/1/member"},
			link.Verdicts{Given: 3, Used: 1, Contradicted: 2},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := judgedVillage(t)
			decide(w, c.decisions...)
			if c.change != "" {
				w.Exec(c.change)
			}
			report, _ := linked(t, w)
			scenario.Same(t, "persons of several mentions", c.roster, clusters(w))
			scenario.Same(t, "links across", c.across, accepted(w, "across"))
			scenario.Same(t, "decisions", c.verdicts, report.Verdicts)
		})
	}
}

// TestDecisionsAreTold: a link bears the decision on it, and a pair that people keep
// apart the reason.
func TestDecisionsAreTold(t *testing.T) {
	w := judgedVillage(t)
	decide(w, "different m/4/member m/1/member", "same d/2/deceased m/3/member")
	linked(t, w)
	scenario.Same(t, "links", []string{
		"across|d/1/deceased|m/1/member|false||", "across|d/1/deceased|m/4/member|false||",
		"across|d/2/deceased|m/3/member|true|same|", "roster|m/1/member|m/4/member|false|different|decided",
	}, w.Lines("SELECT kind, left_id, right_id, accepted, decision, apart FROM link WHERE accepted OR match_probability > 0.4 ORDER BY kind, left_id, right_id"))
}
