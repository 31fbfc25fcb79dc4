package matchers

import (
	"math"
	"slices"

	"rollcall/matchers/assign"
)

// Lapse is how long after the death of someone of the left file someone of the right
// one was listed: who is on a list was alive, as a rule.
type Lapse uint8

// The lapses, each of which says something of its own.
const (
	LapseUnknown   Lapse = iota
	ListedBefore         // the listing came first
	ListedSoon           // within DeathSlackDays
	ListedThatYear       // within a year
	ListedLater
	lapses
)

// String says when the listing was made.
func (l Lapse) String() string {
	return [...]string{"unknown", "before the death", "within a month after the death", "within a year after the death", "years after the death"}[l]
}

const yearDays = 365

func lapseOf(died, listed int32) Lapse {
	switch {
	case died == 0 || listed == 0:
		return LapseUnknown
	case listed <= died:
		return ListedBefore
	case listed <= died+DeathSlackDays:
		return ListedSoon
	case listed <= died+yearDays:
		return ListedThatYear
	}
	return ListedLater
}

// listings are the days on which people died and were listed, and what that says of
// who is who.
type listings struct {
	died, listed []int32         // of left and right rows, by rank; 0 is unknown
	nats         [lapses]float64 // natural logarithms of how much likelier a lapse is for one person than by chance
}

// newListings takes the days from the files, by rank; nil where they tell of no lives.
func newListings(left, right ordering) *listings {
	if right.file == nil || left.file.Lives == nil || right.file.Lives == nil {
		return nil
	}
	l := &listings{died: make([]int32, len(left.rows)), listed: make([]int32, len(right.rows))}
	for rank, row := range left.rows {
		l.died[rank] = left.file.Lives[row].Died
	}
	for rank, row := range right.rows {
		l.listed[rank] = right.file.Lives[row].Alive
	}
	return l
}

func (l *listings) lapse(left, right int32) Lapse {
	if l == nil {
		return LapseUnknown
	}
	return lapseOf(l.died[left], l.listed[right])
}

// says is what the days of two rows say, in natural logarithms; 0 where one is unknown.
func (l *listings) says(left, right int32) float64 {
	if l == nil {
		return 0
	}
	return l.nats[l.lapse(left, right)]
}

// byChance is how often each lapse comes about between people who have nothing to do
// with each other, as if one pair more had each.
func (l *listings) byChance() (share [lapses]float64) {
	listed := slices.DeleteFunc(slices.Clone(l.listed), func(day int32) bool { return day == 0 })
	slices.Sort(listed)
	until := func(day int32) float64 { // how many were listed
		at, _ := slices.BinarySearch(listed, day+1)
		return float64(at)
	}
	all := 0.0
	for _, died := range l.died {
		if died != 0 {
			before, soon, year := until(died), until(died+DeathSlackDays), until(died+yearDays)
			share[ListedBefore] += before
			share[ListedSoon] += soon - before
			share[ListedThatYear] += year - soon
			share[ListedLater] += float64(len(listed)) - year
			all += float64(len(listed))
		}
	}
	for lapse := ListedBefore; lapse < lapses; lapse++ {
		share[lapse] = (share[lapse] + 1) / (all + float64(lapses-ListedBefore))
	}
	return share
}

// Of the listings of people who die, these shares lie before and after the death, before
// anything is learnt, and weigh as many pairs. After it lie so many at least, each of the
// three lapses: days are wrong, too.
var startListed = [lapses]float64{ListedBefore: .97, ListedSoon: .01, ListedThatYear: .01, ListedLater: .01}

const (
	startListedPairs = 2
	leastListed      = 0.005
	listedRounds     = 4
)

// learn finds by expectation and maximisation how often the lists still have those who
// died, and counts what that says into the log odds of the edges.
func (l *listings) learn(edges []assign.Edge) {
	if l == nil {
		return
	}
	chance := l.byChance()
	seen := startListed
	for range listedRounds {
		all := 0.0
		for lapse := ListedBefore; lapse < lapses; lapse++ {
			all += seen[lapse]
		}
		for lapse := ListedBefore; lapse < lapses; lapse++ {
			l.nats[lapse] = math.Log(max(seen[lapse]/all, leastListed) / chance[lapse])
		}
		odds := make([]float64, len(edges))
		rivals := make([]float64, len(l.died))
		for i, e := range edges {
			odds[i] = math.Exp(min(e.LogOdds+l.says(e.Left, e.Right), mostLogOdds))
			rivals[e.Left] += odds[i]
		}
		for lapse, share := range startListed {
			seen[lapse] = share * startListedPairs
		}
		for i, e := range edges {
			seen[l.lapse(e.Left, e.Right)] += odds[i] / (1 + rivals[e.Left])
		}
	}
	for i, e := range edges {
		edges[i].LogOdds += l.says(e.Left, e.Right)
	}
}

// mostLogOdds is certain enough, and its odds still add up.
const mostLogOdds = 40.0
