package matchers

import (
	"context"
	"fmt"
	"math"
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
//
// Where columns are few, namesakes fit as well as anybody. So that a file has people
// twice must be shown by pairs inside it: by more than chance makes, by half as many
// as there are seconds, and by a good share of what looks like one person there, or
// else the seconds would be namesakes mostly. In doubt a record has one partner.
const (
	solidQuantile = 0.1 // of the weights of best links: what is heavier is as good as a link
	solidShare    = 0.25
	fewestSolid   = 3
	leastSolid    = 0.002 // of the records that have a link
	shownOfSolid  = 0.5
	shownOfInside = 0.25
)

// Two bounds on how many pairs inside a file chance makes, of which the lower
// counts. At most 2^-w of the pairs that do not match weigh w bits or more (Markov's
// inequality: the mean of their likelihood ratio is 1), if the model is right, and
// modelTimes as many if columns depend on each other. And a file has at most
// otherTimes as many as the other one, of as many pairs: on labelled files without
// duplicates the one had up to 12 times as many, as names of the young or of a place
// are fewer.
const (
	modelTimes = 1000.0
	otherTimes = 20.0
	unseen     = 3.0 // upper bound, at 95%, on the mean of a count that was 0
)

// rivalry is what is known of the second-best partners of one file's records.
type rivalry struct {
	records int // that have a partner
	several int // that have two or more
	solid   int // whose second is as good as links are
}

// remarkable says that seconds are such as duplicates bring about.
func (v rivalry) remarkable() bool {
	return v.solid >= fewestSolid && float64(v.solid) >= leastSolid*float64(v.records) && float64(v.solid) >= solidShare*float64(v.several)
}

// relate finds out how many partners the records of either file have.
func (r *run) relate(ctx context.Context, edges []assign.Edge) error {
	if r.spec.Relation != "" {
		return nil
	}
	seconds := [2]rivalry{
		r.rivals(edges, r.table.Left.Rows, func(e assign.Edge) int32 { return e.Left }),
		r.rivals(edges, r.table.Right.Rows, func(e assign.Edge) int32 { return e.Right }),
	}
	var inside [2]insideFile
	if seconds[0].remarkable() || seconds[1].remarkable() {
		for side := range inside {
			var err error
			if inside[side], err = r.pairsInside(ctx, side == 1); err != nil {
				return err
			}
		}
	}
	var why [2]string
	once := [2]bool{true, true}
	for side, v := range seconds {
		why[side] = fmt.Sprintf("of %d %s records with a partner %d have a second one, %d as good as the first of others",
			v.records, sideNames[side], v.several, v.solid)
		if !v.remarkable() {
			continue
		}
		// Who has two partners has them in the other file, which then has duplicates.
		file, other := inside[1-side], inside[side]
		shown, looks := file.estimate(file.beyondChance(other)), file.estimate(len(file.bits))
		once[side] = shown < shownOfSolid*float64(v.solid) || shown < shownOfInside*looks
		why[side] += fmt.Sprintf("; the %s file has about %.0f pairs inside itself that look like one person, %.0f of them beyond chance",
			sideNames[1-side], looks, shown)
	}
	r.spec.Relation = model.RelationOf(once[0], once[1])
	r.spec.RelationWhy = "found out: " + why[0] + "; " + why[1]
	return nil
}

var sideNames = [2]string{"left", "right"}

// rivals looks at the second-best partners of one file's records.
func (r *run) rivals(edges []assign.Edge, records int, end func(assign.Edge) int32) rivalry {
	threshold := logit(r.spec.Threshold)
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

// insideFile is the pairs inside one file, or a part of it, above the threshold.
type insideFile struct {
	bits  []float64 // their weights, ascending
	pairs float64   // that were looked at
	all   float64   // that the file has
}

// pairsInside looks for them.
func (r *run) pairsInside(ctx context.Context, right bool) (insideFile, error) {
	inside, found, err := r.inside(ctx, right)
	if err != nil {
		return insideFile{}, fmt.Errorf("look for duplicates inside a file: %w", err)
	}
	n := float64(r.table.Left.Rows)
	if right {
		n = float64(r.table.Right.Rows)
	}
	f := insideFile{pairs: max(inside.Pairs, 1), all: n * (n - 1) / 2}
	for _, k := range found.Kept {
		f.bits = append(f.bits, r.bitsInside(inside, found, k))
	}
	slices.Sort(f.bits)
	return f, nil
}

// beyondChance is how many of the file's pairs, the heaviest, are more than chance
// makes as heavy.
func (f insideFile) beyondChance(other insideFile) int {
	for i, w := range f.bits {
		at, _ := slices.BinarySearch(other.bits, w)
		measured := otherTimes * (float64(len(other.bits)-at) + unseen) * f.pairs / other.pairs
		if heavier := len(f.bits) - i; min(measured, modelTimes*math.Exp2(-w)*f.pairs) <= float64(heavier) {
			return heavier
		}
	}
	return 0
}

// estimate is how many pairs of the whole file a number of those looked at makes.
func (f insideFile) estimate(pairs int) float64 { return float64(pairs) * f.all / f.pairs }
