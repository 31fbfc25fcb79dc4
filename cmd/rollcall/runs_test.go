package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"rollcall/jobs/ledger"
	"rollcall/pipeline/gate"
)

// call runs a command line and returns its exit code and what it printed.
func call(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = execute(context.Background(), args, &out, &errs)
	return code, out.String(), errs.String()
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// output is an output folder with a run that is done and one that is held.
func output(t *testing.T) string {
	t.Helper()
	ctx := context.Background()
	folder := filepath.Join(t.TempDir(), "out")
	l, err := ledger.Open(ctx, folder, time.Now)
	must(t, err)
	for _, r := range []struct {
		id, asOf string
		status   ledger.Status
	}{{"monthly-2026-08-31-aaaa", "2026-08-31", ledger.Done}, {"monthly-2026-09-30-bbbb", "2026-09-30", ledger.Held}} {
		day, err := time.Parse(time.DateOnly, r.asOf)
		must(t, err)
		run, err := l.Begin(ctx, ledger.Start{Job: "monthly", AsOf: day, JobPath: filepath.Join(folder, "no-job.yaml")})
		must(t, err)
		sum := manifest(t, filepath.Join(folder, "runs", r.id))
		must(t, l.Finish(ctx, run.Attempt, ledger.End{
			Status: r.status, RunID: r.id, Folder: "runs/" + r.id, ManifestSHA256: sum,
			Counts:   map[string]int64{"list:exits:T1": 3},
			Findings: []gate.Finding{{Check: "rows", Source: "deaths", Verdict: gate.Hold, Observed: "50", Expected: "at least 100", Advice: "Ask for the file again."}},
		}))
	}
	must(t, l.Close())
	return folder
}

// manifest makes a run's folder with one report, as the audit leaves it.
func manifest(t *testing.T, folder string) string {
	t.Helper()
	must(t, os.MkdirAll(filepath.Join(folder, "reports"), 0o700))
	must(t, os.WriteFile(filepath.Join(folder, "reports", "exits.csv"), []byte("case_id\n"), 0o600))
	report := fmt.Sprintf("%x", sha256.Sum256([]byte("case_id\n")))
	text, err := json.Marshal(map[string]any{
		"version": 1, "inputs": []any{}, "files": []any{map[string]string{"path": "reports/exits.csv", "file_sha256": report}},
	})
	must(t, err)
	sum := fmt.Sprintf("%x", sha256.Sum256(text))
	must(t, os.WriteFile(filepath.Join(folder, "manifest.json"), text, 0o600))
	must(t, os.WriteFile(filepath.Join(folder, "SHA256SUMS"), fmt.Appendf(nil, "%s  manifest.json\n%s  reports/exits.csv\n", sum, report), 0o600))
	return sum
}

func TestRunsListAndShow(t *testing.T) {
	folder := output(t)
	code, out, errs := call(t, "runs", "list", "--output", folder)
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if code != 0 || len(lines) != 3 || !strings.Contains(lines[1], "held") || !strings.Contains(lines[2], "monthly-2026-08-31-aaaa") {
		t.Errorf("list: exit %d\n%s%s", code, out, errs)
	}
	var listed []map[string]any
	code, out, errs = call(t, "runs", "list", "--output", folder, "--json")
	if err := json.Unmarshal([]byte(out), &listed); err != nil || code != 0 || len(listed) != 2 || listed[0]["status"] != "held" {
		t.Errorf("list as JSON: exit %d, %v\n%s%s", code, err, out, errs)
	}
	for _, name := range []string{"monthly-2026-09", "#2", filepath.Join(folder, "runs", "monthly-2026-09-30-bbbb")} {
		args := []string{"runs", "show", name}
		if !strings.Contains(name, "/") {
			args = append(args, "--output", folder)
		}
		code, out, errs = call(t, args...)
		for _, want := range []string{"monthly-2026-09-30-bbbb", "held", "50, expected at least 100", "Ask for the file again.", "list:exits:T1"} {
			if code != 0 || !strings.Contains(out, want) {
				t.Errorf("show %s: exit %d, want %q in\n%s%s", name, code, want, out, errs)
			}
		}
	}
}

func TestRunsThatAreNotThere(t *testing.T) {
	folder := output(t)
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"runs", "show", "weekly", "--output", folder}, "no such run"},
		{[]string{"runs", "show", "monthly-2026", "--output", folder}, "2 runs begin so"},
		{[]string{"runs", "list", "--output", t.TempDir()}, "nothing ran there yet"},
		{[]string{"runs", "list", "--output", filepath.Join(folder, "none")}, "nothing ran there yet"},
		{[]string{"runs", "verify", "--output", folder, "--head", "7"}, "ENTRIES:HASH"},
		{[]string{"schedule", folder, "--parallel", "0"}, "at least one job"},
	} {
		code, _, errs := call(t, c.args...)
		if code != 2 || !strings.Contains(errs, c.says) {
			t.Errorf("%v: exit %d, %q; want 2 and %q", c.args, code, errs, c.says)
		}
	}
}

func TestRunsReleaseAsksForTwoPeople(t *testing.T) {
	folder := output(t)
	release := func(run, by string) (int, string) {
		code, _, errs := call(t, "runs", "release", run, "--output", folder, "--by", by, "--reason", "checked")
		return code, errs
	}
	if code, says := release("monthly-2026-08", "amina"); code != 2 || !strings.Contains(says, "not held") {
		t.Errorf("release of a done run: exit %d, %s", code, says)
	}
	if code, says := release("monthly-2026-09", "amina"); code != 0 || !strings.Contains(says, "A second person") {
		t.Errorf("first: exit %d, %s", code, says)
	}
	if code, says := release("monthly-2026-09", "Amina"); code != 2 || !strings.Contains(says, "same person") {
		t.Errorf("again: exit %d, %s", code, says)
	}
	// The job file is not there, so going on fails; the release stands.
	if code, says := release("monthly-2026-09", "rahim"); code != 2 || !strings.Contains(says, "released and goes on") || !strings.Contains(says, "no-job.yaml") {
		t.Errorf("second: exit %d, %s", code, says)
	}
	if code, says := release("monthly-2026-09", "rahim"); code != 2 || !strings.Contains(says, "was released before") {
		t.Errorf("going on again: exit %d, %s", code, says)
	}
	_, out, _ := call(t, "runs", "show", "monthly-2026-09", "--output", folder)
	if !strings.Contains(out, "amina") || !strings.Contains(out, "rahim") || !strings.Contains(out, "released") {
		t.Errorf("show does not tell who released it:\n%s", out)
	}
	if code, _, errs := call(t, "runs", "release", "monthly-2026-09", "--output", folder, "--by", "x"); code != 2 || !strings.Contains(errs, "reason") {
		t.Errorf("without a reason: exit %d, %s", code, errs)
	}
}

func TestRunsVerify(t *testing.T) {
	folder := output(t)
	code, out, errs := call(t, "runs", "verify", "--output", folder)
	if code != 0 || !strings.Contains(out, "files of 2 runs") {
		t.Fatalf("untouched: exit %d\n%s%s", code, out, errs)
	}
	head := regexp.MustCompile(`\d+:[0-9a-f]{64}`).FindString(out)
	if code, _, errs := call(t, "runs", "verify", "monthly-2026-08", "--output", folder, "--head", head); code != 0 {
		t.Errorf("with its head: exit %d %s", code, errs)
	}
	if code, out, _ := call(t, "runs", "verify", "--output", folder, "--head", "9:"+strings.Repeat("ab", 32)); code != 5 || !strings.Contains(out, "head that was written down") {
		t.Errorf("with another head: exit %d\n%s", code, out)
	}
	run := filepath.Join(folder, "runs", "monthly-2026-08-31-aaaa")
	must(t, os.WriteFile(filepath.Join(run, "reports", "exits.csv"), []byte("case_id\nmore\n"), 0o600))
	code, out, errs = call(t, "runs", "verify", "--output", folder)
	if code != 5 || !strings.Contains(out, "run monthly-2026-08-31-aaaa: reports/exits.csv was altered") {
		t.Errorf("altered report: exit %d\n%s", code, out)
	}
	if !strings.HasPrefix(errs, "rollcall: verification failed: 1 file is not as the manifest says. Tell the auditor, ") {
		t.Errorf("altered report: %s", errs)
	}
	must(t, os.WriteFile(filepath.Join(run, "reports", "more.csv"), nil, 0o600))
	_, _, errs = call(t, "runs", "verify", "--output", folder, "--head", "9:"+strings.Repeat("ab", 32))
	if !strings.HasPrefix(errs, "rollcall: verification failed: the ledger is not as its log says in 1 place; 2 files are not as the manifest says. ") {
		t.Errorf("altered report and head: %s", errs)
	}
	must(t, os.Remove(filepath.Join(run, "reports", "more.csv")))
	// Somebody who also writes the manifest anew is told by the ledger.
	must(t, os.WriteFile(filepath.Join(run, "reports", "exits.csv"), []byte("case_id\n"), 0o600))
	text, err := os.ReadFile(filepath.Join(run, "manifest.json"))
	must(t, err)
	text = append(text, '\n')
	must(t, os.WriteFile(filepath.Join(run, "manifest.json"), text, 0o600))
	code, out, errs = call(t, "runs", "verify", "--output", folder, "--json")
	if !strings.Contains(errs, "1 file is not") {
		t.Errorf("altered manifest: %s", errs)
	}
	if code != 5 || !strings.Contains(out, "manifest.json is not the one that the ledger knows") {
		t.Errorf("altered manifest: exit %d\n%s", code, out)
	}
}
