package mapping

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"rollcall/pipeline/store"
	"rollcall/pipeline/tables"
)

// Raw is one snapshot to be mapped.
type Raw struct {
	Source string
	File   string // Parquet, all text
}

// Counts tells what became of the rows of one source:
// Read = Used + Superseded + the rows of every reason in Rejected.
type Counts struct {
	Source     string
	Read       int64
	Used       int64
	Superseded int64            // older versions of a record
	Rejected   map[string]int64 // by reason
	Unknown    map[string]int64 // values without a canonical code, by directory
	Unreadable map[string]int64 // days and amounts that are none, by field
	Placed     map[string]int64 // areas that are no code of the tree, by the rule that found one or none; nil without a tree
	Newest     time.Time        // latest day of receipt among the used rows; zero when no column tells
}

// Mapper maps snapshots inside one session.
type Mapper struct {
	session *store.Session
	config  Config
	asOf    time.Time
	reading func(values []string) string // learns from a column's values how its dates are read
	learnt  map[[2]string]string         // by view and expression; nil until the rows that are used are settled
	viewed  bool                         // the views are made
}

// New makes a mapper. reading learns from a column's values how its dates are read, in
// words that the SQL functions of standardise take.
func New(s *store.Session, cfg Config, asOf time.Time, reading func([]string) string) *Mapper {
	return &Mapper{session: s, config: cfg, asOf: asOf, reading: reading}
}

// Run writes the canonical tables of all sources into the stage, but for those
// that standardise completes, which become views; see Views. Beside them it writes
// the rows that are rejected, tables.Reject. It tells what became
// of each row.
func (m *Mapper) Run(ctx context.Context, st *store.Stage, raws []Raw) ([]Counts, error) {
	counts, err := m.used(ctx, raws)
	if err != nil {
		return nil, err
	}
	for i, src := range m.config.Sources {
		if err := errors.Join(m.unknown(ctx, src, &counts[i]), m.unreadable(ctx, src, &counts[i]), m.placed(ctx, src, &counts[i])); err != nil {
			return nil, fmt.Errorf("count %s: %w", src.Name, err)
		}
	}
	if err := st.Table(ctx, tables.Reject(), rejects(m.config.Sources, counts)); err != nil {
		return nil, err
	}
	for _, t := range written() {
		query, leftOut, err := m.query(ctx, t)
		if err != nil {
			return nil, err
		}
		if err := st.Table(ctx, t, query, leftOut...); err != nil {
			return nil, err
		}
	}
	return counts, m.Views(ctx, raws)
}

// Views makes event, mention and identifier readable as they are mapped: in no
// order, without normal forms, and an identifier with the side and the role of
// its mention. What Run wrote must be readable, were it by an earlier run.
func (m *Mapper) Views(ctx context.Context, raws []Raw) error {
	if m.viewed {
		return nil
	}
	if m.learnt == nil {
		if _, err := m.used(ctx, raws); err != nil {
			return err
		}
	}
	for _, t := range viewed() {
		query, leftOut, err := m.query(ctx, t)
		if err != nil {
			return err
		}
		if err := m.session.Exec(ctx, fmt.Sprintf("CREATE OR REPLACE VIEW %s AS SELECT %s FROM (%s)",
			tables.Quote(t.Name), strings.Join(wholeList(t, leftOut), ", "), query)); err != nil {
			return err
		}
	}
	m.viewed = true
	return nil
}

// wholeList is a SELECT list of all columns of a table, NULL for those left out.
func wholeList(t tables.Table, leftOut []string) []string {
	list := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		list[i] = tables.Quote(c.Name)
		if slices.Contains(leftOut, c.Name) {
			list[i] = fmt.Sprintf("CAST(NULL AS %s) AS %s", c.Type.SQL(), tables.Quote(c.Name))
		}
	}
	return list
}

// used settles which rows of each source are used.
func (m *Mapper) used(ctx context.Context, raws []Raw) ([]Counts, error) {
	m.learnt = map[[2]string]string{}
	if err := m.codes(ctx); err != nil {
		return nil, err
	}
	var counts []Counts
	for _, src := range m.config.Sources {
		raw, err := rawOf(raws, src.Name)
		if err != nil {
			return nil, err
		}
		c, err := m.pick(ctx, src, raw)
		if err != nil {
			return nil, fmt.Errorf("map %s: %w", src.Name, err)
		}
		counts = append(counts, c)
	}
	return counts, nil
}

func rawOf(raws []Raw, name string) (Raw, error) {
	for _, r := range raws {
		if r.Source == name {
			return r, nil
		}
	}
	return Raw{}, fmt.Errorf("map %s: no snapshot of this source", name)
}

// written lists the tables that mapping writes.
func written() []tables.Table {
	return []tables.Table{tables.Household(), tables.Enrolment(), tables.Payment(), tables.Attribute()}
}

// viewed lists the tables that standardise writes, as mapping gives them.
func viewed() []tables.Table {
	identifier := tables.Identifier()
	identifier.Columns = append(identifier.Columns, tables.Column{Name: "side", Type: tables.Text}, tables.Column{Name: "role", Type: tables.Text})
	return []tables.Table{tables.Event(), tables.Mention(), identifier}
}
