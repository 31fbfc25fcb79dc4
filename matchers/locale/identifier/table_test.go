package identifier

import (
	"fmt"
	"strings"
	"testing"

	"rollcall/jobs/locales/cases"
)

// The tables of testdata/locale say of published and of made-up numbers how the card
// has them, of which system they are, what is wrong with them and what they say.
func TestTables(t *testing.T) {
	cases.Each(t, "../../..", "identifiers", 1, func(t *testing.T, country, table string, all []cases.Case) {
		for _, c := range all {
			system, _, _ := strings.Cut(c.Rules, " ")
			n := Read(system, c.Written)
			if card, says := n.Card(), told(system, n); card != c.Normal || says != c.Rules {
				t.Errorf("%s:%d: %s is %s, %s; want %s, %s", table, c.Line, c.Written, card, says, c.Normal, c.Rules)
			}
		}
	})
}

// told writes what is known of a number as the tables do.
func told(system string, n Number) string {
	words := []string{system}
	add := func(name, value string) {
		if value != "" {
			words = append(words, name+value)
		}
	}
	add("", n.Problem)
	add("birth:", birthText(n.Birth))
	add("sex:", n.Sex)
	add("place:", n.Place)
	return strings.Join(words, " ")
}

func birthText(b Birth) string {
	switch year := fmt.Sprintf("%02d", b.Year); {
	case !b.Known:
		return ""
	case b.Month == 0:
		return year
	default:
		return fmt.Sprintf("%s-%02d-%02d", year, b.Month, b.Day)
	}
}
