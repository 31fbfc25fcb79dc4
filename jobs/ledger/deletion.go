package ledger

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"rollcall/jobs/cases"
	"rollcall/pipeline/audit"
)

// Deletion is the record of the files of one class of one run that were deleted
// because their time was over, or of a whole folder that no run had. The chained log
// alone has it: nothing of it can be changed or taken away without breaking the chain.
type Deletion struct {
	Attempt int64       // 0 for what no run had
	RunID   string      // empty for that
	Folder  string      // of the run, relative to the output folder, or the one that was deleted
	Class   audit.Class // of what no run had: the one after whose time it was
	Files   []audit.File
	Days    int    // that they were to be kept
	Law     string // or order, under which
	On      time.Time
	Person  string // who deleted them
	Proof   cases.Proof
}

// Left tells that no run had what was deleted, which was all of the folder.
func (d Deletion) Left() bool { return d.Attempt == 0 }

// What names what was deleted.
func (d Deletion) What() string {
	if d.Left() {
		return d.Folder
	}
	return fmt.Sprintf("%s of run %s", d.Class, d.RunID)
}

// String says it in words, as people who look for the files need it.
func (d Deletion) String() string {
	return fmt.Sprintf("deleted on %s under %s", day(d.On), d.Law)
}

func (d Deletion) fields() (fields, error) {
	files, err := canonical(d.Files)
	if err != nil {
		return nil, err
	}
	return fields{
		"attempt": fmt.Sprint(d.Attempt), "run_id": d.RunID, "folder": d.Folder, "class": string(d.Class), "files": files,
		"kept_days": strconv.Itoa(d.Days), "law": d.Law, "deleted_on": day(d.On), "person": d.Person, "proof": mustCanonical(d.Proof),
	}, nil
}

// RecordDeletions records what is about to be deleted, all of it or nothing. Only
// then may it be deleted.
func (l *Ledger) RecordDeletions(ctx context.Context, list []Deletion) error {
	return l.write(ctx, "record deletions", func(tx *sql.Tx) error {
		for _, d := range list {
			f, err := d.fields()
			if err != nil {
				return err
			}
			if err := l.record(ctx, tx, entryDeletion, f); err != nil {
				return err
			}
		}
		return nil
	})
}

// Deletions are all that were recorded, in their order.
func (l *Ledger) Deletions(ctx context.Context) ([]Deletion, error) {
	out, err := collect(ctx, l.db, func(rows *sql.Rows) (d Deletion, err error) {
		var entry string
		if err := rows.Scan(&entry); err != nil {
			return d, err
		}
		return readDeletion(entry)
	}, "SELECT entry FROM log WHERE entry LIKE ? ORDER BY seq", `%"kind":"`+entryDeletion+`"%`) // no text inside an entry has a bare quote
	if err != nil {
		return nil, fmt.Errorf("ledger: deletions: %w", err)
	}
	return out, nil
}

func readDeletion(entry string) (d Deletion, err error) {
	f := fields{}
	if err := json.Unmarshal([]byte(entry), &f); err != nil {
		return d, err
	}
	d = Deletion{RunID: f["run_id"], Folder: f["folder"], Class: audit.Class(f["class"]), Law: f["law"], Person: f["person"]}
	var errs [5]error
	d.Attempt, errs[0] = strconv.ParseInt(f["attempt"], 10, 64)
	d.Days, errs[1] = strconv.Atoi(f["kept_days"])
	d.On, errs[2] = readDay(f["deleted_on"])
	errs[3] = json.Unmarshal([]byte(f["files"]), &d.Files)
	errs[4] = json.Unmarshal([]byte(f["proof"]), &d.Proof)
	return d, errors.Join(errs[:]...)
}

// DeletionsOf are what was deleted of a run since it was made last, in their order. A
// run that was made again has everything again.
func (l *Ledger) DeletionsOf(ctx context.Context, r Run) ([]Deletion, error) {
	all, err := l.Deletions(ctx)
	var out []Deletion
	for _, d := range all {
		if d.Applies(r) {
			out = append(out, d)
		}
	}
	return out, err
}

// Applies tells whether the deletion was one of this run's files, as it was made last.
func (d Deletion) Applies(r Run) bool {
	return r.Folder != "" && d.Folder == r.Folder && d.Attempt >= r.Attempt
}

// Of tells whether the deletion has a file, as it was written down.
func (d Deletion) Of(path, sha256 string) bool {
	return slices.ContainsFunc(d.Files, func(f audit.File) bool { return f.Path == path && f.SHA256 == sha256 })
}
