package review

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
	utf16 "golang.org/x/text/encoding/unicode"

	"rollcall/jobs/envelope"
	"rollcall/pipeline/clerical"
	"rollcall/pipeline/pair"
)

// File is a file as it came back: of cases, or of pairs of a sample.
type File struct {
	SHA256 string
	Sample bool  // it is the sample of a run, with pairs for cases
	Rows   []Row // those in which something is filled in
	Open   int   // rows of cases, or of pairs, that are left open
	// from1904 says that days count from 1904, as in files of old Macs.
	from1904 bool
}

// Row is one row of a file in which something is filled in.
type Row struct {
	Number  int // as a spreadsheet counts, from 1
	cells   map[string]string
	formula string // column in which a formula stands, or empty
}

func (r Row) caseID() string { return strings.ToLower(r.cells[caseName]) }

// line is a cell on one line.
func (r Row) line(name string) string { return strings.Join(strings.Fields(r.cells[name]), " ") }

// form is what a file is made of.
type form struct {
	names []string // of its columns: all of them must be there
	fill  []string // columns that a person fills in
	keys  []string // columns that a row which was given out has
	typed []string // columns in which a formula is told of
	rows  string   // what a row is about, in words
}

// ofCases are the files that export writes.
func ofCases() form {
	f := form{names: names(), keys: []string{caseName, checkName}, rows: "cases"}
	for _, c := range columns() {
		if c.fill {
			f.fill = append(f.fill, c.name)
		}
	}
	f.typed = append([]string{caseName, versionName, checkName}, f.fill...)
	return f
}

// ofPairs are the samples of runs.
func ofPairs() form {
	fill, keys := []string{pair.AnswerColumn, reviewerName, clerical.NoteColumn}, []string{pair.PairColumn, clerical.RunColumn}
	return form{names: clerical.Blank().Head, fill: fill, keys: keys, typed: slices.Concat(keys, fill), rows: "pairs"}
}

// grid is a sheet as it was read.
type grid struct {
	rows    [][]string
	formula func(row, column int) bool // both from 0
}

const (
	maxFileBytes     = 64 << 20
	maxUnpackedBytes = 512 << 20
	// headRows is how far down the header may have been pushed by what people
	// write above it.
	headRows = 20
)

// Open reads a review file, XLSX or CSV, as it came back. One that was encrypted is
// opened in memory with the identity, which is nil where nobody has named one.
func Open(path string, with *envelope.Identity) (*File, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("read review file: %w", err)
	}
	if info.Size() > maxFileBytes {
		return nil, fmt.Errorf("%w: %s has more than %d MiB", ErrFile, path, maxFileBytes>>20)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read review file: %w", err)
	}
	if closed := strings.HasSuffix(path, envelope.Suffix); closed && with == nil {
		return nil, fmt.Errorf("%w: %s is encrypted: name the private key with --identity", ErrFile, path)
	} else if closed {
		if data, err = with.Open(data, maxFileBytes); err != nil {
			return nil, fmt.Errorf("%w: %s: %w", ErrFile, path, err)
		}
	}
	f, err := Read(data)
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrFile, path, err)
	}
	return f, nil
}

// errNotOne tells that a file is none of a form.
var errNotOne = errors.New("no row of it has the columns case, decision, reason and so on: it is not what rollcall review export wrote, nor the sample of a run")

// Read reads the bytes of a review file, or of a sample.
func Read(data []byte) (*File, error) {
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, errors.New("it is empty: take the file that was filled in")
	}
	f, err := read(data, ofCases())
	if !errors.Is(err, errNotOne) {
		return f, err
	}
	f, err = read(data, ofPairs())
	if f != nil {
		f.Sample = true
	}
	return f, err
}

func read(data []byte, of form) (*File, error) {
	sum := sha256.Sum256(data)
	f := &File{SHA256: hex.EncodeToString(sum[:])}
	var grids []grid
	var err error
	switch {
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		grids, f.from1904, err = readWorkbook(data, of)
	case bytes.HasPrefix(data, []byte("\xD0\xCF\x11\xE0")):
		err = errors.New("it has a password, or is of an old spreadsheet program: save it as .xlsx without a password")
	default:
		grids, err = readText(data)
	}
	if err == nil {
		err = f.take(grids, of)
	}
	if err != nil {
		return nil, err
	}
	return f, nil
}

// take finds the sheet with the cases, and in it the header and the rows below.
func (f *File) take(grids []grid, of form) error {
	problem := errNotOne
	taken := 0
	for _, g := range grids {
		at, places, err := header(g.rows, of)
		if err != nil {
			problem = err
		}
		if places == nil {
			continue
		}
		taken++
		for i, cells := range g.rows[at+1:] {
			f.add(g, at+1+i, cells, places, of)
		}
	}
	switch taken {
	case 0:
		return problem
	case 1:
		return nil
	}
	return fmt.Errorf("%d sheets of it have %s: keep the one that was filled in", taken, of.rows)
}

// add takes one row, where 0 is the first of the sheet.
func (f *File) add(g grid, at int, cells []string, places map[string]int, of form) {
	r := Row{Number: at + 1, cells: map[string]string{}}
	filled := false
	for _, name := range of.names {
		place, fill := places[name], slices.Contains(of.fill, name)
		if place < len(cells) {
			r.cells[name] = clean(cells[place])
		}
		if g.formula(at, place) {
			r.formula = name
			filled = filled || fill
		}
		// A reviewer alone decides nothing: the export fills it in.
		filled = filled || fill && name != reviewerName && r.cells[name] != ""
	}
	switch {
	case filled:
		f.Rows = append(f.Rows, r)
	case !slices.ContainsFunc(of.keys, func(name string) bool { return r.cells[name] == "" }):
		f.Open++
	}
}

// header finds the row with the names of the columns, and the place of each. It is
// an error where a row is one but for a column.
func header(rows [][]string, of form) (int, map[string]int, error) {
	for at, row := range rows[:min(len(rows), headRows)] {
		places, twice := map[string]int{}, ""
		for i, cell := range row {
			name := strings.ToLower(clean(cell))
			if _, ok := places[name]; ok && slices.Contains(of.names, name) {
				twice = name
			}
			places[name] = i
		}
		var missing []string
		for _, name := range of.names {
			if _, ok := places[name]; !ok {
				missing = append(missing, fmt.Sprintf("%q", name))
			}
		}
		switch {
		case len(missing) > len(of.names)/2:
			continue
		case len(missing) > 0:
			return 0, nil, fmt.Errorf("row %d is the header and lacks %s: put back what was deleted or renamed", at+1, strings.Join(missing, ", "))
		case twice != "":
			return 0, nil, fmt.Errorf("row %d is the header and has the column %q twice: delete one of them", at+1, twice)
		}
		return at, places, nil
	}
	return 0, nil, nil
}

// clean takes off what nobody sees, and the apostrophe that keeps a text from
// being a formula.
func clean(text string) string {
	text = strings.TrimFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || unicode.IsControl(r) })
	if len(text) > 1 && text[0] == '\'' && strings.ContainsRune(dangerous, rune(text[1])) {
		text = text[1:]
	}
	return text
}

// readText reads CSV as spreadsheets save it: in any of their character sets, with
// any of their separators.
func readText(data []byte) ([]grid, error) {
	text, err := decode(data)
	if err != nil {
		return nil, err
	}
	var grids []grid
	var problem error
	for _, separator := range ",;\t" {
		r := csv.NewReader(strings.NewReader(text))
		r.Comma, r.FieldsPerRecord = separator, -1
		rows, err := r.ReadAll()
		if err != nil {
			// It is the wrong separator, whose rows end in the middle of quotes, or the
			// right one and a quote does not end: then no other fits either.
			problem = fmt.Errorf("%w: mend that line, or save the file anew from the spreadsheet", err)
			continue
		}
		grids = append(grids, grid{rows, func(row, column int) bool {
			return column < len(rows[row]) && strings.HasPrefix(strings.TrimSpace(rows[row][column]), "=")
		}})
	}
	if len(grids) == 0 {
		return nil, problem
	}
	return grids, nil
}

// decode finds the character set of a text: Unicode by its mark or its zeros, else
// the one that Western spreadsheets save.
func decode(data []byte) (string, error) {
	order := utf16.LittleEndian
	switch {
	case bytes.HasPrefix(data, []byte("\xFF\xFE")):
	case bytes.HasPrefix(data, []byte("\xFE\xFF")), len(data) > 1 && data[0] == 0 && data[1] != 0:
		order = utf16.BigEndian
	case len(data) > 1 && data[0] != 0 && data[1] == 0:
	case utf8.Valid(data):
		return strings.TrimPrefix(string(data), byteOrderMark), nil
	default:
		text, err := charmap.Windows1252.NewDecoder().Bytes(data)
		return string(text), err
	}
	text, err := utf16.UTF16(order, utf16.UseBOM).NewDecoder().Bytes(data)
	return string(text), err
}

// readWorkbook reads the sheets of an XLSX file as their cells are stored.
func readWorkbook(data []byte, of form) (grids []grid, from1904 bool, err error) {
	defer func() {
		// The library takes a damaged workbook for whole in places.
		if p := recover(); p != nil {
			err = fmt.Errorf("the workbook is damaged: %v", p)
		}
	}()
	book, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		UnzipSizeLimit: maxUnpackedBytes, UnzipXMLSizeLimit: maxUnpackedBytes, // no sheet goes into a temporary file
		RawCellValue: true,
	})
	if err != nil {
		return nil, false, fmt.Errorf("the workbook is damaged: %w", err)
	}
	defer book.Close()
	if p, err := book.GetWorkbookProps(); err == nil && p.Date1904 != nil {
		from1904 = *p.Date1904
	}
	for _, name := range book.GetSheetList() {
		rows, err := sheetRows(book, name)
		if err != nil {
			return nil, false, fmt.Errorf("sheet %s: %w", name, err)
		}
		formulas, err := formulasOf(book, name, rows, of)
		if err != nil {
			return nil, false, fmt.Errorf("sheet %s: %w", name, err)
		}
		grids = append(grids, grid{rows, func(row, column int) bool { return formulas[[2]int{row, column}] }})
	}
	return grids, from1904, nil
}

func sheetRows(book *excelize.File, name string) (out [][]string, err error) {
	rows, err := book.Rows(name)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		cells, err := rows.Columns()
		if err != nil {
			return nil, err
		}
		out = append(out, cells)
	}
	return out, rows.Error()
}

// formulasOf finds the formulas in the columns of a review file; other sheets are
// left unread.
func formulasOf(book *excelize.File, name string, rows [][]string, of form) (map[[2]int]bool, error) {
	at, places, _ := header(rows, of)
	found := map[[2]int]bool{}
	if places == nil {
		return found, nil
	}
	for row := at + 1; row < len(rows); row++ {
		for _, column := range of.typed { // of the others their check tells
			place := places[column]
			text, err := book.GetCellFormula(name, cellName(place, row+1))
			if err != nil {
				return nil, err
			}
			if text != "" {
				found[[2]int{row, place}] = true
			}
		}
	}
	return found, nil
}
