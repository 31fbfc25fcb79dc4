package pair

import (
	"encoding/csv"
	"math"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestDecimalsAreThoseOfStrconv: also where the digit after the last is a five, where
// a half is not, and where the number is very large.
func TestDecimalsAreThoseOfStrconv(t *testing.T) {
	check := func(t rapid.TB, x float64) {
		for _, decimals := range []int{bitsDecimals, probabilityDecimals} {
			if got, want := string(appendDecimal(nil, x, decimals)), strconv.FormatFloat(x, 'f', decimals, 64); got != want {
				t.Errorf("%v with %d decimals: %q, want %q", x, decimals, got, want)
			}
		}
	}
	for _, x := range []float64{0, math.Copysign(0, -1), -0.0001, 0.0005, 0.0015, 1.0005, 0.9999995, 0.99999949, 1e15 + 0.5, math.MaxFloat64, math.SmallestNonzeroFloat64} {
		check(t, x)
	}
	rapid.Check(t, func(rt *rapid.T) {
		check(rt, rapid.Float64().Draw(rt, "x"))
		check(rt, rapid.Float64Range(-100, 100).Draw(rt, "bits"))
		check(rt, float64(rapid.IntRange(-1e6, 1e6).Draw(rt, "n"))/2000)
	})
	for _, x := range []float64{math.Inf(1), math.Inf(-1), math.NaN()} {
		if got := appendDecimal(nil, x, bitsDecimals); len(got) > 0 {
			t.Errorf("%v: %q, want nothing", x, got)
		}
	}
}

// TestIDsComeBackFromLinks: whatever an id has in it, a reader of CSV gets it back.
func TestIDsComeBackFromLinks(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		id := rapid.StringOf(rapid.SampledFrom([]rune("aZ09-=.,\"\n\\ é"))).Draw(rt, "id")
		line := append(appendID([]byte("x,"), id), '\n')
		read, err := csv.NewReader(strings.NewReader(string(line))).Read()
		if err != nil || read[1] != neutral(id) {
			rt.Errorf("%q is written as %q and read as %q: %v", id, line, read, err)
		}
	})
}
