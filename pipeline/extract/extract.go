// Package extract takes one immutable snapshot of each source: all text, the
// columns that the mapping uses, with the rows that could not be read beside it.
package extract

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"rollcall/connectors"
)

// Source is one configured source of a job.
type Source struct {
	Name      string
	Side      string // tables.Register or tables.Roster
	Connector string
	Settings  connectors.Settings
	Key       []string // columns that identify a row
	Columns   []string // that the mapping uses; empty means all
	IDColumns []string // in which a spreadsheet's 4.49E+35 is a reject
}

// Result is one finished snapshot.
type Result struct {
	Source            string              `json:"source"`
	Connector         string              `json:"connector"`
	Folder            string              `json:"-"` // of the snapshot
	File              string              `json:"-"` // Parquet file of the rows; all columns VARCHAR
	RejectsFile       string              `json:"-"` // Parquet file of the rejects; see rejectColumns
	Columns           []string            `json:"columns"`
	ContentSHA256     string              `json:"content_sha256"` // over the rows in any order; see store.ContentSQL
	FileSHA256        string              `json:"file_sha256"`
	RejectsFileSHA256 string              `json:"rejects_file_sha256"`
	Rows              int64               `json:"rows"`
	Rejected          int64               `json:"rejected"`
	Reasons           map[string]int64    `json:"reasons,omitempty"` // of the rejected rows; see connectors.Reason…
	Examples          []connectors.Reject `json:"-"`                 // the first reject of each reason
	Partial           bool                `json:"partial"`
	Cause             string              `json:"cause,omitempty"` // why it is partial
	Origins           []connectors.Origin `json:"origins"`
	Taken             time.Time           `json:"taken,omitzero"` // when it was read, for how long it is kept; no result
}

// Snapshot reads a source whole and publishes it below dir as
//
//	snapshots/<content hash>-<of source and rejects>/<source>.parquet
//	                                                 rejects-<source>.parquet
//	                                                 origin.json
//
// The folder appears when it is complete. When it is there already, because the
// same rows were read before, it is used as it stands; the result's origins are
// always those of this reading, and the moment at which it was taken that of the
// first. A source that went away in mid-read gives a result that is marked partial,
// not an error.
func Snapshot(ctx context.Context, registry connectors.Registry, env connectors.Environment, src Source, q connectors.Query, dir string, taken time.Time, log *slog.Logger) (Result, error) {
	q.Columns, q.IDColumns = src.Columns, src.IDColumns
	rows, err := open(ctx, registry, env, src, q)
	if err != nil {
		return Result{}, fmt.Errorf("extract %s: %w", src.Name, err)
	}
	defer rows.Close()
	folder, err := begin(filepath.Join(dir, "snapshots"), src.Name)
	if err != nil {
		return Result{}, fmt.Errorf("extract %s: %w", src.Name, err)
	}
	defer folder.discard()

	r := Result{Source: src.Name, Connector: src.Connector, Columns: rows.Columns(), Taken: taken}
	w, err := newWriter(folder.work, src.Name, rows.Columns())
	if err != nil {
		return Result{}, fmt.Errorf("extract %s: %w", src.Name, err)
	}
	defer w.abandon()
	switch err := w.copy(ctx, rows); {
	case errors.Is(err, connectors.ErrPartial):
		r.Partial, r.Cause = true, err.Error()
	case err != nil:
		return Result{}, fmt.Errorf("extract %s: %w", src.Name, err)
	}
	if err := w.finish(&r); err != nil {
		return Result{}, fmt.Errorf("extract %s: %w", src.Name, err)
	}
	r.Origins = rows.Origins()
	if err := r.balance(); err != nil {
		return Result{}, fmt.Errorf("extract %s: %w", src.Name, err)
	}
	if err := folder.publish(&r, w.rejects.content); err != nil {
		return Result{}, fmt.Errorf("extract %s: %w", src.Name, err)
	}
	r.tell(log)
	return r, nil
}

func open(ctx context.Context, registry connectors.Registry, env connectors.Environment, src Source, q connectors.Query) (connectors.Snapshot, error) {
	if src.Name == "" || strings.HasPrefix(src.Name, ".") || filepath.Base(src.Name) != src.Name {
		return nil, fmt.Errorf("the source's name %q cannot be a file's name", src.Name)
	}
	connector, ok := registry.Lookup(src.Connector)
	if !ok {
		return nil, fmt.Errorf("no connector %q; there are %q", src.Connector, registry.Names())
	}
	source, err := connector.New(env, src.Settings)
	if err != nil {
		return nil, &SourceError{src.Name, err}
	}
	rows, err := source.Open(ctx, q)
	if err != nil {
		return nil, &SourceError{src.Name, err}
	}
	return rows, nil
}

// SourceError is an error of what is read, not of the reading: a setting that does
// not fit, a column that is not there, a file that is empty or cut off.
type SourceError struct {
	Source string
	Err    error
}

func (e *SourceError) Error() string { return e.Err.Error() }

// Unwrap gives the cause.
func (e *SourceError) Unwrap() error { return e.Err }

// SourceErrors are the errors of several sources, in their order.
type SourceErrors []*SourceError

// Error prints them one below the other, each with its source.
func (e SourceErrors) Error() string {
	lines := make([]string, len(e))
	for i, one := range e {
		lines[i] = fmt.Sprintf("extract %s: %v", one.Source, one)
	}
	return strings.Join(lines, "\n")
}

// Unwrap gives the single errors.
func (e SourceErrors) Unwrap() []error {
	list := make([]error, len(e))
	for i, one := range e {
		list[i] = one
	}
	return list
}

// Errors tells all at once, after reading one source ended in first: it opens
// every source and adds what is wrong with those that cannot be opened. An error
// that is of no source stays as it is.
func Errors(ctx context.Context, registry connectors.Registry, env connectors.Environment, sources []Source, q connectors.Query, first error) error {
	var of *SourceError
	if !errors.As(first, &of) {
		return first
	}
	var all SourceErrors
	for _, src := range sources {
		q.Columns, q.IDColumns = src.Columns, src.IDColumns
		var here *SourceError
		switch err := tryOpen(ctx, registry, env, src, q); {
		case errors.As(err, &here):
			all = append(all, here)
		case src.Name == of.Source:
			all = append(all, of)
		}
	}
	return all
}

func tryOpen(ctx context.Context, registry connectors.Registry, env connectors.Environment, src Source, q connectors.Query) error {
	rows, err := open(ctx, registry, env, src, q)
	if err != nil {
		return err
	}
	return rows.Close()
}

// balance holds the promise that no row is lost: rows read = used + rejected.
func (r *Result) balance() error {
	var read int64
	for _, o := range r.Origins {
		read += o.Rows
	}
	if read != r.Rows+r.Rejected {
		return fmt.Errorf("connector %s says that it read %d rows, but gave %d and rejected %d", r.Connector, read, r.Rows, r.Rejected)
	}
	return nil
}

func (r *Result) tell(log *slog.Logger) {
	log.Info("extracted", "source", r.Source, "files", len(r.Origins), "rows", r.Rows, "rejected", r.Rejected, "partial", r.Partial, "cause", r.Cause)
}

// copy moves every batch from the source to the writer.
func (w *writer) copy(ctx context.Context, rows connectors.Snapshot) error {
	for {
		b, err := rows.Next(ctx)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return &SourceError{w.source, err}
		}
		if err := w.add(b); err != nil {
			return err
		}
	}
}

// folderMode and fileMode keep personal data from other users of the machine.
const (
	folderMode os.FileMode = 0o700
	fileMode   os.FileMode = 0o600
)
