package kernel

import (
	"math/bits"

	"rollcall/matchers/model"
)

// Relatives compares a relative of a left row with another member of a right row's
// household, one level a field. The words of their names that they have in common
// with the row and the member are passed over: what a family shares says nothing of
// who its members are.
func (j *Judge) Relatives(left, right, relative, other int32, levels []uint8) {
	j.Levels(relative, other, levels)
	t := j.table
	if j.beside == nil {
		j.beside = make([]beside, len(t.voices))
	}
	for k, v := range t.voices {
		if v.fields()&j.batch.fields == 0 {
			continue
		}
		n, b := t.Fields[v.given].names, &j.beside[k]
		b.find(t, v, left, right, relative)
		alike := t.Right.spoken(n, v, other)
		freeAlike := n.unshared(&alike, &b.member)
		if b.free == b.kin.all() || freeAlike == alike.all() {
			continue // of one name alone it is not a copy
		}
		m := meeting{restA: b.free, restB: freeAlike}
		if likes, any := n.likes(&b.kin, &alike, b.free, freeAlike); any {
			m = n.align(&b.kin, &alike, b.free, freeAlike, &likes)
		}
		levels[v.given] = m.level(0, m.restA&b.kin.given, m.restB&alike.given)
		if v.family >= 0 {
			levels[v.family] = m.level(1, m.restA&^b.kin.given, m.restB&^alike.given)
		}
	}
}

// beside is what one name of a relative, of the person and of the member is, from one
// other member of the household to the next.
type beside struct {
	rows        [3]int32 // of the person, the member and the relative
	known       bool
	kin, member spoken
	free        uint8 // the relative's words that are not the person's
}

func (b *beside) find(t *Table, v voice, person, member, relative int32) {
	rows := [...]int32{person, member, relative}
	if b.known && b.rows == rows {
		return
	}
	n := t.Fields[v.given].names
	own := t.Left.spoken(n, v, person)
	*b = beside{rows: rows, known: true, kin: t.Left.spoken(n, v, relative), member: t.Right.spoken(n, v, member)}
	b.free = n.unshared(&b.kin, &own)
}

// level is that of the given names (0) or the family names (1) that met, with the
// words that found no like.
func (m *meeting) level(field int, restA, restB uint8) uint8 {
	switch {
	case m.pairs[field] > 0:
		return grade(m.bits[field], m.contradicts(field, restA, restB))
	case restA == 0 || restB == 0:
		return model.Missing
	}
	return nameDiffers
}

// spoken is the words of one name of a row.
func (r *Rows) spoken(n *wordNames, v voice, row int32) (s spoken) {
	record := r.record(row)
	family := uint32(0)
	if v.family >= 0 {
		family = record[v.family]
	}
	n.speak(record[v.given], family, &s)
	return s
}

// unshared is the words of a name, as bits, that are like none of another's.
func (x *lexicon) unshared(of, with *spoken) uint8 {
	free := of.all()
	found, any := x.likes(of, with, of.all(), with.all())
	if !any {
		return free
	}
	for l := same; l <= spelt; l++ {
		for rest := free; rest != 0; rest &= rest - 1 {
			if i := bits.TrailingZeros8(rest); found[l][i] != 0 {
				free &^= 1 << i
			}
		}
	}
	return free
}
