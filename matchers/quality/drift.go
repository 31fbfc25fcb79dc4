package quality

import "math"

// Profile is what a linkage looked like, to hold a later one against. Counts are
// small numbers and hold no one's data.
type Profile struct {
	Rows        [2]int64  `json:"rows"` // records of each side; of one file twice the same
	Comparisons []Column  `json:"comparisons"`
	Pairs       Histogram `json:"pairs"` // all above the floor
	Links       Histogram `json:"links"` // the accepted ones
}

// Column is one comparison in a profile.
type Column struct {
	Name   string   `json:"name"`
	Filled [2]int64 `json:"filled"` // records of each side with a value
	Levels []Count  `json:"levels"` // of the accepted pairs, "missing" among them
}

// Count is how many accepted pairs stand at a level.
type Count struct {
	Level string `json:"level"`
	Pairs int64  `json:"pairs"`
}

// Histogram counts pairs by match weight: Counts[i] from (First+i)*StepBits on.
type Histogram struct {
	First  int     `json:"first"`
	Counts []int64 `json:"counts"`
}

// StepBits is the width of a bar of a histogram, in bits.
const StepBits = 2.0

// Add counts a pair of that weight.
func (h *Histogram) Add(weightBits float64) {
	bar := int(math.Floor(weightBits / StepBits))
	if len(h.Counts) == 0 {
		h.First = bar
	}
	for ; h.First > bar; h.First-- {
		h.Counts = append([]int64{0}, h.Counts...)
	}
	for h.First+len(h.Counts) <= bar {
		h.Counts = append(h.Counts, 0)
	}
	h.Counts[bar-h.First]++
}

// The usual marks of the population stability index: below ShiftSome a
// distribution counts as stable, from ShiftLarge on as another one (Siddiqi 2006,
// "Credit Risk Scorecards", Wiley; for what the marks mean beside sampling error:
// Yurdakul and Naranjo 2020, "Statistical properties of the population stability
// index", Journal of Risk Model Validation 14(4)).
const (
	ShiftSome  = 0.1
	ShiftLarge = 0.25
)

// Shift is the population stability index of two distributions over the same
// cells: sum of (q-p) ln(q/p), 0 where they are the same. Half a count is added
// to each cell, so that an empty one does not make it infinite. Without anything
// counted on a side it is 0.
func Shift(before, after []int64) float64 {
	const spread = 0.5
	sum := func(counts []int64) (n float64) {
		for _, c := range counts {
			n += float64(c)
		}
		return n
	}
	b, a := sum(before), sum(after)
	if b == 0 || a == 0 {
		return 0
	}
	extra := 0.0
	for i := range before {
		if before[i]+after[i] > 0 {
			extra += spread
		}
	}
	index := 0.0
	for i := range before {
		if before[i]+after[i] == 0 {
			continue // nothing moved there, however few one side counts
		}
		p, q := (float64(before[i])+spread)/(b+extra), (float64(after[i])+spread)/(a+extra)
		index += (q - p) * math.Log(q/p)
	}
	return index
}

// Drift is how far one distribution moved between two profiles.
type Drift struct {
	What  string  // missing values of birth on the left, levels of birth, match weights of links
	Index float64 // population stability index
	// Noise is what the index would be on average if nothing had changed but the
	// sample: (cells - 1)(1/n + 1/m).
	Noise float64
}

// Large tells whether the shift is past the usual mark, and past what chance
// brings about in samples of this size.
func (d Drift) Large() bool { return d.Index >= ShiftLarge && d.Index > leastNoises*d.Noise }

// Some tells the same of the lower mark.
func (d Drift) Some() bool { return d.Index >= ShiftSome && d.Index > leastNoises*d.Noise }

// leastNoises is how many times the average of chance an index must be: the
// index is noise times a chi-squared over its degrees of freedom, which exceeds
// four once in 20 with one degree and more seldom with more.
const leastNoises = 4

// Drifts holds a later profile against an earlier one, comparison by comparison
// by name, then match weights.
func Drifts(before, after Profile) []Drift {
	var all []Drift
	sides := []string{"left", "right"}
	for _, b := range before.Comparisons {
		for _, a := range after.Comparisons {
			if a.Name != b.Name {
				continue
			}
			for s, side := range sides {
				if before.Rows[s] == 0 || after.Rows[s] == 0 {
					continue
				}
				all = append(all, drift("missing values of "+a.Name+", "+side, filled(b, before, s), filled(a, after, s)))
			}
			x, y := aligned(b.Levels, a.Levels)
			all = append(all, drift("levels of "+a.Name+" among links", x, y))
		}
	}
	x, y := overlaid(before.Links, after.Links)
	all = append(all, drift("match weights of links", x, y))
	x, y = overlaid(before.Pairs, after.Pairs)
	return append(all, drift("match weights of all pairs above the floor", x, y))
}

func filled(c Column, p Profile, side int) []int64 {
	return []int64{c.Filled[side], p.Rows[side] - c.Filled[side]}
}

func drift(what string, before, after []int64) Drift {
	d := Drift{What: what, Index: Shift(before, after)}
	var n, m int64
	cells := 0
	for i := range before {
		n, m = n+before[i], m+after[i]
		if before[i]+after[i] > 0 {
			cells++
		}
	}
	if n > 0 && m > 0 {
		d.Noise = float64(max(cells-1, 0)) * (1/float64(n) + 1/float64(m))
	}
	return d
}

// aligned gives the counts of both by level; levels of neither are left out.
func aligned(a, b []Count) (x, y []int64) {
	at := map[string]int{}
	add := func(counts []Count, to *[]int64) {
		for _, c := range counts {
			i, ok := at[c.Level]
			if !ok {
				i = len(at)
				at[c.Level] = i
				x, y = append(x, 0), append(y, 0)
			}
			(*to)[i] += c.Pairs
		}
	}
	add(a, &x)
	add(b, &y)
	return x, y
}

// leastCell is the least share of a cell of a distribution of weights; smaller
// bars are put together, as the index needs.
const leastCell = 0.02

// overlaid gives two histograms over the same cells, of at least leastCell each in
// the first.
func overlaid(a, b Histogram) (x, y []int64) {
	if len(a.Counts) == 0 || len(b.Counts) == 0 {
		return nil, nil
	}
	first, last := min(a.First, b.First), max(a.First+len(a.Counts), b.First+len(b.Counts))
	at := func(h Histogram, bar int) int64 {
		if i := bar - h.First; i >= 0 && i < len(h.Counts) {
			return h.Counts[i]
		}
		return 0
	}
	total := int64(0)
	for _, c := range a.Counts {
		total += c
	}
	var cell [2]int64
	for bar := first; bar < last; bar++ {
		cell[0], cell[1] = cell[0]+at(a, bar), cell[1]+at(b, bar)
		if float64(cell[0]) >= leastCell*float64(total) {
			x, y = append(x, cell[0]), append(y, cell[1])
			cell = [2]int64{}
		}
	}
	if n := len(x); n > 0 {
		x[n-1], y[n-1] = x[n-1]+cell[0], y[n-1]+cell[1]
	}
	return x, y
}
