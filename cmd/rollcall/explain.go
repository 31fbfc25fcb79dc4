package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"rollcall/jobs"
	"rollcall/jobs/config"
	"rollcall/matchers/model"
	"rollcall/pipeline/pair"
)

func explainCommand() *cobra.Command {
	x := explainer{}
	cmd := &cobra.Command{
		Use:   "explain RUN LEFT_ID RIGHT_ID",
		Short: "say why two records were linked, or why not",
		Long: `explain says why two records were linked, or why not: comparison by comparison,
both values, how well they agree, and what that is worth in bits. Each step moves
the running total; ten bits more make one person about a thousand times as likely.
Then what else the two may be (people of one household, strangers with names alike),
the next best candidates of either, and which blocking rules find them.

RUN is a folder that link or dedupe wrote, or the folder of a job's run. In a job's
run the ids are those of mentions or persons, such as deaths/D-00012/deceased and
members/M-123/member; relatives whom the register names and who were looked for in the
household have a bar of their own, with names and dates beneath, and the text ends with
the family sheet of both. Of a pair of which the run kept nothing the comparison is made
again, and each blocking rule says what differs. It shows the values of the two records,
and who they live with: personal data.`,
		Example: `  rollcall explain linked D16273 S6327
  rollcall explain linked D16273 S6327 --format html --out why.html
  rollcall explain linked D16273 S6327 --left moved/deaths.csv
  rollcall explain out/latest deaths/D-00012/deceased members/M-123/member --format json`,
		Args: exactArgs(3, "a folder and two ids"),
		RunE: func(cmd *cobra.Command, args []string) error {
			write, ok := accountFormats[x.format]
			if !ok {
				return usage(fmt.Errorf("--format %s: there are text, json and html", x.format))
			}
			p := newProgress(cmd.ErrOrStderr())
			defer p.end()
			a, err := x.account(cmd.Context(), args[0], args[1], args[2], p)
			if err != nil {
				return err
			}
			a.Conclude()
			sheet, err := x.sheet(cmd.Context(), args[0], a)
			if err != nil {
				return err
			}
			p.end()
			return writeOutput(cmd.OutOrStdout(), x.out, func(w io.Writer) error {
				if err := write(a, w); err != nil || sheet == nil {
					return err
				}
				fmt.Fprintln(w)
				sheet.Print(w)
				return nil
			})
		},
	}
	cmd.Flags().StringVar(&x.left, "left", "", "where LEFT lies now, when it was moved")
	cmd.Flags().StringVar(&x.right, "right", "", "where RIGHT lies now, when it was moved")
	cmd.Flags().StringVar(&x.format, "format", "text", "text, json, or html: a page with a picture")
	cmd.Flags().StringVar(&x.out, "out", "", "file to write (default: the output)")
	return cmd
}

// explainer holds the flags of explain.
type explainer struct{ left, right, format, out string }

// accountFormats write an account.
var accountFormats = map[string]func(*pair.Account, io.Writer) error{
	"text": func(a *pair.Account, w io.Writer) error { a.Print(w); return nil },
	"html": (*pair.Account).Page,
	"json": func(a *pair.Account, w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		return e.Encode(a)
	},
}

// writeOutput writes to a file, which comes to be whole or not at all, or else to the
// output.
func writeOutput(stdout io.Writer, file string, write func(io.Writer) error) error {
	if file == "" {
		return write(stdout)
	}
	if err := pair.Replace(file, write); err != nil {
		return fmt.Errorf("%w: write %s: %w", jobs.ErrOutside, file, err)
	}
	return nil
}

// account gathers what is known of two records.
func (x explainer) account(ctx context.Context, folder, leftID, rightID string, p *progress) (*pair.Account, error) {
	summary, err := readSummary(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return explainRun(ctx, folder, leftID, rightID, p)
	}
	if err != nil {
		return nil, err
	}
	if x.left != "" {
		summary.Left.File = x.left
	}
	if x.right != "" {
		summary.Right.File = x.right
	}
	return explainFiles(ctx, folder, summary, leftID, rightID, p)
}

// usedModel is the model of a folder that link or dedupe wrote: with what it rests
// on, where that was kept.
func usedModel(folder string) (model.Specification, error) {
	file := filepath.Join(folder, pair.ModelName)
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		file = filepath.Join(folder, pair.SpecName)
	}
	return config.ParseSpec(file)
}

// explainFiles compares the two records again, as link or dedupe did.
func explainFiles(ctx context.Context, folder string, s pair.Summary, leftID, rightID string, p *progress) (*pair.Account, error) {
	spec, err := usedModel(folder)
	if err != nil {
		return nil, err
	}
	left, right, err := linkedFiles(ctx, s, p)
	if err != nil {
		return nil, err
	}
	a := &pair.Account{Left: pair.Record{ID: leftID, File: left.file(leftID)}, Right: pair.Record{ID: rightID, File: right.file(rightID)}, Compared: true, Threshold: s.Threshold}
	rows := [2]int{left.Row(s.Left.ID, leftID), right.Row(s.Right.ID, rightID)}
	for i, r := range []*records{left, right} {
		if rows[i] < 0 {
			return nil, usage(fmt.Errorf("%s has no record %s", r.Name, []string{leftID, rightID}[i]))
		}
		if i == 1 && left == right {
			continue
		}
		for _, name := range r.changed {
			a.Notes = append(a.Notes, name+" has changed since it was linked; the values and weights below are of the file as it is now")
		}
	}
	in, err := localeOf(spec.Locale)
	if err != nil {
		return nil, err
	}
	if in.SHA256 != s.LocaleSHA256 {
		a.Notes = append(a.Notes, "locale pack "+spec.Locale+" has changed since the files were linked")
	}
	e, err := pair.Explain(left.Table, right.Table, rows[0], rows[1], spec, in)
	if err != nil {
		return nil, asUsage(err)
	}
	a.Explanation = *e
	pairs, err := loadFile(ctx, filepath.Join(folder, pair.PairsName), nil, p)
	if err != nil {
		return nil, err
	}
	a.Find(pairs, s.Kind == "dedupe", func(int) bool { return true })
	return a, nil
}
