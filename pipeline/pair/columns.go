package pair

import (
	"fmt"
	"path/filepath"
	"strings"
	"unicode"

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

// nothingToCompare refuses files without a column to compare, and says what their
// columns were taken for.
func (o *Outcome) nothingToCompare() error {
	left, right := o.Left.Table.Name, o.Right.Table.Name
	if o.Same() {
		return refuse("no column of %s was recognised as one that describes a person: name them in a specification (--spec); it has %s", left, o.Left.found())
	}
	return refuse("no column of %s holds the same as a column of %s: name them in a specification (--spec); %s has %s; %s has %s",
		left, right, left, o.Left.found(), right, o.Right.found())
}

// shownColumnsMost is how many columns a message tells of.
const shownColumnsMost = 8

// found lists the columns of a side with what they were taken for.
func (s *Side) found() string {
	if looksLikeData(s.Table.names()) { // and would stand in the message
		return "a first line that looks like a record, not like the names of columns"
	}
	var list []string
	for i, g := range s.Guesses {
		if i == shownColumnsMost {
			list = append(list, fmt.Sprintf("and %d more", len(s.Guesses)-i))
			break
		}
		what := Holds(g)
		if g.Kind == recognise.Ignore {
			what = g.Why
		}
		list = append(list, fmt.Sprintf("%s (%s)", g.Column, what))
	}
	return strings.Join(list, ", ")
}

// warnOfFiles warns of files that can be read but are hardly what was meant.
func (o *Outcome) warnOfFiles() {
	warn := func(format string, args ...any) { o.Warnings = append(o.Warnings, fmt.Sprintf(format, args...)) }
	for k, s := range o.sides() {
		name := filepath.Base(s.Table.Name)
		if o.Same() && s.Table.Rows == 1 {
			warn("%s has one record: there is nothing to compare it with", name)
		}
		if problem := s.Table.Headless(); problem != "" {
			warn("%s", problem)
		}
		used := o.used(k)
		for i, c := range s.Table.Columns {
			if rows := s.tooLong[i]; used[c.Name] && rows > 0 {
				warn("%d values of %s in %s have more than %d characters and are not compared", rows, c.Name, name, longestValue)
			}
		}
	}
	if left, right := o.Left.Summary().SHA256, o.Right.Summary().SHA256; !o.Same() && left != "" && left == right {
		warn("both files are the same: dedupe finds who is in it twice")
	}
}

// looksLikeData tells a header of which two columns are numbers or dates, or one a number
// of so many digits as dates, telephones and identity numbers have.
func looksLikeData(names []string) bool {
	const leastDigits = 6
	n := 0
	for _, name := range names {
		if name == "" || strings.IndexFunc(name, func(r rune) bool { return !unicode.IsDigit(r) && !strings.ContainsRune("-/.: +", r) }) >= 0 {
			continue
		}
		n++
		digits := 0
		for _, r := range name {
			if unicode.IsDigit(r) {
				digits++
			}
		}
		if digits >= leastDigits {
			return true
		}
	}
	return n >= 2
}

// Headless says that the first line of the file looks like a record, and what to do; ""
// where it does not.
func (t *Table) Headless() string {
	if !looksLikeData(t.names()) {
		return ""
	}
	return fmt.Sprintf("the first line of %s looks like a record: its values were taken for the names of the columns; put a line with the names before it", filepath.Base(t.Name))
}

// rows counts the rows whose value is so.
func (c Column) rows(is func(string) bool) int {
	so := make([]bool, c.Values.Len())
	some := false
	for code, v := range c.Values.All() {
		so[code] = code > 0 && is(v)
		some = some || so[code]
	}
	n := 0
	if !some {
		return n
	}
	for _, code := range c.Codes {
		if so[code] {
			n++
		}
	}
	return n
}
