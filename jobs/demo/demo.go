// Package demo shows the program at work: it makes a country, runs its monthly
// jobs, compares what they found with the truth, and says what to look at.
package demo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"rollcall/connectors/synth"
	"rollcall/pipeline"
)

// Options say which country is made.
type Options struct {
	Dir        string
	Preset     string
	Households int
	Months     int
	Seed       uint64
	Threads    int
	TrueLinks  bool // run the last good month once more with the true links
}

// Tools are what the demo needs of its caller.
type Tools struct {
	// Run makes one run of a job at a day; trueLinks is "" for an ordinary one.
	Run func(ctx context.Context, job string, asOf time.Time, trueLinks string) (pipeline.Outcome, error)
	// Stage tells a person what goes on, with a share done.
	Stage func(label string)
	Count func(done, total int64)
	// PeakBytes is the largest resident memory since a stage began last.
	PeakBytes func() int64
	Out       io.Writer
	Now       func() time.Time
}

// start is the first month of every demo.
func start() time.Time { return time.Date(2026, time.August, 1, 0, 0, 0, 0, time.UTC) }

// Run makes the country and runs its months. The last month's roster loses half
// its rows on the way, as files do, and has to be held.
func Run(ctx context.Context, opt Options, t Tools) error {
	began := t.Now()
	d := &demo{opt: opt, tools: t, job: filepath.Join(opt.Dir, "job.yaml")}
	if err := d.makeCountry(ctx); err != nil {
		return err
	}
	fmt.Fprintf(t.Out, "Made a country of %d households (preset %s, seed %d) in %s: %s\n\n", opt.Households, opt.Preset, opt.Seed, opt.Dir, since(t, began))
	for m := range opt.Months {
		if err := d.month(ctx, lastDay(month(m))); err != nil {
			return err
		}
	}
	if d.good.RunID == "" {
		return errors.New("no run of the demo went through")
	}
	if err := d.appraise(ctx); err != nil {
		return err
	}
	printEnd(t.Out, opt, d.good, since(t, began), d.peakBytes)
	return nil
}

// demo is one demo under way.
type demo struct {
	opt       Options
	tools     Tools
	job       string
	good      pipeline.Outcome // of the last month that went through
	goodAsOf  time.Time
	peakBytes int64
}

func (d *demo) makeCountry(ctx context.Context) error {
	if err := prepareFolder(d.opt.Dir); err != nil {
		return err
	}
	d.tools.Stage("making the country")
	_, err := synth.Generate(ctx, synth.Config{
		Dir: d.opt.Dir, Preset: d.opt.Preset, Households: d.opt.Households, Seed: d.opt.Seed, Start: start(), Months: d.opt.Months,
		Threads: d.opt.Threads, Progress: d.tools.Count,
	})
	if err != nil {
		return fmt.Errorf("make the country: %w", err)
	}
	d.remember()
	if last := d.opt.Months - 1; last > 0 {
		return halve(filepath.Join(d.opt.Dir, "sp", month(last).Format("2006-01"), "members.csv"))
	}
	return nil
}

// remember keeps the largest memory so far: a stage begins a new count.
func (d *demo) remember() { d.peakBytes = max(d.peakBytes, d.tools.PeakBytes()) }

// run makes one run of a month.
func (d *demo) run(ctx context.Context, asOf time.Time, trueLinks string) (pipeline.Outcome, error) {
	outcome, err := d.tools.Run(ctx, d.job, asOf, trueLinks)
	if err != nil {
		return outcome, fmt.Errorf("run of %s: %w", asOf.Format(time.DateOnly), err)
	}
	for _, t := range outcome.Timings {
		d.peakBytes = max(d.peakBytes, t.PeakBytes)
	}
	d.remember()
	return outcome, nil
}

func (d *demo) month(ctx context.Context, asOf time.Time) error {
	out := d.tools.Out
	d.tools.Stage(asOf.Format("January 2006"))
	at := d.tools.Now()
	outcome, err := d.run(ctx, asOf, "")
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s  %s  %s\n", asOf.Format("January 2006"), outcome.Status, since(d.tools, at))
	if outcome.Status != pipeline.Done {
		printHeld(out, outcome)
		return nil
	}
	if err := printLists(out, outcome); err != nil {
		return err
	}
	if d.good.RunID != "" {
		withdrawn, err := withdrawnExits(ctx, d.good, outcome)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "  withdrawn since last month, for the register revoked the death: %d exits\n", withdrawn)
	}
	printTimings(out, outcome.Timings)
	fmt.Fprintln(out)
	d.good, d.goodAsOf = outcome, asOf
	return nil
}

// appraise compares the last good month with the truth.
func (d *demo) appraise(ctx context.Context) error {
	d.tools.Stage("comparing with the truth")
	a, err := Appraise(ctx, d.opt.Dir, d.goodAsOf, d.good)
	if err != nil {
		return err
	}
	var perfect *Appraisal
	if d.opt.TrueLinks {
		outcome, err := d.run(ctx, d.goodAsOf, filepath.Join(d.opt.Dir, "truth", "records.csv"))
		if err != nil {
			return err
		}
		p, err := Appraise(ctx, d.opt.Dir, d.goodAsOf, outcome)
		if err != nil {
			return err
		}
		perfect = &p
	}
	d.remember()
	fmt.Fprintf(d.tools.Out, "How right %s was\n", d.goodAsOf.Format("January 2006"))
	if err := printAppraisal(d.tools.Out, a, perfect); err != nil {
		return err
	}
	fmt.Fprintln(d.tools.Out)
	return nil
}

func month(m int) time.Time { return start().AddDate(0, m, 0) }

func lastDay(first time.Time) time.Time { return first.AddDate(0, 1, -1) }

func since(t Tools, at time.Time) string {
	return t.Now().Sub(at).Round(100 * time.Millisecond).String()
}

// mark is a file that tells a folder of an earlier demo from anybody's data.
const mark = "synth.json"

// prepareFolder makes room for a new country; it removes an earlier demo and
// nothing else.
func prepareFolder(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("look into %s: %w", dir, err)
	}
	if len(entries) == 0 {
		return nil
	}
	if _, err := os.Stat(filepath.Join(dir, mark)); err != nil {
		return fmt.Errorf("%s holds files that are no earlier demo; name an empty folder", dir)
	}
	for _, name := range []string{"crvs", "sp", "codes", "programmes", "truth", "out", "job.yaml", mark} {
		if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
			return fmt.Errorf("clear the earlier demo: %w", err)
		}
	}
	return nil
}

// halve drops the second half of a file's lines.
func halve(path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("halve an input: %w", err)
	}
	cut := len(data) / 2
	if i := bytes.IndexByte(data[cut:], '\n'); i >= 0 {
		cut += i + 1
	}
	if err := os.WriteFile(path, data[:cut], 0o600); err != nil {
		return fmt.Errorf("halve an input: %w", err)
	}
	return nil
}
