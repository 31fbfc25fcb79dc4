// Package store keeps what a run reads and writes: the DuckDB session, the
// immutable artifacts of each stage, their content hashes and the manifest.
package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/duckdb/duckdb-go/v2"

	"rollcall/pipeline/tables"
)

// Options say where a session works and what it may use. Memory and threads
// change speed, never results.
type Options struct {
	Folder      string   // of the run; spill and artifacts stay below it
	Readable    []string // further folders that SQL may read, such as snapshots
	Threads     int      // 0: all
	MemoryBytes int64    // of DuckDB; 0: 1 GiB
	Functions   []Function
}

// Session is one in-memory DuckDB whose reach is the run's folders: external
// access is off and the configuration locked. It is used by one stage at a time.
type Session struct {
	db     *sql.DB
	conn   *sql.Conn
	folder string
	known  map[string]bool // functions
}

// Open starts a session. The caller closes it.
func Open(ctx context.Context, opt Options) (*Session, error) {
	if opt.MemoryBytes == 0 {
		opt.MemoryBytes = 1 << 30
	}
	if err := os.MkdirAll(spillOf(opt.Folder), 0o700); err != nil {
		return nil, fmt.Errorf("make spill folder: %w", err)
	}
	connector, err := duckdb.NewConnector("", func(driver.ExecerContext) error { return nil })
	if err != nil {
		return nil, fmt.Errorf("start DuckDB: %w", err)
	}
	db := sql.OpenDB(connector)
	conn, err := db.Conn(ctx)
	if err != nil {
		db.Close()
		return nil, fmt.Errorf("start DuckDB: %w", err)
	}
	s := &Session{db: db, conn: conn, folder: opt.Folder, known: map[string]bool{}}
	if err := s.settle(ctx, opt); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// spillOf is the folder for what does not fit into memory.
func spillOf(folder string) string { return filepath.Join(folder, "spill") }

func (s *Session) spill() string { return spillOf(s.folder) }

func (s *Session) settle(ctx context.Context, opt Options) error {
	if err := registerRows(s.conn); err != nil {
		return err
	}
	for _, f := range opt.Functions {
		if err := s.Define(f); err != nil {
			return err
		}
	}
	folders := []string{}
	for _, f := range append([]string{opt.Folder}, opt.Readable...) {
		abs, err := filepath.Abs(f)
		if err != nil {
			return fmt.Errorf("resolve %s: %w", f, err)
		}
		folders = append(folders, tables.Literal(abs+string(filepath.Separator)))
	}
	settings := []string{
		"SET autoinstall_known_extensions = false",
		"SET autoload_known_extensions = false",
		fmt.Sprintf("SET memory_limit = '%dMiB'", opt.MemoryBytes>>20),
		"SET temp_directory = " + tables.Literal(s.spill()),
		"SET preserve_insertion_order = true", // Stage.Extended rests on it
		"SET allowed_directories = [" + strings.Join(folders, ", ") + "]",
		"SET enable_external_access = false",
		"SET TimeZone = 'UTC'",
	}
	if opt.Threads > 0 {
		settings = append(settings, fmt.Sprintf("SET threads = %d", opt.Threads))
	}
	settings = append(settings, "SET lock_configuration = true")
	for _, q := range settings {
		if err := s.Exec(ctx, q); err != nil {
			return err
		}
	}
	return nil
}

// Beside runs do in a session of its own over the same database, while this one
// goes on. Temporary tables and views of this one are not in it.
func (s *Session) Beside(ctx context.Context, do func(*Session) error) error {
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("start DuckDB: %w", err)
	}
	defer conn.Close()
	return do(&Session{db: s.db, conn: conn, folder: s.folder, known: s.known})
}

// Define makes a function known to SQL, once: a second one of the name is taken
// for the same.
func (s *Session) Define(f Function) error {
	if s.known[f.Name] {
		return nil
	}
	s.known[f.Name] = true
	return register(s.conn, f)
}

// Close ends the session and removes what it spilled.
func (s *Session) Close() error {
	s.conn.Close()
	err := s.db.Close()
	if e := os.RemoveAll(s.spill()); err == nil {
		err = e
	}
	return err
}

// Exec runs one statement.
func (s *Session) Exec(ctx context.Context, query string, args ...any) error {
	if _, err := s.conn.ExecContext(ctx, query, args...); err != nil {
		return fmt.Errorf("SQL: %w", err)
	}
	return nil
}

// Query runs one query. The caller closes the rows.
func (s *Session) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	rows, err := s.conn.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("SQL: %w", err)
	}
	return rows, nil
}

// Row runs a query of one row into the given places.
func (s *Session) Row(ctx context.Context, query string, into ...any) error {
	if err := s.conn.QueryRowContext(ctx, query).Scan(into...); err != nil {
		return fmt.Errorf("SQL: %w", err)
	}
	return nil
}

// Attach makes a Parquet file readable under a table's name; a later one of the
// same name takes its place.
func (s *Session) Attach(ctx context.Context, name, file string) error {
	return s.Exec(ctx, fmt.Sprintf("CREATE OR REPLACE VIEW %s AS FROM read_parquet(%s)", tables.Quote(name), tables.Literal(file)))
}

// Version is the version of the DuckDB inside, on which results depend.
func Version(ctx context.Context) (string, error) {
	db, err := sql.Open("duckdb", "")
	if err != nil {
		return "", fmt.Errorf("start DuckDB: %w", err)
	}
	defer db.Close()
	var version string
	if err := db.QueryRowContext(ctx, "SELECT version()").Scan(&version); err != nil {
		return "", fmt.Errorf("ask DuckDB for its version: %w", err)
	}
	return version, nil
}
