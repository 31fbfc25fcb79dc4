package pipeline

import "syscall"

// peakBytes is the largest memory that the process has had.
func peakBytes() int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return u.Maxrss // macOS counts in bytes
}
