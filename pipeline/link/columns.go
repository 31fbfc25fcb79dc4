package link

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"

	"rollcall/matchers"
	"rollcall/matchers/dictionary"
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

// batchValues is how many values of a page are looked up together.
const batchValues = 1024

func readLeaf(ctx context.Context, f *file.Reader, name string, leaf int) (matchers.Column, error) {
	d := dictionary.New()
	codes := make([]uint32, 0, f.NumRows())
	values, levels := make([]parquet.ByteArray, batchValues), make([]int16, batchValues)
	known := make([]uint32, batchValues)
	for group := range f.NumRowGroups() {
		if err := ctx.Err(); err != nil {
			return matchers.Column{}, err
		}
		chunk, err := f.RowGroup(group).Column(leaf)
		if err != nil {
			return matchers.Column{}, err
		}
		texts, ok := chunk.(*file.ByteArrayColumnChunkReader)
		if !ok {
			return matchers.Column{}, fmt.Errorf("type %s is not text", chunk.Type())
		}
		most := chunk.Descriptor().MaxDefinitionLevel()
		for texts.HasNext() {
			rows, n, err := texts.ReadBatchInPage(batchValues, values, levels, nil)
			if err != nil {
				return matchers.Column{}, err
			}
			known = dictionary.AppendBytes(d, known[:0], values[:n])
			codes = spread(codes, levels[:rows], most, known)
		}
		if err := texts.Err(); err != nil {
			return matchers.Column{}, err
		}
	}
	return matchers.Column{Name: name, Codes: codes, Values: d.Values()}, nil
}

// spread appends the codes of rows of which those below a level are NULL.
func spread(codes []uint32, levels []int16, most int16, known []uint32) []uint32 {
	if len(known) == len(levels) {
		return append(codes, known...)
	}
	next := 0
	for _, level := range levels {
		if level < most {
			codes = append(codes, 0)
			continue
		}
		codes = append(codes, known[next])
		next++
	}
	return codes
}

// texts spells out some rows of a column.
func texts(c matchers.Column, rows []int32) []string {
	out := make([]string, len(rows))
	for i, row := range rows {
		out[i] = c.Values.At(c.Codes[row])
	}
	return out
}

// of is some rows of a column, under the dictionary of all.
func of(c matchers.Column, rows []int32) matchers.Column {
	out := matchers.Column{Name: c.Name, Codes: make([]uint32, len(rows)), Values: c.Values}
	for i, row := range rows {
		out.Codes[i] = c.Codes[row]
	}
	return out
}
