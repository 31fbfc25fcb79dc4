package accuracy_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"rollcall/pipeline/accuracy"
	"rollcall/pipeline/facts/scenario"
	"rollcall/pipeline/pair"
	"rollcall/pipeline/tables"
)

// finished is the folder of a run that found two births of Ama's and Kofi's, which it
// takes for those of two couples, one of a woman alone whose household is another's, and
// a wedding.
func finished(t *testing.T) string {
	t.Helper()
	w := scenario.New(t)
	w.Add("mention", "mention_id side event_id household_id role", `
		b1/child  | crvs | b1 |    | child
		b1/mother | crvs | b1 |    | mother
		b1/father | crvs | b1 |    | father
		b2/child  | crvs | b2 |    | child
		b2/mother | crvs | b2 |    | mother
		b2/father | crvs | b2 |    | father
		b3/child  | crvs | b3 |    | child
		b3/mother | crvs | b3 |    | mother
		w1/bride  | crvs | w1 |    | bride
		w1/groom  | crvs | w1 |    | groom
		ama       | sp   |    | h1 | member
		kofi      | sp   |    | h1 | member
		kid1      | sp   |    | h1 | member
		esi       | sp   |    | h2 | member
		bride     | sp   |    | h3 | member
		groom     | sp   |    | h3 | member
		stranger  | sp   |    | h4 | member`)
	w.Add("cluster", "mention_id person_id side", "b2/mother | b1/mother | crvs")
	w.Settle()
	w.Add("family", "family_id person_id role", `
		f1 | b1/mother | mother
		f1 | b1/father | father
		f1 | b1/child  | child
		f2 | b1/mother | mother
		f2 | b2/father | father
		f2 | b2/child  | child
		f3 | b3/mother | mother
		f3 | b3/child  | child
		f4 | w1/bride  | spouse
		f4 | w1/groom  | spouse`)
	w.Add("family_link", "family_id household_id accepted match_probability", `
		f1 | h1 | true  | 0.9
		f2 | h1 | false | 0.4
		f3 | h4 | true  | 0.8
		f4 | h3 | false | 0.3`)
	folder := t.TempDir()
	stage := filepath.Join(folder, "stages", "link-1")
	if err := os.MkdirAll(stage, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"mention", "cluster", "family", "family_link"} {
		file := w.File(name, "")
		w.Exec(fmt.Sprintf("COPY %s TO %s (FORMAT parquet)", name, tables.Literal(file)))
		if err := os.Rename(file, filepath.Join(stage, name+".parquet")); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

const (
	records = `mention_id,person_id
b1/child,kid1
b1/mother,Ama
b1/father,Kofi
b2/child,kid2
b2/mother,Ama
b2/father,Kofi
b3/child,kid3
b3/mother,Esi
w1/bride,Bride
w1/groom,Groom
ama,Ama
kofi,Kofi
kid1,kid1
esi,Esi
bride,Bride
groom,Groom
`
	ofFather = `person_id,mother_id,father_id
kid1,Ama,Kofi
kid2,Ama,Kofi
kid3,Ama,Kofi
`
)

// TestOfFamilies: a household is a family's by who is who in truth, whatever the run made
// of the family; the only member of a household is enough.
func TestOfFamilies(t *testing.T) {
	run := finished(t)
	for _, c := range []struct {
		name, what, persons       string
		right, wrong, lost, trues int
	}{
		{"households", accuracy.Families, "", 1, 1, 2, 3},                             // f3 is Esi's, who lives in h2
		{"siblings by mother", accuracy.Siblings, "", 1, 0, 0, 1},                     // of b1 and b2
		{"siblings by both", accuracy.FullSiblings, "", 0, 0, 1, 1},                   // the father is taken for two
		{"as the truth tells of parents", accuracy.Siblings, ofFather, 1, 0, 2, 3},    // b3's child is Ama's
		{"households by these parents", accuracy.Families, ofFather, 1, 1, 1, 2},      // none is Esi's
		{"brothers and sisters by both", accuracy.FullSiblings, ofFather, 0, 0, 3, 3}, // of three births
	} {
		t.Run(c.name, func(t *testing.T) {
			folder := t.TempDir()
			files := map[string]string{"records.csv": records}
			if c.persons != "" {
				files["persons.csv"] = c.persons
			}
			for name, text := range files {
				if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			pairs, truth, err := accuracy.OfFamilies(t.Context(), run, folder, c.what)
			if err != nil {
				t.Fatal(err)
			}
			got := pair.Evaluate(pairs, truth, .5).AtRun
			scenario.Same(t, "right, wrong, lost, true", []int{c.right, c.wrong, c.lost, c.trues}, []int{got.Right, got.Wrong, got.Lost, truth.Len()})
		})
	}
}
