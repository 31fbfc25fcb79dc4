package demo

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"rollcall/pipeline"
	"rollcall/pipeline/store"
	"rollcall/pipeline/tables"
)

// Figure is one count of a whole against the truth.
type Figure struct {
	What        string
	Part, Whole int64
	Target      Target
}

// Rate is the share as a number; 1 of nothing is 1.
func (f Figure) Rate() float64 {
	if f.Whole == 0 {
		return 1
	}
	return float64(f.Part) / float64(f.Whole)
}

// Target bounds a rate. The zero Target bounds nothing.
type Target struct {
	Least, Most float64
	set         bool
}

func atLeast(rate float64) Target { return Target{Least: rate, Most: 1, set: true} }
func atMost(rate float64) Target  { return Target{Most: rate, set: true} }

func (t Target) String() string {
	switch {
	case !t.set:
		return ""
	case t.Least > 0:
		return fmt.Sprintf("at least %g", t.Least)
	}
	return fmt.Sprintf("at most %g", t.Most)
}

// Verdict is reached, missed, or empty without a target.
func (f Figure) Verdict() string {
	switch {
	case !f.Target.set:
		return ""
	case f.Rate() < f.Target.Least || f.Rate() > f.Target.Most:
		return "missed"
	}
	return "reached"
}

// Unknown counts the evaluations that stay unknown for want of one fact.
type Unknown struct {
	Programme, Missing string
	Count              int64
}

// Appraisal is how right a run was, against the truth of the made country.
type Appraisal struct {
	Figures []Figure
	Unknown []Unknown
	// RegisterWrong are the registration numbers of exits about the right person,
	// who lives: the register is wrong, and no matching can tell.
	RegisterWrong []string
}

// Unknowns is the number of evaluations that stay unknown.
func (a Appraisal) Unknowns() int64 {
	var n int64
	for _, u := range a.Unknown {
		n += u.Count
	}
	return n
}

// figures says what is counted: of the rows of a table, those that a condition
// holds for.
func figures() []struct {
	what, part, rows string
	target           Target
} {
	return []struct {
		what, part, rows string
		target           Target
	}{
		{"exits T1 about the right person", "right_person", "exits WHERE tier = 'T1'", atLeast(1)},
		{"registered deaths with a valid identifier on both records that T1 has", "found", "owed_with_identifier", atLeast(0.6)},
		{"  of them with the roster's identifier verified", "found", "owed_with_identifier WHERE verified", Target{}},
		{"  of them without placeholder birth, shared identifier or contradiction, which T1 excludes", "found", "owed_with_identifier WHERE admitted", Target{}},
		{"exits T2 about the right person", "right_person", "exits WHERE tier = 'T2'", atLeast(0.85)},
		{"exits T3 about the right person", "right_person", "exits WHERE tier = 'T3'", Target{}},
		{"registered deaths of enrolled persons in some tier", "enrolment_id IN (SELECT enrolment_id FROM exits WHERE right_person)", "(SELECT DISTINCT enrolment_id FROM owed)", Target{}},
		{"duplicates T1 and T2 that are one person", "is_one", "duplicate_lines WHERE tier IN ('T1', 'T2')", atLeast(0.95)},
		{"  in all tiers", "is_one", "duplicate_lines", Target{}},
		{"persons enrolled twice who stand in T1 or T2", "coalesce(tier IN ('T1', 'T2'), false)", "duplicate_truth", atLeast(0.9)},
		{"  in any tier", "tier IS NOT NULL", "duplicate_truth", Target{}},
		{"persons wrongly called not eligible", "wrongly_denied", "judged_person", atMost(0.001)},
		{"  because the register wrongly says that they died", "denied_by_register", "judged_person", Target{}},
		{"persons wrongly called eligible, alive", "wrongly_granted", "judged_person", Target{}},
		{"  dead, and no solid record says so", "dead_unknown", "judged_person", Target{}},
	}
}

//go:embed appraise.sql
var appraiseSQL string

// tablesOf are tables that a session reads from a run, under names that begin with
// the prefix.
type tablesOf struct {
	run    pipeline.Outcome
	prefix string
	names  []string
}

// withTables calls a function with a session over tables of runs and the folder.
func withTables(ctx context.Context, folder string, from []tablesOf, call func(*store.Session) error) error {
	files, readable := map[string]string{}, []string{folder}
	for _, f := range from {
		for _, name := range f.names {
			file, err := pipeline.TableFile(f.run.Folder, name)
			if err != nil {
				return err
			}
			files[f.prefix+name] = file
			readable = append(readable, filepath.Dir(file))
		}
	}
	scratch := filepath.Join(folder, "appraisal")
	defer os.RemoveAll(scratch)
	s, err := store.Open(ctx, store.Options{Folder: scratch, Readable: readable})
	if err != nil {
		return err
	}
	defer s.Close()
	for name, file := range files {
		if err := s.Attach(ctx, name, file); err != nil {
			return err
		}
	}
	return call(s)
}

// Appraise compares a finished run with the truth beside the country.
func Appraise(ctx context.Context, country string, asOf time.Time, run pipeline.Outcome) (Appraisal, error) {
	var a Appraisal
	truth := strings.NewReplacer("$truth", filepath.ToSlash(filepath.Join(country, "truth")),
		"$as_of", tables.Literal(asOf.Format(time.DateOnly)), "$month", tables.Literal(asOf.Format("2006-01")))
	err := withTables(ctx, country, []tablesOf{{run, "", []string{"proposal", "evaluation", "mention", "identifier", "enrolment", "event", "cluster"}}},
		func(s *store.Session) error {
			if err := s.Exec(ctx, truth.Replace(appraiseSQL)); err != nil {
				return err
			}
			return a.count(ctx, s)
		})
	if err != nil {
		return a, fmt.Errorf("appraise: %w", err)
	}
	return a, nil
}

// withdrawnExits counts the exits of a month that the next has no more because the
// register revoked the death.
func withdrawnExits(ctx context.Context, before, after pipeline.Outcome) (int64, error) {
	var n int64
	err := withTables(ctx, filepath.Dir(before.Folder), []tablesOf{{before, "before_", []string{"proposal"}}, {after, "", []string{"event", "proposal"}}},
		func(s *store.Session) error {
			return s.Row(ctx, `SELECT count(*) FROM before_proposal b SEMI JOIN event e ON e.event_id = b.event_id AND e.status = 'revoked'
				WHERE b.kind = 'exit' AND NOT EXISTS (FROM proposal p WHERE p.kind = 'exit' AND p.case_id = b.case_id)`, &n)
		})
	if err != nil {
		return 0, fmt.Errorf("compare with the month before: %w", err)
	}
	return n, nil
}

func (a *Appraisal) count(ctx context.Context, s *store.Session) error {
	for _, f := range figures() {
		counted := Figure{What: f.what, Target: f.target}
		if err := s.Row(ctx, fmt.Sprintf("SELECT count(*) FILTER (WHERE %s), count(*) FROM %s", f.part, f.rows), &counted.Part, &counted.Whole); err != nil {
			return fmt.Errorf("%s: %w", f.what, err)
		}
		a.Figures = append(a.Figures, counted)
	}
	rows, err := s.Query(ctx, `SELECT programme, array_to_string(missing, '; '), count(*) FROM judged
		WHERE outcome = 'unknown' GROUP BY ALL ORDER BY 3 DESC, 1, 2`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var u Unknown
		if err := rows.Scan(&u.Programme, &u.Missing, &u.Count); err != nil {
			return err
		}
		a.Unknown = append(a.Unknown, u)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	var wrong string
	if err := s.Row(ctx, `SELECT coalesce(string_agg(DISTINCT registration_number, ' ' ORDER BY registration_number), '')
		FROM exits WHERE right_person AND register_wrong AND tier <> 'T3'`, &wrong); err != nil {
		return err
	}
	a.RegisterWrong = strings.Fields(wrong)
	return nil
}
