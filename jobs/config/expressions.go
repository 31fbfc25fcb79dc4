package config

import (
	"context"
	"slices"

	"rollcall/pipeline/mapping"
	"rollcall/pipeline/tables"
)

// use says what an expression is for, beside giving a value.
type use int

const (
	asKey     use = 1 << iota // its columns hold IDs
	asBoolean                 // its result is true or false
)

// expressions reads the SQL expressions of one source and gathers the columns
// that they use.
type expressions struct {
	*builder
	codes     []string
	columns   []string
	idColumns []string
	places    map[string]string // by column: path of the field that uses it first
	err       error             // of the session; ends the reading
}

// idFields are the mapped fields that hold IDs, which a spreadsheet may mangle.
var idFields = []string{"registration_number", "member", "household", "caregiver", "enrolment"}

var booleanFields = []string{"plural"}

// read checks the expression in a field and gives its text; "" when there is none.
func (x *expressions) read(ctx context.Context, n *node, name string, u use) string {
	f := n.field(name)
	if f == nil {
		return ""
	}
	return x.value(ctx, f, u)
}

func (x *expressions) value(ctx context.Context, f *node, u use) string {
	if f.form != scalar || x.err != nil {
		return ""
	}
	columns, problems, err := x.sql.check(ctx, f.text, scope{codes: x.codes, boolean: u&asBoolean != 0, bind: true})
	if err != nil {
		x.err = err
		return ""
	}
	f.tell(problems)
	x.use(f.path, columns)
	if u&asKey != 0 {
		x.idColumns = add(x.idColumns, columns)
	}
	return f.text
}

// use notes that a field uses columns.
func (x *expressions) use(path string, columns []string) {
	x.columns = add(x.columns, columns)
	for _, c := range columns {
		if _, used := x.places[c]; !used {
			x.places[c] = path
		}
	}
}

// tell notes the problems of an expression at their places.
func (f *node) tell(problems []problem) {
	for _, p := range problems {
		f.doc.fail(f.inside(p.offset, p.characters), "%s: %s", f.path, p.message)
	}
}

// columnsOf are the columns that one checked expression uses.
func (x *expressions) columnsOf(ctx context.Context, f *node) []string {
	if f.form != scalar || x.err != nil {
		return nil
	}
	columns, _, err := x.sql.check(ctx, f.text, scope{codes: x.codes})
	if err != nil {
		x.err = err
	}
	return columns
}

func add(list, more []string) []string {
	for _, name := range more {
		if !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	return list
}

// outputs makes the tables' rows that a source's map declares.
func (x *expressions) outputs(ctx context.Context, n *node, side string) []mapping.Output {
	var outputs []mapping.Output
	for _, e := range n.entries {
		if e.value.form != object {
			continue
		}
		x.side(e, side)
		switch e.name {
		case "mentions":
			for _, role := range e.value.entries {
				if role.value.form == object {
					outputs = append(outputs, x.output(ctx, role.value, "mention", role.name))
				}
			}
		case member:
			outputs = append(outputs, x.output(ctx, e.value, "mention", member))
		default:
			outputs = append(outputs, x.output(ctx, e.value, e.name, ""))
		}
	}
	if len(n.entries) == 0 {
		n.failAtName("%s is empty; a source gives at least one of event, member, household, enrolment, payment or attribute", n.path)
	}
	if n.field("mentions") != nil && n.field("event") == nil {
		n.field("mentions").failAtName("%s.mentions names the people of an event, and %[1]s.event is missing", n.path)
	}
	return outputs
}

// side holds what a source maps to against the side that it is on.
func (x *expressions) side(e entry, side string) {
	of := tables.Roster
	if e.name == "event" || e.name == "mentions" {
		of = tables.Register
	}
	if (side == tables.Register || side == tables.Roster) && side != of && e.name != "attribute" {
		e.value.failAtName("%s belongs to a source of the side %s, and this one is of the side %s", e.name, of, side)
	}
}

func (x *expressions) output(ctx context.Context, n *node, table, role string) mapping.Output {
	out := mapping.Output{Table: table, Role: role, Path: n.path, When: x.read(ctx, n, "when", asBoolean)}
	for _, e := range n.entries {
		switch e.name {
		case "when":
			continue
		case "identifiers":
			out.Identifiers = x.identifiers(ctx, e.value)
			continue
		}
		if !slices.Contains(fieldNames(table, role), e.name) {
			continue // told already
		}
		if e.name == "type" && slices.Contains(eventTypes, e.value.text) {
			out.Fields = append(out.Fields, mapping.Field{Name: e.name, Expression: tables.Literal(e.value.text), Path: e.value.path})
			continue
		}
		var u use
		if slices.Contains(idFields, e.name) {
			u |= asKey
		}
		if slices.Contains(booleanFields, e.name) {
			u |= asBoolean
		}
		out.Fields = append(out.Fields, mapping.Field{Name: e.name, Expression: x.value(ctx, e.value, u), Path: e.value.path})
	}
	if table == "attribute" && n.field("member") == nil && n.field("household") == nil {
		n.failAtName("%s is about nobody: it needs member or household", n.path)
	}
	return out
}

// identifiers are identity numbers by type, each an expression or value and
// verified.
func (x *expressions) identifiers(ctx context.Context, n *node) []mapping.Field {
	var fields []mapping.Field
	for _, e := range n.entries {
		if err := checkName(e.name); err != nil {
			e.value.failAtName("%q is no name for a type of identifier; %s", e.name, err)
		}
		f := mapping.Field{Name: e.name, Path: e.value.path}
		if e.value.form == scalar {
			f.Expression = x.value(ctx, e.value, asKey)
		} else {
			f.Expression = x.read(ctx, e.value, "value", asKey)
			f.Verified = x.read(ctx, e.value, "verified", asBoolean)
		}
		fields = append(fields, f)
	}
	return fields
}
