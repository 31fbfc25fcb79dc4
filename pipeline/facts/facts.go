// Package facts turns links and events into three-valued statements about
// people: TRUE and FALSE rest on records, and no record is UNKNOWN.
package facts

import (
	"context"
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"time"

	"rollcall/pipeline/store"
	"rollcall/pipeline/tables"
)

// Config is what facts need beside the tables. A zero field means its default.
type Config struct {
	AsOf time.Time
	// SolidProbability is what a record must reach before it can take something
	// away from somebody: alive FALSE, remarried TRUE. 0 means 0.95.
	SolidProbability float64
	// LifeEvidenceDays is how long before the as-of day a record of life still
	// speaks for the as-of day; 0 means 45, a monthly payment and its delay.
	LifeEvidenceDays int
	// Floor is the least match probability of a death that is looked at; 0 means 0.1.
	Floor float64
}

// The defaults of Config.
const (
	DefaultSolidProbability = 0.95
	DefaultLifeEvidenceDays = 45
	DefaultFloor            = 0.1
)

var (
	//go:embed ties.sql
	tiesSQL string
	//go:embed life.sql
	lifeSQL string
	//go:embed deaths.sql
	deathsSQL string
	//go:embed families.sql
	familiesSQL string
	//go:embed entangled.sql
	entangledSQL string
	//go:embed bereaved.sql
	bereavedSQL string
	//go:embed facts.sql
	factsSQL string
)

// temporary names what Prepare leaves in the session, in the order in which it
// can be dropped.
const temporary = "VIEW life; TABLE bereaved; TABLE parting; TABLE doubted_partner; TABLE entangled; TABLE circle; TABLE partner; TABLE doubted_parent; TABLE parent; TABLE contradicted; TABLE named_parent; TABLE departed; TABLE said_dead; TABLE death_of; TABLE death_match; " +
	"TABLE last_life; TABLE possible_death; TABLE death; TABLE involved; TABLE tie; TABLE member"

// Make writes the table fact from the canonical tables and the links. It leaves
// what Prepare made for the decisions, which follow in the same session.
func Make(ctx context.Context, s *store.Session, st *store.Stage, cfg Config) error {
	if err := Prepare(ctx, s, cfg); err != nil {
		return err
	}
	if err := st.Table(ctx, tables.Fact(), factsSQL); err != nil {
		return fmt.Errorf("make facts: %w", err)
	}
	return nil
}

// Prepare makes the temporary tables that facts and decisions both rest on:
// member, tie, involved, life, death, last_life, death_match, death_of, said_dead,
// departed, parent, doubted_parent, partner, doubted_partner, parting and bereaved. It does nothing when they stand already, made
// with the same settings in this session. Release drops them.
func Prepare(ctx context.Context, s *store.Session, cfg Config) error {
	for _, f := range nameFunctions() {
		if err := s.Define(f); err != nil {
			return fmt.Errorf("prepare facts: %w", err)
		}
	}
	var standing bool
	if err := s.Row(ctx, "SELECT coalesce(getvariable('prepared') = "+tables.Literal(cfg.variables())+", FALSE)", &standing); err != nil {
		return fmt.Errorf("look for prepared facts: %w", err)
	}
	if standing {
		return nil
	}
	sql := func(query string) func(context.Context, *store.Session) error {
		return func(ctx context.Context, s *store.Session) error { return s.Exec(ctx, query) }
	}
	steps := []struct {
		what string
		do   func(context.Context, *store.Session) error
	}{
		{"settings of the facts", sql(cfg.variables())},
		{"who is who", sql(tiesSQL)},
		{"records of life", sql(lifeSQL)},
		{"deaths", sql(strings.Replace(deathsSQL, "{contradictions}", ChecksSQL(Contradictions()), 1))},
		{"families", sql(inFamilies(familiesSQL))},
		{"circles of parents", circles},
		{"doubted families", sql(inFamilies(entangledSQL))},
		{"the bereaved", sql(bereavedSQL)},
		{"mark of the facts", sql("SET VARIABLE prepared = " + tables.Literal(cfg.variables()))},
	}
	for _, step := range steps {
		if err := step.do(ctx, s); err != nil {
			return fmt.Errorf("make %s: %w", step.what, err)
		}
	}
	return nil
}

// Release drops what Prepare made.
func Release(ctx context.Context, s *store.Session) error {
	if err := s.Exec(ctx, "RESET VARIABLE prepared"); err != nil {
		return fmt.Errorf("release facts: %w", err)
	}
	for _, name := range strings.Split(temporary, "; ") {
		if err := s.Exec(ctx, "DROP "+name); err != nil {
			return fmt.Errorf("release facts: %w", err)
		}
	}
	return nil
}

func (c Config) variables() string {
	solid, days, floor := c.SolidProbability, c.LifeEvidenceDays, c.Floor
	if solid == 0 {
		solid = DefaultSolidProbability
	}
	if days == 0 {
		days = DefaultLifeEvidenceDays
	}
	if floor == 0 {
		floor = DefaultFloor
	}
	return fmt.Sprintf(`SET VARIABLE as_of = DATE '%s';
SET VARIABLE solid = CAST(%s AS DECIMAL(9, 6));
SET VARIABLE life_days = %d;
SET VARIABLE floor = CAST(%s AS DECIMAL(9, 6));`,
		c.AsOf.Format(time.DateOnly), decimal(solid), days, decimal(floor))
}

func decimal(p float64) string { return strconv.FormatFloat(p, 'f', 6, 64) }
