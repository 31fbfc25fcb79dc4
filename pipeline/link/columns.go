package link

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"rollcall/matchers"
)

// readColumns reads text columns of a Parquet file as dictionary codes, in the
// order of the file, several columns at a time. NULL and empty text are code 0.
func readColumns(ctx context.Context, path string, names []string, threads int) (columns []matchers.Column, err error) {
	columns = make([]matchers.Column, len(names))
	errs := make([]error, len(names))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range max(threads, 1) {
		wg.Go(func() {
			for i := int(next.Add(1) - 1); i < len(names); i = int(next.Add(1) - 1) {
				columns[i], errs[i] = readColumn(ctx, path, names[i])
			}
		})
	}
	wg.Wait()
	return columns, errors.Join(errs...)
}

func readColumn(ctx context.Context, path, name string) (c matchers.Column, err error) {
	f, err := file.OpenParquetFile(path, false)
	if err != nil {
		return c, fmt.Errorf("open columns: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	leaf := f.MetaData().Schema.ColumnIndexByName(name)
	if leaf < 0 {
		return c, fmt.Errorf("read columns: no column %q", name)
	}
	if c, err = readLeaf(ctx, f, name, leaf); err != nil {
		return c, fmt.Errorf("read column %s: %w", name, err)
	}
	return c, nil
}

func readLeaf(ctx context.Context, f *file.Reader, name string, leaf int) (matchers.Column, error) {
	props := pqarrow.ArrowReadProperties{BatchSize: 1 << 16}
	props.SetReadDict(leaf, true)
	reader, err := pqarrow.NewFileReader(f, props, memory.DefaultAllocator)
	if err != nil {
		return matchers.Column{}, err
	}
	records, err := reader.GetRecordReader(ctx, []int{leaf}, nil)
	if err != nil {
		return matchers.Column{}, err
	}
	defer records.Release()
	e := encoder{codes: map[string]uint32{"": 0}, column: matchers.Column{
		Name: name, Codes: make([]uint32, 0, f.NumRows()), Values: []string{""},
	}}
	for records.Next() {
		switch chunk := records.RecordBatch().Column(0).(type) {
		case *array.Dictionary:
			e.dictionary(chunk)
		case *array.String:
			e.strings(chunk)
		default:
			return matchers.Column{}, fmt.Errorf("type %s is not text", chunk.DataType())
		}
	}
	return e.column, records.Err()
}

// encoder gathers the chunks of one column under one dictionary.
type encoder struct {
	codes  map[string]uint32
	column matchers.Column
}

func (e *encoder) code(value string) uint32 {
	code, ok := e.codes[value]
	if !ok {
		value = string(append([]byte(nil), value...)) // the chunk's memory goes back
		code = uint32(len(e.column.Values))
		e.codes[value] = code
		e.column.Values = append(e.column.Values, value)
	}
	return code
}

func (e *encoder) strings(chunk *array.String) {
	for i := range chunk.Len() {
		if chunk.IsNull(i) {
			e.column.Codes = append(e.column.Codes, 0)
			continue
		}
		e.column.Codes = append(e.column.Codes, e.code(chunk.Value(i)))
	}
}

func (e *encoder) dictionary(chunk *array.Dictionary) {
	values := chunk.Dictionary().(*array.String)
	local := make([]uint32, values.Len())
	for i := range local {
		local[i] = e.code(values.Value(i))
	}
	for i := range chunk.Len() {
		if chunk.IsNull(i) {
			e.column.Codes = append(e.column.Codes, 0)
			continue
		}
		e.column.Codes = append(e.column.Codes, local[chunk.GetValueIndex(i)])
	}
}

// texts spells out a column row by row.
func texts(c matchers.Column) []string {
	out := make([]string, len(c.Codes))
	for i, code := range c.Codes {
		out[i] = c.Values[code]
	}
	return out
}
