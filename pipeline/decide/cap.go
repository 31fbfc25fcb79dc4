package decide

import (
	"fmt"
	"strings"

	"rollcall/pipeline/tables"
)

// firstOrders say who counts first where a bound leaves some out; the enrolled
// come before those who are not, and ties are settled by id.
var firstOrders = map[string]string{
	"oldest":   "j.birth_latest NULLS LAST, ",
	"youngest": "j.birth_earliest DESC NULLS LAST, ",
}

// places is the SQL of household_place, the place of each counted enrolment among
// those of its household or caregiver, and of household_counted, the persons who
// count where a programme bounds its households.
func places(programmes []Programme) string {
	placed := lists{"SELECT CAST(NULL AS VARCHAR) AS enrolment_id, CAST(NULL AS VARCHAR) AS programme, CAST(NULL AS VARCHAR) AS household_id, " +
		"CAST(NULL AS VARCHAR) AS reason_code, CAST(NULL AS BIGINT) AS place, CAST(NULL AS INTEGER) AS most WHERE FALSE"}
	counted := lists{"SELECT CAST(NULL AS VARCHAR) AS subject_id, CAST(NULL AS VARCHAR) AS programme WHERE FALSE"}
	for _, p := range programmes {
		for _, by := range []struct {
			bound        Cap
			unit, reason string
		}{
			{p.PerHousehold, "a.household_id", "household_bound"},
			{p.PerCaregiver, "g.person_id", "caregiver_bound"},
		} {
			if by.bound.Most > 0 {
				placed.add(`SELECT a.enrolment_id, a.programme, a.household_id, '%[1]s',
  row_number() OVER (PARTITION BY %[2]s ORDER BY %[3]sa.from_on NULLS LAST, a.enrolment_id), %[4]d
FROM active a
JOIN (FROM subject WHERE %[5]s) j ON j.subject_id = a.person_id
LEFT JOIN member g ON g.mention_id = a.caregiver_mention_id
WHERE a.status = 'active' AND a.programme = %[6]s AND %[2]s IS NOT NULL`,
					by.reason, by.unit, firstOrders[by.bound.First], by.bound.Most, by.bound.counts(), tables.Literal(p.Code))
			}
		}
		if p.PerHousehold.Most > 0 {
			counted.add("SELECT subject_id, %s FROM subject WHERE %s", tables.Literal(p.Code), p.PerHousehold.counts())
		}
	}
	return "CREATE OR REPLACE TEMP TABLE household_place AS\n" + strings.Join(placed, "\nUNION ALL\n") +
		";\nCREATE OR REPLACE TEMP TABLE household_counted AS\n" + strings.Join(counted, "\nUNION ALL\n")
}

// counts is SQL over a subject: the bound counts him.
func (c Cap) counts() string {
	if c.Only == "" {
		return "TRUE"
	}
	return fmt.Sprintf("coalesce(TRY(CAST((%s) AS BOOLEAN)), FALSE)", expression(c.Only))
}
