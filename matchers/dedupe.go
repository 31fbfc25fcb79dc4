package matchers

import (
	"context"
	"math"
	"sync"
	"sync/atomic"

	"rollcall/matchers/assign"
	"rollcall/matchers/model"
)

// maxComponent is the most records that are clustered at once; a larger
// component is cut at a higher probability first.
const maxComponent = 2500

// Dedupe finds the rows of one file that are one person.
func Dedupe(ctx context.Context, file *File, spec model.Specification, opt Options) (*Result, error) {
	spec.OneToOne = false
	r, err := start(file, nil, spec, opt)
	if err != nil {
		return nil, err
	}
	if err := r.block(); err != nil {
		return nil, err
	}
	if err := r.train(ctx); err != nil {
		return nil, err
	}
	if err := r.compare(ctx); err != nil {
		return nil, err
	}
	edges, _ := r.edges()
	r.progress("cluster", 0, 1)
	labels, inside, err := r.cluster(ctx, edges, permute(file.Sex, r.left.rows))
	if err != nil {
		return nil, err
	}
	edges = r.join(edges, inside)
	margins := assign.MarginsWithin(edges, r.table.Left.Rows)
	for i, e := range edges {
		p, accepted := model.Probability(e.LogOdds), labels[e.Left] == labels[e.Right]
		if p < floorProbability && !accepted {
			continue
		}
		levels := make([]uint8, len(r.spec.Comparisons))
		r.table.Levels(e.Left, e.Right, levels)
		pair := r.pair(e, levels)
		pair.Probability, pair.MarginBits, pair.Accepted = p, margins[i]/math.Ln2, accepted
		r.result.Pairs = append(r.result.Pairs, pair)
	}
	r.expectClusters(labels)
	r.finish()
	r.entities(labels)
	return r.complete(), nil
}

// cluster joins records by average linkage inside the components of the pairs
// above the threshold, every pair inside scored, and returns each record's
// label and the pairs inside clusters.
func (r *run) cluster(ctx context.Context, edges []assign.Edge, sex []uint8) ([]int32, []assign.Edge, error) {
	groups := r.components(edges, sex)
	labels := make([]int32, r.table.Left.Rows)
	for i := range labels {
		labels[i] = int32(i)
	}
	inside := make([][]assign.Edge, len(groups))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range r.opt.Threads {
		wg.Go(func() {
			for i := int(next.Add(1) - 1); i < len(groups) && ctx.Err() == nil; i = int(next.Add(1) - 1) {
				inside[i] = r.settle(groups[i], sex, labels)
			}
		})
	}
	wg.Wait()
	var all []assign.Edge
	for _, e := range inside {
		all = append(all, e...)
	}
	return labels, all, ctx.Err()
}

// components are the records connected by pairs that match more likely than
// not, cut apart at higher probabilities where too many hang together.
func (r *run) components(edges []assign.Edge, sex []uint8) [][]int32 {
	cut := math.Log(r.spec.Threshold) - math.Log1p(-r.spec.Threshold)
	var groups [][]int32
	strong := make([]assign.Edge, 0, len(edges)/2)
	for _, e := range edges {
		if e.LogOdds >= min(cut, 0) && !opposite(sex, e.Left, e.Right) {
			strong = append(strong, e)
		}
	}
	for len(strong) > 0 {
		labels := assign.Components(r.table.Left.Rows, strong)
		large := map[int32]bool{}
		for _, group := range assign.Groups(labels) {
			if len(group) > maxComponent {
				large[labels[group[0]]] = true
			} else {
				groups = append(groups, group)
			}
		}
		cut = max(cut, 0) + 1
		var rest []assign.Edge
		for _, e := range strong {
			if large[labels[e.Left]] && e.LogOdds >= cut {
				rest = append(rest, e)
			}
		}
		if len(large) > 0 {
			r.warn("%d groups of more than %d records hang together; they were cut apart at a higher probability", len(large), maxComponent)
		}
		strong = rest
	}
	return groups
}

func opposite(sex []uint8, i, j int32) bool {
	return sex != nil && sex[i] != 0 && sex[j] != 0 && sex[i] != sex[j]
}

// settle clusters one component and returns the pairs of its clusters.
func (r *run) settle(group []int32, sex []uint8, labels []int32) []assign.Edge {
	n := len(group)
	s := assign.NewSimilarities(n)
	logOdds := make([]float64, n*n)
	levels := make([]uint8, len(r.spec.Comparisons))
	for i := range n {
		for j := i + 1; j < n; j++ {
			r.table.Levels(group[i], group[j], levels)
			lo := r.scorer.LogOdds(levels)
			logOdds[i*n+j] = lo
			if r.table.Excluded(group[i], group[j]) || opposite(sex, group[i], group[j]) {
				s.Set(i, j, -1)
			} else {
				s.Set(i, j, model.Probability(lo))
			}
		}
	}
	var inside []assign.Edge
	local := assign.Average(s, r.spec.Threshold)
	for i := range n {
		labels[group[i]] = group[local[i]]
		for j := i + 1; j < n; j++ {
			if local[i] == local[j] {
				inside = append(inside, assign.Edge{Left: group[i], Right: group[j], LogOdds: logOdds[i*n+j]})
			}
		}
	}
	return inside
}

// join adds to the candidate pairs those pairs inside clusters that no rule
// found; both are ordered by left and right row, the second not yet.
func (r *run) join(edges, inside []assign.Edge) []assign.Edge {
	all := append(edges, inside...)
	assign.Sort(all)
	return assign.Compact(all)
}

// entities turns labels by rank into the least row of each cluster.
func (r *run) entities(labels []int32) {
	least := make([]int32, len(labels))
	for i := range least {
		least[i] = math.MaxInt32
	}
	for rank, row := range r.left.rows {
		least[labels[rank]] = min(least[labels[rank]], row)
	}
	r.result.Entity = make([]int32, len(labels))
	for rank, row := range r.left.rows {
		r.result.Entity[row] = least[labels[rank]]
	}
}
