package report

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
)

// linkedGroup is the share of the people of one group who were linked.
type linkedGroup struct {
	Label string
	Rate  rate
	// Ratio is the share over that of the largest group; 0 when that is 0.
	Ratio     float64
	Reference bool
	Less      bool // the whole interval lies below that of the largest group
}

// disparity compares linked and not linked along one dimension.
type disparity struct {
	Dimension string
	Groups    []linkedGroup
}

// population is one set of persons of whom some are linked.
type population struct {
	Title, About string
	persons      string // SQL: person_id
	linked       string // SQL: person_id of the linked ones
}

var populations = []population{
	{
		Title: "Roster persons found in the register", About: "Who is not found gains nothing from the register: no birth, no death, no marriage is known of them.",
		persons: "SELECT person_id FROM person WHERE side = 'sp'",
		linked:  "SELECT DISTINCT right_id AS person_id FROM link WHERE kind = 'across' AND accepted",
	},
	{
		Title: "People who died, by the register, found in the roster", About: "Most of the dead were never beneficiaries, so a low share is no fault by itself; a share that differs between groups may be one.",
		persons: `SELECT DISTINCT c.person_id FROM mention n JOIN cluster c ON c.mention_id = n.mention_id
			JOIN event v ON v.event_id = n.event_id WHERE n.role = 'deceased' AND v.status IS DISTINCT FROM 'revoked'`,
		linked: "SELECT DISTINCT left_id AS person_id FROM link WHERE kind = 'across' AND accepted",
	},
}

// dimensions along which a linker is known to fail some people more often
// (Kabudula 2014, Lariscy 2011, Barboi 2026, ONS Census-PDS).
func (m *maker) dimensions() []struct{ title, expr string } {
	return []struct{ title, expr string }{
		{"Sex", "coalesce(q.sex, 'not known')"},
		{"Age on the as-of day", m.ageBand("q")},
		{"District", "coalesce(q.district, q.area_code, 'not known')"},
		{"Precision of the date of birth", "coalesce(q.birth_precision, 'not known')"},
		{"Identity number", "CASE WHEN NOT numbered THEN 'none' WHEN good THEN 'well formed' ELSE 'not valid' END"},
		{"Script of the name", "coalesce(q.script, 'not known')"},
	}
}

// numbered tells for each person with an identity number whether one is well formed.
func (m *maker) numbered(ctx context.Context) error {
	return m.create(ctx, [][2]string{{"report_numbers", `SELECT c.person_id, bool_or(coalesce(n.well_formed, false)) AS good
		FROM identifier n JOIN cluster c ON c.mention_id = n.mention_id GROUP BY c.person_id`}})
}

func (m *maker) disparities(ctx context.Context, p population) ([]disparity, error) {
	err := m.create(ctx, [][2]string{{"report_people", fmt.Sprintf(`
SELECT q.person_id, q.sex, q.birth_earliest, q.birth_latest, q.birth_precision, q.script, q.area_code, r.district,
 l.person_id IS NOT NULL AS linked, i.person_id IS NOT NULL AS numbered, coalesce(i.good, false) AS good
FROM (%s) people JOIN person q USING (person_id)
 LEFT JOIN (%s) l USING (person_id) LEFT JOIN report_numbers i USING (person_id)
 LEFT JOIN report_area r ON r.area_code = q.area_code`, p.persons, p.linked)}})
	if err != nil {
		return nil, err
	}
	var out []disparity
	for _, d := range m.dimensions() {
		q := fmt.Sprintf("SELECT %s AS label, count(*), count(*) FILTER (linked) FROM report_people q GROUP BY label ORDER BY label", d.expr)
		groups, err := collect(ctx, m.session, q, func(r *sql.Rows) (linkedGroup, error) {
			var g linkedGroup
			return g, r.Scan(&g.Label, &g.Rate.of, &g.Rate.hits)
		})
		if err != nil {
			return nil, fmt.Errorf("compare linked and not linked: %w", err)
		}
		if len(groups) > 1 {
			out = append(out, disparity{Dimension: d.title, Groups: compare(groups)})
		}
	}
	return out, nil
}

// compare sets each group against the largest one. Age bands keep their order.
func compare(groups []linkedGroup) []linkedGroup {
	slices.SortStableFunc(groups, func(a, b linkedGroup) int {
		return slices.Index(ageBands, a.Label) - slices.Index(ageBands, b.Label)
	})
	largest := 0
	for i, g := range groups {
		if g.Rate.of > groups[largest].Rate.of {
			largest = i
		}
	}
	reference := groups[largest].Rate
	low, _ := reference.wilson()
	for i := range groups {
		g := &groups[i]
		g.Reference = i == largest
		if reference.hits > 0 {
			g.Ratio = g.Rate.share() / reference.share()
		}
		_, high := g.Rate.wilson()
		g.Less = high < low
	}
	return groups
}
