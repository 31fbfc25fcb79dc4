package config

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// Error is one mistake in a configuration file, with its place.
type Error struct {
	File    string // as it was named, or relative to the job file
	Line    int    // 1-based; 0 when the file as a whole is meant
	Column  int    // 1-based, in characters
	Width   int    // characters under the caret
	Message string
	excerpt string // the line of the file; empty when there is none, or when it holds a secret
}

// Error gives file:line:column and the message, then the line of the file with
// a caret under what is meant.
func (e *Error) Error() string {
	if e.Line == 0 {
		return e.File + ": " + e.Message
	}
	head := fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Message)
	if strings.TrimSpace(e.excerpt) == "" {
		return head
	}
	number := strconv.Itoa(e.Line)
	margin := strings.Repeat(" ", len(number))
	return fmt.Sprintf("%s\n  %s | %s\n  %s | %s", head, number, e.excerpt, margin, e.caret())
}

// show gives a mistake in a file its line, and its column in characters instead of bytes.
func (e *Error) show(data []byte) {
	lines := strings.Split(string(bytes.TrimPrefix(data, []byte("\ufeff"))), "\n")
	if e.Line < 1 || e.Line > len(lines) {
		return
	}
	e.excerpt = strings.TrimSuffix(lines[e.Line-1], "\r")
	e.Column = 1 + utf8.RuneCountInString(e.excerpt[:min(e.Column-1, len(e.excerpt))])
}

// caret underlines Width characters from Column on. A tab stays a tab and a wide
// character takes two cells, so that the line below fits the line above.
func (e *Error) caret() string {
	var b strings.Builder
	column, marks := 1, 0
	for _, r := range e.excerpt {
		mark := column >= e.Column && column < e.Column+max(e.Width, 1)
		switch {
		case mark:
			b.WriteString(strings.Repeat("^", cells(r)))
			marks++
		case column >= e.Column:
			return b.String()
		case r == '\t':
			b.WriteByte('\t')
		default:
			b.WriteString(strings.Repeat(" ", cells(r)))
		}
		column++
	}
	if marks == 0 { // behind the end of the line
		b.WriteString(strings.Repeat(" ", max(e.Column-column, 0)) + "^")
	}
	return b.String()
}

// cells is the width of a character on a terminal.
func cells(r rune) int {
	if unicode.Is(unicode.Mn, r) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// Errors is every mistake that was found, in the order of files and lines. As an
// error it is a *Errors.
type Errors []*Error

// maxShown bounds what Error prints; the rest is counted.
const maxShown = 100

// Error prints the mistakes one below the other.
func (e *Errors) Error() string {
	parts := make([]string, 0, len(*e))
	for i, one := range *e {
		if i == maxShown {
			parts = append(parts, fmt.Sprintf("and %d more", len(*e)-maxShown))
			break
		}
		parts = append(parts, one.Error())
	}
	return strings.Join(parts, "\n")
}

// Unwrap gives the single mistakes.
func (e *Errors) Unwrap() []error {
	list := make([]error, len(*e))
	for i, one := range *e {
		list[i] = one
	}
	return list
}

// orNil sorts the mistakes, those of the main file first, and drops repeated
// ones; none is no error.
func (e Errors) orNil(main string) error {
	if len(e) == 0 {
		return nil
	}
	slices.SortStableFunc(e, func(a, b *Error) int {
		if a.File != b.File && a.File == main {
			return -1
		}
		if a.File != b.File && b.File == main {
			return 1
		}
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	e = slices.CompactFunc(e, func(a, b *Error) bool {
		return a.File == b.File && a.Line == b.Line && a.Column == b.Column && a.Message == b.Message
	})
	return &e
}
