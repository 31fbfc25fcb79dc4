package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rollcall/jobs/cases"
	"rollcall/jobs/programmes"
	"rollcall/jobs/schedule"
	"rollcall/pipeline/mapping"
)

func loadCountry(t *testing.T) *Job {
	t.Helper()
	job, err := Load(t.Context(), "testdata/country/job.yaml", registry())
	if err != nil {
		t.Fatal(err)
	}
	return job
}

// TestLoad holds the structs of a whole job against what was read by eye once.
func TestLoad(t *testing.T) {
	job := loadCountry(t)
	folder := job.Folder()
	job.DataFolder = relative(t, folder, job.DataFolder)
	job.OutputFolder = relative(t, folder, job.OutputFolder)
	for i, d := range job.Mapping.Directories {
		job.Mapping.Directories[i].File = relative(t, folder, d.File)
	}
	data, err := json.MarshalIndent(job, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/country/job.json", string(data)+"\n")
}

func TestSummary(t *testing.T) {
	job := loadCountry(t)
	golden(t, "testdata/country/summary.txt", strings.ReplaceAll(job.Summary(), job.Folder(), "FOLDER"))
}

func relative(t *testing.T, folder, path string) string {
	t.Helper()
	if !filepath.IsAbs(path) {
		t.Errorf("%s is not absolute", path)
	}
	r, err := filepath.Rel(folder, path)
	if err != nil {
		t.Fatal(err)
	}
	return filepath.ToSlash(r)
}

// TestHash: the hash follows every file that the job names, and nothing else.
func TestHash(t *testing.T) {
	load := func(change func(folder string)) string {
		folder := t.TempDir()
		if err := os.CopyFS(folder, os.DirFS("testdata/country")); err != nil {
			t.Fatal(err)
		}
		change(folder)
		job, err := Load(t.Context(), filepath.Join(folder, "job.yaml"), registry())
		if err != nil {
			t.Fatal(err)
		}
		return job.SHA256
	}
	more := func(name, text string) func(string) {
		return func(folder string) {
			f, err := os.OpenFile(filepath.Join(folder, name), os.O_APPEND|os.O_WRONLY|os.O_CREATE, 0o600)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			if _, err := f.WriteString(text); err != nil {
				t.Fatal(err)
			}
		}
	}
	same := load(func(string) {})
	if got := load(more("crvs.csv", "x")); got != same {
		t.Error("a file that the job does not name changes its hash, or its folder does")
	}
	for _, name := range []string{"job.yaml", "codes/area.csv", "programmes/widow.yaml"} {
		text := "# more\n"
		if strings.HasSuffix(name, ".csv") {
			text = "102,BD-10-02,,\n"
		}
		if load(more(name, text)) == same {
			t.Errorf("a change of %s does not change the job's hash", name)
		}
	}
}

// TestLocate turns field paths of lower rooms into places.
func TestLocate(t *testing.T) {
	job := loadCountry(t)
	cases := []struct {
		path   string
		offset int
		want   string
	}{
		{"sources.births.map.event.plural", -1, "testdata/country/job.yaml:33:17: sources.births.map.event.plural: wrong\n  33 |         plural: plural_birth = 'yes'\n     |                 ^^^^^^^^^^^^^^^^^^^^"},
		{"sources.births.map.event.plural", 15, "testdata/country/job.yaml:33:32: sources.births.map.event.plural: wrong\n  33 |         plural: plural_birth = 'yes'\n     |                                ^"},
		{"sources.members.map.member.identifiers.national_id.verified", 0, "testdata/country/job.yaml:102:55: sources.members.map.member.identifiers.national_id.verified: wrong\n  102 |           national_id: {value: national_id, verified: id_verified = 'yes'}\n      |                                                       ^"},
		{"sources.births.map.mentions.child.identifiers.national_id.value", -1, "testdata/country/job.yaml:43:26: sources.births.map.mentions.child.identifiers.national_id.value: wrong\n  43 |             national_id: child_national_id\n     |                          ^^^^^^^^^^^^^^^^^"},
		{"gate.null_rate_change", -1, "testdata/country/job.yaml:149:1: gate.null_rate_change: wrong\n  149 | gate: {row_change: 0.3, list_share: 0.15, list_growth: 3}\n      | ^^^^"},
		{"programmes/old_age.yaml#criteria[1].expression", 21, "testdata/country/programmes/old_age.yaml:26:38: programmes/old_age.yaml#criteria[1].expression: wrong\n  26 |     expression: age_at_least(65) OR (sex = 'female' AND age_at_least(62))\n     |                                      ^"},
	}
	for _, c := range cases {
		err := job.Locate(c.path, "wrong", c.offset)
		if diff := cmp.Diff(c.want, err.Error()); diff != "" {
			t.Errorf("Locate(%s, %d) (-want +got):\n%s", c.path, c.offset, diff)
		}
		var all *Errors
		if !errors.As(err, &all) {
			t.Errorf("Locate(%s) gives a %T, which has no exit code", c.path, err)
		}
	}
}

// TestExplain: an error of a mapped field is told at its place, without the value
// that DuckDB quotes; other errors pass.
func TestExplain(t *testing.T) {
	job := loadCountry(t)
	p := testParser(t)
	_, conversion := p.try(t.Context(), "SELECT CAST('Amina' AS DATE)")
	_, binder := p.try(t.Context(), "SELECT lower(1, 2)")
	const path = "sources.births.map.event.occurred"
	for _, c := range []struct {
		err  error
		want string
	}{
		{conversion, "testdata/country/job.yaml:28:19: " + path + ": a value that cannot be converted would end the run"},
		{binder, "testdata/country/job.yaml:28:19: " + path + ": No function matches the given name"},
	} {
		got := job.Explain(fmt.Errorf("map births: %w", &mapping.FieldError{Path: path, Err: c.err})).Error()
		if !strings.HasPrefix(got, c.want) || strings.Contains(got, "Amina") {
			t.Errorf("Explain gives %q, want it to begin with %q", got, c.want)
		}
	}
	if other := errors.New("disk full"); !errors.Is(job.Explain(other), other) {
		t.Error("an error of no field is changed")
	}
}

// TestCronAgrees: what the check lets through the scheduler can read, and no other.
func TestCronAgrees(t *testing.T) {
	for _, text := range []string{
		"0 6 5 * *", "*/15 * * * *", "0 6 L * *", "0 6 * * MON#1", "0 0 29 2 *", "0 0 31 2 *", "@monthly", "@every 1h", "@reboot",
		"TZ=UTC 0 6 5 * *", "CRON_TZ=UTC 0 6 5 * *", "0 6 5 *", "0 6 5 * * *", "", " ", "0 25 * * *", "0 6 5 JAN-MAR FRI", "60 * * * *", "@yearly", "@nonsense",
	} {
		_, scheduler := schedule.ParseTimes(text, "UTC")
		if got := checkCron(text); (got == nil) != (scheduler == nil) {
			t.Errorf("%q: the check says %v, the scheduler says %v", text, got, scheduler)
		}
	}
	for _, zone := range []string{"UTC", "Asia/Dhaka", "Asia/Daka", "Local", "local", "+06:00", "EST"} {
		_, scheduler := schedule.ParseTimes("0 6 5 * *", zone)
		if got := checkTimeZone(zone); (got == nil) != (scheduler == nil) {
			t.Errorf("zone %q: the check says %v, the scheduler says %v", zone, got, scheduler)
		}
	}
}

func TestSizes(t *testing.T) {
	for text, want := range map[string]float64{
		"2GiB": 2 << 30, "512MiB": 512 << 20, "1.5GiB": 3 << 29, "8GB": 8e9, "300 MB": 300e6, "1TiB": 1 << 40, "0.3kB": 300,
		"2": 0, "2 gigs": 0, "-1GiB": 0, "GiB": 0, "NaNGiB": 0, "1e40GiB": 0, "": 0, "InfMB": 0,
	} {
		got, err := readSize(text)
		if got != want || (err == nil) != (want != 0) {
			t.Errorf("readSize(%q) = %v, %v; want %v", text, got, err, want)
		}
	}
}

// TestTemplates: the programme files that come with the program are in order
// together, and those of the country are the same.
func TestTemplates(t *testing.T) {
	var errs Errors
	sql := testParser(t)
	var read []programmeVersion
	for _, name := range programmes.Names() {
		text, err := programmes.Template(name)
		if err != nil {
			t.Fatal(err)
		}
		versions, err := readProgramme(t.Context(), sql, name, parse(text, name, &errs))
		if err != nil {
			t.Fatal(err)
		}
		read = append(read, versions...)
	}
	others(read)
	handovers(read)
	if err := errs.orNil(""); err != nil {
		t.Error(err)
	}
	for _, name := range []string{"child_grant.yaml", "old_age.yaml", "widow.yaml"} {
		text, err := programmes.Template(name)
		if err != nil {
			t.Fatal(err)
		}
		copied, err := os.ReadFile(filepath.Join("testdata/country/programmes", name))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(text), string(copied)); diff != "" {
			t.Errorf("%s in testdata is not the template (-template +testdata):\n%s", name, diff)
		}
	}
	if n := len(loadCountry(t).Decide.Programmes); n != 3 {
		t.Errorf("the country has %d programmes, want the 3 templates", n)
	}
}

// TestVersionsInOneFile: what a version leaves out is as in the whole file, its
// criteria take the place of those of the same name, and it ends where the next begins.
func TestVersionsInOneFile(t *testing.T) {
	const text = `rollcall_programme: 1
code: old_age
source: the act
excludes: widow
criteria:
  - {name: alive, expression: alive, presume: met, source: law}
  - {name: age, expression: age_at_least(65)}
amount: {value: "200.00", currency: INR}
versions:
  - {version: "2011", valid_from: 2011-04-01, source: circular 7, criteria: [{name: age, expression: age_at_least(60)}, {name: poor, expression: yes('bpl')}]}
  - {version: "2007", valid_from: 2007-11-19, excludes: []}
  - {version: "2012", valid_from: 2012-10-01, valid_to: 2012-12-31, amount: {value: "300.00", currency: INR}}
`
	read, err := ParseProgramme(t.Context(), "old_age.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range read {
		line := []string{p.Version, term(p), p.Source, strings.Join(p.Excludes, "+"), p.Amount.String()}
		for _, c := range p.Criteria {
			line = append(line, c.Name+" "+c.Expression+" "+c.Path)
		}
		got = append(got, strings.Join(line, "; "))
	}
	want := []string{
		"2007; from 2007-11-19 to 2011-03-31; the act; ; INR 200.00 a month; alive alive old_age.yaml#criteria[0].expression; age age_at_least(65) old_age.yaml#criteria[1].expression",
		"2011; from 2011-04-01 to 2012-09-30; circular 7; widow; INR 200.00 a month; alive alive old_age.yaml#criteria[0].expression; age age_at_least(60) old_age.yaml#versions[0].criteria[0].expression; poor yes('bpl') old_age.yaml#versions[0].criteria[1].expression",
		"2012; from 2012-10-01 to 2012-12-31; the act; widow; INR 300.00 a month; alive alive old_age.yaml#criteria[0].expression; age age_at_least(65) old_age.yaml#criteria[1].expression",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestAnyText: whatever a file holds, reading it ends with a job or with mistakes
// that lie inside the file.
func TestAnyText(t *testing.T) {
	whole, err := os.ReadFile("testdata/country/job.yaml")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(whole), "\n")
	shape := jobShape(registry())
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(lines, "")
		for range rapid.IntRange(1, 4).Draw(t, "changes") {
			at := rapid.IntRange(0, len(text)).Draw(t, "at")
			to := min(len(text), at+rapid.IntRange(0, 30).Draw(t, "cut"))
			text = text[:at] + rapid.SampledFrom([]string{"", ":", "\n", "  ", "[", "{", "}", "'", `"`, "- ", "|", "é", "\t", "#", "&a", "*a", "? ", "!!x", "<<: ", "\x00", "\xff", "---\n", ": ~"}).Draw(t, "put") + text[to:]
		}
		var errs Errors
		doc := parse([]byte(text), "x.yaml", &errs)
		if doc.root != nil && isJob(doc) {
			doc.root.check(shape)
		}
		for _, e := range errs {
			if e.Line < 0 || e.Line > strings.Count(text, "\n")+1 || e.Message == "" {
				t.Fatalf("a mistake outside the file: line %d, %q\n%s", e.Line, e.Message, text)
			}
		}
	})
}

func TestSite(t *testing.T) {
	folder := t.TempDir()
	site, err := LoadSite(folder)
	if err != nil || len(site.People) != 0 {
		t.Fatalf("without a file: %v, %v", site, err)
	}
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(folder, SiteName), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("people:\n  - {id: ana, name: Ana Lima, role: approver}\n  - {id: bo, name: Bo Sen, role: officer}\n")
	site, err = LoadSite(folder)
	if err != nil {
		t.Fatal(err)
	}
	if p, ok := site.Person("bo"); !ok || !cmp.Equal(p, cases.Person{ID: "bo", Name: "Bo Sen", Role: cases.Officer}) {
		t.Errorf("Person(bo) = %v, %v", p, ok)
	}
	write("people:\n  - {id: ana, name: Ana Lima, role: aprover}\n  - {id: ana, name: Bo Sen, role: officer}\n")
	_, err = LoadSite(folder)
	if err == nil {
		t.Fatal("a wrong role and a second ana went through")
	}
	for _, want := range []string{`:2:37: people[0].role is "aprover"; it must be officer, approver or auditor (did you mean "approver"?)`, `:3:10: there is another person "ana" above`} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the message lacks %q:\n%v", want, err)
		}
	}
}
