package assign

import (
	"math"
	"slices"
)

// maxMatrix and maxRows bound the components that are solved exactly.
const (
	maxMatrix = 1 << 16
	maxRows   = 100
)

// components are those of the given edges that hang together, of two edges and
// more, by their least edge.
func (g Graph) components(edges []int32) [][]int32 {
	parent := make([]int32, g.Lefts+g.Rights)
	for i := range parent {
		parent[i] = int32(i)
	}
	for _, e := range edges {
		a, b := root(parent, g.Edges[e].Left), root(parent, int32(g.Lefts)+g.Edges[e].Right)
		parent[max(a, b)] = min(a, b)
	}
	size := make([]int32, len(parent))
	for _, e := range edges {
		size[root(parent, g.Edges[e].Left)]++
	}
	place := make([]int32, len(parent))
	var out [][]int32
	for _, e := range edges {
		r := root(parent, g.Edges[e].Left)
		if size[r] < 2 {
			continue
		}
		if place[r] == 0 {
			out = append(out, make([]int32, 0, size[r]))
			place[r] = int32(len(out))
		}
		out[place[r]-1] = append(out[place[r]-1], e)
	}
	return out
}

// optimum is the assignment of greatest total worth within one component, found
// by the Hungarian method with potentials (Kuhn 1955, Munkres 1957; one row after
// the other as in Jonker and Volgenant 1987). Rows are the records of the side
// that has fewer, columns those of the other, and then one for each row to stay
// alone at worth 0.
type optimum struct {
	rows, columns int
	pairs         [][2]int  // row and column of each edge of the component
	cost          []float64 // rows * columns; +Inf where there is no edge
	u, v          []float64 // potentials: cost - u - v is 0 in the optimum, never below
	column        []int     // that a row holds
	holder        []int     // of a column: a row, or -1
	detour        []float64 // (rows+1)²; see detours
}

// newOptimum is nil where the component is too large.
func newOptimum(all []Edge, edges []int32, worth func(edge int32) float64) *optimum {
	ofRow, ofColumn := func(e Edge) int32 { return e.Left }, func(e Edge) int32 { return e.Right }
	rows, others := ends(all, edges, ofRow), ends(all, edges, ofColumn)
	if len(rows) > len(others) {
		rows, others, ofRow, ofColumn = others, rows, ofColumn, ofRow
	}
	n, columns := len(rows), len(others)+len(rows)
	if n > maxRows || n*columns > maxMatrix {
		return nil
	}
	o := &optimum{
		rows: n, columns: columns, cost: make([]float64, n*columns), u: make([]float64, n), v: make([]float64, columns+1),
		column: make([]int, n), holder: make([]int, columns+1),
	}
	for i := range n {
		for j := range others {
			o.cost[i*columns+j] = math.Inf(1)
		}
	}
	for _, e := range edges {
		i, _ := slices.BinarySearch(rows, ofRow(all[e]))
		j, _ := slices.BinarySearch(others, ofColumn(all[e]))
		o.pairs = append(o.pairs, [2]int{i, j})
		o.cost[i*columns+j] = -worth(e)
	}
	for j := range o.holder {
		o.holder[j] = -1
	}
	for row := range n {
		o.add(row)
	}
	o.detours()
	return o
}

// ends are the records of some edges on one side, in order.
func ends(all []Edge, edges []int32, end func(Edge) int32) []int32 {
	out := make([]int32, len(edges))
	for k, e := range edges {
		out[k] = end(all[e])
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// add gives one more row a column, by the cheapest way of moving others. The last
// column of all is where that way begins.
func (o *optimum) add(row int) {
	start := o.columns
	o.holder[start] = row
	least, from, done := make([]float64, o.columns), make([]int, o.columns), make([]bool, o.columns+1)
	for j := range least {
		least[j] = math.Inf(1)
	}
	at := start
	for o.holder[at] >= 0 {
		done[at] = true
		i, next := o.holder[at], -1
		for j := range o.columns {
			if done[j] {
				continue
			}
			if c := o.reduced(i, j); c < least[j] {
				least[j], from[j] = c, at
			}
			if next < 0 || least[j] < least[next] {
				next = j
			}
		}
		step := least[next]
		for j := range o.columns + 1 {
			if done[j] {
				o.u[o.holder[j]] += step
				o.v[j] -= step
			} else if j < o.columns {
				least[j] -= step
			}
		}
		at = next
	}
	for at != start {
		before := from[at]
		o.holder[at] = o.holder[before]
		o.column[o.holder[at]] = at
		at = before
	}
	o.holder[start], o.v[start] = -1, 0
}

// reduced is what a pair costs beyond the potentials.
func (o *optimum) reduced(row, column int) float64 {
	return o.cost[row*o.columns+column] - o.u[row] - o.v[column]
}

// detours finds what it costs at least to let one row go from its column until
// another's column is free for somebody else (Floyd 1962, Warshall 1962). The
// last place stands for all columns that nobody holds: to go there costs what the
// cheapest of them does, and to come from there is to leave one's column empty.
func (o *optimum) detours() {
	n := o.rows + 1
	o.detour = make([]float64, n*n)
	for i := range o.rows {
		for k := range o.rows {
			o.detour[i*n+k] = o.reduced(i, o.column[k])
		}
		o.detour[i*n+i] = 0
		free := math.Inf(1)
		for j := range o.columns {
			if o.holder[j] < 0 {
				free = min(free, o.reduced(i, j))
			}
		}
		o.detour[i*n+o.rows] = free
		o.detour[o.rows*n+i] = -o.v[o.column[i]]
	}
	for by := range n {
		for i := range n {
			first := o.detour[i*n+by]
			for k := range n {
				if way := first + o.detour[by*n+k]; way < o.detour[i*n+k] {
					o.detour[i*n+k] = way
				}
			}
		}
	}
}

// loss is by how much the best assignment in which a row has a column is worth
// less than the best of all.
func (o *optimum) loss(row, column int) float64 {
	if o.column[row] == column {
		return 0
	}
	mover := o.holder[column]
	if mover < 0 {
		mover = o.rows
	}
	return o.reduced(row, column) + o.detour[mover*(o.rows+1)+row]
}

// lossWithout is by how much the best assignment without a pair is worth less than
// the best of all; 0 where the pair is not in that.
func (o *optimum) lossWithout(pair int) float64 {
	row, column := o.pairs[pair][0], o.pairs[pair][1]
	if o.column[row] != column {
		return 0
	}
	least := math.Inf(1)
	for j := range o.columns {
		if j != column {
			least = min(least, o.loss(row, j))
		}
	}
	return least
}

// margin is by how much the best assignment with a pair is worth more than the
// best in which one of its two has another partner.
func (o *optimum) margin(pair int) float64 {
	least := math.Inf(1)
	at := o.pairs[pair]
	for _, other := range o.pairs {
		if other != at && (other[0] == at[0] || other[1] == at[1]) {
			least = min(least, o.loss(other[0], other[1]))
		}
	}
	return least - o.loss(at[0], at[1])
}
