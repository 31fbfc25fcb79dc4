package schedule_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"rollcall/jobs/schedule"
)

func parse(t testing.TB, cron, zone string) schedule.Times {
	t.Helper()
	ts, err := schedule.ParseTimes(cron, zone)
	if err != nil {
		t.Fatal(err)
	}
	return ts
}

func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t
}

func TestDueTimes(t *testing.T) {
	for _, c := range []struct {
		name, cron, zone, after string
		want                    []string
	}{
		{
			"a month in Dhaka", "0 6 5 * *", "Asia/Dhaka", "2025-07-05T05:59:00+06:00",
			[]string{"2025-07-05T06:00:00+06:00", "2025-08-05T06:00:00+06:00"},
		},
		{"no zone is UTC", "0 6 5 * *", "", "2025-07-05T06:00:00Z", []string{"2025-08-05T06:00:00Z"}},
		{"last day of the month", "0 6 L * *", "Asia/Dhaka", "2026-02-01T00:00:00+06:00", []string{"2026-02-28T06:00:00+06:00"}},
		{
			"either day, as crontab", "0 6 13 * FRI", "UTC", "2026-02-07T00:00:00Z",
			[]string{"2026-02-13T06:00:00Z", "2026-02-20T06:00:00Z"},
		},
		{"leap day", "0 6 29 2 *", "UTC", "2096-03-01T00:00:00Z", []string{"2104-02-29T06:00:00Z"}},

		{
			"02:30 in the gap is due when the gap ends", "30 2 * * *", "America/Los_Angeles", "2026-03-07T12:00:00-08:00",
			[]string{"2026-03-08T03:00:00-07:00", "2026-03-09T02:30:00-07:00"},
		},
		{
			"two times in the gap are one", "0,30 2 * * *", "America/Los_Angeles", "2026-03-07T12:00:00-08:00",
			[]string{"2026-03-08T03:00:00-07:00", "2026-03-09T02:00:00-07:00"},
		},
		{
			"hourly across the gap", "0 * * * *", "America/Los_Angeles", "2026-03-08T01:00:00-08:00",
			[]string{"2026-03-08T03:00:00-07:00", "2026-03-08T04:00:00-07:00"},
		},
		{
			"midnight in the gap", "0 0 * * *", "America/Sao_Paulo", "2018-11-03T12:00:00-03:00",
			[]string{"2018-11-04T01:00:00-02:00", "2018-11-05T00:00:00-02:00"},
		},
		{
			"half an hour's gap", "15,30 2 * * *", "Australia/Lord_Howe", "2025-10-04T12:00:00+10:30",
			[]string{"2025-10-05T02:30:00+11:00", "2025-10-06T02:15:00+11:00"},
		},
		{
			"01:30 that comes twice is due once", "30 1 * * *", "America/Los_Angeles", "2026-10-31T12:00:00-07:00",
			[]string{"2026-11-01T01:30:00-07:00", "2026-11-02T01:30:00-08:00"},
		},
		{
			"asked between its two comings", "30 1 * * *", "America/Los_Angeles", "2026-11-01T01:00:00-08:00",
			[]string{"2026-11-02T01:30:00-08:00"},
		},
		{
			"hourly across the repeated hour", "0 * * * *", "Europe/Berlin", "2025-10-26T01:30:00+02:00",
			[]string{"2025-10-26T02:00:00+02:00", "2025-10-26T03:00:00+01:00"},
		},
		{
			"a day that a country left out", "0 6 30 12 *", "Pacific/Apia", "2011-12-01T00:00:00-10:00",
			[]string{"2011-12-31T00:00:00+14:00", "2012-12-30T06:00:00+14:00"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			ts := parse(t, c.cron, c.zone)
			next := at(c.after)
			for _, want := range c.want {
				next = ts.Next(next)
				if got := next.Format(time.RFC3339); got != want {
					t.Fatalf("next is %s, want %s", got, want)
				}
			}
		})
	}
}

func TestAsOfIsTheDayAtHome(t *testing.T) {
	ts := parse(t, "0 2 * * *", "Asia/Dhaka")
	due := ts.Next(at("2025-07-04T12:00:00Z"))
	if got := due.UTC().Format(time.DateOnly); got != "2025-07-04" {
		t.Fatalf("due on %s in UTC; the test needs two different days", got)
	}
	if got := ts.AsOf(due).Format(time.DateOnly); got != "2025-07-05" {
		t.Errorf("as of %s, want 2025-07-05", got)
	}
}

func TestUnusableTimesAreRefused(t *testing.T) {
	for _, c := range []struct{ cron, zone, says string }{
		{"TZ=UTC 0 6 5 * *", "", "belongs into time_zone"},
		{"CRON_TZ=Asia/Dhaka 0 6 5 * *", "", "belongs into time_zone"},
		{"tz=0", "", "belongs into time_zone"},
		{"0 0 31 2 *", "UTC", "no such day ever comes"},
		{"0 0 30 FEB *", "UTC", "no such day ever comes"},
		{"@every 1h", "UTC", "no fixed due times"},
		{"61 * * * *", "UTC", "61 * * * *"},
		{"* * *", "UTC", "* * *"},
		{"", "UTC", `cron expression ""`},
		{"0 6 5 * *", "Asia/Daka", "not in the IANA database"},
		{"0 6 5 * *", "Local", "name a zone"},
		{"0 6 5 * *", "../../etc/passwd", "not in the IANA database"},
	} {
		_, err := schedule.ParseTimes(c.cron, c.zone)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%q in %q: %v; want an error with %q", c.cron, c.zone, err, c.says)
		}
	}
}

// The due times do not depend on the moment from which one asks.
func TestDueTimesAreTheSameFromWhereverAsked(t *testing.T) {
	zones := []string{"UTC", "Asia/Dhaka", "America/Los_Angeles", "America/Sao_Paulo", "Australia/Lord_Howe", "Africa/Casablanca", "Europe/Dublin"}
	crons := []string{"30 2 * * *", "*/20 * * * *", "0 0 * * *", "15 1-3 * * *", "5,35 */2 * * *"}
	rapid.Check(t, func(t *rapid.T) {
		ts, err := schedule.ParseTimes(rapid.SampledFrom(crons).Draw(t, "cron"), rapid.SampledFrom(zones).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		start := time.Unix(rapid.Int64Range(1_450_000_000, 1_800_000_000).Draw(t, "start"), 0)
		middle := start.Add(time.Duration(rapid.Int64Range(1, 72*3600).Draw(t, "seconds")) * time.Second)
		end := start.Add(72 * time.Hour)
		whole := ts.Between(start, end)
		parts := append(ts.Between(start, middle), ts.Between(middle, end)...)
		if len(whole) != len(parts) {
			t.Fatalf("%d due times, but %d when asked in two parts at %s", len(whole), len(parts), middle)
		}
		for i := range whole {
			if !whole[i].Equal(parts[i]) || i > 0 && !whole[i].After(whole[i-1]) {
				t.Fatalf("due time %d: %s and %s", i, whole[i], parts[i])
			}
		}
	})
}
