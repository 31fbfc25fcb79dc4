package ledger

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"rollcall/jobs/cases"
	"rollcall/pipeline/clerical"
	"rollcall/pipeline/gate"
)

// Decision is what a person decided about a case or a pair of records. A later
// one about the same case takes its place; the earlier stays in the ledger.
type Decision struct {
	CaseID      string
	Kind        string // same, different, confirmed, rejected or withdrawn
	DecidedOn   time.Time
	LeftValues  string // hash of the left record's compared values as mapped
	RightValues string // likewise of the right record
	Person      string // id of the officer
	Reason      string
}

// Past is all that a run may know of earlier runs.
type Past struct {
	Baseline  []gate.Measure  // of the last good run of an earlier day, by source and measure
	Decisions []Decision      // one a case, by case id
	Judged    clerical.Judged // of the newest run of which a judged sheet came back
	Reviewed  []cases.Verdict // what people judged of cases, by case id
	Last      Run             // that run, whose folder has the ids that persons had; zero for none
}

// choosePast fixes what an attempt knows of earlier runs, as references into
// tables that only grow. What goes on with an attempt sees the past that the
// attempt saw: otherwise a decision made in between would make another run of it.
func (r *Run) choosePast(ctx context.Context, q querier) error {
	if r.Continues == 0 && !r.DueAt.IsZero() {
		before, err := oneRun(ctx, q, "job = ? AND due_at = ? AND status = ?", r.Job, instant(r.DueAt), Interrupted)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		r.Continues = before.Attempt
	}
	if r.Continues != 0 {
		before, err := oneRun(ctx, q, "attempt = ?", r.Continues)
		if err != nil {
			return fmt.Errorf("attempt %d: %w", r.Continues, err)
		}
		r.baselineAttempt, r.decisionsThrough = before.baselineAttempt, before.decisionsThrough
		r.judgementsThrough, r.actsThrough = before.judgementsThrough, before.actsThrough
		return nil
	}
	// The baseline is of an earlier day, never of the same one: running a day again
	// on the same inputs has to give the same run.
	err := q.QueryRowContext(ctx, "SELECT attempt FROM baseline WHERE job = ? AND as_of < ? ORDER BY as_of DESC, id DESC LIMIT 1",
		r.Job, day(r.AsOf)).Scan(&r.baselineAttempt)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("find baseline: %w", err)
	}
	err = q.QueryRowContext(ctx, "SELECT coalesce(max(id), 0) FROM decision WHERE job = ?", r.Job).Scan(&r.decisionsThrough)
	if err != nil {
		return fmt.Errorf("find decisions: %w", err)
	}
	err = q.QueryRowContext(ctx, "SELECT coalesce(max(id), 0) FROM judgement WHERE job = ?", r.Job).Scan(&r.judgementsThrough)
	if err != nil {
		return fmt.Errorf("find judgements: %w", err)
	}
	// What runs did to cases is no past that another run may depend on.
	err = q.QueryRowContext(ctx, "SELECT coalesce(max(id), 0) FROM case_act WHERE job = ? AND person <> ''", r.Job).Scan(&r.actsThrough)
	if err != nil {
		return fmt.Errorf("find what people did to cases: %w", err)
	}
	return nil
}

// Past is what an attempt knows of earlier runs; the same whenever it is asked.
func (l *Ledger) Past(ctx context.Context, r Run) (Past, error) {
	p, err := r.past(ctx, l.db)
	if err != nil {
		return Past{}, fmt.Errorf("ledger: past of attempt %d: %w", r.Attempt, err)
	}
	return p, nil
}

// PastFor is what a run of a job would know if it began now; for a dry run.
func (l *Ledger) PastFor(ctx context.Context, job string, asOf time.Time) (Past, error) {
	r := Run{Job: job, AsOf: asOf}
	if err := r.choosePast(ctx, l.db); err != nil {
		return Past{}, fmt.Errorf("ledger: past of %s: %w", job, err)
	}
	return l.Past(ctx, r)
}

func (r *Run) past(ctx context.Context, q querier) (p Past, err error) {
	if p.Baseline, err = figures(ctx, q, r.baselineAttempt); err != nil {
		return Past{}, err
	}
	if p.Baseline, err = withMedians(ctx, q, r.baselineAttempt, p.Baseline); err != nil {
		return Past{}, fmt.Errorf("sizes of lists of the last good runs: %w", err)
	}
	if r.baselineAttempt != 0 {
		if p.Last, err = oneRun(ctx, q, "attempt = ?", r.baselineAttempt); err != nil {
			return Past{}, fmt.Errorf("attempt %d: %w", r.baselineAttempt, err)
		}
	}
	p.Decisions, err = collect(ctx, q, scanDecision, `SELECT case_id, kind, decided_on, left_values, right_values, person, reason FROM decision
		WHERE id IN (SELECT max(id) FROM decision WHERE job = ? AND id <= ? GROUP BY case_id) ORDER BY case_id`, r.Job, r.decisionsThrough)
	if err != nil {
		return p, err
	}
	if p.Judged, err = r.judged(ctx, q); err != nil {
		return p, fmt.Errorf("judgements: %w", err)
	}
	p.Reviewed, err = r.reviewed(ctx, q)
	return p, err
}

// reviewed are the cases that people judged before the attempt began.
func (r *Run) reviewed(ctx context.Context, q querier) ([]cases.Verdict, error) {
	acts, err := collect(ctx, q, scanAct, selectAct+` WHERE job = ?1 AND id <= ?2 AND case_id IN (SELECT case_id FROM case_act WHERE job = ?1 AND id <= ?2 AND person <> '')
		ORDER BY case_id, version`, r.Job, r.actsThrough)
	if err != nil {
		return nil, fmt.Errorf("what people did to cases: %w", err)
	}
	var out []cases.Verdict
	for len(acts) > 0 {
		c := cases.Case{}
		for id := acts[0].caseID; len(acts) > 0 && acts[0].caseID == id; acts = acts[1:] {
			c = c.After(acts[0].Done)
			c.History = append(c.History, acts[0].Done)
		}
		if v, judged := cases.VerdictOn(c); judged {
			out = append(out, v)
		}
	}
	return out, nil
}

// trailingRuns is of how many good runs, one a day, the sizes of lists are looked
// at: half a year of monthly ones.
const trailingRuns = 6

// listSource is the source of the figures that are sizes of lists.
const listSource = "list"

// withMedians puts the medians of the last good runs in place of the sizes of lists
// of the newest: one odd month is no measure of the next. A run in which a list did
// not occur had none of it.
func withMedians(ctx context.Context, q querier, baseline int64, newest []gate.Measure) ([]gate.Measure, error) {
	type sized struct {
		attempt int64
		gate.Measure
	}
	runs, err := collect(ctx, q, func(rows *sql.Rows) (id int64, err error) { return id, rows.Scan(&id) }, `
		SELECT b.attempt FROM baseline b, baseline l WHERE l.attempt = ?1 AND b.job = l.job AND (b.id = l.id OR b.as_of < l.as_of AND b.id < l.id)
			AND NOT EXISTS (SELECT * FROM baseline o WHERE o.job = b.job AND o.as_of = b.as_of AND o.id > b.id AND o.id < l.id)
		ORDER BY b.as_of DESC LIMIT ?2`, baseline, trailingRuns)
	if err != nil || len(runs) < 2 {
		return newest, err
	}
	marks := strings.TrimSuffix(strings.Repeat("?,", len(runs)), ",")
	args := []any{listSource}
	for _, id := range runs {
		args = append(args, id)
	}
	found, err := collect(ctx, q, func(rows *sql.Rows) (z sized, err error) {
		return z, rows.Scan(&z.attempt, &z.Source, &z.Measure.Measure, &z.Value)
	}, "SELECT attempt, source, measure, value FROM figure WHERE source = ? AND attempt IN ("+marks+") ORDER BY measure, attempt", args...)
	if err != nil {
		return nil, err
	}
	sizes := map[string][]int64{}
	for _, z := range found {
		n, err := strconv.ParseInt(z.Value, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", z.Measure.Measure, err)
		}
		sizes[z.Measure.Measure] = append(sizes[z.Measure.Measure], n)
	}
	out := slices.DeleteFunc(slices.Clone(newest), func(m gate.Measure) bool { return m.Source == listSource })
	for _, measure := range slices.Sorted(maps.Keys(sizes)) {
		of := append(sizes[measure], make([]int64, len(runs)-len(sizes[measure]))...)
		slices.Sort(of)
		middle := (of[(len(of)-1)/2] + of[len(of)/2]) / 2
		out = append(out, gate.Measure{Source: listSource, Measure: measure, Value: fmt.Sprint(middle)})
	}
	slices.SortFunc(out, func(a, b gate.Measure) int {
		return cmp.Or(strings.Compare(a.Source, b.Source), strings.Compare(a.Measure, b.Measure))
	})
	return out, nil
}

func scanDecision(rows *sql.Rows) (d Decision, err error) {
	var on string
	if err := rows.Scan(&d.CaseID, &d.Kind, &on, &d.LeftValues, &d.RightValues, &d.Person, &d.Reason); err != nil {
		return d, err
	}
	d.DecidedOn, err = readDay(on)
	return d, err
}

// Decide records a person's decision.
func (l *Ledger) Decide(ctx context.Context, job string, d Decision) error {
	return l.write(ctx, "record decision", func(tx *sql.Tx) error { return l.decide(ctx, tx, job, d) })
}

func (l *Ledger) decide(ctx context.Context, tx *sql.Tx, job string, d Decision) error {
	res, err := tx.ExecContext(ctx, `INSERT INTO decision (job, case_id, kind, decided_on, left_values, right_values, person, reason, recorded_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		job, d.CaseID, d.Kind, day(d.DecidedOn), d.LeftValues, d.RightValues, d.Person, d.Reason, instant(l.now()))
	if err != nil {
		return err
	}
	id, err := res.LastInsertId()
	if err != nil {
		return err
	}
	return l.record(ctx, tx, entryDecision, decisionFields(id, job, d))
}
