package ledger

import (
	"errors"
	"os"
	"strings"
	"syscall"
)

// Process is where an attempt runs, to tell people whether it still does. What
// may start is decided by the job's lock, never by this.
type Process struct {
	PID  int
	Host string
	Boot string // id of the machine's boot; empty where the system has none
}

// ThisProcess describes the calling process.
func ThisProcess() Process {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	boot, _ := os.ReadFile("/proc/sys/kernel/random/boot_id") // absent outside Linux
	return Process{PID: os.Getpid(), Host: host, Boot: strings.TrimSpace(string(boot))}
}

// Gone reports whether p surely runs no more, as far as a process of the same
// host can tell.
func (p Process) Gone() bool {
	here := ThisProcess()
	if p.Host != here.Host {
		return false
	}
	if p.Boot != here.Boot {
		return true
	}
	return errors.Is(syscall.Kill(p.PID, 0), syscall.ESRCH)
}
