package extract

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/gofrs/flock"

	"rollcall/pipeline/store"
)

// originName is the file that says where a snapshot came from.
const originName = "origin.json"

// partPrefix begins the name of a folder that is not published.
const partPrefix = ".part-"

// folder is a snapshot's folder before it is published.
type folder struct {
	parent string
	work   string
	lock   *flock.Flock // held while the folder is written; tells a living one
}

// begin makes a folder in which a snapshot is written unseen. What extracts that
// were killed have left is removed first.
func begin(parent, source string) (f *folder, err error) {
	if err := os.MkdirAll(parent, folderMode); err != nil {
		return nil, fmt.Errorf("make snapshot folder: %w", err)
	}
	// A folder is swept while its lock is made but not yet held, unless one is begun
	// after the other.
	one := flock.New(parent, flock.SetFlag(os.O_RDONLY))
	if err := one.Lock(); err != nil {
		return nil, fmt.Errorf("lock snapshot folder: %w", err)
	}
	defer func() { err = errors.Join(err, one.Unlock()) }()
	if err := sweep(parent); err != nil {
		return nil, err
	}
	work, err := os.MkdirTemp(parent, partPrefix+source+"-")
	if err != nil {
		return nil, fmt.Errorf("make snapshot folder: %w", err)
	}
	f = &folder{parent: parent, work: work, lock: flock.New(work+lockEnding, flock.SetPermissions(fileMode))}
	if err := f.lock.Lock(); err != nil {
		return nil, fmt.Errorf("lock snapshot folder: %w", errors.Join(err, f.discard()))
	}
	return f, nil
}

// lockEnding ends the name of the lock file beside an unpublished folder.
const lockEnding = ".lock"

// sweep removes unpublished folders that no living process holds: those whose lock
// is free and those without one, whose process ended before it was made.
func sweep(parent string) error {
	if err := sweepLocked(parent); err != nil {
		return err
	}
	left, err := filepath.Glob(filepath.Join(parent, partPrefix+"*"))
	if err != nil {
		return fmt.Errorf("find left folders: %w", err)
	}
	for _, path := range left {
		if strings.HasSuffix(path, lockEnding) {
			continue
		}
		if _, err := os.Stat(path + lockEnding); !errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err := os.RemoveAll(path); err != nil {
			return fmt.Errorf("remove left folder: %w", err)
		}
	}
	return nil
}

func sweepLocked(parent string) error {
	locks, err := filepath.Glob(filepath.Join(parent, partPrefix+"*"+lockEnding))
	if err != nil {
		return fmt.Errorf("find left folders: %w", err)
	}
	for _, path := range locks {
		lock := flock.New(path, flock.SetFlag(os.O_RDWR))
		free, err := lock.TryLock()
		if err != nil || !free {
			continue // another process has it, or has just removed it
		}
		removed := os.Remove(path)
		if errors.Is(removed, fs.ErrNotExist) { // its holder has just ended
			removed = nil
		}
		err = errors.Join(os.RemoveAll(strings.TrimSuffix(path, lockEnding)), removed, lock.Unlock())
		if err != nil {
			return fmt.Errorf("remove left folder: %w", err)
		}
	}
	return nil
}

// discard removes what was not published.
func (f *folder) discard() error {
	return errors.Join(os.RemoveAll(f.work), os.Remove(f.work+lockEnding), f.lock.Unlock())
}

// publish gives the snapshot its name, or takes the one that has it already.
func (f *folder) publish(r *Result, rejectsSHA256 string) error {
	of := store.HashOf(r.Source, rejectsSHA256, strconv.FormatBool(r.Partial))
	r.Folder = filepath.Join(f.parent, r.ContentSHA256+"-"+of[:12])
	r.File = filepath.Join(r.Folder, rowsName(r.Source))
	r.RejectsFile = filepath.Join(r.Folder, rejectsName(r.Source))
	data, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return fmt.Errorf("publish snapshot: %w", err)
	}
	if err := os.WriteFile(filepath.Join(f.work, originName), append(data, '\n'), fileMode); err != nil {
		return fmt.Errorf("publish snapshot: %w", err)
	}
	renamed := os.Rename(f.work, r.Folder)
	if renamed == nil {
		return nil
	}
	// A folder that is not empty is never replaced, so rename fails when the
	// snapshot exists.
	if err := r.reuse(); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return fmt.Errorf("publish snapshot: %w", renamed)
}

// reuse takes the file hashes of the snapshot that exists, after comparing them
// with its files.
func (r *Result) reuse() error {
	data, err := os.ReadFile(filepath.Join(r.Folder, originName))
	if err != nil {
		return fmt.Errorf("read snapshot: %w", err)
	}
	var there Result
	if err := json.Unmarshal(data, &there); err != nil {
		return fmt.Errorf("read snapshot %s: %w", r.Folder, err)
	}
	for file, recorded := range map[string]string{r.File: there.FileSHA256, r.RejectsFile: there.RejectsFileSHA256} {
		sum, err := store.FileHash(file)
		if err != nil {
			return err
		}
		if sum != recorded {
			return fmt.Errorf("snapshot file %s was altered after it was written: move its folder away and run again", file)
		}
	}
	r.FileSHA256, r.RejectsFileSHA256 = there.FileSHA256, there.RejectsFileSHA256
	return nil
}

// Archived reads what a snapshot's folder holds, as it was extracted.
func Archived(dir string) (r Result, err error) {
	data, err := os.ReadFile(filepath.Join(dir, originName))
	if err == nil {
		err = json.Unmarshal(data, &r)
	}
	if err != nil {
		return r, fmt.Errorf("read snapshot: %w", err)
	}
	r.Folder, r.File, r.RejectsFile = dir, filepath.Join(dir, rowsName(r.Source)), filepath.Join(dir, rejectsName(r.Source))
	return r, nil
}
