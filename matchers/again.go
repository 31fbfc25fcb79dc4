package matchers

import (
	"rollcall/matchers/assign"
	"rollcall/matchers/model"
)

// again says that two lives may be of one birth or one death that was registered twice:
// it was on the same day, and no birth of twins.
func (a Life) again(b Life) bool {
	born := a.BornFrom != 0 && a.BornFrom == a.BornTo && a.BornFrom == b.BornFrom && a.BornTo == b.BornTo
	died := a.Died != 0 && a.Died == b.Died
	return (born || died) && !a.Twin && !b.Twin
}

// registeredTwice are the pairs of births or of deaths that are one event: they look like
// one person, fell on one day, and bear one name, by which twins are told apart who were
// not written down as such.
func (r *run) registeredTwice(edges []assign.Edge, patterns []uint32, lives []Life) map[[2]int32]bool {
	if lives == nil {
		return nil
	}
	again := map[[2]int32]bool{}
	threshold := logit(r.spec.Threshold)
	for i, e := range edges {
		if e.LogOdds >= threshold && r.table.Twice(e.Left, e.Right) && lives[e.Left].again(lives[e.Right]) && r.oneName(r.patternLevels(patterns[i])) {
			again[[2]int32{e.Left, e.Right}] = true
		}
	}
	return again
}

// oneName says that two records know a name of the person's own, and write it alike.
func (r *run) oneName(levels []uint8) bool {
	known := false
	for i, c := range r.spec.Comparisons {
		if !c.Kind.Named() || c.Shared || c.Relative != "" || model.Lacks(levels[i]) {
			continue
		}
		if int(levels[i]) < r.ladders[i].Alike {
			return false
		}
		known = true
	}
	return known
}
