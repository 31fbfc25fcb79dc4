package profile

import (
	"fmt"
	"io"
	"strings"
)

// shownFindings is how many findings the text has; the page has all.
const shownFindings = 30

// Print writes a report as text; with values, the commonest ones of each column,
// which are personal data.
func (r *Report) Print(w io.Writer, values bool) {
	fmt.Fprintf(w, "%s: %d rows, %d columns\n", r.Name, r.Rows, len(r.Columns))
	if len(r.Rejects) > 0 {
		fmt.Fprintf(w, "rows could not be read: %s\n", strings.Join(r.Rejects, ", "))
	}
	const line = "%-24s %7s %9s %7s %7s %9s  %-30s %s\n"
	fmt.Fprintf(w, "\n"+line, "column", "filled", "distinct", "top", "top 10", "length", "patterns", "holds")
	for _, c := range r.Columns {
		fmt.Fprintf(w, line, clip(c.Name, 24), percent(c.Filled, r.Rows), fmt.Sprint(c.Distinct), percent(c.Top, c.Filled), percent(c.Top10, c.Filled),
			fmt.Sprintf("%d-%d", c.Shortest, c.Longest), clip(c.patterns(), 30), c.Holds)
		if values {
			for _, v := range c.Commonest {
				fmt.Fprintf(w, "%24s   %7d  %s\n", "", v.Rows, clip(v.Value, shownCharacters))
			}
		}
	}
	r.printDetails(w)
	r.printFindings(w)
}

// printDetails writes what is known of the columns whose kind is known.
func (r *Report) printDetails(w io.Writer) {
	heading := "\nIn detail:\n"
	for _, c := range r.Columns {
		for i, line := range c.details() {
			name := clip(c.Name, 24)
			if i > 0 {
				name = ""
			}
			fmt.Fprintf(w, "%s%-24s %s\n", heading, name, line)
			heading = ""
		}
	}
}

// shownCharacters is how much of a value is shown.
const shownCharacters = 100

// printFindings writes the findings, worst first.
func (r *Report) printFindings(w io.Writer) {
	if len(r.Findings) == 0 {
		fmt.Fprintf(w, "\nNothing deserves attention.\n")
		return
	}
	fmt.Fprintf(w, "\nWhat deserves attention, worst first:\n")
	for i, f := range r.Findings {
		if i == shownFindings {
			fmt.Fprintf(w, "… and %d more: --out FILE.html writes a page with all\n", len(r.Findings)-i)
			break
		}
		of := ""
		if f.Column != "" {
			of = clip(f.Column, 40) + ": "
		}
		fmt.Fprintf(w, "%-5s %s%s\n      -> %s\n", f.Level, of, f.What, f.Next)
	}
}

// patterns lists the two commonest ones with their shares.
func (c Column) patterns() string {
	var out []string
	for _, p := range c.Patterns[:min(2, len(c.Patterns))] {
		out = append(out, p.Value+" "+percent(p.Rows, c.Filled))
	}
	return strings.Join(out, ", ")
}

func clip(s string, width int) string {
	if r := []rune(s); len(r) > width {
		return string(r[:width-1]) + "…"
	}
	return s
}
