package jobs_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rollcall/jobs"
	"rollcall/jobs/config"
	"rollcall/jobs/ledger"
	"rollcall/jobs/schedule"
	"rollcall/pipeline"
	"rollcall/pipeline/gate"
	"rollcall/pipeline/report"
)

// house is a job whose pipeline does what the test says.
type house struct {
	t      *testing.T
	job    *config.Job
	runner jobs.Runner
	log    bytes.Buffer
	plans  []pipeline.Plan // that the pipeline got
	next   func(pipeline.Plan) (pipeline.Outcome, error)
}

func newHouse(t *testing.T) *house {
	h := &house{t: t}
	folder := t.TempDir()
	h.job = &config.Job{Path: filepath.Join(folder, "job.yaml"), Name: "monthly", SHA256: "c0ffee", OutputFolder: filepath.Join(folder, "out")}
	h.runner = jobs.Runner{Now: time.Now, Log: slog.New(slog.NewTextHandler(&h.log, nil))}
	h.runner.Pipeline = func(_ context.Context, p pipeline.Plan) (pipeline.Outcome, error) {
		h.plans = append(h.plans, p)
		return h.next(p)
	}
	return h
}

// outcome is a run with the given id and end.
func (h *house) outcome(id string, status pipeline.Status) pipeline.Outcome {
	h.t.Helper()
	return pipeline.Outcome{
		RunID: id, Status: status, Folder: filepath.Join(h.job.OutputFolder, "runs", id),
		Sources:  []pipeline.SourceRows{{Source: "deaths", Read: 10, Used: 8, Rejected: 2}},
		Measures: []gate.Measure{{Source: "deaths", Measure: "rows", Value: "8"}},
		Gates:    []gate.Report{{Findings: []gate.Finding{{Check: "rows", Source: "deaths", Verdict: gate.Warn}}}},
		Lists:    report.Summary{Lines: []report.LineCount{{List: "exits", Tier: "T1", Lines: 3}, {List: "registrations", Lines: 4}}},
		Timings:  []pipeline.Timing{{Stage: "extract", Seconds: 1.5}},
	}
}

// will is what the next run comes to; it leaves a folder with a manifest.
func (h *house) will(out pipeline.Outcome, err error) {
	h.next = func(pipeline.Plan) (pipeline.Outcome, error) {
		h.write(out)
		return out, err
	}
}

func (h *house) write(out pipeline.Outcome) {
	h.t.Helper()
	if err := os.MkdirAll(out.Folder, 0o700); err != nil {
		h.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(out.Folder, "manifest.json"), []byte("{}\n"), 0o600); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) run(day string) (pipeline.Outcome, error) {
	return h.runner.Run(context.Background(), h.job, date(day))
}

func (h *house) ledger() *ledger.Ledger {
	h.t.Helper()
	l, err := ledger.OpenExisting(context.Background(), h.job.OutputFolder, time.Now)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() {
		if err := l.Close(); err != nil {
			h.t.Error(err)
		}
	})
	return l
}

func (h *house) attempt(name string) ledger.Run {
	h.t.Helper()
	r, err := h.ledger().Run(context.Background(), name)
	if err != nil {
		h.t.Fatal(err)
	}
	return r
}

func date(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

func TestRunIsRecordedAndIsThePastOfTheNext(t *testing.T) {
	h := newHouse(t)
	h.will(h.outcome("june", pipeline.Done), nil)
	if _, err := h.run("2025-06-05"); err != nil {
		t.Fatal(err)
	}
	r := h.attempt("june")
	if r.Status != ledger.Done || r.Folder != "runs/june" || r.ConfigSHA256 != "c0ffee" || r.JobPath != h.job.Path {
		t.Errorf("recorded %+v", r)
	}
	if want := "ca3d163bab055381827226140568f3bef7eaac187cebd76878e0b63e9e442356"; r.ManifestSHA256 != want {
		t.Errorf("manifest %s, want %s", r.ManifestSHA256, want)
	}
	counts := map[string]int64{"list:exits:T1": 3, "list:registrations": 4, "read:deaths": 10, "used:deaths": 8, "rejected:deaths": 2}
	if diff := cmp.Diff(counts, r.Counts); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
	err := h.ledger().Decide(context.Background(), "monthly", ledger.Decision{CaseID: "c1", Kind: "different", DecidedOn: date("2025-06-09"), LeftValues: "l", RightValues: "r", Person: "officer-7"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.run("2025-07-05"); err != nil {
		t.Fatal(err)
	}
	want := pipeline.Past{
		Baseline:  gate.Baseline{{"deaths", "rows"}: "8"},
		Decisions: []pipeline.Decision{{CaseID: "c1", Kind: "different", DecidedOn: date("2025-06-09"), LeftValues: "l", RightValues: "r"}},
		Entities:  pipeline.Entities{RunID: "june", Lost: true}, // the folder has no table of them
	}
	if diff := cmp.Diff(want, h.plans[1].Past); diff != "" {
		t.Errorf("past of July (-want +got):\n%s", diff)
	}
	if len(h.plans[0].Past.Baseline) != 0 {
		t.Errorf("June has a baseline: %v", h.plans[0].Past.Baseline)
	}
}

func TestStageIsSeenWhileItRuns(t *testing.T) {
	h := newHouse(t)
	out := h.outcome("june", pipeline.Done)
	var seen []string
	h.runner.Progress = func(p pipeline.Progress) { seen = append(seen, p.Stage) }
	h.next = func(p pipeline.Plan) (pipeline.Outcome, error) {
		p.Progress(pipeline.Progress{Stage: "link"})
		if r := h.attempt("#1"); r.Stage != "link" || r.Status != ledger.Running {
			t.Errorf("while it runs: %s in %q", r.Status, r.Stage)
		}
		h.write(out)
		return out, nil
	}
	if _, err := h.run("2025-06-05"); err != nil {
		t.Fatal(err)
	}
	if len(seen) != 1 {
		t.Errorf("progress told: %v", seen)
	}
}

func TestEndsOfRuns(t *testing.T) {
	boom := errors.New("boom")
	for _, c := range []struct {
		name    string
		out     pipeline.Status
		err     error
		status  ledger.Status
		runErr  error // of Run
		verdict error // of its outcome
	}{
		{"done", pipeline.Done, nil, ledger.Done, nil, nil},
		{"held", pipeline.Held, nil, ledger.Held, nil, jobs.ErrHeld},
		{"partial", pipeline.Partial, nil, ledger.Partial, nil, jobs.ErrPartial},
		{"defect", "", boom, ledger.Failed, boom, nil},
		{"no room", "", &os.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}, ledger.Failed, jobs.ErrOutside, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHouse(t)
			h.will(h.outcome("r1", c.out), c.err)
			out, err := h.run("2025-06-05")
			if !errors.Is(err, c.runErr) || errors.Is(err, jobs.ErrOutside) != errors.Is(c.runErr, jobs.ErrOutside) {
				t.Errorf("error %v, want %v", err, c.runErr)
			}
			if v := jobs.Verdict(out); !errors.Is(v, c.verdict) {
				t.Errorf("verdict %v, want %v", v, c.verdict)
			}
			if r := h.attempt("#1"); r.Status != c.status || (r.Error != "") != (c.err != nil) {
				t.Errorf("recorded %s %q", r.Status, r.Error)
			}
		})
	}
}

func TestStoppedRunIsInterrupted(t *testing.T) {
	h := newHouse(t)
	ctx, cancel := context.WithCancel(context.Background())
	h.next = func(pipeline.Plan) (pipeline.Outcome, error) { cancel(); return pipeline.Outcome{}, ctx.Err() }
	h.job.Notify = []string{"false"}
	_, err := h.runner.RunDue(ctx, h.job, schedule.Due{At: date("2025-06-05"), AsOf: date("2025-06-05")})
	if !errors.Is(err, context.Canceled) || errors.Is(err, jobs.ErrOutside) {
		t.Errorf("error %v", err)
	}
	if r := h.attempt("#1"); r.Status != ledger.Interrupted {
		t.Errorf("recorded %s", r.Status)
	}
	if h.log.Len() > 0 {
		t.Errorf("somebody was told of a run that goes on: %s", &h.log)
	}
}

func TestTriesLeaveNoTrace(t *testing.T) {
	h := newHouse(t)
	out := h.outcome("r1", pipeline.Done)
	out.Folder = filepath.Join(h.job.OutputFolder, "tries", "r1")
	h.will(out, nil)
	h.runner.DryRun = true
	if _, err := h.run("2025-06-05"); err != nil {
		t.Fatal(err)
	}
	h.runner.DryRun, h.runner.TrueLinks = false, "truth.csv"
	if _, err := h.run("2025-06-05"); err != nil {
		t.Fatal(err)
	}
	if !h.plans[0].DryRun || h.plans[1].TrueLinks != "truth.csv" {
		t.Errorf("plans %+v", h.plans)
	}
	if _, err := os.Stat(filepath.Join(h.job.OutputFolder, ledger.FileName)); err == nil {
		t.Error("a try made a ledger")
	}
}

func TestJobThatRunsElsewhereIsBusy(t *testing.T) {
	h := newHouse(t)
	lock, err := schedule.Acquire(h.job.OutputFolder, "monthly")
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := lock.Release(); err != nil {
			t.Error(err)
		}
	}()
	if _, err := h.run("2025-06-05"); !errors.Is(err, schedule.ErrBusy) || !errors.Is(err, jobs.ErrOutside) {
		t.Errorf("error %v, want ErrBusy from outside", err)
	}
}

func TestReleasedRunGoesOnOnlyAsItself(t *testing.T) {
	ctx := context.Background()
	h := newHouse(t)
	h.will(h.outcome("june", pipeline.Held), nil)
	if _, err := h.run("2025-06-05"); err != nil {
		t.Fatal(err)
	}
	held := h.attempt("june")
	given := []ledger.Release{{Person: "amina", Reason: "a new district"}, {Person: "rahim", Reason: "seen"}}

	h.will(h.outcome("other", pipeline.Done), nil)
	if _, err := h.runner.Continue(ctx, h.job, held, given); !errors.Is(err, jobs.ErrVerification) {
		t.Errorf("went on with other inputs: %v", err)
	}
	if r := h.attempt("other"); r.Status != ledger.Failed {
		t.Errorf("what nobody released is %s", r.Status)
	}
	h.will(h.outcome("june", pipeline.Done), nil)
	if _, err := h.runner.Continue(ctx, h.job, held, given); err != nil {
		t.Fatal(err)
	}
	if got, want := h.plans[2].Released, "a new district (amina); seen (rahim)"; got != want {
		t.Errorf("released because %q, want %q", got, want)
	}
	if r := h.attempt("june"); r.Status != ledger.Done || r.Continues != held.Attempt {
		t.Errorf("recorded %s, continues %d", r.Status, r.Continues)
	}
}

// script writes a command into the job's folder.
func (h *house) script(name, text string) {
	h.t.Helper()
	file := filepath.Join(filepath.Dir(h.job.Path), name)
	if err := os.WriteFile(file, []byte("#!/bin/sh\n"+text), 0o700); err != nil {
		h.t.Fatal(err)
	}
	h.job.Notify = []string{file}
}

func TestNotifyTellsTheEndWithoutPersonalData(t *testing.T) {
	for _, status := range []ledger.Status{ledger.Done, ledger.Held, ledger.Failed} {
		h := newHouse(t)
		told := filepath.Join(t.TempDir(), "told.json")
		h.script("tell.sh", "cat > "+told)
		var fail error
		if status == ledger.Failed {
			fail = errors.New("row of Rahima Khatun is bad") // what no error should say, and no message passes on
		}
		out := h.outcome("june", pipeline.Status(status))
		h.will(out, fail)
		if _, err := h.run("2025-06-05"); !errors.Is(err, fail) {
			t.Fatal(err)
		}
		text, err := os.ReadFile(told)
		if err != nil {
			t.Fatal(err)
		}
		var m map[string]any
		if err := json.Unmarshal(text, &m); err != nil {
			t.Fatal(err)
		}
		want := map[string]any{
			"job": "monthly", "run_id": "june", "status": string(status), "as_of": "2025-06-05", "folder": out.Folder,
			"counts": map[string]any{"list:exits:T1": 3.0, "list:registrations": 4.0, "read:deaths": 10.0, "used:deaths": 8.0, "rejected:deaths": 2.0},
		}
		if diff := cmp.Diff(want, m); diff != "" {
			t.Errorf("message (-want +got):\n%s", diff)
		}
	}
}

func TestNotifyThatFailsFailsNothing(t *testing.T) {
	h := newHouse(t)
	h.script("tell.sh", "echo no mail server >&2; exit 7")
	h.will(h.outcome("june", pipeline.Done), nil)
	if _, err := h.run("2025-06-05"); err != nil {
		t.Errorf("the run failed: %v", err)
	}
	if log := h.log.String(); !strings.Contains(log, "exit status 7") || !strings.Contains(log, "no mail server") {
		t.Errorf("log: %s", log)
	}
}
