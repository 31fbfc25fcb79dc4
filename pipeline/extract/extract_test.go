package extract_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rollcall/connectors"
	"rollcall/connectors/all"
	"rollcall/pipeline/extract"
	"rollcall/pipeline/store"
)

// place is a data folder and an output folder.
type place struct{ data, out string }

func newPlace(t testing.TB, files map[string]string) place {
	t.Helper()
	p := place{data: t.TempDir(), out: t.TempDir()}
	for name, text := range files {
		path := filepath.Join(p.data, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

func (p place) take(ctx context.Context, src extract.Source) (extract.Result, error) {
	env := connectors.Environment{DataFolder: p.data, Getenv: os.LookupEnv}
	q := connectors.Query{AsOf: time.Date(2025, 7, 31, 0, 0, 0, 0, time.UTC)}
	return extract.Snapshot(ctx, all.Registry(), env, src, q, p.out, slog.New(slog.DiscardHandler))
}

func filesAt(path string, columns ...string) extract.Source {
	return extract.Source{Name: "members", Connector: "files", Settings: connectors.Settings{"path": {path}}, Columns: columns}
}

func session(t testing.TB, p place) *store.Session {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{Folder: t.TempDir(), Readable: []string{p.out}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestSnapshotKeepsRowsAndRejects(t *testing.T) {
	p := newPlace(t, map[string]string{"m.csv": "id,name,note\n007,Åsa,\n2,\"a \"\"b\"\"\nc\",x\n3,short\n4,d,\"\"\n"})
	r, err := p.take(t.Context(), filesAt("m.csv"))
	if err != nil {
		t.Fatal(err)
	}
	if r.Rows != 3 || r.Rejected != 1 || r.Origins[0].Rows != 4 {
		t.Errorf("rows %d, rejected %d, read %d; want 3, 1, 4", r.Rows, r.Rejected, r.Origins[0].Rows)
	}
	s := session(t, p)
	var got string
	q := fmt.Sprintf("SELECT string_agg(id || '|' || name || '|' || coalesce(note, 'NULL'), ';' ORDER BY id) FROM read_parquet('%s')", r.File)
	if err := s.Row(t.Context(), q, &got); err != nil {
		t.Fatal(err)
	}
	if want := "007|Åsa|NULL;2|a \"b\"\nc|x;4|d|NULL"; got != want {
		t.Errorf("rows: got %q, want %q", got, want)
	}
	q = fmt.Sprintf("SELECT concat_ws('|', source, file, line, reason, detail) FROM read_parquet('%s')", r.RejectsFile)
	if err := s.Row(t.Context(), q, &got); err != nil {
		t.Fatal(err)
	}
	if want := "members|m.csv|5|ragged_row|2 fields; the header has 3"; got != want {
		t.Errorf("reject: got %q, want %q", got, want)
	}
	sum, n, err := s.ContentHash(t.Context(), r.File, r.Columns)
	if err != nil {
		t.Fatal(err)
	}
	if sum != r.ContentSHA256 || n != r.Rows {
		t.Errorf("SQL gives content hash %s of %d rows, the writer %s of %d", sum, n, r.ContentSHA256, r.Rows)
	}
}

// bench writes a file of n rows with 12 columns, as a roster has them.
func benchFile(b *testing.B, n int) place {
	var text strings.Builder
	text.WriteString("member_id,household_id,given_name,family_name,sex,date_of_birth,relationship,national_id,phone,mother_name,area_code,status\n")
	for i := range n {
		fmt.Fprintf(&text, "M%07d,H%07d,Given%d,Family%d,female,19%02d-%02d-%02d,%d,%013d,+88017%08d,Mother%d Of%d,30%04d,active\n",
			i, i/4, i%9973, i%7919, i%100, i%12+1, i%28+1, i%9, i*7919, i*31, i%991, i%983, i%5000)
	}
	return newPlace(b, map[string]string{"m.csv": text.String()})
}

func BenchmarkSnapshot(b *testing.B) {
	const n = 1_000_000
	p := benchFile(b, n)
	for b.Loop() {
		if _, err := p.take(b.Context(), filesAt("m.csv")); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

func BenchmarkContentHashSQL(b *testing.B) {
	const n = 1_000_000
	p := benchFile(b, n)
	r, err := p.take(b.Context(), filesAt("m.csv"))
	if err != nil {
		b.Fatal(err)
	}
	s := session(b, p)
	for b.Loop() {
		sum, _, err := s.ContentHash(b.Context(), r.File, r.Columns)
		if err != nil {
			b.Fatal(err)
		}
		if sum != r.ContentSHA256 {
			b.Fatalf("got %s, want %s", sum, r.ContentSHA256)
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
