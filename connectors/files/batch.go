package files

import (
	"maps"
	"slices"
	"unicode/utf8"

	"rollcall/connectors"
)

// batch collects rows column by column and turns away those with a bad value.
type batch struct {
	out      connectors.Batch
	names    []string
	indexed  bool   // columns may be; see connectors.Column
	id       []bool // columns in which a mangled number is a reject
	maxField int
	nulls    []string
	nullSeen []bool
	seen     []bool // columns that some file or object had
	other    map[string]bool
	// suspect is set by a reader while values may hold NUL or broken text; most
	// blocks are cleared as a whole, which is far faster than value by value.
	suspect bool
	// broken reports text that its character set does not have.
	broken func(string) bool
}

func newBatch(columns []string, q connectors.Query, nulls []string) *batch {
	b := &batch{
		names: columns, indexed: q.Indexed, maxField: q.MaxFieldBytes, nulls: nulls,
		id: q.IDPlaces(columns), seen: make([]bool, len(columns)), nullSeen: make([]bool, len(columns)),
		other: map[string]bool{}, broken: invalidUTF8,
	}
	b.out.Columns = make([]connectors.Column, len(columns))
	return b
}

func (b *batch) reset() {
	b.out.Rows, b.out.Ahead, b.out.Rejects = 0, 0, nil
	for i := range b.out.Columns {
		c := &b.out.Columns[i]
		if c.Index != nil {
			*c = connectors.Column{} // it is another's memory
		}
		c.Values, c.Null = c.Values[:0], c.Null[:0]
		b.nullSeen[i] = false
	}
}

// finish gives the batch its final form; columns without a missing value have no
// null flags.
func (b *batch) finish() *connectors.Batch {
	out := connectors.Batch{Rows: b.out.Rows, Ahead: b.out.Ahead, Rejects: b.out.Rejects, Columns: slices.Clone(b.out.Columns)}
	for i := range out.Columns {
		if !b.nullSeen[i] {
			out.Columns[i].Null = nil
		}
	}
	return &out
}

// read counts the rows of the batch, used and rejected.
func (b *batch) read() int64 { return int64(b.out.Rows + len(b.out.Rejects)) }

// keys lists what objects had, for the error about a column that none had.
func (b *batch) keys() []string {
	keys := slices.Collect(maps.Keys(b.other))
	for i, seen := range b.seen {
		if seen {
			keys = append(keys, b.names[i])
		}
	}
	slices.Sort(keys)
	return keys
}

// choice maps the columns of the batch to the fields of one file; -1 where the
// file has no such field.
func (b *batch) choice(header []string) []int {
	places := connectors.Locate(b.names, header)
	for i, p := range places {
		b.seen[i] = b.seen[i] || p >= 0
	}
	return places
}

// missing stands for a value that is not there.
const missing = -1

// add takes one row whose fields are in the file's order, or turns it away.
func (b *batch) add(file string, line int64, fields []string, places []int) {
	for c, place := range places {
		if place == missing {
			continue
		}
		if reason, detail := b.fault(c, fields[place]); reason != "" {
			b.reject(connectors.Reject{File: file, Line: line, Column: b.names[c], Reason: reason, Detail: detail})
			return
		}
	}
	for c, place := range places {
		column := &b.out.Columns[c]
		if place == missing || b.isNull(fields[place]) {
			column.Values = append(column.Values, "")
			column.Null = append(column.Null, true)
			b.nullSeen[c] = true
			continue
		}
		column.Values = append(column.Values, fields[place])
		column.Null = append(column.Null, false)
	}
	b.out.Rows++
}

func (b *batch) reject(r connectors.Reject) { b.out.Rejects = append(b.out.Rejects, r) }

func (b *batch) isNull(value string) bool {
	for _, n := range b.nulls {
		if value == n {
			return true
		}
	}
	return false
}

// fault finds what is wrong with a value.
func (b *batch) fault(column int, value string) (reason, detail string) {
	if b.suspect && b.broken(value) {
		return connectors.ReasonEncoding, "bytes that the file's character set does not have"
	}
	if b.suspect || len(value) > b.maxField || b.id[column] && connectors.Mangled(value) {
		return connectors.Fault(value, b.maxField, b.id[column])
	}
	return "", ""
}

func invalidUTF8(s string) bool { return !utf8.ValidString(s) }

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
