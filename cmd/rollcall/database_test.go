package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"rollcall/connectors/postgres/testserver"
)

// TestDatabaseThatGoesAway: a roster in PostgreSQL is read; when the database ends
// the session in mid-read, the run is partial, says after how many rows, accounts
// for each of them and lists nothing.
func TestDatabaseThatGoesAway(t *testing.T) {
	s := testserver.Start(t)
	members, err := os.ReadFile("../../testdata/village/members.csv")
	must(t, err)
	var rows []string
	for _, line := range strings.Split(strings.TrimSpace(string(members)), "\n")[1:] {
		rows = append(rows, "('"+strings.ReplaceAll(line, ",", "','")+"')")
	}
	s.Exec(t, "CREATE TABLE members (member_no text, household_no text, given_name text, family_name text, sex text, date_of_birth text, national_id text)",
		"INSERT INTO members VALUES "+strings.Join(rows, ","),
		// After 30,000 further rows the view's reader ends its own session.
		`CREATE VIEW breaking AS SELECT * FROM members UNION ALL
			SELECT 'X' || i, 'H' || i, 'Given' || i, 'Family' || i, 'male', '1960-01-01',
				CASE WHEN i = 30000 THEN pg_terminate_backend(pg_backend_pid())::text END FROM generate_series(1, 40000) i`)
	t.Setenv("ROSTER", s.DSN())
	folder := t.TempDir()
	must(t, os.CopyFS(folder, os.DirFS("../../testdata/village")))
	job := filepath.Join(folder, "job.yaml")
	from := func(table string) {
		text, err := os.ReadFile("../../testdata/village/job.yaml")
		must(t, err)
		must(t, os.WriteFile(job, []byte(strings.Replace(string(text), "connector: files\n    path: members.csv",
			"connector: postgres\n    dsn: ${ROSTER}\n    table: "+table, 1)), 0o600))
	}

	from("breaking")
	code, stdout, stderr := call(t, "run", job, "--as-of", "2026-08-31")
	told := regexp.MustCompile(`(?m)^hold: members partial: postgres/breaking: the database went away after (\d+) rows: source ended before its end; expected a whole snapshot\. `).FindStringSubmatch(stdout)
	if code != 4 || told == nil || !strings.HasSuffix(strings.TrimSpace(stderr), "partial") {
		t.Fatalf("exit %d\n%s%s", code, stdout, stderr)
	}
	if !regexp.MustCompile(`(?m)^members +` + told[1] + ` +` + told[1] + ` +0 +0 +0$`).MatchString(stdout) {
		t.Errorf("rows read are not rows used:\n%s", stdout)
	}
	if lists, _ := filepath.Glob(filepath.Join(folder, "out/runs/*/reports/*.csv")); len(lists) > 0 {
		t.Errorf("a partial run wrote %v", lists)
	}

	from("nowhere")
	code, _, stderr = call(t, "run", job, "--as-of", "2026-08-31")
	if want := "rollcall: failed from outside: extract members: postgres/nowhere: PostgreSQL error 42P01: relation \"nowhere\" does not exist\n"; code != 6 || stderr != want {
		t.Errorf("exit %d, %q; want 6 and %q", code, stderr, want)
	}

	from("members")
	contains(t, mustRun(t, "run", job, "--as-of", "2026-08-31"), "members     90", "Done: village-2026-08-31")
}
