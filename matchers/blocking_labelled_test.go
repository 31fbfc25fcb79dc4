package matchers_test

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"testing"

	"rollcall/matchers"
	"rollcall/matchers/block"
	"rollcall/matchers/model"
)

// TestSearchedBlockingOnLabelledData: at the same number of candidate pairs, what
// is chosen by what the links show finds the true pairs that the rules of a run
// find, or more; and what it is expected to find is near what it finds.
func TestSearchedBlockingOnLabelledData(t *testing.T) {
	datasets := filepath.Join(sharedFolder(), "datasets")
	if _, err := os.Stat(datasets); err != nil {
		t.Skipf("left out: labelled files that lie beside the project (or in ROLLCALL_SHARED) are not there: %v", err)
	}
	for _, set := range labelledSets {
		name := set.name
		if set.without {
			name += " without identifiers"
		}
		t.Run(name, func(t *testing.T) {
			if !set.without && os.Getenv("ROLLCALL_LONG") == "" {
				t.Skip("left to make test-long: where identity numbers are, blocking is easy")
			}
			folder := filepath.Join(datasets, set.folder)
			if set.folder == "" {
				folder = filepath.Join(datasets, set.name)
			}
			if set.truth == "" {
				set.truth = "truth.csv"
			}
			var files []*matchers.File
			for i, file := range set.files {
				files = append(files, readFile(t, filepath.Join(folder, file), set.ids[i]))
			}
			truth := readTruth(t, filepath.Join(folder, set.truth))
			spec := handWritten(files, set.without)
			left, right := files[0], (*matchers.File)(nil)
			if len(files) == 2 {
				right = files[1]
				spec.Relation = model.OneToOne
			}
			recall := func(rules []block.Rule) float64 {
				spec := spec
				spec.Blocking = rules
				share, err := matchers.CandidateRecall(left, right, spec, truth)
				if err != nil {
					t.Fatal(err)
				}
				return share
			}
			survey := func(pairsPerRecord float64) *matchers.Blocking {
				survey, err := matchers.SurveyBlocking(context.Background(), left, right, spec, matchers.Options{}, pairsPerRecord)
				if err != nil {
					t.Fatal(err)
				}
				return survey
			}
			chosen := survey(0)
			records := float64(len(left.IDs))
			if right != nil {
				records = float64(len(left.IDs)+len(right.IDs)) / 2
			}
			searched := survey(float64(chosen.Candidates) / records)
			before, after := recall(chosen.Specification.Blocking), recall(searched.Specification.Blocking)
			expected, later := chosen.Rules[len(chosen.Rules)-1].Expected.Together, searched.Rules[len(searched.Rules)-1].Expected.Together
			t.Logf("a run %.4f (expected %.4f) of true pairs with %d pairs by %d rules; searched %.4f (expected %.4f) with %d by %d",
				before, expected, chosen.Candidates, len(chosen.Rules), after, later, searched.Candidates, len(searched.Rules))
			if math.Abs(expected-before) > .03 {
				t.Errorf("the rules find %.4f and were expected to find %.4f", before, expected)
			}
			if after < before-.005 || float64(searched.Candidates) > 1.2*float64(chosen.Candidates) {
				t.Error("searched rules find fewer, or cost more")
			}
		})
	}
}
