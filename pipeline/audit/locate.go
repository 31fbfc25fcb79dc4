package audit

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
)

// sealed is a seal as it was read.
type sealed struct {
	sealHead
	bytes []int64
	codes [][macBytes]byte
	size  int64
}

// errOtherKey says that a seal was made with another key than the one given.
var errOtherKey = errors.New("it was sealed with another key")

func readSeal(folder, p string, key Key) (s sealed, err error) {
	data, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(sealPath(p))))
	if err != nil {
		return s, err
	}
	line, rest, _ := bytes.Cut(data, []byte("\n"))
	if err := json.Unmarshal(line, &s.sealHead); err != nil {
		return s, err
	}
	if s.Key != key.ID() {
		return s, errOtherKey
	}
	const each = 4 + macBytes
	for ; len(rest) >= each; rest = rest[each:] {
		n := int64(binary.LittleEndian.Uint32(rest))
		s.bytes, s.codes, s.size = append(s.bytes, n), append(s.codes, [macBytes]byte(rest[4:each])), s.size+n
	}
	return s, nil
}

// name is a part's name for people.
func (s *sealed) name(i int) string {
	switch {
	case i < len(s.Parts):
		return s.Parts[i]
	case i == 0:
		return "the header"
	}
	return fmt.Sprintf("row %d after the header", i)
}

// locate says which parts of an altered file are not as they were sealed.
func locate(folder, p string, key Key) ([]string, error) {
	s, err := readSeal(folder, p, key)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(filepath.Join(folder, filepath.FromSlash(p)))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	mac := key.of(s.RunID, s.Path)
	if info.Size() != s.size {
		return s.between(f, info.Size(), mac)
	}
	var wrong []int
	in := bufio.NewReaderSize(f, 1<<16)
	for i, n := range s.bytes {
		code, err := codeOf(mac, in, n)
		if err != nil {
			return nil, err
		}
		if code != s.codes[i] {
			wrong = append(wrong, i)
		}
	}
	return s.names(wrong), nil
}

// mostNamed is how many altered parts are named.
const mostNamed = 20

func (s *sealed) names(parts []int) []string {
	var out []string
	for _, i := range parts[:min(len(parts), mostNamed)] {
		out = append(out, s.name(i))
	}
	if more := len(parts) - mostNamed; more > 0 {
		out = append(out, fmt.Sprintf("%d more parts", more))
	}
	return out
}

// between is for a file that became longer or shorter: the parts after the last
// from its beginning, and before the first from its end, that are as they were.
func (s *sealed) between(f io.ReaderAt, size int64, mac hash.Hash) ([]string, error) {
	same := func(i int, from int64) bool {
		if from < 0 || from+s.bytes[i] > size {
			return false
		}
		code, err := codeOf(mac, io.NewSectionReader(f, from, s.bytes[i]), s.bytes[i])
		return err == nil && code == s.codes[i]
	}
	first, from := 0, int64(0)
	for first < len(s.codes) && same(first, from) {
		from += s.bytes[first]
		first++
	}
	last, to := len(s.codes), size
	for last > first && to-s.bytes[last-1] >= from && same(last-1, to-s.bytes[last-1]) {
		last--
		to -= s.bytes[last]
	}
	var told string
	switch {
	case last > first && to == from && last == first+1:
		told = s.name(first) + " is gone"
	case last > first && to == from:
		told = fmt.Sprintf("%s to %s are gone", s.name(first), s.name(last-1))
	case last == first && first == len(s.codes):
		told = fmt.Sprintf("%d bytes were added at its end", to-from)
	case last == first && first == 0:
		told = fmt.Sprintf("%d bytes were added before %s", to-from, s.name(first))
	case last == first:
		told = fmt.Sprintf("%d bytes were added between %s and %s", to-from, s.name(first-1), s.name(first))
	case last == first+1:
		told = s.name(first)
	default:
		told = fmt.Sprintf("something in %s to %s", s.name(first), s.name(last-1))
	}
	return []string{told}, nil
}
