package kernel

import (
	"fmt"
	"math/bits"
	"slices"
	"sync"

	"rollcall/matchers/block"
	"rollcall/matchers/dictionary"
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
	masks       []uint64       // codes of each rule, as bits
	finds       [][256]uint64  // by byte of an agreement and its value, the rules that it does not rule out, as bits
	members     [][]int        // codes of each rule
	lists       [][]int        // keys of each rule of which a record has several
	order       [][]int        // of each rule, the place in it of each of its codes, then of each of its lists
	listed      []listed       // those keys; their bits come after the codes
	all         []uint64       // codes and listed keys of each rule, as bits
	identifying []bool         // rules with an identity number: they find people of opposite sex too
	left, right *Rows          // one and the same for one file
	width       int            // codes of a record
	reach       []int          // by rule, the first codes of a record that tell whether it or an earlier rule finds a pair
	owned       []uint64       // codes and listed keys that come from each field, as bits
	refinements [][]refinement // per rule, what is done with blocks that are too large
	names       []string       // of the comparisons
	fixed       bool           // refinements are final
	known       []bool         // by rule, whether refinements are known from training; nil for none
	derived     []derived      // the keys that are not values themselves, by their place after those
	limit       func(rulePairs int64) int64
}

// derived is a key that is not a value itself: its transform and its field.
type derived struct {
	field     int
	transform string
	taking    block.Taking
}

// blockSet is the keys of blocks.
type blockSet map[uint64]struct{}

// NewPlan prepares rules. limit is the most pairs that a block may have, given
// the pairs of its rule; larger blocks are cut apart by a further key.
func NewPlan(t *Table, comparisons []model.Comparison, rules []block.Rule, limit func(rulePairs int64) int64, threads int) (*Plan, error) {
	if len(rules) > maxRules {
		return nil, fmt.Errorf("blocking[%d]: more than %d rules", maxRules, maxRules)
	}
	p := &Plan{table: t, Rules: rules, refinements: make([][]refinement, len(rules)), limit: limit}
	for _, c := range comparisons {
		p.names = append(p.names, c.Name)
	}
	n := len(rules)
	p.masks, p.members, p.lists, p.all, p.identifying = make([]uint64, n), make([][]int, n), make([][]int, n), make([]uint64, n), make([]bool, n)
	p.order = make([][]int, n)
	var keys, lists []derived
	for number, rule := range rules {
		if len(rule) == 0 {
			return nil, fmt.Errorf("blocking[%d]: a rule needs a key", number)
		}
		var ofLists []int
		for place, key := range rule {
			field := slices.IndexFunc(comparisons, func(c model.Comparison) bool { return c.Name == key.Column })
			if field < 0 {
				return nil, fmt.Errorf("blocking[%d]: no comparison is called %q", number, key.Column)
			}
			taking, err := block.Take(key.Transform, comparisons[field].Neighbours)
			if err != nil {
				return nil, fmt.Errorf("blocking[%d]: %w", number, err)
			}
			taking = t.Fields[field].taking(taking)
			p.identifying[number] = p.identifying[number] || comparisons[field].Kind == model.Identifier
			at := field
			switch {
			case taking.One == nil:
				lists, at = insert(lists, derived{field, key.Transform, taking})
				p.lists[number], ofLists = append(p.lists[number], at), append(ofLists, place)
				continue
			case key.Transform != "" && key.Transform != "exact":
				keys, at = insert(keys, derived{field, key.Transform, taking})
				at += t.codes
			}
			p.members[number], p.order[number] = append(p.members[number], at), append(p.order[number], place)
		}
		p.order[number] = append(p.order[number], ofLists...)
	}
	if t.codes+len(keys)+len(lists) > maxWidth {
		return nil, fmt.Errorf("blocking: more than %d comparisons and different keys", maxWidth)
	}
	p.fill(keys, lists, threads)
	for rule := range rules {
		for _, at := range p.members[rule] {
			p.masks[rule] |= 1 << at
		}
		p.all[rule] = p.masks[rule]
		for _, list := range p.lists[rule] {
			p.all[rule] |= p.bit(list)
		}
	}
	p.index()
	reach := t.codes
	for _, mask := range p.masks {
		reach = max(reach, bits.Len64(mask))
		p.reach = append(p.reach, reach)
	}
	return p, nil
}

// bit is that of a listed key.
func (p *Plan) bit(list int) uint64 { return 1 << (p.width + list) }

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
	same := func(k derived) bool { return k.field == key.field && k.transform == key.transform }
	if at := slices.IndexFunc(keys, same); at >= 0 {
		return keys, at
	}
	return append(keys, key), len(keys)
}

// fill makes the records and lists: each transform once a value, several at a
// time.
func (p *Plan) fill(keys, lists []derived, threads int) {
	t := p.table
	p.width, p.derived = t.codes+len(keys), keys
	p.listed = make([]listed, len(lists))
	p.owned = make([]uint64, t.width)
	for field := range p.owned {
		p.owned[field] = 1 << field
	}
	for k, key := range keys {
		p.owned[key.field] |= 1 << (t.codes + k)
	}
	for k, key := range lists {
		p.owned[key.field] |= p.bit(k)
	}
	same := t.Same()
	t.Left = t.Left.widen(t.codes, p.width)
	if same {
		t.Right = t.Left
	} else {
		t.Right = t.Right.widen(t.codes, p.width)
	}
	p.left, p.right = t.Left, t.Right
	var wg sync.WaitGroup
	slots := make(chan struct{}, max(threads, 1))
	for k, key := range keys {
		wg.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			codes := transformed(t.Fields[key.field].values, key.taking.One)
			p.left.spread(codes, key.field, t.codes+k)
			if !same {
				p.right.spread(codes, key.field, t.codes+k)
			}
		})
	}
	for k, key := range lists {
		wg.Go(func() {
			slots <- struct{}{}
			p.listed[k] = newListed(t.Fields[key.field], key.taking)
			<-slots
		})
	}
	wg.Wait()
}

// widen is the rows with room for as many codes: the first ones are kept.
func (r *Rows) widen(kept, width int) *Rows {
	if r.width == width && kept == width {
		return r
	}
	out := *r
	out.codes, out.width = make([]uint32, r.Rows*width), width
	for row := range r.Rows {
		copy(out.codes[row*width:], r.codes[row*r.width:][:kept])
	}
	return &out
}

// spread writes one key of all rows.
func (r *Rows) spread(codes []uint32, field, at int) {
	for start := 0; start < len(r.codes); start += r.width {
		r.codes[start+at] = codes[r.codes[start+field]]
	}
}

// transformed numbers what a transform takes of each value; 0 is nothing.
func transformed(values dictionary.Texts, take func(string) string) []uint32 {
	out := make([]uint32, values.Len())
	known := dictionary.New()
	for code := 1; code < values.Len(); code++ {
		out[code] = known.Code(take(values.At(uint32(code))))
	}
	return out
}

// key is what a record's codes give to a rule's key; 0 is none.
func (p *Plan) key(record []uint32, rule int) uint64 {
	key := uint64(1 << 63)
	for _, at := range p.members[rule] {
		if record[at] == 0 {
			return 0
		}
		key = block.Extend(key, record[at])
	}
	return key | 1<<63
}

// keys appends the keys under which a record stands in the blocks of a rule:
// several where the rule has listed keys, none where a value is missing.
func (p *Plan) keys(record []uint32, rule int, out []uint64) []uint64 {
	key := p.key(record, rule)
	if key == 0 {
		return out
	}
	out = append(out, key)
	for _, list := range p.lists[rule] {
		l := &p.listed[list]
		out = expand(out, l.codes[record[l.at]])
	}
	return out
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

// found says that a rule finds a pair of records that agree on those codes.
func (p *Plan) found(rule int, agreement uint64, a, b []uint32) bool {
	if agreement&p.masks[rule] != p.masks[rule] {
		return false
	}
	for _, list := range p.lists[rule] {
		if l := &p.listed[list]; !l.agrees(a[l.at], b[l.at]) {
			return false
		}
	}
	return len(p.refinements[rule]) == 0 || p.meeting(rule, agreement, a, b) != 0
}

// meeting is the key of the block of a rule in which a pair counts, given that
// it agrees on the rule's codes: of several that with the least keys in common.
// 0 is none.
func (p *Plan) meeting(rule int, agreement uint64, a, b []uint32) uint64 {
	switch {
	case len(p.lists[rule]) == 0:
		return p.kept(rule, p.key(a, rule), agreement, a)
	case len(p.refinements[rule]) == 0:
		return p.leastKey(rule, a, b)
	}
	var roomKeys [usualListed]uint64
	var roomCodes [usualListed]uint32
	keys := append(roomKeys[:0], p.key(a, rule))
	for _, list := range p.lists[rule] {
		l := &p.listed[list]
		keys = expand(keys, l.common(a[l.at], b[l.at], roomCodes[:0]))
	}
	for _, key := range keys {
		if key = p.kept(rule, key, agreement, a); key != 0 {
			return key
		}
	}
	return 0
}

// leastKey is the key of the first block of a rule in which a pair meets, given that it
// agrees on the rule's codes; 0 for none.
func (p *Plan) leastKey(rule int, a, b []uint32) uint64 {
	key := p.key(a, rule)
	for _, list := range p.lists[rule] {
		l := &p.listed[list]
		code := l.least(a[l.at], b[l.at])
		if code == 0 {
			return 0
		}
		key = block.Extend(key, code) | 1<<63
	}
	return key
}

// passes says that a rule may find two rows of those sexes. People of opposite
// sex are not one: in one file never, in two unless an identity number says so,
// and then it is for people to see.
func (p *Plan) passes(rule int, a, b uint8) bool {
	return a == b || a == 0 || b == 0 || (!p.table.Same() && p.identifying[rule])
}

// Meet says that two rows meet in a block of a rule that is kept, of whichever sex the
// two are.
func (p *Plan) Meet(rule int, left, right int32) bool {
	a, b := p.left.record(left), p.right.record(right)
	return p.found(rule, equal(a, b)&present(a), a, b)
}

// Passes says that a rule may find a pair, as for their sex.
func (p *Plan) Passes(rule int, left, right int32) bool {
	return p.passes(rule, p.table.Left.sex[left], p.table.Right.sex[right])
}

// First is the first rule that finds a pair, -1 if none does.
func (p *Plan) First(left, right int32) int {
	a, b := p.left.record(left), p.right.record(right)
	agreement := equal(a, b) & present(a)
	for rule := range p.Rules {
		if p.found(rule, agreement, a, b) && p.Passes(rule, left, right) {
			return rule
		}
	}
	return -1
}
