package schedule

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gofrs/flock"
)

// ErrBusy says that another process runs the job.
var ErrBusy = errors.New("the job is being run by another process")

// Lock is the right to run a job. The operating system takes it back when its
// process dies, however it dies.
type Lock struct{ file *flock.Flock }

// lockEnding ends the name of a job's lock file.
const lockEnding = ".lock"

// Acquire takes the lock of a job in its output folder, or fails with ErrBusy at
// once. The caller releases it.
func Acquire(output, job string) (*Lock, error) {
	if job == "" || job != filepath.Base(job) || !filepath.IsLocal(job) {
		return nil, fmt.Errorf("lock job %q: its name cannot be a file's name", job)
	}
	if err := os.MkdirAll(output, 0o700); err != nil {
		return nil, fmt.Errorf("lock job %s: %w", job, err)
	}
	// The file stays when the lock is released: removing it would let two
	// processes hold locks on two files of one name.
	f := flock.New(filepath.Join(output, job+lockEnding), flock.SetPermissions(0o600))
	got, err := f.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock job %s: %w", job, err)
	}
	if !got {
		return nil, fmt.Errorf("lock job %s: %w", job, ErrBusy)
	}
	return &Lock{f}, nil
}

// AcquireAll takes the locks of a job and of all that ever ran in its output folder, so
// that nothing is made there, or fails with ErrBusy at once. The caller releases them.
func AcquireAll(output, job string) (release func() error, err error) {
	files, err := fs.Glob(os.DirFS(output), "*"+lockEnding)
	if err != nil {
		return nil, fmt.Errorf("find locks: %w", err)
	}
	names := []string{job}
	for _, f := range files {
		names = append(names, strings.TrimSuffix(f, lockEnding))
	}
	slices.Sort(names)
	var held []*Lock
	release = func() (err error) {
		for _, l := range held {
			err = errors.Join(err, l.Release())
		}
		return err
	}
	for _, name := range slices.Compact(names) {
		l, err := Acquire(output, name)
		if err != nil {
			return nil, errors.Join(err, release())
		}
		held = append(held, l)
	}
	return release, nil
}

// Release gives the lock back.
func (l *Lock) Release() error {
	if err := l.file.Unlock(); err != nil {
		return fmt.Errorf("unlock job: %w", err)
	}
	return nil
}
