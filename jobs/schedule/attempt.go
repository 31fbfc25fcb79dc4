package schedule

import (
	"context"
	"errors"
	"fmt"

	"rollcall/jobs/ledger"
)

// Work does the work of an attempt and tells its end: done, held or partial. An
// error makes the attempt failed, or interrupted when the context was cancelled;
// what else the end holds is kept.
type Work func(ctx context.Context, r ledger.Run) (ledger.End, error)

// Attempt makes one attempt at a run of a job: alone among all processes, and
// recorded from its begin to its end. An attempt whose process died before is
// found by the lock that it no longer holds, marked interrupted and, when it has
// the same due time, gone on with.
//
// The run returned has its attempt's number whenever the attempt was recorded.
// The error is that of the work, or ErrBusy, ledger.ErrAlreadyRun and the like
// when there was no work.
func Attempt(ctx context.Context, l *ledger.Ledger, output string, s ledger.Start, work Work) (r ledger.Run, err error) {
	lock, err := Acquire(output, s.Job)
	if err != nil {
		return ledger.Run{}, err
	}
	defer func() { err = errors.Join(err, lock.Release()) }()
	if _, err := l.Recover(ctx, s.Job); err != nil {
		return ledger.Run{}, err
	}
	if r, err = l.Begin(ctx, s); err != nil {
		return ledger.Run{}, err
	}
	end, workErr := work(ctx, r)
	switch {
	case workErr == nil:
	case ctx.Err() != nil:
		end.Status, end.Error = ledger.Interrupted, "stopped on request"
	default:
		end.Status, end.Error = ledger.Failed, workErr.Error()
	}
	// The end is recorded even when the context was cancelled: that is its end.
	if err := l.Finish(context.WithoutCancel(ctx), r.Attempt, end); err != nil {
		return r, errors.Join(workErr, fmt.Errorf("record the end: %w", err))
	}
	r.Status, r.RunID, r.Folder, r.Error = end.Status, end.RunID, end.Folder, end.Error
	r.Counts, r.StageSeconds = end.Counts, end.StageSeconds
	return r, workErr
}
