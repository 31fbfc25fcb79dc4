package schedule

import (
	"context"
	"errors"
	"fmt"
	"time"

	"rollcall/jobs/ledger"
)

// Listed is a job with its due times.
type Listed struct {
	Entry   Entry
	Overdue *Due        // the run that a scheduler would make at once
	Next    []time.Time // in the job's time zone
	Last    *ledger.Run // newest attempt
	Err     error       // why the job file cannot be used
}

// List tells for each job when it was run last and when it is due next. It changes
// nothing.
func (s *Scheduler) List(ctx context.Context, times int) ([]Listed, error) {
	w := s.watch()
	if err := w.look(ctx); err != nil {
		return nil, err
	}
	out := make([]Listed, len(w.jobs))
	for i, j := range w.jobs {
		out[i].Entry = j.entry
		out[i].Entry.Path = j.path
		if j.problem != "" {
			out[i].Err = errors.New(j.problem)
			continue
		}
		if err := out[i].ask(ctx, w, j); err != nil {
			return nil, fmt.Errorf("job %s: %w", j.entry.Name, err)
		}
		if !j.scheduled() {
			continue
		}
		for t := j.times.Next(s.Clock.Now()); len(out[i].Next) < times && !t.IsZero(); t = j.times.Next(t) {
			out[i].Next = append(out[i].Next, t)
		}
	}
	return out, nil
}

// ask reads from the job's ledger, when there is one.
func (li *Listed) ask(ctx context.Context, w *watch, j *job) (err error) {
	l, err := ledger.OpenExisting(ctx, j.entry.Output, w.Clock.Now)
	if errors.Is(err, ledger.ErrNoLedger) {
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	runs, err := l.Runs(ctx, ledger.Filter{Job: j.entry.Name, Limit: 1})
	if err != nil {
		return err
	}
	if len(runs) > 0 {
		li.Last = &runs[0]
	}
	progress, known, err := l.Progress(ctx, j.entry.Name)
	if err != nil || !known || !j.scheduled() {
		return err
	}
	li.Overdue = planOf(j.entry, j.times, progress, w.Clock.Now(), w.since).due
	return nil
}
