package files_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"github.com/xuri/excelize/v2"
	"go.uber.org/goleak"

	"rollcall/connectors"
	"rollcall/connectors/conformance"
	"rollcall/connectors/files"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestConformance(t *testing.T) {
	for _, kind := range []struct {
		file  string
		write func(testing.TB, conformance.Table) []byte
	}{
		{"t.csv", writeCSV(',')},
		{"t.tsv", writeCSV('\t')},
		{"t.csv.gz", func(t testing.TB, table conformance.Table) []byte { return gzipped(t, writeCSV(';')(t, table)) }},
		{"t.zip", func(t testing.TB, table conformance.Table) []byte {
			return zipped(t, map[string][]byte{"in/t.csv": writeCSV('|')(t, table)})
		}},
		{"t.ndjson", writeJSON(false)},
		{"t.json", writeJSON(true)},
		{"t.parquet", writeParquet},
		{"t.xlsx", writeXLSX},
		{"t.xlsx.gz", func(t testing.TB, table conformance.Table) []byte { return gzipped(t, writeXLSX(t, table)) }},
	} {
		t.Run(kind.file, func(t *testing.T) {
			conformance.Suite{
				Connector: files.Connector(),
				Fill: func(t *testing.T, table conformance.Table) (connectors.Environment, connectors.Settings) {
					env := dataFolder(t, map[string][]byte{kind.file: kind.write(t, table)})
					return env, connectors.Settings{"path": {"t.*"}}
				},
				EmptyIsMissing: true,
			}.Run(t)
		})
	}
}

// dataFolder makes a data folder of the given files.
func dataFolder(t testing.TB, contents map[string][]byte) connectors.Environment {
	t.Helper()
	folder := t.TempDir()
	for name, data := range contents {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return connectors.Environment{DataFolder: folder}
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func writeCSV(delimiter rune) func(testing.TB, conformance.Table) []byte {
	return func(t testing.TB, table conformance.Table) []byte {
		var out bytes.Buffer
		w := csv.NewWriter(&out)
		w.Comma = delimiter
		check(t, w.Write(table.Columns))
		for _, row := range table.Rows {
			fields := make([]string, len(row))
			for i, v := range row {
				if v != nil {
					fields[i] = *v
				}
			}
			check(t, w.Write(fields))
		}
		w.Flush()
		check(t, w.Error())
		return out.Bytes()
	}
}

func writeJSON(asArray bool) func(testing.TB, conformance.Table) []byte {
	return func(t testing.TB, table conformance.Table) []byte {
		var out bytes.Buffer
		objects := []map[string]*string{}
		for _, row := range table.Rows {
			object := map[string]*string{}
			for i, v := range row {
				object[table.Columns[i]] = v
			}
			objects = append(objects, object)
		}
		if asArray {
			check(t, json.NewEncoder(&out).Encode(objects))
			return out.Bytes()
		}
		out.WriteByte('\n') // a blank line is no row
		for _, object := range objects {
			check(t, json.NewEncoder(&out).Encode(object))
		}
		return out.Bytes()
	}
}

func writeParquet(t testing.TB, table conformance.Table) []byte {
	fields := make([]arrow.Field, len(table.Columns))
	for i, c := range table.Columns {
		fields[i] = arrow.Field{Name: c, Type: arrow.BinaryTypes.String, Nullable: true}
	}
	b := array.NewRecordBuilder(memory.DefaultAllocator, arrow.NewSchema(fields, nil))
	defer b.Release()
	for _, row := range table.Rows {
		for i, v := range row {
			if v == nil {
				b.Field(i).AppendNull()
			} else {
				b.Field(i).(*array.StringBuilder).Append(*v)
			}
		}
	}
	return parquetOf(t, b)
}

func parquetOf(t testing.TB, b *array.RecordBuilder) []byte {
	var out bytes.Buffer
	w, err := pqarrow.NewFileWriter(b.Schema(), &out, parquet.NewWriterProperties(), pqarrow.DefaultWriterProps())
	check(t, err)
	check(t, w.Write(b.NewRecordBatch()))
	check(t, w.Close())
	return out.Bytes()
}

func writeXLSX(t testing.TB, table conformance.Table) []byte {
	book := excelize.NewFile()
	defer book.Close()
	w, err := book.NewStreamWriter("Sheet1")
	check(t, err)
	header := make([]any, len(table.Columns))
	for i, c := range table.Columns {
		header[i] = c
	}
	check(t, w.SetRow("A1", header))
	for r, row := range table.Rows {
		cells := make([]any, len(row))
		for i, v := range row {
			if v != nil {
				cells[i] = *v
			}
		}
		at, err := excelize.CoordinatesToCellName(1, r+2)
		check(t, err)
		check(t, w.SetRow(at, cells))
	}
	check(t, w.Flush())
	var out bytes.Buffer
	check(t, book.Write(&out))
	return out.Bytes()
}

func gzipped(t testing.TB, data []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, err := w.Write(data)
	check(t, err)
	check(t, w.Close())
	return out.Bytes()
}

func zipped(t testing.TB, entries map[string][]byte) []byte {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for name, data := range entries {
		entry, err := w.Create(name)
		check(t, err)
		_, err = entry.Write(data)
		check(t, err)
	}
	check(t, w.Close())
	return out.Bytes()
}
