package schedule_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"rollcall/jobs/ledger"
	"rollcall/jobs/schedule"
)

// The test binary is also the scheduler process that the tests below kill.
func TestMain(m *testing.M) {
	if folder := os.Getenv("SCHEDULE_TEST_FOLDER"); folder != "" {
		if err := child(folder); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// stages of the child's run: each makes one file, once.
const stages = 3

// child runs what is due. In each stage it first says so in a file, then waits
// until it is told to go on, then makes its result under its name in one step.
func child(folder string) error {
	s := &schedule.Scheduler{
		Folder: folder, Load: load, Clock: schedule.SystemClock{}, Log: slog.New(slog.NewTextHandler(os.Stderr, nil)),
		Run: func(ctx context.Context, e schedule.Entry, d schedule.Due) (status ledger.Status, err error) {
			l, err := ledger.Open(ctx, e.Output, time.Now)
			if err != nil {
				return "", err
			}
			defer func() { err = errors.Join(err, l.Close()) }()
			r, err := schedule.Attempt(ctx, l, e.Output, ledger.Start{Job: e.Name, AsOf: d.AsOf, DueAt: d.At},
				func(_ context.Context, r ledger.Run) (ledger.End, error) {
					return ledger.End{Status: ledger.Done, RunID: "r"}, work(folder, r)
				})
			return r.Status, err
		},
	}
	_, err := s.Once(context.Background())
	return err
}

func work(folder string, r ledger.Run) error {
	for stage := range stages {
		result := filepath.Join(folder, fmt.Sprintf("stage-%d-%s", stage, r.AsOf.Format(time.DateOnly)))
		if _, err := os.Stat(result); err == nil {
			continue // made by an attempt before
		}
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("in-%d", stage)), []byte(strconv.Itoa(os.Getpid())), 0o600); err != nil {
			return err
		}
		for {
			if _, err := os.Stat(filepath.Join(folder, fmt.Sprintf("go-%d", stage))); err == nil {
				break
			}
			time.Sleep(5 * time.Millisecond)
		}
		f, err := os.OpenFile(result, os.O_CREATE|os.O_EXCL, 0o600) // fails if it is made twice
		if err != nil {
			return err
		}
		if err := f.Close(); err != nil {
			return err
		}
	}
	return nil
}

// overdue is a country with one job that missed one due time, half a day ago.
func overdue(t *testing.T) *country {
	t.Helper()
	due := time.Now().UTC().Add(-12 * time.Hour).Truncate(time.Minute)
	c := newCountry(t, due.Add(-time.Hour).Format(time.RFC3339))
	c.job("daily", fmt.Sprintf("%d %d * * *", due.Minute(), due.Hour()), "UTC", schedule.Latest)
	c.want(c.clock.Now().Format(time.RFC3339))
	return c
}

func (c *country) spawn() *exec.Cmd {
	c.t.Helper()
	cmd := exec.CommandContext(context.Background(), os.Args[0])
	cmd.Env = append(os.Environ(), "SCHEDULE_TEST_FOLDER="+c.folder)
	if err := cmd.Start(); err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() {
		if cmd.ProcessState == nil { // the test ended early
			c.kill(cmd)
		}
	})
	return cmd
}

// kill sends SIGKILL and waits for the end.
func (c *country) kill(cmd *exec.Cmd) {
	c.t.Helper()
	if err := cmd.Process.Kill(); err != nil {
		c.t.Error(err)
	}
	var ended *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &ended) {
		c.t.Errorf("the killed process ended with %v", err)
	}
}

func (c *country) await(file string) {
	c.t.Helper()
	for deadline := time.Now().Add(15 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if _, err := os.Stat(filepath.Join(c.folder, file)); err == nil {
			return
		}
	}
	c.t.Fatalf("waited in vain for %s", file)
}

func TestKilledInAnyStageGoesOnAndMakesNothingTwice(t *testing.T) {
	ctx := context.Background()
	c := overdue(t)
	for stage := range stages {
		cmd := c.spawn()
		c.await(fmt.Sprintf("in-%d", stage))
		c.kill(cmd)
		c.write(fmt.Sprintf("go-%d", stage), "")
	}
	last := c.spawn()
	if err := last.Wait(); err != nil {
		t.Fatal(err)
	}
	l := c.ledger()
	runs, err := l.Runs(ctx, ledger.Filter{Job: "daily"})
	if err != nil {
		t.Fatal(err)
	}
	var statuses []string
	for _, r := range runs { // the newest first
		statuses = append(statuses, string(r.Status))
		if !r.AsOf.Equal(runs[0].AsOf) || !r.DueAt.Equal(runs[0].DueAt) {
			t.Errorf("attempt %d is of %s, the last of %s", r.Attempt, r.AsOf, runs[0].AsOf)
		}
	}
	if got := strings.Join(statuses, " "); got != "done interrupted interrupted interrupted" {
		t.Errorf("attempts, the newest first: %s", got)
	}
	if made, _ := filepath.Glob(filepath.Join(c.folder, "stage-*")); len(made) != stages {
		t.Errorf("%d stages were made, want %d", len(made), stages)
	}
	if _, err := l.Verify(ctx, ledger.Head{}); err != nil {
		t.Error(err)
	}
}

func TestTwoSchedulersMakeOneRun(t *testing.T) {
	ctx := context.Background()
	c := overdue(t)
	for stage := range stages {
		c.write(fmt.Sprintf("go-%d", stage), "")
	}
	first, second := c.spawn(), c.spawn()
	if err := errors.Join(first.Wait(), second.Wait()); err != nil {
		t.Fatal(err)
	}
	runs, err := c.ledger().Runs(ctx, ledger.Filter{})
	if err != nil || len(runs) != 1 || runs[0].Status != ledger.Done {
		t.Errorf("runs %+v, %v; want one that is done", runs, err)
	}
}

func TestLockIsOfTheProcess(t *testing.T) {
	c := overdue(t)
	output := filepath.Join(c.folder, "out")
	cmd := c.spawn()
	c.await("in-0")
	if _, err := schedule.Acquire(output, "daily"); !errors.Is(err, schedule.ErrBusy) {
		t.Errorf("lock while another process runs the job: %v", err)
	}
	if got := c.once(time.Now().UTC().Format(time.RFC3339)); got != nil {
		t.Errorf("ran %v beside another process", got)
	}
	c.kill(cmd)
	lock, err := schedule.Acquire(output, "daily")
	if err != nil {
		t.Fatalf("lock after the death of its holder: %v", err)
	}
	if err := lock.Release(); err != nil {
		t.Error(err)
	}
	for _, name := range []string{"", "..", "a/b", "../x"} {
		if _, err := schedule.Acquire(output, name); err == nil {
			t.Errorf("locked a job named %q", name)
		}
	}
}
