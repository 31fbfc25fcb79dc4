package link

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"rollcall/matchers"
	"rollcall/pipeline/store"
	"rollcall/pipeline/tables"
)

// compared are the columns of mention and person by which people are compared,
// under the name that a specification uses, with the SQL that gives their text.
var compared = []struct{ name, sql string }{
	{"given_name", "CASE WHEN n.full_norm IS NOT NULL THEN n.given_norm ELSE " + readings("name_readings", "t.given_name", "t.given_norm") + " END"},
	{"family_name", "coalesce(n.family_norm, " + readings("family_readings", "t.family_name", "t.family_norm") + ")"},
	{"full_name", readings("name_readings", "coalesce(full_name, native_name)", "t.full_norm")},
	{"sex", "sex"},
	{"birth", birthText},
	// A code of a large area says not where in it; of an area that the tree does not
	// have the beginning of the code is the best guess at the larger one, and words are
	// none.
	{"area", "CASE WHEN a.area_code IS NULL THEN t.area_code ELSE a.exact_unit END"},
	{"subdistrict", "a.subdistrict"},
	{"district", "CASE WHEN t.area_code LIKE '% %' AND a.area_code IS NULL THEN NULL WHEN a.area_code IS NULL THEN regexp_replace(t.area_code, '[-./]?[^-./]{1,3}$', '') ELSE a.district END"},
	{"address", "address_norm"},
	{"phone", "phone_norm"},
	{"mother_name", readings("name_readings", "mother_name", "mother_norm")},
	{"father_name", readings("name_readings", "father_name", "father_norm")},
	{"spouse_name", readings("name_readings", "spouse_name", "spouse_norm")},
}

// readings is the SQL of a name with all readings that another script leaves open, where
// it is written in one.
func readings(function, written, normal string) string {
	return fmt.Sprintf("CASE WHEN strlen(%[2]s) > length(%[2]s) THEN coalesce(%[1]s(%[2]s), %[3]s) ELSE %[3]s END", function, written, normal)
}

// birthText writes a birth interval as the matchers read it: a day, a month, a
// year, or first and last day; of a near one the day in the middle. Months and years
// of other calendars are not the Gregorian ones.
const birthText = `CASE
	WHEN birth_precision = 'exact' THEN strftime(birth_earliest, '%Y-%m-%d')
	WHEN birth_precision = 'near' THEN strftime(birth_earliest + CAST((birth_latest - birth_earliest) // 2 AS INTEGER), '%Y-%m-%d')
	WHEN birth_precision = 'month' AND day(birth_earliest) = 1 AND day(birth_latest + 1) = 1 THEN strftime(birth_earliest, '%Y-%m')
	WHEN birth_precision IN ('year', 'default') AND strftime(birth_earliest, '%m%d') = '0101' AND strftime(birth_latest, '%m%d') = '1231' THEN strftime(birth_earliest, '%Y')
	ELSE strftime(birth_earliest, '%Y-%m-%d') || '/' || strftime(birth_latest, '%Y-%m-%d') END`

// identifierPrefix marks a column that holds an identity number of one type.
const identifierPrefix = "id_"

// identifierTypes lists the types that there are.
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

// side is the records of one side, in the order of their ids.
type side struct {
	file   *matchers.File
	others map[string]matchers.Column // what is not compared
}

// sideName is the column that tells the sides apart.
const sideName = "side"

// load reads mention or person as dictionary-encoded columns: both sides, under
// one dictionary a column. extra are further columns, by SQL expression over the table
// t and what is joined to it.
func load(ctx context.Context, s *store.Session, threads int, work, table, joined string, types []string, extra map[string]string) (register, roster side, err error) {
	key := table + "_id"
	owner := "i.mention_id"
	source := "identifier i"
	if table == "person" {
		owner, source = "c.person_id", "identifier i JOIN cluster c USING (mention_id)"
	}
	list := []string{"t." + key, "t." + sideName}
	names := []string{key, sideName}
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
	if err := s.Exec(ctx, fmt.Sprintf(wholeNames, table)); err != nil {
		return side{}, side{}, fmt.Errorf("part names: %w", err)
	}
	path := filepath.Join(work, laidOut)
	query := fmt.Sprintf(`COPY (SELECT %s FROM %s t LEFT JOIN (%s) v ON v.owner = t.%s LEFT JOIN area_unit a ON a.area_code = t.area_code
LEFT JOIN whole_name n ON n.full_norm = t.full_norm AND t.given_norm IS NULL AND t.family_norm IS NULL
LEFT JOIN %s) TO %s (FORMAT parquet, COMPRESSION snappy)`,
		strings.Join(list, ", "), table, identifierPivot(owner, source, types), key, joined, tables.Literal(path))
	if err := s.Exec(ctx, query+"; DROP TABLE whole_name"); err != nil {
		return side{}, side{}, fmt.Errorf("lay out %s: %w", table, err)
	}
	columns, err := readColumns(ctx, path, names, threads)
	if err != nil {
		return side{}, side{}, err
	}
	return pick(columns, tables.Register, extra), pick(columns, tables.Roster, extra), nil
}

// laidOut is the file through which records come from SQL to the matchers.
const laidOut = "records.parquet"

// pick takes the rows of one side. The first two columns are the id and the side.
func pick(columns []matchers.Column, name string, extra map[string]string) side {
	ids, sides := columns[0], columns[1]
	var rows []int32
	for row, code := range sides.Codes {
		if sides.Values.At(code) == name {
			rows = append(rows, int32(row))
		}
	}
	byID := func(a, b int32) int { return cmp.Compare(ids.Values.At(ids.Codes[a]), ids.Values.At(ids.Codes[b])) }
	if !slices.IsSortedFunc(rows, byID) {
		slices.SortFunc(rows, byID)
	}
	s := side{&matchers.File{IDs: texts(ids, rows)}, map[string]matchers.Column{}}
	for _, c := range columns[2:] {
		if _, isExtra := extra[c.Name]; isExtra {
			s.others[c.Name] = of(c, rows)
			continue
		}
		s.file.Columns = append(s.file.Columns, of(c, rows))
	}
	return s
}

// identifierPivot gives two columns a type: the value that most records of the
// owner bear, of equals the least, and whether it was checked against the issuing
// register and is well formed.
func identifierPivot(owner, source string, types []string) string {
	if len(types) == 0 {
		return "SELECT '' AS owner WHERE false"
	}
	picks := make([]string, len(types))
	for i, t := range types {
		picks[i] = fmt.Sprintf("max(value) FILTER (identifier_type = %s) AS v%d, max(sure) FILTER (identifier_type = %[1]s) AS s%[2]d", tables.Literal(t), i)
	}
	return fmt.Sprintf(`SELECT owner, %s FROM (
	SELECT %s AS owner, identifier_type, value, CASE WHEN bool_or(verified AND well_formed) THEN 'sure' END AS sure,
		row_number() OVER (PARTITION BY owner, identifier_type ORDER BY count(*) DESC, value) AS place
	FROM %s WHERE value IS NOT NULL GROUP BY owner, identifier_type, value
) WHERE place = 1 GROUP BY owner`, strings.Join(picks, ", "), owner, source)
}
