package matchers

import (
	"math"

	"rollcall/matchers/assign"
	"rollcall/matchers/model"
)

// EM takes for matches some pairs that are not: brothers whose names are alike agree in
// all that a family shares, and bring the class of matches dates of birth that differ. What
// is surely one person by all other columns tells how a column looks in matches, whatever
// it says itself.
const (
	lookedAt      = 200_000 // pairs, for each comparison
	pairsExpected = 2       // of a level, that stand beside those that were counted
	relearnedBits = 3       // by which pairs may gain; those so far below the floor are kept until then
)

// relearns says that matches are learnt again once pairs are kept.
func (r *run) relearns() bool { return r.learns && !r.result.Assumed }

// learnMatches learns again, from the pairs that are surely one person without a
// comparison and that a rule without it finds, how the comparison looks in matches. Edges
// are scored anew.
func (r *run) learnMatches(edges []assign.Edge, patterns []uint32) {
	p, learnt := r.spec.Parameters, false
	levels := make([]float64, 0, len(r.spec.Comparisons))
	seen := r.sureLevels(edges, patterns)
	for c, counts := range seen {
		all := 0.0
		for _, n := range counts {
			all += n
		}
		if all < fewestFound {
			continue
		}
		levels = levels[:0]
		for j, n := range counts {
			m := p.Levels[c][j].M
			levels = append(levels, m*(n+pairsExpected)/(all*m+pairsExpected))
		}
		p.SetMatches(r.ladders[c], c, levels)
		learnt = true
	}
	if !learnt {
		return
	}
	r.scorer = model.NewScorer(p, r.ladders)
	if r.kinship != nil && !r.table.Same() {
		r.observeHouseholds()
	}
	logOdds := make([]float64, len(r.found.Patterns.Counts))
	for i := range logOdds {
		logOdds[i] = r.scorer.LogOdds(r.patternLevels(uint32(i)))
	}
	for i := range edges {
		edges[i].LogOdds = logOdds[patterns[i]]
	}
}

// sureLevels counts for each comparison its levels in pairs that are surely one person
// without it.
func (r *run) sureLevels(edges []assign.Edge, patterns []uint32) [][]float64 {
	counts := make([][]float64, len(r.spec.Comparisons))
	s := r.sureties(edges)
	for c := range counts {
		if len(r.ladders[c].Names) == 0 {
			continue // judged within another
		}
		counts[c] = make([]float64, len(r.ladders[c].Names))
		s.each(c, edges, patterns, func(_ assign.Edge, level uint8, sure float64) { counts[c][level] += sure })
	}
	return counts
}

// sureties finds pairs that are surely one person without a comparison.
type sureties struct {
	run           *run
	lefts, rights []float64 // odds of all pairs of each row
	agreement     []uint64
	levels        []uint8
	without       []float64 // odds by pattern
}

func (r *run) sureties(edges []assign.Edge) *sureties {
	width := len(r.spec.Comparisons)
	return &sureties{r, make([]float64, r.table.Left.Rows), make([]float64, r.table.Right.Rows), make([]uint64, width), make([]uint8, width), nil}
}

// each hands those of the edges to visit that are surely one person without a comparison,
// that have a value of it, and that a rule without it finds. In two files a pair stands
// beside the others of its two records.
func (s *sureties) each(c int, edges []assign.Edge, patterns []uint32, visit func(e assign.Edge, level uint8, sure float64)) {
	r := s.run
	s.without = s.without[:0]
	for pattern := range r.found.Patterns.Counts {
		copy(s.levels, r.patternLevels(uint32(pattern)))
		s.levels[c] = model.Missing
		s.without = append(s.without, math.Exp(min(r.scorer.LogOdds(s.levels), mostLogOdds)))
	}
	clear(s.lefts)
	clear(s.rights)
	if !r.table.Same() {
		for i, e := range edges {
			s.lefts[e.Left] += s.without[patterns[i]]
			s.rights[e.Right] += s.without[patterns[i]]
		}
	}
	for i := 0; i < len(edges); i += 1 + len(edges)/lookedAt {
		e, level, odds := edges[i], r.patternLevels(patterns[i])[c], s.without[patterns[i]]
		if model.Lacks(level) {
			continue
		}
		rivals := max(s.lefts[e.Left]-odds, 0) + max(s.rights[e.Right]-odds, 0)
		sure := odds / (1 + odds + rivals)
		if sure < surelyOne || r.table.Same() && r.table.Excluded(e.Left, e.Right) {
			continue
		}
		r.plan.Agreement(e.Left, e.Right, s.agreement)
		all := uint64(0)
		for other, keys := range s.agreement {
			if other != c {
				all |= keys
			}
		}
		if r.plan.Finds(all) {
			visit(e, level, sure)
		}
	}
}
