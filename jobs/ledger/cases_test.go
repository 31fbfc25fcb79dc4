package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"rollcall/jobs/cases"
	"rollcall/jobs/ledger"
)

func office() cases.Site {
	person := func(id string, role cases.Role) cases.Person {
		return cases.Person{ID: id, Name: id, Role: role, Account: id}
	}
	return cases.Site{People: []cases.Person{person("amina", cases.Officer), person("karim", cases.Approver), person("sita", cases.Officer), person("tom", cases.Approver)}}
}

func death(id, event, values string) cases.Proposal {
	return cases.Proposal{CaseID: id, Kind: "exit", Programme: "old_age", EnrolmentID: "e-" + id, AreaCode: "3002", Grounds: cases.Grounds{
		Tier: "T1", ReasonCode: "death_corroborated", EventID: event, LeftValues: values, RightValues: "r" + id,
	}}
}

// runWith makes a run that is done and proposes these lines.
func runWith(t *testing.T, l *ledger.Ledger, asOf string, proposals ...cases.Proposal) ledger.Run {
	t.Helper()
	r := begin(t, l, ledger.Start{Job: "monthly", AsOf: date(asOf), ConfigSHA256: "c0ffee"})
	finish(t, l, r, ledger.End{Status: ledger.Done, RunID: "run-" + asOf, Casework: &ledger.Casework{Site: office(), Proposals: proposals}})
	return r
}

func act(t *testing.T, l *ledger.Ledger, person string, a cases.Act, id, reason, on string) error {
	t.Helper()
	_, err := l.Do(context.Background(), "monthly", office(), cases.Request{
		CaseID: id, Act: a, On: date(on), Person: person, ReasonCode: reason, Arrears: "0 BDT", ToldTo: "bank", Proof: cases.Proof{Account: person},
	}, date("2027-12-31"))
	return err
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// decideSome brings one case to its exit and back, and leaves others on the way.
func decideSome(t *testing.T, l *ledger.Ledger) {
	t.Helper()
	ctx := context.Background()
	runWith(t, l, "2026-03-31", death("a", "d1", "l1"), death("b", "d2", "l2"), death("c", "d3", "l3"))
	must(t, l.Sign(ctx, "monthly", "c0ffee", ledger.Signature{Part: ledger.Author, Person: "sita", Proof: cases.Proof{Account: "sita"}}))
	must(t, l.Sign(ctx, "monthly", "c0ffee", ledger.Signature{Part: ledger.Approver, Person: "tom", Proof: cases.Proof{Account: "tom"}}))
	must(t, act(t, l, "amina", cases.Verify, "a", "home_visit", "2026-04-10"))
	must(t, act(t, l, "amina", cases.Notice, "a", "served_in_person", "2026-04-11"))
	must(t, act(t, l, "karim", cases.Approve, "a", "no_answer", "2026-06-01"))
	must(t, act(t, l, "amina", cases.Reinstate, "a", "false_match", "2026-07-01"))
	must(t, act(t, l, "amina", cases.Verify, "b", "home_visit", "2026-04-10"))
	must(t, act(t, l, "amina", cases.Withdraw, "c", "other_person", "2026-04-10"))
}

func TestCaseGoesItsWayAndIsRemembered(t *testing.T) {
	ctx := context.Background()
	l := open(t, t.TempDir(), newClock())
	decideSome(t, l)
	c, err := l.Case(ctx, "monthly", "a")
	must(t, err)
	var acts []cases.Act
	for _, d := range c.History {
		acts = append(acts, d.Act)
	}
	if want := []cases.Act{cases.Propose, cases.Verify, cases.Notice, cases.Approve, cases.Reinstate}; !slices.Equal(acts, want) || c.State != cases.Reinstated {
		t.Errorf("case a went %v to %s", acts, c.State)
	}
	p, err := l.PastFor(ctx, "monthly", date("2026-12-31"))
	must(t, err)
	var remembered []string
	for _, d := range p.Decisions {
		remembered = append(remembered, fmt.Sprintf("%s %s %s %s %s", d.CaseID, d.Kind, d.LeftValues, d.RightValues, d.Reason))
	}
	if want := []string{"a different l1 ra false_match", "c different l3 rc other_person"}; !slices.Equal(remembered, want) {
		t.Errorf("later runs remember %q, want %q", remembered, want)
	}
	if _, err := l.Verify(ctx, ledger.Head{}); err != nil {
		t.Error(err)
	}
}

// TestLaterRunTakesUpCases: what is no longer proposed lapses, what was verified of
// other values begins anew, what was decided stays; the same day again changes
// nothing, and an earlier day neither.
func TestLaterRunTakesUpCases(t *testing.T) {
	ctx := context.Background()
	l := open(t, t.TempDir(), newClock())
	decideSome(t, l)
	may := []cases.Proposal{death("b", "d2", "l2 corrected"), death("c", "d3", "l3"), death("d", "d4", "l4")}
	runWith(t, l, "2026-05-31", may...)
	states := func() (out []string) {
		list, err := l.Cases(ctx, "monthly", ledger.CaseFilter{})
		must(t, err)
		for _, c := range list {
			out = append(out, fmt.Sprintf("%s %s %d", c.CaseID, c.State, c.Version))
		}
		slices.Sort(out)
		return out
	}
	want := []string{"a reinstated 5", "b proposed 3", "c withdrawn 2", "d proposed 1"}
	if got := states(); !slices.Equal(got, want) {
		t.Errorf("after May: %q, want %q", got, want)
	}
	b, err := l.Case(ctx, "monthly", "b")
	must(t, err)
	if note := b.History[2].Note; note != "the register's record changed" {
		t.Errorf("b begins anew because %q", note)
	}
	runWith(t, l, "2026-05-31", may...)
	runWith(t, l, "2026-04-30")
	if got := states(); !slices.Equal(got, want) {
		t.Errorf("after the same day and an earlier one: %q, want %q", got, want)
	}
	runWith(t, l, "2026-06-30", may[2])
	want = []string{"a reinstated 5", "b lapsed 4", "c withdrawn 2", "d proposed 1"}
	if got := states(); !slices.Equal(got, want) {
		t.Errorf("after June: %q, want %q", got, want)
	}
	runWith(t, l, "2027-06-30", may[2])
	d, err := l.Case(ctx, "monthly", "d")
	must(t, err)
	if d.State != cases.Proposed || d.Version != 3 || d.OpenedOn.Format("2006-01-02") != "2027-06-30" || !strings.Contains(d.History[1].Note, "open since 2026-05-31") {
		t.Errorf("a case of more than a year is %s since %s: %q", d.State, d.OpenedOn.Format("2006-01-02"), d.History[1].Note)
	}
	if _, err := l.Verify(ctx, ledger.Head{}); err != nil {
		t.Error(err)
	}
}

func TestSecondSignatureIsAnothersAndComesSecond(t *testing.T) {
	ctx := context.Background()
	l := open(t, t.TempDir(), newClock())
	sign := func(part, person string) error {
		return l.Sign(ctx, "monthly", "c0ffee", ledger.Signature{Part: part, Person: person, Proof: cases.Proof{Account: person}})
	}
	if err := sign(ledger.Approver, "tom"); err == nil {
		t.Error("approved before anybody signed as its author")
	}
	must(t, sign(ledger.Author, "sita"))
	for _, person := range []string{"sita", "SITA"} {
		if err := sign(ledger.Approver, person); !errors.Is(err, ledger.ErrSigned) {
			t.Errorf("%s approved her own: %v", person, err)
		}
	}
	must(t, sign(ledger.Approver, "tom"))
}

// TestFileRefusesSkippedSteps writes to the file past the program.
func TestFileRefusesSkippedSteps(t *testing.T) {
	folder := t.TempDir()
	l := open(t, folder, newClock())
	decideSome(t, l)
	db := raw(t, folder)
	insert := func(id string, version int, act, from, to, person string) string {
		return fmt.Sprintf("INSERT INTO case_act (job, case_id, version, act, from_state, to_state, acted_on, person, details, proof, recorded_at) VALUES ('monthly','%s',%d,'%s','%s','%s','2026-06-01','%s','{}','{}','')",
			id, version, act, from, to, person)
	}
	for name, statement := range map[string]string{
		"no notice":     insert("b", 3, "approve", "verified", "exited", "karim"),
		"another state": insert("b", 3, "approve", "noticed", "exited", "karim"),
		"a new act":     insert("b", 3, "stop", "verified", "exited", "karim"),
		"no person":     insert("b", 3, "notice", "verified", "noticed", ""),
		"twice":         insert("b", 2, "verify", "proposed", "verified", "karim"),
		"altered":       "UPDATE case_act SET person = 'karim'",
		"deleted":       "DELETE FROM case_act",
	} {
		if _, err := db.ExecContext(context.Background(), statement); err == nil {
			t.Errorf("%s: the file let it pass", name)
		}
	}
	must(t, act(t, l, "karim", cases.Notice, "b", "served_by_post", "2026-04-20"))
	if _, err := db.ExecContext(context.Background(), insert("b", 4, "approve", "noticed", "exited", "karim")); err == nil || !strings.Contains(err.Error(), "an exit needs a second person") {
		t.Errorf("the same person twice, past the program: %v", err)
	}
}

func TestAlteredCasesAreFound(t *testing.T) {
	for _, c := range []struct{ name, statement, says string }{
		{"person", "UPDATE case_act SET person = 'nobody' WHERE act = 'approve'", "act monthly/a/4 is not"},
		{"reason", "UPDATE case_act SET details = replace(details, 'home_visit', 'village_office')", "act monthly/a/2 is not"},
		{"the program's", "UPDATE case_act SET details = replace(details, 'l2', 'l9') WHERE case_id = 'b' AND version = 1", "what attempt 1 did to cases"},
		{"of no attempt", "UPDATE case_act SET person = '' WHERE case_id = 'c' AND version = 2", "the log knows nothing of what attempt 0 did to cases"},
		{"spaced", "UPDATE case_act SET details = replace(details, ',', ', ') WHERE case_id = 'b' AND version = 1", "what attempt 1 did to cases"},
		{"the order", "UPDATE case_act SET id = 100 - id WHERE attempt = 1", "what attempt 1 did to cases"},
		{"gone", "DELETE FROM case_act WHERE case_id = 'c' AND version = 2", "act monthly/c/2 is missing"},
		{"state", "UPDATE case_file SET state = 'exited' WHERE case_id = 'b'", "case monthly/b is not what its acts have made of it"},
		{"registration", "UPDATE case_file SET event_id = 'd9' WHERE case_id = 'b'", "case monthly/b is not what its acts have made of it"},
		{"signature", "UPDATE configuration SET person = 'karim' WHERE part = 'author'", "signature of configuration monthly c0ffee author is not"},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx := context.Background()
			folder := t.TempDir()
			l := open(t, folder, newClock())
			decideSome(t, l)
			unlock := "DROP TRIGGER act_keeps; DROP TRIGGER act_stays; DROP TRIGGER config_keeps; DROP TRIGGER config_stays;"
			if _, err := raw(t, folder).ExecContext(ctx, unlock+c.statement); err != nil {
				t.Fatal(err)
			}
			if _, err := l.Verify(ctx, ledger.Head{}); !errors.Is(err, ledger.ErrTampered) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("verify: %v; want ErrTampered with %q", err, c.says)
			}
		})
	}
}
