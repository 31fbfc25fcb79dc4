package kernel

import (
	"cmp"
	"slices"
	"sync"
	"sync/atomic"

	"rollcall/matchers/block"
)

// partRows is how many rows of one side a partition has about: few enough to
// sort in cache.
const partRows = 512

// partitions is the rows of both sides by the key of one rule, scattered by the
// key's upper bits.
type partitions struct {
	same         bool
	left, right  side
	keyShift     uint
	pairsByPart  []int64
	blocksByPart [][]blockSize // that may be too large
}

// blockSize is a block that may be too large.
type blockSize struct {
	key   uint64
	pairs int64
}

func newPartitions(t *Table) *partitions {
	bits := uint(0)
	for rows := max(t.Left.Rows, t.Right.Rows) / partRows; rows>>bits > 0; {
		bits++
	}
	b := &partitions{same: t.Same(), keyShift: 63 - bits}
	b.pairsByPart = make([]int64, 1<<bits)
	b.blocksByPart = make([][]blockSize, 1<<bits)
	return b
}

// scatter puts the rows of both sides into their partitions. The memory of the
// last rule is used again.
func (b *partitions) scatter(p *Plan, rule, threads int) {
	b.each(threads,
		func() { b.left.scatter(p, p.left, rule, b.keyShift) },
		func() { b.right.scatter(p, p.right, rule, b.keyShift) })
}

// cut puts the rows of the blocks that are too large into new partitions, by a
// further key.
func (b *partitions) cut(p *Plan, r refinement, threads int) {
	b.each(threads,
		func() { b.left.cut(p, p.left, r, b.keyShift) },
		func() { b.right.cut(p, p.right, r, b.keyShift) })
}

// each does something with either side, at once if there are threads for it.
func (b *partitions) each(threads int, left, right func()) {
	var wg sync.WaitGroup
	wg.Go(left)
	if threads == 1 {
		wg.Wait()
	}
	if !b.same {
		wg.Go(right)
	}
	wg.Wait()
}

// side is the rows of one file.
type side struct {
	keys    []uint64 // by row; 0 is none
	entries []entry
	starts  []int
	pieces  []entry // of blocks that are cut apart
}

func (s *side) scatter(p *Plan, records *Rows, rule int, shift uint) {
	rows, parts := records.Rows, 1<<(63-shift)
	if s.keys == nil {
		s.keys, s.entries, s.starts = make([]uint64, rows), make([]entry, rows), make([]int, parts+1)
	}
	clear(s.starts)
	if len(p.lists[rule]) > 0 {
		s.scatterSeveral(p, records, rule, shift)
		return
	}
	for row := range s.keys {
		key := p.key(records.record(int32(row)), rule)
		s.keys[row] = key
		if key != 0 {
			s.starts[part(key, shift)+1]++
		}
	}
	next := s.begin(rows)
	for row, key := range s.keys {
		if key != 0 {
			next.put(s.entries, entry{key, int32(row)}, shift)
		}
	}
}

// begin turns the counts of the partitions into their starts and makes room for
// so many entries.
func (s *side) begin(entries int) places {
	for i := 1; i < len(s.starts); i++ {
		s.starts[i] += s.starts[i-1]
	}
	s.entries = slices.Grow(s.entries[:0], entries)[:entries]
	return slices.Clone(s.starts)
}

// places is where the next entry of each partition goes.
type places []int

func (next places) put(entries []entry, e entry, shift uint) {
	at := &next[part(e.key, shift)]
	entries[*at] = e
	*at++
}

// scatterSeveral is scatter for rules under which a row has any number of keys.
func (s *side) scatterSeveral(p *Plan, records *Rows, rule int, shift uint) {
	var keys []uint64
	total := 0
	for row := range s.keys {
		keys = p.keys(records.record(int32(row)), rule, keys[:0])
		total += len(keys)
		for _, key := range keys {
			s.starts[part(key, shift)+1]++
		}
	}
	next := s.begin(total)
	for row := range s.keys {
		keys = p.keys(records.record(int32(row)), rule, keys[:0])
		for _, key := range keys {
			next.put(s.entries, entry{key, int32(row)}, shift)
		}
	}
}

// cut takes the entries of blocks that are too large, which stand sorted, and
// scatters those that have the further key by it.
func (s *side) cut(p *Plan, records *Rows, r refinement, shift uint) {
	s.pieces = s.pieces[:0]
	parts := len(s.starts) - 1
	for i := range parts {
		entries := s.of(i)
		for from := 0; from < len(entries); {
			end := run(entries, from)
			if _, large := r.large[entries[from].key]; large {
				for _, e := range entries[from:end] {
					if code := records.record(e.row)[r.by]; code != 0 {
						s.pieces = append(s.pieces, entry{block.Extend(e.key, code) | 1<<63, e.row})
					}
				}
			}
			from = end
		}
	}
	clear(s.starts)
	for _, e := range s.pieces {
		s.starts[part(e.key, shift)+1]++
	}
	next := s.begin(len(s.pieces))
	for _, e := range s.pieces {
		next.put(s.entries, e, shift)
	}
}

func (s *side) of(part int) []entry {
	if s.starts == nil {
		return nil
	}
	return s.entries[s.starts[part]:s.starts[part+1]]
}

// part is the partition of a key; its highest bit is always set.
func part(key uint64, shift uint) uint64 { return key &^ (1 << 63) >> shift }

func (b *partitions) parts() int { return len(b.pairsByPart) }

// alwaysKept is the most pairs of a block that no limit drops, so that small
// blocks need not be noted.
const alwaysKept = 256

// sort orders every partition by key and row, and returns the pairs of all
// blocks.
func (b *partitions) sort(threads int) int64 {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range threads {
		wg.Go(func() {
			var sorter sorter
			for i := int(next.Add(1) - 1); i < b.parts(); i = int(next.Add(1) - 1) {
				sorter.sort(b.left.of(i), b.keyShift)
				sorter.sort(b.right.of(i), b.keyShift)
				b.measure(i)
			}
		})
	}
	wg.Wait()
	total := int64(0)
	for _, n := range b.pairsByPart {
		total += n
	}
	return total
}

// sortBits is how many bits of the key a partition is counted by before the
// rest is sorted by insertion.
const sortBits = 10

// sorter sorts partitions in memory that it keeps.
type sorter struct {
	next   [1 << sortBits]uint32 // place, by digit
	copied []entry
}

func (s *sorter) sort(entries []entry, shift uint) {
	down := (shift - min(shift, sortBits)) & 63
	s.copied = append(s.copied[:0], entries...)
	clear(s.next[:])
	for i := range entries {
		s.next[entries[i].key>>down%(1<<sortBits)]++
	}
	before := uint32(0)
	for digit, n := range &s.next {
		s.next[digit] = before
		before += n
	}
	for i := range s.copied {
		e := &s.copied[i]
		at := &s.next[e.key>>down%(1<<sortBits)]
		entries[*at] = *e
		*at++
	}
	slow := 0
	for i := 1; i < len(entries); i++ {
		for j := i; j > 0 && entries[j].key < entries[j-1].key; j-- {
			entries[j], entries[j-1] = entries[j-1], entries[j]
			slow++
		}
		if slow > 16*len(entries) { // many keys with one digit
			slices.SortStableFunc(entries, func(x, y entry) int { return cmp.Compare(x.key, y.key) })
			return
		}
	}
}

// measure counts the pairs of a partition and notes its large blocks.
func (b *partitions) measure(i int) {
	left, right := b.left.of(i), b.right.of(i)
	b.pairsByPart[i], b.blocksByPart[i] = 0, b.blocksByPart[i][:0]
	for from, j := 0, 0; from < len(left); {
		end := run(left, from)
		n := int64(end - from)
		pairs := n * (n - 1) / 2
		if !b.same {
			pairs = 0
			for j < len(right) && right[j].key < left[from].key {
				j++
			}
			if j < len(right) && right[j].key == left[from].key {
				stop := run(right, j)
				pairs = n * int64(stop-j)
				j = stop
			}
		}
		b.pairsByPart[i] += pairs
		if pairs > alwaysKept {
			b.blocksByPart[i] = append(b.blocksByPart[i], blockSize{left[from].key, pairs})
		}
		from = end
	}
}

// large is the keys of the blocks above the limit, which is at least
// alwaysKept, and the pairs in them.
func (b *partitions) large(limit int64) (blockSet, int64) {
	set, pairs := blockSet{}, int64(0)
	for _, blocks := range b.blocksByPart {
		for _, block := range blocks {
			if block.pairs > limit {
				set[block.key] = struct{}{}
				pairs += block.pairs
			}
		}
	}
	return set, pairs
}
