package block_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rollcall/matchers/block"
)

var neighbours = [][2]string{{"north", "south"}, {"south", "east"}, {"east", "east"}}

func TestSeveralKeysOfAValue(t *testing.T) {
	for _, c := range []struct {
		transform, value string
		want             []string
	}{
		{"token", "abdul karim", []string{"abdul", "karim"}},
		{"token", `["a1","b2"]`, []string{"a1", "b2"}},
		{"token", "a1|b2; c3", []string{"a1", "b2", "c3"}},
		{"token", " ", nil},
		{"sounds", "chowdhury karim", []string{"cdr", "krm"}},
		{"gram3", "éva", []string{"^év", "éva", "va$"}},
		{"gram3", "a", []string{"^a$"}},
		{"gram2", "a-b", []string{"^a", "a ", " b", "b$"}},
		{"gram2", "", nil},
		{"neighbour", "south", []string{"south", "north\x00south", "east\x00south"}},
		{"neighbour", "west", []string{"west"}},
		{"neighbour", "", nil},
		{"year~1", "1984-02", []string{"1984", "1985"}},
		{"year~1", "x", nil},
		{"number~2", "-3", []string{"-2", "-1"}},
		{"number~2", "12a", nil},
		{"within_30_days", "1984-02", nil},
	} {
		taking, err := block.Take(c.transform, neighbours)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, taking.Several(c.value)); diff != "" && len(c.want)+len(taking.Several(c.value)) > 0 {
			t.Errorf("%s of %q (-want +got):\n%s", c.transform, c.value, diff)
		}
	}
	for _, unknown := range []string{"decade", "within_days", "year~", "gram", "neighbours"} {
		if block.Known(unknown) {
			t.Errorf("%s is known", unknown)
		}
	}
	for _, name := range block.Transforms() {
		if !block.Known(name) {
			t.Errorf("%s is not known", name)
		}
	}
	if _, err := block.Take("neighbour", nil); err == nil {
		t.Error("no error for neighbours that nobody named")
	}
}

// TestDatesWithinDays: any two days that are at most so far apart have a key in
// common, and their numbers are as far apart as they are.
func TestDatesWithinDays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		within := rapid.IntRange(0, 400).Draw(t, "within")
		first := time.Date(1899, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 60_000).Draw(t, "first"))
		days := rapid.IntRange(0, 500).Draw(t, "days")
		second := first.AddDate(0, 0, days)
		taking, err := block.Take(fmt.Sprintf("within_%d_days", within), nil)
		if err != nil {
			t.Fatal(err)
		}
		a, b := first.Format(time.DateOnly), second.Format(time.DateOnly)
		m, _ := taking.Number(a)
		n, ok := taking.Number(b)
		if !ok || n-m != int64(days) {
			t.Fatalf("%s to %s is %d days, want %d", a, b, n-m, days)
		}
		common := slices.ContainsFunc(taking.Several(a), func(key string) bool { return slices.Contains(taking.Several(b), key) })
		if days <= within && !common {
			t.Errorf("%s and %s have no key in common within %d days", a, b, within)
		}
	})
}
