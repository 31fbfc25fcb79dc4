package config

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"rollcall/matchers/locale"
)

// areaHeader is what an area tree's file begins with, and laterHeader what may
// follow, in this order: from when to when a code held, the codes of the areas that
// took its place, and further names, with ; between them.
var (
	areaHeader  = []string{"area_code", "parent_code", "level", "name"}
	laterHeader = []string{"valid_from", "valid_to", "successors", "other_names"}
)

// The columns of an area tree.
const (
	areaCode = iota
	areaParent
	areaLevel
	areaName
	areaFrom
	areaTo
	areaSuccessors
	areaOthers
)

// areas reads the area tree of the job.
func (b *builder) areas(n *node) {
	if n == nil || n.form != scalar {
		return
	}
	if data, ok := b.named(n, b.below(n.text)); ok {
		b.job.Areas = readAreas(data, n.text, b.errs)
	}
}

// LoadAreas reads an area tree. An error of the type *Errors tells every mistake.
func LoadAreas(path string) ([]locale.Area, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the area tree: %w", err)
	}
	var errs Errors
	areas := readAreas(data, path, &errs)
	return areas, errs.orNil(path)
}

// readAreas reads an area tree's file: each code stands once, and a parent or
// successor that is named is there.
func readAreas(data []byte, file string, errs *Errors) []locale.Area {
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	header, err := r.Read()
	full := slices.Concat(areaHeader, laterHeader)
	if err != nil || len(header) < len(areaHeader) || len(header) > len(full) || !slices.Equal(header, full[:len(header)]) {
		tellField(errs, file, r, 0, "the header of an area tree is "+strings.Join(areaHeader, ",")+", and may go on with "+strings.Join(laterHeader, ","))
		return nil
	}
	told := len(*errs)
	tree := areaTree{errs: errs, file: file, reader: r, known: map[string]bool{}, named: map[string]*Error{}}
	for tree.row() {
	}
	tree.tellLost()
	for _, e := range (*errs)[told:] {
		e.show(data)
	}
	return tree.areas
}

// areaTree is an area tree's file being read.
type areaTree struct {
	errs   *Errors
	file   string
	reader *csv.Reader
	areas  []locale.Area
	known  map[string]bool   // codes
	named  map[string]*Error // what to say of codes that are named, should they not be there
}

// row reads a row; it tells whether there may be another.
func (t *areaTree) row() bool {
	row, err := t.reader.Read()
	if errors.Is(err, io.EOF) {
		return false
	}
	var perr *csv.ParseError
	if errors.As(err, &perr) {
		*t.errs = append(*t.errs, &Error{File: t.file, Line: perr.Line, Column: max(perr.Column, 1), Message: perr.Err.Error()})
		return false
	}
	a := locale.Area{Code: row[areaCode], Parent: row[areaParent], Level: row[areaLevel], Name: row[areaName]}
	if t.known[a.Code] {
		tellField(t.errs, t.file, t.reader, areaCode, fmt.Sprintf("the area %q stands here a second time", a.Code))
		return false
	}
	t.known[a.Code] = true
	t.name(areaParent, "parent", a.Parent)
	if len(row) > areaFrom {
		a.From = t.day(areaFrom, row)
	}
	if len(row) > areaTo {
		a.To = t.day(areaTo, row)
	}
	if len(row) > areaSuccessors {
		a.Successors = strings.FieldsFunc(row[areaSuccessors], func(r rune) bool { return r == ';' || r == ' ' })
	}
	if len(row) > areaOthers {
		a.Others = strings.FieldsFunc(row[areaOthers], func(r rune) bool { return r == ';' })
	}
	for _, code := range a.Successors {
		t.name(areaSuccessors, "successor", code)
	}
	t.areas = append(t.areas, a)
	return true
}

// name notes where a code is named first.
func (t *areaTree) name(column int, what, code string) {
	if code == "" || t.named[code] != nil {
		return
	}
	line, at := t.reader.FieldPos(column)
	t.named[code] = &Error{File: t.file, Line: line, Column: at, Width: utf8.RuneCountInString(code), Message: fmt.Sprintf("the %s %q is no area_code of this file", what, code)}
}

// day is a column that holds a day or nothing.
func (t *areaTree) day(column int, row []string) string {
	if _, err := time.Parse(time.DateOnly, row[column]); err != nil && row[column] != "" {
		tellField(t.errs, t.file, t.reader, column, fmt.Sprintf("%s is %q; a day of the calendar as YYYY-MM-DD is expected", laterHeader[column-areaFrom], row[column]))
		return ""
	}
	return row[column]
}

// tellLost says of codes that are named and not there where the first one stands.
func (t *areaTree) tellLost() {
	var first *Error
	for code, e := range t.named {
		if !t.known[code] && (first == nil || e.Line < first.Line || e.Line == first.Line && e.Column < first.Column) {
			first = e
		}
	}
	if first != nil {
		*t.errs = append(*t.errs, first)
	}
}
