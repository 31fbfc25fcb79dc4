package report_test

import (
	"path/filepath"
	"strconv"
	"testing"
)

// TestThePublicTotalsHideTheFew: what is shown of the country's groups is at least
// five, and no hidden count is the total less those that are shown.
func TestThePublicTotalsHideTheFew(t *testing.T) {
	_, dir, _ := ofCountry(t)
	header, rows := readCSV(t, filepath.Join(dir, "totals_public.csv"))
	for column := 4; column < len(header); column++ {
		total, err := strconv.Atoi(rows[0][column])
		if err != nil {
			continue // hidden itself
		}
		shown, hidden := map[string]int{}, map[string]int{}
		for _, r := range rows[1:] {
			n, err := strconv.Atoi(r[column])
			switch {
			case err != nil:
				hidden[r[2]]++
			case n > 0 && n < 5:
				t.Errorf("%s of %s is shown: %d", header[column], r[3], n)
			}
			shown[r[2]] += n
		}
		for by, n := range shown {
			if rest := total - n; hidden[by] == 1 || hidden[by] == 0 && rest != 0 || hidden[by] > 0 && rest < 5 {
				t.Errorf("%s by %s: %d are hidden in %d counts", header[column], by, rest, hidden[by])
			}
		}
	}
	says(t, page(t, dir, "index.html"), "the only totals that may leave the office: counts under 5 are hidden")
	small := few(t)
	_, rows = readCSV(t, filepath.Join(small, "totals_public.csv"))
	for _, r := range rows {
		for _, c := range r[4:] {
			if c != "0" && c != "hidden" {
				t.Errorf("of four people %s is shown", c)
			}
		}
	}
}
