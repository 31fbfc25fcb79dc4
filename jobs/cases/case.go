package cases

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Grounds are what a proposal rests on. A decision of a person is about these:
// when they change, the case begins anew.
type Grounds struct {
	Tier        string `json:"tier,omitempty"`
	ReasonCode  string `json:"reason_code"`
	EventID     string `json:"event_id,omitempty"` // the registration
	LeftValues  string `json:"left_values,omitempty"`
	RightValues string `json:"right_values,omitempty"` // hashes of the compared values as mapped
}

// Proposal is one line of a run.
type Proposal struct {
	CaseID      string `json:"-"`
	Kind        string `json:"kind"`
	Programme   string `json:"programme,omitempty"`
	EnrolmentID string `json:"enrolment_id,omitempty"`
	MentionID   string `json:"mention_id,omitempty"` // the roster record
	AreaCode    string `json:"area_code,omitempty"`
	Grounds
	// LeftMarks and RightMarks stand for each of the compared values (audit.Key.Marks),
	// so that it can be said which of them changed. Only an act has them.
	LeftMarks  string `json:"left_marks,omitempty"`
	RightMarks string `json:"right_marks,omitempty"`
}

// Path is what the proposal can lead to.
func (p Proposal) Path() Path { return PathOf(p.Kind, p.Tier, p.ReasonCode) }

// Case is a proposal with what became of it.
type Case struct {
	Proposal
	Job      string
	State    State
	Version  int       // acts so far
	Since    time.Time // day of the last change of state
	OpenedOn time.Time // day of the first proposal
	AnswerBy time.Time // last day of the notice; zero before one
	Attempt  int64     // newest run that proposes it
	// Author and Approver signed for the configuration of that run; empty where nobody did.
	Author, Approver string
	History          []Done
}

// Done is one act that was done.
type Done struct {
	Act        Act
	From, To   State
	On         time.Time
	Person     string    // who did it; empty for the program
	For        string    // the reviewer for whom it was entered, or empty
	ReasonCode string    // of the closed list
	Note       string    // free text, for people
	AnswerBy   time.Time // Notice: the last day for an answer
	Arrears    string    // Reinstate: decimal and currency
	ToldTo     string    // Tell: the office
	Evidence   string    // SHA-256 of a document
	File       string    // SHA-256 of the file of decisions in which it came
	Proof      Proof     // how the person is known
	Proposal   Proposal  // Propose: the line that it takes up
	Attempt    int64     // Propose, Lapse: the run
	RecordedAt time.Time
}

// Decider is whose decision an act is, whoever entered it; empty for the program.
func (d Done) Decider() string { return cmp.Or(d.For, d.Person) }

// Request is what a person wants to do with a case.
type Request struct {
	CaseID     string
	Version    int // of the case that the person looked at; 0 is whatever it is now
	Act        Act
	On         time.Time // day on which it was done
	Person     string    // who does it
	For        string    // whose decision it enters, when it is not his own
	ReasonCode string
	Note       string
	AnswerBy   time.Time
	Arrears    string
	ToldTo     string
	Evidence   string
	File       string // SHA-256 of the file of decisions in which it comes, or empty
	Proof      Proof
}

// Decider is whose decision it is, whoever enters it.
func (r Request) Decider() string { return cmp.Or(r.For, r.Person) }

// Errors that a caller tells apart.
var (
	ErrRefused = errors.New("not possible")
	ErrStale   = errors.New("the case changed since")
)

func refuse(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrRefused, fmt.Sprintf(format, args...))
}

// Do is what a request does to a case: the act to be recorded, or why not. today
// is the day on which it is entered.
func (s Site) Do(c Case, r Request, today time.Time) (Done, error) {
	if r.Version != 0 && r.Version != c.Version {
		return Done{}, fmt.Errorf("%w it was given out: it is %s since %s", ErrStale, c.State, day(c.Since))
	}
	t, ok := find(c.Path(), r.Act, c.State)
	if !ok || t.By == program {
		return Done{}, refuse("the case is %s, and %s", c.State, possible(c))
	}
	d := Done{
		Act: t.Act, From: t.From, To: t.To, On: r.On, Person: r.Person, For: r.For, ReasonCode: r.ReasonCode, Note: strings.TrimSpace(r.Note),
		Arrears: r.Arrears, ToldTo: r.ToldTo, Evidence: r.Evidence, File: r.File, Proof: r.Proof,
	}
	for _, check := range []func() error{
		func() error { return s.checkProof(c.Job, r) },
		func() error { return s.checkPeople(c, r, t) },
		func() error { return checkReason(c, r) },
		func() error { return checkDay(c, r, today) },
		func() error { return s.checkAct(c, r, &d) },
		func() error { return checkAuthor(c, r, t) },
	} {
		if err := check(); err != nil {
			return Done{}, err
		}
	}
	return d, nil
}

func possible(c Case) string {
	acts := Possible(c.Path(), c.State)
	if len(acts) == 0 {
		return "closed"
	}
	return "can be followed by " + Either(acts)
}

// Either joins alternatives: a, b or c.
func Either[T ~string](of []T) string {
	text := make([]string, len(of))
	for i, t := range of {
		text[i] = string(t)
	}
	if len(text) < 2 {
		return strings.Join(text, "")
	}
	return strings.Join(text[:len(text)-1], ", ") + " or " + text[len(text)-1]
}

// checkPeople holds who decides against the site file, the case's district, and
// what the same person did before.
func (s Site) checkPeople(c Case, r Request, t Transition) error {
	if r.For != "" {
		if entering, ok := s.Person(r.Person); !ok || entering.Role == Auditor {
			return refuse("%q may enter nothing: the site file names no officer of that id", r.Person)
		}
	}
	decider := r.Decider()
	p, ok := s.Person(decider)
	switch {
	case !ok:
		return refuse("the site file names no person %q", decider)
	case p.Role == Auditor:
		return refuse("%s is an auditor, who reads and does not decide", decider)
	case t.By == Approver && p.Role != Approver:
		return refuse("%s is an officer; an approver has to do it", decider)
	case !p.covers(c.AreaCode):
		return refuse("%s decides for %s, and the case is of area %s", decider, Either(p.Districts), orNone(c.AreaCode))
	}
	return nil
}

// checkAuthor holds who decides against who wrote the rules and who did the steps
// before.
func checkAuthor(c Case, r Request, t Transition) error {
	people := []string{r.Person, r.For}
	switch {
	case t.Act == Approve:
		return checkSecond(c, people)
	case t.Act == Verify || t.Act == Notice:
		if m := shared([]string{c.Author}, people); m != "" {
			return refuse("%s wrote the configuration of the run; somebody else has to %s what it found", m, t.Act)
		}
	}
	return nil
}

// checkSecond: whoever ends an enrolment is neither one who verified or gave
// notice, nor is any of them the author of the rules by which the run found it.
func checkSecond(c Case, people []string) error {
	if c.Author == "" || c.Approver == "" {
		return refuse("its author and a second person have to sign for the configuration of the run, before anybody is taken off a list (rollcall cases sign)")
	}
	for _, d := range c.round() {
		makers := []string{d.Person, d.For}
		if m := shared(makers, people); m != "" {
			return refuse("%s did %s on %s; a second person has to approve", m, d.Act, day(d.On))
		}
		if slices.Contains(makers, c.Author) {
			return refuse("%s wrote the configuration of the run and did %s on %s: withdraw it, or let somebody else verify and give notice", c.Author, d.Act, day(d.On))
		}
	}
	if slices.Contains(people, c.Author) {
		return refuse("%s wrote the configuration of the run, and cannot approve what it found", c.Author)
	}
	return nil
}

// shared is a name that stands in both lists.
func shared(a, b []string) string {
	for _, name := range a {
		if name != "" && slices.Contains(b, name) {
			return name
		}
	}
	return ""
}

// round are the acts of people since the case was last proposed.
func (c Case) round() []Done {
	var since []Done
	for _, d := range c.History {
		if d.To == Proposed {
			since = nil
			continue
		}
		since = append(since, d)
	}
	return since
}

func checkReason(c Case, r Request) error {
	list := ReasonsFor(r.Act, c.Kind)
	codes := make([]string, len(list))
	for i, reason := range list {
		codes[i] = reason.Code
	}
	switch {
	case slices.Contains(codes, r.ReasonCode):
		return nil
	case r.ReasonCode == "":
		return refuse("a reason is missing: %s", Either(codes))
	}
	return refuse("%q is no reason to %s this case: %s", r.ReasonCode, r.Act, Either(codes))
}

// checkDay: nothing is done before the case was, nor tomorrow.
func checkDay(c Case, r Request, today time.Time) error {
	switch {
	case r.On.IsZero():
		return refuse("the day on which it was done is missing")
	case r.On.After(today):
		return refuse("%s has not come yet", day(r.On))
	case r.On.Before(c.Since):
		return refuse("%s is before the case was %s, on %s", day(r.On), c.State, day(c.Since))
	}
	return nil
}

// checkAct holds what an act needs of its own, and fills it in.
func (s Site) checkAct(c Case, r Request, d *Done) error {
	switch r.Act {
	case Notice:
		least := r.On.AddDate(0, 0, s.waitDays(c.AreaCode))
		if r.AnswerBy.IsZero() {
			r.AnswerBy = least
		}
		if r.AnswerBy.Before(least) {
			return refuse("the notice gives time until %s; in area %s it has to be %d days, until %s", day(r.AnswerBy), orNone(c.AreaCode), s.waitDays(c.AreaCode), day(least))
		}
		d.AnswerBy = r.AnswerBy
	case Approve:
		// The last day of the notice is the household's.
		if !r.On.After(c.AnswerBy) {
			return refuse("the household has until %s to answer", day(c.AnswerBy))
		}
	case Reinstate:
		if err := checkArrears(r.Arrears); err != nil {
			return err
		}
	case Tell:
		if strings.TrimSpace(r.ToldTo) == "" {
			return refuse("who was told is missing")
		}
	}
	return nil
}

// checkArrears: a decimal and a currency, also when nothing is due.
func checkArrears(text string) error {
	amount, currency, _ := strings.Cut(text, " ")
	digits := strings.Trim(amount, "0123456789")
	if amount == "" || digits != "" && digits != "." || len(currency) != 3 || strings.ToUpper(currency) != currency {
		return refuse(`the arrears are %q; an amount and its currency are needed, such as "1650.00 BDT", or "0 BDT"`, text)
	}
	return nil
}

func day(t time.Time) string { return t.Format(time.DateOnly) }

// OptionalDay is a day as it is written, and "" for the zero time.
func OptionalDay(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return day(t)
}

func orNone(text string) string {
	if text == "" {
		return "(none)"
	}
	return text
}
