// Package files reads tables from files below the data folder: delimited text,
// JSON, Parquet and XLSX, plain or compressed. Every value comes as text exactly
// as it stands; a row that cannot be read becomes a reject with its reason.
package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"rollcall/connectors"
)

// defaultMaxBytes bounds what one file may unpack to: 64 GiB, above any national
// register and below what fills a disk unseen.
const defaultMaxBytes = 64 << 30

// Connector declares the connector for files.
func Connector() connectors.Connector {
	return connectors.Connector{
		Name: "files",
		Doc:  "CSV, TSV, NDJSON, JSON, Parquet and XLSX files below the data folder, plain, .gz or .zip",
		Settings: []connectors.Setting{
			{Name: "path", Required: true, List: true, Doc: "files relative to the data folder; * ? [a-z] match within a name, {date} or {date:2006-01} is the as-of day in Go's layout"},
			{Name: "format", OneOf: formatNames(), Doc: "format of the content; default: from the file name's ending"},
			{Name: "encoding", Doc: "character set of text, such as windows-1252, iso-8859-15, utf-16le; a byte order mark goes before it", Default: "utf-8"},
			{Name: "delimiter", Doc: "one character between the fields of CSV, or tab; default: the one of , ; tab | that the header has most of"},
			{Name: "sheet", Doc: "sheet of an XLSX workbook; default: the first"},
			{Name: "nulls", List: true, Doc: "texts that mean a missing value; default: the empty text"},
			{Name: "max_bytes", Doc: "bytes that one file may unpack to", Default: strconv.Itoa(defaultMaxBytes)},
		},
		New: newSource,
	}
}

type source struct {
	folder    string
	patterns  []string // below folder, with slashes
	format    string   // "" takes it from the name
	charset   charset
	delimiter byte // 0 finds it in the header
	sheet     string
	nulls     []string
	maxBytes  int64
}

func newSource(env connectors.Environment, settings connectors.Settings) (connectors.Source, error) {
	s := &source{folder: env.DataFolder, format: settings.Text("format"), sheet: settings.Text("sheet"), nulls: settings["nulls"]}
	if len(s.nulls) == 0 {
		s.nulls = []string{""}
	}
	var err error
	if s.patterns, err = below(env.DataFolder, settings["path"]); err != nil {
		return nil, err
	}
	if s.format != "" && !slices.Contains(formatNames(), s.format) {
		return nil, wrong("format", "%q is none of %s", s.format, strings.Join(formatNames(), ", "))
	}
	if s.charset, err = findCharset(settings.Text("encoding")); err != nil {
		return nil, err
	}
	if s.delimiter, err = parseDelimiter(settings.Text("delimiter")); err != nil {
		return nil, err
	}
	s.maxBytes = defaultMaxBytes
	if text := settings.Text("max_bytes"); text != "" {
		if s.maxBytes, err = strconv.ParseInt(text, 10, 64); err != nil || s.maxBytes <= 0 {
			return nil, wrong("max_bytes", "%q is not a positive number of bytes", text)
		}
	}
	return s, nil
}

func parseDelimiter(text string) (byte, error) {
	switch {
	case text == "":
		return 0, nil
	case text == "tab" || text == `\t`:
		return '\t', nil
	case len(text) == 1 && text[0] < 0x80 && !strings.Contains("\"\r\n\x00", text):
		return text[0], nil
	}
	return 0, wrong("delimiter", "%q is not one ASCII character or tab", text)
}

func wrong(setting, format string, args ...any) *connectors.SettingError {
	return &connectors.SettingError{Setting: setting, Message: fmt.Sprintf(format, args...)}
}

// Open finds the files, reads their headers and settles the columns, so that a
// missing column is told before the first row is read.
func (s *source) Open(ctx context.Context, q connectors.Query) (connectors.Snapshot, error) {
	root, err := os.OpenRoot(s.folder)
	if err != nil {
		return nil, fmt.Errorf("open data folder: %w", err)
	}
	snap := &snapshot{source: s, root: root, query: q}
	if snap.query.MaxFieldBytes == 0 {
		snap.query.MaxFieldBytes = connectors.DefaultMaxFieldBytes
	}
	if err := snap.settle(ctx); err != nil {
		root.Close()
		return nil, err
	}
	return snap, nil
}

// snapshot reads the files of a source one after the other, in order of name.
type snapshot struct {
	source  *source
	root    *os.Root
	query   connectors.Query
	members []member
	columns []string
	batch   *batch
	next    int // of members
	current *opened
	origins []connectors.Origin
	failure error // met after the rows of the last batch; told by the next call
}

func (s *snapshot) settle(ctx context.Context) error {
	var err error
	if s.members, err = s.source.members(s.root, s.query.AsOf); err != nil {
		return err
	}
	if repeated, ok := connectors.Repeated(s.query.Columns); ok {
		return fmt.Errorf("column %q is asked for twice", repeated)
	}
	s.columns = s.query.Columns
	for _, m := range s.members {
		if err := ctx.Err(); err != nil {
			return err
		}
		have, err := s.header(ctx, m)
		if err != nil {
			return err
		}
		if len(s.query.Columns) == 0 {
			s.columns = union(s.columns, have)
		}
	}
	s.batch = newBatch(s.columns, s.query, s.source.nulls)
	return nil
}

// header reads the columns of one file, and checks that it has those asked for.
func (s *snapshot) header(ctx context.Context, m member) ([]string, error) {
	o, err := s.source.open(s.root, m)
	if err != nil {
		return nil, err
	}
	defer o.Close()
	if !o.format.fixedColumns && len(s.query.Columns) > 0 {
		return nil, nil // which keys objects have is known only at the end
	}
	have, err := o.rows.header(ctx)
	if err != nil {
		return nil, o.locate(err)
	}
	if repeated, ok := connectors.Repeated(have); ok {
		return nil, fmt.Errorf("%s: two columns are called %q (upper and lower case are one)", m.name(), repeated)
	}
	if _, err := connectors.Settle(m.name(), s.query.Columns, have); err != nil {
		return nil, err
	}
	return have, nil
}

// union adds the names that are new; a file that lacks one gives NULL in it.
func union(columns, have []string) []string {
	for i, place := range connectors.Locate(have, columns) {
		if place < 0 {
			columns = append(columns, have[i])
		}
	}
	return columns
}

func (s *snapshot) Columns() []string { return s.columns }

func (s *snapshot) Origins() []connectors.Origin { return s.origins }

func (s *snapshot) Close() error {
	var err error
	if s.current != nil {
		err = s.current.Close()
		s.current = nil
	}
	return errors.Join(err, s.root.Close())
}

// Next reads the next rows. What was read before a failure is given first.
func (s *snapshot) Next(ctx context.Context) (*connectors.Batch, error) {
	for s.failure == nil {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		s.batch.reset()
		s.failure = s.fill(ctx)
		if b := s.batch.finish(); b.Rows > 0 || len(b.Rejects) > 0 {
			return b, nil
		}
	}
	return nil, s.failure
}

// fill reads one batch from the current file, opening the next one where needed.
func (s *snapshot) fill(ctx context.Context) error {
	if s.current == nil {
		if s.next == len(s.members) {
			return s.unseen()
		}
		var err error
		if s.current, err = s.source.open(s.root, s.members[s.next]); err != nil {
			return err
		}
		s.next++
		if err := s.current.rows.choose(ctx, s.batch); err != nil {
			return s.current.locate(err)
		}
	}
	err := s.current.rows.fill(ctx, s.batch)
	s.current.origin.Rows += s.batch.read()
	if err == nil {
		return nil
	}
	if n := len(s.origins); n > 0 && s.next > 1 && s.members[s.next-2].file == s.current.member.file {
		s.current.origin.SHA256 = s.origins[n-1].SHA256 // the archive's, of its entry before
	}
	end := s.current.finish(err)
	s.origins = append(s.origins, s.current.origin)
	if err := s.closeCurrent(); end == nil {
		return err
	}
	return end // closing a broken archive gives its error once more
}

func (s *snapshot) closeCurrent() error {
	err := s.current.Close()
	s.current = nil
	return err
}

// unseen ends the snapshot: io.EOF, or the error for the columns that no object
// had.
func (s *snapshot) unseen() error {
	keys := s.batch.keys()
	if len(s.query.Columns) == 0 || len(keys) == 0 {
		return io.EOF
	}
	var missing connectors.MissingColumnsError
	for i, seen := range s.batch.seen {
		if !seen {
			missing = append(missing, connectors.Missing(s.members[0].name(), s.columns[i], keys))
		}
	}
	if missing != nil {
		return missing
	}
	return io.EOF
}
