package kernel

import (
	"cmp"
	"slices"

	"rollcall/matchers/block"
	"rollcall/matchers/dictionary"
	"rollcall/matchers/model"
	"rollcall/matchers/text"
)

// NumberSystem tells of a value by which system of identity numbers it was given out,
// 0 where that is unknown, and whether it has the right check digit of one that has
// check digits.
type NumberSystem func(value string) (system uint8, checked bool)

// numbersOf tells of all values of a field by which system each was given out, with
// numberChecked added where the check digit is right; nil where nothing is known.
func numbersOf(values dictionary.Texts, of NumberSystem) []uint8 {
	if of == nil {
		return nil
	}
	out := make([]uint8, values.Len())
	for code, value := range values.All() {
		if value == "" {
			continue
		}
		system, checked := of(value)
		out[code] = system | one(checked)*numberChecked
	}
	return out
}

const numberChecked = 1 << 7

// numberSystem is the system of a number.
func numberSystem(known uint8) uint8 { return known &^ numberChecked }

// spellNumbers makes the cells of numbers; known is what numbersOf tells of them.
func spellNumbers(values dictionary.Texts, known []uint8) []cell {
	cells := spell(values, digitSlot)
	for code, k := range known {
		cells[code][1] |= uint64(k) << speltNumber
	}
	return cells
}

// OfTwoSystems says that two values of a field are numbers of two systems, of which
// people have one each.
func (f *Field) OfTwoSystems(a, b uint32) bool {
	return f.numbers != nil && twoSystems(numberSystem(f.numbers[a]), numberSystem(f.numbers[b]))
}

// twoSystems says that numbers are of two systems, so that neither says anything of
// the other.
func twoSystems(a, b uint8) bool { return a != b && a != 0 && b != 0 }

// Numbers of two systems are found to be those of two people where so many pairs that
// are alike in name and date would have them by chance, and less than this share of
// those do: where children have another kind of number than adults, say, and keep it.
const (
	fewestByChance = 8 // of which, were every other one a person with both, none would be seen in one case of fifty
	ofTwoPeople    = 0.1
)

// settleNumbers finds out of each field of identity numbers by which systems they were
// given out, and whether numbers of two of them say nothing about each other, as
// people may have one of each, or differ like others.
func (t *Table) settleNumbers(comparisons []model.Comparison, families []int, left *Input) {
	t.single = make([]bool, t.width)
	for i, f := range t.Fields {
		if f.numbers = numbersOf(f.values, left.Columns[i].System); f.numbers == nil {
			continue
		}
		if frozen := frozenOf(left, i); frozen != nil {
			t.single[i] = frozen.OneSystem
		} else {
			t.single[i] = t.oneSystem(i, witnesses(comparisons, families))
		}
		for code := range f.numbers {
			if t.single[i] {
				f.numbers[code] &= numberChecked
			}
		}
	}
}

// witnesses are a name and a date, which together tell most people apart; nil where
// there are not both.
func witnesses(comparisons []model.Comparison, families []int) []int {
	name := slices.IndexFunc(comparisons, func(c model.Comparison) bool { return c.Kind == model.GivenName || c.Kind == model.FullName })
	date := slices.IndexFunc(comparisons, func(c model.Comparison) bool { return c.Kind == model.Date })
	switch {
	case name < 0 || date < 0:
		return nil
	case families[name] >= 0:
		return []int{name, families[name], date}
	}
	return []int{name, date}
}

// oneSystem says that the records of one person bear numbers of one system, by those
// that are equal in all the witnesses.
func (t *Table) oneSystem(field int, witnesses []int) bool {
	if witnesses == nil {
		return false
	}
	left := t.Left.witnessed(t.Fields[field], field, witnesses)
	right := left
	if !t.Same() {
		right = t.Right.witnessed(t.Fields[field], field, witnesses)
	}
	var c systemCounts
	for at, k := 0, 0; at < len(left); {
		end := endOf(left, at)
		for ; k < len(right) && right[k].key < left[at].key; k++ {
		}
		if k < len(right) && right[k].key == left[at].key {
			c.add(left[at:end], right[k:endOf(right, k)], t.Same())
		}
		at = end
	}
	return c.oneSystem()
}

// witnessed is a record that has all witnesses: what they say, and the system of its
// number.
type witnessed struct {
	key    uint64
	system uint8
}

func (r *Rows) witnessed(f *Field, field int, witnesses []int) []witnessed {
	var out []witnessed
	for row := range r.Rows {
		record := r.record(int32(row))
		w := witnessed{system: numberSystem(f.numbers[record[field]])}
		known := w.system != 0
		for _, i := range witnesses {
			known = known && record[i] != 0
			w.key = block.Extend(w.key, record[i])
		}
		if known {
			out = append(out, w)
		}
	}
	slices.SortFunc(out, func(a, b witnessed) int { return cmp.Compare(a.key, b.key) })
	return out
}

func endOf(list []witnessed, from int) int {
	end := from
	for ; end < len(list) && list[end].key == list[from].key; end++ {
	}
	return end
}

// systemCounts counts pairs by the systems of their numbers.
type systemCounts struct {
	pairs, alike float64
	left, right  [numberChecked]float64
}

// mostWitnessed is how many records of one name and date may be one person's.
const mostWitnessed = 10

// add counts the pairs of some records with some others.
func (c *systemCounts) add(left, right []witnessed, same bool) {
	if max(len(left), len(right)) > mostWitnessed {
		return
	}
	for i, l := range left {
		for j, r := range right {
			if same && i == j {
				continue
			}
			c.pairs++
			c.left[l.system]++
			c.right[r.system]++
			if l.system == r.system {
				c.alike++
			}
		}
	}
}

func (c *systemCounts) oneSystem() bool {
	byChance := c.pairs
	for system, n := range c.left {
		byChance -= n * c.right[system] / max(c.pairs, 1)
	}
	return byChance >= fewestByChance && c.pairs-c.alike < ofTwoPeople*byChance
}

// numbers are identifiers and phones: only slips of the pen count.
type numbers struct{ values dictionary.Texts }

// numbersAtAGlance is the level of two different numbers that shows before their
// signs are compared one by one. Where both have the right check digit neither is a
// slip of the other: nearly every slip makes it wrong. Siblings who were registered
// together have numbers that follow each other.
func numbersAtAGlance(x, y *cell) (level uint8, told bool) {
	switch {
	case twoSystems(x.system(), y.system()):
		return model.Missing, true
	case x.checked() && y.checked(), x.plain() && y.plain() && apart(x, y, 2):
		return 0, true
	}
	return 0, false
}

func (n *numbers) level(x, y *cell, a, b uint32) uint8 {
	if level, told := numbersAtAGlance(x, y); told {
		return level
	}
	switch text.OSA(n.values.At(a), n.values.At(b)) {
	case 1:
		return 2
	case 2:
		return 1
	}
	return 0
}
