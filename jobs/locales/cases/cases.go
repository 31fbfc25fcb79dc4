// Package cases reads the tables of testdata/locale for tests: what registers of a
// country write, what is made of it, and where that is written or what it follows from.
package cases

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Case is a line of a table: written | normal form | rules | source.
type Case struct {
	Line                           int
	Written, Normal, Rules, Source string
}

// Each runs a test for each country's table of a kind (names, dates, identifiers,
// phones, places), of which there must be so many. root is the way to the project's folder.
func Each(t *testing.T, root, kind string, least int, run func(t *testing.T, country, table string, all []Case)) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, "testdata", "locale", "*-"+kind+".txt"))
	if err != nil || len(files) < least {
		t.Fatalf("found %d tables of %s: %v", len(files), kind, err)
	}
	for _, file := range files {
		name := filepath.Base(file)
		country, _, _ := strings.Cut(name, "-")
		t.Run(country, func(t *testing.T) { run(t, country, name, read(t, file)) })
	}
}

func read(t *testing.T, file string) []Case {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var all []Case
	line := 0
	for text := range strings.Lines(string(data)) {
		line++
		text = strings.TrimRight(text, "\n")
		if strings.HasPrefix(text, "#") {
			continue
		}
		f := strings.Split(text, " | ")
		if len(f) != 4 || !strings.HasPrefix(f[3], "cited: ") && !strings.HasPrefix(f[3], "derived: ") {
			t.Fatalf("%s:%d is not: written | normal form | rules | cited: … or derived: …", filepath.Base(file), line)
		}
		all = append(all, Case{line, f[0], f[1], strings.TrimSpace(f[2]), f[3]})
	}
	return all
}
