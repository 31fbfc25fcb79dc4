package family

import (
	"cmp"
	"slices"
)

// What a sheet shows at most of those without a line; of those with one it shows more, so
// that nobody who is linked is lost but in a list that is no household.
const (
	mostAlone    = 12 // members, or children of one family, without a line
	mostLinked   = 60 // members with a line, or candidates
	mostFamilies = 12
)

// bound leaves out what would make the sheet too long, and counts it.
func (s *Sheet) bound() {
	s.boundMembers()
	for i := range s.Families {
		f := &s.Families[i]
		f.Children, f.ChildrenLeftOut = firstOf(f.Children, func(p string) bool { return s.line(p) != nil })
	}
	if len(s.Families) > mostFamilies {
		most := func(f Family) (n int) {
			for _, p := range slices.Concat(f.Parents, f.Children) {
				if p == s.Asked {
					n += len(s.Persons)
				}
				if s.line(p) != nil {
					n++
				}
			}
			return n
		}
		slices.SortStableFunc(s.Families, func(a, b Family) int { return cmp.Compare(most(b), most(a)) })
		s.FamiliesLeftOut = len(s.Families) - mostFamilies
		s.Families = s.Families[:mostFamilies]
	}
	s.forget()
}

// boundMembers keeps the members with a line, then those with a candidate, then some of
// the others; the head and the one who was asked for stay.
func (s *Sheet) boundMembers() {
	if s.Household == nil {
		return
	}
	s.Household.Members, s.MembersLeftOut = firstOf(s.Household.Members, func(m Member) bool {
		return s.line(m.ID) != nil || m.Relation == "head" || m.ID == s.Asked || m.Person == s.Asked
	})
}

// firstOf keeps those who have something, and some of the others, in their order. It
// gives how many it left out.
func firstOf[T any](all []T, has func(T) bool) ([]T, int) {
	with, without := 0, 0
	kept := []T{}
	for _, one := range all {
		n, most := &without, mostAlone
		if has(one) {
			n, most = &with, mostLinked
		}
		if *n++; *n <= most {
			kept = append(kept, one)
		}
	}
	return kept, len(all) - len(kept)
}

// forget takes away the persons and lines of those who are left out.
func (s *Sheet) forget() {
	shown := map[string]bool{}
	for _, f := range s.Families {
		for _, p := range slices.Concat(f.Parents, f.Children) {
			shown[p] = true
		}
	}
	s.Persons = slices.DeleteFunc(s.Persons, func(p Person) bool { return !shown[p.ID] })
	s.Lines = slices.DeleteFunc(s.Lines, func(l Line) bool { return s.person(l.Person) == nil || s.member(l.Member) == nil })
}

// order puts parents, children, families, members and lines into the order in which
// they are shown.
func (s *Sheet) order() {
	for i := range s.Families {
		s.orderFamily(&s.Families[i])
	}
	slices.SortStableFunc(s.Families, func(a, b Family) int { return cmp.Compare(s.begins(a), s.begins(b)) })
	s.orderMembers()
	slices.SortStableFunc(s.Lines, func(a, b Line) int {
		return cmp.Or(boolFirst(a.Accepted, b.Accepted), cmp.Compare(s.place(a.Person), s.place(b.Person)), cmp.Compare(b.Probability, a.Probability))
	})
}

func boolFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// orderFamily puts the man first and the children by birth, and finds what joined and
// parted the couple.
func (s *Sheet) orderFamily(f *Family) {
	slices.SortStableFunc(f.Parents, func(a, b string) int {
		return boolFirst(s.person(a).Sex == "male", s.person(b).Sex == "male")
	})
	slices.SortStableFunc(f.Children, func(a, b string) int {
		return cmp.Or(cmp.Compare(s.person(a).Born.Earliest, s.person(b).Born.Earliest), cmp.Compare(a, b))
	})
	if len(f.Parents) < 2 {
		return
	}
	other := s.person(f.Parents[1]).Events
	for _, e := range s.person(f.Parents[0]).Events {
		of := e.Type == "marriage" || e.Type == "divorce"
		if of && slices.ContainsFunc(other, func(o Event) bool { return o.ID == e.ID }) {
			e.Role = ""
			f.Union = append(f.Union, e)
		}
	}
}

// begins is the first day that is known of a family, the last of all without one.
func (s *Sheet) begins(f Family) string {
	first := "9999"
	for _, e := range f.Union {
		if e.On.known() {
			first = min(first, e.On.Earliest)
		}
	}
	for _, c := range f.Children {
		if born := s.person(c).Born; born.known() {
			first = min(first, born.Earliest)
		}
	}
	return first
}

// place is where a person stands on the left side.
func (s *Sheet) place(person string) int {
	n := 0
	for _, f := range s.Families {
		for _, p := range slices.Concat(f.Parents, f.Children) {
			if p == person {
				return n
			}
			n++
		}
	}
	return n
}

// relations order the members of a household, and say how deep each stands in it.
var relations = []struct {
	name  string
	depth int // below the head's grandparents
	under string
}{
	{"grandparent", 0, ""},
	{"parent", 1, "grandparent"},
	{"head", 2, "parent"},
	{"spouse", 2, ""}, // joined with the head
	{"child", 3, "head"},
	{"grandchild", 4, "head"},
	{"sibling", 2, "parent"},
	{"in_law", 2, ""},
	{"other", 2, ""},
	{"none", 2, ""},
}

func relationOf(m Member) int {
	for i, r := range relations {
		if r.name == m.Relation {
			return i
		}
	}
	return len(relations) - 1
}

// orderMembers puts the members in the order of the tree, those of one relation as
// those whom they are linked to stand on the left, then by birth.
func (s *Sheet) orderMembers() {
	place := map[string]int{}
	for _, m := range s.members() {
		place[m.ID] = len(s.Persons) + 1
		if l := s.line(m.ID); l != nil {
			place[m.ID] = s.place(l.Person)
		}
	}
	slices.SortStableFunc(s.members(), func(a, b Member) int {
		return cmp.Or(cmp.Compare(relationOf(a), relationOf(b)), cmp.Compare(place[a.ID], place[b.ID]), cmp.Compare(a.Born.Earliest, b.Born.Earliest), cmp.Compare(a.ID, b.ID))
	})
}
