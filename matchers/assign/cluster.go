package assign

import (
	"cmp"
	"slices"
)

// The mean match probability from which clusters are joined: of two single
// records, and of anything larger. The second is flat from 0.2 to 0.4.
const (
	joinSingles = 0.5
	joinLarger  = 0.3
)

// Components labels each record with the least record that it is connected to
// through the edges.
func Components(records int, edges []Edge) []int32 {
	parent := make([]int32, records)
	for i := range parent {
		parent[i] = int32(i)
	}
	for _, e := range edges {
		a, b := root(parent, e.Left), root(parent, e.Right)
		parent[max(a, b)] = min(a, b)
	}
	for i := range parent {
		parent[i] = root(parent, int32(i))
	}
	return parent
}

func root(parent []int32, i int32) int32 {
	for parent[i] != i {
		parent[i] = parent[parent[i]]
		i = parent[i]
	}
	return i
}

// Similarities are the match probabilities of all pairs of a few records: a
// square matrix, symmetric. A negative one says that the two are different
// people, whatever others say.
type Similarities struct {
	n    int
	p    []float64
	same [][2]int // known to be one person, whatever others say
}

// NewSimilarities makes a matrix of n records.
func NewSimilarities(n int) Similarities { return Similarities{n: n, p: make([]float64, n*n)} }

// Set sets the probability of a pair.
func (s Similarities) Set(i, j int, p float64) { s.p[i*s.n+j], s.p[j*s.n+i] = p, p }

// Join says that two are one person.
func (s *Similarities) Join(i, j int) { s.same = append(s.same, [2]int{i, j}) }

// Average joins records by average linkage: always the two clusters whose pairs
// have the highest mean probability, ties by the lesser record. A join counts
// only from a least mean on and only where both parts were joined themselves.
// It returns for each record the least record of its cluster, and the joins that
// counted. Those that are known to be one person are joined first, with
// probability 1. Two clusters that are apart, unless that is nil, are not joined. The
// matrix is used up.
func Average(s Similarities, threshold float64, apart func(left, right []int32) bool) ([]int32, []Join) {
	pairs := Similarities{n: s.n, p: slices.Clone(s.p)}
	var joins []Join
	a := &agglomeration{s: s, size: make([]int, s.n), stands: make([]bool, s.n), members: make([][]int32, s.n)}
	label := make([]int32, s.n)
	for i := range s.n {
		a.size[i], a.stands[i] = 1, true
		a.members[i] = []int32{int32(i)}
		label[i] = int32(i)
	}
	a.nearest = make([]int, s.n)
	for i := range s.n {
		a.look(i)
	}
	for _, same := range s.same {
		i, j := int(min(label[same[0]], label[same[1]])), int(max(label[same[0]], label[same[1]]))
		if i == j {
			continue
		}
		joins = append(joins, Join{a.members[i], a.members[j], 1})
		a.join(i, j, true)
		for _, m := range a.members[i] {
			label[m] = int32(i)
		}
	}
	for {
		i, j, mean := a.best()
		if i < 0 || mean < min(joinLarger, joinSingles) {
			return label, joins
		}
		need := joinLarger
		if a.size[i]+a.size[j] == 2 {
			need = max(joinSingles, threshold)
		}
		stands := a.stands[i] && a.stands[j] && mean >= need
		if stands && apart != nil && apart(a.members[i], a.members[j]) {
			a.part(i, j)
			continue
		}
		if stands {
			joins = append(joins, Join{a.members[i], a.members[j], pairs.between(a.members[i], a.members[j])})
		}
		a.join(i, j, stands)
		if stands {
			least := slices.Min(a.members[i])
			for _, m := range a.members[i] {
				label[m] = least
			}
		}
	}
}

// Join is two clusters that were joined, and the probability that they are one
// person: that of every pair between them, whatever the two records say alone.
type Join struct {
	Left, Right []int32
	Probability float64
}

// between is the probability that two clusters are one person: the mean, over
// the records of one, of the best pair that each has in the other; of the two
// sides the greater. A record that has one near kin in a cluster belongs to it,
// though it be far from the others; whole clusters do not, by one pair.
func (s Similarities) between(left, right []int32) float64 {
	mean := func(from, to []int32) float64 {
		sum := 0.0
		for _, i := range from {
			best := 0.0
			for _, j := range to {
				best = max(best, s.p[int(i)*s.n+int(j)])
			}
			sum += best
		}
		return sum / float64(len(from))
	}
	return max(mean(left, right), mean(right, left))
}

// agglomeration is clusters at the index of their least record; nearest has for
// each the best cluster after it, -1 for none.
type agglomeration struct {
	s       Similarities
	size    []int // 0: joined to another
	stands  []bool
	members [][]int32
	nearest []int
}

func (a *agglomeration) at(i, j int) float64 { return a.s.p[i*a.s.n+j] }

// look finds the nearest of the clusters after i.
func (a *agglomeration) look(i int) {
	a.nearest[i] = -1
	for j := i + 1; j < a.s.n; j++ {
		if a.size[j] > 0 && a.at(i, j) >= 0 && (a.nearest[i] < 0 || a.at(i, j) > a.at(i, a.nearest[i])) {
			a.nearest[i] = j
		}
	}
}

func (a *agglomeration) best() (int, int, float64) {
	left, mean := -1, -1.0
	for i, j := range a.nearest {
		if a.size[i] > 0 && j >= 0 && a.at(i, j) > mean {
			left, mean = i, a.at(i, j)
		}
	}
	if left < 0 {
		return -1, -1, mean
	}
	return left, a.nearest[left], mean
}

// part keeps two clusters apart.
func (a *agglomeration) part(i, j int) {
	a.s.Set(i, j, -1)
	a.look(i)
	a.look(j)
}

// join puts cluster j into i.
func (a *agglomeration) join(i, j int, stands bool) {
	ni, nj := float64(a.size[i]), float64(a.size[j])
	for k := range a.s.n {
		if a.size[k] == 0 || k == i || k == j {
			continue
		}
		x, y := a.at(i, k), a.at(j, k)
		mean := (ni*x + nj*y) / (ni + nj)
		if x < 0 || y < 0 {
			mean = -1
		}
		a.s.Set(i, k, mean)
	}
	a.size[i] += a.size[j]
	a.size[j] = 0
	a.stands[i] = stands
	a.members[i] = slices.Concat(a.members[i], a.members[j])
	a.members[j] = nil
	a.look(i)
	for k := range i {
		a.refresh(k, i, j)
	}
	for k := i + 1; k < j; k++ {
		a.refresh(k, i, j)
	}
}

// refresh mends the nearest of k after i was changed and j is gone.
func (a *agglomeration) refresh(k, i, j int) {
	if a.size[k] == 0 {
		return
	}
	switch n := a.nearest[k]; {
	case n == i || n == j:
		a.look(k)
	case i > k && a.at(k, i) >= 0 && (n < 0 || a.at(k, i) > a.at(k, n) || (a.at(k, i) == a.at(k, n) && i < n)):
		a.nearest[k] = i
	}
}

// Groups lists the members of each component of two records or more, components
// by their least record, members in order.
func Groups(labels []int32) [][]int32 {
	members := make([]int32, len(labels))
	for i := range members {
		members[i] = int32(i)
	}
	slices.SortStableFunc(members, func(a, b int32) int { return cmp.Compare(labels[a], labels[b]) })
	var out [][]int32
	for from := 0; from < len(members); {
		to := from + 1
		for to < len(members) && labels[members[to]] == labels[members[from]] {
			to++
		}
		if to-from > 1 {
			out = append(out, members[from:to])
		}
		from = to
	}
	return out
}
