package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"rollcall/connectors/all"
	"rollcall/jobs"
	"rollcall/jobs/config"
	"rollcall/jobs/ledger"
	"rollcall/pipeline"
	"rollcall/pipeline/store"
)

// A run of another program is refused by name, and a table that comes out otherwise
// is told: here of a manifest that says so.
func TestRerunTellsWhatIsNotTheSame(t *testing.T) {
	ctx := t.Context()
	village := filepath.Join(t.TempDir(), "village")
	must(t, os.CopyFS(village, os.DirFS("../../testdata/village")))
	job, err := config.Load(ctx, filepath.Join(village, "job.yaml"), all.Registry())
	must(t, err)
	runner := newRunner(newProgress(&bytes.Buffer{}))
	out, err := runner.Run(ctx, job, time.Date(2026, 8, 31, 0, 0, 0, 0, time.UTC))
	must(t, err)
	l, err := ledger.OpenExisting(ctx, job.OutputFolder, time.Now)
	must(t, err)
	defer func() { must(t, l.Close()) }()
	run, err := l.Run(ctx, out.RunID)
	must(t, err)
	file := filepath.Join(out.Folder, "manifest.json")
	manifest, err := os.ReadFile(file)
	must(t, err)
	// again makes the run again with a manifest in which a text stands for another.
	again := func(from, to string, anyProgram bool) ([]jobs.Compared, error) {
		t.Helper()
		if !regexp.MustCompile(from).Match(manifest) {
			t.Fatalf("the manifest has no %s", from)
		}
		must(t, os.WriteFile(file, regexp.MustCompile(from).ReplaceAll(manifest, []byte(to)), 0o600))
		run.ManifestSHA256, err = store.FileHash(file)
		must(t, err)
		return runner.Rerun(ctx, l, job.OutputFolder, run, t.TempDir(), anyProgram)
	}

	older := `"program_version": "0.0.9"`
	_, err = again(`"program_version": "[^"]*"`, older, false)
	var other *jobs.OtherProgramError
	if !errors.As(err, &other) || !strings.Contains(err.Error(), "made by rollcall 0.0.9 with DuckDB") || !strings.Contains(err.Error(), "this is rollcall "+pipeline.Version) {
		t.Errorf("a run of another program: %v", err)
	}
	stages, err := again(`"program_version": "[^"]*"`, older, true)
	if err != nil || len(stages) == 0 {
		t.Errorf("tried all the same: %v, %v", stages, err)
	}

	stages, err = again(`("table": "fact",\s+"rows": \d+,\s+"content_sha256": ")[0-9a-f]{8}`, "${1}00000000", false)
	must(t, err)
	for _, s := range stages {
		if want := map[string]string{"facts": "fact"}[s.Stage]; s.First != want {
			t.Errorf("stage %s: the first that differs is %q, want %q", s.Stage, s.First, want)
		}
	}
}
