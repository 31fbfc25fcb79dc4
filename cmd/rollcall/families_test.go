package main

import (
	"encoding/json"
	"fmt"
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
	records := filepath.Join(folder, "records.csv")
	must(t, os.WriteFile(records, []byte(whoIsWho(t, data)), 0o600))
	for _, c := range []struct {
		role, truth           string
		leastPrecision, least float64 // F1
	}{
		{"mother", "mother", .995, .985},
		{"father", "father", .99, .98},
		{"child", "birth", .999, .995},
		{"deceased", "death", .995, .988},
		{"family", "", .995, .98},
		{"sibling", "", .99, .95},
	} {
		var e struct {
			AtRun struct{ Precision, F1 float64 } `json:"at_run"`
		}
		truth := filepath.Join(data, "truth_"+c.truth+"_roster_2020.csv")
		if c.truth == "" {
			truth = records
		}
		out := mustRun(t, "evaluate", filepath.Join(folder, "out/latest"), "--truth", truth, "--role", c.role, "--format", "json")
		must(t, json.Unmarshal([]byte(out), &e))
		t.Logf("%s: precision %.4f, F1 %.4f", c.role, e.AtRun.Precision, e.AtRun.F1)
		if e.AtRun.Precision < c.leastPrecision || e.AtRun.F1 < c.least {
			t.Errorf("%s: precision %.4f, F1 %.4f, want %.3f and %.3f", c.role, e.AtRun.Precision, e.AtRun.F1, c.leastPrecision, c.least)
		}
	}
}

// whoIsWho names the person of each mention of these data by the roster's row.
func whoIsWho(t *testing.T, data string) string {
	t.Helper()
	out := strings.Builder{}
	out.WriteString("mention_id,person_id\n")
	for truth, mention := range map[string]string{"mother": "births/%s/mother", "father": "births/%s/father", "birth": "births/%s/child", "death": "deaths/%s/deceased"} {
		text, err := os.ReadFile(filepath.Join(data, "truth_"+truth+"_roster_2020.csv"))
		must(t, err)
		for line := range strings.Lines(string(text)) {
			row := strings.Split(strings.TrimSpace(line), ",")
			if !strings.HasSuffix(row[0], "_id") {
				fmt.Fprintf(&out, mention+",%s\nmembers/%[2]s/member,%[2]s\n", row[0], row[1])
			}
		}
	}
	return out.String()
}
