// Package standardise writes the canonical tables with a normal form beside what the
// source wrote. The rules are those of matchers/locale; here they become SQL
// functions, and what is learnt from whole columns is learnt before they run.
package standardise

import (
	"context"
	"fmt"
	"strings"

	"rollcall/pipeline/store"
	"rollcall/pipeline/tables"
)

// Make writes mention, identifier and event, which mapping left as views, with
// their normal forms beside what was written. Each is written once.
func Make(ctx context.Context, s *store.Session, st *store.Stage, forms *Forms) error {
	if err := learnIdentifiers(ctx, s, forms); err != nil {
		return fmt.Errorf("learn identifier systems: %w", err)
	}
	births, err := readings(ctx, s, forms, "mention", "birth_written", "source", "role")
	if err != nil {
		return fmt.Errorf("learn how dates are read: %w", err)
	}
	days, err := readings(ctx, s, forms, "event", "occurred_written", "source")
	if err != nil {
		return fmt.Errorf("learn how dates are read: %w", err)
	}
	if err := st.Extended(ctx, tables.Event(), eventQuery(days)); err != nil {
		return err
	}
	if err := st.Extended(ctx, tables.Mention(), mentionQuery(births, rulesOf(forms.tree))); err != nil {
		return err
	}
	return st.Table(ctx, tables.Identifier(), identifierQuery(forms))
}

// learntValues is how many different numbers of a type are looked at.
const learntValues = 20000

func learnIdentifiers(ctx context.Context, s *store.Session, forms *Forms) error {
	rows, err := s.Query(ctx, fmt.Sprintf(`SELECT identifier_type, written FROM (
	SELECT identifier_type, written, row_number() OVER (PARTITION BY identifier_type ORDER BY md5(written)) AS place
	FROM (SELECT DISTINCT identifier_type, written FROM identifier)
) WHERE place <= %d ORDER BY identifier_type, place`, learntValues))
	if err != nil {
		return err
	}
	defer rows.Close()
	values := map[string][]string{}
	for rows.Next() {
		var typ, written string
		if err := rows.Scan(&typ, &written); err != nil {
			return fmt.Errorf("read identifiers: %w", err)
		}
		values[typ] = append(values[typ], written)
	}
	forms.learn(values)
	return rows.Err()
}

// readings learns how dates are read for each group of rows with the same values in
// the columns, and gives the SQL that tells a row's reading.
func readings(ctx context.Context, s *store.Session, forms *Forms, table, written string, columns ...string) (string, error) {
	group := strings.Join(columns, " || '/' || ")
	rows, err := s.Query(ctx, fmt.Sprintf(`SELECT %s AS g, %s AS v, count(*) AS n FROM %s
WHERE v IS NOT NULL AND v NOT LIKE 'age %%' GROUP BY g, v ORDER BY g, v`, group, written, table))
	if err != nil {
		return "", err
	}
	defer rows.Close()
	var cases strings.Builder
	var current string
	var values []string
	var counts []int
	settle := func() {
		if len(values) > 0 {
			reading := forms.reading(func(yield func(string, int) bool) {
				for i, v := range values {
					if !yield(v, counts[i]) {
						return
					}
				}
			})
			fmt.Fprintf(&cases, " WHEN %s THEN %s", tables.Literal(current), tables.Literal(reading))
		}
		values, counts = values[:0], counts[:0]
	}
	for rows.Next() {
		var g, v string
		var n int
		if err := rows.Scan(&g, &v, &n); err != nil {
			return "", fmt.Errorf("read dates: %w", err)
		}
		if g != current {
			settle()
			current = g
		}
		values, counts = append(values, v), append(counts, n)
	}
	settle()
	if cases.Len() == 0 {
		return "''", rows.Err()
	}
	return fmt.Sprintf("CASE %s%s ELSE '' END", group, cases.String()), rows.Err()
}

// spread gives the bounds and the precision of an interval that a function wrote
// as earliest|latest|precision. Days have ten characters each.
func spread(name, packed string) string {
	return fmt.Sprintf(`CAST(left(%[2]s, 10) AS DATE) AS %[1]s_earliest, CAST(substr(%[2]s, 12, 10) AS DATE) AS %[1]s_latest,
	substr(%[2]s, 23) AS %[1]s_precision`, name, packed)
}

func eventQuery(reading string) string {
	return fmt.Sprintf(`SELECT * REPLACE (lower(event_type) AS event_type, coalesce(lower(status), 'registered') AS status), %s
FROM (SELECT * EXCLUDE (occurred_earliest, occurred_latest, occurred_precision), event_interval(occurred_written, %s) AS packed FROM (FROM event ORDER BY event_id))`,
		spread("occurred", "packed"), reading)
}

// rulesOf is the SQL of the rules of a mention: those of its name, and with an area
// tree those of its area.
func rulesOf(tree bool) string {
	names := "coalesce(string_split(nullif(name[3], ''), ' '), [])"
	if !tree {
		return names
	}
	return fmt.Sprintf("list_concat(%s, coalesce(string_split(area_rules(area_written), ' '), []))", names)
}

// mentionQuery writes the normal forms. A whole name that is not given is given
// and family name joined.
func mentionQuery(reading, rules string) string {
	return fmt.Sprintf(`
WITH named AS (
	SELECT * REPLACE (
		coalesce(full_name, CASE WHEN lower(given_name) = lower(family_name) THEN given_name ELSE nullif(concat_ws(' ', given_name, family_name), '') END) AS full_name)
	FROM (FROM mention ORDER BY mention_id)
), whole AS (
	SELECT * EXCLUDE (birth_earliest, birth_latest, birth_precision),
		string_split(whole_name(full_name), '|') AS name, birth_interval(birth_written, %s) AS packed
	FROM named
)
SELECT * REPLACE (
	normal_given(given_name) AS given_norm, normal_family(family_name) AS family_norm,
	coalesce(nullif(name[1], ''), normal_name(native_name)) AS full_norm,
	CASE WHEN full_name IS NULL THEN script_of(native_name) ELSE nullif(name[2], '') END AS script,
	CASE WHEN sex IN ('male', 'female', 'other') THEN sex ELSE normal_sex(sex) END AS sex,
	normal_address(address) AS address_norm, normal_phone(phone) AS phone_norm,
	normal_name(mother_name) AS mother_norm, coalesce(normal_name(father_name), nullif(name[4], '')) AS father_norm,
	coalesce(normal_name(spouse_name), nullif(name[5], '')) AS spouse_norm,
	%s AS rules),
	%s
FROM whole`, reading, rules, spread("birth", "packed"))
}

// tooFrequent is the number of different records of one kind from which an
// identity number says nothing about who somebody is.
const tooFrequent = 10

// mostly is the share of the numbers of a type whose births, and whose sexes, must
// agree with those of their records for the others to be contradictions: where fewer
// do, the type says something else than was taken for it.
const mostly = 0.7

// identifierQuery keeps a number whose check digit is wrong, as it may still be
// one slip from the right one, and drops placeholders. A number that more than
// tooFrequent members, or deceased, or children bear is nobody's own, and one that
// says another birth and another sex than its record is another's.
func identifierQuery(f *Forms) string {
	agrees := "'??'"
	from := "valued"
	if f.telling {
		agrees = `coalesce(number_agrees(valued.identifier_type, valued.written, coalesce(CAST(m.birth_earliest AS VARCHAR), ''),
		coalesce(CAST(m.birth_latest AS VARCHAR), ''), coalesce(m.sex, '')), '??')`
		from = "valued LEFT JOIN mention m ON m.mention_id = valued.mention_id"
	}
	return fmt.Sprintf(`
WITH formed AS (
	SELECT * EXCLUDE (value, well_formed, problem, bearers, rules), normal_identifier(identifier_type, written) AS packed FROM identifier
), valued AS (
	SELECT *, nullif(left(packed, strpos(packed, '|') - 1), '') AS v, nullif(substr(packed, strpos(packed, '|') + 1), '') AS p FROM formed
), held AS (
	SELECT valued.*, %[2]s AS agrees FROM %[3]s
), trusted AS (
	SELECT side, identifier_type,
		count(*) FILTER (agrees[1] = '=') >= %[4]v * count(*) FILTER (agrees[1] <> '?') AS births,
		count(*) FILTER (agrees[2] = '=') >= %[4]v * count(*) FILTER (agrees[2] <> '?') AS sexes
	FROM held GROUP BY ALL
), shared AS (
	SELECT side, role, identifier_type, v, count(*) AS bearers FROM valued GROUP BY ALL HAVING count(*) > 1
), counted AS (
	SELECT held.*, coalesce(shared.bearers, 1) AS bearers, agrees[1] = '!' AND births AS other_birth, agrees[2] = '!' AND sexes AS other_sex,
		coalesce(shared.bearers, 1) > %[1]d AND held.role IN ('member', 'child', 'deceased') AS frequent
	FROM held LEFT JOIN shared ON shared.side = held.side
		AND shared.role = held.role AND shared.identifier_type = held.identifier_type AND shared.v IS NOT DISTINCT FROM held.v
	LEFT JOIN trusted ON trusted.side = held.side AND trusted.identifier_type = held.identifier_type
), judged AS (
	SELECT *, CASE WHEN p IS NOT NULL THEN p WHEN frequent THEN 'too_frequent' WHEN other_birth AND other_sex THEN 'another_person' END AS found FROM counted
)
SELECT mention_id, identifier_type, written, verified, bearers,
	CASE WHEN found IN ('placeholder', 'mangled', 'masked', 'length', 'another_person') OR frequent THEN NULL ELSE v END AS value,
	found IS NULL AND v IS NOT NULL AS well_formed, found AS problem,
	list_filter([CASE WHEN other_birth THEN 'number_contradicts_birth' END, CASE WHEN other_sex THEN 'number_contradicts_sex' END], r -> r IS NOT NULL) AS rules
FROM judged`, tooFrequent, agrees, from, mostly)
}
