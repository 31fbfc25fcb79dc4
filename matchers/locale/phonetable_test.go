package locale

import (
	"strings"
	"testing"

	"rollcall/jobs/locales/cases"
)

// The tables of testdata/locale say what becomes of telephone numbers as people write
// them.
func TestPhoneTables(t *testing.T) {
	cases.Each(t, "../..", "phones", 1, func(t *testing.T, country, table string, all []cases.Case) {
		p := &Pack{Country: country}
		for _, c := range all {
			if got, rules := p.Phone(c.Written); got != c.Normal || strings.Join(rules, " ") != c.Rules {
				t.Errorf("%s:%d: %s is %q by %v, want %q by %s", table, c.Line, c.Written, got, rules, c.Normal, c.Rules)
			}
		}
	})
}
