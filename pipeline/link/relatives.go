package link

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"strings"

	"rollcall/matchers/family"
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

// What a record says of two people that cannot be, by reason: SQL over the child, or
// either spouse, a, the relative b, the relation n, and the child's birth and the parent's as
// intervals. A mother gives birth from 12 to 60, a father at 12 to 90: the bounds leave
// room for ages that are guessed, and no more.
var impossible = []struct {
	reason family.Reason
	sql    string
}{
	{family.Oneself, "n.relation <> '2' AND b.full_norm = a.full_norm AND b.born_from = b.born_to AND b.born_from = a.born_from AND b.born_to = a.born_to"},
	{family.OtherSex, "(n.relation = '0' AND b.sex = 'male') OR (n.relation = '1' AND b.sex = 'female')"},
	{family.TooYoung, "n.relation <> '2' AND a.born_to < b.born_from + INTERVAL 12 YEAR"},
	{family.TooOld, "n.relation <> '2' AND a.born_from > b.born_to + CASE n.relation WHEN '0' THEN INTERVAL 60 YEAR ELSE INTERVAL 90 YEAR END"},
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
	told := make([]family.Tie, 0, len(columns[0].Codes))
	left := map[string]int{}
	for i := range columns[0].Codes {
		text := func(column int) string { return columns[column].Values.At(columns[column].Codes[i]) }
		if reason := text(3); reason != "" {
			left[reason]++
			continue
		}
		told = append(told, family.Tie{Person: rows[text(0)], Relative: rows[text(1)], Relation: family.Relation(text(2)[0] - '0')})
	}
	ties, unsettled := family.Settle(len(ids), told)
	for reason, n := range unsettled {
		left[string(reason)] += n
	}
	maps.Copy(m.leftOut, left) // of persons after mentions, who tell no less
	return ties, nil
}

// tiesSQL writes who is whose relative by the events, and why that cannot be, into a file.
func tiesSQL(key, file string) string {
	return fmt.Sprintf("COPY (SELECT person, relative, relation, reason FROM (%s) ORDER BY ALL) TO %s (FORMAT parquet, COMPRESSION snappy)", toldSQL(key), tables.Literal(file))
}

// toldSQL is what each event tells of two mentions or persons, in which roles, and why
// that cannot be.
func toldSQL(key string) string {
	values := make([]string, len(named))
	for i, n := range named {
		values[i] = fmt.Sprintf("(%s, %s, '%d')", tables.Literal(n.role), tables.Literal(n.other), n.relation)
	}
	reasons := ""
	for _, r := range impossible {
		reasons += fmt.Sprintf(" WHEN %s THEN %s", r.sql, tables.Literal(string(r.reason)))
	}
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
SELECT a.event_id, n.relation, a.role, a.id AS person, b.role AS other_role, b.id AS relative, CASE%s END AS reason
FROM bearer a JOIN named n ON n.role = a.role JOIN bearer b ON b.event_id = a.event_id AND b.role = n.other`, strings.Join(values, ", "), key, clusters, reasons)
}
