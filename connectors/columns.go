package connectors

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// MissingColumnError says that a source lacks a column that the run wants.
type MissingColumnError struct {
	Where   string   // file, sheet or table
	Column  string   // as wanted
	Nearest []string // columns that exist, nearest first; at most three
}

func (e *MissingColumnError) Error() string {
	if len(e.Nearest) == 0 {
		return fmt.Sprintf("%s: no column %q: it has no columns", e.Where, e.Column)
	}
	names := make([]string, len(e.Nearest))
	for i, n := range e.Nearest {
		names[i] = fmt.Sprintf("%q", n)
	}
	return fmt.Sprintf("%s: no column %q; nearest: %s", e.Where, e.Column, strings.Join(names, ", "))
}

// MissingColumnsError is every wanted column that a source lacks, at least one.
type MissingColumnsError []*MissingColumnError

func (e MissingColumnsError) Error() string {
	lines := make([]string, len(e))
	for i, column := range e {
		lines[i] = column.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap gives each of them.
func (e MissingColumnsError) Unwrap() []error {
	errs := make([]error, len(e))
	for i, column := range e {
		errs[i] = column
	}
	return errs
}

// Settle finds each wanted column among those that a source has, see Locate, or
// tells all that are missing. where is the file, sheet or table.
func Settle(where string, wanted, have []string) ([]int, error) {
	places := Locate(wanted, have)
	var missing MissingColumnsError
	for i, place := range places {
		if place < 0 {
			missing = append(missing, Missing(where, wanted[i], have))
		}
	}
	if missing != nil {
		return nil, missing
	}
	return places, nil
}

// Locate finds each wanted column among those that a source has and returns its
// place, or -1. Names are compared as SQL compares them, without regard to case.
func Locate(wanted, have []string) []int {
	places := make([]int, len(wanted))
	for i, w := range wanted {
		places[i] = slices.IndexFunc(have, func(h string) bool { return strings.EqualFold(w, h) })
	}
	return places
}

// Repeated returns the first name that an earlier one equals without regard to
// case: SQL could not tell the two columns apart.
func Repeated(names []string) (string, bool) {
	seen := make(map[string]bool, len(names))
	for _, n := range names {
		folded := strings.ToLower(n)
		if seen[folded] {
			return n, true
		}
		seen[folded] = true
	}
	return "", false
}

// Missing makes the error for a column that a source lacks.
func Missing(where, column string, have []string) *MissingColumnError {
	type candidate struct {
		name     string
		distance int
	}
	candidates := make([]candidate, len(have))
	for i, h := range have {
		candidates[i] = candidate{h, distance(strings.ToLower(column), strings.ToLower(h))}
	}
	slices.SortStableFunc(candidates, func(a, b candidate) int { return cmp.Compare(a.distance, b.distance) })
	e := &MissingColumnError{Where: where, Column: column}
	for _, c := range candidates[:min(3, len(candidates))] {
		e.Nearest = append(e.Nearest, c.name)
	}
	return e
}

// distance is the Levenshtein distance in runes (Wagner and Fischer 1974).
func distance(a, b string) int {
	target := []rune(b)
	row := make([]int, len(target)+1)
	for j := range row {
		row[j] = j
	}
	for i, ra := range []rune(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j, rb := range target {
			substitution := diagonal
			if ra != rb {
				substitution++
			}
			diagonal = row[j+1]
			row[j+1] = min(substitution, row[j]+1, diagonal+1)
		}
	}
	return row[len(target)]
}
