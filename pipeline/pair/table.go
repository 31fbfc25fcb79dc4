package pair

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"iter"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"rollcall/connectors"
	"rollcall/matchers/dictionary"
)

// Table is a file in memory, its columns dictionary-encoded as they are read:
// a value that occurs in a million rows is held once.
type Table struct {
	Name    string
	Rows    int
	Columns []Column
	Rejects []connectors.Reject
	Origins []connectors.Origin
	// Areas is the tree by which areas are compared; nil without one.
	Areas *AreaTree
	// Earlier are the other files that the records come from; see Union.
	Earlier []FileSummary
}

// Column is one column as written.
type Column struct {
	Name   string
	Codes  []uint32         // one a row: index into Values; 0 is missing
	Values dictionary.Texts // the first is ""
}

// At is the value of a row as written.
func (c Column) At(row int) string { return c.Values.At(c.Codes[row]) }

// counted are the values that are there, and how often each is.
func (c Column) counted() iter.Seq2[string, int] {
	counts := make([]int, c.Values.Len())
	for _, code := range c.Codes {
		counts[code]++
	}
	return func(yield func(string, int) bool) {
		for code, v := range c.Values.All() {
			if code > 0 && !yield(v, counts[code]) {
				return
			}
		}
	}
}

// taughtValues is about how many of a column's different values teach how it is read.
const taughtValues = 20_000

// taught are some of the different values of a column, picked by what they are, so
// that the order of the rows does not matter.
func (c Column) taught() iter.Seq[string] {
	every := uint64(1 + c.Values.Len()/taughtValues)
	return func(yield func(string) bool) {
		h := fnv.New64a()
		for v := range c.Values.Each() {
			h.Reset()
			h.Write([]byte(v))
			if h.Sum64()%every == 0 && !yield(v) {
				return
			}
		}
	}
}

// Column finds a column by name, or gives -1.
func (t *Table) Column(name string) int {
	return slices.IndexFunc(t.Columns, func(c Column) bool { return c.Name == name })
}

// Value is what a row has in a column; "" where the table has no such row or column.
func (t *Table) Value(row int, column string) string {
	at := t.Column(column)
	if at < 0 || row < 0 {
		return ""
	}
	return t.Columns[at].At(row)
}

// names of the columns in their order.
func (t *Table) names() []string {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = c.Name
	}
	return names
}

// named is the table without its values.
func (t *Table) named() *Table {
	out := *t
	out.Columns = make([]Column, len(t.Columns))
	for i, c := range t.Columns {
		out.Columns[i].Name = c.Name
	}
	return &out
}

// Load reads a source whole, apart from the columns to ignore. progress, when
// not nil, is told the rows read so far.
func Load(ctx context.Context, name string, source connectors.Source, q connectors.Query, ignore []string, progress func(rows int)) (*Table, error) {
	q.Indexed = true
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
	l.finish()
	t.Origins = snap.Origins()
	return t, nil
}

// loader encodes batches into a table.
type loader struct {
	table *Table
	take  []int // column of the source for each of the table
	known []*dictionary.Dictionary
	texts [][]string // of a column that has missing values, without them
	parts []part
}

// part is the values of an indexed column as long as they stay the same, and their
// codes; 0 is none yet.
type part struct {
	values []string
	codes  []uint32
}

func newLoader(t *Table, names, ignore []string) *loader {
	l := &loader{table: t}
	for i, name := range names {
		if slices.Contains(ignore, name) {
			continue
		}
		t.Columns = append(t.Columns, Column{Name: name})
		l.take = append(l.take, i)
		l.known = append(l.known, dictionary.New())
	}
	l.texts, l.parts = make([][]string, len(l.take)), make([]part, len(l.take))
	return l
}

// add encodes the columns of a batch, several at a time.
func (l *loader) add(batch *connectors.Batch) {
	l.table.Rows += batch.Rows
	l.table.Rejects = append(l.table.Rejects, batch.Rejects...)
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(l.take)) {
		wg.Go(func() {
			for k := int(next.Add(1) - 1); k < len(l.take); k = int(next.Add(1) - 1) {
				out, in := &l.table.Columns[k], &batch.Columns[l.take[k]]
				if cap(out.Codes)-len(out.Codes) < batch.Rows {
					out.Codes = slices.Grow(out.Codes, batch.Rows+int(batch.Ahead))
				}
				if in.Index != nil {
					out.Codes = l.translate(k, out.Codes, in)
				} else {
					out.Codes = l.known[k].Append(out.Codes, l.present(k, in, batch.Rows))
				}
			}
		})
	}
	wg.Wait()
}

// translate appends the codes of an indexed column: each of its values is numbered
// once, when a row first bears it.
func (l *loader) translate(k int, codes []uint32, in *connectors.Column) []uint32 {
	p := &l.parts[k]
	if len(p.values) != len(in.Values) || &p.values[0] != &in.Values[0] {
		*p = part{in.Values, make([]uint32, len(in.Values))}
	}
	for _, at := range in.Index {
		code := p.codes[at]
		if code == 0 {
			code = l.known[k].Code(p.values[at])
			p.codes[at] = code
		}
		codes = append(codes, code)
	}
	return codes
}

// present is the values of a column, "" where one is missing.
func (l *loader) present(k int, in *connectors.Column, rows int) []string {
	if in.Null == nil {
		return in.Values[:rows]
	}
	l.texts[k] = append(l.texts[k][:0], in.Values[:rows]...)
	for row, null := range in.Null[:rows] {
		if null {
			l.texts[k][row] = ""
		}
	}
	return l.texts[k]
}

// finish gives the columns their values.
func (l *loader) finish() {
	for k := range l.take {
		l.table.Columns[k].Values = l.known[k].Values()
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
