package matchers

import (
	"math"
	"slices"

	"rollcall/matchers/assign"
	"rollcall/matchers/kernel"
	"rollcall/matchers/model"
)

// People are called by names that no register has, and some forms ask how one is called:
// such a name differs from the registered one as a rule, and says nothing of who is who.
// Which names are nicknames is shown by pairs that are surely one person without them.
const (
	nicknameDiffers = 0.9 // share of such pairs in which it differs
	nicknameOdds    = 1e4 // how much likelier that must be than that it differs as others do
)

// learnNicknames finds the nicknames among given names.
func (r *run) learnNicknames(edges []assign.Edge, patterns []uint32) {
	found := make([][]string, len(r.spec.Comparisons))
	any := false
	s := r.sureties(edges)
	for c, comparison := range r.spec.Comparisons {
		if comparison.Kind == model.GivenName && len(r.ladders[c].Names) > 0 {
			found[c] = r.nicknames(s, c, edges, patterns)
			any = any || len(found[c]) > 0
		}
	}
	if any {
		r.spec.Parameters.Nicknames = found
		r.table.SetNicknames(found)
	}
}

// borne is how many records bear a name, or how many sure pairs one record has, and how
// many of them have another name beside theirs.
type borne struct{ all, differ float64 }

// nicknames are the names of a comparison that are as nicknames are, sorted. A record
// counts once, whatever the number of its pairs.
func (r *run) nicknames(s *sureties, c int, edges []assign.Edge, patterns []uint32) []string {
	left := make([]borne, r.table.Left.Rows)
	right := left
	if !r.table.Same() {
		right = make([]borne, r.table.Right.Rows)
	}
	s.each(c, edges, patterns, func(e assign.Edge, level uint8, _ float64) {
		for _, b := range []*borne{&left[e.Left], &right[e.Right]} {
			b.all++
			if level == 0 {
				b.differ++
			}
		}
	})
	names := make([]borne, r.table.Values(c).Len())
	count(names, left, r.table.Left, c)
	if !r.table.Same() {
		count(names, right, r.table.Right, c)
	}
	var all borne
	for _, b := range names {
		all.all, all.differ = all.all+b.all, all.differ+b.differ
	}
	share := (all.differ + 1) / (all.all + 2)
	if share >= nicknameDiffers {
		return nil
	}
	var found []string
	for code, b := range names {
		if b.differ*math.Log(nicknameDiffers/share)+(b.all-b.differ)*math.Log((1-nicknameDiffers)/(1-share)) > math.Log(nicknameOdds) {
			found = append(found, r.table.Values(c).At(uint32(code)))
		}
	}
	slices.Sort(found)
	return found
}

// count adds the records of one file to the names that they bear.
func count(names, records []borne, rows *kernel.Rows, comparison int) {
	for row, b := range records {
		if b.all > 0 {
			name := &names[rows.Code(int32(row), comparison)]
			name.all++
			name.differ += b.differ / b.all
		}
	}
}

// withNicknames tells of edges whose names differ by a nickname.
func (r *run) withNicknames(edges []assign.Edge, patterns []uint32) {
	if r.spec.Parameters.Nicknames == nil {
		return
	}
	known := map[string]uint32{} // by their levels
	levels := make([]uint8, len(r.spec.Comparisons))
	for i := range edges {
		e := &edges[i]
		before := r.patternLevels(patterns[i])
		copy(levels, before)
		r.table.MarkNicknames(e.Left, e.Right, levels)
		if slices.Equal(levels, before) {
			continue
		}
		pattern, ok := known[string(levels)]
		if !ok {
			pattern = r.addPattern(levels)
			known[string(levels)] = pattern
		}
		patterns[i], e.LogOdds = pattern, r.scorer.LogOdds(levels)
	}
}

// worth says that a pair with those levels may lie above a cut: where names differ one of
// them may be a nickname.
func (r *run) worth(levels []uint8, cut float64) bool {
	if r.scorer.LogOdds(levels) > cut {
		return true
	}
	var marked []uint8
	for c, names := range r.spec.Parameters.Nicknames {
		if len(names) > 0 && levels[c] == 0 {
			if marked == nil {
				marked = slices.Clone(levels)
			}
			marked[c] = model.Nickname
		}
	}
	return marked != nil && r.scorer.LogOdds(marked) > cut
}

// bound is what pairs must pass that are worth keeping.
func (r *run) bound(cut float64) *kernel.Bound {
	b := bound(r.scorer, cut)
	for c, names := range r.spec.Parameters.Nicknames {
		if len(names) > 0 {
			for class, weight := range b.Weights[c][0] {
				b.Weights[c][0][class] = max(weight, 0)
			}
		}
	}
	return b
}
