package jobs

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"path/filepath"
	"strings"
	"time"

	"rollcall/connectors"
	"rollcall/jobs/config"
	"rollcall/jobs/ledger"
	"rollcall/jobs/schedule"
	"rollcall/pipeline"
	"rollcall/pipeline/audit"
	"rollcall/pipeline/gate"
	"rollcall/pipeline/store"
	"rollcall/pipeline/tables"
)

// Runner makes runs of jobs.
type Runner struct {
	Registry connectors.Registry
	Getenv   func(string) (string, bool) // for secrets of connectors
	Now      func() time.Time
	Log      *slog.Logger            // no personal data goes there
	Progress func(pipeline.Progress) // may be nil

	// TrueLinks is a CSV of mention_id, person_id used instead of our links, and
	// DryRun stops after the gate. Both are tries: they see the ledger's past, and
	// are neither recorded in it nor told to anybody.
	TrueLinks string
	DryRun    bool

	// Pipeline makes the run itself; nil means pipeline.Run.
	Pipeline func(context.Context, pipeline.Plan) (pipeline.Outcome, error)
}

// Run makes one run of a job at a day, because a person asks for it. A hold and a
// partial run are outcomes, not errors: see Verdict.
func (r *Runner) Run(ctx context.Context, job *config.Job, asOf time.Time) (pipeline.Outcome, error) {
	if err := job.Lawful(DayOf(r.Now())); err != nil {
		return pipeline.Outcome{}, err
	}
	if r.DryRun || r.TrueLinks != "" {
		return r.try(ctx, job, asOf)
	}
	out, _, err := r.attempt(ctx, job, ledger.Start{AsOf: asOf}, release{})
	return out, err
}

// RunDue makes the run of a due time, or goes on with it. The status is that of
// the attempt, empty when none was recorded.
func (r *Runner) RunDue(ctx context.Context, job *config.Job, due schedule.Due) (ledger.Status, error) {
	if err := job.Lawful(DayOf(r.Now())); err != nil {
		return "", err
	}
	_, status, err := r.attempt(ctx, job, ledger.Start{AsOf: due.AsOf, DueAt: due.At}, release{})
	return status, err
}

// Continue goes on with a held run that two people released. It fails when the
// inputs changed since: what they released was another run.
func (r *Runner) Continue(ctx context.Context, job *config.Job, held ledger.Run, given []ledger.Release) (pipeline.Outcome, error) {
	if err := job.Lawful(DayOf(r.Now())); err != nil {
		return pipeline.Outcome{}, err
	}
	words := make([]string, len(given))
	for i, g := range given {
		words[i] = fmt.Sprintf("%s (%s)", g.Reason, g.Person)
	}
	start := ledger.Start{AsOf: held.AsOf, Continues: held.Attempt}
	out, _, err := r.attempt(ctx, job, start, release{runID: held.RunID, reason: strings.Join(words, "; ")})
	return out, err
}

// DayOf is the day of a moment, as days are kept: midnight of UTC.
func DayOf(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// release is what people let go; the zero value is for a run that nobody held.
type release struct{ runID, reason string }

func (g release) check(out pipeline.Outcome) error {
	if g.runID == "" || g.runID == out.RunID {
		return nil
	}
	return fmt.Errorf("%w: job or inputs changed since the hold: run %s was released, and this is %s", ErrVerification, g.runID, out.RunID)
}

// Verdict is the error by which a command tells that a run is not done.
func Verdict(out pipeline.Outcome) error {
	switch out.Status {
	case pipeline.Held:
		return fmt.Errorf("run %s: %w", out.RunID, ErrHeld)
	case pipeline.Partial:
		return fmt.Errorf("run %s: %w", out.RunID, ErrPartial)
	}
	return nil
}

// attempt makes one recorded attempt and tells its end to whom the job names.
func (r *Runner) attempt(ctx context.Context, job *config.Job, start ledger.Start, given release) (out pipeline.Outcome, status ledger.Status, err error) {
	l, err := ledger.Open(ctx, job.OutputFolder, r.Now)
	if err != nil {
		return out, "", Outside(err)
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	start.Job, start.ConfigSHA256 = job.Name, job.SHA256
	if start.JobPath, err = filepath.Abs(job.Path); err != nil {
		return out, "", fmt.Errorf("resolve %s: %w", job.Path, err)
	}
	run, err := schedule.Attempt(ctx, l, job.OutputFolder, start, func(ctx context.Context, run ledger.Run) (ledger.End, error) {
		past, err := l.Past(ctx, run)
		if err != nil {
			return ledger.End{}, err
		}
		plan, err := r.plan(job, start.AsOf, past)
		if err != nil {
			return ledger.End{}, err
		}
		if plan.RowKey, err = audit.MakeKey(RowKeyFile(job)); err != nil {
			return ledger.End{}, err
		}
		plan.Released, plan.ReleasedRun = given.reason, given.runID
		plan.Progress = r.watch(ctx, l, run.Attempt)
		if out, err = r.pipeline(ctx, plan); err != nil {
			return endOf(job, out), Outside(job.Explain(err))
		}
		if err := given.check(out); err != nil {
			return endOf(job, out), err
		}
		end, err := withManifest(job, endOf(job, out))
		if err == nil && out.Status == pipeline.Done {
			end.Casework, err = casework(ctx, l, job, out.Folder, plan.RowKey)
		}
		return end, err
	})
	r.notify(ctx, job, run)
	return out, run.Status, Outside(err)
}

// try makes a run that leaves no trace in the ledger.
func (r *Runner) try(ctx context.Context, job *config.Job, asOf time.Time) (out pipeline.Outcome, err error) {
	lock, err := schedule.Acquire(job.OutputFolder, job.Name)
	if err != nil {
		return out, Outside(err)
	}
	defer func() { err = errors.Join(err, lock.Release()) }()
	past, err := r.peek(ctx, job, asOf)
	if err != nil {
		return out, Outside(err)
	}
	plan, err := r.plan(job, asOf, past)
	if err != nil {
		return out, err
	}
	plan.DryRun, plan.TrueLinks, plan.Progress = r.DryRun, r.TrueLinks, r.Progress
	out, err = r.pipeline(ctx, plan)
	return out, Outside(job.Explain(err))
}

// peek reads the past from the job's ledger, when there is one.
func (r *Runner) peek(ctx context.Context, job *config.Job, asOf time.Time) (past ledger.Past, err error) {
	l, err := ledger.OpenExisting(ctx, job.OutputFolder, r.Now)
	if errors.Is(err, ledger.ErrNoLedger) {
		return ledger.Past{}, nil
	}
	if err != nil {
		return ledger.Past{}, err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	return l.PastFor(ctx, job.Name, asOf)
}

func (r *Runner) pipeline(ctx context.Context, plan pipeline.Plan) (pipeline.Outcome, error) {
	if r.Pipeline != nil {
		return r.Pipeline(ctx, plan)
	}
	return pipeline.Run(ctx, plan)
}

// plan puts together what a run depends on.
func (r *Runner) plan(job *config.Job, asOf time.Time, past ledger.Past) (p pipeline.Plan, err error) {
	p = pipeline.Plan{
		Name: job.Name, Title: job.Title, LegalBasis: job.Legal.String(), AsOf: asOf, ConfigSHA256: job.SHA256, Configuration: job.Files,
		Sources: job.Sources, Mapping: job.Mapping, Gate: job.Gate, Link: job.Link, Decide: job.Decide, Locale: job.Locale.Pack, Areas: job.Areas, Mortality: job.Mortality, LeastCell: job.LeastCell, SamplePairs: job.SamplePairs,
		DataFolder: job.DataFolder, OutputFolder: job.OutputFolder, Registry: r.Registry, Getenv: r.Getenv,
		Threads: job.Threads, MemoryBytes: job.MemoryBytes, Now: r.Now, Log: r.Log,
		Past: pipeline.Past{Baseline: gate.Baseline{}},
	}
	for _, m := range past.Baseline {
		p.Past.Baseline[[2]string{m.Source, m.Measure}] = m.Value
	}
	for _, d := range past.Decisions {
		p.Past.Decisions = append(p.Past.Decisions, pipeline.Decision{
			CaseID: d.CaseID, Kind: d.Kind, DecidedOn: d.DecidedOn, LeftValues: d.LeftValues, RightValues: d.RightValues,
		})
	}
	p.Past.Judged = past.Judged
	for _, v := range past.Reviewed {
		p.Past.Reviewed = append(p.Past.Reviewed, pipeline.Reviewed(v))
	}
	p.Past.Entities, err = entities(job, past.Last)
	return p, err
}

// entities finds the ids that persons had in an earlier run. A folder that is no
// longer there is told in the reports; one that was altered is an error.
func entities(job *config.Job, last ledger.Run) (pipeline.Entities, error) {
	e := pipeline.Entities{RunID: last.RunID}
	if last.ManifestSHA256 == "" {
		return e, nil
	}
	folder := filepath.Join(job.OutputFolder, filepath.FromSlash(last.Folder))
	var err error
	e.File, e.ContentSHA256, err = audit.Table(folder, last.ManifestSHA256, tables.Entity().Name)
	if errors.Is(err, fs.ErrNotExist) {
		e.Lost = true
		return e, nil
	}
	if err != nil {
		return e, fmt.Errorf("%w: ids of persons of run %s: %w", ErrVerification, last.RunID, err)
	}
	return e, nil
}

// watch passes progress on, and tells the ledger which stage begins.
func (r *Runner) watch(ctx context.Context, l *ledger.Ledger, attempt int64) func(pipeline.Progress) {
	stage := ""
	return func(p pipeline.Progress) {
		if p.Stage != stage {
			stage = p.Stage
			if err := l.Enter(ctx, attempt, stage); err != nil {
				r.Log.WarnContext(ctx, "stage not recorded", "stage", stage, "error", err)
			}
		}
		if r.Progress != nil {
			r.Progress(p)
		}
	}
}

// endOf is an outcome as the ledger keeps it.
func endOf(job *config.Job, out pipeline.Outcome) ledger.End {
	e := ledger.End{
		Status: ledger.Status(out.Status), RunID: out.RunID, Figures: out.Measures,
		Counts: map[string]int64{}, StageSeconds: map[string]float64{},
	}
	if out.Folder != "" {
		e.Folder = out.Folder
		if rel, err := filepath.Rel(job.OutputFolder, out.Folder); err == nil {
			e.Folder = filepath.ToSlash(rel)
		}
	}
	for _, g := range out.Gates {
		e.Findings = append(e.Findings, g.Findings...)
	}
	for _, line := range out.Lists.Lines {
		name := "list:" + line.List
		if line.Tier != "" {
			name += ":" + line.Tier
		}
		e.Counts[name] += line.Lines
	}
	for _, s := range out.Sources {
		e.Counts["read:"+s.Source] = s.Read
		e.Counts["used:"+s.Source] = s.Used
		e.Counts["rejected:"+s.Source] = s.Rejected
	}
	for _, t := range out.Timings {
		e.StageSeconds[t.Stage] += t.Seconds
	}
	return e
}

// withManifest adds the hash of the run's manifest, which vouches for its files.
func withManifest(job *config.Job, e ledger.End) (ledger.End, error) {
	file := filepath.Join(job.OutputFolder, filepath.FromSlash(e.Folder), audit.ManifestName)
	sum, err := store.FileHash(file)
	if errors.Is(err, fs.ErrNotExist) {
		return e, nil
	}
	e.ManifestSHA256 = sum
	return e, err
}

// RowKeyFile is where the key of rows is: where the site file says, or else beside
// the ledger.
func RowKeyFile(job *config.Job) string {
	return cmp.Or(job.RowKeyFile, filepath.Join(job.OutputFolder, audit.KeyName))
}
