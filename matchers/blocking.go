package matchers

import (
	"context"
	"fmt"

	"rollcall/matchers/block"
	"rollcall/matchers/kernel"
	"rollcall/matchers/model"
	"rollcall/matchers/quality"
)

// drawnPairs is how many pairs of one person are drawn to judge blocking by.
const drawnPairs = 40_000

// proposedWalk is what a rule costs before it finds a pair, in candidate pairs a record,
// where somebody says what the pairs may cost: many rules of few pairs keep to that best.
const proposedWalk = 0.5

// surveyKeys draws pairs of records of one person from what the accepted pairs teach,
// and notes on which keys each agrees.
func (r *run) surveyKeys(keys *kernel.Keys, drawn *block.Drawn) {
	masks, ok := block.Masks(r.spec.Blocking, keys.Keys)
	if !ok {
		return
	}
	r.survey = func(accepted int, sizes []float64, joins joiner) {
		width := len(r.spec.Comparisons)
		of := keysByColumn(keys, width)
		see := func(left, right int32) []uint64 {
			agreement := keys.Agreement(left, right)
			out := make([]uint64, width)
			for field := range out {
				out[field] = agreement & of[field]
			}
			return out
		}
		finds := func(agreement uint64) bool {
			for _, mask := range masks {
				if agreement&mask == mask {
					return true
				}
			}
			return false
		}
		seen, states := r.seen(accepted, sizes, joins, sight{logit(r.spec.Threshold), see, finds})
		rows, weights := quality.Pairs(seen, drawnPairs)
		drawn.Weights = weights
		for ; len(rows) > 0; rows = rows[width:] {
			var agreement uint64
			for c, code := range rows[:width] {
				agreement |= states[c][code].keys
			}
			drawn.Agreement = append(drawn.Agreement, agreement)
		}
	}
}

// maxKeys is how many keys fit in a word.
const maxKeys = 64

// surveyed are the keys that rules are chosen from and those of the rules at hand.
func surveyed(comparisons []model.Comparison, rules []block.Rule) []block.Key {
	keys := kernel.ChoiceKeys(comparisons)
	for _, rule := range rules {
		for _, key := range rule {
			if _, known := block.Masks([]block.Rule{{key}}, keys); !known {
				keys = append(keys, key)
			}
		}
	}
	return keys[:min(len(keys), maxKeys)]
}

// Blocking is what blocking rules find and cost.
type Blocking struct {
	Specification model.Specification // with the rules
	Proposed      bool                // the rules were searched for
	Rules         []BlockingRule
	AllPairs      float64 // that could be one person
	Candidates    int64
	Compared      int64 // pairs that were compared to learn what the rules find
	Expected      bool  // what the rules find of the true pairs could be estimated
}

// BlockingRule is one rule of several.
type BlockingRule struct {
	Rule         block.Rule
	Found, Added int64    // pairs that it finds, and those that no earlier rule finds
	TooLarge     int64    // pairs in blocks that were too large
	RefinedBy    []string // comparisons by whose values those were cut apart
	LeftOut      int64    // pairs that this left out
	Expected     block.Expected
	Largest      []kernel.Block
}

// SurveyBlocking says what blocking rules find and cost: those of the
// specification, or those chosen for it, or, with pairsPerRecord above 0, those of
// about so many candidate pairs a record that are expected to find the most true
// pairs. What they find of the true pairs is learnt from the links that the rules
// at hand lead to. right is nil for one file.
func SurveyBlocking(ctx context.Context, left, right *File, spec model.Specification, opt Options, pairsPerRecord float64) (*Blocking, error) {
	var drawn block.Drawn
	var keys *kernel.Keys
	r, err := linked(ctx, left, right, spec, opt, func(r *run) (err error) {
		if keys, err = r.table.NewKeys(r.spec.Comparisons, surveyed(r.spec.Comparisons, r.spec.Blocking)); err == nil {
			r.surveyKeys(keys, &drawn)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	out := &Blocking{AllPairs: r.table.AllPairs(), Compared: r.found.Candidates, Expected: len(drawn.Weights) > 0}
	if pairsPerRecord > 0 && out.Expected {
		budget := block.Wide
		budget.Rules, budget.Walk, budget.Total, out.Proposed = learntRules, proposedWalk, pairsPerRecord, true
		r.progress("search", 0, 1)
		if r.spec.Blocking, err = r.table.Search(r.spec.Comparisons, drawn, budget, r.opt.Threads); err != nil {
			return nil, fmt.Errorf("search blocking: %w", err)
		}
		if r.plan, err = kernel.NewPlan(r.table, r.spec.Comparisons, r.spec.Blocking, block.Limit, r.opt.Threads); err != nil {
			return nil, err
		}
	}
	out.Specification = r.spec
	if masks, ok := block.Masks(r.spec.Blocking, keys.Keys); ok && out.Expected {
		out.Rules = make([]BlockingRule, len(masks))
		for i, expected := range drawn.Expect(masks) {
			out.Rules[i].Expected = expected
		}
	}
	return out, r.count(ctx, out)
}

// count fills in how many pairs the rules find.
func (r *run) count(ctx context.Context, out *Blocking) error {
	found, err := r.plan.Scan(ctx, kernel.Pass{
		Threads: r.opt.Threads, Count: true,
		Progress: func(done, total int64) { r.progress("count", done, total) },
	})
	if err != nil {
		return fmt.Errorf("count pairs: %w", err)
	}
	r.progress("count", 1, 1)
	out.Candidates = found.Candidates
	if out.Rules == nil {
		out.Rules = make([]BlockingRule, len(r.spec.Blocking))
	}
	for i := range out.Rules {
		rule := &out.Rules[i]
		rule.Rule, rule.Found, rule.Added = r.spec.Blocking[i], found.RuleFound[i], found.RulePairs[i]
		rule.TooLarge, rule.LeftOut, rule.Largest = found.Refined[i], found.Dropped[i], found.Largest[i]
		for _, field := range r.plan.RefinedBy(i) {
			rule.RefinedBy = append(rule.RefinedBy, r.spec.Comparisons[field].Name)
		}
	}
	return nil
}

// linked is link for two files and dedupe for one, whose right is nil.
func linked(ctx context.Context, left, right *File, spec model.Specification, opt Options, blocked func(*run) error) (*run, error) {
	if right == nil {
		return dedupe(ctx, left, spec, opt, blocked)
	}
	return link(ctx, left, right, spec, opt, blocked)
}
