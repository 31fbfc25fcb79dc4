// Package connectors is the contract between a run and the systems that it
// reads. A connector is a folder below this one; connectors/all lists them.
package connectors

import (
	"context"
	"fmt"
	"time"
)

// Column is one column of a batch, as text. IDs and numbers stay text from end
// to end, so that no leading zero and no long digit is lost.
type Column struct {
	Values []string
	Null   []bool // nil when no value is missing
	// Index, when not nil, has for each row the place of its value in Values, which
	// are then different ones: the same memory for as long as they stay the same.
	// An empty value is a missing one. Only where Query.Indexed allows it.
	Index []uint32
}

// Batch is a run of rows in column order. It is valid until the next call of Next.
type Batch struct {
	Rows    int
	Columns []Column // as Snapshot.Columns
	Rejects []Reject // rows met since the last batch that could not be read
	Ahead   int64    // rows known to come after this batch; 0 when that is not known
}

// Reject is one row that could not be read or used. It is data, not an error:
// rows read = rows used + rows rejected.
type Reject struct {
	File   string // file or table, relative to the data folder
	Line   int64  // 1-based line (or row) where the row starts; 0 when unknown
	Column string // column at fault, when one is
	Reason string // a code of the closed list Reason…
	Detail string // what was expected and found, without personal data
}

// The reasons for which a row is rejected at extract.
const (
	ReasonRagged    = "ragged_row"       // more or fewer fields than the header
	ReasonQuote     = "bad_quote"        // a quoted field that never ends, or text after its end
	ReasonEncoding  = "bad_encoding"     // bytes that the declared encoding does not have
	ReasonNUL       = "nul_byte"         // a NUL byte in a value
	ReasonTooLong   = "field_too_long"   // a value above Query.MaxFieldBytes
	ReasonMangled   = "mangled_by_sheet" // a number that a spreadsheet turned into 4.49E+35
	ReasonDuplicate = "duplicate_key"    // a key that an earlier row has (set by the mapping stage)
	ReasonNoKey     = "missing_key"      // a row without its key
	ReasonAfter     = "received_after"   // received after the as-of day
	ReasonShape     = "not_an_object"    // a JSON value that is no object
	ReasonTruncated = "truncated"        // the file ends in mid-row
	ReasonValue     = "bad_value"        // a value that is an error itself (#REF!) or has no text form
)

// Query says what part of a source a run wants.
type Query struct {
	// Columns that the mapping uses; empty means all. A column that the source
	// lacks is an error that names it and the nearest that exists.
	Columns []string
	// AsOf is the day for which the snapshot is taken; it fills {date} in names.
	AsOf time.Time
	// IDColumns are columns in which a spreadsheet's scientific notation makes
	// the row a reject.
	IDColumns []string
	// MaxFieldBytes bounds one value; 0 means 1 MiB.
	MaxFieldBytes int
	// Indexed allows columns as places of different values, which spares whoever
	// numbers values to look at each.
	Indexed bool
}

// Origin tells where a snapshot came from, for the manifest.
type Origin struct {
	Name     string    `json:"name"`              // file relative to the data folder, or database and table
	SHA256   string    `json:"sha256,omitempty"`  // of the bytes read; empty for a database
	Bytes    int64     `json:"bytes"`             // bytes read, compressed size for an archive
	Modified time.Time `json:"modified,omitzero"` // of the file, or the watermark of the table
	Rows     int64     `json:"rows"`              // rows read, used and rejected
}

// Source is a configured place to read from. It is safe for one Open at a time.
type Source interface {
	// Open starts one consistent snapshot. The caller closes it.
	Open(ctx context.Context, q Query) (Snapshot, error)
}

// Snapshot is a consistent view of a source while it is read.
type Snapshot interface {
	// Columns names the columns of every batch, in order.
	Columns() []string
	// Next returns the next batch, or io.EOF after the last. An error that wraps
	// ErrPartial leaves what was read so far usable but marked partial.
	Next(ctx context.Context) (*Batch, error)
	// Origins tells what was read; complete after io.EOF.
	Origins() []Origin
	Close() error
}

// ErrPartial marks a source that went away before its end.
var ErrPartial = fmt.Errorf("source ended before its end")

// Setting declares one setting of a connector: parser, lint and documentation
// come from it.
type Setting struct {
	Name     string
	Doc      string
	Required bool
	List     bool     // a list of texts; otherwise one text
	OneOf    []string // closed list of values, when there is one
	Default  string
	Secret   bool // never printed; may be ${ENVIRONMENT_VARIABLE}
}

// Settings are the values given in a job file, by name.
type Settings map[string][]string

// Text is the first value of a setting, or "".
func (s Settings) Text(name string) string {
	if v := s[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// SettingError says which setting is wrong; the job file's reader puts file,
// line, column and caret to it.
type SettingError struct {
	Setting string
	Message string
}

func (e *SettingError) Error() string { return fmt.Sprintf("%s: %s", e.Setting, e.Message) }

// Environment is what a connector may know of the place where it runs.
type Environment struct {
	DataFolder string                      // inputs must lie below it
	Getenv     func(string) (string, bool) // for secrets
}

// Connector is one kind of source.
type Connector struct {
	Name     string
	Doc      string
	Settings []Setting
	New      func(Environment, Settings) (Source, error)
}

// Registry finds connectors by name. It is a value: tests make their own.
type Registry []Connector

// Lookup finds a connector by name.
func (r Registry) Lookup(name string) (Connector, bool) {
	for _, c := range r {
		if c.Name == name {
			return c, true
		}
	}
	return Connector{}, false
}

// Names lists the connectors in their order.
func (r Registry) Names() []string {
	names := make([]string, len(r))
	for i, c := range r {
		names[i] = c.Name
	}
	return names
}
