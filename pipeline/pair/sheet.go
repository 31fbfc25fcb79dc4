package pair

import (
	"encoding/csv"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"rollcall/matchers/model"
	"rollcall/matchers/quality"
	"rollcall/pipeline/xlsx"
)

// Columns of a sheet of pairs to be judged, beside those of the records.
const (
	PairColumn   = "pair" // its number
	AnswerColumn = "same_person"
	seedColumn   = "seed"
)

// answers are what a judge may choose.
var answers = []string{"yes", "no", "unsure"}

// Answer is what somebody judged of a pair.
type Answer string

// The answers. The empty one is that there is none yet.
const (
	Open      Answer = ""
	Same      Answer = "same"
	Different Answer = "different"
	Unsure    Answer = "unsure"
)

// ReadAnswer reads an answer as people write it.
func ReadAnswer(text string) (Answer, error) {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "yes", "y", "1", "same":
		return Same, nil
	case "no", "n", "0", "different":
		return Different, nil
	case "unsure", "?", "cannot tell":
		return Unsure, nil
	case "":
		return Open, nil
	}
	return Open, fmt.Errorf("%s is %q; yes, no or unsure is expected", AnswerColumn, text)
}

// Scoring is the scored pairs of a linkage, by stratum.
type Scoring struct {
	Strata  []quality.Stratum
	members [][]int // rows of the pairs, by stratum
	pairs   *Table
	at      map[string]int // columns
	below   float64        // true pairs that are expected among those not accepted
	right   float64        // among those accepted
}

// NewScoring reads the pairs that link or dedupe wrote.
func NewScoring(pairs *Table) (*Scoring, error) {
	s := &Scoring{Strata: quality.NewStrata(quality.Accepted, quality.Below), pairs: pairs, at: map[string]int{}}
	s.members = make([][]int, len(s.Strata))
	for _, name := range []string{"left_id", "right_id", "match_probability", "accepted"} {
		if s.at[name] = pairs.Column(name); s.at[name] < 0 {
			return nil, refuse("%s has no column %s", pairs.Name, name)
		}
	}
	for row := range pairs.Rows {
		p, err := strconv.ParseFloat(s.value(row, "match_probability"), 64)
		if err != nil {
			return nil, refuse("%s, row %d: match_probability is no number", pairs.Name, row+1)
		}
		h := quality.StratumOf(s.Strata, p, s.fate(row))
		of := &s.Strata[h]
		of.Pairs++
		of.Mean += (p - of.Mean) / float64(of.Pairs)
		s.members[h] = append(s.members[h], row)
		if of.Fate == quality.Accepted {
			s.right += p
		} else {
			s.below += p
		}
	}
	return s, nil
}

func (s *Scoring) value(row int, column string) string { return s.pairs.Columns[s.at[column]].At(row) }

func (s *Scoring) fate(row int) quality.Fate {
	if s.value(row, "accepted") == "true" {
		return quality.Accepted
	}
	return quality.Below // what rejected it, if anything did, pairs do not tell
}

// ids of a pair, as they stand in sheets.
func (s *Scoring) ids(row int) [2]string {
	return [2]string{neutral(s.value(row, "left_id")), neutral(s.value(row, "right_id"))}
}

// Sheet is pairs to be judged, both records side by side. It holds personal data,
// and not what the program thinks of the pairs, which would lead the judges.
type Sheet struct {
	Head  []string
	Lines [][]string
	// From and To bound the columns of the records, left and right in turn.
	From, To int
}

// NewSheet makes a sheet without lines: the columns before the records, what of the
// records is shown, one name each for the left and the right, and the columns after.
func NewSheet(before []string, shown [][2]string, after ...string) *Sheet {
	s := &Sheet{Head: slices.Clone(before), From: len(before), To: len(before) + 2*len(shown)}
	for _, names := range shown {
		s.Head = append(s.Head, "left "+names[0], "right "+names[1])
	}
	s.Head = append(s.Head, after...)
	return s
}

// Add adds a line. No value of it becomes a formula in a spreadsheet.
func (s *Sheet) Add(values ...string) {
	for i, v := range values {
		values[i] = neutral(v)
	}
	s.Lines = append(s.Lines, values)
}

// Sample draws pairs to be judged and puts the records beside each other, compared
// columns first, in an order that says nothing.
func (s *Scoring) Sample(left, right *Table, leftID, rightID string, spec model.Specification, count int, seed uint64) (*Sheet, error) {
	shown := make([][2]string, len(spec.Comparisons))
	for i, c := range spec.Comparisons {
		shown[i] = [2]string{c.Left, c.Right}
	}
	sheet := NewSheet([]string{PairColumn, AnswerColumn, "left_id", "right_id"}, shown, seedColumn)
	var chosen []int
	for h, n := range quality.Allocate(s.Strata, count) {
		for _, at := range quality.Draw(len(s.members[h]), n, seed) {
			chosen = append(chosen, s.members[h][at])
		}
	}
	lefts, rights := left.rowsByID(leftID), right.rowsByID(rightID)
	for number, at := range quality.Shuffled(len(chosen), seed) {
		row := chosen[at]
		l, r := s.value(row, "left_id"), s.value(row, "right_id")
		leftRow, ok := lefts[l]
		if !ok {
			return nil, refuse("%s has no record %s any more", left.Name, l)
		}
		rightRow, ok := rights[r]
		if !ok {
			return nil, refuse("%s has no record %s any more", right.Name, r)
		}
		line := []string{strconv.Itoa(number + 1), "", l, r}
		for _, c := range spec.Comparisons {
			a, err := left.written(c.Left)
			if err != nil {
				return nil, err
			}
			b, err := right.written(c.Right)
			if err != nil {
				return nil, err
			}
			line = append(line, a.At(leftRow), b.At(rightRow))
		}
		sheet.Add(append(line, strconv.FormatUint(seed, 10))...)
	}
	return sheet, nil
}

// rowsByID finds rows by their id, or by their number where no column has ids.
func (t *Table) rowsByID(column string) map[string]int {
	out := make(map[string]int, t.Rows)
	at := t.Column(column)
	for row := range t.Rows {
		id := strconv.Itoa(row + 1)
		if at >= 0 {
			id = t.Columns[at].At(row)
		}
		if _, ok := out[id]; !ok {
			out[id] = row
		}
	}
	return out
}

// Write writes the sheet as the file's name says: .xlsx or .csv.
func (s *Sheet) Write(path string) error {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".csv":
		return Replace(path, s.WriteCSV)
	case ".xlsx":
		return Replace(path, s.WriteWorkbook)
	}
	return refuse("%s: a sheet to judge is .xlsx or .csv", path)
}

// WriteCSV writes the sheet as CSV.
func (s *Sheet) WriteCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	if err := out.Write(s.Head); err != nil {
		return err
	}
	return out.WriteAll(s.Lines)
}

// WriteWorkbook writes the sheet as XLSX, with a list to choose the answer from, and
// the values that differ marked. Equal sheets have equal bytes.
func (s *Sheet) WriteWorkbook(w io.Writer) error {
	const name = "pairs"
	book := excelize.NewFile()
	defer book.Close()
	book.SetZipWriter(xlsx.NewZip)
	if err := book.SetSheetName("Sheet1", name); err != nil {
		return fmt.Errorf("name the sheet: %w", err)
	}
	out, err := book.NewStreamWriter(name)
	if err != nil {
		return fmt.Errorf("begin the sheet: %w", err)
	}
	bold, err := book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return fmt.Errorf("style of the head: %w", err)
	}
	differs, err := book.NewStyle(&excelize.Style{Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"FFF2CC"}}})
	if err != nil {
		return fmt.Errorf("style of what differs: %w", err)
	}
	if err := out.SetColWidth(3, len(s.Head), 20); err != nil {
		return fmt.Errorf("width of the columns: %w", err)
	}
	if err := out.SetPanes(&excelize.Panes{Freeze: true, XSplit: 2, YSplit: 1, TopLeftCell: "C2", ActivePane: "bottomRight"}); err != nil {
		return fmt.Errorf("freeze the head: %w", err)
	}
	for i, line := range append([][]string{s.Head}, s.Lines...) {
		cells := make([]any, len(line))
		for c, value := range line {
			style := 0
			switch {
			case i == 0:
				style = bold
			case s.side(c) >= 0 && value != line[s.side(c)]:
				style = differs
			}
			cells[c] = excelize.Cell{Value: value, StyleID: style}
		}
		cell, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			return fmt.Errorf("place of line %d: %w", i+1, err)
		}
		if err := out.SetRow(cell, cells); err != nil {
			return fmt.Errorf("write line %d: %w", i+1, err)
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("end the sheet: %w", err)
	}
	choice := excelize.NewDataValidation(true)
	choice.Sqref = fmt.Sprintf("B2:B%d", len(s.Lines)+1)
	if err := choice.SetDropList(answers); err != nil {
		return fmt.Errorf("list of the answers: %w", err)
	}
	if err := book.AddDataValidation(name, choice); err != nil {
		return fmt.Errorf("list of the answers: %w", err)
	}
	return book.Write(w)
}

// side is the column that has the other record's value, -1 for columns that are
// not a record's.
func (s *Sheet) side(column int) int {
	if column < s.From || column >= s.To {
		return -1
	}
	return (column - s.From) ^ 1 + s.From
}

// Judged is a sheet with its answers.
type Judged struct {
	Strata    []quality.Stratum
	Seed      string
	Judgement quality.Judgement
	Unscored  quality.Interval // true pairs that were never scored, without labels
	Open      int              // pairs without an answer
	same      []int            // rows of the pairs that are one person
}

// Judge holds the answers of a sheet against the scored pairs. recall is what the
// linkage expects of itself.
func (s *Scoring) Judge(sheet *Table, recall [3]float64, unordered bool) (*Judged, error) {
	at := map[string]int{}
	for _, name := range []string{"left_id", "right_id", AnswerColumn} {
		if at[name] = sheet.Column(name); at[name] < 0 {
			return nil, refuse("%s has no column %s", sheet.Name, name)
		}
	}
	rows := make(map[[2]string]int, s.pairs.Rows)
	stratum := make([]int, s.pairs.Rows)
	for h, members := range s.members {
		for _, row := range members {
			ids := s.ids(row)
			rows[ids], stratum[row] = row, h
			if unordered {
				rows[[2]string{ids[1], ids[0]}] = row
			}
		}
	}
	j := &Judged{Strata: append([]quality.Stratum(nil), s.Strata...)}
	if seed := sheet.Column(seedColumn); seed >= 0 && sheet.Rows > 0 {
		j.Seed = sheet.Columns[seed].At(0)
	}
	for line := range sheet.Rows {
		value := func(name string) string { return sheet.Columns[at[name]].At(line) }
		row, ok := rows[[2]string{neutral(strings.TrimPrefix(value("left_id"), "'")), neutral(strings.TrimPrefix(value("right_id"), "'"))}]
		if !ok {
			return nil, refuse("%s, line %d: the linkage has not scored that pair; the sheet is of another run", sheet.Name, line+2)
		}
		of := &j.Strata[stratum[row]]
		answer, err := ReadAnswer(value(AnswerColumn))
		if err != nil {
			return nil, refuse("%s, line %d: %v", sheet.Name, line+2, err)
		}
		switch answer {
		case Same:
			of.Yes++
			j.same = append(j.same, row)
		case Different:
			of.No++
		case Unsure:
			of.Unsure++
		case Open:
			j.Open++
		}
	}
	j.Unscored = quality.Unscored(recall, s.right, s.below)
	j.Judgement = quality.Judge(j.Strata, j.Unscored)
	return j, nil
}

// Refine makes of a specification one whose m has learnt from the pairs that were
// judged to be one person; each counts for the pairs of its stratum.
func (s *Scoring) Refine(spec model.Specification, j *Judged) (model.Specification, error) {
	if spec.Parameters == nil {
		return spec, refuse("the specification has no parameters to refine")
	}
	if len(j.same) == 0 {
		return spec, refuse("no pair was judged to be one person: there is nothing to learn from")
	}
	columns := make([]int, len(spec.Comparisons))
	for i, c := range spec.Comparisons {
		if columns[i] = s.pairs.Column(levelColumn(c.Name)); columns[i] < 0 {
			return spec, refuse("%s has no column %s", s.pairs.Name, levelColumn(c.Name))
		}
	}
	var labels []model.Labelled
	for _, row := range j.same {
		p, err := strconv.ParseFloat(s.value(row, "match_probability"), 64)
		if err != nil {
			return spec, refuse("%s, row %d: match_probability is no number", s.pairs.Name, row+1)
		}
		of := j.Strata[quality.StratumOf(j.Strata, p, s.fate(row))]
		l := model.Labelled{Weight: float64(of.Pairs) / float64(of.Yes+of.No)}
		for i := range spec.Comparisons {
			name, level := s.pairs.Columns[columns[i]].At(row), uint8(model.Missing)
			for k, known := range spec.Parameters.Levels[i] {
				if known.Name == name {
					level = uint8(k)
				}
			}
			l.Levels = append(l.Levels, level)
		}
		labels = append(labels, l)
	}
	refined, err := spec.Parameters.Refine(spec.Comparisons, labels)
	if err != nil {
		return spec, fmt.Errorf("refine: %w", err)
	}
	spec.Parameters = refined
	return spec, nil
}

// Change is what another specification does to the links of a run.
type Change struct {
	Kept, Gained, Lost int
}

// Compare holds the accepted pairs of an outcome against those that were scored.
func (s *Scoring) Compare(o *Outcome) Change {
	before := map[[2]string]bool{}
	for row := range s.pairs.Rows {
		if s.value(row, "accepted") == "true" {
			before[[2]string{s.value(row, "left_id"), s.value(row, "right_id")}] = true
		}
	}
	var c Change
	for _, p := range o.Accepted() {
		if before[[2]string{o.Left.ids.at(p.Left), o.Right.ids.at(p.Right)}] {
			c.Kept++
		} else {
			c.Gained++
		}
	}
	c.Lost = len(before) - c.Kept
	return c
}

// Pairs is how many were scored.
func (s *Scoring) Pairs() int { return s.pairs.Rows }
