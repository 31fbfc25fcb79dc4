package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"rollcall/jobs/config"
	"rollcall/pipeline"
	"rollcall/pipeline/pair"
)

// surveying holds the flags of blocking.
type surveying struct {
	linkage
	leftID, rightID string
	pairsPerRecord  float64
	values          bool
}

func blockingCommand() *cobra.Command {
	var s surveying
	cmd := &cobra.Command{
		Use:   "blocking LEFT [RIGHT] [--spec SPEC.yaml] [--out DIR]",
		Short: "show which pairs blocking rules compare, what that costs, and what it misses",
		Long: `blocking says of each blocking rule, in order, how many pairs it finds and adds,
how large its blocks are, and which share of the true pairs it is expected to
find, alone and with the others. The rules are those of --spec, or those that
link and dedupe would choose. The expected shares are learnt, without known
answers, from the links that these rules lead to.

With --pairs-per-record it proposes rules that cost about so many pairs a record
and are expected to find the most true pairs. Into DIR it writes

  blocking.csv    the table
  blocking.html   the same with a chart, and the largest blocks
  spec.yaml       the rules: edit them, and give them to link or dedupe with --spec

Without --out it prints the table alone.`,
		Example: `  rollcall blocking deaths.csv roster.csv
  rollcall blocking deaths.csv roster.csv --spec linked/spec.yaml --out blocks
  rollcall blocking roster.csv --pairs-per-record 20 --out blocks`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 && len(args) != 2 {
				return usage(fmt.Errorf("blocking takes one file or two and got %d arguments; see %q", len(args), cmd.CommandPath()+" --help"))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return s.run(cmd.Context(), cmd, args) },
	}
	s.flags(cmd)
	f := cmd.Flags()
	f.Lookup("out").Usage = "folder to write (default: print the table alone)"
	f.StringVar(&s.leftID, "left-id", "", "column with the ids of LEFT (default: recognised)")
	f.StringVar(&s.rightID, "right-id", "", "column with the ids of RIGHT (default: recognised)")
	f.Float64Var(&s.pairsPerRecord, "pairs-per-record", 0, "propose rules that compare about so many pairs a record")
	f.BoolVar(&s.values, "values", false, "show the values of the largest blocks in blocking.html: personal data")
	return cmd
}

func (s *surveying) run(ctx context.Context, cmd *cobra.Command, files []string) error {
	if s.pairsPerRecord < 0 || cmd.Flags().Changed("pairs-per-record") && s.pairsPerRecord == 0 {
		return usage(fmt.Errorf("--pairs-per-record %g: write a number above 0", s.pairsPerRecord))
	}
	if s.values && s.out == "" {
		return usage(fmt.Errorf("--values needs --out: values are personal data and are not printed"))
	}
	p := newProgress(cmd.ErrOrStderr())
	defer p.end()
	opt, err := s.reading(ctx, p)
	if err != nil {
		return err
	}
	opt.LeftID, opt.RightID = s.leftID, s.rightID
	tables, err := loadFiles(ctx, files, s.ignore, p)
	if err != nil {
		return err
	}
	if err := withAreas(s.areas, tables...); err != nil {
		return err
	}
	tables = append(tables, nil) // the right one where there is one file
	p.start("blocking")
	survey, err := pair.SurveyBlocking(ctx, tables[0], tables[1], opt, s.pairsPerRecord)
	if err != nil {
		return asUsage(err)
	}
	p.end()
	if s.out != "" {
		text, err := config.MarshalSpec(survey.Blocking.Specification)
		if err != nil {
			return err
		}
		if err := survey.Write(s.out, "rollcall "+pipeline.Version, text, s.values); err != nil {
			return err
		}
	}
	return printSurvey(cmd.OutOrStdout(), survey, s.out)
}

// printSurvey prints the table and what the rules cost together.
func printSurvey(w io.Writer, s *pair.Survey, folder string) error {
	b := s.Blocking
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	head := "\tfinds\tadds\tlargest block"
	if b.Expected {
		head += "\ttrue pairs\tby it alone\tso far"
	}
	fmt.Fprintln(t, head+"\t  rule")
	for i, r := range b.Rules {
		largest := int64(0)
		if len(r.Largest) > 0 {
			largest = r.Largest[0].Pairs
		}
		fmt.Fprintf(t, "%d\t%d\t%d\t%d", i+1, r.Found, r.Added, largest)
		if b.Expected {
			fmt.Fprintf(t, "\t%.2f%%\t%.2f%%\t%.2f%%", 100*r.Expected.Found, 100*r.Expected.Alone, 100*r.Expected.Together)
		}
		cut := ""
		if r.TooLarge > 0 && len(r.RefinedBy) == 0 {
			cut = fmt.Sprintf(" (too large blocks left out: %d pairs)", r.LeftOut)
		} else if r.TooLarge > 0 {
			cut = fmt.Sprintf(" (too large blocks cut by %s: %d pairs left out)", strings.Join(r.RefinedBy, ", then "), r.LeftOut)
		}
		fmt.Fprintf(t, "\t  %s%s\n", r.Rule, cut)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(w, "together   %d pairs, %.1f a record, of %s; %s to compare\n", b.Candidates, float64(b.Candidates)/max(s.Records(), 1),
		strconv.FormatFloat(b.AllPairs, 'f', 0, 64), s.Duration())
	if b.Expected && len(b.Rules) > 0 {
		fmt.Fprintf(w, "expected   %.2f%% of the true pairs are among them (an estimate)\n", 100*b.Rules[len(b.Rules)-1].Expected.Together)
	} else {
		fmt.Fprintln(w, "note       no link was found to learn from: what the rules find of the true pairs is not estimated")
	}
	for _, warning := range s.Warnings {
		fmt.Fprintf(w, "note       %s\n", warning)
	}
	if folder != "" {
		fmt.Fprintf(w, "open       %s\n", filepath.Join(folder, pair.BlockingPageName))
	}
	return nil
}
