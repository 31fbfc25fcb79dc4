package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// notHere are the bad files that need a connector which the program does not have.
var notHere = map[string]bool{"secret_misspelt": true, "secret_stays_hidden": true, "unknown_connector": true}

// TestCheckTellsEveryMistake: what the catalogue of bad files says is what a user
// sees, with exit code 2.
func TestCheckTellsEveryMistake(t *testing.T) {
	t.Chdir("../../testdata/config")
	files, err := filepath.Glob("*.bad.yml")
	must(t, err)
	for _, file := range files {
		name := strings.TrimSuffix(file, ".bad.yml")
		if notHere[name] {
			continue
		}
		want, err := os.ReadFile(name + ".txt")
		must(t, err)
		code, stdout, _ := call(t, "check", file)
		if diff := cmp.Diff(string(want), stdout); diff != "" || code != 2 {
			t.Errorf("check %s: exit %d, want 2 (-want +got):\n%s", file, code, diff)
		}
	}
}

// TestCheck: a good job is told with what it does and exit code 0, a bad one with
// every mistake and exit code 2.
func TestCheck(t *testing.T) {
	for _, c := range []struct {
		args           []string
		code           int
		stdout, stderr []string
	}{
		{[]string{"../../jobs/config/testdata/country/job.yaml"}, 0, []string{"is in order", "births", "widow", "BDT 550.00 a month"}, nil},
		{[]string{"../../testdata/config/unknown_field.bad.yml"}, 2, []string{`:8:5: unknown field "conector" in sources.births (did you mean "connector"?)`, "^^^^^^^^"}, []string{"has 1 mistake"}},
		{[]string{"../../testdata/config/several.bad.yml"}, 2, []string{":3:10:", ":18:20:", "overlap-2.yaml:5:13:"}, []string{"has 9 mistakes"}},
		{[]string{"no-such-file.yaml"}, 2, []string{"no-such-file.yaml: cannot be read: no such file or directory"}, []string{"has 1 mistake"}},
		{nil, 2, nil, []string{"accepts 1 arg"}},
	} {
		var stdout, stderr bytes.Buffer
		if code := execute(t.Context(), append([]string{"check"}, c.args...), &stdout, &stderr); code != c.code {
			t.Errorf("check %v: exit code %d, want %d\n%s", c.args, code, c.code, &stderr)
		}
		for _, want := range c.stdout {
			if !strings.Contains(stdout.String(), want) {
				t.Errorf("check %v does not print %q:\n%s", c.args, want, &stdout)
			}
		}
		for _, want := range c.stderr {
			if !strings.Contains(stderr.String(), want) {
				t.Errorf("check %v does not say %q:\n%s", c.args, want, &stderr)
			}
		}
	}
}
