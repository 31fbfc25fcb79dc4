package retention

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"rollcall/jobs/cases"
	"rollcall/jobs/ledger"
	"rollcall/pipeline/audit"
)

// Delete records what of a plan is deleted today, and by whom, and deletes it. What a
// crash or a missing right leaves there has its record, and Finish deletes it.
func Delete(ctx context.Context, l *ledger.Ledger, p Plan, today time.Time, person string, proof cases.Proof) error {
	var list []ledger.Deletion
	for _, i := range p.Deletes(today) {
		list = append(list, ledger.Deletion{
			Attempt: i.Run.Attempt, RunID: i.Run.RunID, Folder: i.Run.Folder, Class: i.Class, Files: i.Files,
			Days: i.Keep.Days, Law: i.Keep.Law, On: today, Person: person, Proof: proof,
		})
	}
	if len(list) == 0 {
		return nil
	}
	if err := l.RecordDeletions(ctx, list); err != nil {
		return err
	}
	for _, d := range list {
		if err := erase(l.Folder(), d); err != nil {
			return fmt.Errorf("delete %s, which the next call goes on with: %w", d.What(), err)
		}
	}
	return nil
}

// Finish deletes what is recorded as deleted and is there still, and says of which
// runs. What a run made again, or another run has too, stays.
func Finish(ctx context.Context, l *ledger.Ledger) (finished []ledger.Deletion, err error) {
	deleted, err := l.Deletions(ctx)
	if err != nil {
		return nil, err
	}
	p := &planner{}
	if err := p.read(ctx, l, l.Folder(), ""); err != nil {
		return nil, err
	}
	needed := map[string]bool{}
	for _, k := range p.runs {
		for _, files := range k.files {
			for _, f := range files {
				needed[place(l.Folder(), k.run.Folder, f)] = true
			}
		}
	}
	there := os.DirFS(l.Folder())
	left, err := fs.Glob(there, "*/"+erased+"*")
	if err != nil {
		return nil, err
	}
	for _, folder := range left {
		if err := os.RemoveAll(filepath.Join(l.Folder(), filepath.FromSlash(folder))); err != nil {
			return nil, err
		}
	}
	for _, d := range deleted {
		if d.Left() { // whole under its name it is planned again, and may have been made again
			continue
		}
		d.Files = slices.DeleteFunc(d.Files, func(f audit.File) bool {
			file := place(l.Folder(), d.Folder, f)
			_, err := os.Lstat(file)
			return needed[file] || errors.Is(err, fs.ErrNotExist)
		})
		if len(d.Files) == 0 {
			continue
		}
		if err := erase(l.Folder(), d); err != nil {
			return finished, fmt.Errorf("delete %s: %w", d.What(), err)
		}
		finished = append(finished, d)
	}
	return finished, nil
}

// place is where a file of a run lies.
func place(output, folder string, f audit.File) string {
	return filepath.Join(output, filepath.FromSlash(folder), filepath.FromSlash(f.Path))
}

// doneName lists a stage's files: without it, what is left of the stage counts for
// nothing.
const doneName = "done.json"

func order(f audit.File) int {
	if path.Base(f.Path) == doneName {
		return 0
	}
	return 1
}

// erase deletes the files of a deletion, and the folders that are empty then.
func erase(output string, d ledger.Deletion) error {
	if d.Left() {
		return eraseFolder(filepath.Join(output, filepath.FromSlash(d.Folder)))
	}
	files := slices.Clone(d.Files)
	slices.SortStableFunc(files, func(a, b audit.File) int {
		return cmp.Compare(order(a), order(b))
	})
	for _, f := range files {
		if inside := path.Join(d.Folder, f.Path); !filepath.IsLocal(filepath.FromSlash(inside)) {
			return fmt.Errorf("%s lies outside the output folder", inside)
		}
		file := place(output, d.Folder, f)
		if strings.HasPrefix(f.Path, "../") {
			if err := eraseFolder(filepath.Dir(file)); err != nil {
				return err
			}
			continue
		}
		if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		for dir := path.Dir(f.Path); dir != "."; dir = path.Dir(dir) {
			os.Remove(filepath.Join(output, filepath.FromSlash(d.Folder), filepath.FromSlash(dir))) //nolint:errcheck // one that is not empty stays
		}
	}
	return nil
}

// erased begins the name of a folder that is being deleted; the extract sweeps those of
// snapshots away as well.
const erased = ".part-deleted-"

// eraseFolder deletes a folder under another name: half a snapshot is none.
func eraseFolder(folder string) error {
	away := filepath.Join(filepath.Dir(folder), erased+filepath.Base(folder))
	if err := os.Rename(folder, away); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return os.RemoveAll(away)
}
