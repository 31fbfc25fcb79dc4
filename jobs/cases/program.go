package cases

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"rollcall/pipeline/audit"
	"rollcall/pipeline/tables"
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
	left, right := sides(c.Kind)
	if c.LeftValues != p.LeftValues {
		out = append(out, left+" changed")
	}
	if c.RightValues != p.RightValues {
		out = append(out, right+" changed")
	}
	if c.Path() != p.Path() {
		out = append(out, fmt.Sprintf("%s, was %s", orNone(p.Tier+" "+p.ReasonCode), orNone(c.Tier+" "+c.ReasonCode)))
	}
	return out
}

// Restorations are what a run proposes beside its own lines: of each exit whose
// registration was since revoked, or corrected so that the run no longer finds the
// same, that it be undone. reversed has revoked or corrected by registration.
func Restorations(exited []Case, reversed map[string]string, proposals []Proposal) []Proposal {
	proposed := make(map[string]Proposal, len(proposals))
	for _, p := range proposals {
		proposed[p.CaseID] = p
	}
	var out []Proposal
	for _, c := range exited {
		how := reversed[c.EventID]
		still, again := proposed[c.CaseID]
		if how == "" || how == "corrected" && again && len(c.changes(still)) == 0 {
			continue
		}
		p := c.Proposal
		p.CaseID, p.Kind, p.Tier, p.ReasonCode = RestorationID(c.Proposal), "reinstatement", "X", "death_"+how
		if _, ok := proposed[p.CaseID]; !ok {
			out = append(out, p)
		}
	}
	return out
}

// RestorationID is the id of the case by which an exit is undone: that of the line
// which a run itself proposes where the roster has ended the enrolment already.
func RestorationID(exit Proposal) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{"reinstatement", exit.Programme, exit.EnrolmentID, exit.MentionID}, "|")))
	return hex.EncodeToString(sum[:])[:16]
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
		c.LeftMarks, c.RightMarks = "", "" // of the act
	case Notice:
		c.AnswerBy = d.AnswerBy
	}
	c.History = append(c.History[:len(c.History):len(c.History)], d)
	return c
}

// sides are what the left and the right values of a kind of case are of.
func sides(kind string) (left, right string) {
	switch kind {
	case "duplicate":
		return "the record that would be kept", "the record in question"
	case "eligibility", "registration":
		return "what the criteria say", "the roster's record"
	}
	return "the register's record", "the roster's record"
}

// ChangedValues says which of the compared values changed from one proposal of a case to
// the next, by record. It says nothing where it is not known: of proposals without
// marks, or under another key of rows.
func ChangedValues(before, after Proposal) (out []string) {
	left, right := sides(after.Kind)
	for _, side := range []struct{ name, before, after string }{{left, before.LeftMarks, after.LeftMarks}, {right, before.RightMarks, after.RightMarks}} {
		places, ok := audit.Changed(side.before, side.after)
		columns := tables.MentionColumns()
		var names []string
		for _, i := range places {
			// A full name is mostly made of the names before it.
			if i < len(columns) && (columns[i] != "full name" || len(names) == 0) {
				names = append(names, columns[i])
			}
		}
		if ok && len(names) > 0 {
			out = append(out, side.name+": "+strings.Join(names, ", "))
		}
	}
	return out
}
