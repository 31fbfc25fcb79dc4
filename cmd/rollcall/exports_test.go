package main

import (
	"context"
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"github.com/xuri/excelize/v2"
)

// TestListsAreReadByOthers: the exits of a run are the same lines as CSV, as
// Parquet and in the workbook, read by other libraries. A name that a spreadsheet
// would take for a formula is one in none of them, and keeps its letters in Parquet.
func TestListsAreReadByOthers(t *testing.T) {
	const formula, kept = "=HYPERLINK(1)", "-Karim"
	folder := t.TempDir()
	must(t, os.CopyFS(folder, os.DirFS("../../testdata/village")))
	for file, rows := range map[string]string{
		"deaths.csv":     "D900,2026-06-03,2026-06-12," + formula + "," + kept + ",female,1940-02-15,8094455073\n",
		"members.csv":    "M900,H900," + formula + "," + kept + ",female,1940-02-15,8094455073\n",
		"enrolments.csv": "E900,M900,old_age,active,2019-01-01\n",
	} {
		f, err := os.OpenFile(filepath.Join(folder, file), os.O_APPEND|os.O_WRONLY, 0o600)
		must(t, err)
		_, err = f.WriteString(rows)
		must(t, err)
		must(t, f.Close())
	}
	mustRun(t, "run", filepath.Join(folder, "job.yaml"), "--as-of", "2026-08-31")
	exits := filepath.Join(folder, "out/latest/reports/exits")

	asCSV, asParquet, asSheet := csvColumns(t, exits+".csv"), parquetColumns(t, exits+".parquet"), sheetColumns(t, exits+".xlsx")
	given := "beneficiary_given_name"
	row := slices.Index(asParquet[given], formula)
	if row < 0 {
		t.Fatalf("no exit for the name %s in %v", formula, asParquet[given])
	}
	if got := asCSV[given][row]; got != "'"+formula {
		t.Errorf("the CSV has %q", got)
	}
	if got := asCSV["beneficiary_family_name"][row]; got != "'"+kept {
		t.Errorf("the CSV has %q", got)
	}
	for _, column := range []string{"margin_bits", "match_weight_bits"} {
		for _, values := range [][]string{asCSV[column], asParquet[column]} {
			for i, text := range values {
				if text != "" { // a number is as good with a 0 at its end
					values[i] = bits(t, text)
				}
			}
		}
	}
	for _, column := range []string{"case_id", "tier", "enrolment_id", "margin_bits", "match_weight_bits"} {
		if !slices.Equal(asCSV[column], asParquet[column]) {
			t.Errorf("%s differs: CSV %q, Parquet %q", column, asCSV[column], asParquet[column])
		}
	}
	if !slices.Equal(asSheet["Case"], asCSV["case_id"]) {
		t.Errorf("the workbook has the cases %q, the CSV %q", asSheet["Case"], asCSV["case_id"])
	}
}

// csvColumns reads a CSV file by column.
func csvColumns(t *testing.T, path string) map[string][]string {
	t.Helper()
	f, err := os.Open(path)
	must(t, err)
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	must(t, err)
	return byColumn(rows[0], rows[1:])
}

func byColumn(header []string, rows [][]string) map[string][]string {
	out := map[string][]string{}
	for i, name := range header {
		for _, row := range rows {
			value := ""
			if i < len(row) {
				value = row[i]
			}
			out[name] = append(out[name], value)
		}
	}
	return out
}

// parquetColumns reads a Parquet file by column, NULL as empty text.
func parquetColumns(t *testing.T, path string) map[string][]string {
	t.Helper()
	f, err := file.OpenParquetFile(path, false)
	must(t, err)
	defer func() { must(t, f.Close()) }()
	r, err := pqarrow.NewFileReader(f, pqarrow.ArrowReadProperties{}, memory.DefaultAllocator)
	must(t, err)
	table, err := r.ReadTable(context.Background())
	must(t, err)
	defer table.Release()
	out := map[string][]string{}
	for i := range int(table.NumCols()) {
		name := table.Schema().Field(i).Name
		for _, chunk := range table.Column(i).Data().Chunks() {
			for row := range chunk.Len() {
				value := chunk.ValueStr(row)
				if chunk.IsNull(row) {
					value = ""
				}
				out[name] = append(out[name], value)
			}
		}
	}
	return out
}

// sheetColumns reads the first sheet of lines of a workbook by column; a cell must
// be no formula.
func sheetColumns(t *testing.T, path string) map[string][]string {
	t.Helper()
	book, err := excelize.OpenFile(path)
	must(t, err)
	defer book.Close()
	for _, sheet := range book.GetSheetList() {
		rows, err := book.GetRows(sheet, excelize.Options{RawCellValue: true})
		must(t, err)
		for i, row := range rows {
			for column := range row {
				cell, err := excelize.CoordinatesToCellName(column+1, i+1)
				must(t, err)
				if formula, err := book.GetCellFormula(sheet, cell); err != nil || formula != "" {
					t.Errorf("%s of %s is a formula: %q, %v", cell, sheet, formula, err)
				}
			}
			if slices.Contains(row, "Case") {
				return byColumn(row, rows[i+1:])
			}
		}
	}
	t.Fatalf("%s has no sheet with the column Case: %s", path, strings.Join(book.GetSheetList(), ", "))
	return nil
}
