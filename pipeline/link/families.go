package link

import (
	"context"
	"fmt"

	"rollcall/matchers/family"
	"rollcall/pipeline/tables"
)

const (
	// Who is whose mother, father, husband or wife, but for what cannot be.
	tellingSQL = "CREATE OR REPLACE TEMP TABLE told AS SELECT * EXCLUDE reason FROM (%s) WHERE reason IS NULL AND person <> relative"

	// The parents of each child. Of records that differ the one that names both counts,
	// then what most say.
	parentsSQL = `CREATE OR REPLACE TEMP TABLE parents AS
WITH event AS (
	SELECT event_id, person AS person_id, min(relative) FILTER (relation = %[1]s) AS mother_id, min(relative) FILTER (relation = %[2]s) AS father_id
	FROM told WHERE relation IN (%[1]s, %[2]s) GROUP BY event_id, person
), pair AS (
	SELECT person_id, mother_id, CASE WHEN mother_id = father_id THEN NULL ELSE father_id END AS father_id, count(*) AS records FROM event GROUP BY ALL
)
SELECT person_id, mother_id, father_id, concat_ws('+', mother_id, father_id) AS family_id FROM pair
QUALIFY row_number() OVER (PARTITION BY person_id ORDER BY mother_id IS NULL OR father_id IS NULL, records DESC, mother_id, father_id) = 1`

	// The couples, the wife first where that is known.
	couplesSQL = `CREATE OR REPLACE TEMP TABLE couple AS
WITH pair AS (
	SELECT DISTINCT person AS person_id, relative AS other_id, CASE WHEN role IN ('mother', 'bride') OR other_role IN ('father', 'groom') THEN 'female'
		WHEN role IN ('father', 'groom') OR other_role IN ('mother', 'bride') THEN 'male' END AS sex
	FROM told WHERE relation = %s
), sexed AS (
	SELECT pair.person_id, other_id, coalesce(pair.sex, p.sex, CASE o.sex WHEN 'female' THEN 'male' WHEN 'male' THEN 'female' END) AS sex
	FROM pair JOIN person p ON p.person_id = pair.person_id JOIN person o ON o.person_id = pair.other_id
)
SELECT DISTINCT CASE WHEN sex = 'female' THEN person_id WHEN sex = 'male' THEN other_id ELSE least(person_id, other_id) END AS wife_id,
	CASE WHEN sex = 'female' THEN other_id WHEN sex = 'male' THEN person_id ELSE greatest(person_id, other_id) END AS husband_id
FROM sexed`

	// Each person once in a family: whom records make the child of her own child is the
	// parent.
	familySQL = `WITH childless AS (
	SELECT wife_id || '+' || husband_id AS family_id, wife_id, husband_id FROM couple c
	ANTI JOIN parents p ON least(p.mother_id, p.father_id) = least(wife_id, husband_id) AND greatest(p.mother_id, p.father_id) = greatest(wife_id, husband_id)
), belonging AS (
	SELECT family_id, mother_id AS person_id, 1 AS place FROM parents WHERE mother_id IS NOT NULL
	UNION ALL SELECT family_id, father_id, 2 FROM parents WHERE father_id IS NOT NULL
	UNION ALL SELECT family_id, person_id, 3 FROM parents
	UNION ALL SELECT family_id, unnest([wife_id, husband_id]), 4 FROM childless
), tied AS (
	SELECT family_id, person_id, min(place) AS place FROM belonging GROUP BY family_id, person_id
)
SELECT family_id, person_id, ['mother', 'father', 'child', 'spouse'][place] AS role FROM tied
UNION ALL
SELECT person_id, person_id, 'alone' FROM person ANTI JOIN tied USING (person_id) WHERE side = %s`

	// A person of the family is one member at most, and what is said of one is said
	// without the others: the chance that none is a member, and that one is, goes from
	// person to person.
	familyLinkSQL = `WITH member AS (
	SELECT DISTINCT household_id, person_id FROM mention JOIN cluster USING (mention_id) WHERE household_id IS NOT NULL
), household AS (
	SELECT household_id, count(*) AS members FROM member GROUP BY household_id HAVING count(*) <= %[1]d
), kin AS (
	SELECT family_id, count(*) AS persons FROM family GROUP BY family_id HAVING count(*) <= %[1]d
), pair AS (
	SELECT f.family_id, m.household_id, l.left_id, l.right_id, l.accepted, l.match_weight_bits, l.match_probability
	FROM link l JOIN family f ON f.person_id = l.left_id JOIN member m ON m.person_id = l.right_id
	WHERE l.kind = 'across' AND (l.accepted OR l.match_probability >= %[2]s)
), one AS (
	SELECT family_id, household_id, left_id, CAST(least(sum(match_probability), 1) AS DOUBLE) AS is_member FROM pair GROUP BY ALL
), chance AS (
	SELECT family_id, household_id, list_reduce(list({'none': 1 - is_member, 'one': is_member} ORDER BY left_id),
		lambda a, b: {'none': a.none * b.none, 'one': a.none * b.one + a.one * b.none}) AS shared
	FROM one GROUP BY ALL
), joined AS (
	SELECT family_id, household_id, list(left_id || '=' || right_id ORDER BY left_id, right_id) AS matched, sum(match_weight_bits) AS match_weight_bits
	FROM pair WHERE accepted GROUP BY ALL
), rated AS (
	SELECT c.family_id, c.household_id, coalesce(matched, []) AS matched, persons, members, coalesce(match_weight_bits, 0) AS match_weight_bits,
		CAST(greatest(0, 1 - shared.none - CASE WHEN least(persons, members) > 1 THEN shared.one ELSE 0 END) AS DECIMAL(9, 6)) AS match_probability
	FROM chance c JOIN kin USING (family_id) JOIN household USING (household_id)
	LEFT JOIN joined j ON j.family_id = c.family_id AND j.household_id = c.household_id
)
SELECT *, match_probability >= %[3]s AS accepted FROM rated WHERE len(matched) > 0 OR match_probability >= %[4]s`
)

const (
	hardlyAMember       = "0.001" // of a link that says next to nothing of where a family lives
	familyThreshold     = "0.5"   // likelier than not
	leastFamilyReported = "0.01"
)

// families writes family and family_link: the families that events tell of, and the
// households where they live.
func (m *maker) families(ctx context.Context) error {
	for _, q := range []string{
		fmt.Sprintf(tellingSQL, toldSQL("person_id")),
		fmt.Sprintf(parentsSQL, is(family.Mother), is(family.Father)),
		fmt.Sprintf(couplesSQL, is(family.Spouse)),
	} {
		if err := m.session.Exec(ctx, q); err != nil {
			return fmt.Errorf("find families: %w", err)
		}
	}
	if err := m.stage.Table(ctx, tables.Family(), fmt.Sprintf(familySQL, tables.Literal(tables.Register))); err != nil {
		return err
	}
	if err := m.stage.Table(ctx, tables.FamilyLink(), familyLinkQuery()); err != nil {
		return err
	}
	return m.session.Exec(ctx, "DROP TABLE told; DROP TABLE parents; DROP TABLE couple")
}

func familyLinkQuery() string {
	return fmt.Sprintf(familyLinkSQL, family.MostMembers, hardlyAMember, familyThreshold, leastFamilyReported)
}
