package identifier

import (
	"iter"
	"slices"

	"rollcall/matchers/locale"
)

// Learning a system needs this many numbers of its form, and this share of them
// right. A system of which more random numbers than leastTelling pass is never
// learnt: a column of any digits would follow it.
const (
	minLearnt    = 50
	minOwn       = 1
	learntShare  = 0.8
	leastTelling = 0.2
	shortShare   = 0.05
)

// Learn finds the systems that a column follows: those whose form many of its
// numbers have, and whose check digit, or whose day, sex and place inside are right
// in most of these. Those of the pack's country need not be many, and may have a form
// alone.
func Learn(p *locale.Pack, values iter.Seq[string]) Types {
	own := Of(p)
	return find(func(t *Type) bool { return t.chance <= leastTelling || slices.Contains(own, t) }).learn(own, values)
}

func (ts Types) learn(own Types, values iter.Seq[string]) Types {
	formed := make([]int, len(ts))
	right := make([]int, len(ts))
	shortest := make([]int, len(ts)) // of systems of which numbers are shortened
	for v := range values {
		plain := locale.Code(v)
		if general(plain) != "" {
			continue
		}
		for i, t := range ts {
			n := t.read(v, plain)
			if n.Type == nil {
				continue
			}
			formed[i]++
			if n.Problem == "" {
				right[i]++
			}
			if n.Value == plain {
				shortest[i]++
			}
		}
	}
	var out Types
	for i, t := range ts {
		least := minLearnt
		if slices.Contains(own, t) {
			least = minOwn
		}
		// Seventeen digits are shortened to thirteen where a column has both; alone
		// they may be of another system.
		if t.normal != nil && float64(shortest[i]) < shortShare*float64(formed[i]) {
			continue
		}
		if formed[i] >= least && float64(right[i]) >= learntShare*float64(formed[i]) {
			out = append(out, t)
		}
	}
	return out
}
