package decide_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rollcall/pipeline/decide"
	"rollcall/pipeline/facts/scenario"
)

const exits = "SELECT enrolment_id, tier FROM proposal WHERE kind = 'exit' ORDER BY ALL"

func TestCorroboratedDeath(t *testing.T) {
	t.Parallel()
	w := rahim(t)
	decideOn(w, oldAge())
	if d := cmp.Diff([]string{"e/1|T1"}, w.Lines(exits)); d != "" {
		t.Fatal(d, w.Lines("SELECT tier_reasons, contradictions, agreement FROM proposal"))
	}
	got := w.Lines(`SELECT programme, subject_id, mention_id, household_id, area_code, reason_code, other_mention_id, event_id, registration_number,
		event_latest, registered_on, received_on, event_status, match_probability, namesakes, agreement, household_effects,
		entitlement_ended_on, currency, paid_after FROM proposal WHERE kind = 'exit'`)
	want := []string{"old_age|m/1/member|m/1/member|h/1|10101|death_corroborated|d/1/deceased|d/1|R-1|" +
		"2025-02-10|2025-03-01|2025-03-20|registered|0.990000|0|" +
		"[identifier=exact, name=exact, birth=exact, sex=exact, area=exact, mother=exact, father=exact, spouse=exact]|" +
		"[head_to_change:h/1, orphan_one:m/3/member, widow:m/2/member]|" +
		"2025-02-10|BDT|0.00"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// What must never be taken for proof of identity.
func TestTiers(t *testing.T) {
	t.Parallel()
	const deceased, roster = "mention_id = 'd/1/deceased'", "mention_id = 'm/1/member'"
	set := func(values, where string) string { return "UPDATE mention SET " + values + " WHERE " + where + ";" }
	noNumber := "DELETE FROM identifier;"
	unverified := "UPDATE identifier SET verified = FALSE;"
	noRelatives := set("mother_name = NULL, father_name = NULL, spouse_name = NULL", deceased)
	placeholder := set("birth_earliest = '1950-01-01', birth_latest = '1950-01-01', birth_precision = 'default'", "full_name = 'Rahim Uddin' AND role IN ('member', 'deceased')")
	elsewhere := set("area_code = '99999'", deceased)
	unsureInRegister := "INSERT INTO cluster VALUES ('d/1/deceased', 'd/1/deceased', 'crvs', 0.7);"
	for _, tc := range []struct {
		name, change, tier, because string
	}{
		{"tokens in another order", set("full_name = 'Uddin Rahim'", deceased), "T1", ""},
		{"a letter differs", set("full_name = 'Rahim Udin'", deceased), "T1", ""},
		{"the identifier is not verified, birth and village agree", unverified + noRelatives, "T1", ""},
		{"the identifier is not verified, birth and a relative agree", unverified + elsewhere, "T1", ""},
		{"the identifier is not verified, nothing but birth and sex agree", unverified + noRelatives + elsewhere, "T2", "identifier_not_verified"},
		{"the identifier is not verified, birth missing", unverified + set("birth_earliest = NULL, birth_latest = NULL", deceased), "T2", "identifier_not_verified"},
		{"the register names the sub-district only", noRelatives + set("area_code = '1010'", deceased) + set("area_code = '101013'", roster), "T1", ""},
		{"one digit of the birth", set("birth_earliest = '1951-04-05', birth_latest = '1951-04-05'", deceased), "T1", ""},
		{"an age three years off", set("birth_earliest = '1953-02-11', birth_latest = '1954-02-10', birth_precision = 'age'", deceased), "T1", ""},
		{"an age nine years off", set("birth_earliest = '1959-02-11', birth_latest = '1960-02-10', birth_precision = 'age'", deceased), "T2", "birth_not_agreeing"},
		{"Mohammad left out, an initial for the father's name", set("full_norm = 'mohammad rahim u'", deceased), "T1", ""},
		{"a brother's name", set("full_norm = 'karim uddin'", deceased), "T2", "name_not_agreeing"},
		{"birth missing, a relative and the village agree", set("birth_earliest = NULL, birth_latest = NULL", deceased), "T1", ""},
		{"no identifier", noNumber, "T2", "no_shared_identifier"},
		{"the identifier is not well formed", "UPDATE identifier SET value = NULL, well_formed = FALSE WHERE " + deceased + ";", "T2", "no_shared_identifier"},
		{"another name", set("full_name = 'Nurul Islam'", deceased), "T2", "name_not_agreeing"},
		{"only sex and village agree", noRelatives + set("birth_earliest = NULL, birth_latest = NULL", deceased), "T2", "few_fields_agree"},
		{"1 January and one of another year", placeholder + set("birth_earliest = '1952-01-01', birth_latest = '1952-12-31'", deceased), "T2", "birth_placeholder"},
		{"1 January", placeholder, "T2", "birth_placeholder"},
		{"1 January, no identifier, no relative, another village", placeholder + noNumber + noRelatives + elsewhere, "T3", "birth_weak"},
		{"somebody else bears the identifier", "INSERT INTO identifier (mention_id, identifier_type, value) VALUES ('m/2/member', 'national_id', '1234567891');", "T2", "identifier_shared"},
		{"birth years apart", set("birth_earliest = '1931-04-05', birth_latest = '1931-04-05'", deceased), "T2", "birth_not_agreeing"},
		{"no identifier, birth years apart", noNumber + noRelatives + set("birth_earliest = '1931-04-05', birth_latest = '1931-04-05'", deceased), "T3", "birth_differs"},
		{"another name, no identifier, two fields agree", noNumber + noRelatives + set("full_name = 'Nurul Islam'", deceased), "T2", "name_not_agreeing"},
		{"another name, no identifier, birth alone agrees", noNumber + noRelatives + elsewhere + set("full_name = 'Nurul Islam'", deceased), "T3", "name_differs"},
		{"another name, no identifier, not certain", noNumber + "UPDATE link SET match_probability = 0.7;" + set("full_name = 'Nurul Islam'", deceased), "T3", "name_differs"},
		{
			"another name, no identifier, a twin", noNumber + set("full_name = 'Nurul Islam'", deceased) +
				"INSERT INTO mention BY NAME SELECT * REPLACE ('m/7/member' AS mention_id, 'Nurul Islam' AS full_name) FROM mention WHERE mention_id = 'm/1/member';", "T3", "name_differs",
		},
		{"other identifiers that nobody verified", unverified + "UPDATE identifier SET value = '9876543210' WHERE " + deceased + ";" + noRelatives, "T2", "no_shared_identifier"},
		{"other identifiers that nobody verified, not certain", "UPDATE link SET match_probability = 0.7;" + unverified + "UPDATE identifier SET value = '9876543210' WHERE " + deceased + ";" + noRelatives, "T3", "identifier_differs"},
		{"other identifiers", "UPDATE identifier SET value = '9876543210' WHERE " + deceased + ";" + noRelatives, "T3", "identifier_differs"},
		{"not certain which other records of the register are his", unsureInRegister, "T1", ""},
		{"not certain which records of the register are his, no identifier", noNumber + unsureInRegister, "T2", "not_certain"},
		{"likely, not certain", "UPDATE link SET match_probability = 0.7;", "T2", "not_certain"},
		{"unlikely", "UPDATE link SET match_probability = 0.3;", "T3", "improbable"},
		{"not accepted", "UPDATE link SET accepted = FALSE;", "T3", "not_the_best_match"},
		{"the runner-up is near", noNumber + "UPDATE link SET margin_bits = 1;", "T3", "runner_up_close"},
		{"the runner-up is near and lacks the identifier", "UPDATE link SET margin_bits = 1;", "T1", ""},
		{"notified only", "UPDATE event SET status = 'notified';", "T2", "not_a_registration"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := rahim(t)
			w.Exec(tc.change)
			decideOn(w, oldAge())
			got := w.Lines("SELECT tier, array_to_string(tier_reasons, ' ') FROM proposal WHERE kind = 'exit'")
			if len(got) != 1 {
				t.Fatalf("want one exit line, got %v", got)
			}
			tier, reasons, _ := strings.Cut(got[0], "|")
			if tier != tc.tier || !strings.Contains(reasons, tc.because) || (tc.because == "" && reasons != "") {
				t.Errorf("tier %s because of %q, want %s because of %q", tier, reasons, tc.tier, tc.because)
			}
		})
	}
}

// Namesakes, twins, and father and son of one name are what false matches come
// from: none of them is ever corroborated.
func TestLookalikesAreNotCorroborated(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, member, number, change string }{
		{"namesake", "m/9/member | sp | h/9 | member | head | Rahim Uddin | male | 1950-04-05 | 10101 | | | | active | 2020-03-01", "", ""},
		{
			"namesake born on 1 January", "m/9/member | sp | h/9 | member | head | Rahim Uddin | male | ~1950 | 10101 | | | | active | 2020-03-01", "",
			"UPDATE mention SET birth_earliest = '1950-01-01', birth_latest = '1950-12-31', birth_precision = 'default' WHERE mention_id = 'd/1/deceased';",
		},
		{
			"twin with the number of the dead one", "m/9/member | sp | h/9 | member | head | Karim Uddin | male | 1950-04-05 | 10101 | Amena Bibi | Karim Uddin | | active | 2020-03-01", "m/9/member | national_id | 1234567891 |",
			"UPDATE mention SET household_id = 'h/9' WHERE mention_id = 'm/1/member';",
		},
		{"son of the name with his father's number", "m/9/member | sp | h/9 | member | head | Rahim Uddin | male | 1980-02-03 | 10101 | | Rahim Uddin | | active | 2020-03-01", "m/9/member | national_id | 1234567891 |", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := rahim(t)
			w.Add("mention", memberColumns, tc.member)
			if tc.number != "" {
				w.Add("identifier", numberColumns, tc.number)
			}
			w.Add("enrolment", enrolmentColumns, "e/9 | old_age | m/9/member | h/9 | | active | 2016-01-01 |")
			// The linker was misled: it took the other man.
			w.Exec("UPDATE link SET right_id = 'm/9/member';" + tc.change)
			decideOn(w, oldAge())
			for _, line := range w.Lines(exits) {
				if strings.HasSuffix(line, "T1") {
					t.Errorf("a lookalike is corroborated: %s", line)
				}
			}
		})
	}
}

func TestManyNamesakesWithoutMore(t *testing.T) {
	t.Parallel()
	w := rahim(t)
	w.Exec("DELETE FROM identifier; UPDATE mention SET mother_name = NULL, father_name = NULL, spouse_name = NULL, area_code = '10999' WHERE mention_id = 'd/1/deceased'")
	for _, id := range []string{"4", "5", "6", "7", "8"} {
		w.Add("mention", memberColumns, "m/"+id+"/member | sp | h/"+id+" | member | head | Uddin Rahim | male | 1952-01-05 | 10202 | | | | active |")
	}
	w.Add("mention", memberColumns, `
		m/a/member | sp | h/a | member | head | Rahim Uddin | male | 1970-01-05 | 10202 | | | | active |
		m/b/member | sp | h/b | member | head | Rahim Uddin | male | 1950-01-05 | 20202 | | | | active |`)
	decideOn(w, oldAge())
	got := w.Lines("SELECT tier, namesakes, list_contains(tier_reasons, 'many_namesakes') FROM proposal WHERE kind = 'exit'")
	if d := cmp.Diff([]string{"T3|5|true"}, got); d != "" {
		t.Errorf("five of the name within five years in the district: %s", d)
	}
}

func TestContradictions(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		code   string
		change func(*scenario.World)
	}{
		{"death_before_birth", sql("UPDATE mention SET birth_earliest = '2025-03-01', birth_latest = '2025-03-01' WHERE mention_id = 'm/1/member'")},
		{"death_after_registration", sql("UPDATE event SET registered_on = '2025-01-01'")},
		{"death_after_as_of", sql("UPDATE event SET occurred_earliest = '2025-08-01', occurred_latest = '2025-08-01', registered_on = NULL")},
		{"age_over_110", sql("UPDATE mention SET birth_earliest = '1910-01-01', birth_latest = '1910-01-01' WHERE role = 'deceased'")},
		{"sex_differs", sql("UPDATE mention SET sex = 'female' WHERE role = 'deceased'")},
		{"death_of_several_persons", func(w *scenario.World) {
			w.Add("mention", memberColumns, "m/9/member | sp | h/9 | member | head | Rahim Uddin | male | 1950-04-05 | 10101 | | | | active |")
			w.Add("link", linkColumns, "across | d/1/deceased | m/9/member | true | 20 | 0.9 |")
		}},
		{"several_deaths", func(w *scenario.World) {
			w.Add("event", eventColumns, "d/2 | death | 2024-01-01 | 2024-02-01 | 2024-02-02 | registered | R-2")
			w.Add("mention", mentionColumns, "d/2/deceased | crvs | d/2 | deceased | Rahim Uddin | male | 1950-04-05 | 10101 | | |")
			w.Add("link", linkColumns, "across | d/2/deceased | m/1/member | true | 20 | 0.9 |")
		}},
		{"death_dates_differ", func(w *scenario.World) {
			w.Add("event", eventColumns, "d/2 | death | 2024-01-01 | 2024-02-01 | 2024-02-02 | registered | R-2")
			w.Add("mention", mentionColumns, "d/2/deceased | crvs | d/2 | deceased | Rahim Uddin | male | 1950-04-05 | 10101 | | |")
			w.Exec("INSERT INTO cluster VALUES ('d/1/deceased', 'd/1/deceased', 'crvs', 1), ('d/2/deceased', 'd/1/deceased', 'crvs', 1)")
		}},
		{"life_after_death", func(w *scenario.World) {
			w.Add("payment", paymentColumns, "p/1 | e/1 | 2025-04 | 600 | BDT | in_person | 2025-05-02")
		}},
		{"placeholder_identifier", sql("UPDATE identifier SET written = '0000000000', value = NULL, well_formed = FALSE, problem = 'placeholder'")},
	} {
		t.Run(tc.code, func(t *testing.T) {
			t.Parallel()
			w := rahim(t)
			tc.change(w)
			decideOn(w, oldAge())
			got := w.Lines("SELECT enrolment_id, tier FROM proposal WHERE kind = 'exit' AND list_contains(contradictions, '" + tc.code + "')")
			if d := cmp.Diff([]string{"e/1|X"}, got); d != "" {
				t.Error(d, w.Lines("SELECT kind, tier, contradictions FROM proposal"))
			}
		})
	}
}

func sql(q string) func(*scenario.World) { return func(w *scenario.World) { w.Exec(q) } }

func TestMoneyTakenFromAfarIsNoLife(t *testing.T) {
	t.Parallel()
	w := rahim(t)
	w.Add("payment", paymentColumns, "p/1 | e/1 | 2025-04 | 600 | BDT | remote | 2025-05-02")
	decideOn(w, oldAge())
	if d := cmp.Diff([]string{"e/1|T1"}, w.Lines(exits)); d != "" {
		t.Error(d)
	}
}

func TestLifeEvidenceIsListed(t *testing.T) {
	t.Parallel()
	w := rahim(t)
	w.Add("payment", paymentColumns, "p/1 | e/1 | 2025-04 | 600 | BDT | in_person | 2025-05-02\np/0 | e/1 | 2024-04 | 600 | BDT | in_person | 2024-05-02")
	decideOn(w, oldAge())
	got := w.Lines("SELECT life_evidence FROM proposal WHERE kind = 'exit'")
	if d := cmp.Diff([]string{"[2025-05-02 in_person_payment p/1]"}, got); d != "" {
		t.Error(d)
	}
}

func TestRevokedDeath(t *testing.T) {
	t.Parallel()
	const query = "SELECT kind, enrolment_id, tier, reason_code, supersedes, event_id FROM proposal WHERE kind IN ('exit', 'reinstatement')"
	w := rahim(t)
	w.Exec("UPDATE event SET status = 'revoked'")
	decideOn(w, oldAge())
	if got := w.Lines(query); len(got) != 0 {
		t.Errorf("a revoked death of somebody who is still paid asks for nothing, got %v", got)
	}
	w = rahim(t)
	w.Exec("UPDATE event SET status = 'revoked'; UPDATE enrolment SET status = 'closed', to_on = '2025-04-30'")
	decideOn(w, oldAge())
	if d := cmp.Diff([]string{"reinstatement|e/1|X|death_revoked|revoked|d/1"}, w.Lines(query)); d != "" {
		t.Error(d)
	}
}

// A verdict on two records holds until one of their values changes.
func TestJudgedDifferent(t *testing.T) {
	t.Parallel()
	const values = "SELECT case_id, 'rejected' AS kind, DATE '2025-06-01' AS decided_on, left_values, right_values FROM proposal WHERE kind = 'exit'"
	before := rahim(t)
	decideOn(before, oldAge())
	verdict := before.Lines(values)[0]
	again := func(change string) []string {
		w := rahim(t)
		w.Exec(change)
		w.Add("decision", "case_id kind decided_on left_values right_values", verdict)
		decideOn(w, oldAge())
		return w.Lines(exits)
	}
	if got := again("SELECT 1"); len(got) != 0 {
		t.Errorf("the same pair came back: %v", got)
	}
	if d := cmp.Diff([]string{"e/1|T1"}, again("UPDATE mention SET birth_written = '5 April 1950' WHERE mention_id = 'm/1/member'")); d != "" {
		t.Errorf("a changed value makes it a new question: %s", d)
	}
	if d := cmp.Diff([]string{}, again("UPDATE mention SET full_norm = 'rohim uddin' WHERE mention_id = 'm/1/member'")); d != "" {
		t.Errorf("a new standardisation does not: %s", d)
	}
}

// The registration is evidence: a corrected one makes no second case.
func TestCaseIsStable(t *testing.T) {
	t.Parallel()
	id := func(change string) string {
		w := rahim(t)
		w.Exec(change)
		decideOn(w, oldAge())
		return w.Lines("SELECT case_id FROM proposal WHERE kind = 'exit'")[0]
	}
	first := id("SELECT 1")
	if len(first) != 16 {
		t.Errorf("case id %q", first)
	}
	if other := id("UPDATE event SET event_id = 'd/7', registration_number = 'R-7', status = 'corrected'; UPDATE mention SET event_id = 'd/7' WHERE event_id = 'd/1'"); other != first {
		t.Errorf("another registration of the death made case %s of %s", other, first)
	}
	if other := id("UPDATE enrolment SET enrolment_id = 'e/2'"); other == first {
		t.Error("two enrolments share a case")
	}
}

// A quarter's payment is for its months: of January to March, those after the end.
// One of which no record tells the day was made on the calendar's day.
func TestWindowOfQuarters(t *testing.T) {
	t.Parallel()
	w := rahim(t)
	w.Add("payment", paymentColumns, `
		p/1 | e/1 | 2025-01 | 1000.00 | BDT | remote | 2025-03-05
		p/2 | e/1 |         | 1000.00 | BDT | remote | 2025-04-08
		p/3 | e/1 | 2025-04 | 1000.00 | BDT | remote |`)
	p := oldAge()
	p.Calendar, p.Timing, p.CutoffDay = "quarterly", "advance", 0
	p.PayDays = [12]int{3: 10} // 10 April
	w.Exec("UPDATE event SET received_on = '2025-04-09'")
	decideOn(w, p)
	got := w.Lines("SELECT entitlement_ended_on, paid_after, paid_late_registration, paid_late_extract, paid_late_action FROM proposal WHERE kind = 'exit'")
	// Of the first 333.33, for March; the second came before the registration did, the third after.
	if d := cmp.Diff([]string{"2025-02-10|2333.33|0.00|1333.33|1000.00"}, got); d != "" {
		t.Error(d)
	}
}

func TestWindow(t *testing.T) {
	t.Parallel()
	// Death 10 February, registered 1 March, received 20 March.
	const payments = `
		p/1 | e/1 | 2025-01 | 600.10 | BDT | remote | 2025-02-03
		p/2 | e/1 | 2025-02 | 600.10 | BDT | remote | 2025-03-03
		p/3 | e/1 | 2025-03 | 600.10 | BDT | remote | 2025-03-25
		p/4 | e/1 | 2025-04 | 600.10 | BDT | remote | 2025-05-03
		p/5 | e/1 | 2025-05 | 600.20 | BDT | remote | 2025-06-03`
	for _, tc := range []struct {
		name           string
		ends           string
		days, cutoff   int
		timing, change string
		want           string // ended, after, unavoidable, late registration, late extract, late action
	}{
		{"day", "day", 0, 0, "arrears", "", "2025-02-10|1800.40|0.00|0.00|0.00|1800.40"},
		{"month end", "month_end", 0, 0, "arrears", "", "2025-02-28|1800.40|0.00|0.00|0.00|1800.40"},
		{"the month of the death is not paid", "month_before", 0, 0, "arrears", "", "2025-01-31|2400.50|0.00|0.00|600.10|1800.40"},
		{"month end and a month's bereavement", "month_end", 31, 0, "arrears", "", "2025-03-31|1200.30|0.00|0.00|0.00|1200.30"},
		{"the file is cut on the 22nd", "day", 0, 22, "arrears", "", "2025-02-10|1800.40|0.00|0.00|0.00|1800.40"},
		{"received late", "day", 0, 0, "arrears", "UPDATE event SET received_on = '2025-05-20'", "2025-02-10|1800.40|0.00|0.00|1200.20|600.20"},
		{"received late, cut on the 22nd", "day", 0, 22, "arrears", "UPDATE event SET received_on = '2025-05-20'", "2025-02-10|1800.40|0.00|0.00|1200.20|600.20"},
		{"registered and received late", "day", 0, 0, "arrears", "UPDATE event SET registered_on = '2025-05-01', received_on = '2025-05-20'", "2025-02-10|1800.40|0.00|600.10|600.10|600.20"},
		{"paid in advance, cut before the death", "day", 0, 5, "advance", "UPDATE payment SET paid_on = '2025-02-20' WHERE payment_id = 'p/3'", "2025-02-10|1800.40|600.10|0.00|0.00|1200.30"},
		{"cut on the 31st, paid in a short month", "day", 0, 31, "advance", "UPDATE payment SET paid_on = '2025-02-27' WHERE payment_id = 'p/3'", "2025-02-10|1800.40|600.10|0.00|0.00|1200.30"},
		{"no day of payment", "day", 0, 0, "arrears", "UPDATE payment SET paid_on = NULL; UPDATE event SET received_on = '2025-05-20'", "2025-02-10|1800.40|0.00|0.00|1200.20|600.20"},
		{"one paid after the day of the run", "day", 0, 0, "arrears", "UPDATE payment SET paid_on = '2025-08-03' WHERE payment_id = 'p/5'", "2025-02-10|1200.20|0.00|0.00|0.00|1200.20"},
		{"no cycle", "day", 0, 0, "arrears", "UPDATE payment SET cycle = NULL", "2025-02-10|1200.30|0.00|0.00|0.00|1200.30"},
		{"in two currencies, of which there is no sum", "day", 0, 0, "arrears", "UPDATE payment SET currency = 'USD' WHERE payment_id = 'p/5'", "2025-02-10|||||"},
		{"never registered, never received", "day", 0, 0, "arrears", "UPDATE event SET registered_on = NULL, received_on = NULL", "2025-02-10|1800.40|0.00|1800.40|0.00|0.00"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := rahim(t)
			w.Add("payment", paymentColumns, payments)
			if tc.change != "" {
				w.Exec(tc.change)
			}
			p := oldAge()
			p.Ends, p.BereavementDays, p.CutoffDay, p.Timing = tc.ends, tc.days, tc.cutoff, tc.timing
			decideOn(w, p)
			got := w.Lines(`SELECT entitlement_ended_on, paid_after, paid_unavoidable, paid_late_registration, paid_late_extract, paid_late_action
				FROM proposal WHERE kind = 'exit'`)
			if d := cmp.Diff([]string{tc.want}, got); d != "" {
				t.Error(d)
			}
			if got := w.Lines(`SELECT case_id FROM proposal
				WHERE paid_after <> paid_unavoidable + paid_late_registration + paid_late_extract + paid_late_action`); len(got) > 0 {
				t.Error("the causes do not add up")
			}
		})
	}
}

// A woman enrolled twice who died once: two exits of one person, one duplicate.
func TestEnrolledTwiceDiedOnce(t *testing.T) {
	t.Parallel()
	w := rahim(t)
	w.Exec("INSERT INTO mention BY NAME SELECT * REPLACE ('m/8/member' AS mention_id, 'h/8' AS household_id) FROM mention WHERE mention_id = 'm/1/member'")
	w.Add("identifier", numberColumns, "m/8/member | national_id | 1234567891 |")
	w.Exec("INSERT INTO cluster VALUES ('m/1/member', 'm/1/member', 'sp', 0.99), ('m/8/member', 'm/1/member', 'sp', 0.99)")
	w.Add("link", linkColumns, "roster | m/1/member | m/8/member | true | 22 | 0.99 |")
	w.Add("enrolment", enrolmentColumns, "e/8 | old_age | m/8/member | h/8 | | active | 2018-01-01 |")
	decideOn(w, oldAge())
	want := []string{
		"duplicate|e/8|e/1|m/1/member|T1|enrolled_twice",
		"exit|e/1||m/1/member|T1|death_corroborated",
		"exit|e/8||m/1/member|T1|death_corroborated",
	}
	got := w.Lines("SELECT kind, enrolment_id, other_enrolment_id, subject_id, tier, reason_code FROM proposal WHERE kind IN ('exit', 'duplicate') ORDER BY ALL")
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestCaregiverDies(t *testing.T) {
	t.Parallel()
	grant := decide.Programme{
		Code: "child_grant", ValidFrom: day("2025-01-01"), Subjects: "child", Caregiver: true,
		Criteria: []decide.Criterion{{Name: "age", Expression: "age_under(18)"}},
	}
	w := rahim(t)
	w.Exec("DELETE FROM enrolment")
	w.Add("enrolment", enrolmentColumns, "e/3 | child_grant | m/3/member | h/1 | m/1/member | active | 2016-01-01 |")
	decideOn(w, grant)
	got := w.Lines("SELECT kind, enrolment_id, subject_id, reason_code, event_id FROM proposal")
	if d := cmp.Diff([]string{"eligibility|e/3|m/3/member|caregiver_deceased|d/1"}, got); d != "" {
		t.Error(d)
	}
}
