// Package clerical draws pairs of a run to be judged by people: accepted ones,
// rejected ones and others below the threshold, so that both precision and missed
// matches can be estimated from what they say.
package clerical

import (
	"context"
	"crypto/sha256"
	"database/sql"
	_ "embed"
	"encoding/binary"
	"fmt"
	"math"
	"strings"

	"rollcall/matchers/quality"
	"rollcall/pipeline/store"
	"rollcall/pipeline/tables"
)

// DefaultPairs is about how many pairs are drawn where the job does not say: what
// one person judges in an afternoon.
const DefaultPairs = 100

// Config says what to draw.
type Config struct {
	Pairs int    // about how many; 0 draws none
	Seed  string // on which the draw depends
	Steps []Step // in the order of the sheet
}

// Step is one pass of the linker.
type Step struct {
	Kind              string  // as in the link table
	ThresholdBits     float64 // match weight that reaches the threshold; NaN when unknown
	Precision, Recall [3]float64
	Share             int // of the sample, as a part of those of all steps
}

// maker carries one call of Make.
type maker struct {
	session *store.Session
	cfg     Config
	strata  [][]quality.Stratum // by step
	drawn   [][]int
}

// Make writes stratum and sample. The same links and seed give the same sample.
func Make(ctx context.Context, s *store.Session, st *store.Stage, cfg Config) error {
	m := &maker{session: s, cfg: cfg}
	if err := m.count(ctx); err != nil {
		return fmt.Errorf("count the scored pairs: %w", err)
	}
	m.allocate()
	if err := st.Table(ctx, tables.Stratum(), m.stratumRows()); err != nil {
		return err
	}
	chosen, err := m.draw(ctx)
	if err != nil {
		return fmt.Errorf("draw pairs: %w", err)
	}
	if err := s.Exec(ctx, sampleRows(chosen)+shownSQL); err != nil {
		return fmt.Errorf("find the records of the pairs: %w", err)
	}
	if err := st.Table(ctx, tables.Sample(), shownPairs); err != nil {
		return err
	}
	return s.Exec(ctx, "DROP TABLE drawn_pair; DROP TABLE drawn_record; DROP TABLE shown_record")
}

// newStrata are those that a scored pair of a run can be in.
func newStrata() []quality.Stratum {
	return quality.NewStrata(quality.Accepted, quality.Rejected, quality.Below)
}

// scored is SQL for the scored pairs with the stratum of each.
func (m *maker) scored() string {
	var steps []string
	for _, step := range m.cfg.Steps {
		least := "NULL"
		if !math.IsNaN(step.ThresholdBits) {
			least = fmt.Sprintf("%.3f", step.ThresholdBits)
		}
		steps = append(steps, fmt.Sprintf("(%s, CAST(%s AS DECIMAL(12, 3)))", tables.Literal(step.Kind), least))
	}
	bands := "CASE"
	strata := quality.NewStrata(quality.Accepted)
	for i := len(strata) - 1; i >= 0; i-- {
		bands += fmt.Sprintf(" WHEN match_probability >= %.6f THEN %[1]f", strata[i].From)
	}
	return fmt.Sprintf(`SELECT l.kind, l.left_id, l.right_id, l.match_probability, %s END AS probability_from,
 CASE WHEN l.accepted THEN '%s'
  WHEN l.apart IS NOT NULL OR l.decision = 'different' OR l.match_weight_bits + coalesce(l.family_weight_bits, 0) >= s.least THEN '%s'
  ELSE '%s' END AS fate
FROM link l JOIN (VALUES %s) s(kind, least) USING (kind) WHERE l.match_probability IS NOT NULL`,
		bands, quality.Accepted, quality.Rejected, quality.Below, strings.Join(steps, ", "))
}

// count finds how many pairs each stratum has.
func (m *maker) count(ctx context.Context) error {
	at := map[string]int{}
	for i, step := range m.cfg.Steps {
		at[step.Kind] = i
		m.strata, m.drawn = append(m.strata, newStrata()), append(m.drawn, make([]int, len(newStrata())))
	}
	if len(at) == 0 {
		return nil
	}
	query := fmt.Sprintf(`SELECT kind, fate, CAST(probability_from AS DOUBLE), count(*), CAST(sum(match_probability) * 1000000 AS BIGINT)
FROM (%s) GROUP BY kind, fate, probability_from ORDER BY kind, fate, probability_from`, m.scored())
	return each(ctx, m.session, query, func(rows *sql.Rows) error {
		var kind string
		var fate quality.Fate
		var from float64
		var pairs, millionths int64
		if err := rows.Scan(&kind, &fate, &from, &pairs, &millionths); err != nil {
			return err
		}
		of := m.strata[at[kind]]
		h := quality.StratumOf(of, from, fate)
		of[h].Pairs, of[h].Mean = int(pairs), float64(millionths)/1e6/float64(pairs)
		return nil
	})
}

// allocate shares the sample out: among the steps that have pairs, and in each
// among its strata.
func (m *maker) allocate() {
	parts := 0
	for i, step := range m.cfg.Steps {
		if !empty(m.strata[i]) {
			parts += step.Share
		}
	}
	if m.cfg.Pairs == 0 {
		return
	}
	for i, step := range m.cfg.Steps {
		if !empty(m.strata[i]) {
			m.drawn[i] = quality.Allocate(m.strata[i], max(2, m.cfg.Pairs*step.Share/parts))
		}
	}
}

func empty(strata []quality.Stratum) bool {
	for _, s := range strata {
		if s.Pairs > 0 {
			return false
		}
	}
	return true
}

func (m *maker) stratumRows() string {
	var rows []string
	for i, step := range m.cfg.Steps {
		for h, s := range m.strata[i] {
			if s.Pairs == 0 {
				continue
			}
			row := Stratum{step.Kind, s.Fate, s.From, s.To, s.Pairs, m.drawn[i][h], s.Mean, step.Precision, step.Recall}
			rows = append(rows, "("+row.literal()+")")
		}
	}
	return literalRows(rows, tables.Stratum().Names())
}

// literalRows is a query over literal rows, which may be none.
func literalRows(rows, columns []string) string {
	none := strings.TrimSuffix(strings.Repeat("NULL, ", len(columns)), ", ")
	return fmt.Sprintf("SELECT * FROM (VALUES %s) t(%s) WHERE %s IS NOT NULL", strings.Join(append(rows, "("+none+")"), ", "), strings.Join(columns, ", "), columns[0])
}

// drawn is a pair that was drawn.
type drawn struct {
	kind, fate, from, left, right string
}

// draw picks of each stratum the pairs whose ids with the seed have the least
// MD5: each set of so many has the same chance, whatever the order of the rows, and
// whoever has the links can draw them again. Those of one step stand together, in an
// order that says nothing.
func (m *maker) draw(ctx context.Context) ([]drawn, error) {
	most := 0
	for _, of := range m.drawn {
		for _, n := range of {
			most = max(most, n)
		}
	}
	if most == 0 {
		return nil, nil
	}
	query := fmt.Sprintf(`SELECT kind, fate, CAST(probability_from AS DOUBLE), drawn.left_id, drawn.right_id FROM (
 SELECT kind, fate, probability_from, unnest(min({'h': md5(%s || '/' || kind || '/' || left_id || '/' || right_id), 'left_id': left_id, 'right_id': right_id}, %d)) AS drawn
 FROM (%s) GROUP BY kind, fate, probability_from) ORDER BY kind, fate, probability_from, drawn`, tables.Literal(m.cfg.Seed), most, m.scored())
	found := map[string][]drawn{}
	err := each(ctx, m.session, query, func(rows *sql.Rows) error {
		var p drawn
		var from float64
		if err := rows.Scan(&p.kind, &p.fate, &from, &p.left, &p.right); err != nil {
			return err
		}
		p.from = fmt.Sprintf("%.6f", from)
		of := p.kind + p.fate + p.from
		found[of] = append(found[of], p)
		return nil
	})
	return m.ordered(found), err
}

// ordered takes of each stratum as many pairs as were shared out, and puts them in
// the order of the sheet.
func (m *maker) ordered(found map[string][]drawn) []drawn {
	var out []drawn
	for i, step := range m.cfg.Steps {
		var of []drawn
		for h, s := range m.strata[i] {
			candidates := found[step.Kind+string(s.Fate)+fmt.Sprintf("%.6f", s.From)]
			of = append(of, candidates[:min(m.drawn[i][h], len(candidates))]...)
		}
		sum := sha256.Sum256([]byte(m.cfg.Seed + step.Kind))
		for _, at := range quality.Shuffled(len(of), binary.BigEndian.Uint64(sum[:])) {
			out = append(out, of[at])
		}
	}
	return out
}

// sampleRows makes drawn_pair.
func sampleRows(chosen []drawn) string {
	var rows []string
	for i, p := range chosen {
		rows = append(rows, fmt.Sprintf("(%d, %s, %s, %s, %s, %s)", i+1, tables.Literal(p.kind), tables.Literal(p.fate), p.from, tables.Literal(p.left), tables.Literal(p.right)))
	}
	return "CREATE OR REPLACE TEMP TABLE drawn_pair AS " + literalRows(rows, []string{"pair", "kind", "fate", "probability_from", "left_id", "right_id"}) + ";\n"
}

//go:embed shown.sql
var shownSQL string

// shownPairs joins the pairs with what is shown of each side.
const shownPairs = `SELECT p.pair, p.kind, p.fate, p.probability_from, p.left_id, p.right_id, l.shown AS left_shown, r.shown AS right_shown
FROM drawn_pair p
LEFT JOIN shown_record l ON l.id = p.left_id AND l.person = (p.kind = 'across')
LEFT JOIN shown_record r ON r.id = p.right_id AND r.person = (p.kind = 'across')`

// columns of the sheet in which values of a record stand, in the order of shown.sql.
var columns = []string{"name", "native name", "sex", "birth", "identifiers", "mother", "father", "spouse", "area", "address", "phone", "named together with", "records"}

// each reads the rows of a query.
func each(ctx context.Context, s *store.Session, query string, scan func(*sql.Rows) error) error {
	rows, err := s.Query(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
