package link

import (
	"context"
	"fmt"
	"os"

	"rollcall/matchers"
	"rollcall/pipeline/tables"
)

// Persons of the register who are one with the same roster person, as stars: the one who
// has it, and the others.
const (
	starSQL = `CREATE OR REPLACE TEMP TABLE star AS SELECT star, person_id FROM read_parquet(%s)`

	// What keeps two persons apart, as it keeps their mentions apart in the register.
	apartSQL = `WITH life AS (
	SELECT s.star, s.person_id, t.event_id, t.sex, %s AS once, %s AS born_from, %s AS born_to, %s AS alive, %s AS died
	FROM star s JOIN cluster c ON c.person_id = s.person_id JOIN mention t ON t.mention_id = c.mention_id
	LEFT JOIN event e ON e.event_id = t.event_id
), number AS (
	SELECT DISTINCT s.star, s.person_id, i.identifier_type, i.value
	FROM star s JOIN cluster c ON c.person_id = s.person_id JOIN identifier i ON i.mention_id = c.mention_id
	WHERE i.verified AND i.well_formed
)
SELECT DISTINCT a.person_id, b.person_id FROM life a JOIN life b ON b.star = a.star AND b.person_id <> a.person_id
WHERE b.event_id = a.event_id OR b.once = a.once OR b.sex <> a.sex OR b.born_from > a.born_to OR b.alive > a.died + %d
UNION
SELECT a.person_id, b.person_id FROM number a JOIN number b ON b.star = a.star AND b.person_id <> a.person_id
WHERE b.identifier_type = a.identifier_type AND b.value <> a.value`

	// The least mention stands for a person, as in the clusters of one side.
	reunitedSQL = `CREATE OR REPLACE TEMP TABLE reunited AS SELECT person_id, other_id, probability, bits FROM read_parquet(%s);
COPY (
	SELECT r.mention_id, min(r.person_id) OVER (PARTITION BY coalesce(u.person_id, c.person_id), r.side) AS person_id, r.side,
		least(r.match_probability, u.probability) AS match_probability
	FROM read_parquet(%s) r JOIN cluster c ON c.mention_id = r.mention_id LEFT JOIN reunited u ON u.other_id = c.person_id
) TO %s (FORMAT parquet, COMPRESSION snappy)`

	reunitedPairSQL = `CREATE OR REPLACE TEMP TABLE reunited_pair AS
SELECT u.other_id, least(a.mention_id, b.mention_id) AS left_id, greatest(a.mention_id, b.mention_id) AS right_id, u.probability, u.bits
FROM reunited u JOIN cluster a ON a.person_id = u.person_id JOIN cluster b ON b.person_id = u.other_id`

	// Persons as they were, each by one of its mentions.
	formerSQL = `CREATE OR REPLACE TEMP TABLE former_person AS SELECT person_id, min(mention_id) AS mention_id FROM cluster GROUP BY person_id`

	// Of the pairs of mentions of two parts those that were compared are one person now;
	// where none was, one pair tells of it.
	reunitedLinkSQL = `WITH scored AS (%s), now AS (
	SELECT s.* REPLACE (
		s.accepted OR p.other_id IS NOT NULL AS accepted, greatest(s.match_probability, p.probability) AS match_probability,
		CASE WHEN p.other_id IS NULL THEN s.apart END AS apart), p.other_id
	FROM scored s LEFT JOIN reunited_pair p ON s.kind = 'register' AND p.left_id = s.left_id AND p.right_id = s.right_id
)
SELECT * EXCLUDE other_id FROM now
UNION ALL BY NAME
SELECT 'register' AS kind, left_id, right_id, true AS accepted, bits AS match_weight_bits, 0 AS family_weight_bits,
	probability AS match_probability, CAST([] AS VARCHAR[]) AS agreement, CAST([] AS VARCHAR[]) AS family_evidence
FROM reunited_pair p ANTI JOIN now ON now.other_id = p.other_id
QUALIFY row_number() OVER (PARTITION BY p.other_id ORDER BY left_id, right_id) = 1`
)

// reunite puts parts of one person of the register together, which their one partner in
// the roster shows to be parts, and tells which.
func (m *maker) reunite(ctx context.Context, left *matchers.File, splits []matchers.Split) ([]matchers.Split, error) {
	united, err := m.reunions(ctx, left, splits)
	if err != nil || len(united) == 0 {
		return nil, err
	}
	file, before, after := m.path("reunited.parquet"), m.path(clusterRows), m.path("reunited-rows.parquet")
	rows, err := newRowFile(file, "person_id", "other_id", "#probability", "#bits")
	if err != nil {
		return nil, err
	}
	for _, s := range united {
		rows.text(0, left.IDs[s.Left])
		rows.text(1, left.IDs[s.Other])
		rows.float(2, s.Probability)
		rows.float(3, s.WeightBits)
		if err := rows.end(ctx); err != nil {
			return nil, err
		}
	}
	if err := rows.close(); err != nil {
		return nil, err
	}
	for _, query := range []string{fmt.Sprintf(reunitedSQL, tables.Literal(file), tables.Literal(before), tables.Literal(after)), reunitedPairSQL, formerSQL} {
		if err := m.session.Exec(ctx, query); err != nil {
			return nil, fmt.Errorf("put persons together: %w", err)
		}
	}
	if err := os.Remove(file); err != nil {
		return nil, err
	}
	m.reunited = len(united)
	return united, os.Rename(after, before)
}

// rename gives persons the ids that they have since some were put together.
func (m *maker) rename(ctx context.Context, ids []string) error {
	rows, err := m.session.Query(ctx, "SELECT f.person_id, c.person_id FROM former_person f JOIN cluster c USING (mention_id) WHERE c.person_id <> f.person_id")
	if err != nil {
		return err
	}
	defer rows.Close()
	now := map[string]string{}
	for rows.Next() {
		var before, after string
		if err := rows.Scan(&before, &after); err != nil {
			return fmt.Errorf("read ids of persons: %w", err)
		}
		now[before] = after
	}
	for i, id := range ids {
		if after, changed := now[id]; changed {
			ids[i] = after
		}
	}
	return rows.Err()
}

// reunions are those splits whose parts do not speak against each other, and not against
// other parts of the same person.
func (m *maker) reunions(ctx context.Context, left *matchers.File, splits []matchers.Split) ([]matchers.Split, error) {
	if len(splits) == 0 {
		return nil, nil
	}
	apart, err := m.apartInStars(ctx, left, splits)
	if err != nil {
		return nil, err
	}
	parts := map[int32][]string{}
	var out []matchers.Split
	for _, s := range splits {
		if parts[s.Left] == nil {
			parts[s.Left] = []string{left.IDs[s.Left]}
		}
		other, clash := left.IDs[s.Other], false
		for _, part := range parts[s.Left] {
			clash = clash || apart[[2]string{part, other}]
		}
		if !clash {
			parts[s.Left] = append(parts[s.Left], other)
			out = append(out, s)
		}
	}
	return out, nil
}

// apartInStars are the pairs of persons who may not be one, in both orders.
func (m *maker) apartInStars(ctx context.Context, left *matchers.File, splits []matchers.Split) (map[[2]string]bool, error) {
	file := m.path("stars.parquet")
	rows, err := newRowFile(file, "star", "person_id")
	if err != nil {
		return nil, err
	}
	known := map[int32]bool{}
	add := func(star, person int32) error {
		rows.text(0, left.IDs[star])
		rows.text(1, left.IDs[person])
		return rows.end(ctx)
	}
	for _, s := range splits {
		if !known[s.Left] {
			known[s.Left] = true
			if err := add(s.Left, s.Left); err != nil {
				return nil, err
			}
		}
		if err := add(s.Left, s.Other); err != nil {
			return nil, err
		}
	}
	if err := rows.close(); err != nil {
		return nil, err
	}
	if err := m.session.Exec(ctx, fmt.Sprintf(starSQL, tables.Literal(file))); err != nil {
		return nil, err
	}
	if err := os.Remove(file); err != nil {
		return nil, err
	}
	apart := map[[2]string]bool{}
	persons, err := m.personsOf(ctx, m.verdicts)
	if err != nil {
		return nil, err
	}
	for _, v := range m.verdicts {
		if !v.same {
			a, b := persons[v.left], persons[v.right]
			apart[[2]string{a, b}], apart[[2]string{b, a}] = true, true
		}
	}
	query := fmt.Sprintf(apartSQL, onceClass, lives["born_from"], lives["born_to"], lives["alive"], lives["died"], matchers.DeathSlackDays)
	found, err := m.session.Query(ctx, query)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	for found.Next() {
		var a, b string
		if err := found.Scan(&a, &b); err != nil {
			return nil, fmt.Errorf("read who are two persons: %w", err)
		}
		apart[[2]string{a, b}], apart[[2]string{b, a}] = true, true
	}
	return apart, found.Err()
}
