package identifier

import (
	"iter"
	"slices"
	"strings"
	"unicode"

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
// alone; of one that the column is called by, a single right number is enough.
func Learn(p *locale.Pack, column string, values iter.Seq[string]) Types {
	own := Of(p)
	return find(func(t *Type) bool { return t.chance <= leastTelling || slices.Contains(own, t) }).learn(own, own.called(column), values)
}

// called are the systems that the name of a column names by a word or some.
func (ts Types) called(column string) Types {
	words := strings.FieldsFunc(strings.ToLower(column), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) })
	name := "_" + strings.Join(words, "_") + "_"
	var out Types
	for _, t := range ts {
		if slices.ContainsFunc(strings.Fields(t.types), func(typ string) bool { return strings.Contains(name, "_"+typ+"_") }) {
			out = append(out, t)
		}
	}
	return out
}

// right tells whether the number is right in one of the systems.
func (ts Types) right(written, plain string) bool {
	return slices.ContainsFunc(ts, func(t *Type) bool {
		n := t.read(written, plain)
		return n.Type != nil && n.Problem == ""
	})
}

func (ts Types) learn(own, called Types, values iter.Seq[string]) Types {
	formed := make([]int, len(ts))
	right := make([]int, len(ts))
	shortest := make([]int, len(ts)) // of systems of which numbers are shortened
	for v := range values {
		plain := locale.Code(v)
		if general(plain) != "" {
			continue
		}
		meant := called.right(v, plain)
		for i, t := range ts {
			n := t.read(v, plain)
			if n.Type == nil || meant && !slices.Contains(called, t) {
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
		if slices.Contains(called, t) && right[i] > 0 {
			out = append(out, t)
			continue
		}
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
