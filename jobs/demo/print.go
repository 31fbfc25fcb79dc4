package demo

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"text/tabwriter"
	"time"

	"rollcall/pipeline"
	"rollcall/pipeline/gate"
)

// printHeld says why a run was held.
func printHeld(out io.Writer, o pipeline.Outcome) {
	fmt.Fprintln(out, "  No list was written. The gate held it because:")
	for _, report := range o.Gates {
		for _, f := range report.Findings {
			if f.Verdict == gate.Hold {
				fmt.Fprintf(out, "  - %s %s %s: %s; expected %s. %s\n", f.Source, f.Check, f.Subject, f.Observed, f.Expected, f.Advice)
			}
		}
	}
	fmt.Fprintf(out, "  See %s\n  Two people release it: rollcall runs release %s --by PERSON --reason TEXT\n\n",
		filepath.Join(o.Folder, "reports", "index.html"), o.RunID)
}

// printRun says what a run found, and how right it was.
func printRun(ctx context.Context, opt Options, t Tools, o pipeline.Outcome, asOf time.Time) error {
	w := tabwriter.NewWriter(t.Out, 0, 0, 2, ' ', 0)
	for _, l := range o.Lists.Lines {
		fmt.Fprintf(w, "  %s\t%s\t%d lines\n", l.List, l.Tier, l.Lines)
	}
	a, err := Appraise(ctx, opt.Dir, filepath.Join(o.Folder, "appraisal"), asOf, func(table string) (string, error) {
		return pipeline.TableFile(o.Folder, table)
	})
	if err != nil {
		return err
	}
	fmt.Fprintln(w, "  against the truth\t\t")
	for _, row := range []struct {
		what string
		s    Share
	}{
		{"exits T1 that are right", a.T1Right},
		{"  registered deaths with an identifier on both records that T1 has", a.T1Found},
		{"exits T2 that are right", a.T2Right},
		{"exits T3 that are right", a.T3Right},
		{"registered deaths of enrolled persons that some tier has", a.DeathsFound},
		{"duplicates that are right", a.Duplicates},
		{"duplicates that were found", a.DupesFound},
		{"persons wrongly called not eligible", a.WrongDenials},
		{"persons wrongly called eligible", a.WrongGrants},
	} {
		fmt.Fprintf(w, "  %s\t%.4f\t%d of %d\n", row.what, row.s.Rate(), row.s.Part, row.s.Whole)
	}
	fmt.Fprintf(w, "  exits where the register itself is wrong\t\t%d\n", a.RegisterWrong)
	fmt.Fprintf(w, "  evaluations that stay unknown\t\t%d\n", a.Unknown)
	if err := w.Flush(); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	printTimings(t.Out, o.Timings)
	fmt.Fprintln(t.Out)
	return nil
}

func printTimings(out io.Writer, timings []pipeline.Timing) {
	fmt.Fprint(out, "  seconds:")
	var peak int64
	for _, s := range timings {
		fmt.Fprintf(out, " %s %.1f", s.Stage, s.Seconds)
		peak = max(peak, s.PeakBytes)
	}
	fmt.Fprintf(out, "; peak memory %d MiB\n", peak>>20)
}

func printEnd(out io.Writer, opt Options, o pipeline.Outcome, took string) {
	reports := filepath.Join(o.Folder, "reports")
	fmt.Fprintf(out, `Done in %s. Open first:
  %s   what was found, in one page
  %s   the lines that ask for action, for Excel
  %s   how good the data and the links are
Then run it again yourself:
  rollcall check %[5]s
  rollcall run %[5]s --as-of 2026-09-30
`, took, filepath.Join(reports, "index.html"), filepath.Join(reports, "exits.xlsx"), filepath.Join(reports, "quality.html"), filepath.Join(opt.Dir, "job.yaml"))
}
