package ledger

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"rollcall/jobs/cases"
)

// ErrNoCase tells that no run of the job proposed a case of that id.
var ErrNoCase = errors.New("no such case")

// Casework is what a run that is done does to the cases of its job.
type Casework struct {
	Site      cases.Site
	Proposals []cases.Proposal
}

// takeUp opens, renews and closes the cases of a job by what a run proposes. A run
// of an earlier day than the newest leaves them alone: it knows less.
func (l *Ledger) takeUp(ctx context.Context, tx *sql.Tx, r Run, w Casework) error {
	var newest sql.NullString
	err := tx.QueryRowContext(ctx, "SELECT max(as_of) FROM run WHERE job = ? AND status = ?", r.Job, Done).Scan(&newest)
	if err != nil || newest.String > day(r.AsOf) {
		return err
	}
	known, err := openAndClosed(ctx, tx, r.Job)
	if err != nil {
		return err
	}
	put, err := l.prepareActs(ctx, tx)
	if err != nil {
		return err
	}
	defer put.close()
	for _, p := range w.Proposals {
		if err := put.propose(ctx, known[p.CaseID], p, w.Site, r); err != nil {
			return fmt.Errorf("case %s: %w", p.CaseID, err)
		}
		delete(known, p.CaseID)
	}
	for _, id := range slices.Sorted(maps.Keys(known)) {
		if d, ok := w.Site.Lapse(known[id], false, r.AsOf); ok {
			if err := put.act(ctx, known[id], d, r); err != nil {
				return fmt.Errorf("case %s: %w", id, err)
			}
		}
	}
	f, err := casesFields(ctx, tx, r.Attempt)
	if err != nil {
		return err
	}
	return l.record(ctx, tx, entryCases, f)
}

// casesFields stand for all that a run did to cases.
func casesFields(ctx context.Context, q querier, attempt int64) (fields, error) {
	acts, err := collect(ctx, q, scanAct, selectAct+" WHERE attempt = ? ORDER BY id", attempt)
	if err != nil {
		return nil, err
	}
	return attemptFields(attempt, acts), nil
}

// attemptFields are casesFields of the acts of an attempt, in the order of their ids.
func attemptFields(attempt int64, acts []*caseAct) fields {
	sum := sha256.New()
	for _, a := range acts {
		fmt.Fprintln(sum, mustCanonical(a.fields()))
	}
	return fields{"attempt": fmt.Sprint(attempt), "acts": fmt.Sprint(len(acts)), "acts_sha256": hex.EncodeToString(sum.Sum(nil))}
}

// openAndClosed are all cases of a job by id, without their histories.
func openAndClosed(ctx context.Context, q querier, job string) (map[string]cases.Case, error) {
	list, err := collect(ctx, q, scanCase, selectCase+" WHERE job = ?", job)
	if err != nil {
		return nil, err
	}
	byID := make(map[string]cases.Case, len(list))
	for _, c := range list {
		byID[c.CaseID] = c
	}
	return byID, nil
}

// actWriter writes the program's acts by prepared statements: a nation's first run
// opens hundreds of thousands of cases.
type actWriter struct {
	open, renew, insert, seen *sql.Stmt
	now                       string
}

func (l *Ledger) prepareActs(ctx context.Context, tx *sql.Tx) (w *actWriter, err error) {
	w = &actWriter{now: instant(l.now())}
	for stmt, query := range map[**sql.Stmt]string{
		&w.open: `INSERT INTO case_file (kind, programme, enrolment_id, mention_id, area_code, tier, reason_code, event_id, left_values, right_values, path, since, opened_on, attempt, job, case_id)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		&w.renew: `UPDATE case_file SET kind = ?, programme = ?, enrolment_id = ?, mention_id = ?, area_code = ?, tier = ?, reason_code = ?, event_id = ?, left_values = ?, right_values = ?, path = ?,
			since = ?, opened_on = ?, attempt = ?, answer_by = NULL WHERE job = ? AND case_id = ?`,
		&w.insert: insertAct,
		&w.seen:   "UPDATE case_file SET attempt = ? WHERE job = ? AND case_id = ?",
	} {
		if *stmt, err = tx.PrepareContext(ctx, query); err != nil { //nolint:sqlclosecheck // by close
			w.close()
			return nil, err
		}
	}
	return w, nil
}

func (w *actWriter) close() {
	for _, s := range []*sql.Stmt{w.open, w.renew, w.insert, w.seen} {
		if s != nil {
			s.Close() //nolint:errcheck // ends with its transaction anyway
		}
	}
}

// propose takes up one line of a run.
func (w *actWriter) propose(ctx context.Context, c cases.Case, p cases.Proposal, site cases.Site, r Run) error {
	c.Job, c.CaseID = r.Job, p.CaseID
	if d, ok := site.Lapse(c, true, r.AsOf); ok { // too old: it begins anew
		if err := w.act(ctx, c, d, r); err != nil {
			return err
		}
		c = c.After(d)
	}
	d, ok := c.Propose(p, r.AsOf)
	if !ok {
		_, err := w.seen.ExecContext(ctx, r.Attempt, r.Job, p.CaseID)
		return err
	}
	file := w.renew
	if c.State == cases.Unknown {
		file = w.open
	}
	after := c.After(d)
	_, err := file.ExecContext(ctx, p.Kind, p.Programme, p.EnrolmentID, p.MentionID, p.AreaCode, p.Tier, p.ReasonCode, p.EventID, p.LeftValues, p.RightValues,
		p.Path(), day(c.Since), day(after.OpenedOn), r.Attempt, r.Job, p.CaseID)
	if err != nil {
		return err
	}
	return w.act(ctx, c, d, r)
}

// act writes an act of the program.
func (w *actWriter) act(ctx context.Context, c cases.Case, d cases.Done, r Run) error {
	a := caseAct{job: r.Job, caseID: c.CaseID, version: c.Version + 1, Done: d}
	a.Attempt = r.Attempt
	_, err := w.insert.ExecContext(ctx, a.values(w.now)...)
	return err
}

// Do records what a person does with a case, if the case, the person and the site
// allow it, and what later runs are to remember of it. today is the day on which
// it is entered.
func (l *Ledger) Do(ctx context.Context, job string, site cases.Site, req cases.Request, today time.Time) (c cases.Case, err error) {
	err = l.write(ctx, "case "+req.CaseID, func(tx *sql.Tx) error {
		if c, err = oneCase(ctx, tx, job, req.CaseID); err != nil {
			return err
		}
		d, err := site.Do(c, req, today)
		if err != nil {
			return err
		}
		a := caseAct{job: job, caseID: c.CaseID, version: c.Version + 1, Done: d}
		if _, err := tx.ExecContext(ctx, insertAct, a.values(instant(l.now()))...); err != nil {
			return err
		}
		after := c.After(d)
		if _, err := tx.ExecContext(ctx, "UPDATE case_file SET answer_by = ? WHERE job = ? AND case_id = ?", optionalDay(after.AnswerBy), job, c.CaseID); err != nil {
			return err
		}
		if err := l.record(ctx, tx, entryAct, a.fields()); err != nil {
			return err
		}
		before := c.Proposal
		c = after
		return l.remember(ctx, tx, job, before, d)
	})
	return c, err
}

// remember leaves a decision to later runs, where the reason says one.
func (l *Ledger) remember(ctx context.Context, tx *sql.Tx, job string, p cases.Proposal, d cases.Done) error {
	memory := cases.Nothing
	for _, r := range cases.ReasonsFor(d.Act, p.Kind) {
		if r.Code == d.ReasonCode {
			memory = r.Memory
		}
	}
	if memory == cases.Nothing {
		return nil
	}
	return l.decide(ctx, tx, job, Decision{
		CaseID: p.CaseID, Kind: string(memory), DecidedOn: d.On, LeftValues: p.LeftValues, RightValues: p.RightValues, Person: d.Decider(), Reason: d.ReasonCode,
	})
}

// Case finds a case with its history.
func (l *Ledger) Case(ctx context.Context, job, id string) (cases.Case, error) {
	c, err := oneCase(ctx, l.db, job, id)
	if err != nil {
		return cases.Case{}, fmt.Errorf("ledger: case %s: %w", id, err)
	}
	return c, nil
}

// Written is where in the log an act stands, and since when.
type Written struct {
	Head
	At time.Time
}

// Entries are where in the log each act on a case stands, in the order of its history:
// that of a person has an entry of its own, one of the program that of its run.
func (l *Ledger) Entries(ctx context.Context, c cases.Case) ([]Written, error) {
	type entry struct {
		Written
		kind             string
		version, attempt int64
	}
	scan := func(rows *sql.Rows) (e entry, err error) {
		var written sql.NullString
		if err := rows.Scan(&e.Entries, &e.Hash, &e.kind, &e.version, &e.attempt, &written); err != nil {
			return e, err
		}
		e.At, err = readInstant(written)
		return e, err
	}
	found, err := collect(ctx, l.db, scan, selectEntries, entryAct, c.Job, c.CaseID, entryCases)
	if err != nil {
		return nil, fmt.Errorf("ledger: entries of case %s: %w", c.CaseID, err)
	}
	entries := make([]Written, len(c.History))
	for i, d := range c.History {
		at := slices.IndexFunc(found, func(e entry) bool {
			if d.Person == "" {
				return e.kind == entryCases && e.attempt == d.Attempt
			}
			return e.kind == entryAct && e.version == int64(i)+1
		})
		if at >= 0 {
			entries[i] = found[at].Written
		}
	}
	return entries, nil
}

func oneCase(ctx context.Context, q querier, job, id string) (cases.Case, error) {
	found, err := collect(ctx, q, scanCase, selectCase+" WHERE job = ? AND case_id = ?", job, id)
	if err != nil {
		return cases.Case{}, err
	}
	if len(found) == 0 {
		return cases.Case{}, ErrNoCase
	}
	c := found[0]
	acts, err := collect(ctx, q, scanAct, selectAct+" WHERE job = ? AND case_id = ? ORDER BY version", job, id)
	if err != nil {
		return cases.Case{}, err
	}
	for _, a := range acts {
		c.History = append(c.History, a.Done)
	}
	return c, signers(ctx, q, &c)
}

// signers are the people who signed for the configuration of the case's run.
func signers(ctx context.Context, q querier, c *cases.Case) error {
	r, err := oneRun(ctx, q, "attempt = ?", c.Attempt)
	if err != nil {
		return err
	}
	s, err := signatures(ctx, q, c.Job, r.ConfigSHA256)
	if err != nil {
		return err
	}
	for _, g := range s {
		switch g.Part {
		case Author:
			c.Author = g.Person
		case Approver:
			c.Approver = g.Person
		}
	}
	return nil
}

// CaseFilter chooses cases. A zero field chooses all.
type CaseFilter struct {
	Kind, Programme, State, Area string // Area: a beginning of area codes
	Open                         bool
	EventID                      string
	Limit                        int
}

// Cases lists cases without their histories, those that wait longest first.
func (l *Ledger) Cases(ctx context.Context, job string, f CaseFilter) ([]cases.Case, error) {
	limit := f.Limit
	if limit == 0 {
		limit = -1 // SQLite: no limit
	}
	list, err := collect(ctx, l.db, scanCase, selectCase+` WHERE job = ?1 AND ?2 IN ('', kind) AND ?3 IN ('', programme) AND ?4 IN ('', state)
		AND substr(area_code, 1, length(?5)) = ?5 AND (NOT ?6 OR state IN ('proposed', 'verified', 'noticed')) AND ?7 IN ('', event_id)
		ORDER BY since, case_id LIMIT ?8`, job, f.Kind, f.Programme, f.State, f.Area, f.Open, f.EventID, limit)
	if err != nil {
		return nil, fmt.Errorf("ledger: list cases: %w", err)
	}
	return list, nil
}

const selectCase = `SELECT job, case_id, kind, programme, enrolment_id, mention_id, area_code, tier, reason_code, event_id, left_values, right_values,
	state, version, since, opened_on, answer_by, attempt FROM case_file`

func scanCase(rows *sql.Rows) (c cases.Case, err error) {
	var since, opened string
	var answer sql.NullString
	err = rows.Scan(&c.Job, &c.CaseID, &c.Kind, &c.Programme, &c.EnrolmentID, &c.MentionID, &c.AreaCode, &c.Tier, &c.ReasonCode, &c.EventID, &c.LeftValues, &c.RightValues,
		&c.State, &c.Version, &since, &opened, &answer, &c.Attempt)
	if err != nil {
		return c, err
	}
	var errs [3]error
	c.Since, errs[0] = readDay(since)
	c.OpenedOn, errs[1] = readDay(opened)
	c.AnswerBy, errs[2] = readOptionalDay(answer)
	return c, errors.Join(errs[:]...)
}

// caseAct is an act as the ledger keeps it.
type caseAct struct {
	id      int64
	job     string
	caseID  string
	version int
	cases.Done
	written struct{ details, proof string } // as the ledger has them; empty of an act that is still to be written
}

const (
	insertAct = `INSERT INTO case_act (job, case_id, version, act, from_state, to_state, acted_on, person, details, proof, attempt, recorded_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	selectEntries = `SELECT seq, hash, entry ->> 'kind', coalesce(entry ->> 'version', 0), coalesce(entry ->> 'attempt', 0), entry ->> 'at' FROM log
		WHERE (entry ->> 'kind' = ? AND entry ->> 'job' = ? AND entry ->> 'case_id' = ?) OR entry ->> 'kind' = ? ORDER BY seq`
	selectAct = "SELECT id, job, case_id, version, act, from_state, to_state, acted_on, person, details, proof, coalesce(attempt, 0), recorded_at FROM case_act"
)

// details are what only some acts have.
type details struct {
	For        string          `json:"for,omitempty"`
	ReasonCode string          `json:"reason_code,omitempty"`
	Note       string          `json:"note,omitempty"`
	AnswerBy   string          `json:"answer_by,omitempty"`
	Arrears    string          `json:"arrears,omitempty"`
	ToldTo     string          `json:"told_to,omitempty"`
	Evidence   string          `json:"evidence_sha256,omitempty"`
	File       string          `json:"file_sha256,omitempty"`
	Proposal   *cases.Proposal `json:"proposal,omitempty"`
}

func (a caseAct) details() details {
	d := details{For: a.For, ReasonCode: a.ReasonCode, Note: a.Note, Arrears: a.Arrears, ToldTo: a.ToldTo, Evidence: a.Evidence, File: a.File, AnswerBy: optionalDay(a.AnswerBy).String}
	if a.Act == cases.Propose {
		d.Proposal = &a.Proposal
	}
	return d
}

func (a caseAct) values(now string) []any {
	return []any{
		a.job, a.caseID, a.version, a.Act, a.From, a.To, day(a.On), a.Person, mustCanonical(a.details()), mustCanonical(a.Proof), optionalID(a.Attempt), now,
	}
}

func scanAct(rows *sql.Rows) (a *caseAct, err error) {
	a = &caseAct{}
	var on string
	var recorded sql.NullString
	err = rows.Scan(&a.id, &a.job, &a.caseID, &a.version, &a.Act, &a.From, &a.To, &on, &a.Person, &a.written.details, &a.written.proof, &a.Attempt, &recorded)
	if err != nil {
		return a, err
	}
	var d details
	var errs [5]error
	a.On, errs[0] = readDay(on)
	a.RecordedAt, errs[1] = readInstant(recorded)
	errs[2] = json.Unmarshal([]byte(a.written.details), &d)
	if a.written.proof != noProof {
		errs[3] = json.Unmarshal([]byte(a.written.proof), &a.Proof)
	}
	a.For, a.ReasonCode, a.Note, a.Arrears, a.ToldTo, a.Evidence, a.File = d.For, d.ReasonCode, d.Note, d.Arrears, d.ToldTo, d.Evidence, d.File
	a.AnswerBy, errs[4] = readOptionalDay(sql.NullString{String: d.AnswerBy, Valid: d.AnswerBy != ""})
	if d.Proposal != nil {
		a.Proposal = *d.Proposal
		a.Proposal.CaseID = a.caseID
	}
	if err := errors.Join(errs[:]...); err != nil {
		return a, fmt.Errorf("act %d: %w", a.id, err)
	}
	return a, nil
}

// noProof is the proof of what the program does.
const noProof = "{}"

// fields are an act as the log has it, which has the very text of the table.
func (a caseAct) fields() fields {
	details, proof := a.written.details, a.written.proof
	if proof == "" {
		details, proof = mustCanonical(a.details()), mustCanonical(a.Proof)
	}
	return fields{
		"job": a.job, "case_id": a.caseID, "version": fmt.Sprint(a.version), "act": string(a.Act), "from": string(a.From), "to": string(a.To),
		"acted_on": day(a.On), "person": a.Person, "details": details, "proof": proof,
	}
}

// Histories are all cases of a job with what was done to each.
func (l *Ledger) Histories(ctx context.Context, job string) ([]cases.Case, error) {
	byID, err := openAndClosed(ctx, l.db, job)
	if err != nil {
		return nil, fmt.Errorf("ledger: histories: %w", err)
	}
	acts, err := collect(ctx, l.db, scanAct, selectAct+" WHERE job = ? ORDER BY case_id, version", job)
	if err != nil {
		return nil, fmt.Errorf("ledger: histories: %w", err)
	}
	for _, a := range acts {
		c := byID[a.caseID]
		c.History = append(c.History, a.Done)
		byID[a.caseID] = c
	}
	list := make([]cases.Case, 0, len(byID))
	for _, id := range slices.Sorted(maps.Keys(byID)) {
		list = append(list, byID[id])
	}
	return list, nil
}
