package review

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"rollcall/jobs/ledger"
	"rollcall/pipeline"
	"rollcall/pipeline/audit"
	"rollcall/pipeline/clerical"
	"rollcall/pipeline/pair"
	"rollcall/pipeline/tables"
)

// given is a sample as its run gave it out.
type given struct {
	runID  string
	asOf   time.Time
	head   []string
	lines  map[int][]string // by pair
	places map[int]clerical.Place
	strata []clerical.Stratum
}

// Pairs takes what people judged of a run's sample, row by row: what is wrong about
// one touches no other. An error is of the ledger or of the run's folder.
func (i Import) Pairs(ctx context.Context) ([]Result, error) {
	samples := map[string]*given{}
	judges := map[string]int{} // rows by run, pair and reviewer
	key := func(r Row) string {
		return strings.ToLower(r.line(clerical.RunColumn) + " " + r.line(pair.PairColumn) + " " + r.line(reviewerName))
	}
	for _, r := range i.File.Rows {
		judges[key(r)]++
	}
	var results []Result
	for _, r := range i.File.Rows {
		res := Result{Row: r, CaseID: "pair " + r.line(pair.PairColumn), Act: r.line(pair.AnswerColumn), Reviewer: r.line(reviewerName), Outcome: Refused}
		outcome, err := i.pair(ctx, r, judges[key(r)] > 1, samples)
		if err := res.settle(outcome, "the pair is judged", err); err != nil {
			return results, err
		}
		results = append(results, res)
	}
	return results, nil
}

func (i Import) pair(ctx context.Context, r Row, twice bool, samples map[string]*given) (Outcome, error) {
	if r.formula != "" {
		return Refused, refuse("the cell %q holds a formula: write its value", r.formula)
	}
	g, err := i.sample(ctx, r.line(clerical.RunColumn), samples)
	if err != nil {
		return Refused, err
	}
	number, err := strconv.Atoi(r.line(pair.PairColumn))
	line, drawn := g.lines[number]
	switch {
	case err != nil || !drawn:
		return Refused, refuse("%q is no pair of the sample of run %s: put it back as it was given out", r.line(pair.PairColumn), g.runID)
	case twice:
		return Refused, refuse("another row judges the same pair for the same reviewer: keep one of them")
	}
	if cells := g.altered(r, line); len(cells) > 0 {
		return Refused, refuse("what was given out was altered, in %s: put it back, or enter the answer into the file as it was given out", strings.Join(cells, ", "))
	}
	answer, err := pair.ReadAnswer(r.line(pair.AnswerColumn))
	if err != nil {
		return Refused, refuse("%v", err)
	}
	if answer == pair.Open {
		return Refused, refuse("%s is missing: yes, no or unsure, or empty the row to leave the pair open", pair.AnswerColumn)
	}
	reviewer, err := i.reviewer(r.cells[reviewerName])
	if err != nil {
		return Refused, refuse("%v", err)
	}
	p := ledger.PairJudgement{
		RunID: g.runID, Pair: number, Place: g.places[number], Answer: string(answer), Person: reviewer, Note: r.cells[clerical.NoteColumn], File: i.File.SHA256, Proof: i.Proof,
	}
	if reviewer != i.Person {
		p.EnteredBy = i.Person
	}
	switch before, err := i.Ledger.Judged(ctx, i.Job, p); {
	case err != nil:
		return Refused, err
	case before:
		return Before, nil
	case i.DryRun:
		return Recorded, nil
	}
	return Recorded, i.Ledger.Judge(ctx, i.Job, g.asOf, g.strata, p)
}

// altered names the cells of a row that are not as they were given out.
func (g *given) altered(r Row, line []string) []string {
	var out []string
	filled := ofPairs().fill
	for at, name := range g.head {
		if !slices.Contains(filled, name) && essence(r.cells[name]) != essence(line[at]) {
			out = append(out, strconv.Quote(name))
		}
	}
	return out
}

// sample finds the sample of a run as it was given out: what the ledger vouches for.
func (i Import) sample(ctx context.Context, run string, samples map[string]*given) (*given, error) {
	if g := samples[run]; g != nil {
		return g, nil
	}
	of, err := i.Ledger.Run(ctx, run)
	if errors.Is(err, ledger.ErrNotFound) || err == nil && (of.RunID != run || of.Job != i.Job) {
		return nil, refuse("%q is no run of this job: put it back as it was given out", run)
	}
	if err != nil {
		return nil, err
	}
	folder := filepath.Join(i.Ledger.Folder(), filepath.FromSlash(of.Folder))
	for _, t := range []tables.Table{tables.Sample(), tables.Stratum()} {
		_, _, err := audit.Table(folder, of.ManifestSHA256, t.Name)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, refuse("run %s has its sample no more, and nobody can say what the pair was", run)
		}
		if err != nil {
			return nil, fmt.Errorf("sample of run %s: %w", run, err)
		}
	}
	g, err := readGiven(ctx, folder, of)
	samples[run] = g
	return g, err
}

// readGiven reads it from the run's folder.
func readGiven(ctx context.Context, folder string, of ledger.Run) (*given, error) {
	r, err := pipeline.Read(ctx, folder, nil, tables.Sample().Name, tables.Stratum().Name)
	if err != nil {
		return nil, fmt.Errorf("sample of run %s: %w", of.RunID, err)
	}
	defer r.Close()
	g := &given{runID: of.RunID, asOf: of.AsOf, lines: map[int][]string{}}
	sheet, err := clerical.Sheet(ctx, r.Session, of.RunID)
	if err != nil {
		return nil, fmt.Errorf("sample of run %s: %w", of.RunID, err)
	}
	g.head = sheet.Head
	for number, line := range sheet.Lines {
		g.lines[number+1] = line
	}
	if g.places, err = clerical.Places(ctx, r.Session); err != nil {
		return nil, fmt.Errorf("sample of run %s: %w", of.RunID, err)
	}
	if g.strata, err = clerical.Strata(ctx, r.Session); err != nil {
		return nil, fmt.Errorf("sample of run %s: %w", of.RunID, err)
	}
	return g, nil
}
