package matchers

import (
	"unicode/utf8"

	"rollcall/matchers/model"
)

// constraints are what keeps records of one file apart however alike they are, and
// what joins them: must-not-link and must-link. Records are by rank.
type constraints struct {
	sex      []uint8 // nil where there is none
	lives    []Life  // nil where there are none
	verdicts verdicts
	numbers  []number
	again    map[[2]int32]bool // births or deaths that are one event, registered twice
}

// number is an identity number that the records are compared by.
type number struct {
	comparison int
	sure       []bool // whether the number is known to be the person's own; nil where nothing says so
}

// numbers are the comparisons by identity numbers, with what is known of them.
func (r *run) numbers(sure map[string][]bool) []number {
	var out []number
	for i, c := range r.spec.Comparisons {
		if c.Kind == model.Identifier {
			out = append(out, number{i, permute(sure[c.Left], r.left.rows)})
		}
	}
	return out
}

// contradiction is what says of two records that they are two people; "" for
// nothing.
func (r *run) contradiction(i, j int32, c *constraints) Apart {
	i, j = min(i, j), max(i, j)
	same, judged := c.verdicts[[2]int32{i, j}]
	switch {
	case judged && same:
		return ""
	case judged:
		return ApartDecided
	case r.table.Grouped(i, j):
		return ApartRecord
	case r.table.Twice(i, j) && !c.again[[2]int32{i, j}]:
		return ApartTwice
	case opposite(c.sex, i, j):
		return ApartSex
	case c.lives != nil && c.lives[i].apart(c.lives[j]):
		return ApartTime
	}
	for _, n := range c.numbers {
		a, b := r.table.Left.Code(i, n.comparison), r.table.Left.Code(j, n.comparison)
		if n.sure != nil && n.sure[i] && n.sure[j] && a != b && !r.table.Fields[n.comparison].OfTwoSystems(a, b) {
			return ApartNumber
		}
	}
	return ""
}

func opposite(sex []uint8, i, j int32) bool {
	return sex != nil && sex[i] != 0 && sex[j] != 0 && sex[i] != sex[j]
}

// attestedBy is how many records have to bear a number for it not to be a slip of
// the pen: a slip does not happen twice in the same way.
const attestedBy = 2

// attested gives for each of some records the number that it bears, where others of
// them bear it too; 0 for none.
func (r *run) attested(n number, rows []int32) []uint32 {
	bearers := map[uint32]int{}
	codes := make([]uint32, len(rows))
	for i, row := range rows {
		codes[i] = r.table.Left.Code(row, n.comparison)
		bearers[codes[i]]++
	}
	for i, code := range codes {
		if bearers[code] < attestedBy {
			codes[i] = 0
		}
	}
	return codes
}

// twoNumbers tells whether two numbers are those of two people: both attested, of
// one length, as numbers of one system are, and not alike.
func (r *run) twoNumbers(n number, a, b uint32, level uint8) bool {
	if a == 0 || b == 0 || a == b || level != 0 {
		return false
	}
	field := r.table.Fields[n.comparison]
	return utf8.RuneCountInString(field.Value(a)) == utf8.RuneCountInString(field.Value(b))
}

// numbersApart tells whether two clusters bear two different numbers, each several
// times.
func (r *run) numbersApart(left, right []int32, c *constraints) bool {
	if len(left) < attestedBy || len(right) < attestedBy {
		return false
	}
	judge := r.table.Judge()
	levels := make([]uint8, len(r.spec.Comparisons))
	for _, n := range c.numbers {
		a, b := r.attested(n, left), r.attested(n, right)
		for i, x := range a {
			for j, y := range b {
				if x == 0 || y == 0 || x == y {
					continue
				}
				judge.Levels(left[i], right[j], levels)
				if r.twoNumbers(n, x, y, levels[n.comparison]) {
					return true
				}
			}
		}
	}
	return false
}
