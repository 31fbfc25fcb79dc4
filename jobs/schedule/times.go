package schedule

import (
	"fmt"
	"strings"
	"time"
	_ "time/tzdata" // time zones on machines that have none installed

	cron "github.com/netresearch/go-cron"
)

// Times are the due times of a job: a cron expression read on the clock of a
// time zone.
//
// A due time is the first moment at which that clock shows the written time or a
// later one. So a time that is skipped in spring (02:30 where the clock goes from
// 02:00 to 03:00) is due when the gap ends, and a time that comes twice in autumn
// is due once, the first time.
type Times struct {
	wall     cron.Schedule // as if there were no zones: in and out in UTC
	location *time.Location
}

// searchYears bounds the search for the next due time; 29 February can be eight
// years away (1896 to 1904, 2096 to 2104).
const searchYears = 9

// ParseTimes reads a cron expression of five fields (minute, hour, day of month,
// month, day of week; also L for the last day and MON#1 for the first Monday) or
// @daily and its like. When both days are given either of them fits, as in
// crontab(5). The zone is a name of the IANA database; empty is UTC.
func ParseTimes(expression, zone string) (Times, error) {
	upper := strings.ToUpper(strings.TrimSpace(expression))
	switch {
	case strings.HasPrefix(upper, "TZ=") || strings.HasPrefix(upper, "CRON_TZ="):
		return Times{}, fmt.Errorf("cron expression %q: the time zone belongs into time_zone", expression)
	case strings.HasPrefix(upper, "@EVERY"):
		return Times{}, fmt.Errorf("cron expression %q: @every has no fixed due times; write the hours and minutes", expression)
	}
	if strings.EqualFold(zone, "local") {
		return Times{}, fmt.Errorf("time zone %q: name a zone, such as Asia/Dhaka, so that every machine means the same", zone)
	}
	location, err := time.LoadLocation(zone)
	if err != nil {
		return Times{}, fmt.Errorf("time zone %q: not in the IANA database (such as Asia/Dhaka)", zone)
	}
	options := cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow | cron.Descriptor | cron.Extended | cron.DowOrDom
	parser := cron.MustNewParser(options).WithMaxSearchYears(searchYears)
	wall, err := parser.Parse(expression)
	if err != nil {
		return Times{}, fmt.Errorf("cron expression %q: %w", expression, err)
	}
	if wall.Next(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
		return Times{}, fmt.Errorf("cron expression %q: no such day ever comes", expression)
	}
	return Times{wall, location}, nil
}

// Next is the first due time after t, in the job's time zone.
func (ts Times) Next(t time.Time) time.Time {
	wall := shown(t.In(ts.location))
	for {
		wall = ts.wall.Next(wall)
		if wall.IsZero() {
			return time.Time{}
		}
		if at := ts.first(wall); at.After(t) {
			return at
		}
	}
}

// Between lists the due times after one moment, up to and with another.
func (ts Times) Between(after, until time.Time) []time.Time {
	var due []time.Time
	for t := ts.Next(after); !t.IsZero() && !t.After(until); t = ts.Next(t) {
		due = append(due, t)
	}
	return due
}

// AsOf is the day of a due time where the job is at home. It is the as-of day of
// its run.
func (ts Times) AsOf(due time.Time) time.Time {
	y, m, d := due.In(ts.location).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// shown is what a clock shows at t, as if it were UTC.
func shown(t time.Time) time.Time {
	_, offset := t.Zone()
	return t.UTC().Add(time.Duration(offset) * time.Second)
}

// first is the first moment at which the clock shows the wall time or a later one.
func (ts Times) first(wall time.Time) time.Time {
	t := time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), wall.Second(), 0, ts.location)
	start, end := t.ZoneBounds()
	switch {
	case shown(t).Before(wall): // in a gap, and time.Date chose a moment before it
		return end.In(ts.location)
	case shown(t).After(wall): // in a gap, and time.Date chose a moment after it
		return start.In(ts.location)
	}
	if start.IsZero() {
		return t
	}
	// In the first hours of a zone the clock may have shown the same time before.
	_, offset := start.Add(-time.Second).In(ts.location).Zone()
	if earlier := wall.Add(-time.Duration(offset) * time.Second); earlier.Before(start) {
		return earlier.In(ts.location)
	}
	return t
}
