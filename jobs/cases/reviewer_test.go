package cases_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rollcall/jobs/cases"
)

// judged is a case of an exit that runs opened on the first of April, with its acts.
func judged(id string, acts ...cases.Done) cases.Case {
	opened := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	return cases.Case{
		Proposal: cases.Proposal{CaseID: id, Kind: "exit", Programme: "old_age", Grounds: cases.Grounds{Tier: "T1"}}, OpenedOn: opened,
		History: append([]cases.Done{{Act: cases.Propose, On: opened}}, acts...),
	}
}

func by(person string, a cases.Act, day, second int) cases.Done {
	at := time.Date(2026, 4, day, 9, 0, 0, 0, time.UTC)
	return cases.Done{Act: a, Person: person, On: at.Truncate(24 * time.Hour), RecordedAt: at.Add(time.Duration(second) * time.Second)}
}

func TestReviewersAreHeldAgainstWhatTheyDecided(t *testing.T) {
	var list []cases.Case
	for i := range 25 {
		list = append(list, judged(fmt.Sprint(i), by("quick", cases.Verify, 3, 4*i), by("quick", cases.Notice, 3, 4*i), by("slow", cases.Approve, 20, 240*i)))
	}
	list = append(list, judged("x", by("quick", cases.Verify, 3, 200), by("slow", cases.Withdraw, 21, 0)))
	got := cases.Review(list)
	want := cases.Reviews{
		Reviewers: []cases.Reviewer{
			{Person: "quick", Agreed: 26, MedianDays: 2, MedianSeconds: 4, Rubber: true},
			{Person: "slow", Agreed: 25, Overturned: 1, MedianDays: 17, MedianSeconds: 240},
		},
		By:    []cases.Overturns{{Kind: "exit", Tier: "T1", Programme: "old_age", Judged: 52, Overturned: 1}},
		Twice: 26, Same: 25,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("reviews (-want +got):\n%s", diff)
	}
}

// Whoever reads, or now and then disagrees, or enters what others decided on paper,
// is no rubber stamp.
func TestNobodyIsCalledARubberStampWithoutGrounds(t *testing.T) {
	for name, c := range map[string]struct {
		gap   int
		act   cases.Act
		whose string
	}{"takes a minute": {60, cases.Verify, ""}, "disagrees once": {3, cases.Withdraw, ""}, "is entered by an officer": {3, cases.Verify, "typist"}} {
		var list []cases.Case
		for i := range 30 {
			d := by("amina", cases.Verify, 3, c.gap*i)
			if i == 7 {
				d.Act = c.act
			}
			if c.whose != "" {
				d.Person, d.For = c.whose, "amina"
			}
			list = append(list, judged(fmt.Sprint(i), d))
		}
		if slices.ContainsFunc(cases.Review(list).Reviewers, func(r cases.Reviewer) bool { return r.Rubber }) {
			t.Errorf("one who %s is called a rubber stamp", name)
		}
	}
}

func TestTheLastJudgementOfACaseCounts(t *testing.T) {
	v, known := cases.VerdictOn(judged("a", by("quick", cases.Verify, 3, 0), by("slow", cases.Withdraw, 9, 0)))
	want := cases.Verdict{CaseID: "a", Kind: "exit", Tier: "T1", Programme: "old_age", Overturned: true, Days: 2, Twice: 1}
	if !known || v != want {
		t.Errorf("%+v (%t), want %+v", v, known, want)
	}
	if v, known := cases.VerdictOn(judged("b", by("quick", cases.Notice, 3, 0))); known {
		t.Errorf("a notice is no judgement: %+v", v)
	}
}
