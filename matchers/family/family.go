// Package family weighs what the relatives of a person say about who she is in a
// household: the mother whom a birth names, who is or is not there too. It knows
// rows by number, who is tied to whom and who lives with whom, and asks its caller
// how alike two rows are.
package family

import (
	"cmp"
	"math"
	"slices"
)

// Relation is what a relative is to a person.
type Relation uint8

// The relations that records of births, deaths and marriages tell.
const (
	Mother Relation = iota
	Father
	Spouse
	Child
	Sibling
	Relations // how many there are
)

// String is the relation's name.
func (r Relation) String() string {
	return [...]string{"mother", "father", "spouse", "child", "sibling"}[r]
}

// Tie says that a record names a row as a relative of another.
type Tie struct {
	Person, Relative int32
	Relation         Relation
}

// lists are lists of items, one a number, end to end.
type lists[T any] struct {
	starts []int32
	items  []T
}

// list puts items into so many lists, each into that of its number; those of one list
// keep their order.
func list[T any](count int, items []T, of func(T) int) lists[T] {
	l := lists[T]{make([]int32, count+1), make([]T, len(items))}
	for _, item := range items {
		l.starts[of(item)+1]++
	}
	for i := range count {
		l.starts[i+1] += l.starts[i]
	}
	next := slices.Clone(l.starts)
	for _, item := range items {
		at := of(item)
		l.items[next[at]] = item
		next[at]++
	}
	return l
}

func (l lists[T]) at(number int) []T { return l.items[l.starts[number]:l.starts[number+1]] }

// Ties are the relatives of each row.
type Ties struct{ byPerson lists[Tie] }

// NewTies sorts the ties of so many rows by person, relation and relative.
func NewTies(rows int, ties []Tie) Ties {
	return Ties{list(rows, sorted(ties), func(t Tie) int { return int(t.Person) })}
}

// MostRelatives is how many relatives one person has; those of a row with more say
// nothing, as it is not one person.
const MostRelatives = 40

// Of is the relatives of a row; none where it has more than MostRelatives.
func (t Ties) Of(row int32) []Tie {
	if t.Many(row) {
		return nil
	}
	return t.byPerson.at(int(row))
}

// Many says that a row has more than MostRelatives.
func (t Ties) Many(row int32) bool { return len(t.byPerson.at(int(row))) > MostRelatives }

// Home says that a row is a member of a household, of which 0 is none.
type Home struct {
	Row       int32
	Household uint32
}

// Homes are whom each row lives with.
type Homes struct {
	of         []int32 // by row: its household, 0 for none, or -1, -2, … for the place in several
	households lists[int32]
	several    [][]int32 // of a row with several households, all their members
}

// MostMembers is the size from which a household is an institution, whose members
// say nothing about each other.
const MostMembers = 40

// NewHomes takes the households of so many rows. Who is a member of several, such as a
// bride whom her parents list too, lives with the members of all of them but institutions.
func NewHomes(rows int, homes []Home) Homes {
	homes = slices.Clone(homes)
	slices.SortFunc(homes, func(a, b Home) int { return cmp.Or(cmp.Compare(a.Row, b.Row), cmp.Compare(a.Household, b.Household)) })
	homes = slices.Compact(homes)
	count := 1
	places := make([]int32, len(homes))
	for i, h := range homes {
		places[i] = int32(i)
		count = max(count, int(h.Household)+1)
	}
	byRow := list(rows, places, func(at int32) int { return int(homes[at].Row) })
	h := Homes{of: make([]int32, rows), households: list(count, places, func(at int32) int { return int(homes[at].Household) })}
	for i, at := range h.households.items {
		h.households.items[i] = homes[at].Row
	}
	for row := range rows {
		switch own := byRow.at(row); len(own) {
		case 0:
		case 1:
			h.of[row] = int32(homes[own[0]].Household)
		default:
			h.several = append(h.several, h.together(own, homes))
			h.of[row] = -int32(len(h.several))
		}
	}
	return h
}

// together are the members of some homes, in order, each once: of those that are no
// institutions, where there is one.
func (h Homes) together(own []int32, homes []Home) []int32 {
	var members, inmates []int32
	for _, at := range own {
		switch of := int(homes[at].Household); {
		case of == 0:
		case len(h.households.at(of)) > MostMembers:
			inmates = h.households.at(of)
		default:
			members = append(members, h.households.at(of)...)
		}
	}
	if members == nil {
		return inmates
	}
	slices.Sort(members)
	return slices.Compact(members)
}

// With is the members of the households of a row, itself among them; none where it has no
// household, or they are more than MostMembers.
func (h Homes) With(row int32) []int32 {
	if h.Many(row) {
		return nil
	}
	return h.all(row)
}

// Many says that a row lives with more than MostMembers.
func (h Homes) Many(row int32) bool { return len(h.all(row)) > MostMembers }

func (h Homes) all(row int32) []int32 {
	switch of := int(h.of[row]); {
	case of == 0:
		return nil
	case of < 0:
		return h.several[-of-1]
	default:
		return h.households.at(of)
	}
}

// Case is a person of one side who may be a member of a household of the other.
type Case struct{ Person, Member int32 }

// Judge compares a relative of the person with another member of the household, by
// what is their own: how many times likelier they look as they do if they are one
// than if they are two who have nothing to do with each other, in bits. What both may
// share with the person and the member says nothing.
//
// Absent says that the relative was not born yet, or had died, when the household was
// listed.
type Judge interface {
	Bits(c Case, relative Tie, other int32) float64
	Absent(c Case, relative Tie) bool
}

// Model says how often relatives live together, by relation.
type Model struct {
	Together [Relations]float64
}

// apart is the share of households in which none of the family that records name is
// to be found: they moved, or were left out together.
const apart = 0.03

// mostBits bounds what a relative says for a pair, and all relatives together.
const mostBits = 20.0

// Evidence is what relatives say about a case, in bits: if the person is the member,
// and if he is someone else of that household.
type Evidence struct{ Same, Other float64 }

// Weigh sums up what the relatives of a case say: of each relative how much likelier
// the household is as it is if she lives there, or does not, and all of them together
// with the chance that none does.
func (m *Model) Weigh(c Case, relatives []Tie, household []int32, judge Judge) Evidence {
	var e Evidence
	for _, tie := range relatives {
		l, together := look(c, tie, household, judge), m.together(c, tie, judge)
		e.Same += says(together, l.same)
		e.Other += says(together, l.other)
	}
	e.Same, e.Other = bounded(e.Same), bounded(e.Other)
	return e
}

// Witness is what one relative says by herself if the person is the member, in bits,
// and the other member of the household who looks most like her; where she speaks
// against, nobody there is her, and Member is -1.
type Witness struct {
	Relative Tie
	Member   int32
	Bits     float64
}

// Witnesses appends what each relative of a case says, in their order.
func (m *Model) Witnesses(to []Witness, c Case, relatives []Tie, household []int32, judge Judge) []Witness {
	for _, tie := range relatives {
		l := look(c, tie, household, judge)
		w := Witness{tie, l.best, says(m.together(c, tie, judge), l.same)}
		if w.Bits <= 0 {
			w.Member = -1
		}
		to = append(to, w)
	}
	return to
}

// together is how often a relative is listed there. Who cannot be is so at times, as lists
// are old and days are wrong; that she is not says next to nothing.
func (m *Model) together(c Case, relative Tie, judge Judge) float64 {
	if judge.Absent(c, relative) {
		return leastTogether
	}
	return m.Together[relative.Relation]
}

// says is what a relative says who is listed there so often, whose likelihood ratio that is
// if she is.
func says(together, ratio float64) float64 { return math.Log2(1 - together + together*ratio) }

// bounded is the evidence of all relatives, who may be absent together.
func bounded(bits float64) float64 {
	return min(math.Log2(apart+(1-apart)*math.Exp2(min(bits, mostBits))), mostBits)
}

// looked is the mean likelihood ratio of a relative over the members of a household,
// without the member himself and with him, and the member who is most like her.
type looked struct {
	same, other float64
	best        int32
}

func look(c Case, relative Tie, household []int32, judge Judge) looked {
	l := looked{best: -1}
	if len(household) == 0 {
		return looked{1, 1, -1}
	}
	top := 0.0
	for _, other := range household {
		ratio := math.Exp2(min(judge.Bits(c, relative, other), mostBits))
		l.other += ratio
		if other == c.Member {
			continue
		}
		l.same += ratio
		if ratio > top {
			top, l.best = ratio, other
		}
	}
	l.other /= float64(len(household))
	l.same /= float64(max(len(household)-1, 1))
	return l
}

// Before anything is learnt relatives live together with even odds; what is learnt
// stays within bounds, and wants so many relatives.
const (
	startTogether = 0.5
	leastTogether = 0.05
	mostTogether  = 0.97
	fewestCases   = 50
	learnRounds   = 4
)

// Learn finds how often relatives live together from cases that are sure without
// them: by expectation and maximisation, a few rounds.
func Learn(cases []Case, ties Ties, homes Homes, judge Judge) *Model {
	m := &Model{}
	var ratios [Relations][]float64
	for _, c := range cases {
		household := homes.With(c.Member)
		if len(household) < 2 {
			continue
		}
		for _, tie := range ties.Of(c.Person) {
			if !judge.Absent(c, tie) {
				ratios[tie.Relation] = append(ratios[tie.Relation], look(c, tie, household, judge).same)
			}
		}
	}
	for r := range m.Together {
		m.Together[r] = startTogether
		if len(ratios[r]) < fewestCases {
			continue
		}
		for range learnRounds {
			sum := 0.0
			for _, ratio := range ratios[r] {
				is := m.Together[r] * ratio
				sum += is / (1 - m.Together[r] + is)
			}
			m.Together[r] = min(max(sum/float64(len(ratios[r])), leastTogether), mostTogether)
		}
	}
	return m
}
