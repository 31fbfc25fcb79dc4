package schedule

import (
	"time"

	"rollcall/jobs/ledger"
)

// CatchUp says what becomes of due times that passed while no scheduler ran.
type CatchUp string

// The policies for due times that were missed.
const (
	None   CatchUp = "none"   // they are skipped, and the ledger says so
	Latest CatchUp = "latest" // the last of them is run
	All    CatchUp = "all"    // each is run, in order, with its own as-of day
)

// Due is one run that is to be made.
type Due struct {
	At   time.Time // the due time, which names the run
	AsOf time.Time // day
}

// lateness is how late a run may start, under None, after its due time when the
// scheduler was not there to see it: a restart of the machine is no missed run.
const lateness = 15 * time.Minute

// maxCrashes is how many attempts at one due time may die with their process
// before the run is given up as failed.
const maxCrashes = 5

// plan is what a job's due times ask for at one moment.
type plan struct {
	due    *Due
	giveUp bool // of due: it died too often
	skip   time.Time
	skips  int // due times until skip that will have no run
}

// planOf finds the run that a job has to make next. watching is when this
// scheduler began to watch: what fell due since is late, and not missed.
func planOf(e Entry, ts Times, p ledger.Progress, now, watching time.Time) plan {
	if r := p.Unfinished; r != nil {
		return plan{due: &Due{r.DueAt, r.AsOf}, giveUp: p.Crashes >= maxCrashes}
	}
	missed := ts.Between(p.Since, now)
	if len(missed) == 0 {
		return plan{}
	}
	if e.CatchUp == All {
		return plan{due: &Due{missed[0], ts.AsOf(missed[0])}}
	}
	last := missed[len(missed)-1]
	if e.CatchUp == None && last.Before(watching) && now.Sub(last) > lateness {
		return plan{skip: last, skips: len(missed)}
	}
	return plan{due: &Due{last, ts.AsOf(last)}}
}
