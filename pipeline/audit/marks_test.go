package audit_test

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rollcall/pipeline/audit"
)

// TestMarksTellWhichValuesChanged: of one subject under one key, and of nothing else.
func TestMarksTellWhichValuesChanged(t *testing.T) {
	key, other := audit.Key(bytes.Repeat([]byte{1}, 32)), audit.Key(bytes.Repeat([]byte{2}, 32))
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SampledFrom([]string{"", "female", "male", "Jomi", "Jomi Timi", "1953-02-15"})
		before := rapid.SliceOfN(text, 1, 13).Draw(t, "before")
		after := rapid.SliceOfN(text, len(before), len(before)).Draw(t, "after")
		var want []int
		for i := range before {
			if before[i] != after[i] {
				want = append(want, i)
			}
		}
		marks := key.Marks("case", before)
		got, ok := audit.Changed(marks, key.Marks("case", after))
		if !ok || !cmp.Equal(got, want) {
			t.Fatalf("changed in %v (%v), want %v", got, ok, want)
		}
		if places, ok := audit.Changed(marks, key.Marks("another case", before)); !ok || len(places) != len(before) {
			t.Fatalf("the marks of two subjects are alike in %v of %d", places, len(before))
		}
		if _, ok := audit.Changed(marks, other.Marks("case", before)); ok {
			t.Fatal("marks under another key were compared")
		}
	})
	if m := audit.Key(nil).Marks("case", []string{"Jomi"}); m != "" {
		t.Errorf("without a key there are marks: %s", m)
	}
	if _, ok := audit.Changed("", key.Marks("case", []string{"Jomi"})); ok {
		t.Error("a missing mark was compared")
	}
}
