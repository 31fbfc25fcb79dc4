package link

import (
	"context"
	"errors"
	"fmt"
	"os"

	"rollcall/matchers/family"
	"rollcall/pipeline/tables"
)

// named are the relations that one event tells: of the bearer of a role what another
// role is to him.
var named = []struct {
	role, other string
	relation    family.Relation
	back        family.Relation
}{
	{"child", "mother", family.Mother, family.Child},
	{"child", "father", family.Father, family.Child},
	{"deceased", "mother", family.Mother, family.Child},
	{"deceased", "father", family.Father, family.Child},
	{"mother", "father", family.Spouse, family.Spouse},
	{"deceased", "spouse", family.Spouse, family.Spouse},
	{"groom", "bride", family.Spouse, family.Spouse},
}

// mostChildren is how many children of one parent are each other's siblings; of more
// it is not one parent.
const mostChildren = 16

// tiesName is the file through which relatives come from SQL.
const tiesName = "ties.parquet"

// relatives are the ties between mentions or persons of the register, by the rows of
// their ids: those that an event names, and the children of one parent.
func (m *maker) relatives(ctx context.Context, key string, ids []string) (_ []family.Tie, err error) {
	if m.config.PersonsAlone {
		return nil, nil
	}
	rows := make(map[string]int32, len(ids))
	for row, id := range ids {
		rows[id] = int32(row)
	}
	values := ""
	for i, n := range named {
		if i > 0 {
			values += ", "
		}
		values += fmt.Sprintf("(%s, %s, '%d', '%d')", tables.Literal(n.role), tables.Literal(n.other), n.relation, n.back)
	}
	clusters := ""
	if key == "person_id" {
		clusters = " JOIN cluster USING (mention_id)"
	}
	query := fmt.Sprintf(`COPY (
WITH named AS (SELECT * FROM (VALUES %s) AS t(role, other, relation, back)),
role AS (SELECT event_id, role, %s AS id FROM mention%s WHERE event_id IS NOT NULL),
tie AS (
	SELECT a.id AS person, b.id AS relative, n.relation, n.back
	FROM role a JOIN named n ON n.role = a.role JOIN role b ON b.event_id = a.event_id AND b.role = n.other
	WHERE a.id <> b.id
),
parent AS (SELECT DISTINCT person AS child, relative AS parent FROM tie WHERE back = '%d'),
few AS (SELECT parent FROM parent GROUP BY parent HAVING count(*) BETWEEN 2 AND %d)
SELECT person, relative, relation FROM (
	SELECT person, relative, relation FROM tie
	UNION SELECT relative, person, back FROM tie
	UNION SELECT a.child, b.child, '%d' FROM parent a JOIN few USING (parent) JOIN parent b USING (parent) WHERE a.child <> b.child
) ORDER BY ALL) TO %s (FORMAT parquet, COMPRESSION snappy)`, values, key, clusters, family.Child, mostChildren, family.Sibling, tables.Literal(m.path(tiesName)))
	if err := m.session.Exec(ctx, query); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.Remove(m.path(tiesName))) }()
	columns, err := readColumns(ctx, m.path(tiesName), []string{"person", "relative", "relation"}, m.work.Options.Threads)
	if err != nil {
		return nil, err
	}
	ties := make([]family.Tie, len(columns[0].Codes))
	for i := range ties {
		text := func(column int) string { return columns[column].Values.At(columns[column].Codes[i]) }
		ties[i] = family.Tie{Person: rows[text(0)], Relative: rows[text(1)], Relation: family.Relation(text(2)[0] - '0')}
	}
	return ties, nil
}
