package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"rollcall/jobs"
)

func runsDiffCommand(at *place) *cobra.Command {
	var prove, lines bool
	cmd := &cobra.Command{
		Use:   "diff OLD NEW",
		Short: "say which lines are new, gone, changed or reversed from one run to another, and why",
		Long: `Compares the lines of two runs of a job, by list and programme. The cause of a change is
one of the things in which the runs differ: data, as-of day, earlier runs and
decisions, reference data, configuration, program. With --prove the runs between are made,
each with one more of these things as it is in the new run, and each change is
told with the thing that brought it about; without, the causes are not proved.

What was deleted of a run since, because its time was over, is told with the day and
the law. What is left is compared: lines by the lists where the tables are gone, what
the runs were made of and their figures by the manifests and the ledger.`,
		Args: exactArgs(2, "two runs"),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			ctx := cmd.Context()
			l, folder, err := at.open(ctx, args[1])
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, l.Close()) }()
			runs, err := named(ctx, l, folder, args)
			if err != nil {
				return err
			}
			scratch := ""
			if prove { // beside the runs, where personal data may lie
				if scratch, err = os.MkdirTemp(folder, ".diff-"); err != nil {
					return fmt.Errorf("make a folder for the runs between: %w", err)
				}
				defer os.RemoveAll(scratch)
			}
			shown := newProgress(cmd.ErrOrStderr())
			d, err := newRunner(shown).Diff(ctx, l, folder, runs[0], runs[1], scratch, prove)
			shown.end()
			var other *jobs.OtherProgramError
			switch {
			case errors.As(err, &other):
				return usage(fmt.Errorf("%w: nothing can be proved with this program", other))
			case err != nil:
				return err
			case at.json:
				return printJSON(cmd.OutOrStdout(), d)
			case lines:
				return writeLines(cmd.OutOrStdout(), d.Lines)
			}
			printDifference(cmd.OutOrStdout(), d, prove)
			return nil
		},
	}
	cmd.Flags().BoolVar(&prove, "prove", false, "make the runs between, which takes as long as each of them did")
	cmd.Flags().BoolVar(&lines, "csv", false, "print every line as CSV")
	return cmd
}

func writeLines(out io.Writer, lines []jobs.Line) error {
	w := csv.NewWriter(out)
	w.UseCRLF = true
	rows := [][]string{{"case_id", "list", "programme", "change", "old_tier", "new_tier", "cause", "proved"}}
	for _, x := range lines {
		rows = append(rows, []string{x.CaseID, x.List, x.Programme, x.Change, x.OldTier, x.NewTier, x.Cause, fmt.Sprint(x.Proved)})
	}
	if err := w.WriteAll(rows); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	return nil
}

// printDifference counts the lines by list, programme, change and cause.
func printDifference(out io.Writer, d jobs.Difference, proved bool) {
	differs := "nothing"
	if len(d.Differs) > 0 {
		differs = strings.Join(d.Differs, ", ")
	}
	fmt.Fprintf(out, "From %s to %s. What they were made of differs in: %s.\n", d.Old, d.New, differs)
	for _, l := range d.Lost {
		fmt.Fprintln(out, "Gone: "+l+".")
	}
	if d.Lines == nil {
		fmt.Fprintln(out, "The lines of a run are gone, its tables and its lists. The figures that differ:")
		printFigures(out, d.Figures)
		return
	}
	count := map[string]int{}
	for _, x := range d.Lines {
		change, cause := x.Change, x.Cause
		if x.Change == "changed tier" {
			change = fmt.Sprintf("changed tier %s to %s", orDash(x.OldTier), orDash(x.NewTier))
		}
		if cause != "" && !x.Proved {
			cause += " (not proved)"
		}
		count[strings.Join([]string{x.List, orDash(x.Programme), change, cause}, "\t")]++
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "list\tprogramme\tchange\tcause\tlines")
	for _, key := range slices.Sorted(maps.Keys(count)) {
		fmt.Fprintf(w, "%s\t%d\n", key, count[key])
	}
	w.Flush()
	switch {
	case d.Unproved && proved:
		fmt.Fprintln(out, "No cause can be proved: what a run would be made again from was deleted.")
	case !proved && !d.Unproved:
		fmt.Fprintln(out, "--prove makes the runs between and tells which cause each change has.")
	}
}

func printFigures(out io.Writer, figures []jobs.Figure) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "figure\told\tnew")
	for _, f := range figures {
		fmt.Fprintf(w, "%s\t%s\t%s\n", f.Name, orDash(f.Old), orDash(f.New))
	}
	w.Flush()
}
