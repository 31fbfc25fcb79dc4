//go:build !linux

package pipeline

import "syscall"

// resetPeak does nothing here: the system counts from the start of the process.
func resetPeak() {}

// PeakBytes is the largest resident memory that the process has had.
func PeakBytes() int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return u.Maxrss // macOS counts in bytes
}

// machineBytes is 0: the system is not asked.
func machineBytes() int64 { return 0 }
