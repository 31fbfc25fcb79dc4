package decide_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rollcall/pipeline/facts/scenario"
)

// listedTwice is Rahim in two villages, enrolled in both, linked at 0.95.
func listedTwice(t testing.TB) *scenario.World {
	w := rahim(t)
	w.Exec(`DELETE FROM link;
		INSERT INTO mention BY NAME SELECT * REPLACE ('m/8/member' AS mention_id, 'h/8' AS household_id, '20202' AS area_code) FROM mention WHERE mention_id = 'm/1/member';
		INSERT INTO cluster VALUES ('m/1/member', 'm/1/member', 'sp', 0.95), ('m/8/member', 'm/1/member', 'sp', 0.95)`)
	w.Add("identifier", numberColumns, "m/8/member | national_id | 1234567891 |")
	w.Add("link", linkColumns, "roster | m/1/member | m/8/member | true | 22 | 0.95 |")
	w.Add("enrolment", enrolmentColumns, "e/8 | old_age | m/8/member | h/8 | | active | 2018-01-01 |")
	return w
}

// listedThrice is listedTwice with a third record, not enrolled yet.
func listedThrice(t testing.TB) *scenario.World {
	w := listedTwice(t)
	w.Exec(`INSERT INTO mention BY NAME SELECT * REPLACE ('m/9/member' AS mention_id, 'h/9' AS household_id) FROM mention WHERE mention_id = 'm/8/member';
		INSERT INTO cluster VALUES ('m/9/member', 'm/1/member', 'sp', 0.95)`)
	return w
}

func TestTiersOfDuplicates(t *testing.T) {
	t.Parallel()
	set := func(values string) string {
		return "UPDATE mention SET " + values + " WHERE mention_id = 'm/8/member';"
	}
	number := func(set string) string { return "UPDATE identifier SET " + set + ";" }
	noNumber := "DELETE FROM identifier WHERE mention_id = 'm/8/member';"
	placeholder := set("birth_earliest = '1950-01-01', birth_latest = '1950-12-31', birth_precision = 'default'")
	elsewhen := set("birth_earliest = '1953-01-01', birth_latest = '1953-12-31', birth_precision = 'default'")
	noRelatives := set("mother_name = NULL, father_name = NULL, spouse_name = NULL")
	link := func(p string) string {
		return "UPDATE link SET match_probability = " + p + ";"
	}
	for _, tc := range []struct{ name, change, tier, because string }{
		{"all agrees", "SELECT 1", "T1", ""},
		{"no identifier", noNumber, "T2", "no_shared_identifier"},
		{"likely, not certain", link("0.7"), "T2", "not_certain"},
		{"unlikely", link("0.3"), "T3", "improbable"},
		{"a nickname, certain", noNumber + set("full_name = 'Gus'"), "T2", "name_not_agreeing"},
		{"a nickname, not certain", noNumber + link("0.7") + set("full_name = 'Gus'"), "T2", "name_not_agreeing"},
		{"a nickname and a placeholder, not certain", noNumber + link("0.7") + placeholder + set("full_name = 'Gus'"), "T3", "name_differs"},
		{"a placeholder in one household", noNumber + placeholder + set("household_id = 'h/1'"), "T3", "one_household"},
		{"a nickname, other birth", noNumber + set("full_name = 'Gus', birth_earliest = '1952-04-15', birth_latest = '1952-04-15'"), "T3", "birth_differs"},
		{"other birth, no identifier", noNumber + set("birth_earliest = '1952-04-15', birth_latest = '1952-04-15'"), "T3", "birth_differs"},
		{"other birth, the identifier agrees", set("birth_earliest = '1952-04-15', birth_latest = '1952-04-15'"), "T2", "birth_not_agreeing"},
		{"other birth, no relative", noNumber + noRelatives + set("area_code = '10101', birth_earliest = '1985-04-15', birth_latest = '1985-04-15'"), "T3", "birth_differs"},
		{"a placeholder", placeholder, "T2", "birth_placeholder"},
		{"two placeholders years apart", noNumber + elsewhen, "T2", "birth_placeholder"},
		{"two placeholders years apart, not certain", noNumber + link("0.7") + elsewhen, "T3", "birth_weak"},
		{"other verified identifiers", number("verified = TRUE") + "UPDATE identifier SET value = '9876543210' WHERE mention_id = 'm/8/member'", "X", "verified_identifiers_differ"},
		{"other sex", set("sex = 'female'"), "X", "sex_differs"},
		{"brothers of one household and birthday", noNumber + set("household_id = 'h/1', full_name = 'Karim Uddin'"), "X", "perhaps_twins"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := listedTwice(t)
			w.Exec(tc.change)
			decideOn(w, oldAge())
			got := w.Lines("SELECT tier, concat_ws(' ', array_to_string(tier_reasons, ' '), array_to_string(contradictions, ' ')) FROM proposal WHERE kind = 'duplicate'")
			if len(got) != 1 {
				t.Fatalf("want one line, got %v", got)
			}
			tier, reasons, _ := strings.Cut(got[0], "|")
			if tier != tc.tier || !strings.Contains(reasons, tc.because) || tc.because == "" && strings.TrimSpace(reasons) != "" {
				t.Errorf("tier %s because of %q, want %s because of %q", tier, reasons, tc.tier, tc.because)
			}
		})
	}
}

// Of three records of one person each further one is shown beside the one before
// it that it fits best, were it not the first: what is sure is not told as weak.
func TestFurtherRecordsBesideTheirBest(t *testing.T) {
	t.Parallel()
	w := listedThrice(t)
	w.Add("link", linkColumns, `
		roster | m/1/member | m/9/member | true | 3  | 0.02 |
		roster | m/8/member | m/9/member | true | 31 | 0.99 |`)
	w.Add("enrolment", enrolmentColumns, "e/9 | old_age | m/9/member | h/9 | | active | 2021-01-01 |")
	decideOn(w, oldAge())
	want := []string{"e/8|m/8/member|m/1/member|0.950000", "e/9|m/9/member|m/8/member|0.990000"}
	got := w.Lines("SELECT enrolment_id, mention_id, other_mention_id, match_probability FROM proposal WHERE kind = 'duplicate' ORDER BY ALL")
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// A pair of records gives one line for each pair of programmes, and a third
// record that fits none better is held against the one whose enrolment would be
// kept.
func TestOneLineAPairOfProgrammes(t *testing.T) {
	t.Parallel()
	w := listedThrice(t)
	w.Add("enrolment", enrolmentColumns, `
		e/2 | widow   | m/1/member | h/1 | | active | 2020-01-01 |
		e/9 | widow   | m/9/member | h/9 | | active | 2019-01-01 |`)
	decideOn(w, oldAge())
	want := []string{
		"old_age|e/8|e/1|m/8/member|m/1/member|enrolled_twice",
		"widow|e/2|e/9|m/1/member|m/9/member|enrolled_twice",
	}
	got := w.Lines("SELECT programme, enrolment_id, other_enrolment_id, mention_id, other_mention_id, reason_code FROM proposal WHERE kind = 'duplicate' ORDER BY ALL")
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// Two records that look like one person and bear two numbers that are sure are two
// persons to the linkage, and a conflict for people: enrolled twice, or listed twice.
func TestTwoNumbersAreAConflict(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, change, want string }{
		{"enrolled twice", "SELECT 1", "X|e/8|m/8/member|m/1/member|enrolled_twice"},
		{"listed twice", "DELETE FROM enrolment WHERE enrolment_id = 'e/8'", "X||m/8/member|m/1/member|listed_twice"},
		{"not likely", "UPDATE link SET match_probability = 0.2", ""},
		{"apart for another reason", "UPDATE link SET apart = 'sex'", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := listedTwice(t)
			w.Exec(`UPDATE cluster SET person_id = mention_id; UPDATE link SET accepted = FALSE, apart = 'number';
				UPDATE identifier SET verified = TRUE; UPDATE identifier SET value = '9876543210' WHERE mention_id = 'm/8/member'`)
			w.Exec(c.change)
			decideOn(w, oldAge())
			got := w.Lines("SELECT tier, enrolment_id, mention_id, other_mention_id, reason_code FROM proposal WHERE kind = 'duplicate'")
			if strings.Join(got, "\n") != c.want {
				t.Errorf("got %v, want %s", got, c.want)
			}
		})
	}
}
