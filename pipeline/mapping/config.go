// Package mapping turns raw snapshots into the canonical tables by SQL
// expressions over the source's own columns.
package mapping

// Field gives one canonical column by an SQL expression over raw columns.
type Field struct {
	Name       string // canonical column, or identifier type
	Expression string
	Verified   string // identifiers: a Boolean expression; "" when the source says nothing
	Path       string // of the expression in the job file, for errors
}

// Output is one canonical row made from each raw row for which When holds.
type Output struct {
	Table       string // event, mention, household, enrolment, payment or attribute
	Role        string // of a mention
	When        string // Boolean expression; "" is always
	Fields      []Field
	Identifiers []Field
	Path        string
}

// Source is what one raw table becomes.
type Source struct {
	Name     string
	Side     string
	Key      string // expression: native key of the record
	Received string // expression: day of receipt; rows after the as-of day are cut
	Version  string // expression: version of the record; the highest received wins
	Outputs  []Output
}

// Directory is a code directory: a CSV file with source_code, canonical_code,
// valid_from, valid_to. Expressions use it as code('NAME', value).
type Directory struct {
	Name string
	File string
}

// Config is the mapping of a job.
type Config struct {
	Sources     []Source
	Directories []Directory
	// AreaTree says that the job has one: area codes that it does not have are read as
	// names of its areas.
	AreaTree bool
}
