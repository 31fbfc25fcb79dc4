package schedule

import "time"

// Clock is where the scheduler takes time from.
type Clock interface {
	Now() time.Time
	// After sends once on the channel when d has passed, unless stop is called.
	After(d time.Duration) (c <-chan time.Time, stop func())
}

// SystemClock is the machine's clock.
type SystemClock struct{}

// Now is the time.
func (SystemClock) Now() time.Time { return time.Now() }

// After waits on a timer of the machine.
func (SystemClock) After(d time.Duration) (<-chan time.Time, func()) {
	t := time.NewTimer(d)
	return t.C, func() { t.Stop() }
}
