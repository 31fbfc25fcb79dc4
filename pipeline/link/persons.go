package link

import (
	"context"
	"fmt"
	"strings"

	"rollcall/pipeline/tables"
)

// facets are the columns of a person that come together from one mention, and
// the column whose value must be known and is most borne.
var facets = []struct {
	by      string
	columns []string
}{
	{"full_norm", []string{"given_name", "family_name", "full_name", "native_name", "given_norm", "family_norm", "full_norm", "script"}},
	{"sex", []string{"sex"}},
	{"birth_earliest", []string{"birth_written", "birth_earliest", "birth_latest", "birth_precision"}},
	{"area_code", []string{"area_code"}},
	{"address_norm", []string{"address", "address_norm"}},
	{"phone_norm", []string{"phone", "phone_norm"}},
	{"mother_norm", []string{"mother_name", "mother_norm"}},
	{"father_norm", []string{"father_name", "father_norm"}},
	{"spouse_norm", []string{"spouse_name", "spouse_norm"}},
}

// sureness orders the precisions of a birth date, best first.
const sureness = "CASE birth_precision WHEN 'exact' THEN 0 WHEN 'near' THEN 1 WHEN 'month' THEN 2 WHEN 'year' THEN 3 WHEN 'default' THEN 4 ELSE 5 END"

// persons writes cluster, entity, entity_change and person. A person with one mention is that mention;
// with several, each facet comes from the mention whose value most of them bear,
// a sure date before an unsure one, of equals the least.
func (m *maker) persons(ctx context.Context) ([]Entities, error) {
	entities, err := m.inherit(ctx)
	if err != nil {
		return nil, err
	}
	return entities, m.writePersons(ctx)
}

func (m *maker) writePersons(ctx context.Context) error {
	if err := m.session.Exec(ctx, personParts); err != nil {
		return err
	}
	if err := m.stage.Table(ctx, tables.Person(), personQuery()); err != nil {
		return err
	}
	return m.session.Exec(ctx, "DROP TABLE shared_mention; DROP TABLE person_size")
}

// personParts is the SQL of what personQuery reads beside cluster and mention.
const personParts = `CREATE OR REPLACE TABLE person_size AS SELECT person_id, side, count(*) AS mentions FROM cluster GROUP BY ALL;
CREATE OR REPLACE TABLE shared_mention AS
SELECT c.person_id, m.* FROM cluster c JOIN person_size z USING (person_id) JOIN mention m USING (mention_id) WHERE z.mentions > 1`

// personQuery is the SQL of the persons.
func personQuery() string {
	own := []string{"z.person_id", "z.side", "z.mentions"}
	several := append([]string(nil), own...)
	joins := ""
	for i, f := range facets {
		for _, c := range f.columns {
			own = append(own, "m."+c)
			several = append(several, fmt.Sprintf("f%d.%s", i, c))
		}
		joins += fmt.Sprintf("\nLEFT JOIN (%s) f%d ON f%[2]d.person_id = z.person_id", facetQuery(f.by, f.columns), i)
	}
	return fmt.Sprintf("SELECT %s FROM person_size z JOIN cluster c ON c.person_id = z.person_id JOIN mention m ON m.mention_id = c.mention_id WHERE z.mentions = 1\nUNION ALL BY NAME\nSELECT %s FROM person_size z %s WHERE z.mentions > 1",
		strings.Join(own, ", "), strings.Join(several, ", "), joins)
}

func facetQuery(by string, columns []string) string {
	rank := ""
	if by == "birth_earliest" {
		rank = sureness + ", "
	}
	return fmt.Sprintf(`SELECT person_id, %s FROM (
	SELECT *, row_number() OVER (PARTITION BY person_id ORDER BY %sbearers DESC, %s, mention_id) AS place
	FROM (SELECT *, count(*) OVER (PARTITION BY person_id, %[3]s) AS bearers FROM shared_mention WHERE %[3]s IS NOT NULL)
) WHERE place = 1`, strings.Join(columns, ", "), rank, by)
}

const noChange = "SELECT '' AS previous_id, '' AS person_id, '' AS side, 0 AS mentions, '' AS change WHERE false"

// fromTruth makes clusters and links from known persons, so that the errors of
// deciding are seen without those of linking.
func (m *maker) fromTruth(ctx context.Context) error {
	truth := fmt.Sprintf("read_csv(%s, header = true, all_varchar = true)", tables.Literal(m.work.TrueLinks))
	err := m.stage.Table(ctx, tables.Cluster(), fmt.Sprintf(`
SELECT m.mention_id, min(m.mention_id) OVER (PARTITION BY m.side, coalesce(t.person_id, m.mention_id)) AS person_id, m.side, 1 AS match_probability
FROM mention m LEFT JOIN (SELECT mention_id, min(person_id) AS person_id FROM %s GROUP BY mention_id) t USING (mention_id)`, truth))
	if err != nil {
		return err
	}
	if err := m.writePersons(ctx); err != nil {
		return err
	}
	// Links that are given are a try: its persons are nobody's of a run.
	if err := m.writeEntities(ctx); err != nil {
		return err
	}
	if err := m.stage.Table(ctx, tables.EntityChange(), noChange); err != nil {
		return err
	}
	return m.stage.Table(ctx, tables.Link(), fmt.Sprintf(`
WITH known AS (
	SELECT DISTINCT c.person_id, c.side, t.person_id AS who
	FROM cluster c JOIN (SELECT mention_id, min(person_id) AS person_id FROM %s GROUP BY mention_id) t USING (mention_id)
)
SELECT 'across' AS kind, l.person_id AS left_id, r.person_id AS right_id, true AS accepted, 40 AS match_weight_bits, 0 AS family_weight_bits,
	1 AS match_probability, NULL AS margin_bits, 'truth' AS blocking_rule, CAST([] AS VARCHAR[]) AS agreement, CAST([] AS VARCHAR[]) AS family_evidence
FROM known l JOIN known r ON l.who = r.who WHERE l.side = %s AND r.side = %s
UNION ALL
SELECT CASE a.side WHEN %[2]s THEN 'register' ELSE 'roster' END, a.person_id, a.mention_id, true, 40, 0, 1, NULL, 'truth', CAST([] AS VARCHAR[]), CAST([] AS VARCHAR[])
FROM cluster a WHERE a.mention_id <> a.person_id`, truth, tables.Literal(tables.Register), tables.Literal(tables.Roster)), "family_unweighed", "decision", "apart", "joined_by")
}
