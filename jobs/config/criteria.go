package config

import (
	"context"
	"fmt"
	"strings"

	"rollcall/pipeline/decide"
)

// sqlTypes are the SQL types of what a criterion can use.
var sqlTypes = map[string]string{"text": "VARCHAR", "date": "DATE", "boolean": "BOOLEAN", "integer": "INTEGER", "decimal": "DECIMAL(18, 4)"}

// criterionScope is what a criterion may use: the columns and functions that the
// decide stage has for a subject.
func criterionScope() scope {
	types := map[string]string{}
	sc := scope{boolean: true, bind: true, values: map[string][]string{"sex": {"male", "female", "other"}}}
	for _, c := range decide.Columns() {
		sc.columns = append(sc.columns, c.Name)
		types[c.Name] = sqlTypes[c.Type]
	}
	sc.calls = map[string][]decide.Parameter{}
	for _, f := range decide.Functions() {
		sc.functions = append(sc.functions, f.Name)
		sc.calls[f.Name] = f.Parameters
	}
	sc.types = func(column string) string { return types[column] }
	return sc
}

// numberScope is that of an amount, which is a number.
func numberScope() scope {
	sc := criterionScope()
	sc.boolean, sc.number = false, true
	return sc
}

// standIns makes macros of the signatures that mapping and decide have, so that
// arguments and results can be held against their types.
func (p *sqlParser) standIns(ctx context.Context) error {
	if err := p.session.Exec(ctx, "CREATE MACRO code(name, value) AS CAST(value AS VARCHAR)"); err != nil {
		return err
	}
	for _, f := range decide.Functions() {
		var forms []string
		for n := len(f.Parameters); n > 0; n-- {
			var names, given []string
			for i, parameter := range f.Parameters[:n] {
				name := fmt.Sprintf("argument_%d", i)
				names = append(names, name)
				if kind := sqlTypes[parameter.Type]; kind != "" {
					name = fmt.Sprintf("CAST(%s AS %s)", name, kind)
				}
				given = append(given, name+" IS NOT NULL")
			}
			forms = append(forms, fmt.Sprintf("(%s) AS CASE WHEN %s THEN CAST(NULL AS %s) END", strings.Join(names, ", "), strings.Join(given, " AND "), sqlTypes[f.Type]))
			if !f.Parameters[n-1].Optional {
				break
			}
		}
		if err := p.session.Exec(ctx, "CREATE MACRO "+f.Name+strings.Join(forms, ", ")); err != nil {
			return err
		}
	}
	return nil
}
