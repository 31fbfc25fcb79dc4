package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rollcall/connectors/all"
)

// TestReference: the page of all fields is what the declarations say.
func TestReference(t *testing.T) {
	golden(t, "../../docs/job-file.md", Reference(all.Registry()))
}

// TestReferenceExample: the example on the page can be used.
func TestReferenceExample(t *testing.T) {
	_, example, _ := strings.Cut(referenceHead, "```yaml\n")
	example, _, _ = strings.Cut(example, "```")
	folder := t.TempDir()
	if err := os.CopyFS(folder, os.DirFS("testdata/country")); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, "example.yaml")
	if err := os.WriteFile(path, []byte(example), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(t.Context(), path, registry()); err != nil {
		t.Error(err)
	}
}
