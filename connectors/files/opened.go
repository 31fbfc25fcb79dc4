package files

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"

	"rollcall/connectors"
)

// member is one table file: a file, or an entry of a zip archive.
type member struct {
	file  string
	entry string // inside a zip archive
}

func (m member) name() string {
	if m.entry == "" {
		return m.file
	}
	return m.file + "/" + m.entry
}

// members lists the files of a source and the entries of its zip archives.
func (s *source) members(root *os.Root, asOf time.Time) ([]member, error) {
	files, err := s.find(root, asOf)
	if err != nil {
		return nil, err
	}
	var members []member
	for _, f := range files {
		if !strings.EqualFold(path.Ext(f), ".zip") {
			members = append(members, member{file: f})
			continue
		}
		entries, err := zipEntries(root, f)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			members = append(members, member{file: f, entry: e})
		}
	}
	return members, nil
}

// zipEntries lists the table files of an archive, without what macOS adds.
func zipEntries(root *os.Root, file string) ([]string, error) {
	f, archive, err := openZip(root, file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var entries []string
	for _, e := range archive.File {
		if e.FileInfo().IsDir() || strings.HasPrefix(e.Name, "__MACOSX/") || strings.HasPrefix(path.Base(e.Name), ".") {
			continue
		}
		if !filepath.IsLocal(filepath.FromSlash(e.Name)) {
			return nil, fmt.Errorf("%s: the archive holds a file whose name leads outside: %q", file, e.Name)
		}
		entries = append(entries, e.Name)
	}
	if len(entries) == 0 {
		return nil, fmt.Errorf("%s: the archive holds no file", file)
	}
	slices.Sort(entries)
	if len(slices.Compact(slices.Clone(entries))) < len(entries) {
		return nil, fmt.Errorf("%s: the archive holds two files of one name", file)
	}
	return entries, nil
}

func openZip(root *os.Root, file string) (*os.File, *zip.Reader, error) {
	f, err := root.Open(file)
	if err != nil {
		return nil, nil, unreachable(file, err)
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, nil, fmt.Errorf("%s: %w", file, err)
	}
	archive, err := zip.NewReader(f, info.Size())
	if err != nil {
		f.Close()
		return nil, nil, fmt.Errorf("%s: truncated, or no zip archive: %w", file, err)
	}
	return f, archive, nil
}

// opened is one table file while it is read.
type opened struct {
	member  member
	format  format
	rows    rows
	origin  connectors.Origin
	root    *os.Root
	file    *os.File
	raw     *meter    // bytes of the file as they are read; nil for an archive's entry
	content io.Reader // unpacked
	packed  bool
	closers []io.Closer
	limit   int64 // of unpacked bytes
}

// open opens a table file up to its rows.
func (s *source) open(root *os.Root, m member) (*opened, error) {
	o := &opened{member: m, root: root, limit: s.maxBytes}
	if err := o.unpack(); err != nil {
		o.Close()
		return nil, err
	}
	name := strings.TrimSuffix(strings.ToLower(m.file), ".gz")
	if m.entry != "" {
		name = m.file + "/" + m.entry
	}
	var err error
	if o.format, err = formatOf(s.format, name); err == nil {
		o.rows, err = o.format.open(s, o)
	}
	if err != nil {
		err = o.locate(err)
		o.Close()
		return nil, err
	}
	return o, nil
}

// unpack opens the file, looking through gzip and zip.
func (o *opened) unpack() error {
	if o.member.entry != "" {
		return o.unpackEntry()
	}
	var err error
	if o.file, err = o.root.Open(o.member.file); err != nil {
		return unreachable(o.member.file, err)
	}
	o.closers = append(o.closers, o.file)
	if err := o.describe(); err != nil {
		return err
	}
	o.raw = &meter{in: o.file, sum: sha256.New()}
	if !strings.EqualFold(path.Ext(o.member.file), ".gz") {
		o.content = &capped{in: o.raw, limit: o.limit}
		return nil
	}
	o.packed = true
	unpacked, err := gzip.NewReader(o.raw)
	if err != nil {
		return o.locate(err)
	}
	o.closers = append(o.closers, unpacked)
	o.content = &capped{in: unpacked, limit: o.limit, packed: func() int64 { return o.raw.bytes }}
	return nil
}

func (o *opened) unpackEntry() error {
	file, archive, err := openZip(o.root, o.member.file)
	if err != nil {
		return err
	}
	o.file, o.packed = file, true
	o.closers = append(o.closers, file)
	if err := o.describe(); err != nil {
		return err
	}
	for _, e := range archive.File {
		if e.Name != o.member.entry {
			continue
		}
		entry, err := e.Open()
		if err != nil {
			return o.locate(err)
		}
		o.closers = append(o.closers, entry)
		size := int64(e.CompressedSize64)
		o.content = &capped{in: entry, limit: o.limit, packed: func() int64 { return size }}
		return nil
	}
	return fmt.Errorf("%s: the archive no longer holds the file", o.member.name())
}

func (o *opened) describe() error {
	info, err := o.file.Stat()
	if err != nil {
		return fmt.Errorf("%s: %w", o.member.name(), err)
	}
	o.origin = connectors.Origin{Name: o.member.name(), Bytes: info.Size(), Modified: info.ModTime().UTC()}
	return nil
}

// Close closes the file and what unpacks it.
func (o *opened) Close() error {
	var err error
	for _, c := range slices.Backward(o.closers) {
		if e := c.Close(); err == nil {
			err = e
		}
	}
	o.closers = nil
	return err
}

// finish takes the end of the rows: io.EOF settles the origin and gives nil.
func (o *opened) finish(end error) error {
	partial := errors.Is(o.locate(end), connectors.ErrPartial)
	if !errors.Is(end, io.EOF) && !partial {
		return o.locate(end)
	}
	if err := o.hash(); err != nil {
		return err
	}
	info, err := o.root.Stat(o.member.file)
	if err != nil || info.Size() != o.origin.Bytes || !info.ModTime().Equal(o.origin.Modified) {
		return fmt.Errorf("%s: changed while it was read; run again when it is complete", o.member.file)
	}
	if partial {
		return o.locate(end)
	}
	return nil
}

// hash sums the file's bytes: what was read and what is left, or all of them
// where the format reads out of order. An archive is summed once for all entries.
func (o *opened) hash() error {
	if o.origin.SHA256 != "" {
		return nil
	}
	if o.raw == nil || o.raw.passed {
		if _, err := o.file.Seek(0, io.SeekStart); err != nil {
			return fmt.Errorf("%s: %w", o.member.name(), err)
		}
		o.raw = &meter{in: o.file, sum: sha256.New()}
	}
	if _, err := io.Copy(io.Discard, o.raw); err != nil {
		return fmt.Errorf("%s: %w", o.member.name(), err)
	}
	o.origin.SHA256 = hex.EncodeToString(o.raw.sum.Sum(nil))
	return nil
}

// randomAccess gives the content to formats that do not read from front to back.
// What is packed is unpacked into memory, since nothing may be written elsewhere.
func (o *opened) randomAccess() (io.ReaderAt, int64, error) {
	if !o.packed {
		o.raw.passed = true
		return o.file, o.origin.Bytes, nil
	}
	data, err := io.ReadAll(&capped{in: o.content, limit: min(o.limit, maxUnpackedInMemory)})
	if err != nil {
		return nil, 0, err
	}
	return strings.NewReader(string(data)), int64(len(data)), nil
}

// maxUnpackedInMemory bounds a packed file whose format needs random access.
const maxUnpackedInMemory = 1 << 30

// locate puts the file's name to an error, and says what broken archives mean.
func (o *opened) locate(err error) error {
	var setting *connectors.SettingError
	var column *connectors.MissingColumnError
	var corrupt flate.CorruptInputError
	switch {
	case errors.As(err, &setting), errors.As(err, &column):
		return err
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("%s: truncated: %w", o.member.name(), connectors.ErrPartial)
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum), errors.Is(err, zip.ErrChecksum), errors.As(err, &corrupt):
		return fmt.Errorf("%s: damaged: %w", o.member.name(), err)
	case errors.Is(err, io.EOF):
		return fmt.Errorf("%s: the file is empty", o.member.name())
	}
	return fmt.Errorf("%s: %w", o.member.name(), err)
}

// meter counts and sums the bytes that pass.
type meter struct {
	in     io.Reader
	sum    hash.Hash
	bytes  int64
	passed bool // read past the meter, so the sum has to be taken anew
}

func (m *meter) Read(p []byte) (int, error) {
	n, err := m.in.Read(p)
	m.bytes += int64(n)
	m.sum.Write(p[:n])
	return n, err
}

// The ratio above which an archive is taken for a bomb, once it has unpacked to
// more than a harmless size. Text seldom packs beyond 50:1; deflate reaches 1032:1.
const (
	maxRatio      = 200
	harmlessBytes = 64 << 20
)

// capped ends with an error when more comes out than was allowed.
type capped struct {
	in     io.Reader
	limit  int64
	packed func() int64 // bytes that went in so far; nil for a plain file
	bytes  int64
}

func (c *capped) Read(p []byte) (int, error) {
	n, err := c.in.Read(p)
	c.bytes += int64(n)
	if c.bytes > c.limit {
		return 0, &bombError{fmt.Sprintf("more than %d bytes; max_bytes allows no more", c.limit)}
	}
	if c.packed != nil && c.bytes > harmlessBytes && c.bytes/maxRatio > c.packed() {
		return 0, &bombError{fmt.Sprintf("unpacks to more than %d times its size: taken for a zip bomb", maxRatio)}
	}
	return n, err
}

// bombError ends the reading of a file that holds more than was allowed.
type bombError struct{ message string }

func (e *bombError) Error() string { return e.message }
