package matchers

import "slices"

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
