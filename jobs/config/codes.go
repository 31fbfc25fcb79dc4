package config

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"rollcall/pipeline/mapping"
)

// codes reads the code directories: each must lie beside the job or its data,
// and hold codes that can be used.
func (b *builder) codes() {
	for _, e := range b.root.fieldsOf("codes") {
		if e.value.form != scalar {
			continue
		}
		if err := checkName(e.name); err != nil {
			e.value.failAtName("%q is no name for a code directory; %s", e.name, err)
		}
		file := b.below(e.value.text)
		data, ok := b.named(e.value, file)
		if !ok {
			continue
		}
		b.job.Mapping.Directories = append(b.job.Mapping.Directories, mapping.Directory{Name: e.name, File: file})
		b.checkDirectory(e.value.text, data)
	}
}

// codeNames lists the declared directories, also those whose file is missing; it
// is never nil, so that code() is known.
func (b *builder) codeNames() []string {
	names := []string{}
	for _, e := range b.root.fieldsOf("codes") {
		names = append(names, e.name)
	}
	return names
}

// named reads a file that the job names, from below its folder or its data.
func (b *builder) named(n *node, file string) ([]byte, bool) {
	if !within(b.job.folder, file) && !within(b.job.DataFolder, file) {
		n.fail("%s: %q lies neither below the job file's folder nor below the data folder", n.label(), n.text)
		return nil, false
	}
	data, err := os.ReadFile(file)
	if err != nil {
		var perr *os.PathError
		if errors.As(err, &perr) {
			err = perr.Err
		}
		n.fail("%s: the file %q cannot be read: %v", n.label(), n.text, err)
		return nil, false
	}
	relative, err := filepath.Rel(b.job.folder, file)
	if err != nil {
		relative = filepath.Base(file)
	}
	b.files[filepath.ToSlash(relative)] = data
	return data, true
}

func within(folder, file string) bool {
	relative, err := filepath.Rel(folder, file)
	return err == nil && filepath.IsLocal(relative)
}

// maxCodeErrors bounds what is told about one directory: a wrong date format
// would be told on every line.
const maxCodeErrors = 3

// checkDirectory looks at the header and at every line.
func (b *builder) checkDirectory(name string, data []byte) {
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	header, err := r.Read()
	if err != nil {
		b.tellCode(name, r, 0, "the code directory is empty; its header is source_code,canonical_code,valid_from,valid_to")
		return
	}
	column := map[string]int{}
	for i, h := range header {
		column[h] = i
	}
	for _, needed := range []string{"source_code", "canonical_code"} {
		if _, ok := column[needed]; !ok {
			b.tellCode(name, r, 0, "the code directory has no column "+needed+didYouMean(needed, header)+"; its header is source_code,canonical_code,valid_from,valid_to")
			return
		}
	}
	for told := 0; told < maxCodeErrors; {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			var perr *csv.ParseError
			if errors.As(err, &perr) {
				*b.errs = append(*b.errs, &Error{File: name, Line: perr.Line, Column: max(perr.Column, 1), Message: perr.Err.Error()})
			}
			return
		}
		for _, dated := range []string{"valid_from", "valid_to"} {
			i, ok := column[dated]
			if !ok || strings.TrimSpace(record[i]) == "" {
				continue
			}
			if _, err := time.Parse(time.DateOnly, strings.TrimSpace(record[i])); err != nil {
				b.tellCode(name, r, i, fmt.Sprintf("%s is %q; a day of the calendar as YYYY-MM-DD is expected", dated, record[i]))
				told++
			}
		}
	}
}

func (b *builder) tellCode(name string, r *csv.Reader, field int, message string) {
	tellField(b.errs, name, r, field, message)
}

// tellField tells what is wrong with a field of the row that was read last.
func tellField(errs *Errors, name string, r *csv.Reader, field int, message string) {
	e := &Error{File: name, Line: 1, Column: 1, Message: message}
	if r.InputOffset() > 0 {
		e.Line, e.Column = r.FieldPos(field)
	}
	*errs = append(*errs, e)
}
