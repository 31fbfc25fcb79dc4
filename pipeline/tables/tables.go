// Package tables declares the canonical tables of a run: the one place from
// which DuckDB types, Parquet schemas, CSV headers and the data dictionary
// come. A stage reads and writes these tables and nothing else.
package tables

import (
	"fmt"
	"strings"
)

// Type is the type of a column, the same in DuckDB, Parquet and the dictionary.
type Type int

// The types that columns have. Amounts are exact decimals; probabilities and
// weights are rounded when they are written, so that no float tail depends on
// the order of a sum.
const (
	Text Type = iota
	Integer
	Date
	Boolean
	Amount      // DECIMAL(18,2), in the currency of the row
	Probability // 0 to 1, six decimals
	Bits        // base-2 logarithm, three decimals
	TextList
)

var types = [...]struct{ name, sql string }{
	Text:        {"text", "VARCHAR"},
	Integer:     {"integer", "BIGINT"},
	Date:        {"date", "DATE"},
	Boolean:     {"boolean", "BOOLEAN"},
	Amount:      {"amount", "DECIMAL(18,2)"},
	Probability: {"probability", "DECIMAL(9,6)"},
	Bits:        {"bits", "DECIMAL(12,3)"},
	TextList:    {"list of text", "VARCHAR[]"},
}

// String names the type as the data dictionary does.
func (t Type) String() string { return types[t].name }

// SQL is the DuckDB type.
func (t Type) SQL() string { return types[t].sql }

// Column is one column of a canonical table.
type Column struct {
	Name string
	Type Type
	Doc  string // what it holds, with its unit or its closed list of values
	Key  bool   // part of the table's key, never NULL
}

// Table is one canonical table. Rows are written in the order of the key.
type Table struct {
	Name    string
	Doc     string
	Columns []Column
}

// Key lists the columns that identify a row and order the table.
func (t Table) Key() []string {
	var key []string
	for _, c := range t.Columns {
		if c.Key {
			key = append(key, c.Name)
		}
	}
	return key
}

// Column finds a column by name.
func (t Table) Column(name string) (Column, bool) {
	for _, c := range t.Columns {
		if c.Name == name {
			return c, true
		}
	}
	return Column{}, false
}

// Names lists the columns in their order.
func (t Table) Names() []string {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = c.Name
	}
	return names
}

// OrderBy is the body of an ORDER BY over the whole key, so that a file written
// from the table has one possible order.
func (t Table) OrderBy() string { return strings.Join(quoteAll(t.Key()), ", ") }

// CreateSQL makes an empty DuckDB table under the given name.
func (t Table) CreateSQL(name string) string {
	defs := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		defs[i] = Quote(c.Name) + " " + c.Type.SQL()
		if c.Key {
			defs[i] += " NOT NULL"
		}
	}
	return fmt.Sprintf("CREATE TABLE %s (%s)", Quote(name), strings.Join(defs, ", "))
}

// CastList is a SELECT list that brings columns of the right names to the
// declared types and order.
func (t Table) CastList() string {
	list := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		list[i] = fmt.Sprintf("CAST(%s AS %s) AS %[1]s", Quote(c.Name), c.Type.SQL())
	}
	return strings.Join(list, ", ")
}

// Quote writes an SQL identifier.
func Quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// Literal writes an SQL string literal.
func Literal(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

func quoteAll(names []string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = Quote(n)
	}
	return out
}
