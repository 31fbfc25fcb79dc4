package profile

import (
	"iter"
	"unicode/utf8"

	"rollcall/pipeline/pair"
)

// tally is the different values of a column with the rows that bear each.
type tally struct {
	column pair.Column
	rows   []int // by code
	filled int
}

func newTally(c pair.Column) tally {
	t := tally{column: c, rows: make([]int, c.Values.Len())}
	for _, code := range c.Codes {
		t.rows[code]++
	}
	if len(t.rows) > 0 {
		t.filled = len(c.Codes) - t.rows[0]
	}
	return t
}

// all are the values that are there and the rows that bear them.
func (t tally) all() iter.Seq2[string, int] {
	return func(yield func(string, int) bool) {
		for code, v := range t.column.Values.All() {
			if code > 0 && t.rows[code] > 0 && !yield(v, t.rows[code]) {
				return
			}
		}
	}
}

// values are the different ones.
func (t tally) values() iter.Seq[string] {
	return func(yield func(string) bool) {
		for v := range t.all() {
			if !yield(v) {
				return
			}
		}
	}
}

// share is the share of the filled rows whose value is so, among the first values
// that are met: enough of them to know.
func (t tally) share(is func(string) bool) float64 {
	const enough = 5000
	n, so, looked := 0, 0, 0
	for v, rows := range t.all() {
		n += rows
		if is(v) {
			so += rows
		}
		if looked++; looked == enough {
			break
		}
	}
	return float64(so) / float64(max(1, n))
}

// bearers counts the values that several rows bear, by how many.
type bearers struct {
	Values   int // that more than one row bears
	Rows     int // that bear such a value
	Most     int // rows that bear the commonest one
	Frequent int // values that more rows bear than is plausible
	Within   int // rows that bear one of those
}

func (b *bearers) add(rows, plausible int) {
	if rows < 2 {
		return
	}
	b.Values++
	b.Rows += rows
	b.Most = max(b.Most, rows)
	if rows > plausible {
		b.Frequent++
		b.Within += rows
	}
}

// Cut is a length at which values seem to have been cut off.
type Cut struct {
	Length int // characters; 0 where none were
	Rows   int // of that length
}

// cutOf finds values that were cut off: many are as long as the longest, and more
// than are a little shorter.
func cutOf(values tally) Cut {
	const shortest, least, times, near = 8, 10, 3, 3
	lengths := map[int]int{}
	longest := 0
	for v, rows := range values.all() {
		n := utf8.RuneCountInString(v)
		lengths[n] += rows
		longest = max(longest, n)
	}
	before := 0
	for n := longest - near; n < longest; n++ {
		before += lengths[n]
	}
	rows := lengths[longest]
	if longest < shortest || rows < least || near*rows < times*before || len(lengths) == 1 || rows > values.filled/2 {
		return Cut{}
	}
	return Cut{longest, rows}
}
