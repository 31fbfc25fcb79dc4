package link

import (
	"context"
	"errors"
	"fmt"
	"time"

	"rollcall/matchers/assign"
	"rollcall/pipeline/tables"
)

// Entities counts what became of the persons of one side that earlier runs found.
type Entities struct {
	Side   string
	Kept   int // persons that have the id that earlier runs gave them
	New    int // persons with a new id
	Merged int // earlier persons whose mentions are all with those of another
	Split  int // parts of earlier persons that are persons of their own
	Moved  int // parts of earlier persons that are with mentions of another
	Gone   int // persons of the last run of whom no mention is here
}

// clusterRows is the file of the clusters of both sides, by the mention that stands for
// each.
const clusterRows = "cluster-rows.parquet"

// The persons found, by the mention that stands for each, and what they have in
// common with earlier ones.
const (
	foundSQL = `CREATE OR REPLACE TEMP TABLE found AS
SELECT mention_id, person_id AS stands, side, match_probability FROM read_parquet(%s)`

	overlapSQL = `CREATE OR REPLACE TEMP TABLE entity_overlap AS
SELECT *, count(*) OVER (PARTITION BY stands) AS befores, count(*) OVER (PARTITION BY before_id) AS nows
FROM (SELECT f.side, f.stands, e.person_id AS before_id, count(*) AS mentions
	FROM found f JOIN earlier_entity e ON e.mention_id = f.mention_id AND e.side = f.side GROUP BY ALL)`

	// Most persons are who they were; the others are settled outside SQL.
	heirSQL = `CREATE OR REPLACE TEMP TABLE heir AS
SELECT stands, before_id FROM entity_overlap WHERE befores = 1 AND nows = 1
UNION ALL
SELECT stands, before_id FROM read_parquet(%s)`

	// A new person has the id of the first of its mentions that is nobody's id.
	nameSQL = `CREATE OR REPLACE TEMP TABLE person_name AS
SELECT stands, before_id AS person_id FROM heir
UNION ALL
SELECT f.stands, min(f.mention_id) FROM found f
ANTI JOIN heir h ON h.stands = f.stands
ANTI JOIN earlier_entity e ON e.person_id = f.mention_id
GROUP BY f.stands`

	namedSQL = `SELECT f.mention_id, n.person_id, f.side, f.match_probability FROM found f JOIN person_name n ON n.stands = f.stands`

	entitySQL = `SELECT mention_id, person_id, side, DATE '%s' AS seen_on FROM cluster
UNION ALL
SELECT e.mention_id, e.person_id, e.side, e.seen_on FROM earlier_entity e ANTI JOIN cluster c ON c.mention_id = e.mention_id`

	changeSQL = `SELECT o.before_id AS previous_id, n.person_id, o.side, o.mentions,
	CASE WHEN o.befores = 1 THEN 'split' WHEN o.nows = 1 THEN 'merged' ELSE 'moved' END AS change
FROM entity_overlap o
JOIN person_name n ON n.stands = o.stands
ANTI JOIN heir h ON h.stands = o.stands AND h.before_id = o.before_id
UNION ALL
SELECT e.person_id, '', e.side, count(*), 'gone'
FROM earlier_entity e
ANTI JOIN entity_overlap o ON o.before_id = e.person_id
GROUP BY e.person_id, e.side
HAVING max(e.seen_on) = (SELECT max(seen_on) FROM earlier_entity)`
)

// inherit writes cluster, entity and entity_change: each person found has the id
// of the earlier one with whom it has most mentions in common, each id once.
func (m *maker) inherit(ctx context.Context) ([]Entities, error) {
	if err := m.session.Exec(ctx, fmt.Sprintf(foundSQL, tables.Literal(m.path(clusterRows)))); err != nil {
		return nil, err
	}
	if err := m.session.Exec(ctx, overlapSQL); err != nil {
		return nil, err
	}
	if err := m.settleHeirs(ctx); err != nil {
		return nil, err
	}
	if err := m.session.Exec(ctx, nameSQL); err != nil {
		return nil, err
	}
	if err := m.nameRest(ctx); err != nil {
		return nil, err
	}
	if err := m.stage.Table(ctx, tables.Cluster(), namedSQL); err != nil {
		return nil, err
	}
	if err := m.stage.Table(ctx, tables.EntityChange(), changeSQL); err != nil {
		return nil, err
	}
	if err := m.writeEntities(ctx); err != nil {
		return nil, err
	}
	counts, err := m.countEntities(ctx)
	return counts, errors.Join(err, m.session.Exec(ctx, "DROP TABLE found; DROP TABLE entity_overlap; DROP TABLE heir; DROP TABLE person_name"))
}

// writeEntities writes whose person each mention is, those too that are not here
// this time and may come back.
func (m *maker) writeEntities(ctx context.Context) error {
	return m.stage.Table(ctx, tables.Entity(), fmt.Sprintf(entitySQL, m.work.AsOf.Format(time.DateOnly)))
}

// settleHeirs decides who goes on as whom where persons were merged or split.
func (m *maker) settleHeirs(ctx context.Context) error {
	now, before := numbers{}, numbers{}
	overlaps, err := m.contested(ctx, &now, &before)
	if err != nil {
		return err
	}
	file := m.path("heirs.parquet")
	rows, err := newRowFile(file, "stands", "before_id")
	if err != nil {
		return err
	}
	heirs := assign.Inherit(overlaps)
	for i, stands := range now.ids {
		earlier, ok := heirs[int32(i)]
		if !ok {
			continue
		}
		rows.text(0, stands)
		rows.text(1, before.ids[earlier])
		if err := rows.end(ctx); err != nil {
			return err
		}
	}
	if err := rows.close(); err != nil {
		return err
	}
	return m.session.Exec(ctx, fmt.Sprintf(heirSQL, tables.Literal(file)))
}

// contested are the overlaps of persons that are not simply who they were, those
// with most mentions first.
func (m *maker) contested(ctx context.Context, now, before *numbers) ([]assign.Overlap, error) {
	rows, err := m.session.Query(ctx, `SELECT stands, before_id, mentions FROM entity_overlap WHERE befores > 1 OR nows > 1
ORDER BY mentions DESC, before_id, stands`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var overlaps []assign.Overlap
	for rows.Next() {
		var stands, earlier string
		var o assign.Overlap
		if err := rows.Scan(&stands, &earlier, &o.Records); err != nil {
			return nil, fmt.Errorf("read persons of earlier runs: %w", err)
		}
		o.Now, o.Before = now.of(stands), before.of(earlier)
		overlaps = append(overlaps, o)
	}
	return overlaps, rows.Err()
}

// numbers gives texts numbers from 0, in the order in which they are first seen.
type numbers struct {
	ids   []string
	known map[string]int32
}

func (n *numbers) of(id string) int32 {
	i, ok := n.known[id]
	if !ok {
		if n.known == nil {
			n.known = map[string]int32{}
		}
		i = int32(len(n.ids))
		n.known[id] = i
		n.ids = append(n.ids, id)
	}
	return i
}

// nameRest names the new persons all of whose mentions gave their ids to others.
func (m *maker) nameRest(ctx context.Context) error {
	const rest = "FROM found f ANTI JOIN person_name n ON n.stands = f.stands"
	var left int
	for n := 2; ; n++ {
		if err := m.session.Row(ctx, "SELECT count(*) "+rest, &left); err != nil {
			return err
		}
		if left == 0 {
			return nil
		}
		err := m.session.Exec(ctx, fmt.Sprintf(`INSERT INTO person_name
SELECT stands, name FROM (SELECT f.stands, min(f.mention_id) || '~%d' AS name %s GROUP BY f.stands)
WHERE name NOT IN (SELECT person_id FROM earlier_entity UNION ALL SELECT person_id FROM person_name UNION ALL SELECT mention_id FROM found)`, n, rest))
		if err != nil {
			return err
		}
	}
}

// countEntities sums up what became of earlier persons; nothing in a first run.
func (m *maker) countEntities(ctx context.Context) ([]Entities, error) {
	var earlier bool
	if err := m.session.Row(ctx, "SELECT count(*) > 0 FROM earlier_entity", &earlier); err != nil || !earlier {
		return nil, err
	}
	var out []Entities
	for _, side := range []string{tables.Register, tables.Roster} {
		e := Entities{Side: side}
		s := tables.Literal(side)
		err := m.session.Row(ctx, fmt.Sprintf(`SELECT count(DISTINCT f.stands) FILTER (h.stands IS NOT NULL), count(DISTINCT f.stands) FILTER (h.stands IS NULL)
FROM found f LEFT JOIN heir h ON h.stands = f.stands WHERE f.side = %s`, s), &e.Kept, &e.New)
		if err != nil {
			return nil, err
		}
		err = m.session.Row(ctx, fmt.Sprintf(`SELECT count(*) FILTER (change = 'merged'), count(*) FILTER (change = 'split'), count(*) FILTER (change = 'moved'),
	count(*) FILTER (change = 'gone') FROM entity_change WHERE side = %s`, s), &e.Merged, &e.Split, &e.Moved, &e.Gone)
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}
