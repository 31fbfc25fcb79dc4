package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// written is a closed ledger with a hundred decisions.
func written(t *testing.T) (folder string) {
	t.Helper()
	folder = t.TempDir()
	l, err := Open(context.Background(), folder, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 100 {
		decide(t, l, fmt.Sprint(i))
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return folder
}

func closed(t *testing.T, l *Ledger) {
	t.Helper()
	if err := l.Close(); err != nil {
		t.Error(err)
	}
}

func decide(t *testing.T, l *Ledger, id string) {
	t.Helper()
	if err := l.Decide(context.Background(), "monthly", Decision{CaseID: id, Kind: "same", Reason: "seen"}); err != nil {
		t.Fatal(err)
	}
}

// whole holds that a ledger has so many entries and that they are as written.
func whole(t *testing.T, folder string, entries int64) {
	t.Helper()
	l, err := OpenExisting(context.Background(), folder, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, l)
	if head, err := l.Verify(context.Background(), Head{}); err != nil || head.Entries != entries {
		t.Errorf("the ledger has %d entries, want %d: %v", head.Entries, entries, err)
	}
}

func other(t *testing.T, folder string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(folder, FileName))
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { db.Close() })
	return db
}

func do(t *testing.T, db *sql.DB, statement string) {
	t.Helper()
	if _, err := db.ExecContext(context.Background(), statement); err != nil {
		t.Fatal(err)
	}
}

func TestALockedLedgerIsRefused(t *testing.T) {
	ctx := context.Background()
	folder := written(t)
	l, err := connect(ctx, filepath.Join(folder, FileName), time.Now, 50*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	holder := other(t, folder)
	do(t, holder, "BEGIN IMMEDIATE")
	err = l.Decide(ctx, "monthly", Decision{CaseID: "late", Kind: "same"})
	if !errors.Is(err, ErrLocked) || !strings.Contains(err.Error(), "another process holds the ledger") {
		t.Errorf("while another writes: %v", err)
	}
	do(t, holder, "ROLLBACK")
	decide(t, l, "then")
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	do(t, holder, "PRAGMA locking_mode = EXCLUSIVE")
	do(t, holder, "BEGIN EXCLUSIVE")
	if _, err := connect(ctx, filepath.Join(folder, FileName), time.Now, 50*time.Millisecond); !errors.Is(err, ErrLocked) {
		t.Errorf("while another has it for itself: %v", err)
	}
	do(t, holder, "ROLLBACK")
	holder.Close()
	whole(t, folder, 101)
}

func TestAFullDiskLosesNothing(t *testing.T) {
	ctx := context.Background()
	folder := written(t)
	l, err := OpenExisting(ctx, folder, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, l)
	do(t, l.db, "PRAGMA max_page_count = 1") // SQLite takes the number that there is
	long := strings.Repeat("a reason that needs pages ", 4000)
	err = l.Decide(ctx, "monthly", Decision{CaseID: "late", Kind: "same", Reason: long})
	if !errors.Is(err, ErrFull) || !strings.Contains(err.Error(), "no room on the disk") {
		t.Errorf("without room: %v", err)
	}
	if head, err := l.Verify(ctx, Head{}); err != nil || head.Entries != 100 {
		t.Errorf("%d entries, want 100: %v", head.Entries, err)
	}
	do(t, l.db, "PRAGMA max_page_count = 1000000")
	decide(t, l, "then")
	whole(t, folder, 101)
}

func TestALedgerOfANewerProgramIsLeftAlone(t *testing.T) {
	folder := written(t)
	do(t, other(t, folder), "PRAGMA user_version = 99")
	_, err := Open(context.Background(), folder, time.Now)
	if !errors.Is(err, ErrNewer) || !strings.Contains(err.Error(), "version 99") {
		t.Errorf("a newer ledger: %v", err)
	}
	do(t, other(t, folder), fmt.Sprintf("PRAGMA user_version = %d", len(migrations())))
	whole(t, folder, 100)
}

func TestAFileThatWasCutOffIsRefused(t *testing.T) {
	folder := written(t)
	path := filepath.Join(folder, FileName)
	kept, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(folder, "runs", "july"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "runs", "july", "manifest.json"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, size := range []int{0, 10, 4096, len(kept) / 2, len(kept) - 1} {
		if err := os.WriteFile(path, kept[:size], 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Open(context.Background(), folder, time.Now)
		if !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "backup") {
			t.Errorf("cut off after %d of %d bytes: %v", size, len(kept), err)
		}
		if now, err := os.ReadFile(path); err != nil || len(now) != size {
			t.Errorf("the file has %d bytes after the refusal, and had %d: %v", len(now), size, err)
		}
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	for name, open := range map[string]func(context.Context, string, func() time.Time) (*Ledger, error){"to write": Open, "to read": OpenExisting} {
		if _, err := open(context.Background(), folder, time.Now); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "it is gone, and the folders of 1 runs lie beside it") {
			t.Errorf("gone, and opened %s: %v", name, err)
		}
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("another ledger was begun in the place of the lost one")
	}
	if err := os.WriteFile(path, append([]byte("no ledger at all"), kept...), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(context.Background(), folder, time.Now); !errors.Is(err, ErrDamaged) {
		t.Errorf("another file in its place: %v", err)
	}
	if err := os.WriteFile(path, kept, 0o600); err != nil {
		t.Fatal(err)
	}
	whole(t, folder, 100)
}

// A process that is killed in a write leaves a journal whose end is cut off:
// SQLite takes what was committed, and no more.
func TestAJournalThatWasCutOffLosesNoCommittedEntry(t *testing.T) {
	folder := written(t)
	l, err := OpenExisting(context.Background(), folder, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, l)
	decide(t, l, "committed")
	journal := func() []byte {
		data, err := os.ReadFile(filepath.Join(folder, FileName+"-wal"))
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	committed := len(journal())
	decide(t, l, "in the middle")
	after := journal()
	main, err := os.ReadFile(filepath.Join(folder, FileName))
	if err != nil {
		t.Fatal(err)
	}
	for _, end := range []int{committed, committed + 1, (committed + len(after)) / 2, len(after) - 1} {
		crashed := t.TempDir()
		for name, data := range map[string][]byte{FileName: main, FileName + "-wal": after[:end]} {
			if err := os.WriteFile(filepath.Join(crashed, name), data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		whole(t, crashed, 101)
	}
}
