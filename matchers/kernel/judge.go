package kernel

import "slices"

// Judge compares pairs of rows, two at a time or all of a group. It keeps memory
// that it uses again, so that each thread needs its own.
type Judge struct {
	table       *Table
	left, right gathered
	batch       batch
	beside      []beside // by voice: what Relatives knows already
}

// Judge makes a judge.
func (t *Table) Judge() *Judge { return &Judge{table: t, batch: newBatch(t, newCeiling(t, nil, 0))} }

// Only leaves all fields but some out of what the judge compares: they are missing.
func (j *Judge) Only(fields []int) *Judge {
	some := uint64(0)
	for _, f := range fields {
		some |= 1 << f
	}
	j.batch.fields &= some
	return j
}

// Levels compares a row of the left file with one of the right, one level a
// field.
func (j *Judge) Levels(left, right int32, levels []uint8) {
	if !slices.Equal(j.left.rows, []int32{left}) { // mostly it is the row of the last time
		j.left.rows = append(j.left.rows[:0], left)
		j.left.gather(j.table, j.table.Left, j.table.codes)
	}
	j.right.rows = append(j.right.rows[:0], right)
	j.right.gather(j.table, j.table.Right, j.table.codes)
	j.batch.start(&j.left, &j.right)
	j.batch.add(0, 0, equal(j.left.records, j.right.records))
	for _, found := range j.batch.drain() {
		copy(levels, found)
	}
}

// Within compares all pairs of some rows of one file and hands each to visit, by
// its places among them. levels are used again.
func (j *Judge) Within(rows []int32, visit func(i, k int, levels []uint8)) {
	j.left.rows = append(j.left.rows[:0], rows...)
	j.left.gather(j.table, j.table.Left, j.table.codes)
	j.batch.start(&j.left, &j.left)
	flush := func() {
		for pair, levels := range j.batch.drain() {
			visit(int(pair.i), int(pair.j), levels)
		}
	}
	for i := range rows {
		for k := i + 1; k < len(rows); k++ {
			j.batch.add(i, k, equal(j.left.record(i), j.left.record(k)))
			if j.batch.full() {
				flush()
			}
		}
	}
	flush()
}

// Levels compares a row of the left file with one of the right, one level a
// field. Those who compare many have a Judge.
func (t *Table) Levels(left, right int32, levels []uint8) { t.Judge().Levels(left, right, levels) }
