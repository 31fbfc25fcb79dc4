package extract_test

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gofrs/flock"
	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
	"golang.org/x/sync/errgroup"

	"rollcall/connectors"
	"rollcall/connectors/all"
	"rollcall/pipeline/extract"
	"rollcall/pipeline/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

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
	return extract.Snapshot(ctx, all.Registry(), env, src, q, p.out, time.Time{}, slog.New(slog.DiscardHandler))
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

func TestSnapshotDoesNotDependOnOrder(t *testing.T) {
	one := newPlace(t, map[string]string{"m.csv": "id,name\n1,a\n2,b\n3,\n"})
	other := newPlace(t, map[string]string{"m.csv": "name,id\n,3\nb,2\na,1\n"})
	a, err := one.take(t.Context(), filesAt("m.csv", "id", "name"))
	if err != nil {
		t.Fatal(err)
	}
	b, err := other.take(t.Context(), filesAt("m.csv", "id", "name"))
	if err != nil {
		t.Fatal(err)
	}
	if a.ContentSHA256 != b.ContentSHA256 || filepath.Base(a.Folder) != filepath.Base(b.Folder) {
		t.Errorf("shuffled rows: %s and %s", filepath.Base(a.Folder), filepath.Base(b.Folder))
	}
	if a.FileSHA256 == b.FileSHA256 {
		t.Error("files of another order of rows have one file hash")
	}
}

func TestSnapshotIsUsedAgain(t *testing.T) {
	p := newPlace(t, map[string]string{"m.csv": "id,name\n1,a\n2,b\n", "n.csv": "id,name\n2,b\n1,a\n"})
	a, err := p.take(t.Context(), filesAt("m.csv"))
	if err != nil {
		t.Fatal(err)
	}
	b, err := p.take(t.Context(), filesAt("n.csv"))
	if err != nil {
		t.Fatal(err)
	}
	if a.File != b.File || a.FileSHA256 != b.FileSHA256 {
		t.Errorf("the same rows stand in %s and %s", a.File, b.File)
	}
	if got := b.Origins[0].Name; got != "n.csv" {
		t.Errorf("origin %s, want the file of this reading, n.csv", got)
	}
	same := filesAt("m.csv")
	same.Name = "roster"
	if c, err := p.take(t.Context(), same); err != nil || c.Folder == a.Folder {
		t.Errorf("another source of the same rows: folder %s, error %v", c.Folder, err)
	}
	if err := os.WriteFile(a.File, []byte("PAR1 altered PAR1"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := p.take(t.Context(), filesAt("m.csv")); err == nil || !strings.Contains(err.Error(), "was altered after it was written") {
		t.Errorf("a snapshot that was altered: got %v", err)
	}
}

// The same good rows with other rejects are another snapshot, since the rejects
// stand beside them.
func TestSnapshotKeepsRejectsApart(t *testing.T) {
	p := newPlace(t, map[string]string{"m.csv": "id,name\n1,a\n", "n.csv": "id,name\n1,a\n2\n"})
	a, err := p.take(t.Context(), filesAt("m.csv"))
	if err != nil {
		t.Fatal(err)
	}
	b, err := p.take(t.Context(), filesAt("n.csv"))
	if err != nil {
		t.Fatal(err)
	}
	if a.ContentSHA256 != b.ContentSHA256 || a.Folder == b.Folder {
		t.Errorf("folders %s and %s", a.Folder, b.Folder)
	}
}

func TestSnapshotOfSourceThatEndsEarly(t *testing.T) {
	p := newPlace(t, map[string]string{"m.json": `[{"id":"1"},{"id":"2"},{"i`})
	r, err := p.take(t.Context(), filesAt("m.json", "id"))
	if err != nil {
		t.Fatal(err)
	}
	if !r.Partial || r.Rows != 2 || r.Rejected != 1 || r.Cause != "m.json: truncated: source ended before its end" {
		t.Errorf("got partial %v, %d rows, %d rejected, cause %q", r.Partial, r.Rows, r.Rejected, r.Cause)
	}
}

func TestSnapshotThatFailsLeavesNothing(t *testing.T) {
	p := newPlace(t, map[string]string{"m.csv": "id,name\n1,a\n"})
	for _, test := range []struct {
		source extract.Source
		want   string
	}{
		{filesAt("m.csv", "id", "nmae"), `extract members: m.csv: no column "nmae"; nearest: "name", "id"`},
		{filesAt("../m.csv"), `extract members: path: "../m.csv" lies outside the data folder`},
		{extract.Source{Name: "members", Connector: "mysql"}, `extract members: no connector "mysql"; there are ["files" "postgres"]`},
	} {
		if _, err := p.take(t.Context(), test.source); err == nil || err.Error() != test.want {
			t.Errorf("got %v, want %s", err, test.want)
		}
	}
	left, err := filepath.Glob(filepath.Join(p.out, "snapshots", "*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// What a killed extract has left is removed by the next one; what a living one
// writes is not.
func TestSnapshotSweepsLeftFolders(t *testing.T) {
	p := newPlace(t, map[string]string{"m.csv": "id\n1\n"})
	folder := filepath.Join(p.out, "snapshots")
	for _, name := range []string{".part-dead-1", ".part-live-2"} {
		if err := os.MkdirAll(filepath.Join(folder, name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, name+".lock"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(filepath.Join(folder, ".part-unlocked-3", "inside"), 0o700); err != nil { // killed before its lock was made
		t.Fatal(err)
	}
	living := flock.New(filepath.Join(folder, ".part-live-2.lock"))
	if err := living.Lock(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := living.Unlock(); err != nil {
			t.Error(err)
		}
	}()
	r, err := p.take(t.Context(), filesAt("m.csv"))
	if err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	want := []string{".part-live-2", ".part-live-2.lock", filepath.Base(r.Folder)}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSnapshotsAreTakenSideBySide(t *testing.T) {
	p := newPlace(t, map[string]string{"m.csv": "id,name\n1,a\n"})
	var work errgroup.Group
	for i := range 64 {
		work.Go(func() error {
			source := filesAt("m.csv")
			source.Name = fmt.Sprint("m", i)
			_, err := p.take(t.Context(), source)
			return err
		})
	}
	if err := work.Wait(); err != nil {
		t.Error(err)
	}
}

func TestSnapshotIsClosedToOthers(t *testing.T) {
	p := newPlace(t, map[string]string{"m.csv": "id\n1\n"})
	r, err := p.take(t.Context(), filesAt("m.csv"))
	if err != nil {
		t.Fatal(err)
	}
	err = filepath.WalkDir(filepath.Join(p.out, "snapshots"), func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s is %v", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"members.parquet", "rejects-members.parquet", "origin.json"} {
		if _, err := os.Stat(filepath.Join(r.Folder, name)); err != nil {
			t.Error(err)
		}
	}
}

func TestSnapshotOfHeaderOnly(t *testing.T) {
	p := newPlace(t, map[string]string{"m.csv": "id,name\n"})
	r, err := p.take(t.Context(), filesAt("m.csv"))
	if err != nil {
		t.Fatal(err)
	}
	sum, n, err := session(t, p).ContentHash(t.Context(), r.File, r.Columns)
	if err != nil || n != 0 || sum != r.ContentSHA256 {
		t.Errorf("SQL gives %s of %d rows (%v), the writer %s of %d", sum, n, err, r.ContentSHA256, r.Rows)
	}
}

// benchFile writes a file of n rows with 12 columns, as a roster has them.
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
