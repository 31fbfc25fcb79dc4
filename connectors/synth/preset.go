package synth

import (
	"fmt"
	"slices"
	"strings"
)

// Sexes, as indices.
const (
	male uint8 = iota
	female
)

// bySex holds one value for men and one for women.
type bySex [2]float64

// preset is a kind of country.
type preset struct {
	name, timeZone, currency string
	systems                  []share // name systems of its sub-districts
	ids                      string
	divisions                []string // first level of its areas
	districts                int      // at most, in the whole country

	fertilityThen, fertilityNow float64 // children a woman, sixty years ago and now
	mortality                   float64 // factor on the life table
	unmarriedBirths             float64 // births to a woman without a partner, as a share of the married rate
	fatherNamed                 float64 // share of those births in which the father is named
	divorcePerYear              float64 // of unions
	secondWife                  float64 // share of brides who become a second wife
	patrilocal                  float64 // share of couples who live with the husband's parents at first
	splitPerYear                float64 // share of couples living with others who found a household
	foundersPerHousehold        float64 // couples sixty years ago for each household of today

	deathsRegistered    bySex   // completeness of adult deaths
	childDeathsFactor   float64 // times that for deaths under 5
	birthsRegistered    float64
	marriagesRegistered float64
	areaSpread          float64 // completeness of an area: factor 1 ± this

	nativeRegister, nativeRoster float64 // share of records with the native name
	amounts                      [programmes]string
}

// share is a name system and its part of the country.
type share struct {
	system string
	part   float64
}

// presets are the countries. Death completeness: domain reference 4.4
// (Bangladesh 24 % in 2018, men above women as in Matlab; India male 85 %, female 74 %).
func presets() []preset {
	return []preset{
		{
			name: "bangladesh", timeZone: "Asia/Dhaka", currency: "BDT", systems: []share{{"bengali", 1}}, ids: "nid",
			divisions: []string{"Dhaka", "Chattogram", "Rajshahi", "Khulna", "Barishal", "Sylhet", "Rangpur", "Mymensingh"}, districts: 64,
			fertilityThen: 7.0, fertilityNow: 2.1, mortality: 1.1, unmarriedBirths: 0.01, fatherNamed: 0.3, divorcePerYear: 0.004, secondWife: 0.02,
			patrilocal: 0.75, splitPerYear: 0.08, foundersPerHousehold: 0.270,
			deathsRegistered: bySex{0.31, 0.16}, childDeathsFactor: 0.6, birthsRegistered: 0.60, marriagesRegistered: 0.45, areaSpread: 0.3,
			nativeRegister: 0.7, nativeRoster: 0.35, amounts: [programmes]string{"500.00", "550.00", "600.00"},
		},
		{
			name: "india", timeZone: "Asia/Kolkata", currency: "INR", systems: []share{{"hindi", 0.65}, {"tamil", 0.35}}, ids: "aadhaar",
			divisions: []string{"North", "Central", "East", "West", "South", "Coast"}, districts: 90,
			fertilityThen: 6.6, fertilityNow: 2.0, mortality: 1.15, unmarriedBirths: 0.01, fatherNamed: 0.3, divorcePerYear: 0.002, secondWife: 0.01,
			patrilocal: 0.8, splitPerYear: 0.07, foundersPerHousehold: 0.298,
			deathsRegistered: bySex{0.85, 0.74}, childDeathsFactor: 0.6, birthsRegistered: 0.89, marriagesRegistered: 0.40, areaSpread: 0.12,
			nativeRegister: 0.6, nativeRoster: 0.3, amounts: [programmes]string{"400.00", "300.00", "500.00"},
		},
		{
			name: "chile", timeZone: "America/Santiago", currency: "CLP", systems: []share{{"spanish", 1}}, ids: "rut",
			divisions: []string{"Norte", "Centro", "Maule", "Biobio", "Araucania", "Sur"}, districts: 56,
			fertilityThen: 5.0, fertilityNow: 1.5, mortality: 0.75, unmarriedBirths: 0.25, fatherNamed: 0.7, divorcePerYear: 0.012, secondWife: 0,
			patrilocal: 0.2, splitPerYear: 0.3, foundersPerHousehold: 0.236,
			deathsRegistered: bySex{0.98, 0.98}, childDeathsFactor: 1, birthsRegistered: 0.99, marriagesRegistered: 0.95, areaSpread: 0.01,
			amounts: [programmes]string{"21243.00", "90000.00", "214296.00"},
		},
		{
			name: "vietnam", timeZone: "Asia/Ho_Chi_Minh", currency: "VND", systems: []share{{"vietnamese", 1}}, ids: "cccd",
			divisions: []string{"Red River Delta", "Northern Midlands", "Central Coast", "Central Highlands", "South East", "Mekong Delta"}, districts: 63,
			fertilityThen: 6.2, fertilityNow: 1.9, mortality: 0.9, unmarriedBirths: 0.03, fatherNamed: 0.4, divorcePerYear: 0.004, secondWife: 0,
			patrilocal: 0.6, splitPerYear: 0.15, foundersPerHousehold: 0.251,
			deathsRegistered: bySex{0.85, 0.78}, childDeathsFactor: 0.6, birthsRegistered: 0.96, marriagesRegistered: 0.80, areaSpread: 0.1,
			nativeRegister: 0.9, nativeRoster: 0.6, amounts: [programmes]string{"750000.00", "500000.00", "500000.00"},
		},
		{
			name: "mixed", timeZone: "Asia/Bangkok", currency: "USD",
			systems: []share{{"vietnamese", 0.3}, {"bengali", 0.25}, {"javanese", 0.2}, {"spanish", 0.15}, {"tamil", 0.1}}, ids: "aadhaar",
			divisions: []string{"Highland", "Riverside", "Coast", "Plain", "Island", "Capital"}, districts: 48,
			fertilityThen: 6.4, fertilityNow: 2.0, mortality: 1, unmarriedBirths: 0.06, fatherNamed: 0.5, divorcePerYear: 0.006, secondWife: 0.006,
			patrilocal: 0.6, splitPerYear: 0.12, foundersPerHousehold: 0.251,
			deathsRegistered: bySex{0.76, 0.62}, childDeathsFactor: 0.6, birthsRegistered: 0.80, marriagesRegistered: 0.60, areaSpread: 0.2,
			nativeRegister: 0.5, nativeRoster: 0.3, amounts: [programmes]string{"12.00", "15.00", "20.00"},
		},
	}
}

// Presets names the kinds of country.
func Presets() []string {
	var names []string
	for _, p := range presets() {
		names = append(names, p.name)
	}
	return names
}

func presetNamed(name string) (preset, error) {
	all := presets()
	i := slices.IndexFunc(all, func(p preset) bool { return p.name == name })
	if i < 0 {
		return preset{}, &ConfigError{fmt.Sprintf("preset %q is none of %s", name, strings.Join(Presets(), ", "))}
	}
	return all[i], nil
}
