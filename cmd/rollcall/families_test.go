package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestFamiliesOfOthers: the births and deaths of others' data are linked with their
// roster of households by who is whose mother, father and child, through a job.
func TestFamiliesOfOthers(t *testing.T) {
	t.Parallel()
	shared := os.Getenv("ROLLCALL_SHARED")
	if shared == "" {
		shared = "../../../shared"
	}
	data, err := filepath.Abs(filepath.Join(shared, "datasets/births_deaths_roster"))
	must(t, err)
	if _, err := os.Stat(data); err != nil {
		t.Skipf("the labelled data are not here: %v", err)
	}
	text, err := os.ReadFile("../../testdata/births_deaths_roster/job.yaml")
	must(t, err)
	folder := t.TempDir()
	job := filepath.Join(folder, "job.yaml")
	moved := strings.NewReplacer("../../../shared/datasets/births_deaths_roster", data, "../../out/births_deaths_roster", "out").Replace(string(text))
	must(t, os.WriteFile(job, []byte(moved), 0o600))
	mustRun(t, "run", job, "--as-of", "2040-12-31")
	for _, c := range []struct {
		role, truth           string
		leastPrecision, least float64 // F1
	}{
		{"mother", "mother", .995, .985},
		{"father", "father", .99, .98},
		{"child", "birth", .999, .995},
		{"deceased", "death", .995, .988},
	} {
		var e struct {
			AtRun struct{ Precision, F1 float64 } `json:"at_run"`
		}
		out := mustRun(t, "evaluate", filepath.Join(folder, "out/latest"), "--truth", filepath.Join(data, "truth_"+c.truth+"_roster_2020.csv"), "--role", c.role, "--format", "json")
		must(t, json.Unmarshal([]byte(out), &e))
		t.Logf("%s: precision %.4f, F1 %.4f", c.role, e.AtRun.Precision, e.AtRun.F1)
		if e.AtRun.Precision < c.leastPrecision || e.AtRun.F1 < c.least {
			t.Errorf("%s: precision %.4f, F1 %.4f, want %.3f and %.3f", c.role, e.AtRun.Precision, e.AtRun.F1, c.leastPrecision, c.least)
		}
	}
}
