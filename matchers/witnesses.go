package matchers

import (
	"cmp"
	"context"
	"math"
	"slices"

	"rollcall/matchers/family"
)

// leastWitnessBits is the least that a relative says to be told by herself.
const leastWitnessBits = 0.05

// withWitnesses tells of each pair that relatives moved what each of them says, and of
// others why they did not, still by rank.
func (r *run) withWitnesses(ctx context.Context) error {
	if r.kinship == nil {
		return nil
	}
	pairs := r.result.Pairs
	return r.byRelatives(ctx, len(pairs), func(k *kin, i int) {
		p := &pairs[i]
		if p.FamilyBits != 0 {
			p.Witnesses = k.witnesses(p.Left, p.Right, r.table.Same())
		}
		p.Unweighed = k.unweighed(p, r.table.Same())
	})
}

// witnesses are the relatives of the left row, looked for beside the right one. In one
// file those of either are looked for beside the other, each for half of what she says.
func (k *kin) witnesses(left, right int32, same bool) []Witness {
	own := k.beside(family.Case{Person: left, Member: right})
	if !same {
		return slices.Clip(own)
	}
	both := append(own, k.beside(family.Case{Person: right, Member: left})...)
	for i := range both {
		w := &both[i]
		w.Bits /= 2
		if i >= len(own) {
			w.Left, w.Right = w.Right, w.Left
		}
	}
	slices.SortFunc(both, func(a, b Witness) int {
		return cmp.Or(cmp.Compare(a.Relation, b.Relation), cmp.Compare(a.Left, b.Left), cmp.Compare(a.Right, b.Right))
	})
	merged := both[:0]
	for _, w := range both {
		if last := len(merged) - 1; last >= 0 && w.Relation == merged[last].Relation && w.Left == merged[last].Left && w.Right == merged[last].Right {
			merged[last].Bits += w.Bits
			continue
		}
		merged = append(merged, w)
	}
	return slices.Clip(merged)
}

// beside are the relatives of a person who say something about a member of a household.
func (k *kin) beside(c family.Case) []Witness {
	household := k.homes.With(c.Member)
	if len(household) < 2 {
		return nil
	}
	k.room = k.model.Witnesses(k.room[:0], c, k.ties.Of(c.Person), household, k)
	var out []Witness
	for _, w := range k.room {
		if math.Abs(w.Bits) >= leastWitnessBits {
			out = append(out, Witness{w.Relative.Relative, w.Member, w.Relative.Relation, float32(w.Bits)})
		}
	}
	return out
}

// named turns ranks into rows of the two files.
func (p *Pair) named(left, right []int32) {
	p.Left, p.Right = left[p.Left], right[p.Right]
	for i := range p.Witnesses {
		w := &p.Witnesses[i]
		if w.Left >= 0 {
			w.Left = left[w.Left]
		}
		if w.Right >= 0 {
			w.Right = right[w.Right]
		}
	}
}

// turn makes the left row the right one.
func (p *Pair) turn() {
	p.Left, p.Right = p.Right, p.Left
	for i := range p.Witnesses {
		w := &p.Witnesses[i]
		w.Left, w.Right = w.Right, w.Left
	}
}
