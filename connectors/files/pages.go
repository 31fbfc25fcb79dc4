package files

import (
	"encoding/binary"
	"slices"
	"strconv"
	"time"
	"unsafe"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"rollcall/connectors"
)

// plainTypes are the kinds of columns whose pages are read here: how many bytes a
// number has, how it is written, and whether few numbers recur; texts have none of
// these.
var plainTypes = map[arrow.Type]struct {
	bytes int
	write func(uint64) string
	recur bool
}{
	arrow.STRING: {},
	arrow.DATE32: {4, func(v uint64) string { return arrow.Date32(int32(v)).ToTime().Format(time.DateOnly) }, true},
	arrow.INT32:  {4, func(v uint64) string { return strconv.FormatInt(int64(int32(v)), 10) }, false},
	arrow.INT64:  {8, func(v uint64) string { return strconv.FormatInt(int64(v), 10) }, false},
}

// plainEncodings are those of their pages.
var plainEncodings = []parquet.Encoding{parquet.Encodings.Plain, parquet.Encodings.RLE, parquet.Encodings.PlainDict, parquet.Encodings.RLEDict}

// pages reads one column of a Parquet file page by page, as the places of its values
// in the dictionary of a row group as far as the file has one. The library behind
// columnar makes a text of every value.
type pages struct {
	file     *file.Reader
	leaf     int
	optional bool
	bytes    int
	write    func(uint64) string
	written  map[uint64]string // numbers that recur
	isNull   func(string) bool

	group    int // the next one
	reader   file.PageReader
	distinct []string // of the row group's dictionary, behind "" for what is missing
	fine     bool     // no value of the dictionary can be turned away
	rows     int      // of the page that are not taken yet
	index    []uint32 // of these, in distinct; nil where the page has the values themselves
	values   []string // of these
	clean    bool     // no value of the page can be turned away
	maxBytes int

	places  []uint32 // memory for index
	present []uint32 // by row, where values may be missing
	texts   []string // memory for values
}

// openPages is the readers of some fields of a file; nil where one of them is of
// another kind.
func openPages(f *file.Reader, fields []pqarrow.SchemaField, b *batch) []*pages {
	out := make([]*pages, len(fields))
	for i, field := range fields {
		kind, known := plainTypes[field.Field.Type.ID()]
		if !known || len(field.Children) > 0 {
			return nil
		}
		column := f.MetaData().Schema.Column(field.ColIndex)
		if column.MaxRepetitionLevel() > 0 || column.MaxDefinitionLevel() > 1 {
			return nil
		}
		for group := range f.NumRowGroups() {
			chunk, err := f.MetaData().RowGroup(group).ColumnChunk(field.ColIndex)
			if err != nil || chunk.CryptoMetadata() != nil || slices.ContainsFunc(chunk.Encodings(), func(e parquet.Encoding) bool { return !slices.Contains(plainEncodings, e) }) {
				return nil
			}
		}
		out[i] = &pages{
			file: f, leaf: field.ColIndex, optional: column.MaxDefinitionLevel() == 1, bytes: kind.bytes, write: kind.write,
			isNull: b.isNull, maxBytes: b.maxField,
		}
		if kind.recur {
			out[i].written = map[uint64]string{}
		}
	}
	return out
}

// open reads a page when all rows of the last one are taken. It gives the rows of
// the page that are left; 0 at the end of the file.
func (p *pages) open() (int, error) {
	for p.rows == 0 {
		if p.reader == nil {
			if p.group == p.file.NumRowGroups() {
				return 0, nil
			}
			var err error
			if p.reader, err = p.file.RowGroup(p.group).GetColumnPageReader(p.leaf); err != nil {
				return 0, err
			}
			p.group++
			p.distinct = nil
		}
		if !p.reader.Next() {
			if err := p.reader.Err(); err != nil {
				return 0, err
			}
			if err := p.reader.Close(); err != nil {
				return 0, err
			}
			p.reader = nil
			continue
		}
		if err := p.read(p.reader.Page()); err != nil {
			return 0, err
		}
	}
	return p.rows, nil
}

// read takes a page apart.
func (p *pages) read(page file.Page) error {
	data, levels, rows := page.Data(), []byte(nil), int(page.NumValues())
	switch of := page.(type) {
	case *file.DictionaryPage:
		return p.readDictionary(data, rows)
	case *file.DataPageV1:
		if !p.optional {
			break
		}
		if of.DefinitionLevelEncoding() != parquet.Encodings.RLE || len(data) < 4 || uint64(binary.LittleEndian.Uint32(data)) > uint64(len(data)-4) {
			return errDamaged
		}
		levels, data = data[4:][:binary.LittleEndian.Uint32(data)], data[4:][binary.LittleEndian.Uint32(data):]
	case *file.DataPageV2:
		length := int(of.DefinitionLevelByteLen())
		if of.RepetitionLevelByteLen() != 0 || length > len(data) {
			return errDamaged
		}
		levels, data = data[:length], data[length:]
	default:
		return errDamaged
	}
	if int64(rows) > p.file.MetaData().RowGroup(p.group-1).NumRows() {
		return errDamaged
	}
	p.rows, p.index, p.values = rows, nil, nil
	filled := rows
	if p.optional {
		p.present = slices.Grow(p.present[:0], rows)[:rows]
		if err := unpackRuns(levels, 1, p.present); err != nil {
			return err
		}
		filled = 0
		for _, is := range p.present {
			filled += int(is)
		}
	}
	if e := parquet.Encoding(page.Encoding()); e == parquet.Encodings.Plain {
		return p.readPlain(data, rows, filled)
	} else if e == parquet.Encodings.PlainDict || e == parquet.Encodings.RLEDict {
		return p.readIndex(data, rows, filled)
	}
	return errDamaged
}

// readDictionary takes the values of a row group. They are not those of the last one
// in other memory: whoever has these knows them by it.
func (p *pages) readDictionary(data []byte, values int) error {
	if values > len(data) {
		return errDamaged
	}
	p.distinct = make([]string, 1, values+1)
	var err error
	p.distinct, err = p.appendPlain(p.distinct, data, values)
	p.fine = p.check(p.distinct)
	for i, v := range p.distinct {
		if p.isNull(v) {
			p.distinct[i] = ""
		}
	}
	return err
}

// readIndex takes a page of places in the dictionary.
func (p *pages) readIndex(data []byte, rows, filled int) error {
	p.places = slices.Grow(p.places[:0], rows)[:rows]
	p.index, p.clean = p.places, p.fine
	if filled == 0 {
		clear(p.index)
		p.distinct = p.orEmpty()
		return nil
	}
	if len(data) == 0 {
		return errDamaged
	}
	if err := unpackRuns(data[1:], int(data[0]), p.index[:filled]); err != nil {
		return err
	}
	for i, at := range p.index[:filled] {
		if p.index[i] = at + 1; int64(at)+1 >= int64(len(p.distinct)) {
			return errDamaged
		}
	}
	spread(p.index, p.present, filled)
	return nil
}

// orEmpty is the dictionary, or one without values where there is none.
func (p *pages) orEmpty() []string {
	if p.distinct == nil {
		return []string{""}
	}
	return p.distinct
}

// readPlain takes a page of values.
func (p *pages) readPlain(data []byte, rows, filled int) error {
	var err error
	if p.texts, err = p.appendPlain(p.texts[:0], data, filled); err != nil {
		return err
	}
	p.clean = p.check(p.texts)
	p.texts = slices.Grow(p.texts, rows-filled)[:rows]
	spread(p.texts, p.present, filled)
	p.values = p.texts
	return nil
}

// spread puts the filled values, which stand first, where they belong.
func spread[T any](values []T, present []uint32, filled int) {
	var none T
	for row := len(values) - 1; row >= 0 && filled <= row; row-- {
		if present[row] == 0 {
			values[row] = none
			continue
		}
		filled--
		values[row] = values[filled]
	}
}

// appendPlain reads values as they are. Texts stay where they are: in the page.
func (p *pages) appendPlain(out []string, data []byte, values int) ([]string, error) {
	if p.write != nil {
		return p.appendNumbers(out, data, values)
	}
	for range values {
		if len(data) < 4 || uint64(binary.LittleEndian.Uint32(data)) > uint64(len(data)-4) {
			return out, errDamaged
		}
		length := binary.LittleEndian.Uint32(data)
		text := data[4:][:length]
		out = append(out, unsafe.String(unsafe.SliceData(text), len(text)))
		data = data[4+length:]
	}
	return out, nil
}

// appendNumbers writes numbers, each once where they recur.
func (p *pages) appendNumbers(out []string, data []byte, values int) ([]string, error) {
	if len(data)/p.bytes < values {
		return out, errDamaged
	}
	if len(p.written) > knownDates {
		clear(p.written)
	}
	for i := range values {
		number := littleEndian(data[i*p.bytes:][:p.bytes])
		text, known := p.written[number]
		if !known {
			text = p.write(number)
			if p.written != nil {
				p.written[number] = text
			}
		}
		out = append(out, text)
	}
	return out, nil
}

// check says that no text can be turned away.
func (p *pages) check(texts []string) bool {
	if p.write != nil {
		return true
	}
	return !slices.ContainsFunc(texts, func(v string) bool {
		reason, _ := connectors.Fault(v, p.maxBytes, false)
		return reason != ""
	})
}

// at is the value of a row of the page, and whether there is one.
func (p *pages) at(row int) (string, bool) {
	if p.index != nil {
		value := p.distinct[p.index[row]]
		return value, value != ""
	}
	return p.values[row], p.values[row] != ""
}

// take appends some rows to a column; what is missing is "".
func (p *pages) take(rows int, out *connectors.Column) {
	if p.index != nil {
		out.Values, out.Index = p.distinct, p.index[:rows]
	} else {
		for _, v := range p.values[:rows] {
			if p.isNull(v) {
				v = ""
			}
			out.Values = append(out.Values, v)
		}
	}
	p.skip(rows)
}

// skip leaves out rows that were taken.
func (p *pages) skip(rows int) {
	p.rows -= rows
	if p.index != nil {
		p.index = p.index[rows:]
	} else {
		p.values = p.values[rows:]
	}
}
