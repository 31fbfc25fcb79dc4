package report

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
)

// linkedGroup is the share of one group that has a thing, such as a link.
type linkedGroup struct {
	Label string
	Rate  rate
	Tiers [4]int64 // lines by tier, in the order of tiers; none where people are counted
	// Ratio is the share over that of the largest group.
	Ratio     ratio
	Reference bool
	Less      bool // the whole interval lies below that of the largest group
	More      bool // the whole interval lies above it
}

// disparity compares the groups of one dimension.
type disparity struct {
	Dimension string
	Groups    []linkedGroup
}

// population is one set of persons or lines of whom some have a thing.
type population struct {
	ID, Title, About string
	Counted, Having  string // headings
	Lacking          string // said of a group that has it less often; "" says nothing
	Exceeding        string // said of a group that has it more often; "" says nothing
	rows             string // SQL: person_id, tier, title (of a programme) and has
	sorts            string // SQL of label, has and tier, by sort of line; "" where there is none
	programmes       string // SQL of title and has, by programme; "" where the question makes no sense
}

var foundPeople = population{
	ID: "linked-1", Title: "Roster persons found in the register", About: "Who is not found gains nothing from the register: no birth, no death, no marriage is known of them.",
	Counted: "#People", Having: "#Linked", Lacking: "linked less",
	rows: `SELECT person_id, '' AS tier, '' AS title, l.right_id IS NOT NULL AS has FROM person
		LEFT JOIN (SELECT DISTINCT right_id FROM link WHERE kind = 'across' AND accepted) l ON l.right_id = person_id WHERE side = 'sp'`,
	programmes: `SELECT t.title, q.has, '' AS tier FROM report_people q JOIN (SELECT DISTINCT c.person_id, coalesce(g.title, e.programme) AS title
		FROM enrolment e JOIN cluster c ON c.mention_id = e.mention_id LEFT JOIN report_programme g ON g.programme = e.programme WHERE e.status = 'active') t USING (person_id)`,
}

var foundDead = population{
	ID: "linked-2", Title: "People who died, by the register, found in the roster", About: "Most of the dead were never beneficiaries, so a low share is no fault by itself; a share that differs between groups may be one.",
	Counted: "#People", Having: "#Linked", Lacking: "linked less",
	rows: `SELECT d.person_id, '' AS tier, '' AS title, l.left_id IS NOT NULL AS has
		FROM (SELECT DISTINCT c.person_id FROM mention n JOIN cluster c ON c.mention_id = n.mention_id
			JOIN event v ON v.event_id = n.event_id WHERE n.role = 'deceased' AND v.status IS DISTINCT FROM 'revoked') d
		LEFT JOIN (SELECT DISTINCT left_id FROM link WHERE kind = 'across' AND accepted) l ON l.left_id = d.person_id`,
}

var tierMix = population{
	ID: "tier-mix", Title: "Tiers of the exits, by group", About: "Where a group's deaths are corroborated less often, its families wait longer, and more of its lines rest on what a clerk makes of them.",
	Counted: "#Exits", Having: "#Corroborated (T1)", Lacking: "corroborated less",
	rows:       "SELECT subject_id AS person_id, tier, title, tier = 'T1' AS has FROM report_line WHERE kind = 'exit'",
	programmes: "SELECT title, has, tier FROM report_people",
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
SELECT x.person_id, x.tier, x.title, x.has, q.sex, q.birth_earliest, q.birth_latest, q.birth_precision, q.script, q.area_code, r.district,
 i.person_id IS NOT NULL AS numbered, coalesce(i.good, false) AS good
FROM (%s) x LEFT JOIN person q USING (person_id) LEFT JOIN report_numbers i USING (person_id)
 LEFT JOIN report_area r ON r.area_code = q.area_code`, p.rows)}})
	if err != nil {
		return nil, err
	}
	var out []disparity
	add := func(dimension, from string) error {
		groups, err := m.groupsOf(ctx, from)
		if len(groups) > 1 {
			out = append(out, disparity{Dimension: dimension, Groups: compare(groups)})
		}
		return err
	}
	for _, d := range m.dimensions() {
		if err := add(d.title, fmt.Sprintf("SELECT %s AS label, has, tier FROM report_people q", d.expr)); err != nil {
			return nil, err
		}
	}
	if p.sorts != "" {
		if err := add("Sort of line", p.sorts); err != nil {
			return nil, err
		}
	}
	if p.programmes == "" {
		return out, nil
	}
	return out, add("Programme", fmt.Sprintf("SELECT title AS label, has, tier FROM (%s)", p.programmes))
}

// groupsOf counts a query of label, has and perhaps tier.
func (m *maker) groupsOf(ctx context.Context, from string) ([]linkedGroup, error) {
	counts := ""
	for _, t := range tiers {
		counts += fmt.Sprintf(", count(*) FILTER (tier = '%s')", t.code)
	}
	groups, err := collect(ctx, m.session, fmt.Sprintf("SELECT label, count(*), count(*) FILTER (has)%s FROM (%s) GROUP BY label ORDER BY label", counts, from), func(r *sql.Rows) (linkedGroup, error) {
		var g linkedGroup
		return g, r.Scan(&g.Label, &g.Rate.of, &g.Rate.hits, &g.Tiers[0], &g.Tiers[1], &g.Tiers[2], &g.Tiers[3])
	})
	if err != nil {
		return nil, fmt.Errorf("compare groups: %w", err)
	}
	return groups, nil
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
	low, top := reference.wilson()
	for i := range groups {
		g := &groups[i]
		g.Reference = i == largest
		g.Ratio = g.Rate.over(reference)
		bottom, high := g.Rate.wilson()
		g.Less, g.More = high < low, bottom > top
	}
	return groups
}

// fewPeople is the size of a group below which a share says little: its interval
// is up to 35 points wide.
const fewPeople = 30

// note says what a reader is to make of a group.
func (g linkedGroup) note(p population) (class, text string) {
	few := fmt.Sprintf("too few to judge (under %d)", fewPeople)
	switch {
	case g.Reference && g.Rate.of < fewPeople:
		return "", "largest group, " + few
	case g.Reference:
		return "", "largest group"
	case g.Less && p.Lacking != "":
		return "warn", p.Lacking
	case g.More && p.Exceeding != "":
		return "warn", p.Exceeding
	case g.Rate.of < fewPeople:
		return "", few
	default:
		return "", ""
	}
}

// disparitySection shows for whom the links fail more often.
func (m *maker) disparitySection(ctx context.Context, p population) (section, error) {
	ds, err := m.disparities(ctx, p)
	if err != nil {
		return section{}, err
	}
	mixed := p.ID == tierMix.ID
	t := table{
		Caption: strings.TrimPrefix(p.Having, "#") + ", by group", Head: heads("By", "Group", p.Counted, p.Having, "#Share", "#95% interval", "#Ratio to the largest group", "#95% interval of the ratio", "Note"),
		Note: "The largest group of each kind is the reference: its ratio is 1. Intervals of shares are Wilson's, those of ratios Katz's. A group is marked when its whole interval lies beyond that of the largest group, on the side that hurts: chance is an unlikely cause. " +
			"Groups differ in more than one way at once, such as age and sex.",
	}
	mix := table{Caption: "How the exits of each group spread over the tiers", Head: heads("By", "Group", "#T1", "#T2", "#T3", "#X")}
	for _, d := range ds {
		for _, g := range d.Groups {
			low, high := g.Rate.wilson()
			class, note := g.note(p)
			within := g.Ratio.interval()
			if g.Reference {
				within = ""
			}
			t.Rows = append(t.Rows, row{Class: class, Cells: []string{
				d.Dimension, g.Label, grouped(g.Rate.of), grouped(g.Rate.hits), percent(g.Rate.share()), percentRange(low, high), g.Ratio.String(), within, note,
			}})
			cells := []string{d.Dimension, g.Label}
			for _, n := range g.Tiers {
				cells = append(cells, fmt.Sprintf("%s (%s)", grouped(n), percent(rate{n, g.Rate.of}.share())))
			}
			mix.Rows = append(mix.Rows, row{Cells: cells})
		}
	}
	s := section{ID: p.ID, Title: p.Title, About: p.About, Tables: []table{t}}
	if mixed {
		s.Folded, s.More = mix.Caption, []table{mix}
	}
	for _, d := range ds {
		if len(d.Groups) <= mostBars && !mixed {
			s.Charts = append(s.Charts, chart{d.Dimension, rateChart(p.Title+", by "+d.Dimension, d.Groups)})
		}
	}
	return s, nil
}
