package demo_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"rollcall/connectors/all"
	"rollcall/jobs"
	"rollcall/jobs/config"
	"rollcall/jobs/demo"
	"rollcall/pipeline"
)

// TestDemo runs a small demo to its end: every month, the comparison with the
// truth, the comparison with true links, and what to open.
func TestDemo(t *testing.T) {
	if testing.Short() {
		t.Skip("a demo takes some seconds; left out by -short")
	}
	folder := filepath.Join(t.TempDir(), "country")
	out := made(t, demo.Options{Dir: folder, Preset: "mixed", Households: 400, Months: 3, Seed: 1, TrueLinks: true})
	for _, want := range []string{
		`August 2026  done`,
		`September 2026  done`,
		`withdrawn since last month, for the register revoked the death: \d+ exits`,
		`October 2026  held`,
		`members rows`,
		`How right September 2026 was`,
		`exits T1 about the right person +1.0000 +\d+ of \d+ +at least 1 +reached`,
		`evaluations unknown, for each with true links +\d\.\d+ +\d+ to \d+ +at most 1.3`,
		`widow, missing husband_died: death registration of the husband +\d+`,
		`peak memory [1-9]\d* MiB`,
		`index\.html`,
	} {
		if !regexp.MustCompile(want).MatchString(out) {
			t.Errorf("the demo does not say %q:\n%s", want, out)
		}
	}
	for _, f := range []string{"appraisal", filepath.Join("out", "runs", "appraisal")} {
		if _, err := os.Stat(filepath.Join(folder, f)); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("the comparison left %s behind", f)
		}
	}
	latest, err := filepath.EvalSymlinks(filepath.Join(folder, "out", "latest"))
	if err != nil {
		t.Fatal(err)
	}
	if id := filepath.Base(latest); !strings.Contains(out, filepath.Join(id, "reports", "index.html")) {
		t.Errorf("latest is %s, and the demo opens another run", id)
	}
	explained(t, filepath.Join(latest, "reports"))
}

// TestDemoReaches holds the demo of the README to what it reaches. In a roster of this
// size people of one village and year are many times those who are enrolled twice, and a
// model that takes the one for the other loses half of the duplicates.
func TestDemoReaches(t *testing.T) {
	if os.Getenv("ROLLCALL_LONG") == "" {
		t.Skip("left to make test-long: three months of 20,000 households")
	}
	out := made(t, demo.Options{Dir: filepath.Join(t.TempDir(), "country"), Preset: "mixed", Households: 20_000, Months: 3, Seed: 1})
	for _, want := range []string{
		`exits T1 about the right person .* reached`,
		`exits T2 about the right person .* reached`,
		`duplicates T1 and T2 that are one person .* reached`,
		`persons enrolled twice who stand in T1 or T2 .* reached`,
		`persons wrongly called not eligible .* reached`,
	} {
		if !regexp.MustCompile(want).MatchString(out) {
			t.Errorf("the demo does not say %q:\n%s", want, out)
		}
	}
}

// made runs a demo and returns what it says.
func made(t *testing.T, o demo.Options) string {
	t.Helper()
	var out strings.Builder
	err := demo.Run(t.Context(), o, demo.Tools{
		Out: &out, Now: time.Now, PeakBytes: pipeline.PeakBytes, Stage: func(string) {}, Count: func(int64, int64) {},
		Run: func(ctx context.Context, path string, asOf time.Time, trueLinks string) (pipeline.Outcome, error) {
			job, err := config.Load(ctx, path, all.Registry())
			if err != nil {
				return pipeline.Outcome{}, err
			}
			runner := jobs.Runner{Registry: all.Registry(), Getenv: os.LookupEnv, Now: time.Now, Log: slog.New(slog.DiscardHandler), TrueLinks: trueLinks}
			return runner.Run(ctx, job, asOf)
		},
	})
	if err != nil {
		t.Fatal(err, out.String())
	}
	return out.String()
}

// explained holds that the dictionary words every code that the lists hold.
func explained(t *testing.T, reports string) {
	t.Helper()
	var dictionary struct {
		Codes []struct{ Column, Code, Kind, Meaning string }
	}
	data, err := os.ReadFile(filepath.Join(reports, "dictionary.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &dictionary); err != nil {
		t.Fatal(err)
	}
	meaning := map[[3]string]string{}
	for _, c := range dictionary.Codes {
		meaning[[3]string{c.Column, c.Code, c.Kind}] = c.Meaning
	}
	held := 0
	for kind, file := range map[string]string{"exit": "exits.csv", "duplicate": "duplicates.csv"} {
		f, err := os.Open(filepath.Join(reports, file))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		lines, err := csv.NewReader(f).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, column := range []string{"reason_code", "tier_reasons", "contradictions", "household_effects"} {
			at := slices.Index(lines[0], column)
			for _, line := range lines[1:] {
				for code := range strings.SplitSeq(line[at], "; ") {
					code, _, _ = strings.Cut(code, ":") // an effect has whom it is about behind
					if held++; code != "" && meaning[[3]string{column, code, kind}] == "" {
						t.Errorf("%s of %s: the dictionary has no words for %s", column, file, code)
					}
				}
			}
		}
	}
	if held == 0 {
		t.Error("the lists hold no code")
	}
}
