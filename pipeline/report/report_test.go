package report_test

import (
	"path/filepath"
	"testing"

	"rollcall/pipeline/report"
)

func TestMake(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder, 2)
	country(t, s, small)
	sum, err := report.Make(t.Context(), s, filepath.Join(folder, "reports"), monthly())
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v", sum)
}
