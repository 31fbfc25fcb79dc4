package report

import (
	"math"
	"testing"
)

// A threshold that no scored pair comes near is drawn where it is, with room on
// either side.
func TestTheAxisReachesBeyondTheThreshold(t *testing.T) {
	bins := []bin{{Low: 10}, {Low: 20}}
	for threshold, want := range map[float64][2]int64{3.5: {0, 22}, -0.5: {-4, 22}, 10: {8, 22}, 15: {10, 22}, 21.9: {10, 24}, 40: {10, 44}} {
		if first, last := axis(bins, 2, threshold); first != want[0] || last != want[1] {
			t.Errorf("threshold %g: axis from %d to %d, want %v", threshold, first, last, want)
		}
	}
	if first, last := axis(bins, 2, math.NaN()); first != 10 || last != 22 {
		t.Errorf("no threshold: axis from %d to %d, want that of the bins", first, last)
	}
}
