package kernel

import (
	"errors"
	"fmt"
	"slices"
	"sync"

	"rollcall/matchers/block"
	"rollcall/matchers/model"
)

// maxWidth is the number of comparisons and different keys of all rules together,
// and maxRules that of rules: one bit each.
const (
	maxWidth = 64
	maxRules = 64
)

// Plan is blocking rules made ready for a table. A record is the codes of a
// row's values, which are the exact keys too, and then those of its other keys;
// what two records agree on is one word.
type Plan struct {
	table       *Table
	Rules       []block.Rule
	fields      map[string]int // of the columns of rules
	masks       []uint64       // codes of each rule, as bits
	finds       [][256]uint64  // by byte of an agreement and its value, the rules that it does not rule out, as bits
	members     [][]int        // codes of each rule
	identifying []bool         // rules with an identity number: they find people of opposite sex too
	left, right []uint32       // records, rows * width; 0 is missing
	width       int            // codes of a record
	owned       []uint64       // codes that come from each field, as bits
	dropped     []blockSet     // per rule, keys of blocks that were too large
	fixed       bool           // dropped is final
	known       []bool         // by rule, whether what is dropped is known from training; nil for none
	limit       func(rulePairs int64) int64
}

// derived is a key that is not a value itself: its transform and its field.
type derived struct {
	field     int
	transform string
}

// blockSet is the keys of blocks.
type blockSet map[uint64]struct{}

// NewPlan prepares rules. limit is the most pairs that a block may have, given
// the pairs of its rule; larger blocks are dropped.
func NewPlan(t *Table, comparisons []model.Comparison, rules []block.Rule, limit func(rulePairs int64) int64, threads int) (*Plan, error) {
	if len(rules) > maxRules {
		return nil, fmt.Errorf("blocking[%d]: more than %d rules", maxRules, maxRules)
	}
	p := &Plan{table: t, Rules: rules, dropped: make([]blockSet, len(rules)), limit: limit, fields: map[string]int{}}
	var keys []derived
	for number, rule := range rules {
		if len(rule) == 0 {
			return nil, fmt.Errorf("blocking[%d]: a rule needs a key", number)
		}
		var mask uint64
		var members []int
		identifying := false
		for _, key := range rule {
			field := slices.IndexFunc(comparisons, func(c model.Comparison) bool { return c.Name == key.Column })
			p.fields[key.Column] = field
			if field < 0 {
				return nil, fmt.Errorf("blocking[%d]: no comparison is called %q", number, key.Column)
			}
			at := field
			if key.Transform != "" && key.Transform != "exact" {
				keys, at = insert(keys, derived{field, key.Transform})
				at += t.width
			}
			if at >= maxWidth {
				return nil, fmt.Errorf("blocking[%d]: more than %d comparisons and different keys", number, maxWidth)
			}
			identifying = identifying || comparisons[field].Kind == model.Identifier
			mask |= 1 << at
			members = append(members, at)
		}
		p.masks, p.members, p.identifying = append(p.masks, mask), append(p.members, members), append(p.identifying, identifying)
	}
	if err := p.fill(keys, threads); err != nil {
		return nil, fmt.Errorf("blocking: %w", err)
	}
	p.index()
	return p, nil
}

// index makes the table of which rules find a pair.
func (p *Plan) index() {
	p.finds = make([][256]uint64, (p.width+7)/8)
	for at := range p.finds {
		for agreement := range 256 {
			for rule, mask := range p.masks {
				if wanted := int(mask >> (8 * at) & 0xFF); agreement&wanted == wanted {
					p.finds[at][agreement] |= 1 << rule
				}
			}
		}
	}
}

// finders says whether a rule finds the pairs that agree on those codes, and
// which earlier ones do, as bits, large blocks aside.
func (p *Plan) finders(agreement uint64, rule int) (earlier uint64, found bool) {
	rules := ^uint64(0)
	for at := range p.finds {
		rules &= p.finds[at][agreement>>(8*at&63)&0xFF]
	}
	return rules & (1<<rule - 1), rules>>rule&1 != 0
}

// insert finds a key, or adds it.
func insert(keys []derived, key derived) ([]derived, int) {
	if at := slices.Index(keys, key); at >= 0 {
		return keys, at
	}
	return append(keys, key), len(keys)
}

// fill makes the records: each transform once a value, several at a time.
func (p *Plan) fill(keys []derived, threads int) error {
	t := p.table
	p.width = t.width + len(keys)
	p.owned = make([]uint64, t.width)
	for field := range p.owned {
		p.owned[field] = 1 << field
	}
	for k, key := range keys {
		p.owned[key.field] |= 1 << (t.width + k)
	}
	p.left = t.Left.widen(t.width, p.width)
	p.right = p.left
	if !t.Same() {
		p.right = t.Right.widen(t.width, p.width)
	}
	errs := make([]error, len(keys))
	var wg sync.WaitGroup
	slots := make(chan struct{}, max(threads, 1))
	for k, key := range keys {
		wg.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			codes, err := transformed(t.Fields[key.field].values, key.transform)
			if err != nil {
				errs[k] = err
				return
			}
			p.spread(p.left, codes, key.field, t.width+k)
			if !t.Same() {
				p.spread(p.right, codes, key.field, t.width+k)
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// widen copies the codes of all rows into longer records.
func (r *Rows) widen(from, to int) []uint32 {
	out := make([]uint32, r.Rows*to)
	for row := range r.Rows {
		copy(out[row*to:], r.codes[row*from:(row+1)*from])
	}
	return out
}

// spread writes one key of all rows.
func (p *Plan) spread(records, codes []uint32, field, at int) {
	for start := 0; start < len(records); start += p.width {
		records[start+at] = codes[records[start+field]]
	}
}

// transformed numbers what a transform takes of each value; 0 is nothing.
func transformed(values []string, transform string) ([]uint32, error) {
	take, err := block.Transform(transform)
	if err != nil {
		return nil, err
	}
	out := make([]uint32, len(values))
	known := map[string]uint32{"": 0}
	for code := 1; code < len(values); code++ {
		part := take(values[code])
		number, ok := known[part]
		if !ok {
			number = uint32(len(known))
			known[part] = number
		}
		out[code] = number
	}
	return out, nil
}

// key is a record's key under a rule; 0 is none.
func (p *Plan) key(record []uint32, rule int) uint64 {
	key := uint64(0)
	for _, at := range p.members[rule] {
		if record[at] == 0 {
			return 0
		}
		key = block.Extend(key, record[at])
	}
	return key | 1<<63
}

// equal is the codes in which two records are equal, as bits, missing ones
// among them.
func equal(a, b []uint32) uint64 {
	var mask uint64
	b = b[:len(a)]
	for k, x := range a {
		mask |= (uint64(x^b[k]) - 1) >> 63 << (k & 63)
	}
	return mask
}

// present is the codes that a record has, as bits.
func present(record []uint32) uint64 {
	var mask uint64
	for k, x := range record {
		mask |= (-uint64(x)) >> 63 << (k & 63)
	}
	return mask
}

// found says that a rule finds a pair that agrees on those codes.
func (p *Plan) found(rule int, agreement uint64, record []uint32) bool {
	return agreement&p.masks[rule] == p.masks[rule] && p.kept(rule, record)
}

// kept says that the block of a record was not too large for a rule.
func (p *Plan) kept(rule int, record []uint32) bool {
	if len(p.dropped[rule]) == 0 {
		return true
	}
	_, dropped := p.dropped[rule][p.key(record, rule)]
	return !dropped
}

// passes says that a rule may find two rows of those sexes. People of opposite
// sex are not one: in one file never, in two unless an identity number says so,
// and then it is for people to see.
func (p *Plan) passes(rule int, a, b uint8) bool {
	return a == b || a == 0 || b == 0 || (!p.table.Same() && p.identifying[rule])
}

// First is the first rule that finds a pair, -1 if none does.
func (p *Plan) First(left, right int32) int {
	a, b := p.left[int(left)*p.width:][:p.width], p.right[int(right)*p.width:][:p.width]
	agreement := equal(a, b) & present(a)
	for rule := range p.Rules {
		if p.found(rule, agreement, a) && p.passes(rule, p.table.Left.sex[left], p.table.Right.sex[right]) {
			return rule
		}
	}
	return -1
}
