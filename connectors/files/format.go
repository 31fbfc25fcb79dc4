package files

import (
	"context"
	"path"
	"strings"
)

// rows reads one open file.
type rows interface {
	// header names the columns; of a format without a header, all keys of all
	// objects, which ends the file.
	header(ctx context.Context) ([]string, error)
	// choose fixes which fields go into which columns of the batch.
	choose(ctx context.Context, b *batch) error
	// fill adds rows to the batch; io.EOF after the last.
	fill(ctx context.Context, b *batch) error
}

// format is one kind of content.
type format struct {
	name    string
	endings []string
	// fixedColumns says that the columns are known without reading all rows.
	fixedColumns bool
	open         func(*source, *opened) (rows, error)
}

func formats() []format {
	return []format{
		{name: "csv", endings: []string{".csv", ".txt"}, fixedColumns: true, open: openCSV},
		{name: "tsv", endings: []string{".tsv", ".tab"}, fixedColumns: true, open: openTSV},
		{name: "ndjson", endings: []string{".ndjson", ".jsonl"}, open: openNDJSON},
		{name: "json", endings: []string{".json"}, open: openJSON},
		{name: "parquet", endings: []string{".parquet", ".pq"}, fixedColumns: true, open: openParquet},
		{name: "xlsx", endings: []string{".xlsx", ".xlsm"}, fixedColumns: true, open: openXLSX},
	}
}

func formatNames() []string {
	var names []string
	for _, f := range formats() {
		names = append(names, f.name)
	}
	return names
}

// formatOf finds the format by its declared name, or by a file's name.
func formatOf(declared, file string) (format, error) {
	ending := strings.ToLower(path.Ext(file))
	for _, f := range formats() {
		if f.name == declared {
			return f, nil
		}
		for _, e := range f.endings {
			if declared == "" && e == ending {
				return f, nil
			}
		}
	}
	return format{}, wrong("format", "the name %q does not tell the format: set it to one of %s", file, strings.Join(formatNames(), ", "))
}
