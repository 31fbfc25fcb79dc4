package mapping

import (
	"context"
	"fmt"
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
	Newest     time.Time        // latest day of receipt among the used rows; zero when no column tells
}

// Mapper maps snapshots inside one session.
type Mapper struct {
	session *store.Session
	config  Config
	asOf    time.Time
	orders  func(values []string) string // learns the order of day and month from a column's values
	learnt  map[[2]string]string         // by view and expression
}

// New makes a mapper. orders learns "dmy", "mdy" or "ymd" from a column's values.
func New(s *store.Session, cfg Config, asOf time.Time, orders func([]string) string) *Mapper {
	return &Mapper{session: s, config: cfg, asOf: asOf, orders: orders, learnt: map[[2]string]string{}}
}

// Run writes the canonical tables of all sources into the stage and tells what
// became of each row.
func (m *Mapper) Run(ctx context.Context, st *store.Stage, raws []Raw) ([]Counts, error) {
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
		if err := m.unknown(ctx, src, &c); err != nil {
			return nil, fmt.Errorf("count %s: %w", src.Name, err)
		}
		counts = append(counts, c)
	}
	for _, t := range produced() {
		if err := m.write(ctx, st, t); err != nil {
			return nil, err
		}
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

// produced lists the tables that mapping writes: households before their members.
func produced() []tables.Table {
	return []tables.Table{
		tables.Event(), tables.Household(), tables.Mention(), tables.Identifier(),
		tables.Enrolment(), tables.Payment(), tables.Attribute(),
	}
}
