// Package jobs runs jobs: one job at one day, alone, on what its ledger knows of
// the past, with its end in the ledger and told to whom the job names.
package jobs

import (
	"context"
	"errors"
	"fmt"
	"net"
	"syscall"

	"rollcall/jobs/ledger"
	"rollcall/jobs/schedule"
	"rollcall/pipeline/extract"
)

// The ways in which a command ends other than well. The command line has an exit
// code for each; an error wraps at most one of them.
var (
	ErrUsage        = errors.New("usage")
	ErrHeld         = errors.New("held by a gate")
	ErrPartial      = errors.New("partial")
	ErrVerification = errors.New("verification failed")
	ErrOutside      = errors.New("failed from outside")
)

// outsiders are the errors that no change of a job mends, and that are no defect.
var outsiders = []error{
	schedule.ErrBusy, ledger.ErrLocked, ledger.ErrFull, ledger.ErrDamaged, ledger.ErrNewer,
	syscall.ENOSPC, syscall.EDQUOT, syscall.EIO, syscall.EROFS, syscall.EACCES, syscall.EPERM,
	syscall.ECONNREFUSED, syscall.ECONNRESET, syscall.ETIMEDOUT, syscall.EPIPE,
	context.DeadlineExceeded,
}

// Outside marks an error that came from outside: no room, no right, no network, a
// ledger that cannot be used, a database that refuses, a source that cannot be read.
// What was interrupted stays as it is.
func Outside(err error) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, ErrOutside) {
		return err
	}
	var (
		network  net.Error
		database interface{ SQLState() string }
		source   *extract.SourceError
	)
	is := errors.As(err, &network) || errors.As(err, &database) || errors.As(err, &source)
	for _, o := range outsiders {
		is = is || errors.Is(err, o)
	}
	if !is {
		return err
	}
	return fmt.Errorf("%w: %w", ErrOutside, err)
}
