package demo

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"rollcall/pipeline"
	"rollcall/pipeline/gate"
)

// printHeld says why a run was held.
func printHeld(out io.Writer, o pipeline.Outcome) {
	fmt.Fprintln(out, "  No list was written. The gate held it because:")
	for _, report := range o.Gates {
		for _, f := range report.Findings {
			if f.Verdict == gate.Hold {
				fmt.Fprintf(out, "  - %s: %s; expected %s. %s\n", f.About(), f.Observed, f.Expected, f.Advice)
			}
		}
	}
	fmt.Fprintf(out, "  See %s\n  Two people release it: rollcall runs release %s --by PERSON --reason TEXT\n\n",
		filepath.Join(o.Folder, "reports", "index.html"), o.Folder)
}

// printLists says how many lines each list has.
func printLists(out io.Writer, o pipeline.Outcome) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, l := range o.Lists.Lines {
		fmt.Fprintf(w, "  %s\t%s\t%d lines\n", l.List, l.Tier, l.Lines)
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	return nil
}

// maxUnknownRatio is how many evaluations may stay unknown for each that would
// with perfect links.
const maxUnknownRatio = 1.3

// printAppraisal says how right a run was, beside the targets. perfect is the same
// month with true links, nil when it was not run.
func printAppraisal(out io.Writer, a Appraisal, perfect *Appraisal) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "  against the truth\tshare\tcount\ttarget\t")
	for _, f := range a.Figures {
		fmt.Fprintf(w, "  %s\t%.4f\t%d of %d\t%s\t%s\n", f.What, f.Rate(), f.Part, f.Whole, f.Target, f.Verdict())
	}
	if perfect != nil {
		ratio := Figure{What: "evaluations unknown, for each with true links", Part: a.Unknowns(), Whole: perfect.Unknowns(), Target: atMost(maxUnknownRatio)}
		fmt.Fprintf(w, "  %s\t%.4f\t%d to %d\t%s\t%s\n", ratio.What, ratio.Rate(), ratio.Part, ratio.Whole, ratio.Target, ratio.Verdict())
	} else {
		fmt.Fprintf(w, "  evaluations unknown\t\t%d\t\t\n", a.Unknowns())
	}
	for _, u := range a.Unknown {
		fmt.Fprintf(w, "    %s, missing %s\t\t%d\t\t\n", u.Programme, u.Missing, u.Count)
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	if n := len(a.RegisterWrong); n > 0 {
		fmt.Fprintf(out, "  The register itself is wrong in %d exits, which no matching can tell; deaths of people who live: %s\n", n, strings.Join(a.RegisterWrong, " "))
	}
	return nil
}

func printTimings(out io.Writer, timings []pipeline.Timing) {
	fmt.Fprint(out, "  seconds:")
	for _, s := range timings {
		fmt.Fprintf(out, " %s %.1f", s.Stage, s.Seconds)
	}
	fmt.Fprintln(out)
}

func printEnd(out io.Writer, opt Options, o pipeline.Outcome, took string, peakBytes int64) {
	reports := filepath.Join(o.Folder, "reports")
	fmt.Fprintf(out, `Done in %s; peak memory %d MiB. Open first:
  %s   what was found, in one page
  %s   the lines that ask for action, for Excel
  %s   how good the data and the links are
Then run it again yourself:
  rollcall check %[6]s
  rollcall run %[6]s --as-of 2026-09-30
`, took, peakBytes>>20, filepath.Join(reports, "index.html"), filepath.Join(reports, "exits.xlsx"), filepath.Join(reports, "quality.html"), filepath.Join(opt.Dir, "job.yaml"))
	if !opt.TrueLinks {
		fmt.Fprintf(out, "To part the errors of linking from those of deciding:\n  rollcall demo %s --true-links\n", opt.Dir)
	}
}
