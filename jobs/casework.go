package jobs

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"

	"rollcall/jobs/cases"
	"rollcall/jobs/config"
	"rollcall/jobs/ledger"
	"rollcall/pipeline"
	"rollcall/pipeline/audit"
	"rollcall/pipeline/tables"
)

// casework reads what a run that is done proposes, for the ledger to take up, and
// adds the exits whose registration was reversed since. A pipeline that writes no
// proposals leaves the cases alone.
func casework(ctx context.Context, l *ledger.Ledger, job *config.Job, folder string, key audit.Key) (*ledger.Casework, error) {
	r, err := pipeline.Read(ctx, folder, nil, "proposal", "event", "mention", "identifier")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read proposals: %w", err)
	}
	defer r.Close()
	w := &ledger.Casework{Site: job.Site}
	if w.Proposals, err = proposals(ctx, r, key); err != nil {
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

// proposalQuery reads the lines of a run, each with the compared values of its two records.
func proposalQuery() string {
	return `
WITH wanted AS (
  SELECT mention_id FROM proposal WHERE right_values IS NOT NULL UNION SELECT other_mention_id FROM proposal WHERE right_values IS NOT NULL
), numbers AS (
  SELECT mention_id, ` + tables.WrittenNumbers + ` AS numbers FROM identifier SEMI JOIN wanted USING (mention_id) GROUP BY mention_id
), valued AS (
  SELECT m.mention_id, ` + tables.MentionTexts() + ` AS texts FROM mention m SEMI JOIN wanted USING (mention_id) LEFT JOIN numbers n ON n.mention_id = m.mention_id
)
SELECT p.case_id, p.kind, p.programme, coalesce(p.enrolment_id, ''), coalesce(p.mention_id, ''), coalesce(p.area_code, ''), coalesce(p.tier, ''),
  p.reason_code, coalesce(p.event_id, ''), coalesce(p.left_values, ''), coalesce(p.right_values, ''), a.texts, b.texts
FROM proposal p
LEFT JOIN valued a ON a.mention_id = p.other_mention_id AND p.right_values IS NOT NULL
LEFT JOIN valued b ON b.mention_id = p.mention_id AND p.right_values IS NOT NULL
ORDER BY p.case_id`
}

func proposals(ctx context.Context, r *pipeline.Reader, key audit.Key) (list []cases.Proposal, err error) {
	rows, err := r.Query(ctx, proposalQuery())
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var p cases.Proposal
		var left, right sql.NullString
		if err := rows.Scan(&p.CaseID, &p.Kind, &p.Programme, &p.EnrolmentID, &p.MentionID, &p.AreaCode, &p.Tier, &p.ReasonCode, &p.EventID, &p.LeftValues, &p.RightValues, &left, &right); err != nil {
			return nil, err
		}
		for _, side := range []struct {
			texts sql.NullString
			into  *string
			name  string
		}{{left, &p.LeftMarks, "left"}, {right, &p.RightMarks, "right"}} {
			if side.texts.Valid {
				*side.into = key.Marks(p.CaseID+"\n"+side.name, tables.SplitMentionTexts(side.texts.String))
			}
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
