package kernel

import (
	"cmp"
	"slices"
)

// Block is the records of either file that have one key under a rule.
type Block struct {
	Left, Right int   // rows; in one file the same
	Pairs       int64 // before it is cut apart, if it is
	Values      []string
}

// shownBlocks is how many of the largest blocks of a rule are told.
const shownBlocks = 5

// largest is the largest blocks of a rule, largest first; the partitions are
// sorted.
func (p *Plan) largest(rule int, b *partitions) []Block {
	type sized struct {
		span
		row   int32 // one of the left file
		pairs int64
	}
	var top []sized
	var spans []span
	for i := range b.parts() {
		left, right := b.left.of(i), b.right.of(i)
		if b.same {
			spans = blocksWithin(left, 1<<62, spans[:0])
		} else {
			spans = blocksAcross(left, right, 1<<62, spans[:0])
		}
		for _, s := range spans {
			n, pairs := int64(s.leftEnd-s.left), int64(s.rightEnd-s.right)
			if pairs *= n; b.same {
				pairs = n * (n - 1) / 2
			}
			if len(top) < shownBlocks || pairs > top[len(top)-1].pairs {
				top = append(top, sized{s, left[s.left].row, pairs})
				slices.SortFunc(top, func(x, y sized) int { return cmp.Or(cmp.Compare(y.pairs, x.pairs), cmp.Compare(x.key, y.key)) })
				top = top[:min(len(top), shownBlocks)]
			}
		}
	}
	var out []Block
	for _, s := range top {
		block := Block{Left: s.leftEnd - s.left, Right: s.rightEnd - s.right, Pairs: s.pairs}
		row := int(s.row)
		for _, named := range p.spelled(p.left.record(int32(row)), rule) {
			if named.key == s.key {
				block.Values = named.parts
			}
		}
		out = append(out, block)
	}
	return out
}
