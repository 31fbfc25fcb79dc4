package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"rollcall/pipeline"
)

// progress shows how far a run is: one line that is written over on a terminal,
// nothing elsewhere, so that a scheduler's mail stays short.
type progress struct {
	mu      sync.Mutex
	out     io.Writer
	live    bool
	label   string
	started time.Time
	shown   time.Time
}

func newProgress(out io.Writer) *progress {
	return &progress{out: out, live: isTerminal(out), started: time.Now()}
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// start names what follows and restarts the estimate.
func (p *progress) start(label string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.label, p.started = label, time.Now()
}

// shares is how much of a run's time each stage takes, roughly: enough for an
// estimate of what is left.
var shares = map[string]float64{
	"extract": 0.15, "mapping": 0.15, "standardise": 0.15, "gate": 0.02, "link": 0.25, "facts": 0.06, "decide": 0.1, "lists": 0.01, "report": 0.1, "audit": 0.01,
}

var stageOrder = []string{"extract", "mapping", "standardise", "gate", "link", "facts", "decide", "lists", "report", "audit"}

// stage shows one step of a run.
func (p *progress) stage(s pipeline.Progress) {
	done := 0.0
	for _, name := range stageOrder {
		if name == s.Stage {
			break
		}
		done += shares[name]
	}
	if s.Total > 0 {
		done += shares[s.Stage] * float64(s.Done) / float64(s.Total)
	}
	p.show(fmt.Sprintf("%d/%d %s", s.Number, s.Of, s.Stage), done)
}

// count shows progress in things done of a total.
func (p *progress) count(done, total int64) {
	p.show(fmt.Sprintf("%d of %d", done, total), float64(done)/float64(max(total, 1)))
}

const redraw = 100 * time.Millisecond

func (p *progress) show(what string, share float64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.live || time.Since(p.shown) < redraw {
		return
	}
	p.shown = time.Now()
	elapsed := time.Since(p.started)
	left := ""
	if share > 0.05 {
		left = fmt.Sprintf(", about %s left", time.Duration(float64(elapsed)*(1-share)/share).Round(time.Second))
	}
	fmt.Fprintf(p.out, "\r\x1b[K%s: %s, %s%s", p.label, what, elapsed.Round(time.Second), left)
}

// end clears the line.
func (p *progress) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.live {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
}
