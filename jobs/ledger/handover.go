package ledger

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"rollcall/pipeline/audit"
)

// Handover is the record of a file that was encrypted for named recipients.
type Handover struct {
	What   string // review: cases to be decided; lists: reports of a run
	RunID  string
	File   string // base name
	SHA256 string // of the encrypted file
	// ContentSHA256 is of what is in it, as the recipients have it.
	ContentSHA256 string
	Holds         []audit.File
	Recipients    []Recipient
	Account       string // of the operating system, under which it was made
	Day           string // on which it was recorded; read only
}

// Recipient is somebody for whom a file was encrypted.
type Recipient struct {
	Name string `json:"name"`
	Key  string `json:"key"` // public
}

// RecordHandover records what a file holds and for whom it is. Only then may it get its
// name.
func (l *Ledger) RecordHandover(ctx context.Context, h Handover) error {
	holds, errHolds := canonical(h.Holds)
	to, errTo := canonical(h.Recipients)
	if err := errors.Join(errHolds, errTo); err != nil {
		return fmt.Errorf("ledger: record handover: %w", err)
	}
	return l.write(ctx, "record handover", func(tx *sql.Tx) error {
		return l.record(ctx, tx, entryHandover, fields{
			"what": h.What, "run_id": h.RunID, "file": h.File, "file_sha256": h.SHA256, "content_sha256": h.ContentSHA256, "holds": holds, "recipients": to, "account": h.Account,
		})
	})
}

// Handovers are the files that were encrypted with what a run says, in their order.
func (l *Ledger) Handovers(ctx context.Context, runID string) ([]Handover, error) {
	all, err := collect(ctx, l.db, func(rows *sql.Rows) (h Handover, err error) {
		var entry string
		if err := rows.Scan(&entry); err != nil {
			return h, err
		}
		f := fields{}
		if err := json.Unmarshal([]byte(entry), &f); err != nil {
			return h, err
		}
		h = Handover{What: f["what"], RunID: f["run_id"], File: f["file"], SHA256: f["file_sha256"], ContentSHA256: f["content_sha256"], Account: f["account"]}
		at, err := readInstant(sql.NullString{String: f["at"], Valid: true})
		h.Day = day(at)
		return h, errors.Join(err, json.Unmarshal([]byte(f["holds"]), &h.Holds), json.Unmarshal([]byte(f["recipients"]), &h.Recipients))
	}, "SELECT entry FROM log WHERE entry LIKE ? ORDER BY seq", `%"kind":"`+entryHandover+`"%`)
	if err != nil {
		return nil, fmt.Errorf("ledger: handovers: %w", err)
	}
	var out []Handover
	for _, h := range all {
		if h.RunID == runID {
			out = append(out, h)
		}
	}
	return out, nil
}
