// Package decide turns facts, enrolments and programme rules into proposals for
// people: exits with tiers and contradictions, duplicates, eligibility,
// registrations. Nothing here stops a payment.
package decide

import "time"

// Criterion is one named condition: an SQL expression over the columns and
// macros of a subject (see Subject) whose result is TRUE, FALSE or NULL, unknown.
type Criterion struct {
	Name       string
	Expression string
	Presume    string // met, not_met or ask; "" is ask
	Source     string // legal source of the presumption or of the criterion
	Where      string // where a missing fact could be had
	Path       string // of the expression in the programme file, for errors
}

// Programme is one version of one programme's rules.
type Programme struct {
	Code, Title     string
	Version         string
	ValidFrom       time.Time
	ValidTo         time.Time // zero while in force
	Source          string    // law or circular
	Subjects        string    // member (roster persons) or child (roster persons and children that only the register knows)
	Criteria        []Criterion
	Amount          string // decimal, a month
	Currency        string
	Ends            string // day or month_end: when the entitlement ends after the death
	BereavementDays int
	Timing          string   // arrears or advance
	CutoffDay       int      // day of the month on which the payment file is cut
	Excludes        []string // programmes that exclude each other
	PerHousehold    int      // most enrolments in one household; 0 is no bound
	Caregiver       bool     // paid to a caregiver
}

// Config is what decide needs beside the tables.
type Config struct {
	AsOf       time.Time
	Programmes []Programme
	// Thresholds are match probabilities for each tier; 0 means the default.
	ThresholdT1, ThresholdT2, ThresholdT3 float64
}
