package report

import (
	"fmt"
	"strings"

	"rollcall/pipeline/tables"
)

// column is one column of a list, declared once for Parquet, CSV, XLSX and the
// dictionary.
type column struct {
	tables.Column
	// expr is SQL over the aliases of listSQL.
	expr string
	// foreign says that a source wrote the text, so that it may hold anything.
	foreign bool
	// heading and width (characters) are those of the sheet; a column without a
	// heading is not in the sheet.
	heading string
	width   float64
}

// list is one list of action.
type list struct {
	kind    string // of the proposals
	name    string // of the files and of the session's table
	title   string
	about   string
	tiered  bool
	order   []string // of the rows; ends in the key
	columns []column
}

func (l list) table() string { return "report_" + l.name }

func (l list) parquet() string { return l.name + ".parquet" }

func (l list) orderBy() string { return strings.Join(l.order, ", ") }

// inSheet are the columns that the sheet shows.
func (l list) inSheet() []column {
	var out []column
	for _, c := range l.columns {
		if c.heading != "" {
			out = append(out, c)
		}
	}
	return out
}

// selectSQL is the list as a query, typed as declared.
func (l list) selectSQL() string {
	exprs := make([]string, len(l.columns))
	for i, c := range l.columns {
		exprs[i] = fmt.Sprintf("CAST(%s AS %s) AS %s", c.expr, c.Type.SQL(), tables.Quote(c.Name))
	}
	return fmt.Sprintf("SELECT %s %s WHERE p.kind = %s", strings.Join(exprs, ",\n "), listSQL, tables.Literal(l.kind))
}

// csvExpr is the column as CSV holds it: lists joined, foreign text made
// harmless to a spreadsheet.
func (c column) csvExpr() string {
	name := tables.Quote(c.Name)
	text := name
	switch {
	case c.Type == tables.TextList:
		text = fmt.Sprintf("array_to_string(%s, %s)", name, tables.Literal(listSeparator))
	case c.Type != tables.Text:
		return name
	}
	if !c.foreign {
		return fmt.Sprintf("%s AS %s", text, name)
	}
	return fmt.Sprintf("CASE WHEN regexp_matches(%[1]s, '^[=+\\-@\\t\\r]') THEN '''' || %[1]s ELSE %[1]s END AS %[2]s", text, name)
}

// listSeparator joins the elements of a list column in CSV and XLSX.
const listSeparator = "; "

// The constructors below keep the declarations to one line a column.

func text(name, expr, doc string) column {
	return column{Column: tables.Column{Name: name, Type: tables.Text, Doc: doc}, expr: expr}
}

func typed(name string, t tables.Type, expr, doc string) column {
	return column{Column: tables.Column{Name: name, Type: t, Doc: doc}, expr: expr}
}

// from takes over a column of a canonical table under an alias.
func from(t tables.Table, alias, name string) column {
	c, ok := t.Column(name)
	if !ok {
		panic("report: table " + t.Name + " has no column " + name)
	}
	c.Key = false
	return column{Column: c, expr: alias + "." + tables.Quote(name)}
}

func (c column) sheet(heading string, width float64) column {
	c.heading, c.width = heading, width
	return c
}

func (c column) written() column {
	c.foreign = true
	return c
}

func (c column) key() column {
	c.Key = true
	return c
}
