package review

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"rollcall/pipeline"
	"rollcall/pipeline/report"
	"rollcall/pipeline/tables"
)

// Evidence reads what the lists of a run say of its cases: by case, and there by
// column of a review file.
func Evidence(ctx context.Context, runFolder string, wanted map[string]bool) (map[string]map[string]string, error) {
	reports, err := filepath.Abs(filepath.Join(runFolder, "reports"))
	if err != nil {
		return nil, fmt.Errorf("find the lists: %w", err)
	}
	r, err := pipeline.Read(ctx, runFolder, []string{reports})
	if err != nil {
		return nil, fmt.Errorf("open the lists: %w", err)
	}
	defer r.Close()
	found := map[string]map[string]string{}
	for _, name := range slices.Sorted(maps.Values(report.Lists())) {
		file := filepath.Join(reports, name+".parquet")
		if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
			continue // of a pipeline that does not make it
		} else if err != nil {
			return nil, fmt.Errorf("find the lists: %w", err)
		}
		if err := readList(ctx, r, tables.Literal(file), wanted, found); err != nil {
			return nil, fmt.Errorf("read the list of %s: %w", name, err)
		}
	}
	return found, nil
}

func readList(ctx context.Context, r *pipeline.Reader, file string, wanted map[string]bool, found map[string]map[string]string) error {
	types, err := columnTypes(ctx, r, file)
	if err != nil {
		return err
	}
	exprs, names := []string{"case_id"}, []string{""}
	for _, c := range columns() {
		if e := expression(types, c.from); e != "" {
			exprs, names = append(exprs, e), append(names, c.name)
		}
	}
	rows, err := r.Query(ctx, fmt.Sprintf("SELECT %s FROM read_parquet(%s) ORDER BY case_id", strings.Join(exprs, ", "), file))
	if err != nil {
		return err
	}
	defer rows.Close()
	values, targets := make([]sql.NullString, len(names)), make([]any, len(names))
	for i := range values {
		targets[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return err
		}
		if !wanted[values[0].String] {
			continue
		}
		of := map[string]string{}
		for i, name := range names[1:] {
			of[name] = values[i+1].String
		}
		found[values[0].String] = of
	}
	return rows.Err()
}

// columnTypes are the columns of a list with their types.
func columnTypes(ctx context.Context, r *pipeline.Reader, file string) (map[string]string, error) {
	rows, err := r.Query(ctx, fmt.Sprintf("SELECT column_name, column_type FROM (DESCRIBE FROM read_parquet(%s)) ORDER BY column_name", file))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	types := map[string]string{}
	for rows.Next() {
		var name, of string
		if err := rows.Scan(&name, &of); err != nil {
			return nil, err
		}
		types[name] = of
	}
	return types, rows.Err()
}

// expression is the first of the columns that there is, as text; "" where there is
// none.
func expression(types map[string]string, from []string) string {
	for _, name := range from {
		switch of, ok := types[name]; {
		case !ok:
		case strings.HasSuffix(of, "[]"):
			return fmt.Sprintf("replace(array_to_string(%s, '; '), '=', ': ')", tables.Quote(name))
		default:
			return fmt.Sprintf("CAST(%s AS VARCHAR)", tables.Quote(name))
		}
	}
	return ""
}
