package model

import "slices"

// Labelled is a pair that people judged to be one person. Weight is how many
// pairs it stands for.
type Labelled struct {
	Levels []uint8
	Weight float64
}

// priorPairs is how many labelled pairs what was learnt without labels counts
// for.
const priorPairs = 25.0

// Refine learns m anew from pairs that are known to match: what training found is
// the prior (Dirichlet) of each comparison, worth priorPairs. The labels count as
// many as they are, whatever they stand for together. u and the shares of the
// classes stay.
func (p *Parameters) Refine(comparisons []Comparison, labels []Labelled) (*Parameters, error) {
	ladders, err := Ladders(comparisons)
	if err != nil {
		return nil, err
	}
	if err := p.Check(comparisons, ladders); err != nil {
		return nil, err
	}
	sum := 0.0
	for _, l := range labels {
		sum += l.Weight
	}
	mix := p.mixture(ladders)
	for i := range ladders {
		m := slices.Clone(mix.p[match][i])
		for j := range m {
			m[j] *= priorPairs
		}
		for _, l := range labels {
			if level := l.Levels[i]; int(level) < len(m) {
				m[level] += l.Weight / sum * float64(len(labels))
			}
		}
		normalise(m)
		mix.p[match][i] = m
		if mix.share[kin] > 0 && len(m) > 0 && rules[kin](ladders[i]) == tied {
			mix.p[kin][i] = m
		}
	}
	refined := mix.parameters(ladders)
	refined.Missing, refined.Nicknames = p.Missing, p.Nicknames
	return &refined, nil
}
