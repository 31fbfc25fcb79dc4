package matchers

import (
	"cmp"
	"math"
	"slices"

	"rollcall/matchers/assign"
	"rollcall/matchers/family"
)

// Unweighed is why the relatives of a pair were not weighed; "" where they were, or where
// nothing is known of them.
type Unweighed string

// The bounds on the work.
const (
	ManyMembers   Unweighed = "members"   // the household has more than family.MostMembers
	ManyRelatives Unweighed = "relatives" // the person has more than family.MostRelatives
	ManyPairs     Unweighed = "pairs"     // others of the left record's pairs were more likely, and work enough
)

// How often a relative is held beside a member of a household, for each row of both
// files, on average: to weigh them, and to find new pairs, which takes memory too. A made
// Bangladesh of 5,000 households needs 7 and 4.
const (
	weighedPerRow = 512
	grownPerRow   = 64
)

// allotment says which edges relatives are looked at for: those of each left row whose log
// odds are above a least one, so that in all the work grows as the rows do.
type allotment struct{ least []float64 } // nil: all

func (a allotment) has(e assign.Edge) bool { return a.least == nil || e.LogOdds > a.least[e.Left] }

// allot spreads work over the edges, ordered by left row, from a log odds on: where all of
// it is too much, no left row has more than a share, its likeliest edges first, and of
// those that are equally likely all or none. All shares are halved until the work is done.
func (r *run) allot(edges []assign.Edge, from float64, perRow int) allotment {
	most := perRow * (r.table.Left.Rows + r.table.Right.Rows)
	var dear []dearRow
	all := 0
	for at := 0; at < len(edges); {
		end := at
		cost := 0
		for ; end < len(edges) && edges[end].Left == edges[at].Left; end++ {
			cost += r.costFrom(edges[end], from)
		}
		if all += cost; cost > perRow {
			dear = append(dear, dearRow{edges[at:end], cost})
		}
		at = end
	}
	if all <= most {
		return allotment{}
	}
	a := allotment{make([]float64, r.table.Left.Rows)}
	for row := range a.least {
		a.least[row] = math.Inf(-1)
	}
	for share := most; all > most && share > 0; share /= 2 {
		for i := range dear {
			d := &dear[i]
			if d.cost <= share {
				continue
			}
			all -= d.cost
			a.least[d.edges[0].Left], d.cost = r.cut(d.edges, from, share)
			all += d.cost
		}
	}
	return a
}

// dearRow is the edges of a left row whose relatives are much work.
type dearRow struct {
	edges []assign.Edge
	cost  int
}

// cut is the log odds above which the edges of a left row cost no more than a share, and
// what they cost.
func (r *run) cut(edges []assign.Edge, from float64, share int) (float64, int) {
	best := slices.Clone(edges)
	slices.SortStableFunc(best, func(a, b assign.Edge) int { return cmp.Compare(b.LogOdds, a.LogOdds) })
	done := 0
	for at := 0; at < len(best); {
		end, cost := at, 0
		for ; end < len(best) && best[end].LogOdds == best[at].LogOdds; end++ {
			cost += r.costFrom(best[end], from)
		}
		if done+cost > share {
			return best[at].LogOdds, done
		}
		done += cost
		at = end
	}
	return math.Inf(-1), done
}

// costFrom is how often a relative is held beside a member for an edge; nothing for one that
// is less likely.
func (r *run) costFrom(e assign.Edge, from float64) int {
	if e.LogOdds < from {
		return 0
	}
	cost := r.kinship.cost(family.Case{Person: e.Left, Member: e.Right})
	if r.table.Same() {
		cost += r.kinship.cost(family.Case{Person: e.Right, Member: e.Left})
	}
	return cost
}

func (k *kinship) cost(c family.Case) int {
	return len(k.ties.Of(c.Person)) * len(k.homes.With(c.Member))
}

// unweighed says why the relatives of a pair that they did not move were not weighed.
func (k *kinship) unweighed(p *Pair, same bool) Unweighed {
	cases := []family.Case{{Person: p.Left, Member: p.Right}}
	if same {
		cases = append(cases, family.Case{Person: p.Right, Member: p.Left})
	}
	for _, c := range cases {
		switch {
		case k.ties.Many(c.Person):
			return ManyRelatives
		case k.homes.Many(c.Member) && len(k.ties.Of(c.Person)) > 0:
			return ManyMembers
		case p.FamilyBits == 0 && k.weighed.least != nil && k.cost(c) > 0 && !math.IsInf(k.weighed.least[p.Left], -1):
			return ManyPairs
		}
	}
	return ""
}
