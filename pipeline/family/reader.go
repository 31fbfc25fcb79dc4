package family

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"rollcall/pipeline/store"
	"rollcall/pipeline/tables"
)

// ErrNobody says that a run has no household, family or person of an id.
var ErrNobody = errors.New("no household, family or person")

// read are the tables of a run that a sheet is made of.
var read = []string{"mention", "household", "event", "cluster", "person", "link", "family", "family_link"}

// Reader reads the tables of a run.
type Reader struct {
	session *store.Session
	scratch string
}

// Open opens the tables of a run, which file finds by their names. The caller closes
// the reader.
func Open(ctx context.Context, file func(table string) (string, error)) (*Reader, error) {
	files := make([]string, len(read))
	var folders []string
	for i, name := range read {
		found, err := file(name)
		if err == nil {
			found, err = filepath.EvalSymlinks(found) // the last good run is a link
		}
		if err != nil {
			return nil, err
		}
		files[i] = found
		folders = append(folders, filepath.Dir(found))
	}
	scratch, err := os.MkdirTemp("", "rollcall-")
	if err != nil {
		return nil, fmt.Errorf("make scratch folder: %w", err)
	}
	r := &Reader{scratch: scratch}
	if r.session, err = store.Open(ctx, store.Options{Folder: scratch, Readable: folders}); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	for i, name := range read {
		if err := r.session.Attach(ctx, name, files[i]); err != nil {
			return nil, errors.Join(err, r.Close())
		}
	}
	return r, nil
}

// Close ends reading.
func (r *Reader) Close() error {
	if r.session != nil {
		r.session.Close()
	}
	return os.RemoveAll(r.scratch)
}

// rows reads the rows of a query, in its order, each column as text, "" for NULL.
func (r *Reader) rows(ctx context.Context, query string) ([][]string, error) {
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
