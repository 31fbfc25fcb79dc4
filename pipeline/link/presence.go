package link

import (
	"fmt"
	"strconv"
	"strings"

	"rollcall/matchers"
)

// presence is the SQL of what is known of persons by their mentions: when a
// person of the register was born by a birth and died, when one of the roster was last listed alive, and what
// kind of events name the person: as the dead (4), as a child (2), or otherwise (1).
const presence = `(SELECT person_id,
	max(CASE WHEN m.role = 'deceased' THEN e.occurred_latest END) AS died,
	max(CASE WHEN m.role = 'child' AND e.event_type = 'birth' THEN e.occurred_earliest END) AS born,
	max(CASE WHEN m.status IS DISTINCT FROM 'dead' THEN greatest(o.enumerated_on, m.recorded_on) END) AS listed,
	4 * max(CAST(m.role = 'deceased' AS INTEGER)) + 2 * max(CAST(m.role = 'child' AS INTEGER)) + max(CAST(m.role NOT IN ('child', 'deceased') AS INTEGER)) AS kind
FROM cluster JOIN mention m USING (mention_id) LEFT JOIN event e ON e.event_id = m.event_id LEFT JOIN household o ON o.household_id = m.household_id
GROUP BY person_id) h ON h.person_id = t.person_id`

// ofPresence are the columns of it that come with persons.
var ofPresence = map[string]string{"born": day("h.born"), "died": day("h.died"), "listed": day("h.listed"), "kind": "h.kind"}

// presenceOf is when the persons of the register were born and died, and those of the
// roster were listed.
func presenceOf(register, roster side) (lived, listed []matchers.Life) {
	day := func(s side, name string, row int) int32 {
		c := s.others[name]
		day, err := strconv.ParseInt(c.Values.At(c.Codes[row]), 10, 32)
		if err != nil {
			return 0 // not known
		}
		return int32(day)
	}
	lived, listed = make([]matchers.Life, len(register.file.IDs)), make([]matchers.Life, len(roster.file.IDs))
	for row := range lived {
		lived[row] = matchers.Life{BornFrom: day(register, "born", row), Died: day(register, "died", row)}
	}
	for row := range listed {
		listed[row] = matchers.Life{Alive: day(roster, "listed", row)}
	}
	return lived, listed
}

// ListedName stands in the agreement of a link for when the one person was listed,
// beside the other's birth or death.
const ListedName = "listed"

// withListed adds it to the agreement, with its bits: listed=years after the death (-6.2
// bits).
func withListed(agreement string, p matchers.Pair) string {
	if !p.Lapse.Tells() {
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
