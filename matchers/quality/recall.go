package quality

import (
	"math"
	"slices"
	"sync"
)

// Seen is the pairs that a linkage accepted by themselves, or the surest of them,
// as it saw them: for each column of each pair a state, which is its level and the
// blocking keys of it that agree.
type Seen struct {
	Columns int
	States  []uint16  // one row of columns a pattern
	Weights []float64 // sum of the match probabilities of its pairs, one a pattern
	Pairs   int       // accepted in all
	// Kinds says of each state of each column what it comes from.
	Kinds [][]StateKind
	// Sizes is how many people of how many records were found: Sizes[k] have k.
	// Where it is empty all have two.
	Sizes []float64
	// Joins says which records of one person would be found to be one: those of
	// equal labels. states has the states of the pairs 0-1, 0-2, ... 1-2, ...
	Fits  func(row []uint16) bool
	Joins func(records int, states []uint16, labels []int32)
}

// StateKind is what a state of two records of one person comes from.
type StateKind uint8

// Both values are as the person's, one or both are written otherwise, one or both
// are absent.
const (
	Equal StateKind = iota
	Unequal
	Absent
)

// The simulation behind Recall.
const (
	roundPairs  = 3_000 // pairs drawn a round
	lastPairs   = 40_000
	rounds      = 50
	freshRounds = 25 // from which draws are averaged over the rounds
	lossless    = 5  // rounds in which nothing is missed are enough
	pseudo      = 0.01
	mostRecords = 16  // of a person that is drawn
	startDirty  = 0.1 // share of the records
)

// missedFactor is how far the number of missed pairs may lie from its estimate.
// What was never seen can only be guessed from what was, by assuming that errors in
// different columns come about by themselves, once it is known whether a record is
// clean.
const missedFactor = 2.0

// Recall estimates the share of true pairs that are found, by corrupting people
// and seeing who is recovered. Records are taken for a mixture of clean and dirty
// ones, whose columns are damaged independently; how often and in which way is
// learnt from the accepted pairs. Since pairs that were not accepted are not
// among those, each round draws pairs from the model as it is, puts those that
// would not be seen back among the seen ones, and fits again (a truncated latent
// class model). Then people are drawn and their records linked as the linkage
// does.
//
// Accepted pairs that are wrong pass for badly damaged ones. The surest of the
// pairs are free of them, but tell less of damage: give both, and the interval
// reaches from one estimate to the other. They are worked out at once, so that each
// needs functions of its own.
func Recall(threads int, seen ...Seen) Interval {
	if len(seen) == 0 || slices.ContainsFunc(seen, func(s Seen) bool { return len(s.Weights) == 0 }) {
		return Interval{0, 0, 1}
	}
	shares := make([]float64, len(seen))
	var wg sync.WaitGroup
	for i, s := range seen {
		wg.Go(func() { shares[i] = s.missed() })
		if threads == 1 {
			wg.Wait()
		}
	}
	wg.Wait()
	var sum, few float64
	most := 0.0
	for i, s := range seen {
		share := shares[i]
		accepted := float64(s.Pairs)
		missed := share * accepted / max(1-share, 1/accepted)
		all, together := accepted+missed, s.together()
		least := together * poissonQuantile(missed/missedFactor/together, tail) / all
		if i == 0 || least < few {
			few = least
		}
		most = max(most, together*poissonQuantile(missed*missedFactor/together+unforeseen, 1-tail)/all)
		sum += share
	}
	return Interval{max(0, 1-most), 1 - sum/float64(len(seen)), min(1, 1-few)}
}

// missed is the share of the true pairs that are not found.
func (s Seen) missed() float64 {
	m := s.model()
	last := s.drawPeople(m, newSizes(s.Sizes), lastPairs)
	return last.missed / max(last.all, math.SmallestNonzeroFloat64)
}

// model is the damage that explains what was seen.
func (s Seen) model() *damage {
	m := newDamage(s)
	var drawn drawn
	for round, without := 0, 0; round < rounds && without < lossless; round++ {
		d := s.drawPairs(m, roundPairs, uint64(round))
		if without++; d.missed > 0 {
			without = 0
		}
		drawn.blend(d, 1/float64(max(1, round-freshRounds)))
		m = s.fit(m, drawn)
	}
	return m
}

// Pairs draws pairs of records of one person as the model has them, found or not:
// of each its states, a row of columns, and what it counts.
func Pairs(s Seen, pairs int) (states []uint16, weights []float64) {
	if len(s.Weights) == 0 {
		return nil, nil
	}
	s.eachPair(s.model(), pairs, rounds, func(_ int, row []uint16, weight float64) {
		states, weights = append(states, row...), append(weights, weight)
	})
	return states, weights
}

// together is how many pairs are lost with a record, as a mean over the pairs.
func (s Seen) together() float64 {
	lost, pairs := 0.0, 0.0
	for k, n := range s.Sizes {
		with := n * float64(k) * float64(k-1)
		pairs += with
		lost += with * float64(k-1)
	}
	if pairs == 0 {
		return 1
	}
	return max(1, lost/pairs)
}

// Records are clean or dirty, and so pairs of records are of one of three
// classes.
const (
	clean, dirty   = 0, 1
	recordClasses  = 2
	bothClean      = 0
	oneDirty       = 1
	bothDirty      = 2
	classesOfPairs = 3
)

// ends are the classes of the two records of a pair.
var ends = [classesOfPairs][2]int{bothClean: {clean, clean}, oneDirty: {clean, dirty}, bothDirty: {dirty, dirty}}

// damage is how records come about from people.
type damage struct {
	dirty   float64 // share of the records
	columns []columnDamage
}

// columnDamage is what becomes of one column in records of each class.
type columnDamage struct {
	absent, harmed [recordClasses]float64   // of those that are there
	unequal        [recordClasses][]float64 // states, as shares, of the harmed
	equal          []float64                // states, as shares, where neither record is harmed
	none           []float64                // states, as shares, where a value is absent
}

func (d *damage) shares() [classesOfPairs]float64 {
	return [classesOfPairs]float64{(1 - d.dirty) * (1 - d.dirty), 2 * d.dirty * (1 - d.dirty), d.dirty * d.dirty}
}

// newDamage starts from what was seen: clean records are as all are, dirty ones
// have three times the damage.
func newDamage(s Seen) *damage {
	m := &damage{dirty: startDirty, columns: make([]columnDamage, s.Columns)}
	for c, kinds := range s.Kinds {
		counts := make([]float64, len(kinds))
		for i, w := range s.Weights {
			counts[s.States[i*s.Columns+c]] += w
		}
		var sums [3]float64
		for state, kind := range kinds {
			sums[kind] += counts[state]
		}
		there := sums[Equal] + sums[Unequal]
		absent := 1 - math.Sqrt(share(there, sums[Absent]))
		harmed := 1 - math.Sqrt(share(sums[Equal], sums[Unequal]))
		states := func(kind StateKind) []float64 { return ofKind(counts, kinds, kind) }
		m.columns[c] = columnDamage{
			absent: [recordClasses]float64{absent, min(3*absent, .5)}, harmed: [recordClasses]float64{harmed, min(3*harmed, .5)},
			unequal: [recordClasses][]float64{states(Unequal), states(Unequal)}, equal: states(Equal), none: states(Absent),
		}
	}
	return m
}

// share is what a is of a and b, drawn a little towards one half.
func share(a, b float64) float64 { return (a + pseudo) / (a + b + 2*pseudo) }

// ofKind is the states of a kind, as shares; none of another kind.
func ofKind(counts []float64, kinds []StateKind, kind StateKind) []float64 {
	out := make([]float64, len(counts))
	sum := 0.0
	for s, n := range counts {
		if kinds[s] == kind {
			out[s] = n + pseudo
			sum += out[s]
		}
	}
	for s := range out {
		out[s] /= max(sum, math.SmallestNonzeroFloat64)
	}
	return out
}

// either is the chance that at least one of two comes about.
func either(a, b float64) float64 { return a + b - a*b }

// blame is which share of the states of two records, of which at least one is
// harmed, comes from the first.
func blame(first, second float64) float64 {
	return first * (1 - second/2) / max(either(first, second), math.SmallestNonzeroFloat64)
}

// probability is that of a state in a class of pairs.
func (d *columnDamage) probability(class, state int, kind StateKind) float64 {
	a, b := ends[class][0], ends[class][1]
	if kind == Absent {
		return either(d.absent[a], d.absent[b]) * d.none[state]
	}
	there, harmed := 1-either(d.absent[a], d.absent[b]), either(d.harmed[a], d.harmed[b])
	if kind == Equal {
		return there * (1 - harmed) * d.equal[state]
	}
	first := blame(d.harmed[a], d.harmed[b])
	return there * harmed * (first*d.unequal[a][state] + (1-first)*d.unequal[b][state])
}

// probabilities is that of each state, by column and class of pairs.
func (s Seen) probabilities(m *damage) [][classesOfPairs][]float64 {
	table := make([][classesOfPairs][]float64, s.Columns)
	for c, kinds := range s.Kinds {
		for class := range classesOfPairs {
			for state, kind := range kinds {
				table[c][class] = append(table[c][class], m.columns[c].probability(class, state, kind))
			}
		}
	}
	return table
}

// tally is counts of pairs by class, and of their states by column.
type tally struct {
	pairs  [classesOfPairs]float64
	states [][classesOfPairs][]float64
}

func (s Seen) newTally() tally {
	t := tally{states: make([][classesOfPairs][]float64, s.Columns)}
	for c, kinds := range s.Kinds {
		for class := range classesOfPairs {
			t.states[c][class] = make([]float64, len(kinds))
		}
	}
	return t
}

func (t *tally) add(class int, states []uint16, weight float64) {
	t.pairs[class] += weight
	for c, state := range states {
		t.states[c][class][state] += weight
	}
}

// fit is one round of EM: the seen pairs are shared out among the classes, the
// missed ones are added, and the damage is learnt anew.
func (s Seen) fit(m *damage, d drawn) *damage {
	table := s.probabilities(m)
	t := s.newTally()
	seen := 0.0
	for i, w := range s.Weights {
		row := s.States[i*s.Columns : (i+1)*s.Columns]
		joint := m.shares()
		sum := 0.0
		for class := range joint {
			for c, state := range row {
				joint[class] *= table[c][class][state]
			}
			sum += joint[class]
		}
		for class, p := range joint {
			t.add(class, row, w*p/max(sum, math.SmallestNonzeroFloat64))
		}
		seen += w
	}
	scale := seen / max(d.all-d.missed, 1e-6*d.all)
	for class := range classesOfPairs {
		t.pairs[class] += scale * d.lost.pairs[class]
		for c := range t.states {
			for state, n := range d.lost.states[c][class] {
				t.states[c][class][state] += scale * n
			}
		}
	}
	return s.learn(m, t)
}

// learn is the M step: who of the two records of each pair is to blame is shared
// out by the damage as it was.
func (s Seen) learn(m *damage, t tally) *damage {
	all := t.pairs[bothClean] + t.pairs[oneDirty] + t.pairs[bothDirty]
	out := &damage{dirty: share(t.pairs[oneDirty]+2*t.pairs[bothDirty], 2*t.pairs[bothClean]+t.pairs[oneDirty]), columns: make([]columnDamage, s.Columns)}
	if all == 0 {
		out.dirty = m.dirty
	}
	for c, kinds := range s.Kinds {
		old, renewed := &m.columns[c], &out.columns[c]
		var absent, there, harmed, whole [recordClasses]float64
		unequal := [recordClasses][]float64{make([]float64, len(kinds)), make([]float64, len(kinds))}
		sum := make([]float64, len(kinds))
		for class, states := range t.states[c] {
			a, b := ends[class][0], ends[class][1]
			anyAbsent, anyHarmed := either(old.absent[a], old.absent[b]), either(old.harmed[a], old.harmed[b])
			first := blame(old.harmed[a], old.harmed[b])
			for state, n := range states {
				sum[state] += n
				for end, r := range [2]int{a, b} {
					switch kinds[state] {
					case Absent:
						p := n * old.absent[r] / max(anyAbsent, math.SmallestNonzeroFloat64)
						absent[r] += p
						there[r] += n - p
						continue
					case Equal:
						whole[r] += n
					case Unequal:
						p := n * old.harmed[r] / max(anyHarmed, math.SmallestNonzeroFloat64)
						harmed[r] += p
						whole[r] += n - p
						one, other := first*old.unequal[a][state], (1-first)*old.unequal[b][state]
						mine := [2]float64{one, other}[end]
						unequal[r][state] += n * mine / max(one+other, math.SmallestNonzeroFloat64)
					}
					there[r] += n
				}
			}
		}
		for r := range recordClasses {
			renewed.absent[r], renewed.harmed[r] = share(absent[r], there[r]), share(harmed[r], whole[r])
			renewed.unequal[r] = ofKind(unequal[r], kinds, Unequal)
		}
		renewed.equal, renewed.none = ofKind(sum, kinds, Equal), ofKind(sum, kinds, Absent)
	}
	return out
}
