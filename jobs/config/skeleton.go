package config

import (
	"fmt"
	"slices"
	"strings"

	"rollcall/pipeline/tables"
)

// Draft is what is known of a job that is about to be written.
type Draft struct {
	Name, Title  string
	Data, Output string // folders, relative to the job file
	Directories  []DraftDirectory
	Sources      []DraftSource
	Programmes   []string // files or patterns, relative to the job file
}

// DraftDirectory is a code directory of a draft.
type DraftDirectory struct{ Name, File string }

// DraftSource is one input with what its columns were found to hold.
type DraftSource struct {
	Name string
	Side string // tables.Register or tables.Roster
	Path string // as in the job file
	Rows int64  // of the file that was looked at; 0 when unknown
	// Event is the event type of a register's source: birth, death, marriage,
	// divorce, or an expression that gives one; "" for the roster.
	Event string
	// Key, Received and Version are expressions; without a key the line asks for one.
	Key, Received, Version string
	Columns                []DraftColumn
}

// DraftColumn is one column of a source.
type DraftColumn struct {
	Name string
	// Field is what the column gives, as its path below map: event.occurred,
	// mentions.child.given_name, member.identifiers.national_id. A column with no
	// field is listed as unused.
	Field      string
	Expression string // when it is not the column itself
	Note       string // why, or why not, for people
}

// rowsMargin is how far below and above what was seen a first run's rows may be:
// a tenth to ten times.
const rowsMargin = 10

// Skeleton writes a job file with comments from a draft. What is missing stands in
// it as a comment; what is there can be loaded.
func Skeleton(d Draft) string {
	var w strings.Builder
	w.WriteString("# A job reconciles the civil register with the roster, each time it runs. Check it\n# with \"rollcall check\", run it with \"rollcall run\". docs/job-file.md has every field.\n")
	w.WriteString("rollcall: 1\n")
	fmt.Fprintf(&w, "name: %s\n", scalarText(d.Name))
	if d.Title != "" {
		fmt.Fprintf(&w, "title: %s\n", scalarText(d.Title))
	}
	w.WriteString(`
# When "rollcall schedule" runs it: minute hour day month weekday.
# schedule: {cron: "0 6 5 * *", time_zone: UTC, catch_up: latest}

`)
	fmt.Fprintf(&w, "data: %s      # inputs lie below this folder\n", scalarText(d.Data))
	fmt.Fprintf(&w, "output: %s    # snapshots, runs and the ledger\n", scalarText(d.Output))
	if len(d.Directories) > 0 {
		w.WriteString("\n# Code directories: source_code,canonical_code,valid_from,valid_to. An expression\n# uses one as code('NAME', column).\ncodes:\n")
		for _, c := range d.Directories {
			fmt.Fprintf(&w, "  %s: %s\n", scalarText(c.Name), scalarText(c.File))
		}
	}
	w.WriteString("\n# Every value is an SQL expression over the columns of its source; all are text.\nsources:\n")
	for i, s := range d.Sources {
		if i > 0 {
			w.WriteString("\n")
		}
		writeSource(&w, s)
	}
	writeRest(&w, d)
	return w.String()
}

func writeSource(w *strings.Builder, s DraftSource) {
	fmt.Fprintf(w, "  %s:\n    side: %s\n    connector: files\n    path: %s\n", scalarText(s.Name), s.Side, scalarText(s.Path))
	if s.Rows > 0 {
		fmt.Fprintf(w, "    expect: {rows: [%d, %d]}    # for the first run; %d were there\n", s.Rows/rowsMargin, s.Rows*rowsMargin, s.Rows)
	}
	if s.Key == "" {
		w.WriteString("    # No column is different in every row. Name the one that identifies a record:\n    key: # for example registration_no\n")
	} else {
		fmt.Fprintf(w, "    key: %s\n", scalarText(s.Key))
	}
	if s.Received != "" {
		fmt.Fprintf(w, "    received: %s    # later ones than a run's day are left out\n", scalarText(s.Received))
	}
	if s.Version != "" {
		fmt.Fprintf(w, "    version: %s    # the highest counts\n", scalarText(s.Version))
	}
	columns := slices.Clone(s.Columns)
	if s.Event != "" {
		columns = slices.Insert(columns, 0, DraftColumn{Field: "event.type", Expression: s.Event})
	}
	w.WriteString("    map:\n")
	writeFields(w, draftTree(columns), 6)
	var unused []string
	for _, c := range s.Columns {
		if c.Field == "" && c.Note == "" {
			unused = append(unused, c.Name)
		}
	}
	if len(unused) > 0 {
		fmt.Fprintf(w, "    # Not used: %s\n", wrap(strings.Join(unused, ", "), 72, "    # "))
	}
	for _, c := range s.Columns {
		if c.Field == "" && c.Note != "" {
			fmt.Fprintf(w, "    # Not used: %s\n", wrap(c.Name+": "+c.Note, 72, "    # "))
		}
	}
}

// draftField is a node of a map that is about to be written.
type draftField struct {
	name   string
	column *DraftColumn // of a leaf
	fields []*draftField
}

// draftTree groups columns by the parts of their fields' paths, in the order in
// which the parts first come.
func draftTree(columns []DraftColumn) *draftField {
	root := &draftField{}
	for i, c := range columns {
		if c.Field == "" {
			continue
		}
		at := root
		for part := range strings.SplitSeq(c.Field, ".") {
			next := slices.IndexFunc(at.fields, func(f *draftField) bool { return f.name == part })
			if next < 0 {
				at.fields = append(at.fields, &draftField{name: part})
				next = len(at.fields) - 1
			}
			at = at.fields[next]
		}
		if at.column == nil { // the first column that gives a field is the one
			at.column = &columns[i]
		}
	}
	return root
}

func writeFields(w *strings.Builder, f *draftField, indent int) {
	for _, inner := range f.fields {
		margin := strings.Repeat(" ", indent)
		if inner.column == nil {
			fmt.Fprintf(w, "%s%s:\n", margin, scalarText(inner.name))
			writeFields(w, inner, indent+2)
			continue
		}
		c := inner.column
		expression := c.Expression
		if expression == "" {
			expression = ColumnSQL(c.Name)
		}
		fmt.Fprintf(w, "%s%s: %s", margin, scalarText(inner.name), scalarText(expression))
		if c.Note != "" {
			fmt.Fprintf(w, "    # %s", strings.Join(strings.Fields(c.Note), " "))
		}
		w.WriteString("\n")
	}
}

func writeRest(w *strings.Builder, d Draft) {
	w.WriteString("\n# How records are compared: learned from the data. A spec.yaml can stand here.\nlink: {threshold: 0.5}\n")
	w.WriteString("\n# What holds a run: a source that changed by more than row_change, a list that is\n# out of proportion.\ngate: {row_change: 0.3, list_share: 0.15, list_growth: 3}\n")
	if len(d.Programmes) == 0 {
		w.WriteString("\n# programmes: [programmes/*.yaml]\n")
		return
	}
	w.WriteString("\nprogrammes:\n")
	for _, p := range d.Programmes {
		fmt.Fprintf(w, "  - %s\n", scalarText(p))
	}
}

// ColumnSQL writes a column's name as an expression: as it stands where SQL reads
// it as a name, and in double quotes otherwise.
func ColumnSQL(name string) string {
	for i, r := range name {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '_'
		if !letter && (i == 0 || r < '0' || r > '9') {
			return tables.Quote(name)
		}
	}
	lower := strings.ToLower(name)
	if name == "" || slices.Contains(reserved, lower) || slices.Contains(clocks, lower) {
		return tables.Quote(name)
	}
	return name
}

// reserved are the words that DuckDB does not read as a column's name.
var reserved = []string{
	"all", "analyse", "analyze", "and", "anti", "any", "array", "as", "asc", "asof", "asymmetric", "at", "authorization",
	"binary", "both", "by", "case", "cast", "check", "collate", "collation", "column", "columns", "concurrently",
	"constraint", "create", "cross", "default", "deferrable", "desc", "describe", "distinct", "do", "else", "end", "except",
	"false", "fetch", "for", "foreign", "freeze", "from", "full", "generated", "glob", "group", "having", "ilike", "in",
	"initially", "inner", "intersect", "into", "is", "isnull", "join", "lambda", "lateral", "leading", "left", "like",
	"limit", "map", "natural", "not", "notnull", "null", "offset", "on", "only", "or", "order", "outer", "overlaps",
	"pivot", "pivot_longer", "pivot_wider", "placing", "positional", "primary", "qualify", "references", "returning",
	"right", "select", "semi", "show", "similar", "some", "struct", "summarize", "symmetric", "table", "tablesample",
	"then", "to", "trailing", "true", "try_cast", "union", "unique", "unpack", "unpivot", "using", "variadic", "verbose",
	"when", "where", "window", "with",
}

// scalarText writes a text as a value or a name in a block of YAML: as it stands
// where that is read as the same text, else in quotes.
func scalarText(text string) string {
	const opens = "-?:,[]{}#&*!|>'\"%@`~= \t."
	switch {
	case text == "" || strings.ContainsAny(text, "\n\r\t") || !printable(text):
		return doubleQuoted(text)
	case text == "." || text == "out":
		return text
	case strings.ContainsRune(opens, firstRune(text)), text[0] >= '0' && text[0] <= '9', text[0] == '+', text[0] == '<',
		strings.HasSuffix(text, " "), strings.HasSuffix(text, ":"), strings.Contains(text, ": "), strings.Contains(text, " #"), keyword(text):
		return "'" + strings.ReplaceAll(text, "'", "''") + "'"
	}
	return text
}

// wrap breaks a text at spaces, so that no line is longer than width where that
// can be; each further line begins with a margin.
func wrap(text string, width int, margin string) string {
	var b strings.Builder
	line := 0
	for i, word := range strings.Fields(text) {
		switch {
		case i == 0:
		case line+1+len(word) > width:
			b.WriteString("\n" + margin)
			line = 0
		default:
			b.WriteByte(' ')
			line++
		}
		b.WriteString(word)
		line += len(word)
	}
	return b.String()
}
