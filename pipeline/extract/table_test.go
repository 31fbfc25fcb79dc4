package extract

import (
	"errors"
	"io/fs"
	"path/filepath"
	"testing"

	"github.com/apache/arrow-go/v18/arrow/array"

	"rollcall/pipeline/store"
)

// A disk that takes no more ends the extract at the next group, with its error.
func TestTableThatCannotBeWritten(t *testing.T) {
	folder := t.TempDir()
	table, err := newTable(folder, filepath.Join(folder, "t.parquet"), []string{"id"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := table.file.Close(); err != nil {
		t.Fatal(err)
	}
	rows := 0
	for err == nil && rows < 10*store.GroupRows {
		table.builder.Field(0).(*array.StringBuilder).Append("1")
		table.hasher.Value("1")
		err = table.endRow(1)
		rows++
	}
	if !errors.Is(err, fs.ErrClosed) || rows > 3*store.GroupRows {
		t.Errorf("after %d rows: %v", rows, err)
	}
	table.abandon()

	short, err := newTable(folder, filepath.Join(folder, "s.parquet"), []string{"id"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := short.file.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := short.finish(); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("finish: %v", err)
	}
}
