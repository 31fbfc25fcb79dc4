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
}

// Tools are what the demo needs of its caller.
type Tools struct {
	// Run makes one run of a job at a day; trueLinks is "" for an ordinary one.
	Run func(ctx context.Context, job string, asOf time.Time, trueLinks string) (pipeline.Outcome, error)
	// Stage tells a person what goes on, with a share done.
	Stage func(label string)
	Count func(done, total int64)
	Out   io.Writer
	Now   func() time.Time
}

// start is the first month of every demo.
func start() time.Time { return time.Date(2026, time.August, 1, 0, 0, 0, 0, time.UTC) }

// Run makes the country and runs its months. The last month's roster loses half
// its rows on the way, as files do, and has to be held.
func Run(ctx context.Context, opt Options, t Tools) error {
	began := t.Now()
	if err := prepareFolder(opt.Dir); err != nil {
		return err
	}
	t.Stage("making the country")
	made, err := synth.Generate(ctx, synth.Config{
		Dir: opt.Dir, Preset: opt.Preset, Households: opt.Households, Seed: opt.Seed, Start: start(), Months: opt.Months,
		Threads: opt.Threads, Progress: t.Count,
	})
	if err != nil {
		return fmt.Errorf("make the country: %w", err)
	}
	fmt.Fprintf(t.Out, "Made a country of %d households (preset %s, seed %d) in %s: %s\n\n", opt.Households, opt.Preset, opt.Seed, opt.Dir, since(t, began))
	_ = made
	job := filepath.Join(opt.Dir, "job.yaml")
	last := opt.Months - 1
	if last > 0 {
		if err := halve(filepath.Join(opt.Dir, "sp", month(last).Format("2006-01"), "members.csv")); err != nil {
			return err
		}
	}
	var good pipeline.Outcome
	for m := range opt.Months {
		asOf := lastDay(month(m))
		t.Stage(asOf.Format("January 2006"))
		at := t.Now()
		outcome, err := t.Run(ctx, job, asOf, "")
		if err != nil {
			return fmt.Errorf("run of %s: %w", asOf.Format(time.DateOnly), err)
		}
		fmt.Fprintf(t.Out, "%s  %s  %s\n", asOf.Format("January 2006"), outcome.Status, since(t, at))
		if outcome.Status != pipeline.Done {
			printHeld(t.Out, outcome)
			continue
		}
		good = outcome
		if err := printRun(ctx, opt, t, outcome, asOf); err != nil {
			return err
		}
	}
	if good.RunID == "" {
		return errors.New("no run of the demo went through")
	}
	printEnd(t.Out, opt, good, since(t, began))
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
