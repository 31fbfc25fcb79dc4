package kernel

// gathered is what comparing needs of some rows at once, side by side, so that it
// does not wait for memory; most pairs are dismissed by it. What the others need
// besides is looked up by its codes. One is used again and again.
type gathered struct {
	rows    []int32
	width   int      // codes of a record
	records []uint32 // rows * width
	present []uint64 // codes that a row has, as bits
	sex     []uint8
	glances [][2]cell // rows * voices: given and family name
}

// gather reads g.rows of one side.
func (g *gathered) gather(t *Table, side *Rows, records []uint32, width int) {
	g.width = width
	g.room(len(g.rows), len(t.voices))
	for i, row := range g.rows {
		record := g.record(i)
		copy(record, records[int(row)*width:][:width])
		g.present[i] = present(record)
		g.sex[i] = side.sex[row]
	}
	for k, v := range t.voices {
		glances := t.Fields[v.given].lexicon.glances
		for i := range g.rows {
			record, at := g.record(i), g.glance(t, i, k)
			at[0] = glances[record[v.given]]
			if v.family >= 0 {
				at[1] = glances[record[v.family]]
			}
		}
	}
}

// glance is the glances of the given and the family name of one name of a row.
func (g *gathered) glance(t *Table, i, k int) *[2]cell { return &g.glances[i*len(t.voices)+k] }

// room makes every slice as long as so many rows need.
func (g *gathered) room(rows, voices int) {
	if cap(g.present) < rows {
		g.records, g.present, g.sex = make([]uint32, rows*g.width), make([]uint64, rows), make([]uint8, rows)
		g.glances = make([][2]cell, rows*voices)
	}
	g.records, g.present, g.sex, g.glances = g.records[:rows*g.width], g.present[:rows], g.sex[:rows], g.glances[:rows*voices]
}

// record is the codes of a row.
func (g *gathered) record(i int) []uint32 { return g.records[i*g.width:][:g.width] }

// pairing is two gathered rows.
type pairing struct {
	a, b *gathered
	i, j int
}

// records are the codes of both.
func (p *pairing) records() (a, b []uint32) { return p.a.record(p.i), p.b.record(p.j) }
