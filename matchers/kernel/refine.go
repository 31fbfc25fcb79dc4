package kernel

import "rollcall/matchers/block"

// refinement is what is done with blocks that are too large: those are cut apart
// by a further key, the pieces that are still too large by another one, and what
// no key is left for is dropped.
type refinement struct {
	large blockSet // keys of the blocks that are too large
	by    int      // code by which they are cut apart, -1 for none
}

// kept is the key of the block in which two records meet that have a key of a
// rule in common; 0 when it was dropped or its refinements part them.
func (p *Plan) kept(rule int, key, agreement uint64, record []uint32) uint64 {
	for _, r := range p.refinements[rule] {
		if _, large := r.large[key]; !large {
			return key
		}
		if r.by < 0 || agreement>>r.by&1 == 0 {
			return 0
		}
		key = block.Extend(key, record[r.by]) | 1<<63
	}
	return key
}

// refine notes the blocks of a rule that are too large and the key by which they
// are cut apart, and returns the pairs in them.
func (p *Plan) refine(rule int, blocks *partitions, limit int64) int64 {
	large, pairs := blocks.large(limit)
	if len(large) > 0 {
		p.refinements[rule] = append(p.refinements[rule], refinement{large, p.furtherKey(rule)})
	}
	return pairs
}

// refinesAfter says that there is a further key after so many.
func (p *Plan) refinesAfter(rule, refinements int) bool {
	return refinements < len(p.refinements[rule]) && p.refinements[rule][refinements].by >= 0
}

// refiningFill is the least share of records that must have a key for blocks to
// be cut apart by it.
const refiningFill = 0.5

// furtherKey is the value that tells most records apart of those that the rule
// and its refinements do not use: filled in most records, and not one with which
// another rule finds the same pairs. -1 is none.
func (p *Plan) furtherKey(rule int) int {
	t := p.table
	used := p.all[rule]
	for _, r := range p.refinements[rule] {
		if r.by >= 0 {
			used |= 1 << r.by
		}
	}
	best, least := -1, 1.0
	for field, f := range t.Fields {
		if used&p.owned[field] != 0 || p.needless(rule, used|1<<field) {
			continue
		}
		fill, chance := f.agreement(t)
		if fill >= refiningFill && chance < least {
			best, least = field, chance
		}
	}
	return best
}

// needless says that another rule without refinements finds all pairs that agree
// on those codes.
func (p *Plan) needless(rule int, codes uint64) bool {
	for other, mask := range p.all {
		if other != rule && codes&mask == mask && len(p.refinements[other]) == 0 {
			return true
		}
	}
	return false
}

// agreement is the share of records with a value, of the file that has fewer of
// them, and the chance that two random records have the same.
func (f *Field) agreement(t *Table) (fill, chance float64) {
	var left, right, equal uint64
	for code := 1; code < f.values.Len(); code++ {
		left, right = left+uint64(f.left[code]), right+uint64(f.right[code])
		equal += uint64(f.left[code]) * uint64(f.right[code])
	}
	pairs := float64(t.Left.Rows) * float64(t.Right.Rows)
	fill = min(float64(left)/float64(max(t.Left.Rows, 1)), float64(right)/float64(max(t.Right.Rows, 1)))
	return fill, float64(equal) / max(pairs, 1)
}

// RefinedBy are the comparisons, by number, whose values cut the large blocks of
// a rule apart, in the order in which they are taken.
func (p *Plan) RefinedBy(rule int) []int {
	var fields []int
	for _, r := range p.refinements[rule] {
		if r.by >= 0 {
			fields = append(fields, r.by)
		}
	}
	return fields
}
