package report

import (
	"context"
	"database/sql"
	"fmt"
)

// eligibilitySection counts the outcomes of the programmes, what was presumed apart
// from what records say, and each presumption with the law that allows it.
func (m *maker) eligibilitySection(ctx context.Context) (section, error) {
	s := section{
		ID: "eligibility", Title: "Eligibility",
		About: "What the programmes come to for everybody whom they concern. No register records that somebody did not marry again, or lives: where the rules of a programme presume it, that is counted apart. rollcall programmes explain says it of one person.",
	}
	outcomes := table{Caption: "Outcomes", Head: heads("Programme", "Outcome", "#People", "#of these enrolled")}
	err := m.counted(ctx, &outcomes, `SELECT coalesce(g.title, v.programme), CASE v.outcome
		WHEN 'eligible' THEN 'eligible, ' || CASE WHEN len(coalesce(v.presumed, [])) = 0 THEN 'all on record'
			ELSE 'by presumption of ' || array_to_string(list_transform(v.presumed, lambda x: split_part(x, ' presumed ', 1)), ', ') END
		WHEN 'unknown' THEN 'unknown: ' || array_to_string(list_transform(coalesce(v.missing, ['not said']), lambda x: split_part(x, ': ', 1)), ', ')
		ELSE 'not eligible' END AS result, count(*), count(*) FILTER (v.enrolled)
		FROM evaluation v LEFT JOIN report_programme g USING (programme) GROUP BY ALL ORDER BY 1, 2`)
	if err != nil {
		return s, err
	}
	presumptions := table{
		Caption: "What was presumed of the eligible", Head: heads("Programme", "Criterion", "By", "#People", "#of these enrolled"),
		Note: "Of whom several things were presumed stands in several lines.",
	}
	err = m.counted(ctx, &presumptions, `SELECT title, split_part(what, ' presumed ', 1) AS criterion, substr(what, strpos(what, ': ') + 2) AS law, count(*), count(*) FILTER (enrolled)
		FROM (SELECT coalesce(g.title, v.programme) AS title, v.enrolled, unnest(v.presumed) AS what
			FROM evaluation v LEFT JOIN report_programme g USING (programme) WHERE v.outcome = 'eligible')
		GROUP BY ALL ORDER BY 1, 2, 3`)
	s.Tables = []table{outcomes, presumptions}
	return s, err
}

// counted fills a table from a query of texts and then two counts.
func (m *maker) counted(ctx context.Context, t *table, query string) error {
	texts := len(t.Head) - 2
	rows, err := collect(ctx, m.session, query, func(r *sql.Rows) (row, error) {
		cells := make([]string, texts)
		var all, enrolled int64
		into := make([]any, 0, len(t.Head))
		for i := range cells {
			into = append(into, &cells[i])
		}
		err := r.Scan(append(into, &all, &enrolled)...)
		return row{Cells: append(cells, grouped(all), grouped(enrolled))}, err
	})
	if err != nil {
		return fmt.Errorf("count outcomes: %w", err)
	}
	t.Rows = rows
	return nil
}
