// Package xlsx writes the archives that XLSX files are.
package xlsx

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"hash"
	"hash/crc32"
	"io"
	"io/fs"
	"maps"
	"slices"

	"github.com/xuri/excelize/v2"
)

// orderedZip writes the parts of a workbook in the order of their names and
// without times, so that equal workbooks have equal bytes; the library hands
// over streamed sheets in the order of a map.
type orderedZip struct {
	out   io.Writer
	parts map[string]*zipPart
}

// NewZip is for the library's SetZipWriter.
func NewZip(w io.Writer) excelize.ZipWriter {
	return &orderedZip{out: w, parts: map[string]*zipPart{}}
}

// zipPart is one part, compressed as it comes.
type zipPart struct {
	compressed bytes.Buffer
	deflate    *flate.Writer
	sum        hash.Hash32
	size       uint64
}

func (p *zipPart) Write(b []byte) (int, error) {
	p.sum.Write(b)
	p.size += uint64(len(b))
	return p.deflate.Write(b)
}

// Create begins a part.
func (z *orderedZip) Create(name string) (io.Writer, error) {
	p := &zipPart{sum: crc32.NewIEEE()}
	var err error
	if p.deflate, err = flate.NewWriter(&p.compressed, flate.BestSpeed); err != nil {
		return nil, err
	}
	z.parts[name] = p
	return p, nil
}

// AddFS is part of the library's interface; nothing of ours uses it.
func (z *orderedZip) AddFS(fs.FS) error { return errors.ErrUnsupported }

// Close writes the archive. The list of content types comes first, as readers
// that stream expect.
func (z *orderedZip) Close() error {
	names := slices.SortedFunc(maps.Keys(z.parts), func(a, b string) int {
		if first := "[Content_Types].xml"; a == first || b == first {
			return map[bool]int{true: -1, false: 1}[a == first]
		}
		return bytes.Compare([]byte(a), []byte(b))
	})
	w := zip.NewWriter(z.out)
	for _, name := range names {
		p := z.parts[name]
		if err := p.deflate.Close(); err != nil {
			return err
		}
		part, err := w.CreateRaw(&zip.FileHeader{
			Name: name, Method: zip.Deflate, CRC32: p.sum.Sum32(),
			CompressedSize64: uint64(p.compressed.Len()), UncompressedSize64: p.size,
		})
		if err != nil {
			return err
		}
		if _, err := p.compressed.WriteTo(part); err != nil {
			return err
		}
	}
	return w.Close()
}
