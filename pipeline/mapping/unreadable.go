package mapping

import (
	"context"
	"fmt"

	"rollcall/pipeline/tables"
)

// unreadable counts the values of a source's days and amounts that are none: the
// row is used without them. Dates that are kept as written are judged there. A value
// without a digit other than 0 says that nothing is known, as 0000-00-00 does.
func (m *Mapper) unreadable(ctx context.Context, src Source, c *Counts) error {
	for _, out := range src.Outputs {
		for _, f := range out.Fields {
			var none string
			switch fields[out.Table][f.Name].form {
			case asDay:
				reading, err := m.readingOf(ctx, tables.Quote(rowView(src.Name)), f.Expression)
				if err != nil {
					return fmt.Errorf("read %s: %w", f.Name, err)
				}
				none = "unreadable_date(v, " + tables.Literal(reading) + ") IS NOT NULL"
			case asAmount:
				none = "try_cast(v AS DECIMAL(18,2)) IS NULL"
			default:
				continue
			}
			name := f.Name
			if out.Role != "" {
				name = out.Role + "." + name
			}
			var n int64
			q := fmt.Sprintf(`SELECT coalesce(sum(n), 0)::BIGINT FROM (SELECT %s AS v, count(*) AS n FROM %s GROUP BY v)
WHERE regexp_matches(replace(v, '0', ''), '\p{Nd}') AND %s`, text(f.Expression), tables.Quote(rowView(src.Name)), none)
			if err := m.session.Row(ctx, q, &n); err != nil {
				return fmt.Errorf("count unreadable values of %s: %w", f.Name, err)
			}
			if n > 0 {
				c.Unreadable[name] += n
			}
		}
	}
	return nil
}
