package audit_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rollcall/pipeline/audit"
	"rollcall/pipeline/store"
	"rollcall/pipeline/tables"
)

// sealedRun is a run with a list in each format, sealed with the key.
func sealedRun(t *testing.T) (folder string, key audit.Key) {
	t.Helper()
	folder = filepath.Join(t.TempDir(), "runs", "monthly-1")
	reports := filepath.Join(folder, "reports")
	s, err := store.Open(t.Context(), store.Options{Folder: folder, Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := os.MkdirAll(reports, 0o700); err != nil {
		t.Fatal(err)
	}
	err = s.Exec(t.Context(), "COPY (SELECT i AS a, 'name ' || i AS b FROM range(5000) t(i) ORDER BY i) TO "+
		tables.Literal(filepath.Join(reports, "exits.parquet"))+" (FORMAT parquet, COMPRESSION uncompressed, ROW_GROUP_SIZE 2048)")
	if err != nil {
		t.Fatal(err)
	}
	csv := "a,b\r\n1,x\r\n2,\"two\r\nlines\"\r\n3,z\r\n4,\"\"\"\"\r\n5,z\r\n"
	if err := os.WriteFile(filepath.Join(reports, "exits.csv"), []byte(csv), 0o600); err != nil {
		t.Fatal(err)
	}
	var book bytes.Buffer
	w := zip.NewWriter(&book)
	for _, name := range []string{"[Content_Types].xml", "xl/worksheets/sheet1.xml"} {
		m, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(m, strings.Repeat(name, 20))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(reports, "exits.xlsx"), book.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if key, err = audit.MakeKey(filepath.Join(t.TempDir(), "owner", "row.key")); err != nil {
		t.Fatal(err)
	}
	if _, err := audit.Manifest(t.Context(), s, folder, audit.Run{ID: "monthly-1", Key: key}); err != nil {
		t.Fatal(err)
	}
	if p, err := audit.Verify(folder, key); err != nil || len(p) > 0 {
		t.Fatalf("an untouched run has problems %v, %v", p, err)
	}
	return folder, key
}

// altered replaces a text of a file once, verifies and puts the file back.
func altered(t *testing.T, folder string, key audit.Key, name, from, to string) audit.Problem {
	t.Helper()
	file := filepath.Join(folder, "reports", name)
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(whole, []byte(from)) {
		t.Fatalf("%s has no %q", name, from)
	}
	if err := os.WriteFile(file, bytes.Replace(whole, []byte(from), []byte(to), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	found, err := audit.Verify(folder, key)
	if err != nil || len(found) != 1 || found[0].Path != "reports/"+name {
		t.Fatalf("%s with %q for %q: found %v, %v", name, to, from, found, err)
	}
	if err := os.WriteFile(file, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	return found[0]
}

func TestWhatWasAlteredIsNamed(t *testing.T) {
	folder, key := sealedRun(t)
	for _, c := range []struct{ file, from, to, want string }{
		{"exits.csv", "1,x", "1,y", "row 1 after the header"},
		{"exits.csv", "lines", "liner", "row 2 after the header"},
		{"exits.csv", "two\r\n", "two \n", "row 2 after the header"},
		{"exits.csv", "a,b", "a,c", "the header"},
		{"exits.csv", "\"\"\"\"", "x\"\"\"", "row 4 after the header"}, // the quotes no longer match
		{"exits.csv", "3,z\r\n", "", "row 3 after the header is gone"},
		{"exits.csv", "3,z\r\n4,\"\"\"\"\r\n", "", "row 3 after the header to row 4 after the header are gone"},
		{"exits.csv", "1,x\r\n", "1,x\r\n9,n\r\n", "5 bytes were added between row 1 after the header and row 2 after the header"},
		{"exits.csv", "5,z\r\n", "5,z\r\n6,z\r\n", "5 bytes were added at its end"},
		{"exits.csv", "3,z", "3,zz", "row 3 after the header"},
		{"exits.parquet", "name 4000", "name 4oo0", "row group 2 (rows 2049 to 4096), column b"},
		{"exits.xlsx", "xl/worksheets", "xl/worksheetz", "file xl/worksheets/sheet1.xml in it"},
	} {
		p := altered(t, folder, key, c.file, c.from, c.to)
		if got := strings.Join(p.Where, "|"); got != c.want {
			t.Errorf("%s with %q for %q: altered are %q (%s), want %q", c.file, c.to, c.from, got, p.Unlocated, c.want)
		}
	}
}

// Every byte belongs to a part.
func TestEveryByteIsOfAPart(t *testing.T) {
	folder, key := sealedRun(t)
	for _, name := range []string{"exits.csv", "exits.parquet", "exits.xlsx"} {
		file := filepath.Join(folder, "reports", name)
		whole, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for at := 0; at < len(whole); at += max(1, len(whole)/60) {
			broken := bytes.Clone(whole)
			broken[at] ^= 1
			if err := os.WriteFile(file, broken, 0o600); err != nil {
				t.Fatal(err)
			}
			if found, err := audit.Verify(folder, key); err != nil || len(found) != 1 || len(found[0].Where) != 1 {
				t.Fatalf("byte %d of %s flipped: found %v, %v, want one part of one file", at, name, found, err)
			}
		}
		if err := os.WriteFile(file, whole, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// Without the key, and with another, the file is found all the same.
func TestWithoutTheKeyTheFileIsFound(t *testing.T) {
	folder, _ := sealedRun(t)
	other, err := audit.MakeKey(filepath.Join(t.TempDir(), "row.key"))
	if err != nil {
		t.Fatal(err)
	}
	for says, key := range map[string]audit.Key{"not at hand": nil, "another key": other} {
		if p := altered(t, folder, key, "exits.csv", "1,x", "1,y"); p.Kind != audit.Altered || !strings.Contains(p.String(), says) {
			t.Errorf("told %q, want %q in it", p, says)
		}
	}
}

// Equal rows of two files have seals that differ: nobody learns which rows stayed.
func TestASealTellsNothingOfARow(t *testing.T) {
	folder, _ := sealedRun(t)
	seal, err := os.ReadFile(filepath.Join(folder, "seals", "reports", "exits.csv.seal"))
	if err != nil {
		t.Fatal(err)
	}
	_, codes, _ := bytes.Cut(seal, []byte("\n"))
	if len(codes) != 6*20 {
		t.Fatalf("%d bytes of codes, want 20 for each of 6 records", len(codes))
	}
	again, _ := sealedRun(t) // the same rows, another owner's key
	other, err := os.ReadFile(filepath.Join(again, "seals", "reports", "exits.csv.seal"))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(other, codes[4:20]) {
		t.Error("the code of a row does not depend on the key")
	}
}

func TestAKeyIsItsOwnersAlone(t *testing.T) {
	file := filepath.Join(t.TempDir(), "row.key")
	key, err := audit.MakeKey(file)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := audit.MakeKey(file); err != nil || !bytes.Equal(key, again) {
		t.Errorf("a second run made another key: %v", err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key's file has mode %v, %v", info.Mode(), err)
	}
	if err := os.Chmod(file, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := audit.ReadKey(file); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("a key that others may read: %v", err)
	}
}
