package family

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"rollcall/pipeline/store"
	"rollcall/pipeline/tables"
)

// ErrNobody says that a run has no household, family or person of an id.
var ErrNobody = errors.New("no household, family or person")

// Tables are the tables of a run that a sheet is made of.
func Tables() []string {
	return []string{"mention", "household", "event", "cluster", "person", "link", "family", "family_link", "fact"}
}

// reader reads the tables of a run.
type reader struct{ session *store.Session }

// rows reads the rows of a query, in its order, each column as text, "" for NULL.
func (r reader) rows(ctx context.Context, query string) ([][]string, error) {
	rows, err := r.session.Query(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, fmt.Errorf("read families: %w", err)
	}
	var out [][]string
	values, into := make([]*string, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return nil, fmt.Errorf("read families: %w", err)
		}
		row := make([]string, len(columns))
		for i, v := range values {
			if v != nil {
				row[i] = *v
			}
		}
		out = append(out, row)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read families: %w", err)
	}
	return out, nil
}

// texts is a SELECT list of columns as text.
func texts(columns ...string) string {
	for i, c := range columns {
		columns[i] = "CAST(" + c + " AS VARCHAR)"
	}
	return strings.Join(columns, ", ")
}

// in lists ids for an SQL IN; one that nobody has where there are none.
func in(ids []string) string {
	if len(ids) == 0 {
		return "('')"
	}
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i] = tables.Literal(id)
	}
	return "(" + strings.Join(list, ", ") + ")"
}

// dayColumns are the columns of a date, from which day reads it.
func dayColumns(table, name string) []string {
	of := table + "." + name + "_"
	return []string{of + "earliest", of + "latest", of + "precision", of + "written"}
}

// day reads a date from its columns.
func day(columns []string) Day {
	return Day{Earliest: columns[0], Latest: columns[1], Precision: columns[2], Written: columns[3]}
}

// firsts are the first columns of rows.
func firsts(rows [][]string) []string {
	out := make([]string, len(rows))
	for i, row := range rows {
		out[i] = row[0]
	}
	return out
}
