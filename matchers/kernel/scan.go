package kernel

import (
	"cmp"
	"context"
	"math/bits"
	"slices"
	"sync"
	"sync/atomic"

	"rollcall/matchers/model"
)

// Kept is a pair that may match: rows and the index of its pattern.
type Kept struct {
	Left, Right int32
	Pattern     uint32
}

// Pass is one scan over all candidate pairs: to learn from them, or to keep those
// that are worth it.
type Pass struct {
	Threads  int
	Keep     func(levels []uint8) bool // asked once a pattern and thread; nil keeps none and counts patterns
	Bound    *Bound                    // that all pairs pass which Keep wants; nil is none
	MaxKept  int                       // beyond it pairs are counted, not kept; 0 is no bound
	Twice    bool                      // keep pairs of one class too, for people to see: they may be one event twice
	Halvings int                       // of the left rows that a pass looks at: one in two to that power
	Count    bool                      // pairs are counted and not compared
	Progress func(done, total int64)   // rules
}

// Found is what a pass found: by pattern, the pairs to learn from or those worth
// keeping.
type Found struct {
	Patterns   model.Patterns // by ascending key, so that their order is that of the data alone
	Kept       []Kept         // by left, then right row
	Overflow   bool           // more than MaxKept pairs were worth keeping
	RulePairs  []int64        // per rule, each pair counted for the first that finds it
	Candidates int64
	RuleFound  []int64   // per rule, the pairs that it finds, whoever found them before; of a pass that counts
	Largest    [][]Block // per rule, its largest blocks; of a pass that counts
	Refined    []int64   // per rule, pairs in blocks that were too large
	Dropped    []int64   // per rule, those of them that further keys left out
}

// entry is the key of a row under the rule at hand.
type entry struct {
	key uint64
	row int32
}

// Scan compares all candidate pairs of the plan, rule by rule: the first rule
// that finds a pair owns it.
func (p *Plan) Scan(ctx context.Context, pass Pass) (*Found, error) {
	digits, err := p.table.radix()
	if err != nil {
		return nil, err
	}
	threads := max(pass.Threads, 1)
	workers := make([]*worker, threads)
	var kept atomic.Int64
	for i := range workers {
		workers[i] = newWorker(p, pass, digits, &kept)
	}
	blocks := newPartitions(p.table)
	found := &Found{RulePairs: make([]int64, len(p.Rules)), Refined: make([]int64, len(p.Rules)), Dropped: make([]int64, len(p.Rules))}
	p.forget()
	for rule := range p.Rules {
		if pass.Progress != nil {
			pass.Progress(int64(rule), int64(len(p.Rules)))
		}
		if err := p.scanRule(ctx, rule, blocks, workers, found); err != nil {
			return nil, err
		}
		all := int64(0)
		for _, w := range workers {
			found.RulePairs[rule] += w.pairs
			all += w.all
		}
		if pass.Count {
			found.RuleFound = append(found.RuleFound, all)
		}
		found.Candidates += found.RulePairs[rule]
	}
	found.merge(workers, digits, p.table.Left.Rows)
	return found, nil
}

// scanRule compares the blocks of one rule.
func (p *Plan) scanRule(ctx context.Context, rule int, blocks *partitions, workers []*worker, found *Found) error {
	for _, w := range workers {
		w.rule, w.pairs, w.all = rule, 0, 0
	}
	return p.layOut(rule, blocks, len(workers), func(l layout) error {
		if l.refinements == 0 && workers[0].only {
			found.Largest = append(found.Largest, p.largest(rule, blocks))
		}
		if !p.settled(rule) {
			found.note(rule, l)
		}
		var next atomic.Int64
		var wg sync.WaitGroup
		for _, w := range workers {
			wg.Go(func() {
				w.refinements, w.limit = l.refinements, l.limit
				for part := next.Add(1) - 1; int(part) < blocks.parts() && ctx.Err() == nil; part = next.Add(1) - 1 {
					w.part(blocks.left.of(int(part)), blocks.right.of(int(part)))
				}
			})
		}
		wg.Wait()
		return ctx.Err()
	})
}

// layout is the blocks of a rule, or the pieces of those that were too large.
type layout struct {
	refinements int   // so far
	limit       int64 // the most pairs of a block
	pairs       int64 // of all blocks
	large       int64 // of those that are too large
}

// layOut lays out the blocks of one rule, and again the pieces of those that were too
// large, by one further key after the other, and shows each layout.
func (p *Plan) layOut(rule int, blocks *partitions, threads int, show func(layout) error) error {
	blocks.scatter(p, rule, threads)
	l := layout{pairs: blocks.sort(threads)}
	for l.limit = p.limitOf(rule, l.pairs); ; l.refinements++ {
		if !p.settled(rule) {
			l.large = p.refine(rule, blocks, l.limit)
		}
		if err := show(l); err != nil || !p.refinesAfter(rule, l.refinements) {
			return err
		}
		blocks.cut(p, p.refinements[rule][l.refinements], threads)
		l.pairs = blocks.sort(threads)
	}
}

// Refine finds which blocks of the first rules, so many of them, are too large, as
// a scan does, and compares nothing.
func (p *Plan) Refine(first, threads int) {
	p.forget()
	blocks := newPartitions(p.table)
	for rule := range p.Rules[:first] {
		_ = p.layOut(rule, blocks, threads, func(layout) error { return nil })
	}
}

// forget leaves to the next scan what is not known of large blocks.
func (p *Plan) forget() {
	for rule := range p.Rules {
		if !p.settled(rule) {
			p.refinements[rule] = nil
		}
	}
}

// note adds up the pairs in blocks that were too large, and of them those that
// their pieces have not.
func (f *Found) note(rule int, l layout) {
	if l.refinements == 0 {
		f.Refined[rule], f.Dropped[rule] = l.large, l.large
		return
	}
	f.Dropped[rule] -= l.pairs - l.large
}

// worker is one thread's counts.
type worker struct {
	twice     bool
	plan      *Plan
	digits    radix
	keep      func([]uint8) bool
	maxKept   int64
	halvings  int
	bounded   batch // pairs that are of interest if they pass the bound
	sampled   batch // pairs that stand for others too, in a pass that learns
	keptSoFar *atomic.Int64
	rule      int
	limit     int64
	pairs     int64
	all       int64  // pairs of the rule, those of earlier rules among them
	only      bool   // counts pairs and does not compare them
	special   bool   // pairs may meet in several blocks of the rule
	key       uint64 // of the block at hand

	refinements int // so far
	counts      patternCounts
	kept        []Kept
	full        bool
	blocks      []span
	left        gathered
	right       gathered
}

// span is one block of a partition: its key and its rows on either side.
type span struct {
	key                            uint64
	left, leftEnd, right, rightEnd int
}

func newWorker(p *Plan, pass Pass, digits radix, kept *atomic.Int64) *worker {
	w := &worker{
		plan: p, digits: digits, only: pass.Count, keep: pass.Keep, maxKept: int64(pass.MaxKept), halvings: pass.Halvings, twice: pass.Twice,
		bounded: newBatch(p.table, newCeiling(p.table, pass.Bound, outlookBits)), keptSoFar: kept, counts: newPatternCounts(),
	}
	if w.learns() {
		w.sampled = newBatch(p.table, newCeiling(p.table, nil, outlookBits))
	}
	return w
}

// learns says that the pass counts patterns and keeps no pairs.
func (w *worker) learns() bool { return w.keep == nil && !w.only }

// part compares the blocks of one partition: runs of equal keys.
func (w *worker) part(left, right []entry) {
	p := w.plan
	w.blocks = w.blocks[:0]
	if p.table.Same() {
		w.blocks = blocksWithin(left, w.limit, w.blocks)
		right = left
	} else {
		w.blocks = blocksAcross(left, right, w.limit, w.blocks)
	}
	w.special = len(p.lists[w.rule])+len(p.refinements[w.rule]) > 0
	if p.settled(w.rule) && w.refinements < len(p.refinements[w.rule]) {
		w.blocks = slices.DeleteFunc(w.blocks, func(b span) bool {
			_, large := p.refinements[w.rule][w.refinements].large[b.key]
			return large
		})
	}
	w.collect(left, right)
	if len(w.left.rows) == 0 {
		return
	}
	w.left.gather(p.table, p.left, p.reach[w.rule])
	rights := &w.left
	if !p.table.Same() {
		w.right.gather(p.table, p.right, p.reach[w.rule])
		rights = &w.right
	}
	w.bounded.start(&w.left, rights)
	if w.learns() {
		w.sampled.start(&w.left, rights)
	}
	for _, b := range w.blocks {
		w.compare(b, rights)
	}
	w.flush()
}

// collect lists the rows of the blocks, of the left ones those that a pass over a part
// has drawn, and renumbers the blocks by them.
func (w *worker) collect(left, right []entry) {
	w.left.rows, w.right.rows = w.left.rows[:0], w.right.rows[:0]
	same, some := w.plan.table.Same(), w.halvings > 0
	blocks := w.blocks
	w.blocks = w.blocks[:0]
	for _, b := range blocks {
		out := span{key: b.key, left: len(w.left.rows), right: len(w.right.rows)}
		drawn := false
		for _, e := range left[b.left:b.leftEnd] {
			is := !some || sampled(uint64(e.row), w.halvings)
			drawn = drawn || is
			if is || same {
				w.left.rows = append(w.left.rows, e.row)
			}
		}
		if !drawn {
			w.left.rows = w.left.rows[:out.left]
			continue
		}
		out.leftEnd = len(w.left.rows)
		if same {
			out.right, out.rightEnd = out.left, out.leftEnd
		} else {
			for _, e := range right[b.right:b.rightEnd] {
				w.right.rows = append(w.right.rows, e.row)
			}
			out.rightEnd = len(w.right.rows)
		}
		w.blocks = append(w.blocks, out)
	}
}

// compare takes the pairs of one block.
func (w *worker) compare(b span, rights *gathered) {
	p := w.plan
	same, some := p.table.Same(), w.halvings > 0
	w.key = b.key
	width := rights.width
	for i := b.left; i < b.leftEnd; i++ {
		if same && some && !sampled(uint64(w.left.rows[i]), w.halvings) {
			continue
		}
		from := b.right
		if same {
			from = i + 1
		}
		record, present := w.left.record(i), w.left.present[i]
		for j := from; j < b.rightEnd; j++ {
			agreement := equal(record, rights.records[j*width:][:width]) & present
			earlier, found := p.finders(agreement, w.rule)
			if found && w.owns(i, j, rights, agreement, earlier) {
				w.take(i, j, rights, agreement)
			}
		}
	}
}

// blocksAcross are the runs of keys that both sides have, but for too large
// ones.
func blocksAcross(left, right []entry, limit int64, blocks []span) []span {
	for i, j := 0, 0; i < len(left) && j < len(right); {
		switch {
		case left[i].key < right[j].key:
			i++
		case left[i].key > right[j].key:
			j++
		default:
			endLeft, endRight := run(left, i), run(right, j)
			if int64(endLeft-i)*int64(endRight-j) <= limit {
				blocks = append(blocks, span{left[i].key, i, endLeft, j, endRight})
			}
			i, j = endLeft, endRight
		}
	}
	return blocks
}

// blocksWithin are the runs of two rows and more, but for too large ones.
func blocksWithin(rows []entry, limit int64, blocks []span) []span {
	for i := 0; i < len(rows); {
		end := run(rows, i)
		if n := int64(end - i); n > 1 && n*(n-1)/2 <= limit {
			blocks = append(blocks, span{rows[i].key, i, end, i, end})
		}
		i = end
	}
	return blocks
}

func run(entries []entry, from int) int {
	end := from + 1
	for end < len(entries) && entries[end].key == entries[from].key {
		end++
	}
	return end
}

// owns says that no earlier rule that finds the keys of a pair owns it.
// Pairs that the rule may not keep for their sex still teach how alike strangers
// are.
func (w *worker) owns(i, j int, rights *gathered, agreement, earlier uint64) bool {
	p := w.plan
	sexA, sexB := w.left.sex[i], rights.sex[j]
	if !w.learns() && !p.passes(w.rule, sexA, sexB) {
		return false
	}
	a, b := w.left.record(i), rights.record(j)
	if w.special && p.meeting(w.rule, agreement, a, b) != w.key {
		return false // they meet in another block of the rule, or have one hash
	}
	left, right := w.left.rows[i], rights.rows[j]
	if w.only && (!p.table.Same() || !p.table.Excluded(left, right)) {
		w.all++
	}
	for ; earlier != 0; earlier &= earlier - 1 {
		rule := bits.TrailingZeros64(earlier)
		if p.found(rule, agreement, a, b) && (w.learns() || p.passes(rule, sexA, sexB)) {
			return false
		}
	}
	return !p.table.Same() || !p.table.Grouped(left, right) && (w.twice || !p.table.Twice(left, right))
}

// take counts a pair and puts it with those that are judged next.
func (w *worker) take(i, j int, rights *gathered, agreement uint64) {
	w.pairs++
	switch {
	case w.only:
	case w.learns() && w.standsForOthers(w.left.rows[i], rights.rows[j]):
		if w.sampled.add(i, j, agreement); w.sampled.full() {
			w.learn()
		}
	default:
		if w.bounded.add(i, j, agreement); w.bounded.full() {
			w.choose()
		}
	}
}

// standsForOthers says that a pair is one of those that are counted for all that
// cannot pass the bound.
func (w *worker) standsForOthers(left, right int32) bool {
	return sampled(uint64(uint32(left))<<32|uint64(uint32(right)), w.bounded.bound.halvings)
}

// flush judges the pairs that are left of a partition.
func (w *worker) flush() {
	w.choose()
	if w.learns() {
		w.learn()
	}
}

// learn counts the patterns of the pairs that stand for others too, unless they pass
// the bound, as those are all counted.
func (w *worker) learn() {
	for _, levels := range w.sampled.drain() {
		weight := int64(1)
		if !w.bounded.bound.reached(levels) {
			weight <<= w.bounded.bound.halvings
		}
		w.counts.counts[w.pattern(levels)] += weight
	}
}

// choose counts the pairs that pass the bound and keeps those that are worth it.
func (w *worker) choose() {
	for pair, levels := range w.bounded.drain() {
		id := w.pattern(levels)
		if !w.counts.keep[id] {
			continue
		}
		w.counts.counts[id]++
		if !w.learns() {
			w.note(Kept{w.bounded.a.rows[pair.i], w.bounded.b.rows[pair.j], id})
		}
	}
}

// pattern is the number of the pattern of some levels. Whether it is worth keeping is
// asked when it is met first.
func (w *worker) pattern(levels []uint8) uint32 {
	id, fresh := w.counts.add(w.digits.pack(levels))
	if fresh {
		w.counts.keep = append(w.counts.keep, w.learns() || w.keep(levels))
	}
	return id
}

// note keeps a pair, unless there are too many.
func (w *worker) note(pair Kept) {
	if w.full {
		return
	}
	if w.maxKept > 0 && w.keptSoFar.Add(1) > w.maxKept {
		w.full = true
		w.kept = nil
		return
	}
	w.kept = append(w.kept, pair)
}

// sampled chooses one number in two to the power of halvings: a part of large files
// is enough to learn from.
func sampled(number uint64, halvings int) bool {
	return number*0x9E3779B97F4A7C15>>(64-halvings) == 0
}

// patternCounts counts patterns in an open table; ids are dense.
type patternCounts struct {
	slots  []uint32 // id + 1
	keys   []uint64
	counts []int64
	keep   []bool // by id, in a pass that keeps pairs
}

func newPatternCounts() patternCounts { return patternCounts{slots: make([]uint32, 1<<12)} }

func (c *patternCounts) add(key uint64) (id uint32, fresh bool) {
	slot := c.find(key)
	if c.slots[slot] != 0 {
		return c.slots[slot] - 1, false
	}
	id = uint32(len(c.keys))
	c.keys = append(c.keys, key)
	c.counts = append(c.counts, 0)
	c.slots[slot] = id + 1
	if 2*len(c.keys) > len(c.slots) {
		c.grow()
	}
	return id, true
}

func (c *patternCounts) find(key uint64) uint64 {
	mask := uint64(len(c.slots) - 1)
	slot := key * 0x9E3779B97F4A7C15 >> 32 & mask
	for c.slots[slot] != 0 && c.keys[c.slots[slot]-1] != key {
		slot = (slot + 1) & mask
	}
	return slot
}

func (c *patternCounts) grow() {
	c.slots = make([]uint32, 2*len(c.slots))
	for id, key := range c.keys {
		c.slots[c.find(key)] = uint32(id) + 1
	}
}

// merge sums the threads' counts by pattern and sorts what they kept.
func (f *Found) merge(workers []*worker, digits radix, lefts int) {
	total := map[uint64]int64{}
	for _, w := range workers {
		for id, key := range w.counts.keys {
			total[key] += w.counts.counts[id]
		}
		f.Overflow = f.Overflow || w.full
	}
	keys := make([]uint64, 0, len(total))
	for key := range total {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	width := len(digits.base)
	f.Patterns.Levels = make([]uint8, len(keys)*width)
	f.Patterns.Counts = make([]int64, len(keys))
	index := make(map[uint64]uint32, len(keys))
	for i, key := range keys {
		digits.unpack(key, f.Patterns.Levels[i*width:(i+1)*width])
		f.Patterns.Counts[i] = total[key]
		index[key] = uint32(i)
	}
	if f.Overflow {
		return
	}
	kept := 0
	for _, w := range workers {
		kept += len(w.kept)
	}
	f.Kept = make([]Kept, 0, kept)
	for _, w := range workers {
		for _, k := range w.kept {
			k.Pattern = index[w.counts.keys[k.Pattern]]
			f.Kept = append(f.Kept, k)
		}
		w.kept = nil
	}
	f.Kept = sortKept(f.Kept, lefts)
}

// sortKept orders pairs by left, then right row: counted by left row first.
func sortKept(kept []Kept, lefts int) []Kept {
	starts := make([]int32, lefts+1)
	for _, k := range kept {
		starts[k.Left+1]++
	}
	for i := range lefts {
		starts[i+1] += starts[i]
	}
	out, next := make([]Kept, len(kept)), slices.Clone(starts)
	for _, k := range kept {
		out[next[k.Left]] = k
		next[k.Left]++
	}
	for i := range lefts {
		slices.SortFunc(out[starts[i]:starts[i+1]], func(a, b Kept) int { return cmp.Compare(a.Right, b.Right) })
	}
	return out
}
