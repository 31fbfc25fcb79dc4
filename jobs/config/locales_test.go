package config

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"rollcall/jobs/locales"
	"rollcall/matchers/locale"
)

// TestPacks: every pack that comes with the program is in order.
func TestPacks(t *testing.T) {
	for _, name := range locales.Names() {
		l, err := LoadLocale(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if len(l.Files) == 0 || l.SHA256 == "" {
			t.Errorf("%s does not say what it was made from", name)
		}
	}
}

// TestNeutral: ZZ as a file and as programs have it are one pack.
func TestNeutral(t *testing.T) {
	l, err := LoadLocale("ZZ")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(locale.Neutral(), l.Pack, cmpopts.IgnoreUnexported(locale.Pack{}), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("jobs/locales/ZZ.yaml is not locale.Neutral (-program +file):\n%s", diff)
	}
}

// TestBadPacks holds every mistake of the catalogue against its message.
func TestBadPacks(t *testing.T) {
	t.Chdir("../../testdata/config/locales")
	names, err := filepath.Glob("*.bad.yml")
	if err != nil || len(names) < 8 {
		t.Fatalf("found %d bad files: %v", len(names), err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(name, ".bad.yml"), func(t *testing.T) {
			_, err := LoadLocale(name)
			var all *Errors
			if !errors.As(err, &all) {
				t.Fatalf("LoadLocale gave no list of mistakes: %v", err)
			}
			golden(t, strings.TrimSuffix(name, ".bad.yml")+".txt", err.Error()+"\n")
		})
	}
}
