package pipeline

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"rollcall/connectors"
	"rollcall/matchers"
	"rollcall/pipeline/clerical"
	"rollcall/pipeline/decide"
	"rollcall/pipeline/extract"
	"rollcall/pipeline/facts"
	"rollcall/pipeline/gate"
	"rollcall/pipeline/link"
	"rollcall/pipeline/mapping"
	"rollcall/pipeline/standardise"
	"rollcall/pipeline/store"
	"rollcall/pipeline/tables"
)

// stages in the order in which data flows, for progress.
var stages = []string{"extract", "mapping", "standardise", "gate", "link", "facts", "decide", "lists", "sample", "report", "audit"}

// Stages are the stages in the order in which data flows.
func Stages() []string { return slices.Clone(stages) }

// Run makes one run. An error is a failure; a hold or a partial snapshot is an
// Outcome. Folders are 0700, files 0600.
func Run(ctx context.Context, p Plan) (Outcome, error) {
	r := &run{plan: p.withDefaults()}
	defer r.close()
	for _, step := range []func(context.Context) error{
		r.extract, r.open, r.mapping, r.standardise, r.gateInputs, r.link, r.facts, r.decide, r.gateLists, r.sample, r.report,
	} {
		if err := step(ctx); err != nil {
			return r.outcome, err
		}
		if r.stopped() {
			break
		}
	}
	if r.stopped() && !r.plan.DryRun {
		if err := r.reportHeld(ctx); err != nil {
			return r.outcome, err
		}
	}
	return r.outcome, r.writeTimings()
}

// A run that is not told how much memory it may use takes a quarter of the
// machine's, and no less than is worth having.
const (
	machineShare     = 4
	leastMemoryBytes = 2 << 30
)

func (p Plan) withDefaults() Plan {
	if p.Threads == 0 {
		p.Threads = runtime.NumCPU()
	}
	if p.MemoryBytes == 0 {
		p.MemoryBytes = max(leastMemoryBytes, machineBytes()/machineShare)
	}
	if p.Log == nil {
		p.Log = slog.New(slog.DiscardHandler)
	}
	if p.Now == nil {
		p.Now = func() time.Time { return time.Time{} }
	}
	if p.Progress == nil {
		p.Progress = func(Progress) {}
	}
	p.Decide.AsOf = p.AsOf
	return p
}

// run carries one run through its stages.
type run struct {
	plan      Plan
	session   *store.Session
	forms     *standardise.Forms
	mapper    *mapping.Mapper
	key       string // hash of all that the next stage depends on
	snapshots []extract.Result
	figures   []gate.Figures
	outcome   Outcome
	started   time.Time
}

func (r *run) close() {
	debug.SetGCPercent(thriftyPercent)
	if r.session != nil {
		r.session.Close()
	}
}

// stopped tells whether a gate held the run and nobody released it.
func (r *run) stopped() bool {
	return r.outcome.Status == Held || r.outcome.Status == Partial
}

// begin tells the progress and starts the clock of a stage.
func (r *run) begin(name string) {
	for i, s := range stages {
		if s == name {
			r.plan.Progress(Progress{Stage: name, Number: i + 1, Of: len(stages)})
		}
	}
	debug.SetGCPercent(garbagePercent(name))
	resetPeak()
	r.started = r.plan.Now()
}

// How far the heap of Go may grow between two collections, in percent of what it
// holds: Go's own default, and what suits a small heap with much garbage, a tenth
// of whose time went into collecting.
const (
	thriftyPercent = 100
	lavishPercent  = 400
)

// garbagePercent lets the heap grow in the stages that leave most memory to DuckDB.
func garbagePercent(stage string) int {
	switch stage {
	case "extract", "mapping", "standardise", "report":
		return lavishPercent
	}
	return thriftyPercent
}

func (r *run) end(name string, reused bool) {
	t := Timing{Stage: name, Began: r.started.UTC(), Seconds: r.plan.Now().Sub(r.started).Seconds(), PeakBytes: PeakBytes(), Reused: reused}
	r.outcome.Timings = append(r.outcome.Timings, t)
	r.plan.Log.Info("stage done", "run_id", r.outcome.RunID, "stage", name, "seconds", t.Seconds, "reused", reused)
}

// stage runs one stage unless an earlier attempt finished it.
func (r *run) stage(ctx context.Context, name string, write func(*store.Stage) error) (*store.Stage, error) {
	r.begin(name)
	r.key = store.HashOf(r.key, name)
	st, done, err := r.session.Begin(ctx, name, r.key)
	if err != nil {
		return nil, fmt.Errorf("stage %s: %w", name, err)
	}
	if !done {
		if err := write(st); err != nil {
			return nil, fmt.Errorf("stage %s: %w", name, err)
		}
		if err := st.Finish(ctx); err != nil {
			return nil, fmt.Errorf("stage %s: %w", name, err)
		}
	}
	r.end(name, done)
	return st, nil
}

// mostExtracts is how many sources are read at once, each of which may hold two
// row groups in memory.
const mostExtracts = 4

// extract takes a snapshot of every source.
func (r *run) extract(ctx context.Context) error {
	r.begin("extract")
	if r.plan.Snapshots != nil {
		r.snapshots = r.plan.Snapshots
		r.end("extract", true)
		return nil
	}
	env := connectors.Environment{DataFolder: r.plan.DataFolder, Getenv: r.plan.Getenv}
	query := connectors.Query{AsOf: r.plan.AsOf}
	r.snapshots = make([]extract.Result, len(r.plan.Sources))
	work, reading := errgroup.WithContext(ctx)
	work.SetLimit(min(r.plan.Threads, mostExtracts))
	for i, src := range r.plan.Sources {
		r.plan.Progress(Progress{Stage: "extract", Number: 1, Of: len(stages), Done: int64(i), Total: int64(len(r.plan.Sources))})
		work.Go(func() (err error) {
			r.snapshots[i], err = extract.Snapshot(reading, r.plan.Registry, env, src, query, r.plan.OutputFolder, r.started.UTC(), r.plan.Log)
			return err
		})
	}
	if err := work.Wait(); err != nil {
		return extract.Errors(ctx, r.plan.Registry, env, r.plan.Sources, query, err)
	}
	r.end("extract", false)
	return nil
}

// open names the run by its inputs and opens its session.
func (r *run) open(ctx context.Context) error {
	past, err := json.Marshal(struct {
		Decisions []Decision
		Baseline  []gate.Measure
		Entities  string
		Judged    clerical.Judged `json:",omitzero"`
		Reviewed  []Reviewed      `json:",omitempty"`
	}{r.plan.Past.Decisions, r.plan.Past.Baseline.Sorted(), r.plan.Past.Entities.ContentSHA256, r.plan.Past.Judged, r.plan.Past.Reviewed})
	if err != nil {
		return fmt.Errorf("name the run: %w", err)
	}
	parts := []string{Version, r.plan.Name, r.plan.AsOf.Format(time.DateOnly), r.plan.ConfigSHA256, string(past)}
	for _, s := range r.snapshots {
		parts = append(parts, s.Source, s.ContentSHA256, fmt.Sprint(s.Partial), fmt.Sprint(s.Rejected, s.Reasons))
	}
	if r.plan.TrueLinks != "" {
		truth, err := store.FileHash(r.plan.TrueLinks)
		if err != nil {
			return fmt.Errorf("name the run: %w", err)
		}
		parts = append(parts, "links", truth)
	}
	r.key = store.HashOf(parts...)
	r.outcome.RunID = fmt.Sprintf("%s-%s-%s", r.plan.Name, r.plan.AsOf.Format(time.DateOnly), r.key[:8])
	r.outcome.Folder = filepath.Join(r.plan.OutputFolder, runsName, r.outcome.RunID)
	r.forms = standardise.NewForms(r.plan.Locale, r.plan.Areas, r.plan.AsOf)
	readable := []string{filepath.Join(r.plan.OutputFolder, "snapshots")}
	for _, s := range r.plan.Snapshots {
		readable = append(readable, s.Folder)
	}
	if r.plan.TrueLinks != "" {
		r.outcome.Folder = filepath.Join(r.plan.OutputFolder, triesName, r.outcome.RunID)
		readable = append(readable, filepath.Dir(r.plan.TrueLinks))
	}
	if file := r.plan.Past.Entities.File; file != "" {
		readable = append(readable, filepath.Dir(file))
	}
	r.session, err = store.Open(ctx, store.Options{
		Folder: r.outcome.Folder, Readable: readable, Threads: r.plan.Threads, MemoryBytes: r.plan.MemoryBytes / 2, Functions: r.forms.Functions(),
	})
	if err != nil {
		return fmt.Errorf("open the run: %w", err)
	}
	return r.loadPast(ctx)
}

// loadPast makes the tables of the past readable.
func (r *run) loadPast(ctx context.Context) error {
	if err := r.session.Exec(ctx, tables.Decision().CreateSQL("decision")); err != nil {
		return err
	}
	for _, d := range r.plan.Past.Decisions {
		if err := r.session.Exec(ctx, "INSERT INTO decision VALUES (?, ?, ?, ?, ?)", d.CaseID, d.Kind, d.DecidedOn, d.LeftValues, d.RightValues); err != nil {
			return fmt.Errorf("load decisions: %w", err)
		}
	}
	if err := r.session.Exec(ctx, tables.Baseline().CreateSQL("baseline")); err != nil {
		return err
	}
	for _, m := range r.plan.Past.Baseline.Sorted() {
		if err := r.session.Exec(ctx, "INSERT INTO baseline VALUES (?, ?, ?)", m.Source, m.Measure, m.Value); err != nil {
			return fmt.Errorf("load baseline: %w", err)
		}
	}
	if err := clerical.Load(ctx, r.session, r.plan.Past.Judged); err != nil {
		return err
	}
	if err := r.session.Exec(ctx, tables.Reviewed().CreateSQL("reviewed")); err != nil {
		return err
	}
	for _, v := range r.plan.Past.Reviewed {
		err := r.session.Exec(ctx, "INSERT INTO reviewed VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", v.CaseID, v.Kind, v.Tier, v.Programme, v.MentionID, v.Overturned, v.Days, v.Twice, v.Alike)
		if err != nil {
			return fmt.Errorf("load what people judged: %w", err)
		}
	}
	if file := r.plan.Past.Entities.File; file != "" {
		return r.session.Attach(ctx, tables.EarlierEntity, file)
	}
	return r.session.Exec(ctx, tables.Entity().CreateSQL(tables.EarlierEntity))
}

// countsName holds what became of the rows of each source.
const countsName = "counts.json"

func (r *run) raws() []mapping.Raw {
	raws := make([]mapping.Raw, len(r.snapshots))
	for i, s := range r.snapshots {
		raws[i] = mapping.Raw{Source: s.Source, File: s.File}
	}
	return raws
}

func (r *run) mapping(ctx context.Context) error {
	rules := r.plan.Mapping
	rules.AreaTree = len(r.plan.Areas) > 0
	r.mapper = mapping.New(r.session, rules, r.plan.AsOf, r.forms.Reading)
	st, err := r.stage(ctx, "mapping", func(st *store.Stage) error {
		counts, err := r.mapper.Run(ctx, st, r.raws())
		if err != nil {
			return err
		}
		return writeJSON(st, "counts", countsName, counts)
	})
	if err != nil {
		return err
	}
	var counts []mapping.Counts
	if err := readJSON(st.Path(countsName), &counts); err != nil {
		return err
	}
	r.account(counts, st.Path(tables.Reject().Name+".parquet"))
	return nil
}

// account sums up what became of every row that was read. keyRejects is the file of
// those that the mapping rejected.
func (r *run) account(counts []mapping.Counts, keyRejects string) {
	for i, s := range r.snapshots {
		f := gate.Figures{
			Source: s.Source, File: s.File, Columns: s.Columns, Read: s.Rows + s.Rejected, Partial: s.Partial, Cause: s.Cause,
			Rejected: map[string]int64{}, Newest: newest(s),
		}
		maps.Copy(f.Rejected, s.Reasons)
		rows := SourceRows{
			Source: s.Source, Read: f.Read, Rejected: s.Rejected, Unreadable: s.Examples, RejectsFile: s.RejectsFile,
			KeyRejects: map[string]int64{}, KeyRejectsFile: keyRejects,
		}
		if i < len(counts) {
			c := counts[i]
			f.Used, f.Superseded, f.Unknown, f.Unreadable, f.Placed = c.Used, c.Superseded, c.Unknown, c.Unreadable, c.Placed
			rows.Used, rows.Superseded = c.Used, c.Superseded
			if !c.Newest.IsZero() {
				f.Newest = c.Newest
			}
			for reason, n := range c.Rejected {
				f.Rejected[reason] += n
				if reason == connectors.ReasonAfter {
					rows.Late += n
				} else {
					rows.Rejected += n
					rows.KeyRejects[reason] = n
				}
			}
		}
		r.figures = append(r.figures, f)
		r.outcome.Sources = append(r.outcome.Sources, rows)
	}
}

// newest is the latest date of the files that a snapshot was read from.
func newest(s extract.Result) time.Time {
	var t time.Time
	for _, o := range s.Origins {
		if o.Modified.After(t) {
			t = o.Modified
		}
	}
	return t
}

func (r *run) standardise(ctx context.Context) error {
	_, err := r.stage(ctx, "standardise", func(st *store.Stage) error {
		if err := r.mapper.Views(ctx, r.raws()); err != nil { // when an earlier attempt has mapped
			return err
		}
		return standardise.Make(ctx, r.session, st, r.forms)
	})
	return err
}

// gateInputs judges what came in. A hold that people released goes on.
func (r *run) gateInputs(ctx context.Context) error {
	r.begin("gate")
	report, measures, err := gate.Inputs(ctx, r.session, r.plan.Gate, r.plan.AsOf, r.figures, r.plan.Past.Baseline)
	if err != nil {
		return err
	}
	r.judge(report, measures)
	r.end("gate", false)
	return nil
}

func (r *run) judge(report gate.Report, measures []gate.Measure) {
	r.outcome.Gates = append(r.outcome.Gates, report)
	r.outcome.Measures = append(r.outcome.Measures, measures...)
	if report.Verdict != gate.Hold || r.released() {
		return
	}
	r.outcome.Status = Held
	for _, f := range r.figures {
		if f.Partial {
			r.outcome.Status = Partial
		}
	}
}

// released tells whether two people let exactly this run go: the same inputs
// under the same configuration.
func (r *run) released() bool {
	return r.plan.Again || r.plan.Released != "" && r.plan.ReleasedRun == r.outcome.RunID
}

func (r *run) link(ctx context.Context) error {
	if r.plan.DryRun {
		return nil
	}
	st, err := r.stage(ctx, "link", func(st *store.Stage) error {
		systems, err := r.forms.Systems(ctx, r.session)
		if err != nil {
			return err
		}
		_, err = link.Make(ctx, r.session, st, r.plan.Link, link.Work{
			Areas: r.plan.Areas, Systems: systems,
			AsOf: r.plan.AsOf, TrueLinks: r.plan.TrueLinks,
			Options: matchers.Options{Threads: r.plan.Threads, MemoryBytes: r.plan.MemoryBytes / 2, Progress: func(stage string, done, total int64) {
				r.plan.Progress(Progress{Stage: "link", Number: 5, Of: len(stages), Done: done, Total: total})
			}},
		})
		return err
	})
	if err != nil || r.plan.TrueLinks != "" {
		return err
	}
	r.outcome.Linkage, err = link.ReadReport(st.Path(link.ReportName))
	return err
}

func (r *run) facts(ctx context.Context) error {
	if r.plan.DryRun {
		return nil
	}
	_, err := r.stage(ctx, "facts", func(st *store.Stage) error {
		return facts.Make(ctx, r.session, st, facts.Config{AsOf: r.plan.AsOf})
	})
	return err
}

func (r *run) decide(ctx context.Context) error {
	if r.plan.DryRun {
		return nil
	}
	cfg := r.plan.Decide
	cfg.Areas = r.plan.Areas
	_, err := r.stage(ctx, "decide", func(st *store.Stage) error {
		return decide.Make(ctx, r.session, st, cfg)
	})
	return err
}

// gateLists judges the size of the lists before any of them is written out.
func (r *run) gateLists(ctx context.Context) error {
	if r.plan.DryRun {
		return nil
	}
	r.begin("lists")
	report, measures, err := gate.Lists(ctx, r.session, r.plan.Gate, gate.Districts{Areas: r.plan.Areas, Prefix: r.plan.Decide.AreaPrefix}, r.plan.Past.Baseline)
	if err != nil {
		return err
	}
	r.judge(report, measures)
	r.end("lists", false)
	return nil
}

// sample draws pairs to be judged by people. What the run is named by decides which.
func (r *run) sample(ctx context.Context) error {
	if r.plan.DryRun {
		return nil
	}
	cfg := clerical.Config{Pairs: r.plan.SamplePairs, Seed: r.outcome.RunID}
	// Exits and entitlements rest on the links between the two sides.
	for _, step := range []struct {
		link.Linkage
		share int
	}{{r.outcome.Linkage.Across, 2}, {r.outcome.Linkage.Register, 1}, {r.outcome.Linkage.Roster, 1}} {
		if step.Kind != "" {
			cfg.Steps = append(cfg.Steps, clerical.Step{
				Kind: step.Kind, ThresholdBits: linkStep(step.Linkage).ThresholdBits(), Precision: step.Precision, Recall: step.Recall, Share: step.share,
			})
		}
	}
	_, err := r.stage(ctx, "sample", func(st *store.Stage) error { return clerical.Make(ctx, r.session, st, cfg) })
	return err
}

// LastStage tells when the last stage of a finished run or try began, as its folder has
// it; fs.ErrNotExist where it was cut off.
func LastStage(folder string) (began time.Time, err error) {
	var timings []Timing
	if err := readJSON(filepath.Join(folder, timingsName), &timings); err != nil {
		return began, err
	}
	for _, t := range timings {
		if t.Began.After(began) {
			began = t.Began
		}
	}
	return began, nil
}

// timingsName is the run's log of times; it is no result and in no manifest.
const timingsName = "timings.json"

func (r *run) writeTimings() error {
	data, err := json.MarshalIndent(r.outcome.Timings, "", " ")
	if err != nil {
		return fmt.Errorf("write timings: %w", err)
	}
	if err := os.WriteFile(filepath.Join(r.outcome.Folder, timingsName), append(data, '\n'), 0o600); err != nil {
		return fmt.Errorf("write timings: %w", err)
	}
	return nil
}

func writeJSON(st *store.Stage, purpose, name string, value any) error {
	data, err := json.MarshalIndent(value, "", " ")
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	if err := os.WriteFile(filepath.Join(st.Work(), name), append(data, '\n'), 0o600); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return st.File(purpose, name)
}

func readJSON(path string, into any) error {
	data, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(data, into)
	}
	if err != nil {
		return fmt.Errorf("read %s: %w", filepath.Base(path), err)
	}
	return nil
}
