package cases_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"rollcall/jobs/cases"
)

var first = time.Date(2026, 3, 31, 0, 0, 0, 0, time.UTC)

func person(id string, role cases.Role, districts ...string) cases.Person {
	return cases.Person{ID: id, Name: id, Role: role, Districts: districts, Account: id}
}

func site() cases.Site {
	return cases.Site{People: []cases.Person{
		person("amina", cases.Officer), person("rahim", cases.Officer, "30"), person("karim", cases.Approver), person("nila", cases.Approver, "10"),
		person("author", cases.Approver), person("audit", cases.Auditor),
	}, WaitDays: 30, Waits: []cases.Wait{{Area: "10", Days: 10}}}
}

func acts() []cases.Act {
	return []cases.Act{cases.Propose, cases.Lapse, cases.Verify, cases.Notice, cases.Object, cases.Approve, cases.Settle, cases.Withdraw, cases.Reinstate, cases.Tell}
}

// propose draws what a run may say of one case.
func propose(t *rapid.T) cases.Proposal {
	kind := rapid.SampledFrom([]string{"exit", "exit", "exit", "duplicate", "eligibility", "registration", "reinstatement"}).Draw(t, "kind")
	return cases.Proposal{CaseID: "c1", Kind: kind, Programme: "old_age", EnrolmentID: "e1", AreaCode: rapid.SampledFrom([]string{"1001", "3002", ""}).Draw(t, "area"), Grounds: grounds(t)}
}

func grounds(t *rapid.T) cases.Grounds {
	return cases.Grounds{
		Tier:       rapid.SampledFrom([]string{"T1", "T1", "T1", "T2", "T2", "T3", "X", ""}).Draw(t, "tier"),
		ReasonCode: rapid.SampledFrom([]string{"death_corroborated", "death_corroborated", "death_probable", "criterion_unknown", "enrolled_twice"}).Draw(t, "ground"),
		EventID:    rapid.SampledFrom([]string{"d1", "d2"}).Draw(t, "event"), LeftValues: rapid.SampledFrom([]string{"l1", "l2"}).Draw(t, "left"), RightValues: "r1",
	}
}

// request draws what anybody might try: now and then anything at all, else what an
// office does, so that walks come to an end.
func request(t *rapid.T, c cases.Case, today time.Time) cases.Request {
	forward := map[cases.State]cases.Act{cases.Proposed: cases.Verify, cases.Verified: cases.Notice, cases.Noticed: cases.Approve}[c.State]
	tried := append(cases.Possible(c.Path(), c.State), forward, forward, forward, cases.Tell)
	r := cases.Request{CaseID: c.CaseID, On: today, Act: rapid.SampledFrom(tried).Draw(t, "act"), Arrears: "0 BDT", ToldTo: "payment office"}
	officers := []string{"amina", "amina", "amina", "karim"}
	if r.Act == cases.Approve {
		officers = []string{"karim"}
	}
	r.Person = rapid.SampledFrom(officers).Draw(t, "officer")
	ids := []string{"amina", "rahim", "karim", "nila", "author", "audit", "stranger"}
	wild := func(what string) bool { return rapid.IntRange(0, 11).Draw(t, what) == 0 }
	if wild("any act") {
		r.Act = rapid.SampledFrom(acts()).Draw(t, "act")
	}
	if wild("any version") {
		r.Version = rapid.IntRange(0, c.Version+1).Draw(t, "version")
	}
	if wild("any day") {
		r.On = today.AddDate(0, 0, rapid.IntRange(-30, 2).Draw(t, "day"))
	}
	if wild("anybody") {
		r.Person = rapid.SampledFrom(ids).Draw(t, "person")
	}
	if wild("for anybody") {
		r.For = rapid.SampledFrom(ids).Draw(t, "for")
	}
	if wild("any arrears") {
		r.Arrears = rapid.SampledFrom([]string{"", "much", "1650.00 BDT"}).Draw(t, "arrears")
	}
	r.Proof.Account = r.Person
	if wild("any account") {
		r.Proof.Account = rapid.SampledFrom(append(ids, "")).Draw(t, "account")
	}
	codes := []string{"", "because"}
	if !wild("any reason") {
		codes = nil
	}
	for _, reason := range cases.ReasonsFor(r.Act, c.Kind) {
		codes = append(codes, reason.Code)
	}
	r.ReasonCode = rapid.SampledFrom(append(codes, "because")).Draw(t, "reason")
	return r
}

// TestNothingSkipsAStep walks about at random, by everybody, and holds what came
// of it against the process as it is written in words.
func TestNothingSkipsAStep(t *testing.T) {
	var reached [4]int // rounds that ended in an exit, a settlement, a withdrawal, a reinstatement
	rapid.Check(t, func(t *rapid.T) {
		c := cases.Case{Author: "author", Approver: "nila"}
		today := first
		for range rapid.IntRange(60, 120).Draw(t, "steps") {
			today = today.AddDate(0, 0, rapid.SampledFrom([]int{0, 1, 12, 40, 40}).Draw(t, "days"))
			if rapid.IntRange(0, 14).Draw(t, "run") == 0 || c.State == cases.Unknown {
				p := c.Proposal
				if c.State == cases.Unknown {
					p = propose(t)
				} else if rapid.Bool().Draw(t, "changed") {
					p.Grounds = grounds(t)
				}
				if d, ok := c.Propose(p, today); ok {
					c = c.After(d)
				}
				continue
			}
			if rapid.IntRange(0, 19).Draw(t, "gone") == 0 {
				if d, ok := site().Lapse(c, false, today); ok {
					c = c.After(d)
				}
				continue
			}
			d, err := site().Do(c, request(t, c, today), today)
			if err != nil {
				if !errors.Is(err, cases.ErrRefused) && !errors.Is(err, cases.ErrStale) {
					t.Fatalf("an error of another kind: %v", err)
				}
				continue
			}
			c = c.After(d)
		}
		count(&reached, c)
		if err := lawful(c); err != nil {
			t.Fatalf("%v\n%s", err, story(c))
		}
	})
	for i, what := range []string{"exits", "settlements", "withdrawals", "reinstatements"} {
		if reached[i] == 0 {
			t.Errorf("no walk reached any %s: the test saw too little", what)
		}
	}
}

func count(reached *[4]int, c cases.Case) {
	for _, d := range c.History {
		if i := slices.Index([]cases.Act{cases.Approve, cases.Settle, cases.Withdraw, cases.Reinstate}, d.Act); i >= 0 {
			reached[i]++
		}
	}
}

// lawful reads a history as an auditor would, without the program's table.
func lawful(c cases.Case) error {
	state, path := cases.Unknown, cases.Path("")
	var verified, noticed *cases.Done
	for i, d := range c.History {
		if d.From != state {
			return fmt.Errorf("act %d begins at %s, and the case was %s", i+1, d.From, state)
		}
		state = d.To
		who := d.Person
		if d.For != "" {
			who = d.For
		}
		if d.Person != "" && (d.Proof.Account != d.Person || who == "audit" || d.Person == "audit" || who == "stranger") {
			return fmt.Errorf("act %d is by somebody who may not: %s for %s under %s", i+1, d.Person, d.For, d.Proof.Account)
		}
		if (d.Person == "") != (d.Act == cases.Propose || d.Act == cases.Lapse) {
			return fmt.Errorf("act %d, %s, is by %q", i+1, d.Act, d.Person)
		}
		switch d.Act {
		case cases.Propose:
			path, verified, noticed = d.Proposal.Path(), nil, nil
		case cases.Object:
			verified, noticed = nil, nil
		case cases.Verify:
			verified = &c.History[i]
		case cases.Notice:
			noticed = &c.History[i]
		case cases.Approve:
			switch {
			case path != cases.Ending || verified == nil || noticed == nil:
				return fmt.Errorf("act %d ends an enrolment without verification and notice", i+1)
			case d.On.Sub(noticed.On) <= 10*24*time.Hour, !d.On.After(noticed.AnswerBy):
				return fmt.Errorf("act %d ends an enrolment before the household could answer", i+1)
			}
			for _, before := range []*cases.Done{verified, noticed} {
				for _, second := range []string{d.Person, who} {
					if second == before.Person || second == before.For || second == c.Author || before.Person == c.Author || before.For == c.Author {
						return fmt.Errorf("act %d: %s is no second person", i+1, second)
					}
				}
			}
		}
	}
	if state != c.State {
		return fmt.Errorf("the case is %s after acts that led to %s", c.State, state)
	}
	return nil
}

func story(c cases.Case) (text string) {
	for _, d := range c.History {
		text += fmt.Sprintf("%s %s by %q for %q: %s -> %s\n", d.On.Format(time.DateOnly), d.Act, d.Person, d.For, d.From, d.To)
	}
	return text
}
