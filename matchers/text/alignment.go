package text

import "math"

// alignedWords is how many words a name may have to be aligned without memory
// of its own.
const alignedWords = 16

// TokenAlignment compares two names word by word in any order, from 0 to 1: each
// word of one is put beside another word of the other, so that the sum of their
// Jaro-Winkler similarities is greatest, and twice the sum is divided by the
// number of all words. A word without a partner counts as unlike. Two names
// without words are equal.
func TokenAlignment(a, b []string) float64 {
	if len(a)+len(b) == 0 {
		return 1
	}
	if len(a) > len(b) {
		a, b = b, a
	}
	var room alignmentRoom
	m := alignment{
		likeness: room.likeness[:], ofRow: room.potential[0][:], ofCol: room.potential[1][:], slack: room.potential[2][:],
		row: room.path[0][:], from: room.path[1][:], visited: room.visited[:],
	}
	if len(b) > alignedWords {
		size := len(b) + 1
		m = alignment{
			likeness: make([]float64, len(a)*len(b)), ofRow: make([]float64, size), ofCol: make([]float64, size), slack: make([]float64, size),
			row: make([]int, size), from: make([]int, size), visited: make([]bool, size),
		}
	}
	for i, x := range a {
		for j, y := range b {
			m.likeness[i*len(b)+j] = JaroWinkler(x, y)
		}
	}
	return 2 * m.best(len(a), len(b)) / float64(len(a)+len(b))
}

// alignment finds the assignment of rows to columns with the greatest sum, by
// shortest augmenting paths with potentials (Kuhn 1955; Jonker and Volgenant
// 1987). Row and column 0 stand for none.
type alignment struct {
	likeness     []float64 // rows by columns
	ofRow, ofCol []float64 // potentials
	slack        []float64 // by column
	row, from    []int     // by column: the row that has it, the column before it on the path
	visited      []bool    // by column
}

// alignmentRoom is the memory of a small one.
type alignmentRoom struct {
	likeness  [alignedWords * alignedWords]float64
	potential [3][alignedWords + 1]float64
	path      [2][alignedWords + 1]int
	visited   [alignedWords + 1]bool
}

// best is the greatest sum; there are no more rows than columns.
func (m *alignment) best(rows, columns int) float64 {
	for i := 1; i <= rows; i++ {
		m.add(i, columns)
	}
	sum := 0.0
	for j := 1; j <= columns; j++ {
		if i := m.row[j]; i > 0 {
			sum += m.likeness[(i-1)*columns+j-1]
		}
	}
	return sum
}

// add gives a row its column, and others theirs anew where that is better.
func (m *alignment) add(row, columns int) {
	m.row[0] = row
	at := 0
	for j := range columns + 1 {
		m.slack[j], m.visited[j] = math.Inf(1), false
	}
	for m.row[at] != 0 {
		m.visited[at] = true
		i, next, least := m.row[at], 0, math.Inf(1)
		for j := 1; j <= columns; j++ {
			if m.visited[j] {
				continue
			}
			if cost := -m.likeness[(i-1)*columns+j-1] - m.ofRow[i] - m.ofCol[j]; cost < m.slack[j] {
				m.slack[j], m.from[j] = cost, at
			}
			if m.slack[j] < least {
				least, next = m.slack[j], j
			}
		}
		for j := range columns + 1 {
			if m.visited[j] {
				m.ofRow[m.row[j]] += least
				m.ofCol[j] -= least
			} else {
				m.slack[j] -= least
			}
		}
		at = next
	}
	for at != 0 {
		before := m.from[at]
		m.row[at] = m.row[before]
		at = before
	}
}
