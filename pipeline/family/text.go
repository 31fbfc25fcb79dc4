package family

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// chance writes a probability in per cent, with as many digits as tell it from never
// and always.
func chance(p float64) string {
	switch {
	case p > 0.9999:
		return "over 99.99%"
	case p < 0.0001:
		return "under 0.01%"
	}
	return strconv.FormatFloat(100*p, 'f', 2, 64) + "%"
}

// bits writes a weight with its sign.
func bits(x float64) string { return strings.Replace(fmt.Sprintf("%+.1f", x), "-0.0", "+0.0", 1) }

// Print writes a sheet as text: trees in plain characters, lines by their numbers.
func (s *Sheet) Print(w io.Writer) {
	left, right := s.trees()
	fmt.Fprintln(w, "The register")
	for _, t := range left {
		t.print(w, "  ")
	}
	if len(left) == 0 {
		fmt.Fprintln(w, "  nobody of the register is linked to this household")
	}
	if s.FamiliesLeftOut > 0 {
		fmt.Fprintf(w, "  and %s\n", counted(s.FamiliesLeftOut, "more family", "more families"))
	}
	fmt.Fprintln(w, "\nThe roster")
	if right == nil {
		fmt.Fprintln(w, "  no household is linked to this family")
	} else {
		right.print(w, "  ")
	}
	s.printLines(w)
	for _, part := range []struct {
		title string
		lines []string
	}{{"Who is missing, which is no proof against", s.missingWords()}, {"What it means", s.Meaning}} {
		if len(part.lines) > 0 {
			fmt.Fprintf(w, "\n%s\n", part.title)
		}
		for _, l := range part.lines {
			fmt.Fprintln(w, "  "+l)
		}
	}
}

func (s *Sheet) missingWords() []string {
	var out []string
	for _, a := range s.absences() {
		for _, who := range a.Who {
			out = append(out, fmt.Sprintf("%s (%s)", who.Name, who.ID))
		}
		out = append(out, "  of the "+a.Side+": "+a.Why)
	}
	return out
}

func (s *Sheet) printLines(w io.Writer) {
	if len(s.Lines) == 0 {
		return
	}
	fmt.Fprintln(w, "\nLines, in bits: ten more make one person about a thousand times as likely")
	for i, l := range s.Lines {
		mark := " ? "
		if l.Accepted {
			mark = fmt.Sprintf("[%d]", i+1)
		}
		fmt.Fprintf(w, "  %s %11s  %7s by comparison %7s by relatives  %s %s %s%s\n", mark, chance(l.Probability), bits(l.WeightBits), bits(l.FamilyBits),
			s.person(l.Person).called(), map[bool]string{true: "=", false: "=?"}[l.Accepted], s.member(l.Member).called(), l.decided())
	}
}

// decided tells of people's decision on a line.
func (l Line) decided() string {
	if l.Decision == "" {
		return ""
	}
	return ", decided by people: " + l.Decision
}

// print writes a tree, each node on a line with branches of plain characters.
func (t tree) print(w io.Writer, margin string) {
	fmt.Fprintf(w, "%s%s\n", margin, strings.Join(notEmpty(t.Title, t.About), ": "))
	for i, n := range t.Nodes {
		mark := " -  "
		if n.Number > 0 {
			mark = fmt.Sprintf("[%d] ", n.Number)
		}
		text := strings.Join(notEmpty(strings.Join(notEmpty(n.Name, n.Native), " "), strings.Join(n.Facts, ", ")), ": ")
		switch {
		case n.Again:
			text = n.Name + ": " + n.Facts[0] + ", as above"
		case n.Papers != "":
			text += "  (" + n.Papers + ")"
		}
		if n.Union != "" {
			text += "  " + n.Union
		}
		fmt.Fprintln(w, margin+t.branch(i)+mark+text)
	}
	if t.More != "" {
		fmt.Fprintln(w, margin+"  "+t.More)
	}
}

// branch draws what leads to a node: + for a branch, | for one that goes on below.
func (t tree) branch(i int) string {
	cells := []rune(strings.Repeat("   ", t.Nodes[i].Depth+1))
	for k, n := range t.Nodes {
		if n.Under < 0 || k < i || n.Under >= i {
			continue
		}
		column := 3 * t.Nodes[n.Under].Depth
		if k > i && cells[column] == ' ' {
			cells[column] = '|'
		}
		if k == i {
			cells[column] = '+'
			for c := column + 1; c < len(cells)-1; c++ {
				cells[c] = '-'
			}
		}
	}
	if t.Nodes[i].Joined {
		cells[3*t.Nodes[i].Depth] = '&'
	}
	return string(cells)
}

func notEmpty(texts ...string) []string {
	var out []string
	for _, t := range texts {
		if t != "" {
			out = append(out, t)
		}
	}
	return out
}

// WriteJSON writes a sheet as JSON.
func (s *Sheet) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(s)
}
