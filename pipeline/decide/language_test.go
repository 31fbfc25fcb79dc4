package decide_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rollcall/matchers/locale"
	"rollcall/pipeline/decide"
	"rollcall/pipeline/facts/scenario"
	"rollcall/pipeline/store"
)

// family is Salma, whose husband died in 2020, with three children: one that the
// roster lists and the register knows by the same days, one that only the register
// knows, and one who died.
func family(t testing.TB) *scenario.World {
	w := scenario.New(t)
	w.Add("household", "household_id area_code", "h/1 | 10101")
	w.Add("mention", memberColumns, `
		m/1/member | sp | h/1 | member | head  | Salma Begum | female | 1980-06-07 | 10101 | | | Rahim Uddin | active | 2018-03-01
		m/2/member | sp | h/1 | member | child | Jamal Uddin | male   | 2012-08-09 | 10101 | | | | active | 2018-03-01`)
	w.Add("event", eventColumns, `
		b/1 | birth | 2012-08-09 | 2012-09-01 | 2012-09-02 | registered | B-1
		b/2 | birth | 2015-02-03 | 2015-03-01 | 2015-03-02 | registered | B-2
		b/3 | birth | 2017-01-02 | 2017-03-01 | 2017-03-02 | registered | B-3
		d/3 | death | 2017-01-09 | 2017-03-01 | 2017-03-02 | registered | D-3
		d/1 | death | 2020-05-10 | 2020-06-01 | 2020-06-20 | registered | R-1`)
	w.Add("mention", mentionColumns, `
		b/1/child    | crvs | b/1 | child    | Jamal Uddin | male   | 2012-08-09 | 10101 | | |
		b/1/mother   | crvs | b/1 | mother   | Salma Begum | female | 1980-06-07 | 10101 | | |
		b/1/father   | crvs | b/1 | father   | Rahim Uddin | male   | 1975-01-07 | 10101 | | |
		b/2/child    | crvs | b/2 | child    | Amina Begum | female | 2015-02-03 | 10101 | | |
		b/2/mother   | crvs | b/2 | mother   | Salma Begum | female | 1980-06-07 | 10101 | | |
		b/3/child    | crvs | b/3 | child    | Kamal Uddin | male   | 2017-01-02 | 10101 | | |
		b/3/mother   | crvs | b/3 | mother   | Salma Begum | female | 1980-06-07 | 10101 | | |
		d/3/deceased | crvs | d/3 | deceased | Kamal Uddin | male   | 2017-01-02 | 10101 | | |
		d/1/deceased | crvs | d/1 | deceased | Rahim Uddin | male   | 1975-01-07 | 10101 | | |
		d/1/spouse   | crvs | d/1 | spouse   | Salma Begum | female | 1980-06-07 | 10101 | | |`)
	w.Exec(`INSERT INTO cluster
		SELECT mention_id, 'b/1/mother', 'crvs', 1 FROM mention WHERE full_name = 'Salma Begum' AND side = 'crvs' UNION ALL
		SELECT mention_id, 'b/1/father', 'crvs', 1 FROM mention WHERE full_name = 'Rahim Uddin' UNION ALL
		SELECT mention_id, 'b/3/child', 'crvs', 1 FROM mention WHERE full_name = 'Kamal Uddin'`)
	w.Add("link", linkColumns, "across | b/1/mother | m/1/member | true | 20 | 0.99 |")
	return w
}

// What a criterion can say, of Salma on the as-of day 31 July 2025.
func TestLanguage(t *testing.T) {
	t.Parallel()
	w := family(t)
	w.Add("enrolment", enrolmentColumns, "e/1 | old_age | m/1/member | h/1 | | active | 2019-01-01 |")
	w.Add("attribute", "subject_id name source value as_of", `
		m/1/member | separated_since | a | 2023-07-31 | 2025-01-01
		m/1/member | poor            | a | Yes        | 2025-01-01
		h/1        | literate        | a | no         | 2025-01-01
		h/1        | odd             | a | perhaps    | 2025-01-01`)
	var programmes []decide.Programme
	var want []string
	for i, tc := range []struct{ criterion, want string }{
		{"as_of = DATE '2025-07-31' AND month_start = DATE '2025-07-01' AND month_end = as_of", "TRUE"},
		{"age_at_least(45, DATE '2025-06-06')", "FALSE"},
		{"age_at_least(45, month_start)", "TRUE"},
		{"age_under(45, make_date(year(as_of), 4, 1))", "TRUE"},
		{"age_under_months(541, DATE '2025-06-30')", "TRUE"},
		{"age_under_months(540, DATE '2025-06-30')", "FALSE"},
		{"widowed AND widowed_on = DATE '2020-05-10'", "TRUE"},
		{"years_passed(widowed_on, 5)", "TRUE"},
		{"years_passed(widowed_on, 6)", "FALSE"},
		{"years_passed(day_of('separated_since'), 2)", "TRUE"},
		{"years_passed(day_of('separated_since'), 3)", "FALSE"},
		{"years_passed(day_of('poor'), 1)", "UNKNOWN"},
		{"yes('poor')", "TRUE"},
		{"yes('literate')", "FALSE"},
		{"yes('odd')", "UNKNOWN"},
		{"yes('nothing')", "UNKNOWN"},
		{"in_area('10')", "TRUE"},
		{"in_area('1010')", "TRUE"},
		{"in_area('20')", "FALSE"},
		{"children_known = 2", "TRUE"},
		{"children_at_least(2)", "TRUE"},
		{"children_at_least(3)", "UNKNOWN"},
		{"births_at_least(3)", "TRUE"},
		{"births_at_least(4)", "UNKNOWN"},
		{"nth_birth(2) = DATE '2015-02-03'", "TRUE"},
		{"nth_sex(2) = 'female'", "TRUE"},
		{"nth_sex(1) = 'female'", "FALSE"},
		{"nth_sex(4) = 'female'", "UNKNOWN"},
		{"died_earliest < as_of", "UNKNOWN"},
		{"divorced_on < as_of", "UNKNOWN"},
		{"caregiver_is_parent", "UNKNOWN"},
		{"enrolled_in('old_age')", "TRUE"},
	} {
		code := fmt.Sprintf("p%02d", i)
		w.Add("enrolment", enrolmentColumns, fmt.Sprintf("e/x%02d | %s | m/1/member | h/1 | | active | 2016-01-01 |", i, code))
		programmes = append(programmes, decide.Programme{Code: code, Subjects: "member", Criteria: []decide.Criterion{{Name: "it", Expression: tc.criterion}}})
		want = append(want, code+"|[it="+tc.want+"]")
	}
	decideOn(w, programmes...)
	if d := cmp.Diff(want, w.Lines("SELECT programme, criteria FROM evaluation WHERE subject_id = 'm/1/member' ORDER BY ALL")); d != "" {
		t.Error(d)
	}
}

// With an area tree, codes need not begin with those of the areas above them.
func TestInArea(t *testing.T) {
	t.Parallel()
	w := family(t)
	makeFacts(w, asOf)
	p := decide.Programme{Code: "north", Subjects: "member", Criteria: []decide.Criterion{
		{Name: "district", Expression: "in_area('N')"}, {Name: "itself", Expression: "in_area('10101')"}, {Name: "beginning", Expression: "in_area('10')"},
	}}
	areas := []locale.Area{{Code: "N"}, {Code: "N7", Parent: "N"}, {Code: "10101", Parent: "N7"}, {Code: "10"}}
	w.Stage("decide", func(ctx context.Context, s *store.Session, st *store.Stage) error {
		return decide.Make(ctx, s, st, decide.Config{AsOf: asOf, Programmes: []decide.Programme{p}, Areas: areas})
	})
	got := w.Lines("SELECT criteria FROM evaluation WHERE subject_id = 'm/1/member'")
	if d := cmp.Diff([]string{"[district=TRUE, itself=TRUE, beginning=FALSE]"}, got); d != "" {
		t.Error(d)
	}
}

// The nth child of a mother, as far as records name her children: Jamal was born
// before Amina, whom only the register knows.
func TestBirthOrder(t *testing.T) {
	t.Parallel()
	w := family(t)
	p := grant()
	p.Criteria = []decide.Criterion{
		{Name: "second", Expression: "birth_order_at_least(2)"}, {Name: "third", Expression: "birth_order_at_least(3)"}, {Name: "registered", Expression: "birth_registered"},
	}
	decideOn(w, p)
	want := []string{"b/2/child|[second=TRUE, third=UNKNOWN, registered=TRUE]", "m/2/member|[second=UNKNOWN, third=UNKNOWN, registered=UNKNOWN]"}
	got := w.Lines("SELECT subject_id, criteria FROM evaluation WHERE subject_id IN ('b/2/child', 'm/2/member') ORDER BY ALL")
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// handing is a widow's allowance up to 60 years and the old-age allowance from
// then on; neither can be drawn beside the other.
func handing() []decide.Programme {
	widow := decide.Programme{
		Code: "widow", Subjects: "member", Excludes: []string{"old_age"}, HandsOverTo: "old_age",
		Criteria: []decide.Criterion{{Name: "widowed", Expression: "widowed"}, {Name: "age", Expression: "age_under(60)"}},
	}
	old := decide.Programme{
		Code: "old_age", Subjects: "member", Excludes: []string{"widow"},
		Criteria: []decide.Criterion{{Name: "age", Expression: "age_at_least(50)"}},
	}
	return []decide.Programme{widow, old}
}

// Until the day of the hand-over the widow stays where she is, though the other
// programme's age is reached; from that day she is changed over.
func TestHandOver(t *testing.T) {
	t.Parallel()
	for on, want := range map[string][]string{
		"2040-06-06": {},
		"2040-06-07": {"eligibility|widow|hands_over", "registration|old_age|handed_over"},
	} {
		w := family(t)
		w.Add("enrolment", enrolmentColumns, "e/1 | widow | m/1/member | h/1 | | active | 2021-01-01 |")
		decideAt(w, day(on), handing()...)
		if d := cmp.Diff(want, w.Lines("SELECT kind, programme, reason_code FROM proposal ORDER BY ALL")); d != "" {
			t.Errorf("on %s: %s", on, d)
		}
	}
}

// Of more enrolments in a household than its bound, those are beyond it that do
// not count first; who is not counted is never beyond it.
func TestBounds(t *testing.T) {
	t.Parallel()
	over := func(p decide.Programme) []string {
		w := scenario.New(t)
		w.Add("household", "household_id area_code", "h/1 | 10101")
		w.Add("mention", memberColumns, `
			m/0/member | sp | h/1 | member | head  | Salma Begum | female | 1980-06-07 | 10101 | | | | active | 2018-03-01
			m/1/member | sp | h/1 | member | child | Jamal Uddin | male   | 2012-08-09 | 10101 | | | | active | 2018-03-01
			m/2/member | sp | h/1 | member | other | Amina Begum | female | 2014-08-09 | 10101 | | | | active | 2018-03-01
			m/3/member | sp | h/1 | member | child | Kamal Uddin | male   | 2016-08-09 | 10101 | | | | active | 2018-03-01
			m/4/member | sp | h/1 | member | child | Nasir Uddin | male   | 2018-08-09 | 10101 | | | | active | 2018-03-01`)
		w.Add("enrolment", enrolmentColumns, `
			e/1 | grant | m/1/member | h/1 | m/0/member | active | 2021-03-01 |
			e/2 | grant | m/2/member | h/1 | m/0/member | active | 2021-01-01 |
			e/3 | grant | m/3/member | h/1 | m/0/member | active | 2021-02-01 |`)
		p.Code, p.Subjects, p.Criteria = "grant", "member", []decide.Criterion{{Name: "age", Expression: "age_under(18)"}}
		decideOn(w, p)
		return w.Lines("SELECT reason_code, coalesce(enrolment_id, subject_id) FROM proposal ORDER BY ALL")
	}
	for _, tc := range []struct {
		name string
		p    decide.Programme
		want []string
	}{
		{"no bound", decide.Programme{}, []string{"not_enrolled|m/4/member"}},
		{"two, the earliest enrolled first", decide.Programme{PerHousehold: decide.Cap{Most: 2}}, []string{"household_bound|e/1"}},
		{"two, the oldest first", decide.Programme{PerHousehold: decide.Cap{Most: 2, First: "oldest"}}, []string{"household_bound|e/3"}},
		{"two, the youngest first", decide.Programme{PerHousehold: decide.Cap{Most: 2, First: "youngest"}}, []string{"household_bound|e/1"}},
		{"four: one has a place left", decide.Programme{PerHousehold: decide.Cap{Most: 4}}, []string{"not_enrolled|m/4/member"}},
		{"two boys", decide.Programme{PerHousehold: decide.Cap{Most: 2, Only: "sex = 'male'"}}, []string{}},
		{"one girl", decide.Programme{PerHousehold: decide.Cap{Most: 1, Only: "sex = 'female'"}}, []string{"not_enrolled|m/4/member"}},
		{"one boy, the youngest", decide.Programme{PerHousehold: decide.Cap{Most: 1, First: "youngest", Only: "sex = 'male'"}}, []string{"household_bound|e/1"}},
		{"one a caregiver, her own not counted", decide.Programme{PerCaregiver: decide.Cap{Most: 1, Only: "caregiver_is_parent IS NOT TRUE"}}, []string{"not_enrolled|m/4/member"}},
		{"one a caregiver, her own counted", decide.Programme{PerCaregiver: decide.Cap{Most: 1, Only: "caregiver_is_parent"}}, []string{"caregiver_bound|e/1", "not_enrolled|m/4/member"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if d := cmp.Diff(tc.want, over(tc.p)); d != "" {
				t.Error(d)
			}
		})
	}
}

// The first case that holds gives the amount; while an earlier one is unknown, so
// is the amount.
func TestAmounts(t *testing.T) {
	t.Parallel()
	w := family(t)
	eighty := decide.AmountCase{When: "age_at_least(80)", Value: "500.00"}
	var programmes []decide.Programme
	for i, a := range []decide.Amount{
		{Value: "200.00"},
		{Cases: []decide.AmountCase{eighty}, Value: "200.00"},
		{Cases: []decide.AmountCase{eighty, {When: "age_at_least(45)", Value: "300.00"}}, Value: "200.00"},
		{Cases: []decide.AmountCase{{When: "yes('disabled')", Value: "900.00"}, {When: "TRUE", Value: "300.00"}}, Value: "200.00"},
		{Expression: "750 + 300 * least(children_known, 3)"},
		{Cases: []decide.AmountCase{eighty}, Expression: "number('none')"},
	} {
		programmes = append(programmes, decide.Programme{
			Code: fmt.Sprintf("p%d", i), Subjects: "member", Amount: a, Criteria: []decide.Criterion{{Name: "woman", Expression: "sex = 'female'"}},
		})
	}
	decideOn(w, programmes...)
	want := []string{"p0|200.00", "p1|200.00", "p2|300.00", "p3|", "p4|1350.00", "p5|"}
	if d := cmp.Diff(want, w.Lines("SELECT programme, amount FROM evaluation ORDER BY ALL")); d != "" {
		t.Error(d)
	}
}

// A lump sum that arises from a death is the household's, once.
func TestLumpSumFromADeath(t *testing.T) {
	t.Parallel()
	funeral := decide.Programme{
		Code: "funeral", Subjects: decide.Deceased, Amount: decide.Amount{Value: "20000.00", Currency: "INR", Per: decide.Once},
		Criteria: []decide.Criterion{
			{Name: "died", Expression: "deceased"},
			{Name: "age", Expression: "age_at_least(18, died_earliest) AND age_under(75, died_latest)"},
			{Name: "in_time", Expression: "died_earliest > as_of - to_months(12)"},
		},
	}
	for name, tc := range map[string]struct {
		change string
		want   []string
	}{
		"due":           {"", []string{"registration|death_gives_rise|m/1/member|h/1|[died=TRUE, age=TRUE, in_time=TRUE]"}},
		"paid before":   {"INSERT INTO enrolment (enrolment_id, programme, mention_id, status) VALUES ('e/9', 'funeral', 'm/1/member', 'closed')", []string{}},
		"75 on the day": {"UPDATE event SET occurred_earliest = '2025-04-05', occurred_latest = '2025-04-05', registered_on = '2025-04-06'", []string{}},
		"too long ago":  {"UPDATE event SET occurred_earliest = '2024-07-31', occurred_latest = '2024-07-31'", []string{}},
	} {
		w := rahim(t)
		w.Exec("DELETE FROM enrolment;" + tc.change)
		decideOn(w, funeral)
		got := w.Lines("SELECT kind, reason_code, subject_id, household_id, criteria FROM proposal WHERE programme = 'funeral'")
		if d := cmp.Diff(tc.want, got); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}
