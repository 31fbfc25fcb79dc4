package report_test

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"rollcall/pipeline/report"
	"rollcall/pipeline/store"
)

// openSheet opens a workbook; at finds a cell by its heading and row.
func openSheet(t testing.TB, dir, file, sheet string) (book *excelize.File, at func(heading string, row int) string) {
	t.Helper()
	book, err := excelize.OpenFile(filepath.Join(dir, file))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { book.Close() })
	rows, err := book.GetRows(sheet)
	if err != nil {
		t.Fatal(err)
	}
	return book, func(heading string, row int) string {
		t.Helper()
		for i, h := range rows[0] {
			if h == heading {
				name, err := excelize.CoordinatesToCellName(i+1, row)
				if err != nil {
					t.Fatal(err)
				}
				return name
			}
		}
		t.Fatalf("no column %q in %q", heading, rows[0])
		return ""
	}
}

func TestTheWorkbookIsTypedAndReadyToFilter(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder, 1)
	hostile(t, s)
	dir, _ := reports(t, s, folder, monthly())
	const sheet = "Deceased exits"
	book, at := openSheet(t, dir, "exits.xlsx", sheet)
	if diff := cmp.Diff([]string{"Read me", sheet}, book.GetSheetList()); diff != "" {
		t.Errorf("sheets (-want +got):\n%s", diff)
	}
	for _, c := range []struct{ heading, raw, shown string }{
		{"Death: from", "45691", "2025-02-03"}, // days since 1899-12-30
		{"Potential overpayment", "-12.5", "-12.50"},
		{"Match probability", "0.75", "0.7500"},
		{"Evidence in bits", "-3.25", "-3.3"},
		{"Tier", "T2", "T2"},
		{"Beneficiary: phone", "+8801711", "+8801711"},
	} {
		name := at(c.heading, 2)
		raw, err := book.GetCellValue(sheet, name, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		shown, err := book.GetCellValue(sheet, name)
		if err != nil {
			t.Fatal(err)
		}
		if raw != c.raw || shown != c.shown {
			t.Errorf("%s holds %q and shows %q, want %q and %q", c.heading, raw, shown, c.raw, c.shown)
		}
	}
	panes, err := book.GetPanes(sheet)
	if err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("the header is not frozen: %+v %v", panes, err)
	}
	names := map[string]string{}
	for _, n := range book.GetDefinedName() {
		names[n.Scope+" "+n.Name] = n.RefersTo
	}
	if names[sheet+" _xlnm._FilterDatabase"] == "" {
		t.Errorf("the sheet has no filter: %v", names)
	}
	if layout, err := book.GetPageLayout(sheet); err != nil || *layout.Orientation != "landscape" || names[sheet+" _xlnm.Print_Titles"] != "'Deceased exits'!$A:$A,'Deceased exits'!$1:$1" {
		t.Errorf("printed %+v (%v) with the titles %v", layout, err, names)
	}
	if width, err := book.GetColWidth(sheet, "A"); err != nil || width < 15 {
		t.Errorf("the first column is %.1f wide (%v), want room for a case number", width, err)
	}
	props, err := book.GetDocProps()
	if err != nil || props.Created != "2025-06-30T00:00:00Z" || props.Modified != props.Created {
		t.Errorf("created %s, modified %s (%v), want the as-of day for both", props.Created, props.Modified, err)
	}
}

func readMeTotals(t *testing.T, s *store.Session, dir string, sum report.Summary) {
	book, _ := openSheet(t, dir, "exits.xlsx", "Read me")
	rows, err := book.GetRows("Read me")
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]string{}
	for _, r := range rows {
		if len(r) > 1 {
			said[r[0]] = r[1]
		}
	}
	for head, want := range map[string]string{"Lines": "300", "   T1 corroborated": "132", "   X conflict": "48", "As of": "2025-06-30"} {
		if said[head] != want {
			t.Errorf("%q says %q, want %q", head, said[head], want)
		}
	}
	if said["What it is not"] == "" {
		t.Error("the sheet does not say that nothing stops a payment")
	}
}

// A line on which nobody is asked to act is in the CSV, and not in the sheet.
func TestTheSheetHoldsOnlyWhatAsksForAction(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder, 1)
	hostile(t, s)
	execute(t, s, "UPDATE proposal SET proposed_action = 'none' WHERE kind = 'exit'")
	dir, _ := reports(t, s, folder, monthly())
	book, _ := openSheet(t, dir, "exits.xlsx", "Deceased exits")
	rows, err := book.GetRows("Deceased exits")
	if err != nil {
		t.Fatal(err)
	}
	_, lines := readCSV(t, filepath.Join(dir, "exits.csv"))
	if len(rows) != 1 || len(lines) != 1 {
		t.Errorf("%d rows in the sheet and %d lines in the CSV, want the header alone and 1", len(rows), len(lines))
	}
}
