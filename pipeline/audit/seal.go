package audit

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"rollcall/pipeline/store"
)

// Whoever altered a file is found by the file's hash. What in it was altered is
// found by its seal, the file
//
//	seals/<path of the file>.seal
//
// whose first line is JSON, and after which each part of the file, in its order,
// has 20 bytes: the part's length (32 bits, the lowest byte first) and the first
// 16 bytes of its HMAC-SHA-256 (RFC 2104), under the key
//
//	HMAC-SHA-256(key of rows, run id + line feed + path)
//
// The parts of a CSV are its records, those of a Parquet file the column chunks of
// its row groups, those of an XLSX file the files in it.

const (
	sealsName  = "seals" // folder in the run's
	sealEnding = ".seal"
	macBytes   = 16
)

// sealHead is the first line of a seal.
type sealHead struct {
	Version int      `json:"version"`
	Key     string   `json:"key"` // Key.ID
	RunID   string   `json:"run_id"`
	Path    string   `json:"path"`
	Parts   []string `json:"parts,omitempty"` // names; a CSV has none
}

// sealPath is where a file's seal is. A snapshot lies outside the run's folder.
func sealPath(p string) string {
	for strings.HasPrefix(p, "../") {
		p = strings.TrimPrefix(p, "../")
	}
	return path.Join(sealsName, p+sealEnding)
}

// seal seals the files that have parts, and lists the seals.
func (m *manifest) seal(ctx context.Context, folder string, key Key) error {
	if key == nil {
		return nil
	}
	var seals []file
	work, ctx := errgroup.WithContext(ctx)
	work.SetLimit(runtime.GOMAXPROCS(0))
	for _, f := range m.all() {
		if !divides(f.Path) {
			continue
		}
		seals = append(seals, file{Path: sealPath(f.Path)})
		work.Go(func() error {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err := sealFile(folder, sealHead{Version: 1, Key: key.ID(), RunID: m.RunID, Path: f.Path}, key); err != nil {
				return fmt.Errorf("seal %s: %w", f.Path, err)
			}
			return nil
		})
	}
	if err := work.Wait(); err != nil {
		return err
	}
	for i := range seals {
		var err error
		if seals[i].FileSHA256, err = store.FileHash(filepath.Join(folder, filepath.FromSlash(seals[i].Path))); err != nil {
			return err
		}
	}
	m.Files = append(m.Files, seals...)
	slices.SortFunc(m.Files, func(a, b file) int { return strings.Compare(a.Path, b.Path) })
	return nil
}

func sealFile(folder string, head sealHead, key Key) (err error) {
	in, err := os.Open(filepath.Join(folder, filepath.FromSlash(head.Path)))
	if err != nil {
		return err
	}
	defer in.Close()
	parts, err := divide(in, head.Path)
	if err != nil {
		return err
	}
	for _, p := range parts {
		head.Parts = append(head.Parts, p.name)
	}
	to := filepath.Join(folder, filepath.FromSlash(sealPath(head.Path)))
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	out, err := os.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	w := sealer{bufio.NewWriterSize(out, 1<<16), key.of(head.RunID, head.Path)}
	line, err := json.Marshal(head)
	if err != nil {
		return err
	}
	w.Write(append(line, '\n')) //nolint:errcheck // Flush tells
	if err := w.seal(in, parts); err != nil {
		return err
	}
	return w.Flush()
}

// divide tells the parts of a file; none for a CSV, which tells them as it is read.
func divide(f *os.File, p string) ([]part, error) {
	divider := dividers()[path.Ext(p)]
	info, err := f.Stat()
	if err != nil || divider == nil || info.Size() == 0 {
		return nil, err
	}
	return divider(f, info.Size())
}

type sealer struct {
	*bufio.Writer
	mac hash.Hash
}

// seal writes the parts' lengths and codes.
func (w sealer) seal(in io.Reader, parts []part) error {
	if parts == nil {
		r := records{in: bufio.NewReaderSize(in, 1<<16)}
		for {
			record, err := r.next()
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return err
			}
			w.mac.Reset()
			w.mac.Write(record)
			if err := w.code(int64(len(record)), ended(w.mac)); err != nil {
				return err
			}
		}
	}
	for _, p := range parts {
		if err := w.part(in, p.bytes); err != nil {
			return err
		}
	}
	return nil
}

func (w sealer) part(in io.Reader, n int64) error {
	code, err := codeOf(w.mac, in, n)
	if err != nil {
		return err
	}
	return w.code(n, code)
}

func (w sealer) code(n int64, code [macBytes]byte) error {
	var line [4 + macBytes]byte
	binary.LittleEndian.PutUint32(line[:], uint32(n))
	copy(line[4:], code[:])
	_, err := w.Write(line[:])
	return err
}

// codeOf reads a part and gives its code.
func codeOf(mac hash.Hash, in io.Reader, n int64) (code [macBytes]byte, err error) {
	mac.Reset()
	if _, err = io.CopyN(mac, in, n); err != nil {
		return code, err
	}
	return ended(mac), nil
}

func ended(mac hash.Hash) (code [macBytes]byte) {
	var sum [sha256.Size]byte
	copy(code[:], mac.Sum(sum[:0]))
	return code
}
