package review

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"rollcall/jobs/cases"
	"rollcall/pipeline/pair"
)

// ErrFile is a file that is none of ours, or is of no use as it is.
var ErrFile = errors.New("no review file that can be read")

// Sheet is cases that are given out to be decided.
type Sheet struct {
	Job, Title string
	RunID      string // that the evidence is from
	District   string // beginning of area codes, or empty
	Reviewer   string // whom to fill in, or empty
	Site       cases.Site
	Lines      []Line
}

// Line is one case with what its run's lists say of it.
type Line struct {
	Case     cases.Case
	Evidence map[string]string
}

// cells are a line in the order of columns.
func (s Sheet) cells(l Line) []string {
	cell := func(name string) string { return l.Evidence[name] }
	cols := columns()
	shown := map[string]string{}
	for _, c := range cols {
		shown[c.name] = cell(c.name)
		if c.show != nil {
			shown[c.name] = c.show(l.Case)
		}
	}
	version := strconv.Itoa(l.Case.Version)
	shown[caseName], shown[reviewerName], shown[versionName] = l.Case.CaseID, s.Reviewer, version
	shown[checkName] = check(s.Job, l.Case.CaseID, version, func(name string) string { return shown[name] })
	out := make([]string, len(cols))
	for i, c := range cols {
		out[i] = shown[c.name]
	}
	return out
}

// Write writes the sheet as the file's name says: .xlsx or .csv. It holds personal
// data.
func (s Sheet) Write(path string) error {
	write, err := s.Writer(path)
	if err != nil {
		return err
	}
	return pair.Replace(path, write)
}

// Writer is what writes the sheet as a file of that name.
func (s Sheet) Writer(path string) (func(io.Writer) error, error) {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".csv":
		return s.writeCSV, nil
	case ".xlsx":
		return s.writeWorkbook, nil
	}
	return nil, fmt.Errorf("%w: %s: a review file is .xlsx or .csv", ErrFile, path)
}

func (s Sheet) writeCSV(w io.Writer) error {
	rows := [][]string{names()}
	for _, l := range s.Lines {
		rows = append(rows, s.cells(l))
	}
	return writeRows(w, rows)
}

func names() []string {
	var out []string
	for _, c := range columns() {
		out = append(out, c.name)
	}
	return out
}

// byteOrderMark tells spreadsheets that a CSV file is UTF-8.
const byteOrderMark = "\ufeff"

// writeRows writes CSV that spreadsheets open as it is, and in which no text
// becomes a formula.
func writeRows(w io.Writer, rows [][]string) error {
	if _, err := io.WriteString(w, byteOrderMark); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	for _, row := range rows {
		safe := slices.Clone(row)
		for i, text := range safe {
			if text != "" && strings.ContainsRune(dangerous, rune(text[0])) {
				safe[i] = "'" + text
			}
		}
		if err := out.Write(safe); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// dangerous are the beginnings of a text that spreadsheets take for a formula.
const dangerous = "=+-@\t\r"

// WriteRefused writes the refused rows as CSV with what is wrong about each, ready to be
// mended and imported again.
func (f *File) WriteRefused(w io.Writer, results []Result) error {
	of := ofCases()
	if f.Sample {
		of = ofPairs()
	}
	rows := [][]string{append([]string{"row", "why it was refused"}, of.names...)}
	for _, r := range results {
		if r.Outcome != Refused {
			continue
		}
		row := []string{strconv.Itoa(r.Row.Number), r.Says}
		for _, name := range of.names {
			row = append(row, r.Row.cells[name])
		}
		rows = append(rows, row)
	}
	return writeRows(w, rows)
}
