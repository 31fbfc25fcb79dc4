package report

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"rollcall/pipeline/tables"
	"rollcall/pipeline/xlsx"
)

// maxSheetRows is the most rows that a sheet holds, its header among them
// (Office Open XML, Excel's specifications and limits).
const maxSheetRows = 1_048_576

// writeWorkbook writes the lines of a list that ask for action.
func (m *maker) writeWorkbook(ctx context.Context, l list) error {
	f := File{Name: l.name + ".xlsx", About: l.about + "; only the lines that ask for action"}
	book, err := newWorkbook(m.dir)
	if err != nil {
		return err
	}
	defer book.file.Close()
	totals, err := m.listTotals(ctx, l)
	if err != nil {
		return err
	}
	if err := book.readMe(m.readMe(l, totals)); err != nil {
		return err
	}
	exprs := []string{}
	for _, c := range l.inSheet() {
		exprs = append(exprs, c.sheetExpr())
	}
	rows, err := m.session.Query(ctx, fmt.Sprintf("SELECT %s FROM %s WHERE %s ORDER BY %s",
		strings.Join(exprs, ", "), l.table(), asksForAction, l.orderBy()))
	if err != nil {
		return err
	}
	defer rows.Close()
	if f.Rows, err = book.lines(l, rows, maxSheetRows); err != nil {
		return err
	}
	if err := book.save(m.part(f.Name), m.cfg, l.title); err != nil {
		return err
	}
	return m.publish(f)
}

// asksForAction is a condition over a line: something is proposed, or asked.
const asksForAction = "coalesce(proposed_action, '') NOT IN ('', 'none')"

// sheetExpr is the column as text or number that the driver hands over quickly.
func (c column) sheetExpr() string {
	name := tables.Quote(c.Name)
	switch c.Type {
	case tables.TextList:
		return fmt.Sprintf("replace(array_to_string(%s, %s), '=', ': ')", name, tables.Literal(listSeparator))
	case tables.Amount, tables.Probability, tables.Bits:
		return fmt.Sprintf("CAST(%s AS DOUBLE)", name) // a sheet has no decimals; 15 digits hold
	default:
		return name
	}
}

// workbook is one XLSX file in the making.
type workbook struct {
	file                        *excelize.File
	title, body, header         int // styles
	text, whole, date           int
	amount, probability, weight int
}

func newWorkbook(folder string) (*workbook, error) {
	// What does not fit in memory goes beside the reports and nowhere else: it is
	// personal data.
	b := &workbook{file: excelize.NewFile(excelize.Options{TmpDir: folder})}
	b.file.SetZipWriter(xlsx.NewZip)
	font := &excelize.Font{Family: "Calibri", Size: 11, Color: "1F2933"}
	format := func(s string) *string { return &s }
	top := &excelize.Alignment{Vertical: "top"}
	for _, s := range []struct {
		id    *int
		style excelize.Style
	}{
		{&b.title, excelize.Style{Font: &excelize.Font{Family: "Calibri", Size: 16, Bold: true, Color: "1F2933"}}},
		{&b.body, excelize.Style{Font: font, Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}}},
		{&b.header, excelize.Style{
			Font:      &excelize.Font{Family: "Calibri", Size: 11, Bold: true, Color: "FFFFFF"},
			Fill:      excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"1D4E6B"}},
			Alignment: &excelize.Alignment{Vertical: "center", WrapText: true},
		}},
		// Text cells are text even when somebody edits them: what looks like a
		// formula never becomes one.
		{&b.text, excelize.Style{Font: font, Alignment: top, CustomNumFmt: format("@")}},
		{&b.whole, excelize.Style{Font: font, Alignment: top, CustomNumFmt: format("#,##0")}},
		{&b.date, excelize.Style{Font: font, Alignment: top, CustomNumFmt: format("yyyy-mm-dd")}},
		{&b.amount, excelize.Style{Font: font, Alignment: top, CustomNumFmt: format("#,##0.00")}},
		{&b.probability, excelize.Style{Font: font, Alignment: top, CustomNumFmt: format("0.0000")}},
		{&b.weight, excelize.Style{Font: font, Alignment: top, CustomNumFmt: format("0.0")}},
	} {
		id, err := b.file.NewStyle(&s.style)
		if err != nil {
			return nil, fmt.Errorf("make style: %w", err)
		}
		*s.id = id
	}
	return b, nil
}

func (b *workbook) style(t tables.Type) int {
	switch t {
	case tables.Integer:
		return b.whole
	case tables.Date:
		return b.date
	case tables.Amount:
		return b.amount
	case tables.Probability:
		return b.probability
	case tables.Bits:
		return b.weight
	default:
		return b.text
	}
}

// readMeName is the first sheet.
const readMeName = "Read me"

// readMe writes the first sheet: pairs of a heading and its text.
func (b *workbook) readMe(lines []note) error {
	f := b.file
	if err := f.SetSheetName("Sheet1", readMeName); err != nil {
		return err
	}
	var errs []error
	errs = append(errs, f.SetColWidth(readMeName, "A", "A", 30), f.SetColWidth(readMeName, "B", "B", 100))
	for i, n := range lines {
		left, right := "A"+strconv.Itoa(i+1), "B"+strconv.Itoa(i+1)
		style := b.body
		if i == 0 {
			style = b.title
		}
		errs = append(errs, f.SetCellStr(readMeName, left, n.head), f.SetCellStyle(readMeName, left, left, style))
		if n.count != nil {
			errs = append(errs, f.SetCellInt(readMeName, right, *n.count))
			continue
		}
		errs = append(errs, f.SetCellStr(readMeName, right, n.text), f.SetCellStyle(readMeName, right, right, b.body))
	}
	return errors.Join(errs...)
}

// lines streams the rows into sheets of at most maxRows rows.
func (b *workbook) lines(l list, rows *sql.Rows, maxRows int) (int64, error) {
	cols := l.inSheet()
	line := newLine(b, cols)
	var sheet *sheet
	var total int64
	for n := 1; rows.Next(); total++ {
		if sheet == nil || sheet.next > maxRows {
			if err := sheet.finish(); err != nil {
				return 0, err
			}
			var err error
			if sheet, err = b.open(sheetName(l.title, n), cols); err != nil {
				return 0, err
			}
			n++
		}
		if err := line.scan(rows); err != nil {
			return 0, err
		}
		if err := sheet.write(line.cells); err != nil {
			return 0, err
		}
	}
	if err := rows.Err(); err != nil {
		return 0, fmt.Errorf("read result: %w", err)
	}
	if sheet == nil { // no line: the header alone says so
		var err error
		if sheet, err = b.open(sheetName(l.title, 1), cols); err != nil {
			return 0, err
		}
	}
	return total, sheet.finish()
}

func sheetName(title string, n int) string {
	if n == 1 {
		return title
	}
	return fmt.Sprintf("%s %d", title, n)
}

// sheet is one sheet being streamed.
type sheet struct {
	book   *workbook
	name   string
	stream *excelize.StreamWriter
	cols   []column
	next   int // row, from 1
}

func (b *workbook) open(name string, cols []column) (*sheet, error) {
	if _, err := b.file.NewSheet(name); err != nil {
		return nil, err
	}
	if err := b.forPaper(name); err != nil {
		return nil, err
	}
	w, err := b.file.NewStreamWriter(name)
	if err != nil {
		return nil, err
	}
	s := &sheet{book: b, name: name, stream: w, cols: cols, next: 1}
	head := make([]any, len(cols))
	for i, c := range cols {
		if err := w.SetColWidth(i+1, i+1, c.width+2); err != nil {
			return nil, err
		}
		head[i] = excelize.Cell{StyleID: b.header, Value: c.heading}
	}
	// The case number and the tier stay in view.
	if err := w.SetPanes(&excelize.Panes{Freeze: true, XSplit: 1, YSplit: 1, TopLeftCell: "B2", ActivePane: "bottomRight"}); err != nil {
		return nil, err
	}
	return s, s.write(head, excelize.RowOpts{Height: 32})
}

// paperA3 is the paper of that size (ECMA-376 part 1, 18.3.1.63).
const paperA3 = 8

// forPaper lays a sheet out for printing: across, and on each page the header and
// the case.
func (b *workbook) forPaper(name string) error {
	across, paper := "landscape", paperA3
	if err := b.file.SetPageLayout(name, &excelize.PageLayoutOptions{Orientation: &across, Size: &paper}); err != nil {
		return err
	}
	return b.file.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: fmt.Sprintf("'%[1]s'!$A:$A,'%[1]s'!$1:$1", name), Scope: name})
}

func (s *sheet) write(cells []any, opts ...excelize.RowOpts) error {
	err := s.stream.SetRow("A"+strconv.Itoa(s.next), cells, opts...)
	s.next++
	return err
}

// finish writes the filter and closes the stream; on no sheet it does nothing.
func (s *sheet) finish() error {
	if s == nil {
		return nil
	}
	last, err := excelize.CoordinatesToCellName(len(s.cols), s.next-1)
	if err != nil {
		return err
	}
	if err := s.book.file.AutoFilter(s.name, "A1:"+last, nil); err != nil {
		return err
	}
	return s.stream.Flush()
}

// line is a row between the database and the sheet; its cells are used again.
type line struct {
	targets []any
	values  []sql.NullString
	numbers []sql.NullFloat64
	wholes  []sql.NullInt64
	dates   []sql.NullTime
	flags   []sql.NullBool
	cells   []any
	cols    []column
	styles  []int
}

func newLine(b *workbook, cols []column) *line {
	n := len(cols)
	l := &line{
		targets: make([]any, n), values: make([]sql.NullString, n), numbers: make([]sql.NullFloat64, n),
		wholes: make([]sql.NullInt64, n), dates: make([]sql.NullTime, n), flags: make([]sql.NullBool, n),
		cells: make([]any, n), cols: cols, styles: make([]int, n),
	}
	for i, c := range cols {
		l.styles[i] = b.style(c.Type)
		switch c.Type {
		case tables.Integer:
			l.targets[i] = &l.wholes[i]
		case tables.Date:
			l.targets[i] = &l.dates[i]
		case tables.Boolean:
			l.targets[i] = &l.flags[i]
		case tables.Amount, tables.Probability, tables.Bits:
			l.targets[i] = &l.numbers[i]
		default:
			l.targets[i] = &l.values[i]
		}
	}
	return l
}

func (l *line) scan(rows *sql.Rows) error {
	if err := rows.Scan(l.targets...); err != nil {
		return fmt.Errorf("read result: %w", err)
	}
	for i, c := range l.cols {
		var v any // nil is an empty cell
		switch c.Type {
		case tables.Integer:
			if l.wholes[i].Valid {
				v = l.wholes[i].Int64
			}
		case tables.Date:
			if l.dates[i].Valid {
				v = serialDay(l.dates[i].Time)
			}
		case tables.Boolean:
			if l.flags[i].Valid {
				v = l.flags[i].Bool
			}
		case tables.Amount, tables.Probability, tables.Bits:
			if l.numbers[i].Valid {
				v = l.numbers[i].Float64
			}
		default:
			if l.values[i].Valid {
				v = l.values[i].String
			}
		}
		l.cells[i] = excelize.Cell{StyleID: l.styles[i], Value: v}
	}
	return nil
}

// serialDay is a date as sheets count it, days since 1899-12-30; a day before
// March 1900, which sheets cannot hold rightly, is written as text.
func serialDay(t time.Time) any {
	days := int(t.Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)) / (24 * time.Hour))
	if days < 61 {
		return t.Format(time.DateOnly)
	}
	return days
}

// save writes the file; the times in its properties are the as-of day.
func (b *workbook) save(path string, cfg Config, title string) error {
	stamp := cfg.AsOf.UTC().Format(time.RFC3339)
	err := b.file.SetDocProps(&excelize.DocProperties{
		Title: title + ", " + cfg.JobTitle, Creator: "rollcall", LastModifiedBy: "rollcall", Identifier: cfg.RunID,
		Created: stamp, Modified: stamp, Language: "en",
	})
	if err != nil {
		return err
	}
	out, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if err := b.file.Write(out); err != nil {
		out.Close()
		return err
	}
	return out.Close()
}
