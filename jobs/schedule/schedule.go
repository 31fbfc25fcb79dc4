// Package schedule decides when which job runs: cron expressions in a time zone,
// due times that were missed, one run of a job at a time across processes, and
// runs that go on after the death of their process. What is due is computed from
// the job's ledger, so any number of schedulers may come and go.
package schedule

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"rollcall/jobs/ledger"
)

// Scheduler runs the jobs of a folder when they are due.
type Scheduler struct {
	// Folder is searched for job files, again and again: a file that changes is
	// read again.
	Folder string
	// Load reads a job file.
	Load func(path string) (Entry, error)
	// Run makes one run of a job; it uses Attempt. The status is empty or running
	// when begin or end could not be recorded.
	Run func(ctx context.Context, e Entry, d Due) (ledger.Status, error)

	Clock    Clock
	Log      *slog.Logger
	Parallel int           // jobs at the same time; 0 means 1
	Poll     time.Duration // between two looks at the job files; 0 means 30 s
}

// Result is what became of one run.
type Result struct {
	Entry  Entry
	Due    Due
	Status ledger.Status // empty when no attempt was recorded
	Err    error
}

const (
	defaultPoll = 30 * time.Second
	maxPause    = time.Hour // before a job that could not even begin is tried again
)

// Serve runs jobs when they are due until the context is cancelled. It then waits
// for the runs that it interrupted to record their end, and returns the cause.
func (s *Scheduler) Serve(ctx context.Context) error {
	w := s.watch()
	for {
		if err := w.look(ctx); err != nil {
			return w.stop(ctx, err)
		}
		if _, err := w.launch(ctx); err != nil {
			return w.stop(ctx, err)
		}
		wake, stop := s.Clock.After(w.pause())
		select {
		case r := <-w.results:
			w.settle(ctx, r)
		case <-wake:
		case <-ctx.Done():
			stop()
			return w.stop(ctx, context.Cause(ctx))
		}
		stop()
	}
}

// Once runs what is due now and returns what became of it. The error tells of job
// files that cannot be used; the others are run all the same.
func (s *Scheduler) Once(ctx context.Context) ([]Result, error) {
	w := s.watch()
	w.once = true
	if err := w.look(ctx); err != nil {
		return nil, w.stop(ctx, err)
	}
	for {
		waiting, err := w.launch(ctx)
		if err != nil {
			return w.ended, w.stop(ctx, err)
		}
		if !waiting && w.running == 0 {
			return w.ended, w.problems()
		}
		select {
		case r := <-w.results:
			w.settle(ctx, r)
		case <-ctx.Done():
			return w.ended, w.stop(ctx, context.Cause(ctx))
		}
	}
}

// job is a job file and what the scheduler does about it.
type job struct {
	found
	entry   Entry
	times   Times
	problem string // why the file cannot be used
	running bool
	pauses  int       // in a row
	resume  time.Time // not before
	blocked bool      // for the rest of Once
}

// scheduled reports whether the job has due times.
func (j *job) scheduled() bool { return j.problem == "" && j.entry.Cron != "" }

// key is what two jobs may not share: the rows of a ledger and a lock.
func (j *job) key() string { return j.entry.Output + "\x00" + j.entry.Name }

// watch is one period of watching over the jobs, in one goroutine.
type watch struct {
	*Scheduler
	since   time.Time
	once    bool
	jobs    []*job // in the order of their paths
	running int
	results chan Result
	ended   []Result // of Once
}

func (s *Scheduler) watch() *watch {
	return &watch{Scheduler: s, since: s.Clock.Now(), results: make(chan Result)}
}

// look reads the job files that are new, changed, or broken.
func (w *watch) look(ctx context.Context) error {
	files, err := find(w.Folder)
	if err != nil {
		return err
	}
	before := map[string]*job{}
	for _, j := range w.jobs {
		before[j.path] = j
	}
	w.jobs = w.jobs[:0:0]
	owner := map[string]string{}
	for _, f := range files {
		j := before[f.path]
		delete(before, f.path)
		if j == nil {
			j = &job{}
		}
		w.jobs = append(w.jobs, j)
		if j.sum == f.sum && j.problem == "" && owner[j.key()] == "" {
			owner[j.key()] = f.path
			continue
		}
		err := w.load(j, f)
		// Two files of one name and output would take each other's due times.
		if first := owner[j.key()]; err == nil && first != "" {
			err = fmt.Errorf("%s has the same name and output", first)
		}
		if w.report(ctx, j, err); err == nil {
			owner[j.key()] = f.path
		}
	}
	for _, j := range before {
		if j.running { // its file is gone; the run is let go on
			w.jobs = append(w.jobs, j)
			j.sum, j.entry.Cron = [sha256.Size]byte{}, ""
		}
	}
	return nil
}

func (w *watch) load(j *job, f found) error {
	if j.sum != f.sum {
		j.pauses, j.resume = 0, time.Time{}
	}
	j.found = f
	entry, err := w.Load(f.path)
	if err != nil {
		return err
	}
	entry.Path = f.path
	if entry.Output, err = filepath.Abs(entry.Output); err != nil {
		return err
	}
	if entry.Cron != "" {
		if j.times, err = ParseTimes(entry.Cron, entry.TimeZone); err != nil {
			return err
		}
	}
	j.entry = entry
	return nil
}

// report tells of a job file that was read, or that cannot be used: once as long
// as it is the same.
func (w *watch) report(ctx context.Context, j *job, err error) {
	before := j.problem
	if err == nil {
		j.problem = ""
		w.Log.InfoContext(ctx, "job file read", "file", j.path, "job", j.entry.Name, "cron", j.entry.Cron, "time_zone", j.entry.TimeZone)
		return
	}
	if j.problem = err.Error(); j.problem != before {
		w.Log.ErrorContext(ctx, "job file cannot be used", "file", j.path, "error", err)
	}
}

// problems is an error with all job files that cannot be used.
func (w *watch) problems() error {
	var errs []error
	for _, j := range w.jobs {
		switch {
		case strings.HasPrefix(j.problem, j.path): // with line and column behind
			errs = append(errs, errors.New(j.problem))
		case j.problem != "":
			errs = append(errs, fmt.Errorf("%s: %s", j.path, j.problem))
		}
	}
	return errors.Join(errs...)
}

// candidate is a job with the run that it has to make next.
type candidate struct {
	*job
	due Due
}

// launch starts what is due while there is room. It reports whether runs wait for room.
func (w *watch) launch(ctx context.Context) (waiting bool, err error) {
	var ready []candidate
	for _, j := range w.jobs {
		if !j.scheduled() || j.running || j.blocked || w.Clock.Now().Before(j.resume) {
			continue
		}
		due, err := w.next(ctx, j)
		if ctx.Err() != nil {
			return false, context.Cause(ctx)
		}
		if err != nil {
			w.pauseJob(j)
			w.Log.ErrorContext(ctx, "cannot tell what is due", "job", j.entry.Name, "error", err)
			if w.once {
				w.ended = append(w.ended, Result{Entry: j.entry, Err: err})
			}
			continue
		}
		if due != nil {
			ready = append(ready, candidate{j, *due})
		}
	}
	slices.SortStableFunc(ready, func(a, b candidate) int {
		if c := a.due.At.Compare(b.due.At); c != 0 {
			return c
		}
		return strings.Compare(a.entry.Name, b.entry.Name)
	})
	for len(ready) > 0 && w.running < max(w.Parallel, 1) {
		w.start(ctx, ready[0])
		ready = ready[1:]
	}
	return len(ready) > 0, nil
}

// next finds the run that a job has to make next, from its ledger.
func (w *watch) next(ctx context.Context, j *job) (due *Due, err error) {
	l, err := ledger.Open(ctx, j.entry.Output, w.Clock.Now)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	for {
		progress, err := l.Watch(ctx, j.entry.Name, j.entry.Cron, j.entry.TimeZone)
		if err != nil {
			return nil, err
		}
		p := planOf(j.entry, j.times, progress, w.Clock.Now(), w.since)
		switch {
		case progress.Unfinished != nil && progress.Unfinished.Status == ledger.Running:
			err = recoverDead(ctx, l, j.entry)
			if errors.Is(err, ErrBusy) {
				return nil, nil // it is not dead: another process runs the job
			}
		case p.giveUp:
			w.Log.ErrorContext(ctx, "run given up", "job", j.entry.Name, "due", p.due.At, "crashes", progress.Crashes)
			err = l.GiveUp(ctx, j.entry.Name, p.due.At, fmt.Sprintf("given up after its process died %d times", progress.Crashes))
		case p.skips > 0:
			w.Log.WarnContext(ctx, "missed due times skipped", "job", j.entry.Name, "times", p.skips, "until", p.skip)
			err = l.Skip(ctx, j.entry.Name, p.skip, p.skips)
		default:
			return p.due, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// recoverDead marks what is running as interrupted, when nobody holds the lock.
func recoverDead(ctx context.Context, l *ledger.Ledger, e Entry) error {
	lock, err := Acquire(e.Output, e.Name)
	if err != nil {
		return err
	}
	_, err = l.Recover(ctx, e.Name)
	return errors.Join(err, lock.Release())
}

func (w *watch) start(ctx context.Context, c candidate) {
	c.running = true
	w.running++
	w.Log.InfoContext(ctx, "run begins", "job", c.entry.Name, "due", c.due.At, "as_of", c.due.AsOf.Format(time.DateOnly))
	entry := c.entry // the file may be read again meanwhile
	go func() {
		status, err := w.Run(ctx, entry, c.due)
		w.results <- Result{entry, c.due, status, err}
	}()
}

// settle takes note of the end of a run.
func (w *watch) settle(ctx context.Context, r Result) {
	w.running--
	i := slices.IndexFunc(w.jobs, func(j *job) bool { return j.path == r.Entry.Path })
	j := w.jobs[i]
	j.running = false
	log := w.Log.With("job", r.Entry.Name, "due", r.Due.At, "as_of", r.Due.AsOf.Format(time.DateOnly))
	switch {
	case errors.Is(r.Err, ErrBusy), errors.Is(r.Err, ledger.ErrRunning):
		w.pauseJob(j)
		log.InfoContext(ctx, "another process runs the job")
	case errors.Is(r.Err, ledger.ErrAlreadyRun):
		log.InfoContext(ctx, "another process ran it")
		return
	case r.Status == "", r.Status == ledger.Running:
		w.pauseJob(j)
		log.ErrorContext(ctx, "begin or end of the run could not be recorded", "error", r.Err)
	case r.Err != nil:
		log.ErrorContext(ctx, "run ended", "status", r.Status, "error", r.Err)
	default:
		j.pauses = 0
		log.InfoContext(ctx, "run ended", "status", r.Status)
	}
	if w.once {
		w.ended = append(w.ended, r)
	}
}

// pauseJob lets a job wait that could not begin, each time twice as long.
func (w *watch) pauseJob(j *job) {
	j.blocked = w.once
	pause := min(w.poll()<<min(j.pauses, 16), maxPause)
	j.pauses++
	j.resume = w.Clock.Now().Add(pause)
}

func (w *watch) poll() time.Duration {
	if w.Poll == 0 {
		return defaultPoll
	}
	return w.Poll
}

// pause is the time until the next due time, at most until the next look at the files.
func (w *watch) pause() time.Duration {
	now := w.Clock.Now()
	pause := w.poll()
	for _, j := range w.jobs {
		if j.scheduled() && !j.running {
			if due := j.times.Next(now); !due.IsZero() {
				pause = min(pause, due.Sub(now))
			}
		}
	}
	return pause
}

// stop waits for the runs that go on, whose context is cancelled or whose
// scheduler met an error, and passes the error on.
func (w *watch) stop(ctx context.Context, err error) error {
	for w.running > 0 {
		w.settle(ctx, <-w.results)
	}
	return err
}
