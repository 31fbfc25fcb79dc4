package matchers

import (
	"math"

	"rollcall/matchers/model"
)

// mostPooled bounds the records whose levels are kept: the square of it, times the
// comparisons, in bytes.
const mostPooled = 500

// pool keeps the levels of all pairs of a few records, to judge clusters of them by
// all that they know: a record that lacks a date is like each of two people of one name
// whom their dates tell apart, and must not make them one.
type pool struct {
	scorer *model.Scorer
	n      int
	width  int       // levels of a pair
	levels []uint8   // by pair, the lesser record first
	family []float64 // bits
}

// newPool makes a pool of n records; of too many it keeps nothing.
func newPool(n int, scorer *model.Scorer, width int) *pool {
	p := &pool{scorer: scorer, n: n, width: width}
	if n > 2 && n <= mostPooled {
		p.levels, p.family = make([]uint8, n*n*width), make([]float64, n*n)
	}
	return p
}

func (p *pool) note(i, j int, levels []uint8) {
	if p.levels != nil {
		copy(p.of(i, j), levels)
	}
}

// of is the levels of a pair.
func (p *pool) of(i, j int) []uint8 { return p.levels[(i*p.n+j)*p.width:][:p.width] }

func (p *pool) noteFamily(i, j int, bits float64) {
	if p.family != nil {
		p.family[i*p.n+j] = bits
	}
}

// apartOdds is how many times likelier two clusters must be two people than one for them
// to be kept apart, though the mean of their pairs would join them.
const apartOdds = 50

// apart says that what two clusters know speaks against their being one: of each
// comparison the mean over the pairs that know it.
func (p *pool) apart(left, right []int32) bool {
	if p.levels == nil || len(left)+len(right) == 2 {
		return false
	}
	family := 0.0
	pairs := make([][]uint8, 0, len(left)*len(right))
	for _, i := range left {
		for _, j := range right {
			i, j := int(min(i, j)), int(max(i, j))
			pairs = append(pairs, p.of(i, j))
			family += p.family[i*p.n+j]
		}
	}
	return p.scorer.PooledLogOdds(pairs)+family/float64(len(pairs))*math.Ln2 < -math.Log(apartOdds)
}
