package report

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"rollcall/matchers/locale"
	"rollcall/pipeline/tables"
)

// made are the tables that the reports add to the session for a while; they are
// not temporary, since several sessions read them.
var made = []string{
	"report_area", "report_programme", "report_enrolment", "report_shown", "report_mention", "report_household", "report_event", "report_identifiers", "report_paid", "report_line", "report_enrolled", "report_numbers", "report_people",
}

// ofThePast are the tables that come from the ledger, of a job that has one.
var ofThePast = []string{"decision", "baseline", "judgement", "reviewed"}

// prepare makes the small tables that lists and totals join.
func (m *maker) prepare(ctx context.Context) error {
	if err := m.look(ctx); err != nil {
		return err
	}
	for _, t := range tables.All() {
		if !slices.Contains(ofThePast, t.Name) && !m.present[t.Name] {
			return fmt.Errorf("table %s is missing in the session", t.Name)
		}
	}
	if err := m.names(ctx); err != nil {
		return err
	}
	return m.create(ctx, [][2]string{
		// What the lists show, once and for all lists.
		{"report_enrolment", "FROM enrolment SEMI JOIN proposal USING (enrolment_id)"},
		{"report_shown", `SELECT DISTINCT mention_id FROM (
			SELECT mention_id FROM proposal UNION ALL SELECT other_mention_id FROM proposal
			UNION ALL SELECT caregiver_mention_id FROM report_enrolment)
			WHERE mention_id IS NOT NULL`},
		{"report_mention", fmt.Sprintf("SELECT %s FROM mention SEMI JOIN report_shown USING (mention_id)", strings.Join(comparedColumns(), ", "))},
		{"report_household", "FROM household SEMI JOIN proposal USING (household_id)"},
		{"report_event", "FROM event SEMI JOIN proposal USING (event_id)"},
		{"report_identifiers", `SELECT mention_id, string_agg(
			identifier_type || ' ' || coalesce(written, value, '') ||
			CASE WHEN well_formed THEN CASE WHEN verified THEN ' (verified)' ELSE '' END
			     WHEN NOT well_formed THEN ' (not valid: ' || coalesce(problem, 'malformed') || ')' ELSE '' END,
			'; ' ORDER BY identifier_type, written) AS identifiers
			FROM identifier SEMI JOIN report_shown USING (mention_id) GROUP BY mention_id`},
		{"report_paid", `SELECT enrolment_id, max(cycle) AS last_cycle, max(paid_on) AS last_paid_on FROM payment
			SEMI JOIN (SELECT enrolment_id FROM proposal) USING (enrolment_id) GROUP BY enrolment_id`},
		{"report_line", m.lineSQL()},
		{"report_enrolled", m.enrolledSQL()},
	})
}

// prepareHeld makes what the pages of a held run need: names, and nothing of
// the lists.
func (m *maker) prepareHeld(ctx context.Context) error {
	if err := m.look(ctx); err != nil {
		return err
	}
	return m.names(ctx)
}

// look finds out which canonical tables the session has; a run that was held
// before linking has few.
func (m *maker) look(ctx context.Context) error {
	names, err := collect(ctx, m.session, "SELECT table_name FROM information_schema.tables ORDER BY table_name", scanText)
	if err != nil {
		return err
	}
	m.present = map[string]bool{}
	for _, n := range names {
		m.present[n] = true
	}
	return nil
}

// names loads the area and programme names.
func (m *maker) names(ctx context.Context) error {
	areas := []string{}
	for _, a := range m.districts() {
		areas = append(areas, fmt.Sprintf("(%s, %s, %s)", tables.Literal(a.code), tables.Literal(a.name), tables.Literal(a.district)))
	}
	programmes := []string{}
	for _, p := range m.cfg.Programmes {
		programmes = append(programmes, fmt.Sprintf("(%s, %s, %s)", tables.Literal(p.Code), tables.Literal(p.Title), tables.Literal(p.Version)))
	}
	return m.create(ctx, [][2]string{
		{"report_area", values(areas, "area_code", "name", "district")},
		{"report_programme", values(programmes, "programme", "title", "version")},
	})
}

// values is a query over literal rows, which may be none.
func values(rows []string, columns ...string) string {
	nulls := strings.TrimSuffix(strings.Repeat("CAST(NULL AS VARCHAR), ", len(columns)), ", ")
	rows = append(rows, "("+nulls+")")
	return fmt.Sprintf("SELECT * FROM (VALUES %s) AS t(%s) WHERE %s IS NOT NULL", strings.Join(rows, ", "), strings.Join(columns, ", "), columns[0])
}

func (m *maker) create(ctx context.Context, queries [][2]string) error {
	for _, q := range queries {
		if err := m.session.Exec(ctx, fmt.Sprintf("CREATE OR REPLACE TABLE %s AS %s", q[0], q[1])); err != nil {
			return fmt.Errorf("prepare %s: %w", strings.TrimPrefix(q[0], "report_"), err)
		}
	}
	return nil
}

// forget drops the tables again. What fails here hurts nobody: the session
// ends with the run.
func (m *maker) forget(ctx context.Context) {
	for _, name := range made {
		_ = m.session.Exec(ctx, "DROP TABLE IF EXISTS "+name)
	}
}

// district is an area with the district that it lies in.
type district struct{ code, name, district string }

// districts resolves each area to its district, or to itself when it lies above.
// Districts of one name stay apart by their codes.
func (m *maker) districts() []district {
	units := locale.Units(m.cfg.Areas)
	named := map[string]map[string]bool{}
	for _, u := range units {
		d := u.District
		if named[d.Name] == nil {
			named[d.Name] = map[string]bool{}
		}
		named[d.Name][d.Code] = true
	}
	out := make([]district, 0, len(units))
	seen := map[string]bool{}
	for _, a := range m.cfg.Areas {
		if seen[a.Code] {
			continue
		}
		seen[a.Code] = true
		d := district{a.Code, a.Name, a.Name}
		if in := units[a.Code].District; in.Code != "" {
			d.district = in.Name
			if len(named[in.Name]) > 1 {
				d.district += " (" + in.Code + ")"
			}
		}
		out = append(out, d)
	}
	return out
}

// lineSQL is one narrow row a proposal, for the totals.
func (m *maker) lineSQL() string {
	return fmt.Sprintf(`SELECT p.case_id, p.kind, coalesce(p.tier, '') AS tier, coalesce(p.programme, '') AS programme,
		coalesce(g.title, nullif(p.programme, ''), 'no programme') AS title, %s AS district,
		coalesce(a.sex, 'not known') AS sex, %s AS age_band, p.subject_id, p.reason_code, p.reason, p.currency,
		p.paid_after, p.paid_unavoidable, p.paid_late_registration, p.paid_late_extract, p.paid_late_action,
		p.match_probability, p.event_id, p.contradictions, p.life_evidence, p.presumed, p.missing, coalesce(p.supersedes, '') AS supersedes,
		coalesce(p.proposed_action, '') AS proposed_action, coalesce(x.outcome, '') AS outcome
		FROM proposal p
		LEFT JOIN evaluation x ON x.subject_id = p.subject_id AND x.programme = p.programme
		LEFT JOIN report_mention a ON a.mention_id = coalesce(p.mention_id, p.other_mention_id)
		LEFT JOIN report_area r ON r.area_code = p.area_code
		LEFT JOIN report_programme g ON g.programme = p.programme`, districtSQL, m.ageBand("a"))
}

// enrolledSQL is one narrow row an active enrolment: the base of every rate.
func (m *maker) enrolledSQL() string {
	return fmt.Sprintf(`SELECT e.enrolment_id, e.programme, coalesce(g.title, e.programme) AS title, coalesce(c.person_id, e.mention_id) AS person_id,
		coalesce(r.district, a.area_code, h.area_code, 'not known') AS district,
		coalesce(a.sex, 'not known') AS sex, %s AS age_band
		FROM enrolment e
		LEFT JOIN mention a ON a.mention_id = e.mention_id
		LEFT JOIN household h ON h.household_id = e.household_id
		LEFT JOIN cluster c ON c.mention_id = e.mention_id
		LEFT JOIN report_area r ON r.area_code = coalesce(a.area_code, h.area_code)
		LEFT JOIN report_programme g ON g.programme = e.programme
		WHERE e.status = 'active'`, m.ageBand("a"))
}

// ageBands in the order in which they are shown.
var ageBands = []string{"0-4", "5-17", "18-39", "40-59", "60-69", "70-79", "80+", "not known"}

// bandEnds are the ages at which the bands end.
var bandEnds = []int{5, 18, 40, 60, 70, 80}

// ageBand is SQL for the age on the as-of day, by the middle of the interval of
// birth.
func (m *maker) ageBand(alias string) string {
	middle := fmt.Sprintf("%[1]s.birth_earliest + CAST((%[1]s.birth_latest - %[1]s.birth_earliest) // 2 AS INTEGER)", alias)
	var sql strings.Builder
	fmt.Fprintf(&sql, "CASE WHEN %s IS NULL THEN 'not known'", middle)
	for i, years := range bandEnds {
		youngest := m.cfg.AsOf.AddDate(-years, 0, 0).Format(time.DateOnly)
		fmt.Fprintf(&sql, " WHEN %s > DATE %s THEN %s", middle, tables.Literal(youngest), tables.Literal(ageBands[i]))
	}
	return sql.String() + " ELSE '80+' END"
}
