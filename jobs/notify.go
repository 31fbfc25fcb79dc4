package jobs

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"rollcall/jobs/config"
	"rollcall/jobs/ledger"
)

// Message is what the command of a job's notify gets on its standard input, as
// JSON. It holds no personal data: names of sources and lists, and counts.
type Message struct {
	Job    string           `json:"job"`
	RunID  string           `json:"run_id"` // empty when the run failed before it had one
	Status ledger.Status    `json:"status"` // done, held, partial or failed
	AsOf   string           `json:"as_of"`
	Folder string           `json:"folder"` // of the run, absolute
	Counts map[string]int64 `json:"counts"`
}

const (
	// notifyLimit is how long the command may take: a run is not to wait for a mail
	// server that does not answer.
	notifyLimit = 30 * time.Second
	// pipeLimit is how long a child that left its group may keep its output open.
	pipeLimit = 2 * time.Second
	// maxComplaint bounds what is logged of the command's standard error.
	maxComplaint = 500
)

// told are the ends that people are told of. What was interrupted goes on.
var told = map[ledger.Status]bool{ledger.Done: true, ledger.Held: true, ledger.Partial: true, ledger.Failed: true}

// notify tells the end of a run. That nobody could be told is logged and fails
// nothing.
func (r *Runner) notify(ctx context.Context, job *config.Job, run ledger.Run) {
	if len(job.Notify) == 0 || !told[run.Status] {
		return
	}
	m := Message{Job: job.Name, RunID: run.RunID, Status: run.Status, AsOf: run.AsOf.Format(time.DateOnly), Counts: run.Counts}
	if run.Folder != "" {
		m.Folder = filepath.Join(job.OutputFolder, filepath.FromSlash(run.Folder))
	}
	// The end of a run is told even when the program is being stopped.
	if err := tell(context.WithoutCancel(ctx), job.Folder(), job.Notify, m, notifyLimit); err != nil {
		r.Log.WarnContext(ctx, "notify failed", "job", job.Name, "run_id", run.RunID, "error", err)
	}
}

// tell calls a command in the job file's folder with a message on its standard input.
func tell(ctx context.Context, folder string, command []string, m Message, limit time.Duration) error {
	text, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("write message: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	name := command[0]
	if strings.ContainsRune(name, filepath.Separator) && !filepath.IsAbs(name) {
		name = filepath.Join(folder, name)
	}
	cmd := exec.CommandContext(ctx, name, command[1:]...)
	cmd.Dir = folder
	cmd.Stdin = bytes.NewReader(append(text, '\n'))
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) } // with its children
	cmd.WaitDelay = pipeLimit
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	err = cmd.Run()
	switch {
	case err == nil:
		return nil
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return fmt.Errorf("%s took longer than %s and was stopped", command[0], limit)
	}
	said := strings.TrimSpace(complaint.String())
	if len(said) > maxComplaint {
		said = said[:maxComplaint]
	}
	return fmt.Errorf("call %s: %w: %s", command[0], err, said)
}
