package matchers_test

import (
	"slices"
	"testing"
)

// TestUnlinkableRecords: records that hold next to nothing are told, with what they
// lack; those with a name and a date are not.
func TestUnlinkableRecords(t *testing.T) {
	left, right := newPopulation(3, 600).pair()
	const bare = 7 // of the left file, that hold their sex and no more
	for c := range left.Columns {
		if column := &left.Columns[c]; column.Name != "sex" {
			for row := range bare {
				column.Codes[row] = 0
			}
		}
	}
	result := mustLink(t, left, right, personSpecification(), 2)
	u := result.Unlinkable[0]
	if u.Records != len(left.IDs) || u.Weak != bare || len(u.Reasons) != 1 || u.Reasons[0].Records != bare {
		t.Fatalf("%+v; want %d of %d records", u, bare, len(left.IDs))
	}
	if lack := u.Reasons[0].Missing; len(lack) != 7 || slices.Contains(lack, "sex") {
		t.Errorf("they lack %v", lack)
	}
	if other := result.Unlinkable[1]; other.Weak != 0 || other.Records != len(right.IDs) {
		t.Errorf("of the right file %+v", other)
	}
}
