package kernel

import (
	"math/rand/v2"
	"sync"
	"sync/atomic"

	"rollcall/matchers/block"
	"rollcall/matchers/dictionary"
	"rollcall/matchers/model"
)

// The random pairs that u is taken from: all pairs of a few random rows of either
// side, many times over, so that the rows lie together in memory while they are
// compared. The rows that blocking costs are counted on.
const (
	randomRows   = 16
	randomBlocks = 4096 // of randomRows times randomRows pairs
	randomPairs  = randomBlocks * randomRows * randomRows
	choiceRows   = 40_000
)

// RandomLevels compares a million random pairs and counts the levels of each
// field. Files with fewer pairs are compared whole.
func (t *Table) RandomLevels(threads int) [][]int64 {
	whole := int64(t.Left.Rows)*int64(t.Right.Rows) <= randomPairs
	blocks := randomBlocks
	if whole {
		blocks = (t.Left.Rows + randomRows - 1) / randomRows
	}
	lotteries := make([]lottery, max(threads, 1))
	var next atomic.Int64
	var wg sync.WaitGroup
	for i := range lotteries {
		d := &lotteries[i]
		wg.Go(func() {
			d.table, d.counts, d.batch = t, make([][model.MaxLevels]int64, t.width), newBatch(t, newCeiling(t, nil, outlookBits))
			for block := int(next.Add(1) - 1); block < blocks; block = int(next.Add(1) - 1) {
				if whole {
					d.whole(block)
				} else {
					d.random(block)
				}
			}
		})
	}
	wg.Wait()
	out := make([][]int64, t.width)
	for i := range out {
		out[i] = make([]int64, model.MaxLevels)
		for _, d := range lotteries {
			for level, n := range d.counts[i] {
				out[i][level] += n
			}
		}
	}
	return out
}

// lottery compares random pairs, some rows of one side with some of the other.
type lottery struct {
	table       *Table
	left, right gathered
	batch       batch
	counts      [][model.MaxLevels]int64
}

// random compares one block of random rows: which they are depends on the number
// of the block alone.
func (d *lottery) random(block int) {
	random := rand.New(rand.NewPCG(uint64(block), 1969)) // the year of Fellegi and Sunter's paper
	d.left.rows, d.right.rows = d.left.rows[:0], d.right.rows[:0]
	for range randomRows {
		d.left.rows = append(d.left.rows, int32(random.IntN(d.table.Left.Rows)))
		d.right.rows = append(d.right.rows, int32(random.IntN(d.table.Right.Rows)))
	}
	d.compare(func(left, right int32) bool { return !d.table.Same() || left != right })
}

// whole compares some rows with all of the other side, in one file with those
// that come later.
func (d *lottery) whole(block int) {
	d.left.rows = span32(block*randomRows, min((block+1)*randomRows, d.table.Left.Rows), d.left.rows)
	for from := 0; from < d.table.Right.Rows; from += randomRows {
		d.right.rows = span32(from, min(from+randomRows, d.table.Right.Rows), d.right.rows)
		d.compare(func(left, right int32) bool { return !d.table.Same() || left < right })
	}
}

// span32 is the numbers from one to before another, in memory that is used again.
func span32(from, to int, rows []int32) []int32 {
	rows = rows[:0]
	for row := from; row < to; row++ {
		rows = append(rows, int32(row))
	}
	return rows
}

func (d *lottery) compare(wanted func(left, right int32) bool) {
	t := d.table
	d.left.gather(t, t.Left, t.codes)
	d.right.gather(t, t.Right, t.codes)
	d.batch.start(&d.left, &d.right)
	for i, left := range d.left.rows {
		for j, right := range d.right.rows {
			if wanted(left, right) {
				d.batch.add(i, j, equal(d.left.record(i), d.right.record(j)))
			}
			if d.batch.full() {
				d.count()
			}
		}
	}
	d.count()
}

// count counts the levels of the batch and begins another.
func (d *lottery) count() {
	for _, levels := range d.batch.drain() {
		for field, level := range levels {
			if level != model.Missing {
				d.counts[field][level]++
			}
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
	model.Address:     {{"exact", .7, true}, {"numbers", .8, true}},
	model.HouseNumber: {{"exact", .8, true}},
	model.Identifier:  {{"exact", .85, false}, {"first_half", .9, true}, {"last_half", .9, true}},
	model.Phone:       {{"exact", .7, false}, {"last_half", .8, true}, {"first_half", .8, true}},
	model.Email:       {{"exact", .75, false}, {"user", .8, true}},
}

// areaKey is that of a category which a household shares: an area, by its code.
var areaKey = []guess{{"exact", .8, true}}

func keysFor(c model.Comparison) []guess {
	if c.Kind == model.Category && c.Shared {
		return areaKey
	}
	return keysOf[c.Kind]
}

// Choose picks blocking rules for the table from the kinds of its columns. The
// sizes are exact for small files and counted on evenly spread rows of large
// ones.
func (t *Table) Choose(comparisons []model.Comparison, budget block.Budget, threads int) ([]block.Rule, error) {
	atoms, rowPairs, records, err := t.atoms(comparisons, threads)
	if err != nil {
		return nil, err
	}
	return block.Choose(atoms, rowPairs, records, budget, max(threads, 1)), nil
}

// ChoiceKeys are the keys that rules are chosen from.
func ChoiceKeys(comparisons []model.Comparison) []block.Key {
	var keys []block.Key
	for _, c := range comparisons {
		for _, g := range keysFor(c) {
			keys = append(keys, block.Key{Column: c.Name, Transform: g.transform})
		}
	}
	return keys
}

// Search picks blocking rules for the table by what they are expected to find of
// the drawn pairs, whose first bits are those of ChoiceKeys.
func (t *Table) Search(comparisons []model.Comparison, drawn block.Drawn, budget block.Budget, threads int) ([]block.Rule, error) {
	atoms, rowPairs, records, err := t.atoms(comparisons, threads)
	if err != nil {
		return nil, err
	}
	return block.Search(atoms, drawn, rowPairs, records, budget), nil
}

// atoms are the keys that rules are chosen from, with the codes of some rows: how
// many pairs of rows each pair of those stands for, and among how many records
// costs are shared.
func (t *Table) atoms(comparisons []model.Comparison, threads int) (atoms []block.Atom, rowPairs, records float64, err error) {
	left, leftStep := everyNth(t.Left.Rows)
	right, rightStep := everyNth(t.Right.Rows)
	var takes []func(string) string
	for i, c := range comparisons {
		for _, g := range keysFor(c) {
			atom := block.Atom{
				Key: block.Key{Column: c.Name, Transform: g.transform}, Comparison: i,
				Agreement: g.agreement, Coarse: g.coarse,
			}
			take, err := block.Transform(g.transform)
			if err != nil {
				return nil, 0, 0, err
			}
			atoms, takes = append(atoms, atom), append(takes, take)
		}
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	for range max(threads, 1) {
		wg.Go(func() {
			for i := int(next.Add(1) - 1); i < len(atoms); i = int(next.Add(1) - 1) {
				s := newSampler(t, atoms[i].Comparison, takes[i])
				atoms[i].Left = s.codes(t.Left, left)
				if !t.Same() {
					atoms[i].Right = s.codes(t.Right, right)
				}
			}
		})
	}
	wg.Wait()
	records = float64(t.Left.Rows)
	if !t.Same() {
		records = float64(t.Left.Rows+t.Right.Rows) / 2
	}
	return atoms, leftStep * rightStep, records, nil
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
	field  int
	values dictionary.Texts
	take   func(string) string
	known  *dictionary.Dictionary
	seen   []uint32 // by value code, the number + 1
}

func newSampler(t *Table, field int, take func(string) string) *sampler {
	values := t.Fields[field].values
	return &sampler{field, values, take, dictionary.New(), make([]uint32, values.Len())}
}

func (s *sampler) codes(r *Rows, rows []int) []uint32 {
	out := make([]uint32, len(rows))
	for i, row := range rows {
		value := r.record(int32(row))[s.field]
		if value != 0 && s.seen[value] == 0 {
			s.seen[value] = s.known.Code(s.take(s.values.At(value))) + 1
		}
		out[i] = max(s.seen[value], 1) - 1
	}
	return out
}
