package files

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"rollcall/connectors"
)

// xlsxRows is how many rows of a sheet become one batch.
const xlsxRows = 1024

// sheet reads the rows of one XLSX sheet as they come. Cells give the value that
// is stored, not the one that is shown: numbers with all digits, dates in ISO
// 8601 whatever their format.
type sheet struct {
	name   string
	book   *workbook
	part   io.ReadCloser
	tokens *xml.Decoder
	names  []string
	places []int
	fields []string
	row    []int
	number int64 // of the current row
	cells  []cell
}

// cell is one cell of the current row. A zero cell is empty.
type cell struct {
	text    string
	fault   string // what is wrong with it
	rounded bool   // a number with more digits than a spreadsheet keeps
}

// exactDigits is how many digits of a number a spreadsheet keeps.
const exactDigits = 15

func openXLSX(s *source, o *opened) (rows, error) {
	content, size, err := o.randomAccess()
	if err != nil {
		return nil, err
	}
	if size == 0 {
		return nil, errors.New("the file is empty")
	}
	book, err := openWorkbook(content, size, o.limit)
	if err != nil {
		return nil, err
	}
	name, err := book.find(s.sheet)
	if err != nil {
		return nil, err
	}
	part, err := book.part(name)
	if err != nil {
		return nil, err
	}
	if part == nil {
		return nil, fmt.Errorf("damaged: the workbook lacks its part %s", name)
	}
	o.closers = append(o.closers, part)
	return &sheet{name: o.member.name(), book: book, part: part, tokens: xml.NewDecoder(part)}, nil
}

// header reads the first row that has a cell.
func (s *sheet) header(context.Context) ([]string, error) {
	if s.names != nil {
		return s.names, nil
	}
	if err := s.nextRow(); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, errors.New("the sheet is empty: it has not even a header")
		}
		return nil, err
	}
	for i, c := range s.cells {
		name := strings.TrimSpace(c.text)
		if name == "" {
			name = fmt.Sprintf("column_%d", i+1)
		}
		s.names = append(s.names, name)
	}
	return s.names, nil
}

func (s *sheet) choose(ctx context.Context, b *batch) error {
	names, err := s.header(ctx)
	if err != nil {
		return err
	}
	s.places = b.choice(names)
	s.fields, s.row = make([]string, len(s.places)), make([]int, len(s.places))
	return nil
}

func (s *sheet) fill(ctx context.Context, b *batch) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	b.suspect, b.broken = false, invalidUTF8 // XML has neither NUL nor broken UTF-8
	for range xlsxRows {
		if err := s.nextRow(); err != nil {
			return err
		}
		s.add(b)
	}
	return nil
}

// add hands the current row over. Cells that are not there are missing values;
// only one beyond the header makes the row a reject.
func (s *sheet) add(b *batch) {
	if len(s.cells) > len(s.names) {
		b.reject(connectors.Reject{File: s.name, Line: s.number, Reason: connectors.ReasonRagged, Detail: fmt.Sprintf("%d cells; the header has %d", len(s.cells), len(s.names))})
		return
	}
	for column, place := range s.places {
		s.row[column] = missing
		if place == missing || place >= len(s.cells) {
			continue
		}
		r := connectors.Reject{File: s.name, Line: s.number, Column: b.names[column]}
		switch c := s.cells[place]; {
		case c.fault != "":
			r.Reason, r.Detail = connectors.ReasonValue, c.fault
		case c.rounded && b.id[column]:
			r.Reason, r.Detail = connectors.ReasonMangled, fmt.Sprintf("a number of more than %d digits in a cell that is not text: a spreadsheet has lost digits of it", exactDigits)
		}
		if r.Reason != "" {
			b.reject(r)
			return
		}
		s.row[column], s.fields[column] = column, s.cells[place].text
	}
	b.add(s.name, s.number, s.fields, s.row)
}

// nextRow reads the next row that has a cell with content into cells.
func (s *sheet) nextRow() error {
	for {
		token, err := s.tokens.RawToken()
		if errors.Is(err, io.EOF) {
			return io.EOF
		}
		if err != nil {
			return damagedPart("sheet", err)
		}
		start, ok := token.(xml.StartElement)
		if !ok || start.Name.Local != "row" {
			continue
		}
		s.number++
		if n, err := strconv.ParseInt(attribute(start, "r"), 10, 64); err == nil {
			s.number = n
		}
		if err := s.readCells(); err != nil {
			return err
		}
		if len(s.cells) > 0 {
			return nil
		}
	}
}

// readCells reads up to the end of the row; empty cells at its end are dropped.
func (s *sheet) readCells() error {
	s.cells = s.cells[:0]
	for {
		token, err := s.tokens.RawToken()
		if err != nil {
			return damagedPart("sheet", err)
		}
		switch t := token.(type) {
		case xml.EndElement:
			if t.Name.Local == "row" {
				return nil
			}
		case xml.StartElement:
			if t.Name.Local != "c" {
				continue
			}
			place := len(s.cells)
			if p, ok := columnOf(attribute(t, "r")); ok {
				place = p
			}
			c, err := s.readCell(attribute(t, "t"), attribute(t, "s"))
			if err != nil {
				return err
			}
			if c == (cell{}) {
				continue
			}
			for len(s.cells) <= place {
				s.cells = append(s.cells, cell{})
			}
			s.cells[place] = c
		}
	}
}

// readCell reads the rest of a cell.
func (s *sheet) readCell(kind, style string) (cell, error) {
	var value strings.Builder
	inside, formula, stored := "", false, false
	for {
		token, err := s.tokens.RawToken()
		if err != nil {
			return cell{}, damagedPart("sheet", err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			inside = t.Name.Local
			formula = formula || inside == "f"
			stored = stored || inside == "v"
		case xml.CharData:
			if inside == "v" || inside == "t" {
				value.Write(t)
			}
		case xml.EndElement:
			if t.Name.Local == "c" {
				if formula && !stored {
					return cell{fault: "a formula without its result"}, nil
				}
				return s.book.cell(kind, style, value.String()), nil
			}
			inside = ""
		}
	}
}

// cell turns a stored value into text.
func (w *workbook) cell(kind, style, value string) cell {
	switch kind {
	case "s":
		i, err := strconv.Atoi(value)
		if err != nil || i < 0 || i >= len(w.strings) {
			return cell{fault: "a reference to a text that is not there"}
		}
		return cell{text: w.strings[i]}
	case "str", "inlineStr", "d":
		return cell{text: value}
	case "b":
		return cell{text: map[string]string{"1": "true", "0": "false"}[value]}
	case "e":
		return cell{fault: "the cell holds an error"}
	}
	if value == "" || digits(value) {
		return w.number(style, value, 0)
	}
	number, err := strconv.ParseFloat(value, 64)
	if err != nil {
		return cell{fault: "a number that cannot be read"}
	}
	return w.number(style, floatText(number, 64), number)
}

// number is a numeric cell; text is its exact form.
func (w *workbook) number(style, text string, value float64) cell {
	i, err := strconv.Atoi(style)
	if text == "" || err != nil || i < 0 || i >= len(w.dates) || !w.dates[i] {
		return cell{text: text, rounded: digits(text) && len(text) > exactDigits}
	}
	if digits(text) {
		value, err = strconv.ParseFloat(text, 64)
	}
	if err != nil || value < 0 || value >= lastSerial {
		return cell{fault: "a date outside the calendar"}
	}
	return cell{text: serialText(value, w.date904)}
}

// lastSerial is the day after 9999-12-31 in the 1900 system.
const lastSerial = 2_958_466

// serialText writes a spreadsheet's day number: a day, a time, or both. In the
// 1900 system the days before March 1900 are one less, since it has a 29 February
// that the calendar has not.
func serialText(serial float64, date1904 bool) string {
	seconds := int64(math.Round(serial * 86400))
	day, rest := seconds/86400, seconds%86400
	clock := time.Duration(rest) * time.Second
	switch {
	case day == 0 && rest > 0:
		return time.Time{}.Add(clock).Format(time.TimeOnly)
	case date1904:
		day += 1462
	case day < 60:
		day++
	}
	date := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(day))
	if rest == 0 {
		return date.Format(time.DateOnly)
	}
	return date.Add(clock).Format("2006-01-02T15:04:05")
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

// maxSheetColumns is what the format allows: column XFD.
const maxSheetColumns = 16_384

// columnOf reads the letters of a cell's reference: B7 is 1.
func columnOf(reference string) (int, bool) {
	column := 0
	for i := range len(reference) {
		c := reference[i]
		if c < 'A' || c > 'Z' {
			break
		}
		if column = column*26 + int(c-'A') + 1; column > maxSheetColumns {
			return 0, false
		}
	}
	return column - 1, column > 0
}
