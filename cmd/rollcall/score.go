package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"rollcall/jobs/config"
	"rollcall/matchers/quality"
	"rollcall/pipeline/pair"
)

func scoreCommand() *cobra.Command {
	var refine string
	var at sampled
	cmd := &cobra.Command{
		Use:   "score DIR FILE",
		Short: "say from judged pairs how good a linkage is",
		Long: `score holds a sheet of "rollcall sample" that people filled in against what link
or dedupe wrote into DIR: of the links, how many are right (precision), and of
those who are one person, how many were linked (recall), each weighted by the
strata that the pairs were drawn from, with 95% intervals. Pairs that were never
scored cannot be drawn: how many true ones are among them is estimated without
labels, and said.

--refine writes a specification whose weights have learnt from the pairs that are
one person, and shows what it would change. It counts when you link with it.`,
		Example: `  rollcall score linked review.xlsx
  rollcall score linked review.xlsx --refine refined.yaml`,
		Args: exactArgs(2, "a folder and a sheet"),
		RunE: func(cmd *cobra.Command, args []string) error {
			p := newProgress(cmd.ErrOrStderr())
			defer p.end()
			l, err := at.open(cmd.Context(), args[0], refine != "", p)
			if err != nil {
				return err
			}
			sheet, err := loadFile(cmd.Context(), args[1], nil, p)
			if err != nil {
				return err
			}
			judged, err := l.scoring.Judge(sheet, l.summary.ExpectedRecall, l.summary.Kind == "dedupe")
			if err != nil {
				return asUsage(err)
			}
			p.end()
			printJudged(cmd.OutOrStdout(), judged, l.summary)
			if refine == "" {
				return nil
			}
			return l.refine(cmd.Context(), cmd.OutOrStdout(), args[0], judged, refine, p)
		},
	}
	cmd.Flags().StringVar(&refine, "refine", "", "specification to write, with weights that have learnt from the answers")
	at.flags(cmd)
	return cmd
}

func printJudged(w io.Writer, j *pair.Judged, s pair.Summary) {
	fmt.Fprintf(w, "%-36s %9s %7s %7s %7s\n", "scored pairs", "pairs", "yes", "no", "unsure")
	judged := 0
	for _, h := range j.Strata {
		if h.Pairs == 0 {
			continue
		}
		what := "not linked"
		if h.Fate == quality.Accepted {
			what = "linked"
		}
		fmt.Fprintf(w, "%-36s %9d %7d %7d %7d\n", fmt.Sprintf("%s, probability %g to %g", what, h.From, h.To), h.Pairs, h.Yes, h.No, h.Unsure)
		judged += h.Yes + h.No + h.Unsure
	}
	fmt.Fprintln(w)
	if j.Seed != "" {
		fmt.Fprintf(w, "judged     %d pairs, drawn with seed %s\n", judged, j.Seed)
	}
	if j.Open > 0 {
		fmt.Fprintf(w, "note       %d pairs of the sheet have no answer; if those were the hard ones, the figures are too good\n", j.Open)
	}
	fmt.Fprintf(w, "precision  %s; expected without labels %s\n", estimate(j.Judgement.Precision), estimate(s.ExpectedPrecision))
	fmt.Fprintf(w, "recall     %s; expected without labels %s\n", estimate(j.Judgement.Recall), estimate(s.ExpectedRecall))
	fmt.Fprintf(w, "of which   %s among the pairs that were scored; beside those, %.0f true pairs (%.0f to %.0f) were never scored, by estimate without labels\n",
		estimate(j.Judgement.RecallScored), j.Unscored[1], j.Unscored[0], j.Unscored[2])
}

// refine links again with weights that have learnt from the answers, and says
// what that changes.
func (l *linked) refine(ctx context.Context, w io.Writer, folder string, judged *pair.Judged, path string, p *progress) error {
	spec, err := config.ParseSpec(filepath.Join(folder, pair.SpecName))
	if err != nil {
		return err
	}
	refined, err := l.scoring.Refine(spec, judged)
	if err != nil {
		return asUsage(err)
	}
	in, err := localeOf(refined.Locale)
	if err != nil {
		return err
	}
	opt := pair.Options{Locale: in, Specification: &refined, LeftID: l.summary.Left.ID, RightID: l.summary.Right.ID}
	p.start("linking")
	var o *pair.Outcome
	if l.left == l.right {
		o, err = pair.Dedupe(ctx, l.left.Table, opt)
	} else {
		o, err = pair.Link(ctx, l.left.Table, l.right.Table, opt)
	}
	p.end()
	if err != nil {
		return asUsage(err)
	}
	text, err := config.MarshalSpec(refined)
	if err != nil {
		return err
	}
	if err := pair.Replace(path, func(w io.Writer) error { _, err := w.Write(text); return err }); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	change, after := l.scoring.Compare(o), o.Summary("")
	fmt.Fprintf(w, "\n%-36s %28s %28s\n", "refined", "before", "after")
	fmt.Fprintf(w, "%-36s %28d %28d\n", "pairs accepted", l.summary.Accepted, after.Accepted)
	fmt.Fprintf(w, "%-36s %28s %28s\n", "expected precision", estimate(l.summary.ExpectedPrecision), estimate(after.ExpectedPrecision))
	fmt.Fprintf(w, "%-36s %28s %28s\n", "expected recall", estimate(l.summary.ExpectedRecall), estimate(after.ExpectedRecall))
	fmt.Fprintf(w, "change     %d pairs stay, %d are new, %d are gone\n", change.Kept, change.Gained, change.Lost)
	fmt.Fprintf(w, "to use     link again with --spec %s\n", path)
	return nil
}
