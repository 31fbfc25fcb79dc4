// Package ledger remembers what ran and who decided what: one SQLite file in a
// job's output folder. It holds no data of the people in the registers, only
// counts, figures, case ids and the ids of the officers who decide.
//
// Everything that somebody could later want to deny is also an entry of a
// chained log: see Verify.
package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"modernc.org/sqlite" // also the driver "sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// FileName is the ledger's file in an output folder.
const FileName = "ledger.sqlite"

// Errors that a caller tells apart.
var (
	ErrNoLedger   = errors.New("no ledger")
	ErrNotFound   = errors.New("no such run")
	ErrAlreadyRun = errors.New("already run for this due time")
	ErrRunning    = errors.New("a run of this job is going on")
	ErrNotHeld    = errors.New("the run is not held")
	ErrSamePerson = errors.New("the same person cannot release twice")
	ErrTampered   = errors.New("the ledger was altered")
)

// Ledger is an open ledger. It is safe for concurrent use, by several processes
// too. The caller closes it.
type Ledger struct {
	db     *sql.DB
	now    func() time.Time
	folder string
}

// Folder is the output folder in which the ledger lies, with its runs.
func (l *Ledger) Folder() string { return l.folder }

// patience is how long a statement waits for another process's transaction; the
// longest of ours writes a few thousand rows.
const patience = 15 * time.Second

// Open opens the ledger of an output folder, and makes folder and file when they
// are missing. Times are taken from now.
func Open(ctx context.Context, folder string, now func() time.Time) (*Ledger, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("make output folder: %w", err)
	}
	path := filepath.Join(folder, FileName)
	if err := checkNotLost(path); err != nil {
		return nil, fmt.Errorf("open ledger %s: %w", path, err)
	}
	// SQLite gives its journal files the permissions of the main file, so it is
	// made here, before SQLite would make it readable by others.
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("make ledger: %w", err)
	}
	if err := f.Close(); err != nil {
		return nil, fmt.Errorf("make ledger: %w", err)
	}
	return connect(ctx, path, now, patience)
}

// OpenExisting opens the ledger of an output folder, or fails with ErrNoLedger
// where nothing ran yet.
func OpenExisting(ctx context.Context, folder string, now func() time.Time) (*Ledger, error) {
	path := filepath.Join(folder, FileName)
	if err := checkNotLost(path); err != nil {
		return nil, fmt.Errorf("open ledger %s: %w", path, err)
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w in %s: nothing ran there yet", ErrNoLedger, folder)
	} else if err != nil {
		return nil, fmt.Errorf("open ledger: %w", err)
	}
	return connect(ctx, path, now, patience)
}

func connect(ctx context.Context, path string, now func() time.Time, patience time.Duration) (*Ledger, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("open ledger: %w", err)
	}
	if err := checkWhole(abs); err != nil {
		return nil, fmt.Errorf("open ledger %s: %w", path, err)
	}
	settings := url.Values{
		"_pragma": {
			fmt.Sprintf("busy_timeout(%d)", patience.Milliseconds()),
			"journal_mode(WAL)",
			"synchronous(FULL)", // what is told to a person as released must survive a power cut
			"foreign_keys(1)",
		},
		// Every transaction of ours writes: taking the lock at its start avoids the
		// upgrade from reader to writer that SQLite refuses without waiting.
		"_txlock": {"immediate"},
	}
	dsn := url.URL{Scheme: "file", Path: abs, RawQuery: settings.Encode()}
	db, err := sql.Open("sqlite", dsn.String())
	if err != nil {
		return nil, fmt.Errorf("open ledger: %w", err)
	}
	db.SetMaxOpenConns(1)
	l := &Ledger{db: db, now: now, folder: filepath.Dir(path)}
	if err := patiently(ctx, patience, func() error { return l.migrate(ctx) }); err != nil {
		return nil, errors.Join(fmt.Errorf("open ledger %s: %w", path, refuse(err)), db.Close())
	}
	return l, nil
}

// patiently tries again while the file is busy. SQLite's own timeout does not
// cover the moments in which another process makes the journal, recovers it after
// a crash, or takes it away as the last to close.
func patiently(ctx context.Context, patience time.Duration, do func() error) error {
	const pause = 20 * time.Millisecond
	for begun := time.Now(); ; {
		err := do()
		var e *sqlite.Error
		if !errors.As(err, &e) || e.Code()&0xff != sqlite3.SQLITE_BUSY || time.Since(begun) > patience {
			return err
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Close ends the use of the ledger.
func (l *Ledger) Close() error {
	if err := l.db.Close(); err != nil {
		return fmt.Errorf("close ledger: %w", err)
	}
	return nil
}

// write runs one transaction; what names it in errors.
func (l *Ledger) write(ctx context.Context, what string, do func(*sql.Tx) error) error {
	tx, err := l.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("ledger: %s: %w", what, refuse(err))
	}
	if err := do(tx); err != nil {
		tx.Rollback() //nolint:errcheck // the first error is the one to tell
		return fmt.Errorf("ledger: %s: %w", what, refuse(err))
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("ledger: %s: %w", what, refuse(err))
	}
	return nil
}

// collect reads all rows before it returns: the ledger has one connection, so
// rows left open would block the next statement.
func collect[T any](ctx context.Context, q querier, scan func(*sql.Rows) (T, error), query string, args ...any) ([]T, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, refuse(err)
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, refuse(rows.Err())
}

// querier is a database or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}
