package pair

import (
	"slices"

	"rollcall/matchers/dictionary"
	"rollcall/matchers/model"
)

// Part is one of several files whose records are linked together.
type Part struct {
	Table *Table
	ID    string // column with the ids of its records
}

// Union puts the records of several files together, in the order of the files. Of
// records with one id that of the last file counts. The columns are those of the
// last file, then what others have besides; the ids are in its column. The union
// bears the name of the last file, and says what else it is made of.
func Union(parts []Part) (*Table, error) {
	last := parts[len(parts)-1]
	for _, p := range parts {
		if p.ID == "" || p.Table.Column(p.ID) < 0 {
			return nil, refuse("%s has no ids, so that its records cannot be told from those of other files: name their column", p.Table.Name)
		}
		if repeats := p.Table.repeats(p.ID); repeats > 0 {
			return nil, refuse("%d rows of %s have an id in %s that another row has too, or none: records cannot be added by it", repeats, p.Table.Name, p.ID)
		}
	}
	u := &Table{Name: last.Table.Name, Origins: last.Table.Origins, Rejects: last.Table.Rejects, Areas: last.Table.Areas}
	for _, p := range parts[:len(parts)-1] {
		u.Earlier = append(u.Earlier, p.Table.summary(p.ID))
	}
	kept := standing(parts)
	for _, rows := range kept {
		u.Rows += len(rows)
	}
	for _, name := range unitedColumns(parts) {
		u.Columns = append(u.Columns, unite(parts, kept, name, last.ID))
	}
	return u, nil
}

// standing are the rows of each part whose id no later part has.
func standing(parts []Part) [][]int {
	kept := make([][]int, len(parts))
	seen := map[string]bool{}
	for i, p := range slices.Backward(parts) {
		ids := p.Table.Columns[p.Table.Column(p.ID)]
		for row := range p.Table.Rows {
			if id := ids.At(row); !seen[id] {
				kept[i] = append(kept[i], row)
			}
		}
		for id := range ids.Values.Each() {
			seen[id] = true
		}
	}
	return kept
}

// unitedColumns names the columns of all parts, those of the last first.
func unitedColumns(parts []Part) []string {
	var names []string
	last := parts[len(parts)-1].ID
	for _, p := range slices.Backward(parts) {
		for _, name := range p.Table.names() {
			if name == p.ID {
				name = last
			}
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// unite is one column of the union. Values have the order in which rows first bear
// them, as where a file is read.
func unite(parts []Part, kept [][]int, name, id string) Column {
	out := Column{Name: name}
	known := dictionary.New()
	for i, p := range parts {
		own := name
		if name == id {
			own = p.ID
		}
		at := p.Table.Column(own)
		if at < 0 {
			out.Codes = append(out.Codes, make([]uint32, len(kept[i]))...)
			continue
		}
		c := p.Table.Columns[at]
		codes := make([]uint32, c.Values.Len())
		for _, row := range kept[i] {
			was := c.Codes[row]
			if codes[was] == 0 {
				codes[was] = known.Code(c.Values.At(was))
			}
			out.Codes = append(out.Codes, codes[was])
		}
	}
	out.Values = known.Values()
	return out
}

// Compares tells whether the table has what a specification compares on its left.
func (t *Table) Compares(spec model.Specification) error {
	for _, c := range spec.Comparisons {
		if _, err := t.written(c.Left); err != nil {
			return refuse("comparison %s: %v", c.Name, err)
		}
	}
	return nil
}

// summary is what is told of the table as one input file.
func (t *Table) summary(id string) FileSummary {
	f := FileSummary{File: t.Name, Rows: t.Rows, Rejected: len(t.Rejects), ID: id, Earlier: t.Earlier}
	for _, o := range t.Origins {
		f.SHA256 = o.SHA256
	}
	return f
}
