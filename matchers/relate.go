package matchers

import (
	"context"
	"fmt"
	"slices"

	"rollcall/matchers/assign"
	"rollcall/matchers/model"
)

// Whether a record may have several partners is told by its second-best one. Where
// a file has every person once, the second-best is another person, a brother or a
// namesake, who fits worse than nearly all true partners do; where it has people
// twice, the second is as good as any. On labelled files of the first kind no
// second-best was as heavy as one best link in ten, on those of the second more
// than half were.
const (
	solidQuantile = 0.1 // of the weights of best links: what is heavier is as good as a link
	solidShare    = 0.25
	fewestSolid   = 3
	leastSolid    = 0.002 // of the records that have a link
)

// rivalry is what is known of the second-best partners of one file's records.
type rivalry struct {
	records int // that have a partner
	several int // that have two or more
	solid   int // whose second is as good as links are
}

// partnersSeveral says that records of the file may have several partners.
func (v rivalry) partnersSeveral() bool {
	return v.solid >= fewestSolid && float64(v.solid) >= leastSolid*float64(v.records) && float64(v.solid) >= solidShare*float64(v.several)
}

// relate finds out how many partners the records of either file have.
func (r *run) relate(ctx context.Context, edges []assign.Edge) error {
	if r.spec.Relation != "" {
		return nil
	}
	threshold := logit(r.spec.Threshold)
	ofLeft := rivals(edges, r.table.Left.Rows, threshold, func(e assign.Edge) int32 { return e.Left })
	ofRight := rivals(edges, r.table.Right.Rows, threshold, func(e assign.Edge) int32 { return e.Right })
	var why [2]string
	once := [2]bool{true, true}
	for side, v := range []rivalry{ofLeft, ofRight} {
		why[side] = fmt.Sprintf("of %d %s records with a partner %d have a second one, %d as good as the first of others",
			v.records, sideNames[side], v.several, v.solid)
		if !v.partnersSeveral() {
			continue
		}
		inside, err := r.duplicates(ctx, side == 0)
		if err != nil {
			return err
		}
		// Who has two partners has them in the other file, which then has duplicates.
		once[side] = inside < float64(v.solid)/2
		why[side] += fmt.Sprintf("; the %s file has about %.0f pairs inside itself that look like one person", sideNames[1-side], inside)
	}
	r.spec.Relation = model.RelationOf(once[0], once[1])
	r.spec.RelationWhy = "found out: " + why[0] + "; " + why[1]
	return nil
}

var sideNames = [2]string{"left", "right"}

// rivals looks at the second-best partners of one file's records.
func rivals(edges []assign.Edge, records int, threshold float64, end func(assign.Edge) int32) rivalry {
	best, second := fill(records), fill(records)
	for _, e := range edges {
		if e.LogOdds < threshold {
			continue
		}
		i := end(e)
		second[i] = max(second[i], min(best[i], e.LogOdds))
		best[i] = max(best[i], e.LogOdds)
	}
	var firsts []float64
	for _, x := range best {
		if x >= threshold {
			firsts = append(firsts, x)
		}
	}
	v := rivalry{records: len(firsts)}
	if len(firsts) == 0 {
		return v
	}
	slices.Sort(firsts)
	solid := firsts[int(solidQuantile*float64(len(firsts)))]
	for _, x := range second {
		if x >= threshold {
			v.several++
			if x >= solid {
				v.solid++
			}
		}
	}
	return v
}

// duplicates is about how many pairs of one file would be accepted as one person.
func (r *run) duplicates(ctx context.Context, right bool) (float64, error) {
	file := r.table.Left
	if right {
		file = r.table.Right
	}
	inside, found, err := r.inside(ctx, right)
	if err != nil {
		return 0, fmt.Errorf("look for duplicates inside a file: %w", err)
	}
	n := float64(file.Rows)
	return float64(len(found.Kept)) * n * (n - 1) / 2 / max(inside.Pairs, 1), nil
}
