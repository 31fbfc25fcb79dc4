package family

import (
	"fmt"
	"slices"
)

// tellMissing says who has no line, and why that is no proof against.
func (s *Sheet) tellMissing() {
	s.Missing = []Absence{}
	if s.Household != nil {
		for i := range s.Persons {
			if p := &s.Persons[i]; s.line(p.ID) == nil {
				s.Missing = append(s.Missing, Absence{"register", p.ID, nameOr(p.Name), s.whyNotListed(p)})
			}
		}
	}
	for _, m := range s.members() {
		if s.line(m.ID) == nil {
			s.Missing = append(s.Missing, Absence{"household", m.ID, nameOr(m.Name), s.whyNotRegistered(m)})
		}
	}
}

// absent are those of one side who are missing for the same reason.
type absent struct {
	Side, Why string
	Who       []Absence
}

// absences puts those together who are missing for the same reason.
func (s *Sheet) absences() []absent {
	var out []absent
	for _, a := range s.Missing {
		at := slices.IndexFunc(out, func(o absent) bool { return o.Side == a.Side && o.Why == a.Why })
		if at < 0 {
			at = len(out)
			out = append(out, absent{Side: a.Side, Why: a.Why})
		}
		out[at].Who = append(out[at].Who, a)
	}
	return out
}

// whyNotListed says why somebody of the register has no line to the household.
func (s *Sheet) whyNotListed(p *Person) string {
	asked := s.Household.interviewed()
	d := p.death()
	switch {
	case p.Elsewhere != "" && d != nil:
		return fmt.Sprintf("died%s; linked to a member of %s", d.on(), p.Elsewhere)
	case p.Elsewhere != "":
		return "linked to a member of " + p.Elsewhere + ": lives there, or the link is wrong"
	case d != nil && d.On.before(asked):
		return fmt.Sprintf("died%s, before the household was asked on %s: nobody to list", d.on(), asked)
	case p.Born.after(asked):
		return fmt.Sprintf("born%s, after the household was asked on %s: not to be listed yet", p.bornOn(), asked)
	}
	why := "may live elsewhere, or be listed under another name; the roster has those who lived together when it asked"
	if best := s.candidate(func(l Line) bool { return l.Person == p.ID }); best != nil {
		why = fmt.Sprintf("%s is the best candidate, at %s, and that is not enough; %s", s.member(best.Member).called(), chance(best.Probability), why)
	}
	return why
}

// whyNotRegistered says why a member has no line to the register.
func (s *Sheet) whyNotRegistered(m Member) string {
	why := "an adult stands in the register only by a birth, marriage or death in the family, and registration is incomplete"
	if age, ok := years(m.Born, Day{Earliest: m.Recorded, Latest: m.Recorded}); ok && age < adult {
		why = "not every birth is registered, and not every year of births may be among the files"
	}
	if best := s.candidate(func(l Line) bool { return l.Member == m.ID }); best != nil {
		why = fmt.Sprintf("%s is the best candidate, at %s, and that is not enough; %s", s.person(best.Person).called(), chance(best.Probability), why)
	}
	if m.Status == "left" {
		why = "listed as gone; " + why
	}
	return why
}

// candidate is the likeliest line that was not accepted, of those of which of holds;
// nil for none.
func (s *Sheet) candidate(of func(Line) bool) *Line {
	var best *Line
	for i, l := range s.Lines {
		if !l.Accepted && of(l) && (best == nil || l.Probability > best.Probability) {
			best = &s.Lines[i]
		}
	}
	return best
}
