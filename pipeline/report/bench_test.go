package report_test

import (
	"path/filepath"
	"testing"

	"rollcall/pipeline/report"
)

// A country with 1,000,000 evaluations and 50,000 lines; the reports are to be
// written within 10 seconds on two cores.
func BenchmarkMake(b *testing.B) {
	folder := b.TempDir()
	s := open(b, folder, 2)
	country(b, s, size{members: 300_000, lines: 50_000, evaluations: 1_000_000})
	for b.Loop() {
		if _, err := report.Make(b.Context(), s, filepath.Join(folder, "reports"), monthly()); err != nil {
			b.Fatal(err)
		}
	}
}
