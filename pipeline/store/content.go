package store

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"rollcall/pipeline/tables"
)

// The content hash of a table is a SHA-256 that does not depend on the order of
// its rows. A row's text is, for each column, the value's length in bytes, a
// colon and the value, or "-" for NULL; the header's text is made of the names in
// the same way. All hashes are written as lower-case hexadecimal digits:
//
//	row     = sha256(row text)
//	bucket  = sha256(the rows whose hash starts with the same two digits, sorted, one after the other)
//	content = sha256(sha256(header text), then the buckets that have rows, in order of the two digits)
//
// The buckets bound what has to be sorted at once. ContentSQL is the definition
// in plain SQL, for an auditor; Hasher computes the same, about seven times as fast.

// ContentHash is the content hash of a Parquet file.
func (s *Session) ContentHash(ctx context.Context, file string, columns []string) (sum string, rows int64, err error) {
	h := NewHasher(s.spill(), columns)
	defer h.Close()
	var read, nothing int64
	err = s.Row(context.WithValue(ctx, hasherKey{}, h), fmt.Sprintf("SELECT count(*), count(%s) FROM read_parquet(%s)",
		hashCall(columns), tables.Literal(file)), &read, &nothing)
	if err == nil && read != h.rows {
		err = fmt.Errorf("%d of %d rows were hashed", h.rows, read)
	}
	if err != nil {
		return "", 0, fmt.Errorf("hash %s: %w", filepath.Base(file), err)
	}
	return h.Sum()
}

// ContentSQL is the query that computes the content hash of a Parquet file and
// counts its rows. It needs DuckDB and nothing of the program.
func ContentSQL(file string, columns []string) string {
	text := make([]string, len(columns))
	for i, c := range columns {
		text[i] = fmt.Sprintf("coalesce(strlen(CAST(%[1]s AS VARCHAR)) || ':' || CAST(%[1]s AS VARCHAR), '-')", tables.Quote(c))
	}
	return fmt.Sprintf(`WITH hashed AS (SELECT sha256(concat('', %s)) AS h FROM read_parquet(%s)),
buckets AS (SELECT substr(h, 1, 2) AS digits, sha256(string_agg(h, '' ORDER BY h)) AS bucket, count(*) AS n FROM hashed GROUP BY digits)
SELECT sha256(sha256(%s) || coalesce(string_agg(bucket, '' ORDER BY digits), '')), coalesce(sum(n), 0)::BIGINT FROM buckets`,
		strings.Join(text, ", "), tables.Literal(file), tables.Literal(headerText(columns)))
}

func headerText(columns []string) string {
	var text []byte
	for _, c := range columns {
		text = appendValue(text, c)
	}
	return string(text)
}

func appendValue(text []byte, value string) []byte {
	text = strconv.AppendInt(text, int64(len(value)), 10)
	text = append(text, ':')
	return append(text, value...)
}

// hashesInMemory is how many row hashes a Hasher holds before it writes them to
// its file: 1 Mi of 32 bytes, 32 MiB.
const hashesInMemory = 1 << 20

// Hasher computes the content hash of a table while its rows pass. Memory does
// not grow with the rows: hashes beyond the first million go to a file in the
// given folder, which holds nothing else of the rows.
type Hasher struct {
	columns []string
	folder  string
	limit   int // hashes held in memory
	text    []byte
	mu      sync.Mutex  // for addRows, which several threads call
	buckets [256][]byte // row hashes, 32 bytes each
	held    int
	rows    int64
	spill   *os.File
	spilled []([257]int64) // for each flush, where each bucket starts in spill
}

// NewHasher starts the hash of a table with the given columns.
func NewHasher(folder string, columns []string) *Hasher {
	return &Hasher{folder: folder, columns: columns, limit: hashesInMemory}
}

// Value adds the next value of the current row.
func (h *Hasher) Value(value string) { h.text = appendValue(h.text, value) }

// Null adds a missing value to the current row.
func (h *Hasher) Null() { h.text = append(h.text, '-') }

// EndRow ends the current row.
func (h *Hasher) EndRow() error {
	sum := sha256.Sum256(h.text)
	h.text = h.text[:0]
	return h.add(sum)
}

// addRows adds whole rows by their hashes.
func (h *Hasher) addRows(sums [][sha256.Size]byte) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, sum := range sums {
		if err := h.add(sum); err != nil {
			return err
		}
	}
	return nil
}

func (h *Hasher) add(sum [sha256.Size]byte) error {
	h.buckets[sum[0]] = append(h.buckets[sum[0]], sum[:]...)
	h.rows++
	if h.held++; h.held < h.limit {
		return nil
	}
	return h.flush()
}

func (h *Hasher) flush() error {
	if h.spill == nil {
		f, err := os.CreateTemp(h.folder, "hashes-*")
		if err != nil {
			return fmt.Errorf("spill row hashes: %w", err)
		}
		h.spill = f
	}
	at, err := h.spill.Seek(0, io.SeekEnd)
	if err != nil {
		return fmt.Errorf("spill row hashes: %w", err)
	}
	var starts [257]int64
	for i, b := range h.buckets {
		starts[i] = at
		n, err := h.spill.Write(b)
		if err != nil {
			return fmt.Errorf("spill row hashes: %w", err)
		}
		at += int64(n)
		h.buckets[i] = b[:0]
	}
	starts[256] = at
	h.spilled, h.held = append(h.spilled, starts), 0
	return nil
}

// Sum ends the table and gives its content hash and number of rows.
func (h *Hasher) Sum() (sum string, rows int64, err error) {
	var sums [256][]byte
	var work errgroup.Group
	work.SetLimit(runtime.GOMAXPROCS(0))
	for i := range sums {
		work.Go(func() (err error) {
			sums[i], err = h.bucketSum(i)
			return err
		})
	}
	if err := work.Wait(); err != nil {
		return "", 0, err
	}
	text := hexOf(nil, sha256.Sum256([]byte(headerText(h.columns))))
	for _, s := range sums {
		text = append(text, s...)
	}
	return string(hexOf(nil, sha256.Sum256(text))), h.rows, nil
}

// bucketSum is the hash of a bucket in hexadecimal digits; nothing for one
// without rows.
func (h *Hasher) bucketSum(i int) ([]byte, error) {
	bucket, err := h.bucket(i)
	if err != nil || len(bucket) == 0 {
		return nil, err
	}
	text := make([]byte, 0, len(bucket)*hex.EncodedLen(sha256.Size))
	for _, row := range bucket {
		text = hexOf(text, row)
	}
	return hexOf(nil, sha256.Sum256(text)), nil
}

func hexOf(text []byte, sum [sha256.Size]byte) []byte { return hex.AppendEncode(text, sum[:]) }

// bucket gathers the row hashes of one bucket in their order.
func (h *Hasher) bucket(i int) ([][sha256.Size]byte, error) {
	data := h.buckets[i]
	for _, starts := range h.spilled {
		part := make([]byte, starts[i+1]-starts[i])
		if _, err := h.spill.ReadAt(part, starts[i]); err != nil {
			return nil, fmt.Errorf("read row hashes: %w", err)
		}
		data = append(data, part...)
	}
	return sorted(data), nil
}

// sorted puts the row hashes of one bucket, which share their first byte, in
// order: they are dealt out by their second byte first, as sorting many small
// parts is faster than sorting all at once.
func sorted(data []byte) [][sha256.Size]byte {
	var ends [256]int // of each part, after dealing
	for at := 0; at < len(data); at += sha256.Size {
		ends[data[at+1]]++
	}
	start := 0
	for i, n := range ends {
		ends[i] = start
		start += n
	}
	hashes := make([][sha256.Size]byte, start)
	for at := 0; at < len(data); at += sha256.Size {
		end := &ends[data[at+1]]
		hashes[*end] = [sha256.Size]byte(data[at:])
		*end++
	}
	start = 0
	for _, end := range ends {
		slices.SortFunc(hashes[start:end], compareHashes)
		start = end
	}
	return hashes
}

func compareHashes(a, b [sha256.Size]byte) int {
	// Two hashes with the same first eight bytes are as good as never met.
	if x, y := binary.BigEndian.Uint64(a[:]), binary.BigEndian.Uint64(b[:]); x != y {
		return cmp.Compare(x, y)
	}
	return bytes.Compare(a[:], b[:])
}

// Close removes what was spilled.
func (h *Hasher) Close() error {
	if h.spill == nil {
		return nil
	}
	name := h.spill.Name()
	h.spill.Close()
	h.spill = nil
	if err := os.Remove(name); err != nil {
		return fmt.Errorf("remove row hashes: %w", err)
	}
	return nil
}
