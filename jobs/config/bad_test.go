package config

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rollcall/connectors"
	"rollcall/connectors/files"
)

var update = flag.Bool("update", false, "write the expected texts anew")

// registry has the connector for files and one with a secret.
func registry() connectors.Registry {
	return connectors.Registry{files.Connector(), {
		Name: "vault",
		Settings: []connectors.Setting{
			{Name: "password", Required: true, Secret: true, Doc: "password of the reader"},
		},
		New: func(connectors.Environment, connectors.Settings) (connectors.Source, error) { return nil, nil },
	}}
}

// TestBadFiles holds every mistake of the catalogue against the message that a
// user gets for it, to the last sign.
func TestBadFiles(t *testing.T) {
	t.Chdir("../../testdata/config")
	names, err := filepath.Glob("*.bad.yml")
	if err != nil || len(names) < 30 {
		t.Fatalf("found %d bad files: %v", len(names), err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(name, ".bad.yml"), func(t *testing.T) {
			_, err := Load(t.Context(), name, registry())
			var all *Errors
			if !errors.As(err, &all) {
				t.Fatalf("Load gave no list of mistakes: %v", err)
			}
			golden(t, strings.TrimSuffix(name, ".bad.yml")+".txt", err.Error()+"\n")
		})
	}
}

// TestBadSites is TestBadFiles for site files.
func TestBadSites(t *testing.T) {
	catalogue, err := filepath.Abs("../../testdata/config/sites")
	if err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob(filepath.Join(catalogue, "*.bad.yml"))
	if err != nil || len(names) == 0 {
		t.Fatalf("found %d bad files: %v", len(names), err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".bad.yml"), func(t *testing.T) {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			t.Chdir(t.TempDir())
			if err := os.WriteFile(SiteName, text, 0o600); err != nil {
				t.Fatal(err)
			}
			_, err = LoadSite(".")
			var all *Errors
			if !errors.As(err, &all) {
				t.Fatalf("LoadSite gave no list of mistakes: %v", err)
			}
			golden(t, strings.TrimSuffix(name, ".bad.yml")+".txt", err.Error()+"\n")
		})
	}
}

// golden holds a text against a file; -update writes the file.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s is not so any more (-want +got; -update writes it anew):\n%s", file, diff)
	}
}
