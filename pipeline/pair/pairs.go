package pair

import (
	"io"
	"math"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"rollcall/matchers"
	"rollcall/matchers/dictionary"
)

// pairColumn is a column of pairs.parquet: what it is called and holds, and how it
// is made of a run of pairs.
type pairColumn struct {
	field arrow.Field
	of    func(pairs []matchers.Pair) arrow.Array
}

// pairColumns are the columns of pairs.parquet.
func (o *Outcome) pairColumns() []pairColumn {
	columns := []pairColumn{
		idColumn("left_id", o.Left.ids, leftOf),
		idColumn("right_id", o.Right.ids, rightOf),
		acceptedColumn(),
		numberColumn("match_probability", probabilityDecimals, func(p *matchers.Pair) float64 { return p.Probability }),
		numberColumn("match_weight_bits", bitsDecimals, func(p *matchers.Pair) float64 { return p.WeightBits }),
		marginColumn(),
		wordColumn("blocking_rule", o.ruleNames(), func(p *matchers.Pair) int { return int(p.Rule) + 1 }),
	}
	for i, names := range o.levelNames() {
		name := levelColumn(o.Result.Specification.Comparisons[i].Name)
		columns = append(columns, wordColumn(name, names, func(p *matchers.Pair) int { return int(p.Levels[i]) }))
	}
	if o.decisions {
		columns = append(columns, wordColumn(decisionName, decisionWords, decisionOf))
	}
	return columns
}

// rowsPerGroup bounds what is held in memory while pairs are written: one column of
// so many.
const rowsPerGroup = 1 << 18

// writePairs writes all pairs, column by column.
func (o *Outcome) writePairs(w io.Writer) error {
	columns := o.pairColumns()
	fields := make([]arrow.Field, len(columns))
	for i, c := range columns {
		fields[i] = c.field
	}
	properties := parquet.NewWriterProperties(
		parquet.WithCompression(compress.Codecs.Zstd),
		parquet.WithDictionaryFor("left_id", false), parquet.WithDictionaryFor("right_id", false), // next to none recurs
	)
	// The writer of Parquet closes what it writes to; only this file's own end may.
	writer, err := pqarrow.NewFileWriter(arrow.NewSchema(fields, nil), struct{ io.Writer }{w}, properties, pqarrow.DefaultWriterProps())
	if err != nil {
		return err
	}
	for pairs := o.Result.Pairs; len(pairs) > 0; {
		group := pairs[:min(len(pairs), rowsPerGroup)]
		pairs = pairs[len(group):]
		if err := writer.NewRowGroupChecked(); err != nil {
			return err
		}
		for _, c := range columns {
			values := c.of(group)
			err := writer.WriteColumnData(values)
			values.Release()
			if err != nil {
				return err
			}
		}
	}
	return writer.Close()
}

func idColumn(name string, ids ids, row func(*matchers.Pair) int32) pairColumn {
	return pairColumn{arrow.Field{Name: name, Type: arrow.BinaryTypes.String}, func(pairs []matchers.Pair) arrow.Array {
		var text []byte
		ends := make([]int32, 1, len(pairs)+1)
		f := fetcher{ids: ids}
		for run := range slices.Chunk(pairs, fetched) {
			for _, id := range f.fetch(run, row) {
				text = append(text, id...)
				ends = append(ends, int32(len(text)))
			}
		}
		return texts(ends, text)
	}}
}

// texts is an array of texts that stand one after the other, with their ends; the
// first of these is 0.
func texts(ends []int32, text []byte) arrow.Array {
	data := array.NewData(arrow.BinaryTypes.String, len(ends)-1, []*memory.Buffer{
		nil, memory.NewBufferBytes(arrow.Int32Traits.CastToBytes(ends)), memory.NewBufferBytes(text),
	}, nil, 0, 0)
	defer data.Release()
	return array.NewStringData(data)
}

func acceptedColumn() pairColumn {
	return pairColumn{arrow.Field{Name: "accepted", Type: arrow.FixedWidthTypes.Boolean}, func(pairs []matchers.Pair) arrow.Array {
		b := array.NewBooleanBuilder(memory.DefaultAllocator)
		defer b.Release()
		b.Reserve(len(pairs))
		for i := range pairs {
			b.UnsafeAppend(pairs[i].Accepted)
		}
		return b.NewArray()
	}}
}

// numberColumn has numbers with so many decimals; what is no number is NULL.
func numberColumn(name string, decimals int, of func(*matchers.Pair) float64) pairColumn {
	scale := math.Pow10(decimals)
	return pairColumn{arrow.Field{Name: name, Type: arrow.PrimitiveTypes.Float64}, func(pairs []matchers.Pair) arrow.Array {
		b := array.NewFloat64Builder(memory.DefaultAllocator)
		defer b.Release()
		b.Reserve(len(pairs))
		for i := range pairs {
			if v := of(&pairs[i]); math.IsInf(v, 0) || math.IsNaN(v) {
				b.UnsafeAppendBoolToBitmap(false)
			} else {
				b.UnsafeAppend(math.Round(v*scale) / scale)
			}
		}
		return b.NewArray()
	}}
}

// marginColumn is NULL where there is no other candidate.
func marginColumn() pairColumn {
	c := numberColumn("margin_bits", bitsDecimals, func(p *matchers.Pair) float64 { return p.MarginBits })
	c.field.Nullable = true
	return c
}

// wordColumn has one of a few words, by their number.
func wordColumn(name string, words []string, number func(*matchers.Pair) int) pairColumn {
	kind := &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}
	return pairColumn{arrow.Field{Name: name, Type: kind}, func(pairs []matchers.Pair) arrow.Array {
		known := dictionary.New() // of the words that occur
		const unknown = -1
		codes := make([]int32, len(words))
		for i := range codes {
			codes[i] = unknown
		}
		b := array.NewInt32Builder(memory.DefaultAllocator)
		defer b.Release()
		b.Reserve(len(pairs))
		for i := range pairs {
			n := number(&pairs[i])
			if codes[n] == unknown {
				codes[n] = int32(known.Code(words[n]))
			}
			b.UnsafeAppend(codes[n])
		}
		indices := b.NewArray()
		defer indices.Release()
		values := array.NewStringBuilder(memory.DefaultAllocator)
		defer values.Release()
		for word := range known.Values().Each() {
			values.Append(word)
		}
		named := values.NewArray()
		defer named.Release()
		return array.NewDictionaryArray(kind, indices, named)
	}}
}
