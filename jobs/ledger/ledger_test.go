package ledger_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rollcall/jobs/ledger"
	"rollcall/pipeline/gate"
)

// clock is a time that only the test moves.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

func newClock() *clock { return &clock{t: date("2025-07-05").Add(6 * time.Hour)} }

func date(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

func open(t *testing.T, folder string, c *clock) *ledger.Ledger {
	t.Helper()
	l, err := ledger.Open(context.Background(), folder, c.now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	return l
}

func begin(t *testing.T, l *ledger.Ledger, s ledger.Start) ledger.Run {
	t.Helper()
	r, err := l.Begin(context.Background(), s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func finish(t *testing.T, l *ledger.Ledger, r ledger.Run, e ledger.End) {
	t.Helper()
	if err := l.Finish(context.Background(), r.Attempt, e); err != nil {
		t.Fatal(err)
	}
}

func past(t *testing.T, l *ledger.Ledger, r ledger.Run) ledger.Past {
	t.Helper()
	p, err := l.Past(context.Background(), r)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// rowsOf are figures with the number of rows of one source.
func rowsOf(source, rows string) []gate.Measure {
	return []gate.Measure{{Source: source, Measure: "rows", Value: rows}}
}

// raw opens the file as somebody would who goes round the program.
func raw(t *testing.T, folder string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(folder, ledger.FileName))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func TestFilesAreOnlyTheOwners(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "a folder 100% ?#&", "out")
	l := open(t, folder, newClock())
	begin(t, l, ledger.Start{Job: "monthly", AsOf: date("2025-07-05")})
	files, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 2 {
		t.Errorf("want the ledger and its journal in %d files", len(files))
	}
	for _, f := range files {
		info, err := f.Info()
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s: permissions %o, want 600", f.Name(), info.Mode().Perm())
		}
	}
}

func TestRunIsReadAsItWasWritten(t *testing.T) {
	ctx := context.Background()
	c := newClock()
	l := open(t, t.TempDir(), c)
	due := time.Date(2025, 7, 5, 0, 0, 0, 0, time.UTC)
	r := begin(t, l, ledger.Start{Job: "monthly", AsOf: date("2025-07-05"), DueAt: due, JobPath: "/jobs/monthly.yaml", ConfigSHA256: "c0ffee"})
	if err := l.Enter(ctx, r.Attempt, "link"); err != nil {
		t.Fatal(err)
	}
	c.pass(time.Minute)
	end := ledger.End{
		Status: ledger.Held, RunID: "monthly-2025-07-05-abc", Folder: "runs/monthly-2025-07-05-abc", ManifestSHA256: "facade",
		Findings: []gate.Finding{
			{Check: "rows", Source: "deaths", Verdict: gate.Hold, Observed: "50", Expected: "at least 100", Advice: "ask for the file again"},
			{Check: "file_age", Source: "births", Verdict: gate.Pass},
		},
		Figures:      append(rowsOf("deaths", "50"), rowsOf("births", "100")...),
		Counts:       map[string]int64{"exits": 3},
		StageSeconds: map[string]float64{"extract": 1.5},
	}
	finish(t, l, r, end)

	got, err := l.Run(ctx, "monthly-2025-07-05-abc")
	if err != nil {
		t.Fatal(err)
	}
	want := r
	want.Status, want.RunID, want.Folder, want.Stage = ledger.Held, end.RunID, end.Folder, "link"
	want.ManifestSHA256 = end.ManifestSHA256
	want.Counts, want.StageSeconds, want.EndedAt = end.Counts, end.StageSeconds, c.now()
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(ledger.Run{})); diff != "" {
		t.Errorf("run (-want +got):\n%s", diff)
	}
	found, err := l.Findings(ctx, r.Attempt)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(end.Findings, found); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	figured, err := l.Figures(ctx, r.Attempt)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(append(rowsOf("births", "100"), rowsOf("deaths", "50")...), figured); diff != "" {
		t.Errorf("figures (-want +got):\n%s", diff)
	}
}

func TestRunIsFoundByWhatPeopleType(t *testing.T) {
	ctx := context.Background()
	l := open(t, t.TempDir(), newClock())
	for _, id := range []string{"monthly-07-aa", "monthly-08-ab", "monthly-08-ab", "weekly-1"} {
		r := begin(t, l, ledger.Start{Job: "j", AsOf: date("2025-07-05")})
		finish(t, l, r, ledger.End{Status: ledger.Done, RunID: id})
	}
	for _, c := range []struct {
		name    string
		attempt int64 // 0: not found
	}{
		{"monthly-07-aa", 1},
		{"monthly-08", 3},
		{"monthly-08-ab", 3},
		{"w", 4},
		{"#2", 2},
		{"monthly", 0},
		{"daily", 0},
		{"#9", 0},
		{"", 0},
		{"%", 0},
	} {
		r, err := l.Run(ctx, c.name)
		if c.attempt == 0 && !errors.Is(err, ledger.ErrNotFound) || c.attempt != 0 && err != nil || r.Attempt != c.attempt {
			t.Errorf("Run(%q) = attempt %d, %v; want attempt %d", c.name, r.Attempt, err, c.attempt)
		}
	}
}

func TestOneRunOfAJobAtATime(t *testing.T) {
	ctx := context.Background()
	l := open(t, t.TempDir(), newClock())
	start := ledger.Start{Job: "monthly", AsOf: date("2025-07-05"), DueAt: date("2025-07-05")}
	r := begin(t, l, start)
	if _, err := l.Begin(ctx, start); !errors.Is(err, ledger.ErrRunning) {
		t.Errorf("second start: %v, want ErrRunning", err)
	}
	begin(t, l, ledger.Start{Job: "weekly", AsOf: date("2025-07-05"), DueAt: date("2025-07-05")})
	finish(t, l, r, ledger.End{Status: ledger.Failed, Error: "database away"})
	if _, err := l.Begin(ctx, start); !errors.Is(err, ledger.ErrAlreadyRun) {
		t.Errorf("start after the end: %v, want ErrAlreadyRun", err)
	}
	if err := l.Finish(ctx, r.Attempt, ledger.End{Status: ledger.Done}); err == nil {
		t.Error("an attempt ended twice")
	}
}

func TestDeadAttemptIsGoneOnWithInTheSamePast(t *testing.T) {
	ctx := context.Background()
	l := open(t, t.TempDir(), newClock())
	due := date("2025-07-05")
	start := ledger.Start{Job: "monthly", AsOf: due, DueAt: due}
	first := begin(t, l, start)
	dead, err := l.Recover(ctx, "monthly")
	if err != nil {
		t.Fatal(err)
	}
	if len(dead) != 1 || dead[0].Attempt != first.Attempt || dead[0].Status != ledger.Interrupted || !dead[0].Crashed {
		t.Fatalf("recovered %+v", dead)
	}
	if err := l.Decide(ctx, "monthly", ledger.Decision{CaseID: "case-1", Kind: "confirmed", DecidedOn: due, Person: "officer-7", Reason: "seen"}); err != nil {
		t.Fatal(err)
	}
	p, err := l.Watch(ctx, "monthly", "0 6 5 * *", "UTC")
	if err != nil {
		t.Fatal(err)
	}
	if p.Unfinished == nil || p.Unfinished.Attempt != first.Attempt || p.Crashes != 1 {
		t.Fatalf("progress %+v", p)
	}
	second := begin(t, l, start)
	if second.Continues != first.Attempt {
		t.Errorf("continues %d, want %d", second.Continues, first.Attempt)
	}
	if got := past(t, l, second); len(got.Decisions) != 0 {
		t.Errorf("a decision made after the first attempt began is in its continuation: %+v", got.Decisions)
	}
	finish(t, l, second, ledger.End{Status: ledger.Done, RunID: "r1"})
	if p, err = l.Watch(ctx, "monthly", "0 6 5 * *", "UTC"); err != nil || p.Unfinished != nil {
		t.Errorf("after the end: unfinished %+v, %v", p.Unfinished, err)
	}
	next := begin(t, l, ledger.Start{Job: "monthly", AsOf: due.AddDate(0, 1, 0), DueAt: due.AddDate(0, 1, 0)})
	if got := past(t, l, next); len(got.Decisions) != 1 {
		t.Errorf("the next run knows %d decisions, want 1", len(got.Decisions))
	}
}

func TestGivenUpRunIsNotGoneOnWith(t *testing.T) {
	ctx := context.Background()
	l := open(t, t.TempDir(), newClock())
	due := date("2025-07-05")
	begin(t, l, ledger.Start{Job: "monthly", AsOf: due, DueAt: due})
	if _, err := l.Recover(ctx, "monthly"); err != nil {
		t.Fatal(err)
	}
	if err := l.GiveUp(ctx, "monthly", due, "died too often"); err != nil {
		t.Fatal(err)
	}
	p, err := l.Watch(ctx, "monthly", "0 6 5 * *", "UTC")
	if err != nil || p.Unfinished != nil {
		t.Errorf("unfinished %+v, %v", p.Unfinished, err)
	}
	r, err := l.Run(ctx, "#1")
	if err != nil || r.Status != ledger.Failed || r.Error != "died too often" {
		t.Errorf("run %s %q, %v", r.Status, r.Error, err)
	}
}

func TestBaselineIsTheLastGoodRunOfAnEarlierDay(t *testing.T) {
	l := open(t, t.TempDir(), newClock())
	run := func(asOf string, status ledger.Status, rows string) {
		r := begin(t, l, ledger.Start{Job: "monthly", AsOf: date(asOf)})
		finish(t, l, r, ledger.End{Status: status, Figures: rowsOf("deaths", rows)})
	}
	run("2025-05-05", ledger.Done, "500")
	run("2025-06-05", ledger.Done, "600")
	run("2025-06-05", ledger.Done, "601") // the same day again, corrected
	run("2025-07-05", ledger.Held, "1")
	run("2025-07-06", ledger.Partial, "2")
	run("2025-07-07", ledger.Failed, "3")
	for _, c := range []struct{ asOf, rows string }{
		{"2025-05-05", ""}, // nothing earlier
		{"2025-06-05", "500"},
		{"2025-08-05", "601"},
	} {
		p, err := l.PastFor(context.Background(), "monthly", date(c.asOf))
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if len(p.Baseline) > 0 {
			got = p.Baseline[0].Value
		}
		if got != c.rows {
			t.Errorf("baseline for %s: %q rows, want %q", c.asOf, got, c.rows)
		}
	}
	p, err := l.PastFor(context.Background(), "weekly", date("2025-08-05"))
	if err != nil || len(p.Baseline) != 0 {
		t.Errorf("another job's baseline: %v, %v", p.Baseline, err)
	}
}

// TestSizesOfListsAreMediansOfTheLastGoodRuns: one odd month is no measure of the
// next, and a day that was run twice counts once.
func TestSizesOfListsAreMediansOfTheLastGoodRuns(t *testing.T) {
	l := open(t, t.TempDir(), newClock())
	run := func(asOf, exits string) {
		figures := rowsOf("deaths", exits)
		if exits != "" {
			figures = append(figures, gate.Measure{Source: "list", Measure: "ending:exit:old_age", Value: exits})
		}
		finish(t, l, begin(t, l, ledger.Start{Job: "monthly", AsOf: date(asOf)}), ledger.End{Status: ledger.Done, Figures: figures})
	}
	for _, r := range [][2]string{
		{"2025-01-05", "9000"}, // seven runs ago
		{"2025-02-05", "10"}, {"2025-03-05", "20"}, {"2025-04-05", "900"}, {"2025-05-05", "999"}, {"2025-05-05", "40"}, {"2025-06-05", ""}, {"2025-07-05", "50"},
	} {
		run(r[0], r[1])
	}
	p, err := l.PastFor(context.Background(), "monthly", date("2025-08-05"))
	if err != nil {
		t.Fatal(err)
	}
	// 0 10 20 40 50 900
	want := []gate.Measure{{Source: "deaths", Measure: "rows", Value: "50"}, {Source: "list", Measure: "ending:exit:old_age", Value: "30"}}
	if diff := cmp.Diff(want, p.Baseline); diff != "" {
		t.Errorf("baseline (-want +got):\n%s", diff)
	}
}

func TestLatestDecisionOfACaseCounts(t *testing.T) {
	ctx := context.Background()
	l := open(t, t.TempDir(), newClock())
	for _, d := range []ledger.Decision{
		{CaseID: "b", Kind: "same", DecidedOn: date("2025-07-01"), LeftValues: "l1", RightValues: "r1", Person: "p", Reason: "x"},
		{CaseID: "a", Kind: "different", DecidedOn: date("2025-07-01"), LeftValues: "l2", RightValues: "r2", Person: "p", Reason: "y"},
		{CaseID: "b", Kind: "withdrawn", DecidedOn: date("2025-07-02"), LeftValues: "l1", RightValues: "r1", Person: "q", Reason: "z"},
	} {
		if err := l.Decide(ctx, "monthly", d); err != nil {
			t.Fatal(err)
		}
	}
	p, err := l.PastFor(ctx, "monthly", date("2025-08-05"))
	if err != nil {
		t.Fatal(err)
	}
	want := []ledger.Decision{
		{CaseID: "a", Kind: "different", DecidedOn: date("2025-07-01"), LeftValues: "l2", RightValues: "r2", Person: "p", Reason: "y"},
		{CaseID: "b", Kind: "withdrawn", DecidedOn: date("2025-07-02"), LeftValues: "l1", RightValues: "r1", Person: "q", Reason: "z"},
	}
	if diff := cmp.Diff(want, p.Decisions); diff != "" {
		t.Errorf("decisions (-want +got):\n%s", diff)
	}
	if err := l.Decide(ctx, "monthly", ledger.Decision{CaseID: "c", Kind: "perhaps"}); err == nil {
		t.Error("a decision of an unknown kind was recorded")
	}
}

func TestReleaseTakesTwoPeopleAndAReason(t *testing.T) {
	ctx := context.Background()
	l := open(t, t.TempDir(), newClock())
	held := begin(t, l, ledger.Start{Job: "monthly", AsOf: date("2025-07-05")})
	if _, err := l.Release(ctx, held.Attempt, ledger.Release{Person: "amina", Reason: "checked"}); !errors.Is(err, ledger.ErrNotHeld) {
		t.Errorf("release of a running attempt: %v", err)
	}
	finish(t, l, held, ledger.End{Status: ledger.Held, RunID: "r1"})
	for _, c := range []struct {
		person, reason string
		complete       bool
		err            error
	}{
		{"amina", "", false, nil}, // refused: no reason
		{" ", "checked", false, nil},
		{"amina", "checked with the registrar", false, nil},
		{" Amina ", "again", false, ledger.ErrSamePerson},
		{"rahim", "seen the letter", true, nil},
		{"third", "too late", false, ledger.ErrNotHeld},
	} {
		complete, err := l.Release(ctx, held.Attempt, ledger.Release{Person: c.person, Reason: c.reason})
		refused := c.err != nil || c.reason == "" || c.person == " "
		if complete != c.complete || (err != nil) != refused || c.err != nil && !errors.Is(err, c.err) {
			t.Errorf("release by %q because %q: complete %v, %v", c.person, c.reason, complete, err)
		}
	}
	r, err := l.Run(ctx, "r1")
	if err != nil || r.Status != ledger.Released {
		t.Fatalf("status %s, %v", r.Status, err)
	}
	given, err := l.Releases(ctx, held.Attempt)
	if err != nil || len(given) != 2 || given[0].Person != "amina" || given[1].Person != "rahim" {
		t.Errorf("releases %+v, %v", given, err)
	}
}

func TestReleasedRunGoesOnInTheSamePastAndIsTheBaseline(t *testing.T) {
	ctx := context.Background()
	l := open(t, t.TempDir(), newClock())
	june := begin(t, l, ledger.Start{Job: "monthly", AsOf: date("2025-06-05")})
	finish(t, l, june, ledger.End{Status: ledger.Done, RunID: "june", Figures: rowsOf("deaths", "600")})
	july := begin(t, l, ledger.Start{Job: "monthly", AsOf: date("2025-07-05")})
	finish(t, l, july, ledger.End{Status: ledger.Held, RunID: "july", Figures: rowsOf("deaths", "200")})
	for _, person := range []string{"amina", "rahim"} {
		if _, err := l.Release(ctx, july.Attempt, ledger.Release{Person: person, Reason: "a district moved to its own register"}); err != nil {
			t.Fatal(err)
		}
	}
	again := begin(t, l, ledger.Start{Job: "monthly", AsOf: july.AsOf, Continues: july.Attempt})
	if diff := cmp.Diff(rowsOf("deaths", "600"), past(t, l, again).Baseline); diff != "" {
		t.Errorf("baseline of the released run (-want +got):\n%s", diff)
	}
	finish(t, l, again, ledger.End{Status: ledger.Done, RunID: "july", Figures: rowsOf("deaths", "200")})
	if r, ok, err := l.Continuation(ctx, july.Attempt); err != nil || !ok || r.Attempt != again.Attempt {
		t.Errorf("continuation %+v, %v, %v", r, ok, err)
	}
	p, err := l.PastFor(ctx, "monthly", date("2025-08-05"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(rowsOf("deaths", "200"), p.Baseline); diff != "" {
		t.Errorf("baseline for August (-want +got):\n%s", diff)
	}
}

func TestWatchCountsFromWhenTheTimesWereSeen(t *testing.T) {
	ctx := context.Background()
	c := newClock()
	folder := t.TempDir()
	l := open(t, folder, c)
	watch := func(cron string) time.Time {
		t.Helper()
		p, err := l.Watch(ctx, "monthly", cron, "UTC")
		if err != nil {
			t.Fatal(err)
		}
		return p.Since
	}
	seen := c.now()
	if got := watch("0 6 5 * *"); !got.Equal(seen) {
		t.Errorf("first seen: since %s, want %s", got, seen)
	}
	c.pass(48 * time.Hour)
	if got := watch("0 6 5 * *"); !got.Equal(seen) {
		t.Errorf("seen again: since %s, want %s", got, seen)
	}
	due := seen.Add(24 * time.Hour)
	r := begin(t, l, ledger.Start{Job: "monthly", AsOf: due, DueAt: due})
	finish(t, l, r, ledger.End{Status: ledger.Failed})
	if got := watch("0 6 5 * *"); !got.Equal(due) {
		t.Errorf("after a run: since %s, want %s", got, due)
	}
	if err := l.Skip(ctx, "monthly", seen.Add(36*time.Hour), 1); err != nil {
		t.Fatal(err)
	}
	if got := watch("0 6 5 * *"); !got.Equal(seen.Add(36 * time.Hour)) {
		t.Errorf("after a skip: since %s", got)
	}
	if got := watch("0 7 5 * *"); !got.Equal(c.now()) {
		t.Errorf("with other times: since %s, want %s", got, c.now())
	}
}

func TestManyProcessesWriteOneLedger(t *testing.T) {
	ctx := context.Background()
	folder := t.TempDir()
	c := newClock()
	const writers, decisions = 4, 25
	errs := make(chan error, writers)
	for w := range writers {
		go func() { // each opens the file by itself, as a process does
			l, err := ledger.Open(ctx, folder, c.now)
			if err != nil {
				errs <- err
				return
			}
			for i := range decisions {
				err = errors.Join(err, l.Decide(ctx, "monthly", ledger.Decision{CaseID: fmt.Sprintf("%d-%d", w, i), Kind: "same"}))
			}
			errs <- errors.Join(err, l.Close())
		}()
	}
	for range writers {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	head, err := open(t, folder, c).Verify(ctx, ledger.Head{})
	if err != nil || head.Entries != writers*decisions {
		t.Errorf("verified %d entries, %v; want %d", head.Entries, err, writers*decisions)
	}
}

func TestNewerSchemaIsRefused(t *testing.T) {
	folder := t.TempDir()
	open(t, folder, newClock())
	if _, err := raw(t, folder).ExecContext(context.Background(), "PRAGMA user_version = 99"); err != nil {
		t.Fatal(err)
	}
	_, err := ledger.Open(context.Background(), folder, time.Now)
	if err == nil || !strings.Contains(err.Error(), "newer program") {
		t.Errorf("opened a ledger of a newer program: %v", err)
	}
}

func TestNoLedgerIsMadeByLooking(t *testing.T) {
	folder := t.TempDir()
	if _, err := ledger.OpenExisting(context.Background(), folder, time.Now); !errors.Is(err, ledger.ErrNoLedger) {
		t.Errorf("got %v, want ErrNoLedger", err)
	}
	if files, _ := os.ReadDir(folder); len(files) != 0 {
		t.Errorf("looking made %d files", len(files))
	}
}
