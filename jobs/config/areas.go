package config

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"

	"rollcall/pipeline/report"
)

// areaHeader is what an area tree's file begins with.
var areaHeader = []string{"area_code", "parent_code", "level", "name"}

// areas reads the area tree: each code stands once, and a parent that is named
// is there.
func (b *builder) areas(n *node) {
	if n == nil || n.form != scalar {
		return
	}
	data, ok := b.named(n, b.below(n.text))
	if !ok {
		return
	}
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	header, err := r.Read()
	if err != nil || !slices.Equal(header, areaHeader) {
		b.tellCode(n.text, r, 0, "the header of an area tree is area_code,parent_code,level,name")
		return
	}
	type place struct{ line, column int }
	at, parents := map[string]bool{}, map[string]place{}
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		var perr *csv.ParseError
		if errors.As(err, &perr) {
			*b.errs = append(*b.errs, &Error{File: n.text, Line: perr.Line, Column: max(perr.Column, 1), Message: perr.Err.Error()})
			return
		}
		a := report.Area{Code: row[0], Parent: row[1], Level: row[2], Name: row[3]}
		if at[a.Code] {
			b.tellCode(n.text, r, 0, fmt.Sprintf("the area %q stands here a second time", a.Code))
			return
		}
		at[a.Code] = true
		if _, ok := parents[a.Parent]; !ok && a.Parent != "" {
			line, column := r.FieldPos(1)
			parents[a.Parent] = place{line, column}
		}
		b.job.Areas = append(b.job.Areas, a)
	}
	var lost *Error
	for parent, p := range parents {
		if !at[parent] && (lost == nil || p.line < lost.Line) {
			lost = &Error{File: n.text, Line: p.line, Column: p.column, Message: fmt.Sprintf("the parent %q is no area_code of this file", parent)}
		}
	}
	if lost != nil {
		*b.errs = append(*b.errs, lost)
	}
}
