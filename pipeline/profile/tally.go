package profile

import (
	"fmt"
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

// enough is how many different values are looked at where some tell of all.
const enough = 50_000

// some are the different values, or where they are many about enough of them, chosen
// by what they are: not by the order of the rows.
func (t tally) some() iter.Seq[string] {
	every := uint64(1 + len(t.rows)/enough)
	return func(yield func(string) bool) {
		for v := range t.all() {
			if (every == 1 || hash(v)%every == 0) && !yield(v) {
				return
			}
		}
	}
}

// hash is FNV-1a.
func hash(v string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(v) {
		h = (h ^ uint64(v[i])) * 1099511628211
	}
	return mix(h)
}

// share is the share of different values that are so.
func (t tally) share(is func(string) bool) float64 {
	n, so := 0, 0
	for v := range t.some() {
		n++
		if is(v) {
			so++
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

// inWords tells of the values that several rows bear, or have.
func (b *bearers) inWords(bear string) string {
	if b.Values == 1 {
		return fmt.Sprintf("%s %s one number that is not theirs alone", rows(b.Rows), bear)
	}
	return fmt.Sprintf("%s %s %s numbers that are not theirs alone, the commonest %d times", rows(b.Rows), bear, grouped(b.Values), b.Most)
}

// often tells of those that more rows bear than is plausible.
func (b *bearers) often(bear string, plausible int) string {
	if b.Frequent == 1 {
		return fmt.Sprintf("one number that more than %d rows %s", plausible, bear)
	}
	return fmt.Sprintf("%s numbers that more than %d rows %s each, the commonest %s", grouped(b.Frequent), plausible, bear, grouped(b.Most))
}
