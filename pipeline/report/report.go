// Package report writes what people read: the lists of action as Parquet,
// CSV and XLSX, every evaluation, two HTML pages and the data dictionary. The
// bytes depend on the tables and the configuration alone; nothing here knows
// the time of day, and nothing here stops a payment.
package report

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"rollcall/matchers/locale"
	"rollcall/pipeline/gate"
	"rollcall/pipeline/store"
)

// Programme names one programme and the version of its rules that was applied.
type Programme struct {
	Code        string      `json:"code"`
	Title       string      `json:"title"`
	Version     string      `json:"version"`
	ValidFrom   string      `json:"valid_from,omitempty"`
	ValidTo     string      `json:"valid_to,omitempty"`
	Source      string      `json:"source,omitempty"`
	Amount      string      `json:"amount,omitempty"` // in words
	Excludes    []string    `json:"excludes,omitempty"`
	HandsOverTo string      `json:"hands_over_to,omitempty"`
	Criteria    []Criterion `json:"criteria,omitempty"`
}

// Criterion is one condition of a programme, as its file has it.
type Criterion struct {
	Name       string `json:"name"`
	Expression string `json:"expression"`
	Presume    string `json:"presume,omitempty"` // met, not_met or ask
	Source     string `json:"source,omitempty"`
	Where      string `json:"where,omitempty"` // where a missing fact could be had
}

// Snapshot is one source as this run read it.
type Snapshot struct {
	Source        string
	Side          string // tables.Register or tables.Roster
	Rows          int64  // read and used
	Rejected      int64  // read and not used, with a reason in the rejects
	ContentSHA256 string
	Newest        time.Time // newest record received; zero when unknown
	Partial       bool      // the source broke off
}

// Config is what the reports say beside the tables.
type Config struct {
	RunID          string
	JobTitle       string
	LegalBasis     string // purpose, agreement and its last day; "" where the job says none
	AsOf           time.Time
	ProgramVersion string
	DuckDBVersion  string
	ConfigSHA256   string
	Gates          []gate.Report // in the order in which they were passed
	Released       string        // reason for which a hold was released; "" when none was
	Snapshots      []Snapshot
	Linkage        Linkage
	Areas          []locale.Area // optional; totals are given by its districts
	Mortality      []DeathRate   // optional; what the register's deaths are held against
	LeastCell      int64         // smallest count that may leave the office; 0 is DefaultLeastCell
	Programmes     []Programme
}

// File is one file that was written.
type File struct {
	Name  string // relative to the folder of the reports
	Rows  int64  // 0 when it is no table
	Table bool   // a Parquet file, whose content has a hash of its own
	About string
}

// Summary is what the caller tells the ledger and the person at the terminal.
type Summary struct {
	Held  bool
	Lines []LineCount // by list and tier, in the order of the lists
	Money []Money
	Files []File
}

// LineCount is the number of lines of one list in one tier ("" where the list
// has none).
type LineCount struct {
	List, Tier string
	Lines      int64
}

// Money is a potential overpayment, subject to verification.
type Money struct {
	Currency  string
	PaidAfter string // exact decimal, tiers T1 and T2 of the exits
}

// Make writes the reports of a complete run into dir. Each file appears under
// its name when it is whole; index.html comes last.
func Make(ctx context.Context, s *store.Session, dir string, cfg Config) (Summary, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return Summary{}, fmt.Errorf("make reports folder: %w", err)
	}
	m := &maker{session: s, dir: dir, cfg: cfg}
	defer m.forget(context.WithoutCancel(ctx))
	for _, step := range []func(context.Context) error{m.prepare, m.writeSideBySide, m.writeIndex} {
		if err := step(ctx); err != nil {
			return Summary{}, fmt.Errorf("write reports: %w", err)
		}
	}
	return m.summary(ctx)
}

// MakeHeld writes the two pages of a run that a gate held: why, with figures,
// and what to do. It writes no list, and removes none: the folder is new.
func MakeHeld(ctx context.Context, s *store.Session, dir string, cfg Config) (Summary, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return Summary{}, fmt.Errorf("make reports folder: %w", err)
	}
	m := &maker{session: s, dir: dir, cfg: cfg, held: true}
	defer m.forget(context.WithoutCancel(ctx))
	for _, step := range []func(context.Context) error{m.prepareHeld, m.writeQuality, m.writeHeld} {
		if err := step(ctx); err != nil {
			return Summary{}, fmt.Errorf("write reports of a held run: %w", err)
		}
	}
	return Summary{Held: true, Files: m.files}, nil
}

// maker carries one call of Make through its steps.
type maker struct {
	session *store.Session
	dir     string
	cfg     Config
	held    bool
	present map[string]bool // canonical tables that the session has
	files   []File
}

// atOnce is how many reports are written at a time: hardly one keeps more than one
// thread busy, and the workbook that it may hold in memory is large.
const atOnce = 2

// writeSideBySide writes all but the index, each in a session of its own.
func (m *maker) writeSideBySide(ctx context.Context) error {
	reports := []func(*maker, context.Context) error{}
	for _, l := range m.lists() {
		reports = append(reports, func(m *maker, ctx context.Context) error { return m.writeList(ctx, l) })
	}
	reports = append(reports, (*maker).writeEvaluations, (*maker).writeSample, (*maker).writeDictionary, (*maker).writeQuality)
	files := make([][]File, len(reports))
	work, ctx := errgroup.WithContext(ctx)
	work.SetLimit(atOnce)
	for i, write := range reports {
		work.Go(func() error {
			return m.session.Beside(ctx, func(s *store.Session) error {
				one := &maker{session: s, dir: m.dir, cfg: m.cfg, held: m.held, present: m.present}
				err := write(one, ctx)
				files[i] = one.files
				return err
			})
		})
	}
	err := work.Wait()
	m.files = slices.Concat(append([][]File{m.files}, files...)...)
	return err
}

// publish gives a finished file its name.
func (m *maker) publish(f File) error {
	part := m.part(f.Name)
	if err := os.Chmod(part, 0o600); err != nil {
		return fmt.Errorf("publish %s: %w", f.Name, err)
	}
	if err := os.Rename(part, filepath.Join(m.dir, f.Name)); err != nil {
		return fmt.Errorf("publish %s: %w", f.Name, err)
	}
	m.files = append(m.files, f)
	return nil
}

// part is where a file is written before it has its name.
func (m *maker) part(name string) string { return filepath.Join(m.dir, name+".part") }

func (m *maker) asOf() string { return m.cfg.AsOf.Format(time.DateOnly) }
