package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"rollcall/jobs/ledger"
)

func tree(t *testing.T, l *ledger.Ledger) ledger.Tree {
	t.Helper()
	tree, err := l.Tree(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func siteKey(t *testing.T) (private, public string) {
	t.Helper()
	private, err := ledger.CheckpointKey(filepath.Join(t.TempDir(), "keys", ledger.CheckpointKeyName))
	if err != nil {
		t.Fatal(err)
	}
	public, err = ledger.PublicKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return private, public
}

// signed is a checkpoint of now, as it comes back after having been mailed.
func signed(t *testing.T, l *ledger.Ledger, private, public string) ledger.Checkpoint {
	t.Helper()
	text, err := tree(t, l).Sign(private)
	if err != nil {
		t.Fatal(err)
	}
	mailed := "\r\n" + strings.ReplaceAll(string(text), "\n", "\r\n") + "\r\n"
	c, err := ledger.OpenCheckpoint([]byte(mailed), public)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// A checkpoint holds for ever, and every later tree can be proved to add to it.
func TestACheckpointHoldsAsTheLogGrows(t *testing.T) {
	ctx := context.Background()
	private, public := siteKey(t)
	l := open(t, t.TempDir(), newClock())
	earlier := []ledger.Checkpoint{signed(t, l, private, public)}
	for i := range 12 {
		run := begin(t, l, ledger.Start{Job: "monthly", AsOf: date("2025-06-05").AddDate(0, 0, i)})
		finish(t, l, run, ledger.End{Status: ledger.Done, RunID: fmt.Sprint("run-", i)})
		if err := l.Decide(ctx, "monthly", ledger.Decision{CaseID: fmt.Sprint(i), Kind: "same", DecidedOn: date("2025-07-06")}); err != nil {
			t.Fatal(err)
		}
		now, c := tree(t, l), signed(t, l, private, public)
		for _, e := range earlier {
			if err := now.Holds(e); err != nil {
				t.Fatalf("the checkpoint of %d entries at %d: %v", e.Entries, c.Entries, err)
			}
			proof, err := now.ProveSince(e)
			if err != nil {
				t.Fatal(err)
			}
			if e.Entries == 0 {
				continue
			}
			if err := tlog.CheckTree(proof, c.Entries, c.Root, e.Entries, e.Root); err != nil {
				t.Errorf("from %d entries to %d: %v", e.Entries, c.Entries, err)
			}
		}
		p, err := now.Prove(run.Attempt)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(p.Entry, fmt.Sprintf(`"run_id":"run-%d"`, i)) {
			t.Errorf("the entry of attempt %d is %s", run.Attempt, p.Entry)
		}
		if err := tlog.CheckRecord(p.Inclusion, c.Entries, c.Root, p.Index, tlog.RecordHash([]byte(p.Entry))); err != nil {
			t.Errorf("entry %d in %d: %v", p.Index, c.Entries, err)
		}
		earlier = append(earlier, c)
	}
}

// What a rewritten log with a chain of its own can no longer hide.
func TestARewrittenLogDoesNotHold(t *testing.T) {
	ctx := context.Background()
	private, public := siteKey(t)
	for says, statement := range map[string]string{
		"are not those": "UPDATE log SET entry = replace(entry, 'officer-7', 'officer-8')",
		"was cut off":   "DELETE FROM log WHERE seq = (SELECT max(seq) FROM log)",
	} {
		folder := t.TempDir()
		l := full(t, folder)
		c := signed(t, l, private, public)
		if _, err := raw(t, folder).ExecContext(ctx, "DROP TRIGGER IF EXISTS log_keeps; DROP TRIGGER IF EXISTS log_stays; "+statement); err != nil {
			t.Fatal(err)
		}
		if err := tree(t, l).Holds(c); !errors.Is(err, ledger.ErrTampered) || !strings.Contains(err.Error(), says) {
			t.Errorf("after %s: %v, want %q", statement, err, says)
		}
	}
}

func TestAForgedCheckpointIsNotOpened(t *testing.T) {
	private, public := siteKey(t)
	_, other := siteKey(t)
	text, err := tree(t, full(t, t.TempDir())).Sign(private)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(text), "\n")
	forged := strings.Replace(string(text), lines[1], "1", 1)
	for _, c := range []struct{ what, text, key string }{
		{"another number of entries", forged, public},
		{"another key", string(text), other},
		{"no signature", strings.Join(lines[:3], "\n"), public},
		{"nothing", "", public},
	} {
		if got, err := ledger.OpenCheckpoint([]byte(c.text), c.key); err == nil {
			t.Errorf("%s: opened as %v", c.what, got)
		}
	}
}

func TestTheKeyOfCheckpointsIsItsOwnersAlone(t *testing.T) {
	file := filepath.Join(t.TempDir(), ledger.CheckpointKeyName)
	first, err := ledger.CheckpointKey(file)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if again, err := ledger.CheckpointKey(file); err != nil || strings.TrimSpace(again) != strings.TrimSpace(first) {
		t.Errorf("a second key was made: %v", err)
	}
}
