// Package jobs runs jobs: one job at one day, alone, on what its ledger knows of
// the past, with its end in the ledger and told to whom the job names.
package jobs

import "errors"

// The ways in which a command ends other than well. The command line has an exit
// code for each; an error wraps at most one of them.
var (
	ErrUsage        = errors.New("usage")
	ErrHeld         = errors.New("held by a gate")
	ErrPartial      = errors.New("partial")
	ErrVerification = errors.New("verification failed")
	ErrOutside      = errors.New("failed from outside")
)
