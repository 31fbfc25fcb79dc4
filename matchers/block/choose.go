package block

import (
	"cmp"
	"math"
	"slices"
	"sync"
)

// Atom is one key that a rule could use, with the code of each sampled row on
// either side; 0 is no key. In one file Right is nil.
type Atom struct {
	Key         Key
	Comparison  int     // atoms of one comparison never stand in one rule
	Agreement   float64 // guessed share of the true pairs that agree on it
	Coarse      bool    // may stand in a rule of three
	Left, Right []uint32
}

// Budget bounds what the chosen rules cost, in candidate pairs a record.
type Budget struct {
	Single, Pair, Triple float64 // one rule of one, two, three keys
	Total                float64
	Rules                int     // most rules
	Walk                 float64 // what a rule costs before it finds a pair
	// Worth is the least share of the true pairs that a searched rule finds anew for each
	// candidate pair a record that it costs: where there are hardly any, strangers are linked.
	Worth float64
	// Gaps is how many further rules there may be for what those leave out, where rules
	// that find nothing beyond others are passed over. 0 leaves it at the best rules by
	// themselves.
	Gaps int
}

// The budgets by size of the files: wide while pairs are cheap, half of it for
// large files, with fewer rules, as each costs a walk over all records.
var (
	Wide = Budget{Single: 15, Pair: 5, Triple: 3, Total: 60, Rules: 60, Walk: 0.3}
	Half = Budget{Single: 8, Pair: 2.5, Triple: 1.5, Total: 30, Rules: 40, Walk: 6}
)

// Block limits: a block of more pairs than both is cut apart by a further key in
// a rule that was chosen.
const (
	maxBlockPairs = 2500
	maxBlockShare = 0.02
	leastCost     = 1e-4 // pairs a record: below it a rule finds nothing
)

// spentBy is the share of the total that rules of one, two and three keys may
// have used up between them.
var spentBy = [...]float64{0.55, 0.85, 1}

// Limit is the largest block, in pairs, that a chosen rule of so many pairs
// keeps.
func Limit(rulePairs int64) int64 {
	return max(maxBlockPairs, int64(maxBlockShare*float64(rulePairs)))
}

// candidate is a possible rule and what it costs.
type candidate struct {
	atoms       []int
	cost, value float64
	finds       found // of the drawn pairs
}

// Choose picks rules: cheap single keys first, then pairs of columns, then
// triples of coarse keys, best value for its cost first, none that an earlier
// one implies. rowPairs is how many pairs of rows each pair of sampled rows
// stands for, records the number of rows that a cost is shared among. The
// outcome depends on the atoms alone, not on threads.
func Choose(atoms []Atom, rowPairs, records float64, budget Budget, threads int) []Rule {
	limits := [...]float64{budget.Single, budget.Pair, budget.Triple}
	var chosen [][]int
	var taken, others []candidate
	var all found
	spent := 0.0
	var drawn *draws
	if budget.Gaps > 0 {
		drawn = draw(atoms)
	}
	for size := 1; size <= len(limits); size++ {
		var open []candidate
		for _, combination := range combinations(atoms, size) {
			// What a rule with very large blocks leaves out another that it implies may find.
			if budget.Gaps > 0 && size < len(limits) || !implied(atoms, chosen, combination) {
				open = append(open, candidate{atoms: combination})
			}
		}
		weigh(atoms, drawn, open, rowPairs, records, budget.Walk, threads)
		open = slices.DeleteFunc(open, func(c candidate) bool {
			return c.cost > limits[size-1] || c.cost < leastCost
		})
		slices.SortStableFunc(open, func(a, b candidate) int {
			return cmp.Or(cmp.Compare(b.value, a.value), cmp.Compare(a.cost, b.cost))
		})
		for _, c := range open {
			needed := !implied(atoms, chosen, c.atoms) && (budget.Gaps == 0 || size == 1 || c.finds.beyond(&all) > 0)
			if needed && len(chosen) < budget.Rules && spent+c.cost <= budget.Total*spentBy[size-1] {
				all.with(&c.finds)
				chosen = append(chosen, c.atoms)
				taken = append(taken, c)
				spent += c.cost
			} else {
				others = append(others, c)
			}
		}
	}
	taken = fillGaps(taken, others, spent, budget)
	rules := make([]Rule, len(taken))
	for i, c := range taken {
		for _, a := range c.atoms {
			rules[i] = append(rules[i], atoms[a].Key)
		}
	}
	return rules
}

// combinations are the sets of atoms of different comparisons, in the order of
// the atoms.
func combinations(atoms []Atom, size int) [][]int {
	var out [][]int
	var extend func(from int, taken []int)
	extend = func(from int, taken []int) {
		if len(taken) == size {
			out = append(out, slices.Clone(taken))
			return
		}
		for a := from; a < len(atoms); a++ {
			if size == 3 && !atoms[a].Coarse {
				continue
			}
			if !slices.ContainsFunc(taken, func(t int) bool { return atoms[t].Comparison == atoms[a].Comparison }) {
				extend(a+1, append(taken, a))
			}
		}
	}
	extend(0, make([]int, 0, size))
	return out
}

// implied says that every pair of the combination is found by a chosen rule
// already: each of that rule's keys is in the combination or is a part of an
// exact key in it.
func implied(atoms []Atom, chosen [][]int, combination []int) bool {
	return slices.ContainsFunc(chosen, func(rule []int) bool {
		for _, need := range rule {
			if !slices.ContainsFunc(combination, func(have int) bool {
				return have == need || (atoms[have].Comparison == atoms[need].Comparison && exact(atoms[have].Key))
			}) {
				return false
			}
		}
		return true
	})
}

func exact(k Key) bool { return k.Transform == "" || k.Transform == "exact" }

// weigh fills in cost and value, several at a time.
func weigh(atoms []Atom, drawn *draws, open []candidate, rowPairs, records, walk float64, threads int) {
	var wg sync.WaitGroup
	for t := range threads {
		wg.Go(func() {
			var tally tally
			for i := t; i < len(open); i += threads {
				c := &open[i]
				pairs, fill, limit := tally.pairs(atoms, c.atoms, rowPairs)
				if drawn != nil {
					c.finds = drawn.finds(&tally, atoms, c.atoms, limit, rowPairs)
				}
				c.cost = pairs / records
				c.value = fill / (c.cost + walk)
				for _, a := range c.atoms {
					c.value *= atoms[a].Agreement
				}
			}
		})
	}
	wg.Wait()
}

// tally counts the rows of each key of a combination.
type tally struct {
	slots []slot
	used  []uint32
}

type slot struct {
	key         uint64
	left, right uint32
}

// pairs is how many pairs of rows agree on all atoms, blocks above the limit
// left out, the share of rows that have the key, and the limit.
func (t *tally) pairs(atoms []Atom, combination []int, rowPairs float64) (pairs, fill, limit float64) {
	filled := t.fill(atoms, combination)
	same := atoms[combination[0]].Right == nil
	limit = t.limit(same, rowPairs)
	for _, i := range t.used {
		if p := t.slots[i].pairs(same) * rowPairs; p <= limit {
			pairs += p
		}
	}
	first := atoms[combination[0]]
	return pairs, float64(filled) / float64(max(len(first.Left)+len(first.Right), 1)), limit
}

// fill counts the rows of each key of a combination, and those that have one.
func (t *tally) fill(atoms []Atom, combination []int) (filled int) {
	for _, i := range t.used {
		t.slots[i] = slot{}
	}
	t.used = t.used[:0]
	first := atoms[combination[0]]
	rows := len(first.Left) + len(first.Right)
	size := 1 << uint(math.Ceil(math.Log2(float64(max(2*rows, 16)))))
	if len(t.slots) != size {
		t.slots = make([]slot, size)
	}
	for row := range first.Left {
		if key := Mix(atoms, combination, row, false); key != 0 {
			t.slots[t.find(key)].left++
			filled++
		}
	}
	for row := range first.Right {
		if key := Mix(atoms, combination, row, true); key != 0 {
			t.slots[t.find(key)].right++
			filled++
		}
	}
	return filled
}

// limit is the largest block, in pairs, that the counted rule keeps.
func (t *tally) limit(same bool, rowPairs float64) float64 {
	total := 0.0
	for _, i := range t.used {
		total += t.slots[i].pairs(same) * rowPairs
	}
	return max(maxBlockPairs, maxBlockShare*total)
}

func (s slot) pairs(same bool) float64 {
	if same {
		return float64(s.left) * float64(max(s.left, 1)-1) / 2
	}
	return float64(s.left) * float64(s.right)
}

func (t *tally) find(key uint64) uint32 {
	mask := uint64(len(t.slots) - 1)
	i := key >> 20 & mask
	for t.slots[i].key != key {
		if t.slots[i].key == 0 {
			t.slots[i].key = key
			t.used = append(t.used, uint32(i))
			break
		}
		i = (i + 1) & mask
	}
	return uint32(i)
}

// Mix is the key of a row under a combination of atoms, 0 where one is missing.
func Mix(atoms []Atom, combination []int, row int, right bool) uint64 {
	key := uint64(0)
	for _, a := range combination {
		codes := atoms[a].Left
		if right {
			codes = atoms[a].Right
		}
		if codes[row] == 0 {
			return 0
		}
		key = Extend(key, codes[row])
	}
	return key | 1<<63
}

// Extend adds one code to a key.
func Extend(key uint64, code uint32) uint64 {
	key = (key ^ uint64(code)) * 0x9E3779B97F4A7C15
	return key ^ key>>29
}
