// Package gate decides whether a run may write lists: it holds the snapshots
// against the baseline, and the lists against what is plausible.
package gate

import "strings"

// Contract is what a source promises. A zero field is not checked.
type Contract struct {
	Source        string
	MinRows       int64              // for the first run, before there is a baseline
	MaxRows       int64              // likewise
	MaxAgeDays    int                // of the newest record received, against the as-of day
	MaxNullRate   map[string]float64 // by raw column
	MaxRejectRate float64            // share of rows read that were rejected; 0 means 0.05
}

// Config is the gate of a job.
type Config struct {
	Contracts []Contract
	// RowChange is the largest change of a row count against the baseline, as a
	// share, before the run holds; half of it warns. 0 means 0.3.
	RowChange float64
	// ListShare is the largest share of active enrolments, of a programme or of it in
	// one district, that lines could end in a first run; 0 means 0.15.
	ListShare float64
	// ListGrowth is the largest ratio of a list, or of what of it could end an
	// enrolment, to the median of the last good runs; 0 means 3.
	ListGrowth float64
	// NullRateChange is the largest absolute change of a null rate; 0 means 0.1.
	NullRateChange float64
}

// Verdict is pass, warn or hold.
type Verdict string

// The verdicts, from good to bad.
const (
	Pass Verdict = "pass"
	Warn Verdict = "warn"
	Hold Verdict = "hold"
)

// Finding is one check with its figures.
type Finding struct {
	Check    string // partial, rows, rejects, unknown_codes, unreadable_values, areas_not_found, file_age, null_rate, date_range, list_size, mass_change
	Source   string // source or list
	Subject  string // column, directory, programme or district; empty for the whole source
	Verdict  Verdict
	Observed string // figure
	Expected string // band
	Advice   string // what to do next, for a data officer
}

// About is what the finding is about: the source or list, the check and, where
// there is one, the subject.
func (f Finding) About() string {
	return strings.TrimSpace(f.Source + " " + f.Check + " " + f.Subject)
}

// Report is all findings of one gate.
type Report struct {
	Verdict  Verdict
	Findings []Finding
}
