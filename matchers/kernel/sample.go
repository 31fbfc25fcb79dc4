package kernel

import (
	"math/rand/v2"
	"sync"

	"rollcall/matchers/block"
	"rollcall/matchers/model"
)

// The random pairs that u is taken from, and the rows that blocking costs are.
const (
	randomPairs = 1_000_000
	randomParts = 64 // fixed, so that the pairs drawn do not depend on threads
	choiceRows  = 40_000
)

// RandomLevels compares a million random pairs and counts the levels of each
// field. Files with fewer pairs are compared whole.
func (t *Table) RandomLevels(threads int) [][]int64 {
	counts := make([][model.MaxLevels]int64, randomParts*t.width)
	var wg sync.WaitGroup
	for thread := range max(threads, 1) {
		wg.Go(func() {
			levels := make([]uint8, t.width)
			for part := thread; part < randomParts; part += max(threads, 1) {
				mine := counts[part*t.width : (part+1)*t.width]
				t.drawPairs(part, func(left, right int32) {
					t.Levels(left, right, levels)
					for i, level := range levels {
						if level != model.Missing {
							mine[i][level]++
						}
					}
				})
			}
		})
	}
	wg.Wait()
	out := make([][]int64, t.width)
	for i := range out {
		out[i] = make([]int64, model.MaxLevels)
		for part := range randomParts {
			for level, n := range counts[part*t.width+i] {
				out[i][level] += n
			}
		}
	}
	return out
}

// drawPairs gives one part of the random pairs.
func (t *Table) drawPairs(part int, pair func(left, right int32)) {
	if int64(t.Left.Rows)*int64(t.Right.Rows) <= randomPairs {
		for left := part; left < t.Left.Rows; left += randomParts {
			for right := range t.Right.Rows {
				if !t.Same() || left < right {
					pair(int32(left), int32(right))
				}
			}
		}
		return
	}
	random := rand.New(rand.NewPCG(uint64(part), 1969)) // the year of Fellegi and Sunter's paper
	for range randomPairs / randomParts {
		left, right := int32(random.IntN(t.Left.Rows)), int32(random.IntN(t.Right.Rows))
		if !t.Same() || left != right {
			pair(left, right)
		}
	}
}

// guess is how often true pairs agree on a key, and whether it may stand in a
// rule of three.
type guess struct {
	transform string
	agreement float64
	coarse    bool
}

// keysOf are the keys that each kind of column offers. The shares are rules of
// thumb that only order the rules.
var keysOf = map[model.Kind][]guess{
	model.GivenName:   {{"exact", .8, false}, {"sound", .88, true}, {"first_letter", .93, true}},
	model.FamilyName:  {{"exact", .8, false}, {"sound", .88, true}},
	model.FullName:    {{"exact", .75, false}, {"sound", .85, true}, {"last_token", .85, true}, {"first_token", .85, true}},
	model.Date:        {{"exact", .8, false}, {"day", .8, false}, {"year", .9, true}, {"month_day", .85, true}},
	model.Postcode:    {{"exact", .75, true}, {"first3", .85, true}},
	model.Place:       {{"exact", .75, true}},
	model.Text:        {{"exact", .75, true}},
	model.Address:     {{"exact", .7, true}},
	model.HouseNumber: {{"exact", .8, true}},
	model.Identifier:  {{"exact", .85, false}, {"first_half", .9, true}, {"last_half", .9, true}},
	model.Phone:       {{"exact", .7, false}, {"last_half", .8, true}, {"first_half", .8, true}},
	model.Email:       {{"exact", .75, false}, {"user", .8, true}},
}

// Choose picks blocking rules for the table from the kinds of its columns. The
// sizes are exact for small files and counted on evenly spread rows of large
// ones.
func (t *Table) Choose(comparisons []model.Comparison, budget block.Budget, threads int) ([]block.Rule, error) {
	left, leftStep := everyNth(t.Left.Rows)
	right, rightStep := everyNth(t.Right.Rows)
	var atoms []block.Atom
	for i, c := range comparisons {
		for _, g := range keysOf[c.Kind] {
			atom := block.Atom{
				Key: block.Key{Column: c.Name, Transform: g.transform}, Comparison: i,
				Agreement: g.agreement, Coarse: g.coarse,
			}
			sampler, err := newSampler(t, i, g.transform)
			if err != nil {
				return nil, err
			}
			atom.Left = sampler.codes(t.Left, left)
			if !t.Same() {
				atom.Right = sampler.codes(t.Right, right)
			}
			atoms = append(atoms, atom)
		}
	}
	records := float64(t.Left.Rows)
	if !t.Same() {
		records = float64(t.Left.Rows+t.Right.Rows) / 2
	}
	return block.Choose(atoms, leftStep*rightStep, records, budget, max(threads, 1)), nil
}

// everyNth spreads at most choiceRows rows evenly over a file, and says how
// many rows each stands for.
func everyNth(rows int) ([]int, float64) {
	n := min(rows, choiceRows)
	out := make([]int, n)
	for i := range out {
		out[i] = int(int64(i) * int64(rows) / int64(n))
	}
	return out, float64(rows) / float64(max(n, 1))
}

// sampler numbers what a transform takes of the values of some rows.
type sampler struct {
	table *Table
	field int
	take  func(string) string
	known map[string]uint32
	seen  map[uint32]uint32 // by value code
}

func newSampler(t *Table, field int, transform string) (*sampler, error) {
	take, err := block.Transform(transform)
	if err != nil {
		return nil, err
	}
	return &sampler{t, field, take, map[string]uint32{"": 0}, map[uint32]uint32{0: 0}}, nil
}

func (s *sampler) codes(r *Rows, rows []int) []uint32 {
	out := make([]uint32, len(rows))
	for i, row := range rows {
		value := r.codes[row*s.table.width+s.field]
		code, ok := s.seen[value]
		if !ok {
			part := s.take(s.table.Fields[s.field].values[value])
			code, ok = s.known[part]
			if !ok {
				code = uint32(len(s.known))
				s.known[part] = code
			}
			s.seen[value] = code
		}
		out[i] = code
	}
	return out
}
