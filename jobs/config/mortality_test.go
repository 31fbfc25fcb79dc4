package config

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rollcall/pipeline/report"
)

func TestAFileOfDeathRates(t *testing.T) {
	var errs Errors
	got := readMortality([]byte("area_code,sex,age_from,population,deaths_per_1000\n,,,165000000,5.7\nA-01,female,70,2000,48.5\n"), "mortality.csv", &errs)
	want := []report.DeathRate{{AgeFrom: report.AllAges, Population: 165e6, Per1000: 5.7}, {Area: "A-01", Sex: "female", AgeFrom: 70, Population: 2000, Per1000: 48.5}}
	if diff := cmp.Diff(want, got); diff != "" || len(errs) > 0 {
		t.Errorf("rates (-want +got):\n%s%v", diff, errs)
	}
}

func TestWrongDeathRatesAreToldWithTheirPlace(t *testing.T) {
	const head = "area_code,sex,age_from,population,deaths_per_1000\n"
	for file, want := range map[string]string{
		"area_code,population\n":                "1:1: the header of a file of death rates is area_code,sex,age_from,population,deaths_per_1000",
		head + "A,F,,1000,8\n":                  `2:3: sex is "F"`,
		head + "A,,old,1000,8\n":                `2:4: age_from is "old"`,
		head + "A,,,many,8\n":                   `2:5: population is "many"`,
		head + "A,,,1000,NaN\n":                 `2:10: deaths_per_1000 is "NaN"`,
		head + "A,,,1000,-8\n":                  `2:10: deaths_per_1000 is "-8"`,
		head + "A,,,1000,8\nA,,,1000,9\n":       "3:1: this area, sex and age stand here a second time",
		head + "A,,,1000\n":                     "wrong number of fields",
		head + "A,female,70,1000,8\nA,\"male\n": "extraneous or missing",
	} {
		var errs Errors
		readMortality([]byte(file), "mortality.csv", &errs)
		if len(errs) == 0 || !strings.Contains(errs[0].Error(), want) {
			t.Errorf("%q: errors %v, want %q", file, errs, want)
		}
	}
}
