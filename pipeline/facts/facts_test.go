package facts_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rollcall/pipeline/facts"
	"rollcall/pipeline/facts/scenario"
	"rollcall/pipeline/store"
)

var asOf = time.Date(2025, 7, 31, 0, 0, 0, 0, time.UTC)

const (
	memberColumns  = "mention_id side household_id role relationship_to_head full_name sex birth area_code spouse_name status recorded_on"
	mentionColumns = "mention_id side event_id role full_name sex birth area_code spouse_name"
	eventColumns   = "event_id event_type occurred registered_on received_on status"
	linkColumns    = "kind left_id right_id accepted match_weight_bits match_probability"
)

func makeFacts(w *scenario.World) {
	w.Settle()
	w.Stage("facts", func(ctx context.Context, s *store.Session, st *store.Stage) error {
		return facts.Make(ctx, s, st, facts.Config{AsOf: asOf})
	})
}

// couple is a household of Rahim and Salma, interviewed in 2020, their child
// Karim, Rahim's death linked to him, and the births that the register knows.
func couple(t *testing.T) *scenario.World {
	w := scenario.New(t)
	w.Add("mention", memberColumns, `
		m/1/member | sp | h/1 | member | head   | Rahim Uddin | male   | 1950-04-05 | 10101 | | active | 2020-03-01
		m/2/member | sp | h/1 | member | spouse | Salma Begum | female | 1958-06-07 | 10101 | | active | 2020-03-01
		m/3/member | sp | h/1 | member | child  | Karim Uddin | male   | 2010-08-09 | 10101 | | active | 2020-03-01`)
	w.Add("event", eventColumns, "d/1 | death | 2025-02-10 | 2025-03-01 | 2025-03-20 | registered")
	w.Add("mention", mentionColumns, "d/1/deceased | crvs | d/1 | deceased | Rahim Uddin | male | 1950-04-05 | 10101 | Salma Begum")
	w.Add("link", linkColumns, "across | d/1/deceased | m/1/member | true | 20 | 0.99")
	return w
}

func statements(w *scenario.World, where string) []string {
	return w.Lines("SELECT subject_id, predicate, object_id, value, from_on, to_on FROM fact WHERE " + where + " ORDER BY ALL")
}

func TestNoRecordIsUnknown(t *testing.T) {
	w := scenario.New(t)
	w.Add("mention", memberColumns, `
		m/1/member | sp | h/1 | member | head | Rahim Uddin | male | 1950-04-05 | 10101 | | active |
		m/2/member | sp | h/1 | member | child | Karim Uddin | male | 2015-04-05 | 10101 | | active |`)
	makeFacts(w)
	if got := statements(w, "value <> 'UNKNOWN' AND predicate NOT IN ('father_of', 'child_of', 'household_member')"); len(got) > 0 {
		t.Errorf("without any record of life, death or marriage nothing is known, got %v", got)
	}
}

// Every rule that can be FALSE names the record that makes it so, and every
// predicate that is written is in the table.
func TestFalseNeedsARecord(t *testing.T) {
	w := couple(t)
	w.Add("event", eventColumns, "w/1 | marriage | 2025-06-10 | 2025-06-10 | 2025-06-20 | registered")
	w.Add("mention", mentionColumns, "w/1/bride | crvs | w/1 | bride | Salma Begum | female | 1958-06-07 | 10101 |")
	w.Add("link", linkColumns, "across | w/1/bride | m/2/member | true | 20 | 0.99")
	makeFacts(w)
	can, known := map[string]bool{}, map[string]bool{}
	for _, r := range facts.Rules() {
		can[r.Predicate], known[r.Predicate] = r.False != "", true
	}
	for _, line := range w.Lines("SELECT DISTINCT predicate FROM fact") {
		if !known[line] {
			t.Errorf("predicate %s stands in no rule", line)
		}
	}
	for _, line := range w.Lines("SELECT DISTINCT predicate FROM fact WHERE value = 'FALSE'") {
		if !can[line] {
			t.Errorf("%s is FALSE, and the table names no record for that", line)
		}
	}
	if got := w.Lines("SELECT subject_id, predicate FROM fact WHERE value <> 'UNKNOWN' AND len(records) = 0"); len(got) > 0 {
		t.Errorf("statements without records: %v", got)
	}
}

func TestDeathOfAHusband(t *testing.T) {
	w := couple(t)
	makeFacts(w)
	want := []string{
		"m/1/member|alive||FALSE|2025-02-10|",
		"m/1/member|deceased||TRUE|2025-02-10|",
		"m/2/member|widowed|m/1/member|TRUE|2025-02-10|",
	}
	if d := cmp.Diff(want, statements(w, "subject_id < 'm/3' AND predicate IN ('alive', 'deceased', 'widowed', 'remarried')")); d != "" {
		t.Error(d)
	}
	orphan := []string{"m/3/member|orphan_both||UNKNOWN||", "m/3/member|orphan_one||TRUE|2025-02-10|"}
	if d := cmp.Diff(orphan, statements(w, "predicate LIKE 'orphan%'")); d != "" {
		t.Error(d)
	}
	records := w.Lines("SELECT records, links, probability FROM fact WHERE subject_id = 'm/2/member' AND predicate = 'widowed'")
	if d := cmp.Diff([]string{"[m/1/member, m/2/member, d/1/deceased]|[d/1/deceased=m/1/member]|0.990000"}, records); d != "" {
		t.Error(d)
	}
}

func TestWhatChangesTheDeath(t *testing.T) {
	for _, tc := range []struct {
		name, change string
		want         []string // deceased and alive of the man, widowed of the woman
	}{
		{"revoked", "UPDATE event SET status = 'revoked'", []string{}},
		{"improbable", "UPDATE link SET match_probability = 0.4", []string{"m/1/member|alive|UNKNOWN", "m/1/member|deceased|UNKNOWN", "m/2/member|widowed|UNKNOWN"}},
		{"likely but not solid", "UPDATE link SET match_probability = 0.8", []string{"m/1/member|alive|UNKNOWN", "m/1/member|deceased|TRUE", "m/2/member|widowed|TRUE"}},
		{"not accepted", "UPDATE link SET accepted = FALSE", []string{}},
		{"interviewed since", "UPDATE mention SET recorded_on = '2025-04-01' WHERE mention_id = 'm/1/member'", []string{"m/1/member|alive|TRUE", "m/1/member|deceased|UNKNOWN"}},
		{"said dead at an interview since", "UPDATE mention SET status = 'dead', recorded_on = '2025-04-01' WHERE mention_id = 'm/1/member'", []string{"m/1/member|alive|FALSE", "m/1/member|deceased|TRUE", "m/2/member|widowed|TRUE"}},
		{"before birth", "UPDATE mention SET birth_earliest = '2025-05-01', birth_latest = '2025-05-01' WHERE mention_id = 'm/1/member'", []string{"m/1/member|alive|UNKNOWN", "m/1/member|deceased|UNKNOWN"}},
		{"other sex", "UPDATE mention SET sex = 'female' WHERE mention_id = 'd/1/deceased'", []string{"m/1/member|alive|UNKNOWN", "m/1/member|deceased|UNKNOWN"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := couple(t)
			w.Exec(tc.change)
			makeFacts(w)
			got := w.Lines(`SELECT subject_id, predicate, value FROM fact
				WHERE (subject_id = 'm/1/member' AND predicate IN ('alive', 'deceased')) OR predicate = 'widowed' ORDER BY ALL`)
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestOnlyWhatIsGivenInPersonIsLife(t *testing.T) {
	for _, tc := range []struct{ name, channel, caregiver, want string }{
		{"in person", "in_person", "", "m/1/member|TRUE|2025-04-02"},
		{"remote", "remote", "", "m/1/member|FALSE|"},
		{"collected by the caregiver", "in_person", "m/2/member", "m/1/member|FALSE|"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := couple(t)
			w.Add("enrolment", "enrolment_id programme mention_id household_id caregiver_mention_id status from_on",
				"e/1 | old_age | m/1/member | h/1 | "+tc.caregiver+" | active | 2020-01-01")
			w.Add("payment", "payment_id enrolment_id cycle amount currency channel paid_on", "p/1 | e/1 | 2025-03 | 600 | BDT | "+tc.channel+" | 2025-04-02")
			makeFacts(w)
			got := w.Lines("SELECT subject_id, value, to_on FROM fact WHERE predicate = 'alive' AND subject_id = 'm/1/member'")
			if d := cmp.Diff([]string{tc.want}, got); d != "" {
				t.Error(d)
			}
		})
	}
}

// A record of the register is as probable a record of life as the link that makes
// it this person's; what is FALSE of others needs a solid one.
func TestLifeIsAsProbableAsItsLink(t *testing.T) {
	const interview, sure = "2025-07-03 interview m/2/member", "2025-07-10 gave_birth b/1/mother"
	for _, tc := range []struct {
		name, link, interviewed string
		want                    []string // alive of the mother, then widowed of her husband
	}{
		{"solid", "0.99", "2020-03-01", []string{"TRUE|[" + sure + "]|[b/1/mother=m/2/member]|0.990000", "FALSE"}},
		{"probable", "0.7", "2020-03-01", []string{"TRUE|[" + sure + "]|[b/1/mother=m/2/member]|0.700000"}},
		{"improbable", "0.4", "2020-03-01", []string{"UNKNOWN|[" + sure + "]|[b/1/mother=m/2/member]|0.400000"}},
		{"probable, after an interview", "0.7", "2025-07-03", []string{"TRUE|[" + interview + "]|[]|1.000000", "FALSE"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := couple(t)
			w.Exec("UPDATE event SET status = 'revoked'; UPDATE mention SET recorded_on = '" + tc.interviewed + "' WHERE mention_id = 'm/2/member'")
			w.Add("event", eventColumns, "b/1 | birth | 2025-07-10 | 2025-07-20 | 2025-07-25 | registered")
			w.Add("mention", mentionColumns, "b/1/mother | crvs | b/1 | mother | Salma Begum | female | 1958-06-07 | 10101 |")
			w.Add("link", linkColumns, "across | b/1/mother | m/2/member | true | 20 | "+tc.link)
			makeFacts(w)
			got := append(w.Lines("SELECT value, records, links, probability FROM fact WHERE subject_id = 'm/2/member' AND predicate = 'alive'"),
				w.Lines("SELECT value FROM fact WHERE subject_id = 'm/1/member' AND predicate = 'widowed'")...)
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

// A husband who died long ago is in no roster; he is known by a common child, by
// a marriage, or by the names that both records give.
func TestWidowOfAManWhoIsInNoRoster(t *testing.T) {
	widow := "m/2/member | sp | h/1 | member | head | Salma Begum | female | 1958-06-07 | 10101 | Rahim Uddin | active | 2020-03-01"
	death := func(w *scenario.World) {
		w.Add("event", eventColumns, "d/1 | death | 2015-02-10 | 2015-03-01 | 2015-03-20 | registered")
		w.Add("mention", mentionColumns, "d/1/deceased | crvs | d/1 | deceased | Rahim Uddin | male | 1950-04-05 | 10101 | Salma Begum")
	}
	for _, tc := range []struct {
		name string
		add  func(*scenario.World)
		want []string
	}{
		{"both name each other", func(*scenario.World) {}, []string{"m/2/member|d/1/deceased|TRUE"}},
		{"in other spellings", func(w *scenario.World) {
			w.Exec("UPDATE mention SET full_norm = 'raheem udin', spouse_norm = 'salma' WHERE mention_id = 'd/1/deceased'")
		}, []string{"m/2/member|d/1/deceased|TRUE"}},
		{"a brother's wife", func(w *scenario.World) {
			w.Exec("UPDATE mention SET full_norm = 'karim uddin' WHERE mention_id = 'd/1/deceased'")
		}, []string{}},
		{"another village", func(w *scenario.World) {
			w.Exec("UPDATE mention SET area_code = '20202' WHERE mention_id = 'd/1/deceased'")
		}, []string{}},
		{"two couples of these names", func(w *scenario.World) {
			w.Exec("INSERT INTO mention BY NAME SELECT * REPLACE ('m/9/member' AS mention_id) FROM mention WHERE mention_id = 'm/2/member'")
		}, []string{}},
		{"a common child", func(w *scenario.World) {
			w.Exec("UPDATE mention SET spouse_name = NULL")
			w.Add("event", eventColumns, "b/1 | birth | 1985-02-10 | 1985-03-01 | 1985-03-20 | registered")
			w.Add("mention", mentionColumns, `
				b/1/mother | crvs | b/1 | mother | Salma Begum | female | 1958-06-07 | 10101 |
				b/1/father | crvs | b/1 | father | Rahim Uddin | male | 1950-04-05 | 10101 |`)
			w.Exec("INSERT INTO cluster VALUES ('b/1/father', 'b/1/father', 'crvs', 0.98), ('d/1/deceased', 'b/1/father', 'crvs', 0.98)")
			w.Add("link", linkColumns, "across | b/1/mother | m/2/member | true | 20 | 0.99")
		}, []string{"m/2/member|b/1/father|TRUE"}},
		{"divorced before", func(w *scenario.World) {
			w.Exec("UPDATE mention SET spouse_name = NULL")
			w.Add("event", eventColumns, `
				w/1 | marriage | 1980-02-10 | 1980-02-10 | 1980-03-20 | registered
				w/2 | divorce  | 1990-02-10 | 1990-02-10 | 1990-03-20 | registered`)
			for _, e := range []string{"w/1", "w/2"} {
				w.Add("mention", mentionColumns, e+"/bride|crvs|"+e+"|bride|Salma Begum|female|1958-06-07|10101|\n"+
					e+"/groom|crvs|"+e+"|groom|Rahim Uddin|male|1950-04-05|10101|")
			}
			w.Exec(`INSERT INTO cluster VALUES ('w/1/groom', 'd/1/deceased', 'crvs', 1), ('w/2/groom', 'd/1/deceased', 'crvs', 1),
				('w/1/bride', 'w/1/bride', 'crvs', 1), ('w/2/bride', 'w/1/bride', 'crvs', 1)`)
			w.Add("link", linkColumns, "across | w/1/bride | m/2/member | true | 20 | 0.99")
		}, []string{}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := scenario.New(t)
			w.Add("mention", memberColumns, widow)
			death(w)
			tc.add(w)
			makeFacts(w)
			got := w.Lines("SELECT subject_id, object_id, value FROM fact WHERE predicate = 'widowed' ORDER BY ALL")
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

// Where a marriage, a death and the roster tell of one couple, the marriage says since when.
func TestMarriageSaysSinceWhen(t *testing.T) {
	w := couple(t)
	w.Add("event", eventColumns, "w/1 | marriage | 1979-06-10 | 1979-06-10 | 1979-06-20 | registered")
	w.Add("mention", mentionColumns, `
		w/1/groom  | crvs | w/1 | groom  | Rahim Uddin | male   | 1950-04-05 | 10101 |
		w/1/bride  | crvs | w/1 | bride  | Salma Begum | female | 1958-06-07 | 10101 |
		d/1/spouse | crvs | d/1 | spouse | Salma Begum | female |            | 10101 |`)
	w.Exec(`INSERT INTO cluster VALUES ('d/1/deceased', 'd/1/deceased', 'crvs', 0.98), ('w/1/groom', 'd/1/deceased', 'crvs', 0.98),
		('d/1/spouse', 'd/1/spouse', 'crvs', 1), ('w/1/bride', 'd/1/spouse', 'crvs', 1)`)
	w.Add("link", linkColumns, "across | d/1/spouse | m/2/member | true | 20 | 0.98")
	makeFacts(w)
	if d := cmp.Diff([]string{"m/2/member|spouse_of|m/1/member|TRUE|1979-06-10|2025-02-10"}, statements(w, "predicate = 'spouse_of' AND subject_id = 'm/2/member'")); d != "" {
		t.Error(d)
	}
}

func TestRemarriedAndNotWidowed(t *testing.T) {
	marry := func(w *scenario.World, day, probability string) {
		w.Add("event", eventColumns, "w/1 | marriage | "+day+" | "+day+" | "+day+" | registered")
		w.Add("mention", mentionColumns, "w/1/bride | crvs | w/1 | bride | Salma Begum | female | 1958-06-07 | 10101 |")
		w.Add("link", linkColumns, "across | w/1/bride | m/2/member | true | 20 | "+probability)
	}
	const query = "SELECT predicate, value FROM fact WHERE subject_id = 'm/2/member' AND predicate IN ('widowed', 'remarried') ORDER BY ALL"
	for _, tc := range []struct {
		name   string
		change func(*scenario.World)
		want   []string
	}{
		{"after the death", func(w *scenario.World) { marry(w, "2025-06-10", "0.99") }, []string{"remarried|TRUE", "widowed|TRUE"}},
		{"after the death, perhaps", func(w *scenario.World) { marry(w, "2025-06-10", "0.8") }, []string{"remarried|UNKNOWN", "widowed|TRUE"}},
		{"and widowed again", func(w *scenario.World) {
			w.Add("event", eventColumns, "w/0 | divorce | 1990-01-01 | 1990-01-01 | 1990-01-01 | registered")
			w.Add("mention", mentionColumns, "w/0/bride | crvs | w/0 | bride | Salma Begum | female | 1958-06-07 | 10101 |")
			w.Add("link", linkColumns, "across | w/0/bride | m/2/member | true | 20 | 0.99")
			marry(w, "2000-06-10", "0.99") // Rahim, who died in 2025
		}, []string{"widowed|TRUE"}},
		{"before the death", func(w *scenario.World) { marry(w, "2019-06-10", "0.99") }, []string{"widowed|TRUE"}},
		{"husband seen this month", func(w *scenario.World) {
			w.Exec("UPDATE event SET status = 'revoked'; UPDATE mention SET recorded_on = '2025-07-10' WHERE mention_id = 'm/1/member'")
		}, []string{"widowed|FALSE"}},
		{"husband seen this month and said dead since", func(w *scenario.World) {
			w.Exec("UPDATE event SET status = 'revoked'; UPDATE mention SET status = 'dead' WHERE mention_id = 'm/1/member'")
			w.Add("enrolment", "enrolment_id programme mention_id household_id status from_on", "e/1 | old_age | m/1/member | h/1 | active | 2020-01-01")
			w.Add("payment", "payment_id enrolment_id cycle amount currency channel paid_on", "p/1 | e/1 | 2025-06 | 600 | BDT | in_person | 2025-07-10")
		}, []string{"widowed|TRUE"}},
		{"husband dead by the roster alone", func(w *scenario.World) {
			w.Exec("UPDATE event SET status = 'revoked'; UPDATE mention SET status = 'dead' WHERE mention_id = 'm/1/member'")
		}, []string{"widowed|TRUE"}},
		{"divorced, then dead by the roster alone", func(w *scenario.World) {
			w.Exec("UPDATE event SET status = 'revoked'; UPDATE mention SET status = 'dead' WHERE mention_id = 'm/1/member'")
			w.Add("event", eventColumns, "w/0 | divorce | 2022-01-01 | 2022-01-01 | 2022-01-01 | registered")
			w.Add("mention", mentionColumns, "w/0/bride | crvs | w/0 | bride | Salma Begum | female | 1958-06-07 | 10101 |")
			w.Add("link", linkColumns, "across | w/0/bride | m/2/member | true | 20 | 0.99")
		}, []string{}},
		{"husband seen long ago", func(w *scenario.World) { w.Exec("UPDATE event SET status = 'revoked'") }, []string{}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := couple(t)
			tc.change(w)
			makeFacts(w)
			if d := cmp.Diff(tc.want, w.Lines(query)); d != "" {
				t.Error(d)
			}
		})
	}
}

// What the roster alone says of the dead holds for their families, and gives no day.
func TestDeadByTheRosterAlone(t *testing.T) {
	w := couple(t)
	w.Exec("UPDATE event SET status = 'revoked'; UPDATE mention SET status = 'dead' WHERE mention_id = 'm/1/member'")
	makeFacts(w)
	want := []string{
		"m/1/member|alive|FALSE||[m/1/member]", "m/1/member|deceased|TRUE||[m/1/member]",
		"m/2/member|widowed|TRUE||[m/1/member, m/2/member]", "m/3/member|orphan_one|TRUE||[m/1/member, m/3/member]",
	}
	got := w.Lines("SELECT subject_id, predicate, value, from_on, records FROM fact WHERE predicate IN ('alive', 'deceased', 'widowed', 'orphan_one') ORDER BY ALL")
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// Who lives in which household is a fact with its interval, of every household that
// lists him; who left or died is there no more.
func TestHouseholdMembers(t *testing.T) {
	for _, tc := range []struct {
		name, change string
		want         []string
	}{
		{"as listed", "", []string{"m/3/member|h/1|TRUE|2020-03-01||[m/3/member]"}},
		{"left", "UPDATE mention SET status = 'left' WHERE mention_id = 'm/3/member'", []string{"m/3/member|h/1|FALSE||2020-03-01|[m/3/member]"}},
		{"said dead", "UPDATE mention SET status = 'dead' WHERE mention_id = 'm/3/member'", []string{"m/3/member|h/1|FALSE||2020-03-01|[m/3/member]"}},
		{"without a status", "UPDATE mention SET status = NULL, recorded_on = NULL", []string{"m/3/member|h/1|TRUE|||[m/3/member]"}},
		{
			"in two", "INSERT INTO mention BY NAME SELECT * REPLACE ('m/4/member' AS mention_id, 'h/2' AS household_id, DATE '2021-01-01' AS recorded_on) FROM mention WHERE mention_id = 'm/3/member'",
			[]string{"m/3/member|h/1|TRUE|2020-03-01||[m/3/member]", "m/3/member|h/2|TRUE|2021-01-01||[m/4/member]"},
		},
		{
			"listed twice, and left since", "INSERT INTO mention BY NAME SELECT * REPLACE ('m/4/member' AS mention_id, 'left' AS status, DATE '2021-01-01' AS recorded_on) FROM mention WHERE mention_id = 'm/3/member'",
			[]string{"m/3/member|h/1|FALSE||2021-01-01|[m/3/member, m/4/member]"},
		},
		{
			"listed twice, and left before", "INSERT INTO mention BY NAME SELECT * REPLACE ('m/4/member' AS mention_id, 'left' AS status, DATE '2019-01-01' AS recorded_on) FROM mention WHERE mention_id = 'm/3/member'",
			[]string{"m/3/member|h/1|TRUE|2020-03-01||[m/3/member, m/4/member]"},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := couple(t)
			if tc.change != "" {
				w.Exec(tc.change)
			}
			w.Exec("INSERT INTO cluster SELECT mention_id, 'm/3/member', 'sp', 1 FROM mention WHERE mention_id IN ('m/3/member', 'm/4/member')")
			makeFacts(w)
			got := w.Lines("SELECT subject_id, object_id, value, from_on, to_on, records FROM fact WHERE predicate = 'household_member' AND subject_id = 'm/3/member' ORDER BY ALL")
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Error(d)
			}
		})
	}
	w := couple(t)
	makeFacts(w)
	if d := cmp.Diff([]string{"TRUE|2020-03-01|2025-02-10|[d/1/deceased=m/1/member]"},
		w.Lines("SELECT value, from_on, to_on, links FROM fact WHERE predicate = 'household_member' AND subject_id = 'm/1/member'")); d != "" {
		t.Errorf("who died was a member until then: %s", d)
	}
}

// Where the register names one mother and the roster another, or two registrations of
// one birth two, each is a fact of its own with its records, and none is FALSE.
func TestSourcesThatContradictEachOther(t *testing.T) {
	w := scenario.New(t)
	w.Add("mention", memberColumns, `
		m/1/member | sp | h/1 | member | head  | Salma Begum | female | 1988-06-07 | 10101 | | active | 2020-03-01
		m/2/member | sp | h/1 | member | child | Karim Uddin | male   | 2010-08-09 | 10101 | | active | 2020-03-01
		m/3/member | sp | h/2 | member | head  | Rina Khatun | female | 1989-01-02 | 10101 | | active | 2020-03-01`)
	w.Add("event", eventColumns, `
		b/1 | birth | 2010-08-09 | 2010-09-01 | 2010-09-20 | registered
		b/2 | birth | 2010-08-09 | 2019-09-01 | 2019-09-20 | registered`)
	w.Add("mention", mentionColumns, `
		b/1/child  | crvs | b/1 | child  | Karim Uddin | male   | 2010-08-09 | 10101 |
		b/1/mother | crvs | b/1 | mother | Rina Khatun | female | 1989-01-02 | 10101 |
		b/2/child  | crvs | b/2 | child  | Karim Uddin | male   | 2010-08-09 | 10101 |
		b/2/mother | crvs | b/2 | mother | Mina Akter  | female | 1985-01-02 | 10101 |`)
	w.Exec("INSERT INTO cluster VALUES ('b/1/child', 'b/1/child', 'crvs', 0.99), ('b/2/child', 'b/1/child', 'crvs', 0.99)")
	w.Add("link", linkColumns, `
		across | b/1/child  | m/2/member | true | 20 | 0.98
		across | b/1/mother | m/3/member | true | 20 | 0.97`)
	makeFacts(w)
	want := []string{
		"m/1/member|mother_of|m/2/member|TRUE|[m/2/member, m/1/member]|1.000000",
		"m/2/member|child_of|b/2/mother|TRUE|[b/2/child, b/2/mother]|0.970200",
		"m/2/member|child_of|m/1/member|TRUE|[m/2/member, m/1/member]|1.000000",
		"m/2/member|child_of|m/3/member|TRUE|[b/1/child, b/1/mother]|0.941094",
		"m/3/member|mother_of|m/2/member|TRUE|[b/1/child, b/1/mother]|0.941094",
	}
	got := w.Lines("SELECT subject_id, predicate, object_id, value, records, probability FROM fact WHERE predicate IN ('mother_of', 'child_of') ORDER BY ALL")
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// A death that is in doubt takes nothing away, and the record of life before it
// says nothing of today.
func TestParentInDoubtIsNotAlive(t *testing.T) {
	w := couple(t)
	w.Exec("UPDATE mention SET sex = 'female' WHERE mention_id = 'd/1/deceased'")
	w.Add("event", eventColumns, "b/1 | birth | 2020-01-01 | 2020-01-02 | 2020-01-05 | registered")
	w.Add("mention", mentionColumns, `
		b/1/child  | crvs | b/1 | child  | Amina Uddin | female | 2020-01-01 | 10101 |
		b/1/father | crvs | b/1 | father | Rahim Uddin | male   | 1950-04-05 | 10101 |`)
	w.Exec("INSERT INTO cluster VALUES ('b/1/father', 'd/1/deceased', 'crvs', 1), ('d/1/deceased', 'd/1/deceased', 'crvs', 1)")
	w.Exec("UPDATE event SET occurred_earliest = '2025-07-20', occurred_latest = '2025-07-20', registered_on = '2025-07-21' WHERE event_id = 'd/1'")
	w.Exec("UPDATE mention SET recorded_on = '2025-07-10' WHERE mention_id = 'm/1/member'")
	makeFacts(w)
	if got := statements(w, "subject_id = 'b/1/child' AND predicate = 'orphan_both'"); len(got) > 0 {
		t.Errorf("the father was seen before a death that is in doubt, got %v", got)
	}
}

// A child that only the register knows is a subject through its mother.
func TestChildOfALinkedMother(t *testing.T) {
	w := couple(t)
	w.Exec("UPDATE mention SET birth_earliest = '1988-06-07', birth_latest = '1988-06-07' WHERE mention_id = 'm/2/member'")
	w.Add("event", eventColumns, "b/1 | birth | 2025-07-10 | 2025-07-20 | 2025-07-25 | registered")
	w.Add("mention", mentionColumns, `
		b/1/child  | crvs | b/1 | child  | Amina Begum | female | 2025-07-10 | 10101 |
		b/1/mother | crvs | b/1 | mother | Salma Begum | female | 1988-06-07 | 10101 |`)
	w.Add("link", linkColumns, "across | b/1/mother | m/2/member | true | 20 | 0.99")
	makeFacts(w)
	want := []string{
		"b/1/child|child_of|m/2/member|TRUE|2025-07-10|",
		"b/1/child|orphan_both||FALSE||",
		"m/2/member|mother_of|b/1/child|TRUE|2025-07-10|",
	}
	if d := cmp.Diff(want, statements(w, "subject_id = 'b/1/child' OR object_id = 'b/1/child'")); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"m/2/member|alive||TRUE||2025-07-10"}, statements(w, "predicate = 'alive' AND subject_id = 'm/2/member'")); d != "" {
		t.Errorf("giving birth is a record of life: %s", d)
	}
}
