package extract

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"rollcall/pipeline/store"
)

// groupBytes closes a row group early when its values are long, so that memory
// does not grow with them.
const groupBytes = 64 << 20

// table writes one Parquet file and computes its hashes while the rows pass. The
// encoding runs beside the reading.
type table struct {
	file    *os.File
	sum     hash.Hash
	hasher  *store.Hasher
	builder *array.RecordBuilder
	groups  chan arrow.RecordBatch
	done    chan struct{} // closed when encode ends
	failure error         // of encode; valid after done
	rows    int64
	held    int // rows in builder
	bytes   int // of values in builder
	closed  bool
	content string // content hash, after finish
}

func newTable(folder, path string, names []string, types map[string]arrow.DataType) (*table, error) {
	fields := make([]arrow.Field, len(names))
	for i, n := range names {
		fields[i] = arrow.Field{Name: n, Type: arrow.BinaryTypes.String, Nullable: true}
		if t, ok := types[n]; ok {
			fields[i].Type = t
		}
	}
	schema := arrow.NewSchema(fields, nil)
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, fileMode)
	if err != nil {
		return nil, fmt.Errorf("make file: %w", err)
	}
	t := &table{
		file: file, sum: sha256.New(), hasher: store.NewHasher(folder, names),
		builder: array.NewRecordBuilder(memory.DefaultAllocator, schema),
		groups:  make(chan arrow.RecordBatch), done: make(chan struct{}),
	}
	go t.encode()
	return t, nil
}

// encode writes the groups as they come, each as one row group. After a failure
// it takes no more of them.
func (t *table) encode() {
	defer close(t.done)
	group := <-t.groups // nil when there is none
	encoder, err := t.start(group)
	for ; group != nil && err == nil; group = <-t.groups {
		err = guard(func() error { return encoder.Write(group) })
		group.Release()
	}
	if err == nil {
		err = guard(encoder.Close)
	}
	t.failure = err
}

// start begins the file; the first group, which may be nil, says what its columns
// are like.
func (t *table) start(first arrow.RecordBatch) (*pqarrow.FileWriter, error) {
	options := []parquet.WriterProperty{
		parquet.WithCompression(compress.Codecs.Snappy), parquet.WithDictionaryDefault(true),
		// All columns are text of a source that nobody looks up by its least value.
		parquet.WithStats(false),
		parquet.WithMaxRowGroupLength(store.GroupRows), parquet.WithCreatedBy("rollcall"),
	}
	for i, f := range t.builder.Schema().Fields() {
		if first != nil && seldomRepeats(first.Column(i)) {
			options = append(options, parquet.WithDictionaryPath(parquet.ColumnPath{f.Name}, false))
		}
	}
	// The writer closes its sink when it can; the file is closed by finish.
	sink := struct{ io.Writer }{io.MultiWriter(t.file, t.sum)}
	encoder, err := pqarrow.NewFileWriter(t.builder.Schema(), sink, parquet.NewWriterProperties(options...), pqarrow.DefaultWriterProps())
	if err != nil {
		return nil, fmt.Errorf("start Parquet: %w", err)
	}
	return encoder, nil
}

// sampledValues of a column are enough to tell whether its values repeat: each
// often times.
const (
	sampledValues = 4096
	often         = 8
)

// seldomRepeats tells a column of keys, names or addresses: a dictionary of its
// values costs more time than writing them, and may be given up in the end.
func seldomRepeats(column arrow.Array) bool {
	texts, ok := column.(*array.String)
	if !ok {
		return false
	}
	seen := map[string]bool{}
	known := 0
	for i := 0; i < texts.Len() && known < sampledValues; i++ {
		if texts.IsValid(i) {
			seen[texts.Value(i)] = true
			known++
		}
	}
	return len(seen) > known/often
}

// guard turns a panic of the library, as over a full disk, into an error.
func guard(do func() error) (err error) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case error:
			err = fmt.Errorf("write Parquet: %w", p)
		default:
			err = fmt.Errorf("write Parquet: %v", p)
		}
	}()
	if err := do(); err != nil {
		return fmt.Errorf("write Parquet: %w", err)
	}
	return nil
}

// endRow ends a row of the given size, and hands the group over when it is full.
func (t *table) endRow(bytes int) error {
	t.rows++
	t.held++
	t.bytes += bytes
	if t.held == store.GroupRows || t.bytes >= groupBytes {
		if err := t.flush(); err != nil {
			return err
		}
	}
	return t.hasher.EndRow()
}

// flush hands the group to the encoder, unless that has failed.
func (t *table) flush() error {
	if t.held == 0 {
		return nil
	}
	group := t.builder.NewRecordBatch()
	t.held, t.bytes = 0, 0
	select {
	case t.groups <- group:
		return nil
	case <-t.done:
		group.Release()
		return t.failure
	}
}

// finish completes the file and gives the hash of its bytes.
func (t *table) finish() (fileSHA256 string, err error) {
	flushed := t.flush()
	t.closed = true
	close(t.groups)
	content, _, hashed := t.hasher.Sum() // while the last group is encoded
	<-t.done
	t.content = content
	t.builder.Release()
	if err := errors.Join(cmp.Or(flushed, t.failure), hashed, t.hasher.Close()); err != nil {
		return "", errors.Join(err, t.file.Close())
	}
	if err := t.file.Sync(); err != nil {
		return "", fmt.Errorf("write Parquet: %w", err)
	}
	if err := t.file.Close(); err != nil {
		return "", fmt.Errorf("write Parquet: %w", err)
	}
	return hex.EncodeToString(t.sum.Sum(nil)), nil
}

// abandon ends a table that finish has not.
func (t *table) abandon() {
	if t.closed {
		return
	}
	t.closed = true
	close(t.groups)
	<-t.done
	t.builder.Release()
	t.hasher.Close()
	t.file.Close()
}
