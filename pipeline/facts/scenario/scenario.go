// Package scenario holds small countries written by hand, for the tests of the
// stages.
package scenario

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rollcall/pipeline/store"
	"rollcall/pipeline/tables"
)

// World is a session whose input tables are filled by hand.
type World struct {
	Session *store.Session
	folder  string
	t       testing.TB
}

// made are the tables that the stages under test write.
func made() []string { return []string{"fact", "evaluation", "proposal"} }

// New opens a world with empty tables; the test's end closes it.
func New(t testing.TB) *World {
	t.Helper()
	folder := t.TempDir()
	threads := 1 // small countries run side by side; threads that wait for each other cost a third more
	if _, ok := t.(*testing.B); ok {
		threads = 2
	}
	s, err := store.Open(t.Context(), store.Options{Folder: folder, Threads: threads})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	w := &World{Session: s, folder: folder, t: t}
	for _, table := range tables.All() {
		if !slices.Contains(made(), table.Name) {
			w.Exec(table.CreateSQL(table.Name))
		}
	}
	w.Exec(tables.Entity().CreateSQL(tables.EarlierEntity))
	return w
}

// Exec runs SQL in the world.
func (w *World) Exec(query string) {
	w.t.Helper()
	if err := w.Session.Exec(w.t.Context(), query); err != nil {
		w.t.Fatalf("%v\n%s", err, query)
	}
}

// Add inserts rows written as lines of values between bars, in the order of the
// columns; an empty value is NULL. A column date writes the interval of one
// exact day, ~1990 a placeholder for its year, 1990-01-01..1990-12-31 a span.
func (w *World) Add(table, columns, rows string) {
	w.t.Helper()
	names := strings.Fields(columns)
	for line := range strings.Lines(rows) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		var into, values []string
		for i, v := range strings.Split(line, "|") {
			if v = strings.TrimSpace(v); v == "" {
				continue
			}
			n, v := column(names[i], v)
			into, values = append(into, n...), append(values, v...)
		}
		w.Exec(fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", table, strings.Join(into, ", "), strings.Join(values, ", ")))
	}
}

// column writes one value; birth and occurred stand for an interval's columns.
func column(name, value string) (names, values []string) {
	if name != "birth" && name != "occurred" {
		return []string{name}, []string{tables.Literal(value)}
	}
	earliest, latest, precision := value, value, "exact"
	switch {
	case strings.HasPrefix(value, "~"): // a placeholder: the whole year
		earliest, latest, precision = value[1:5]+"-01-01", value[1:5]+"-12-31", "default"
	case strings.Contains(value, ".."): // from..to
		earliest, latest, _ = strings.Cut(value, "..")
		precision = "year"
	}
	return []string{name + "_written", name + "_earliest", name + "_latest", name + "_precision"},
		[]string{tables.Literal(value), tables.Literal(earliest), tables.Literal(latest), tables.Literal(precision)}
}

// Without drops tables that the stage under test writes.
func (w *World) Without(tableNames ...string) {
	w.t.Helper()
	for _, name := range tableNames {
		w.Exec("DROP TABLE " + tables.Quote(name))
	}
}

// Snapshot writes rows as the raw snapshot of a source, all text, and tells its
// file. Rows are written as for Add.
func (w *World) Snapshot(source, columns, rows string) string {
	w.t.Helper()
	names := strings.Fields(columns)
	for i, name := range names {
		names[i] = tables.Quote(name)
	}
	table := tables.Quote("snapshot of " + source)
	w.Exec(fmt.Sprintf("CREATE TABLE %s (%s VARCHAR)", table, strings.Join(names, " VARCHAR, ")))
	for line := range strings.Lines(rows) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		values := slices.Repeat([]string{"NULL"}, len(names))
		for i, v := range strings.Split(line, "|") {
			values[i] = "nullif(" + tables.Literal(strings.TrimSpace(v)) + ", '')"
		}
		w.Exec(fmt.Sprintf("INSERT INTO %s VALUES (%s)", table, strings.Join(values, ", ")))
	}
	file := filepath.Join(w.folder, source+"-raw.parquet")
	w.Exec(fmt.Sprintf("COPY %s TO %s (FORMAT parquet)", table, tables.Literal(file)))
	return file
}

// File writes a file that the session may read and tells its path.
func (w *World) File(name, text string) string {
	w.t.Helper()
	path := filepath.Join(w.folder, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
	return path
}

// Settle fills what a test does not say: names in normal form, a person for
// every mention, and the persons themselves.
func (w *World) Settle() {
	w.t.Helper()
	w.Exec(`UPDATE mention SET full_norm = coalesce(full_norm, lower(full_name)), mother_norm = coalesce(mother_norm, lower(mother_name)),
		father_norm = coalesce(father_norm, lower(father_name)), spouse_norm = coalesce(spouse_norm, lower(spouse_name)),
		source = coalesce(source, split_part(mention_id, '/', 1)), native_key = coalesce(native_key, split_part(mention_id, '/', 2))`)
	w.Exec(`UPDATE identifier SET written = coalesce(written, value), well_formed = coalesce(well_formed, value IS NOT NULL)`)
	w.Exec(`INSERT INTO cluster SELECT mention_id, mention_id, side, 1 FROM mention ANTI JOIN cluster USING (mention_id)`)
	names := tables.Person().Names()
	shared := strings.Join(names[3:], ", ")
	w.Exec(fmt.Sprintf(`INSERT INTO person SELECT c.person_id, c.side, count(*) OVER (PARTITION BY c.person_id), %s
		FROM cluster c JOIN mention m USING (mention_id)
		QUALIFY row_number() OVER (PARTITION BY c.person_id ORDER BY mention_id) = 1`, shared))
}

// Stage runs one stage under its name and publishes what it wrote.
func (w *World) Stage(name string, run func(context.Context, *store.Session, *store.Stage) error) {
	w.t.Helper()
	ctx := w.t.Context()
	st, _, err := w.Session.Begin(ctx, name, store.HashOf(name))
	if err != nil {
		w.t.Fatal(err)
	}
	if err := run(ctx, w.Session, st); err != nil {
		w.t.Fatal(err)
	}
	if err := st.Finish(ctx); err != nil {
		w.t.Fatal(err)
	}
}

// Lines runs a query of text columns and returns its rows with bars between the
// values; NULL is empty, and what stands in a list is not quoted.
func (w *World) Lines(query string) []string {
	w.t.Helper()
	rows, err := w.Session.Query(w.t.Context(), "SELECT COLUMNS(*)::VARCHAR FROM ("+query+")")
	if err != nil {
		w.t.Fatalf("%v\n%s", err, query)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		w.t.Fatal(err)
	}
	lines := []string{}
	for rows.Next() {
		values, into := make([]*string, len(names)), make([]any, len(names))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			w.t.Fatal(err)
		}
		text := make([]string, len(names))
		for i, v := range values {
			if v == nil {
				continue
			}
			if text[i] = *v; strings.HasPrefix(*v, "[") {
				text[i] = strings.ReplaceAll(*v, "'", "")
			}
		}
		lines = append(lines, strings.Join(text, "|"))
	}
	if err := rows.Err(); err != nil {
		w.t.Fatal(err)
	}
	return lines
}

// Store writes a table that was filled to Parquet and reads it from there, as
// stages do.
func (w *World) Store(table string) {
	w.t.Helper()
	if slices.Contains(made(), table) {
		return
	}
	file := filepath.Join(w.folder, table+".parquet")
	w.Exec(fmt.Sprintf("COPY %s TO %s (FORMAT parquet)", tables.Quote(table), tables.Literal(file)))
	w.Exec("DROP TABLE " + tables.Quote(table))
	if err := w.Session.Attach(w.t.Context(), table, file); err != nil {
		w.t.Fatal(err)
	}
}

// Same fails the test where two values differ, and says in what.
func Same(t testing.TB, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}
