package pair

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"rollcall/matchers/dictionary"
	"rollcall/matchers/locale"
	"rollcall/matchers/model"
	"rollcall/matchers/recognise"
)

// AreaTree is the tree by which areas are compared, and its file.
type AreaTree struct {
	File  string
	units map[string]locale.Unit // by code, of any vintage
	names map[string]bool        // in small letters
}

// NewAreaTree is the tree of the areas of a file.
func NewAreaTree(file string, areas []locale.Area) *AreaTree {
	t := &AreaTree{file, locale.Units(areas), map[string]bool{}}
	for _, a := range areas {
		t.names[strings.ToLower(a.Name)] = true
		for _, name := range a.Others {
			t.names[strings.ToLower(strings.TrimSpace(name))] = true
		}
	}
	return t
}

// unit is what an area is compared as.
func (t *AreaTree) unit(code string) (locale.Unit, bool) {
	u, ok := t.units[strings.TrimSpace(code)]
	return u, ok
}

// AreaColumn is a column of codes of the area tree.
type AreaColumn struct {
	File   string `json:"file"`
	Column string `json:"column"`
	Values int    `json:"values"` // rows that have one
	InTree int    `json:"in_tree"`
	named  int    // rows that have the name of an area
	inside int    // levels at which the tree places the rows, together
}

// fits says that the column is more in the tree than not.
func (c AreaColumn) fits() bool { return c.InTree > 0 && 2*c.InTree >= c.Values }

// repeats says that the column has names of areas of which another one has the codes, of
// as many rows: compared too, they would count twice.
func (c AreaColumn) repeats(codes AreaColumn) bool {
	return !c.fits() && c.named > 0 && 2*c.named >= c.Values && codes.InTree >= c.named
}

// inLevel stands between a level of the tree and the column of codes that it is told
// by: "district of village_code".
const inLevel = " of "

// treeLevel takes such a name apart; the level is -1 for other names.
func treeLevel(name string) (level int, column string) {
	word, column, ok := strings.Cut(name, inLevel)
	if !ok {
		return -1, ""
	}
	return slices.Index(locale.Nested(), word), column
}

// byTree tells comparisons of what the tree says, on the table's side.
func (t *Table) byTree(column string) bool {
	level, _ := treeLevel(column)
	return level >= 0 && t.Column(column) < 0
}

// within are the codes, as of today, of the areas of a level in which those of a column
// lie. A code that the tree does not have stays, and lies in nothing.
func (t *Table) within(level int, column string) (Column, error) {
	if t.Areas == nil {
		return Column{}, fmt.Errorf("the %s of %s is told by an area tree: name its file with --areas", locale.Nested()[level], column)
	}
	written, err := t.written(column)
	if err != nil {
		return Column{}, err
	}
	known := dictionary.New()
	codes := make([]uint32, written.Values.Len())
	for code, v := range written.Values.All() {
		if u, ok := t.Areas.unit(v); ok {
			codes[code] = known.Code(u.Nested()[level])
		} else if level == 0 && code > 0 && !missing(v) {
			codes[code] = known.Code(v)
		}
	}
	out := Column{Name: locale.Nested()[level] + inLevel + column, Codes: make([]uint32, len(written.Codes)), Values: known.Values()}
	for row, code := range written.Codes {
		out.Codes[row] = codes[code]
	}
	return out, nil
}

// placed looks a column up in the tree.
func (t *Table) placed(column string) AreaColumn {
	out := AreaColumn{File: filepath.Base(t.Name), Column: column}
	for v, rows := range t.Columns[t.Column(column)].counted() {
		if missing(v) {
			continue
		}
		out.Values += rows
		if t.Areas.names[strings.ToLower(strings.TrimSpace(v))] {
			out.named += rows
		}
		if u, ok := t.Areas.unit(v); ok {
			out.InTree += rows
			for _, in := range u.Nested() {
				if in != "" {
					out.inside += rows
				}
			}
		}
	}
	return out
}

// areaColumns are the columns of a side that may hold codes of areas, looked up in the
// tree: those of the comparisons that were given, or else those recognised. The first
// is the one that says most.
func (s *Side) areaColumns(given []string) []AreaColumn {
	var out []AreaColumn
	for _, g := range s.Guesses {
		recognised := g.Compared() && g.Subject == "" && (g.Meaning == "place" || g.Meaning == "region")
		if given == nil && recognised || slices.Contains(given, g.Column) {
			out = append(out, s.Table.placed(g.Column))
		}
	}
	slices.SortStableFunc(out, func(a, b AreaColumn) int { return cmp.Compare(b.inside, a.inside) })
	return out
}

// ofAreas tells comparisons that may be of codes of areas.
func ofAreas(c model.Comparison) bool {
	return c.Kind == model.Place || c.Kind == model.Postcode || c.Kind == model.Category && c.Shared
}

// place makes one comparison of how far apart two records are in the area tree, of
// what the comparisons have of columns of its codes. learnt says that they have
// parameters, and must stay.
func (o *Outcome) place(comparisons []model.Comparison, learnt bool) ([]model.Comparison, error) {
	left := o.Left.Table
	if left.Areas == nil {
		return comparisons, nil
	}
	if at := slices.IndexFunc(comparisons, func(c model.Comparison) bool { return left.byTree(c.Left) }); at >= 0 {
		o.tellPlaced(o.Left, left.parts(comparisons[at].Left))
		if !o.Same() {
			o.tellPlaced(o.Right, o.Right.Table.parts(comparisons[at].Right))
		}
		return comparisons, nil
	}
	if learnt {
		return nil, refuse("the model of the specification was learnt without an area tree: take its parameters out, or leave --areas out")
	}
	codes, err := o.codesOf(o.Left, o.givenAreas(comparisons, 0))
	if err != nil {
		return nil, err
	}
	others := codes
	if !o.Same() {
		if others, err = o.codesOf(o.Right, o.givenAreas(comparisons, 1)); err != nil {
			return nil, err
		}
	}
	rest := slices.DeleteFunc(slices.Clone(comparisons), func(c model.Comparison) bool {
		if slices.Contains(codes.names, c.Left) && slices.Contains(others.names, c.Right) {
			o.Left.leaveOut(c.Left, codes.String())
			o.Right.leaveOut(c.Right, others.String())
			return true
		}
		return slices.Contains(codes.columns, c.Left) || slices.Contains(others.columns, c.Right)
	})
	return o.nested(rest, codes.String(), others.String())
}

// codeColumns are the columns of a side that have codes of the tree, the one that says
// most first, and those that have but the names of the same areas.
type codeColumns struct{ columns, names []string }

// String is the column of a comparison: each stands in where those before are empty.
func (c codeColumns) String() string { return strings.Join(c.columns, recognise.Else) }

// codesOf finds the columns of a side that have codes of the tree.
func (o *Outcome) codesOf(s *Side, given []string) (codeColumns, error) {
	var out codeColumns
	looked := s.areaColumns(given)
	for _, c := range looked {
		switch {
		case c.fits():
			out.columns = append(out.columns, c.Column)
		case given == nil && c.repeats(looked[0]):
			out.names = append(out.names, c.Column)
		}
	}
	if len(out.columns) == 0 {
		return out, s.noAreas(looked)
	}
	o.tellPlaced(s, out.columns)
	return out, nil
}

// nested adds the comparisons of the levels that both sides have, each in the next.
func (o *Outcome) nested(comparisons []model.Comparison, left, right string) ([]model.Comparison, error) {
	for level, name := range locale.Nested() {
		for i := range comparisons {
			if comparisons[i].Name == name {
				comparisons[i].Name += "_as_written"
			}
		}
		here, err := o.Left.Table.within(level, left)
		if err != nil {
			return nil, err
		}
		there, err := o.Right.Table.within(level, right)
		if err != nil {
			return nil, err
		}
		if min(here.Values.Len(), there.Values.Len()) > 1 { // beside ""
			comparisons = append(comparisons, model.Comparison{Name: name, Left: here.Name, Right: there.Name, Kind: model.Category, Shared: true})
		}
	}
	model.Nest(comparisons, locale.Nested())
	return comparisons, nil
}

// leaveOut says of a column of names that the tree says them.
func (s *Side) leaveOut(column, codes string) {
	g := s.guess(column)
	g.Kind, g.Why = recognise.Ignore, fmt.Sprintf("its names are those of areas of %s, whose codes %s has", filepath.Base(s.Table.Areas.File), codes)
}

// guess is what a column was taken for.
func (s *Side) guess(column string) *recognise.Guess {
	return &s.Guesses[slices.IndexFunc(s.Guesses, func(g recognise.Guess) bool { return g.Column == column })]
}

// givenAreas are the columns of a side that a given specification compares as places;
// nil where none was given.
func (o *Outcome) givenAreas(comparisons []model.Comparison, side int) []string {
	if !o.Given {
		return nil
	}
	columns := []string{}
	for _, c := range comparisons {
		if ofAreas(c) {
			columns = append(columns, [2]string{c.Left, c.Right}[side])
		}
	}
	return columns
}

// tellPlaced says of columns that they are compared by the tree, and warns of what does
// not stand in it.
func (o *Outcome) tellPlaced(s *Side, columns []string) {
	tree := filepath.Base(s.Table.Areas.File)
	for _, column := range columns {
		if s.Table.Column(column) < 0 {
			continue // refused where it is read
		}
		c := s.Table.placed(column)
		o.areas = append(o.areas, c)
		s.guess(column).Why += fmt.Sprintf("; compared by its place in %s, in which %d of %d values stand", tree, c.InTree, c.Values)
		if lost := c.Values - c.InTree; lost > 0 {
			o.Warnings = append(o.Warnings, fmt.Sprintf("%d values of %s in %s do not stand in %s, and are the same area only where they are written alike: correct them, or add their codes to the tree",
				lost, c.Column, c.File, tree))
		}
	}
}

// noAreas refuses a tree that no column of a side has codes of.
func (s *Side) noAreas(looked []AreaColumn) error {
	tree := filepath.Base(s.Table.Areas.File)
	const next = "name a column with its codes in a specification (--spec, kind: place, shared: true), give the tree that the codes are of, or leave --areas out"
	if len(looked) == 0 {
		return refuse("no column of %s was recognised, or given, as codes of areas: %s; it has %s", s.Table.Name, next, s.found())
	}
	var list []string
	for _, c := range looked {
		list = append(list, fmt.Sprintf("%s (%d of %d values)", c.Column, c.InTree, c.Values))
	}
	return refuse("no column of %s has codes of %s: looked at %s; %s", s.Table.Name, tree, strings.Join(list, ", "), next)
}
