package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"rollcall/connectors"
)

// delimited reads rows of fields between delimiters (RFC 4180, any delimiter,
// LF or CRLF). A quote inside an unquoted field is text. A blank line is no row.
//
// A block of text is turned into one string and the fields are slices of it, so
// a row costs no allocation of its own.
type delimited struct {
	block
	delimiter byte
	names     []string
	places    []int // of the wanted columns

	fields []string
}

func openCSV(s *source, o *opened) (rows, error) { return openDelimited(s, o, s.delimiter) }

func openTSV(s *source, o *opened) (rows, error) {
	if s.delimiter != 0 {
		return openDelimited(s, o, s.delimiter)
	}
	return openDelimited(s, o, '\t')
}

func openDelimited(s *source, o *opened, delimiter byte) (rows, error) {
	text, err := newBlock(s, o)
	if err != nil {
		return nil, err
	}
	return &delimited{block: text, delimiter: delimiter}, nil
}

// header reads the first line that is not blank.
func (d *delimited) header(ctx context.Context) ([]string, error) {
	for d.names == nil {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		d.read()
		text := string(d.buffer[:d.end])
		if d.delimiter == 0 {
			d.delimiter = findDelimiter(text)
		}
		used, result, _ := d.scan(text, d.final())
		switch {
		case result == blank && used > 0:
			d.advance(text[:used])
		case result == blank:
			if errors.Is(d.readErr, io.EOF) {
				return nil, errors.New("the file is empty: it has not even a header")
			}
			return nil, d.readErr
		case result == badQuote:
			return nil, fmt.Errorf("line %d: the header has a quote that does not end", d.line)
		case result == incomplete && d.end >= maxRowBytes:
			return nil, fmt.Errorf("line %d: the header does not end within %d bytes", d.line, maxRowBytes)
		case result == complete:
			if err := d.setNames(); err != nil {
				return nil, err
			}
			d.advance(text[:used])
		}
	}
	return d.names, nil
}

// setNames takes the names of the columns from the header's fields.
func (d *delimited) setNames() error {
	d.names = make([]string, len(d.fields))
	for i, f := range d.fields {
		switch {
		case strings.IndexByte(f, 0) >= 0:
			return fmt.Errorf("line %d: a NUL byte in the header: is the file UTF-16? set encoding: utf-16le for the source in the job file", d.line)
		case d.charset.broken(f):
			return fmt.Errorf("line %d: the header has bytes that its character set does not have: set encoding for the source in the job file, such as windows-1252", d.line)
		}
		if d.names[i] = strings.TrimSpace(f); d.names[i] == "" {
			d.names[i] = fmt.Sprintf("column_%d", i+1)
		}
	}
	return nil
}

// findDelimiter picks the delimiter that the first line has most of.
func findDelimiter(text string) byte {
	line, _, _ := strings.Cut(strings.TrimLeft(text, "\r\n"), "\n")
	counts := [256]int{}
	quoted := false
	for i := range len(line) {
		if line[i] == '"' {
			quoted = !quoted
		}
		if !quoted {
			counts[line[i]]++
		}
	}
	best := byte(',')
	for _, c := range []byte{';', '\t', '|'} {
		if counts[c] > counts[best] {
			best = c
		}
	}
	return best
}

func (d *delimited) choose(ctx context.Context, b *batch) error {
	names, err := d.header(ctx)
	if err != nil {
		return err
	}
	d.places = b.choice(names)
	return nil
}

// fill reads one block.
func (d *delimited) fill(ctx context.Context, b *batch) error {
	return d.eachRow(ctx, b, func(text string) bool { return d.row(text, b) })
}

// row takes one row off the text; false asks for the next block, since the row's
// end is not in this one.
func (d *delimited) row(text string, b *batch) bool {
	final := d.final()
	used, result, field := d.scan(text, final)
	switch result {
	case incomplete:
		if len(text) < maxRowBytes {
			return false
		}
		d.skip(text, field, b)
		return false
	case badQuote:
		d.rejectQuote(text, used, field, final, b)
		return true
	case complete:
		d.take(text[:used], b)
	}
	d.advance(text[:used])
	return true
}

// take hands a row of fields over, when it has as many as the header.
func (d *delimited) take(text string, b *batch) {
	if len(d.fields) == len(d.names) && (d.ended(text) || errors.Is(d.readErr, io.EOF)) {
		b.add(d.file, d.line, d.fields, d.places)
		return
	}
	reason, detail := connectors.ReasonRagged, fmt.Sprintf("%d fields; the header has %d", len(d.fields), len(d.names))
	if !d.ended(text) && len(d.fields) <= len(d.names) {
		reason, detail = connectors.ReasonTruncated, "the file ends in mid-row: "+detail
	}
	b.reject(connectors.Reject{File: d.file, Line: d.line, Reason: reason, Detail: detail})
}

func (d *delimited) ended(text string) bool { return strings.HasSuffix(text, "\n") }

// rejectQuote turns a row away for a quote. When the quote may have swallowed
// lines that follow, reading goes on at the next line, so none of them is lost.
func (d *delimited) rejectQuote(text string, used, field int, final bool, b *batch) {
	r := connectors.Reject{File: d.file, Line: d.line, Column: d.nameOf(field), Reason: connectors.ReasonQuote, Detail: "text after a closing quote"}
	if used == len(text) {
		r.Detail = "a quoted field that does not end"
	}
	next := len(text)
	if i := strings.IndexByte(text, '\n'); i >= 0 {
		next = i + 1
	} else if final && used == len(text) {
		r.Reason, r.Detail = connectors.ReasonTruncated, "the file ends inside a quoted field"
	}
	b.reject(r)
	d.advance(text[:next])
}

// skip turns a row away that does not end within maxRowBytes, up to the end of
// its first line.
func (d *delimited) skip(text string, field int, b *batch) {
	r := connectors.Reject{File: d.file, Line: d.line}
	if i := strings.IndexByte(text, '\n'); i >= 0 {
		r.Column, r.Reason, r.Detail = d.nameOf(field), connectors.ReasonQuote, fmt.Sprintf("a quoted field that does not end within %d bytes", maxRowBytes)
		b.reject(r)
		d.advance(text[:i+1])
		return
	}
	r.Reason, r.Detail = connectors.ReasonTooLong, fmt.Sprintf("a row of more than %d bytes", maxRowBytes)
	b.reject(r)
	d.skipLine()
}

func (d *delimited) nameOf(field int) string {
	if field < len(d.names) {
		return d.names[field]
	}
	return ""
}

// result says what scan has found.
type result int

const (
	complete   result = iota
	incomplete        // the row does not end in the text
	blank             // an empty line
	badQuote          // a quote that does not end, or text after one that does
)

// scan splits the row at the start of the text into d.fields. It gives the bytes
// used, and the field at which a quote is wrong or which does not end.
func (d *delimited) scan(text string, final bool) (used int, r result, field int) {
	d.fields = d.fields[:0]
	line, used := text, len(text)
	if i := strings.IndexByte(text, '\n'); i >= 0 {
		line, used = text[:i], i+1
	} else if !final {
		return 0, incomplete, 0
	}
	if strings.IndexByte(line, '"') >= 0 {
		return d.scanQuoted(text, final)
	}
	line = strings.TrimSuffix(line, "\r")
	if line == "" {
		return used, blank, 0
	}
	for {
		i := strings.IndexByte(line, d.delimiter)
		if i < 0 {
			break
		}
		d.fields = append(d.fields, line[:i])
		line = line[i+1:]
	}
	d.fields = append(d.fields, line)
	return used, complete, 0
}

// scanQuoted is scan for a row that has a quote.
func (d *delimited) scanQuoted(text string, final bool) (used int, r result, field int) {
	for at := 0; ; {
		value, next, r := d.field(text[at:], final)
		at += next
		if r != complete {
			return at, r, len(d.fields)
		}
		d.fields = append(d.fields, value)
		switch {
		case at == len(text):
			if !final {
				return at, incomplete, len(d.fields) - 1
			}
			return at, complete, 0
		case text[at] == '\n':
			return at + 1, complete, 0
		}
		at++ // the delimiter
	}
}

// field reads one field and stops at the delimiter, the line's end or the text's.
func (d *delimited) field(text string, final bool) (value string, used int, r result) {
	if text == "" || text[0] != '"' {
		end := strings.IndexByte(text, '\n')
		if end < 0 {
			end = len(text)
		}
		if i := strings.IndexByte(text[:end], d.delimiter); i >= 0 {
			return text[:i], i, complete
		}
		return strings.TrimSuffix(text[:end], "\r"), end, complete
	}
	escaped := false
	at := 1
	for {
		i := strings.IndexByte(text[at:], '"')
		if i < 0 {
			if final {
				return "", len(text), badQuote
			}
			return "", len(text), incomplete
		}
		at += i + 1
		if at == len(text) || text[at] != '"' {
			break
		}
		escaped = true
		at++
	}
	value = text[1 : at-1]
	if escaped {
		value = strings.ReplaceAll(value, `""`, `"`)
	}
	rest := text[at:]
	switch {
	case rest == "" || rest[0] == d.delimiter || rest[0] == '\n':
		return value, at, complete
	case strings.HasPrefix(rest, "\r\n"), rest == "\r":
		return value, at + 1, complete
	}
	return "", at, badQuote
}
