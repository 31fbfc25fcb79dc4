package matchers

import (
	"context"

	"rollcall/matchers/block"
	"rollcall/matchers/kernel"
	"rollcall/matchers/model"
)

// GuessedRules are the rules that are chosen from the kinds of the columns.
func GuessedRules(left, right *File, spec model.Specification) ([]block.Rule, error) {
	r, err := start(left, right, spec, Options{})
	if err != nil {
		return nil, err
	}
	if err := r.block(); err != nil {
		return nil, err
	}
	return r.spec.Blocking, nil
}

// CandidateRecall is the share of the true pairs that the rules of a
// specification find.
func CandidateRecall(left, right *File, spec model.Specification, truth map[[2]string]bool) (float64, error) {
	r, err := start(left, right, spec, Options{})
	if err != nil {
		return 0, err
	}
	if err := r.block(); err != nil {
		return 0, err
	}
	// As large blocks of chosen rules are treated, whoever chose them.
	if r.plan, err = kernel.NewPlan(r.table, r.spec.Comparisons, r.spec.Blocking, block.Limit, 2); err != nil {
		return 0, err
	}
	if _, err := r.plan.Scan(context.Background(), kernel.Pass{Threads: 2, Count: true}); err != nil {
		return 0, err
	}
	rank := map[string]int32{}
	for at, row := range r.left.rows {
		rank[left.IDs[row]] = int32(at)
	}
	ranks := rank
	if right != nil {
		ranks = map[string]int32{}
		for at, row := range r.right.rows {
			ranks[right.IDs[row]] = int32(at)
		}
	}
	hits := 0
	for pair := range truth {
		if r.plan.First(rank[pair[0]], ranks[pair[1]]) >= 0 {
			hits++
		}
	}
	return float64(hits) / float64(len(truth)), nil
}
