package link

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"

	"rollcall/matchers"
	"rollcall/pipeline/tables"
)

// Persons of one side who are one with the same person of the other, as stars: the one who
// has it, and the others.
const (
	starSQL = `CREATE OR REPLACE TEMP TABLE star AS SELECT star, person_id FROM read_parquet(%s)`

	// What keeps two persons apart, as it keeps their mentions apart in the register.
	apartSQL = `WITH life AS (
	SELECT s.star, s.person_id, t.event_id, t.household_id, t.sex, t.relationship_to_head = 'head' AS head, %s AS once, %s AS born_from, %s AS born_to, %s AS alive, %s AS died
	FROM star s JOIN cluster c ON c.person_id = s.person_id JOIN mention t ON t.mention_id = c.mention_id
	LEFT JOIN event e ON e.event_id = t.event_id
), number AS (
	SELECT DISTINCT s.star, s.person_id, i.identifier_type, i.value
	FROM star s JOIN cluster c ON c.person_id = s.person_id JOIN identifier i ON i.mention_id = c.mention_id
	WHERE i.verified AND i.well_formed
)
SELECT DISTINCT a.person_id, b.person_id FROM life a JOIN life b ON b.star = a.star AND b.person_id <> a.person_id
WHERE b.event_id = a.event_id OR b.household_id = a.household_id OR b.once = a.once OR b.sex <> a.sex OR (a.head AND b.head) OR b.born_from > a.born_to OR b.alive > a.died + %d
UNION
SELECT a.person_id, b.person_id FROM number a JOIN number b ON b.star = a.star AND b.person_id <> a.person_id
WHERE b.identifier_type = a.identifier_type AND b.value <> a.value`

	// The least mention stands for a person, as in the clusters of one side.
	reunitedSQL = `CREATE OR REPLACE TEMP TABLE reunited AS SELECT star, part, shown_by, probability, bits FROM read_parquet(%s);
COPY (
	SELECT r.mention_id, min(r.person_id) OVER (PARTITION BY coalesce(u.star, c.person_id), r.side) AS person_id, r.side,
		least(r.match_probability, u.probability) AS match_probability
	FROM read_parquet(%s) r JOIN cluster c ON c.mention_id = r.mention_id LEFT JOIN reunited u ON u.part = c.person_id
) TO %s (FORMAT parquet, COMPRESSION snappy)`

	reunitedPairSQL = `CREATE OR REPLACE TEMP TABLE reunited_pair AS
SELECT u.part, a.side, least(a.mention_id, b.mention_id) AS left_id, greatest(a.mention_id, b.mention_id) AS right_id, u.probability, u.bits
FROM reunited u JOIN cluster a ON a.person_id = u.shown_by JOIN cluster b ON b.person_id = u.part`

	// Persons as they were, each by one of its mentions.
	formerSQL = `CREATE OR REPLACE TEMP TABLE former_person AS SELECT person_id, min(mention_id) AS mention_id FROM cluster GROUP BY person_id`

	// Pairs of mentions are one person where their parts are; where no pair of two parts
	// that came together was compared, one tells of it. The kind is part of the keys that
	// are joined: as a condition of its own DuckDB compares all with all.
	reunitedLinkSQL = `WITH scored AS (%[1]s), now AS (
	SELECT s.* REPLACE (
		coalesce(a.person_id = b.person_id, s.accepted) AS accepted, greatest(s.match_probability, p.probability) AS match_probability,
		CASE WHEN s.accepted AND a.person_id <> b.person_id THEN '%[2]s' WHEN a.person_id = b.person_id THEN NULL ELSE s.apart END AS apart),
		CASE WHEN p.part IS NOT NULL THEN CASE s.kind WHEN 'register' THEN 'roster' ELSE 'register' END END AS joined_by, p.part
	FROM (SELECT *, CASE WHEN kind <> 'across' THEN left_id END AS one, CASE WHEN kind <> 'across' THEN right_id END AS other FROM scored) s
	LEFT JOIN cluster a ON a.mention_id = s.one
	LEFT JOIN cluster b ON b.mention_id = s.other
	LEFT JOIN reunited_pair p ON p.left_id = s.one AND p.right_id = s.other
)
SELECT * EXCLUDE (part, one, other) FROM now
UNION ALL BY NAME
SELECT CASE side WHEN %[3]s THEN 'register' ELSE 'roster' END AS kind, left_id, right_id, true AS accepted, bits AS match_weight_bits, 0 AS family_weight_bits,
	probability AS match_probability, CAST([] AS VARCHAR[]) AS agreement, CAST([] AS VARCHAR[]) AS family_evidence,
	CASE side WHEN %[3]s THEN 'roster' ELSE 'register' END AS joined_by
FROM reunited_pair p ANTI JOIN now ON now.part = p.part
QUALIFY row_number() OVER (PARTITION BY p.part ORDER BY left_id, right_id) = 1`
)

// reunite puts parts of one person of the register together: those that came together
// there, unless their partners in the roster show them to be two people, and those of
// which one partner there shows that they are one. It tells which.
func (m *maker) reunite(ctx context.Context, left *matchers.File, parts matchers.Parts) ([]matchers.Whole, error) {
	wholes, err := m.putTogether(ctx, left, parts)
	m.reunited[0] = len(wholes)
	return wholes, err
}

// reuniteRoster puts rows of the roster together that one person of the register shows to
// be one, such as those of a bride whom her parents list too. It tells which.
func (m *maker) reuniteRoster(ctx context.Context, right *matchers.File, splits []matchers.Split) ([]matchers.Whole, error) {
	if len(splits) == 0 {
		return nil, nil
	}
	wholes, err := m.putTogether(ctx, right, matchers.Parts{Splits: splits})
	m.reunited[1] = len(wholes)
	return wholes, err
}

// putTogether puts persons of one side together, in the clusters too, which both sides
// share: of the other side they stay as they are by now.
func (m *maker) putTogether(ctx context.Context, of *matchers.File, parts matchers.Parts) ([]matchers.Whole, error) {
	stars, err := m.starsOf(ctx, of, parts)
	if err != nil {
		return nil, err
	}
	var wholes []matchers.Whole
	for _, row := range slices.Sorted(maps.Keys(stars.parts)) {
		p, star := stars.parts[row], stars.of(row)
		if row != star {
			wholes = append(wholes, matchers.Whole{Part: row, Whole: star, Split: p.by != ""})
		}
		m.parts = append(m.parts, reunited{of.IDs[star], of.IDs[row], p})
	}
	file, before, after := m.path("reunited.parquet"), m.path(clusterRows), m.path("reunited-rows.parquet")
	if err := m.writeParts(ctx, file); err != nil {
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
	return wholes, os.Rename(after, before)
}

// reunited is a person who is one with others, by the ids that they had before.
type reunited struct {
	star, id string
	part
}

func (m *maker) writeParts(ctx context.Context, file string) error {
	rows, err := newRowFile(file, "star", "part", "shown_by", "#probability", "#bits")
	if err != nil {
		return err
	}
	for _, p := range m.parts {
		rows.text(0, p.star)
		rows.text(1, p.id)
		rows.text(2, p.by)
		rows.float(3, p.probability)
		rows.float(4, p.bits)
		if err := rows.end(ctx); err != nil {
			return err
		}
	}
	return rows.close()
}

// rename gives persons of both sides the ids that they have since some were put together.
func (m *maker) rename(ctx context.Context, sides ...[]string) error {
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
	for _, ids := range sides {
		for i, id := range ids {
			if after, changed := now[id]; changed {
				ids[i] = after
			}
		}
	}
	return rows.Err()
}

// stars are persons of one side who are one, by row, each with how it came to the
// others.
type stars struct {
	parts   map[int32]part
	members map[int32][]int32 // by the least row
	star    map[int32]int32
}

// part is a person who is one with others.
type part struct {
	by                string // the one whose partner on the other side shows it; "" where the side itself says so
	probability, bits float64
}

func (s *stars) of(row int32) int32 {
	if star, known := s.star[row]; known {
		return star
	}
	return row
}

func (s *stars) with(row int32) []int32 {
	if members := s.members[s.of(row)]; members != nil {
		return members
	}
	return []int32{row}
}

func (s *stars) join(a, b int32) {
	star := min(s.of(a), s.of(b))
	members := slices.Concat(s.with(a), s.with(b))
	for _, row := range members {
		s.star[row] = star
	}
	s.members[star] = members
}

// starsOf joins the parts that held, and of the splits those that do not speak against each
// other.
func (m *maker) starsOf(ctx context.Context, left *matchers.File, parts matchers.Parts) (*stars, error) {
	s := &stars{parts: map[int32]part{}, members: map[int32][]int32{}, star: map[int32]int32{}}
	for _, j := range parts.Held {
		s.join(j.Left, j.Other)
		for _, row := range []int32{j.Left, j.Other} {
			s.parts[row] = part{probability: max(s.parts[row].probability, j.Probability)}
		}
	}
	if len(parts.Splits) == 0 {
		return s, nil
	}
	apart, err := m.apartInStars(ctx, left, s, parts.Splits)
	if err != nil {
		return nil, err
	}
	for _, split := range parts.Splits {
		clash := s.of(split.Partner) == s.of(split.Other)
		for _, a := range s.with(split.Partner) {
			for _, b := range s.with(split.Other) {
				clash = clash || apart[[2]string{left.IDs[a], left.IDs[b]}]
			}
		}
		if clash {
			continue
		}
		s.join(split.Partner, split.Other)
		if _, known := s.parts[split.Partner]; !known {
			s.parts[split.Partner] = part{probability: 1}
		}
		s.parts[split.Other] = part{left.IDs[split.Partner], split.Probability, split.WeightBits}
	}
	return s, nil
}

// apartInStars are the pairs of persons who may not be one, in both orders, of those whom
// splits would join.
func (m *maker) apartInStars(ctx context.Context, left *matchers.File, joined *stars, splits []matchers.Split) (map[[2]string]bool, error) {
	all := &stars{members: maps.Clone(joined.members), star: maps.Clone(joined.star)}
	for _, s := range splits {
		if all.of(s.Partner) != all.of(s.Other) {
			all.join(s.Partner, s.Other)
		}
	}
	file := m.path("stars.parquet")
	rows, err := newRowFile(file, "star", "person_id")
	if err != nil {
		return nil, err
	}
	known := map[int32]bool{}
	for _, s := range splits {
		star := all.of(s.Partner)
		if known[star] {
			continue
		}
		known[star] = true
		for _, row := range all.with(star) {
			rows.text(0, left.IDs[star])
			rows.text(1, left.IDs[row])
			if err := rows.end(ctx); err != nil {
				return nil, err
			}
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
	persons, err := m.judgedPersons(ctx)
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
