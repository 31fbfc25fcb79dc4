package cases

import (
	"fmt"
	"strings"
	"time"
)

// Propose is what a run's line does to a case, the zero Case for a new one. It is
// false where nothing changed: a decision holds while its grounds do.
func (c Case) Propose(p Proposal, asOf time.Time) (Done, bool) {
	d := Done{Act: Propose, From: c.State, To: Proposed, On: asOf, Proposal: p}
	changed := c.changes(p)
	d.Note = strings.Join(changed, "; ")
	switch c.State {
	case Unknown:
		return d, true
	case Exited:
		return Done{}, false
	case Proposed:
		return d, c.Grounds != p.Grounds
	case Lapsed:
		if len(changed) == 0 {
			d.Note = "proposed again"
		}
		return d, true
	}
	return d, len(changed) > 0
}

// changes are what a person would have to look at anew. A tier or a reason that
// changed is none, as long as it leads the same way.
func (c Case) changes(p Proposal) []string {
	if c.State == Unknown {
		return nil
	}
	var out []string
	if c.EventID != p.EventID {
		out = append(out, "another registration")
	}
	left, right := "the register's record changed", "the roster's record changed"
	switch c.Kind {
	case "duplicate":
		left, right = "the record that would be kept changed", "the record in question changed"
	case "eligibility", "registration":
		left = "what the criteria say changed"
	}
	if c.LeftValues != p.LeftValues {
		out = append(out, left)
	}
	if c.RightValues != p.RightValues {
		out = append(out, right)
	}
	if c.Path() != p.Path() {
		out = append(out, fmt.Sprintf("%s, was %s", orNone(p.Tier+" "+p.ReasonCode), orNone(c.Tier+" "+c.ReasonCode)))
	}
	return out
}

// Lapse closes an open case that a run no longer proposes, or that grew too old.
func (s Site) Lapse(c Case, proposed bool, asOf time.Time) (Done, bool) {
	d := Done{Act: Lapse, From: c.State, To: Lapsed, On: asOf}
	switch {
	case !c.State.Open():
		return Done{}, false
	case s.Expired(c, asOf):
		d.Note = fmt.Sprintf("open since %s, longer than it may be", day(c.OpenedOn))
	case !proposed:
		d.Note = "the run of " + day(asOf) + " does not propose it any more"
	default:
		return Done{}, false
	}
	return d, true
}

// After is the case after an act.
func (c Case) After(d Done) Case {
	c.State, c.Since = d.To, d.On
	c.Version++
	switch d.Act {
	case Propose:
		if !d.From.Open() {
			c.OpenedOn = d.On
		}
		c.Proposal, c.AnswerBy = d.Proposal, time.Time{}
	case Notice:
		c.AnswerBy = d.AnswerBy
	}
	c.History = append(c.History[:len(c.History):len(c.History)], d)
	return c
}
