package model

import (
	"errors"
	"fmt"
	"math"
)

// mixture is the classes of pairs: matches, two people of one household,
// strangers, and strangers of whom one bears the other's identifier. The last
// have an identifier like matches and all else like strangers.
type mixture struct {
	prior, household, borrowed, namesakes, neighbours float64
	m, h, n, v, u                                     [][]float64
}

func (mix mixture) parameters(ladders []Ladder) Parameters {
	p := Parameters{Prior: mix.prior, Household: mix.household, Borrowed: mix.borrowed, Namesakes: mix.namesakes, Neighbour: mix.neighbours, Levels: make([][]Level, len(ladders))}
	for i, l := range ladders {
		p.Levels[i] = make([]Level, len(l.Names))
		for j, name := range l.Names {
			p.Levels[i][j] = Level{Name: name, M: mix.m[i][j], U: mix.u[i][j], Bits: math.Log2(mix.m[i][j] / mix.u[i][j])}
			if mix.household > 0 {
				p.Levels[i][j].H = mix.h[i][j]
			}
			if mix.namesakes > 0 {
				p.Levels[i][j].N, p.Levels[i][j].V = mix.n[i][j], mix.v[i][j]
			}
		}
	}
	return p
}

// Check says whether the parameters fit the comparisons: their numbers of
// levels, and probabilities that are above 0.
func (p *Parameters) Check(ladders []Ladder) error {
	if len(p.Levels) != len(ladders) {
		return fmt.Errorf("levels of %d comparisons, but there are %d", len(p.Levels), len(ladders))
	}
	if !(p.Prior > 0 && p.Prior < 1) || p.Household < 0 || p.Borrowed < 0 || p.Prior+p.Household+p.Borrowed >= 1 {
		return errors.New("the prior must lie between 0 and 1")
	}
	for i, l := range ladders {
		if len(p.Levels[i]) != len(l.Names) {
			return fmt.Errorf("levels[%d]: %d levels, but this kind has %d", i, len(p.Levels[i]), len(l.Names))
		}
		for j, level := range p.Levels[i] {
			if !(level.M > 0) || !(level.U > 0) || (p.Household > 0 && !(level.H > 0)) {
				return fmt.Errorf("levels[%d][%d]: probabilities must be above 0", i, j)
			}
		}
	}
	return nil
}

// Scorer turns levels into weights.
type Scorer struct {
	m, h, b, n, v, u [][]float64 // natural logarithms, by class
	shares           [6]float64  // natural logarithms of the shares of the classes m, h, b, u, n, v
	priorOdds        float64
}

// NewScorer prepares parameters for the comparisons that they belong to.
func NewScorer(p *Parameters, ladders []Ladder) *Scorer {
	s := &Scorer{
		shares: [6]float64{
			math.Log(max(p.Prior, tiny)), math.Log(p.Household), math.Log(p.Borrowed),
			math.Log(1 - p.Prior - p.Household - p.Borrowed - p.Namesakes - p.Neighbour), math.Log(p.Namesakes), math.Log(p.Neighbour),
		},
		priorOdds: math.Log(max(p.Prior, tiny)) - math.Log1p(-p.Prior),
		m:         make([][]float64, len(p.Levels)), h: make([][]float64, len(p.Levels)),
		b: make([][]float64, len(p.Levels)), n: make([][]float64, len(p.Levels)), v: make([][]float64, len(p.Levels)), u: make([][]float64, len(p.Levels)),
	}
	for i, levels := range p.Levels {
		for _, level := range levels {
			s.m[i] = append(s.m[i], math.Log(level.M))
			s.h[i] = append(s.h[i], math.Log(max(level.H, tiny)))
			s.n[i] = append(s.n[i], math.Log(max(level.N, tiny)))
			s.v[i] = append(s.v[i], math.Log(max(level.V, tiny)))
			s.u[i] = append(s.u[i], math.Log(level.U))
		}
		s.b[i] = s.u[i]
		if ladders[i].Kind == Identifier {
			s.b[i] = s.m[i]
		}
	}
	return s
}

// LogOdds is the natural logarithm of the odds that a pair with those levels
// matches.
func (s *Scorer) LogOdds(levels []uint8) float64 {
	j := s.joint(levels)
	top := max(j.h, j.b, j.n, j.v, j.u)
	return j.m - top - math.Log(math.Exp(j.h-top)+math.Exp(j.b-top)+math.Exp(j.n-top)+math.Exp(j.v-top)+math.Exp(j.u-top))
}

// portions are the shares of the classes: matches, households, borrowers,
// namesakes, namesakes of one place, strangers.
type portions struct{ m, h, b, n, v, u float64 }

// joint is the logarithm of the share that some levels of a class have of all pairs.
func (s *Scorer) joint(levels []uint8) portions {
	p := portions{m: s.shares[0], h: s.shares[1], b: s.shares[2], u: s.shares[3], n: s.shares[4], v: s.shares[5]}
	for i, level := range levels {
		if level != Missing {
			p.m += s.m[i][level]
			p.h += s.h[i][level]
			p.b += s.b[i][level]
			p.n += s.n[i][level]
			p.v += s.v[i][level]
			p.u += s.u[i][level]
		}
	}
	return p
}

// shareOut is the logarithm of the probability of the levels, and the shares of
// it that the classes have.
func (s *Scorer) shareOut(levels []uint8) (logSum float64, p portions) {
	j := s.joint(levels)
	top := max(j.m, j.h, j.b, j.n, j.v, j.u)
	p = portions{
		m: math.Exp(j.m - top), h: math.Exp(j.h - top), b: math.Exp(j.b - top),
		n: math.Exp(j.n - top), v: math.Exp(j.v - top), u: math.Exp(j.u - top),
	}
	sum := p.m + p.h + p.b + p.n + p.v + p.u
	for _, share := range []*float64{&p.m, &p.h, &p.b, &p.n, &p.v, &p.u} {
		*share /= sum
	}
	return top + math.Log(sum), p
}

// WeightBits is the logarithm to base 2 of the Bayes factor of the comparisons:
// the odds without the prior.
func (s *Scorer) WeightBits(logOdds float64) float64 { return (logOdds - s.priorOdds) / math.Ln2 }

// Probability is the match probability of log odds.
func Probability(logOdds float64) float64 { return 1 / (1 + math.Exp(-logOdds)) }
