// Package kernel turns two files into one code space and compares their pairs:
// encoded columns in, counted agreement patterns and the promising pairs out.
// Nothing but integers is summed, so that threads and their order never show.
package kernel

import (
	"cmp"
	"fmt"
	"slices"
	"sync"

	"rollcall/matchers/dictionary"
	"rollcall/matchers/model"
)

// Column is one dictionary-encoded column: Codes index Values, which are all
// different; Values.At(0) is the empty string, and an empty string is missing.
type Column struct {
	Codes  []uint32
	Values dictionary.Texts
	System NumberSystem // of identity numbers, the same for both files; nil where nothing is known
}

// Input is one file, its columns in the order of the comparisons.
type Input struct {
	Rows    int
	Columns []Column
	Order   []int32  // rows of the columns in the order of the table, which what follows has already; nil: as they come
	Group   []uint32 // rows of one group are different people; 0 or nil: none
	Once    []uint8  // rows of one class are different people; 0 or nil: none
	Sex     []uint8  // rows of two known ones are different people; 0 or nil: unknown
	// Frozen, of the left file, is by column how common its values were when the
	// model was trained; nil where they are counted in the files at hand.
	Frozen []*model.FrozenComparison
}

// Table is two files, or one file twice, in one code space.
type Table struct {
	Left, Right *Rows // one and the same for one file
	Fields      []*Field
	Settled     int        // names that stood alone in the column of the other kind
	single      []bool     // by comparison, of identity numbers: people have those of one system alone
	lone        [][]string // by comparison, names that where they stand alone belong to the other kind; sorted
	width       int
	codes       int // of a record: of its fields, then of the names that have several readings
	cells       int // of a record
	voices      []voice
	steps       []step           // by which pairs are judged
	judged      uint64           // fields that are not skipped, as bits
	nested      uint64           // fields that have a parent, as bits
	pair        [maxWidth]uint64 // by field of a given or family name, both of them, as bits; 0 for others
	plain       uint64           // fields of which values that are not equal differ, and no more, as bits
	numbered    uint64           // fields of numbers, as bits
	quick       []int            // fields that are compared in next to no time, or dismissed
	nicknames   [][]bool         // by comparison and value; nil where nothing is known
}

// Rows is one file: the codes of a row stand together.
type Rows struct {
	Rows  int
	codes []uint32 // Rows * width; 0 is missing
	width int      // codes of a row: of its fields and readings, then of the keys of the plan that was made last
	group []uint32
	once  []uint8
	sex   []uint8 // one a row, 0 where unknown
}

// Code is the value of a row in a field; 0 is missing. Equal values have equal codes.
func (r *Rows) Code(row int32, field int) uint32 {
	return r.codes[int(row)*(len(r.codes)/r.Rows)+field]
}

// Field is one comparison over the shared dictionary of its columns.
type Field struct {
	Ladder      model.Ladder
	values      dictionary.Texts // by code
	texts       dictionary.Texts // the values, and behind them names with all of their readings
	at          int              // place in a record of the number of its text
	left, right []uint32         // rows by code; one and the same slice for one file
	equal       []uint8          // level of two equal values, by code
	judge       comparer         // level of two different values
	cells       []cell           // of the values, by code; nil where comparing needs none
	cell        int              // place among the cells of a record
	lexicon     *lexicon         // words of the values; of names only
	names       *wordNames
	numbers     []uint8 // of identity numbers, what numbersOf tells, by code; nil where nothing is known
	given       int     // field of the given name beside a family name, or -1
	parents     []int   // fields of the larger places, the nearest first
	skip        bool    // judged within another field
	frozen      *model.FrozenComparison
}

// Value is the text of a code.
func (f *Field) Value(code uint32) string { return f.values.At(code) }

// Same says that the table is one file.
func (t *Table) Same() bool { return t.Left == t.Right }

// AllPairs is the number of pairs that could be one person: all of them less
// those that a group or a class rules out.
func (t *Table) AllPairs() float64 {
	if !t.Same() {
		return float64(t.Left.Rows) * float64(t.Right.Rows)
	}
	n := int64(t.Left.Rows)
	both := make([]uint64, 0)
	if t.Left.group != nil && t.Left.once != nil {
		for i, g := range t.Left.group {
			if g != 0 && t.Left.once[i] != 0 {
				both = append(both, uint64(g)<<8|uint64(t.Left.once[i]))
			}
		}
	}
	return float64(n*(n-1)/2 - equalPairs(t.Left.group) - equalPairs(t.Left.once) + equalPairs(both))
}

func equalPairs[T uint8 | uint32 | uint64](labels []T) int64 {
	sorted := slices.Clone(labels)
	slices.Sort(sorted)
	pairs, run := int64(0), int64(0)
	for i, x := range sorted {
		if i == 0 || x != sorted[i-1] {
			run = 0
		}
		if x != 0 {
			pairs += run
		}
		run++
	}
	return pairs
}

// Excluded says that two rows of one file are known to be different people.
func (t *Table) Excluded(i, j int32) bool { return t.Grouped(i, j) || t.Twice(i, j) }

// Grouped says that two rows of one file stand in one group.
func (t *Table) Grouped(i, j int32) bool {
	group := t.Left.group
	return group != nil && group[i] != 0 && group[i] == group[j]
}

// Twice says that two rows of one file are of one class, of which a person can have
// one at most.
func (t *Table) Twice(i, j int32) bool {
	once := t.Left.once
	return once != nil && once[i] != 0 && once[i] == once[j]
}

// Encode brings the files into one code space. right is nil for one file. The
// rows are taken as they come, but for names that stand alone; parents are looked for among places unless the
// comparisons name them already or fixed says that they are final.
func Encode(comparisons []model.Comparison, left, right *Input, fixed bool, threads int) (*Table, []model.Comparison, error) {
	t := &Table{width: len(comparisons)}
	settled := t.settleLone(comparisons, left, right)
	left, right = settled[0], settled[1]
	open := takeFirst(comparisons, left, right)
	t.codes = t.width + len(open)
	t.Left = newRows(left, t.codes)
	t.Right = t.Left
	if right != nil {
		t.Right = newRows(right, t.codes)
	}
	t.Fields = make([]*Field, t.width)
	families := model.Families(comparisons)
	t.encodeAll(left, right, open, comparisons, families, threads)
	t.settleNumbers(comparisons, families, left)
	comparisons = slices.Clone(comparisons)
	if !fixed {
		t.findParents(comparisons)
		t.findIntervals(comparisons)
	}
	ladders, err := model.Ladders(comparisons)
	if err != nil {
		return nil, nil, err
	}
	var wg sync.WaitGroup
	slots := make(chan struct{}, max(threads, 1))
	for i, f := range t.Fields {
		f.Ladder, f.given = ladders[i], slices.Index(families, i)
		f.skip = len(ladders[i].Names) == 0
		f.frozen = frozenOf(left, i)
		if f.lexicon != nil && !slices.Contains(families, i) {
			t.voices = append(t.voices, voice{i, families[i]})
		}
		if !f.skip {
			f.parents = model.Parents(comparisons, i)
		}
		wg.Go(func() {
			slots <- struct{}{}
			f.prepare(t.Same())
			<-slots
		})
	}
	wg.Wait()
	for _, f := range t.Fields {
		if f.cells != nil {
			f.cell = t.cells
			t.cells++
		}
	}
	t.order()
	return t, comparisons, nil
}

// record is the codes of a row.
func (r *Rows) record(row int32) []uint32 { return r.codes[int(row)*r.width:][:r.width] }

// at is the row of the columns that stands at a place of the table.
func (in *Input) at(place int) int {
	if in.Order == nil {
		return place
	}
	return int(in.Order[place])
}

func newRows(in *Input, width int) *Rows {
	sex := in.Sex
	if sex == nil {
		sex = make([]uint8, in.Rows)
	}
	return &Rows{Rows: in.Rows, codes: make([]uint32, in.Rows*width), width: width, group: in.Group, once: in.Once, sex: sex}
}

// encodeAll gives every field its dictionary, several at a time; a given name
// and the family name beside it share one, so that exchanged names are equal
// codes.
func (t *Table) encodeAll(left, right *Input, open openColumns, comparisons []model.Comparison, families []int, threads int) {
	domains := make([][]int, 0, t.width)
	shared := map[int]bool{}
	for i, f := range families {
		if f >= 0 && !shared[f] {
			shared[f], shared[i] = true, true
			domains = append(domains, []int{i, f})
		}
	}
	for i := range families {
		if !shared[i] {
			domains = append(domains, []int{i})
		}
	}
	var wg sync.WaitGroup
	slots := make(chan struct{}, max(threads, 1))
	for _, fields := range domains {
		wg.Go(func() {
			slots <- struct{}{}
			t.encode(left, right, fields)
			t.number(left, right, fields, open)
			if c := comparisons[fields[0]]; c.Kind.Named() && c.Levels == nil {
				t.learnWords(fields, c.Kind, frozenOf(left, fields[0]))
			}
			<-slots
		})
	}
	wg.Wait()
}

func frozenOf(left *Input, field int) *model.FrozenComparison {
	if left.Frozen == nil {
		return nil
	}
	return left.Frozen[field]
}

// encode makes one dictionary of the columns of some fields. Codes are given in
// the order in which rows first bear them.
func (t *Table) encode(left, right *Input, fields []int) {
	sides, rows := []*Input{left}, []*Rows{t.Left}
	if right != nil {
		sides, rows = append(sides, right), append(rows, t.Right)
	}
	n := numbering{known: dictionary.New(), taken: []uint32{0}}
	n.alone = len(fields) == 1 && (right == nil || left.Columns[fields[0]].Values.Is(right.Columns[fields[0]].Values))
	counts := make([][][]uint32, len(fields))
	for k, f := range fields {
		for s, in := range sides {
			counts[k] = append(counts[k], n.encode(in, f, rows[s]))
		}
	}
	values := n.known.Values()
	if n.alone {
		values = left.Columns[fields[0]].Values.Pick(n.taken)
	}
	for k, f := range fields {
		field := &Field{values: values, texts: values, at: f, left: widen(counts[k][0], values.Len())}
		field.right = field.left
		if right != nil {
			field.right = widen(counts[k][1], values.Len())
		}
		t.Fields[f] = field
	}
}

// numbering gives the values of columns their codes.
type numbering struct {
	known *dictionary.Dictionary
	// alone says that all columns have the same values, all of them different, so that
	// none need be looked up: taken are their own numbers, in the order of the codes.
	alone      bool
	taken      []uint32
	translated []uint32 // codes, by the column's own; kept for the next column where alone
	borne      []uint32 // the column's own, in the order in which rows first bear them
	codes      []uint32 // of these
}

// encode writes the codes of a column into rows. It gives how many rows bear each.
func (n *numbering) encode(in *Input, field int, out *Rows) []uint32 {
	column := in.Columns[field]
	tally := make([]uint32, column.Values.Len())
	n.borne = n.borne[:0]
	for row := range in.Rows {
		code := column.Codes[in.at(row)]
		if tally[code]++; tally[code] == 1 && code != 0 {
			n.borne = append(n.borne, code)
		}
	}
	n.number(column.Values)
	for row := range in.Rows {
		out.codes[row*out.width+field] = n.translated[column.Codes[in.at(row)]]
	}
	return rebase(tally, n.translated)
}

// number gives codes to the values that are borne.
func (n *numbering) number(values dictionary.Texts) {
	if !n.alone {
		n.translated = make([]uint32, values.Len())
		n.codes = n.known.AppendTexts(n.codes[:0], values, n.borne)
		for i, code := range n.borne {
			n.translated[code] = n.codes[i]
		}
		return
	}
	if n.translated == nil {
		n.translated = make([]uint32, values.Len())
	}
	for _, code := range n.borne {
		if n.translated[code] == 0 {
			n.translated[code] = uint32(len(n.taken))
			n.taken = append(n.taken, code)
		}
	}
}

// learnWords takes the names of some fields apart, given and family names
// together.
func (t *Table) learnWords(fields []int, kind model.Kind, frozen *model.FrozenComparison) {
	values, texts := t.Fields[fields[0]].values, t.Fields[fields[0]].texts
	counts := make([]uint64, texts.Len()) // of names with several readings the first one counts
	records := uint64(0)
	for _, f := range fields {
		all := uint64(0)
		for code := range values.Len() {
			n := t.Fields[f].bearers(code, t.Same())
			counts[code] += n
			all += n
		}
		records = max(records, all)
	}
	x := newLexicon(texts, counts, records, frozen)
	x.home = fields[0]
	if kind != model.FullName {
		x.spelt = newReadingList(values, texts)
		x.whole = spell(x.spelt.texts, letterSlot)
	}
	for _, f := range fields {
		t.Fields[f].lexicon = x
	}
}

// bearers is how many records have a value, in both files.
func (f *Field) bearers(code int, same bool) uint64 {
	if same {
		return uint64(f.left[code])
	}
	return uint64(f.left[code]) + uint64(f.right[code])
}

// fewestShared is how many records have to bear an identity number for it to be told
// apart from one that is somebody's own: a few may be one person's.
const fewestShared = 5

// told is how many bearers of a value its level tells of.
func (f *Field) told(bearers uint64) float64 {
	if f.Ladder.Kind == model.Identifier && bearers < fewestShared {
		return 0
	}
	return float64(bearers)
}

// rebase turns counts by a file's own code into counts by shared code.
func rebase(tally, translated []uint32) []uint32 {
	out := make([]uint32, slices.Max(append([]uint32{0}, translated...))+1)
	for code, n := range tally {
		if translated[code] != 0 {
			out[translated[code]] += n
		}
	}
	return out
}

func widen(counts []uint32, size int) []uint32 {
	return append(counts, make([]uint32, size-len(counts))...)
}

// prepare computes what comparing needs of each value.
func (f *Field) prepare(same bool) {
	if f.skip {
		return
	}
	total := uint64(0)
	for code := range f.values.Len() {
		total += f.bearers(code, same)
	}
	f.equal = make([]uint8, f.values.Len())
	for code := range f.values.Len() {
		frequency := f.told(f.bearers(code, same)) / float64(max(total, 1))
		if f.frozen != nil {
			frequency = f.frozen.Frequency(f.values.At(uint32(code)))
		}
		f.equal[code] = uint8(f.Ladder.Band(frequency))
	}
	if f.lexicon != nil {
		f.names, f.cells = newNames(f), f.lexicon.whole // those of first readings are of the values
		return
	}
	f.judge, f.cells = newComparer(f, same)
}

// Reband sets the exact levels anew, from frequencies that are known from
// elsewhere.
func (t *Table) Reband(frequency func(field int, value string) float64) {
	for i, f := range t.Fields {
		for code := 1; code < f.values.Len() && !f.skip; code++ {
			if int(f.equal[code]) >= f.Ladder.Exact && f.equal[code] != model.Missing {
				f.equal[code] = uint8(f.Ladder.Band(frequency(i, f.values.At(uint32(code)))))
			}
		}
	}
}

// ExactChance is the probability that two random records that have the value
// agree exactly, by exact level. The products are summed as integers.
func (t *Table) ExactChance(field int) []float64 {
	f := t.Fields[field]
	sums := make([]uint64, f.Ladder.Bands)
	var left, right uint64
	for code := 1; code < f.values.Len(); code++ {
		a, b := uint64(f.left[code]), uint64(f.right[code])
		left, right = left+a, right+b
		if band := int(f.equal[code]) - f.Ladder.Exact; band >= 0 && f.equal[code] != model.Missing {
			if t.Same() {
				sums[band] += a * (max(a, 1) - 1)
			} else {
				sums[band] += a * b
			}
		}
	}
	pairs := float64(left) * float64(right)
	if t.Same() {
		left = max(left, 2)
		pairs = float64(left) * float64(left-1)
	}
	out := make([]float64, len(sums))
	for i, s := range sums {
		out[i] = float64(s) / max(pairs, 1)
	}
	return out
}

// parentShare is the share of records whose place must be fixed by another for
// the two to be judged as one; parentSample bounds the rows that are looked at.
const (
	parentShare  = 0.95
	parentSample = 200_000
)

// findParents names the parent of each place whose value fixes that of another
// one with fewer values: of several the one with the most, which is the nearest.
func (t *Table) findParents(comparisons []model.Comparison) {
	var places []int
	values := make([]int, len(comparisons))
	for i, c := range comparisons {
		values[i] = t.distinct(i)
		areas := c.Kind == model.Category && c.Shared
		if (areas || c.Kind == model.Place || c.Kind == model.Postcode) && c.Levels == nil && values[i] > 1 {
			places = append(places, i)
		}
	}
	slices.SortStableFunc(places, func(a, b int) int { return cmp.Compare(values[b], values[a]) })
	within := make([]int, len(comparisons)) // how many places lie in each, one in the other
	for i := range comparisons {
		for k, p := range model.Parents(comparisons, i) {
			within[p] = max(within[p], k+1)
		}
	}
	for at, c := range places {
		if comparisons[c].Parent != "" || within[c] == model.MostParents {
			continue
		}
		for _, p := range places[at+1:] {
			if values[p] < values[c] && within[p] == 0 && comparisons[p].Parent == "" && t.fixes(c, p) {
				comparisons[c].Parent, within[p] = comparisons[p].Name, within[c]+1
				break
			}
		}
	}
}

func (t *Table) distinct(field int) int {
	n := 0
	f := t.Fields[field]
	for code := range f.values.Len() {
		if f.left[code] > 0 || f.right[code] > 0 {
			n++
		}
	}
	return n
}

// fixes says that the child's value gives the parent's away, judged on values
// seen twice or more.
func (t *Table) fixes(child, parent int) bool {
	var pairs []uint64
	sides := []*Rows{t.Left, t.Right}
	if t.Same() {
		sides = sides[:1]
	}
	for _, r := range sides {
		step := max(1, r.Rows/parentSample)
		for row := 0; row < r.Rows; row += step {
			record := r.record(int32(row))
			c, p := record[child], record[parent]
			if c != 0 && p != 0 {
				pairs = append(pairs, uint64(c)<<32|uint64(p))
			}
		}
	}
	slices.Sort(pairs)
	records, agreeing := 0, 0
	for i := 0; i < len(pairs); {
		all, most, run := 0, 0, 0
		j := i
		for ; j < len(pairs) && pairs[j]>>32 == pairs[i]>>32; j++ {
			if j > i && pairs[j] == pairs[j-1] {
				run++
			} else {
				run = 1
			}
			all, most = all+1, max(most, run)
		}
		if all > 1 {
			records, agreeing = records+all, agreeing+most
		}
		i = j
	}
	return records > 0 && float64(agreeing) > parentShare*float64(records)
}

// Check says whether a column can be read.
func (c Column) Check(rows int) error {
	if len(c.Codes) != rows {
		return fmt.Errorf("%d codes for %d rows", len(c.Codes), rows)
	}
	for row, code := range c.Codes {
		if int(code) >= c.Values.Len() {
			return fmt.Errorf("row %d: code %d of %d values", row, code, c.Values.Len())
		}
	}
	return nil
}
