package matchers

import (
	"math"
	"slices"

	"rollcall/matchers/kernel"
	"rollcall/matchers/model"
)

// Join is two persons of the left file whose records say that they are one, but not
// surely.
type Join struct {
	Left, Other int32 // rows of the left file
	Probability float64
}

// partsOf are the others of whom each row may be a part, by rank.
func partsOf(joins []Join, rank []int32) map[int32][]int32 {
	parts := map[int32][]int32{}
	for _, j := range joins {
		a, b := rank[j.Left], rank[j.Other]
		parts[a], parts[b] = append(parts[a], b), append(parts[b], a)
	}
	return parts
}

// choice is the partner that a left row has, and how much likelier it is than all else
// that the row may be, whoever else wants it; Right is -1 for none.
type choice struct {
	right       int32
	probability float64
}

// against says that two persons who may be one with a probability are two, as each is
// likelier another one of the right file.
func (a choice) against(b choice, probability float64) bool {
	if a.right < 0 || b.right < 0 || a.right == b.right {
		return false
	}
	two := a.probability * b.probability
	return two*(1-probability) > (1-two)*probability
}

// told are the joins that stay likely where the one has a partner, who would be the
// other's too and knows what the one does not: a birth names a father without his age,
// the roster has it, and the man of that name who died was forty years older.
func (r *run) told(joins []Join, choices []choice) []Join {
	rank := ranks(r.left.rows)
	h := hearing{r, r.table.Copies(false), r.table.Judge(), make([]uint8, len(r.spec.Comparisons)), make([]uint8, len(r.spec.Comparisons))}
	var out []Join
	for _, j := range joins {
		a, b := rank[j.Left], rank[j.Other]
		odds := j.Probability / (1 - j.Probability) * h.factor(a, b, choices) * h.factor(b, a, choices)
		j.Probability = odds / (1 + odds)
		if j.Probability >= r.spec.Threshold {
			out = append(out, j)
		}
	}
	return out
}

// hearing hears partners about two rows of the left file that may be one.
type hearing struct {
	run            *run
	within, across *kernel.Judge
	known, told    []uint8 // levels of the two, and of the other with the partner
}

// factor is how much likelier the partner of the one makes it that the other is the same
// person: 1 where the one has none, or the other has one too. What the two rows say of
// each other already counts no second time.
func (h hearing) factor(one, other int32, choices []choice) float64 {
	partner := choices[one]
	if partner.right < 0 || choices[other].right >= 0 {
		return 1
	}
	h.within.Levels(one, other, h.known)
	h.across.Levels(other, partner.right, h.told)
	for i, level := range h.known {
		if !model.Lacks(level) {
			h.told[i] = model.Missing
		}
	}
	nats := h.run.scorer.WeightBits(h.run.scorer.LogOdds(h.told))*math.Ln2 + h.run.listings.says(other, partner.right)
	return partner.probability*math.Exp(nats) + 1 - partner.probability
}

// held are the joins, likeliest first, that the partners of both do not speak against, nor
// those of others who are one with either.
func held(joins []Join, choices []choice) []Join {
	joins = slices.Clone(joins)
	slices.SortStableFunc(joins, func(a, b Join) int {
		switch {
		case a.Probability > b.Probability:
			return -1
		case a.Probability < b.Probability:
			return 1
		}
		return slices.Compare([]int32{a.Left, a.Other}, []int32{b.Left, b.Other})
	})
	group := map[int32]*[]int32{}
	of := func(row int32) *[]int32 {
		if group[row] == nil {
			group[row] = &[]int32{row}
		}
		return group[row]
	}
	var out []Join
	for _, j := range joins {
		a, b := of(j.Left), of(j.Other)
		if a == b {
			continue
		}
		clash := false
		for _, x := range *a {
			for _, y := range *b {
				clash = clash || choices[x].against(choices[y], j.Probability)
			}
		}
		if clash {
			continue
		}
		*a = append(*a, *b...)
		for _, row := range *b {
			group[row] = a
		}
		out = append(out, j)
	}
	return out
}
