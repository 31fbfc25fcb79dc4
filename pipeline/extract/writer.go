package extract

import (
	"path/filepath"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"rollcall/connectors"
)

// rejectColumns are those of rejects-<source>.parquet: a reject and its source.
// All are VARCHAR but line, a BIGINT that is NULL when it is not known.
func rejectColumns() []string {
	return []string{"source", "file", "line", "column", "reason", "detail"}
}

// writer writes the two tables of a snapshot.
type writer struct {
	source      string
	rows        *table
	texts       []*array.StringBuilder
	rejects     *table
	rejectTexts []*array.StringBuilder // rejectColumns without line
	rejectLine  *array.Int64Builder
	reasons     map[string]int64
	examples    []connectors.Reject // the first of each reason
}

func rowsName(source string) string    { return source + ".parquet" }
func rejectsName(source string) string { return "rejects-" + source + ".parquet" }

func newWriter(folder, source string, columns []string) (*writer, error) {
	w := &writer{source: source, reasons: map[string]int64{}}
	var err error
	if w.rows, err = newTable(folder, filepath.Join(folder, rowsName(source)), columns, nil); err != nil {
		return nil, err
	}
	types := map[string]arrow.DataType{"line": arrow.PrimitiveTypes.Int64}
	if w.rejects, err = newTable(folder, filepath.Join(folder, rejectsName(source)), rejectColumns(), types); err != nil {
		w.rows.abandon()
		return nil, err
	}
	for i := range columns {
		w.texts = append(w.texts, w.rows.builder.Field(i).(*array.StringBuilder))
	}
	for i := range rejectColumns() {
		switch b := w.rejects.builder.Field(i).(type) {
		case *array.StringBuilder:
			w.rejectTexts = append(w.rejectTexts, b)
		case *array.Int64Builder:
			w.rejectLine = b
		}
	}
	return w, nil
}

// add writes the rows and the rejects of a batch.
func (w *writer) add(b *connectors.Batch) error {
	for row := range b.Rows {
		size := 0
		for c := range b.Columns {
			column := &b.Columns[c]
			if column.Null != nil && column.Null[row] {
				w.texts[c].AppendNull()
				w.rows.hasher.Null()
				continue
			}
			value := column.Values[row]
			w.texts[c].Append(value)
			w.rows.hasher.Value(value)
			size += len(value)
		}
		if err := w.rows.endRow(size); err != nil {
			return err
		}
	}
	for _, r := range b.Rejects {
		if err := w.reject(r); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) reject(r connectors.Reject) error {
	if w.reasons[r.Reason]++; w.reasons[r.Reason] == 1 {
		w.examples = append(w.examples, r)
	}
	size := 0
	for i, text := range []string{w.source, r.File, r.Column, r.Reason, r.Detail} {
		w.rejectTexts[i].Append(text)
		w.rejects.hasher.Value(text)
		size += len(text)
	}
	if r.Line == 0 {
		w.rejectLine.AppendNull()
	} else {
		w.rejectLine.Append(r.Line)
	}
	return w.rejects.endRow(size)
}

// finish completes both files and fills in the figures of the result.
func (w *writer) finish(r *Result) error {
	var err error
	if r.FileSHA256, err = w.rows.finish(); err != nil {
		return err
	}
	if r.RejectsFileSHA256, err = w.rejects.finish(); err != nil {
		return err
	}
	r.ContentSHA256, r.Rows, r.Rejected = w.rows.content, w.rows.rows, w.rejects.rows
	r.Reasons, r.Examples = w.reasons, w.examples
	return nil
}

// abandon ends what finish has not.
func (w *writer) abandon() {
	w.rows.abandon()
	w.rejects.abandon()
}
