package schedule_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"rollcall/jobs/ledger"
	"rollcall/jobs/schedule"
)

// clock is a time that only the test moves.
type clock struct {
	mu    sync.Mutex
	t     time.Time
	alarm []alarm
}

type alarm struct {
	at time.Time
	c  chan time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) After(d time.Duration) (<-chan time.Time, func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	a := alarm{c.t.Add(d), make(chan time.Time, 1)}
	c.alarm = append(c.alarm, a)
	return a.c, func() {}
}

func (c *clock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = t
	rest := c.alarm[:0]
	for _, a := range c.alarm {
		if a.at.After(t) {
			rest = append(rest, a)
		} else {
			a.c <- t
		}
	}
	c.alarm = rest
}

// journal is a log that can be read while it is written.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// country is a folder of jobs whose runs are recorded and do nothing else.
type country struct {
	t      *testing.T
	folder string
	clock  *clock
	log    journal
	status ledger.Status
	during func(ctx context.Context, e schedule.Entry) error

	mu      sync.Mutex
	running map[string]int
	most    int      // runs at the same time
	ran     []string // job as-of
}

func newCountry(t *testing.T, now string) *country {
	return &country{t: t, folder: t.TempDir(), clock: &clock{t: at(now)}, status: ledger.Done, running: map[string]int{}}
}

// job writes a job file: rollcall, then cron, zone and catch-up, each on a line.
func (c *country) job(name, cron, zone string, catchUp schedule.CatchUp) {
	c.t.Helper()
	c.write(name+".yaml", fmt.Sprintf("rollcall: 1\n%s\n%s\n%s\n%s\n", name, cron, zone, catchUp))
}

func (c *country) write(file, text string) {
	c.t.Helper()
	if err := os.WriteFile(filepath.Join(c.folder, file), []byte(text), 0o600); err != nil {
		c.t.Fatal(err)
	}
}

func load(path string) (schedule.Entry, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return schedule.Entry{}, err
	}
	lines := strings.Split(string(data), "\n")
	if len(lines) < 6 {
		return schedule.Entry{}, errors.New("line 2: it is broken")
	}
	return schedule.Entry{
		Name: lines[1], Cron: lines[2], TimeZone: lines[3], CatchUp: schedule.CatchUp(lines[4]),
		Output: filepath.Join(filepath.Dir(path), "out"),
	}, nil
}

func (c *country) scheduler() *schedule.Scheduler {
	return &schedule.Scheduler{
		Folder: c.folder, Load: load, Run: c.run, Clock: c.clock,
		Log: slog.New(slog.NewTextHandler(&c.log, nil)),
	}
}

func (c *country) run(ctx context.Context, e schedule.Entry, d schedule.Due) (status ledger.Status, err error) {
	l, err := ledger.Open(ctx, e.Output, c.clock.Now)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	r, err := schedule.Attempt(ctx, l, e.Output, ledger.Start{Job: e.Name, AsOf: d.AsOf, DueAt: d.At},
		func(ctx context.Context, r ledger.Run) (ledger.End, error) {
			c.enter(e.Name, 1)
			defer c.enter(e.Name, -1)
			if c.during != nil {
				if err := c.during(ctx, e); err != nil {
					return ledger.End{}, err
				}
			}
			c.mu.Lock()
			c.ran = append(c.ran, e.Name+" "+r.AsOf.Format(time.DateOnly))
			c.mu.Unlock()
			return ledger.End{Status: c.status}, nil
		})
	return r.Status, err
}

func (c *country) enter(job string, by int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.running[job] += by
	if c.running[job] > 1 {
		c.t.Errorf("two runs of %s at the same time", job)
	}
	sum := 0
	for _, n := range c.running {
		sum += n
	}
	c.most = max(c.most, sum)
}

// once sets the clock, runs what is due and tells what ran.
func (c *country) once(now string) []string {
	c.t.Helper()
	c.clock.set(at(now))
	c.ran = nil
	if _, err := c.scheduler().Once(context.Background()); err != nil {
		c.t.Errorf("once at %s: %v", now, err)
	}
	return c.ran
}

func (c *country) want(now string, want ...string) {
	c.t.Helper()
	if diff := cmp.Diff(want, c.once(now)); diff != "" {
		c.t.Errorf("runs at %s (-want +got):\n%s", now, diff)
	}
}

func (c *country) ledger() *ledger.Ledger {
	c.t.Helper()
	l, err := ledger.Open(context.Background(), filepath.Join(c.folder, "out"), c.clock.Now)
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() {
		if err := l.Close(); err != nil {
			c.t.Error(err)
		}
	})
	return l
}

func TestRunsWhenDueAndNotAgain(t *testing.T) {
	c := newCountry(t, "2025-07-01T00:00:00+06:00")
	c.job("monthly", "0 6 5 * *", "Asia/Dhaka", schedule.Latest)
	c.want("2025-07-01T00:00:00+06:00") // first seen: what lies before was not missed
	c.want("2025-07-05T05:59:59+06:00")
	c.want("2025-07-05T06:00:00+06:00", "monthly 2025-07-05")
	c.want("2025-07-05T06:00:01+06:00")
	c.want("2025-08-05T06:10:00+06:00", "monthly 2025-08-05")
}

func TestMissedRunsAreCaughtUpAsTheJobSays(t *testing.T) {
	for _, p := range []struct {
		policy schedule.CatchUp
		want   []string
	}{
		{schedule.None, nil},
		{schedule.Latest, []string{"monthly 2025-07-05"}},
		{schedule.All, []string{"monthly 2025-05-05", "monthly 2025-06-05", "monthly 2025-07-05"}},
	} {
		t.Run(string(p.policy), func(t *testing.T) {
			c := newCountry(t, "2025-05-01T00:00:00+06:00")
			c.job("monthly", "0 6 5 * *", "Asia/Dhaka", p.policy)
			c.want("2025-05-01T00:00:00+06:00")
			c.want("2025-07-20T12:00:00+06:00", p.want...)
			c.want("2025-07-20T12:00:01+06:00")
			c.want("2025-08-05T06:01:00+06:00", "monthly 2025-08-05")
		})
	}
}

func TestSkippedDueTimesAreInTheLedger(t *testing.T) {
	c := newCountry(t, "2025-05-01T00:00:00Z")
	c.job("monthly", "0 6 5 * *", "UTC", schedule.None)
	c.want("2025-05-01T00:00:00Z")
	c.want("2025-07-20T12:00:00Z")
	log, err := c.ledger().Log(context.Background())
	if err != nil || len(log) != 1 || !strings.Contains(log[0].JSON, `"times":"3","until":"2025-07-05T06:00:00.000Z"`) {
		t.Errorf("log %+v, %v", log, err)
	}
}

func TestClockChangesDoNotRunTwiceOrNever(t *testing.T) {
	c := newCountry(t, "2026-03-07T12:00:00-08:00")
	c.job("nightly", "30 2 * * *", "America/Los_Angeles", schedule.Latest)
	c.job("early", "30 1 * * *", "America/Los_Angeles", schedule.Latest)
	c.want("2026-03-07T12:00:00-08:00")
	c.want("2026-03-08T12:00:00-07:00", "early 2026-03-08", "nightly 2026-03-08")

	c.clock.set(at("2026-10-31T12:00:00-07:00"))
	c.once("2026-10-31T12:00:00-07:00")
	c.want("2026-11-01T01:30:00-07:00", "early 2026-11-01")
	c.want("2026-11-01T01:30:00-08:00") // the clock shows 01:30 again
	c.want("2026-11-01T12:00:00-08:00", "nightly 2026-11-01")
}

func TestFailedAndHeldRunsWaitForTheNextDueTime(t *testing.T) {
	for _, status := range []ledger.Status{ledger.Held, ledger.Partial} {
		c := newCountry(t, "2025-07-01T00:00:00Z")
		c.status = status
		c.job("monthly", "0 6 5 * *", "UTC", schedule.All)
		c.want("2025-07-01T00:00:00Z")
		c.want("2025-07-05T06:00:00Z", "monthly 2025-07-05")
		c.want("2025-07-05T07:00:00Z")
	}
	c := newCountry(t, "2025-07-01T00:00:00Z")
	c.during = func(context.Context, schedule.Entry) error { return errors.New("the database went away") }
	c.job("monthly", "0 6 5 * *", "UTC", schedule.All)
	c.want("2025-07-01T00:00:00Z")
	c.clock.set(at("2025-07-05T06:00:00Z"))
	results, err := c.scheduler().Once(context.Background())
	if err != nil || len(results) != 1 || results[0].Status != ledger.Failed || results[0].Err == nil {
		t.Errorf("results %+v, %v", results, err)
	}
	r, err := c.ledger().Run(context.Background(), "#1")
	if err != nil || r.Status != ledger.Failed || r.Error != "the database went away" {
		t.Errorf("recorded %s %q, %v", r.Status, r.Error, err)
	}
}

func TestJobsRunOneAfterAnotherUnlessTold(t *testing.T) {
	for _, parallel := range []int{0, 3} {
		c := newCountry(t, "2025-07-01T00:00:00Z")
		for _, name := range []string{"a", "b", "c"} {
			c.job(name, "0 6 5 * *", "UTC", schedule.Latest)
		}
		c.want("2025-07-01T00:00:00Z")
		c.clock.set(at("2025-07-05T06:00:00Z"))
		var together sync.WaitGroup
		together.Add(max(parallel, 1) % 4)
		c.during = func(context.Context, schedule.Entry) error {
			if parallel > 0 { // each waits for the others: it ends only if all run at once
				together.Done()
				together.Wait()
			}
			return nil
		}
		s := c.scheduler()
		s.Parallel = parallel
		if _, err := s.Once(context.Background()); err != nil {
			t.Fatal(err)
		}
		if len(c.ran) != 3 || c.most != max(parallel, 1) {
			t.Errorf("parallel %d: %d runs, %d at the same time", parallel, len(c.ran), c.most)
		}
	}
}

func TestBrokenJobFileDoesNotStopTheOthers(t *testing.T) {
	c := newCountry(t, "2025-07-01T00:00:00Z")
	c.job("good", "0 6 5 * *", "UTC", schedule.Latest)
	c.write("broken.yaml", "rollcall: 1\n")
	c.write("never.yaml", "rollcall: 1\nnever\n0 0 31 2 *\nUTC\nnone\n")
	c.write("twin.yaml", "rollcall: 1\ngood\n0 6 5 * *\nUTC\nnone\n")
	c.write("programme.yaml", "rollcall_programme: 1\n")
	if _, err := c.scheduler().Once(context.Background()); err == nil {
		t.Error("broken files were not told")
	}
	c.clock.set(at("2025-07-05T06:00:00Z"))
	_, err := c.scheduler().Once(context.Background())
	if diff := cmp.Diff([]string{"good 2025-07-05"}, c.ran); diff != "" {
		t.Errorf("runs (-want +got):\n%s", diff)
	}
	for _, says := range []string{"broken.yaml: line 2: it is broken", "never.yaml: cron expression", "twin.yaml: " + c.folder + "/good.yaml has the same name"} {
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("error %v; want %q in it", err, says)
		}
	}
	if err != nil && strings.Contains(err.Error(), "programme.yaml") {
		t.Errorf("a programme file was taken for a job: %v", err)
	}
}

func TestRunThatKeepsCrashingIsGivenUp(t *testing.T) {
	ctx := context.Background()
	c := newCountry(t, "2025-07-01T00:00:00Z")
	c.job("monthly", "0 6 5 * *", "UTC", schedule.Latest)
	c.want("2025-07-01T00:00:00Z")
	l := c.ledger()
	due := at("2025-07-05T06:00:00Z")
	for range 5 { // each leaves its row running, as a dead process does
		if _, err := l.Recover(ctx, "monthly"); err != nil {
			t.Fatal(err)
		}
		if _, err := l.Begin(ctx, ledger.Start{Job: "monthly", AsOf: due, DueAt: due}); err != nil {
			t.Fatal(err)
		}
	}
	c.want("2025-07-05T06:30:00Z")
	r, err := l.Run(ctx, "#5")
	if err != nil || r.Status != ledger.Failed || !strings.Contains(r.Error, "died 5 times") {
		t.Errorf("last attempt is %s %q, %v", r.Status, r.Error, err)
	}
	c.want("2025-08-05T06:00:00Z", "monthly 2025-08-05")
}

// serve lets a scheduler serve while the clock goes on in steps, until enough.
func (c *country) serve(step time.Duration, enough func() bool) {
	c.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- c.scheduler().Serve(ctx) }()
	deadline := time.Now().Add(10 * time.Second)
	for !enough() {
		if time.Now().After(deadline) {
			c.t.Error("waited in vain")
			break
		}
		c.clock.mu.Lock()
		idle := len(c.clock.alarm) > 0
		c.clock.mu.Unlock()
		if idle {
			c.clock.set(c.clock.Now().Add(step))
		}
		time.Sleep(time.Millisecond)
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		c.t.Errorf("serve ended with %v", err)
	}
}

func (c *country) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.ran)
}

func TestServeRunsOnTimeAndReadsFilesAgain(t *testing.T) {
	defer goleak.VerifyNone(t)
	c := newCountry(t, "2025-07-01T00:00:00Z")
	c.job("monthly", "0 6 5 * *", "UTC", schedule.None)
	c.serve(6*time.Hour, func() bool { return c.count() == 2 })
	if diff := cmp.Diff([]string{"monthly 2025-07-05", "monthly 2025-08-05"}, c.ran); diff != "" {
		t.Errorf("runs (-want +got):\n%s", diff)
	}
	c.ran = nil
	changed := false
	c.serve(time.Minute, func() bool {
		if !changed {
			changed = true
			c.write("weekly.yaml", "rollcall: 1\n") // broken at first
		} else if strings.Contains(c.log.String(), "weekly.yaml") {
			c.job("weekly", "*/30 * * * *", "UTC", schedule.None)
		}
		return c.count() > 0
	})
	if len(c.ran) == 0 || !strings.HasPrefix(c.ran[0], "weekly ") {
		t.Errorf("runs %v; want one of the job that was written meanwhile", c.ran)
	}
}

func TestStoppedRunIsInterruptedAndGoneOnWith(t *testing.T) {
	c := newCountry(t, "2025-07-01T00:00:00Z")
	c.job("monthly", "0 6 5 * *", "UTC", schedule.None)
	c.want("2025-07-01T00:00:00Z")
	c.clock.set(at("2025-07-05T05:59:00Z"))
	begun := make(chan struct{})
	c.during = func(ctx context.Context, _ schedule.Entry) error {
		close(begun)
		<-ctx.Done()
		return ctx.Err()
	}
	c.serve(time.Minute, func() bool {
		select {
		case <-begun:
			return true
		default:
			return false
		}
	})
	goleak.VerifyNone(t)
	r, err := c.ledger().Run(context.Background(), "#1")
	if err != nil || r.Status != ledger.Interrupted || r.Crashed {
		t.Fatalf("after the stop: %s, crashed %v, %v", r.Status, r.Crashed, err)
	}
	c.during = nil
	c.want("2025-07-20T00:00:00Z", "monthly 2025-07-05") // though it catches up none: it had begun
}

func TestListShowsWhatIsDueAndChangesNothing(t *testing.T) {
	ctx := context.Background()
	c := newCountry(t, "2025-07-01T00:00:00Z")
	c.job("monthly", "0 6 5 * *", "Asia/Dhaka", schedule.Latest)
	c.write("broken.yaml", "rollcall: 1\n")
	listed, err := c.scheduler().List(ctx, 2)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(c.folder, "out")); err == nil {
		t.Error("listing made the output folder")
	}
	if len(listed) != 2 || listed[0].Err == nil || listed[1].Err != nil {
		t.Fatalf("listed %+v", listed)
	}
	var next []string
	for _, n := range listed[1].Next {
		next = append(next, n.Format(time.RFC3339))
	}
	if diff := cmp.Diff([]string{"2025-07-05T06:00:00+06:00", "2025-08-05T06:00:00+06:00"}, next); diff != "" {
		t.Errorf("next (-want +got):\n%s", diff)
	}
	if _, err := c.scheduler().Once(ctx); err == nil {
		t.Error("the broken file was not told")
	}
	c.clock.set(at("2025-07-06T00:00:00Z"))
	for range 2 {
		if listed, err = c.scheduler().List(ctx, 1); err != nil || listed[1].Overdue == nil {
			t.Fatalf("listed %+v, %v; want an overdue run", listed, err)
		}
	}
	if got := listed[1].Overdue.AsOf.Format(time.DateOnly); got != "2025-07-05" {
		t.Errorf("overdue as of %s", got)
	}
}

func TestJobThatCannotBeginDoesNotSpin(t *testing.T) {
	c := newCountry(t, "2025-07-01T00:00:00Z")
	c.job("monthly", "0 6 5 * *", "UTC", schedule.Latest)
	c.want("2025-07-01T00:00:00Z")
	c.clock.set(at("2025-07-05T06:00:00Z"))
	s := c.scheduler()
	tries := 0
	s.Run = func(context.Context, schedule.Entry, schedule.Due) (ledger.Status, error) {
		tries++
		return "", errors.New("job file broke since")
	}
	results, err := s.Once(context.Background())
	if err != nil || tries != 1 || len(results) != 1 || results[0].Err == nil {
		t.Errorf("%d tries, results %+v, %v", tries, results, err)
	}
	c.want("2025-07-05T06:00:00Z", "monthly 2025-07-05")
}
