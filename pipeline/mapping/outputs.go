package mapping

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"rollcall/pipeline/tables"
)

// text makes a trimmed text of an expression; nothing but spaces is NULL.
func text(expression string) string {
	return fmt.Sprintf("nullif(trim(CAST((%s) AS VARCHAR)), '')", expression)
}

func date(t time.Time) string { return "DATE " + tables.Literal(t.Format(time.DateOnly)) }

// day makes a DATE of an expression whose values may be written in several
// ways, read as the column's own values show.
func (m *Mapper) day(ctx context.Context, view, expression string) (string, error) {
	reading, err := m.readingOf(ctx, view, expression)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("try_cast(day_of(%s, %s) AS DATE)", text(expression), tables.Literal(reading)), nil
}

// readingOf learns how the values of an expression are read as dates.
func (m *Mapper) readingOf(ctx context.Context, view, expression string) (string, error) {
	place := [2]string{view, expression}
	if reading, ok := m.learnt[place]; ok {
		return reading, nil
	}
	rows, err := m.session.Query(ctx, fmt.Sprintf("SELECT DISTINCT %s AS v FROM %s WHERE v IS NOT NULL ORDER BY v", text(expression), view))
	if err != nil {
		return "", err
	}
	defer rows.Close()
	var values []string
	for rows.Next() {
		var v string
		if err := rows.Scan(&v); err != nil {
			return "", fmt.Errorf("read values: %w", err)
		}
		values = append(values, v)
	}
	m.learnt[place] = m.reading(values)
	return m.learnt[place], rows.Err()
}

// rows are the rows that one output gives to one table: an expression for each
// column that is given, FROM and WHERE.
type rows struct {
	given map[string]string
	from  string
}

// query unites what all sources give to one canonical table, without the columns
// that none of them gives.
func (m *Mapper) query(ctx context.Context, t tables.Table) (query string, leftOut []string, err error) {
	var all []rows
	for _, src := range m.config.Sources {
		for _, out := range src.Outputs {
			r, err := m.rows(ctx, src, out, t)
			if err != nil {
				return "", nil, fmt.Errorf("map %s.%s: %w", src.Name, out.Table, &FieldError{Path: out.Path, Err: err})
			}
			all = append(all, r...)
		}
	}
	query, leftOut = unite(t, all)
	if t.Name == "mention" {
		query, leftOut = m.atHome(query, leftOut)
	}
	return query, leftOut, nil
}

// atHome gives members who have no area, address or telephone of their own those
// of their household.
func (m *Mapper) atHome(mentions string, leftOut []string) (query string, stillOut []string) {
	var own, more []string
	stillOut = slices.Clone(leftOut)
	for _, column := range []string{"area_code", "area_written", "address", "phone"} {
		if !m.gives("household", strings.Replace(column, "area_written", "area_code", 1)) || slices.Contains(leftOut, "household_id") {
			continue
		}
		if at := slices.Index(stillOut, column); at >= 0 {
			stillOut = slices.Delete(stillOut, at, at+1)
			more = append(more, ", h."+column)
		} else {
			own = append(own, fmt.Sprintf("coalesce(m.%[1]s, h.%[1]s) AS %[1]s", column))
		}
	}
	if own == nil && more == nil {
		return mentions, leftOut
	}
	all := "m.*"
	if own != nil {
		all += " REPLACE (" + strings.Join(own, ", ") + ")"
	}
	return fmt.Sprintf("SELECT %s%s FROM (%s) m LEFT JOIN household h USING (household_id)", all, strings.Join(more, ""), mentions), stillOut
}

// gives tells whether some source gives a column of a table.
func (m *Mapper) gives(table, column string) bool {
	for _, src := range m.config.Sources {
		for _, out := range src.Outputs {
			if out.Table == table && slices.ContainsFunc(out.Fields, func(f Field) bool { return f.Name == column }) {
				return true
			}
		}
	}
	return false
}

// unite is the query of all rows, without the columns that none of them gives.
func unite(t tables.Table, all []rows) (query string, leftOut []string) {
	var columns []tables.Column
	for _, c := range t.Columns {
		if c.Key || slices.ContainsFunc(all, func(r rows) bool { return r.given[c.Name] != "" }) {
			columns = append(columns, c)
		} else {
			leftOut = append(leftOut, c.Name)
		}
	}
	if all == nil {
		all = []rows{{from: "(SELECT 1) WHERE false"}}
	}
	parts := make([]string, len(all))
	for i, r := range all {
		parts[i] = fmt.Sprintf("SELECT %s FROM %s", strings.Join(selectList(columns, r.given), ", "), r.from)
	}
	return strings.Join(parts, "\nUNION ALL\n"), leftOut
}

// FieldError is an error of one expression, with its place in the job file.
type FieldError struct {
	Path string
	Err  error
}

func (e *FieldError) Error() string { return e.Path + ": " + e.Err.Error() }

// Unwrap gives the cause.
func (e *FieldError) Unwrap() error { return e.Err }

// selectList gives columns by their expressions; NULL where there is none.
func selectList(columns []tables.Column, given map[string]string) []string {
	list := make([]string, len(columns))
	for i, c := range columns {
		expression, ok := given[c.Name]
		if !ok {
			expression = "NULL"
		}
		list[i] = fmt.Sprintf("CAST(%s AS %s) AS %s", expression, c.Type.SQL(), tables.Quote(c.Name))
	}
	return list
}

// rows are those that one output gives to one table.
func (m *Mapper) rows(ctx context.Context, src Source, out Output, t tables.Table) ([]rows, error) {
	if t.Name == "identifier" && out.Table == "mention" {
		return m.identifiers(src, out), nil
	}
	if t.Name != out.Table {
		return nil, nil
	}
	given := map[string]string{"source": tables.Literal(src.Name)}
	where, err := m.identify(src, out, given)
	if err != nil {
		return nil, err
	}
	for _, f := range out.Fields {
		if err := m.field(ctx, src, t, f, given); err != nil {
			return nil, &FieldError{Path: f.Path, Err: err}
		}
	}
	if err := m.age(ctx, src, out, given); err != nil {
		return nil, err
	}
	if err := m.recorded(ctx, src, out, given); err != nil {
		return nil, err
	}
	if out.When != "" {
		where = "(" + out.When + ")"
	}
	r := rows{given: given, from: tables.Quote(rowView(src.Name))}
	if where != "" {
		r.from += " WHERE " + where
	}
	return []rows{r}, nil
}

// recorded fills the day on which a mention of an event was recorded, where it
// is not given, with the day of the event's registration.
func (m *Mapper) recorded(ctx context.Context, src Source, out Output, given map[string]string) error {
	expression := eventField(src, "registered")
	if out.Table != "mention" || expression == "" {
		return nil
	}
	day, err := m.day(ctx, tables.Quote(rowView(src.Name)), expression)
	if err != nil {
		return err
	}
	if own, ok := given["recorded_on"]; ok && own != day {
		day = fmt.Sprintf("coalesce(%s, %s)", own, day)
	}
	given["recorded_on"] = day
	return nil
}

// identify gives the columns that name a row, and the condition under which
// there is one: a mention without any name or identifier is nobody.
func (m *Mapper) identify(src Source, out Output, given map[string]string) (condition string, err error) {
	key := tables.Literal(src.Name+"/") + ` || "row key"`
	switch out.Table {
	case "event":
		given["event_id"] = key
		given["received_on"] = `"row received"`
		given["version"] = `"row version"`
	case "mention":
		given["mention_id"] = key + " || " + tables.Literal("/"+out.Role)
		given["side"] = tables.Literal(src.Side)
		given["native_key"] = `"row key"`
		given["role"] = tables.Literal(out.Role)
		if src.Side == tables.Register {
			given["event_id"] = key
		}
		condition = somebody(out)
	case "household", "enrolment", "payment":
		given[out.Table+"_id"] = key
	case "attribute":
	default:
		return "", fmt.Errorf("no table %q to map to", out.Table)
	}
	return condition, nil
}

// naming are the fields any of which makes a mention somebody.
var naming = []string{"given_name", "family_name", "full_name", "native_name"}

func somebody(out Output) string {
	var known []string
	for _, f := range out.Fields {
		if slices.Contains(naming, f.Name) {
			known = append(known, text(f.Expression)+" IS NOT NULL")
		}
	}
	for _, f := range out.Identifiers {
		known = append(known, text(f.Expression)+" IS NOT NULL")
	}
	if known == nil {
		return ""
	}
	return "(" + strings.Join(known, " OR ") + ")"
}

// identifiers are the rows of the identity numbers of a mention.
func (m *Mapper) identifiers(src Source, out Output) []rows {
	all := make([]rows, len(out.Identifiers))
	for i, f := range out.Identifiers {
		given := map[string]string{
			"mention_id":      tables.Literal(src.Name+"/") + ` || "row key" || ` + tables.Literal("/"+out.Role),
			"side":            tables.Literal(src.Side),
			"role":            tables.Literal(out.Role),
			"identifier_type": tables.Literal(f.Name),
			"written":         text(f.Expression),
		}
		if f.Verified != "" {
			given["verified"] = "(" + f.Verified + ")"
		}
		where := text(f.Expression) + " IS NOT NULL"
		if out.When != "" {
			where += " AND (" + out.When + ")"
		}
		all[i] = rows{given: given, from: tables.Quote(rowView(src.Name)) + " WHERE " + where}
	}
	return all
}
