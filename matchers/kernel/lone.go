package kernel

import (
	"maps"
	"math"
	"slices"

	"rollcall/matchers/model"
)

// settleLone puts names that stand alone into the column where they belong: where
// a record has one name only, many files have it in the column of given names,
// whichever it is. The names alone are taken for a mixture of given and of family
// names as records with both have them; where next to none are out of place,
// nothing is moved. It returns the file so, and how many were moved.
func settleLone(in *Input, comparisons []model.Comparison) (*Input, int) {
	moved := 0
	out := *in
	out.Columns = slices.Clone(in.Columns)
	for given, family := range model.Families(comparisons) {
		if family < 0 {
			continue
		}
		moved += moveLone(&out.Columns[given], &out.Columns[family])
		moved += moveLone(&out.Columns[family], &out.Columns[given])
	}
	return &out, moved
}

// lone is a name that stands alone in some records.
type lone struct {
	records float64 // in which it does
	here    float64 // share of the names of its column, in records with both
	there   float64 // likewise of the other column
	move    bool
	code    uint32 // in the other column; 0 where it has no such value
}

// moveLone moves names that stand alone in one column and belong to the other.
func moveLone(from, to *Column) int {
	names := loneNames(from, to)
	if !misplaced(names) {
		return 0
	}
	codes := make([]uint32, len(from.Values))
	for code, v := range from.Values {
		if name := names[v]; code > 0 && name != nil && name.move {
			codes[code] = name.code
		}
	}
	from.Codes, to.Codes = slices.Clone(from.Codes), slices.Clone(to.Codes)
	moved := 0
	for row, code := range from.Codes {
		if to.Codes[row] == 0 && codes[code] != 0 {
			from.Codes[row], to.Codes[row] = 0, codes[code]
			moved++
		}
	}
	return moved
}

// loneNames are the names that stand alone, with what the two columns say of them.
func loneNames(from, to *Column) map[string]*lone {
	alone, here, there := make([]float64, len(from.Values)), make([]float64, len(from.Values)), make([]float64, len(to.Values))
	both := 0.0
	for row, code := range from.Codes {
		switch other := to.Codes[row]; {
		case code == 0:
		case other == 0:
			alone[code]++
		default:
			here[code]++
			there[other]++
			both++
		}
	}
	names := map[string]*lone{}
	share := func(n float64) float64 { return (n + unseenName) / (both + 1) }
	for code, n := range alone {
		if n > 0 {
			names[from.Values[code]] = &lone{records: n, here: share(here[code]), there: share(0)}
		}
	}
	for code, v := range to.Values {
		if name := names[v]; name != nil && code > 0 {
			name.there, name.code = share(there[code]), uint32(code)
		}
	}
	return names
}

// unseenName is what a name weighs that no record with both names has, in
// records; mixtureRounds settle the share of names that are out of place.
const (
	unseenName    = 0.1
	mixtureRounds = 50
)

// misplaced finds out by EM how many of the names belong to the other column,
// and marks them. False where the likelihood gains no more by it than the
// parameter costs (Schwarz 1978).
func misplaced(names map[string]*lone) bool {
	sorted := slices.Sorted(maps.Keys(names)) // sums must not depend on an order of rows
	share, gain, records := 0.5, 0.0, 0.0
	for range mixtureRounds {
		sum := 0.0
		gain, records = 0, 0
		for _, v := range sorted {
			n := names[v]
			there := share * n.there
			all := there + (1-share)*n.here
			n.move = n.code != 0 && there > all/2
			sum += n.records * there / all
			gain += n.records * math.Log(all/n.here)
			records += n.records
		}
		if records == 0 {
			return false
		}
		share = sum / records
	}
	return gain > math.Log(records)/2
}
