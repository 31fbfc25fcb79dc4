package matchers

import (
	"fmt"

	"rollcall/matchers/dictionary"
	"rollcall/matchers/kernel"
	"rollcall/matchers/model"
)

// Explain says why two records have the probability that they have, comparison
// by comparison. left and right are their values in the order of the
// comparisons, "" where missing. frequency is the share of all records of both
// files that have a comparison's value (0 to 1), which tells a common name from
// a rare one; without it every agreement counts as one on a very common value, but
// for that on an identity number, which counts as somebody's own.
// Where a pair's levels are at hand, model.Explain tells the same from those.
func Explain(spec model.Specification, left, right []string, frequency func(comparison int, value string) float64) (*model.Explanation, error) {
	levels, err := Compare(spec, left, right, frequency)
	if err != nil {
		return nil, err
	}
	return model.Explain(spec, levels)
}

// Compare is the levels of two records under a trained specification; see
// Explain.
func Compare(spec model.Specification, left, right []string, frequency func(comparison int, value string) float64) ([]uint8, error) {
	width := len(spec.Comparisons)
	if len(left) != width || len(right) != width {
		return nil, fmt.Errorf("%d and %d values for %d comparisons", len(left), len(right), width)
	}
	alone := single(left)
	if spec.Frozen != nil {
		for _, c := range spec.Comparisons {
			alone.Frozen = append(alone.Frozen, spec.Frozen.Comparison(c.Name))
		}
	}
	table, _, err := kernel.Encode(spec.Comparisons, alone, single(right), true, 1)
	if err != nil {
		return nil, err
	}
	if frequency == nil {
		frequency = func(comparison int, _ string) float64 {
			if spec.Comparisons[comparison].Kind == model.Identifier {
				return 0
			}
			return 1
		}
	}
	table.Reband(frequency)
	levels := make([]uint8, width)
	table.Levels(0, 0, levels)
	if spec.Parameters != nil {
		table.MarkMissing(spec.Parameters, 0, 0, levels)
	}
	return levels, nil
}

// single is a file of one record.
func single(values []string) *kernel.Input {
	in := &kernel.Input{Rows: 1}
	for _, v := range values {
		known := dictionary.New()
		in.Columns = append(in.Columns, kernel.Column{Codes: []uint32{known.Code(v)}, Values: known.Values()})
	}
	return in
}
