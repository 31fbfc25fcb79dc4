package config

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rollcall/pipeline/report"
)

func TestAJobHasTheAreasOfItsTree(t *testing.T) {
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
		"areas.csv": "area_code,parent_code,level,name\n1001,10,district,\"Nabari, East\"\n10,,division,Highland\n",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	job, err := Load(t.Context(), filepath.Join(folder, "job.yaml"), registry())
	if err != nil {
		t.Fatal(err)
	}
	want := []report.Area{{Code: "1001", Parent: "10", Level: "district", Name: "Nabari, East"}, {Code: "10", Level: "division", Name: "Highland"}}
	if diff := cmp.Diff(want, job.Areas); diff != "" {
		t.Errorf("areas (-want +got):\n%s", diff)
	}
	// The tree is part of what a run is made of: another tree is another run.
	if err := os.WriteFile(filepath.Join(folder, "areas.csv"), []byte("area_code,parent_code,level,name\n1001,,district,Nabari\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	other, err := Load(t.Context(), filepath.Join(folder, "job.yaml"), registry())
	if err != nil {
		t.Fatal(err)
	}
	if other.SHA256 == job.SHA256 {
		t.Error("another area tree has the hash of the first")
	}
}
