package config

import (
	"os"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzJobFile: whatever a job file holds, each mistake is told at a place that is
// in the file.
func FuzzJobFile(f *testing.F) {
	for _, name := range []string{"testdata/country/job.yaml", "../../testdata/village/job.yaml", "../../testdata/config/several.bad.yml"} {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data))
	}
	f.Add("rollcall: 1\nname: 'বাংলা\tx'\nsources: {a: [*b, &c d]}\n")
	f.Add("rollcall: |\n  1\nname: >-\n\n  x\n? [a]\n: b\n")
	f.Fuzz(func(t *testing.T, text string) {
		var errs Errors
		doc := parse([]byte(text), "job.yaml", &errs)
		if doc.root != nil && isJob(doc) {
			doc.root.check(jobShape(registry()))
		}
		lines := strings.Count(text, "\n") + 1
		for _, e := range errs {
			if e.Line < 0 || e.Line > lines || !strings.HasPrefix(e.Error(), "job.yaml:") {
				t.Errorf("told at line %d of %d: %s", e.Line, lines, e)
			}
		}
	})
}

// FuzzExpression: whatever stands where an SQL expression should, DuckDB parses it
// or says where it is wrong, inside the text.
func FuzzExpression(f *testing.F) {
	for _, seed := range []string{
		"a", "lower(trim(a)) || '-' || b", "CASE WHEN a = 'x' THEN 1 END", "code('area', a)", "a;", "SELECT 1", "(SELECT 1)", "'", `"`, "a -- b", "$1", "x -> x", "নাম ||", "TRY_CAST(a AS DATE)", "a.b.c", "[1, 2][a]", "/*",
	} {
		f.Add(seed)
	}
	p, err := newParser(f.Context())
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(p.close)
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			t.Skip("no job file holds it: see not_utf8.bad.yml")
		}
		_, problems, err := p.check(t.Context(), text, scope{codes: []string{"area"}, bind: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, problem := range problems {
			if problem.offset < 0 || problem.offset > len(text) || problem.message == "" {
				t.Errorf("at %d of %d: %q", problem.offset, len(text), problem.message)
			}
		}
	})
}
