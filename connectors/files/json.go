package files

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"rollcall/connectors"
)

// objects reads JSON objects: one a line (NDJSON), or the elements of one array.
// Numbers stay as they are written; an object or array inside one is its compact
// JSON text.
type objects struct {
	block
	array   bool
	began   bool           // the array
	ended   bool           // the array
	failure error          // that ends the file
	places  map[string]int // of keys, quoted as they stand; missing when not wanted
	columns []string
	fields  []string
	row     []int // as batch.add takes them
}

// element is where a value stands in a text.
type element struct {
	start, end int // of the value
	used       int // bytes up to the next one
	result     result
}

func openNDJSON(s *source, o *opened) (rows, error) { return openObjects(s, o, false) }

func openJSON(s *source, o *opened) (rows, error) { return openObjects(s, o, true) }

func openObjects(s *source, o *opened, array bool) (rows, error) {
	text, err := newBlock(s, o)
	if err != nil {
		return nil, err
	}
	return &objects{block: text, array: array, places: map[string]int{}}, nil
}

// header reads the whole file for its keys, and sorts them since the order of
// objects is to mean nothing.
func (j *objects) header(ctx context.Context) ([]string, error) {
	b := newBatch(nil, connectors.Query{MaxFieldBytes: maxRowBytes}, nil)
	for {
		b.reset()
		err := j.fill(ctx, b)
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	return b.keys(), nil
}

func (j *objects) choose(_ context.Context, b *batch) error {
	j.columns = b.names
	j.fields = make([]string, len(b.names))
	j.row = make([]int, len(b.names))
	return nil
}

// fill reads one block.
func (j *objects) fill(ctx context.Context, b *batch) error {
	end := j.eachRow(ctx, b, func(text string) bool { return j.take(text, b) })
	switch {
	case j.failure != nil:
		return j.failure
	case !errors.Is(end, io.EOF):
		return end
	case j.bytes == 0:
		return errors.New("the file is empty")
	case j.array && !j.began:
		return errNoArray
	case j.array && !j.ended:
		return io.ErrUnexpectedEOF
	}
	return end
}

var errNoArray = errors.New("the file does not begin with [: of one object a line, set format: ndjson")

// take takes one value off the text, or reports that its end is not yet there.
func (j *objects) take(text string, b *batch) bool {
	next := j.nextLine
	if j.array {
		next = j.nextInArray
	}
	switch e := next(text); e.result {
	case incomplete:
		j.unended(text, e.start, b)
		return false
	case complete:
		j.advance(text[:e.start])
		j.object(text[e.start:e.end], b)
		j.advance(text[e.start:e.used])
	case blank:
		j.advance(text[:e.used])
	}
	return true
}

// unended deals with a value whose end is not in the text.
func (j *objects) unended(text string, start int, b *batch) {
	switch {
	case j.failure != nil:
	case len(text) >= maxRowBytes && j.array:
		j.failure = fmt.Errorf("line %d: an object of more than %d bytes", j.line, maxRowBytes)
	case len(text) >= maxRowBytes:
		b.reject(connectors.Reject{File: j.file, Line: j.line, Reason: connectors.ReasonTooLong, Detail: fmt.Sprintf("an object of more than %d bytes", maxRowBytes)})
		j.skipLine()
	case j.final():
		j.advance(text[:start])
		b.reject(connectors.Reject{File: j.file, Line: j.line, Reason: connectors.ReasonTruncated, Detail: "the file ends inside a value"})
		j.advance(text[start:])
	}
}

// nextLine finds the value on the first line.
func (j *objects) nextLine(text string) element {
	line, used := text, len(text)
	if i := strings.IndexByte(text, '\n'); i >= 0 {
		line, used = text[:i], i+1
	} else if !j.final() {
		return element{result: incomplete}
	}
	start := len(line) - len(strings.TrimLeft(line, jsonSpace))
	if start == len(line) {
		return element{used: used, result: blank}
	}
	if used == len(line) && !errors.Is(j.readErr, io.EOF) {
		return element{start: start, result: incomplete}
	}
	return element{start: start, end: len(strings.TrimRight(line, jsonSpace)), used: used}
}

const jsonSpace = " \t\r\n"

// nextInArray finds the next element of the array.
func (j *objects) nextInArray(text string) element {
	start := len(text) - len(strings.TrimLeft(text, jsonSpace+","))
	switch {
	case start == len(text):
		return element{used: start, result: blank}
	case !j.began && text[start] == '[':
		j.began = true
		return element{used: start + 1, result: blank}
	case !j.began:
		j.failure = errNoArray
		return element{start: start, result: incomplete}
	case text[start] == ']':
		j.ended = true
		return element{used: start + 1, result: blank}
	}
	length := valueLength(text[start:])
	if length == 0 || start+length == len(text) && !strings.ContainsRune(`}]"`, rune(text[len(text)-1])) {
		return element{start: start, result: incomplete}
	}
	return element{start: start, end: start + length, used: start + length}
}

// valueLength finds the end of a JSON value by its brackets and quotes, which
// holds for a value that is otherwise wrong, too; 0 when it is not in the text.
func valueLength(text string) int {
	depth, quoted := 0, false
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case quoted && c == '\\':
			i++
		case quoted && c == '"':
			quoted = false
			if depth == 0 {
				return i + 1
			}
		case quoted:
		case c == '"':
			quoted = true
		case c == '{' || c == '[':
			depth++
		case (c == '}' || c == ']') && depth > 0:
			if depth--; depth == 0 {
				return i + 1
			}
		case depth == 0 && (c == ',' || c == ']' || strings.IndexByte(jsonSpace, c) >= 0):
			return i
		}
	}
	if depth > 0 || quoted {
		return 0
	}
	return len(text)
}

// object takes the values of one object.
func (j *objects) object(text string, b *batch) {
	reject := func(column, reason, detail string) {
		b.reject(connectors.Reject{File: j.file, Line: j.line, Column: column, Reason: reason, Detail: detail})
	}
	switch {
	case j.ended:
		reject("", connectors.ReasonShape, "a value outside the array")
		return
	case b.suspect && strings.IndexByte(text, 0) >= 0:
		reject("", connectors.ReasonNUL, "a NUL byte in the object")
		return
	case b.suspect && j.charset.broken(text):
		reject("", connectors.ReasonEncoding, "bytes that the file's character set does not have")
		return
	case !json.Valid([]byte(text)):
		reject("", connectors.ReasonShape, "not valid JSON")
		return
	case text[0] != '{':
		reject("", connectors.ReasonShape, "a JSON value that is no object")
		return
	}
	for c := range j.row {
		j.row[c] = missing
	}
	repeated := ""
	eachMember(text, func(key, value string) {
		place := j.place(key, b)
		if place == missing || value == "null" {
			return
		}
		if j.row[place] != missing {
			repeated = b.names[place]
		}
		j.row[place], j.fields[place] = place, jsonText(value)
	})
	if repeated != "" {
		reject(repeated, connectors.ReasonShape, "the key stands twice in the object")
		return
	}
	suspect := b.suspect
	b.suspect = b.suspect || strings.Contains(text, `\u`)
	b.add(j.file, j.line, j.fields, j.row)
	b.suspect = suspect
}

// place finds the column of a key.
func (j *objects) place(key string, b *batch) int {
	if place, ok := j.places[key]; ok {
		return place
	}
	name := unquote(key)
	place := slices.IndexFunc(j.columns, func(c string) bool { return strings.EqualFold(c, name) })
	if place != missing {
		b.seen[place] = true
	} else if len(b.other) < maxKeys {
		b.other[name] = true
	}
	if len(j.places) < maxKeys {
		j.places[strings.Clone(key)] = place
	}
	return place
}

// maxKeys bounds the keys that are remembered, for objects that use keys as data.
const maxKeys = 10_000

// eachMember visits the members of an object that is valid JSON.
func eachMember(text string, visit func(key, value string)) {
	at := 1
	for {
		at += len(text[at:]) - len(strings.TrimLeft(text[at:], jsonSpace+","))
		if text[at] == '}' {
			return
		}
		length := valueLength(text[at:])
		key := text[at : at+length]
		at += length
		at += strings.IndexByte(text[at:], ':') + 1
		at += len(text[at:]) - len(strings.TrimLeft(text[at:], jsonSpace))
		length = memberLength(text[at:])
		visit(key, text[at:at+length])
		at += length
	}
}

// memberLength is valueLength for a value that an object's end may follow.
func memberLength(text string) int {
	switch text[0] {
	case '{', '[', '"':
		return valueLength(text)
	}
	return strings.IndexAny(text, ",}"+jsonSpace)
}

// jsonText is a value as text: strings without their quotes.
func jsonText(value string) string {
	switch value[0] {
	case '"':
		return unquote(value)
	case '{', '[':
		var compact bytes.Buffer
		if err := json.Compact(&compact, []byte(value)); err == nil {
			return compact.String()
		}
	}
	return value
}

// unquote reads a valid JSON string. Half a surrogate pair, which stands for no
// character, becomes a byte that UTF-8 does not have, so that the row is turned
// away rather than changed.
func unquote(quoted string) string {
	s := quoted[1 : len(quoted)-1]
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			out = append(out, s[i])
			continue
		}
		i++
		if s[i] != 'u' {
			out = append(out, unescaped(s[i]))
			continue
		}
		r := hexRune(s[i+1:])
		i += 4
		if utf16.IsSurrogate(r) {
			low := utf8.RuneError
			if strings.HasPrefix(s[i+1:], `\u`) {
				low = utf16.DecodeRune(r, hexRune(s[i+3:]))
			}
			if low == utf8.RuneError {
				out = append(out, 0xFF)
				continue
			}
			r = low
			i += 6
		}
		out = utf8.AppendRune(out, r)
	}
	return string(out)
}

func unescaped(c byte) byte {
	if i := strings.IndexByte("bfnrt", c); i >= 0 {
		return "\b\f\n\r\t"[i]
	}
	return c
}

func hexRune(s string) rune {
	r, err := strconv.ParseUint(s[:4], 16, 32)
	if err != nil {
		return utf8.RuneError
	}
	return rune(r)
}
