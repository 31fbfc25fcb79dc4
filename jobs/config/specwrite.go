package config

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"rollcall/matchers/model"
)

// MarshalSpec writes a specification as YAML to be read, edited and used again:
// ParseSpec gives back the same, to the last bit of every number.
func MarshalSpec(s model.Specification) ([]byte, error) {
	var w strings.Builder
	w.WriteString(`# How records are compared. Edit it and use it again with --spec, or put it into a
# job's link section.
rollcall_spec: 1

# A pair is accepted from this match probability on.
`)
	fmt.Fprintf(&w, "threshold: %s\n", float(s.Threshold))
	if s.Locale != "" {
		fmt.Fprintf(&w, "\n# Locale pack by which values were brought to normal form.\nlocale: %s\n", quoted(s.Locale))
	}
	if s.Relation != "" {
		w.WriteString("\n# How many partners a record has: one_to_one, one_to_many (a left record may have\n# several right ones), many_to_one, many_to_many.\n")
		fmt.Fprintf(&w, "relation: %s\n", s.Relation)
		if s.RelationWhy != "" {
			fmt.Fprintf(&w, "relation_why: %s\n", quoted(s.RelationWhy))
		}
	}
	if err := writeComparisons(&w, s); err != nil {
		return nil, err
	}
	if len(s.Blocking) > 0 {
		w.WriteString("\n# Pairs that agree on every part of a rule are compared; each pair once.\nblocking:\n")
		for i, rule := range s.Blocking {
			text := rule.String()
			if _, problems := parseRule(text, names(s)); len(problems) > 0 {
				return nil, specError("blocking rule %d, %q, cannot be read back", i+1, text)
			}
			fmt.Fprintf(&w, "  - %s\n", scalarText(text))
		}
	}
	if s.Parameters != nil {
		if err := writeParameters(&w, s); err != nil {
			return nil, err
		}
	}
	return []byte(w.String()), nil
}

// commentText is a text without the signs that a comment in YAML cannot hold; a
// column's name may have any.
func commentText(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, ""))
}

func names(s model.Specification) []string {
	list := make([]string, len(s.Comparisons))
	for i, c := range s.Comparisons {
		list[i] = c.Name
	}
	return list
}

func writeComparisons(w *strings.Builder, s model.Specification) error {
	if len(s.Comparisons) == 0 {
		return nil
	}
	if len(s.ColumnsWhy) > 0 {
		w.WriteString("\n# What the columns were taken for, and why.\n")
		for _, line := range s.ColumnsWhy {
			w.WriteString("# - " + wrap(commentText(line), 76, "#   ") + "\n")
		}
	}
	w.WriteString("\n# " + wrap("What is compared: a column of the left file with one of the right. kind is one of "+either(kinds)+".", 78, "# ") + "\n")
	w.WriteString(`# shared: a household has it in common, so it tells members of one apart badly.
# levels: of agreement, worst first, in place of those of the kind, such as
# [{jaro_winkler: 0.85}, {damerau: 1, min_length: 4}, equal]; docs/job-file.md has them all.
comparisons:
`)
	seen := map[string]bool{}
	for _, c := range s.Comparisons {
		switch {
		case c.Name == "" || c.Left == "" || c.Right == "":
			return specError("a comparison lacks its name or a column")
		case seen[c.Name]:
			return specError("two comparisons are called %q", c.Name)
		}
		seen[c.Name] = true
		fmt.Fprintf(w, "  - {name: %s, left: %s, right: %s, kind: %s", quoted(c.Name), quoted(c.Left), quoted(c.Right), quoted(string(c.Kind)))
		if c.Shared {
			w.WriteString(", shared: true")
		}
		if c.Parent != "" {
			fmt.Fprintf(w, ", parent: %s", quoted(c.Parent))
		}
		if c.Intervals {
			w.WriteString(", intervals: true")
		}
		if c.Levels != nil {
			fmt.Fprintf(w, ", levels: %s", levelsLine(c.Levels))
		}
		if c.TermFrequency != nil {
			fmt.Fprintf(w, ", term_frequency: %t", *c.TermFrequency)
		}
		if len(c.Neighbours) > 0 {
			pairs := neighboursWritten(c.Neighbours)
			for i, pair := range pairs {
				if strings.Count(pair, neighbourSign) > 1 {
					return specError("a neighbour in comparison %q has a %s in it", c.Name, neighbourSign)
				}
				pairs[i] = quoted(pair)
			}
			fmt.Fprintf(w, ", neighbours: [%s]", strings.Join(pairs, ", "))
		}
		w.WriteString("}\n")
	}
	return nil
}

// neighbourSign stands between two values that lie side by side.
const neighbourSign = "~"

func neighboursWritten(neighbours [][2]string) []string {
	pairs := make([]string, len(neighbours))
	for i, pair := range neighbours {
		pairs[i] = pair[0] + " " + neighbourSign + " " + pair[1]
	}
	return pairs
}

func writeParameters(w *strings.Builder, s model.Specification) error {
	p := s.Parameters
	if len(p.Levels) != len(s.Comparisons) {
		return specError("there are levels for %d comparisons, and there are %d", len(p.Levels), len(s.Comparisons))
	}
	w.WriteString(`
# The trained model. Take this section out to train again. m is the share of
# matching pairs at a level of agreement, u that of other pairs, bits = log2(m/u)
# what the level adds to a pair's weight. prior is the share of all pairs that match.
# Beside matches and strangers there may be household, people of one household (h),
# kin, relatives who live apart (k), namesakes (n) and neighbours, those of one
# place (v), and borrowed, strangers who bear one identifier.
parameters:
`)
	for _, share := range shares(p) {
		if share.value != 0 || share.name == "prior" {
			fmt.Fprintf(w, "  %s: %s\n", share.name, float(share.value))
		}
	}
	if len(p.Levels) == 0 {
		w.WriteString("  levels: {}\n")
		return nil
	}
	w.WriteString("  levels:\n")
	for i, levels := range p.Levels {
		fmt.Fprintf(w, "    %s:", quoted(s.Comparisons[i].Name))
		if len(levels) == 0 {
			w.WriteString(" []")
		}
		w.WriteString("\n")
		for _, l := range levels {
			line := "      - {level: " + quoted(l.Name)
			for _, v := range probabilities(l) {
				if math.IsNaN(v.value) {
					return specError("the level %q of %s has a value that is no number", l.Name, s.Comparisons[i].Name)
				}
				if v.must || v.value != 0 {
					line += ", " + v.name + ": " + float(v.value)
				}
			}
			w.WriteString(line + "}\n")
		}
	}
	if len(p.Missing) > 0 {
		w.WriteString("  # Bits for values that one side alone has, and that neither has: records of one\n  # person were seen to lack them together.\n  missing:\n")
	}
	for i, m := range p.Missing {
		if p.Weighs(i) {
			fmt.Fprintf(w, "    %s: {one: %s, both: %s}\n", quoted(s.Comparisons[i].Name), float(m.One), float(m.Both))
		}
	}
	writeNicknames(w, s)
	return nil
}

// writeNicknames writes the nicknames, a comparison a line.
func writeNicknames(w *strings.Builder, s model.Specification) {
	if !slices.ContainsFunc(s.Parameters.Nicknames, func(names []string) bool { return len(names) > 0 }) {
		return
	}
	w.WriteString("  # Names by which people are called, which differ from the registered one as a rule.\n  nicknames:\n")
	for i, names := range s.Parameters.Nicknames {
		if len(names) > 0 {
			list := make([]string, len(names))
			for k, name := range names {
				list[k] = quoted(name)
			}
			fmt.Fprintf(w, "    %s: [%s]\n", quoted(s.Comparisons[i].Name), strings.Join(list, ", "))
		}
	}
}

// namedShare is a class of pairs and the share of all pairs that it has.
type namedShare struct {
	name  string
	value float64
}

// shares of all pairs that the classes have.
func shares(p *model.Parameters) []namedShare {
	return []namedShare{
		{"prior", p.Prior},
		{"household", p.Household},
		{"kin", p.Kin},
		{"namesakes", p.Namesakes},
		{"neighbours", p.Neighbours},
		{"borrowed", p.Borrowed},
	}
}

// levelField is a number of a level; those that must be are written even if 0.
type levelField struct {
	name  string
	value float64
	must  bool
}

func probabilities(l model.Level) []levelField {
	return []levelField{
		{"m", l.M, true},
		{"u", l.U, true},
		{"bits", l.Bits, true},
		{"h", l.H, false},
		{"k", l.K, false},
		{"n", l.N, false},
		{"v", l.V, false},
	}
}

// float writes a number so that reading it gives the same bits.
func float(v float64) string {
	switch {
	case math.IsInf(v, 1):
		return ".inf"
	case math.IsInf(v, -1):
		return "-.inf"
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}
