package family

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// adult is the age from which nobody is told as an orphan.
const adult = 18 // years: the Convention on the Rights of the Child, article 1

// twinDays is how far apart the births of twins are at most.
const twinDays = 1

// mean says what the events of the register mean for the members.
func (s *Sheet) mean() {
	s.Meaning = []string{}
	for _, tell := range []func(){s.deaths, s.widows, s.orphans, s.twins, s.unions, s.generations, s.registeredTwice, s.doubtful} {
		tell()
	}
}

func (s *Sheet) say(format string, args ...any) {
	if text := fmt.Sprintf(format, args...); !slices.Contains(s.Meaning, text) {
		s.Meaning = append(s.Meaning, text)
	}
}

// deaths that are registered, and what the roster says of the same person.
func (s *Sheet) deaths() {
	for i := range s.Persons {
		p := &s.Persons[i]
		d, l := p.death(), s.line(p.ID)
		if d == nil || l == nil {
			continue
		}
		m := s.member(l.Member)
		then := "who is still listed"
		switch {
		case m.Status == "dead":
			then = "whom the roster has as dead too"
		case m.Status == "left":
			then = "whom the roster has as gone"
		case d.On.before(m.Recorded):
			then = fmt.Sprintf("who was listed on %s, after that day: see whether the link or one of the records is wrong", m.Recorded)
		}
		s.say("The death of %s%s (%s) is linked to %s of the household at %s, %s.", p.called(), d.on(), d.paper(), m.called(), chance(l.Probability), then)
	}
}

// on is the day of an event with its preposition, "" when it is unknown.
func (e *Event) on() string {
	switch {
	case !e.On.known():
		return ""
	case e.On.Precision == "exact", e.On.Precision == "":
		return " on " + e.On.String()
	}
	return " in " + e.On.String()
}

// widows are those whose partner's death is registered and who did not part before.
func (s *Sheet) widows() {
	for _, f := range s.Families {
		if len(f.Parents) < 2 || f.parted() {
			continue
		}
		for i, id := range f.Parents {
			left, dead := s.person(id), s.person(f.Parents[1-i])
			d := dead.death()
			if d == nil || left.death() != nil {
				continue
			}
			as := word(map[string]string{"male": "the widower", "female": "the widow"}[left.Sex], "the surviving partner")
			again := ""
			if m := left.marriedAfter(d.On, f); m != nil {
				again = fmt.Sprintf("; married again%s (%s)", m.on(), m.paper())
			}
			s.say("%s is %s of %s, who died%s%s%s.", left.called(), as, dead.called(), d.on(), again, s.who(id))
		}
	}
}

// parted says that a divorce of the couple is registered.
func (f Family) parted() bool {
	return slices.ContainsFunc(f.Union, func(e Event) bool { return e.Type == "divorce" && e.Status != revoked })
}

// marriedAfter is a marriage of a person after a day, other than those of a family; nil
// for none.
func (p *Person) marriedAfter(day Day, f Family) *Event {
	for i, e := range p.Events {
		of := slices.ContainsFunc(f.Union, func(u Event) bool { return u.ID == e.ID })
		if e.Type == "marriage" && e.Status != revoked && !of && e.On.after(day.Latest) {
			return &p.Events[i]
		}
	}
	return nil
}

// who says which member a person is, in a clause; "" for nobody of the household.
func (s *Sheet) who(person string) string {
	if m := s.linked(person); m != nil {
		return "; listed as " + m.called()
	}
	return ""
}

// orphans are children whose father's or mother's death is registered and came before
// they were grown up.
func (s *Sheet) orphans() {
	for _, f := range s.Families {
		for _, id := range f.Children {
			child := s.person(id)
			var lost []string
			for _, parent := range f.Parents {
				p := s.person(parent)
				d := p.death()
				if d == nil {
					continue
				}
				if age, ok := years(child.Born, d.On); !ok || age < adult {
					lost = append(lost, word(map[string]string{"male": "the father", "female": "the mother"}[p.Sex], "a parent")+d.on()+at(age, ok))
				}
			}
			if len(lost) == 0 || child.death() != nil {
				continue
			}
			both := ""
			if len(lost) > 1 {
				both = ", an orphan of both parents"
			}
			s.say("%s lost %s%s%s.", child.called(), strings.Join(lost, " and "), both, s.who(id))
		}
	}
}

// at is an age in words, "" where it is not known.
func at(age int, ok bool) string {
	if !ok {
		return ""
	}
	return fmt.Sprintf(" (at %d)", age)
}

// twins are children of one family born on one day, or the next.
func (s *Sheet) twins() {
	for _, f := range s.Families {
		for i, id := range f.Children {
			for _, other := range f.Children[i+1:] {
				a, b := s.person(id), s.person(other)
				if together(a, b) {
					s.say("%s and %s were born together%s: %s", a.called(), b.called(), a.bornOn(), s.toldApart(a, b))
				}
			}
		}
	}
}

// together says that two of one family were born on one day or the next, by sure dates.
func together(a, b *Person) bool {
	if !exact(a.Born) || !exact(b.Born) {
		return false
	}
	hours := middle(b.Born).Sub(middle(a.Born)).Abs().Hours()
	return hours <= 24*twinDays
}

// exact says that a day is known for sure.
func exact(d Day) bool { return d.known() && d.Earliest == d.Latest }

func (p *Person) bornOn() string {
	if !p.Born.known() {
		return ""
	}
	return " on " + p.Born.String()
}

// toldApart says whether the lines of twins tell them apart.
func (s *Sheet) toldApart(a, b *Person) string {
	x, y := s.linked(a.ID), s.linked(b.ID)
	switch {
	case x != nil && y != nil:
		return fmt.Sprintf("they share the day, the parents and the place, so that only name, sex and numbers tell %s from %s.", x.called(), y.called())
	case x == nil && y == nil:
		return "neither is linked to a member of this household."
	case x == nil:
		a, x = b, y
	}
	return fmt.Sprintf("only %s is linked, to %s; as they share the day, the parents and the place, look whether it is not the other.", a.called(), x.called())
}

// unions are those of a person who stands as a parent or partner in several families.
func (s *Sheet) unions() {
	for i := range s.Persons {
		p := &s.Persons[i]
		var with []string
		half, children := "", 0
		for k, f := range s.Families {
			at := slices.Index(f.Parents, p.ID)
			if at < 0 {
				continue
			}
			if children += min(1, len(f.Children)); children > 1 {
				half = " The children of one and of the other have one parent in common."
			}
			other := "one whom no record names"
			if len(f.Parents) > 1 {
				other = s.person(f.Parents[1-at]).called()
			}
			with = append(with, fmt.Sprintf("%s (family %d)", other, k+1))
		}
		if len(with) > 1 {
			s.say("%s stands in %d families: with %s.%s", p.called(), len(with), strings.Join(with, " and with "), half)
		}
	}
}

// generations are those who are a child in one family and a parent in another.
func (s *Sheet) generations() {
	for i := range s.Persons {
		p := &s.Persons[i]
		for k, above := range s.Families {
			for n, below := range s.Families {
				if slices.Contains(above.Children, p.ID) && slices.Contains(below.Parents, p.ID) {
					s.say("%s is a child in family %d and a parent or partner in family %d.", p.called(), k+1, n+1)
				}
			}
		}
	}
}

// registeredTwice are those of whom the register has two births, or two deaths.
func (s *Sheet) registeredTwice() {
	for i := range s.Persons {
		p := &s.Persons[i]
		for _, of := range [][2]string{{"birth", "child"}, {"death", "deceased"}} {
			var papers []string
			for _, e := range p.Events {
				if e.Type == of[0] && e.Role == of[1] && e.Status != revoked {
					papers = append(papers, e.paper())
				}
			}
			if len(papers) > 1 {
				s.say("The %s of %s is registered %d times (%s).", of[0], p.called(), len(papers), strings.Join(papers, ", "))
			}
		}
	}
}

// called is a person's name.
func (p *Person) called() string { return isolated(nameOr(p.Name)) }

// isolated keeps a name that is written from right to left from turning the words and
// numbers around it (Unicode Standard Annex 9: first strong isolate).
func isolated(name string) string {
	if strings.ContainsFunc(name, func(r rune) bool {
		return unicode.In(r, unicode.Arabic, unicode.Hebrew, unicode.Thaana, unicode.Syriac, unicode.Nko)
	}) {
		return "\u2068" + name + "\u2069"
	}
	return name
}

// called is a member's name and relation to the head.
func (m *Member) called() string {
	n := m.node(0)
	return fmt.Sprintf("%s (%s, %s)", isolated(n.Name), m.ID, n.Facts[0])
}
