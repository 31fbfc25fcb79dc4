package family

import (
	"cmp"
	"slices"
)

// Reason is why something that records say of a family is not used.
type Reason string

// The reasons for which ties between two rows are not used.
const (
	Oneself      Reason = "oneself"       // a relative who is the person
	OtherSex     Reason = "sex"           // a mother who is a man, a father who is a woman
	TooYoung     Reason = "young"         // to be the parent
	TooOld       Reason = "old"           // to be the parent
	KinAndSpouse Reason = "kin_spouse"    // parent or child of a person, and married to him
	Circle       Reason = "circle"        // of parents: somebody would be her own forebear
	ManyChildren Reason = "many_children" // of one parent, who is not one person
)

// MostChildren is how many children one parent has; of more it is not one parent.
const MostChildren = 16

// Settle takes the ties that records tell of so many rows, of children to their parents and
// of either spouse to the other, and adds those the other way and the brothers and sisters.
// What cannot be is left out, and counted by its reason: ties, or parents of many children,
// who are relatives of each child but say nothing of each other. The result is sorted.
func Settle(rows int, named []Tie) ([]Tie, map[Reason]int) {
	left := map[Reason]int{}
	drop := func(ties []Tie, reason Reason, is func(Tie) bool) []Tie {
		kept := slices.DeleteFunc(ties, is)
		left[reason] += len(ties) - len(kept)
		return kept
	}
	ties := sorted(slices.Clone(named))
	ties = drop(ties, Oneself, func(t Tie) bool { return t.Person == t.Relative })
	ties = drop(ties, KinAndSpouse, married(ties))
	ties = drop(ties, Circle, circles(rows, ties))
	children := list(rows, ties, func(t Tie) int { return int(t.Relative) })
	var of []Tie
	for parent := range rows {
		of = of[:0]
		for _, t := range children.at(parent) {
			if t.Relation != Spouse {
				of = append(of, t)
			}
		}
		if len(of) > MostChildren {
			left[ManyChildren]++
			continue
		}
		for _, a := range of {
			ties = append(ties, Tie{int32(parent), a.Person, Child})
			for _, b := range of {
				if a.Person != b.Person {
					ties = append(ties, Tie{a.Person, b.Person, Sibling})
				}
			}
		}
	}
	for _, t := range ties {
		if t.Relation == Spouse {
			ties = append(ties, Tie{t.Relative, t.Person, Spouse})
		}
	}
	return sorted(ties), left
}

// sorted are ties by person, relation and relative, each once.
func sorted(ties []Tie) []Tie {
	slices.SortFunc(ties, byPerson)
	return slices.Compact(ties)
}

func byPerson(a, b Tie) int {
	return cmp.Or(cmp.Compare(a.Person, b.Person), cmp.Compare(a.Relation, b.Relation), cmp.Compare(a.Relative, b.Relative))
}

// married tells the ties between two of whom one is the parent and the spouse of the other.
func married(ties []Tie) func(Tie) bool {
	ties = slices.Clone(ties)
	either := func(t Tie, relations ...Relation) bool {
		return slices.ContainsFunc(relations, func(r Relation) bool {
			return holds(ties, Tie{t.Person, t.Relative, r}) || holds(ties, Tie{t.Relative, t.Person, r})
		})
	}
	return func(t Tie) bool {
		if t.Relation == Spouse {
			return either(t, Mother, Father)
		}
		return either(t, Spouse)
	}
}

// holds says that a tie is among sorted ones.
func holds(ties []Tie, t Tie) bool {
	_, found := slices.BinarySearchFunc(ties, t, byPerson)
	return found
}

// circles tells the ties to parents of which a circle is made, or a way between two: what
// is left where those who have no parents, and those who have no children, are taken away
// again and again.
func circles(rows int, ties []Tie) func(Tie) bool {
	parents := slices.DeleteFunc(slices.Clone(ties), func(t Tie) bool { return t.Relation == Spouse })
	up := list(rows, parents, func(t Tie) int { return int(t.Person) })
	down := list(rows, parents, func(t Tie) int { return int(t.Relative) })
	gone := make([]bool, rows)
	trim := func(to, from lists[Tie], next func(Tie) int32) {
		open := make([]int, rows)
		var ends []int32
		for row := range open {
			if open[row] = len(to.at(row)); open[row] == 0 {
				ends = append(ends, int32(row))
			}
		}
		for len(ends) > 0 {
			end := ends[len(ends)-1]
			ends = ends[:len(ends)-1]
			gone[end] = true
			for _, t := range from.at(int(end)) {
				if open[next(t)]--; open[next(t)] == 0 {
					ends = append(ends, next(t))
				}
			}
		}
	}
	trim(up, down, func(t Tie) int32 { return t.Person })
	trim(down, up, func(t Tie) int32 { return t.Relative })
	return func(t Tie) bool { return t.Relation != Spouse && !gone[t.Person] && !gone[t.Relative] }
}
