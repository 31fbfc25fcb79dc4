package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"rollcall/connectors"
	"rollcall/connectors/all"
	"rollcall/jobs"
	"rollcall/jobs/config"
	"rollcall/pipeline"
	"rollcall/pipeline/gate"
)

func runCommand() *cobra.Command {
	var asOf, links, memory string
	var dryRun bool
	var threads int
	cmd := &cobra.Command{
		Use:   "run JOB.yaml",
		Short: "make one run of a job",
		Long: `Takes a snapshot of each source, links people, and writes the reports under the
job's output folder, in runs/<run_id>/reports; the link latest points to the
last good one. Running again on the same inputs finds the finished stages and writes only
the reports again.

Only what the registers had received by the as-of day counts, so an earlier day
can be run again later.`,
		Example: `  rollcall run job.yaml                        as of today
  rollcall run job.yaml --as-of 2026-08-31     as of an earlier day
  rollcall run job.yaml --dry-run              snapshots and gate only, nothing listed`,
		Args: exactArgs(1, "one job file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			day, err := parseDay(asOf)
			if err != nil {
				return err
			}
			job, err := config.Load(cmd.Context(), args[0], all.Registry())
			if err != nil {
				return err
			}
			if links != "" {
				if _, err := os.Stat(links); err != nil {
					return usage(fmt.Errorf("--links: %w", err))
				}
			}
			if threads > 0 {
				job.Threads = threads
			}
			if memory != "" {
				if job.MemoryBytes, err = parseSize(memory); err != nil {
					return err
				}
			}
			shown := newProgress(cmd.ErrOrStderr())
			shown.start(job.Name)
			runner := newRunner(shown)
			runner.TrueLinks, runner.DryRun = links, dryRun
			out, err := runner.Run(cmd.Context(), job, day)
			shown.end()
			if err != nil {
				return err
			}
			printOutcome(cmd.OutOrStdout(), out, dryRun)
			return jobs.Verdict(out)
		},
	}
	cmd.Flags().StringVar(&asOf, "as-of", "", "the `DAY` for which the run is made, YYYY-MM-DD (default today)")
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "stop after the gate: say how the inputs are, write no list")
	cmd.Flags().StringVar(&links, "links", "", "use these links instead of ours: a CSV `FILE` of mention_id,person_id; the run is written under tries, not runs")
	cmd.Flags().IntVar(&threads, "threads", 0, "`N` threads (default: the job's, else all)")
	cmd.Flags().StringVar(&memory, "memory", "", "memory to work in, such as 2GiB (default: the job's, else a quarter of the machine's)")
	return cmd
}

// parseDay reads a day; none is today.
func parseDay(text string) (time.Time, error) {
	if text == "" {
		text = time.Now().Format(time.DateOnly)
	}
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return day, usage(fmt.Errorf("--as-of %q is no day of the form 2026-08-31", text))
	}
	return day, nil
}

// newRunner is the runner that every verb uses: all connectors, the real clock,
// warnings on standard error.
func newRunner(shown *progress) *jobs.Runner {
	return &jobs.Runner{
		Registry: all.Registry(), Getenv: os.LookupEnv, Now: time.Now, Progress: shown.stage,
		Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
	}
}

// printOutcome says what became of the rows, what the gate said and what to open.
func printOutcome(out io.Writer, o pipeline.Outcome, dryRun bool) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "source\tread\tused\tolder versions\treceived later\trejected")
	for _, s := range o.Sources {
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\n", s.Source, s.Read, s.Used, s.Superseded, s.Late, s.Rejected)
	}
	w.Flush()
	for _, s := range o.Sources {
		printRejects(out, s)
	}
	printKeyRejects(out, o.Sources)
	for _, report := range o.Gates {
		for _, f := range report.Findings {
			if f.Verdict != gate.Pass {
				fmt.Fprintf(out, "%s: %s: %s; expected %s. %s\n", f.Verdict, f.About(), f.Observed, f.Expected, f.Advice)
			}
		}
	}
	if dryRun {
		fmt.Fprintln(out, "Nothing was listed: this was a dry run.")
		return
	}
	for _, e := range o.Linkage.Entities {
		fmt.Fprintf(w, "persons\t%s\t%d keep their id, %d are new; of earlier ones %d were merged into another, %d parts split off, %d moved, %d are gone\n",
			e.Side, e.Kept, e.New, e.Merged, e.Split, e.Moved, e.Gone)
	}
	for _, l := range o.Linkage.LeftOut {
		fmt.Fprintf(w, "families\t%d %s\n", l.Count, l.What())
	}
	for _, l := range o.Lists.Lines {
		fmt.Fprintf(w, "%s\t%s\t%d lines\n", l.List, l.Tier, l.Lines)
	}
	w.Flush()
	index := filepath.Join(o.Folder, "reports", "index.html")
	if o.Status == pipeline.Done {
		fmt.Fprintf(out, "Done: %s. Open %s\n", o.RunID, index)
		return
	}
	fmt.Fprintf(out, "%s: %s. No list was written; %s says why.\n", o.Status, o.RunID, index)
	if o.Status == pipeline.Held {
		fmt.Fprintf(out, "Two people release it: rollcall runs release %s --by PERSON --reason TEXT\n", o.Folder)
	}
}

// printRejects shows where the rows that could not be read stand: the first of
// each reason, and the file that has them all. It shows no value.
func printRejects(out io.Writer, s pipeline.SourceRows) {
	if len(s.Unreadable) == 0 {
		return
	}
	for _, r := range s.Unreadable {
		at := r.File
		if r.Line > 0 {
			at += fmt.Sprintf(":%d", r.Line)
		}
		if r.Column != "" {
			at += ": " + r.Column
		}
		advice := ""
		if a := rejectAdvice[r.Reason]; a != "" {
			advice = " (" + a + ")"
		}
		fmt.Fprintf(out, "%s: %s: %s%s\n", at, r.Reason, r.Detail, advice)
	}
	fmt.Fprintf(out, "All rows of %s that could not be read: %s\n", s.Source, s.RejectsFile)
}

// rejectAdvice says what most often helps against a reason.
var rejectAdvice = map[string]string{
	connectors.ReasonEncoding:  "set encoding for the source in the job file, such as windows-1252",
	connectors.ReasonRagged:    "a separator or line end inside a value needs double quotes around the value",
	connectors.ReasonQuote:     "a double quote inside a quoted value is written twice",
	connectors.ReasonTooLong:   "most often a quote that was never closed",
	connectors.ReasonMangled:   "ask for the file as it was before a spreadsheet saved it",
	connectors.ReasonTruncated: "ask the sender for the whole file",
}

// keyWords say what is wrong with the keys of rows.
var keyWords = map[string][2]string{
	connectors.ReasonNoKey:     {"1 row has no key", "%d rows have no key"},
	connectors.ReasonDuplicate: {"1 row has the key of another row, which is used", "%d rows have the key of another row, which is used"},
}

// printKeyRejects shows how many rows of each source their keys keep out, and the
// file that has them all.
func printKeyRejects(out io.Writer, sources []pipeline.SourceRows) {
	file := ""
	for _, s := range sources {
		for _, reason := range slices.Sorted(maps.Keys(s.KeyRejects)) {
			words, n := keyWords[reason], s.KeyRejects[reason]
			text := words[0]
			if n != 1 {
				text = fmt.Sprintf(words[1], n)
			}
			fmt.Fprintf(out, "%s: %s: %s\n", s.Source, reason, text)
			file = s.KeyRejectsFile
		}
	}
	if file != "" {
		fmt.Fprintf(out, "All rows that their keys keep out: %s\n", file)
	}
}

// runJob makes one run of a job file.
func runJob(ctx context.Context, shown *progress, path string, asOf time.Time, trueLinks string) (pipeline.Outcome, error) {
	job, err := config.Load(ctx, path, all.Registry())
	if err != nil {
		return pipeline.Outcome{}, err
	}
	runner := newRunner(shown)
	runner.TrueLinks = trueLinks
	return runner.Run(ctx, job, asOf)
}
