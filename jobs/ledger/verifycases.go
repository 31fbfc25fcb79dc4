package ledger

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"

	"rollcall/jobs/cases"
)

// compareCases holds the cases, their acts and the signatures under configurations
// against the log.
func (s *said) compareCases(ctx context.Context, q querier) ([]error, error) {
	var problems []error
	acts, err := collect(ctx, q, scanAct, selectAct+" ORDER BY job, case_id, version")
	if err != nil {
		return nil, err
	}
	batches := map[int64][]*caseAct{}
	for _, a := range acts {
		if a.Attempt != 0 || a.Person == "" {
			batches[a.Attempt] = append(batches[a.Attempt], a)
		}
		if a.Person == "" {
			continue
		}
		key := a.key()
		if !maps.Equal(s.acts[key], a.fields()) {
			problems = append(problems, fmt.Errorf("act %s is not what the log says of it", key))
		}
		delete(s.acts, key)
		if a.Proof.Key != "" {
			if err := a.Proof.Verify(); err != nil {
				problems = append(problems, fmt.Errorf("act %s: %w", key, err))
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(s.acts)) {
		problems = append(problems, fmt.Errorf("act %s is missing", key))
	}
	for _, attempt := range slices.Sorted(maps.Keys(batches)) {
		if s.batches[attempt] == nil {
			problems = append(problems, fmt.Errorf("the log knows nothing of what attempt %d did to cases", attempt))
		}
	}
	for _, attempt := range slices.Sorted(maps.Keys(s.batches)) {
		did := batches[attempt]
		slices.SortFunc(did, func(a, b *caseAct) int { return cmp.Compare(a.id, b.id) })
		if !maps.Equal(s.batches[attempt], attemptFields(attempt, did)) {
			problems = append(problems, fmt.Errorf("what attempt %d did to cases is not what the log says of it", attempt))
		}
	}
	more, err := compareFiles(ctx, q, acts)
	if err != nil {
		return nil, err
	}
	signed, err := s.compareSigned(ctx, q)
	return slices.Concat(problems, more, signed), err
}

func (a caseAct) key() string { return fmt.Sprintf("%s/%s/%d", a.job, a.caseID, a.version) }

// compareFiles makes each case again from its acts. acts are in the order of job,
// case and version.
func compareFiles(ctx context.Context, q querier, acts []*caseAct) ([]error, error) {
	files, err := collect(ctx, q, scanCase, selectCase+" ORDER BY job, case_id")
	if err != nil {
		return nil, err
	}
	var problems []error
	for _, file := range files {
		var c cases.Case
		for len(acts) > 0 && acts[0].job == file.Job && acts[0].caseID == file.CaseID {
			c = c.After(acts[0].Done)
			acts = acts[1:]
		}
		if c.State != file.State || c.Version != file.Version || c.Proposal != file.Proposal || !c.OpenedOn.Equal(file.OpenedOn) || !c.AnswerBy.Equal(file.AnswerBy) {
			problems = append(problems, fmt.Errorf("case %s/%s is not what its acts have made of it", file.Job, file.CaseID))
		}
	}
	return problems, nil
}

// compareSigned holds the signatures under configurations against the log.
func (s *said) compareSigned(ctx context.Context, q querier) ([]error, error) {
	type row struct {
		job, sum string
		Signature
	}
	rows, err := collect(ctx, q, func(rows *sql.Rows) (r row, err error) {
		var proof []byte
		var at sql.NullString
		if err := rows.Scan(&r.job, &r.sum, &r.Part, &r.Person, &proof, &at); err != nil {
			return r, err
		}
		return r, r.read(proof, at)
	}, "SELECT job, config_sha256, part, person, proof, recorded_at FROM configuration ORDER BY job, config_sha256, part")
	if err != nil {
		return nil, err
	}
	var problems []error
	for _, r := range rows {
		key := r.job + " " + r.sum + " " + r.Part
		if !maps.Equal(s.signed[key], r.fields(r.job, r.sum)) {
			problems = append(problems, fmt.Errorf("signature of configuration %s is not what the log says of it", key))
		}
		if r.Proof.Key != "" {
			if err := r.Proof.Verify(); err != nil {
				problems = append(problems, fmt.Errorf("signature of configuration %s: %w", key, err))
			}
		}
		delete(s.signed, key)
	}
	for _, key := range slices.Sorted(maps.Keys(s.signed)) {
		problems = append(problems, fmt.Errorf("signature of configuration %s is missing", key))
	}
	return problems, nil
}
