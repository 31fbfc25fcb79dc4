package pair

import (
	"fmt"
	"math"
	"slices"

	"rollcall/matchers"
	"rollcall/matchers/kernel"
	"rollcall/matchers/model"
)

// Explanation is why two records are thought to be one person, or not.
type Explanation struct {
	Steps []Step
	// HouseholdBits is taken off where people of one household explain the
	// agreement as well; 0 or less.
	HouseholdBits float64
	WeightBits    float64 // sum of the steps and HouseholdBits
	PriorBits     float64 // of any two records, before they are compared
	Probability   float64 // of this pair by itself, without its rivals
}

// Step is one comparison of two records.
type Step struct {
	Comparison  string
	Left, Right string // as written
	Level       string // "missing" without a value on either side
	Bits        float64
	Within      bool // judged within another comparison
}

// Explain compares one row of either table by a trained specification. In one
// file both tables are the same.
func Explain(left, right *Table, leftRow, rightRow int, spec model.Specification) (*Explanation, error) {
	if spec.Parameters == nil {
		return nil, fmt.Errorf("explain: the specification has no parameters")
	}
	o := &Outcome{Left: &Side{Table: left}, Right: &Side{Table: right}}
	if left == right {
		o.Right = o.Left
	}
	if err := o.encode(spec.Comparisons); err != nil {
		return nil, err
	}
	rightInput := kernelInput(o.Right.File)
	if o.Same() {
		rightInput = nil
	}
	// The whole files are encoded, since a value's level depends on how common it is.
	table, _, err := kernel.Encode(spec.Comparisons, kernelInput(o.Left.File), rightInput, true, 1)
	if err != nil {
		return nil, fmt.Errorf("explain: %w", err)
	}
	levels := make([]uint8, len(spec.Comparisons))
	table.Levels(int32(leftRow), int32(rightRow), levels)
	return explainLevels(left, right, leftRow, rightRow, spec, levels)
}

func explainLevels(left, right *Table, leftRow, rightRow int, spec model.Specification, levels []uint8) (*Explanation, error) {
	e := &Explanation{}
	sum := 0.0
	for i, c := range spec.Comparisons {
		l, err := left.written(c.Left)
		if err != nil {
			return nil, err
		}
		r, err := right.written(c.Right)
		if err != nil {
			return nil, err
		}
		s := Step{Comparison: c.Name, Left: l.At(leftRow), Right: r.At(rightRow), Level: levelName(spec.Parameters, i, levels[i]), Within: len(spec.Parameters.Levels[i]) == 0}
		if levels[i] != model.Missing {
			s.Bits = spec.Parameters.Levels[i][levels[i]].Bits
		}
		sum += s.Bits
		e.Steps = append(e.Steps, s)
	}
	ladders, err := model.Ladders(spec.Comparisons)
	if err != nil {
		return nil, fmt.Errorf("explain: %w", err)
	}
	scorer := model.NewScorer(spec.Parameters, ladders)
	odds := scorer.LogOdds(levels)
	e.WeightBits = scorer.WeightBits(odds)
	e.HouseholdBits = e.WeightBits - sum
	e.PriorBits = odds/math.Ln2 - e.WeightBits
	e.Probability = model.Probability(odds)
	return e, nil
}

// kernelInput gives the columns in the order of the comparisons, as encode made
// them.
func kernelInput(f *matchers.File) *kernel.Input {
	in := &kernel.Input{Rows: len(f.IDs)}
	for _, c := range f.Columns {
		in.Columns = append(in.Columns, kernel.Column{Codes: c.Codes, Values: c.Values})
	}
	return in
}

// Row finds a row by the value of its id column; with an empty column, by its
// number from 1. It is -1 when there is none.
func (t *Table) Row(idColumn, id string) int {
	at := t.Column(idColumn)
	if at < 0 {
		var row int
		if _, err := fmt.Sscanf(id, "%d", &row); err != nil || row < 1 || row > t.Rows {
			return -1
		}
		return row - 1
	}
	c := t.Columns[at]
	code := slices.Index(c.Values, id)
	if code < 1 {
		return -1
	}
	return slices.Index(c.Codes, uint32(code))
}
