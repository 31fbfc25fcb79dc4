package files_test

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/decimal128"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"rollcall/connectors"
	"rollcall/connectors/conformance"
	"rollcall/connectors/files"
)

func encoded(t testing.TB, e encoding.Encoding, s string) []byte {
	t.Helper()
	data, err := e.NewEncoder().Bytes([]byte(s))
	check(t, err)
	return data
}

func TestEncodings(t *testing.T) {
	const latin, wide = "id;name\r\n1;José\r\n2;Łódź\r\n", "id;name\r\n1;মোহাম্মদ\r\n2;𠮷野家\r\n"
	latinOnly := strings.ReplaceAll(latin, "Łódź", "Ñuñoa")
	for _, test := range []struct {
		name, declared string
		data           []byte
		want           []string
	}{
		{"UTF-8", "", []byte(wide), []string{"1|মোহাম্মদ", "2|𠮷野家"}},
		{"UTF-8 with a mark", "windows-1252", []byte("\xEF\xBB\xBF" + wide), []string{"1|মোহাম্মদ", "2|𠮷野家"}},
		{"UTF-16 with a mark", "", encoded(t, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), wide), []string{"1|মোহাম্মদ", "2|𠮷野家"}},
		{"UTF-16 big-endian with a mark", "", encoded(t, unicode.UTF16(unicode.BigEndian, unicode.UseBOM), wide), []string{"1|মোহাম্মদ", "2|𠮷野家"}},
		{"UTF-16 declared", "utf-16le", encoded(t, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), wide), []string{"1|মোহাম্মদ", "2|𠮷野家"}},
		{"Windows-1250", "windows-1250", encoded(t, charmap.Windows1250, latin), []string{"1|José", "2|Łódź"}},
		{"Windows-1252", "Windows-1252", encoded(t, charmap.Windows1252, latinOnly), []string{"1|José", "2|Ñuñoa"}},
		{"ISO-8859-1", "iso-8859-1", encoded(t, charmap.ISO8859_1, latinOnly), []string{"1|José", "2|Ñuñoa"}},
		{"ISO-8859-2", "ISO-8859-2", encoded(t, charmap.ISO8859_2, latin), []string{"1|José", "2|Łódź"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			settings := connectors.Settings{"path": {"t.csv"}}
			if test.declared != "" {
				settings["encoding"] = []string{test.declared}
			}
			got := take(t, dataFolder(t, map[string][]byte{"t.csv": test.data}), settings, connectors.Query{})
			if diff := cmp.Diff(outcome{Rows: test.want}, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestDelimitedText(t *testing.T) {
	for _, test := range []struct {
		name, text string
		settings   connectors.Settings
		want       []string
	}{
		{"comma", "a,b\n1;2,3\n", nil, []string{"1;2|3"}},
		{"semicolon", "a;b;c\n1,5;2;3\n", nil, []string{"1,5|2|3"}},
		{"tab", "a\tb\n1\t2\n", nil, []string{"1|2"}},
		{"pipe", "a|b\n1|2\n", nil, []string{"1|2"}},
		{"declared", "a;b,c\n1;2,3\n", connectors.Settings{"delimiter": {","}}, []string{"1;2|3"}},
		{"one column", "a\n1\n\n2\n", nil, []string{"1", "2"}},
		{"no line end at the end", "a,b\n1,2", nil, []string{"1|2"}},
		{"quote at the end", "a,b\r\n1,\"2\"", nil, []string{"1|2"}},
		{"blank lines", "\r\na,b\r\n\r\n1,2\r\n\n", nil, []string{"1|2"}},
		{"quotes", "a,b\n\"x \"\"y\"\"\",\"1,\n2\"\n\"\",a\"b\n", nil, []string{"x \"y\"|1,\n2", `NULL|a"b`}},
		{"nulls", "a,b\nNA,\n-,x\n", connectors.Settings{"nulls": {"NA", "-"}}, []string{"NULL|", "NULL|x"}},
		{"header only", "a,b\n", nil, nil},
		{"header without a name", "a,,\n1,2,3\n", nil, []string{"1|2|3"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			settings := connectors.Settings{"path": {"t.csv"}}
			for name, value := range test.settings {
				settings[name] = value
			}
			got := take(t, dataFolder(t, text(test.text)), settings, connectors.Query{})
			if diff := cmp.Diff(outcome{Rows: test.want}, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestManyFiles(t *testing.T) {
	env := dataFolder(t, map[string][]byte{
		"sp/2025-07/b.csv":    []byte("name,id\nb,2\n"),
		"sp/2025-07/a.csv":    []byte("id,name\n1,a\n"),
		"sp/2025-07/c.csv.gz": gzipped(t, []byte("id\n3\n")),
		"sp/2025-06/a.csv":    []byte("id,name\n9,old\n"),
		"z.zip":               zipped(t, map[string][]byte{"q.tsv": []byte("id\tname\n5\tq\n"), "p.json": []byte(`[{"id":4,"name":"p"}]`), "__MACOSX/x": {1}}),
	})
	got := take(t, env, connectors.Settings{"path": {"z.zip", "sp/{date:2006-01}/*", "sp/2025-07/a.csv"}}, connectors.Query{})
	want := outcome{Rows: []string{"1|a", "2|b", "3|NULL", "4|p", "5|q"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	got = take(t, env, connectors.Settings{"path": {"sp/{date:2006-01}/*"}}, connectors.Query{Columns: []string{"id", "name"}})
	if want := `sp/2025-07/c.csv.gz: no column "name"; nearest: "id"`; got.Err != want {
		t.Errorf("got error %q, want %q", got.Err, want)
	}
}

func TestOrigins(t *testing.T) {
	data := gzipped(t, []byte("id,name\n1,a\n2\n"))
	env := dataFolder(t, map[string][]byte{"t.csv.gz": data, "u.csv": []byte("id,name\n")})
	source, err := files.Connector().New(env, connectors.Settings{"path": {"*"}})
	check(t, err)
	snap, err := source.Open(t.Context(), connectors.Query{})
	check(t, err)
	defer snap.Close()
	check(t, snapRead(snap))
	var got []string
	for _, o := range snap.Origins() {
		got = append(got, fmt.Sprintf("%s %d bytes %d rows %d", o.Name, o.Bytes, o.Rows, len(o.SHA256)))
	}
	want := []string{fmt.Sprintf("t.csv.gz %d bytes 2 rows 64", len(data)), "u.csv 8 bytes 0 rows 64"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestParquetTypes(t *testing.T) {
	zoned := &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "Asia/Dhaka"}
	fields := []arrow.Field{
		{Name: "long", Type: arrow.PrimitiveTypes.Int64},
		{Name: "amount", Type: &arrow.Decimal128Type{Precision: 20, Scale: 2}},
		{Name: "day", Type: arrow.FixedWidthTypes.Date32},
		{Name: "at", Type: zoned},
		{Name: "float", Type: arrow.PrimitiveTypes.Float64},
		{Name: "yes", Type: arrow.FixedWidthTypes.Boolean},
		{Name: "list", Type: arrow.ListOf(arrow.PrimitiveTypes.Int32)},
		{Name: "unsigned", Type: arrow.PrimitiveTypes.Uint64},
	}
	b := array.NewRecordBuilder(memory.DefaultAllocator, arrow.NewSchema(fields, nil))
	defer b.Release()
	for _, f := range []float64{0.1, 4.49e35} {
		b.Field(0).(*array.Int64Builder).Append(9007199254740993)
		b.Field(1).(*array.Decimal128Builder).Append(decimal128.FromI64(-1234567890123456789))
		b.Field(2).(*array.Date32Builder).Append(arrow.Date32FromTime(time.Date(1960, 2, 29, 0, 0, 0, 0, time.UTC)))
		b.Field(3).(*array.TimestampBuilder).Append(arrow.Timestamp(time.Date(2025, 7, 1, 6, 0, 0, 5e8, time.UTC).UnixMicro()))
		b.Field(4).(*array.Float64Builder).Append(f)
		b.Field(5).(*array.BooleanBuilder).Append(true)
		b.Field(6).(*array.ListBuilder).Append(true)
		b.Field(6).(*array.ListBuilder).ValueBuilder().(*array.Int32Builder).AppendValues([]int32{1, 2}, nil)
		b.Field(7).(*array.Uint64Builder).Append(math.MaxUint64)
	}
	got := take(t, dataFolder(t, map[string][]byte{"t.parquet": parquetOf(t, b)}), connectors.Settings{"path": {"t.parquet"}}, connectors.Query{IDColumns: []string{"float"}})
	want := outcome{
		Rows:    []string{"9007199254740993|-12345678901234567.89|1960-02-29|2025-07-01T06:00:00.5Z|0.1|true|[1,2]|18446744073709551615"},
		Rejects: []string{"t.parquet:2 float mangled_by_sheet: a number in scientific notation: a spreadsheet has lost digits of it"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A damaged Parquet file gives an error, or the rows that it still has; never a crash.
func TestDamagedParquet(t *testing.T) {
	table := conformance.Table{Columns: []string{"id", "name"}}
	for i := range 500 {
		table.Rows = append(table.Rows, conformance.Text(fmt.Sprint(i), fmt.Sprintf("name %d", i%50)))
	}
	whole := writeParquet(t, table)
	random := rand.New(rand.NewPCG(1, 2))
	failed := 0
	for range 300 {
		data := bytes.Clone(whole)
		for range 1 + random.IntN(4) {
			data[4+random.IntN(len(data)-8)] ^= byte(1 + random.IntN(255))
		}
		got := take(t, dataFolder(t, map[string][]byte{"t.parquet": data}), connectors.Settings{"path": {"t.parquet"}}, connectors.Query{})
		if got.Err != "" {
			failed++
			if !strings.HasPrefix(got.Err, "t.parquet: ") {
				t.Errorf("the error %q does not name the file", got.Err)
			}
		}
	}
	if failed == 0 {
		t.Error("no damage was noticed")
	}
}

func TestWorkbookValues(t *testing.T) {
	book := excelize.NewFile()
	defer book.Close()
	_, err := book.NewSheet("Members")
	check(t, err)
	set := func(at string, value any) { check(t, book.SetCellValue("Members", at, value)) }
	style := func(at, code string) {
		id, err := book.NewStyle(&excelize.Style{CustomNumFmt: &code})
		check(t, err)
		check(t, book.SetCellStyle("Members", at, at, id))
	}
	for i, name := range []string{"id", "born", "seen", "share", "active", "note"} {
		set(string(rune('A'+i))+"2", name) // the first row is blank
	}
	set("A3", 1234567890123)
	set("B3", 21975)
	style("B3", "dd/mm/yyyy")
	set("C3", 45839.5)
	style("C3", "yyyy\\-mm\\-dd hh:mm")
	set("D3", 0.1)
	style("D3", "0.00%")
	set("E3", true)
	check(t, book.SetCellRichText("Members", "F3", []excelize.RichTextRun{{Text: "rich "}, {Text: "text"}}))
	set("A5", 4.49e35)
	set("A6", "0071")
	set("G7", "beyond")
	set("A7", "x")
	check(t, book.SetCellFormula("Members", "A8", "1+1"))
	var out bytes.Buffer
	check(t, book.Write(&out))
	got := take(t, dataFolder(t, map[string][]byte{"t.xlsx": out.Bytes()}),
		connectors.Settings{"path": {"t.xlsx"}, "sheet": {"Members"}}, connectors.Query{IDColumns: []string{"id"}})
	want := outcome{
		Rows: []string{"1234567890123|1960-02-29|2025-07-01T12:00:00|0.1|true|rich text", "0071|NULL|NULL|NULL|NULL|NULL"},
		Rejects: []string{
			"t.xlsx:5 id mangled_by_sheet: a number of more than 15 digits in a cell that is not text: a spreadsheet has lost digits of it",
			"t.xlsx:7  ragged_row: 7 cells; the header has 6",
			"t.xlsx:8 id bad_value: a formula without its result",
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// BenchmarkCSV reads a roster's file on one core.
func BenchmarkCSV(b *testing.B) {
	benchmarkRead(b, "t.csv", func(out *bytes.Buffer, i int) {
		if i < 0 {
			out.WriteString("member_id,household_id,given_name,family_name,sex,date_of_birth,relationship,national_id,phone,mother_name,area_code,status\n")
			return
		}
		fmt.Fprintf(out, "M%07d,H%07d,Given%d,Family%d,female,1960-01-01,%d,%013d,+88017%08d,\"Mother%d, of %d\",30%04d,active\n",
			i, i/4, i%9973, i%7919, i%9, i*7919, i*31, i%991, i%983, i%5000)
	})
}

// BenchmarkNDJSON reads objects of three keys.
func BenchmarkNDJSON(b *testing.B) {
	benchmarkRead(b, "t.ndjson", func(out *bytes.Buffer, i int) {
		if i >= 0 {
			fmt.Fprintf(out, `{"member_id":"M%07d","given_name":"Given%d","sex":"female"}`+"\n", i, i%9973)
		}
	})
}

func benchmarkRead(b *testing.B, name string, line func(*bytes.Buffer, int)) {
	const n = 500_000
	var out bytes.Buffer
	for i := -1; i < n; i++ {
		line(&out, i)
	}
	env := dataFolder(b, map[string][]byte{name: out.Bytes()})
	source, err := files.Connector().New(env, connectors.Settings{"path": {name}})
	check(b, err)
	b.SetBytes(int64(out.Len()))
	b.ReportAllocs()
	for b.Loop() {
		snap, err := source.Open(b.Context(), connectors.Query{Columns: []string{"member_id", "given_name", "sex"}, IDColumns: []string{"member_id"}})
		check(b, err)
		check(b, snapRead(snap))
		check(b, snap.Close())
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkXLSX reads a sheet of 12 columns.
func BenchmarkXLSX(b *testing.B) {
	const n = 20_000
	table := conformance.Table{Columns: strings.Split("abcdefghijkl", "")}
	for i := range n {
		row := make([]string, len(table.Columns))
		for c := range row {
			row[c] = fmt.Sprintf("value %d of %d", i%(100*(c+1)), c)
		}
		table.Rows = append(table.Rows, conformance.Text(row...))
	}
	env := dataFolder(b, map[string][]byte{"t.xlsx": writeXLSX(b, table)})
	source, err := files.Connector().New(env, connectors.Settings{"path": {"t.xlsx"}})
	check(b, err)
	for b.Loop() {
		snap, err := source.Open(b.Context(), connectors.Query{})
		check(b, err)
		check(b, snapRead(snap))
		check(b, snap.Close())
	}
	b.ReportMetric(n*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
