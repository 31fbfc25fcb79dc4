package block

import (
	"math/bits"
	"math/rand/v2"
)

// draws are pairs of records of one person as they may be: what each of two sampled
// rows knows, and on which keys they would then agree by the guesses.
type draws struct {
	rows   []int    // on the left
	agrees [][]bool // by atom and pair
}

// drawnGuesses is how many pairs are drawn to see what the chosen rules leave out, and
// mostRules how many rules there may be in all.
const (
	drawnGuesses = 8192
	mostRules    = 64
)

// draw makes pairs: which they are depends on the atoms alone. Of the keys of one
// column those that agree more often agree where the others do.
func draw(atoms []Atom) *draws {
	d := &draws{agrees: make([][]bool, len(atoms))}
	for i := range d.agrees {
		d.agrees[i] = make([]bool, drawnGuesses)
	}
	right := func(a *Atom) []uint32 {
		if a.Right == nil {
			return a.Left
		}
		return a.Right
	}
	if len(atoms) == 0 || len(atoms[0].Left) == 0 || len(right(&atoms[0])) == 0 {
		return d
	}
	random := rand.New(rand.NewPCG(60, 8))
	for n := range drawnGuesses {
		row, other := random.IntN(len(atoms[0].Left)), random.IntN(len(right(&atoms[0])))
		d.rows = append(d.rows, row)
		comparison, luck := -1, 0.0
		for i := range atoms {
			a := &atoms[i]
			if a.Comparison != comparison {
				comparison, luck = a.Comparison, random.Float64()
			}
			d.agrees[i][n] = a.Left[row] != 0 && right(a)[other] != 0 && luck < a.Agreement
		}
	}
	return d
}

// found is a set of drawn pairs.
type found [drawnGuesses / 64]uint64

func (f *found) with(more *found) {
	for i, word := range more {
		f[i] |= word
	}
}

// beyond is how many pairs of f another set lacks.
func (f *found) beyond(other *found) (n int) {
	for i, word := range f {
		n += bits.OnesCount64(word &^ other[i])
	}
	return n
}

// finds are the drawn pairs that a combination finds, of which the tally has just
// counted the rows: those of blocks above the limit it does not.
func (d *draws) finds(t *tally, atoms []Atom, combination []int, limit, rowPairs float64) (f found) {
	same := atoms[combination[0]].Right == nil
pairs:
	for n, row := range d.rows {
		for _, a := range combination {
			if !d.agrees[a][n] {
				continue pairs
			}
		}
		slot := t.slots[t.find(Mix(atoms, combination, row, false))]
		if slot.pairs(same)*rowPairs <= limit {
			f[n/64] |= 1 << (n % 64)
		}
	}
	return f
}

// fillGaps goes on from chosen rules with those that find the most of the drawn pairs
// which no rule finds yet, for what they cost.
func fillGaps(chosen, open []candidate, spent float64, budget Budget) []candidate {
	var all found
	for _, c := range chosen {
		all.with(&c.finds)
	}
	for rules := 0; rules < budget.Gaps && len(chosen) < mostRules; rules++ {
		best, most := -1, 0.0
		for i := range open {
			c := &open[i]
			gain := c.finds.beyond(&all)
			if gain == 0 || spent+c.cost > budget.Total {
				continue
			}
			if value := float64(gain) / (c.cost + budget.Walk); value > most {
				best, most = i, value
			}
		}
		if best < 0 {
			break
		}
		c := open[best]
		all.with(&c.finds)
		spent += c.cost
		chosen = append(chosen, c)
	}
	return chosen
}
