package link

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"strings"

	"rollcall/matchers/family"
	"rollcall/pipeline/parentage"
	"rollcall/pipeline/tables"
)

// named are the relations that one event tells: of the bearer of a role what another
// role is to him.
var named = []struct {
	role, other string
	relation    family.Relation
}{
	{"child", "mother", family.Mother},
	{"child", "father", family.Father},
	{"deceased", "mother", family.Mother},
	{"deceased", "father", family.Father},
	{"mother", "father", family.Spouse},
	{"deceased", "spouse", family.Spouse},
	{"groom", "bride", family.Spouse},
}

// tiesName is the file through which relatives come from SQL.
const tiesName = "ties.parquet"

// relatives are the ties between mentions or persons of the register, by the rows of
// their ids: those that an event names, and the children of one parent. What cannot be is
// left out, and counted.
func (m *maker) relatives(ctx context.Context, key string, ids []string) (_ []family.Tie, err error) {
	if m.config.PersonsAlone {
		return nil, nil
	}
	rows := make(map[string]int32, len(ids))
	for row, id := range ids {
		rows[id] = int32(row)
	}
	if err := m.session.Exec(ctx, tiesSQL(key, m.path(tiesName))); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.Remove(m.path(tiesName))) }()
	columns, err := readColumns(ctx, m.path(tiesName), []string{"person", "relative", "relation", "reason"}, m.work.Options.Threads)
	if err != nil {
		return nil, err
	}
	relationOf := map[string]family.Relation{}
	for r := range family.Relations {
		relationOf[r.String()] = r
	}
	told := make([]family.Tie, 0, len(columns[0].Codes))
	left := map[string]int{}
	for i := range columns[0].Codes {
		text := func(column int) string { return columns[column].Values.At(columns[column].Codes[i]) }
		if reason := text(3); reason != "" {
			left[reason]++
			continue
		}
		told = append(told, family.Tie{Person: rows[text(0)], Relative: rows[text(1)], Relation: relationOf[text(2)]})
	}
	ties, unsettled := family.Settle(len(ids), told)
	for reason, n := range unsettled {
		left[string(reason)] += n
	}
	maps.Copy(m.leftOut, left) // of persons after mentions, who tell no less
	return ties, nil
}

// is is a relation as SQL.
func is(r family.Relation) string { return tables.Literal(r.String()) }

// tiesSQL writes who is whose relative by the events, and why that cannot be, into a file.
func tiesSQL(key, file string) string {
	return fmt.Sprintf("COPY (SELECT person, relative, relation, reason FROM (%s) ORDER BY ALL) TO %s (FORMAT parquet, COMPRESSION snappy)", toldSQL(key), tables.Literal(file))
}

// toldSQL is what each event tells of two mentions or persons, in which roles, and why
// that cannot be.
func toldSQL(key string) string {
	values := make([]string, len(named))
	for i, n := range named {
		values[i] = fmt.Sprintf("(%s, %s, %s)", tables.Literal(n.role), tables.Literal(n.other), tables.Literal(n.relation.String()))
	}
	reasons := parentage.Reasons("n.relation = "+is(family.Mother), "n.relation = "+is(family.Father))
	clusters := ""
	if key == "person_id" {
		clusters = " JOIN cluster USING (mention_id)"
	}
	return fmt.Sprintf(`WITH named AS (SELECT * FROM (VALUES %s) AS t(role, other, relation)),
bearer AS (
	SELECT m.event_id, m.role, %s AS id, m.sex, m.full_norm,
		CASE WHEN m.role = 'child' AND e.event_type = 'birth' THEN coalesce(e.occurred_earliest, m.birth_earliest) ELSE m.birth_earliest END AS born_from,
		CASE WHEN m.role = 'child' AND e.event_type = 'birth' THEN coalesce(e.occurred_latest, m.birth_latest) ELSE m.birth_latest END AS born_to
	FROM mention m%s JOIN event e ON e.event_id = m.event_id
)
SELECT a.event_id, n.relation, a.role, a.id AS person, b.role AS other_role, b.id AS relative, %s AS reason
FROM bearer a JOIN named n ON n.role = a.role JOIN bearer b ON b.event_id = a.event_id AND b.role = n.other`, strings.Join(values, ", "), key, clusters, parentage.First(reasons))
}
