package model

import "slices"

// Two records of one person may be in error, but not mostly: what tells people
// apart differs in at most mostDiffers of the matches and is the same in at least
// leastAlike. Where matches are rare, a class without these bounds becomes one of
// strangers who are alike.
const (
	mostDiffers = 0.2
	leastAlike  = 0.45
	mostRenamed = 0.5 // whose family names differ: women take their husbands'
)

// strange is how far beyond those bounds a comparison must lie for matches to look
// like strangers in it: times as often different, or as seldom alike. Where matches were
// assumed and then learnt, they must lie within the bounds, but for identifiers: many
// people who have two records have two numbers.
const strange = 3

// mostStrange is in how many comparisons that may not be.
const mostStrange = 2

// hold keeps the class of matches within those bounds, and counts the comparisons
// that lay far beyond them.
func (f *fitting) hold() {
	f.strangers = 0
	for i, l := range f.Ladders {
		if l.Parent >= 0 {
			holdPlaces(l, f.now.p[match][i], f.U[i])
		}
		if len(l.Names) == 0 || l.Shared && l.Kind != FamilyName {
			continue
		}
		m := f.now.p[match][i]
		switch l.Kind {
		case FamilyName:
			f.strangers += one(m[0] > max(f.strange*mostDiffers, mostRenamed))
			atMost(m, 0, mostRenamed)
		case GivenName, FullName, Date, Identifier, Category:
			if l.Intervals {
				f.holdDates(i)
				continue
			}
			differs, alike := m[0], sum(m[l.Alike:])
			if l.Kind == Identifier { // whose numbers mostly differ are two people
				f.strangers += mostStrange * one(beyond(differs, alike, strange))
			} else {
				f.strangers += one(beyond(differs, alike, f.strange))
			}
			atLeast(m, l.Alike, leastAlike)
			atMost(m, 0, mostDiffers)
		}
	}
}

// holdPlaces sees to it that to live nearer never speaks less for one person than to live
// farther off: levels of which it would, as few matches moved within a district, have one
// weight together (pool adjacent violators).
func holdPlaces(l Ladder, m, u []float64) {
	type pool struct {
		levels []int
		m, u   float64
	}
	pools := []pool{{[]int{0}, m[0], u[0]}}
	for level := l.Parent; level < l.Exact; level++ {
		next := pool{[]int{level}, m[level], u[level]}
		for len(pools) > 0 {
			last := pools[len(pools)-1]
			if last.m*next.u <= next.m*last.u {
				break
			}
			next = pool{append(last.levels, next.levels...), last.m + next.m, last.u + next.u}
			pools = pools[:len(pools)-1]
		}
		pools = append(pools, next)
	}
	for _, p := range pools {
		for _, level := range p.levels {
			m[level] = p.m * u[level] / p.u
		}
	}
}

// holdDates keeps matches within the bounds in dates of which some are intervals: in
// pairs of days and in those with an interval each. Intervals that lie some years apart
// may not speak for one person: names are of a generation, so that strangers of one
// name are often so close, and a class of matches that explains them takes them in.
func (f *fitting) holdDates(i int) {
	const someYears = 1 // apart, of the levels of intervals
	l := f.Ladders[i]
	days, vague := l.days(f.now.p[match][i])
	_, random := l.days(f.U[i])
	alike := sum(days[l.Alike-IntervalLevels:]) + sum(vague[IntervalsOverlap-1:])
	f.strangers += one(beyond(days[0]+vague[0], alike, f.strange))
	share := sum(vague)
	for _, p := range [][]float64{days, vague, random} {
		normalise(p)
	}
	atLeast(days, l.Alike-IntervalLevels, leastAlike)
	atLeast(vague, IntervalsOverlap-1, leastAlike)
	atMost(days, 0, mostDiffers)
	atMost(vague, 0, mostDiffers)
	atMost(vague, someYears, random[someYears])
	f.now.p[match][i] = l.joined(days, vague, share)
}

// beyond says whether matches lie so many times beyond their bounds: differ as often, or
// are as seldom alike.
func beyond(differs, alike, times float64) bool {
	return differs > times*mostDiffers || alike < leastAlike/times
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

func sum(p []float64) float64 {
	all := 0.0
	for _, x := range p {
		all += x
	}
	return all
}

// atMost scales the levels so that one has most at most.
func atMost(p []float64, level int, most float64) {
	if p[level] <= most {
		return
	}
	scale := (1 - most) / (1 - p[level])
	for j := range p {
		p[j] *= scale
	}
	p[level] = most
}

// atLeast scales the levels from first on up to least together.
func atLeast(p []float64, first int, least float64) {
	above, below := sum(p[first:]), sum(p[:first])
	if above >= least || above == 0 || below == 0 {
		return
	}
	apportion(p, first, least)
}

// restrain puts a class back to what its rules say. Left free, one of relatives
// becomes a class of dirty matches.
func (f *fitting) restrain(class int) {
	for i, l := range f.Ladders {
		if len(l.Names) == 0 {
			continue
		}
		switch rules[class](l) {
		case chance:
			f.now.p[class][i] = slices.Clone(f.U[i])
		case tied:
			f.now.p[class][i] = f.now.p[match][i]
		case held:
			f.now.p[class][i] = heldBack(l, f.now.p[class][i], f.U[i])
		}
	}
}

// heldBack is what is one's own among relatives: names and sex agree by chance,
// birth dates by chance but for twins, identifiers but for those borrowed.
func heldBack(l Ladder, h, u []float64) []float64 {
	if l.Kind != Date && l.Kind != Identifier {
		out := slices.Clone(u)
		if l.Alike < l.Exact {
			relatives(out, h, l.Alike)
		}
		return out
	}
	most := twinShare
	for _, p := range u[l.Exact:] {
		most += p
	}
	limit(h, l.Exact, most)
	near := l.Exact - 1
	if bound := nearDateTimes*u[near] + twinShare; near > 0 && h[near] > bound {
		h[0] += h[near] - bound
		h[near] = bound
	}
	if l.Intervals {
		_, vague := l.days(u)
		for i := IntervalsOverlap; i <= IntervalLevels; i++ {
			if bound := nearDateTimes*u[i] + twinShare*sum(vague); h[i] > bound {
				h[1] += h[i] - bound
				h[i] = bound
			}
		}
	}
	return h
}

// relatives lets a household class keep what it learnt of names that have a word
// in common and contradict each other otherwise.
func relatives(h, learnt []float64, alike int) {
	for level := 2; level < alike; level++ {
		h[0] += h[level] - learnt[level]
		h[level] = learnt[level]
	}
	h[0] = max(h[0], tiny)
}

// limit scales the levels from first on down to most together.
func limit(p []float64, first int, most float64) {
	if sum(p[first:]) > most {
		apportion(p, first, most)
	}
}

// apportion scales the levels from first on to a share together, and those below to the
// rest.
func apportion(p []float64, first int, share float64) {
	above, below := sum(p[first:]), sum(p[:first])
	for i := range p {
		if i >= first {
			p[i] *= share / above
		} else {
			p[i] *= (1 - share) / below
		}
	}
}
