package model

import "math"

// Where EM starts, and where its priors pull: matches mostly agree. The figures
// are the start only; from half to ten times their weight ends at the same
// place.
const (
	startDiffers   = 0.06
	startNear      = 0.12 // spread over the levels between
	startOnlyOther = 0.10 // differs, where nothing lies between
	startExact     = 0.80
	startExchanged = 0.01
	leastM         = 1e-4
)

// startMatch is the first guess at the levels among matches; exact agreement is
// split by the square root of u, which is roughly the share of the values.
func startMatch(l Ladder, u []float64) []float64 {
	if len(u) == 0 {
		return nil
	}
	m := make([]float64, len(u))
	m[0] = startOnlyOther
	if l.Exact > 1 {
		m[0] = startDiffers
		for i := 1; i < l.Exact; i++ {
			m[i] = startNear / float64(l.Exact-1)
		}
	}
	roots := 0.0
	for i := l.Exact; i < l.Exact+l.Bands; i++ {
		m[i] = math.Sqrt(u[i]) + leastM
		roots += m[i]
	}
	for i := l.Exact; i < l.Exact+l.Bands; i++ {
		m[i] *= startExact / roots
	}
	if l.Exchanged >= 0 {
		m[l.Exchanged] = startExchanged
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

// startHousehold is like a match on what a household shares and like strangers
// on the rest.
func startHousehold(l Ladder, match, u []float64) []float64 {
	if l.Shared {
		return append([]float64(nil), match...)
	}
	return append([]float64(nil), u...)
}

// startNamesakes lies between strangers and matches on names; of one place, it is
// like matches on what a community shares.
func startNamesakes(l Ladder, match, u []float64, onePlace bool) []float64 {
	n := append([]float64(nil), u...)
	switch {
	case strange(l), l.Kind == Category && !onePlace:
	case l.Kind == Category:
		copy(n, match)
	default:
		for i := range n {
			n[i] = (match[i] + u[i]) / 2
		}
	}
	return n
}
