package cases_test

import (
	"strings"
	"testing"

	"rollcall/jobs/locales/cases"
)

// TestCasesOfEveryCountry: no country has fewer cases than it should, cited from outside
// and derived from a stated rule.
func TestCasesOfEveryCountry(t *testing.T) {
	// The countries whose programmes are served first need twice as many.
	first, others := strings.Fields("BD IN NP LK TH VN PH CL KE ZA"), strings.Fields("ID PK MM KH LA MY MN ET EG UG")
	cited, derived := map[string]int{}, map[string]int{}
	for _, kind := range strings.Fields("names dates identifiers phones places") {
		cases.Each(t, "../../..", kind, 0, func(_ *testing.T, country, _ string, all []cases.Case) {
			for _, c := range all {
				if strings.HasPrefix(c.Source, "cited: ") {
					cited[country]++
				} else {
					derived[country]++
				}
			}
		})
	}
	enough := func(countries []string, leastCited, leastDerived int) {
		for _, country := range countries {
			if cited[country] < leastCited || derived[country] < leastDerived {
				t.Errorf("%s has %d cited cases and %d derived ones, want %d and %d", country, cited[country], derived[country], leastCited, leastDerived)
			}
		}
	}
	enough(first, 40, 100)
	enough(others, 20, 50)
}
