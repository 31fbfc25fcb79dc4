package link

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"rollcall/matchers"
	"rollcall/pipeline/store"
	"rollcall/pipeline/tables"
)

// compared are the columns of mention and person by which people are compared,
// under the name that a specification uses, with the SQL that gives their text.
var compared = []struct{ name, sql string }{
	{"given_name", "given_norm"},
	{"family_name", "family_norm"},
	{"full_name", "full_norm"},
	{"sex", "sex"},
	{"birth", birthText},
	{"area", "area_code"},
	{"district", "regexp_replace(area_code, '[-./]?[^-./]{1,3}$', '')"},
	{"address", "address_norm"},
	{"phone", "phone_norm"},
	{"mother_name", "mother_norm"},
	{"father_name", "father_norm"},
	{"spouse_name", "spouse_norm"},
}

// birthText writes a birth interval as the matchers read it: a day, a month, a
// year, or first and last day.
const birthText = `CASE birth_precision
	WHEN 'exact' THEN strftime(birth_earliest, '%Y-%m-%d')
	WHEN 'month' THEN strftime(birth_earliest, '%Y-%m')
	WHEN 'year' THEN strftime(birth_earliest, '%Y')
	WHEN 'default' THEN strftime(birth_earliest, '%Y')
	ELSE strftime(birth_earliest, '%Y-%m-%d') || '/' || strftime(birth_latest, '%Y-%m-%d') END`

// identifierPrefix marks a column that holds an identity number of one type.
const identifierPrefix = "id_"

// identifierTypes lists the types that both a and b carry, or, with one table,
// that it carries.
func identifierTypes(ctx context.Context, s *store.Session) ([]string, error) {
	rows, err := s.Query(ctx, "SELECT DISTINCT identifier_type FROM identifier WHERE value IS NOT NULL ORDER BY identifier_type")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var types []string
	for rows.Next() {
		var t string
		if err := rows.Scan(&t); err != nil {
			return nil, fmt.Errorf("read identifier types: %w", err)
		}
		types = append(types, t)
	}
	return types, rows.Err()
}

// load reads one side of mention or person as dictionary-encoded columns, in the
// order of its key. extra are further columns, by SQL expression.
func load(ctx context.Context, s *store.Session, threads int, work, table, side string, types []string, extra map[string]string) (*matchers.File, map[string]matchers.Column, error) {
	key := table + "_id"
	owner := "i.mention_id"
	source := "identifier i"
	if table == "person" {
		owner, source = "c.person_id", "identifier i JOIN cluster c USING (mention_id)"
	}
	list := []string{"t." + key}
	names := []string{key}
	for _, c := range compared {
		list = append(list, fmt.Sprintf("CAST(%s AS VARCHAR) AS %s", c.sql, tables.Quote(c.name)))
		names = append(names, c.name)
	}
	for i, t := range types {
		list = append(list, fmt.Sprintf("v.v%d AS %s", i, tables.Quote(identifierPrefix+t)))
		names = append(names, identifierPrefix+t)
	}
	for _, name := range sortedKeys(extra) {
		list = append(list, fmt.Sprintf("CAST(%s AS VARCHAR) AS %s", extra[name], tables.Quote(name)))
		names = append(names, name)
	}
	path := filepath.Join(work, table+"-"+side+".parquet")
	query := fmt.Sprintf(`COPY (SELECT %s FROM %s t LEFT JOIN (%s) v ON v.owner = t.%s WHERE t.side = %s ORDER BY t.%s)
TO %s (FORMAT parquet, COMPRESSION snappy)`,
		strings.Join(list, ", "), table, identifierPivot(owner, source, types), key, tables.Literal(side), key, tables.Literal(path))
	if err := s.Exec(ctx, query); err != nil {
		return nil, nil, fmt.Errorf("lay out %s: %w", table, err)
	}
	columns, err := readColumns(ctx, path, names, threads)
	if err != nil {
		return nil, nil, err
	}
	file := &matchers.File{IDs: texts(columns[0])}
	others := map[string]matchers.Column{}
	for _, c := range columns[1:] {
		if _, isExtra := extra[c.Name]; isExtra {
			others[c.Name] = c
			continue
		}
		file.Columns = append(file.Columns, c)
	}
	return file, others, nil
}

// identifierPivot gives one column a type: the value that most records of the
// owner bear, of equals the least.
func identifierPivot(owner, source string, types []string) string {
	if len(types) == 0 {
		return "SELECT '' AS owner WHERE false"
	}
	picks := make([]string, len(types))
	for i, t := range types {
		picks[i] = fmt.Sprintf("max(value) FILTER (identifier_type = %s) AS v%d", tables.Literal(t), i)
	}
	return fmt.Sprintf(`SELECT owner, %s FROM (
	SELECT %s AS owner, identifier_type, value,
		row_number() OVER (PARTITION BY owner, identifier_type ORDER BY count(*) DESC, value) AS place
	FROM %s WHERE value IS NOT NULL GROUP BY owner, identifier_type, value
) WHERE place = 1 GROUP BY owner`, strings.Join(picks, ", "), owner, source)
}
