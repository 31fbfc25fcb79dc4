package config

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"rollcall/matchers/locale"
)

// loadWith loads a job with an area tree.
func loadWith(t *testing.T, tree string) *Job {
	t.Helper()
	folder := t.TempDir()
	for name, text := range map[string]string{
		"job.yaml": `rollcall: 1
name: monthly
data: .
output: out
areas: areas.csv
sources:
  births:
    side: crvs
    connector: files
    path: births.csv
    key: registration_no
    map:
      event:
        type: birth
        occurred: date_of_birth
`,
		"areas.csv": tree,
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	job, err := Load(t.Context(), filepath.Join(folder, "job.yaml"), registry())
	if err != nil {
		t.Fatal(err)
	}
	return job
}

func TestAJobHasTheAreasOfItsTree(t *testing.T) {
	job := loadWith(t, "area_code,parent_code,level,name\n1001,10,district,\"Nabari, East\"\n10,,division,Highland\n")
	want := []locale.Area{{Code: "1001", Parent: "10", Level: "district", Name: "Nabari, East"}, {Code: "10", Level: "division", Name: "Highland"}}
	if diff := cmp.Diff(want, job.Areas); diff != "" {
		t.Errorf("areas (-want +got):\n%s", diff)
	}
	// The tree is part of what a run is made of: another tree is another run.
	other := loadWith(t, "area_code,parent_code,level,name\n1001,,district,Nabari\n")
	if other.SHA256 == job.SHA256 {
		t.Error("another area tree has the hash of the first")
	}
}

func TestATreeHasTheVintagesOfItsAreas(t *testing.T) {
	job := loadWith(t, "area_code,parent_code,level,name,valid_from,valid_to,successors\n"+
		"1,,district,Old,,2014-12-31,2;3\n2,,district,North,2015-01-01,,\n3,,district,South,2015-01-01,,\n")
	want := []locale.Area{
		{Code: "1", Level: "district", Name: "Old", To: "2014-12-31", Successors: []string{"2", "3"}},
		{Code: "2", Level: "district", Name: "North", From: "2015-01-01"},
		{Code: "3", Level: "district", Name: "South", From: "2015-01-01"},
	}
	if diff := cmp.Diff(want, job.Areas, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("areas (-want +got):\n%s", diff)
	}
}
