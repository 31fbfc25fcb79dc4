package matchers

import (
	"math"
	"math/bits"

	"rollcall/matchers/assign"
	"rollcall/matchers/block"
	"rollcall/matchers/model"
)

// Records of one person often lack the same values: a form did not ask, or one
// record was copied from the other. That this is so is shown by pairs that other
// columns make sure of and that rules without the column find; a rule with it finds
// no pair that lacks it. It must show under two rules of different columns, and under
// none the contrary. Numbers and addresses that people have or have not weigh nothing
// where they lack: that depends on age and place, which are compared by themselves.
const (
	surelyOne    = 0.99   // match probability by the other columns
	lackingPairs = 20_000 // that are looked at
	fewestFound  = 100    // of them by a rule, to be heard
	fewestLacked = 10     // that lack the value on both sides, or would by chance
	leastOdds    = 2.0    // odds ratio
)

// Lacking is what the pairs that are surely one person tell of a comparison's
// missing values: how much oftener both records lack it than would be by chance, as
// an odds ratio, on how many pairs, by the rule where it shows least.
type Lacking struct {
	Comparison int
	Pairs      float64
	Odds       float64
	Shown      bool // and so missing values weigh something
}

// presence counts pairs by which of the two records lacks a value.
type presence [2][2]float64

func (p *presence) pairs() float64 { return p[0][0] + p[0][1] + p[1][0] + p[1][1] }

// byChance are the pairs that would lack both, if the one record did not know of the
// other.
func (p *presence) byChance() float64 {
	return (p[1][0] + p[1][1]) * (p[0][1] + p[1][1]) / max(p.pairs(), 1)
}

func (p *presence) odds() float64 {
	return (p[0][0] + .5) * (p[1][1] + .5) / ((p[0][1] + .5) * (p[1][0] + .5))
}

// gain is the logarithm of the likelihood ratio of the counts against chance.
func (p *presence) gain() float64 {
	n, sum := p.pairs(), 0.0
	for i, row := range p {
		for j, both := range row {
			if both > 0 {
				sum += both * math.Log(both*n/((p[i][0]+p[i][1])*(p[0][j]+p[1][j])))
			}
		}
	}
	return sum
}

// weights in bits, against chance.
func (p *presence) weights() model.MissingWeights {
	n, chance := p.pairs(), p.byChance()
	one, both := p[0][1]+p[1][0], p[1][1]
	oneByChance := 2*both + one - 2*chance // of all that one or both lack
	against := func(seen, chance float64) float64 { return math.Log2((seen + chance/n) / (chance + chance/n)) }
	return model.MissingWeights{
		One:  max(min(against(one, oneByChance), 0), -model.MostMissingBits),
		Both: min(max(against(both, chance), 0), model.MostMissingBits),
	}
}

// learnMissing finds out of each comparison whether missing values tell something.
func (r *run) learnMissing(edges []assign.Edge, patterns []uint32) {
	width := len(r.spec.Comparisons)
	counts := r.countMissing(edges, patterns)
	learnt := make([]model.MissingWeights, width)
	any := false
	for c := range width {
		l, w, heard := r.lackingOf(c, counts[c])
		if !heard {
			continue
		}
		r.result.Lacking = append(r.result.Lacking, l)
		if l.Shown {
			learnt[c], any = w, true
		}
	}
	if !any {
		return
	}
	r.spec.Parameters.Missing = learnt
	r.scorer = model.NewScorer(r.spec.Parameters, r.ladders)
}

// countMissing counts the pairs by comparison and by rule without it.
func (r *run) countMissing(edges []assign.Edge, patterns []uint32) [][]presence {
	width := len(r.spec.Comparisons)
	counts := make([][]presence, width)
	for c := range counts {
		counts[c] = make([]presence, len(r.spec.Blocking))
	}
	var sure []int
	for i, e := range edges {
		if e.LogOdds >= 0 {
			sure = append(sure, i)
		}
	}
	step := max(1, len(sure)/lackingPairs)
	agreement, levels := make([]uint64, width), make([]uint8, width)
	for at := 0; at < len(sure); at += step {
		e := edges[sure[at]]
		r.plan.Agreement(e.Left, e.Right, agreement)
		all := uint64(0)
		for _, keys := range agreement {
			all |= keys
		}
		copy(levels, r.patternLevels(patterns[sure[at]]))
		for c := range width {
			if len(r.ladders[c].Names) == 0 {
				continue // judged within another
			}
			level := levels[c]
			levels[c] = model.Missing
			p := model.Probability(r.scorer.LogOdds(levels))
			levels[c] = level
			if p < surelyOne {
				continue
			}
			left, right := r.table.Lacks(e.Left, e.Right, c)
			for rules := r.plan.Finders(all &^ agreement[c]); rules != 0; rules &= rules - 1 {
				counts[c][bits.TrailingZeros64(rules)].add(left, right, p, r.table.Same())
			}
		}
	}
	return counts
}

// add counts a pair; which record of one file comes first says nothing.
func (p *presence) add(left, right bool, weight float64, same bool) {
	l, r := place(left), place(right)
	if same {
		weight /= 2
		p[r][l] += weight
	}
	p[l][r] += weight
}

// place is where pairs are counted of which a record lacks the value, or has it.
func place(lacks bool) int {
	if lacks {
		return 1
	}
	return 0
}

// lackingOf judges a comparison by its counts under each rule; heard says that there
// were enough pairs to tell anything.
func (r *run) lackingOf(c int, byRule []presence) (l Lacking, w model.MissingWeights, heard bool) {
	l = Lacking{Comparison: c, Odds: math.Inf(1), Shown: true}
	w = model.MissingWeights{One: -model.MostMissingBits, Both: model.MostMissingBits}
	var columns []map[string]bool
	for rule := range byRule {
		p := &byRule[rule]
		if p.pairs() < fewestFound || max(p[1][1], p.byChance()) < fewestLacked {
			continue
		}
		columns = append(columns, columnsOf(r.spec.Blocking[rule]))
		shows := p.weights()
		w.One, w.Both = max(w.One, shows.One), min(w.Both, shows.Both)
		l.Shown = l.Shown && p.odds() >= leastOdds && p.gain() > math.Log(p.pairs())/2
		if p.odds() < l.Odds {
			l.Odds, l.Pairs = p.odds(), p.pairs()
		}
	}
	switch r.ladders[c].Kind {
	case model.Identifier, model.Phone, model.Email:
		l.Shown = false
	}
	l.Shown = l.Shown && different(columns)
	return l, w, len(columns) > 0
}

// columnsOf are the columns of a rule.
func columnsOf(rule block.Rule) map[string]bool {
	columns := map[string]bool{}
	for _, key := range rule {
		columns[key.Column] = true
	}
	return columns
}

// different says that there are two of which each has a column that the other lacks.
func different(columns []map[string]bool) bool {
	beyond := func(a, b map[string]bool) bool {
		for column := range a {
			if !b[column] {
				return true
			}
		}
		return false
	}
	for i, a := range columns {
		for _, b := range columns[:i] {
			if beyond(a, b) && beyond(b, a) {
				return true
			}
		}
	}
	return false
}

// withMissing counts what missing values weigh into edges, and leaves out those that
// then lie below the floor.
func (r *run) withMissing(edges []assign.Edge, patterns []uint32) ([]assign.Edge, []uint32) {
	if len(r.spec.Parameters.Missing) == 0 {
		return edges, patterns
	}
	type scored struct {
		pattern uint32
		logOdds float64
	}
	known := map[string]scored{} // by their levels
	levels := make([]uint8, len(r.spec.Comparisons))
	kept, floor := 0, r.floor()
	for i, e := range edges {
		copy(levels, r.patternLevels(patterns[i]))
		r.table.MarkMissing(r.spec.Parameters, e.Left, e.Right, levels)
		marked, ok := known[string(levels)]
		if !ok {
			marked = scored{r.addPattern(levels), r.scorer.LogOdds(levels)}
			known[string(levels)] = marked
		}
		if e.LogOdds = marked.logOdds; e.LogOdds <= floor {
			continue
		}
		edges[kept], patterns[kept] = e, marked.pattern
		kept++
	}
	return edges[:kept], patterns[:kept]
}
