package audit

import (
	"archive/zip"
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"slices"

	parquet "github.com/apache/arrow-go/v18/parquet/file"
)

// part is a stretch of a file that has a name for people. The parts of a file
// follow each other and leave no byte out.
type part struct {
	name  string
	bytes int64
}

// mostPartBytes is the longest part: a seal keeps its length in 32 bits.
const mostPartBytes = 1 << 31

// divider tells the parts of a file of one format. Those of a CSV are its records,
// which have no name but their number.
type divider func(*os.File, int64) ([]part, error)

// dividers are the formats, by ending, of which it can be said what one byte
// touched.
func dividers() map[string]divider {
	return map[string]divider{".csv": nil, ".parquet": parquetParts, ".xlsx": zipParts}
}

// divides tells whether the parts of a file are sealed.
func divides(p string) bool {
	_, ok := dividers()[path.Ext(p)]
	return ok
}

// stretch is a named part with where it begins.
type stretch struct {
	from, to int64
	name     string
}

// filled makes parts of stretches that may leave bytes out, which are called rest.
func filled(of []stretch, size int64, rest string) ([]part, error) {
	slices.SortFunc(of, func(a, b stretch) int { return cmp.Compare(a.from, b.from) })
	var parts []part
	add := func(name string, n int64) {
		for ; n > 0; n -= mostPartBytes {
			parts = append(parts, part{name, min(n, mostPartBytes)})
		}
	}
	at := int64(0)
	for _, s := range of {
		if s.from < at || s.to > size {
			return nil, fmt.Errorf("%s lies outside its place", s.name)
		}
		add(rest, s.from-at)
		add(s.name, s.to-s.from)
		at = s.to
	}
	add(rest, size-at)
	return parts, nil
}

// parquetParts are the column chunks of the row groups.
func parquetParts(f *os.File, size int64) ([]part, error) {
	r, err := parquet.NewParquetReader(io.NewSectionReader(f, 0, size))
	if err != nil {
		return nil, err
	}
	var chunks []stretch
	row := int64(0)
	for g := range r.NumRowGroups() {
		group := r.MetaData().RowGroup(g)
		for c := range group.NumColumns() {
			chunk, err := group.ColumnChunk(c)
			if err != nil {
				return nil, err
			}
			from := chunk.DataPageOffset()
			if chunk.HasDictionaryPage() && chunk.DictionaryPageOffset() > 0 {
				from = min(from, chunk.DictionaryPageOffset())
			}
			chunks = append(chunks, stretch{from, from + chunk.TotalCompressedSize(), fmt.Sprintf("row group %d (rows %d to %d), column %s",
				g+1, row+1, row+group.NumRows(), chunk.PathInSchema())})
		}
		row += group.NumRows()
	}
	return filled(chunks, size, "what describes the columns")
}

// zipParts are the files of an archive, each with the header before it.
func zipParts(f *os.File, size int64) ([]part, error) {
	r, err := zip.NewReader(f, size)
	if err != nil {
		return nil, err
	}
	var files []stretch
	for _, member := range r.File {
		from, err := member.DataOffset()
		if err != nil {
			return nil, err
		}
		files = append(files, stretch{from, from + int64(member.CompressedSize64), "file " + member.Name + " in it"})
	}
	slices.SortFunc(files, func(a, b stretch) int { return cmp.Compare(a.from, b.from) })
	end := int64(0)
	for i := range files {
		files[i].from = end // the header is between the data of two files
		end = files[i].to
	}
	return filled(files, size, "the list of its files")
}

// records reads the records of a CSV file (RFC 4180), each with its line end.
type records struct {
	in     *bufio.Reader
	record []byte
}

// next is the next record; it is overwritten by the one after. io.EOF is the end.
func (r *records) next() ([]byte, error) {
	r.record = r.record[:0]
	quoted := false
	for len(r.record) < mostPartBytes/2 {
		line, err := r.in.ReadSlice('\n')
		r.record = append(r.record, line...)
		quoted = quoted != (bytes.Count(line, []byte{'"'})%2 == 1)
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF) && len(r.record) > 0:
			return r.record, nil
		case err != nil:
			return nil, err
		case !quoted:
			return r.record, nil
		}
	}
	return r.record, nil
}
