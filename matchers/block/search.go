package block

import (
	"cmp"
	"container/heap"
	"slices"
)

// maxSearched bounds the rules whose cost a search counts: each is a walk over
// all rows.
const maxSearched = 2_000

// Search picks rules by what they are expected to find of the true pairs that no
// picked rule finds yet, for what they cost: the most for its cost first, until
// the budget of candidate pairs a record is spent or nothing is left to find. The
// bits of drawn are the atoms.
func Search(atoms []Atom, drawn Drawn, rowPairs, records float64, budget Budget) []Rule {
	s := search{atoms: atoms, drawn: drawn, rowPairs: rowPairs, records: records, walk: budget.Walk, worth: budget.Worth}
	s.chances()
	s.scale()
	for size := 1; size <= 3; size++ {
		for _, combination := range anyCombinations(atoms, size) {
			s.offer(combination)
		}
	}
	heap.Init(&s.open)
	var rules []Rule
	spent := 0.0
	for s.open.Len() > 0 && len(rules) < budget.Rules {
		best := &s.open[0]
		if best.round != len(rules) || !best.counted {
			if !s.weigh(best, len(rules), budget.Total-spent) {
				heap.Pop(&s.open)
			} else {
				heap.Fix(&s.open, 0)
			}
			continue
		}
		rules = append(rules, s.rule(best.atoms))
		spent += best.cost
		s.picked = append(s.picked, best.mask)
		s.take(best.mask, best.kept)
		heap.Pop(&s.open)
	}
	return rules
}

// search is the state of a search.
type search struct {
	atoms             []Atom
	drawn             Drawn // those that no picked rule finds
	rowPairs, records float64
	walk, worth       float64
	chance            []float64 // by atom, that two random rows agree
	open              options
	picked            []uint64
	tally             tally
	counts            int // costs counted so far
}

// option is a rule that could be picked.
type option struct {
	atoms   []int
	mask    uint64
	cost    float64 // candidate pairs a record; a guess until counted
	counted bool
	kept    float64   // share of the rows whose blocks are not too large
	sample  []uint64  // some of its pairs: the atoms on which they agree, as bits
	weights []float64 // what each stands for, in candidate pairs a record
	gain    float64   // weight of the pairs that it adds, as of a round
	round   int       // rules picked when the gain was summed
	value   float64
}

type options []option

func (o options) Len() int { return len(o) }

func (o options) Less(i, j int) bool {
	return cmp.Or(cmp.Compare(o[j].value, o[i].value), cmp.Compare(o[i].mask, o[j].mask)) < 0
}
func (o options) Swap(i, j int) { o[i], o[j] = o[j], o[i] }
func (o *options) Push(x any)   { *o = append(*o, x.(option)) }

// Pop takes the last option away.
func (o *options) Pop() any {
	last := (*o)[len(*o)-1]
	*o = (*o)[:len(*o)-1]
	return last
}

// leastGain is the share of all drawn pairs below which a rule adds nothing worth
// its walk.
const leastGain = 2e-5

// agreeing is how many pairs of rows agree on an atom, large blocks among them.
func agreeing(a Atom) float64 {
	left := map[uint32]float64{}
	for _, code := range a.Left {
		left[code]++
	}
	right, pairs := left, 0.0
	if a.Right != nil {
		right = map[uint32]float64{}
		for _, code := range a.Right {
			right[code]++
		}
	}
	for code, n := range left {
		switch {
		case code == 0:
		case a.Right == nil:
			pairs += n * (n - 1) / 2
		default:
			pairs += n * right[code]
		}
	}
	return pairs
}

// chances counts how often two random rows agree on each atom.
func (s *search) chances() {
	rows := float64(len(s.atoms[0].Left))
	pairs := rows * float64(len(s.atoms[0].Right))
	if s.atoms[0].Right == nil {
		pairs = rows * (rows - 1) / 2
	}
	for i := range s.atoms {
		s.chance = append(s.chance, agreeing(s.atoms[i])/max(pairs, 1))
	}
}

// scale makes the weights of the drawn pairs shares.
func (s *search) scale() {
	all := s.gain(0)
	s.drawn.Weights = slices.Clone(s.drawn.Weights)
	for i := range s.drawn.Weights {
		s.drawn.Weights[i] /= all
	}
}

// offer makes a combination an option, its cost guessed as if its atoms were
// independent, which is too low as a rule.
func (s *search) offer(combination []int) {
	o := option{atoms: combination, round: -1}
	first := s.atoms[combination[0]]
	o.cost = s.rowPairs * float64(len(first.Left)) / s.records
	if first.Right != nil {
		o.cost *= float64(len(first.Right))
	} else {
		o.cost *= float64(len(first.Left)-1) / 2
	}
	for _, a := range combination {
		o.mask |= 1 << a
		o.cost *= s.chance[a]
	}
	o.gain = s.gain(o.mask)
	o.value = o.gain / (o.cost + s.walk)
	if o.gain > 0 {
		s.open = append(s.open, o)
	}
}

func (s *search) gain(mask uint64) float64 {
	sum := 0.0
	for i, agreement := range s.drawn.Agreement {
		if agreement&mask == mask {
			sum += s.drawn.Weights[i]
		}
	}
	return sum
}

// weigh brings an option up to date; false is one that is out.
func (s *search) weigh(o *option, round int, left float64) bool {
	if o.round != round {
		o.gain, o.round = s.gain(o.mask), round
	}
	if o.gain < leastGain {
		return false
	}
	if !o.counted {
		if s.counts++; s.counts > maxSearched {
			return false
		}
		o.counted = true
		s.count(o)
	}
	o.cost = 0
	for i, agreement := range o.sample {
		if !slices.ContainsFunc(s.picked, func(mask uint64) bool { return agreement&mask == mask }) {
			o.cost += o.weights[i]
		}
	}
	if o.cost > left || len(o.sample) == 0 || o.gain*o.kept < s.worth*o.cost {
		return false
	}
	o.value = o.gain * o.kept / (o.cost + s.walk)
	return true
}

// sampledPairs is about how many pairs of a rule are looked at to see which ones
// other rules find too.
const sampledPairs = 400

// count counts what an option costs: every so many left rows stand for all, each
// with a partner that stands for those it has.
func (s *search) count(o *option) {
	filled := s.tally.fill(s.atoms, o.atoms)
	first := s.atoms[o.atoms[0]]
	same := first.Right == nil
	limit := s.tally.limit(same, s.rowPairs)
	partners := map[uint64]int{}
	others := first.Right
	if same {
		others = first.Left
	}
	step := max(1, len(first.Left)/sampledPairs/4)
	wanted := map[uint64]bool{}
	for row := 0; row < len(first.Left); row += step {
		if key := Mix(s.atoms, o.atoms, row, false); key != 0 {
			wanted[key] = true
		}
	}
	for row := range others {
		if key := Mix(s.atoms, o.atoms, row, !same); wanted[key] {
			if _, known := partners[key]; !known || row%step != 0 {
				partners[key] = row
			}
		}
	}
	out := 0
	for _, i := range s.tally.used {
		if slot := s.tally.slots[i]; slot.pairs(same)*s.rowPairs > limit {
			out += int(slot.left + slot.right)
		}
	}
	o.kept = 1 - float64(out)/float64(max(filled, 1))
	for row := 0; row < len(first.Left); row += step {
		key := Mix(s.atoms, o.atoms, row, false)
		partner, known := partners[key]
		if key == 0 {
			continue
		}
		slot := s.tally.slots[s.tally.find(key)]
		if !known || same && partner == row || slot.pairs(same)*s.rowPairs > limit {
			continue
		}
		weight := float64(slot.right)
		if same {
			weight = float64(slot.left-1) / 2
		}
		o.sample = append(o.sample, s.agreement(row, partner))
		o.weights = append(o.weights, weight*float64(step)*s.rowPairs/s.records)
	}
}

// agreement is the atoms on which two rows agree, as bits.
func (s *search) agreement(left, right int) uint64 {
	var agreement uint64
	for i := range s.atoms {
		a, others := &s.atoms[i], s.atoms[i].Right
		if others == nil {
			others = a.Left
		}
		if code := a.Left[left]; code != 0 && code == others[right] {
			agreement |= 1 << i
		}
	}
	return agreement
}

// take leaves out the drawn pairs that a rule finds, or the share of them that is
// not in blocks that are too large.
func (s *search) take(mask uint64, kept float64) {
	var rest Drawn
	for i, agreement := range s.drawn.Agreement {
		weight := s.drawn.Weights[i]
		if agreement&mask == mask {
			weight *= 1 - kept
		}
		if weight > 0 {
			rest.Agreement, rest.Weights = append(rest.Agreement, agreement), append(rest.Weights, weight)
		}
	}
	s.drawn = rest
}

func (s *search) rule(combination []int) Rule {
	var rule Rule
	for _, a := range combination {
		rule = append(rule, s.atoms[a].Key)
	}
	return rule
}

// anyCombinations are the sets of atoms of different comparisons, coarse or not.
func anyCombinations(atoms []Atom, size int) [][]int {
	coarse := slices.Clone(atoms)
	for i := range coarse {
		coarse[i].Coarse = true
	}
	return combinations(coarse, size)
}
