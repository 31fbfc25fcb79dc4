package files

import (
	"bytes"
	"context"
	"io"
	"strings"
)

const (
	// blockBytes is how much text becomes one batch, about 2,000 rows.
	blockBytes = 256 << 10
	// maxRowBytes is how far the end of a row is looked for.
	maxRowBytes = 16 << 20
)

// block gives the text of a file in pieces that rows are taken from. It is turned
// into one string, of which the values are slices, so that a row costs no
// allocation of its own.
type block struct {
	in      io.Reader
	charset charset
	file    string
	buffer  []byte
	start   int // of what is not yet taken in buffer
	end     int
	readErr error
	bytes   int64 // read so far
	line    int64 // of the text at start
}

func newBlock(s *source, o *opened) (block, error) {
	text, used, err := decode(o.content, s.charset)
	if err != nil {
		return block{}, err
	}
	return block{in: text, charset: used, file: o.member.name(), buffer: make([]byte, blockBytes), line: 1}, nil
}

// read moves the rest to the front of the buffer and fills it up. A rest that
// fills the buffer is a row that does not end in it: the buffer grows.
func (t *block) read() {
	buffer := t.buffer
	switch rest := t.end - t.start; {
	case rest == len(t.buffer) && t.readErr == nil:
		buffer = make([]byte, 2*len(t.buffer))
	case rest < blockBytes && len(t.buffer) > blockBytes:
		buffer = make([]byte, blockBytes)
	}
	rest := copy(buffer, t.buffer[t.start:t.end])
	t.buffer = buffer
	t.start, t.end = 0, rest
	for t.end < len(t.buffer) && t.readErr == nil {
		var n int
		n, t.readErr = t.in.Read(t.buffer[t.end:])
		t.end += n
		t.bytes += int64(n)
	}
}

// final says that nothing comes after what is in the buffer.
func (t *block) final() bool { return t.readErr != nil }

// advance goes past text that starts at start.
func (t *block) advance(text string) {
	t.start += len(text)
	t.line += int64(strings.Count(text, "\n"))
}

// skipLine goes past the end of the line at start, however far it is.
func (t *block) skipLine() {
	for t.start = t.end; !t.final(); t.start = t.end {
		t.read()
		if i := bytes.IndexByte(t.buffer[:t.end], '\n'); i >= 0 {
			t.start, t.line = i+1, t.line+1
			return
		}
	}
}

// eachRow reads one block and calls take for the text at start until it is all
// taken, or take gives false to ask for the next block.
func (t *block) eachRow(ctx context.Context, b *batch, take func(text string) bool) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	t.read()
	text := string(t.buffer[:t.end])
	b.broken = t.charset.broken
	b.suspect = strings.IndexByte(text, 0) >= 0 || t.charset.broken(text)
	for t.start < t.end {
		if !take(text[t.start:]) {
			return nil
		}
	}
	return t.readErr
}
