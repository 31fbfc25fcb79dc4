package main

import (
	"encoding/csv"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rollcall/jobs/ledger"
)

func day(t *testing.T, text string) time.Time {
	t.Helper()
	d, err := time.Parse(time.DateOnly, text)
	must(t, err)
	return d
}

// caught is a run that was caught up: its day, how it ended, and how many deaths
// it knew of.
type caught struct {
	AsOf   string
	Status ledger.Status
	Deaths int64
}

// TestMissedRunsKnowWhatWasReceivedThen: each run that is caught up is as of its
// own day, and sees only what the register had received by then.
func TestMissedRunsKnowWhatWasReceivedThen(t *testing.T) {
	const seen, now = "2026-06-10", "2026-08-20"
	for _, c := range []struct {
		catchUp string
		days    []string
	}{
		{"none", nil},
		{"latest", []string{"2026-08-15"}},
		{"all", []string{"2026-06-15", "2026-07-15", "2026-08-15"}},
	} {
		t.Run(c.catchUp, func(t *testing.T) {
			folder := t.TempDir()
			must(t, os.CopyFS(folder, os.DirFS("../../testdata/village")))
			job := filepath.Join(folder, "job.yaml")
			text, err := os.ReadFile(job)
			must(t, err)
			// The register grows between the runs: that is no reason to hold one here.
			must(t, os.WriteFile(job, []byte(strings.Replace(string(text), "name: village",
				"name: village\ngate: {row_change: 100, list_share: 1, list_growth: 1000}\nschedule: {cron: '0 6 15 * *', time_zone: Asia/Dhaka, catch_up: "+c.catchUp+"}", 1)), 0o600))

			s := newScheduler(t.Context(), folder, io.Discard)
			for _, at := range []string{seen, now, now} {
				s.Clock = fixedClock{day(t, at)}
				if _, err := s.Once(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			var want []caught
			for _, d := range c.days {
				want = append(want, caught{d, ledger.Done, received(t, filepath.Join(folder, "deaths.csv"), d)})
			}
			if diff := cmp.Diff(want, runsOf(t, filepath.Join(folder, "out"))); diff != "" {
				t.Errorf("runs (-want +got):\n%s", diff)
			}
		})
	}
}

// received counts the deaths of the village received by a day.
func received(t *testing.T, file, by string) int64 {
	t.Helper()
	f, err := os.Open(file)
	must(t, err)
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	must(t, err)
	var n int64
	for _, row := range rows[1:] {
		if row[2] <= by { // received_on
			n++
		}
	}
	return n
}

// runsOf lists the runs of an output folder, the first first.
func runsOf(t *testing.T, output string) []caught {
	t.Helper()
	l, err := ledger.OpenExisting(t.Context(), output, time.Now)
	must(t, err)
	defer func() { must(t, l.Close()) }()
	runs, err := l.Runs(t.Context(), ledger.Filter{})
	must(t, err)
	var out []caught
	for _, r := range runs {
		out = append([]caught{{r.AsOf.Format(time.DateOnly), r.Status, r.Counts["used:deaths"]}}, out...)
	}
	return out
}
