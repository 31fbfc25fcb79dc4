package schedule

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"rollcall/jobs/ledger"
)

// Entry is what the scheduler knows of a job.
type Entry struct {
	Name     string
	Path     string // of the job file
	Output   string // folder with the job's ledger and lock
	Cron     string // empty: the job is run by people only
	TimeZone string
	CatchUp  CatchUp
}

// jobFile is how a job file is told from the programme and specification files
// beside it: the version of its format stands at the left margin.
var jobFile = regexp.MustCompile(`(?m)^rollcall:\s`)

// maxJobBytes bounds what is read to find out whether a file is a job file.
const maxJobBytes = 1 << 20

// found is one job file.
type found struct {
	path string
	sum  [sha256.Size]byte // of its bytes
}

// find lists the job files below a folder in the order of their paths. Hidden
// folders and output folders (those with a ledger) are left out.
func find(folder string) ([]found, error) {
	var out []found
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) && path != folder {
			return nil // gone since the folder was listed
		}
		if err != nil {
			return err
		}
		if d.IsDir() {
			return enter(folder, path)
		}
		if ext := filepath.Ext(path); ext != ".yaml" && ext != ".yml" {
			return nil
		}
		data, err := readStart(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		if jobFile.Match(data) {
			out = append(out, found{path, sha256.Sum256(data)})
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("find job files: %w", err)
	}
	slices.SortFunc(out, func(a, b found) int { return bytes.Compare([]byte(a.path), []byte(b.path)) })
	return out, nil
}

func enter(folder, path string) error {
	if path == folder {
		return nil
	}
	if filepath.Base(path)[0] == '.' {
		return filepath.SkipDir
	}
	if _, err := os.Stat(filepath.Join(path, ledger.FileName)); err == nil {
		return filepath.SkipDir
	}
	return nil
}

func readStart(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxJobBytes {
		return nil, nil
	}
	return os.ReadFile(path)
}
