// Package config reads the files that people write: the job, its programmes, a
// comparison specification, the site. Each format is declared once, and reader,
// checks and documentation come from the declaration. All mistakes are told at
// once, each with its file, line, column, the line itself and a caret.
package config

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"rollcall/connectors"
	"rollcall/jobs/cases"
	"rollcall/matchers/locale"
	"rollcall/pipeline/audit"
	"rollcall/pipeline/decide"
	"rollcall/pipeline/extract"
	"rollcall/pipeline/gate"
	"rollcall/pipeline/link"
	"rollcall/pipeline/mapping"
	"rollcall/pipeline/report"
)

// Schedule says when a job runs by itself; an empty Cron is never.
type Schedule struct {
	Cron     string // minute hour day month weekday; see ParseCron
	TimeZone string // IANA name; UTC when the file says nothing
	CatchUp  string // none, latest or all
}

// Legal is by what right a job matches two registers.
type Legal struct {
	Purpose, Agreement string
	Expires            time.Time // last day; the zero Legal says nothing
}

// String says it in a line; "" for the zero Legal.
func (l Legal) String() string {
	if l.Agreement == "" {
		return ""
	}
	return fmt.Sprintf("For this purpose alone: %s. By %s, until %s.", l.Purpose, l.Agreement, l.Expires.Format(time.DateOnly))
}

// Job is a job file with everything that it names.
type Job struct {
	Path         string // of the job file
	Name, Title  string
	Legal        Legal `json:",omitzero"`
	Schedule     Schedule
	DataFolder   string // absolute; inputs lie below it
	OutputFolder string // absolute
	MemoryBytes  int64  // 0: a share of the machine's
	Threads      int    // 0: all
	Notify       []string
	Sources      []extract.Source
	Mapping      mapping.Config
	Gate         gate.Config
	Link         link.Config
	Decide       decide.Config      // without the as-of day
	Locale       Locale             `json:",omitzero"` // the zero Locale is that for any country
	Areas        []locale.Area      // in the file's order
	Mortality    []report.DeathRate `json:",omitempty"`
	// LeastCell is the smallest count of the totals that may leave the office; 0 is
	// report.DefaultLeastCell.
	LeastCell int64 `json:",omitzero"`
	// SamplePairs is about how many pairs a run draws to be judged by people; 0 is none.
	SamplePairs int
	Site        cases.Site `json:"-"` // who may decide; no part of what a run depends on
	// RowKeyFile has the key under which rows are sealed; absolute. "" is
	// audit.KeyName in the output folder.
	RowKeyFile string `json:"-"`
	// SHA256 is over the job file and all files that it names; Files is each of them.
	SHA256 string
	Files  []audit.Reference

	folder    string
	documents map[string]*document // by name as in paths; "" is the job file
	// columns are the columns that each source's expressions use, with the path of
	// the field that uses them first.
	columns map[string]map[string]string
}

// Load reads a job file and everything that it names. An error of the type
// *Errors tells every mistake of the files; any other is one of this machine.
func Load(ctx context.Context, path string, registry connectors.Registry) (*Job, error) {
	var errs Errors
	doc := open(path, filepath.ToSlash(path), &errs)
	if doc.root == nil {
		return nil, errs.orNil(doc.name)
	}
	if !isJob(doc) {
		return nil, errs.orNil(doc.name)
	}
	doc.root.check(jobShape(registry))
	sql, err := newParser(ctx)
	if err != nil {
		return nil, fmt.Errorf("check expressions: %w", err)
	}
	defer sql.close()
	folder, err := filepath.Abs(filepath.Dir(path))
	if err != nil {
		return nil, fmt.Errorf("find the folder of %s: %w", path, err)
	}
	b := &builder{
		sql: sql, errs: &errs, registry: registry, root: doc.root, files: map[string][]byte{},
		job: &Job{Path: path, folder: folder, documents: map[string]*document{"": doc}, columns: map[string]map[string]string{}},
	}
	if err := b.build(ctx); err != nil {
		return nil, err
	}
	if err := errs.orNil(doc.name); err != nil {
		return nil, err
	}
	b.hash(doc)
	return b.job, nil
}

// isJob tells a job file from other files early, lest every line be an error.
func isJob(doc *document) bool {
	root := doc.root
	if root.form != object {
		root.fail("this is no job file: it is %s, and fields are expected, the first being rollcall: 1", formNames[root.form])
		return false
	}
	if root.field("rollcall") != nil {
		return true
	}
	for _, other := range []struct{ name, what string }{
		{"rollcall_programme", "a programme file; a job names it under programmes"},
		{"rollcall_site", "the site file"},
		{"rollcall_spec", "a comparison specification; a job names it under link"},
	} {
		if root.field(other.name) != nil {
			root.fail("this is no job file: it is %s", other.what)
			return false
		}
	}
	if root.field("sources") == nil {
		root.fail("this is no job file: it has neither rollcall: 1 nor sources")
		return false
	}
	return true
}

// Lawful tells whether the job may run on a day: an error once the agreement by
// which it matches has ended.
func (j *Job) Lawful(today time.Time) error {
	if j.Legal.Expires.IsZero() || !j.Legal.Expires.Before(today) {
		return nil
	}
	return j.Locate("legal_basis.expires", fmt.Sprintf("%q ended on %s: nothing is read or matched until it is renewed", j.Legal.Agreement, j.Legal.Expires.Format(time.DateOnly)), -1)
}

// Folder is the absolute folder of the job file.
func (j *Job) Folder() string { return j.folder }

// Locate turns what a lower room says about a field into an error with file,
// line, column and caret. The path is as in the structs: a programme's begins
// with its file and #. The offset is in bytes inside an SQL expression; -1 means
// the whole value. A path that is not in the file is told at its nearest parent.
func (j *Job) Locate(path, message string, offset int) error {
	return &Errors{j.mistake(path, message, offset)}
}

func (j *Job) mistake(path, message string, offset int) *Error {
	doc, rest := j.documents[""], path
	if file, inside, ok := cutFile(path); ok && j.documents[file] != nil {
		doc, rest = j.documents[file], inside
	}
	var where place
	switch n, exact := doc.nearest(rest); {
	case n == nil:
	case exact && offset >= 0 && n.form == scalar:
		where = n.inside(offset, 1)
	case !exact && doc.names[n.path] != place{}: // a field that is not there: at the name of what lacks it
		where = doc.names[n.path]
	default:
		where = n.at
	}
	return doc.mistake(where, path+": "+message)
}

// environment is what connectors may know.
func (j *Job) environment() connectors.Environment {
	return connectors.Environment{DataFolder: j.DataFolder, Getenv: os.LookupEnv}
}

// Explain turns an error of a lower room into a located one where it names a
// field of the job, or a setting or column of a source; any other error stays as
// it is. The value that could not be converted, which DuckDB quotes, is personal
// data and stays out.
func (j *Job) Explain(err error) error {
	var (
		field   *mapping.FieldError
		sources extract.SourceErrors
	)
	switch {
	case errors.As(err, &field) && conversion(field.Err):
		return j.Locate(field.Path, endsTheRun, -1)
	case field != nil:
		return j.Locate(field.Path, bindMessage(field.Err), -1)
	case errors.As(err, &sources):
		return j.explainSources(sources)
	}
	return err
}

// explainSources tells what is wrong with settings and columns of sources at their
// places, after what is wrong with the sources themselves.
func (j *Job) explainSources(sources extract.SourceErrors) error {
	if _, err := os.Stat(j.DataFolder); errors.Is(err, fs.ErrNotExist) {
		return j.Locate("data", fmt.Sprintf("there is no folder %s", j.DataFolder), -1)
	}
	var located Errors
	var rest extract.SourceErrors
	for _, source := range sources {
		var setting *connectors.SettingError
		var missing connectors.MissingColumnsError
		switch {
		case errors.As(source.Err, &setting):
			located = append(located, j.mistake("sources."+source.Source+"."+setting.Setting, setting.Message, -1))
		case errors.As(source.Err, &missing):
			for _, m := range missing {
				located = append(located, j.mistake(j.columns[source.Source][m.Column], m.Error(), -1))
			}
		default:
			rest = append(rest, source)
		}
	}
	switch err := located.orNil(""); {
	case err == nil:
		return rest
	case len(rest) == 0:
		return err
	default:
		return errors.Join(rest, err)
	}
}
