package files

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// charset turns bytes into UTF-8. The zero value is UTF-8 itself, whose bytes
// pass unchanged so that broken ones can be told.
type charset struct {
	encoding encoding.Encoding
	// control is true where the bytes 0x80 to 0x9F that stand for nothing come out
	// as control characters, as the decoders of Windows code pages do.
	control bool
}

// findCharset looks a character set up by its IANA name.
func findCharset(name string) (charset, error) {
	if name == "" {
		return charset{}, nil
	}
	e, err := ianaindex.IANA.Encoding(name)
	if err != nil || e == nil {
		return charset{}, wrong("encoding", "unknown character set %q; known are utf-8, utf-16le, utf-16be, windows-1250 to windows-1258, iso-8859-1 to iso-8859-16 and others of the IANA list", name)
	}
	if e == unicode.UTF8 {
		return charset{}, nil
	}
	canonical, err := ianaindex.IANA.Name(e)
	if err != nil {
		return charset{}, wrong("encoding", "unknown character set %q", name)
	}
	if i := slices.IndexFunc([]string{"UTF-16LE", "UTF-16BE", "UTF-16"}, func(n string) bool { return n == canonical }); i >= 0 {
		order := unicode.LittleEndian
		if canonical != "UTF-16LE" {
			order = unicode.BigEndian
		}
		return charset{encoding: unicode.UTF16(order, unicode.IgnoreBOM)}, nil
	}
	return charset{encoding: e, control: strings.HasPrefix(strings.ToLower(canonical), "windows-") && isCharmap(e)}, nil
}

func isCharmap(e encoding.Encoding) bool {
	_, ok := e.(*charmap.Charmap)
	return ok
}

// byteOrderMarks are the openings of a file that say its character set.
var byteOrderMarks = []struct {
	mark    []byte
	charset charset
}{
	{[]byte("\xEF\xBB\xBF"), charset{}},
	{[]byte("\xFF\xFE"), charset{encoding: unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)}},
	{[]byte("\xFE\xFF"), charset{encoding: unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)}},
}

// decode gives the text of a file in UTF-8 and the character set that it had.
func decode(in io.Reader, declared charset) (io.Reader, charset, error) {
	head := make([]byte, 3)
	n, err := io.ReadFull(in, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, declared, err
	}
	head = head[:n]
	used := declared
	for _, bom := range byteOrderMarks {
		if bytes.HasPrefix(head, bom.mark) {
			head, used = head[len(bom.mark):], bom.charset
			break
		}
	}
	// An error at the very start, such as of a truncated archive, comes again
	// when the rest is read.
	text := io.MultiReader(bytes.NewReader(head), in)
	if used.encoding == nil {
		return text, used, nil
	}
	return transform.NewReader(text, used.encoding.NewDecoder()), used, nil
}

// broken reports text that came from bytes that the character set does not have.
func (c charset) broken(s string) bool {
	if c.encoding == nil {
		return !utf8.ValidString(s)
	}
	if strings.ContainsRune(s, utf8.RuneError) {
		return true
	}
	return c.control && strings.ContainsFunc(s, func(r rune) bool { return r >= 0x80 && r <= 0x9F })
}
