package review

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"rollcall/jobs/cases"
)

// The sheets of a workbook.
const (
	readMeName = "Read me"
	casesName  = "Cases"
	listsName  = "Lists" // of what can be chosen; hidden
)

// workbook is a review file as XLSX in the making.
type workbook struct {
	*excelize.File
	styles map[string]int
}

// writeWorkbook writes a sheet that says what to do and one with the cases, whose
// evidence is protected and whose decisions are chosen from lists.
func (s Sheet) writeWorkbook(w io.Writer) error {
	b := workbook{excelize.NewFile(), map[string]int{}}
	defer b.Close()
	return errors.Join(
		b.makeStyles(),
		b.readMe(s),
		b.cases(s),
		b.choices(s),
		b.forPaper(len(s.Lines)),
		b.protect(),
		b.Write(w),
	)
}

func (b workbook) makeStyles() error {
	text := "@" // stays text also when somebody edits it
	day := "yyyy-mm-dd"
	top := &excelize.Alignment{Vertical: "top", WrapText: true}
	fill := func(color string) excelize.Fill {
		return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{color}}
	}
	line := []excelize.Border{{Type: "bottom", Style: 1, Color: "BFC7CE"}, {Type: "right", Style: 1, Color: "BFC7CE"}}
	open := &excelize.Protection{Locked: false}
	for name, style := range map[string]excelize.Style{
		"title":    {Font: &excelize.Font{Size: 16, Bold: true}},
		"words":    {Alignment: top},
		"head":     {Font: &excelize.Font{Bold: true, Color: "FFFFFF"}, Fill: fill("1D4E6B"), Alignment: &excelize.Alignment{Vertical: "center", WrapText: true}},
		"fillHead": {Font: &excelize.Font{Bold: true}, Fill: fill("FFD966"), Alignment: &excelize.Alignment{Vertical: "center", WrapText: true}},
		"evidence": {Alignment: top, CustomNumFmt: &text, Border: line},
		"differs":  {Alignment: top, CustomNumFmt: &text, Border: line, Fill: fill("FCE4D6")},
		"fill":     {Alignment: top, CustomNumFmt: &text, Border: line, Fill: fill("FFF9E5"), Protection: open},
		"day":      {Alignment: top, CustomNumFmt: &day, Border: line, Fill: fill("FFF9E5"), Protection: open},
	} {
		id, err := b.NewStyle(&style)
		if err != nil {
			return fmt.Errorf("make style: %w", err)
		}
		b.styles[name] = id
	}
	return nil
}

// words put a row of text into a sheet, from column A on.
func (b workbook) words(sheet string, row int, style string, text ...string) error {
	var errs []error
	for i, t := range text {
		cell := cellName(i, row)
		errs = append(errs, b.SetCellStr(sheet, cell, t), b.SetCellStyle(sheet, cell, cell, b.styles[style]))
	}
	return errors.Join(errs...)
}

// cellName is a cell; columns count from 0, rows from 1.
func cellName(column, row int) string { return columnName(column) + strconv.Itoa(row) }

func columnName(column int) string {
	name, err := excelize.ColumnNumberToName(column + 1)
	if err != nil {
		panic(err) // there are fewer columns
	}
	return name
}

func (b workbook) readMe(s Sheet) error {
	errs := []error{
		b.SetSheetName("Sheet1", readMeName),
		b.SetColWidth(readMeName, "A", "A", 22), b.SetColWidth(readMeName, "B", "B", 24), b.SetColWidth(readMeName, "C", "D", 70),
		b.words(readMeName, 1, "title", "Cases to be decided"),
	}
	row := 2
	for _, n := range []struct{ head, text string }{
		{"Job", s.Title},
		{"Run", s.RunID},
		{"District", s.District},
		{"Cases", strconv.Itoa(len(s.Lines))},
		{"What this is", "Each row of the sheet \"" + casesName + "\" is one case. Nothing was stopped, and nothing is proved: read both records, ask what stands under \"ask first\", and decide. Cells of the two records that differ are marked."},
		{"What to fill in", "The yellow cells. " + decisionName + ": choose from the list. " + reasonName + ": choose from the list that belongs to the decision (below). " +
			dayName + ": the day on which it was done, as 2026-08-31. " + noteName + ": what an auditor should know. " + arrearsName + ": for reinstate alone, such as 1650.00 BDT, also 0 BDT. " +
			reviewerName + ": the id of the person who decided, as in the office's list of people."},
		{"What to leave", "A case that is not decided yet stays empty. Leave the other cells as they are, and sort whole rows only: a row whose evidence was altered is refused."},
		{"How it comes back", "Sign it on a machine that has the program: rollcall review sign FILE --by YOU --key YOUR.key, and send FILE with FILE.sig. Or send it as it is, or on paper: an officer enters it in your name."},
		{"Personal data", "This file names people. Give it to nobody else, and delete it when its import is confirmed."},
	} {
		if n.text != "" {
			errs = append(errs, b.words(readMeName, row, "words", n.head, n.text), b.MergeCell(readMeName, cellName(1, row), cellName(3, row)),
				b.SetRowHeight(readMeName, row, float64(16*(1+len(n.text)/150))))
			row++
		}
	}
	errs = append(errs, b.words(readMeName, row+1, "head", decisionName, reasonName, "it says", "law"))
	for i, r := range s.reasons() {
		errs = append(errs, b.words(readMeName, row+2+i, "words", string(r.Act), r.Code, r.Text, s.Site.Basis(r)))
	}
	return errors.Join(errs...)
}

// reasons are those that any line of the sheet can have.
func (s Sheet) reasons() []cases.Reason {
	possible := map[string]bool{}
	for _, l := range s.Lines {
		for _, act := range acts(l.Case) {
			for _, r := range cases.ReasonsFor(act, l.Case.Kind) {
				possible[r.Code] = true
			}
		}
	}
	return slices.DeleteFunc(cases.Reasons(), func(r cases.Reason) bool { return !possible[r.Code] })
}

func (b workbook) cases(s Sheet) error {
	_, err := b.NewSheet(casesName)
	errs := []error{err}
	cols := columns()
	for i, c := range cols {
		style := "head"
		if c.fill {
			style = "fillHead"
		}
		name := columnName(i)
		errs = append(errs, b.SetColWidth(casesName, name, name, c.width+2),
			b.SetCellStr(casesName, name+"1", c.name), b.SetCellStyle(casesName, name+"1", name+"1", b.styles[style]))
	}
	for i, l := range s.Lines {
		errs = append(errs, b.line(cols, i+2, s.cells(l)))
	}
	errs = append(errs,
		b.SetRowHeight(casesName, 1, 32),
		b.SetPanes(casesName, &excelize.Panes{Freeze: true, XSplit: 1, YSplit: 1, TopLeftCell: "B2", ActivePane: "bottomRight"}),
		b.AutoFilter(casesName, "A1:"+cellName(len(cols)-1, len(s.Lines)+1), nil))
	return errors.Join(errs...)
}

func (b workbook) line(cols []column, row int, cells []string) error {
	var errs []error
	for i, c := range cols {
		style := "evidence"
		switch {
		case c.name == dayName:
			style = "day"
		case c.fill:
			style = "fill"
		case differs(cols, cells, i):
			style = "differs"
		}
		cell := cellName(i, row)
		errs = append(errs, b.SetCellStyle(casesName, cell, cell, b.styles[style]))
		if cells[i] != "" {
			errs = append(errs, b.SetCellStr(casesName, cell, cells[i]))
		}
	}
	return errors.Join(errs...)
}

// differs tells whether a cell is of two records that say different things; ids
// always do.
func differs(cols []column, cells []string, i int) bool {
	field, first := strings.CutPrefix(cols[i].name, "record: ")
	beside := i + 1
	if !first {
		var second bool
		if field, second = strings.CutPrefix(cols[i].name, "other: "); !second {
			return false
		}
		beside = i - 1
	}
	return field != "id" && cells[i] != "" && cells[beside] != "" && essence(cells[i]) != essence(cells[beside])
}

// choices write the lists from which decisions and reasons are chosen: the decisions
// of each path and state, the reasons of each kind and decision.
func (b workbook) choices(s Sheet) error {
	_, err := b.NewSheet(listsName)
	errs := []error{err, b.SetSheetVisible(listsName, false)}
	made := map[string]bool{}
	list := func(name string, values []string) {
		if made[name] || len(values) == 0 {
			return
		}
		column := columnName(len(made))
		made[name] = true
		for i, v := range values {
			errs = append(errs, b.SetCellStr(listsName, column+strconv.Itoa(i+1), v))
		}
		errs = append(errs, b.SetDefinedName(&excelize.DefinedName{Name: name, RefersTo: fmt.Sprintf("%s!$%s$1:$%[2]s$%d", listsName, column, len(values))}))
	}
	for from := 0; from < len(s.Lines); {
		name := actList(s.Lines[from].Case)
		to := from
		for ; to < len(s.Lines) && actList(s.Lines[to].Case) == name; to++ {
			c := s.Lines[to].Case
			var names []string
			for _, act := range acts(c) {
				names = append(names, string(act))
				var codes []string
				for _, r := range cases.ReasonsFor(act, c.Kind) {
					codes = append(codes, r.Code)
				}
				list(c.Kind+"_"+string(act), codes)
			}
			list(name, names)
		}
		if made[name] {
			errs = append(errs, b.choose(decisionName, from+2, to+1, name, "Choose a decision that the case can have now, as under \"can be decided\"."))
		}
		from = to
	}
	if len(s.Lines) > 0 {
		// The reasons are those of the row's kind and decision.
		of := fmt.Sprintf(`INDIRECT($%s2&amp;"_"&amp;$%s2)`, columnName(place(kindName)), columnName(place(decisionName)))
		errs = append(errs, b.choose(reasonName, 2, len(s.Lines)+1, of, "Choose the decision first, then a reason that belongs to it: the sheet \""+readMeName+"\" says what each means."))
	}
	return errors.Join(errs...)
}

func actList(c cases.Case) string { return "acts_" + string(c.Path()) + "_" + string(c.State) }

func (b workbook) choose(column string, from, to int, list, help string) error {
	at := place(column)
	v := excelize.NewDataValidation(true)
	v.SetSqref(cellName(at, from) + ":" + cellName(at, to))
	v.SetSqrefDropList(list)
	v.SetError(excelize.DataValidationErrorStyleStop, "Not on the list", help)
	return b.AddDataValidation(casesName, v)
}

func place(name string) int {
	return slices.IndexFunc(columns(), func(c column) bool { return c.name == name })
}

// forPaper lays the cases out across, with the header and the case on each page.
func (b workbook) forPaper(lines int) error {
	const paperA3 = 8 // ECMA-376 part 1, 18.3.1.63
	across, paper := "landscape", paperA3
	return errors.Join(
		b.SetPageLayout(casesName, &excelize.PageLayoutOptions{Orientation: &across, Size: &paper}),
		b.SetHeaderFooter(casesName, &excelize.HeaderFooterOptions{OddFooter: "&L" + casesName + "&RPage &P of &N"}),
		b.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: fmt.Sprintf("%[1]s!$A:$A,%[1]s!$1:$1", casesName), Scope: casesName}),
		b.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Area", RefersTo: fmt.Sprintf("%s!$A$1:$%s$%d", casesName, columnName(place(reviewerName)), lines+1), Scope: casesName}),
	)
}

// protect leaves only what is to be filled in open, against mishap: there is no
// password.
func (b workbook) protect() error {
	b.SetActiveSheet(0)
	return b.ProtectSheet(casesName, &excelize.SheetProtectionOptions{
		AutoFilter: true, FormatColumns: true, FormatRows: true, SelectLockedCells: true, SelectUnlockedCells: true,
	})
}
