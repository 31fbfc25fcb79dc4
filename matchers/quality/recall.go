package quality

import (
	"math"
	"math/rand/v2"
)

// Accepted is the accepted pairs as a blocking and scoring procedure saw them:
// for each column of each pair a state, which is its level and the blocking keys
// of it that agree.
type Accepted struct {
	Columns int
	States  []uint16  // one row of columns a pair
	Weights []float64 // match probability, one a pair
	Sizes   []int     // number of states, one a column
	// Accepts says whether a pair of such states would have been found and
	// accepted.
	Accepts func(states []uint16) bool
}

// The simulation behind Recall.
const (
	recallClasses = 2 // clean and dirty pairs
	recallDraws   = 2_000
	lastDraws     = 10_000
	recallRounds  = 30
	recallPseudo  = 0.01
	fewColumns    = 6
)

// The interval around an estimated share of missed pairs, as factors of it:
// estimates tend to be too low where errors are heavy.
const (
	missedLow     = 0.35
	missedHigh    = 1.6
	missedHighFew = 3.0 // with fewer than six comparisons
)

// Recall estimates the share of true pairs that were found and accepted. True
// pairs are taken for a mixture of two classes of independent columns, of which
// only what the procedure accepts was seen (a truncated latent class model):
// each round draws pairs from both classes, puts those that the procedure would
// have missed back among the seen ones, and fits again.
func Recall(a Accepted) Interval {
	pairs := len(a.Weights)
	if pairs == 0 {
		return Interval{0, 0, 1}
	}
	m := newLatent(a)
	recall := 1.0
	for round := range recallRounds {
		draws := recallDraws
		if round == recallRounds-1 {
			draws = lastDraws
		}
		recall = m.round(draws)
	}
	missed, high := 1-recall, missedHigh
	if a.Columns < fewColumns {
		high = missedHighFew
	}
	sampling := poissonWidth * math.Sqrt(missed*recall/float64(pairs))
	return Interval{max(0, 1-high*missed-sampling), recall, min(1, 1-missedLow*missed+sampling)}
}

// latent is the two classes: their shares and the probabilities of the states.
type latent struct {
	Accepted
	shares [recallClasses]float64
	states [recallClasses][][]float64
}

// newLatent starts with the observed shares for the clean class and flatter
// ones for the dirty class.
func newLatent(a Accepted) *latent {
	m := &latent{Accepted: a, shares: [recallClasses]float64{.8, .2}}
	seen := m.counts()
	for i, w := range a.Weights {
		m.add(seen[0], a.States[i*a.Columns:(i+1)*a.Columns], w)
	}
	m.states[0] = normalised(seen[0])
	for c := range seen[1] {
		for s, share := range m.states[0][c] {
			seen[1][c][s] = math.Sqrt(share)
		}
	}
	m.states[1] = normalised(seen[1])
	return m
}

func (m *latent) counts() (out [recallClasses][][]float64) {
	for k := range out {
		out[k] = make([][]float64, m.Columns)
		for c, size := range m.Sizes {
			out[k][c] = make([]float64, size)
		}
	}
	return out
}

func (m *latent) add(counts [][]float64, states []uint16, weight float64) {
	for c, s := range states {
		counts[c][s] += weight
	}
}

func normalised(counts [][]float64) [][]float64 {
	for _, column := range counts {
		sum := 0.0
		for s := range column {
			column[s] += recallPseudo
			sum += column[s]
		}
		for s := range column {
			column[s] /= sum
		}
	}
	return counts
}

// round fits the classes once and returns the recall under the parameters that
// it began with.
func (m *latent) round(draws int) float64 {
	counts := m.counts()
	var sums [recallClasses]float64
	seen := 0.0
	for i, w := range m.Weights {
		row := m.States[i*m.Columns : (i+1)*m.Columns]
		share := m.belongs(row)
		for k := range share {
			m.add(counts[k], row, w*share[k])
			sums[k] += w * share[k]
		}
		seen += w
	}
	var accepted [recallClasses]float64
	var rejected [recallClasses][][]uint16
	for k := range accepted {
		accepted[k], rejected[k] = m.draw(k, draws)
	}
	recall := 0.0
	for k := range accepted {
		recall += m.shares[k] * accepted[k]
	}
	for k := range accepted {
		missed := seen * m.shares[k] * (1 - accepted[k]) / max(recall, 1e-6)
		sums[k] += missed
		for _, row := range rejected[k] {
			m.add(counts[k], row, missed/float64(len(rejected[k])))
		}
	}
	for k := range counts {
		m.states[k] = normalised(counts[k])
		m.shares[k] = sums[k] / (sums[0] + sums[1])
	}
	return recall
}

// belongs is the probability of each class given the states.
func (m *latent) belongs(row []uint16) (share [recallClasses]float64) {
	sum := 0.0
	for k := range share {
		share[k] = m.shares[k]
		for c, s := range row {
			share[k] *= m.states[k][c][s]
		}
		sum += share[k]
	}
	for k := range share {
		share[k] /= max(sum, math.SmallestNonzeroFloat64)
	}
	return share
}

// draw makes pairs of a class and returns the share that would be accepted and
// the states of the others. Every round draws the same random numbers, so that
// rounds differ by the parameters alone.
func (m *latent) draw(class, draws int) (accepted float64, rejected [][]uint16) {
	random := rand.New(rand.NewPCG(uint64(class), 1985))
	row := make([]uint16, m.Columns)
	hits := 0
	for range draws {
		for c := range row {
			row[c] = pick(m.states[class][c], random.Float64())
		}
		if m.Accepts(row) {
			hits++
		} else {
			rejected = append(rejected, append([]uint16(nil), row...))
		}
	}
	return float64(hits) / float64(draws), rejected
}

func pick(shares []float64, at float64) uint16 {
	for s, share := range shares {
		if at -= share; at < 0 {
			return uint16(s)
		}
	}
	return uint16(len(shares) - 1)
}
