package kernel

// gathered is what comparing needs of some rows at once, side by side, so that it
// does not wait for memory; nearly all pairs are dismissed by it. What the others
// need besides is looked up by its codes. One is used again and again.
type gathered struct {
	rows    []int32
	width   int      // codes of a record
	records []uint32 // rows * width
	present []uint64 // codes that a row has, as bits
	sex     []uint8
	seen    []bool      // whether the following are read
	glances [][2]glance // rows * voices: given and family name
	cells   []cell      // rows * cells of the table
}

// gather reads the first codes of g.rows of one side, by which the rules that find a
// pair are known.
func (g *gathered) gather(t *Table, side *Rows, codes int) {
	g.width = codes
	g.room(t, len(g.rows))
	for i, row := range g.rows {
		record := g.record(i)
		copy(record, side.record(row)[:codes])
		g.present[i] = present(record)
		g.sex[i] = side.sex[row]
	}
	clear(g.seen)
}

// look reads what a row is compared by, once: where blocking rules are many, most
// rows come with pairs alone that earlier rules have found.
func (g *gathered) look(t *Table, i int) {
	g.seen[i] = true
	record := g.record(i)
	for f, field := range t.Fields {
		if field.cells != nil {
			g.cells[i*t.cells+field.cell] = field.cells[record[f]]
		}
	}
	for k, v := range t.voices {
		glances, at := t.Fields[v.given].lexicon.glances, g.glance(t, i, k)
		at[0] = glances[record[t.Fields[v.given].at]]
		if v.family >= 0 {
			at[1] = glances[record[t.Fields[v.family].at]]
		}
	}
}

// glance is the glances of the given and the family name of one name of a row.
func (g *gathered) glance(t *Table, i, k int) *[2]glance { return &g.glances[i*len(t.voices)+k] }

// cell is that of one value, nil where a field has none.
func (g *gathered) cell(t *Table, i, f int) *cell {
	field := t.Fields[f]
	if field.cells == nil {
		return nil
	}
	return &g.cells[i*t.cells+field.cell]
}

// name is one name of a row.
func (g *gathered) name(t *Table, i, k int) name {
	v, record := t.voices[k], g.record(i)
	n := name{given: record[t.Fields[v.given].at], glances: g.glance(t, i, k)}
	n.spelt[0] = g.cell(t, i, v.given)
	if v.family >= 0 {
		n.family, n.spelt[1] = record[t.Fields[v.family].at], g.cell(t, i, v.family)
	}
	return n
}

// room makes every slice as long as so many rows need.
func (g *gathered) room(t *Table, rows int) {
	voices := len(t.voices)
	if cap(g.records) < rows*g.width {
		g.records = make([]uint32, rows*g.width)
	}
	if cap(g.present) < rows {
		g.present, g.sex = make([]uint64, rows), make([]uint8, rows)
		g.seen = make([]bool, rows)
		g.glances, g.cells = make([][2]glance, rows*voices), make([]cell, rows*t.cells)
	}
	g.records, g.present, g.sex = g.records[:rows*g.width], g.present[:rows], g.sex[:rows]
	g.seen = g.seen[:rows]
	g.glances, g.cells = g.glances[:rows*voices], g.cells[:rows*t.cells]
}

// record is the codes of a row.
func (g *gathered) record(i int) []uint32 { return g.records[i*g.width:][:g.width] }
