package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Progress is how far the due times of a job are dealt with.
type Progress struct {
	// Since is the moment after which a due time without a run is due.
	Since time.Time
	// Unfinished is a scheduled attempt that did not reach its end: it was
	// interrupted, or is marked running. Its due time comes before Since.
	Unfinished *Run
	// Crashes is how many attempts of the unfinished due time ended with the death
	// of their process.
	Crashes int
}

// Watch tells how far the due times of a job are dealt with. A job that was never
// seen, or whose times changed, counts from now: times that lay in the past when
// they were written down were not missed.
func (l *Ledger) Watch(ctx context.Context, job, cron, timeZone string) (Progress, error) {
	var p Progress
	err := l.write(ctx, "watch "+job, func(tx *sql.Tx) (err error) {
		_, err = tx.ExecContext(ctx, `INSERT INTO job (job, cron, time_zone, since_at) VALUES (?, ?, ?, ?)
			ON CONFLICT (job) DO UPDATE SET cron = excluded.cron, time_zone = excluded.time_zone, since_at = excluded.since_at
			WHERE cron <> excluded.cron OR time_zone <> excluded.time_zone`, job, cron, timeZone, instant(l.now()))
		if err != nil {
			return err
		}
		p, _, err = progress(ctx, tx, job)
		return err
	})
	return p, err
}

// Progress is what Watch tells, without starting to watch: known is false for a
// job that was never watched.
func (l *Ledger) Progress(ctx context.Context, job string) (p Progress, known bool, err error) {
	if p, known, err = progress(ctx, l.db, job); err != nil {
		return Progress{}, false, fmt.Errorf("ledger: progress of %s: %w", job, err)
	}
	return p, known, nil
}

func progress(ctx context.Context, q querier, job string) (p Progress, known bool, err error) {
	var since sql.NullString
	err = q.QueryRowContext(ctx, `SELECT max(since_at, coalesce((SELECT max(due_at) FROM run WHERE run.job = job.job), ''))
		FROM job WHERE job = ?`, job).Scan(&since)
	if errors.Is(err, sql.ErrNoRows) {
		return Progress{}, false, nil
	}
	if err != nil {
		return Progress{}, false, err
	}
	if p.Since, err = readInstant(since); err != nil {
		return Progress{}, false, err
	}
	return p, true, p.findUnfinished(ctx, q, job)
}

func (p *Progress) findUnfinished(ctx context.Context, q querier, job string) error {
	r, err := oneRun(ctx, q, `job = ? AND due_at IS NOT NULL AND status IN (?, ?)
		AND NOT EXISTS (SELECT * FROM run other WHERE other.job = run.job AND other.due_at = run.due_at AND other.attempt > run.attempt)`,
		job, Interrupted, Running)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	p.Unfinished = &r
	return q.QueryRowContext(ctx, "SELECT count(*) FROM run WHERE job = ? AND due_at = ? AND crashed", job, instant(r.DueAt)).Scan(&p.Crashes)
}

// Skip records that the due times of a job until and with the given one will have
// no run, because the job says that missed runs are not caught up.
func (l *Ledger) Skip(ctx context.Context, job string, until time.Time, times int) error {
	return l.write(ctx, "skip due times of "+job, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE job SET since_at = max(since_at, ?) WHERE job = ?", instant(until), job)
		if err != nil {
			return err
		}
		return l.record(ctx, tx, entrySkipped, fields{"job": job, "times": fmt.Sprint(times), "until": instant(until)})
	})
}
