package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"rollcall/connectors/all"
	"rollcall/jobs"
	"rollcall/jobs/config"
	"rollcall/jobs/ledger"
	"rollcall/jobs/schedule"
)

// listedTimes is how many due times --list shows of each job.
const listedTimes = 3

func scheduleCommand() *cobra.Command {
	var once, list bool
	var parallel int
	cmd := &cobra.Command{
		Use:   "schedule [FOLDER]",
		Short: "run all jobs of a folder when they are due",
		Long: `Runs every job file at or below the folder (default: here) at the times of its
schedule, one job after another. What is due is found in the ledgers: a run that
was missed is made up for as the job's catch_up says, one that was killed goes on,
and nothing is run twice, however many schedulers there are. Job files that are
added or changed are read again; a broken one does not stop the others.

It runs until it is told to stop (Ctrl-C, SIGTERM). A run that goes on is then
interrupted, and gone on with at the next start.`,
		Example: `  rollcall schedule /srv/rollcall              for ever
  rollcall schedule /srv/rollcall --list       when was and is each job due?
  rollcall schedule /srv/rollcall --once       what is due now, for your own cron`,
		RunE: func(cmd *cobra.Command, args []string) error {
			folder := "."
			switch len(args) {
			case 0:
			case 1:
				folder = args[0]
			default:
				return usage(fmt.Errorf("schedule takes one folder and got %d arguments", len(args)))
			}
			if parallel < 1 {
				return usage(fmt.Errorf("--parallel %d: at least one job has to run", parallel))
			}
			if once && list {
				return usage(errors.New("--once runs and --list does not: choose one"))
			}
			log := cmd.ErrOrStderr()
			if list {
				log = io.Discard // the list says it all
			}
			s := newScheduler(cmd.Context(), folder, log)
			s.Parallel = parallel
			switch {
			case list:
				listed, err := s.List(cmd.Context(), listedTimes)
				printListed(cmd.OutOrStdout(), listed)
				return err
			case once:
				results, err := s.Once(cmd.Context())
				return errors.Join(brokenJobs(err), worst(results))
			}
			return s.Serve(cmd.Context())
		},
	}
	cmd.Flags().BoolVar(&once, "once", false, "run what is due now, then end")
	cmd.Flags().BoolVar(&list, "list", false, "say when each job was run last and is due next")
	cmd.Flags().IntVar(&parallel, "parallel", 1, "run up to `N` different jobs at the same time")
	return cmd
}

func newScheduler(ctx context.Context, folder string, log io.Writer) *schedule.Scheduler {
	logger := slog.New(slog.NewTextHandler(log, nil))
	runner := newRunner(newProgress(io.Discard))
	runner.Log = logger
	return &schedule.Scheduler{
		Folder: folder, Clock: schedule.SystemClock{}, Log: logger,
		Load: func(path string) (schedule.Entry, error) {
			job, err := config.Load(ctx, path, all.Registry())
			if err != nil {
				return schedule.Entry{}, err
			}
			return schedule.Entry{
				Name: job.Name, Path: path, Output: job.OutputFolder,
				Cron: job.Schedule.Cron, TimeZone: job.Schedule.TimeZone, CatchUp: schedule.CatchUp(job.Schedule.CatchUp),
			}, nil
		},
		// The file is read again for each run: what it names may have changed too.
		Run: func(ctx context.Context, e schedule.Entry, d schedule.Due) (ledger.Status, error) {
			job, err := config.Load(ctx, e.Path, all.Registry())
			if err != nil {
				return "", err
			}
			return runner.RunDue(ctx, job, d)
		},
	}
}

// brokenJobs marks job files that cannot be used as an error of configuration.
func brokenJobs(err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	return fmt.Errorf("%w: %w", jobs.ErrUsage, err)
}

// worst is the error of the runs that did not end well.
func worst(results []schedule.Result) error {
	var errs []error
	for _, r := range results {
		name := fmt.Sprintf("%s as of %s", r.Entry.Name, r.Due.AsOf.Format(time.DateOnly))
		switch {
		case errors.Is(r.Err, schedule.ErrBusy): // it has its run: another process makes it
		case r.Err != nil:
			errs = append(errs, fmt.Errorf("%s: %w", name, r.Err))
		case r.Status == ledger.Held:
			errs = append(errs, fmt.Errorf("%s: %w", name, jobs.ErrHeld))
		case r.Status == ledger.Partial:
			errs = append(errs, fmt.Errorf("%s: %w", name, jobs.ErrPartial))
		}
	}
	return errors.Join(errs...)
}

func printListed(out io.Writer, listed []schedule.Listed) {
	if len(listed) == 0 {
		fmt.Fprintln(out, "No job file here: one begins with the line rollcall: 1.")
		return
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "job\tcron\ttime zone\tcatch up\tlast run\tnow\tnext")
	var broken []schedule.Listed
	for _, l := range listed {
		if l.Err != nil {
			broken = append(broken, l)
			continue
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", l.Entry.Name, orDash(l.Entry.Cron), orDash(l.Entry.TimeZone), orDash(string(l.Entry.CatchUp)),
			lastRun(l.Last), dueNow(l.Overdue), nextTimes(l.Next))
	}
	w.Flush()
	for _, l := range broken {
		fmt.Fprintf(out, "\n%s cannot be used:\n%v\n", l.Entry.Path, l.Err)
	}
}

func lastRun(r *ledger.Run) string {
	if r == nil {
		return "-"
	}
	return fmt.Sprintf("%s %s", r.AsOf.Format(time.DateOnly), shownStatus(*r))
}

func dueNow(d *schedule.Due) string {
	if d == nil {
		return "-"
	}
	return "due: " + d.AsOf.Format(time.DateOnly)
}

func nextTimes(times []time.Time) string {
	texts := make([]string, len(times))
	for i, t := range times {
		texts[i] = t.Format("2006-01-02 15:04 -07:00")
	}
	return orDash(strings.Join(texts, ", "))
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
