package pair

import (
	"fmt"
	"slices"
	"testing"

	"rollcall/matchers/dictionary"
)

// A column of many values teaches by some of them, the same in any order of
// the rows.
func TestSomeValuesTeachAColumnInAnyOrder(t *testing.T) {
	var values []string
	for i := range 3 * taughtValues {
		values = append(values, fmt.Sprintf("%09d", 100_000_000+i*37))
	}
	forwards := Column{Values: dictionary.Of(append([]string{""}, values...)...)}
	slices.Reverse(values)
	backwards := Column{Values: dictionary.Of(append([]string{""}, values...)...)}
	a, b := slices.Sorted(forwards.taught()), slices.Sorted(backwards.taught())
	if !slices.Equal(a, b) {
		t.Error("the order of the rows decides which values teach")
	}
	if n := len(a); n < taughtValues/2 || n > 2*taughtValues {
		t.Errorf("%d values teach of %d", n, len(values))
	}
}
