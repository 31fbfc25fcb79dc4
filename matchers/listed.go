package matchers

import (
	"math"
	"slices"

	"rollcall/matchers/assign"
)

// Lapse is how long after the death of someone of the left file someone of the right
// one was listed, or whether before the birth: who is on a list was alive, as a rule.
type Lapse uint8

// The lapses, each of which says something of its own.
const (
	LapseUnknown   Lapse = iota
	ListedBefore         // the listing came first
	ListedSoon           // within DeathSlackDays
	ListedThatYear       // within a year
	ListedLater
	ListedBorn   // after a birth, which says nothing
	ListedUnborn // more than DeathSlackDays before it
	lapses
)

// lapsesOf are the lapses beside a death, and beside a birth: shares of one are of its own.
var lapsesOf = [...][]Lapse{{ListedBefore, ListedSoon, ListedThatYear, ListedLater}, {ListedBorn, ListedUnborn}}

// Tells says that a lapse says something.
func (l Lapse) Tells() bool { return l != LapseUnknown && l != ListedBorn }

// String says when the listing was made.
func (l Lapse) String() string {
	return [...]string{
		"unknown", "before the death", "within a month after the death", "within a year after the death", "years after the death",
		"after the birth", "before the birth",
	}[l]
}

const yearDays = 365

func lapseOf(born, died, listed int32) Lapse {
	switch {
	case listed == 0:
		return LapseUnknown
	case born != 0 && listed+DeathSlackDays < born:
		return ListedUnborn
	case died == 0 && born == 0:
		return LapseUnknown
	case died == 0:
		return ListedBorn
	case listed <= died:
		return ListedBefore
	case listed <= died+DeathSlackDays:
		return ListedSoon
	case listed <= died+yearDays:
		return ListedThatYear
	}
	return ListedLater
}

// listings are the days on which people were born, died and were listed, and what that
// says of who is who.
type listings struct {
	born, died, listed []int32         // of left, left and right rows, by rank; 0 is unknown
	nats               [lapses]float64 // natural logarithms of how much likelier a lapse is for one person than by chance
}

// newListings takes the days from the files, by rank; nil where they tell of no lives.
func newListings(left, right ordering) *listings {
	if right.file == nil || left.file.Lives == nil || right.file.Lives == nil {
		return nil
	}
	l := &listings{born: make([]int32, len(left.rows)), died: make([]int32, len(left.rows)), listed: make([]int32, len(right.rows))}
	for rank, row := range left.rows {
		l.born[rank], l.died[rank] = left.file.Lives[row].BornFrom, left.file.Lives[row].Died
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
	return lapseOf(l.born[left], l.died[left], l.listed[right])
}

// absent says that the left row was not born, or had died, when the right one was listed.
func (l *listings) absent(left, right int32) bool {
	switch l.lapse(left, right) {
	case ListedSoon, ListedThatYear, ListedLater, ListedUnborn:
		return true
	}
	return false
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
	count := float64(len(listed))
	for left, died := range l.died {
		unborn := 0.0
		if born := l.born[left]; born != 0 {
			unborn = until(born - DeathSlackDays - 1)
			share[ListedUnborn] += unborn
		}
		switch {
		case died != 0:
			before, soon, year := max(until(died), unborn), max(until(died+DeathSlackDays), unborn), max(until(died+yearDays), unborn)
			share[ListedBefore] += before - unborn
			share[ListedSoon] += soon - before
			share[ListedThatYear] += year - soon
			share[ListedLater] += count - year
		case l.born[left] != 0:
			share[ListedBorn] += count - unborn
		}
	}
	settled(&share, 1)
	return share
}

// settled makes counts shares of their kind, as if so many more had each.
func settled(counts *[lapses]float64, more float64) {
	for _, of := range lapsesOf {
		all := 0.0
		for _, lapse := range of {
			counts[lapse] += more
			all += counts[lapse]
		}
		for _, lapse := range of {
			counts[lapse] /= all
		}
	}
}

// Of the listings of people who die, these shares lie before and after the death, and of
// those who are born before and after the birth, before anything is learnt, and weigh as
// many pairs. After a death lie so many at least, each of the three lapses, and before a
// birth: days are wrong, too.
var startListed = [lapses]float64{ListedBefore: .97, ListedSoon: .01, ListedThatYear: .01, ListedLater: .01, ListedBorn: .99, ListedUnborn: .01}

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
		settled(&seen, 0)
		for lapse := ListedBefore; lapse <= ListedLater; lapse++ {
			l.nats[lapse] = math.Log(max(seen[lapse], leastListed) / chance[lapse])
		}
		l.nats[ListedUnborn] = min(math.Log(max(seen[ListedUnborn], leastListed)/chance[ListedUnborn]), 0)
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
