// Package alignment says which household of the roster is which family's of the register,
// how sure that is, who has no counterpart, and where the two do not fit each other.
package alignment

import (
	"context"
	"fmt"
	"strings"

	"rollcall/pipeline/store"
	"rollcall/pipeline/tables"
)

// Tables are those of a run that this package reads.
func Tables() []string {
	return []string{"mention", "cluster", "person", "link", "family", "family_link", "fact"}
}

// Pair is a household and a family of two or more persons that share a person or may.
type Pair struct {
	Household   string   `json:"household_id"`
	Family      string   `json:"family_id"`
	Accepted    bool     `json:"accepted"`
	Probability float64  `json:"match_probability"`
	Matched     []string `json:"matched"` // accepted links, left_id=right_id
	// Persons of the other side without an accepted link into this one.
	Members []string `json:"members_not_matched"`
	Persons []string `json:"persons_not_matched"`
	// Doubted is the link between the two, left_id=right_id, whose probability is nearest to
	// even, and that probability.
	Doubted            string            `json:"doubted_link"`
	DoubtedProbability float64           `json:"doubted_match_probability"`
	Names              map[string]string `json:"names,omitempty"` // of the persons of both sides, by id, when asked for
}

// Choice says which pairs.
type Choice struct {
	Unsure bool // only those that are neither nearly sure nor nearly out of the question
	Most   int  // 0 for all
	Names  bool
}

// between parts the elements of a list that SQL gives as text; no id has it.
const between = "\x1f"

const pairsSQL = `WITH picked AS (
	SELECT * FROM family_link WHERE persons > 1 %s
	ORDER BY abs(match_probability - 0.5), household_id, family_id %s
), member AS (
	SELECT DISTINCT household_id, person_id FROM mention SEMI JOIN picked USING (household_id) JOIN cluster USING (mention_id)
), kin AS (
	SELECT family_id, person_id FROM family SEMI JOIN picked USING (family_id)
), tie AS (
	SELECT p.household_id, p.family_id, l.left_id, l.right_id, l.accepted, l.match_probability
	FROM picked p JOIN kin k ON k.family_id = p.family_id
	JOIN link l ON l.kind = 'across' AND l.left_id = k.person_id
	JOIN member m ON m.household_id = p.household_id AND m.person_id = l.right_id
), lone_member AS (
	SELECT p.household_id, p.family_id, list(m.person_id ORDER BY m.person_id) AS ids FROM picked p JOIN member m ON m.household_id = p.household_id
	ANTI JOIN tie t ON t.accepted AND t.household_id = p.household_id AND t.family_id = p.family_id AND t.right_id = m.person_id GROUP BY ALL
), lone_person AS (
	SELECT p.household_id, p.family_id, list(k.person_id ORDER BY k.person_id) AS ids FROM picked p JOIN kin k ON k.family_id = p.family_id
	ANTI JOIN tie t ON t.accepted AND t.household_id = p.household_id AND t.family_id = p.family_id AND t.left_id = k.person_id GROUP BY ALL
), doubt AS (
	SELECT household_id, family_id, min({'off': abs(match_probability - 0.5), 'l': left_id, 'r': right_id, 'p': match_probability}) AS d FROM tie GROUP BY ALL
), name AS (
	SELECT x.household_id, x.family_id, string_agg(x.person_id || '=' || coalesce(p.full_name, p.native_name, ''), chr(31) ORDER BY x.person_id) AS names
	FROM (SELECT DISTINCT p.household_id, p.family_id, person_id FROM picked p JOIN member USING (household_id) UNION SELECT p.household_id, p.family_id, person_id FROM picked p JOIN kin USING (family_id)) x
	JOIN person p USING (person_id) WHERE %s GROUP BY ALL
)
SELECT p.household_id, p.family_id, p.accepted, CAST(p.match_probability AS DOUBLE), array_to_string(p.matched, chr(31)),
	coalesce(array_to_string(m.ids, chr(31)), ''), coalesce(array_to_string(k.ids, chr(31)), ''), coalesce(d.l || '=' || d.r, ''), CAST(coalesce(d.p, 0) AS DOUBLE), coalesce(names, '')
FROM picked p
LEFT JOIN lone_member m ON m.household_id = p.household_id AND m.family_id = p.family_id
LEFT JOIN lone_person k ON k.household_id = p.household_id AND k.family_id = p.family_id
LEFT JOIN doubt ON doubt.household_id = p.household_id AND doubt.family_id = p.family_id
LEFT JOIN name n ON n.household_id = p.household_id AND n.family_id = p.family_id
ORDER BY abs(p.match_probability - 0.5), p.household_id, p.family_id`

// unsure is the condition of a pair that a person should look at.
const unsure = "match_probability > 0.05 AND match_probability < 0.95"

// Pairs are households with their families, the least sure first, and how many such
// there are in all.
func Pairs(ctx context.Context, s *store.Session, c Choice) (pairs []Pair, all int, err error) {
	only, limit := "", ""
	if c.Unsure {
		only = "AND " + unsure
	}
	if c.Most > 0 {
		limit = fmt.Sprintf("LIMIT %d", c.Most)
	}
	if err := s.Row(ctx, "SELECT count(*) FROM family_link WHERE persons > 1 "+only, &all); err != nil {
		return nil, 0, fmt.Errorf("count families and households: %w", err)
	}
	rows, err := s.Query(ctx, fmt.Sprintf(pairsSQL, only, limit, fmt.Sprint(c.Names)))
	if err != nil {
		return nil, 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var p Pair
		var matched, members, persons, names string
		if err := rows.Scan(&p.Household, &p.Family, &p.Accepted, &p.Probability, &matched, &members, &persons, &p.Doubted, &p.DoubtedProbability, &names); err != nil {
			return nil, 0, fmt.Errorf("read families and households: %w", err)
		}
		p.Matched, p.Members, p.Persons = parts(matched), parts(members), parts(persons)
		for _, name := range parts(names) {
			if p.Names == nil {
				p.Names = map[string]string{}
			}
			id, called, _ := strings.Cut(name, "=")
			p.Names[id] = called
		}
		pairs = append(pairs, p)
	}
	if err := rows.Err(); err != nil {
		return nil, 0, fmt.Errorf("read families and households: %w", err)
	}
	return pairs, all, nil
}

func parts(text string) []string {
	if text == "" {
		return []string{}
	}
	return strings.Split(text, between)
}

// Kinds of findings.
const (
	SeveralFamilies   = "household_of_several_families"
	SeveralHouseholds = "family_in_several_households"
	Doubted           = "parent_in_doubt"
)

// Finding is a household that the register shows as several families, none of which has
// anybody in common with the next, a family that the roster shows as several households, or
// a parent whom records name and who cannot be one.
type Finding struct {
	Kind    string   `json:"kind"`
	ID      string   `json:"id"`                // household_id, family_id, or person_id of the child
	With    []string `json:"with"`              // the families, households, or the parent
	Because []string `json:"because,omitempty"` // why the parent cannot be one: codes of package parentage
	Records []string `json:"records,omitempty"` // that say so
}

// Families of a household that share a person, or have one between them that shares a
// person with both, are one line: grandparents, parents and children.
const findingsSQL = `WITH RECURSIVE linked AS (
	SELECT household_id, family_id FROM family_link WHERE accepted AND persons > 1
), several AS (
	SELECT household_id, family_id FROM linked SEMI JOIN (SELECT household_id FROM linked GROUP BY household_id HAVING count(*) > 1) USING (household_id)
), shared AS (
	SELECT DISTINCT a.household_id, a.family_id, b.family_id AS other_id
	FROM several a JOIN family x ON x.family_id = a.family_id JOIN family y ON y.person_id = x.person_id
	JOIN several b ON b.household_id = a.household_id AND b.family_id = y.family_id
	WHERE a.family_id <> b.family_id
), reached AS (
	SELECT household_id, family_id, family_id AS first_id FROM several
	UNION
	SELECT s.household_id, s.other_id, r.first_id FROM reached r JOIN shared s ON s.household_id = r.household_id AND s.family_id = r.family_id
), line AS (
	SELECT household_id, family_id, min(first_id) AS line_id FROM reached GROUP BY ALL
), doubted AS (
	SELECT contradictions, records, CASE predicate WHEN 'child_of' THEN subject_id ELSE object_id END AS child_id,
		CASE predicate WHEN 'child_of' THEN object_id ELSE subject_id END AS parent_id
	FROM fact WHERE len(contradictions) > 0 AND predicate IN ('child_of', 'mother_of', 'father_of')
)
SELECT %s AS kind, household_id AS id, list(family_id ORDER BY family_id) AS others, [] AS because, [] AS records FROM line GROUP BY household_id HAVING count(DISTINCT line_id) > 1
UNION ALL
SELECT %s, family_id, list(household_id ORDER BY household_id), [], [] FROM linked GROUP BY family_id HAVING count(*) > 1
UNION ALL
SELECT %s, child_id, [parent_id], list_sort(list_distinct(flatten(list(contradictions ORDER BY contradictions)))),
	list_sort(list_distinct(flatten(list(records ORDER BY records)))) FROM doubted GROUP BY child_id, parent_id`

func findings() string {
	return fmt.Sprintf(findingsSQL, tables.Literal(SeveralFamilies), tables.Literal(SeveralHouseholds), tables.Literal(Doubted))
}

// Findings are the first findings, in the order of their kinds and ids, and how many there are in all;
// most is 0 for all.
func Findings(ctx context.Context, s *store.Session, most int) (found []Finding, all int, err error) {
	rows, err := s.Query(ctx, fmt.Sprintf("SELECT kind, id, array_to_string(others, chr(31)), array_to_string(because, chr(31)), array_to_string(records, chr(31)) FROM (%s) ORDER BY kind DESC, id, others", findings()))
	if err != nil {
		return nil, 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var f Finding
		var with, because, records string
		if err := rows.Scan(&f.Kind, &f.ID, &with, &because, &records); err != nil {
			return nil, 0, fmt.Errorf("read findings of families: %w", err)
		}
		all++
		if most == 0 || all <= most {
			f.With, f.Because, f.Records = parts(with), parts(because), parts(records)
			found = append(found, f)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, 0, fmt.Errorf("read findings of families: %w", err)
	}
	return found, all, nil
}

// Counts sums up how the register's families and the roster's households fit.
type Counts struct {
	Families, FamiliesLinked     int64 // of two persons or more
	Households, HouseholdsLinked int64
	Unsure                       int64 // pairs that a person should look at
	SeveralFamilies              int64 // households that the register shows as several families
	SeveralHouseholds            int64 // families that the roster shows as several households
	Doubted                      int64 // parents whom records name and who cannot be one
}

// Count counts them.
func Count(ctx context.Context, s *store.Session) (c Counts, err error) {
	err = s.Row(ctx, fmt.Sprintf(`SELECT
	(SELECT count(*) FROM (SELECT family_id FROM family GROUP BY family_id HAVING count(*) > 1)),
	(SELECT count(DISTINCT family_id) FROM family_link WHERE accepted AND persons > 1),
	(SELECT count(DISTINCT household_id) FROM mention WHERE household_id IS NOT NULL),
	(SELECT count(DISTINCT household_id) FROM family_link WHERE accepted AND persons > 1),
	(SELECT count(*) FROM family_link WHERE persons > 1 AND %s),
	count(*) FILTER (kind = %s), count(*) FILTER (kind = %s), count(*) FILTER (kind = %s)
FROM (%s)`, unsure, tables.Literal(SeveralFamilies), tables.Literal(SeveralHouseholds), tables.Literal(Doubted), findings()),
		&c.Families, &c.FamiliesLinked, &c.Households, &c.HouseholdsLinked, &c.Unsure, &c.SeveralFamilies, &c.SeveralHouseholds, &c.Doubted)
	if err != nil {
		return c, fmt.Errorf("count families and households: %w", err)
	}
	return c, nil
}
