package kernel

import (
	"fmt"
	"slices"
	"sync"

	"rollcall/matchers/block"
	"rollcall/matchers/model"
)

// maxAtoms is the number of different keys of all rules together: one bit each.
const maxAtoms = 64

// Plan is blocking rules made ready for a table: every key of every row as a
// code.
type Plan struct {
	table       *Table
	Rules       []block.Rule
	masks       []uint64   // atoms of each rule, as bits
	members     [][]int    // atoms of each rule
	left, right []uint32   // atom codes, rows * atoms; 0 is no key
	width       int        // atoms
	dropped     []blockSet // per rule, keys of blocks that were too large
	limit       func(rulePairs int64) int64
}

// blockSet is the keys of blocks.
type blockSet map[uint64]struct{}

// NewPlan prepares rules. limit is the most pairs that a block may have, given
// the pairs of its rule; larger blocks are dropped.
func NewPlan(t *Table, comparisons []model.Comparison, rules []block.Rule, limit func(rulePairs int64) int64, threads int) (*Plan, error) {
	p := &Plan{table: t, Rules: rules, dropped: make([]blockSet, len(rules)), limit: limit}
	var atoms []block.Key
	for number, rule := range rules {
		if len(rule) == 0 {
			return nil, fmt.Errorf("blocking[%d]: a rule needs a key", number)
		}
		var mask uint64
		var members []int
		for _, key := range rule {
			if key.Transform == "" {
				key.Transform = "exact"
			}
			atom := slices.Index(atoms, key)
			if atom < 0 {
				atom = len(atoms)
				atoms = append(atoms, key)
			}
			if atom >= maxAtoms {
				return nil, fmt.Errorf("blocking[%d]: the rules have more than %d different keys", number, maxAtoms)
			}
			mask |= 1 << atom
			members = append(members, atom)
		}
		p.masks, p.members = append(p.masks, mask), append(p.members, members)
	}
	p.width = len(atoms)
	return p, p.fill(comparisons, atoms, threads)
}

// fill computes the atoms of all rows: each transform once a value.
func (p *Plan) fill(comparisons []model.Comparison, atoms []block.Key, threads int) error {
	t := p.table
	p.left = make([]uint32, t.Left.Rows*p.width)
	p.right = p.left
	if !t.Same() {
		p.right = make([]uint32, t.Right.Rows*p.width)
	}
	errs := make([]error, len(atoms))
	var wg sync.WaitGroup
	slots := make(chan struct{}, max(threads, 1))
	for k, key := range atoms {
		wg.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			field := slices.IndexFunc(comparisons, func(c model.Comparison) bool { return c.Name == key.Column })
			if field < 0 {
				errs[k] = fmt.Errorf("no comparison is called %q", key.Column)
				return
			}
			codes, err := atomCodes(t.Fields[field].values, key.Transform)
			if err != nil {
				errs[k] = err
				return
			}
			spread(t.Left, codes, field, t.width, p.left, k, p.width)
			if !t.Same() {
				spread(t.Right, codes, field, t.width, p.right, k, p.width)
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return fmt.Errorf("blocking: %w", err)
		}
	}
	return nil
}

// spread writes one atom of all rows.
func spread(r *Rows, codes []uint32, field, fields int, out []uint32, atom, atoms int) {
	for row := range r.Rows {
		out[row*atoms+atom] = codes[r.codes[row*fields+field]]
	}
}

// atomCodes numbers what a transform takes of each value; 0 is nothing.
func atomCodes(values []string, transform string) ([]uint32, error) {
	take, err := block.Transform(transform)
	if err != nil {
		return nil, err
	}
	out := make([]uint32, len(values))
	if transform == "exact" {
		for code := range out {
			out[code] = uint32(code)
		}
		return out, nil
	}
	known := map[string]uint32{"": 0}
	for code := 1; code < len(values); code++ {
		part := take(values[code])
		atom, ok := known[part]
		if !ok {
			atom = uint32(len(known))
			known[part] = atom
		}
		out[code] = atom
	}
	return out, nil
}

// key is a row's key under a rule; 0 is none.
func (p *Plan) key(atoms []uint32, rule int) uint64 {
	key := uint64(0)
	for _, a := range p.members[rule] {
		if atoms[a] == 0 {
			return 0
		}
		key = block.Extend(key, atoms[a])
	}
	return key | 1<<63
}

// agreed is the atoms on which two rows agree, as bits.
func agreed(a, b []uint32) uint64 {
	var mask uint64
	b = b[:len(a)]
	for k, x := range a {
		if x == b[k] && x != 0 {
			mask |= 1 << k
		}
	}
	return mask
}

// found says that a rule finds a pair that agrees on those atoms.
func (p *Plan) found(rule int, agreement uint64, atoms []uint32) bool {
	if agreement&p.masks[rule] != p.masks[rule] {
		return false
	}
	if len(p.dropped[rule]) == 0 {
		return true
	}
	_, dropped := p.dropped[rule][p.key(atoms, rule)]
	return !dropped
}

// First is the first rule that finds a pair, -1 if none does.
func (p *Plan) First(left, right int32) int {
	a, b := p.left[int(left)*p.width:][:p.width], p.right[int(right)*p.width:][:p.width]
	agreement := agreed(a, b)
	for rule := range p.Rules {
		if p.found(rule, agreement, a) {
			return rule
		}
	}
	return -1
}
