package pair

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"rollcall/connectors"
	"rollcall/connectors/files"
)

// datasets are labelled files that lie beside the project, not in it.
const datasets = "../../../shared/datasets"

// open reads a file of a folder, or skips the test where the folder is missing.
func open(t *testing.T, folder, name string, ignore ...string) *Table {
	t.Helper()
	abs, err := filepath.Abs(folder)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(abs); err != nil {
		t.Skipf("left out: labelled files that lie beside the project, in %s, are not there", folder)
	}
	source, err := files.Connector().New(connectors.Environment{DataFolder: abs}, connectors.Settings{"path": {name}})
	if err != nil {
		t.Fatal(err)
	}
	table, err := Load(context.Background(), name, source, connectors.Query{}, ignore, nil)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// truth reads pairs of ids from the first two columns.
func truth(t *testing.T, folder, name string) map[[2]string]bool {
	t.Helper()
	table := open(t, folder, name)
	pairs := map[[2]string]bool{}
	for row := range table.Rows {
		pairs[[2]string{table.Columns[0].At(row), table.Columns[1].At(row)}] = true
	}
	return pairs
}

// measure counts what was found against the truth.
func measure(o *Outcome, true map[[2]string]bool) (precision, recall float64) {
	right, found := 0, 0
	for _, p := range o.Accepted() {
		found++
		l, r := o.Left.ids.at(p.Left), o.Right.ids.at(p.Right)
		if true[[2]string{l, r}] || o.Same() && true[[2]string{r, l}] {
			right++
		}
	}
	return float64(right) / float64(max(1, found)), float64(right) / float64(max(1, len(true)))
}

// TestRegistersAgainstRoster holds what link finds between a civil register and
// a roster, with no setting at all, against the known pairs.
func TestRegistersAgainstRoster(t *testing.T) {
	const leastPrecision, leastRecall = 0.985, 0.96
	folder := datasets + "/births_deaths_roster"
	giveaways := []string{"simulant_id", "mother_simulant_id", "father_simulant_id", "guardian_1_truth", "guardian_2_truth"}
	for _, c := range []struct{ left, truth string }{
		{"deaths.csv", "truth_death_roster_2020.csv"},
		{"births.csv", "truth_birth_roster_2020.csv"},
	} {
		t.Run(c.left, func(t *testing.T) {
			o, err := Link(context.Background(), open(t, folder, c.left, giveaways...), open(t, folder, "sp_roster_2020.csv", giveaways...), Options{})
			if err != nil {
				t.Fatal(err)
			}
			precision, recall := measure(o, truth(t, folder, c.truth))
			t.Logf("%d links: precision %.4f, recall %.4f", len(o.Accepted()), precision, recall)
			if precision < leastPrecision || recall < leastRecall {
				t.Errorf("precision %.4f, recall %.4f; want at least %g and %g", precision, recall, leastPrecision, leastRecall)
			}
		})
	}
}

// TestPublicDataSets holds recognised columns and learnt weights against data
// of other kinds: the least F1 is a little below what hand-typed columns gave.
func TestPublicDataSets(t *testing.T) {
	for _, c := range []struct {
		folder string
		ignore []string
		f1     float64
	}{
		{"febrl4", []string{"cluster"}, 0.99},
		{"febrl_dsgen_D_10000", []string{"cluster"}, 0.99},
		{"clkhash_dirty_1000", []string{"rec_id"}, 0.99},
		{"febrl1", []string{"cluster"}, 0.99},
		{"febrl2", []string{"cluster"}, 0.99},
		{"febrl_dsgen_A_10000", []string{"cluster"}, 0.99},
		{"febrl_dsgen_C_10000", []string{"cluster"}, 0.99},
		{"opencr_uganda", []string{"cluster"}, 0.99},
		{"splink_fake_1000", []string{"cluster"}, 0.93},
	} {
		t.Run(c.folder, func(t *testing.T) {
			folder := datasets + "/" + c.folder
			var o *Outcome
			var err error
			if _, e := os.Stat(folder + "/a.csv"); e == nil {
				o, err = Link(context.Background(), open(t, folder, "a.csv", c.ignore...), open(t, folder, "b.csv", c.ignore...), Options{})
			} else {
				o, err = Dedupe(context.Background(), open(t, folder, "records.csv", c.ignore...), Options{})
			}
			if err != nil {
				t.Fatal(err)
			}
			precision, recall := measure(o, truth(t, folder, "truth.csv"))
			f1 := 2 * precision * recall / (precision + recall)
			t.Logf("F1 %.4f: precision %.4f, recall %.4f", f1, precision, recall)
			if f1 < c.f1 {
				t.Errorf("F1 %.4f; want at least %g", f1, c.f1)
			}
		})
	}
}
