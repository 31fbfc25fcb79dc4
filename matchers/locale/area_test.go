package locale

import (
	"slices"
	"testing"
)

// A made country: province P1 was split into P2 and P3 with its district D, D was
// cut in two, two communes became one, and one got another number.
func vintages() []Area {
	return []Area{
		{Code: "P1", Level: "province", To: "2014-12-31", Successors: []string{"P2", "P3"}},
		{Code: "P2", Level: "province", From: "2015-01-01"},
		{Code: "P3", Level: "province", From: "2015-01-01"},
		{Code: "P4", Level: "province"},
		{Code: "D1", Parent: "P4", Level: "district"},
		{Code: "C1", Parent: "D1", Level: "commune", Successors: []string{"C3"}},
		{Code: "C2", Parent: "D1", Level: "commune", Successors: []string{"C3"}},
		{Code: "C3", Parent: "P4", Level: "commune", From: "2025-07-01"},
		{Code: "C4", Parent: "D1", Level: "commune", Successors: []string{"C9"}},
		{Code: "C9", Parent: "P4", Level: "commune", From: "2025-07-01"},
		{Code: "C5", Parent: "P2", Level: "commune"},
		{Code: "C6", Parent: "P3", Level: "commune"},
	}
}

func TestUnitsHoldWhicheverVintageARecordUses(t *testing.T) {
	units := Units(vintages())
	for _, group := range [][]string{{"P1", "P2", "P3"}, {"C1", "C2", "C3"}, {"C4", "C9"}, {"C5"}, {"C6"}, {"P4"}, {"D1"}} {
		for _, code := range group {
			if units[code].Code != units[group[0]].Code {
				t.Errorf("%s is compared as %s, and %s as %s", code, units[code].Code, group[0], units[group[0]].Code)
			}
		}
	}
	distinct := map[string]bool{}
	for _, u := range units {
		distinct[u.Code] = true
	}
	if len(distinct) != 7 {
		t.Errorf("%d units, want 7", len(distinct))
	}
	for code, want := range map[string]string{"C1": "", "C3": "", "C4": "", "D1": "D1", "P1": "", "P4": ""} {
		if got := units[code].District.Code; got != want {
			t.Errorf("%s lies in the district %q, want %q", code, got, want)
		}
	}
	old := Units(slices.DeleteFunc(vintages(), func(a Area) bool { return a.From > "2020" }))
	if got := old["C1"].District.Code; got != "D1" {
		t.Errorf("before the districts went C1 lay in %q, want D1", got)
	}
}

func TestUnitsLieInTheSmallestAreaAround(t *testing.T) {
	units := Units([]Area{
		{Code: "R", Level: "division"},
		{Code: "D", Parent: "R", Level: "district"},
		{Code: "S", Parent: "D", Level: "subdistrict"},
		{Code: "V", Parent: "S", Level: "village"},
		{Code: "W", Parent: "D", Level: "village"},
	})
	for code, want := range map[string]string{"V": "S", "S": "S", "W": "", "D": "", "R": ""} {
		if got := units[code].Subdistrict; got != want {
			t.Errorf("%s lies in the subdistrict %q, want %q", code, got, want)
		}
	}
}

func TestWithoutDistrictsTheTopmostLevelOfSeveralAreasStandsIn(t *testing.T) {
	units := Units(slices.DeleteFunc(vintages(), func(a Area) bool { return a.Level == "district" }))
	for code, want := range map[string]string{"C3": "P4", "C9": "P4", "C6": "P2", "P3": "P2", "P4": "P4"} {
		if got := units[code].District.Code; got != want {
			t.Errorf("%s lies in %q, want %q", code, got, want)
		}
	}
}

func TestAnAreaWithOthersInItIsWhole(t *testing.T) {
	units := Units(vintages())
	for code, want := range map[string]bool{"P1": true, "P4": true, "D1": true, "C1": false, "C9": false} {
		if units[code].Whole != want {
			t.Errorf("%s whole: %v, want %v", code, units[code].Whole, want)
		}
	}
}

func TestALoopOfAreasEnds(t *testing.T) {
	units := Units([]Area{
		{Code: "A", Parent: "B", Level: "district", Successors: []string{"B"}},
		{Code: "B", Parent: "A", Level: "district", Successors: []string{"A"}},
		{Code: "C", Parent: "C", Level: "ward", Successors: []string{"C", "nowhere"}},
	})
	if len(units) != 3 || units["A"].Code != units["B"].Code || units["C"].Code != "C" {
		t.Errorf("units of loops: %v", units)
	}
}
