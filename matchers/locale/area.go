package locale

import (
	"cmp"
	"slices"
)

// Area is one administrative area as it was from one day to another; Parent is ""
// at the root.
type Area struct {
	Code, Parent, Level, Name string
	From, To                  string   // days as YYYY-MM-DD, both included; "" is open
	Successors                []string // codes of the areas that took its place
	Others                    []string // further names: earlier ones, and those in other scripts
}

// Unit is what an area is compared as: the largest area that all vintages of the
// codes know. An area that was split is one with its parts, areas that were merged
// are one with what came of them, so that two records of one place agree whichever
// code either has.
type Unit struct {
	Code     string // of the area of today, the least where there are several
	Whole    bool   // other areas lie in it: a record says in which large area, not where
	District Area   // that it lies in, as of today; zero for areas that lie above
	// Subdistrict is the code, as of today, of the smallest area with others in it that
	// lies in the district: around the unit, or the unit; "" where there is none between.
	Subdistrict string
}

// Nested names the levels at which the areas of two records are compared, each lying in
// the next.
func Nested() []string { return []string{"area", "subdistrict", "district"} }

// Nested is the unit's code at each of the levels; "" where it has none. A code of a
// large area says not where in it.
func (u Unit) Nested() []string {
	exact := u.Code
	if u.Whole {
		exact = ""
	}
	return []string{exact, u.Subdistrict, u.District.Code}
}

// districtLevel is what most countries call the areas that figures are given by, in
// English.
const districtLevel = "district"

// Units gives the unit of each area's code. Districts are the areas of that level,
// or where there are none those of the topmost level with more than one. A tree with
// a loop ends too.
func Units(areas []Area) map[string]Unit {
	first := succession(areas)
	today := map[string]Area{} // by the first code of the unit
	for _, a := range areas {
		if best, ok := today[first(a.Code)]; !ok || later(a, best) {
			today[first(a.Code)] = a
		}
	}
	current := func(code string) (Area, bool) { a, ok := today[first(code)]; return a, ok }
	chains := map[string][]Area{} // of each unit: itself, and what it lies in up to the root
	whole := map[string]bool{}
	for code, a := range today {
		chain := []Area{}
		for at, ok := a, true; ok && len(chain) <= len(areas); at, ok = current(at.Parent) {
			chain = append(chain, at)
		}
		chains[code] = chain
	}
	for _, a := range areas {
		whole[first(a.Parent)] = true
	}
	smallest := map[string]bool{} // of those with others in them
	for _, a := range areas {
		if !whole[first(a.Code)] {
			smallest[first(a.Parent)] = true
		}
	}
	isDistrict := districtTest(chains)
	units := make(map[string]Unit, len(areas))
	for _, a := range areas {
		chain := chains[first(a.Code)]
		u := Unit{Code: chain[0].Code, Whole: whole[first(a.Code)]}
		if at := slices.IndexFunc(chain, func(in Area) bool { return isDistrict(in, chains[first(in.Code)]) }); at >= 0 {
			u.District = chain[at]
			for _, in := range chain[:at] {
				if u.Subdistrict == "" && smallest[first(in.Code)] {
					u.Subdistrict = in.Code
				}
			}
		}
		units[a.Code] = u
	}
	return units
}

// districtTest tells districts, by their level or by how many areas they lie in.
func districtTest(chains map[string][]Area) func(a Area, chain []Area) bool {
	count := map[int]int{}
	for _, chain := range chains {
		if chain[0].Level == districtLevel {
			return func(a Area, _ []Area) bool { return a.Level == districtLevel }
		}
		count[len(chain)]++
	}
	top := 1
	for count[top] == 1 {
		top++
	}
	return func(_ Area, chain []Area) bool { return len(chain) == top }
}

// later says that of two areas of one unit the first is the one of today.
func later(a, b Area) bool {
	if ended := len(a.Successors) > 0; ended != (len(b.Successors) > 0) {
		return !ended
	}
	return cmp.Or(-cmp.Compare(a.From, b.From), cmp.Compare(a.Code, b.Code)) < 0
}

// succession gives of each code the least of all that took its place, or whose
// place it took, in any number of steps. Areas of different levels stay apart: a
// district that was given up for its communes is none of them.
func succession(areas []Area) func(code string) string {
	level := map[string]string{}
	first := map[string]string{}
	for _, a := range areas {
		level[a.Code], first[a.Code] = a.Level, a.Code
	}
	var root func(code string) string
	root = func(code string) string {
		if first[code] == code || first[code] == "" {
			return code
		}
		first[code] = root(first[code])
		return first[code]
	}
	for _, a := range areas {
		for _, s := range a.Successors {
			if l, known := level[s]; !known || l != a.Level {
				continue
			}
			pair := []string{root(a.Code), root(s)}
			slices.Sort(pair)
			first[pair[1]] = pair[0]
		}
	}
	return root
}
