package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rollcall/connectors"
	"rollcall/connectors/all"
	"rollcall/jobs/config"
	"rollcall/pipeline/pair"
)

func profileCommand() *cobra.Command {
	var values bool
	var asOf string
	cmd := &cobra.Command{
		Use:   "profile FILE… | JOB.yaml",
		Short: "say what is in the columns of files",
		Long: `profile reads files, or the sources of a job, and says of each column how many rows
have a value, how many different ones there are, what share the commonest take,
how long they are, what they are built like, and what the column seems to hold.

Patterns stand for values: A is a letter, 9 a digit, + more of the same, and other
signs are themselves. The values are shown only with --show-values: they are
personal data.`,
		Example: `  rollcall profile deaths.csv roster.xlsx
  rollcall profile job.yaml
  rollcall profile roster.csv --show-values`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage(fmt.Errorf("profile takes files or one job file; see %q", cmd.CommandPath()+" --help"))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			day, err := parseDay(asOf)
			if err != nil {
				return err
			}
			for i, name := range args {
				if i > 0 {
					fmt.Fprintln(cmd.OutOrStdout())
				}
				if err := profile(cmd.Context(), cmd, name, day, values); err != nil {
					return err
				}
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&values, "show-values", false, "show the commonest values: personal data")
	cmd.Flags().StringVar(&asOf, "as-of", "", "of a job: the `DAY` whose files are read, YYYY-MM-DD (default today)")
	return cmd
}

func profile(ctx context.Context, cmd *cobra.Command, name string, asOf time.Time, values bool) error {
	p := newProgress(cmd.ErrOrStderr())
	defer p.end()
	if ext := strings.ToLower(filepath.Ext(name)); ext == ".yaml" || ext == ".yml" {
		return profileJob(ctx, cmd, name, asOf, values, p)
	}
	t, err := loadFile(ctx, name, nil, p)
	if err != nil {
		return err
	}
	p.end()
	printProfile(cmd.OutOrStdout(), t, values)
	return nil
}

// profileJob profiles each source of a job.
func profileJob(ctx context.Context, cmd *cobra.Command, name string, asOf time.Time, values bool, p *progress) error {
	job, err := config.Load(ctx, name, all.Registry())
	if err != nil {
		return err
	}
	for i, s := range job.Sources {
		connector, ok := all.Registry().Lookup(s.Connector)
		if !ok {
			return usage(fmt.Errorf("source %s: there is no connector %q", s.Name, s.Connector))
		}
		source, err := connector.New(connectors.Environment{DataFolder: job.DataFolder, Getenv: os.LookupEnv}, s.Settings)
		if err != nil {
			return usage(fmt.Errorf("source %s: %w", s.Name, err))
		}
		p.start("reading " + s.Name)
		t, err := pair.Load(ctx, s.Name, source, connectors.Query{AsOf: asOf}, nil, func(rows int) { p.show(fmt.Sprintf("%d rows", rows), 0) })
		if err != nil {
			return err
		}
		p.end()
		if i > 0 {
			fmt.Fprintln(cmd.OutOrStdout())
		}
		printProfile(cmd.OutOrStdout(), t, values)
	}
	return nil
}

func printProfile(w io.Writer, t *pair.Table, values bool) {
	fmt.Fprintf(w, "%s: %d rows, %d columns\n", t.Name, t.Rows, len(t.Columns))
	if n := len(t.Rejects); n > 0 {
		fmt.Fprintf(w, "%d rows could not be read: %s\n", n, strings.Join(t.Rejected(), ", "))
	}
	const line = "%-24s %7s %9s %7s %7s %9s  %-30s %s\n"
	fmt.Fprintf(w, "\n"+line, "column", "filled", "distinct", "top", "top 10", "length", "patterns", "holds")
	guesses := t.Recognise()
	for i, c := range t.Columns {
		s := c.Statistics()
		fmt.Fprintf(w, line, clip(c.Name, 24), percent(s.Filled, t.Rows), fmt.Sprint(s.Distinct), percent(s.Top, s.Filled), percent(s.Top10, s.Filled),
			fmt.Sprintf("%d-%d", s.Shortest, s.Longest), clip(patterns(s), 30), pair.Holds(guesses[i]))
		if values {
			for _, v := range s.Commonest {
				fmt.Fprintf(w, "%24s   %7d  %s\n", "", v.Rows, v.Value)
			}
		}
	}
}

// patterns lists the commonest ones with their shares.
func patterns(s pair.Statistics) string {
	list := slices.SortedStableFunc(slices.Values(s.Patterns), func(a, b pair.Count) int { return cmp.Compare(b.Rows, a.Rows) })
	var out []string
	for _, p := range list[:min(2, len(list))] {
		out = append(out, p.Value+" "+percent(p.Rows, s.Filled))
	}
	return strings.Join(out, ", ")
}

func percent(part, whole int) string {
	if whole == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f%%", 100*float64(part)/float64(whole))
}

func clip(s string, width int) string {
	if r := []rune(s); len(r) > width {
		return string(r[:width-1]) + "…"
	}
	return s
}
