package decide_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rollcall/pipeline/decide"
	"rollcall/pipeline/facts/scenario"
)

func widowAllowance() decide.Programme {
	return decide.Programme{
		Code: "widow", ValidFrom: day("2025-01-01"), Subjects: "member",
		Criteria: []decide.Criterion{
			{Name: "woman", Expression: "sex = 'female'"},
			{Name: "widowed", Expression: "widowed", Where: "death certificate of the husband"},
			{Name: "not_remarried", Expression: "NOT remarried", Presume: "met", Source: "Rule 7"},
		},
		Excludes: []string{"old_age"},
	}
}

func grant() decide.Programme {
	return decide.Programme{
		Code: "child_grant", ValidFrom: day("2025-01-01"), Subjects: "child",
		Criteria: []decide.Criterion{{Name: "age", Expression: "age_under(6)"}},
	}
}

const outcomes = "SELECT subject_id, outcome, criteria, presumed, missing FROM evaluation ORDER BY ALL"

func TestPresumedIsToldApart(t *testing.T) {
	t.Parallel()
	w := rahim(t)
	w.Exec("DELETE FROM enrolment")
	decideOn(w, widowAllowance())
	want := []string{"m/2/member|eligible|[woman=TRUE, widowed=TRUE, not_remarried=UNKNOWN]|[not_remarried presumed met: Rule 7]|[]"}
	if d := cmp.Diff(want, w.Lines(outcomes)); d != "" {
		t.Error(d)
	}
	got := w.Lines("SELECT kind, reason_code, subject_id, mention_id, presumed FROM proposal")
	if d := cmp.Diff([]string{"registration|new_widow|m/2/member|m/2/member|[not_remarried presumed met: Rule 7]"}, got); d != "" {
		t.Error(d)
	}
}

func TestUnknownIsNotFalse(t *testing.T) {
	t.Parallel()
	w := rahim(t)
	w.Exec("DELETE FROM enrolment; DELETE FROM link")
	w.Exec("UPDATE mention SET spouse_name = NULL WHERE role = 'deceased'")
	w.Add("enrolment", enrolmentColumns, "e/2 | widow | m/2/member | h/1 | | active | 2016-01-01 |")
	decideOn(w, widowAllowance())
	want := []string{"m/2/member|unknown|[woman=TRUE, widowed=UNKNOWN, not_remarried=UNKNOWN]|[not_remarried presumed met: Rule 7]|[widowed: death certificate of the husband]"}
	if d := cmp.Diff(want, w.Lines(outcomes)); d != "" {
		t.Error(d)
	}
	got := w.Lines("SELECT kind, reason_code, enrolment_id FROM proposal")
	if d := cmp.Diff([]string{"eligibility|criterion_unknown|e/2"}, got); d != "" {
		t.Error(d)
	}
}

// Of most women no record says that the husband died; the programme concerns
// those of whom one does, however doubtful, and the enrolled.
func TestWhomAProgrammeConcerns(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, change string
		want         []string
	}{
		{"no record of the husband", "DELETE FROM link; UPDATE mention SET spouse_name = NULL WHERE role = 'deceased'", []string{}},
		{"a record that is perhaps his", "UPDATE link SET match_probability = 0.4; UPDATE mention SET spouse_name = NULL WHERE role = 'deceased'", []string{"m/2/member|unknown"}},
		{"his death", "SELECT 1", []string{"m/2/member|eligible"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := rahim(t)
			w.Exec("DELETE FROM enrolment;" + tc.change)
			decideOn(w, widowAllowance())
			if d := cmp.Diff(tc.want, w.Lines("SELECT subject_id, outcome FROM evaluation ORDER BY ALL")); d != "" {
				t.Error(d)
			}
		})
	}
}

// Where a criterion asks for an event or for what is stated of somebody, the
// programme concerns those of whom a record speaks of either.
func TestAStatementConcernsToo(t *testing.T) {
	t.Parallel()
	w := rahim(t)
	w.Exec("DELETE FROM enrolment; DELETE FROM link; UPDATE mention SET spouse_name = NULL WHERE role = 'deceased'")
	w.Add("mention", memberColumns, "m/4/member | sp | h/4 | member | head | Amina Begum | female | 1970-06-07 | 10101 | | | | active | 2020-03-01")
	w.Add("attribute", "subject_id name source value as_of", "m/4/member | separated_since | a | 2024-12-31 | 2025-01-01")
	p := widowAllowance()
	p.Criteria[1].Expression = "widowed OR divorced OR (age_at_least(18) AND years_passed(day_of('separated_since'), 2))"
	decideOn(w, p)
	if d := cmp.Diff([]string{"m/4/member|unknown"}, w.Lines("SELECT subject_id, outcome FROM evaluation ORDER BY ALL")); d != "" {
		t.Error(d)
	}
}

// Who draws a programme that excludes another is not entitled to the other, and
// the evaluation says why.
func TestExcludedByAnotherProgramme(t *testing.T) {
	t.Parallel()
	w := rahim(t)
	w.Exec("DELETE FROM enrolment")
	w.Add("enrolment", enrolmentColumns, "e/1 | old_age | m/2/member | h/1 | | active | 2016-01-01 |")
	decideOn(w, oldAge(), widowAllowance())
	want := []string{"m/2/member|not_eligible|[woman=TRUE, widowed=TRUE, not_remarried=UNKNOWN, draws_no_excluding_programme=FALSE]"}
	if d := cmp.Diff(want, w.Lines("SELECT subject_id, outcome, criteria FROM evaluation WHERE programme = 'widow'")); d != "" {
		t.Error(d)
	}
}

func TestRemarriedIsNotEligible(t *testing.T) {
	t.Parallel()
	w := rahim(t)
	w.Exec("DELETE FROM enrolment")
	w.Add("enrolment", enrolmentColumns, "e/2 | widow | m/2/member | h/1 | | active | 2016-01-01 |")
	w.Add("event", eventColumns, "w/1 | marriage | 2025-06-10 | 2025-06-10 | 2025-06-20 | registered | W-1")
	w.Add("mention", mentionColumns, "w/1/bride | crvs | w/1 | bride | Salma Begum | female | 1958-06-07 | 10101 | | |")
	w.Add("link", linkColumns, "across | w/1/bride | m/2/member | true | 20 | 0.99 |")
	decideOn(w, widowAllowance())
	got := w.Lines("SELECT kind, reason_code, enrolment_id, criteria FROM proposal")
	if d := cmp.Diff([]string{"eligibility|criterion_not_met|e/2|[woman=TRUE, widowed=TRUE, not_remarried=FALSE]"}, got); d != "" {
		t.Error(d)
	}
}

// Ages on the as-of day 31 July 2025, or another where the case says so.
func TestAges(t *testing.T) {
	t.Parallel()
	w := scenario.New(t)
	w.Add("household", "household_id area_code", "h/1 | 10101")
	w.Add("attribute", "subject_id name source value as_of", `
		h/1 | income | a  | 12.5      | 2025-01-01
		h/1 | income | a2 | 99        | 2026-01-01
		h/1 | band   | a  | household | 2025-01-01`)
	var programmes []decide.Programme
	var want []string
	for i, tc := range []struct{ birth, criterion, want string }{
		{"1960-07-31", "age_at_least(65)", "TRUE"},
		{"1960-08-01", "age_at_least(65)", "FALSE"},
		{"~1960", "age_at_least(65)", "UNKNOWN"},
		{"~1959", "age_at_least(65)", "TRUE"},
		{"~1961", "age_at_least(65)", "FALSE"},
		{"1960-01-01..1961-12-31", "age_at_least(65)", "UNKNOWN"},
		{"", "age_at_least(65)", "UNKNOWN"},
		{"2019-07-31", "age_under(6)", "FALSE"},
		{"2019-08-01", "age_under(6)", "TRUE"},
		{"2025-01-31", "age_under_months(6)", "FALSE"},
		{"2025-02-01", "age_under_months(6)", "TRUE"},
		{"1960-08-01", "age_at_least(CASE WHEN sex = 'female' THEN 62 ELSE 65 END)", "FALSE"},
		{"1960-08-01", "number('none') > 3", "UNKNOWN"},
		{"1960-08-01", "CAST(attribute('score') AS INTEGER) > 3", "UNKNOWN"},
		{"1960-08-01", "number('income') > 3 AND attribute('income') = '12.5'", "TRUE"},
		{"1960-08-01", "attribute('band') = 'own'", "TRUE"},
		{"1960-08-01", "enrolled_in('old_age')", "TRUE"},
		{"1960-08-01", "enrolled_in('widow')", "FALSE"},
	} {
		id, code := fmt.Sprintf("m/%02d/member", i), fmt.Sprintf("p%02d", i)
		w.Add("mention", memberColumns, id+" | sp | h/1 | member | head | Rahim Uddin | male | "+tc.birth+" | 10101 | | | | active |")
		w.Add("enrolment", enrolmentColumns, fmt.Sprintf(`
			e/a%d | old_age | %s | h/1 | | active | 2016-01-01 |
			e/b%[1]d | %[3]s | %[2]s | h/1 | | active | 2016-01-01 |`, i, id, code))
		w.Add("attribute", "subject_id name source value as_of", id+" | score | a | many | 2025-01-01\n"+id+" | band | a | own | 2024-01-01")
		programmes = append(programmes, decide.Programme{Code: code, Subjects: "member", Criteria: []decide.Criterion{{Name: "it", Expression: tc.criterion}}})
		want = append(want, fmt.Sprintf("%s|[it=%s]", id, tc.want))
	}
	decideOn(w, programmes...)
	if d := cmp.Diff(want, w.Lines("SELECT subject_id, criteria FROM evaluation WHERE enrolled ORDER BY ALL")); d != "" {
		t.Error(d)
	}
}

// Who was born on 29 February has the birthday on 1 March of a common year.
func TestBirthdayOf29February(t *testing.T) {
	t.Parallel()
	for on, want := range map[string]string{"2025-02-28": "FALSE", "2025-03-01": "TRUE", "2024-02-29": "FALSE"} {
		w := scenario.New(t)
		w.Add("mention", memberColumns, "m/1/member | sp | h/1 | member | head | Rahim Uddin | male | 1960-02-29 | 10101 | | | | active |")
		w.Add("enrolment", enrolmentColumns, "e/1 | old_age | m/1/member | h/1 | | active | 2016-01-01 |")
		p := oldAge()
		p.ValidFrom, p.Criteria = time.Time{}, []decide.Criterion{{Name: "age", Expression: "age_at_least(65)"}}
		decideAt(w, day(on), p)
		if d := cmp.Diff([]string{"[age=" + want + "]"}, w.Lines("SELECT criteria FROM evaluation")); d != "" {
			t.Errorf("on %s: %s", on, d)
		}
	}
}

// Two sources of the birth that disagree leave open what lies between them.
func TestBirthsThatDisagree(t *testing.T) {
	t.Parallel()
	w := scenario.New(t)
	w.Add("mention", memberColumns, "m/1/member | sp | h/1 | member | child | Amina Begum | female | 2020-03-04 | 10101 | | | | active |")
	w.Add("event", eventColumns, "b/1 | birth | 2019-04-03 | 2019-05-20 | 2019-06-01 | registered | B-1")
	w.Add("mention", mentionColumns, "b/1/child | crvs | b/1 | child | Amina Begum | female | 2019-04-03 | 10101 | | |")
	w.Add("link", linkColumns, "across | b/1/child | m/1/member | true | 20 | 0.99 |")
	decideOn(w, grant())
	if d := cmp.Diff([]string{"m/1/member|unknown|[age=UNKNOWN]|[]|[age]"}, w.Lines(outcomes)); d != "" {
		t.Error(d)
	}
}

func TestVersionInForce(t *testing.T) {
	t.Parallel()
	w := rahim(t)
	old, now, next := oldAge(), oldAge(), oldAge()
	old.ValidFrom, old.ValidTo, old.Criteria = day("2020-01-01"), day("2024-12-31"), []decide.Criterion{{Name: "old", Expression: "TRUE"}}
	now.Criteria = []decide.Criterion{{Name: "now", Expression: "TRUE"}}
	next.ValidFrom, next.Criteria = day("2025-08-01"), []decide.Criterion{{Name: "next", Expression: "TRUE"}}
	decideOn(w, next, now, old)
	if d := cmp.Diff([]string{"[now=TRUE]"}, w.Lines("SELECT DISTINCT criteria FROM evaluation")); d != "" {
		t.Error(d)
	}
}

// A newborn that only the register knows is proposed in its mother's household,
// and not when the household lists a child born in those days.
func TestNewborn(t *testing.T) {
	t.Parallel()
	newborn := func(listed string) []string {
		w := rahim(t)
		w.Exec("DELETE FROM enrolment; UPDATE mention SET birth_earliest = '1988-06-07', birth_latest = '1988-06-07' WHERE mention_id = 'm/2/member'")
		w.Add("mention", memberColumns, listed)
		w.Add("event", eventColumns, "b/1 | birth | 2025-05-10 | 2025-05-20 | 2025-06-01 | registered | B-1")
		w.Add("mention", mentionColumns, `
			b/1/child  | crvs | b/1 | child  | Amina Begum | female | 2025-05-10 | 10101 | | |
			b/1/mother | crvs | b/1 | mother | Salma Begum | female | 1988-06-07 | 10101 | | |`)
		w.Add("link", linkColumns, "across | b/1/mother | m/2/member | true | 20 | 0.99 |")
		decideOn(w, grant())
		return w.Lines("SELECT kind, reason_code, subject_id, mention_id, other_mention_id, household_id, area_code, event_id, registration_number FROM proposal WHERE reason_code = 'newborn'")
	}
	if d := cmp.Diff([]string{"registration|newborn|b/1/child||b/1/child|h/1|10101|b/1|B-1"}, newborn("")); d != "" {
		t.Error(d)
	}
	listed := "m/7/member | sp | h/1 | member | child | Baby | female | 2025-05-12 | 10101 | | | | active | 2025-06-01"
	if d := cmp.Diff([]string{"registration|newborn|m/7/member|m/7/member||h/1|10101||"}, newborn(listed)); d != "" {
		t.Errorf("the listed child is the one: %s", d)
	}
}

func TestBirthdayReached(t *testing.T) {
	t.Parallel()
	w := scenario.New(t)
	w.Add("mention", memberColumns, `
		m/1/member | sp | h/1 | member | head | Rahim Uddin | male | 1960-02-20 | 10101 | | | | active |
		m/2/member | sp | h/2 | member | head | Karim Uddin | male | 1950-02-20 | 10101 | | | | active |`)
	decideOn(w, oldAge())
	want := []string{"m/1/member|birthday_reached", "m/2/member|not_enrolled"}
	if d := cmp.Diff(want, w.Lines("SELECT subject_id, reason_code FROM proposal ORDER BY ALL")); d != "" {
		t.Error(d)
	}
}

func TestProgrammesThatExcludeEachOther(t *testing.T) {
	t.Parallel()
	w := rahim(t)
	w.Exec("DELETE FROM enrolment; UPDATE mention SET birth_earliest = '1950-06-07', birth_latest = '1950-06-07' WHERE mention_id = 'm/2/member'")
	w.Add("enrolment", enrolmentColumns, `
		e/1 | old_age | m/2/member | h/1 | | active | 2016-01-01 |
		e/2 | widow   | m/2/member | h/1 | | active | 2025-04-01 |`)
	decideOn(w, oldAge(), widowAllowance())
	got := w.Lines("SELECT kind, programme, enrolment_id, other_enrolment_id, reason_code, tier FROM proposal")
	if d := cmp.Diff([]string{"duplicate|widow|e/2|e/1|excluding_programmes|T1"}, got); d != "" {
		t.Error(d)
	}
	w = rahim(t)
	w.Exec("DELETE FROM enrolment; UPDATE mention SET birth_earliest = '1950-06-07', birth_latest = '1950-06-07' WHERE mention_id = 'm/2/member'")
	w.Add("enrolment", enrolmentColumns, "e/1 | old_age | m/2/member | h/1 | | active | 2016-01-01 |")
	decideOn(w, oldAge(), widowAllowance())
	if got := w.Lines("SELECT kind, programme FROM proposal"); len(got) != 0 {
		t.Errorf("nobody is invited into a programme that excludes the present one, got %v", got)
	}
}

// A wrong expression is told by its place in the programme file.
func TestWrongExpression(t *testing.T) {
	t.Parallel()
	w := rahim(t)
	p := oldAge()
	p.Criteria[1].Expression, p.Criteria[1].Path = "agee_at_least(65)", "criteria[1].expression"
	err := tryDecide(w, p)
	if err == nil || !strings.Contains(err.Error(), "criteria[1].expression: criterion age of programme old_age") {
		t.Errorf("got %v", err)
	}
}

func TestRegisteredTwice(t *testing.T) {
	t.Parallel()
	w := rahim(t)
	w.Exec("DELETE FROM enrolment")
	w.Add("event", eventColumns, "d/2 | death | 2025-02-10 | 2025-04-01 | 2025-04-20 | registered | R-2")
	w.Add("mention", mentionColumns, "d/2/deceased | crvs | d/2 | deceased | Rahim Uddin | male | 1950-04-05 | 10101 | Amena Bibi | | Salma Begum")
	w.Exec("INSERT INTO cluster VALUES ('d/1/deceased', 'd/1/deceased', 'crvs', 0.97), ('d/2/deceased', 'd/1/deceased', 'crvs', 0.97)")
	decideOn(w)
	got := w.Lines("SELECT kind, programme, reason_code, mention_id, other_mention_id, event_id, tier FROM proposal")
	if d := cmp.Diff([]string{"duplicate||death_registered_twice|d/2/deceased|d/1/deceased|d/2|T2"}, got); d != "" {
		t.Error(d)
	}
}

// Two births of one day and two given names are twins, of one name one birth that
// is registered twice.
func TestTwinsAreTwoBirths(t *testing.T) {
	t.Parallel()
	for name, tier := range map[string]string{"Jamal Uddin": "T2", "Shafiq Uddin": "X"} {
		w := rahim(t)
		w.Exec("DELETE FROM enrolment")
		w.Add("event", eventColumns, `
			b/1 | birth | 2025-02-10 | 2025-02-20 | 2025-02-21 | registered | B-1
			b/2 | birth | 2025-02-10 | 2025-03-01 | 2025-03-02 | registered | B-2`)
		w.Add("mention", mentionColumns, `
			b/1/child | crvs | b/1 | child | Jamal Uddin | male | 2025-02-10 | 10101 | Amena Bibi | Rahim Uddin |
			b/2/child | crvs | b/2 | child | `+name+` | male | 2025-02-10 | 10101 | Amena Bibi | Rahim Uddin |`)
		w.Exec("INSERT INTO cluster VALUES ('b/1/child', 'b/1/child', 'crvs', 0.97), ('b/2/child', 'b/1/child', 'crvs', 0.97)")
		decideOn(w)
		got := w.Lines("SELECT reason_code, tier FROM proposal WHERE kind = 'duplicate'")
		if d := cmp.Diff([]string{"birth_registered_twice|" + tier}, got); d != "" {
			t.Errorf("%s: %s", tier, d)
		}
	}
}

// A death that is registered twice is one dead bearer of its number, and proves the
// exit as well as one registration does; another dead person with that number does not.
func TestADeathRegisteredTwiceIsOne(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ probability, tier string }{{"0.97", "T1"}, {"0.05", "T2"}} {
		w := rahim(t)
		w.Add("event", eventColumns, "d/2 | death | 2025-02-10 | 2025-04-01 | 2025-04-20 | registered | R-2")
		w.Add("mention", mentionColumns, "d/2/deceased | crvs | d/2 | deceased | Rahim Uddin | male | 1950-04-05 | 10101 | Amena Bibi | Karim Uddin | Salma Begum")
		w.Add("identifier", numberColumns, "d/2/deceased | national_id | 1234567891 |")
		w.Add("link", linkColumns, "register | d/1/deceased | d/2/deceased | false | 20 | "+tc.probability+" |")
		decideOn(w, oldAge())
		got := w.Lines("SELECT mention_id, tier FROM proposal WHERE kind = 'exit'")
		if d := cmp.Diff([]string{"m/1/member|" + tc.tier}, got); d != "" {
			t.Errorf("registrations that are one with %s: %s", tc.probability, d)
		}
	}
}
