package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"rollcall/matchers/model"
	"rollcall/pipeline/decide"
	"rollcall/pipeline/link"
	"rollcall/pipeline/report"
	"rollcall/pipeline/store"
)

// Folders: of the runs; of runs whose links were given, which are no result of
// ours and stay out of what is read over all runs; of what people read.
const (
	runsName    = "runs"
	triesName   = "tries"
	reportsName = "reports"
)

// report writes the lists and pages of a complete run, then the manifest.
func (r *run) report(ctx context.Context) error {
	if r.plan.DryRun {
		r.outcome.Status = Done
		return nil
	}
	return r.publish(ctx, Done, report.Make)
}

// reportHeld writes the pages that say why there is no list.
func (r *run) reportHeld(ctx context.Context) error {
	return r.publish(ctx, r.outcome.Status, report.MakeHeld)
}

type reporter func(context.Context, *store.Session, string, report.Config) (report.Summary, error)

// publish writes reports beside their place and moves them there when they are
// whole; a run that is done becomes the latest, unless its links were given.
func (r *run) publish(ctx context.Context, status Status, write reporter) error {
	r.begin("report")
	folder := filepath.Join(r.outcome.Folder, reportsName)
	part := folder + ".part"
	if err := os.RemoveAll(part); err != nil {
		return fmt.Errorf("clear reports: %w", err)
	}
	cfg, err := r.reportConfig(ctx)
	if err != nil {
		return err
	}
	summary, err := write(ctx, r.session, part, cfg)
	if err != nil {
		return err
	}
	r.outcome.Lists = summary
	if err := os.RemoveAll(folder); err != nil {
		return fmt.Errorf("replace reports: %w", err)
	}
	if err := os.Rename(part, folder); err != nil {
		return fmt.Errorf("publish reports: %w", err)
	}
	r.end("report", false)
	r.begin("audit")
	if err := r.audit(ctx, status); err != nil {
		return err
	}
	r.end("audit", false)
	r.outcome.Status = status
	if status != Done || r.plan.TrueLinks != "" {
		return nil
	}
	return r.pointLatest()
}

// LatestName is the link in the output folder that points to the last good run.
// It stands beside the runs and not among them, so that runs/*/reports/exits.parquet
// has every run once.
const LatestName = "latest"

// pointLatest makes the link name this run, in one step.
func (r *run) pointLatest() error {
	next := filepath.Join(r.plan.OutputFolder, "."+LatestName+"."+r.outcome.RunID)
	if err := os.Remove(next); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("point to the latest run: %w", err)
	}
	if err := os.Symlink(filepath.Join(runsName, r.outcome.RunID), next); err != nil {
		return fmt.Errorf("point to the latest run: %w", err)
	}
	if err := os.Rename(next, filepath.Join(r.plan.OutputFolder, LatestName)); err != nil {
		return fmt.Errorf("point to the latest run: %w", err)
	}
	return nil
}

func (r *run) reportConfig(ctx context.Context) (report.Config, error) {
	duck, err := store.Version(ctx)
	if err != nil {
		return report.Config{}, err
	}
	cfg := report.Config{
		RunID: r.outcome.RunID, JobTitle: r.plan.Title, LegalBasis: r.plan.LegalBasis, AsOf: r.plan.AsOf, ProgramVersion: Version, DuckDBVersion: duck,
		ConfigSHA256: r.plan.ConfigSHA256, Gates: r.outcome.Gates, Released: r.plan.Released, Linkage: r.linkage(),
		Areas: r.plan.Areas, Mortality: r.plan.Mortality, LeastCell: r.plan.LeastCell,
	}
	for i, s := range r.snapshots {
		rows := r.outcome.Sources[i]
		cfg.Snapshots = append(cfg.Snapshots, report.Snapshot{
			Source: s.Source, Side: r.plan.Sources[i].Side, Rows: rows.Used, Rejected: rows.Rejected, ContentSHA256: s.ContentSHA256,
			Newest: r.figures[i].Newest, Partial: s.Partial,
		})
	}
	rules := r.plan.Decide
	rules.AsOf = r.plan.AsOf
	for _, p := range rules.InForce() {
		cfg.Programmes = append(cfg.Programmes, rulesOf(p))
	}
	return cfg, nil
}

// rulesOf are the rules of a programme, as the run keeps them.
func rulesOf(p decide.Programme) report.Programme {
	out := report.Programme{
		Code: p.Code, Title: p.Title, Version: p.Version, Source: p.Source, Amount: p.Amount.String(), Excludes: p.Excludes, HandsOverTo: p.HandsOverTo,
	}
	for into, day := range map[*string]time.Time{&out.ValidFrom: p.ValidFrom, &out.ValidTo: p.ValidTo} {
		if !day.IsZero() {
			*into = day.Format(time.DateOnly)
		}
	}
	for _, c := range p.Criteria {
		out.Criteria = append(out.Criteria, report.Criterion{Name: c.Name, Expression: c.Expression, Presume: c.Presume, Source: c.Source, Where: c.Where})
	}
	return out
}

// Rules reads the as-of day of a run and the programmes by which it decided. It is
// fs.ErrNotExist where the run has no lists.
func Rules(folder string) (asOf time.Time, rules []decide.Programme, err error) {
	asOf, kept, err := report.ReadProgrammes(filepath.Join(folder, reportsName))
	if err != nil {
		return asOf, nil, err
	}
	for _, k := range kept {
		p := decide.Programme{Code: k.Code, Title: k.Title, Version: k.Version, Source: k.Source, Excludes: k.Excludes, HandsOverTo: k.HandsOverTo}
		for _, c := range k.Criteria {
			p.Criteria = append(p.Criteria, decide.Criterion{Name: c.Name, Expression: c.Expression, Presume: c.Presume, Source: c.Source, Where: c.Where})
		}
		rules = append(rules, p)
	}
	return asOf, rules, nil
}

// linkage tells the quality page how the three linkages went.
func (r *run) linkage() report.Linkage {
	in := r.outcome.Linkage
	var out report.Linkage
	for _, l := range []link.Linkage{in.Register, in.Roster, in.Across} {
		if l.Kind == "" {
			continue
		}
		out.Steps = append(out.Steps, linkStep(l))
		for _, w := range l.Warnings {
			out.Warnings = append(out.Warnings, l.Kind+": "+w)
		}
	}
	out.Warnings = append(out.Warnings, in.Verdicts.Told()...)
	if e := r.plan.Past.Entities; e.Lost {
		out.Warnings = append(out.Warnings, fmt.Sprintf("the folder of run %s is gone, and with it the ids that persons had: all have new ones", e.RunID))
	}
	for _, e := range in.Entities {
		out.Entities = append(out.Entities, report.Entities(e))
	}
	for _, l := range in.LeftOut {
		out.LeftOut = append(out.LeftOut, report.LeftOut{What: l.What(), Count: int64(l.Count), Look: l.Look()})
	}
	return out
}

func linkStep(l link.Linkage) report.LinkStep {
	step := report.LinkStep{
		Kind: l.Kind, Left: int64(l.Left), Right: int64(l.Right), ThresholdProbability: l.Specification.Threshold,
		Precision: estimate(l.Precision), Recall: estimate(l.Recall),
	}
	if l.Kind != "across" {
		step.Right = 0
	}
	for _, t := range l.Thresholds {
		step.Thresholds = append(step.Thresholds, report.Threshold{
			Purpose: t.Purpose, Probability: t.Threshold, Accepted: int64(t.Accepted), Precision: estimate(t.Precision), Recall: estimate(t.Recall),
		})
	}
	for i, rule := range l.Specification.Blocking {
		r := report.BlockingRule{Name: rule.String()}
		if i < len(l.RulePairs) {
			r.Pairs = l.RulePairs[i]
		}
		step.Rules = append(step.Rules, r)
	}
	if p := l.Specification.Parameters; p != nil {
		step.Prior = p.Prior
		for i, c := range l.Specification.Comparisons {
			step.Comparisons = append(step.Comparisons, report.Comparison{Name: c.Name, Levels: levels(p, i)})
		}
	}
	return step
}

// levels of a comparison, from agreement to disagreement.
func levels(p *model.Parameters, comparison int) []report.Level {
	var out []report.Level
	for i := len(p.Levels[comparison]) - 1; i >= 0; i-- {
		l := p.Levels[comparison][i]
		out = append(out, report.Level{Name: l.Name, M: l.M, U: l.U, Bits: l.Bits})
	}
	return out
}

func estimate(v [3]float64) report.Range { return report.Range{Low: v[0], Estimate: v[1], High: v[2]} }

// TableFile is where a finished run keeps a canonical table: in the latest stage
// that wrote it.
func TableFile(folder, table string) (string, error) {
	for i := len(stages) - 1; i >= 0; i-- {
		files, err := filepath.Glob(filepath.Join(folder, "stages", stages[i]+"-*", table+".parquet"))
		if err != nil {
			return "", fmt.Errorf("look for table %s: %w", table, err)
		}
		for _, f := range files {
			if !strings.Contains(f, ".part"+string(filepath.Separator)) {
				return f, nil
			}
		}
	}
	return "", fmt.Errorf("run %s has no table %s: %w", filepath.Base(folder), table, fs.ErrNotExist)
}

// LinkageFile is where a finished run keeps its trained specifications.
func LinkageFile(folder string) (string, error) {
	files, err := filepath.Glob(filepath.Join(folder, "stages", "link-*", link.ReportName))
	if err != nil || len(files) == 0 {
		return "", fmt.Errorf("run %s has no linkage report: %w", filepath.Base(folder), fs.ErrNotExist)
	}
	return files[0], nil
}
