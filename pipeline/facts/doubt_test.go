package facts_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"rollcall/pipeline/facts/scenario"
)

// household is a woman who heads a household with her child, whose birth is registered
// with both parents; mother and child are linked.
func household(t *testing.T) *scenario.World {
	w := scenario.New(t)
	w.Add("mention", memberColumns, `
		m/1/member | sp | h/1 | member | head  | Rina Khatun | female | 1980-01-02 | 10101 | | active | 2020-03-01
		m/2/member | sp | h/2 | member | child | Karim Uddin | male   | 2010-08-09 | 10101 | | active | 2020-03-01
		m/3/member | sp | h/3 | member | head  | Jamal Uddin | male   | 1978-03-04 | 10101 | | active | 2020-03-01`)
	w.Add("event", eventColumns, "b/1 | birth | 2010-08-09 | 2010-09-01 | 2010-09-20 | registered")
	w.Add("mention", mentionColumns, `
		b/1/child  | crvs | b/1 | child  | Karim Uddin | male   | 2010-08-09 | 10101 |
		b/1/mother | crvs | b/1 | mother | Rina Khatun | female | 1980-01-02 | 10101 |
		b/1/father | crvs | b/1 | father | Jamal Uddin | male   | 1978-03-04 | 10101 |`)
	w.Add("link", linkColumns, `
		across | b/1/child  | m/2/member | true | 20 | 0.98
		across | b/1/mother | m/1/member | true | 20 | 0.97
		across | b/1/father | m/3/member | true | 20 | 0.96`)
	return w
}

// TestParentsWhoCannotBe: what records say of a mother or father who cannot be one is
// UNKNOWN, with the reason and the records that speak against it; nobody is an orphan, a
// child of her or a widower by it.
func TestParentsWhoCannotBe(t *testing.T) {
	const birth = "b/1/child, b/1/mother"
	for _, tc := range []struct {
		name, change string
		want         []string // mother_of and child_of of the mother
	}{
		{"possible", "", []string{
			"m/1/member|mother_of|m/2/member|TRUE|[" + birth + "]|[]",
			"m/2/member|child_of|m/1/member|TRUE|[" + birth + "]|[]",
		}},
		{"a man, by the register", "UPDATE mention SET sex = 'male' WHERE mention_id = 'b/1/mother'", []string{
			"m/1/member|mother_of|m/2/member|UNKNOWN|[" + birth + "]|[sex]",
			"m/2/member|child_of|m/1/member|UNKNOWN|[" + birth + "]|[sex]",
		}},
		{"a man, by the roster", "UPDATE mention SET sex = 'male' WHERE mention_id = 'm/1/member'", []string{
			"m/1/member|mother_of|m/2/member|UNKNOWN|[" + birth + ", m/1/member]|[sex]",
			"m/2/member|child_of|m/1/member|UNKNOWN|[" + birth + ", m/1/member]|[sex]",
		}},
		{"a girl of eight", "UPDATE mention SET birth_earliest = '2002-01-02', birth_latest = '2002-01-02' WHERE mention_id = 'b/1/mother'", []string{
			"m/1/member|mother_of|m/2/member|UNKNOWN|[" + birth + "]|[young]",
			"m/2/member|child_of|m/1/member|UNKNOWN|[" + birth + "]|[young]",
		}},
		{"born after the child", "UPDATE mention SET birth_earliest = '2012-01-02', birth_latest = '2012-01-02' WHERE mention_id = 'm/1/member'", []string{
			"m/1/member|mother_of|m/2/member|UNKNOWN|[" + birth + ", m/1/member]|[young]",
			"m/2/member|child_of|m/1/member|UNKNOWN|[" + birth + ", m/1/member]|[young]",
		}},
		{"of seventy", "UPDATE mention SET birth_earliest = '1940-01-02', birth_latest = '1940-01-02' WHERE mention_id = 'b/1/mother'", []string{
			"m/1/member|mother_of|m/2/member|UNKNOWN|[" + birth + "]|[old]",
			"m/2/member|child_of|m/1/member|UNKNOWN|[" + birth + "]|[old]",
		}},
		{"the child herself", "UPDATE mention SET full_norm = 'karim', birth_earliest = '2010-08-09', birth_latest = '2010-08-09' WHERE mention_id IN ('b/1/child', 'b/1/mother')", []string{
			"m/1/member|mother_of|m/2/member|UNKNOWN|[" + birth + "]|[oneself]",
			"m/2/member|child_of|m/1/member|UNKNOWN|[" + birth + "]|[oneself]",
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := household(t)
			if tc.change != "" {
				w.Exec(tc.change)
			}
			w.Add("event", eventColumns, "d/1 | death | 2025-02-10 | 2025-03-01 | 2025-03-20 | registered")
			w.Add("mention", mentionColumns, "d/1/deceased | crvs | d/1 | deceased | Rina Khatun | | | 10101 |")
			w.Exec("INSERT INTO cluster VALUES ('b/1/mother', 'b/1/mother', 'crvs', 1), ('d/1/deceased', 'b/1/mother', 'crvs', 1)")
			makeFacts(w)
			got := w.Lines(`SELECT subject_id, predicate, object_id, value, records, contradictions FROM fact
				WHERE predicate = 'mother_of' OR (predicate = 'child_of' AND object_id = 'm/1/member') ORDER BY ALL`)
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Error(d)
			}
			left := w.Lines("SELECT subject_id, predicate, value FROM fact WHERE predicate IN ('orphan_one', 'widowed') AND value = 'TRUE' ORDER BY ALL")
			want := []string{"m/2/member|orphan_one|TRUE", "m/3/member|widowed|TRUE"}
			if tc.change != "" {
				want = []string{}
			}
			if d := cmp.Diff(want, left); d != "" {
				t.Errorf("by her death: %s", d)
			}
			if got := statements(w, "predicate = 'father_of'"); len(got) != 1 || got[0] != "m/3/member|father_of|m/2/member|TRUE|2010-08-09|" {
				t.Errorf("the father is: %v", got)
			}
		})
	}
}

// TestParentsDeadBefore: who died before the birth is no mother, who died nine months
// before it no father; a father may have died since.
func TestParentsDeadBefore(t *testing.T) {
	for _, tc := range []struct{ died, want string }{
		{"2009-06-01", "UNKNOWN|[b/1/child, b/1/father, d/1/deceased]|[b/1/child=m/2/member, b/1/father=m/3/member]|[dead]"},
		{"2010-02-01", "TRUE|[b/1/child, b/1/father]|[b/1/child=m/2/member, b/1/father=m/3/member]|[]"},
	} {
		w := household(t)
		w.Add("event", eventColumns, "d/1 | death | "+tc.died+" | "+tc.died+" | 2025-03-20 | registered")
		w.Add("mention", mentionColumns, "d/1/deceased | crvs | d/1 | deceased | Jamal Uddin | male | 1978-03-04 | 10101 |")
		w.Exec("INSERT INTO cluster VALUES ('b/1/father', 'b/1/father', 'crvs', 1), ('d/1/deceased', 'b/1/father', 'crvs', 1); UPDATE mention SET recorded_on = NULL")
		makeFacts(w)
		if d := cmp.Diff([]string{tc.want}, w.Lines("SELECT value, records, links, contradictions FROM fact WHERE predicate = 'father_of'")); d != "" {
			t.Errorf("died on %s: %s", tc.died, d)
		}
	}
}

// TestOneRecordMayBeWrong: where one registration of a birth cannot be right and another
// one can, the relation rests on the other.
func TestOneRecordMayBeWrong(t *testing.T) {
	w := household(t)
	w.Exec("UPDATE mention SET sex = 'male' WHERE mention_id = 'b/1/mother'")
	w.Add("event", eventColumns, "b/2 | birth | 2010-08-09 | 2019-09-01 | 2019-09-20 | registered")
	w.Add("mention", mentionColumns, `
		b/2/child  | crvs | b/2 | child  | Karim Uddin | male   | 2010-08-09 | 10101 |
		b/2/mother | crvs | b/2 | mother | Rina Khatun | female | 1980-01-02 | 10101 |`)
	w.Exec(`INSERT INTO cluster VALUES ('b/1/child', 'b/1/child', 'crvs', 0.99), ('b/2/child', 'b/1/child', 'crvs', 0.99),
		('b/1/mother', 'b/1/mother', 'crvs', 0.99), ('b/2/mother', 'b/1/mother', 'crvs', 0.99)`)
	makeFacts(w)
	want := []string{"TRUE|[b/2/child, b/2/mother]|[]"}
	if d := cmp.Diff(want, w.Lines("SELECT value, records, contradictions FROM fact WHERE predicate = 'mother_of'")); d != "" {
		t.Error(d)
	}
}

// TestCouplesWhoCannotBe: who is a parent and a spouse of one person is neither for sure.
func TestCouplesWhoCannotBe(t *testing.T) {
	w := household(t)
	w.Add("event", eventColumns, "w/1 | marriage | 2024-06-10 | 2024-06-10 | 2024-06-20 | registered")
	w.Add("mention", mentionColumns, `
		w/1/groom | crvs | w/1 | groom | Karim Uddin | male   | | 10101 |
		w/1/bride | crvs | w/1 | bride | Rina Khatun | female | | 10101 |`)
	w.Exec(`INSERT INTO cluster VALUES ('b/1/child', 'b/1/child', 'crvs', 1), ('w/1/groom', 'b/1/child', 'crvs', 1),
		('b/1/mother', 'b/1/mother', 'crvs', 1), ('w/1/bride', 'b/1/mother', 'crvs', 1)`)
	makeFacts(w)
	want := []string{
		"m/1/member|mother_of|m/2/member|UNKNOWN|[kin_spouse]",
		"m/1/member|spouse_of|m/2/member|UNKNOWN|[kin_spouse]",
		"m/2/member|child_of|m/1/member|UNKNOWN|[kin_spouse]",
		"m/2/member|spouse_of|m/1/member|UNKNOWN|[kin_spouse]",
	}
	got := w.Lines(`SELECT subject_id, predicate, object_id, value, contradictions FROM fact
		WHERE predicate IN ('mother_of', 'spouse_of') OR (predicate = 'child_of' AND object_id = 'm/1/member') ORDER BY ALL`)
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// TestCircle: of three each of whom is the next one's mother none is for sure.
func TestCircle(t *testing.T) {
	w := scenario.New(t)
	for n, of := range []string{"b/1 | b/2", "b/2 | b/3", "b/3 | b/1"} {
		w.Add("event", eventColumns, of[:3]+" | birth | | | 2010-09-20 | registered")
		w.Add("mention", mentionColumns, of[:3]+"/child | crvs | "+of[:3]+" | child | Rina Khatun | female | | 10101 |")
		w.Add("mention", mentionColumns, of[:3]+"/mother | crvs | "+of[:3]+" | mother | Mina Akter | female | | 10101 |")
		w.Exec("INSERT INTO cluster VALUES ('" + of[:3] + "/child', '" + of[:3] + "/child', 'crvs', 1), ('" + of[:3] + "/mother', '" + of[6:] + "/child', 'crvs', 1)")
		member := []string{"m/1/member", "m/2/member", "m/3/member"}[n]
		w.Add("mention", memberColumns, member+" | sp | h/1 | member | | Rina Khatun | female | | 10101 | | active | 2020-03-01")
		w.Add("link", linkColumns, "across | "+of[:3]+"/child | "+member+" | true | 20 | 0.99")
	}
	makeFacts(w)
	if got := w.Lines("SELECT DISTINCT value, contradictions FROM fact WHERE predicate IN ('mother_of', 'child_of')"); len(got) != 1 || got[0] != "UNKNOWN|[circle]" {
		t.Errorf("in a circle mothers are %v", got)
	}
}
