package mapping

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"rollcall/pipeline/tables"
)

// form says what a field of an output becomes in its table.
type form int

const (
	asText      form = iota // one column of its own name
	asDay                   // a DATE
	asInterval              // NAME_written; bounds and precision are found by standardise
	asFlag                  // a BOOLEAN
	asAmount                // an exact decimal
	asReference             // key of a row of another table
	asArea                  // the code of an area of the tree, beside what was written
	asAge                   // age in years, turned into a birth interval
)

// fields tells the form of each field of each output that is not plain text, and
// the column that it fills where that has another name.
var fields = map[string]map[string]struct {
	form   form
	column string
	refers string // table, for a reference
}{
	"event": {
		"type":       {column: "event_type"},
		"area_code":  {form: asArea},
		"occurred":   {form: asInterval},
		"registered": {form: asDay, column: "registered_on"},
		"plural":     {form: asFlag},
	},
	"mention": {
		"birth":       {form: asInterval},
		"area_code":   {form: asArea},
		"recorded_on": {form: asDay},
		"household":   {form: asReference, column: "household_id", refers: "household"},
		"age":         {form: asAge},
		"age_on":      {form: asAge},
	},
	"household": {
		"enumerated_on": {form: asDay},
		"area_code":     {form: asArea},
	},
	"enrolment": {
		"member":    {form: asReference, column: "mention_id", refers: "mention"},
		"caregiver": {form: asReference, column: "caregiver_mention_id", refers: "mention"},
		"household": {form: asReference, column: "household_id", refers: "household"},
		"from":      {form: asDay, column: "from_on"},
		"to":        {form: asDay, column: "to_on"},
	},
	"payment": {
		"enrolment": {form: asReference, column: "enrolment_id", refers: "enrolment"},
		"amount":    {form: asAmount},
		"paid_on":   {form: asDay},
	},
	"attribute": {
		"member":    {form: asReference, column: "subject_id", refers: "mention"},
		"household": {form: asReference, column: "subject_id", refers: "household"},
		"as_of":     {form: asDay},
	},
}

// field adds one field's expression to what an output gives.
func (m *Mapper) field(ctx context.Context, src Source, t tables.Table, f Field, given map[string]string) error {
	spec := fields[t.Name][f.Name]
	column := spec.column
	if column == "" {
		column = f.Name
	}
	switch spec.form {
	case asAge:
		return nil // see age
	case asDay:
		day, err := m.day(ctx, tables.Quote(rowView(src.Name)), f.Expression)
		if err != nil {
			return err
		}
		given[column] = day
	case asInterval:
		given[f.Name+"_written"] = text(f.Expression)
	case asArea:
		written := text(f.Expression)
		given["area_written"], given[column] = written, written
		if m.config.AreaTree {
			given[column] = fmt.Sprintf("coalesce(area_of(%s), %[1]s)", written)
		}
	case asFlag:
		given[column] = "(" + f.Expression + ")"
	case asAmount:
		given[column] = fmt.Sprintf("try_cast(%s AS DECIMAL(18,2))", text(f.Expression))
	case asReference:
		return m.reference(column, spec.refers, f, given)
	default:
		if _, ok := t.Column(column); !ok {
			return fmt.Errorf("table %s has no field %q", t.Name, f.Name)
		}
		given[column] = text(f.Expression)
	}
	return nil
}

// reference writes the id of another source's row: source/key. Where two fields
// fill one column, as in an attribute of a member or a household, the first that
// is not NULL counts.
func (m *Mapper) reference(column, refers string, f Field, given map[string]string) error {
	source, suffix, err := m.home(refers)
	if err != nil {
		return err
	}
	id := fmt.Sprintf("%s || %s || %s", tables.Literal(source+"/"), text(f.Expression), tables.Literal(suffix))
	if first, ok := given[column]; ok {
		id = fmt.Sprintf("coalesce(%s, %s)", first, id)
	}
	given[column] = id
	return nil
}

// home is the source whose keys identify a table's rows, and what follows the key.
func (m *Mapper) home(table string) (source, suffix string, err error) {
	for _, src := range m.config.Sources {
		for _, out := range src.Outputs {
			if out.Table != table || (table == "mention" && src.Side != tables.Roster) {
				continue
			}
			if source != "" && source != src.Name {
				return "", "", fmt.Errorf("both %s and %s map to %s; one roster has one source of them", source, src.Name, table)
			}
			source = src.Name
			if table == "mention" {
				suffix = "/" + out.Role
			}
		}
	}
	switch {
	case source != "":
		return source, suffix, nil
	case table == "household":
		return "household", "", nil // a roster may name its households without listing them
	}
	return "", "", fmt.Errorf("no source maps to %s", table)
}

// age fills the birth of a mention whose date of birth is missing, or says as much
// (0000-00-00), from an age in years on a day: "age 67 on 2026-01-03". The day is
// age_on, or the event's own, or that on which the row was received; an age that
// stands in place of a date of birth, such as "about 65 years", is told for it too.
func (m *Mapper) age(ctx context.Context, src Source, out Output, given map[string]string) error {
	var years, on string
	for _, f := range out.Fields {
		switch f.Name {
		case "age":
			years = text(f.Expression)
		case "age_on":
			on = f.Expression
		}
	}
	birth, hasBirth := given["birth_written"]
	on = cmp.Or(on, eventField(src, "occurred"), src.Received)
	switch {
	case years == "" && (on == "" || !hasBirth):
		return nil
	case on == "":
		return fmt.Errorf("age needs the day on which it was so: add age_on")
	}
	day, err := m.day(ctx, tables.Quote(rowView(src.Name)), on)
	if err != nil {
		return err
	}
	day = fmt.Sprintf("CAST(%s AS VARCHAR)", day)
	dated := ""
	if years != "" {
		dated = fmt.Sprintf("'age ' || %s || ' on ' || %s", years, day)
	}
	written := dated
	if hasBirth {
		// Only what has letters is asked, as most are dates.
		told := fmt.Sprintf("CASE WHEN regexp_matches(%[1]s, '[^0-9:/. T-]') THEN age_told(%[1]s, %[2]s) END", birth, day)
		if written = fmt.Sprintf("coalesce(%s, %s)", told, birth); years != "" {
			written = fmt.Sprintf("CASE WHEN birth_interval(%[1]s, '') IS NULL THEN coalesce(%[2]s, %[3]s, %[1]s) ELSE %[1]s END", birth, told, dated)
		}
	}
	given["birth_written"] = written
	return nil
}

// eventField is the expression of a field of the source's event; "" when it has none.
func eventField(src Source, name string) string {
	for _, out := range src.Outputs {
		for _, f := range out.Fields {
			if out.Table == "event" && f.Name == name {
				return f.Expression
			}
		}
	}
	return ""
}

// Names lists the fields that a job file may give for a table, in order.
func Names(table string) []string {
	var names []string
	filled := map[string]bool{}
	for name, spec := range fields[table] {
		names = append(names, name)
		filled[cmp.Or(spec.column, name)] = true
	}
	for _, t := range slices.Concat(written(), viewed()) {
		if t.Name != table {
			continue
		}
		for _, c := range t.Columns {
			if c.Type == tables.Text && !c.Key && !filled[c.Name] && !generated(c.Name) {
				names = append(names, c.Name)
			}
		}
	}
	slices.Sort(names)
	return names
}

// generated tells the text columns that no field fills.
func generated(column string) bool {
	switch column {
	case "side", "source", "native_key", "event_id", "mention_id", "script", "role":
		return true
	}
	for _, suffix := range []string{"_written", "_precision", "_norm"} {
		if strings.HasSuffix(column, suffix) {
			return true
		}
	}
	return false
}
