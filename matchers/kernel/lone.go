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
// nothing is moved. The files keep what they hold; those given back are others.
func (t *Table) settleLone(comparisons []model.Comparison, files ...*Input) []*Input {
	t.lone = make([][]string, len(comparisons))
	settled := make([]*Input, len(files))
	for i, in := range files {
		if in != nil {
			out := *in
			out.Columns = slices.Clone(in.Columns)
			settled[i] = &out
		}
	}
	for given, family := range model.Families(comparisons) {
		if family < 0 {
			continue
		}
		for _, direction := range [2][2]int{{given, family}, {family, given}} {
			from, to := direction[0], direction[1]
			if frozen := files[0].Frozen; frozen == nil {
				t.lone[from] = misplaced(loneNames(settled, from, to))
			} else if frozen[from] != nil {
				t.lone[from] = frozen[from].Lone
			}
			for _, in := range settled {
				if in != nil && len(t.lone[from]) > 0 {
					t.Settled += moveLone(&in.Columns[from], &in.Columns[to], t.lone[from])
				}
			}
		}
	}
	return settled
}

// moveLone moves those names from one column to the other where they stand alone.
func moveLone(from, to *Column, names []string) int {
	from.Codes, to.Codes = slices.Clone(from.Codes), slices.Clone(to.Codes)
	codes := map[string]uint32{} // of the names in the other column
	for _, v := range names {
		codes[v] = 0
	}
	for code, v := range to.Values.All() {
		if _, moved := codes[v]; moved {
			codes[v] = uint32(code)
		}
	}
	moves := make([]uint32, from.Values.Len()) // to that code of the other column
	var added []string
	for code, v := range from.Values.All() {
		there, moved := codes[v]
		if !moved || code == 0 {
			continue
		}
		if there == 0 {
			there = uint32(to.Values.Len() + len(added))
			added = append(added, v)
		}
		moves[code] = there
	}
	to.Values = to.Values.With(added...)
	moved := 0
	for row, code := range from.Codes {
		if to.Codes[row] == 0 && moves[code] != 0 {
			from.Codes[row], to.Codes[row] = 0, moves[code]
			moved++
		}
	}
	return moved
}

// lone is a name that stands alone in some records.
type lone struct {
	records float64 // in which it does
	here    float64 // share of the names of its column, in records with both
	there   float64 // likewise of the other column
}

// loneNames are the names that stand alone in a column of either file, with what
// the two columns say of them.
func loneNames(files []*Input, from, to int) map[string]*lone {
	names := map[string]*lone{}
	both := 0.0
	for _, in := range files {
		if in == nil {
			continue
		}
		alone := make([]bool, in.Columns[from].Values.Len())
		for row, code := range in.Columns[from].Codes {
			if code != 0 && in.Columns[to].Codes[row] == 0 {
				alone[code] = true
			} else if code != 0 {
				both++
			}
		}
		for code, v := range in.Columns[from].Values.All() {
			if alone[code] && names[v] == nil {
				names[v] = &lone{}
			}
		}
	}
	if len(names) == 0 {
		return nil
	}
	for _, in := range files {
		if in != nil {
			count(in.Columns[from], in.Columns[to], names)
		}
	}
	for _, name := range names {
		name.here, name.there = (name.here+unseenName)/(both+1), (name.there+unseenName)/(both+1)
	}
	return names
}

// count adds the records of a file to the names that stand alone somewhere.
func count(from, to Column, names map[string]*lone) {
	find := func(c Column) []*lone {
		found := make([]*lone, c.Values.Len())
		for code, v := range c.Values.All() {
			found[code] = names[v]
		}
		return found
	}
	here, there := find(from), find(to)
	for row, code := range from.Codes {
		other := to.Codes[row]
		if name := here[code]; code != 0 && name != nil {
			if other == 0 {
				name.records++
			} else {
				name.here++
			}
		}
		if name := there[other]; code != 0 && other != 0 && name != nil {
			name.there++
		}
	}
}

// unseenName is what a name weighs that no record with both names has, in
// records; mixtureRounds settle the share of names that are out of place.
const (
	unseenName    = 0.1
	mixtureRounds = 50
)

// misplaced finds out by EM which names belong to the other column. None where
// the likelihood gains no more by it than the parameter costs (Schwarz 1978).
func misplaced(names map[string]*lone) []string {
	sorted := slices.Sorted(maps.Keys(names)) // sums must not depend on an order of rows
	share, gain, records := 0.5, 0.0, 0.0
	var moved []string
	for range mixtureRounds {
		sum := 0.0
		gain, records, moved = 0, 0, moved[:0]
		for _, v := range sorted {
			n := names[v]
			there := share * n.there
			all := there + (1-share)*n.here
			if there > all/2 {
				moved = append(moved, v)
			}
			sum += n.records * there / all
			gain += n.records * math.Log(all/n.here)
			records += n.records
		}
		if records == 0 {
			return nil
		}
		share = sum / records
	}
	if gain <= math.Log(records)/2 {
		return nil
	}
	return moved
}
