package pipeline

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"rollcall/pipeline/store"
)

// Reader reads tables of a run by SQL, each under its name. The caller closes it.
type Reader struct {
	*store.Session
	scratch string
}

// Read opens tables of a run; SQL may read files of the further folders too. It is
// fs.ErrNotExist where the run has not got as far as to write one of the tables.
func Read(ctx context.Context, folder string, further []string, tables ...string) (_ *Reader, err error) {
	readable, files := further, map[string]string{}
	for _, name := range tables {
		file, err := TableFile(folder, name)
		if err == nil {
			file, err = filepath.EvalSymlinks(file) // the latest run is a link
		}
		if err != nil {
			return nil, err
		}
		files[name] = file
		readable = append(readable, filepath.Dir(file))
	}
	r := &Reader{}
	if r.scratch, err = os.MkdirTemp("", "rollcall-"); err != nil {
		return nil, fmt.Errorf("make scratch folder: %w", err)
	}
	if r.Session, err = store.Open(ctx, store.Options{Folder: r.scratch, Readable: readable}); err != nil {
		os.RemoveAll(r.scratch)
		return nil, err
	}
	for name, file := range files {
		if err := r.Attach(ctx, name, file); err != nil {
			r.Close()
			return nil, err
		}
	}
	return r, nil
}

// Close ends reading.
func (r *Reader) Close() {
	r.Session.Close()
	os.RemoveAll(r.scratch)
}
