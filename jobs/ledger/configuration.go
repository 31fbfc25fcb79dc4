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

// The parts that people have in a configuration.
const (
	Author   = "author"
	Approver = "approver"
)

// Signature is a person's word for one version of a job's configuration.
type Signature struct {
	Part   string // author or approver
	Person string
	Proof  cases.Proof
	At     time.Time
}

// ErrSigned tells that somebody signed for the part already, or the same person
// for the other.
var ErrSigned = errors.New("signed already")

// ErrNoAuthor tells that a configuration cannot be approved before its author
// signed.
var ErrNoAuthor = errors.New("its author has to sign first")

// Sign records who wrote or approved a version of a job's configuration. The
// author signs before the approver, who is another person.
func (l *Ledger) Sign(ctx context.Context, job, configSHA256 string, g Signature) error {
	return l.write(ctx, "sign configuration of "+job, func(tx *sql.Tx) error {
		given, err := signatures(ctx, tx, job, configSHA256)
		if err != nil {
			return err
		}
		for _, s := range given {
			if s.Part == g.Part || strings.EqualFold(s.Person, g.Person) {
				return fmt.Errorf("%w: %s is its %s since %s", ErrSigned, s.Person, s.Part, day(s.At))
			}
		}
		if g.Part == Approver && len(given) == 0 {
			return ErrNoAuthor
		}
		g.At = l.now()
		_, err = tx.ExecContext(ctx, "INSERT INTO configuration VALUES (?, ?, ?, ?, ?, ?)", job, configSHA256, g.Part, g.Person, mustCanonical(g.Proof), instant(g.At))
		if err != nil {
			return err
		}
		return l.record(ctx, tx, entrySigned, g.fields(job, configSHA256))
	})
}

// Signatures are the people who signed for a configuration, the author first.
func (l *Ledger) Signatures(ctx context.Context, job, configSHA256 string) ([]Signature, error) {
	out, err := signatures(ctx, l.db, job, configSHA256)
	if err != nil {
		return nil, fmt.Errorf("ledger: signatures of %s: %w", job, err)
	}
	return out, nil
}

func signatures(ctx context.Context, q querier, job, configSHA256 string) ([]Signature, error) {
	return collect(ctx, q, scanSignature, "SELECT part, person, proof, recorded_at FROM configuration WHERE job = ? AND config_sha256 = ? ORDER BY part = 'approver'", job, configSHA256)
}

func scanSignature(rows *sql.Rows) (g Signature, err error) {
	var proof []byte
	var at sql.NullString
	if err := rows.Scan(&g.Part, &g.Person, &proof, &at); err != nil {
		return g, err
	}
	return g, g.read(proof, at)
}

// read fills in what is kept as text.
func (g *Signature) read(proof []byte, at sql.NullString) (err error) {
	g.At, err = readInstant(at)
	return errors.Join(err, json.Unmarshal(proof, &g.Proof))
}

func (g Signature) fields(job, configSHA256 string) fields {
	return fields{"job": job, "config_sha256": configSHA256, "part": g.Part, "person": g.Person, "proof": mustCanonical(g.Proof), "signed_at": instant(g.At)}
}
