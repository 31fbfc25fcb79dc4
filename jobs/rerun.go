package jobs

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"rollcall/jobs/config"
	"rollcall/jobs/ledger"
	"rollcall/pipeline"
	"rollcall/pipeline/audit"
	"rollcall/pipeline/extract"
	"rollcall/pipeline/store"
)

// Compared is a stage of a run that was made again. First names the first table of
// which the content is another; "" when all are the same.
type Compared struct {
	Stage  string `json:"stage"`
	Tables int    `json:"tables"`
	First  string `json:"first_that_differs,omitempty"`
}

// OtherProgramError says that a run was made by a program that is not at hand.
type OtherProgramError struct{ Run, Made, This string }

func (e *OtherProgramError) Error() string {
	return fmt.Sprintf("run %s was made by %s, and this is %s", e.Run, e.Made, e.This)
}

// Rerun makes an old run again in the folder scratch, from what its own folder, its
// snapshots and the ledger have of it: configuration, decisions, baseline and ids
// of persons as of then. It compares the content of every table. Another program
// than the one that made the run is refused, unless anyProgram.
func (r *Runner) Rerun(ctx context.Context, l *ledger.Ledger, output string, old ledger.Run, scratch string, anyProgram bool) ([]Compared, error) {
	if err := checkWhole(ctx, l, old, audit.Snapshots, audit.Configuration); err != nil {
		return nil, err
	}
	folder := filepath.Join(output, filepath.FromSlash(old.Folder))
	a, err := audit.ReadArchive(folder, old.ManifestSHA256)
	if err != nil {
		return nil, err
	}
	if err := sameProgram(ctx, a); err != nil && !anyProgram {
		return nil, err
	}
	made, err := r.remake(ctx, l, output, parts{a, a, a, old, old}, scratch)
	if err == nil && made.RunID != old.RunID && a.ProgramVersion == pipeline.Version {
		err = fmt.Errorf("%w: the archive makes run %s: it is not what the run was made of", ErrVerification, made.RunID)
	}
	if err != nil {
		return nil, fmt.Errorf("make run %s again: %w", old.RunID, err)
	}
	sum, err := store.FileHash(filepath.Join(made.Folder, audit.ManifestName))
	if err != nil {
		return nil, err
	}
	again, err := audit.ReadArchive(made.Folder, sum)
	if err != nil {
		return nil, err
	}
	return compareTables(a.Tables, again.Tables), nil
}

// checkWhole tells which of the classes of a run's files were deleted, and the ids of
// persons that it took from an earlier one.
func checkWhole(ctx context.Context, l *ledger.Ledger, r ledger.Run, classes ...audit.Class) error {
	past, err := l.Past(ctx, r)
	if err != nil {
		return err
	}
	for _, of := range []struct {
		run     ledger.Run
		classes []audit.Class
	}{{r, classes}, {past.Last, []audit.Class{audit.Entities}}} {
		if err := checkHas(ctx, l, of.run, of.classes...); err != nil {
			return err
		}
	}
	return nil
}

// checkHas tells which of the classes of a run's files were deleted.
func checkHas(ctx context.Context, l *ledger.Ledger, r ledger.Run, classes ...audit.Class) error {
	deleted, err := l.DeletionsOf(ctx, r)
	if err != nil {
		return err
	}
	deleted = slices.DeleteFunc(deleted, func(d ledger.Deletion) bool { return !slices.Contains(classes, d.Class) })
	if len(deleted) > 0 {
		return fmt.Errorf("%w: %w", ErrUsage, DeletedError(r, deleted))
	}
	return nil
}

// DeletedError says what is no more of a run, for those who look for it.
func DeletedError(r ledger.Run, deleted []ledger.Deletion) error {
	said := make([]string, len(deleted))
	for i, d := range deleted {
		said[i] = fmt.Sprintf("its %s were %s", d.Class, d)
	}
	return fmt.Errorf("run %s is not whole any more: %s", r.RunID, strings.Join(said, "; "))
}

func sameProgram(ctx context.Context, a audit.Archive) error {
	duck, err := store.Version(ctx)
	if err != nil {
		return err
	}
	name := func(program, duck string) string { return "rollcall " + program + " with DuckDB " + duck }
	if made, this := name(a.ProgramVersion, a.DuckDBVersion), name(pipeline.Version, duck); made != this {
		return &OtherProgramError{a.RunID, made, this}
	}
	return nil
}

// parts are what a run is made of, each of an earlier run.
type parts struct {
	data, configuration, reference audit.Archive
	past, day                      ledger.Run // whose past and as-of day it has
}

// remake makes a run of parts of earlier ones, in the folder scratch.
func (r *Runner) remake(ctx context.Context, l *ledger.Ledger, output string, of parts, scratch string) (out pipeline.Outcome, err error) {
	job, err := r.unpack(ctx, of, scratch)
	if err != nil {
		return out, err
	}
	past, err := l.Past(ctx, of.past)
	if err != nil {
		return out, err
	}
	job.OutputFolder = output // where the ids of persons are
	plan, err := r.plan(job, of.day.AsOf, past)
	if err != nil {
		return out, err
	}
	plan.OutputFolder, plan.Progress = scratch, r.Progress
	plan.Again = of.day.Status == ledger.Done
	if plan.Snapshots, err = snapshots(of.data, job); err != nil {
		return out, err
	}
	return r.pipeline(ctx, plan)
}

// depth is how many folders lie above the job file's, for files that it names above
// its own.
const depth = 8

// files are the job file and its programmes of one archive, and the reference data
// of another.
func (of parts) files() []audit.Reference {
	var out []audit.Reference
	for _, f := range of.configuration.Configuration {
		if !of.isReference(f) {
			out = append(out, f)
		}
	}
	for _, f := range of.reference.Configuration {
		if of.isReference(f) {
			out = append(out, f)
		}
	}
	return out
}

// isReference tells code directories, area trees and locale packs from what people
// here decided on: the job, the programmes and the site file.
func (of parts) isReference(f audit.Reference) bool {
	if f.Content == nil { // deleted: a programme and a pack are told by their names alone
		return path.Ext(f.Name) == ".csv" || strings.HasPrefix(f.Name, "locale/")
	}
	return f.Name != of.jobFile() && f.Name != config.SiteName && !bytes.Contains(f.Content, []byte("rollcall_programme"))
}

func (of parts) jobFile() string { return filepath.Base(of.day.JobPath) }

// unpack writes the files of a configuration as they lay, and loads the job.
func (r *Runner) unpack(ctx context.Context, of parts, scratch string) (*config.Job, error) {
	scratch, err := filepath.Abs(scratch)
	if err != nil {
		return nil, fmt.Errorf("resolve %s: %w", scratch, err)
	}
	folder := filepath.Join(scratch, "job"+strings.Repeat("/d", depth))
	for _, f := range of.files() {
		// A pack of the program is there anyway; one of the site lies by its name.
		to := filepath.Join(folder, filepath.FromSlash(strings.TrimPrefix(f.Name, "locale/")))
		if inside, err := filepath.Rel(scratch, to); err != nil || !filepath.IsLocal(inside) {
			return nil, fmt.Errorf("file %s of the archive lies outside", f.Name)
		}
		if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
			return nil, err
		}
		if err := os.WriteFile(to, f.Content, 0o600); err != nil {
			return nil, err
		}
	}
	job, err := config.Load(ctx, filepath.Join(folder, of.jobFile()), r.Registry)
	if err != nil {
		return nil, err
	}
	if job.SHA256 != of.configuration.ConfigSHA256 && of.configuration.RunID == of.reference.RunID {
		return nil, fmt.Errorf("%w: the configuration in the archive is not that of the run: a file that the job names by an absolute path, or a pack of the program, has changed since", ErrVerification)
	}
	return job, nil
}

// snapshots are those of an archive in the order of a job's sources.
func snapshots(a audit.Archive, job *config.Job) ([]extract.Result, error) {
	out := make([]extract.Result, len(job.Sources))
	for i, src := range job.Sources {
		for k, name := range a.Sources {
			if name != src.Name {
				continue
			}
			var err error
			if out[i], err = extract.Archived(a.Snapshots[k]); err != nil {
				return nil, err
			}
		}
		if out[i].Source == "" {
			return nil, fmt.Errorf("the archive has no snapshot of source %s", src.Name)
		}
	}
	return out, nil
}

// compareTables compares content stage by stage, in the order in which data flows.
func compareTables(old, again []audit.TableHash) []Compared {
	type key struct{ stage, table string }
	got := map[key]string{}
	for _, t := range again {
		got[key{t.Stage, t.Table}] = t.ContentSHA256
	}
	var out []Compared
	for _, stage := range append(pipeline.Stages(), "reports") {
		c := Compared{Stage: stage}
		for _, t := range old {
			if t.Stage != stage {
				continue
			}
			c.Tables++
			if got[key{t.Stage, t.Table}] != t.ContentSHA256 && c.First == "" {
				c.First = t.Table
			}
		}
		if c.Tables > 0 {
			out = append(out, c)
		}
	}
	return out
}
