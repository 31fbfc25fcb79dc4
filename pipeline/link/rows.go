package link

import (
	"context"
	"fmt"
	"os"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
)

// rowsPerBatch bounds what is held in memory while rows are written.
const rowsPerBatch = 1 << 16

// rowFile writes rows of text and floats to a Parquet file that SQL then reads.
type rowFile struct {
	writer  *pqarrow.FileWriter
	builder *array.RecordBuilder
	pending int
}

// newRowFile opens a file for the given columns; a name that starts with # holds
// floats, where NaN is NULL.
func newRowFile(path string, columns ...string) (*rowFile, error) {
	fields := make([]arrow.Field, len(columns))
	for i, name := range columns {
		fields[i] = arrow.Field{Name: name, Type: arrow.BinaryTypes.String, Nullable: true}
		if name[0] == '#' {
			fields[i] = arrow.Field{Name: name[1:], Type: arrow.PrimitiveTypes.Float64, Nullable: true}
		}
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("write rows: %w", err)
	}
	schema := arrow.NewSchema(fields, nil)
	w, err := pqarrow.NewFileWriter(schema, f, parquet.NewWriterProperties(parquet.WithCompression(compress.Codecs.Snappy)), pqarrow.DefaultWriterProps())
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("write rows: %w", err)
	}
	return &rowFile{writer: w, builder: array.NewRecordBuilder(memory.DefaultAllocator, schema)}, nil
}

// text appends to a text column; empty is NULL.
func (r *rowFile) text(column int, value string) {
	b := r.builder.Field(column).(*array.StringBuilder)
	if value == "" {
		b.AppendNull()
		return
	}
	b.Append(value)
}

func (r *rowFile) float(column int, value float64) {
	b := r.builder.Field(column).(*array.Float64Builder)
	if value != value {
		b.AppendNull()
		return
	}
	b.Append(value)
}

// end closes one row.
func (r *rowFile) end(ctx context.Context) error {
	r.pending++
	if r.pending < rowsPerBatch {
		return nil
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return r.flush()
}

func (r *rowFile) flush() error {
	batch := r.builder.NewRecordBatch()
	defer batch.Release()
	r.pending = 0
	if err := r.writer.WriteBuffered(batch); err != nil {
		return fmt.Errorf("write rows: %w", err)
	}
	return nil
}

func (r *rowFile) close() error {
	defer r.builder.Release()
	if r.pending > 0 {
		if err := r.flush(); err != nil {
			return err
		}
	}
	if err := r.writer.Close(); err != nil {
		return fmt.Errorf("write rows: %w", err)
	}
	return nil
}
