package files

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"rollcall/connectors"
)

// parquetRows is how many rows of a Parquet file become one batch.
const parquetRows = 4096

// columnar reads Parquet files.
type columnar struct {
	name   string
	reader *pqarrow.FileReader
	names  []string
	file   *file.Reader
	rows   pqarrow.RecordReader
	pages  []*pages // instead of rows; nil where these are not of their kind
	places []int    // of the wanted columns in a record
	fields []string
	row    []int
	number int64                   // of rows read
	dates  map[arrow.Date32]string // as they were written; see writeDates
}

func openParquet(_ *source, o *opened) (rows, error) {
	content, size, err := o.randomAccess()
	if err != nil {
		return nil, err
	}
	if size == 0 {
		return nil, errors.New("the file is empty")
	}
	if err := checkMagic(content, size); err != nil {
		return nil, err
	}
	c := &columnar{name: o.member.name()}
	err = c.guard(func() error {
		properties := parquet.NewReaderProperties(memory.DefaultAllocator)
		properties.BufferedStreamEnabled = true // otherwise a whole column chunk is held
		f, err := file.NewParquetReader(io.NewSectionReader(content, 0, size), file.WithReadProps(properties))
		if err != nil {
			return errors.New("damaged: " + err.Error()) // not wrapped: io.EOF is the end of a source
		}
		c.file = f
		c.reader, err = pqarrow.NewFileReader(f, pqarrow.ArrowReadProperties{BatchSize: parquetRows}, memory.DefaultAllocator)
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, f := range c.reader.Manifest.Fields {
		c.names = append(c.names, f.Field.Name)
	}
	return c, nil
}

// magic opens and closes every Parquet file.
const magic = "PAR1"

// checkMagic tells a file that was cut off, or that is of another kind.
func checkMagic(content io.ReaderAt, size int64) error {
	var first, last [len(magic)]byte
	if size < int64(2*len(magic)) {
		return errors.New("truncated: too short for a Parquet file")
	}
	if _, err := content.ReadAt(first[:], 0); err != nil {
		return errors.New("read: " + err.Error())
	}
	if _, err := content.ReadAt(last[:], size-int64(len(last))); err != nil {
		return errors.New("read: " + err.Error())
	}
	switch {
	case string(first[:]) != magic:
		return errors.New("no Parquet file: it does not begin with PAR1")
	case string(last[:]) != magic:
		return errors.New("truncated: it does not end with PAR1, as a whole Parquet file does")
	}
	return nil
}

// guard turns a panic of the library over a damaged file into an error. Its
// errors are told as text, since an unexpected end inside one does not mean that
// what was read so far is a good part of the whole.
func (c *columnar) guard(do func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("damaged: %v", p)
		}
	}()
	if err := do(); err != nil && !errors.Is(err, io.EOF) {
		return errors.New(err.Error())
	} else if err != nil {
		return io.EOF
	}
	return nil
}

func (c *columnar) header(context.Context) ([]string, error) { return c.names, nil }

func (c *columnar) choose(ctx context.Context, b *batch) error {
	inFile := b.choice(c.names)
	var leaves []int
	c.places = make([]int, len(inFile))
	wanted := map[int]bool{}
	for _, place := range inFile {
		if place != missing {
			wanted[place] = true
		}
	}
	inRecord := map[int]int{}
	var fields []pqarrow.SchemaField
	for i, f := range c.reader.Manifest.Fields {
		if wanted[i] {
			inRecord[i] = len(inRecord)
			leaves = appendLeaves(leaves, f)
			fields = append(fields, f)
		}
	}
	for i, place := range inFile {
		c.places[i] = missing
		if place != missing {
			c.places[i] = inRecord[place]
		}
	}
	c.fields, c.row = make([]string, len(inFile)), make([]int, len(inFile))
	return c.guard(func() error {
		if b.indexed && len(fields) > 0 {
			if c.pages = openPages(c.file, fields, b); c.pages != nil {
				return nil
			}
		}
		var err error
		c.rows, err = c.reader.GetRecordReader(ctx, leaves, nil)
		return err
	})
}

func appendLeaves(leaves []int, f pqarrow.SchemaField) []int {
	if len(f.Children) == 0 {
		return append(leaves, f.ColIndex)
	}
	for _, child := range f.Children {
		leaves = appendLeaves(leaves, child)
	}
	return leaves
}

// fill reads one record.
func (c *columnar) fill(ctx context.Context, b *batch) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	b.suspect, b.broken = true, invalidUTF8
	if c.pages != nil {
		return c.guard(func() error { return c.fillPages(b) })
	}
	return c.guard(func() error {
		record, err := c.rows.Read()
		if err != nil {
			return err
		}
		if c.plain(record, b) {
			c.addColumns(record, b)
			return nil
		}
		for i := range int(record.NumRows()) {
			c.number++
			c.add(record, i, b)
		}
		return nil
	})
}

// indexedRows is how many rows of pages become one batch at most: texts stay in their
// page, which ends a batch.
const indexedRows = 8192

// fillPages reads rows up to where a page of some column ends.
func (c *columnar) fillPages(b *batch) error {
	rows, ended := indexedRows, 0
	clean := true
	for i, p := range c.pages {
		left, err := p.open()
		if err != nil {
			return err
		}
		if left == 0 {
			ended++
		}
		rows, clean = min(rows, left), clean && p.clean && !b.id[i]
	}
	switch {
	case ended == len(c.pages):
		return io.EOF
	case ended > 0:
		return errDamaged
	}
	if clean {
		c.addPages(rows, b)
	} else {
		c.addChecked(rows, b)
	}
	b.out.Ahead = c.file.NumRows() - c.number
	return nil
}

// addPages takes rows of which none can be turned away.
func (c *columnar) addPages(rows int, b *batch) {
	for column, place := range c.places {
		out := &b.out.Columns[column]
		if place == missing {
			out.Values = append(out.Values, make([]string, rows)...)
		} else {
			c.pages[place].take(rows, out)
		}
	}
	c.number += int64(rows)
	b.out.Rows += rows
}

// addChecked takes rows one by one.
func (c *columnar) addChecked(rows int, b *batch) {
	for row := range rows {
		c.number++
		for column, place := range c.places {
			c.row[column] = missing
			if place == missing {
				continue
			}
			if value, there := c.pages[place].at(row); there {
				c.row[column], c.fields[column] = column, value
			}
		}
		b.add(c.name, c.number, c.fields, c.row)
	}
	for _, p := range c.pages {
		p.skip(rows)
	}
}

// plain says that no row of a record can be turned away: it can then be taken
// column by column.
func (c *columnar) plain(record arrow.RecordBatch, b *batch) bool {
	for column, place := range c.places {
		if place == missing {
			continue
		}
		if b.id[column] || !clean(record.Column(place), b.maxField) {
			return false
		}
	}
	return true
}

// clean says that all values are dates, or that no text is too long, holds a NUL or
// is broken, in the whole of them or where one ends and the next begins.
func clean(values arrow.Array, maxBytes int) bool {
	texts, ok := values.(*array.String)
	if !ok {
		return values.DataType().ID() == arrow.DATE32
	}
	all := texts.ValueBytes()
	if bytes.IndexByte(all, 0) >= 0 || !utf8.Valid(all) {
		return false
	}
	for i := range texts.Len() {
		if v := texts.Value(i); len(v) > maxBytes || len(v) > 0 && !utf8.RuneStart(v[0]) {
			return false
		}
	}
	return true
}

// addColumns takes a record whose columns are texts and dates, or missing.
func (c *columnar) addColumns(record arrow.RecordBatch, b *batch) {
	rows := int(record.NumRows())
	for column, place := range c.places {
		out := &b.out.Columns[column]
		first := len(out.Values)
		out.Values = slices.Grow(out.Values, rows)[:first+rows]
		out.Null = slices.Grow(out.Null, rows)[:first+rows]
		values, nulls := out.Values[first:], out.Null[first:]
		if place == missing {
			clear(values)
		} else {
			switch from := record.Column(place).(type) {
			case *array.String:
				for i := range values {
					values[i] = from.Value(i)
				}
			case *array.Date32:
				c.writeDates(values, from)
			}
		}
		for i, value := range values {
			nulls[i] = place == missing || record.Column(place).IsNull(i) || b.isNull(value)
			if nulls[i] {
				values[i], b.nullSeen[column] = "", true
			}
		}
	}
	c.number += int64(rows)
	b.out.Rows += rows
}

// knownDates bounds how many dates are kept in writing: those of three lifetimes.
const knownDates = 100_000

// writeDates writes dates in ISO 8601, each once: people's dates recur.
func (c *columnar) writeDates(values []string, from *array.Date32) {
	if c.dates == nil || len(c.dates) > knownDates {
		c.dates = map[arrow.Date32]string{}
	}
	for i := range values {
		day := from.Value(i)
		text, ok := c.dates[day]
		if !ok {
			text = day.ToTime().Format(time.DateOnly)
			c.dates[day] = text
		}
		values[i] = text
	}
}

func (c *columnar) add(record arrow.RecordBatch, i int, b *batch) {
	for column, place := range c.places {
		c.row[column] = missing
		if place == missing || record.Column(place).IsNull(i) {
			continue
		}
		text, err := arrowText(record.Column(place), i)
		if err != nil {
			b.reject(connectors.Reject{File: c.name, Line: c.number, Column: b.names[column], Reason: connectors.ReasonValue, Detail: "a value that has no text form"})
			return
		}
		c.row[column], c.fields[column] = column, text
	}
	b.add(c.name, c.number, c.fields, c.row)
}

// arrowText writes a value exactly: whole numbers and decimals with all digits,
// dates and times in ISO 8601, nested values as JSON.
func arrowText(values arrow.Array, i int) (string, error) {
	switch a := values.(type) {
	case *array.String:
		return a.Value(i), nil
	case *array.LargeString:
		return a.Value(i), nil
	case *array.Binary:
		return string(a.Value(i)), nil
	case *array.Dictionary:
		return arrowText(a.Dictionary(), a.GetValueIndex(i))
	case *array.Decimal128:
		return a.Value(i).ToString(a.DataType().(*arrow.Decimal128Type).Scale), nil
	case *array.Decimal256:
		return a.Value(i).ToString(a.DataType().(*arrow.Decimal256Type).Scale), nil
	case *array.Float32:
		return floatText(float64(a.Value(i)), 32), nil
	case *array.Float64:
		return floatText(a.Value(i), 64), nil
	case *array.Date32:
		return a.Value(i).ToTime().Format("2006-01-02"), nil
	case *array.Date64:
		return a.Value(i).ToTime().Format("2006-01-02"), nil
	case *array.Timestamp:
		kind := a.DataType().(*arrow.TimestampType)
		layout := "2006-01-02T15:04:05.999999999"
		if kind.TimeZone != "" {
			layout += "Z" // stored in UTC whatever the zone
		}
		return a.Value(i).ToTime(kind.Unit).UTC().Format(layout), nil
	case array.ListLike, *array.Struct, *array.Map:
		data, err := json.Marshal(a.GetOneForMarshal(i))
		return string(data), err
	}
	return values.ValueStr(i), nil
}

// exactFloat is 2^53: beyond it a float may not be the whole number it was.
const exactFloat = 1 << 53

func floatText(v float64, bits int) string {
	if math.Abs(v) > exactFloat {
		return strconv.FormatFloat(v, 'E', -1, bits)
	}
	return strconv.FormatFloat(v, 'f', -1, bits)
}
