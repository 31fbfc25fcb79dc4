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

// casework reads what a run that is done proposes, for the ledger to take up. A
// pipeline that writes no proposals leaves the cases alone.
func casework(ctx context.Context, job *config.Job, folder string) (*ledger.Casework, error) {
	r, err := pipeline.Read(ctx, folder, nil, "proposal")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read proposals: %w", err)
	}
	defer r.Close()
	rows, err := r.Query(ctx, `SELECT case_id, kind, programme, coalesce(enrolment_id, ''), coalesce(area_code, ''), coalesce(tier, ''), reason_code,
		coalesce(event_id, ''), coalesce(left_values, ''), coalesce(right_values, '') FROM proposal ORDER BY case_id`)
	if err != nil {
		return nil, fmt.Errorf("read proposals: %w", err)
	}
	defer rows.Close()
	w := &ledger.Casework{Site: job.Site}
	for rows.Next() {
		var p cases.Proposal
		if err := rows.Scan(&p.CaseID, &p.Kind, &p.Programme, &p.EnrolmentID, &p.AreaCode, &p.Tier, &p.ReasonCode, &p.EventID, &p.LeftValues, &p.RightValues); err != nil {
			return nil, fmt.Errorf("read proposals: %w", err)
		}
		w.Proposals = append(w.Proposals, p)
	}
	return w, rows.Err()
}
