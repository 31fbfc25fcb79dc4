package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// mustRun runs a command line that has to end well.
func mustRun(t *testing.T, args ...string) string {
	t.Helper()
	code, stdout, stderr := call(t, args...)
	if code != 0 {
		t.Fatalf("rollcall %s ended with %d: %s", strings.Join(args, " "), code, stderr)
	}
	if stderr != "" {
		t.Errorf("rollcall %s wrote to stderr, which is no terminal: %q", args[0], stderr)
	}
	return stdout
}

// smallRun is the folder of a run over a made country of 300 households.
func smallRun(t *testing.T, seed string) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "country")
	mustRun(t, "synth", folder, "--households", "300", "--seed", seed)
	mustRun(t, "run", filepath.Join(folder, "job.yaml"), "--as-of", "2026-08-31")
	return filepath.Join(folder, "out/latest")
}

// hamlet writes a register of deaths and a roster about the same people, and the
// true pairs; a third file has the members twice, some of them misspelt.
func hamlet(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	rng := rand.New(rand.NewPCG(3, 5))
	syllables := strings.Fields("ra hi ma ka lo ti na su be da go pi ru fa jo le mi no sa tu")
	name := func() string {
		n := ""
		for range 2 + rng.IntN(2) {
			n += syllables[rng.IntN(len(syllables))]
		}
		return strings.ToUpper(n[:1]) + n[1:]
	}
	deaths := [][]string{{"death_no", "first_name", "last_name", "sex", "date_of_birth", "date_of_death"}}
	roster := [][]string{{"member_no", "first_name", "last_name", "gender", "dob", "household_id", "relationship"}}
	twice := [][]string{roster[0]}
	truth := [][]string{{"death", "member"}}
	doubles := [][]string{{"a", "b"}}
	for i := range 800 {
		given, family, sex := name(), name(), []string{"M", "F"}[rng.IntN(2)]
		born := fmt.Sprintf("%d-%02d-%02d", 1930+rng.IntN(70), 1+rng.IntN(12), 2+rng.IntN(27))
		d, m := fmt.Sprintf("D%04d", i), fmt.Sprintf("M%04d", i)
		if i < 300 {
			deaths = append(deaths, []string{d, given, family, sex, born, fmt.Sprintf("2024-%02d-11", 1+i%12)})
		}
		if i >= 150 {
			row := []string{m, given, family, sex, born, fmt.Sprintf("H%03d", i/4), []string{"Head", "Son", "Wife"}[i%3]}
			roster, twice = append(roster, row), append(twice, row)
			if i%2 == 0 {
				again := append([]string{"X" + m}, row[1:]...)
				again[1] = again[1][:len(again[1])-1] + "o"
				twice = append(twice, again)
				doubles = append(doubles, []string{"X" + m, m})
			}
		}
		if i >= 150 && i < 300 {
			truth = append(truth, []string{d, m})
		}
	}
	for file, rows := range map[string][][]string{"deaths.csv": deaths, "roster.csv": roster, "twice.csv": twice, "truth.csv": truth, "doubles.csv": doubles} {
		var b bytes.Buffer
		if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, file), b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func contains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("%q is missing in\n%s", p, text)
		}
	}
}

func TestTwoFiles(t *testing.T) {
	folder := hamlet(t)
	at := func(name string) string { return filepath.Join(folder, name) }
	said := mustRun(t, "link", at("deaths.csv"), at("roster.csv"), "--out", at("linked"))
	contains(t, said, "compared   first_name, last_name, sex with gender, date_of_birth with dob", "links between 300 and 650 records", "quality.html")

	measured := mustRun(t, "evaluate", at("linked"), "--truth", at("truth.csv"))
	contains(t, measured, "true pairs 150", "run's 0.5")
	var precision, recall float64
	line := measured[strings.Index(measured, "run's 0.5"):]
	if _, err := fmt.Sscanf(line, "run's 0.5 %f %f", &precision, &recall); err != nil || precision < 0.98 || recall < 0.98 {
		t.Errorf("precision %.3f, recall %.3f of\n%s", precision, recall, measured)
	}

	why := mustRun(t, "explain", at("linked"), "D0200", "M0200")
	contains(t, why, "given_name", "birth", "any two records", "equal", "linked: probability")
	why = mustRun(t, "explain", at("linked"), "D0200", "M0700")
	contains(t, why, "differs", "not linked")

	mustRun(t, "link", at("deaths.csv"), at("roster.csv"), "--out", at("again"), "--spec", at("linked/spec.yaml"))
	measured = mustRun(t, "evaluate", at("again"), "--truth", at("truth.csv"))
	contains(t, measured, line[:strings.Index(line, "\n")])
}

func TestOneFile(t *testing.T) {
	folder := hamlet(t)
	at := func(name string) string { return filepath.Join(folder, name) }
	said := mustRun(t, "dedupe", at("twice.csv"), "--out", at("people"), "--ignore", "relationship", "--threads", "2", "--memory", "1GiB")
	contains(t, said, "different people in 975 records", "clusters.csv")
	measured := mustRun(t, "evaluate", at("people"), "--truth", at("doubles.csv"))
	var precision, recall float64
	line := measured[strings.Index(measured, "run's 0.5"):]
	if _, err := fmt.Sscanf(line, "run's 0.5 %f %f", &precision, &recall); err != nil || precision < 0.98 || recall < 0.98 {
		t.Errorf("precision %.3f, recall %.3f of\n%s", precision, recall, measured)
	}
	// The truth may as well say who each record is.
	byPerson := mustRun(t, "evaluate", at("people"), "--truth", at("people/clusters.csv"))
	contains(t, byPerson, "1.0000    1.0000    1.0000")
}

func TestProfileShowsNoValues(t *testing.T) {
	folder := hamlet(t)
	file := filepath.Join(folder, "deaths.csv")
	said := mustRun(t, "profile", file)
	contains(t, said, "300 rows, 6 columns", "date of birth", "given name", "9+-9+-9+", "100.0%")
	if strings.Contains(said, "2024-") || strings.Contains(said, "D0001") {
		t.Errorf("values are shown without being asked for:\n%s", said)
	}
	contains(t, mustRun(t, "profile", file, "--show-values"), "2024-")
}

func TestInitMakesJobThatIsInOrder(t *testing.T) {
	folder := hamlet(t)
	at := func(name string) string { return filepath.Join(folder, name) }
	said := mustRun(t, "init", at("job"), "--crvs", at("deaths.csv"), "--sp", at("roster.csv"))
	contains(t, said, "deaths.csv: deaths, 300 rows", "roster.csv: members, 650 rows", "job.yaml", "benefit.yaml")
	contains(t, mustRun(t, "check", at("job/job.yaml")), "is in order")
	text, err := os.ReadFile(at("job/job.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	contains(t, string(text), "occurred: date_of_death", "given_name: first_name", "birth: dob", "household: household_id", "data: '..'")
	code, _, stderr := call(t, "init", at("job"), "--crvs", at("deaths.csv"), "--sp", at("roster.csv"))
	if code != 2 || !strings.Contains(stderr, "is there already") {
		t.Errorf("over a job that is there: %d, %s", code, stderr)
	}
}

func TestGroupOf(t *testing.T) {
	for _, c := range []struct{ path, side, pattern, name string }{
		{"crvs/births-2024-01.csv", "crvs", "crvs/births-*.csv", "births"},
		{"Deaths 2024.xlsx", "crvs", "Deaths *.xlsx", "deaths"},
		{"sp/2024-01/members.csv", "sp", "sp/{date:2006-01}/members.csv", "members"},
		{"roster_20240131.csv", "sp", "roster_{date:20060102}.csv", "roster"},
		{"sp/payments/payments-2024-01.csv", "sp", "sp/payments/payments-*.csv", "payments"},
		{"roster.csv", "sp", "roster.csv", "roster"},
	} {
		if g := groupOf(c.path, c.side); g.pattern != c.pattern || g.name != c.name {
			t.Errorf("%s of %s became %q named %q, want %q named %q", c.path, c.side, g.pattern, g.name, c.pattern, c.name)
		}
	}
}

func TestFileVerbsRefuse(t *testing.T) {
	folder := hamlet(t)
	at := func(name string) string { return filepath.Join(folder, name) }
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"link", at("deaths.csv")}, "link takes two files and got 1 arguments"},
		{[]string{"link", at("deaths.csv"), at("roster.csv")}, "--out is missing"},
		{[]string{"link", at("deaths.csv"), at("nosuch.csv"), "--out", at("o")}, "there is no file"},
		{[]string{"link", at("deaths.csv"), folder, "--out", at("o")}, "is a folder"},
		{[]string{"link", at("deaths.csv"), at("roster.csv"), "--out", at("o"), "--left-id", "id"}, `has no column "id" for its ids; it has death_no`},
		{[]string{"link", at("deaths.csv"), at("roster.csv"), "--out", at("o"), "--memory", "lots"}, "lots"},
		{[]string{"link", at("deaths.csv"), at("roster.csv"), "--out", at("o"), "--spec", at("nosuch.yaml")}, "nosuch.yaml"},
		{[]string{"dedupe", at("deaths.csv"), "--no-such-flag"}, "unknown flag"},
		{[]string{"evaluate", folder, "--truth", at("truth.csv")}, "neither a folder of link or dedupe nor a run"},
		{[]string{"evaluate", folder}, "--truth is missing"},
		{[]string{"explain", folder, "a", "b"}, "neither a folder of link or dedupe nor a run"},
		{[]string{"profile"}, "profile takes files or one job file"},
		{[]string{"init", at("job")}, "both --crvs and --sp are needed"},
		{[]string{"init", at("job"), "--crvs", at("truth.csv"), "--sp", at("roster.csv")}, "no file of the register was recognised"},
	} {
		code, stdout, stderr := call(t, c.args...)
		if code != 2 || !strings.Contains(stderr, c.want) {
			t.Errorf("rollcall %s: %d, %q; want 2 and %q", strings.Join(c.args, " "), code, stderr, c.want)
		}
		if stdout != "" && c.args[0] != "init" {
			t.Errorf("rollcall %s printed %q before it refused", c.args[0], stdout)
		}
	}
}

// Registers come month by month and in versions: the whole of them is one source,
// and the number that its versions share is its key.
func TestInitOfFolders(t *testing.T) {
	folder := t.TempDir()
	at := func(name string) string { return filepath.Join(folder, name) }
	call(t, "synth", at("country"), "--households", "300", "--seed", "3")
	said := mustRun(t, "init", at("job"), "--crvs", at("country/crvs"), "--sp", at("country/sp"))
	contains(t, said, "crvs/births-*.csv: births", "crvs/deaths-*.csv: deaths", "crvs/marriages-*.csv: marriages",
		"members.csv: members", "enrolments.csv: enrolments", "payments-*.csv: payments")
	contains(t, mustRun(t, "check", at("job/job.yaml")), "is in order", "event with deceased, spouse", "old_age")
	text, err := os.ReadFile(at("job/job.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	contains(t, string(text), "key: registration_no", "version: version", "received: received_on", "path: sp/{date:2006-01}/members.csv", "national_id: deceased_national_id")
}

// TestInterrupted: who stops a linkage is told what was not finished, and finds
// nothing half-written.
func TestInterrupted(t *testing.T) {
	folder := hamlet(t)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	var stdout, stderr bytes.Buffer
	out := filepath.Join(folder, "linked")
	code := execute(ctx, []string{"link", filepath.Join(folder, "deaths.csv"), filepath.Join(folder, "roster.csv"), "--out", out}, &stdout, &stderr)
	if code != exitInterrupted {
		t.Errorf("ended with %d, want %d", code, exitInterrupted)
	}
	if said := stderr.String(); !strings.HasPrefix(said, "rollcall: interrupted: ") || !strings.HasSuffix(said, " was not finished\n") {
		t.Errorf("it said %q", said)
	}
	if _, err := os.Stat(out); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s is there, or not to be seen: %v", out, err)
	}
}
