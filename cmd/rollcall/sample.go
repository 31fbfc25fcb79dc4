package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"rollcall/jobs/config"
	"rollcall/pipeline/pair"
)

// sampled is where the two files lie, when they were moved.
type sampled struct{ left, right string }

func (s *sampled) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&s.left, "left", "", "where LEFT lies now, when it was moved")
	cmd.Flags().StringVar(&s.right, "right", "", "where RIGHT lies now, when it was moved")
}

// linked is what link or dedupe wrote, and the files that it was made from.
type linked struct {
	summary     pair.Summary
	left, right *records
	scoring     *pair.Scoring
}

// open reads a folder of link or dedupe; with files too, the records themselves.
func (s *sampled) open(ctx context.Context, folder string, records bool, p *progress) (*linked, error) {
	summary, err := readSummary(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, usage(fmt.Errorf("%s is no folder that link or dedupe wrote", folder))
	}
	if err != nil {
		return nil, err
	}
	l := &linked{summary: summary}
	pairs, err := loadFile(ctx, filepath.Join(folder, pair.PairsName), nil, p)
	if err != nil {
		return nil, err
	}
	if l.scoring, err = pair.NewScoring(pairs); err != nil {
		return nil, asUsage(err)
	}
	if !records {
		return l, nil
	}
	if s.left != "" {
		summary.Left.File = s.left
	}
	if s.right != "" {
		summary.Right.File = s.right
	}
	l.left, l.right, err = linkedFiles(ctx, summary, p)
	return l, err
}

// records are those of one side of a linkage, of all files that it was made from.
type records struct {
	*pair.Table
	files   []pair.Part
	changed []string // files that are not as they were
}

// file names the one that has the record.
func (r *records) file(id string) string {
	for _, f := range slices.Backward(r.files) {
		if f.Table.Row(f.ID, id) >= 0 {
			return f.Table.Name
		}
	}
	return r.Name
}

// linkedFiles reads what a linkage was made from: one file twice for dedupe.
func linkedFiles(ctx context.Context, s pair.Summary, p *progress) (left, right *records, err error) {
	if left, err = readRecords(ctx, s.Left, p); err != nil {
		return nil, nil, fmt.Errorf("%w (say where it is with --left)", err)
	}
	right = left
	if s.Kind == "link" {
		if right, err = readRecords(ctx, s.Right, p); err != nil {
			return nil, nil, fmt.Errorf("%w (say where it is with --right)", err)
		}
	}
	return left, right, withAreas(s.AreaTree, left.Table, right.Table)
}

// readRecords reads the records of one side, those too that it was added to.
func readRecords(ctx context.Context, s pair.FileSummary, p *progress) (*records, error) {
	r := &records{}
	for _, f := range filesOf(s) {
		t, err := loadFile(ctx, f.File, nil, p)
		if err != nil {
			return nil, err
		}
		if f.SHA256 != "" && len(t.Origins) > 0 && t.Origins[0].SHA256 != f.SHA256 {
			r.changed = append(r.changed, t.Name)
		}
		r.files = append(r.files, pair.Part{Table: t, ID: f.ID})
	}
	if len(r.files) == 1 {
		r.Table = r.files[0].Table
		return r, nil
	}
	var err error
	r.Table, err = pair.Union(r.files)
	return r, asUsage(err)
}

func sampleCommand() *cobra.Command {
	var out string
	var pairs int
	var seed uint64
	var at sampled
	cmd := &cobra.Command{
		Use:   "sample DIR --out FILE",
		Short: "draw pairs of a linkage to be judged by people",
		Long: `sample draws pairs of what link or dedupe wrote into DIR, accepted ones and
others, and puts both records beside each other, with a column same_person to be
filled in: yes, no or unsure. Pairs are drawn by strata of their match
probability, most where a judgement tells most, and stand in an order that gives
nothing away. The same seed draws the same pairs; it stands in the file.

FILE is .xlsx or .csv. It holds personal data. When it is filled in, "rollcall
score DIR FILE" says how many of the links are right and how many were missed.`,
		Example: `  rollcall sample linked --out review.xlsx --pairs 200 --seed 7
  rollcall score linked review.xlsx`,
		Args: exactArgs(1, "one folder"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if out == "" {
				return usage(errors.New("--out is missing: name the .xlsx or .csv file to write"))
			}
			if pairs < 1 {
				return usage(fmt.Errorf("--pairs is %d; at least 1 is expected", pairs))
			}
			p := newProgress(cmd.ErrOrStderr())
			defer p.end()
			l, err := at.open(cmd.Context(), args[0], true, p)
			if err != nil {
				return err
			}
			spec, err := config.ParseSpec(filepath.Join(args[0], pair.SpecName))
			if err != nil {
				return err
			}
			sheet, err := l.scoring.Sample(l.left.Table, l.right.Table, l.summary.Left.ID, l.summary.Right.ID, spec, pairs, seed)
			if err != nil {
				return asUsage(err)
			}
			if err := sheet.Write(out); err != nil {
				return asUsage(err)
			}
			p.end()
			fmt.Fprintf(cmd.OutOrStdout(), "drawn      %d of %d scored pairs, with seed %d\nwrite      yes, no or unsure under same_person in %s\nthen       rollcall score %s %s\n",
				len(sheet.Lines), l.scoring.Pairs(), seed, out, args[0], out)
			return nil
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "file to write, .xlsx or .csv (required)")
	cmd.Flags().IntVar(&pairs, "pairs", 200, "how many pairs to draw, about")
	cmd.Flags().Uint64Var(&seed, "seed", 1, "what the draw depends on")
	at.flags(cmd)
	return cmd
}
