package link

import (
	"context"

	"rollcall/matchers"
	"rollcall/matchers/assign"
)

// sureJoin is the probability from which records of the register are one person whatever
// the roster says. Persons that come together less surely are held beside the roster in
// parts first: a man of whom a birth tells the name alone is like the one of that name
// who died, until their wives and children are found in two households.
const sureJoin = 0.999

// unsure is two parts of one person, by the mentions that stand for them.
type unsure struct {
	left, other string
	probability float64
}

// parted are the persons of a file in the parts that are sure, as those of
// Result.Entity, and which of these are one person, but not surely.
func parted(file *matchers.File, result *matchers.Result) (entity []int32, joins []unsure) {
	var sure []assign.Edge
	for _, p := range result.Pairs {
		if result.Entity[p.Left] == result.Entity[p.Right] && (p.Probability >= sureJoin || p.Judged) {
			sure = append(sure, assign.Edge{Left: p.Left, Right: p.Right})
		}
	}
	entity = assign.Components(len(file.IDs), sure)
	best := map[[2]int32]float64{}
	for _, p := range result.Pairs {
		if a, b := entity[p.Left], entity[p.Right]; a != b && result.Entity[p.Left] == result.Entity[p.Right] {
			pair := [2]int32{min(a, b), max(a, b)}
			best[pair] = max(best[pair], p.Probability)
		}
	}
	for pair, probability := range best {
		joins = append(joins, unsure{file.IDs[pair[0]], file.IDs[pair[1]], probability})
	}
	return entity, joins
}

// joinsOf brings the parts that may be one to the rows of persons.
func (m *maker) joinsOf(ctx context.Context, persons *matchers.File) ([]matchers.Join, error) {
	mentions := map[string]string{}
	for _, u := range m.unsure {
		mentions[u.left], mentions[u.other] = "", ""
	}
	if err := m.personsOf(ctx, mentions); err != nil {
		return nil, err
	}
	rows := map[string]int32{}
	for row, id := range persons.IDs {
		rows[id] = int32(row)
	}
	out := make([]matchers.Join, len(m.unsure))
	for i, u := range m.unsure {
		a, b := rows[mentions[u.left]], rows[mentions[u.other]]
		out[i] = matchers.Join{Left: min(a, b), Other: max(a, b), Probability: u.probability}
	}
	return out, nil
}
