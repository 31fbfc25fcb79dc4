package matchers

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"

	"rollcall/matchers/assign"
	"rollcall/matchers/family"
	"rollcall/matchers/kernel"
	"rollcall/matchers/model"
)

// kinship is what a run knows of families on the left and households on the right.
type kinship struct {
	ties  family.Ties
	homes family.Homes
	born  [2][]int16 // year of birth of left and right rows; 0 is unknown
	model *family.Model
	own   []int                   // comparisons of what is a person's own
	told  [family.Relations][]int // comparisons of the names of his relatives, by relation
	bits  [][]float64             // by comparison and level, of a relative and a member; nil for others
}

// kinship takes families and households from the files, by rank; nil where one of
// them has none.
func newKinship(left, right ordering, comparisons []model.Comparison) *kinship {
	if right.file == nil {
		right = left
	}
	if left.file.Relatives == nil || right.file.Household == nil {
		return nil
	}
	rank := ranks(left.rows)
	ties := make([]family.Tie, len(left.file.Relatives))
	for i, t := range left.file.Relatives {
		ties[i] = family.Tie{Person: rank[t.Person], Relative: rank[t.Relative], Relation: t.Relation}
	}
	slices.SortFunc(ties, func(a, b family.Tie) int {
		return cmp.Or(cmp.Compare(a.Person, b.Person), cmp.Compare(a.Relation, b.Relation), cmp.Compare(a.Relative, b.Relative))
	})
	k := &kinship{ties: family.NewTies(len(left.rows), slices.Compact(ties)), homes: family.NewHomes(permute(right.file.Household, right.rows))}
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
	if at := slices.IndexFunc(comparisons, func(c model.Comparison) bool { return c.Kind == model.Date && !c.Shared }); at >= 0 {
		k.born = [2][]int16{left.years(comparisons[at].Left), right.years(comparisons[at].Right)}
	}
	return k
}

// years is the year that each value of a column of dates begins with.
func (o ordering) years(column string) []int16 {
	at := slices.IndexFunc(o.file.Columns, func(c Column) bool { return c.Name == column })
	c := o.file.Columns[at]
	byCode := make([]int16, c.Values.Len())
	for code, value := range c.Values.All() {
		if len(value) >= 4 {
			if year, err := strconv.ParseInt(value[:4], 10, 16); err == nil {
				byCode[code] = int16(year)
			}
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

// kin judges relatives for one goroutine.
type kin struct {
	*kinship
	table   *kernel.Table
	ladders []model.Ladder
	judge   *kernel.Judge
	levels  []uint8
	heard   []family.Witness // room
}

func (r *run) kin() *kin {
	return &kin{kinship: r.kinship, table: r.table, ladders: r.ladders, judge: r.table.Judge(), levels: make([]uint8, len(r.spec.Comparisons))}
}

// Bits is what a relative's own values say, compared with those of a member.
func (k *kin) Bits(c family.Case, relative family.Tie, other int32) float64 {
	k.judge.Relatives(c.Person, c.Member, relative.Relative, other, k.levels)
	sum, named := 0.0, k.tells(c, relative.Relation)
	for _, i := range k.own {
		if level := k.levels[i]; !model.Lacks(level) && !(named && k.ladders[i].Kind.Named()) {
			sum += k.bits[i][level]
		}
	}
	return sum
}

// seenHouseholds bounds how many pairs are looked at to learn how members of one
// household look, and strangers of like age beside a relative.
const seenHouseholds = 100_000

// members is how pairs of people of one household look: how many there are for each
// row, and how often each comparison has each level.
type members struct {
	pairs  float64
	counts [][]float64
}

func newMembers(ladders []model.Ladder) members {
	m := members{counts: make([][]float64, len(ladders))}
	for i, l := range ladders {
		m.counts[i] = make([]float64, len(l.Names))
	}
	return m
}

func (m *members) add(levels []uint8) {
	m.pairs++
	for i, level := range levels {
		if !model.Lacks(level) {
			m.counts[i][level]++
		}
	}
}

// observeHouseholds puts in place of the classes of relatives that EM guessed at what
// the households of the right file show: members of one parent, who share all that a
// family has, and others. What is a person's own looks among them as it does there;
// what they share is written in the left file as differently as what is one person's.
func (r *run) observeHouseholds() {
	judge := r.table.Copies(true)
	levels := make([]uint8, len(r.spec.Comparisons))
	others, siblings := newMembers(r.ladders), newMembers(r.ladders)
	rows := r.table.Right.Rows
	step := max(1, rows/seenHouseholds)
	looked := 0.0
	for row := int32(0); int(row) < rows; row += int32(step) {
		looked++
		for _, other := range r.kinship.homes.With(row) {
			if other == row {
				continue
			}
			judge.Levels(row, other, levels)
			if r.oneParent(levels) {
				siblings.add(levels)
			} else {
				others.add(levels)
			}
		}
	}
	p := r.spec.Parameters
	p.Household = p.Prior * others.pairs / max(looked, 1)
	r.look(others, func(l *model.Level) *float64 { return &l.H })
	if siblings.pairs > 0 {
		p.Kin = p.Prior * siblings.pairs / max(looked, 1)
		r.look(siblings, func(l *model.Level) *float64 { return &l.K })
	}
	r.scorer = model.NewScorer(p, r.ladders)
}

// oneParent says that two records name a mother or a father alike.
func (r *run) oneParent(levels []uint8) bool {
	for _, relation := range []family.Relation{family.Mother, family.Father} {
		for _, i := range r.kinship.told[relation] {
			if level := levels[i]; !model.Lacks(level) && int(level) >= r.ladders[i].Alike {
				return true
			}
		}
	}
	return false
}

// look sets how pairs of members look in a class.
func (r *run) look(m members, class func(*model.Level) *float64) {
	for i, l := range r.ladders {
		if len(l.Names) == 0 {
			continue
		}
		levels := r.spec.Parameters.Levels[i]
		smooth(m.counts[i], func(j int) float64 { return levels[j].U })
		alike, byChance := 0.0, 0.0
		for j := l.Alike; j < len(levels); j++ {
			alike += m.counts[i][j]
			byChance += levels[j].U
		}
		share := max(0, (alike-byChance)/(1-byChance))
		for j := range levels {
			if l.Shared {
				*class(&levels[j]) = share*levels[j].M + (1-share)*levels[j].U
			} else {
				*class(&levels[j]) = m.counts[i][j]
			}
		}
	}
}

// pseudoPairs is the weight of what is expected beside what was counted.
const pseudoPairs = 50

// smooth turns counts into probabilities, with what is expected of pseudoPairs more.
func smooth(counts []float64, expected func(level int) float64) {
	all := 0.0
	for j := range counts {
		counts[j] += pseudoPairs * expected(j)
		all += counts[j]
	}
	for j := range counts {
		counts[j] /= all
	}
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
	counts := make([][]float64, len(r.ladders))
	for _, i := range k.own {
		counts[i] = make([]float64, len(r.ladders[i].Names))
	}
	for _, c := range r.strangers() {
		for _, tie := range k.ties.Of(c.Person) {
			for _, other := range k.homes.With(c.Member) {
				if other == c.Member {
					continue
				}
				k.judge.Relatives(c.Person, c.Member, tie.Relative, other, k.levels)
				for _, i := range k.own {
					if level := k.levels[i]; !model.Lacks(level) {
						counts[i][level]++
					}
				}
			}
		}
	}
	r.kinship.bits = make([][]float64, len(r.ladders))
	for _, i := range k.own {
		levels := r.spec.Parameters.Levels[i]
		smooth(counts[i], func(j int) float64 { return levels[j].U })
		r.kinship.bits[i] = make([]float64, len(levels))
		for j, level := range levels {
			r.kinship.bits[i][j] = math.Log2(level.M / counts[i][j])
		}
	}
}

// growFrom is the match probability from which a pair brings its relatives and
// household together.
const growFrom = 0.001

var growLogOdds = math.Log(growFrom / (1 - growFrom))

// grow adds the pairs of relatives and members of the household that likely pairs
// bring together and no rule found. Edges are ordered by left and right.
func (r *run) grow(edges []assign.Edge, patterns []uint32) ([]assign.Edge, []uint32) {
	var added [][2]int32
	for _, e := range edges {
		if e.LogOdds < growLogOdds {
			continue
		}
		for _, tie := range r.kinship.ties.Of(e.Left) {
			for _, other := range r.kinship.homes.With(e.Right) {
				pair := [2]int32{tie.Relative, other}
				if other == e.Right || r.table.Same() && (tie.Relative == other || r.table.Excluded(tie.Relative, other)) {
					continue
				}
				if r.table.Same() && pair[0] > pair[1] {
					pair[0], pair[1] = pair[1], pair[0]
				}
				if _, known := find(edges, pair); !known {
					added = append(added, pair)
				}
			}
		}
	}
	slices.SortFunc(added, func(a, b [2]int32) int { return slices.Compare(a[:], b[:]) })
	judge := r.table.Judge()
	codes := map[string]uint32{}
	levels := make([]uint8, len(r.spec.Comparisons))
	for _, pair := range slices.Compact(added) {
		judge.Levels(pair[0], pair[1], levels)
		r.table.MarkMissing(r.spec.Parameters, pair[0], pair[1], levels)
		pattern, ok := codes[string(levels)]
		if !ok {
			pattern = uint32(len(r.found.Patterns.Counts))
			codes[string(levels)] = pattern
			r.found.Patterns.Counts = append(r.found.Patterns.Counts, 0)
			r.found.Patterns.Levels = append(r.found.Patterns.Levels, levels...)
		}
		edges = append(edges, assign.Edge{Left: pair[0], Right: pair[1], LogOdds: r.scorer.LogOdds(levels)})
		patterns = append(patterns, pattern)
	}
	return sortEdges(edges, patterns)
}

func sortEdges(edges []assign.Edge, patterns []uint32) ([]assign.Edge, []uint32) {
	at := make([]int32, len(edges))
	for i := range at {
		at[i] = int32(i)
	}
	slices.SortFunc(at, func(a, b int32) int {
		return cmp.Or(cmp.Compare(edges[a].Left, edges[b].Left), cmp.Compare(edges[a].Right, edges[b].Right))
	})
	sorted, of := make([]assign.Edge, len(edges)), make([]uint32, len(edges))
	for i, from := range at {
		sorted[i], of[i] = edges[from], patterns[from]
	}
	return sorted, of
}

// hopelessBits is how far below even a pair lies that no relatives bring back.
const hopelessBits = -20.0

// sureLogOdds is from where a pair is sure without its relatives.
var sureLogOdds = math.Log(.99 / .01)

// withRelatives counts what relatives say into the log odds of edges, and leaves out
// those that then lie below the floor. It returns the bits that it added, by edge.
func (r *run) withRelatives(ctx context.Context, edges []assign.Edge, patterns []uint32, v verdicts) ([]assign.Edge, []uint32, []float64, error) {
	if r.kinship == nil {
		return edges, patterns, make([]float64, len(edges)), nil
	}
	r.progress("families", 0, 1)
	r.weighRelatives()
	edges, patterns = r.grow(edges, patterns)
	var sure []family.Case
	step := 1 + len(edges)/seenHouseholds
	for i := 0; i < len(edges); i += step {
		if e := edges[i]; e.LogOdds > sureLogOdds {
			sure = append(sure, family.Case{Person: e.Left, Member: e.Right})
		}
	}
	r.kinship.model = family.Learn(sure, r.kinship.ties, r.kinship.homes, r.kin())
	bits := make([]float64, len(edges))
	var next atomic.Int64
	var wg sync.WaitGroup
	const chunk = 1 << 12
	for range r.opt.Threads {
		wg.Go(func() {
			k := r.kin()
			for from := int(next.Add(chunk)) - chunk; from < len(edges) && ctx.Err() == nil; from = int(next.Add(chunk)) - chunk {
				for i := from; i < min(from+chunk, len(edges)); i++ {
					bits[i] = r.relativesBits(k, edges[i], r.patternLevels(patterns[i]))
				}
			}
		})
	}
	wg.Wait()
	kept := 0
	for i, e := range edges {
		e.LogOdds += bits[i] * math.Ln2
		if _, judged := v[[2]int32{e.Left, e.Right}]; judged || e.LogOdds > floorLogOdds {
			edges[kept], patterns[kept], bits[kept] = e, patterns[i], bits[i]
			kept++
		}
	}
	return edges[:kept], patterns[:kept], bits[:kept], ctx.Err()
}

// relativesBits is what the relatives of an edge add to its log odds, in bits. In one
// file either record's relatives are looked for beside the other, and what they say is
// the mean, as they are the same people.
func (r *run) relativesBits(k *kin, e assign.Edge, levels []uint8) float64 {
	if e.LogOdds < hopelessBits*math.Ln2 {
		return 0
	}
	bits := k.adds(r.scorer, family.Case{Person: e.Left, Member: e.Right}, levels, e.LogOdds)
	if r.table.Same() {
		bits = (bits + k.adds(r.scorer, family.Case{Person: e.Right, Member: e.Left}, levels, e.LogOdds)) / 2
	}
	return bits
}

func (k *kin) adds(scorer *model.Scorer, c family.Case, levels []uint8, logOdds float64) float64 {
	relatives, household := k.ties.Of(c.Person), k.homes.With(c.Member)
	if len(relatives) == 0 || len(household) < 2 {
		return 0
	}
	says := k.model.Weigh(c, relatives, household, k)
	return (scorer.LogOddsWith(levels, says.Same*math.Ln2, says.Other*math.Ln2) - logOdds) / math.Ln2
}
