package link

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"sync"
	"sync/atomic"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"

	"rollcall/matchers"
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
	d := newDictionary()
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
			d.code(values[:n], known)
			codes = spread(codes, levels[:rows], most, known[:n])
		}
		if err := texts.Err(); err != nil {
			return matchers.Column{}, err
		}
	}
	return matchers.Column{Name: name, Codes: codes, Values: d.values()}, nil
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

// dictionary numbers different texts in the order in which they come; the empty
// one is 0. Their bytes lie end to end, and an open table finds them.
type dictionary struct {
	seed   maphash.Seed
	slots  []dictionarySlot
	bytes  []byte
	ends   []int // by code: where its bytes end
	hashes [batchValues]uint32
}

type dictionarySlot struct{ hash, code uint32 } // code 0: free

func newDictionary() *dictionary {
	return &dictionary{seed: maphash.MakeSeed(), slots: make([]dictionarySlot, 1<<12), ends: []int{0}}
}

// code gives the codes of some texts. All slots are looked at before the first
// text is, so that misses of the cache overlap.
func (d *dictionary) code(texts []parquet.ByteArray, codes []uint32) {
	for 2*(len(d.ends)+len(texts)) > len(d.slots) {
		d.grow()
	}
	mask := uint32(len(d.slots) - 1)
	for i, text := range texts {
		d.hashes[i] = uint32(maphash.Bytes(d.seed, text))
		codes[i] = d.slots[d.hashes[i]&mask].code
	}
	for i, text := range texts {
		if len(text) == 0 {
			codes[i] = 0
			continue
		}
		if guess := codes[i]; guess == 0 || string(d.text(guess)) != string(text) {
			codes[i] = d.find(text, d.hashes[i])
		}
	}
}

func (d *dictionary) text(code uint32) []byte { return d.bytes[d.ends[code-1]:d.ends[code]] }

// find is the code of a text, a new one where it is not known.
func (d *dictionary) find(text []byte, hash uint32) uint32 {
	mask := uint32(len(d.slots) - 1)
	at := hash & mask
	for ; d.slots[at].code != 0; at = (at + 1) & mask {
		if s := d.slots[at]; s.hash == hash && string(d.text(s.code)) == string(text) {
			return s.code
		}
	}
	code := uint32(len(d.ends))
	d.slots[at] = dictionarySlot{hash, code}
	d.bytes = append(d.bytes, text...)
	d.ends = append(d.ends, len(d.bytes))
	return code
}

func (d *dictionary) grow() {
	old := d.slots
	d.slots = make([]dictionarySlot, 2*len(old))
	mask := uint32(len(d.slots) - 1)
	for _, s := range old {
		if s.code == 0 {
			continue
		}
		at := s.hash & mask
		for d.slots[at].code != 0 {
			at = (at + 1) & mask
		}
		d.slots[at] = s
	}
}

// values are all texts by code, as parts of one string.
func (d *dictionary) values() []string {
	all := string(d.bytes)
	out := make([]string, len(d.ends))
	for code := 1; code < len(out); code++ {
		out[code] = all[d.ends[code-1]:d.ends[code]]
	}
	return out
}

// texts spells out some rows of a column.
func texts(c matchers.Column, rows []int32) []string {
	out := make([]string, len(rows))
	for i, row := range rows {
		out[i] = c.Values[c.Codes[row]]
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
