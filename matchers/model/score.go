package model

import (
	"fmt"
	"math"
)

// kind of pair, as the index of its class.
const (
	match      = iota
	household  // two people of one household
	kin        // relatives who live apart: alike in what a family shares, not in where they live
	namesakes  // strangers of one community, alike in their names and their parents'
	neighbours // such strangers of one place
	borrowed   // strangers of whom one bears the other's identifier
	unrelated
	classes
)

// mixture is the classes of pairs: the share that each has of all pairs, and by
// comparison and level how often the level comes about in it.
type mixture struct {
	share [classes]float64
	p     [classes][][]float64
}

func (mix *mixture) parameters(ladders []Ladder) Parameters {
	p := Parameters{
		Prior: mix.share[match], Household: mix.share[household], Kin: mix.share[kin],
		Namesakes: mix.share[namesakes], Neighbours: mix.share[neighbours], Borrowed: mix.share[borrowed],
		Levels: make([][]Level, len(ladders)),
	}
	for i, l := range ladders {
		p.Levels[i] = make([]Level, len(l.Names))
		for j, name := range l.Names {
			m, u := mix.p[match][i][j], mix.p[unrelated][i][j]
			p.Levels[i][j] = Level{Name: name, M: m, U: u, Bits: math.Log2(m / u)}
			for c, to := range p.Levels[i][j].others() {
				if mix.share[c] > 0 {
					*to = mix.p[c][i][j]
				}
			}
		}
	}
	return p
}

// others are the probabilities of a level in the classes between matches and
// strangers.
func (l *Level) others() map[int]*float64 {
	return map[int]*float64{household: &l.H, kin: &l.K, namesakes: &l.N, neighbours: &l.V}
}

// shares of all classes.
func (p *Parameters) shares() [classes]float64 {
	s := [classes]float64{match: p.Prior, household: p.Household, kin: p.Kin, namesakes: p.Namesakes, neighbours: p.Neighbours, borrowed: p.Borrowed}
	s[unrelated] = 1
	for _, share := range s[:unrelated] {
		s[unrelated] -= share
	}
	return s
}

// mixture is the classes that the parameters tell of.
func (p *Parameters) mixture(ladders []Ladder) *mixture {
	mix := &mixture{share: p.shares()}
	for c := range mix.p {
		mix.p[c] = make([][]float64, len(p.Levels))
	}
	for i, levels := range p.Levels {
		for _, level := range levels {
			mix.p[match][i] = append(mix.p[match][i], level.M)
			mix.p[unrelated][i] = append(mix.p[unrelated][i], level.U)
			for c, p := range level.others() {
				mix.p[c][i] = append(mix.p[c][i], *p)
			}
		}
	}
	mix.borrow(ladders)
	return mix
}

// borrow makes those with one identifier like matches in it and like strangers
// in all else.
func (mix *mixture) borrow(ladders []Ladder) {
	for i, l := range ladders {
		mix.p[borrowed][i] = mix.p[unrelated][i]
		if l.Kind == Identifier {
			mix.p[borrowed][i] = mix.p[match][i]
		}
	}
}

// Check says whether the parameters fit the comparisons: the levels of this
// program, in its order, with probabilities that are above 0.
func (p *Parameters) Check(comparisons []Comparison, ladders []Ladder) error {
	fitted, absent, err := p.Fit(comparisons, ladders)
	if err != nil {
		return err
	}
	if len(absent) > 0 {
		a := absent[0]
		return &FieldError{"parameters.levels." + comparisons[a.Comparison].Name, fmt.Sprintf("has no level %q", ladders[a.Comparison].Names[a.Level])}
	}
	for i := range p.Levels {
		for j := range p.Levels[i] {
			if p.Levels[i][j].Name != fitted.Levels[i][j].Name {
				return &FieldError{fmt.Sprintf("parameters.levels.%s[%d].level", comparisons[i].Name, j), fmt.Sprintf("is %q where %q belongs", p.Levels[i][j].Name, fitted.Levels[i][j].Name)}
			}
		}
	}
	return nil
}

// Scorer turns levels into weights.
type Scorer struct {
	shares    [classes]float64 // natural logarithms
	levels    [][classes]float64
	offsets   []int // of each comparison in levels
	priorOdds float64
	missing   [][2][classes]float64 // by comparison, of BothMissing and OneMissing; nil: they weigh nothing
}

// NewScorer prepares parameters for the comparisons that they belong to.
func NewScorer(p *Parameters, ladders []Ladder) *Scorer {
	s := newScorer(p.mixture(ladders))
	for i, w := range p.Missing {
		var logs [2][classes]float64
		for k := range logs {
			nats := w.bits(uint8(BothMissing+k)) * math.Ln2
			logs[k][match] = nats
			if ladders[i].Shared { // what relatives share they lack together
				logs[k][household], logs[k][kin] = nats, nats
			}
		}
		s.missing = append(s.missing, logs)
	}
	return s
}

func newScorer(mix *mixture) *Scorer {
	prior := max(mix.share[match], tiny)
	s := &Scorer{priorOdds: math.Log(prior) - math.Log1p(-prior)}
	for c, share := range mix.share {
		s.shares[c] = math.Log(max(share, tiny))
	}
	for i := range mix.p[match] {
		s.offsets = append(s.offsets, len(s.levels))
		for j := range mix.p[match][i] {
			var logs [classes]float64
			for c := range logs {
				logs[c] = math.Log(max(mix.p[c][i][j], tiny))
			}
			s.levels = append(s.levels, logs)
		}
	}
	return s
}

// joint is for each class the logarithm of the share that pairs of the class
// with those levels have of all pairs.
func (s *Scorer) joint(levels []uint8) [classes]float64 {
	sum := s.shares
	for i, level := range levels {
		if !Lacks(level) {
			logs := &s.levels[s.offsets[i]+int(level)]
			for c := range sum {
				sum[c] += logs[c]
			}
		}
	}
	if s.missing != nil {
		lacks := s.lacks(levels)
		addTo(&sum, &lacks)
	}
	return sum
}

// lacks is what the missing values of a pair bring to each class.
func (s *Scorer) lacks(levels []uint8) [classes]float64 {
	var sum [classes]float64
	for i, level := range levels {
		if level == BothMissing || level == OneMissing {
			addTo(&sum, &s.missing[i][level-BothMissing])
		}
	}
	const most = MostMissingTogether * math.Ln2
	for c := range sum {
		sum[c] = max(min(sum[c], most), -most)
	}
	return sum
}

// negligible is how far below the greatest a logarithm may lie before its
// exponential adds nothing to the sum.
const negligible = -25.0

// LogOdds is the natural logarithm of the odds that a pair with those levels
// matches.
func (s *Scorer) LogOdds(levels []uint8) float64 { return s.LogOddsWith(levels, 0, 0) }

// LogOddsWith is LogOdds with further evidence, in natural logarithms of how much
// likelier it is than among strangers: for matches, and for two people of one
// household or family.
func (s *Scorer) LogOddsWith(levels []uint8, same, inHousehold float64) float64 {
	joint := s.joint(levels)
	joint[match] += same
	joint[household] += inHousehold
	joint[kin] += inHousehold
	return oddsOf(&joint)
}

// oddsOf is the logarithm of what matches have against all others.
func oddsOf(joint *[classes]float64) float64 {
	top := joint[unrelated]
	for _, l := range joint[match+1:] {
		top = max(top, l)
	}
	sum := 0.0
	for _, l := range joint[match+1:] {
		if l-top > negligible {
			sum += math.Exp(l - top)
		}
	}
	return joint[match] - top - math.Log(sum)
}

// PooledLogOdds is LogOdds of several pairs that are one question, whether two clusters
// are one person: of each comparison the mean over the pairs that know it, as if they
// were one.
func (s *Scorer) PooledLogOdds(pairs [][]uint8) float64 {
	joint := s.shares
	for i, offset := range s.offsets {
		var sum [classes]float64
		known := 0.0
		for _, levels := range pairs {
			if level := levels[i]; !Lacks(level) {
				addTo(&sum, &s.levels[offset+int(level)])
				known++
			}
		}
		if known > 0 {
			for c := range joint {
				joint[c] += sum[c] / known
			}
		}
	}
	return oddsOf(&joint)
}

// shareOut is the logarithm of what the classes have together, and the shares of
// it that each has.
func shareOut(joint *[classes]float64) (logSum float64, share [classes]float64) {
	top := joint[unrelated]
	for _, l := range joint {
		top = max(top, l)
	}
	sum := 0.0
	for c, l := range joint {
		if l-top > negligible {
			share[c] = math.Exp(l - top)
			sum += share[c]
		}
	}
	for c := range share {
		share[c] /= sum
	}
	return top + math.Log(sum), share
}

// Rivals is how many classes a match is told from; see Ceiling.
const Rivals = unrelated - match

// Ceiling is, for each class that is no match, what all pairs have and what each
// level of each comparison brings, in natural logarithms, if pairs of that class
// were the only ones that are no matches: the least of the sums is at least
// LogOdds.
func (s *Scorer) Ceiling() (start [Rivals]float64, weights [][][Rivals]float64) {
	against := func(logs *[classes]float64) (w [Rivals]float64) {
		for c := range w {
			w[c] = logs[match] - logs[match+1+c]
		}
		return w
	}
	weights = make([][][Rivals]float64, len(s.offsets))
	for i, from := range s.offsets {
		to := len(s.levels)
		if i+1 < len(s.offsets) {
			to = s.offsets[i+1]
		}
		for l := from; l < to; l++ {
			weights[i] = append(weights[i], against(&s.levels[l]))
		}
	}
	return against(&s.shares), weights
}

// WeightBits is the logarithm to base 2 of the Bayes factor of the comparisons:
// the odds without the prior.
func (s *Scorer) WeightBits(logOdds float64) float64 { return (logOdds - s.priorOdds) / math.Ln2 }

// Probability is the match probability of log odds.
func Probability(logOdds float64) float64 { return 1 / (1 + math.Exp(-logOdds)) }
