package link

import (
	"fmt"
	"strconv"
	"strings"

	"rollcall/matchers"
)

// homes is the SQL of what is known of persons by their mentions: the household, when a
// person of the register died, when one of the roster was last listed alive, and what
// kind of events name the person: as the dead (4), as a child (2), or otherwise (1).
const homes = `(SELECT person_id, min(m.household_id) AS household_id,
	max(CASE WHEN m.role = 'deceased' THEN e.occurred_latest END) AS died,
	max(CASE WHEN m.status IS DISTINCT FROM 'dead' THEN coalesce(o.enumerated_on, m.recorded_on) END) AS listed,
	4 * max(CAST(m.role = 'deceased' AS INTEGER)) + 2 * max(CAST(m.role = 'child' AS INTEGER)) + max(CAST(m.role NOT IN ('child', 'deceased') AS INTEGER)) AS kind
FROM cluster JOIN mention m USING (mention_id) LEFT JOIN event e ON e.event_id = m.event_id LEFT JOIN household o ON o.household_id = m.household_id
GROUP BY person_id) h ON h.person_id = t.person_id`

// ofHomes are the columns of it that come with persons.
var ofHomes = map[string]string{"household": "h.household_id", "died": day("h.died"), "listed": day("h.listed"), "kind": "h.kind"}

// presenceOf is when the persons of the register died, or those of the roster were
// listed.
func presenceOf(register, roster side) (died, listed []matchers.Life) {
	days := func(s side, name string, life func(day int32) matchers.Life) []matchers.Life {
		c := s.others[name]
		out := make([]matchers.Life, len(c.Codes))
		for row, code := range c.Codes {
			if day, err := strconv.ParseInt(c.Values.At(code), 10, 32); err == nil {
				out[row] = life(int32(day))
			}
		}
		return out
	}
	return days(register, "died", func(day int32) matchers.Life { return matchers.Life{Died: day} }),
		days(roster, "listed", func(day int32) matchers.Life { return matchers.Life{Alive: day} })
}

// ListedName stands in the agreement of a link for when the one person was listed,
// beside the other's death.
const ListedName = "listed"

// withListed adds it to the agreement, with its bits: listed=years after the death (-6.2
// bits).
func withListed(agreement string, p matchers.Pair) string {
	if p.Lapse == matchers.LapseUnknown {
		return agreement
	}
	return fmt.Sprintf("%s;%s=%s (%+.1f bits)", agreement, ListedName, p.Lapse, p.LapseBits)
}

// ParseListed reads what follows the name: when it was, and the bits.
func ParseListed(text string) (when string, bits float64, err error) {
	when, rest, _ := strings.Cut(text, " (")
	number, _ := strings.CutSuffix(rest, " bits)")
	if bits, err = strconv.ParseFloat(number, 64); err != nil {
		return "", 0, fmt.Errorf("read when somebody was listed: %w", err)
	}
	return when, bits, nil
}
