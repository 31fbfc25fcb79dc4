// Package extract takes one immutable snapshot of each source: all text, the
// columns that the mapping uses, with the rows that could not be read beside it.
package extract

import "rollcall/connectors"

// Source is one configured source of a job.
type Source struct {
	Name      string
	Side      string // tables.Register or tables.Roster
	Connector string
	Settings  connectors.Settings
	Key       []string // columns that identify a row
	Columns   []string // that the mapping uses; empty means all
	IDColumns []string // in which a spreadsheet's 4.49E+35 is a reject
}
