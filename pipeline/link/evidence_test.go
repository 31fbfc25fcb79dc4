package link

import (
	"testing"

	"rollcall/matchers"
	"rollcall/matchers/family"
)

// TestEvidence: what relatives say is read as it was written, with either side missing.
func TestEvidence(t *testing.T) {
	left, right := []string{"births/B 1/mother", "births/B 1/father"}, []string{"members/M7/member"}
	for want, w := range map[string]matchers.Witness{
		"mother births/B 1/mother = members/M7/member +3.2": {Left: 0, Right: 0, Relation: family.Mother, Bits: 3.21},
		"father births/B 1/father not there -1.1":           {Left: 1, Right: -1, Relation: family.Father, Bits: -1.1},
		"child not there = members/M7/member -0.4":          {Left: -1, Right: 0, Relation: family.Child, Bits: -.4},
	} {
		text := evidence([]matchers.Witness{w}, left, right)
		if text != want {
			t.Errorf("%q, want %q", text, want)
		}
		if back, err := ParseWitness(text); err != nil || back.String() != want {
			t.Errorf("read back as %q: %v", back, err)
		}
	}
	for _, text := range []string{"", "mother", "mother births/B1/mother -1.1", "mother births/B1/mother not there"} {
		if w, err := ParseWitness(text); err == nil {
			t.Errorf("%q is read as %+v", text, w)
		}
	}
}
