package ledger

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"rollcall/pipeline/gate"
)

// Status is what became of an attempt.
type Status string

// The statuses. An interrupted attempt is not an end: another attempt goes on
// with it. A released one was held, and two people let it go.
const (
	Running     Status = "running"
	Done        Status = "done"
	Held        Status = "held"
	Partial     Status = "partial"
	Failed      Status = "failed"
	Interrupted Status = "interrupted"
	Released    Status = "released"
)

// Run is one attempt at one run.
type Run struct {
	Attempt      int64
	Job          string
	RunID        string // empty until the pipeline named it
	AsOf         time.Time
	DueAt        time.Time // zero when a person started it
	Status       Status
	StartedAt    time.Time
	EndedAt      time.Time // zero while it runs
	Stage        string    // last stage begun
	Process      Process
	JobPath      string // of the job file, absolute
	ConfigSHA256 string
	Folder       string // of the run, relative to the output folder
	// ManifestSHA256 is over the run's manifest, which vouches for its files.
	ManifestSHA256 string
	Error          string
	Crashed        bool  // its process died
	Continues      int64 // the interrupted or released attempt that this one goes on with; 0 for none
	Counts         map[string]int64
	StageSeconds   map[string]float64

	baselineAttempt                int64
	decisionsThrough               int64
	judgementsThrough, actsThrough int64
}

// BaselineAttempt is the attempt from which this one took its baseline and the ids of
// persons; 0 for none.
func (r Run) BaselineAttempt() int64 { return r.baselineAttempt }

// Start is what is known of an attempt when it begins.
type Start struct {
	Job          string
	AsOf         time.Time
	DueAt        time.Time // zero when a person starts it
	JobPath      string
	ConfigSHA256 string
	Continues    int64 // a released attempt; an interrupted one is found by its due time
}

// End is what became of an attempt.
type End struct {
	Status         Status
	RunID          string
	Folder         string
	ManifestSHA256 string
	Error          string // without personal data
	Findings       []gate.Finding
	Figures        []gate.Measure
	Counts         map[string]int64
	StageSeconds   map[string]float64
	// Casework is what the run proposes; nil leaves the cases as they are.
	Casework *Casework
}

// Begin records that an attempt starts. It fails with ErrRunning while another
// attempt of the job is marked running (see Recover), and with ErrAlreadyRun when
// the due time has its run. An interrupted attempt of the same due time is gone on
// with: the new one sees the same past.
func (l *Ledger) Begin(ctx context.Context, s Start) (Run, error) {
	r := Run{
		Job: s.Job, AsOf: s.AsOf, DueAt: s.DueAt, Status: Running, StartedAt: l.now().UTC().Truncate(time.Millisecond),
		Process: ThisProcess(), JobPath: s.JobPath, ConfigSHA256: s.ConfigSHA256, Continues: s.Continues,
	}
	err := l.write(ctx, "begin run of "+s.Job, func(tx *sql.Tx) error {
		if err := admit(ctx, tx, s); err != nil {
			return err
		}
		if err := r.choosePast(ctx, tx); err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, `INSERT INTO run
			(job, as_of, due_at, status, started_at, pid, host, boot, job_path, config_sha256, continues, baseline_attempt, decisions_through, judgements_through, acts_through)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			r.Job, day(r.AsOf), optionalInstant(r.DueAt), r.Status, instant(r.StartedAt), r.Process.PID, r.Process.Host, r.Process.Boot,
			r.JobPath, r.ConfigSHA256, optionalID(r.Continues), optionalID(r.baselineAttempt), r.decisionsThrough, r.judgementsThrough, r.actsThrough)
		if err != nil {
			return err
		}
		if r.Attempt, err = res.LastInsertId(); err != nil {
			return err
		}
		return l.record(ctx, tx, entryStarted, r.startFields())
	})
	return r, err
}

func admit(ctx context.Context, tx *sql.Tx, s Start) error {
	var running int64
	err := tx.QueryRowContext(ctx, "SELECT attempt FROM run WHERE job = ? AND status = ?", s.Job, Running).Scan(&running)
	if err == nil {
		return fmt.Errorf("attempt %d: %w", running, ErrRunning)
	} else if !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if s.DueAt.IsZero() {
		return nil
	}
	var status Status
	err = tx.QueryRowContext(ctx, "SELECT status FROM run WHERE job = ? AND due_at = ? AND status <> ?",
		s.Job, instant(s.DueAt), Interrupted).Scan(&status)
	if err == nil {
		return fmt.Errorf("due %s is %s: %w", instant(s.DueAt), status, ErrAlreadyRun)
	} else if !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	return nil
}

// Enter records which stage an attempt begins, for people who watch.
func (l *Ledger) Enter(ctx context.Context, attempt int64, stage string) error {
	if _, err := l.db.ExecContext(ctx, "UPDATE run SET stage = ? WHERE attempt = ?", stage, attempt); err != nil {
		return fmt.Errorf("ledger: enter stage %s: %w", stage, err)
	}
	return nil
}

// Finish records the end of a running attempt. The figures of a run that is done
// become a baseline for later days of its job.
func (l *Ledger) Finish(ctx context.Context, attempt int64, e End) error {
	return l.write(ctx, fmt.Sprintf("finish attempt %d", attempt), func(tx *sql.Tx) error {
		r, err := oneRun(ctx, tx, "attempt = ?", attempt)
		if err != nil {
			return err
		}
		if r.Status != Running {
			return fmt.Errorf("it is %s, not running", r.Status)
		}
		return l.end(ctx, tx, r, e)
	})
}

func (l *Ledger) end(ctx context.Context, tx *sql.Tx, r Run, e End) error {
	counts, err := canonical(orEmpty(e.Counts))
	if err != nil {
		return err
	}
	seconds, err := canonical(orEmpty(e.StageSeconds))
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE run SET status = ?, run_id = ?, folder = ?, manifest_sha256 = ?, error = ?, ended_at = ?, counts = ?, stage_seconds = ? WHERE attempt = ?`,
		e.Status, e.RunID, e.Folder, e.ManifestSHA256, e.Error, instant(l.now()), counts, seconds, r.Attempt)
	if err != nil {
		return err
	}
	for i, f := range e.Findings {
		_, err := tx.ExecContext(ctx, "INSERT INTO finding VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
			r.Attempt, i, f.Check, f.Source, f.Subject, string(f.Verdict), f.Observed, f.Expected, f.Advice)
		if err != nil {
			return fmt.Errorf("finding %d: %w", i, err)
		}
	}
	for _, f := range e.Figures {
		_, err := tx.ExecContext(ctx, "INSERT INTO figure VALUES (?, ?, ?, ?)", r.Attempt, f.Source, f.Measure, f.Value)
		if err != nil {
			return fmt.Errorf("figure %s of %s: %w", f.Measure, f.Source, err)
		}
	}
	if e.Status == Done {
		_, err := tx.ExecContext(ctx, "INSERT INTO baseline (job, as_of, attempt, set_at) VALUES (?, ?, ?, ?)",
			r.Job, day(r.AsOf), r.Attempt, instant(l.now()))
		if err != nil {
			return fmt.Errorf("set baseline: %w", err)
		}
	}
	f, err := endFields(ctx, tx, r.Attempt)
	if err != nil {
		return err
	}
	if err := l.record(ctx, tx, entryEnded, f); err != nil || e.Status != Done || e.Casework == nil {
		return err
	}
	if err := l.takeUp(ctx, tx, r, *e.Casework); err != nil {
		return fmt.Errorf("take up cases: %w", err)
	}
	return nil
}

// Recover marks the running attempts of a job as interrupted. The caller holds
// the job's lock, so whoever wrote them is dead.
func (l *Ledger) Recover(ctx context.Context, job string) ([]Run, error) {
	var dead []Run
	err := l.write(ctx, "recover "+job, func(tx *sql.Tx) (err error) {
		dead, err = collect(ctx, tx, scanRun, selectRun+" WHERE job = ? AND status = ? ORDER BY attempt", job, Running)
		if err != nil {
			return err
		}
		for i := range dead {
			r := &dead[i]
			r.Status, r.Crashed, r.Error = Interrupted, true, "its process ended without a word"
			_, err := tx.ExecContext(ctx, "UPDATE run SET status = ?, crashed = 1, error = ?, ended_at = ? WHERE attempt = ?",
				r.Status, r.Error, instant(l.now()), r.Attempt)
			if err != nil {
				return err
			}
			f := fields{"attempt": fmt.Sprint(r.Attempt), "status": string(r.Status)}
			if err := l.record(ctx, tx, entryCrashed, f); err != nil {
				return err
			}
		}
		return nil
	})
	return dead, err
}

// GiveUp ends the interrupted attempts of a due time as failed, so that they are
// not gone on with again.
func (l *Ledger) GiveUp(ctx context.Context, job string, dueAt time.Time, why string) error {
	return l.write(ctx, "give up a run of "+job, func(tx *sql.Tx) error {
		r, err := oneRun(ctx, tx, "job = ? AND due_at = ? AND status = ?", job, instant(dueAt), Interrupted)
		if err != nil {
			return err
		}
		return l.end(ctx, tx, r, End{Status: Failed, Error: why})
	})
}

// Filter chooses runs. A zero field chooses all.
type Filter struct {
	Job   string
	Limit int
}

// Runs lists attempts, the newest first.
func (l *Ledger) Runs(ctx context.Context, f Filter) ([]Run, error) {
	limit := f.Limit
	if limit == 0 {
		limit = -1 // SQLite: no limit
	}
	runs, err := collect(ctx, l.db, scanRun, selectRun+" WHERE ? IN ('', job) ORDER BY attempt DESC LIMIT ?", f.Job, limit)
	if err != nil {
		return nil, fmt.Errorf("ledger: list runs: %w", err)
	}
	return runs, nil
}

// Run finds the newest attempt of a run by its run id, by a beginning of it that
// no other run shares, or by "#" and the attempt's number.
func (l *Ledger) Run(ctx context.Context, name string) (Run, error) {
	if number, ok := strings.CutPrefix(name, "#"); ok {
		r, err := oneRun(ctx, l.db, "attempt = ?", number)
		if err != nil {
			return Run{}, fmt.Errorf("run %s: %w", name, err)
		}
		return r, nil
	}
	r, err := oneRun(ctx, l.db, "run_id = ?", name)
	if err == nil || !errors.Is(err, ErrNotFound) || name == "" {
		return r, wrapRun(name, err)
	}
	var ids int
	err = l.db.QueryRowContext(ctx, "SELECT count(DISTINCT run_id) FROM run WHERE substr(run_id, 1, ?) = ?", len([]rune(name)), name).Scan(&ids)
	if err != nil {
		return Run{}, wrapRun(name, err)
	}
	if ids > 1 {
		return Run{}, fmt.Errorf("run %s: %w: %d runs begin so", name, ErrNotFound, ids)
	}
	r, err = oneRun(ctx, l.db, "substr(run_id, 1, ?) = ?", len([]rune(name)), name)
	return r, wrapRun(name, err)
}

func wrapRun(name string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("run %s: %w", name, err)
}

// Findings are what the gates found in an attempt, in their order.
func (l *Ledger) Findings(ctx context.Context, attempt int64) ([]gate.Finding, error) {
	out, err := findings(ctx, l.db, attempt)
	if err != nil {
		return nil, fmt.Errorf("ledger: findings of attempt %d: %w", attempt, err)
	}
	return out, nil
}

// Figures are an attempt's figures, by source and measure.
func (l *Ledger) Figures(ctx context.Context, attempt int64) ([]gate.Measure, error) {
	out, err := figures(ctx, l.db, attempt)
	if err != nil {
		return nil, fmt.Errorf("ledger: figures of attempt %d: %w", attempt, err)
	}
	return out, nil
}

func findings(ctx context.Context, q querier, attempt int64) ([]gate.Finding, error) {
	return collect(ctx, q, func(rows *sql.Rows) (f gate.Finding, err error) {
		return f, rows.Scan(&f.Check, &f.Source, &f.Subject, &f.Verdict, &f.Observed, &f.Expected, &f.Advice)
	}, "SELECT name, source, subject, verdict, observed, expected, advice FROM finding WHERE attempt = ? ORDER BY ordinal", attempt)
}

func figures(ctx context.Context, q querier, attempt int64) ([]gate.Measure, error) {
	return collect(ctx, q, func(rows *sql.Rows) (f gate.Measure, err error) {
		return f, rows.Scan(&f.Source, &f.Measure, &f.Value)
	}, "SELECT source, measure, value FROM figure WHERE attempt = ? ORDER BY source, measure", attempt)
}

const selectRun = `SELECT attempt, job, run_id, as_of, due_at, status, started_at, ended_at, stage, pid, host, boot, job_path, config_sha256,
	folder, manifest_sha256, error, crashed, coalesce(continues, 0), coalesce(baseline_attempt, 0), decisions_through, judgements_through, acts_through, counts, stage_seconds FROM run`

func oneRun(ctx context.Context, q querier, where string, args ...any) (Run, error) {
	runs, err := collect(ctx, q, scanRun, selectRun+" WHERE "+where+" ORDER BY attempt DESC LIMIT 1", args...)
	if err != nil {
		return Run{}, err
	}
	if len(runs) == 0 {
		return Run{}, ErrNotFound
	}
	return runs[0], nil
}

func scanRun(rows *sql.Rows) (Run, error) {
	var (
		r               Run
		asOf            string
		due             sql.NullString
		started, ended  sql.NullString
		counts, seconds []byte
	)
	err := rows.Scan(&r.Attempt, &r.Job, &r.RunID, &asOf, &due, &r.Status, &started, &ended, &r.Stage,
		&r.Process.PID, &r.Process.Host, &r.Process.Boot, &r.JobPath, &r.ConfigSHA256, &r.Folder, &r.ManifestSHA256, &r.Error, &r.Crashed,
		&r.Continues, &r.baselineAttempt, &r.decisionsThrough, &r.judgementsThrough, &r.actsThrough, &counts, &seconds)
	if err != nil {
		return Run{}, err
	}
	var errs [6]error
	r.AsOf, errs[0] = readDay(asOf)
	r.DueAt, errs[1] = readInstant(due)
	r.StartedAt, errs[2] = readInstant(started)
	r.EndedAt, errs[3] = readInstant(ended)
	errs[4] = json.Unmarshal(counts, &r.Counts)
	errs[5] = json.Unmarshal(seconds, &r.StageSeconds)
	if err := errors.Join(errs[:]...); err != nil {
		return Run{}, fmt.Errorf("attempt %d: %w", r.Attempt, err)
	}
	return r, nil
}

func optionalID(id int64) sql.NullInt64 { return sql.NullInt64{Int64: id, Valid: id != 0} }

func orEmpty[V any](m map[string]V) map[string]V {
	if m == nil {
		return map[string]V{}
	}
	return m
}
