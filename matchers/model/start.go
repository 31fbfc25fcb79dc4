package model

import (
	"math"
	"slices"
)

// Where EM starts, and where its priors pull: matches mostly agree. The figures
// are the start only; from half to ten times their weight ends at the same
// place.
const (
	startDiffers   = 0.06
	startNear      = 0.12 // spread over the levels between
	startOnlyOther = 0.10 // differs, where nothing lies between
	startExact     = 0.80
	startAlike     = 0.20 // of what agrees, written otherwise
	leastM         = 1e-4
)

// startMatch is the first guess at the levels among matches; exact agreement is
// split by the square root of u, which is roughly the share of the values.
func startMatch(l Ladder, u []float64) []float64 {
	if len(u) == 0 {
		return nil
	}
	if l.Intervals {
		return startDates(l, u)
	}
	m := make([]float64, len(u))
	m[0] = startOnlyOther
	if l.Alike > 1 {
		m[0] = startDiffers
		for i := 1; i < l.Alike; i++ {
			m[i] = startNear / float64(l.Alike-1)
		}
	}
	exact := startExact
	for i := l.Alike; i < l.Exact; i++ {
		m[i] = startAlike / float64(l.Exact-l.Alike)
		exact = startExact - startAlike
	}
	roots := 0.0
	for i := l.Exact; i < l.Exact+l.Bands; i++ {
		m[i] = math.Sqrt(u[i]) + leastM
		roots += m[i]
	}
	for i := l.Exact; i < l.Exact+l.Bands; i++ {
		m[i] *= exact / roots
	}
	sum := 0.0
	for i := range m {
		m[i] = max(m[i], leastM)
		sum += m[i]
	}
	for i := range m {
		m[i] /= sum
	}
	return m
}

// startDates is the first guess at dates of which some are intervals: how many are
// says nothing of who is one person, so that matches have as many pairs with one as
// strangers have; of these most overlap.
func startDates(l Ladder, u []float64) []float64 {
	days, vague := l.days(u)
	m := startMatch(Ladder{Exact: l.Exact - IntervalLevels, Alike: l.Alike - IntervalLevels, Bands: l.Bands}, days)
	of := make([]float64, IntervalLevels)
	roots := 0.0
	for i := range of {
		of[i] = startNear / (IntervalsOverlap - 2)
		if i+1 >= IntervalsOverlap {
			of[i] = math.Sqrt(vague[i])
			roots += of[i]
		}
	}
	of[0] = startDiffers
	for i := IntervalsOverlap - 1; i < len(of); i++ {
		of[i] *= (1 - startDiffers - startNear) / roots
	}
	return l.joined(m, of, sum(vague))
}

// days parts what each level of dates with intervals has into those of two days and
// those of pairs of which one is none.
func (l Ladder) days(p []float64) (days, vague []float64) {
	return slices.Concat(p[:1], p[1+IntervalLevels:]), slices.Clone(p[1 : 1+IntervalLevels])
}

// joined is the opposite of days: what either has, each 1 together, where vague is that
// share of all.
func (l Ladder) joined(days, vague []float64, share float64) []float64 {
	out := slices.Insert(slices.Clone(days), 1, vague...)
	for i := range out {
		if i >= 1 && i <= IntervalLevels {
			out[i] = max(out[i]*share, tiny)
		} else {
			out[i] = max(out[i]*(1-share), tiny)
		}
	}
	return out
}

// startBetween is where a class between matches and strangers starts: like a
// match on what a family shares, but for the places of those who live apart;
// namesakes lie half way in their names.
func startBetween(class int, l Ladder, match, u []float64) []float64 {
	p := slices.Clone(u)
	switch {
	case len(p) == 0:
	case rules[class](l) == tied, rules[class](l) == learn && class == household, rules[class](l) == learn && class == neighbours && !l.Kind.Named():
		copy(p, match)
	case rules[class](l) != learn, class == kin:
	default:
		for i := range p {
			p[i] = (match[i] + u[i]) / 2
		}
	}
	return p
}
