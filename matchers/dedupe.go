package matchers

import (
	"cmp"
	"context"
	"math"
	"slices"
	"sync"
	"sync/atomic"

	"rollcall/matchers/assign"
	"rollcall/matchers/kernel"
	"rollcall/matchers/model"
	"rollcall/matchers/quality"
)

// maxComponent is the most records that are clustered at once; a larger
// component is cut at a higher probability first.
const maxComponent = 2500

// Dedupe finds the rows of one file that are one person.
func Dedupe(ctx context.Context, file *File, spec model.Specification, opt Options) (*Result, error) {
	r, err := dedupe(ctx, file, spec, opt, nil)
	if err != nil {
		return nil, err
	}
	return r.complete(), nil
}

// dedupe is the run that finds the rows; blocked, unless nil, is told when the
// rules are ready.
func dedupe(ctx context.Context, file *File, spec model.Specification, opt Options, blocked func(*run) error) (*run, error) {
	spec.Relation, spec.RelationWhy = "", ""
	judged, sexes, lives, sure := file.Judged, file.Sex, file.Lives, file.Sure // the rest of the file goes once it is encoded
	r, err := start(file, nil, spec, opt)
	if err != nil {
		return nil, err
	}
	if err := r.prepare(ctx, blocked); err != nil {
		return nil, err
	}
	if err := r.compare(ctx); err != nil {
		return nil, err
	}
	edges, patterns := r.edges()
	r.progress("cluster", 0, 1)
	c := &constraints{sex: permute(sexes, r.left.rows), lives: permute(lives, r.left.rows), verdicts: r.verdicts(judged), numbers: r.numbers(sure)}
	edges, patterns = r.withSame(edges, patterns, c.verdicts)
	edges, patterns, families, err := r.withRelatives(ctx, edges, patterns, nil, c.verdicts)
	if err != nil {
		return nil, err
	}
	c.again = r.registeredTwice(edges, patterns, c.lives)
	found, err := r.cluster(ctx, edges, c)
	if err != nil {
		return nil, err
	}
	labels, inside := found.labels, found.inside
	edges, patterns, families = join(edges, patterns, families, inside)
	members := r.apartMembers(edges, labels)
	margins := r.marginsWithin(edges, c)
	judge := r.table.Judge()
	r.result.Pairs = make([]Pair, 0, len(edges))
	for i, e := range edges {
		p, accepted := model.Probability(e.LogOdds), labels[e.Left] == labels[e.Right]
		if p < floorProbability && !accepted {
			continue
		}
		if accepted { // all pairs inside clusters are here, in the same order
			p, inside = inside[0].probability, inside[1:]
		}
		var levels []uint8
		if patterns[i] != unfound {
			levels = r.patternLevels(patterns[i])
		} else {
			levels = make([]uint8, len(r.spec.Comparisons))
			judge.Levels(e.Left, e.Right, levels)
			r.table.MarkMissing(r.spec.Parameters, e.Left, e.Right, levels)
		}
		pair := r.pair(e, levels)
		pair.FamilyBits = families[i]
		pair.WeightBits -= families[i]
		pair.Probability, pair.MarginBits, pair.Accepted = p, margins[i]/math.Ln2, accepted
		_, pair.Judged = c.verdicts[[2]int32{e.Left, e.Right}]
		if !accepted && p >= r.spec.Threshold {
			pair.Apart = r.whyApart(members[labels[e.Left]], members[labels[e.Right]], c)
		}
		r.result.Pairs = append(r.result.Pairs, pair)
	}
	if err := r.withWitnesses(ctx); err != nil {
		return nil, err
	}
	r.expectClusters(found)
	r.warnApart()
	r.finish()
	r.entities(labels)
	return r, nil
}

// clusters are the people found in one file.
type clusters struct {
	labels []int32 // by rank: the least record of the cluster
	inside []insidePair
	doubt  quality.Doubt
}

// insidePair is two records of one cluster and the probability that the parts of
// it that they came with are one person.
type insidePair struct {
	assign.Edge
	familyBits  float64
	probability float64
}

// cluster joins records by average linkage inside the components of the pairs
// above the threshold, every pair inside scored.
func (r *run) cluster(ctx context.Context, edges []assign.Edge, c *constraints) (*clusters, error) {
	groups := r.components(r.possible(edges, c), c.verdicts)
	all := &clusters{labels: make([]int32, r.table.Left.Rows)}
	for i := range all.labels {
		all.labels[i] = int32(i)
	}
	parts := make([]clusters, len(groups))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range r.opt.Threads {
		wg.Go(func() {
			s := settler{r, c, r.table.Judge(), r.scorer.Remembered(), r.kin()}
			for i := int(next.Add(1) - 1); i < len(groups) && ctx.Err() == nil; i = int(next.Add(1) - 1) {
				parts[i] = s.settle(groups[i], all.labels)
			}
		})
	}
	wg.Wait()
	for _, part := range parts {
		all.inside = append(all.inside, part.inside...)
		all.doubt.Add(part.doubt)
	}
	slices.SortFunc(all.inside, func(a, b insidePair) int {
		return cmp.Or(cmp.Compare(a.Left, b.Left), cmp.Compare(a.Right, b.Right))
	})
	return all, ctx.Err()
}

// components are the records connected by pairs that match more likely than
// not, cut apart at higher probabilities where too many hang together.
func (r *run) components(edges []assign.Edge, v verdicts) [][]int32 {
	cut := math.Log(r.spec.Threshold) - math.Log1p(-r.spec.Threshold)
	var groups [][]int32
	strong := make([]assign.Edge, 0, len(edges)/2)
	for _, e := range edges {
		if e.LogOdds >= min(cut, 0) || v[[2]int32{e.Left, e.Right}] {
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
			if large[labels[e.Left]] && (e.LogOdds >= cut || v[[2]int32{e.Left, e.Right}]) {
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

// settler clusters components, one after the other.
type settler struct {
	*run
	constraints *constraints
	judge       *kernel.Judge
	scorer      model.Remembered
	kin         *kin
}

// settle clusters one component and returns the pairs of its clusters.
func (r *settler) settle(group []int32, labels []int32) clusters {
	n, c := len(group), r.constraints
	s := assign.NewSimilarities(n)
	logOdds, familyBits := make([]float64, n*n), make([]float64, n*n)
	pooled := newPool(n, r.scorer.Scorer, len(r.spec.Comparisons))
	attested := make([][]uint32, len(c.numbers))
	for k, n := range c.numbers {
		attested[k] = r.attested(n, group)
	}
	r.judge.Within(group, func(i, j int, levels []uint8) {
		r.table.MarkMissing(r.spec.Parameters, group[i], group[j], levels)
		lo := r.scorer.LogOdds(levels)
		pooled.note(i, j, levels)
		if r.kinship != nil {
			familyBits[i*n+j] = r.relativesBits(r.kin, assign.Edge{Left: group[i], Right: group[j], LogOdds: lo}, levels)
			lo += familyBits[i*n+j] * math.Ln2
			pooled.noteFamily(i, j, familyBits[i*n+j])
		}
		logOdds[i*n+j] = lo
		s.Set(i, j, model.Probability(lo))
		if c.verdicts[[2]int32{group[i], group[j]}] {
			s.Join(i, j)
			return
		}
		apart := r.contradiction(group[i], group[j], c) != ""
		for k, n := range c.numbers {
			apart = apart || r.twoNumbers(n, attested[k][i], attested[k][j], levels[n.comparison])
		}
		if apart {
			s.Set(i, j, -1)
		}
	})
	local, joins := assign.Average(s, r.spec.Threshold, pooled.apart)
	for i := range n {
		labels[group[i]] = group[local[i]]
	}
	var found clusters
	for _, join := range joins {
		found.doubt.Note(join.Probability, len(join.Left)*len(join.Right))
		for _, x := range join.Left {
			for _, y := range join.Right {
				i, j := min(x, y), max(x, y)
				at := int(i)*n + int(j)
				edge := assign.Edge{Left: group[i], Right: group[j], LogOdds: logOdds[at]}
				found.inside = append(found.inside, insidePair{edge, familyBits[at], join.Probability})
			}
		}
	}
	return found
}

// unfound is the pattern of a pair that no rule found.
const unfound = math.MaxUint32

// join adds to the candidate pairs those pairs inside clusters that no rule
// found; both are ordered by left and right row. families is what relatives add, by
// edge.
func join(edges []assign.Edge, patterns []uint32, families []float64, inside []insidePair) ([]assign.Edge, []uint32, []float64) {
	all := make([]assign.Edge, 0, len(edges))
	of := make([]uint32, 0, cap(all))
	bits := make([]float64, 0, cap(all))
	for len(edges)+len(inside) > 0 {
		order := -1
		switch {
		case len(edges) == 0:
			order = 1
		case len(inside) > 0:
			order = cmp.Or(cmp.Compare(edges[0].Left, inside[0].Left), cmp.Compare(edges[0].Right, inside[0].Right))
		}
		if order > 0 {
			all, of, bits, inside = append(all, inside[0].Edge), append(of, unfound), append(bits, inside[0].familyBits), inside[1:]
			continue
		}
		all, of, bits = append(all, edges[0]), append(of, patterns[0]), append(bits, families[0])
		edges, patterns, families = edges[1:], patterns[1:], families[1:]
		if order == 0 {
			inside = inside[1:]
		}
	}
	return all, of, bits
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
