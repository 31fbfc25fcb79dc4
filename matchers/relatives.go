package matchers

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"

	"rollcall/matchers/assign"
	"rollcall/matchers/family"
	"rollcall/matchers/kernel"
	"rollcall/matchers/model"
	"rollcall/matchers/text"
)

// kinship is what a run knows of families on the left and households on the right.
type kinship struct {
	ties  family.Ties
	homes family.Homes
	born  [2][]int16 // year of birth of left and right rows; 0 is unknown
	model *family.Model
	own   []int                   // comparisons of what is a person's own
	told  [family.Relations][]int // comparisons of the names of his relatives, by relation
	kin   [family.Relations][]int // comparisons of the names of a relative's relatives that are hers alone, by relation
	bits  [][]float64             // by comparison and level, of a relative and a member; nil for others

	weighed allotment // the pairs whose relatives are weighed
}

// newKinship takes families and households from the files, by rank; nil where one of
// them has none.
func newKinship(left, right ordering, comparisons []model.Comparison) *kinship {
	if right.file == nil {
		right = left
	}
	if left.file.Relatives == nil || right.file.Homes == nil {
		return nil
	}
	k := &kinship{
		ties: left.ties(), homes: right.homes(),
		born: [2][]int16{make([]int16, len(left.rows)), make([]int16, len(right.rows))},
	}
	for i, c := range comparisons {
		for relation := range family.Relations {
			if c.Relative == relation.String() {
				k.told[relation] = append(k.told[relation], i)
			}
		}
		if c.Relative == "" && (c.Kind.Named() || !c.Shared && (c.Kind == model.Date || c.Kind == model.Identifier || c.Kind == model.Category)) {
			k.own = append(k.own, i)
		}
	}
	// The parents of a husband are nobody's else whom his wife's records name.
	k.kin[family.Spouse] = slices.Concat(k.told[family.Mother], k.told[family.Father])
	if at := slices.IndexFunc(comparisons, func(c model.Comparison) bool { return c.Kind == model.Date && !c.Shared }); at >= 0 {
		k.born = [2][]int16{left.years(comparisons[at].Left), right.years(comparisons[at].Right)}
	}
	return k
}

// ties are the relatives of each row, by rank.
func (o ordering) ties() family.Ties {
	rank := ranks(o.rows)
	ties := make([]family.Tie, len(o.file.Relatives))
	for i, t := range o.file.Relatives {
		ties[i] = family.Tie{Person: rank[t.Person], Relative: rank[t.Relative], Relation: t.Relation}
	}
	return family.NewTies(len(o.rows), ties)
}

// homes are whom each row lives with, by rank.
func (o ordering) homes() family.Homes {
	rank := ranks(o.rows)
	homes := make([]family.Home, len(o.file.Homes))
	for i, h := range o.file.Homes {
		homes[i] = family.Home{Row: rank[h.Row], Household: h.Household}
	}
	return family.NewHomes(len(o.rows), homes)
}

// weighs is the comparisons of relatives with members.
func (k *kinship) weighs() []int {
	out := slices.Clone(k.own)
	for _, comparisons := range k.kin {
		out = append(out, comparisons...)
	}
	return out
}

// years is the year that each value of a column of dates begins with, 0 where it is
// unknown.
func (o ordering) years(column string) []int16 {
	at := slices.IndexFunc(o.file.Columns, func(c Column) bool { return c.Name == column })
	c := o.file.Columns[at]
	byCode := make([]int16, c.Values.Len())
	for code, value := range c.Values.All() {
		if date, ok := text.ParseDate(value); ok {
			byCode[code] = int16((date.First - 1) / 12)
		}
	}
	out := make([]int16, len(o.rows))
	for rank, row := range o.rows {
		out[rank] = byCode[c.Codes[row]]
	}
	return out
}

// tells says that the names of a relative have been compared already, as both the person
// and the member name her.
func (k *kin) tells(c family.Case, relation family.Relation) bool {
	for _, comparison := range k.told[relation] {
		if left, right := k.table.Lacks(c.Person, c.Member, comparison); !left && !right {
			return true
		}
	}
	return false
}

// kin judges relatives for one goroutine; nil where families are not known.
type kin struct {
	*kinship
	listings *listings
	table    *kernel.Table
	ladders  []model.Ladder
	judge    *kernel.Judge
	levels   []uint8
	room     []family.Witness
}

func (r *run) kin() *kin {
	if r.kinship == nil {
		return nil
	}
	return &kin{kinship: r.kinship, listings: r.listings, table: r.table, ladders: r.ladders, judge: r.table.Judge().Only(r.kinship.weighs()), levels: make([]uint8, len(r.spec.Comparisons))}
}

// Bits is what a relative's own values say, compared with those of a member.
func (k *kin) Bits(c family.Case, relative family.Tie, other int32) float64 {
	k.judge.Relatives(c.Person, c.Member, relative.Relative, other, k.levels)
	sum, named := 0.0, k.tells(c, relative.Relation)
	k.table.MarkNicknames(relative.Relative, other, k.levels)
	for _, i := range k.own {
		if level := k.levels[i]; !model.Lacks(level) && !(named && k.ladders[i].Kind.Named()) {
			sum += k.bits[i][level]
		}
	}
	for _, i := range k.kin[relative.Relation] {
		if level := k.levels[i]; !model.Lacks(level) {
			sum += k.bits[i][level]
		}
	}
	return sum
}

// Absent says that a relative was not alive when the member was listed.
func (k *kin) Absent(c family.Case, relative family.Tie) bool {
	return k.listings.absent(relative.Relative, c.Member)
}

// strangers are cases of people of like age who have nothing to do with each other, for
// how relatives and members look beside each other by chance.
func (r *run) strangers() []family.Case {
	byYear := map[int16][]int32{}
	for row, year := range r.kinship.born[1] {
		byYear[year] = append(byYear[year], int32(row))
	}
	random := rand.New(rand.NewPCG(17, 4))
	rows := r.table.Left.Rows
	step := max(1, rows/(seenHouseholds/4))
	var cases []family.Case
	for person := 0; person < rows; person += step {
		if len(r.kinship.ties.Of(int32(person))) == 0 {
			continue
		}
		peers := byYear[r.kinship.born[0][person]]
		if len(peers) > 0 {
			cases = append(cases, family.Case{Person: int32(person), Member: peers[random.IntN(len(peers))]})
		}
	}
	return cases
}

// weighRelatives learns how much values of relatives say: matches look as they do for
// people, and those who are not as they do beside strangers of like age.
func (r *run) weighRelatives() {
	k := r.kin()
	seen := newMembers(r.ladders)
	for _, c := range r.strangers() {
		for _, tie := range k.ties.Of(c.Person) {
			for _, other := range k.homes.With(c.Member) {
				if other != c.Member {
					k.judge.Relatives(c.Person, c.Member, tie.Relative, other, k.levels)
					seen.add(k.levels)
				}
			}
		}
	}
	r.kinship.bits = make([][]float64, len(r.ladders))
	for _, i := range k.weighs() {
		levels := r.spec.Parameters.Levels[i]
		smooth(seen.counts[i], func(j int) float64 { return levels[j].U })
		r.kinship.bits[i] = make([]float64, len(levels))
		for j, level := range levels {
			r.kinship.bits[i][j] = math.Log2(level.M / seen.counts[i][j])
		}
	}
}

// growFrom is the match probability from which a pair brings its relatives and
// household together.
const growFrom = 0.001

// brought are the pairs that likely pairs bring together and no rule found, in order: of
// relatives and members of the household, and of the other parts of who may be one person,
// with the relatives of those. Edges are ordered by left and right.
func (r *run) brought(edges []assign.Edge, joins []Join) [][2]int32 {
	least := logit(growFrom)
	allotted := r.allot(edges, least, grownPerRow)
	parts := partsOf(joins, ranks(r.left.rows))
	var pairs [][2]int32
	bring := func(left, right int32) {
		if r.table.Same() && (left == right || r.table.Excluded(left, right)) {
			return
		}
		if r.table.Same() && left > right {
			left, right = right, left
		}
		if _, known := find(edges, [2]int32{left, right}); !known {
			pairs = append(pairs, [2]int32{left, right})
		}
	}
	bringRelatives := func(person, member int32) {
		for _, tie := range r.kinship.ties.Of(person) {
			for _, other := range r.kinship.homes.With(member) {
				if other != member {
					bring(tie.Relative, other)
				}
			}
		}
	}
	for _, e := range edges {
		if e.LogOdds < least || !allotted.has(e) {
			continue
		}
		bringRelatives(e.Left, e.Right)
		for _, part := range parts[e.Left] {
			bring(part, e.Right)
			bringRelatives(part, e.Right)
		}
	}
	slices.SortFunc(pairs, func(a, b [2]int32) int { return slices.Compare(a[:], b[:]) })
	return slices.Compact(pairs)
}

// grow adds those pairs to edges.
func (r *run) grow(edges []assign.Edge, patterns []uint32, joins []Join) ([]assign.Edge, []uint32) {
	added := r.brought(edges, joins)
	judge := r.table.Judge()
	codes := map[string]uint32{}
	levels := make([]uint8, len(r.spec.Comparisons))
	all, of := make([]assign.Edge, 0, len(edges)+len(added)), make([]uint32, 0, len(edges)+len(added))
	next := 0
	for _, pair := range added {
		at, _ := find(edges[next:], pair)
		all, of = append(all, edges[next:next+at]...), append(of, patterns[next:next+at]...)
		next += at
		judge.Levels(pair[0], pair[1], levels)
		r.table.MarkMissing(r.spec.Parameters, pair[0], pair[1], levels)
		pattern, ok := codes[string(levels)]
		if !ok {
			pattern = r.addPattern(levels)
			codes[string(levels)] = pattern
		}
		all, of = append(all, assign.Edge{Left: pair[0], Right: pair[1], LogOdds: r.scorer.LogOdds(levels) + r.listings.says(pair[0], pair[1])}), append(of, pattern)
	}
	return append(all, edges[next:]...), append(of, patterns[next:]...)
}

// hopelessBits is how far below even a pair lies that no relatives bring back.
const hopelessBits = -20.0

// withRelatives counts what relatives say into the log odds of edges, and leaves out
// those that then lie below the floor. It returns the bits that it added, by edge.
func (r *run) withRelatives(ctx context.Context, edges []assign.Edge, patterns []uint32, joins []Join, v verdicts) ([]assign.Edge, []uint32, []float64, error) {
	if r.kinship == nil {
		return edges, patterns, make([]float64, len(edges)), nil
	}
	r.progress("families", 0, 1)
	r.weighRelatives()
	edges, patterns = r.grow(edges, patterns, joins)
	var sure []family.Case
	surely := logit(surelyOne)
	step := 1 + len(edges)/seenHouseholds
	for i := 0; i < len(edges); i += step {
		if e := edges[i]; e.LogOdds > surely {
			sure = append(sure, family.Case{Person: e.Left, Member: e.Right})
		}
	}
	r.kinship.model = family.Learn(sure, r.kinship.ties, r.kinship.homes, r.kin())
	r.kinship.weighed = r.allot(edges, hopelessBits*math.Ln2, weighedPerRow)
	bits := make([]float64, len(edges))
	err := r.byRelatives(ctx, len(edges), func(k *kin, i int) {
		if !k.weighed.has(edges[i]) {
			return
		}
		bits[i] = r.relativesBits(k, edges[i], r.patternLevels(patterns[i]))
	})
	kept := 0
	for i, e := range edges {
		e.LogOdds += bits[i] * math.Ln2
		if _, judged := v[[2]int32{e.Left, e.Right}]; judged || e.LogOdds > floorLogOdds {
			edges[kept], patterns[kept], bits[kept] = e, patterns[i], bits[i]
			kept++
		}
	}
	return edges[:kept], patterns[:kept], bits[:kept], err
}

// byRelatives does so many things on all threads, each with a judge of its own, some
// at a time.
func (r *run) byRelatives(ctx context.Context, things int, do func(k *kin, i int)) error {
	const chunk = 1 << 10
	var next atomic.Int64
	var wg sync.WaitGroup
	for range r.opt.Threads {
		wg.Go(func() {
			k := r.kin()
			for from := int(next.Add(chunk)) - chunk; from < things && ctx.Err() == nil; from = int(next.Add(chunk)) - chunk {
				for i := from; i < min(from+chunk, things); i++ {
					do(k, i)
				}
			}
		})
	}
	wg.Wait()
	return ctx.Err()
}

// relativesBits is what the relatives of an edge add to its log odds, in bits. In one
// file either record's relatives are looked for beside the other, and what they say is
// the mean, as they are the same people.
func (r *run) relativesBits(k *kin, e assign.Edge, levels []uint8) float64 {
	if e.LogOdds < hopelessBits*math.Ln2 {
		return 0
	}
	bits := k.adds(r.scorer, family.Case{Person: e.Left, Member: e.Right}, levels)
	if r.table.Same() {
		bits = (bits + k.adds(r.scorer, family.Case{Person: e.Right, Member: e.Left}, levels)) / 2
	}
	return bits
}

func (k *kin) adds(scorer *model.Scorer, c family.Case, levels []uint8) float64 {
	relatives, household := k.ties.Of(c.Person), k.homes.With(c.Member)
	if len(relatives) == 0 || len(household) < 2 {
		return 0
	}
	says := k.model.Weigh(c, relatives, household, k)
	return (scorer.LogOddsWith(levels, says.Same*math.Ln2, says.Other*math.Ln2) - scorer.LogOdds(levels)) / math.Ln2
}
