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

// named is what the bearer of another role, of a sex if it matters, is to that of a role.
type named struct {
	role, other, sex string
	relation         family.Relation
}

// inEvents are the relations that one event tells, and inHomes those that one household
// tells, by what its members are to its head.
var (
	inEvents = []named{
		{"child", "mother", "", family.Mother},
		{"child", "father", "", family.Father},
		{"deceased", "mother", "", family.Mother},
		{"deceased", "father", "", family.Father},
		{"mother", "father", "", family.Spouse},
		{"deceased", "spouse", "", family.Spouse},
		{"groom", "bride", "", family.Spouse},
	}
	inHomes = []named{
		{"child", "head", "female", family.Mother},
		{"child", "head", "male", family.Father},
		{"child", "spouse", "female", family.Mother},
		{"child", "spouse", "male", family.Father},
		{"head", "parent", "female", family.Mother},
		{"head", "parent", "male", family.Father},
		{"head", "spouse", "", family.Spouse},
	}
)

// tiesName is the file through which relatives come from SQL.
const tiesName = "ties.parquet"

// relatives are the ties between mentions or persons of the register, by the rows of
// their ids: those that an event names, and the children of one parent. What cannot be is
// left out, and counted.
func (m *maker) relatives(ctx context.Context, key string, ids []string) ([]family.Tie, error) {
	ties, left, err := m.ties(ctx, toldSQL(key), ids)
	maps.Copy(m.leftOut, left) // of persons after mentions, and of wholes after parts, who tell no less
	return ties, err
}

// ties are what SQL tells of the rows of those ids, and how many of those were left out, by
// the reason why they cannot be.
func (m *maker) ties(ctx context.Context, told string, ids []string) (_ []family.Tie, _ map[string]int, err error) {
	if m.config.PersonsAlone {
		return nil, nil, nil
	}
	rows := rowsOf(ids)
	if err := m.session.Exec(ctx, tiesSQL(told, m.path(tiesName))); err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, os.Remove(m.path(tiesName))) }()
	columns, err := readColumns(ctx, m.path(tiesName), []string{"person", "relative", "relation", "reason"}, m.work.Options.Threads)
	if err != nil {
		return nil, nil, err
	}
	relationOf := map[string]family.Relation{}
	for r := range family.Relations {
		relationOf[r.String()] = r
	}
	named := make([]family.Tie, 0, len(columns[0].Codes))
	left := map[string]int{}
	for i := range columns[0].Codes {
		text := func(column int) string { return columns[column].Values.At(columns[column].Codes[i]) }
		if reason := text(3); reason != "" {
			left[reason]++
			continue
		}
		named = append(named, family.Tie{Person: rows[text(0)], Relative: rows[text(1)], Relation: relationOf[text(2)]})
	}
	ties, unsettled := family.Settle(len(ids), named)
	for reason, n := range unsettled {
		left[string(reason)] += n
	}
	return ties, left, nil
}

// homesName is the file through which households come from SQL.
const homesName = "homes.parquet"

// homesSQL is who of the roster is a member of which households, into a file.
const homesSQL = `COPY (
SELECT DISTINCT c.person_id, m.household_id FROM cluster c JOIN mention m USING (mention_id) WHERE m.household_id IS NOT NULL ORDER BY ALL
) TO %s (FORMAT parquet, COMPRESSION snappy)`

// homes are the households of persons of the roster, by the rows of their ids.
func (m *maker) homes(ctx context.Context, ids []string) (_ []family.Home, err error) {
	if m.config.PersonsAlone {
		return nil, nil
	}
	if err := m.session.Exec(ctx, fmt.Sprintf(homesSQL, tables.Literal(m.path(homesName)))); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.Remove(m.path(homesName))) }()
	columns, err := readColumns(ctx, m.path(homesName), []string{"person_id", "household_id"}, m.work.Options.Threads)
	if err != nil {
		return nil, err
	}
	rows := rowsOf(ids)
	persons, households := columns[0], columns[1]
	homes := make([]family.Home, len(persons.Codes))
	for i, code := range persons.Codes {
		homes[i] = family.Home{Row: rows[persons.Values.At(code)], Household: households.Codes[i]}
	}
	return homes, nil
}

// rowsOf is the row of each id.
func rowsOf(ids []string) map[string]int32 {
	rows := make(map[string]int32, len(ids))
	for row, id := range ids {
		rows[id] = int32(row)
	}
	return rows
}

// is is a relation as SQL.
func is(r family.Relation) string { return tables.Literal(r.String()) }

// tiesSQL writes who is whose relative by the events, and why that cannot be, into a file.
func tiesSQL(told, file string) string {
	return fmt.Sprintf("COPY (SELECT person, relative, relation, reason FROM (%s) ORDER BY ALL) TO %s (FORMAT parquet, COMPRESSION snappy)", told, tables.Literal(file))
}

// toldSQL is what each event tells of two mentions or persons, in which roles, and why
// that cannot be.
func toldSQL(key string) string {
	clusters := ""
	if key == "person_id" {
		clusters = " JOIN cluster USING (mention_id)"
	}
	return togetherSQL("event_id", inEvents, fmt.Sprintf(`SELECT m.event_id, m.role, %s AS id, m.sex, m.full_norm,
		CASE WHEN m.role = 'child' AND e.event_type = 'birth' THEN coalesce(e.occurred_earliest, m.birth_earliest) ELSE m.birth_earliest END AS born_from,
		CASE WHEN m.role = 'child' AND e.event_type = 'birth' THEN coalesce(e.occurred_latest, m.birth_latest) ELSE m.birth_latest END AS born_to
	FROM mention m%s JOIN event e ON e.event_id = m.event_id`, key, clusters))
}

// livingSQL is what each household tells of two members, and why that cannot be.
func livingSQL() string {
	return togetherSQL("household_id", inHomes, fmt.Sprintf(`SELECT household_id, relationship_to_head AS role, mention_id AS id, sex, full_norm, birth_earliest AS born_from, birth_latest AS born_to
	FROM mention WHERE household_id IS NOT NULL QUALIFY count(*) OVER (PARTITION BY household_id) <= %d`, family.MostMembers))
}

// togetherSQL is what is told of two bearers of roles who have a record in common.
func togetherSQL(record string, relations []named, bearers string) string {
	values := make([]string, len(relations))
	for i, n := range relations {
		values[i] = fmt.Sprintf("(%s, %s, %s, %s)", tables.Literal(n.role), tables.Literal(n.other), tables.Literal(n.sex), is(n.relation))
	}
	reasons := parentage.Reasons("n.relation = "+is(family.Mother), "n.relation = "+is(family.Father))
	return fmt.Sprintf(`WITH named AS (SELECT * FROM (VALUES %[1]s) AS t(role, other, sex, relation)),
bearer AS (
	%[2]s
)
SELECT a.%[3]s, n.relation, a.role, a.id AS person, b.role AS other_role, b.id AS relative, %[4]s AS reason
FROM bearer a JOIN named n ON n.role = a.role JOIN bearer b ON b.%[3]s = a.%[3]s AND b.role = n.other AND n.sex IN ('', b.sex)`,
		strings.Join(values, ", "), bearers, record, parentage.First(reasons))
}
