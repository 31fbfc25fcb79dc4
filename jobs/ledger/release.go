package ledger

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"rollcall/jobs/cases"
)

// Release is one person's word that a held run may go on.
type Release struct {
	Person string
	Reason string
	At     time.Time
	Proof  cases.Proof // that it is the person; the zero Proof where the site names nobody
}

// releasers is how many different people it takes to let a held run go.
const releasers = 2

// Release records that a person lets a held run go, and why. The second person
// completes it: the attempt is then released and may be gone on with.
func (l *Ledger) Release(ctx context.Context, attempt int64, by Release) (complete bool, err error) {
	by.Person, by.Reason, by.At = strings.Join(strings.Fields(by.Person), " "), strings.TrimSpace(by.Reason), l.now()
	if by.Person == "" || by.Reason == "" {
		return false, fmt.Errorf("release attempt %d: a person and a reason are needed", attempt)
	}
	err = l.write(ctx, fmt.Sprintf("release attempt %d", attempt), func(tx *sql.Tx) error {
		r, err := oneRun(ctx, tx, "attempt = ?", attempt)
		if err != nil {
			return err
		}
		if r.Status != Held {
			return fmt.Errorf("%w: it is %s", ErrNotHeld, r.Status)
		}
		given, err := releases(ctx, tx, attempt)
		if err != nil {
			return err
		}
		for _, g := range given {
			if strings.EqualFold(g.Person, by.Person) {
				return fmt.Errorf("%w: %s did on %s", ErrSamePerson, g.Person, day(g.At))
			}
		}
		complete = len(given)+1 == releasers
		return l.recordRelease(ctx, tx, attempt, by, complete)
	})
	return complete && err == nil, err
}

func (l *Ledger) recordRelease(ctx context.Context, tx *sql.Tx, attempt int64, g Release, complete bool) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO release (attempt, person, reason, at, proof) VALUES (?, ?, ?, ?, ?)",
		attempt, g.Person, g.Reason, instant(g.At), mustCanonical(g.Proof))
	if err != nil {
		return err
	}
	if err := l.record(ctx, tx, entryRelease, releaseFields(attempt, g)); err != nil {
		return err
	}
	if !complete {
		return nil
	}
	if _, err := tx.ExecContext(ctx, "UPDATE run SET status = ? WHERE attempt = ?", Released, attempt); err != nil {
		return err
	}
	return l.record(ctx, tx, entryReleased, fields{"attempt": fmt.Sprint(attempt), "status": string(Released)})
}

// Releases lists who let a held run go, in order of time.
func (l *Ledger) Releases(ctx context.Context, attempt int64) ([]Release, error) {
	out, err := releases(ctx, l.db, attempt)
	if err != nil {
		return nil, fmt.Errorf("ledger: releases of attempt %d: %w", attempt, err)
	}
	return out, nil
}

func releases(ctx context.Context, q querier, attempt int64) ([]Release, error) {
	return collect(ctx, q, func(rows *sql.Rows) (g Release, err error) {
		var at sql.NullString
		var proof []byte
		if err := rows.Scan(&g.Person, &g.Reason, &at, &proof); err != nil {
			return g, err
		}
		var unread error
		g.At, unread = readInstant(at)
		return g, errors.Join(unread, json.Unmarshal(proof, &g.Proof))
	}, "SELECT person, reason, at, proof FROM release WHERE attempt = ? ORDER BY at, person", attempt)
}

// Continuation is the newest attempt that went on with a released or interrupted
// one, and whether there is one.
func (l *Ledger) Continuation(ctx context.Context, attempt int64) (Run, bool, error) {
	r, err := oneRun(ctx, l.db, "continues = ?", attempt)
	if errors.Is(err, ErrNotFound) {
		return Run{}, false, nil
	}
	if err != nil {
		return Run{}, false, fmt.Errorf("ledger: what went on with attempt %d: %w", attempt, err)
	}
	return r, true, nil
}
