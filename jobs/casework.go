package jobs

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"rollcall/jobs/cases"
	"rollcall/jobs/config"
	"rollcall/jobs/ledger"
	"rollcall/pipeline"
)

// casework reads what a run that is done proposes, for the ledger to take up, and
// adds the exits whose registration was reversed since. A pipeline that writes no
// proposals leaves the cases alone.
func casework(ctx context.Context, l *ledger.Ledger, job *config.Job, folder string) (*ledger.Casework, error) {
	r, err := pipeline.Read(ctx, folder, nil, "proposal", "event")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read proposals: %w", err)
	}
	defer r.Close()
	w := &ledger.Casework{Site: job.Site}
	if w.Proposals, err = proposals(ctx, r); err != nil {
		return nil, fmt.Errorf("read proposals: %w", err)
	}
	exited, err := l.Cases(ctx, job.Name, ledger.CaseFilter{Kind: "exit", State: string(cases.Exited)})
	if err != nil || len(exited) == 0 {
		return w, err
	}
	reversed, err := reversals(ctx, r)
	if err != nil {
		return nil, fmt.Errorf("read events: %w", err)
	}
	w.Proposals = append(w.Proposals, cases.Restorations(exited, reversed, w.Proposals)...)
	return w, nil
}

func proposals(ctx context.Context, r *pipeline.Reader) (list []cases.Proposal, err error) {
	rows, err := r.Query(ctx, `SELECT case_id, kind, programme, coalesce(enrolment_id, ''), coalesce(mention_id, ''), coalesce(area_code, ''), coalesce(tier, ''),
		reason_code, coalesce(event_id, ''), coalesce(left_values, ''), coalesce(right_values, '') FROM proposal ORDER BY case_id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var p cases.Proposal
		if err := rows.Scan(&p.CaseID, &p.Kind, &p.Programme, &p.EnrolmentID, &p.MentionID, &p.AreaCode, &p.Tier, &p.ReasonCode, &p.EventID, &p.LeftValues, &p.RightValues); err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, rows.Err()
}

// reversals are the registrations that were revoked or corrected, with which.
func reversals(ctx context.Context, r *pipeline.Reader) (map[string]string, error) {
	rows, err := r.Query(ctx, "SELECT event_id, status FROM event WHERE status IN ('revoked', 'corrected') ORDER BY event_id")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := map[string]string{}
	for rows.Next() {
		var id, status string
		if err := rows.Scan(&id, &status); err != nil {
			return nil, err
		}
		found[id] = status
	}
	return found, rows.Err()
}
