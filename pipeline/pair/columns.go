package pair

import (
	"fmt"
	"path/filepath"

	"rollcall/matchers/recognise"
)

// used are the columns of a side, 0 left and 1 right, that are compared.
func (o *Outcome) used(side int) map[string]bool {
	used := map[string]bool{}
	for _, c := range o.Result.Specification.Comparisons {
		name := c.Left
		if side == 1 {
			name = c.Right
		}
		for _, part := range o.sides()[side].Table.parts(name) {
			used[part] = true
		}
	}
	return used
}

// tellColumns writes into the specification what each column was taken for and
// why, and why it was left out.
func (o *Outcome) tellColumns() {
	if o.Given {
		return
	}
	var lines []string
	for k, s := range o.sides() {
		used, file := o.used(k), ""
		if !o.Same() {
			file = filepath.Base(s.Table.Name) + ", "
		}
		for _, g := range s.Guesses {
			lines = append(lines, fmt.Sprintf("%s%s: %s", file, g.Column, o.told(g, used[g.Column])))
		}
	}
	o.Result.Specification.ColumnsWhy = lines
}

// told says of one column what it was taken for, or that it is left out, and why.
func (o *Outcome) told(g recognise.Guess, used bool) string {
	switch {
	case g.Kind == recognise.Key:
		return "the id of the row; " + g.Why
	case used && !g.Compared():
		return "stands in where another column is empty; " + g.Why
	case used:
		return Holds(g) + "; " + g.Why
	case g.Compared() && o.Same():
		return "left out: " + Holds(g) + ", but hardly ever filled"
	case g.Compared():
		return "left out: " + Holds(g) + ", but no column of the other file holds the same"
	}
	if what := Holds(g); what != notRecognised {
		return "left out, " + what + ": " + g.Why
	}
	return "left out: " + g.Why
}
