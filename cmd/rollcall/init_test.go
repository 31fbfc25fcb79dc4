package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Two files as a ministry has them: headers of several words, the programme by
// its title, an amount and a day of enrolment beside the names.
func TestInitReadsAMinistrysTwoFiles(t *testing.T) {
	folder := t.TempDir()
	names := strings.Fields("Amina Karim Fatema Jamal Rahima Nurul Salma Rafiq Nasrin Anwar Halima Bashir Khadija Habib Rokeya")
	deaths := "Registration No,Name of Deceased,Sex,Date of Birth,NID,Date of Death,Date of Registration,Upazila\n"
	roster := "Sl No,Beneficiary Name,Gender,DOB,NID,Upazila,Programme,Enrolment Date,Mobile No,Monthly Amount (BDT),Father/Husband Name\n"
	for i := range 300 {
		name := names[i%15] + " " + names[i*7/15%15]
		born := fmt.Sprintf("%02d/%02d/%d", 1+i%28, 1+i%12, 1935+i%40)
		if i%5 == 0 {
			deaths += fmt.Sprintf("DR/2025/%05d,%s,%s,%s,19%08d,%02d/%02d/2025,%02d/11/2025,Lalmohan\n", i, strings.ToUpper(name), []string{"F", "M"}[i%2], born, i*7919, 1+i%28, 1+i%9, 1+i%28)
		}
		roster += fmt.Sprintf("%d,%s,%s,%s,19%08d,Lalmohan,%s,01/%02d/2019,0171%07d,600,%s\n", i+1, name, []string{"Female", "Male"}[i%2], born, i*7919, []string{"Old Age Allowance", "Bidhoba Bhata"}[i%2], 1+i%12, i*7919, names[i*11/15%15]+" "+names[i*3%15])
	}
	for name, text := range map[string]string{"deaths.csv": deaths, "roster.csv": roster} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	job := filepath.Join(folder, "job")
	said := mustRun(t, "init", job, "--crvs", filepath.Join(folder, "deaths.csv"), "--sp", filepath.Join(folder, "roster.csv"))
	for _, note := range []string{"roster.csv: Father/Husband Name is not used: it names", "programmes/bidhoba_bhata.yaml: asks only that the beneficiary lives; by its name an allowance for widows"} {
		if !strings.Contains(said, note) {
			t.Errorf("init does not say %q:\n%s", note, said)
		}
	}
	mustRun(t, "check", filepath.Join(job, "job.yaml"))
	text, err := os.ReadFile(filepath.Join(job, "job.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{
		`registered: '"Date of Registration"'`, "area_code: Upazila", `full_name: '"Beneficiary Name"'`, `phone: '"Mobile No"'`,
		"programme: code('programme', Programme)", `from: '"Enrolment Date"'`,
		"# Not used: Monthly Amount (BDT)\n", // and nothing that the enrolments use
		"# Not used: Father/Husband Name: it names the father of some",
	} {
		if !strings.Contains(string(text), line) {
			t.Errorf("job.yaml does not have %s:\n%s", line, text)
		}
	}
}

// The usual criteria of a programme, by its name, stand in its draft as comments
// that say who sets them, and hold as rules when the comment signs are taken away.
func TestDraftedProgrammesSuggestCriteria(t *testing.T) {
	folder := t.TempDir()
	must(t, os.CopyFS(folder, os.DirFS("../../testdata/village")))
	for written, want := range map[string]string{
		"Old Age Allowance": "age_at_least", "Boyoshko Bhata": "age_at_least", "Pensión de vejez": "age_at_least",
		"Widow's Pension": "widowed", "Bidhoba Bhata": "widowed", "বিধবা ভাতা": "widowed", "Subsidio de viudez": "widowed",
		"Child Support Grant": "age_under", "Programa Niñez": "age_under", "Disability Allowance": "attribute('disability')",
		"Maternity Allowance": "sex = 'female'", "Household Grant": "age_at_least",
	} {
		text, err := programme{"old_age_2", written}.text([]string{"sex"})
		must(t, err)
		for _, line := range []string{want, "the officer must set each criterion and each figure", "The roster has no column of sex"} {
			if !strings.Contains(text, line) {
				t.Errorf("%s: the draft does not have %q:\n%s", written, line, text)
			}
		}
		var on []string
		for line := range strings.Lines(text) {
			if rest, ok := strings.CutPrefix(line, "  # "); ok && (strings.HasPrefix(rest, "- ") || strings.HasPrefix(rest, "  ")) {
				line = "  " + rest
			}
			on = append(on, line)
		}
		must(t, os.WriteFile(filepath.Join(folder, "old_age.yaml"), []byte(strings.Join(on, "")), 0o600))
		if out := mustRun(t, "check", filepath.Join(folder, "job.yaml")); !regexp.MustCompile(`[2-9] criteria`).MatchString(out) {
			t.Errorf("%s: the suggestions are no criteria: %s", written, out)
		}
	}
}
