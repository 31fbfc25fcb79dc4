package report

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/xuri/excelize/v2"

	"rollcall/matchers/locale"
	"rollcall/pipeline/store"
	"rollcall/pipeline/tables"
)

// Sheets of 4 rows stand for those of 1,048,576: 7 lines need three, each with
// its header.
func TestLinesAreSplitIntoSheets(t *testing.T) {
	s, err := store.Open(t.Context(), store.Options{Folder: t.TempDir(), Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	write := func() []byte {
		book, err := newWorkbook(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		defer book.file.Close()
		l := list{title: "Lines", columns: []column{typed("n", tables.Integer, "", "").sheet("Number", 8), text("t", "", "").sheet("Text", 8)}}
		rows, err := s.Query(t.Context(), "SELECT i, 'line ' || i FROM range(7) r(i) ORDER BY i")
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		n, err := book.lines(l, rows, 4)
		if err != nil || n != 7 {
			t.Fatalf("%d lines written: %v", n, err)
		}
		var out bytes.Buffer
		if err := book.file.Write(&out); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	first := write()
	book, err := excelize.OpenReader(bytes.NewReader(first))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	got := ""
	for _, sheet := range book.GetSheetList()[1:] {
		rows, err := book.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		got += fmt.Sprintf("%s %v\n", sheet, rows)
	}
	want := `Lines [[Number Text] [0 line 0] [1 line 1] [2 line 2]]
Lines 2 [[Number Text] [3 line 3] [4 line 4] [5 line 5]]
Lines 3 [[Number Text] [6 line 6]]
`
	if got != want {
		t.Errorf("sheets are\n%swant\n%s", got, want)
	}
	for range 5 { // the library hands over its sheets in the order of a map
		if !bytes.Equal(first, write()) {
			t.Fatal("the same lines gave another file")
		}
	}
}

func TestWilson(t *testing.T) {
	// Newcombe 1998, doi 10.1002/(SICI)1097-0258(19980430)17:8<857, table I, method 3.
	for _, c := range []struct {
		rate      rate
		low, high float64
	}{{rate{81, 263}, 0.2553, 0.3662}, {rate{15, 148}, 0.0624, 0.1605}, {rate{0, 20}, 0, 0.1611}, {rate{1, 29}, 0.0061, 0.1718}, {rate{0, 0}, 0, 1}} {
		low, high := c.rate.wilson()
		if fmt.Sprintf("%.4f %.4f", low, high) != fmt.Sprintf("%.4f %.4f", c.low, c.high) {
			t.Errorf("interval of %d in %d is %.4f to %.4f, want %.4f to %.4f", c.rate.hits, c.rate.of, low, high, c.low, c.high)
		}
	}
}

func TestAmountsAreGroupedWithoutLoss(t *testing.T) {
	for in, want := range map[string]string{
		"": "0", "BDT 1234567.50": "BDT 1,234,567.50", "BDT 600.00, USD 12.05": "BDT 600, USD 12.05", "BDT 123456789012345678901234.00": "BDT 123456789012345678901234.00",
	} {
		if got := money(in); got != want {
			t.Errorf("money(%q) is %q, want %q", in, got, want)
		}
	}
}

func TestAreasWithoutDistrictsUseTheFirstLevelThatDivides(t *testing.T) {
	m := &maker{cfg: Config{Areas: []locale.Area{
		{Code: "1", Level: "0", Name: "Country"},
		{Code: "11", Parent: "1", Level: "1", Name: "North"},
		{Code: "12", Parent: "1", Level: "1", Name: "South"},
		{Code: "111", Parent: "11", Level: "2", Name: "Hill"},
		{Code: "x", Parent: "y", Level: "1", Name: "Loop"},
		{Code: "y", Parent: "x", Level: "1", Name: "Pool"},
	}}}
	got := ""
	for _, d := range m.districts() {
		got += d.name + " in " + d.district + "; "
	}
	if want := "Country in Country; North in North; South in South; Hill in North; "; got[:len(want)] != want {
		t.Errorf("districts are %q, want %q", got, want)
	}
}
