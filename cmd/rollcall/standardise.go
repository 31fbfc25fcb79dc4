package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rollcall/jobs/config"
	"rollcall/matchers/locale"
	"rollcall/pipeline/pair"
)

// standardiser holds the flags of standardise.
type standardiser struct {
	locale, format, out string
	areas, asOf         string
	kinds               []string
}

func standardiseCommand() *cobra.Command {
	var s standardiser
	cmd := &cobra.Command{
		Use:   "standardise FILE",
		Short: "show what is made of each value, and which rule did it",
		Long: `standardise brings the names, dates, identity numbers, telephone numbers, places and
sexes of a file to the one form by which link, dedupe and a job compare them, and
shows for each value what was made of it and which rules did it. Nothing is linked,
and the file stays as it is.

Names lose titles and get one spelling of Md, Mohd and Muhammad; other scripts are
written in Latin letters; dates of every calendar become YYYY-MM-DD, or as much of it
as is known; identity numbers are held against their check digits. What is right in
one country is wrong in another: --locale says whose habits hold. "rollcall check
PACK.yaml" checks a pack of one's own, and docs/locales.md says how to write it.

The columns are recognised. For one that is not, or not rightly, say what it holds:
--kind name for all that are not recognised or number the rows, --kind alias=name for
one. A value that no rule understands stays as it is written; it is marked with ! in
the table and by the rule not_understood, and counted in the totals.

With --areas there is one more column, area: the places of a row as they are written,
and the code of the area that they name together, as a job finds it, or of what has
taken its place by the day --as-of. What names no area of the tree, or several, is
marked.

With --format csv the columns are row (from 1), column, value, normal, rules (with
spaces between), and the totals go where messages go. It shows the values of the
records: personal data.`,
		Example: `  rollcall standardise roster.csv --locale BD
  rollcall standardise roster.xlsx --locale my.yaml --format csv --out standard.csv
  rollcall standardise roster.csv --locale BD --areas codes/area_tree.csv
  rollcall standardise deaths.csv --locale TH --kind nickname=name --kind remarks=date`,
		Args: exactArgs(1, "one file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return s.run(cmd.Context(), cmd, args[0])
		},
	}
	f := cmd.Flags()
	localeFlag(f, &s.locale)
	f.StringArrayVar(&s.kinds, "kind", nil, "what columns hold that are not recognised, or `COLUMN=KIND`: "+strings.Join(pair.StandardKinds(), ", "))
	f.StringVar(&s.areas, "areas", "", "area tree (`FILE`, as a job has it) by which the areas of rows are found from the names of their places")
	f.StringVar(&s.asOf, "as-of", "", "`DAY`, YYYY-MM-DD, by which areas that were merged or renumbered have the codes of what took their place (default today)")
	f.StringVar(&s.format, "format", "table", "table, or csv")
	f.StringVar(&s.out, "out", "", "file to write (default: the output)")
	return cmd
}

func (s *standardiser) run(ctx context.Context, cmd *cobra.Command, file string) error {
	if s.format != "table" && s.format != "csv" {
		return usage(fmt.Errorf("--format %s: there are table and csv", s.format))
	}
	kinds, err := kindsOf(s.kinds)
	if err != nil {
		return err
	}
	in, err := localeOf(s.locale)
	if err != nil {
		return err
	}
	areas, err := gazetteer(s.areas, in)
	if err != nil {
		return err
	}
	day, err := parseDay(s.asOf)
	if err != nil {
		return err
	}
	p := newProgress(cmd.ErrOrStderr())
	defer p.end()
	table, err := loadFile(ctx, file, nil, p)
	if err != nil {
		return err
	}
	p.start("standardising")
	standard, err := table.Standardise(in, areas, day.Format(time.DateOnly), kinds, func(share float64) { p.show(file, share) })
	if err != nil {
		return asUsage(err)
	}
	if len(standard.Columns) == 0 {
		problem := "no column was recognised: say with --kind what they hold"
		for _, more := range []string{standard.Headless, standard.Unread} {
			if more != "" {
				problem += "; " + more
			}
		}
		return usage(errors.New(problem))
	}
	p.start("writing")
	written := func(share float64) { p.show(file, share) }
	if s.out == "" {
		written = func(float64) {} // the table itself is the progress
		p.end()
	}
	if err := writeOutput(cmd.OutOrStdout(), s.out, func(w io.Writer) error {
		if s.format == "csv" {
			return standard.WriteCSV(w, written)
		}
		return standard.WriteTable(w, written)
	}); err != nil {
		return err
	}
	p.end()
	if s.format == "csv" {
		standard.WriteTotals(cmd.ErrOrStderr())
		return nil
	}
	fmt.Fprintln(cmd.OutOrStdout())
	standard.WriteTotals(cmd.OutOrStdout())
	return nil
}

// gazetteer is that of an area tree under a pack; nil without one.
func gazetteer(file string, in pair.Locale) (*locale.Gazetteer, error) {
	if file == "" {
		return nil, nil
	}
	areas, err := config.LoadAreas(file)
	if err != nil {
		return nil, usage(err)
	}
	return locale.NewGazetteer(areas, in.Pack), nil
}

// kindsOf reads --kind: a kind alone is for the columns that are not recognised.
func kindsOf(flags []string) (map[string]string, error) {
	kinds := map[string]string{}
	for _, f := range flags {
		column, kind, named := strings.Cut(f, "=")
		if !named {
			column, kind = "", f
		}
		if !slices.Contains(pair.StandardKinds(), kind) {
			return nil, usage(fmt.Errorf("--kind %s: there are %s", f, strings.Join(pair.StandardKinds(), ", ")))
		}
		kinds[column] = kind
	}
	return kinds, nil
}
