package ledger

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
)

// Kinds of entries of the chained log.
const (
	entryStarted  = "run_started"
	entryEnded    = "run_ended"
	entryCrashed  = "run_crashed"
	entryRelease  = "release"
	entryReleased = "run_released"
	entryDecision = "decision"
	entrySkipped  = "due_times_skipped"
	entryCases    = "cases"
	entryAct      = "case_act"
	entrySigned   = "configuration"
	entryDeletion = "deletion"
	entryHandover = "handover"
	entryStrata   = "judged_run"
	entryJudged   = "judgement"
)

// fields are the content of an entry: text only, so that its JSON has one form.
type fields map[string]string

// Head is the end of the chained log. Printed or mailed, it lets anybody prove
// later that nothing before it was altered or cut off.
type Head struct {
	Entries int64  `json:"entries"`
	Hash    string `json:"hash"`
}

// origin is the hash before the first entry.
var origin = Head{Hash: "0000000000000000000000000000000000000000000000000000000000000000"}

// chain is the hash of an entry: SHA-256 over the previous hash, a line feed and
// the entry's canonical JSON. An auditor computes it with
//
//	printf '%s\n%s' "$previous_hash" "$entry" | sha256sum
func chain(previous, entry string) string {
	sum := sha256.Sum256([]byte(previous + "\n" + entry))
	return hex.EncodeToString(sum[:])
}

// canonical is JSON with sorted keys, no spaces and no HTML escapes.
func canonical(v any) (string, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return "", fmt.Errorf("encode: %w", err)
	}
	return string(bytes.TrimRight(b.Bytes(), "\n")), nil
}

// mustCanonical is canonical of a struct of texts, which always has a form.
func mustCanonical(v any) string {
	text, err := canonical(v)
	if err != nil {
		panic(err)
	}
	return text
}

func head(ctx context.Context, q querier) (Head, error) {
	h := origin
	err := q.QueryRowContext(ctx, "SELECT seq, hash FROM log ORDER BY seq DESC LIMIT 1").Scan(&h.Entries, &h.Hash)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return Head{}, fmt.Errorf("read log: %w", err)
	}
	return h, nil
}

// Head is the log's end now.
func (l *Ledger) Head(ctx context.Context) (Head, error) {
	h, err := head(ctx, l.db)
	if err != nil {
		return Head{}, fmt.Errorf("ledger: %w", err)
	}
	return h, nil
}

// record appends an entry to the log within the transaction that it tells of.
func (l *Ledger) record(ctx context.Context, tx *sql.Tx, kind string, f fields) error {
	h, err := head(ctx, tx)
	if err != nil {
		return err
	}
	f["at"] = instant(l.now())
	f["kind"] = kind
	f["seq"] = fmt.Sprint(h.Entries + 1)
	entry, err := canonical(f)
	if err != nil {
		return fmt.Errorf("append to log: %w", err)
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO log (seq, entry, hash) VALUES (?, ?, ?)", h.Entries+1, entry, chain(h.Hash, entry))
	if err != nil {
		return fmt.Errorf("append to log: %w", err)
	}
	return nil
}
