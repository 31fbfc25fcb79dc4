package mapping

import (
	"context"
	"fmt"
	"strings"

	"rollcall/pipeline/tables"
)

// placed counts the areas of a source that are written otherwise than by a code of
// the tree, by the rule that found the area or found none.
func (m *Mapper) placed(ctx context.Context, src Source, c *Counts) error {
	if !m.config.AreaTree {
		return nil
	}
	c.Placed = map[string]int64{}
	for _, out := range src.Outputs {
		for _, f := range out.Fields {
			if fields[out.Table][f.Name].form != asArea {
				continue
			}
			where := "true"
			if out.When != "" {
				where = "(" + out.When + ")"
			}
			if err := m.placedBy(ctx, fmt.Sprintf("SELECT %s AS v, count(*) AS n FROM %s WHERE %s GROUP BY v", text(f.Expression), tables.Quote(rowView(src.Name)), where), c); err != nil {
				return fmt.Errorf("count areas of %s: %w", f.Name, err)
			}
		}
	}
	return nil
}

func (m *Mapper) placedBy(ctx context.Context, values string, c *Counts) error {
	rows, err := m.session.Query(ctx, fmt.Sprintf("SELECT area_rules(v) AS rules, sum(n)::BIGINT FROM (%s) WHERE rules IS NOT NULL GROUP BY rules ORDER BY rules", values))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var rules string
		var n int64
		if err := rows.Scan(&rules, &n); err != nil {
			return fmt.Errorf("read areas: %w", err)
		}
		for rule := range strings.FieldsSeq(rules) {
			c.Placed[rule] += n
		}
	}
	return rows.Err()
}
