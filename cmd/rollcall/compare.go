package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"rollcall/jobs/config"
	"rollcall/matchers/model"
	"rollcall/matchers/quality"
	"rollcall/pipeline"
	"rollcall/pipeline/link"
	"rollcall/pipeline/pair"
)

func compareCommand() *cobra.Command {
	var out, list string
	cmd := &cobra.Command{
		Use:   "compare BEFORE AFTER",
		Short: "say what changed between two models or two runs",
		Long: `compare says what changed between two linkages: settings and blocking rules that
differ, what each level of agreement is worth in either, those that changed most
first, how far the data moved, and which links appeared, vanished or changed their
probability by more than 0.1.

BEFORE and AFTER are model.json or spec.yaml, folders that link or dedupe wrote, or
folders of a job's runs. Models alone have no links. A page and a list hold ids and
no values of records.`,
		Example: `  rollcall compare linked strict
  rollcall compare july/model.json august/model.json --out changed.html
  rollcall compare out/runs/2026-07 out/latest --list changed_links.csv`,
		Args: exactArgs(2, "two models or runs"),
		RunE: func(cmd *cobra.Command, args []string) error {
			p := newProgress(cmd.ErrOrStderr())
			defer p.end()
			d, err := differences(cmd.Context(), args[0], args[1], p)
			if err != nil {
				return err
			}
			p.end()
			d.Print(cmd.OutOrStdout())
			if out != "" {
				if err := writeOutput(nil, out, d.Page); err != nil {
					return err
				}
			}
			if list != "" {
				return writeOutput(nil, list, d.WriteLinks)
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "HTML page to write")
	cmd.Flags().StringVar(&list, "list", "", "CSV file to write with the links that differ, by id")
	return cmd
}

// differences holds the linkages of two paths against each other, kind by kind.
func differences(ctx context.Context, before, after string, p *progress) (pair.Differences, error) {
	d := pair.Differences{Before: before, After: after}
	b, err := linkages(ctx, before, p)
	if err != nil {
		return d, err
	}
	a, err := linkages(ctx, after, p)
	if err != nil {
		return d, err
	}
	for _, x := range b {
		for _, y := range a {
			if x.Kind == y.Kind {
				d.Of = append(d.Of, pair.Compare(x, y))
			}
		}
	}
	if len(d.Of) == 0 {
		return d, usage(fmt.Errorf("%s and %s have no linkage in common: one is of a job's run, the other is not", before, after))
	}
	return d, nil
}

// linkages reads what a path holds: one linkage, or the three of a job's run.
func linkages(ctx context.Context, path string, p *progress) ([]pair.Linked, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, usage(fmt.Errorf("there is no file or folder %s", path))
	case err != nil:
		return nil, fmt.Errorf("find %s: %w", path, err)
	case !info.IsDir():
		spec, origin, err := config.ParseModel(path)
		l := pair.Linked{Specification: spec}
		if origin != nil {
			l.Profile = origin.Profile
		}
		return []pair.Linked{l}, err
	}
	summary, err := readSummary(path)
	if errors.Is(err, fs.ErrNotExist) {
		return runLinkages(ctx, path, p)
	}
	if err != nil {
		return nil, err
	}
	spec, err := config.ParseSpec(filepath.Join(path, pair.SpecName))
	if err != nil {
		return nil, err
	}
	pairs, err := loadFile(ctx, filepath.Join(path, pair.PairsName), nil, p)
	if err != nil {
		return nil, err
	}
	l := pair.Linked{Specification: spec, Profile: summary.Profile}
	l.Pairs, err = held(pairs, summary.Kind == "dedupe", func(int) bool { return true })
	return []pair.Linked{l}, err
}

// held reads scored pairs by id; unordered ones are of one file.
func held(t *pair.Table, unordered bool, use func(row int) bool) (map[[2]string]pair.Held, error) {
	var columns [4]pair.Column
	for i, name := range []string{"left_id", "right_id", "match_probability", "accepted"} {
		at := t.Column(name)
		if at < 0 {
			return nil, usage(fmt.Errorf("%s has no column %s", t.Name, name))
		}
		columns[i] = t.Columns[at]
	}
	out := make(map[[2]string]pair.Held, t.Rows)
	for row := range t.Rows {
		if !use(row) {
			continue
		}
		ids := [2]string{columns[0].At(row), columns[1].At(row)}
		if unordered && ids[1] < ids[0] {
			ids[0], ids[1] = ids[1], ids[0]
		}
		probability, err := strconv.ParseFloat(columns[2].At(row), 64)
		if err != nil {
			return nil, usage(fmt.Errorf("%s, row %d: match_probability is no number", t.Name, row+1))
		}
		out[ids] = pair.Held{Probability: probability, Accepted: columns[3].At(row) == "true"}
	}
	return out, nil
}

// runLinkages reads the three linkages of a job's run.
func runLinkages(ctx context.Context, folder string, p *progress) ([]pair.Linked, error) {
	file, err := pipeline.LinkageFile(folder)
	if err != nil {
		return nil, usage(fmt.Errorf("%s is neither a folder of link or dedupe nor a run that got as far as its links: %w", folder, err))
	}
	report, err := link.ReadReport(file)
	if err != nil {
		return nil, err
	}
	links, err := runTable(ctx, folder, "link", p)
	if err != nil {
		return nil, err
	}
	kind := links.Columns[links.Column("kind")]
	var out []pair.Linked
	for _, of := range []struct {
		kind string
		link.Linkage
	}{{"register", report.Register}, {"roster", report.Roster}, {"across", report.Across}} {
		use := func(row int) bool { return kind.At(row) == of.kind }
		l := pair.Linked{Kind: of.kind, Specification: of.Specification, Profile: profileOf(links, of.Specification, use)}
		if l.Pairs, err = held(links, of.kind != "across", use); err != nil {
			return nil, err
		}
		out = append(out, l)
	}
	return out, nil
}

// profileOf is what the links of one linkage of a run look like. How many values
// lack shows among the links alone.
func profileOf(links *pair.Table, spec model.Specification, use func(row int) bool) quality.Profile {
	var p quality.Profile
	weights, accepted, agreement := links.Columns[links.Column("match_weight_bits")], links.Columns[links.Column("accepted")], links.Columns[links.Column("agreement")]
	counts := map[string]map[string]int64{}
	for _, c := range spec.Comparisons {
		counts[c.Name] = map[string]int64{}
	}
	for row := range links.Rows {
		if !use(row) {
			continue
		}
		weight, _ := strconv.ParseFloat(weights.At(row), 64)
		p.Pairs.Add(weight)
		if accepted.At(row) != "true" {
			continue
		}
		p.Links.Add(weight)
		for comparison, level := range levelsOf(agreement.At(row)) {
			if counts[comparison] != nil {
				counts[comparison][level]++
			}
		}
	}
	for _, c := range spec.Comparisons {
		column := quality.Column{Name: c.Name}
		for _, level := range slices.Sorted(maps.Keys(counts[c.Name])) {
			column.Levels = append(column.Levels, quality.Count{Level: level, Pairs: counts[c.Name][level]})
		}
		p.Comparisons = append(p.Comparisons, column)
	}
	return p
}

// levelsOf reads the levels of a pair, by comparison, from the link table.
func levelsOf(agreement string) map[string]string {
	var levels []string
	if json.Unmarshal([]byte(agreement), &levels) != nil {
		levels = strings.Split(strings.Trim(agreement, "[]"), ", ")
	}
	out := map[string]string{}
	for _, l := range levels {
		comparison, level, _ := strings.Cut(l, "=")
		out[comparison] = level
	}
	return out
}
