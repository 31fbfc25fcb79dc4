// Package cases is the due process of what a run proposes: which acts lead from
// which state of a case to which, who may do them, and for what reasons. It knows
// no files and no clock; the ledger keeps what was done.
//
// The shape is that of the statutes which follow from the known disasters
// (Privacy Act, 5 U.S.C. 552a(p): verified independently, notice with the
// findings, time to contest; 32 CFR 317.95: no adverse action on the raw results
// of a matching program): propose, verify, notice, wait, a second person, and
// only then the end of an enrolment.
package cases

import (
	"slices"

	"rollcall/pipeline/decide"
)

// State is where a case stands.
type State string

// The states. A case that was withdrawn, settled, reinstated or has lapsed is
// closed; a run that proposes it on other grounds opens it again.
const (
	Unknown    State = ""           // no run proposed it yet
	Proposed   State = "proposed"   // by a run
	Verified   State = "verified"   // by a source other than the two that were matched
	Noticed    State = "noticed"    // the household was told, and has time to answer
	Exited     State = "exited"     // a second person agreed; the programme may end the enrolment
	Settled    State = "settled"    // what was asked for was done; nothing was taken away
	Withdrawn  State = "withdrawn"  // a person decided that it is not so
	Lapsed     State = "lapsed"     // no run proposes it any more, or it grew too old
	Reinstated State = "reinstated" // an exit was undone
)

// Open tells whether somebody has to act on a case in this state.
func (s State) Open() bool { return s == Proposed || s == Verified || s == Noticed }

// Act is what somebody does with a case.
type Act string

// The acts. Propose and Lapse are the program's; no other act is.
const (
	Propose   Act = "propose"
	Lapse     Act = "lapse"
	Verify    Act = "verify"
	Notice    Act = "notice"
	Object    Act = "object" // the household answered that it is not so
	Approve   Act = "approve"
	Settle    Act = "settle"
	Withdraw  Act = "withdraw"
	Reinstate Act = "reinstate"
	Tell      Act = "tell" // another office was told of an exit or of its reversal
)

// Path is what a case can lead to.
type Path string

// The paths. Only on the first can something be taken from anybody.
const (
	Ending      Path = "ending"      // of an enrolment: the whole process
	Inquiry     Path = "inquiry"     // something is asked for, given or put right
	Restoration Path = "restoration" // of what was ended on a record that was revoked
)

// PathOf is the path of what a run proposes. A possible death (tier T3) and a
// contradiction (X) are for inquiry: they never leave as the proposal of an exit
// (see the tiers of package decide).
func PathOf(kind, tier, reasonCode string) Path {
	switch {
	case kind == "reinstatement":
		return Restoration
	case tier == "T3" || tier == "X" || !slices.Contains(decide.Endings(), reasonCode):
		return Inquiry
	}
	return Ending
}

// Role is what a person of the site file may do.
type Role string

// The roles. An approver may do what an officer does, though never both on one case.
const (
	Officer  Role = "officer"
	Approver Role = "approver"
	Auditor  Role = "auditor" // reads
	program  Role = "program"
)

// Transition is one line of the table of what may happen.
type Transition struct {
	Path Path
	Act  Act
	From State
	To   State
	By   Role // the least; an approver counts as an officer
}

// ByProgram tells whether the act is the program's own.
func (t Transition) ByProgram() bool { return t.By == program }

// Transitions is the whole table: what does not stand here cannot happen. The
// ledger holds the same table and refuses the rest by itself.
func Transitions() []Transition {
	list := []Transition{
		{Ending, Verify, Proposed, Verified, Officer},
		{Ending, Notice, Verified, Noticed, Officer},
		{Ending, Object, Noticed, Proposed, Officer},
		{Ending, Approve, Noticed, Exited, Approver},
		{Ending, Withdraw, Proposed, Withdrawn, Officer},
		{Ending, Withdraw, Verified, Withdrawn, Officer},
		{Ending, Withdraw, Noticed, Withdrawn, Officer},
		{Ending, Reinstate, Exited, Reinstated, Officer},
		{Ending, Tell, Exited, Exited, Officer},
		{Ending, Tell, Reinstated, Reinstated, Officer},
		{Inquiry, Settle, Proposed, Settled, Officer},
		{Inquiry, Withdraw, Proposed, Withdrawn, Officer},
		{Restoration, Reinstate, Proposed, Reinstated, Officer},
		{Restoration, Withdraw, Proposed, Withdrawn, Officer},
		{Restoration, Tell, Reinstated, Reinstated, Officer},
	}
	for _, p := range []Path{Ending, Inquiry, Restoration} {
		// The grounds of an open case changed, or those of a closed one.
		for _, from := range []State{Unknown, Proposed, Verified, Noticed, Settled, Withdrawn, Lapsed, Reinstated} {
			list = append(list, Transition{p, Propose, from, Proposed, program})
		}
		for _, from := range []State{Proposed, Verified, Noticed} {
			list = append(list, Transition{p, Lapse, from, Lapsed, program})
		}
	}
	return list
}

// find is the line of the table for an act.
func find(p Path, a Act, from State) (Transition, bool) {
	for _, t := range Transitions() {
		if t.Path == p && t.Act == a && t.From == from {
			return t, true
		}
	}
	return Transition{}, false
}

// Possible are the acts by which people can go on from a state, in the order of
// the table.
func Possible(p Path, from State) []Act {
	var acts []Act
	for _, t := range Transitions() {
		if t.Path == p && t.From == from && t.By != program {
			acts = append(acts, t.Act)
		}
	}
	return acts
}
