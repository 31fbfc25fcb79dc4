// Package pipeline is one run: a snapshot of each source, through the stages in
// their order, to the reports and the manifest. Each stage is a function of
// tables and configuration to tables, written once under a name derived from its
// inputs, so a run that was killed goes on where it stopped.
package pipeline

import (
	"log/slog"
	"time"

	"rollcall/connectors"
	"rollcall/matchers/locale"
	"rollcall/pipeline/audit"
	"rollcall/pipeline/clerical"
	"rollcall/pipeline/decide"
	"rollcall/pipeline/extract"
	"rollcall/pipeline/gate"
	"rollcall/pipeline/link"
	"rollcall/pipeline/mapping"
	"rollcall/pipeline/report"
)

// Version is the program's. Stages of another version are made anew.
const Version = "0.1.0"

// Plan is everything that a run depends on.
type Plan struct {
	Name, Title  string
	LegalBasis   string    // by what right the registers are matched, for the reports
	AsOf         time.Time // a day; events received after it are cut
	Sources      []extract.Source
	Mapping      mapping.Config
	Gate         gate.Config
	Link         link.Config
	Decide       decide.Config
	Locale       *locale.Pack // nil: that for any country
	ConfigSHA256 string       // of the job file and all that it names
	// Configuration is each of those files, for the manifest.
	Configuration []audit.Reference
	// Snapshots are those of an earlier run, one a source in the order of Sources,
	// instead of reading the sources; nil reads them.
	Snapshots []extract.Result
	// Again makes a run that was done before, or one beside it, to compare the two:
	// no gate holds it.
	Again bool
	// RowKey is the data owner's, under which rows are sealed; nil seals none.
	RowKey audit.Key

	DataFolder   string // inputs lie below it
	OutputFolder string // snapshots and runs lie below it
	Registry     connectors.Registry
	Getenv       func(string) (string, bool)

	Areas     []locale.Area      // area tree, for names in the reports; optional
	Mortality []report.DeathRate // population and death rates, for the reports; optional
	Past      Past
	// LeastCell is the smallest count of the totals that may leave the office; 0 is
	// report.DefaultLeastCell.
	LeastCell int64
	// SamplePairs is about how many pairs are drawn to be judged by people; 0 is none.
	SamplePairs int
	// ReleasedRun is the held run that two people let go; a run of another name is
	// held again.
	ReleasedRun string
	Released    string // reason for which a hold of this run was released; "" when none was
	TrueLinks   string // CSV of mention_id, person_id to be used instead of our links
	DryRun      bool   // stop after the gate: no lists, no manifest

	Threads     int
	MemoryBytes int64
	Now         func() time.Time // for timings in the run's log, which is no result
	Progress    func(Progress)   // may be nil
	Log         *slog.Logger
}

// Past is what the ledger hands to a run: the only thing it knows of earlier ones.
type Past struct {
	Decisions []Decision
	Baseline  gate.Baseline
	Entities  Entities
	Judged    clerical.Judged
	Reviewed  []Reviewed
}

// Reviewed is one row of the table reviewed.
type Reviewed struct {
	CaseID, Kind, Tier, Programme, MentionID string

	Overturned         bool
	Days, Twice, Alike int
}

// Entities are the ids that persons had in an earlier run: its table entity.
type Entities struct {
	RunID         string
	File          string // Parquet; empty when there is none
	ContentSHA256 string
	Lost          bool // the run's folder has it no more
}

// Decision is one row of the decision table.
type Decision struct {
	CaseID, Kind            string
	DecidedOn               time.Time
	LeftValues, RightValues string
}

// Progress tells a person how far a run is.
type Progress struct {
	Stage       string
	Number, Of  int // of the stage, from 1
	Done, Total int64
}

// Status is how a run ended.
type Status string

// The ends of a run.
const (
	Done    Status = "done"
	Held    Status = "held"
	Partial Status = "partial"
)

// Outcome is what a run hands to the ledger and to the person at the terminal.
type Outcome struct {
	RunID    string
	Status   Status
	Folder   string
	Sources  []SourceRows
	Gates    []gate.Report
	Measures []gate.Measure // baseline of the next run
	Lists    report.Summary
	Linkage  link.Report
	Timings  []Timing
}

// SourceRows accounts for the rows of one source:
// Read = Used + Superseded + Late + Rejected.
type SourceRows struct {
	Source     string
	Read       int64
	Used       int64
	Superseded int64 // older versions of a record
	Late       int64 // received after the as-of day
	Rejected   int64 // with a reason each
	// Unreadable are rows that the mapping never saw, the first of each reason;
	// RejectsFile has them all.
	Unreadable  []connectors.Reject
	RejectsFile string
	// KeyRejects counts the rows that the mapping rejected, by reason, and
	// KeyRejectsFile has them, those of all sources together; see tables.Reject.
	KeyRejects     map[string]int64
	KeyRejectsFile string
}

// Timing is how long a stage took, and the largest memory of the process in it.
type Timing struct {
	Stage     string    `json:"stage"`
	Began     time.Time `json:"began,omitzero"`
	Seconds   float64   `json:"seconds"`
	PeakBytes int64     `json:"peak_bytes"`
	Reused    bool      `json:"reused"` // found finished by an earlier attempt
}
