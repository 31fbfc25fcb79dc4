package locale

import (
	"slices"
	"strings"
	"testing"
)

// A made country of two provinces, with names that occur once, twice, and at two levels.
func named() []Area {
	return []Area{
		{Code: "1", Level: "province", Name: "Northland"},
		{Code: "2", Level: "province", Name: "Southland"},
		{Code: "11", Parent: "1", Level: "district", Name: "Rampur"},
		{Code: "12", Parent: "1", Level: "district", Name: "Cox's Bazar"},
		{Code: "21", Parent: "2", Level: "district", Name: "Southland"},
		{Code: "22", Parent: "2", Level: "district", Name: "কুমিল্লা", Others: []string{"Tippera"}},
		{Code: "111", Parent: "11", Level: "village", Name: "Sonapur"},
		{Code: "112", Parent: "11", Level: "village", Name: "Ward 1"},
		{Code: "113", Parent: "11", Level: "village", Name: "Ward 2"},
		{Code: "121", Parent: "12", Level: "village", Name: "Sonapur"},
		{Code: "122", Parent: "12", Level: "village", Name: "Lakshmipur"},
		{Code: "211", Parent: "21", Level: "village", Name: "Mirpur"},
		{Code: "2111", Parent: "21", Level: "village", Name: "Ha Dist"},
		{Code: "221", Parent: "22", Level: "village", Name: "Chandpara"},
	}
}

func places() *Pack {
	return &Pack{
		Title: "Made", Latin: true,
		Levels: []Level{
			{Name: "province", Written: []string{"prov"}},
			{Name: "district", Written: []string{"zila", "dist", "জেলা"}},
			{Name: "village", Written: []string{"vill", "gram"}},
			{Name: "hamlet"},
		},
		Landmarks: []string{"p.o.", "post office"},
		Places:    []Term{{Becomes: "rampur", Written: []string{"ramnagar"}}},
	}
}

func TestAnAreaIsFoundByItsName(t *testing.T) {
	g := NewGazetteer(named(), places())
	for written, want := range map[string]string{
		"111":                                    "111",
		"Rampur":                                 "11 area_name",
		"RAMPUR  district":                       "11 area_name",
		"Dist.: Rampur, Made":                    "11 area_name",
		"Ramnagar":                               "11 area_name",
		"Coxs Bazar 4700":                        "12 area_name",
		"Coxbazar":                               "12 area_slip",
		"Rampr":                                  "11 area_sound",
		"Rampuk":                                 "11 area_slip",
		"Kampur":                                 "area_unknown", // the first letter is none to slip
		"Laxmipur":                               "122 area_sound",
		"জেলা: রামপুর":                           "11 area_name",
		"Comilla":                                "22 area_sound",
		"Tippera":                                "22 area_name",
		"Sonapur":                                "area_ambiguous",
		"Sonapur, Rampur":                        "111 area_name",
		"Rampur, Sonapur":                        "111 area_name",
		"Vill: Sonapur P.O. Mirpur Dist: Rampur": "111 area_name",
		"Sonapur village Rampur district":        "111 area_name",
		"Sonapur Rampur Northland":               "111 area_name",
		"Sonapur, Rampr":                         "111 area_name",
		"Sonapur, Northland":                     "1 area_name area_around",
		"Southland":                              "2 area_name area_around",
		"Southland district":                     "21 area_name",
		"Southland, Southland":                   "21 area_name",
		"Nowhere":                                "area_unknown",
		"Nowhere, Rampur":                        "11 area_name area_around",
		"House 5, Sonapur, Rampur":               "111 area_name",
		"hamlet Nowhere, Rampur":                 "11 area_name", // the tree has no hamlets
		"Mirpur, Rampur":                         "11 area_name area_around",
		"Ward 1, Rampur":                         "112 area_name",
		"Ward 3, Rampur":                         "11 area_name area_around",
		"Ha Dist":                                "2111 area_name", // dist is a part of the name
		"Ha Dist village, Southland":             "2111 area_name",
		"Rampur, Comilla":                        "area_ambiguous",
		"":                                       "area_unknown",
		"district":                               "area_unknown",
		"\xff, ,":                                "area_unknown",
	} {
		code, rules := g.Find(written)
		rules = slices.DeleteFunc(rules, func(r string) bool { return !strings.HasPrefix(r, "area_") })
		if got := strings.TrimSpace(code + " " + strings.Join(rules, " ")); got != want {
			t.Errorf("%q is %s, want %s", written, got, want)
		}
	}
}

// TestAnAreaIsFoundInBothVintages: what was split, merged or renumbered is found by
// the names and in the areas of either time.
func TestAnAreaIsFoundInBothVintages(t *testing.T) {
	g := NewGazetteer([]Area{
		{Code: "P1", Level: "province", Name: "Ha Tay", To: "2008-07-31", Successors: []string{"P2"}},
		{Code: "P2", Level: "province", Name: "Ha Noi"},
		{Code: "D1", Parent: "P1", Level: "district", Name: "Dan Phuong", Successors: []string{"D2"}},
		{Code: "D2", Parent: "P2", Level: "district", Name: "Dan Phuong", From: "2008-08-01"},
		{Code: "P3", Level: "province", Name: "Hue"},
		{Code: "D3", Parent: "P3", Level: "district", Name: "Dan Phuong"},
	}, nil)
	for written, want := range map[string]string{"Dan Phuong, Ha Tay": "D2", "Dan Phuong, Ha Noi": "D2", "Dan Phuong, Hue": "D3", "Dan Phuong": "", "Ha Tay": "P1"} {
		if code, rules := g.Find(written); code != want {
			t.Errorf("%q is %q by %q, want %q", written, code, rules, want)
		}
	}
}

func TestATreeWithALoopEnds(t *testing.T) {
	g := NewGazetteer([]Area{{Code: "1", Parent: "2", Name: "One"}, {Code: "2", Parent: "1", Name: "Two"}}, nil)
	if code, _ := g.Find("One, Two"); code == "" {
		t.Error("nothing is found in a tree with a loop")
	}
}

// FuzzFind: no text panics, and what is found is an area of the tree.
func FuzzFind(f *testing.F) {
	g := NewGazetteer(named(), places())
	for _, s := range []string{"Vill: Sonapur P.O. Mirpur Dist: Rampur", "জেলা", "จังหวัดเชียงใหม่", "\xff,", "dist dist", "1 1 1 1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		code, rules := g.Find(s)
		if _, ok := g.codes[code]; code != "" && !ok || code == "" && len(rules) == 0 {
			t.Errorf("%q is %q by %q", s, code, rules)
		}
		places().Place(s)
	})
}
