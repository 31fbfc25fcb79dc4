package cases_test

import (
	"strings"
	"testing"
	"time"

	"rollcall/jobs/cases"
)

func proposed() cases.Case {
	c := cases.Case{Job: "monthly", Author: "author", Approver: "tom"}
	d, _ := c.Propose(cases.Proposal{CaseID: "c1", Kind: "exit", Programme: "old_age", AreaCode: "3002", Grounds: cases.Grounds{
		Tier: "T1", ReasonCode: "death_corroborated", EventID: "d1", LeftValues: "l1", RightValues: "r1",
	}}, first)
	return c.After(d)
}

func do(t *testing.T, c cases.Case, person string, act cases.Act, reason, on string) cases.Case {
	t.Helper()
	d, err := site().Do(c, ask(c, person, act, reason, on), at("2027-12-31"))
	if err != nil {
		t.Fatal(err)
	}
	return c.After(d)
}

func ask(c cases.Case, person string, act cases.Act, reason, on string) cases.Request {
	return cases.Request{CaseID: c.CaseID, Act: act, On: at(on), Person: person, ReasonCode: reason, Arrears: "0 BDT", ToldTo: "bank", Proof: cases.Proof{Account: person}}
}

func at(text string) time.Time {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return t
}

// TestRefusalsSayWhatIsPossible: an officer reads these, line by line.
func TestRefusalsSayWhatIsPossible(t *testing.T) {
	noticed := do(t, do(t, proposed(), "amina", cases.Verify, "home_visit", "2026-04-10"), "amina", cases.Notice, "served_in_person", "2026-04-12")
	unsigned := noticed
	unsigned.Author = ""
	inquiry := proposed()
	inquiry.Tier = "T3"
	for _, c := range []struct {
		name string
		c    cases.Case
		r    cases.Request
		says string
	}{
		{"skips", proposed(), ask(proposed(), "karim", cases.Approve, "no_answer", "2026-04-10"), "not possible: the case is proposed, and can be followed by verify or withdraw"},
		{"possible only", inquiry, ask(inquiry, "amina", cases.Verify, "home_visit", "2026-04-10"), "not possible: the case is proposed, and can be followed by settle or withdraw"},
		{"too early", noticed, ask(noticed, "karim", cases.Approve, "no_answer", "2026-05-12"), "not possible: the household has until 2026-05-12 to answer"},
		{"same person", noticed, ask(noticed, "amina", cases.Approve, "no_answer", "2026-05-13"), "not possible: amina is an officer; an approver has to do it"},
		{"author", noticed, ask(noticed, "author", cases.Approve, "no_answer", "2026-05-13"), "not possible: author wrote the configuration of the run, and cannot approve what it found"},
		{"author verifies", proposed(), ask(proposed(), "author", cases.Verify, "home_visit", "2026-04-10"), "not possible: author wrote the configuration of the run; somebody else has to verify what it found"},
		{"nobody signed", unsigned, ask(noticed, "karim", cases.Approve, "no_answer", "2026-05-13"), "not possible: its author and a second person have to sign for the configuration of the run, before anybody is taken off a list (rollcall cases sign)"},
		{"district", noticed, ask(noticed, "nila", cases.Approve, "no_answer", "2026-05-13"), "not possible: nila decides for 10, and the case is of area 3002"},
		{"auditor", noticed, ask(noticed, "audit", cases.Withdraw, "alive", "2026-05-13"), "not possible: audit is an auditor, who reads and does not decide"},
		{"stranger", noticed, ask(noticed, "zoe", cases.Withdraw, "alive", "2026-05-13"), `not possible: the site file names no person "zoe"`},
		{"no reason", noticed, ask(noticed, "karim", cases.Approve, "", "2026-05-13"), "not possible: a reason is missing: no_answer, agreed or objection_not_upheld"},
		{"own reason", noticed, ask(noticed, "karim", cases.Approve, "seems dead", "2026-05-13"), `not possible: "seems dead" is no reason to approve this case: no_answer, agreed or objection_not_upheld`},
		{"before", noticed, ask(noticed, "rahim", cases.Withdraw, "alive", "2026-04-11"), "not possible: 2026-04-11 is before the case was noticed, on 2026-04-12"},
		{"tomorrow", noticed, ask(noticed, "rahim", cases.Withdraw, "alive", "2028-01-01"), "not possible: 2028-01-01 has not come yet"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := site().Do(c.c, c.r, at("2027-12-31")); err == nil || err.Error() != c.says {
				t.Errorf("refused by\n%v\nwant\n%s", err, c.says)
			}
		})
	}
	stale := ask(noticed, "rahim", cases.Withdraw, "alive", "2026-05-13")
	stale.Version = noticed.Version - 1
	if _, err := site().Do(noticed, stale, at("2027-12-31")); err == nil || err.Error() != "the case changed since it was given out: it is noticed since 2026-04-12" {
		t.Errorf("a stale row: %v", err)
	}
}

func TestNoticeGivesTheDaysOfTheArea(t *testing.T) {
	c := do(t, do(t, proposed(), "amina", cases.Verify, "home_visit", "2026-04-10"), "amina", cases.Notice, "served_in_person", "2026-04-12")
	if got := c.AnswerBy.Format(time.DateOnly); got != "2026-05-12" {
		t.Errorf("in an area of 30 days the household has until %s", got)
	}
	short := proposed()
	short.AreaCode = "1001"
	short = do(t, short, "amina", cases.Verify, "home_visit", "2026-04-10")
	r := ask(short, "amina", cases.Notice, "served_in_person", "2026-04-12")
	r.AnswerBy = at("2026-04-20")
	if _, err := site().Do(short, r, at("2026-04-12")); err == nil || !strings.Contains(err.Error(), "in area 1001 it has to be 10 days, until 2026-04-22") {
		t.Errorf("a notice of eight days: %v", err)
	}
}

// TestDecisionHoldsWhileItsGroundsDo: a tier alone reopens nothing; values do, and
// the case says which.
func TestDecisionHoldsWhileItsGroundsDo(t *testing.T) {
	c := do(t, proposed(), "amina", cases.Withdraw, "alive", "2026-04-10")
	again := c.Proposal
	again.Tier = "T2"
	if d, ok := c.Propose(again, at("2026-05-31")); ok {
		t.Errorf("another tier opened the case again: %s", d.Note)
	}
	again.RightValues, again.EventID = "r2", "d2"
	d, ok := c.Propose(again, at("2026-05-31"))
	if !ok || d.Note != "another registration; the roster's record changed" {
		t.Errorf("opened %v, because %q", ok, d.Note)
	}
	// What was verified was of other values.
	v := do(t, proposed(), "amina", cases.Verify, "home_visit", "2026-04-10")
	if d, ok := v.Propose(again, at("2026-05-31")); !ok || v.After(d).State != cases.Proposed {
		t.Errorf("a verified case stays %s although its records changed", v.State)
	}
}

func TestSignatureIsOfThisDecisionAlone(t *testing.T) {
	private, public, err := cases.NewKey("rahim")
	if err != nil {
		t.Fatal(err)
	}
	s := site()
	s.People[1].Key = public
	c := proposed()
	r := ask(c, "rahim", cases.Verify, "home_visit", "2026-04-10")
	r.Version = c.Version
	if r.Proof, err = cases.Sign(r.Statement(c.Job), private, public); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Do(c, r, at("2026-04-10")); err != nil {
		t.Errorf("a signed decision: %v", err)
	}
	altered := r
	altered.Note = "and nobody was there"
	forged := r
	forged.Proof.Signature = strings.Replace(r.Proof.Signature, "=", "A", 1)
	anothers := r
	anothers.Person, anothers.Proof.Statement = "amina", ""
	for name, r := range map[string]cases.Request{"altered": altered, "forged": forged, "of another": anothers} {
		if _, err := s.Do(c, r, at("2026-04-10")); err == nil {
			t.Errorf("a decision that is %s went through", name)
		}
	}
}

// TestEveryStepOfPeopleHasReasons: without one, an act could never be done.
func TestEveryStepOfPeopleHasReasons(t *testing.T) {
	kinds := map[cases.Path][]string{cases.Ending: {"exit", "duplicate", "eligibility"}, cases.Inquiry: {"exit", "duplicate", "eligibility", "registration"}, cases.Restoration: {"reinstatement"}}
	for _, tr := range cases.Transitions() {
		for _, kind := range kinds[tr.Path] {
			if !tr.ByProgram() && len(cases.ReasonsFor(tr.Act, kind)) == 0 {
				t.Errorf("no reason to %s %s", tr.Act, kind)
			}
		}
	}
	seen := map[string]bool{}
	for _, r := range cases.Reasons() {
		if seen[r.Code] || r.Text == "" {
			t.Errorf("reason %s stands twice, or has no text", r.Code)
		}
		seen[r.Code] = true
	}
}
