package pair

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"rollcall/connectors"
)

// Table is a file in memory, its columns dictionary-encoded as they are read:
// a value that occurs in a million rows is held once.
type Table struct {
	Name    string
	Rows    int
	Columns []Column
	Rejects []connectors.Reject
	Origins []connectors.Origin
}

// Column is one column as written.
type Column struct {
	Name   string
	Codes  []uint32 // one a row: index into Values; 0 is missing
	Values []string // Values[0] is ""
}

// At is the value of a row as written.
func (c Column) At(row int) string { return c.Values[c.Codes[row]] }

// Column finds a column by name, or gives -1.
func (t *Table) Column(name string) int {
	return slices.IndexFunc(t.Columns, func(c Column) bool { return c.Name == name })
}

// names of the columns in their order.
func (t *Table) names() []string {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = c.Name
	}
	return names
}

// Load reads a source whole, apart from the columns to ignore. progress, when
// not nil, is told the rows read so far.
func Load(ctx context.Context, name string, source connectors.Source, q connectors.Query, ignore []string, progress func(rows int)) (*Table, error) {
	snap, err := source.Open(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", name, err)
	}
	defer snap.Close()
	t := &Table{Name: name}
	l := newLoader(t, snap.Columns(), ignore)
	for {
		batch, err := snap.Next(ctx)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		l.add(batch)
		if progress != nil {
			progress(t.Rows)
		}
	}
	t.Origins = snap.Origins()
	return t, nil
}

// loader encodes batches into a table.
type loader struct {
	table *Table
	take  []int               // column of the source for each of the table
	codes []map[string]uint32 // one a column
}

func newLoader(t *Table, names, ignore []string) *loader {
	l := &loader{table: t}
	for i, name := range names {
		if slices.Contains(ignore, name) {
			continue
		}
		t.Columns = append(t.Columns, Column{Name: name, Values: []string{""}})
		l.take = append(l.take, i)
		l.codes = append(l.codes, map[string]uint32{"": 0})
	}
	return l
}

func (l *loader) add(batch *connectors.Batch) {
	l.table.Rows += batch.Rows
	l.table.Rejects = append(l.table.Rejects, batch.Rejects...)
	for k, from := range l.take {
		in, out, codes := batch.Columns[from], &l.table.Columns[k], l.codes[k]
		for row := range batch.Rows {
			if in.Null != nil && in.Null[row] {
				out.Codes = append(out.Codes, 0)
				continue
			}
			code, ok := codes[in.Values[row]]
			if !ok {
				value := strings.Clone(in.Values[row])
				code = uint32(len(out.Values))
				codes[value] = code
				out.Values = append(out.Values, value)
			}
			out.Codes = append(out.Codes, code)
		}
	}
}

// sampleRows is how many rows columns are recognised by: enough for shares and
// for keys to show their repeats, few enough to be read at once.
const sampleRows = 20000

// sample gives the same rows, spread over the table, of each column.
func (t *Table) sample() func(col int) []string {
	step := max(1, t.Rows/sampleRows)
	return func(col int) []string {
		c := t.Columns[col]
		out := make([]string, 0, t.Rows/step+1)
		for row := 0; row < t.Rows; row += step {
			out = append(out, c.At(row))
		}
		return out
	}
}
