package pipeline

import (
	"bytes"
	"os"
	"strconv"
)

// resetPeak starts a new count of the process's largest memory (proc(5),
// clear_refs). Where the kernel refuses, the count goes on from the start.
func resetPeak() {
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0o200)
}

// PeakBytes is the largest resident memory of the process since the last stage of
// a run began, or since its start; 0 where the system does not tell.
func PeakBytes() int64 {
	return kibibytes("/proc/self/status", "VmHWM:") << 10
}

// machineBytes is the memory of the machine; 0 where the system does not tell.
func machineBytes() int64 { return kibibytes("/proc/meminfo", "MemTotal:") << 10 }

// kibibytes reads a number that stands after a label; 0 where there is none.
func kibibytes(path, label string) int64 {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0
	}
	_, rest, _ := bytes.Cut(text, []byte(label))
	fields := bytes.Fields(rest)
	if len(fields) == 0 {
		return 0
	}
	n, err := strconv.ParseInt(string(fields[0]), 10, 64)
	if err != nil {
		return 0
	}
	return n
}
