package audit_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"rollcall/connectors"
	"rollcall/pipeline/audit"
	"rollcall/pipeline/extract"
	"rollcall/pipeline/store"
	"rollcall/pipeline/tables"
)

// made is a finished run in a folder of its own: one snapshot, one stage, two
// reports, and the run's log, which nobody vouches for.
func made(t *testing.T, modified time.Time) (folder, sum string) {
	t.Helper()
	out := t.TempDir()
	folder = filepath.Join(out, "runs", "monthly-1")
	s, err := store.Open(t.Context(), store.Options{Folder: folder, Threads: 1, Readable: []string{filepath.Join(out, "snapshots")}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	st, _, err := s.Begin(t.Context(), "decide", strings.Repeat("0123456789ab", 2))
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []error{
		st.Table(t.Context(), tables.Household(), "SELECT *, NULL AS source, NULL AS area_code, NULL AS area_written, NULL AS address, NULL AS phone, NULL AS enumerated_on FROM (VALUES ('h/2'), ('h/1')) AS t(household_id)"),
		os.WriteFile(filepath.Join(st.Work(), "linkage.json"), []byte("{}\n"), 0o600),
		st.File("linkage", "linkage.json"),
		st.Finish(t.Context()),
		os.Mkdir(filepath.Join(folder, "reports"), 0o700),
		s.Exec(t.Context(), "COPY (SELECT 1 AS a, 'x' AS b) TO "+tables.Literal(filepath.Join(folder, "reports", "exits.parquet"))+" (FORMAT parquet)"),
		os.WriteFile(filepath.Join(folder, "reports", "exits.csv"), []byte("a,b\r\n1,x\r\n"), 0o600),
		os.WriteFile(filepath.Join(folder, "run.log"), []byte("decide took 3 s\n"), 0o600),
		os.MkdirAll(filepath.Join(out, "snapshots", "5e"), 0o700),
		os.WriteFile(filepath.Join(out, "snapshots", "5e", "deaths.parquet"), []byte("rows"), 0o600),
		os.WriteFile(filepath.Join(out, "snapshots", "5e", "rejects-deaths.parquet"), []byte("rejects"), 0o600),
	} {
		if step != nil {
			t.Fatal(step)
		}
	}
	snapshot := extract.Result{
		Source: "deaths", Connector: "files", Rows: 10, Rejected: 1, ContentSHA256: strings.Repeat("5e", 32),
		File: filepath.Join(out, "snapshots", "5e", "deaths.parquet"), RejectsFile: filepath.Join(out, "snapshots", "5e", "rejects-deaths.parquet"),
		Origins: []connectors.Origin{{Name: "crvs/deaths-2025-06.csv", SHA256: strings.Repeat("77", 32), Bytes: 512, Modified: modified, Rows: 11}},
	}
	snapshot.FileSHA256, _ = store.FileHash(snapshot.File)
	snapshot.RejectsFileSHA256, _ = store.FileHash(snapshot.RejectsFile)
	sum, err = audit.Manifest(t.Context(), s, folder, audit.Run{
		ID: "monthly-1", Job: "monthly", Status: "complete", AsOf: time.Date(2025, 6, 30, 0, 0, 0, 0, time.UTC),
		ProgramVersion: "0.1.0", DuckDBVersion: "v1.5.6", ConfigSHA256: strings.Repeat("c0", 32),
		Configuration: []audit.Reference{{Name: "programmes/old_age.yaml", SHA256: strings.Repeat("2", 64)}, {Name: "job.yaml", SHA256: strings.Repeat("1", 64)}},
		Snapshots:     []extract.Result{snapshot},
	})
	if err != nil {
		t.Fatal(err)
	}
	return folder, sum
}

func verify(t *testing.T, folder string) []audit.Problem {
	t.Helper()
	problems, err := audit.Verify(folder, nil)
	if err != nil {
		t.Fatal(err)
	}
	return problems
}

func TestAnUntouchedRunHasNoProblem(t *testing.T) {
	folder, _ := made(t, time.Time{})
	if p := verify(t, folder); len(p) > 0 {
		t.Errorf("problems of an untouched run: %v", p)
	}
}

// Every file that the manifest vouches for, and every byte of it.
func TestAFlippedByteIsFound(t *testing.T) {
	folder, _ := made(t, time.Time{})
	stage, err := filepath.Glob(filepath.Join(folder, "stages", "*", "*"))
	if err != nil || len(stage) != 3 {
		t.Fatalf("the stage has the files %v, want a table, a report and done.json", stage)
	}
	files := append(stage,
		filepath.Join(folder, "reports", "exits.parquet"), filepath.Join(folder, "reports", "exits.csv"),
		filepath.Join(folder, "..", "..", "snapshots", "5e", "deaths.parquet"), filepath.Join(folder, "..", "..", "snapshots", "5e", "rejects-deaths.parquet"),
		filepath.Join(folder, audit.ManifestName), filepath.Join(folder, audit.SumsName))
	for _, name := range files {
		whole, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		want, _ := filepath.Rel(folder, name)
		for at := 0; at < len(whole); at += max(1, len(whole)/40) {
			broken := bytes.Clone(whole)
			broken[at] ^= 1
			if err := os.WriteFile(name, broken, 0o600); err != nil {
				t.Fatal(err)
			}
			found := verify(t, folder)
			// The two lists vouch for each other: when they disagree on the hash of
			// one of them, either may be the altered one.
			lists := name == files[len(files)-1]
			if len(found) != 1 || found[0].Kind != audit.Altered || (found[0].Path != filepath.ToSlash(want) && !lists) {
				t.Fatalf("byte %d of %s flipped: found %v, want that file altered and nothing else", at, want, found)
			}
		}
		if err := os.WriteFile(name, whole, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestMissingAndUnknownFilesAreFound(t *testing.T) {
	folder, _ := made(t, time.Time{})
	if err := os.Rename(filepath.Join(folder, "reports", "exits.csv"), filepath.Join(folder, "reports", "more.csv")); err != nil {
		t.Fatal(err)
	}
	want := []audit.Problem{{Path: "reports/exits.csv", Kind: audit.Missing}, {Path: "reports/more.csv", Kind: audit.Unknown}}
	if diff := cmp.Diff(want, verify(t, folder), cmpopts.IgnoreFields(audit.Problem{}, "Want", "Got")); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

func TestALostListIsFound(t *testing.T) {
	for _, name := range []string{audit.ManifestName, audit.SumsName} {
		folder, _ := made(t, time.Time{})
		if err := os.Remove(filepath.Join(folder, name)); err != nil {
			t.Fatal(err)
		}
		want := []audit.Problem{{Path: name, Kind: audit.Missing}}
		if diff := cmp.Diff(want, verify(t, folder), cmpopts.IgnoreFields(audit.Problem{}, "Want", "Got")); diff != "" {
			t.Errorf("without %s (-want +got):\n%s", name, diff)
		}
	}
}

// An auditor has sha256sum, and not this program.
func TestSha256sumAloneVerifies(t *testing.T) {
	tool, err := exec.LookPath("sha256sum")
	if err != nil {
		t.Skip("sha256sum is not installed: what it says of SHA256SUMS is not tested")
	}
	folder, _ := made(t, time.Time{})
	check := func() ([]byte, error) {
		c := exec.CommandContext(t.Context(), tool, "--check", "--strict", audit.SumsName)
		c.Dir = folder
		return c.CombinedOutput()
	}
	out, err := check()
	if err != nil {
		t.Fatalf("sha256sum on an untouched run: %v\n%s", err, out)
	}
	for _, name := range []string{"manifest.json", "reports/exits.parquet", "snapshots/5e/deaths.parquet", "household.parquet"} {
		if !strings.Contains(string(out), name+": OK") {
			t.Errorf("sha256sum does not check %s:\n%s", name, out)
		}
	}
	if err := os.WriteFile(filepath.Join(folder, "reports", "exits.csv"), []byte("a,b\r\n2,x\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := check(); err == nil || !strings.Contains(string(out), "reports/exits.csv: FAILED") {
		t.Errorf("sha256sum does not find the altered list: %v\n%s", err, out)
	}
}

// The day on which a file was copied is not what it says.
func TestTheSameInputsGiveTheSameManifest(t *testing.T) {
	_, first := made(t, time.Date(2025, 7, 1, 8, 0, 0, 0, time.UTC))
	_, second := made(t, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	if first != second {
		t.Errorf("two runs on the same inputs have the manifests %s and %s", first, second)
	}
}

func TestTheManifestSaysWhatAnAuditorAsks(t *testing.T) {
	folder, sum := made(t, time.Time{})
	data, err := os.ReadFile(filepath.Join(folder, audit.ManifestName))
	if err != nil {
		t.Fatal(err)
	}
	var m struct {
		AsOf          string `json:"as_of"`
		Program       string `json:"program_version"`
		DuckDB        string `json:"duckdb_version"`
		Config        string `json:"config_sha256"`
		Configuration []struct{ Name string }
		Inputs        []struct {
			Content string `json:"content_sha256"`
			Origins []struct{ Name, SHA256 string }
		}
		Files []struct {
			Path    string
			Rows    int64
			Content string `json:"content_sha256"`
		}
	}
	if err := json.Unmarshal(data, &m); err != nil {
		t.Fatal(err)
	}
	if got := []string{m.AsOf, m.Program, m.DuckDB, m.Config, m.Configuration[0].Name, m.Inputs[0].Content, m.Inputs[0].Origins[0].SHA256}; !cmp.Equal(got, []string{
		"2025-06-30", "0.1.0", "v1.5.6", strings.Repeat("c0", 32), "job.yaml", strings.Repeat("5e", 32), strings.Repeat("77", 32),
	}) {
		t.Errorf("the manifest says %q", got)
	}
	withContent := []string{}
	for _, f := range m.Files {
		if f.Content != "" {
			withContent = append(withContent, filepath.Base(f.Path))
		}
	}
	if diff := cmp.Diff([]string{"exits.parquet", "household.parquet"}, withContent); diff != "" {
		t.Errorf("files with a content hash (-want +got):\n%s", diff)
	}
	if got, _ := store.FileHash(filepath.Join(folder, audit.ManifestName)); got != sum {
		t.Errorf("Manifest returned %s, the file has %s", sum, got)
	}
	if strings.Contains(string(data), "run.log") {
		t.Error("the manifest vouches for the run's log, which has timings")
	}
}

// A manifest over an unfinished run would vouch for something half-written.
func TestAnUnfinishedRunHasNoManifest(t *testing.T) {
	folder, _ := made(t, time.Time{})
	s, err := store.Open(t.Context(), store.Options{Folder: folder, Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := os.WriteFile(filepath.Join(folder, "reports", "exits.xlsx.part"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := audit.Manifest(t.Context(), s, folder, audit.Run{ID: "monthly-1"}); err == nil || !strings.Contains(err.Error(), "exits.xlsx.part is unfinished") {
		t.Errorf("Manifest over an unfinished file: %v", err)
	}
}
