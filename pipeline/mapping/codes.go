package mapping

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"rollcall/pipeline/store"
	"rollcall/pipeline/tables"
)

// directoryColumns is the header of a code directory.
var directoryColumns = []string{"source_code", "canonical_code", "valid_from", "valid_to"}

// codes loads the code directories and defines code('NAME', value): the
// canonical code that stands for the value, by the newest line in force by the
// as-of day. A code that was retired still finds its successor there.
func (m *Mapper) codes(ctx context.Context) error {
	err := m.session.Exec(ctx, "CREATE OR REPLACE TABLE code_directory (directory VARCHAR, source_code VARCHAR, canonical_code VARCHAR, valid_from DATE, valid_to DATE)")
	if err != nil {
		return err
	}
	for _, d := range m.config.Directories {
		if err := m.directory(ctx, d); err != nil {
			return fmt.Errorf("code directory %s: %w", d.Name, err)
		}
	}
	err = m.session.Exec(ctx, fmt.Sprintf(`
CREATE OR REPLACE TABLE code_in_force AS
SELECT directory, source_code, canonical_code FROM (
	SELECT *, row_number() OVER (PARTITION BY directory, source_code ORDER BY valid_from DESC NULLS LAST, canonical_code) AS place
	FROM code_directory WHERE coalesce(valid_from <= %s, true)
) WHERE place = 1`, date(m.asOf)))
	if err != nil {
		return err
	}
	canonical, err := m.canonical(ctx)
	if err != nil {
		return err
	}
	// A function of Go: a sub-query would make DuckDB keep all columns of the rows
	// while it looks up one.
	err = m.session.Define(store.Function{Name: "canonical_code", Arguments: 2, Call: func(out []byte, a []string) ([]byte, bool) {
		code, ok := canonical[[2]string{a[0], a[1]}]
		return append(out, code...), ok
	}})
	if err != nil {
		return err
	}
	return m.session.Exec(ctx, "CREATE OR REPLACE MACRO code(name, value) AS canonical_code(name, trim(value))")
}

// canonical reads the codes in force, by directory and source code.
func (m *Mapper) canonical(ctx context.Context) (map[[2]string]string, error) {
	rows, err := m.session.Query(ctx, "SELECT directory, source_code, canonical_code FROM code_in_force WHERE canonical_code IS NOT NULL")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	codes := map[[2]string]string{}
	for rows.Next() {
		var place [2]string
		var code string
		if err := rows.Scan(&place[0], &place[1], &code); err != nil {
			return nil, fmt.Errorf("read codes: %w", err)
		}
		codes[place] = code
	}
	return codes, rows.Err()
}

// rowsPerInsert keeps an INSERT of a directory's lines to a moderate size.
const rowsPerInsert = 500

func (m *Mapper) directory(ctx context.Context, d Directory) error {
	lines, err := readDirectory(d.File)
	if err != nil {
		return err
	}
	for part := range slices.Chunk(lines, rowsPerInsert) {
		values := make([]string, len(part))
		for i, line := range part {
			values[i] = fmt.Sprintf("(%s, %s, %s, try_cast(%s AS DATE), try_cast(%s AS DATE))", tables.Literal(d.Name),
				tables.Literal(line[0]), tables.Literal(line[1]), tables.Literal(line[2]), tables.Literal(line[3]))
		}
		if err := m.session.Exec(ctx, "INSERT INTO code_directory VALUES "+strings.Join(values, ", ")); err != nil {
			return err
		}
	}
	return nil
}

// readDirectory reads a directory's lines in the order of directoryColumns; the
// validity columns may be left out.
func readDirectory(file string) ([][]string, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("open: %w", err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	header, err := r.Read()
	if err != nil {
		return nil, fmt.Errorf("read header: %w", err)
	}
	header[0] = strings.TrimPrefix(header[0], "\ufeff")
	place := make([]int, len(directoryColumns))
	for i, name := range directoryColumns {
		place[i] = slices.Index(header, name)
		if place[i] < 0 && i < 2 {
			return nil, fmt.Errorf("column %q is missing; the header must be %s", name, strings.Join(directoryColumns, ","))
		}
	}
	var lines [][]string
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return lines, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read: %w", err)
		}
		line := make([]string, len(place))
		for i, p := range place {
			if p >= 0 {
				line[i] = strings.TrimSpace(record[p])
			}
		}
		lines = append(lines, line)
	}
}

// unknown counts the values that a source's expressions look up in vain.
func (m *Mapper) unknown(ctx context.Context, src Source, c *Counts) error {
	for _, use := range lookups(src) {
		var n int64
		q := fmt.Sprintf("SELECT coalesce(sum(n), 0)::BIGINT FROM (SELECT nullif(trim(%s), '') AS v, count(*) AS n FROM %s GROUP BY v) WHERE v IS NOT NULL AND code(%s, v) IS NULL",
			use.value, tables.Quote(rowView(src.Name)), tables.Literal(use.directory))
		if err := m.session.Row(ctx, q, &n); err != nil {
			return fmt.Errorf("count unknown codes of %s: %w", use.directory, err)
		}
		c.Unknown[use.directory] += n
	}
	return nil
}

type lookup struct{ directory, value string }

// lookups finds the calls code('NAME', expression) in a source's expressions.
func lookups(src Source) []lookup {
	var found []lookup
	for _, out := range src.Outputs {
		for _, f := range out.Fields {
			for rest := f.Expression; ; {
				i := strings.Index(rest, "code('")
				if i < 0 {
					break
				}
				rest = rest[i+len("code('"):]
				name, tail, ok := strings.Cut(rest, "'")
				if !ok {
					break
				}
				if use := (lookup{name, argument(tail)}); use.value != "" && !slices.Contains(found, use) {
					found = append(found, use)
				}
			}
		}
	}
	return found
}

// argument takes the second argument of a call from what follows the first:
// `, upper(x)) …` gives `upper(x)`.
func argument(tail string) string {
	tail = strings.TrimLeft(tail, " ,")
	depth := 0
	for i, c := range tail {
		switch c {
		case '(':
			depth++
		case ')':
			if depth == 0 {
				return strings.TrimSpace(tail[:i])
			}
			depth--
		}
	}
	return ""
}
