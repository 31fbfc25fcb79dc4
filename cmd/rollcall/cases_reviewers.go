package main

import (
	"errors"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"rollcall/jobs/cases"
)

func casesReviewersCommand(at *casePlace) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "reviewers",
		Short: "say how people judged what runs proposed: overturned, agreed, how fast",
		Long: `Counts for each person how often he agreed with what a run proposed (verified,
approved, settled) and how often he overturned it (withdrawn, reinstated), how many
days the cases had stood, and how fast one judgement followed another. Who agreed with
everything at a pace at which nobody reads two records is marked: an auditor asks.
Then the same by kind, tier and programme, and how often a second person agreed with
the first. The ledger knows this, not a run; no run depends on it.`,
		Args: exactArgs(0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			l, job, err := at.open(cmd.Context())
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, l.Close()) }()
			list, err := l.Histories(cmd.Context(), job.Name)
			if err != nil {
				return err
			}
			reviews := cases.Review(list)
			if asJSON {
				return printJSON(cmd.OutOrStdout(), reviews)
			}
			printReviews(cmd.OutOrStdout(), reviews)
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func printReviews(out io.Writer, r cases.Reviews) {
	if len(r.Reviewers) == 0 {
		fmt.Fprintln(out, "Nobody has judged a case yet.")
		return
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "person\tjudged\tagreed\toverturned\tof them\tmedian days\tmedian pace\tnote")
	for _, p := range r.Reviewers {
		pace, note := "-", ""
		if p.MedianSeconds >= 0 {
			pace = fmt.Sprintf("%d s", p.MedianSeconds)
		}
		if p.Rubber {
			note = "agreed with everything, within seconds"
		}
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%s\t%d\t%s\t%s\n", p.Person, p.Judged(), p.Agreed, p.Overturned, share(p.Overturned, p.Judged()), p.MedianDays, pace, note)
	}
	fmt.Fprintln(w, "\nkind\ttier\tprogramme\tjudged\toverturned\tof them")
	for _, o := range r.By {
		fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%d\t%s\n", o.Kind, orDash(o.Tier), orDash(o.Programme), o.Judged, o.Overturned, share(o.Overturned, o.Judged))
	}
	w.Flush()
	if r.Twice > 0 {
		fmt.Fprintf(out, "\nA second person judged %d times after the first, and agreed %d times (%s).\n", r.Twice, r.Same, share(r.Same, r.Twice))
	}
}

func share(n, of int) string { return fmt.Sprintf("%.1f%%", 100*float64(n)/float64(of)) }
