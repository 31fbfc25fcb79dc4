package config

import (
	"context"
	"fmt"

	"rollcall/pipeline/decide"
)

// sqlTypes are the SQL types of what a criterion can use.
var sqlTypes = map[string]string{"text": "VARCHAR", "date": "DATE", "boolean": "BOOLEAN", "decimal": "DECIMAL(18, 4)"}

// criterionScope is what a criterion may use: the columns and functions that the
// decide stage has for a subject.
func criterionScope() scope {
	types := map[string]string{}
	sc := scope{boolean: true, bind: true}
	for _, c := range decide.Columns() {
		sc.columns = append(sc.columns, c.Name)
		types[c.Name] = sqlTypes[c.Type]
	}
	for _, f := range decide.Functions() {
		sc.functions = append(sc.functions, f.Name)
	}
	sc.types = func(column string) string { return types[column] }
	return sc
}

// standIns makes macros of the signatures that mapping and decide have, so that
// arguments and results can be held against their types.
func (p *sqlParser) standIns(ctx context.Context) error {
	if err := p.session.Exec(ctx, "CREATE MACRO code(name, value) AS CAST(value AS VARCHAR)"); err != nil {
		return err
	}
	for _, f := range decide.Functions() {
		q := fmt.Sprintf("CREATE MACRO %s(argument) AS CASE WHEN argument IS NOT NULL THEN CAST(NULL AS %s) END", f.Name, sqlTypes[f.Type])
		if err := p.session.Exec(ctx, q); err != nil {
			return err
		}
	}
	return nil
}
