package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rollcall/connectors"
	"rollcall/connectors/all"
	"rollcall/jobs"
	"rollcall/jobs/config"
	"rollcall/matchers/locale"
	"rollcall/pipeline/pair"
	"rollcall/pipeline/profile"
)

func profileCommand() *cobra.Command {
	var p profiler
	var asOf, country string
	cmd := &cobra.Command{
		Use:   "profile FILE… | JOB.yaml",
		Short: "say what is in the columns of files, and what of it deserves attention",
		Long: `profile reads files, or the sources of a job, before anything is linked. Of each
column it says how many rows have a value (filled), how many different ones there
are, what share the commonest take, how long they are, what they are built like, and
what the column seems to hold. Below stands what deserves attention, worst first,
each with what to do about it:

  act   wrong in the data: mend it or ask for it again before linking
  look  see whether it is meant
  know  the linkage allows for it

Looked for are
  in dates    default days such as 1 January, impossible, implausible and future
              days, the order of day and month and how sure it is, years of two
              digits and of other calendars, heaping of years of birth
  in ages     heaping on 0 and 5 (Whipple's and Myers' indices), impossible ages
  in names    scripts, capitals, single words, initials, digits, words that stand
              for nothing, and the rules that change them
  in numbers  the system that they follow, check digits, whether they say another
              birth or sex than the record, stand-ins, numbers that many rows
              bear, numbers that a spreadsheet has changed
  anywhere    empty columns, garbled characters, values cut off, rows repeated

Whipple's index is 100 where nobody rounds his age and 500 where everybody tells a
multiple of five. Where a file has dates of birth and no ages, the year in which
rounded ages would have been told is the one that makes the index strongest.

Patterns stand for values: A is a letter, 9 a digit, + more of the same, and other
signs are themselves. The values are shown only with --show-values: they are
personal data. --out writes a page with charts, which needs no network.`,
		Example: `  rollcall profile deaths.csv roster.xlsx
  rollcall profile roster.csv --locale BD --out roster.html
  rollcall profile job.yaml --out profiles
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
			pack, err := localeOf(country)
			if err != nil {
				return err
			}
			p.stdout, p.shown, p.asOf, p.pack = cmd.OutOrStdout(), newProgress(cmd.ErrOrStderr()), day, pack.Pack
			defer p.shown.end()
			for _, name := range args {
				if err := p.profile(cmd.Context(), name); err != nil {
					return err
				}
			}
			return p.page()
		},
	}
	f := cmd.Flags()
	f.BoolVar(&p.values, "show-values", false, "show the commonest values, in the page too: personal data")
	f.StringVar(&asOf, "as-of", "", "`DAY`, YYYY-MM-DD, after which dates lie in the future; of a job, whose files are read (default today)")
	f.StringVar(&p.out, "out", "", "write a page too: `FILE.html`, or profile.html into a folder")
	localeFlag(f, &country)
	return cmd
}

// profiler profiles files and the sources of jobs, one after the other.
type profiler struct {
	stdout  io.Writer
	shown   *progress
	asOf    time.Time
	pack    *locale.Pack
	values  bool
	out     string
	reports []*profile.Report
}

func (p *profiler) profile(ctx context.Context, name string) error {
	if ext := strings.ToLower(filepath.Ext(name)); ext == ".yaml" || ext == ".yml" {
		return p.job(ctx, name)
	}
	t, err := loadFile(ctx, name, nil, p.shown)
	if err != nil {
		return err
	}
	return p.table(ctx, t, p.pack)
}

// job profiles each source of a job, by the job's locale where none is asked for.
func (p *profiler) job(ctx context.Context, name string) error {
	job, err := config.Load(ctx, name, all.Registry())
	if err != nil {
		return err
	}
	pack := p.pack
	if pack == nil {
		pack = job.Locale.Pack
	}
	for _, s := range job.Sources {
		connector, ok := all.Registry().Lookup(s.Connector)
		if !ok {
			return usage(fmt.Errorf("source %s: there is no connector %q", s.Name, s.Connector))
		}
		source, err := connector.New(connectors.Environment{DataFolder: job.DataFolder, Getenv: os.LookupEnv}, s.Settings)
		if err != nil {
			return usage(fmt.Errorf("source %s: %w", s.Name, err))
		}
		p.shown.start("reading " + s.Name)
		t, err := pair.Load(ctx, s.Name, source, connectors.Query{AsOf: p.asOf}, nil, func(rows int) { p.shown.show(fmt.Sprintf("%d rows", rows), 0) })
		if err != nil {
			return err
		}
		if err := p.table(ctx, t, pack); err != nil {
			return err
		}
	}
	return nil
}

// table profiles a table and prints what it found.
func (p *profiler) table(ctx context.Context, t *pair.Table, pack *locale.Pack) error {
	p.shown.start("profiling " + filepath.Base(t.Name))
	r, err := profile.Of(ctx, t, profile.Options{AsOf: p.asOf, Pack: pack, Progress: func(done, of int) { p.shown.count(int64(done), int64(of)) }})
	if err != nil {
		return err
	}
	p.shown.end()
	if len(p.reports) > 0 {
		fmt.Fprintln(p.stdout)
	}
	r.Print(p.stdout, p.values)
	p.reports = append(p.reports, r)
	return nil
}

// page writes the page when one is asked for.
func (p *profiler) page() error {
	if p.out == "" {
		return nil
	}
	file := p.out
	if ext := strings.ToLower(filepath.Ext(file)); ext != ".html" && ext != ".htm" {
		if err := os.MkdirAll(p.out, 0o700); err != nil {
			return fmt.Errorf("%w: %w", jobs.ErrOutside, err)
		}
		file = filepath.Join(p.out, "profile.html")
	}
	if err := writeOutput(p.stdout, file, func(w io.Writer) error { return profile.Page(w, p.reports, p.values) }); err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "\npage    %s\n", file)
	return nil
}
