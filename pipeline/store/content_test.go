package store

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"rollcall/pipeline/tables"
)

func openSession(t *testing.T) (*Session, string) {
	t.Helper()
	folder := t.TempDir()
	s, err := Open(t.Context(), Options{Folder: folder, Threads: 2})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s, filepath.Join(folder, "t.parquet")
}

// contentOf writes rows of two columns as Parquet and hashes them with SQL.
func contentOf(ctx context.Context, s *Session, file string, values []string) (string, int64, error) {
	q := "SELECT NULL::VARCHAR AS a, NULL::VARCHAR AS \"b'\" WHERE false"
	for _, v := range values {
		q += " UNION ALL SELECT " + v
	}
	if err := s.Exec(ctx, fmt.Sprintf("COPY (%s) TO %s (FORMAT parquet)", q, tables.Literal(file))); err != nil {
		return "", 0, err
	}
	return sqlHash(ctx, s, file, []string{"a", "b'"})
}

// sqlHash computes the hash as an auditor would, in plain SQL.
func sqlHash(ctx context.Context, s *Session, file string, columns []string) (sum string, rows int64, err error) {
	err = s.Row(ctx, ContentSQL(file, columns), &sum, &rows)
	return sum, rows, err
}

// The hash of a file of several row groups, read by several threads, is the one
// that SQL computes, whatever the types of its columns.
func TestContentHashAgreesWithSQL(t *testing.T) {
	s, file := openSession(t)
	err := s.Exec(t.Context(), fmt.Sprintf(`COPY (SELECT i, CASE WHEN i %% 3 > 0 THEN 'v' || i END AS text, DATE '2026-01-01' + (i %% 400)::INTEGER AS day,
	(i / 7)::DECIMAL(18,2) AS amount, i %% 2 = 0 AS flag, ['a, b', 'c' || i] AS list, NULL::VARCHAR AS nothing
FROM range(30000) r(i)) TO %s (FORMAT parquet, ROW_GROUP_SIZE 4096)`, tables.Literal(file)))
	if err != nil {
		t.Fatal(err)
	}
	columns := []string{"i", "text", "day", "amount", "flag", "list", "nothing"}
	want, n, err := sqlHash(t.Context(), s, file, columns)
	if err != nil {
		t.Fatal(err)
	}
	got, rows, err := s.ContentHash(t.Context(), file, columns)
	if err != nil {
		t.Fatal(err)
	}
	if got != want || rows != n || n != 30000 {
		t.Errorf("Go gives %s of %d rows, SQL %s of %d", got, rows, want, n)
	}
}

// A table has the hash of its rows, though nobody reads the file for it.
func TestHashOfAWrittenTableIsThatOfItsFile(t *testing.T) {
	s, _ := openSession(t)
	st, _, err := s.Begin(t.Context(), "test", HashOf("test"))
	if err != nil {
		t.Fatal(err)
	}
	table := tables.Table{Name: "t", Columns: []tables.Column{
		{Name: "number", Type: tables.Integer, Key: true}, {Name: "text", Type: tables.Text}, {Name: "day", Type: tables.Date}, {Name: "list", Type: tables.TextList}, {Name: "nothing", Type: tables.Text},
	}}
	err = st.Table(t.Context(), table, `SELECT 30000 - i AS number, CASE WHEN i % 3 > 0 THEN 'v' || i END AS text, DATE '2026-01-01' + (i % 400)::INTEGER AS day, ['a, b', 'c' || i] AS list
FROM range(30000) r(i)`, "nothing")
	if err != nil {
		t.Fatal(err)
	}
	want, n, err := sqlHash(t.Context(), s, st.Work()+"/t.parquet", table.Names())
	if err != nil {
		t.Fatal(err)
	}
	if a := st.Artifacts[0]; a.ContentSHA256 != want || a.Rows != n || n != 30000 {
		t.Errorf("the table has %s of %d rows, its file %s of %d", a.ContentSHA256, a.Rows, want, n)
	}
	var first int64
	if err := s.Row(t.Context(), "SELECT number FROM t LIMIT 1", &first); err != nil || first != 1 {
		t.Errorf("the first row is %d, %v; want 1", first, err)
	}
}

// The hash computed while writing is the one that SQL computes, in memory or not.
func TestHasherAgreesWithSQL(t *testing.T) {
	s, file := openSession(t)
	folder := t.TempDir()
	text := rapid.SampledFrom([]string{"", "-", "1:a", "a", "aa", "Åsa", "𠮷", "it's", "a\nb", "NULL"})
	rapid.Check(t, func(t *rapid.T) {
		h := NewHasher(folder, []string{"a", "b'"})
		h.limit = rapid.IntRange(1, 20).Draw(t, "limit")
		defer h.Close()
		var values []string
		for range rapid.IntRange(0, 30).Draw(t, "rows") {
			var row []string
			for range 2 {
				if rapid.IntRange(0, 4).Draw(t, "null") == 0 {
					h.Null()
					row = append(row, "NULL")
					continue
				}
				v := text.Draw(t, "value")
				h.Value(v)
				row = append(row, tables.Literal(v))
			}
			if err := h.EndRow(); err != nil {
				t.Fatal(err)
			}
			values = append(values, strings.Join(row, ", "))
		}
		got, rows, err := h.Sum()
		if err != nil {
			t.Fatal(err)
		}
		want, n, err := contentOf(context.Background(), s, file, values)
		if err != nil {
			t.Fatal(err)
		}
		if got != want || rows != n {
			t.Fatalf("Go gives %s of %d rows, SQL %s of %d", got, rows, want, n)
		}
	})
}

// Order means nothing; everything else does.
func TestContentHashTellsTablesApart(t *testing.T) {
	s, file := openSession(t)
	sum := func(values ...string) string {
		t.Helper()
		h, _, err := contentOf(t.Context(), s, file, values)
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	base := sum("'a', 'b'", "'c', NULL")
	if got := sum("'c', NULL", "'a', 'b'"); got != base {
		t.Error("the order of rows changes the hash")
	}
	for name, other := range map[string]string{
		"a row less":          sum("'a', 'b'"),
		"a row twice":         sum("'a', 'b'", "'c', NULL", "'c', NULL"),
		"empty for NULL":      sum("'a', 'b'", "'c', ''"),
		"values moved":        sum("'ab', ''", "'c', NULL"),
		"values across a row": sum("'a', NULL", "'c', 'b'"),
		"nothing":             sum(),
	} {
		if other == base {
			t.Errorf("%s has the same hash", name)
		}
	}
	if sum("'a', ['x, y']::VARCHAR") == sum("'a', ['x', 'y']::VARCHAR") {
		t.Error("a list of one value with a comma has the hash of a list of two")
	}
}
