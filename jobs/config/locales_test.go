package config

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"rollcall/jobs/locales"
	"rollcall/matchers/locale"
	"rollcall/pipeline/audit"
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

// TestLocaleOfJob: a job's pack is its own, or the site's, and part of what its runs
// rest on.
func TestLocaleOfJob(t *testing.T) {
	folder := t.TempDir()
	if err := os.CopyFS(folder, os.DirFS("testdata/country")); err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	_, example, _ := strings.Cut(referenceHead, "```yaml\n")
	example, _, _ = strings.Cut(example, "```")
	write("own.yaml", "rollcall_locale: 1\ncountry: XK\ntitle: ours\nextends: BD\ntitles:\n  - {written: kapitan, why: rank}\n")
	hashes := map[string]string{}
	for _, c := range []struct{ job, site, country, normal string }{
		{"", "", "", ""},
		{"locale: BD\n", "locale: NP\n", "BD", "kapitan mohammad karim"},
		{"locale: own.yaml\n", "", "XK", "mohammad karim"},
		{"", "locale: own.yaml\n", "XK", "mohammad karim"},
	} {
		write("job.yaml", c.job+example)
		write(SiteName, c.site+"people:\n  - {id: a, name: A, role: officer}\n")
		job, err := Load(t.Context(), filepath.Join(folder, "job.yaml"), registry())
		if err != nil {
			t.Fatalf("with %q and site %q: %v", c.job, c.site, err)
		}
		if c.country == "" {
			if job.Locale.Pack != nil {
				t.Errorf("a job without a pack has %s", job.Locale.Country)
			}
			hashes[job.SHA256] = "none"
			continue
		}
		if got := job.Locale.Normal("Kapitan Md. Karim"); job.Locale.Country != c.country || got != c.normal {
			t.Errorf("with %q and site %q the pack is %s and makes %q", c.job, c.site, job.Locale.Country, got)
		}
		if !slices.ContainsFunc(job.Files, func(f audit.Reference) bool { return f.Name == "locale/BD.yaml" }) {
			t.Errorf("with %q and site %q the files of the run are %v", c.job, c.site, job.Files)
		}
		hashes[job.SHA256] = c.country
	}
	if len(hashes) < 4 {
		t.Errorf("jobs of other packs have the same hash: %v", hashes)
	}
}
