package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"rollcall/jobs/config"
	"rollcall/matchers"
	"rollcall/matchers/model"
	"rollcall/pipeline"
	"rollcall/pipeline/pair"
)

// linkage holds the flags that link and dedupe have in common.
type linkage struct {
	out, spec, memory string
	decisions         string
	locale, areas     string
	ignore            []string
	threads           int
}

func (l *linkage) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&l.out, "out", "", "folder to write (required)")
	f.StringVar(&l.spec, "spec", "", "specification to use, such as an edited spec.yaml or the model.json of an earlier run")
	f.StringVar(&l.decisions, "decisions", "", "file of what people decided about pairs: left_id, right_id, decision (same or different)")
	localeFlag(f, &l.locale)
	f.StringVar(&l.areas, "areas", "", "area tree (`FILE`, as a job has it) by which columns of area codes are compared: the same area, another of one district, or elsewhere")
	f.StringSliceVar(&l.ignore, "ignore", nil, "columns to leave out, with commas between")
	f.IntVar(&l.threads, "threads", 0, "threads to use (default: all); never changes the result")
	f.StringVar(&l.memory, "memory", "", "memory to use, such as 2GiB (default: a share of the machine's); where pairs need more, the least likely are left out, with a warning")
}

// options turns the flags into what the linker takes.
func (l *linkage) options(ctx context.Context, p *progress) (pair.Options, error) {
	if l.out == "" {
		return pair.Options{}, usage(fmt.Errorf("--out is missing: name the folder to write"))
	}
	return l.reading(ctx, p)
}

// specOf takes the model of an earlier linkage.
func (l *linkage) specOf(folder string) error {
	if l.spec != "" {
		return usage(errors.New("--add-to brings its own model: leave --spec out"))
	}
	l.spec = filepath.Join(folder, pair.ModelName)
	if s, err := readSummary(folder); err == nil {
		l.areas = cmp.Or(l.areas, s.AreaTree)
	}
	return nil
}

// reading is options of a command that need not write.
func (l *linkage) reading(ctx context.Context, p *progress) (pair.Options, error) {
	var opt pair.Options
	memory, err := parseSize(l.memory)
	if err != nil {
		return opt, err
	}
	if l.spec != "" {
		spec, origin, err := config.ParseModel(l.spec)
		if err != nil {
			return opt, err
		}
		opt.Specification, opt.Origin = &spec, origin
	}
	if opt.Locale, err = localeOf(cmp.Or(l.locale, localeIn(opt.Specification))); err != nil {
		return opt, err
	}
	if l.decisions != "" {
		table, err := loadFile(ctx, l.decisions, nil, p)
		if err != nil {
			return opt, err
		}
		if opt.Decisions, err = pair.Decisions(table); err != nil {
			return opt, asUsage(err)
		}
	}
	opt.Matching = matchers.Options{Threads: l.threads, MemoryBytes: memory, Progress: func(stage string, done, total int64) {
		p.show(stage, float64(done)/float64(max(total, 1)))
	}}
	return opt, nil
}

// finish writes the output folder and says what was found.
func (l *linkage) finish(w io.Writer, o *pair.Outcome, p *progress) error {
	p.start("writing")
	p.show("lists and pages", 0)
	text, err := config.MarshalSpec(o.Result.Specification)
	if err != nil {
		return err
	}
	const program = "rollcall " + pipeline.Version
	trained, err := config.MarshalModel(o.Result.Specification, o.Trained(program))
	if err != nil {
		return err
	}
	summary := o.Summary(program)
	if err := o.Write(l.out, summary, text, trained); err != nil {
		return err
	}
	p.end()
	printSummary(w, o, summary, l.out)
	return nil
}

func linkCommand() *cobra.Command {
	var l linkage
	var leftID, rightID, addTo string
	cmd := &cobra.Command{
		Use:   "link LEFT RIGHT --out DIR",
		Short: "find the records of two files that are one person",
		Long: `link finds the records of two files that are one person. It finds out what the
columns hold, learns without known answers how much each agreement is worth,
and chooses the threshold. Each record has at most one partner, unless the files
show that one of them has people twice: spec.yaml says which (relation) and why.

LEFT and RIGHT are CSV, TSV, NDJSON, JSON, Parquet or XLSX files, plain, .gz or
.zip. Into DIR it writes

  links.csv       accepted links, best first, with the level of each comparison
  pairs.parquet   every scored pair above the floor
  near_misses.csv the best pairs that were not accepted and the weakest that were
  spec.yaml       what was compared and how, with the trained weights: edit it
                  and give it back with --spec, or use it as the link section of a job
  model.json      the same for programs, with what it was learnt from and how: give
                  it back with --spec to link again and to be told what drifted
  quality.html    a page that says all that with pictures: open it first
  summary.json    the figures

With --areas, columns of area codes are compared by where they lie in the area tree
of a job (area_code, parent_code, level, name, and of vintages successors): the same
area, another of the same subdistrict or district, or elsewhere. Codes that were
renumbered, merged or split are first brought to those of today. It is said how many
values of which columns stand in the tree. A column of codes that is not recognised
can be named in a specification (kind: place, shared: true).

In spec.yaml a comparison may say itself when values are alike, worst first:

  levels: [{jaro_winkler: 0.85}, {damerau: 1, min_length: 4}, equal]

All conditions of a level must hold. There are:

` + conditions(),
		Example: `  rollcall link deaths.csv roster.csv --out linked
  rollcall link deaths.csv roster.xlsx --out linked --left-id death_id --right-id member_no
  rollcall link deaths.csv roster.csv --out linked --ignore "remarks,entered_by"
  rollcall link deaths.csv roster.csv --out linked --areas codes/area_tree.csv
  rollcall link deaths.csv roster.csv --out again --spec linked/spec.yaml
  rollcall link newdeaths.csv roster.csv --out more --add-to linked
  rollcall link deaths.csv roster.csv --out judged --spec linked/model.json --decisions decided.csv`,
		Args: exactArgs(2, "two files"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runLink(cmd.Context(), cmd, &l, args, leftID, rightID, addTo)
		},
	}
	l.flags(cmd)
	cmd.Flags().StringVar(&leftID, "left-id", "", "column with the ids of LEFT (default: recognised)")
	cmd.Flags().StringVar(&addTo, "add-to", "", "folder of an earlier link: link by its model, take up its pairs, decide on all together")
	cmd.Flags().StringVar(&rightID, "right-id", "", "column with the ids of RIGHT (default: recognised)")
	return cmd
}

// How far the heap may grow between two collections, in percent of what it holds.
// At a million records a side Go's own 100 takes a third more memory and saves a
// tenth of the time, and 10 a tenth less and loses as much again; with few records it
// is the time that counts.
const (
	sparingPercent  = 20
	generousPercent = 200
	manyRecords     = 500_000
)

// growHeap lets the heap grow where few records were read.
func growHeap(tables ...*pair.Table) {
	rows := 0
	for _, t := range tables {
		rows += t.Rows
	}
	if rows < manyRecords {
		debug.SetGCPercent(generousPercent)
	}
}

func runLink(ctx context.Context, cmd *cobra.Command, l *linkage, files []string, leftID, rightID, addTo string) error {
	defer debug.SetGCPercent(debug.SetGCPercent(sparingPercent))
	p := newProgress(cmd.ErrOrStderr())
	defer p.end()
	if addTo != "" {
		if err := l.specOf(addTo); err != nil {
			return err
		}
	}
	opt, err := l.options(ctx, p)
	if err != nil {
		return err
	}
	opt.LeftID, opt.RightID = leftID, rightID
	tables, err := loadFiles(ctx, files, l.ignore, p)
	if err != nil {
		return err
	}
	if err := withAreas(l.areas, tables...); err != nil {
		return err
	}
	growHeap(tables...)
	p.start("linking")
	o, err := pair.Link(ctx, tables[0], tables[1], opt)
	if err != nil {
		return asUsage(err)
	}
	if addTo != "" {
		summary, err := addable(addTo, "link")
		if err != nil {
			return err
		}
		earlier, err := loadFile(ctx, filepath.Join(addTo, pair.PairsName), nil, p)
		if err != nil {
			return err
		}
		if err := o.AddTo(earlier, addTo, opt.Decisions); err != nil {
			return asUsage(err)
		}
		o.Left.Table.Earlier, o.Right.Table.Earlier = before(o.Left, summary.Left), before(o.Right, summary.Right)
	}
	return l.finish(cmd.OutOrStdout(), o, p)
}

// exactArgs asks for a number of arguments and says what they are.
func exactArgs(n int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == n {
			return nil
		}
		return usage(fmt.Errorf("%s takes %s and got %d arguments; see %q", cmd.Name(), what, len(args), cmd.CommandPath()+" --help"))
	}
}

// printSummary says what was found, how sure that is, and what to open.
func printSummary(w io.Writer, o *pair.Outcome, s pair.Summary, folder string) {
	spec := o.Result.Specification
	fmt.Fprintf(w, "compared   %s\n", comparisonList(spec))
	if s.Kind == "dedupe" {
		fmt.Fprintf(w, "found      %d different people in %d records (%d records are another's)\n", s.Entities, s.Left.Rows, s.Left.Rows-s.Entities)
	} else {
		fmt.Fprintf(w, "found      %d links between %d and %d records\n", s.Accepted, s.Left.Rows, s.Right.Rows)
	}
	for _, c := range s.Areas {
		fmt.Fprintf(w, "areas      %d of %d values of %s in %s stand in %s\n", c.InTree, c.Values, c.Column, c.File, filepath.Base(s.AreaTree))
	}
	fmt.Fprintf(w, "looked at  %d pairs by %d blocking rules\n", s.Compared, len(spec.Blocking))
	if s.ExpectedPrecision != [3]float64{} {
		fmt.Fprintf(w, "expected   precision %s, recall %s (estimates; measure them with rollcall evaluate)\n", estimate(s.ExpectedPrecision), estimate(s.ExpectedRecall))
	}
	for _, warning := range s.Warnings {
		fmt.Fprintf(w, "note       %s\n", warning)
	}
	for _, f := range []pair.FileSummary{s.Left, s.Right} {
		if f.Rejected > 0 {
			fmt.Fprintf(w, "note       %d rows of %s could not be read; quality.html says why\n", f.Rejected, f.File)
		}
		if s.Kind == "dedupe" {
			break
		}
	}
	fmt.Fprintf(w, "open       %s\n", filepath.Join(folder, pair.QualityName))
	list := pair.LinksName
	if s.Kind == "dedupe" {
		list = pair.ClustersName
	}
	fmt.Fprintf(w, "list       %s\n", filepath.Join(folder, list))
}

func comparisonList(spec model.Specification) string {
	var names []string
	for _, c := range spec.Comparisons {
		name := c.Left
		if c.Right != c.Left {
			name += " with " + c.Right
		}
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}

func estimate(e [3]float64) string { return fmt.Sprintf("%.3f (%.3f to %.3f)", e[1], e[0], e[2]) }

// conditions lists what levels can be declared by, a line each.
func conditions() string {
	var out strings.Builder
	for _, c := range model.Comparators() {
		fmt.Fprintf(&out, "  %-16s %s\n", c.Name, c.Doc)
	}
	return strings.TrimSuffix(out.String(), "\n")
}
