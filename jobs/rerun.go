package jobs

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
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
	folder := filepath.Join(output, filepath.FromSlash(old.Folder))
	a, err := audit.ReadArchive(folder, old.ManifestSHA256)
	if err != nil {
		return nil, err
	}
	if err := sameProgram(ctx, a); err != nil && !anyProgram {
		return nil, err
	}
	made, err := r.remake(ctx, l, output, old, a, scratch)
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

// remake makes a run from an archive, with the past that old saw.
func (r *Runner) remake(ctx context.Context, l *ledger.Ledger, output string, old ledger.Run, a audit.Archive, scratch string) (out pipeline.Outcome, err error) {
	job, err := r.unpack(ctx, a, filepath.Base(old.JobPath), scratch)
	if err != nil {
		return out, err
	}
	past, err := l.Past(ctx, old)
	if err != nil {
		return out, err
	}
	job.OutputFolder = output // where the ids of persons are
	plan, err := r.plan(job, old.AsOf, past)
	if err != nil {
		return out, err
	}
	plan.OutputFolder, plan.Progress = scratch, r.Progress
	if old.Status == ledger.Done { // also where a gate had held it and two people let it go
		plan.Released, plan.ReleasedRun = "made again", old.RunID
	}
	if plan.Snapshots, err = snapshots(a, job); err != nil {
		return out, err
	}
	out, err = r.pipeline(ctx, plan)
	if err == nil && out.RunID != old.RunID && a.ProgramVersion == pipeline.Version {
		err = fmt.Errorf("%w: the archive makes run %s: it is not what the run was made of", ErrVerification, out.RunID)
	}
	return out, err
}

// depth is how many folders lie above the job file's, for files that it names above
// its own.
const depth = 8

// unpack writes the files of a configuration as they lay, and loads the job.
func (r *Runner) unpack(ctx context.Context, a audit.Archive, jobFile, scratch string) (*config.Job, error) {
	scratch, err := filepath.Abs(scratch)
	if err != nil {
		return nil, fmt.Errorf("resolve %s: %w", scratch, err)
	}
	folder := filepath.Join(scratch, "job"+strings.Repeat("/d", depth))
	for _, f := range a.Configuration {
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
	job, err := config.Load(ctx, filepath.Join(folder, jobFile), r.Registry)
	if err != nil {
		return nil, err
	}
	if job.SHA256 != a.ConfigSHA256 {
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
