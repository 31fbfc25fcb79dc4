package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/renameio/v2"
	"golang.org/x/sync/errgroup"

	"rollcall/pipeline/tables"
)

// Artifact is one finished file of a stage.
type Artifact struct {
	Table         string `json:"table"` // or the file's purpose, when it is no table
	File          string `json:"file"`  // relative to the stage's folder
	Rows          int64  `json:"rows"`
	ContentSHA256 string `json:"content_sha256"` // over the rows in any order; of a table
	FileSHA256    string `json:"file_sha256"`
}

// Stage is the folder of one stage's output. It is invisible under its name until
// Finish renames it, so nothing half-written is ever read as a result.
type Stage struct {
	session   *Session
	folder    string
	work      string
	Artifacts []Artifact
}

// doneName lists a finished stage's artifacts.
const doneName = "done.json"

// Begin opens the stage named by the hash of its inputs. When it was finished
// before, its tables are attached and done is true.
func (s *Session) Begin(ctx context.Context, name, inputs string) (st *Stage, done bool, err error) {
	folder := filepath.Join(s.folder, "stages", name+"-"+inputs[:12])
	st = &Stage{session: s, folder: folder, work: folder + ".part"}
	data, err := os.ReadFile(filepath.Join(folder, doneName))
	switch {
	case err == nil:
		if err := json.Unmarshal(data, &st.Artifacts); err != nil {
			return nil, false, fmt.Errorf("read stage %s: %w", name, err)
		}
		return st, true, st.attach(ctx)
	case !errors.Is(err, fs.ErrNotExist):
		return nil, false, fmt.Errorf("read stage %s: %w", name, err)
	}
	// A folder that is not done is what a deletion has left of it.
	if err := errors.Join(os.RemoveAll(st.work), os.RemoveAll(st.folder)); err != nil {
		return nil, false, fmt.Errorf("clear stage %s: %w", name, err)
	}
	if err := os.MkdirAll(st.work, 0o700); err != nil {
		return nil, false, fmt.Errorf("make stage %s: %w", name, err)
	}
	return st, false, nil
}

func (st *Stage) attach(ctx context.Context) error {
	for _, a := range st.Artifacts {
		if a.ContentSHA256 == "" {
			continue
		}
		if err := st.session.Attach(ctx, a.Table, filepath.Join(st.folder, a.File)); err != nil {
			return err
		}
	}
	return nil
}

// Path is where a finished file of the stage lies.
func (st *Stage) Path(file string) string { return filepath.Join(st.folder, file) }

// Table writes a canonical table from a query whose columns bear its names, in
// the order of its key, and makes it readable under its name. The columns that
// the query leaves out are NULL.
func (st *Stage) Table(ctx context.Context, t tables.Table, query string, leftOut ...string) error {
	var sorted, whole []string
	for _, c := range t.Columns {
		cast := fmt.Sprintf("CAST(%s AS %s) AS %[1]s", tables.Quote(c.Name), c.Type.SQL())
		if slices.Contains(leftOut, c.Name) {
			whole = append(whole, fmt.Sprintf("CAST(NULL AS %s) AS %s", c.Type.SQL(), tables.Quote(c.Name)))
			continue
		}
		sorted, whole = append(sorted, cast), append(whole, tables.Quote(c.Name))
	}
	// NULLs are added after sorting, which carries every column of a row.
	return st.write(ctx, t, fmt.Sprintf("SELECT %s FROM (SELECT %s FROM (%s) ORDER BY %s)",
		strings.Join(whole, ", "), strings.Join(sorted, ", "), query, t.OrderBy()))
}

// Extended writes a canonical table from a query that adds columns to rows which
// come in the order of its key already.
func (st *Stage) Extended(ctx context.Context, t tables.Table, query string) error {
	return st.write(ctx, t, fmt.Sprintf("SELECT %s FROM (%s)", t.CastList(), query))
}

// GroupRows is the size of the row groups of Parquet files: a multiple of DuckDB's
// vectors, large enough to compress well, and small enough that the tables of a
// district keep several threads busy, as each reads or writes whole groups.
const GroupRows = 20 * 2048

// dictionaryValues is where the dictionary of a column is given up: names and
// addresses have more values, and take a third less time without one.
const dictionaryValues = 4096

// write hashes the rows on their way into the file, whose compression costs next
// to nothing in writing and reading: the later stages read it several times.
func (st *Stage) write(ctx context.Context, t tables.Table, query string) error {
	file := t.Name + ".parquet"
	h := NewHasher(st.session.spill(), t.Names())
	defer h.Close()
	err := st.session.hash(ctx, h, fmt.Sprintf("COPY (SELECT %s FROM (%s)) TO %s (FORMAT parquet, COMPRESSION snappy, DICTIONARY_SIZE_LIMIT %d, ROW_GROUP_SIZE %d)",
		hashedList(t), query, tables.Literal(filepath.Join(st.work, file)), dictionaryValues, GroupRows))
	if err != nil {
		return fmt.Errorf("write table %s: %w", t.Name, err)
	}
	return st.adopt(ctx, t, file, h.Sum)
}

// Adopt takes a Parquet file that was written into Work as the given table.
func (st *Stage) Adopt(ctx context.Context, t tables.Table, file string) error {
	return st.adopt(ctx, t, file, func() (string, int64, error) {
		return st.session.ContentHash(ctx, filepath.Join(st.work, file), t.Names())
	})
}

// adopt takes a file as the given table, whose content hash and number of rows
// are found while the file is hashed.
func (st *Stage) adopt(ctx context.Context, t tables.Table, file string, content func() (string, int64, error)) error {
	path := filepath.Join(st.work, file)
	if err := os.Chmod(path, 0o600); err != nil {
		return fmt.Errorf("write table %s: %w", t.Name, err)
	}
	a := Artifact{Table: t.Name, File: file}
	var both errgroup.Group
	both.Go(func() (err error) {
		a.FileSHA256, err = FileHash(path)
		return err
	})
	both.Go(func() (err error) {
		a.ContentSHA256, a.Rows, err = content()
		return err
	})
	if err := both.Wait(); err != nil {
		return err
	}
	st.Artifacts = append(slices.DeleteFunc(st.Artifacts, func(b Artifact) bool { return b.Table == t.Name }), a)
	return st.session.Attach(ctx, t.Name, path)
}

// Work is the folder in which the stage writes further files.
func (st *Stage) Work() string { return st.work }

// File records a further file that the stage wrote into Work.
func (st *Stage) File(purpose, file string) error {
	sum, err := FileHash(filepath.Join(st.work, file))
	if err != nil {
		return err
	}
	st.Artifacts = append(st.Artifacts, Artifact{Table: purpose, File: file, FileSHA256: sum})
	return nil
}

// Finish publishes the stage under its name.
func (st *Stage) Finish(ctx context.Context) error {
	data, err := json.MarshalIndent(st.Artifacts, "", "  ")
	if err != nil {
		return fmt.Errorf("finish stage: %w", err)
	}
	if err := renameio.WriteFile(filepath.Join(st.work, doneName), append(data, '\n'), 0o600); err != nil {
		return fmt.Errorf("finish stage: %w", err)
	}
	if err := os.Rename(st.work, st.folder); err != nil {
		return fmt.Errorf("finish stage: %w", err)
	}
	return st.attach(ctx)
}

// FileHash is SHA-256 over the bytes of a file.
func FileHash(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("hash file: %w", err)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", fmt.Errorf("hash file: %w", err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// HashOf names a stage by what goes into it.
func HashOf(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s;", len(p), p)
	}
	return hex.EncodeToString(h.Sum(nil))
}
