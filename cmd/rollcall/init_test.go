package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Two files as a ministry has them: headers of several words, the programme by
// its title, an amount and a day of enrolment beside the names.
func TestInitReadsAMinistrysTwoFiles(t *testing.T) {
	folder := t.TempDir()
	names := strings.Fields("Amina Karim Fatema Jamal Rahima Nurul Salma Rafiq Nasrin Anwar Halima Bashir Khadija Habib Rokeya")
	deaths := "Registration No,Name of Deceased,Sex,Date of Birth,NID,Date of Death,Date of Registration,Upazila\n"
	roster := "Sl No,Beneficiary Name,Gender,DOB,NID,Upazila,Programme,Enrolment Date,Mobile No,Monthly Amount (BDT)\n"
	for i := range 300 {
		name := names[i%15] + " " + names[i*7/15%15]
		born := fmt.Sprintf("%02d/%02d/%d", 1+i%28, 1+i%12, 1935+i%40)
		if i%5 == 0 {
			deaths += fmt.Sprintf("DR/2025/%05d,%s,%s,%s,19%08d,%02d/%02d/2025,%02d/11/2025,Lalmohan\n", i, strings.ToUpper(name), []string{"F", "M"}[i%2], born, i*7919, 1+i%28, 1+i%9, 1+i%28)
		}
		roster += fmt.Sprintf("%d,%s,%s,%s,19%08d,Lalmohan,%s,01/%02d/2019,0171%07d,600\n", i+1, name, []string{"Female", "Male"}[i%2], born, i*7919, []string{"Old Age Allowance", "Widow Allowance"}[i%2], 1+i%12, i*7919)
	}
	for name, text := range map[string]string{"deaths.csv": deaths, "roster.csv": roster} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	job := filepath.Join(folder, "job")
	mustRun(t, "init", job, "--crvs", filepath.Join(folder, "deaths.csv"), "--sp", filepath.Join(folder, "roster.csv"))
	mustRun(t, "check", filepath.Join(job, "job.yaml"))
	text, err := os.ReadFile(filepath.Join(job, "job.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{
		`registered: '"Date of Registration"'`, "area_code: Upazila", `full_name: '"Beneficiary Name"'`, `phone: '"Mobile No"'`,
		"programme: code('programme', Programme)", `from: '"Enrolment Date"'`,
		"# Not used: Monthly Amount (BDT)\n", // and nothing that the enrolments use
	} {
		if !strings.Contains(string(text), line) {
			t.Errorf("job.yaml does not have %s:\n%s", line, text)
		}
	}
}
