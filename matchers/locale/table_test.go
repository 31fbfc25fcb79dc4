package locale_test

import (
	"slices"
	"strings"
	"testing"

	"rollcall/jobs/config"
	"rollcall/jobs/locales/cases"
	"rollcall/matchers/locale"
)

// The dates of testdata/locale, read by their country's pack, are what they must be,
// and the rules that the table names have fired.
func TestTablesOfDates(t *testing.T) {
	cases.Each(t, "../..", "dates", 20, func(t *testing.T, country, table string, all []cases.Case) {
		l, err := config.LoadLocale(country)
		if err != nil {
			t.Fatal(err)
		}
		read := locale.Dates{Order: l.Pack.DateOrder, Calendars: l.Pack.Calendars, LatestYear: 2026}.
			WithDefaults(locale.NewYear()).WithDefaults(l.Pack.DefaultDays)
		for _, c := range all {
			iv, rules := read.Read(c.Written)
			missing := slices.ContainsFunc(strings.Fields(c.Rules), func(r string) bool { return !slices.Contains(rules, r) })
			if iv.String() != c.Normal || missing {
				t.Errorf("%s:%d: %s is %q by %v, want %q by %s", table, c.Line, c.Written, iv, rules, c.Normal, c.Rules)
			}
		}
	})
}
