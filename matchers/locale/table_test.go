package locale_test

import (
	"bufio"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rollcall/jobs/config"
	"rollcall/matchers/locale"
)

// The dates of testdata/locale, read by their country's pack, are what they must be,
// and the rules that the table names have fired.
func TestTablesOfDates(t *testing.T) {
	files, err := filepath.Glob("../../testdata/locale/*-dates.txt")
	if err != nil || len(files) < 20 {
		t.Fatalf("found %d tables: %v", len(files), err)
	}
	for _, name := range files {
		country, _, _ := strings.Cut(filepath.Base(name), "-")
		t.Run(country, func(t *testing.T) {
			l, err := config.LoadLocale(country)
			if err != nil {
				t.Fatal(err)
			}
			read := locale.Dates{Order: l.Pack.DateOrder, Calendars: l.Pack.Calendars, LatestYear: 2026}.
				WithDefaults(locale.NewYear()).WithDefaults(l.Pack.DefaultDays)
			for _, c := range table(t, name) {
				iv, rules := read.Read(c.written)
				missing := slices.ContainsFunc(strings.Fields(c.rules), func(r string) bool { return !slices.Contains(rules, r) })
				if iv.String() != c.normal || missing {
					t.Errorf("%s:%d: %s is %q by %v, want %q by %s", filepath.Base(name), c.line, c.written, iv, rules, c.normal, c.rules)
				}
			}
		})
	}
}

// tableCase is a line of a table: written | normal form | rules | source.
type tableCase struct {
	line                           int
	written, normal, rules, source string
}

func table(t *testing.T, name string) []tableCase {
	t.Helper()
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var cases []tableCase
	scan := bufio.NewScanner(file)
	for line := 1; scan.Scan(); line++ {
		if text := scan.Text(); text != "" && !strings.HasPrefix(text, "#") {
			f := strings.Split(text, " | ")
			if len(f) != 4 || !strings.HasPrefix(f[3], "cited: ") && !strings.HasPrefix(f[3], "derived: ") {
				t.Fatalf("%s:%d: four fields are expected, the last cited: or derived: %s", name, line, text)
			}
			cases = append(cases, tableCase{line, f[0], f[1], strings.TrimSpace(f[2]), f[3]})
		}
	}
	return cases
}
