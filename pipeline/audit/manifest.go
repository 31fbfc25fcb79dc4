// Package audit writes down what a run read and what it made, so that anybody
// can prove later that nothing was altered: with this program, or with sha256sum
// and nothing else.
package audit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/google/renameio/v2"
	"golang.org/x/sync/errgroup"

	"rollcall/connectors"
	"rollcall/pipeline/extract"
	"rollcall/pipeline/store"
	"rollcall/pipeline/tables"
)

// The files that the audit writes into a run's folder, and the folders below it
// whose every file they cover. What lies elsewhere in it, such as the run's log
// with its timings, is outside the promise of equal bytes.
const (
	ManifestName = "manifest.json"
	SumsName     = "SHA256SUMS" // in the format of sha256sum
)

var covered = []string{archiveName, "reports", sealsName, "stages"}

// Run is what the manifest says of a run beside its files.
type Run struct {
	ID             string
	Job            string
	Status         string // complete, held or partial
	AsOf           time.Time
	ProgramVersion string
	DuckDBVersion  string
	ConfigSHA256   string
	Configuration  []Reference // job file, programme files, code directories, locale packs
	Snapshots      []extract.Result
	Key            Key // of rows; nil: nothing is sealed
}

// Reference is one file of configuration or of reference data.
type Reference struct {
	Name   string `json:"name"` // path relative to the job file's folder
	SHA256 string `json:"sha256"`
	// Content is kept in the run's folder, so that the run can be made again.
	Content []byte `json:"-"`
}

// manifest is the file manifest.json. It holds no time of day and no duration:
// the same inputs give the same bytes.
type manifest struct {
	Version        int         `json:"version"`
	RunID          string      `json:"run_id"`
	Job            string      `json:"job"`
	Status         string      `json:"status"`
	AsOf           string      `json:"as_of"`
	ProgramVersion string      `json:"program_version"`
	DuckDBVersion  string      `json:"duckdb_version"`
	ConfigSHA256   string      `json:"config_sha256"`
	Configuration  []Reference `json:"configuration"`
	Inputs         []input     `json:"inputs"`
	Files          []file      `json:"files"`
}

// input is one snapshot with the files that it was read from.
type input struct {
	Source        string   `json:"source"`
	Connector     string   `json:"connector"`
	Rows          int64    `json:"rows"`
	Rejected      int64    `json:"rejected"`
	Partial       bool     `json:"partial"`
	ContentSHA256 string   `json:"content_sha256"`
	Files         []file   `json:"files"` // rows and rejects
	Origins       []origin `json:"origins"`
}

// origin is one file or table that a snapshot was read from.
type origin struct {
	Name      string `json:"name"`
	SHA256    string `json:"sha256,omitempty"` // of the bytes read; empty for a database
	Bytes     int64  `json:"bytes"`
	Rows      int64  `json:"rows"`
	Watermark string `json:"watermark,omitempty"` // of a database
}

// originOf leaves out the day on which a file was last changed: copying it
// changes that, and not what it says.
func originOf(o connectors.Origin) origin {
	out := origin{Name: o.Name, SHA256: o.SHA256, Bytes: o.Bytes, Rows: o.Rows}
	if o.SHA256 == "" && !o.Modified.IsZero() {
		out.Watermark = o.Modified.UTC().Format(time.RFC3339Nano)
	}
	return out
}

// file is one file with its hashes; its path is relative to the run's folder.
type file struct {
	Path          string `json:"path"`
	Table         string `json:"table,omitempty"`
	Rows          *int64 `json:"rows,omitempty"`
	ContentSHA256 string `json:"content_sha256,omitempty"`
	FileSHA256    string `json:"file_sha256"`
}

// Manifest writes manifest.json and SHA256SUMS into the run's folder, over its
// snapshots, the tables of its stages and its reports. It returns the SHA-256 of
// manifest.json, which the ledger keeps: it vouches for everything else.
func Manifest(ctx context.Context, s *store.Session, folder string, run Run) (sum string, err error) {
	m := manifest{
		Version: 1, RunID: run.ID, Job: run.Job, Status: run.Status, AsOf: run.AsOf.Format(time.DateOnly),
		ProgramVersion: run.ProgramVersion, DuckDBVersion: run.DuckDBVersion, ConfigSHA256: run.ConfigSHA256,
		Configuration: append([]Reference{}, run.Configuration...), Inputs: []input{}, Files: []file{},
	}
	slices.SortFunc(m.Configuration, func(a, b Reference) int { return strings.Compare(a.Name, b.Name) })
	for _, r := range run.Snapshots {
		in, err := describe(folder, r)
		if err != nil {
			return "", fmt.Errorf("write manifest: %w", err)
		}
		m.Inputs = append(m.Inputs, in)
	}
	slices.SortFunc(m.Inputs, func(a, b input) int { return strings.Compare(a.Source, b.Source) })
	if err := os.RemoveAll(filepath.Join(folder, sealsName)); err != nil {
		return "", fmt.Errorf("write manifest: %w", err)
	}
	if err := archive(folder, run.Configuration); err != nil {
		return "", fmt.Errorf("write manifest: %w", err)
	}
	if m.Files, err = survey(ctx, s, folder); err != nil {
		return "", fmt.Errorf("write manifest: %w", err)
	}
	if err := m.seal(ctx, folder, run.Key); err != nil {
		return "", fmt.Errorf("write manifest: %w", err)
	}
	data, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return "", fmt.Errorf("write manifest: %w", err)
	}
	data = append(data, '\n')
	if err := renameio.WriteFile(filepath.Join(folder, ManifestName), data, 0o600); err != nil {
		return "", fmt.Errorf("write manifest: %w", err)
	}
	sum = sumOf(data)
	if err := renameio.WriteFile(filepath.Join(folder, SumsName), m.sums(sum), 0o600); err != nil {
		return "", fmt.Errorf("write %s: %w", SumsName, err)
	}
	return sum, nil
}

// describe lists a snapshot's files, whose hashes were taken when it was made.
func describe(folder string, r extract.Result) (input, error) {
	in := input{
		Source: r.Source, Connector: r.Connector, Rows: r.Rows, Rejected: r.Rejected, Partial: r.Partial,
		ContentSHA256: r.ContentSHA256, Files: []file{}, Origins: []origin{},
	}
	for _, o := range r.Origins {
		in.Origins = append(in.Origins, originOf(o))
	}
	for _, f := range []struct {
		path, sum, content string
		rows               int64
	}{{r.File, r.FileSHA256, r.ContentSHA256, r.Rows}, {r.RejectsFile, r.RejectsFileSHA256, "", r.Rejected}} {
		if f.path == "" {
			continue
		}
		rel, err := relative(folder, f.path)
		if err != nil {
			return input{}, err
		}
		in.Files = append(in.Files, file{Path: rel, Rows: &f.rows, ContentSHA256: f.content, FileSHA256: f.sum})
	}
	return in, nil
}

// relative is the path as the manifest writes it, the same on every machine to
// which the output folder is moved whole.
func relative(folder, to string) (string, error) {
	from, err := filepath.Abs(folder)
	if err != nil {
		return "", fmt.Errorf("resolve %s: %w", folder, err)
	}
	if to, err = filepath.Abs(to); err != nil {
		return "", fmt.Errorf("resolve %s: %w", to, err)
	}
	rel, err := filepath.Rel(from, to)
	if err != nil {
		return "", fmt.Errorf("resolve %s: %w", to, err)
	}
	return filepath.ToSlash(rel), nil
}

// survey hashes every file of the covered folders, in the order of their paths.
func survey(ctx context.Context, s *store.Session, folder string) ([]file, error) {
	paths, err := walk(folder)
	if err != nil {
		return nil, err
	}
	known, err := finished(folder, paths)
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(paths, unfinished); i >= 0 {
		return nil, fmt.Errorf("%s is unfinished: the run is not over", paths[i])
	}
	files := make([]file, len(paths))
	var work errgroup.Group
	work.SetLimit(runtime.GOMAXPROCS(0))
	for i, p := range paths {
		work.Go(func() error {
			files[i] = file{Path: p}
			return files[i].hash(ctx, s, folder, known)
		})
	}
	return files, work.Wait()
}

// hash takes the hash of a file's content from what its stage wrote down, where
// that is still true of the file.
func (f *file) hash(ctx context.Context, s *store.Session, folder string, known map[string]store.Artifact) (err error) {
	whole := filepath.Join(folder, filepath.FromSlash(f.Path))
	if f.FileSHA256, err = store.FileHash(whole); err != nil {
		return err
	}
	switch a, ok := known[f.Path]; {
	case ok && a.FileSHA256 != f.FileSHA256:
		return fmt.Errorf("%s was altered after its stage wrote it", f.Path)
	case ok && a.ContentSHA256 != "":
		f.Table, f.Rows, f.ContentSHA256 = a.Table, &a.Rows, a.ContentSHA256
	case path.Ext(f.Path) == ".parquet":
		f.Table = strings.TrimSuffix(path.Base(f.Path), ".parquet")
		return s.Beside(ctx, func(s *store.Session) error { return f.hashContent(ctx, s, whole) })
	}
	return nil
}

// finished collects what the stages wrote down about their files, so that large
// tables are not hashed twice.
func finished(folder string, paths []string) (map[string]store.Artifact, error) {
	known := map[string]store.Artifact{}
	for _, p := range paths {
		if path.Base(p) != "done.json" || !strings.HasPrefix(p, "stages/") {
			continue
		}
		data, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(p)))
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", p, err)
		}
		var artifacts []store.Artifact
		if err := json.Unmarshal(data, &artifacts); err != nil {
			return nil, fmt.Errorf("read %s: %w", p, err)
		}
		for _, a := range artifacts {
			known[path.Join(path.Dir(p), filepath.ToSlash(a.File))] = a
		}
	}
	return known, nil
}

// hashContent hashes the rows of a Parquet file in whatever order they stand.
func (f *file) hashContent(ctx context.Context, s *store.Session, whole string) error {
	columns, err := columnsOf(ctx, s, whole)
	if err != nil {
		return fmt.Errorf("read %s: %w", f.Path, err)
	}
	var rows int64
	if f.ContentSHA256, rows, err = s.ContentHash(ctx, whole, columns); err != nil {
		return err
	}
	f.Rows = &rows
	return nil
}

func columnsOf(ctx context.Context, s *store.Session, whole string) ([]string, error) {
	rows, err := s.Query(ctx, fmt.Sprintf("SELECT column_name FROM (DESCRIBE FROM read_parquet(%s))", tables.Literal(whole)))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var columns []string
	for rows.Next() {
		var c string
		if err := rows.Scan(&c); err != nil {
			return nil, err
		}
		columns = append(columns, c)
	}
	return columns, rows.Err()
}

// unfinished files and folders bear this ending until they are whole.
func unfinished(p string) bool {
	return slices.ContainsFunc(strings.Split(p, "/"), func(part string) bool { return strings.HasSuffix(part, ".part") })
}

// walk lists the files of the covered folders, sorted, relative to the run's
// folder.
func walk(folder string) ([]string, error) {
	var paths []string
	for _, top := range covered {
		err := filepath.WalkDir(filepath.Join(folder, top), func(p string, d fs.DirEntry, err error) error {
			switch {
			case errors.Is(err, fs.ErrNotExist) && p == filepath.Join(folder, top):
				return filepath.SkipDir // a held run may have no such folder
			case err != nil:
				return err
			case d.IsDir():
				return nil
			}
			rel, err := filepath.Rel(folder, p)
			paths = append(paths, filepath.ToSlash(rel))
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("list the files of the run: %w", err)
		}
	}
	slices.Sort(paths)
	return paths, nil
}

// all lists every file that the manifest vouches for.
func (m *manifest) all() []file {
	var out []file
	for _, in := range m.Inputs {
		out = append(out, in.Files...)
	}
	return append(out, m.Files...)
}

// sums is the content of SHA256SUMS.
func (m *manifest) sums(ofManifest string) []byte {
	var b strings.Builder
	writeSum(&b, ofManifest, ManifestName)
	for _, f := range m.all() {
		writeSum(&b, f.FileSHA256, f.Path)
	}
	return []byte(b.String())
}
