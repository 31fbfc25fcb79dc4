package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"

	"rollcall/matchers/model"
	"rollcall/pipeline/pair"
)

// filesOf are the files that the records of one side come from, the last one last.
func filesOf(s pair.FileSummary) []pair.FileSummary {
	last := s
	last.Earlier = nil
	return append(slices.Clone(s.Earlier), last)
}

// lastFiles drops those files that come again later: their records count as they
// are there.
func lastFiles(files []pair.FileSummary) []pair.FileSummary {
	var out []pair.FileSummary
	for i, f := range files {
		again := func(g pair.FileSummary) bool { return f.File == g.File && f.SHA256 == g.SHA256 }
		if !slices.ContainsFunc(files[i+1:], again) {
			out = append(out, f)
		}
	}
	return out
}

// addable reads what an earlier linkage of the kind says of itself.
func addable(folder, kind string) (pair.Summary, error) {
	s, err := readSummary(folder)
	if err != nil {
		return s, usage(fmt.Errorf("--add-to %s: no folder of an earlier %s: %w", folder, kind, err))
	}
	if s.Kind != kind {
		return s, usage(fmt.Errorf("--add-to %s: that is a folder of %s, not of %s", folder, s.Kind, kind))
	}
	return s, nil
}

// withEarlier puts the records of earlier files before those of a new one. They
// have to be as they were: what was found among them is found anew.
func withEarlier(ctx context.Context, table *pair.Table, spec model.Specification, id string, s pair.Summary, folder string, p *progress) (*pair.Table, error) {
	if err := table.Compares(spec); err != nil {
		return nil, asUsage(err)
	}
	added := pair.Part{Table: table, ID: id}
	here := pair.FileSummary{File: table.Name}
	for _, o := range table.Origins {
		here.SHA256 = o.SHA256
	}
	files := lastFiles(append(filesOf(s.Left), here))
	var parts []pair.Part
	for _, f := range files[:len(files)-1] {
		whole := fmt.Sprintf("deduplicate the records of all files as one file, with --spec %s --previous %s", filepath.Join(folder, pair.ModelName), folder)
		t, err := loadFile(ctx, f.File, nil, p)
		if err != nil {
			return nil, fmt.Errorf("records of %s are compared with those of %s: %w (put it back, or %s)", f.File, table.Name, err, whole)
		}
		if len(t.Origins) > 0 && t.Origins[0].SHA256 != f.SHA256 {
			return nil, usage(fmt.Errorf("%s has changed since %s was made from it: put it back, or %s", f.File, folder, whole))
		}
		parts = append(parts, pair.Part{Table: t, ID: f.ID})
	}
	united, err := pair.Union(append(parts, added))
	return united, asUsage(err)
}

// before are the files that an earlier linkage was made from, apart from one that
// comes again.
func before(side *pair.Side, earlier pair.FileSummary) []pair.FileSummary {
	files := lastFiles(append(filesOf(earlier), side.Summary()))
	return files[:len(files)-1]
}
