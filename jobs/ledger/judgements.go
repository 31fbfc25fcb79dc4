package ledger

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"rollcall/jobs/cases"
	"rollcall/pipeline/clerical"
)

// PairJudgement is what a person judged of a pair that a run drew.
type PairJudgement struct {
	RunID     string
	Pair      int // its number in the run's sheet
	Place     clerical.Place
	Answer    string // same, different or unsure
	Person    string // who judged
	EnteredBy string // who entered it for that person; empty for none
	Note      string
	File      string // SHA-256 of the sheet in which it came
	Proof     cases.Proof
}

// judgementDetails are what only people read.
type judgementDetails struct {
	EnteredBy string `json:"entered_by,omitempty"`
	Note      string `json:"note,omitempty"`
	File      string `json:"file_sha256,omitempty"`
}

func (p PairJudgement) from() string { return strconv.FormatFloat(p.Place.From, 'f', 6, 64) }

func (p PairJudgement) fields(id int64, job string) fields {
	return fields{
		"id": fmt.Sprint(id), "job": job, "run_id": p.RunID, "pair": fmt.Sprint(p.Pair), "of": p.Place.Kind, "fate": string(p.Place.Fate), "probability_from": p.from(),
		"answer": p.Answer, "person": p.Person, "details": mustCanonical(judgementDetails{p.EnteredBy, p.Note, p.File}), "proof": mustCanonical(p.Proof),
	}
}

func strataFields(job, run, asOf, strata string) fields {
	return fields{"job": job, "run_id": run, "as_of": asOf, "strata": strata}
}

// Judged tells whether the newest judgement of that person about that pair is the
// very same.
func (l *Ledger) Judged(ctx context.Context, job string, p PairJudgement) (bool, error) {
	var answer string
	err := l.db.QueryRowContext(ctx, "SELECT answer FROM judgement WHERE job = ? AND run_id = ? AND pair = ? AND person = ? ORDER BY id DESC LIMIT 1",
		job, p.RunID, p.Pair, p.Person).Scan(&answer)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return false, fmt.Errorf("ledger: find judgement: %w", err)
	}
	return answer == p.Answer, nil
}

// Judge records what a person judged of a pair that a run of that as-of day drew from
// those strata.
func (l *Ledger) Judge(ctx context.Context, job string, asOf time.Time, strata []clerical.Stratum, p PairJudgement) error {
	return l.write(ctx, "record judgement", func(tx *sql.Tx) error {
		text, err := canonical(strata)
		if err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, "INSERT INTO judged_run (job, run_id, as_of, strata) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", job, p.RunID, day(asOf), text)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil {
			return err
		} else if n > 0 {
			if err := l.record(ctx, tx, entryStrata, strataFields(job, p.RunID, day(asOf), text)); err != nil {
				return err
			}
		}
		f := p.fields(0, job)
		res, err = tx.ExecContext(ctx, `INSERT INTO judgement (job, run_id, pair, kind, fate, probability_from, answer, person, details, proof, recorded_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, job, p.RunID, p.Pair, p.Place.Kind, p.Place.Fate, p.from(), p.Answer, p.Person, f["details"], f["proof"], instant(l.now()))
		if err != nil {
			return err
		}
		id, err := res.LastInsertId()
		if err != nil {
			return err
		}
		f["id"] = fmt.Sprint(id)
		return l.record(ctx, tx, entryJudged, f)
	})
}

// judged is what came back of the newest run of which a judged sheet did, before the
// attempt began. Of each pair the newest judgement counts.
func (r *Run) judged(ctx context.Context, q querier) (j clerical.Judged, err error) {
	var text []byte
	err = q.QueryRowContext(ctx, `SELECT run_id, strata FROM judged_run WHERE job = ?1 AND run_id IN (SELECT run_id FROM judgement WHERE job = ?1 AND id <= ?2)
		ORDER BY as_of DESC, run_id DESC LIMIT 1`, r.Job, r.judgementsThrough).Scan(&j.RunID, &text)
	if errors.Is(err, sql.ErrNoRows) {
		return clerical.Judged{}, nil
	}
	if err != nil {
		return j, err
	}
	var strata []clerical.Stratum
	if err := json.Unmarshal(text, &strata); err != nil {
		return j, fmt.Errorf("strata of run %s: %w", j.RunID, err)
	}
	for _, s := range strata {
		j.Counts = append(j.Counts, clerical.Count{Stratum: s})
	}
	pairs, err := collect(ctx, q, scanPair, `SELECT pair, kind, fate, probability_from, answer FROM judgement
		WHERE id IN (SELECT max(id) FROM judgement WHERE job = ? AND run_id = ? AND id <= ? GROUP BY pair, person) ORDER BY pair, id`, r.Job, j.RunID, r.judgementsThrough)
	if err != nil {
		return j, err
	}
	for i := 0; i < len(pairs); {
		of := 1
		for i+of < len(pairs) && pairs[i+of].Pair == pairs[i].Pair {
			of++
		}
		add(j.Counts, pairs[i:i+of])
		i += of
	}
	return j, nil
}

func scanPair(rows *sql.Rows) (p PairJudgement, err error) {
	var from string
	if err := rows.Scan(&p.Pair, &p.Place.Kind, &p.Place.Fate, &from, &p.Answer); err != nil {
		return p, err
	}
	p.Place.From, err = strconv.ParseFloat(from, 64)
	return p, err
}

// add counts the judgements of one pair, one a person.
func add(counts []clerical.Count, of []PairJudgement) {
	last := of[len(of)-1]
	at := slices.IndexFunc(counts, func(c clerical.Count) bool {
		return clerical.Place{Kind: c.Kind, Fate: c.Fate, From: c.From} == last.Place
	})
	if at < 0 {
		return
	}
	c := &counts[at]
	switch last.Answer {
	case "same":
		c.Same++
	case "different":
		c.Different++
	default:
		c.Unsure++
	}
	if len(of) > 1 {
		c.Twice++
		if !slices.ContainsFunc(of, func(p PairJudgement) bool { return p.Answer != last.Answer }) {
			c.Alike++
		}
	}
}

// compareJudged holds the judgements of pairs against the log.
func (s *said) compareJudged(ctx context.Context, q querier) ([]error, error) {
	var problems []error
	type row struct {
		id    int64
		key   string
		field fields
		proof cases.Proof
	}
	runs, err := collect(ctx, q, func(rows *sql.Rows) (r row, err error) {
		var job, run, asOf, strata string
		err = rows.Scan(&job, &run, &asOf, &strata)
		r.key, r.field = job+" "+run, strataFields(job, run, asOf, strata)
		return r, err
	}, "SELECT job, run_id, as_of, strata FROM judged_run ORDER BY job, run_id")
	if err != nil {
		return nil, err
	}
	for _, r := range runs {
		if !maps.Equal(s.strata[r.key], r.field) {
			problems = append(problems, fmt.Errorf("what run %s expected of its sample is not what the log says of it", r.key))
		}
		delete(s.strata, r.key)
	}
	judged, err := collect(ctx, q, func(rows *sql.Rows) (r row, err error) {
		var job, from, details, proof string
		var p PairJudgement
		if err := rows.Scan(&r.id, &job, &p.RunID, &p.Pair, &p.Place.Kind, &p.Place.Fate, &from, &p.Answer, &p.Person, &details, &proof); err != nil {
			return r, err
		}
		r.key, r.field = fmt.Sprint(r.id), p.fields(r.id, job)
		r.field["probability_from"], r.field["details"], r.field["proof"] = from, details, proof
		return r, json.Unmarshal([]byte(proof), &r.proof)
	}, "SELECT id, job, run_id, pair, kind, fate, probability_from, answer, person, details, proof FROM judgement ORDER BY id")
	if err != nil {
		return nil, err
	}
	for _, r := range judged {
		if !maps.Equal(s.judged[r.key], r.field) {
			problems = append(problems, fmt.Errorf("judgement %s is not what the log says of it", r.key))
		}
		delete(s.judged, r.key)
		if r.proof.Key != "" {
			if err := r.proof.Verify(); err != nil {
				problems = append(problems, fmt.Errorf("judgement %s: %w", r.key, err))
			}
		}
	}
	for _, key := range slices.Concat(slices.Sorted(maps.Keys(s.strata)), slices.Sorted(maps.Keys(s.judged))) {
		problems = append(problems, fmt.Errorf("judgement %s is missing", key))
	}
	return problems, nil
}
