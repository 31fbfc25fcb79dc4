package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"github.com/google/go-cmp/cmp"

	"rollcall/connectors"
)

// pagesSchema has a column of each kind that is read page by page, with and without
// missing values, of few and of many different ones.
var pagesSchema = arrow.NewSchema([]arrow.Field{
	{Name: "few", Type: arrow.BinaryTypes.String, Nullable: true},
	{Name: "one", Type: arrow.BinaryTypes.String},
	{Name: "many", Type: arrow.BinaryTypes.String, Nullable: true},
	{Name: "born", Type: arrow.FixedWidthTypes.Date32, Nullable: true},
	{Name: "size", Type: arrow.PrimitiveTypes.Int32},
	{Name: "number", Type: arrow.PrimitiveTypes.Int64, Nullable: true},
	{Name: "none", Type: arrow.BinaryTypes.String, Nullable: true},
}, nil)

// writePages writes a file with values that recur, lack, are empty, long or broken.
func writePages(t *testing.T, path string, rows int, broken bool, options ...parquet.WriterProperty) {
	random := rand.New(rand.NewPCG(7, uint64(rows)))
	b := array.NewRecordBuilder(memory.DefaultAllocator, pagesSchema)
	defer b.Release()
	text := func(column int, of func() string) {
		builder := b.Field(column).(*array.StringBuilder)
		if pagesSchema.Field(column).Nullable && random.IntN(5) == 0 {
			builder.AppendNull()
			return
		}
		builder.Append(of())
	}
	for row := range rows {
		text(0, func() string { return []string{"", "Ana", "Béla", "NA", "Zoë"}[random.IntN(5)] })
		text(1, func() string { return "same" })
		text(2, func() string {
			if broken && row%500 == 7 {
				return "a\x00b"
			}
			return fmt.Sprintf("%d é", random.IntN(2*rows))
		})
		if born := b.Field(3).(*array.Date32Builder); random.IntN(9) == 0 {
			born.AppendNull()
		} else {
			born.Append(arrow.Date32(random.IntN(40000) - 20000))
		}
		b.Field(4).(*array.Int32Builder).Append(int32(random.IntN(7) - 3))
		if number := b.Field(5).(*array.Int64Builder); row/1000%2 == 1 {
			number.AppendNull()
		} else {
			number.Append(random.Int64() - 1<<62)
		}
		b.Field(6).AppendNull()
	}
	record := b.NewRecordBatch()
	defer record.Release()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w, err := pqarrow.NewFileWriter(pagesSchema, f, parquet.NewWriterProperties(options...), pqarrow.DefaultWriterProps())
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.WriteBuffered(record), w.Close()); err != nil {
		t.Fatal(err)
	}
}

// readAll reads a file row by row, what is missing as "", and the rejected lines. It
// says whether some column was indexed.
func readAll(t *testing.T, folder string, q connectors.Query) (rows [][]string, rejects []connectors.Reject, indexed bool, err error) {
	source, err := Connector().New(connectors.Environment{DataFolder: folder}, connectors.Settings{"path": {"x.parquet"}, "nulls": {"NA", ""}})
	if err != nil {
		t.Fatal(err)
	}
	snap, err := source.Open(context.Background(), q)
	if err != nil {
		return nil, nil, false, err
	}
	defer snap.Close()
	for {
		batch, err := snap.Next(context.Background())
		if errors.Is(err, io.EOF) {
			return rows, rejects, indexed, nil
		}
		if err != nil {
			return rows, rejects, indexed, err
		}
		rejects = append(rejects, batch.Rejects...)
		for row := range batch.Rows {
			var values []string
			for _, c := range batch.Columns {
				at := row
				if c.Index != nil {
					indexed, at = true, int(c.Index[row])
				}
				value := []byte(c.Values[at]) // the page's memory goes with the batch
				if c.Null != nil && c.Null[row] {
					value = nil
				}
				values = append(values, string(value))
			}
			rows = append(rows, values)
		}
	}
}

// TestPagesHoldWhatTheLibraryReads: whatever writes a file, its columns are the same
// read page by page.
func TestPagesHoldWhatTheLibraryReads(t *testing.T) {
	variants := map[string][]parquet.WriterProperty{
		"as usual":        nil,
		"small pages":     {parquet.WithDataPageSize(500), parquet.WithBatchSize(64)},
		"many row groups": {parquet.WithMaxRowGroupLength(700)},
		"full dictionary": {parquet.WithDictionaryPageSizeLimit(2000), parquet.WithDataPageSize(3000), parquet.WithBatchSize(100)},
		"no dictionary":   {parquet.WithDictionaryDefault(false), parquet.WithDataPageSize(900), parquet.WithBatchSize(50)},
		"second version":  {parquet.WithDataPageVersion(parquet.DataPageV2), parquet.WithDataPageSize(700), parquet.WithBatchSize(64)},
		"zstd":            {parquet.WithCompression(compress.Codecs.Zstd)},
		"snappy, second":  {parquet.WithCompression(compress.Codecs.Snappy), parquet.WithDataPageVersion(parquet.DataPageV2)},
	}
	queries := map[string]connectors.Query{
		"all":    {},
		"some":   {Columns: []string{"number", "few"}},
		"ids":    {IDColumns: []string{"many"}},
		"narrow": {MaxFieldBytes: 6},
	}
	for name, options := range variants {
		for _, broken := range []bool{false, true} {
			folder := t.TempDir()
			writePages(t, filepath.Join(folder, "x.parquet"), 5000, broken, options...)
			for asked, q := range queries {
				want, wantRejects, _, err := readAll(t, folder, q)
				if err != nil {
					t.Fatal(err)
				}
				q.Indexed = true
				got, rejects, indexed, err := readAll(t, folder, q)
				if err != nil {
					t.Fatalf("%s, %s: %v", name, asked, err)
				}
				if len(got) != len(want) || cmp.Diff(want, got) != "" {
					t.Errorf("%s, %s: %d rows page by page, %d otherwise, or other values", name, asked, len(got), len(want))
				}
				if diff := cmp.Diff(wantRejects, rejects); diff != "" {
					t.Errorf("%s, %s: rejects (-want +got):\n%s", name, asked, diff)
				}
				if asked == "some" && !indexed && name != "no dictionary" {
					t.Errorf("%s, %s: no column is indexed", name, asked)
				}
			}
		}
	}
}

// TestDamagedPagesEndInAnError, or in values: never in a panic or without an end.
func TestDamagedPagesEndInAnError(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "x.parquet")
	writePages(t, path, 2000, false, parquet.WithDataPageSize(900), parquet.WithBatchSize(50))
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 1))
	failed := 0
	for range 400 {
		damaged := append([]byte(nil), whole...)
		for range 1 + random.IntN(4) {
			damaged[random.IntN(len(damaged))] = byte(random.IntN(256))
		}
		if err := os.WriteFile(path, damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, _, err := readAll(t, folder, connectors.Query{Indexed: true}); err != nil {
			failed++
		}
	}
	if failed == 0 {
		t.Error("no damage was noticed")
	}
}
