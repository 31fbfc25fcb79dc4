package kernel

import (
	"cmp"
	"slices"
	"sync"
	"sync/atomic"
)

// partRows is how many rows of one side a partition has about: few enough to
// sort in cache.
const partRows = 512

// partitions is the rows of both sides by the key of one rule, scattered by the
// key's upper bits.
type partitions struct {
	same         bool
	leftEntries  []entry
	rightEntries []entry
	leftStarts   []int
	rightStarts  []int
	keyShift     uint
	pairsByPart  []int64
	blocksByPart [][]blockSize // that may be too large
}

// blockSize is a block that may be too large.
type blockSize struct {
	key   uint64
	pairs int64
}

// partition scatters the rows of both sides.
func (p *Plan) partition(rule, threads int) *partitions {
	t := p.table
	bits := uint(0)
	for rows := max(t.Left.Rows, t.Right.Rows) / partRows; rows>>bits > 0; {
		bits++
	}
	b := &partitions{same: t.Same(), keyShift: 63 - bits}
	var wg sync.WaitGroup
	wg.Go(func() { b.leftEntries, b.leftStarts = p.scatter(p.left, t.Left.Rows, rule, b.keyShift) })
	if threads == 1 {
		wg.Wait()
	}
	if !b.same {
		wg.Go(func() { b.rightEntries, b.rightStarts = p.scatter(p.right, t.Right.Rows, rule, b.keyShift) })
	}
	wg.Wait()
	return b
}

func (p *Plan) scatter(atoms []uint32, rows, rule int, shift uint) ([]entry, []int) {
	parts := 1 << (63 - shift)
	starts := make([]int, parts+1)
	keys := make([]uint64, rows)
	for row := range rows {
		key := p.key(atoms[row*p.width:][:p.width], rule)
		keys[row] = key
		if key != 0 {
			starts[part(key, shift)+1]++
		}
	}
	for i := 1; i <= parts; i++ {
		starts[i] += starts[i-1]
	}
	next := slices.Clone(starts)
	entries := make([]entry, starts[parts])
	for row, key := range keys {
		if key != 0 {
			at := &next[part(key, shift)]
			entries[*at] = entry{key, int32(row)}
			*at++
		}
	}
	return entries, starts
}

// part is the partition of a key; its highest bit is always set.
func part(key uint64, shift uint) uint64 { return key &^ (1 << 63) >> shift }

func (b *partitions) parts() int { return len(b.leftStarts) - 1 }

func (b *partitions) left(part int) []entry {
	return b.leftEntries[b.leftStarts[part]:b.leftStarts[part+1]]
}

func (b *partitions) right(part int) []entry {
	if b.same {
		return nil
	}
	return b.rightEntries[b.rightStarts[part]:b.rightStarts[part+1]]
}

// alwaysKept is the least size of a block, in pairs, that any limit may drop.
const alwaysKept = 2500

// sort orders every partition by key and row, and returns the pairs of all
// blocks.
func (b *partitions) sort(threads int) int64 {
	b.pairsByPart = make([]int64, b.parts())
	b.blocksByPart = make([][]blockSize, b.parts())
	var next atomic.Int64
	var wg sync.WaitGroup
	for range threads {
		wg.Go(func() {
			for i := int(next.Add(1) - 1); i < b.parts(); i = int(next.Add(1) - 1) {
				sortEntries(b.left(i))
				sortEntries(b.right(i))
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

func sortEntries(entries []entry) {
	slices.SortFunc(entries, func(x, y entry) int {
		return cmp.Or(cmp.Compare(x.key, y.key), cmp.Compare(x.row, y.row))
	})
}

// measure counts the pairs of a partition and notes its large blocks.
func (b *partitions) measure(i int) {
	left, right := b.left(i), b.right(i)
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

// large is the keys of the blocks above the limit, and the pairs in them.
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
