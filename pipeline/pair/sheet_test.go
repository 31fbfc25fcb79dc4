package pair

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// judgeVillage links the village, draws a sheet and lets somebody who knows all
// fill it in.
func judgeVillage(t *testing.T, file string) (*Outcome, *Judged, *Scoring, Evaluation) {
	t.Helper()
	folder, truth := village(t)
	o := linkVillage(t, folder, Options{})
	summary := o.Summary("rollcall test")
	if err := o.Write(folder, summary, nil, nil); err != nil {
		t.Fatal(err)
	}
	s, err := NewScoring(load(t, folder, PairsName))
	if err != nil {
		t.Fatal(err)
	}
	deaths, roster := villageTables(t, folder)
	sheet, err := s.Sample(deaths, roster, summary.Left.ID, summary.Right.ID, o.Result.Specification, 60, 3)
	if err != nil {
		t.Fatal(err)
	}
	if slices.ContainsFunc(sheet.Head, func(h string) bool { return strings.Contains(h, "prob") || strings.Contains(h, "weight") }) {
		t.Errorf("the sheet leads its judges: %v", sheet.Head)
	}
	answer, left, right := slices.Index(sheet.Head, AnswerColumn), slices.Index(sheet.Head, "left_id"), slices.Index(sheet.Head, "right_id")
	for _, line := range sheet.Lines {
		line[answer] = "No"
		if truth.Has(line[left], line[right]) {
			line[answer] = "yes"
		}
	}
	if err := sheet.Write(filepath.Join(folder, file)); err != nil {
		t.Fatal(err)
	}
	j, err := s.Judge(load(t, folder, file), o.Result.ExpectedRecall, false)
	if err != nil {
		t.Fatal(err)
	}
	return o, j, s, Evaluate(scoredPairs(o), truth, .5)
}

func TestJudgedSheetHoldsTheTruth(t *testing.T) {
	for _, file := range []string{"sheet.csv", "sheet.xlsx"} {
		_, j, _, e := judgeVillage(t, file)
		got := j.Judgement
		if p := e.AtRun.Precision; p < got.Precision[0] || p > got.Precision[2] {
			t.Errorf("%s: precision %v, truly %.4f", file, got.Precision, p)
		}
		if r := e.AtRun.Recall; r < got.Recall[0] || r > got.Recall[2] {
			t.Errorf("%s: recall %v, truly %.4f", file, got.Recall, r)
		}
		if j.Seed != "3" || j.Open != 0 {
			t.Errorf("%s: seed %q and %d open, want 3 and none", file, j.Seed, j.Open)
		}
	}
}

func TestSheetShowsBothRecords(t *testing.T) {
	folder, _ := village(t)
	o := linkVillage(t, folder, Options{})
	summary := o.Summary("")
	if err := o.Write(folder, summary, nil, nil); err != nil {
		t.Fatal(err)
	}
	s, err := NewScoring(load(t, folder, PairsName))
	if err != nil {
		t.Fatal(err)
	}
	left, right := villageTables(t, folder)
	draw := func(seed uint64) [][]string {
		sheet, err := s.Sample(left, right, summary.Left.ID, summary.Right.ID, o.Result.Specification, 40, seed)
		if err != nil {
			t.Fatal(err)
		}
		at := slices.Index(sheet.Head, "left date_of_birth")
		if at < 0 || sheet.Head[at+1] != "right dob" {
			t.Fatalf("columns %v, want both dates of birth side by side", sheet.Head)
		}
		for _, line := range sheet.Lines {
			row := left.Row(summary.Left.ID, line[2])
			if want := left.Columns[left.Column("date_of_birth")].At(row); line[at] != want {
				t.Errorf("record %s has date %s, want %s as written", line[2], line[at], want)
			}
		}
		return sheet.Lines
	}
	equal := func(a, b [][]string) bool { return slices.EqualFunc(a, b, slices.Equal) }
	if a := draw(1); !equal(a, draw(1)) || equal(a, draw(2)) {
		t.Error("the same seed must draw the same sheet, another seed another")
	}
	if err := (&Sheet{}).Write(filepath.Join(folder, "sheet.pdf")); err == nil {
		t.Error("a sheet was written as .pdf")
	}
	if _, err := os.Stat(filepath.Join(folder, "sheet.pdf")); err == nil {
		t.Error("a file was left behind")
	}
}

func TestRefinedSpecificationLinksAgain(t *testing.T) {
	o, j, s, _ := judgeVillage(t, "sheet.csv")
	refined, err := s.Refine(o.Result.Specification, j)
	if err != nil {
		t.Fatal(err)
	}
	folder, _ := village(t)
	again := linkVillage(t, folder, Options{Specification: &refined})
	c := s.Compare(again)
	if before := len(o.Accepted()); c.Kept+c.Lost != before || c.Kept+c.Gained != len(again.Accepted()) || c.Kept < before*9/10 {
		t.Errorf("%+v of %d links before and %d after", c, before, len(again.Accepted()))
	}
	if _, err := s.Refine(o.Result.Specification, &Judged{}); err == nil {
		t.Error("refined without a pair that is one person")
	}
}
