package pipeline

import (
	"context"
	"fmt"
	"runtime"

	"rollcall/matchers"
	"rollcall/pipeline/link"
	"rollcall/pipeline/standardise"
)

// weighed are the tables of a run that say how two of its records compare.
var weighed = []string{"mention", "event", "household", "identifier", "cluster", "person", "link"}

// Scales make the scales of one linkage of a finished run, from what its folder has and
// the configuration that a plan has of it: kind is one of link's. The model is the run's.
// It is fs.ErrNotExist where the folder has not got the tables.
func Scales(ctx context.Context, folder string, p Plan, kind string) (_ *link.Scales, err error) {
	file, err := LinkageFile(folder)
	if err != nil {
		return nil, err
	}
	report, err := link.ReadReport(file)
	if err != nil {
		return nil, err
	}
	r, err := Read(ctx, folder, nil, weighed...)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	forms := standardise.NewForms(p.Locale, p.Areas, p.AsOf)
	for _, f := range forms.Functions() {
		if err := r.Define(f); err != nil {
			return nil, err
		}
	}
	systems, err := forms.Systems(ctx, r.Session)
	if err != nil {
		return nil, err
	}
	s, err := link.NewScales(ctx, r.Session, r.scratch, p.Link, link.Work{
		Areas: p.Areas, Systems: systems, Options: matchers.Options{Threads: runtime.NumCPU()},
	}, report.Of(kind))
	if err != nil {
		return nil, fmt.Errorf("weigh records of the run again: %w", err)
	}
	return s, nil
}
