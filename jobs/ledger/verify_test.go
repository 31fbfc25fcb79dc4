package ledger_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"testing"

	"rollcall/jobs/ledger"
	"rollcall/pipeline/clerical"
	"rollcall/pipeline/gate"
)

// full makes a ledger in which everything happened that can.
func full(t *testing.T, folder string) *ledger.Ledger {
	t.Helper()
	ctx := context.Background()
	l := open(t, folder, newClock())
	done := begin(t, l, ledger.Start{Job: "monthly", AsOf: date("2025-06-05")})
	finish(t, l, done, ledger.End{Status: ledger.Done, RunID: "june", Figures: rowsOf("deaths", "600"), Counts: map[string]int64{"exits": 3}})
	held := begin(t, l, ledger.Start{Job: "monthly", AsOf: date("2025-07-05")})
	finish(t, l, held, ledger.End{Status: ledger.Held, RunID: "july", Findings: []gate.Finding{{Check: "rows", Source: "deaths", Verdict: gate.Hold}}})
	for _, person := range []string{"amina", "rahim"} {
		if _, err := l.Release(ctx, held.Attempt, ledger.Release{Person: person, Reason: "seen <the> letter & believed it"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Decide(ctx, "monthly", ledger.Decision{CaseID: "c1", Kind: "different", DecidedOn: date("2025-07-06"), Person: "officer-7", Reason: "cousins"}); err != nil {
		t.Fatal(err)
	}
	strata := []clerical.Stratum{{Kind: "across", Fate: "accepted", From: .9, To: .99, Pairs: 40, Drawn: 2, Mean: .96}}
	for _, person := range []string{"sita", "karim"} {
		if err := l.Judge(ctx, "monthly", date("2025-06-05"), strata, ledger.PairJudgement{
			RunID: "june", Pair: 1, Place: clerical.Place{Kind: "across", Fate: "accepted", From: .9}, Answer: "same", Person: person,
		}); err != nil {
			t.Fatal(err)
		}
	}
	begin(t, l, ledger.Start{Job: "weekly", AsOf: date("2025-07-07"), DueAt: date("2025-07-07")})
	if _, err := l.Recover(ctx, "weekly"); err != nil {
		t.Fatal(err)
	}
	if err := l.GiveUp(ctx, "weekly", date("2025-07-07"), "died too often"); err != nil {
		t.Fatal(err)
	}
	return l
}

func TestUntouchedLedgerVerifies(t *testing.T) {
	ctx := context.Background()
	l := full(t, t.TempDir())
	head, err := l.Verify(ctx, ledger.Head{})
	if err != nil {
		t.Fatal(err)
	}
	if head.Entries == 0 {
		t.Error("nothing was recorded")
	}
	if err := l.Decide(ctx, "monthly", ledger.Decision{CaseID: "c2", Kind: "same"}); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Verify(ctx, head); err != nil {
		t.Errorf("against the head of before: %v", err)
	}
}

// TestChainIsWhatItsDocumentationSays computes the chain as an auditor would.
func TestChainIsWhatItsDocumentationSays(t *testing.T) {
	l := full(t, t.TempDir())
	log, err := l.Log(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	previous := strings.Repeat("0", 64)
	for _, e := range log {
		previous = fmt.Sprintf("%x", sha256.Sum256([]byte(previous+"\n"+e.JSON)))
		if e.Hash != previous {
			t.Fatalf("entry %d has hash %s, want %s", e.Seq, e.Hash, previous)
		}
		if strings.ContainsAny(e.JSON, "\n") {
			t.Errorf("entry %d has a line break", e.Seq)
		}
	}
}

func TestAlterationsAreFound(t *testing.T) {
	unlock := "DROP TRIGGER log_keeps; DROP TRIGGER log_stays; DROP TRIGGER decision_keeps; DROP TRIGGER decision_stays; DROP TRIGGER release_keeps; DROP TRIGGER release_stays; DROP TRIGGER judgement_keeps; DROP TRIGGER judgement_stays; DROP TRIGGER judged_run_keeps;"
	for _, c := range []struct{ name, statement, says string }{
		{"status", "UPDATE run SET status = 'done' WHERE run_id = 'july'", "attempt 2 is done"},
		{"run id", "UPDATE run SET run_id = 'other' WHERE run_id = 'june'", "end of attempt 1"},
		{"manifest", "UPDATE run SET manifest_sha256 = 'ff' WHERE run_id = 'june'", "end of attempt 1"},
		{"as-of day", "UPDATE run SET as_of = '2025-06-06' WHERE run_id = 'june'", "start of attempt 1"},
		{"count", `UPDATE run SET counts = '{"exits":2}' WHERE run_id = 'june'`, "end of attempt 1"},
		{"figure", "UPDATE figure SET value = '601'", "end of attempt 1"},
		{"finding", "UPDATE finding SET verdict = 'pass'", "end of attempt 2"},
		{"finding gone", "DELETE FROM finding", "end of attempt 2"},
		{"baseline", "INSERT INTO baseline (job, as_of, attempt, set_at) VALUES ('monthly', '2025-07-05', 2, '')", "attempt 2 is a baseline"},
		{"releaser", "UPDATE release SET person = 'nobody' WHERE person = 'rahim'", "release of attempt 2"},
		{"release gone", "DELETE FROM release WHERE person = 'rahim'", "release of attempt 2 rahim is missing"},
		{"decision", "UPDATE decision SET kind = 'same'", "decision 1 is not"},
		{"decision gone", "DELETE FROM decision", "decision 1 is missing"},
		{"decision added", "INSERT INTO decision (job, case_id, kind, decided_on, left_values, right_values, person, reason, recorded_at) VALUES ('monthly','c9','same','2025-07-06','','','x','y','')", "decision 2 is not"},
		{"judgement", "UPDATE judgement SET answer = 'different' WHERE id = 2", "judgement 2 is not"},
		{"judgement gone", "DELETE FROM judgement WHERE id = 1", "judgement 1 is missing"},
		{"strata", "UPDATE judged_run SET strata = replace(strata, '40', '41')", "what run monthly june expected of its sample is not"},
		{"entry", "UPDATE log SET entry = replace(entry, 'amina', 'anima')", "does not fit the hash before it"},
		{"entry gone", "DELETE FROM log WHERE seq = 3", "entry 3 is missing"},
		{"last entry gone", "DELETE FROM log WHERE seq = (SELECT max(seq) FROM log)", "head that was written down"},
		{"all gone", "DELETE FROM log; DELETE FROM release; DELETE FROM finding; DELETE FROM figure; DELETE FROM baseline; DELETE FROM decision; DELETE FROM run", "head that was written down"},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx := context.Background()
			folder := t.TempDir()
			l := full(t, folder)
			head, err := l.Head(ctx)
			if err != nil {
				t.Fatal(err)
			}
			db := raw(t, folder)
			if _, err := db.ExecContext(ctx, unlock+c.statement); err != nil {
				t.Fatal(err)
			}
			_, err = l.Verify(ctx, head)
			if !errors.Is(err, ledger.ErrTampered) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("verify: %v; want ErrTampered with %q", err, c.says)
			}
		})
	}
}

// The rules that matter most hold in the file itself, for whatever writes to it.
func TestFileRefusesWhatTheRulesForbid(t *testing.T) {
	folder := t.TempDir()
	l := full(t, folder)
	held := begin(t, l, ledger.Start{Job: "monthly", AsOf: date("2025-08-05")})
	finish(t, l, held, ledger.End{Status: ledger.Held, RunID: "august"})
	db := raw(t, folder)
	for _, statement := range []string{
		"UPDATE log SET hash = ''",
		"DELETE FROM log",
		"UPDATE decision SET kind = 'same'",
		"DELETE FROM release",
		"INSERT INTO release VALUES (2, 'third', 'late', '', '{}')",
		"INSERT INTO release VALUES (1, 'x', '', '', '{}')",
		"UPDATE run SET status = 'released' WHERE run_id = 'august'",
		"UPDATE run SET status = 'stopped'",
	} {
		if _, err := db.ExecContext(context.Background(), statement); err == nil {
			t.Errorf("the file let it pass: %s", statement)
		}
	}
}

// Of a pair that two people judged, the later judgement counts; of one person's, too.
// A run knows what came back before it began, and no more.
func TestTheNextRunKnowsWhatWasJudged(t *testing.T) {
	ctx := context.Background()
	l := full(t, t.TempDir())
	counts := func() clerical.Count {
		t.Helper()
		past, err := l.PastFor(ctx, "monthly", date("2025-08-05"))
		if err != nil || past.Judged.RunID != "june" || len(past.Judged.Counts) != 1 {
			t.Fatalf("%+v, %v", past.Judged, err)
		}
		return past.Judged.Counts[0]
	}
	if c := counts(); c.Same != 1 || c.Twice != 1 || c.Alike != 1 || c.Pairs != 40 {
		t.Errorf("judged alike by two: %+v", c)
	}
	before, err := l.Begin(ctx, ledger.Start{Job: "monthly", AsOf: date("2025-08-05")})
	if err != nil {
		t.Fatal(err)
	}
	err = l.Judge(ctx, "monthly", date("2025-06-05"), nil, ledger.PairJudgement{
		RunID: "june", Pair: 1, Place: clerical.Place{Kind: "across", Fate: "accepted", From: .9}, Answer: "unsure", Person: "sita",
	})
	if err != nil {
		t.Fatal(err)
	}
	if c := counts(); c.Same != 0 || c.Unsure != 1 || c.Twice != 1 || c.Alike != 0 {
		t.Errorf("one of them judged again: %+v", c)
	}
	if past, err := l.Past(ctx, before); err != nil || past.Judged.Counts[0].Same != 1 {
		t.Errorf("a run that had begun: %+v, %v", past.Judged, err)
	}
}
