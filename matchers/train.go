package matchers

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"math/bits"
	"runtime"
	"slices"
	"strings"

	"rollcall/matchers/block"
	"rollcall/matchers/kernel"
	"rollcall/matchers/model"
)

// floorProbability is the least probability that pairs are kept from. All that are
// kept compete for their records and are reported, so that what was decided can be
// decided again from the report.
const floorProbability = 0.01

const floorLogOdds = -4.59511985013459 // ln(0.01 / 0.99)

// wideRows is the size from which blocking has half the budget.
const wideRows = 200_000

// Bounds on memory: what is kept of a pair takes keptBytes, and pairs may take
// a quarter of what the caller allows.
const (
	keptBytes          = 12
	keptShare          = 4
	defaultMemoryBytes = 2 << 30
)

// familyGaps is how many blocking rules there may be beside the best, where the files
// name relatives: the many rules by parents' names find nothing of those who name none,
// such as the dead.
const familyGaps = 24

// givenBlockPairs is the largest block, in pairs, of a rule that the
// specification gives; larger ones are cut apart.
const givenBlockPairs = 4_000_000

// run is one linkage or deduplication under way.
type run struct {
	opt         Options
	left, right ordering // right has no file when there is one only
	table       *kernel.Table
	plan        *kernel.Plan
	spec        model.Specification
	found       *kernel.Found
	scorer      *model.Scorer
	ladders     []model.Ladder
	kinship     *kinship                                          // nil where families and households are not known
	listings    *listings                                         // nil where lives are not known
	learns      bool                                              // the model is trained on these files
	given       bool                                              // the specification brings its blocking rules
	survey      func(accepted int, sizes []float64, joins joiner) // when not nil, is told what was accepted, still by rank
	wholes      []int32                                           // by left rank: the person of whom it is a part; nil where none were put together
	rightWholes []int32                                           // the same of the right file
	result      *Result
}

// start checks the input and brings the files into one code space.
func start(left, right *File, spec model.Specification, opt Options) (*run, error) {
	if len(spec.Comparisons) == 0 {
		return nil, errors.New("comparisons: there are none")
	}
	if spec.Threshold == 0 {
		spec.Threshold = model.DefaultThreshold
	}
	if spec.Threshold < 0 || spec.Threshold > 1 {
		return nil, fmt.Errorf("threshold: %g is no probability", spec.Threshold)
	}
	if opt.Threads <= 0 {
		opt.Threads = runtime.GOMAXPROCS(0)
	}
	if opt.MemoryBytes <= 0 {
		opt.MemoryBytes = defaultMemoryBytes
	}
	r := &run{opt: opt, result: &Result{}, left: order(left)}
	leftInput, err := r.left.input(spec.Comparisons, func(c model.Comparison) string { return c.Left })
	if err != nil {
		return nil, fmt.Errorf("left file: %w", err)
	}
	var rightInput *kernel.Input
	if right != nil {
		r.right = order(right)
		if rightInput, err = r.right.input(spec.Comparisons, func(c model.Comparison) string { return c.Right }); err != nil {
			return nil, fmt.Errorf("right file: %w", err)
		}
	}
	if spec.Parameters == nil {
		spec.Frozen = nil
	} else if spec.Frozen != nil {
		for _, c := range spec.Comparisons {
			leftInput.Frozen = append(leftInput.Frozen, spec.Frozen.Comparison(c.Name))
		}
	}
	r.progress("encode", 0, 1)
	r.table, spec.Comparisons, err = kernel.Encode(spec.Comparisons, leftInput, rightInput, spec.Parameters != nil, opt.Threads)
	if err != nil {
		return nil, err
	}
	r.kinship = newKinship(r.left, r.right, spec.Comparisons)
	r.listings = newListings(r.left, r.right)
	r.left.file, r.right.file = nil, nil
	if r.table.Settled > 0 {
		r.warn("%d records have a family name alone in the column of given names, or the reverse; it is compared as what it is", r.table.Settled)
	}
	if spec.Parameters != nil {
		r.table.SetNicknames(spec.Parameters.Nicknames)
	}
	r.spec = spec
	return r, nil
}

func (r *run) progress(stage string, done, total int64) {
	if r.opt.Progress != nil {
		r.opt.Progress(stage, done, total)
	}
}

func (r *run) warn(format string, args ...any) {
	if text := fmt.Sprintf(format, args...); !slices.Contains(r.result.Warnings, text) {
		r.result.Warnings = append(r.result.Warnings, text)
	}
}

// prepare makes the rules and the model ready; blocked, unless nil, is told then.
func (r *run) prepare(ctx context.Context, blocked func(*run) error) error {
	if err := r.block(); err != nil {
		return err
	}
	if err := r.train(ctx); err != nil {
		return err
	}
	if err := r.learnRules(ctx); err != nil || blocked == nil {
		return err
	}
	return blocked(r)
}

// block makes the rules ready: those given, or else rules chosen from the kinds
// of the columns.
func (r *run) block() error {
	if r.given = r.spec.Blocking != nil; !r.given {
		budget := r.budget()
		if r.kinship != nil && !r.table.Same() {
			budget.Gaps = familyGaps
		}
		r.progress("choose blocking", 0, 1)
		rules, err := r.table.Choose(r.spec.Comparisons, budget, r.opt.Threads)
		if err != nil {
			return fmt.Errorf("choose blocking: %w", err)
		}
		if len(rules) == 0 {
			r.warn("no blocking rule is cheap enough: the columns tell too few records apart")
		}
		r.spec.Blocking = rules
	}
	// Rules that come with a trained model are those that were chosen with it.
	return r.ready(r.given && r.spec.Parameters == nil)
}

// ready makes the rules of the specification ready, those that somebody wrote with
// larger blocks.
func (r *run) ready(written bool) (err error) {
	limit := block.Limit
	if written {
		limit = func(int64) int64 { return givenBlockPairs }
	}
	if r.plan, err = kernel.NewPlan(r.table, r.spec.Comparisons, r.spec.Blocking, limit, r.opt.Threads); err != nil {
		return err
	}
	if r.spec.Frozen != nil {
		r.plan.Thaw(r.spec.Frozen)
	}
	return nil
}

// train learns the model from the patterns of candidate pairs, or takes the
// parameters that the specification brings.
func (r *run) train(ctx context.Context) error {
	ladders, err := model.Ladders(r.spec.Comparisons)
	if err != nil {
		return err
	}
	r.ladders = ladders
	if known := r.spec.Parameters; known != nil {
		return r.adopt(known, ladders)
	}
	evidence := r.evidence(ladders)
	untrained := model.Start(evidence)
	doubtful := bound(model.NewScorer(&untrained, ladders), doubtfulLogOdds)
	doubtful.Halvings = doubtfulHalvings
	learnt, err := r.plan.Scan(ctx, kernel.Pass{
		Threads: r.opt.Threads, Bound: doubtful, Halvings: r.halvings(),
		Progress: func(done, total int64) { r.progress("learn", done, total) },
	})
	if err != nil {
		return fmt.Errorf("learn: %w", err)
	}
	evidence.Patterns = learnt.Patterns
	r.progress("train", 0, 1)
	training, err := model.Train(ctx, evidence, r.opt.Threads)
	if err != nil {
		return err
	}
	r.spec.Parameters, r.learns = &training.Parameters, true
	r.result.Rounds, r.result.Converged = len(training.Trace), training.Converged
	r.result.Trace, r.result.Assumed = training.Trace, training.Assumed
	r.result.Warnings = append(r.result.Warnings, training.Warnings...)
	r.scorer = model.NewScorer(r.spec.Parameters, ladders)
	switch {
	case r.kinship == nil:
	case r.table.Same():
		r.shareRelatives()
		r.observeSiblings()
	default:
		r.observeHouseholds()
	}
	return nil
}

// adopt takes a trained model, and fills in levels that it does not know.
func (r *run) adopt(known *model.Parameters, ladders []model.Ladder) error {
	fitted, absent, err := known.Fit(r.spec.Comparisons, ladders)
	if err != nil {
		return err
	}
	if len(absent) > 0 {
		fitted.Fill(absent, r.evidence(ladders))
	}
	for _, a := range absent {
		name, level := r.spec.Comparisons[a.Comparison].Name, fitted.Levels[a.Comparison][a.Level]
		r.warn("parameters.levels.%s: the model has no level %q; it counts as training would begin, %.3g of matches and %.3g of other pairs, %+.1f bits",
			name, level.Name, level.M, level.U, level.Bits)
	}
	r.spec.Parameters = fitted
	r.scorer = model.NewScorer(fitted, ladders)
	return nil
}

// learningRows is from how many rows on half of the pairs are enough to learn
// from, from twice as many a quarter, and so on.
const learningRows = 100_000

// halvings says how often the pairs to learn from are halved.
func (r *run) halvings() int {
	return bits.Len(uint(max(r.table.Left.Rows, r.table.Right.Rows) / learningRows))
}

// compare keeps the candidate pairs above the floor; where memory does not hold
// them, only the best.
func (r *run) compare(ctx context.Context) error {
	cut := r.floor()
	if r.relearns() {
		cut -= relearnedBits * math.Ln2
	}
	if err := r.scan(ctx, cut); err != nil || !r.found.Overflow {
		return err
	}
	cut = r.affordable()
	r.warn("memory holds no more than %d pairs: those below a match probability of %.3g are left out", r.maxKept(), model.Probability(cut))
	return r.scan(ctx, cut)
}

// floor is the log odds from which pairs are kept: relatives may bring back those
// that are less likely.
func (r *run) floor() float64 {
	if r.kinship != nil {
		return logit(growFrom)
	}
	return floorLogOdds
}

// scan compares all candidates and keeps the pairs above the cut.
func (r *run) scan(ctx context.Context, cut float64) error {
	found, err := r.plan.Scan(ctx, kernel.Pass{
		Threads: r.opt.Threads, Bound: r.bound(cut), MaxKept: r.maxKept(),
		Keep: func(levels []uint8) bool { return r.worth(levels, cut) }, Twice: true,
		Progress: func(done, total int64) { r.progress("compare", done, total) },
	})
	if err != nil {
		return fmt.Errorf("compare: %w", err)
	}
	r.found = found
	return nil
}

// maxKept is how many pairs memory holds.
func (r *run) maxKept() int { return int(r.opt.MemoryBytes / keptShare / keptBytes) }

// affordable is the log odds above which memory holds all pairs.
func (r *run) affordable() float64 {
	type pattern struct {
		logOdds float64
		pairs   int64
	}
	patterns := make([]pattern, len(r.found.Patterns.Counts))
	for i, n := range r.found.Patterns.Counts {
		patterns[i] = pattern{r.scorer.LogOdds(r.patternLevels(uint32(i))), n}
	}
	slices.SortStableFunc(patterns, func(a, b pattern) int { return cmp.Compare(b.logOdds, a.logOdds) })
	room := int64(r.maxKept())
	for _, p := range patterns {
		if room -= p.pairs; room < 0 {
			return p.logOdds
		}
	}
	return floorLogOdds
}

// evidence is what training needs besides the patterns.
func (r *run) evidence(ladders []model.Ladder) model.Evidence {
	share := math.Ldexp(1, -r.halvings())
	e := model.Evidence{
		Ladders: ladders, AllPairs: max(r.table.AllPairs()*share, 1),
		Records: float64(min(r.table.Left.Rows, r.table.Right.Rows)) * share,
	}
	r.progress("sample", 0, 1)
	random := r.table.RandomLevels(r.opt.Threads)
	e.U = make([][]float64, len(ladders))
	for i, l := range ladders {
		if len(l.Names) > 0 {
			e.U[i] = model.Chance(l, r.table.ExactChance(i), random[i])
		}
	}
	return e
}

// Pairs below doubtfulLogOdds are most of all and tell no more than how strangers
// look: they are halved so often before they are learnt from.
const (
	doubtfulLogOdds  = -8.0
	doubtfulHalvings = 3
)

// roundingError is more than sums of weights in different orders differ by.
const roundingError = 1e-9

// bound is what pairs must pass to have log odds above the cut.
func bound(scorer *model.Scorer, cut float64) *kernel.Bound {
	start, weights := scorer.Ceiling()
	return &kernel.Bound{Start: start, Weights: weights, Least: cut - roundingError}
}

// complete copies into the result what all runs end with.
func (r *run) complete() *Result {
	if r.spec.Frozen == nil {
		r.spec.Frozen = r.plan.Freeze(r.spec.Comparisons)
	}
	r.result.Specification = r.spec
	r.result.Unlinkable[0] = r.unlinkable(false)
	if r.result.Unlinkable[1] = r.result.Unlinkable[0]; !r.table.Same() {
		r.result.Unlinkable[1] = r.unlinkable(true)
	}
	r.result.Candidates, r.result.RulePairs = r.found.Candidates, r.found.RulePairs
	if r.given {
		r.result.RuleDropped = r.found.Dropped
		r.result.RuleRefined = make([][]string, len(r.spec.Blocking))
		for rule := range r.spec.Blocking {
			for _, field := range r.plan.RefinedBy(rule) {
				r.result.RuleRefined[rule] = append(r.result.RuleRefined[rule], r.spec.Comparisons[field].Name)
			}
		}
		r.warnDropped()
	}
	return r.result
}

// warnDropped says once what the given rules leave out.
func (r *run) warnDropped() {
	rules, left := 0, int64(0)
	var by []string
	for rule, pairs := range r.found.Dropped {
		if pairs > 0 {
			rules, left = rules+1, left+pairs
			by = append(by, r.result.RuleRefined[rule]...)
		}
	}
	if rules == 0 {
		return
	}
	slices.Sort(by)
	cut := "left out, as no further column cuts them apart"
	if by = slices.Compact(by); len(by) > 0 {
		cut = "cut apart by further columns (" + strings.Join(by, ", ") + ")"
	}
	r.warn("the very large blocks of %d of %d blocking rules were %s: at most %d pairs are not compared that no other rule may have found; a further column in such a rule makes its blocks smaller",
		rules, len(r.found.Dropped), cut, left)
}
