package text

import "math"

// Levenshtein is the least number of insertions, deletions and substitutions
// that turn a into b. Up to 64 characters it runs in words (Myers 1999, "A fast
// bit-vector algorithm for approximate string matching").
func Levenshtein(a, b string) int { return edits(a, b, false, math.MaxInt) }

// WithinLevenshtein says whether Levenshtein(a, b) is at most so many, which of
// long strings is mostly seen before their end.
func WithinLevenshtein(a, b string, most int) bool { return edits(a, b, false, most) <= most }

// OSA is the optimal string alignment distance: Levenshtein with the exchange
// of two neighbours as one operation, no piece edited twice (Hyyro 2003, "A
// bit-vector algorithm for computing Levenshtein and Damerau edit distances").
func OSA(a, b string) int { return edits(a, b, true, math.MaxInt) }

// WithinOSA says whether OSA(a, b) is at most so many.
func WithinOSA(a, b string, most int) bool { return edits(a, b, true, most) <= most }

// edits is the distance, or any number above most where it is above most.
func edits(a, b string, exchanges bool, most int) int {
	if word(a) && word(b) {
		return editWord(a, b, exchanges)
	}
	return editAny(a, b, exchanges, most)
}

func editAny(a, b string, exchanges bool, most int) int {
	var roomA, roomB roomFor
	left, right := characters(roomA[:0], a), characters(roomB[:0], b)
	var s symbols
	if s.number(left, right) {
		return editWord(s.a[:len(left)], s.b[:len(right)], exchanges)
	}
	return editTable(left, right, exchanges, most)
}

// editWord takes strings of symbols below 128, at most 64 long.
func editWord[S string | []byte](a, b S, exchanges bool) int {
	if len(a) == 0 {
		return len(b)
	}
	if len(b) == 0 {
		return len(a)
	}
	var at positions
	mark(&at, a)
	plus, minus := ^uint64(0), uint64(0)
	var diagonal, before uint64
	last := uint64(1) << (len(a) - 1)
	distance := len(a)
	for j := range len(b) {
		equal := at[b[j]&127]
		var exchanged uint64
		if exchanges {
			exchanged = ((^diagonal & equal) << 1) & before
		}
		diagonal = (((equal & plus) + plus) ^ plus) | equal | minus | exchanged
		up := minus | ^(diagonal | plus)
		down := diagonal & plus
		if up&last != 0 {
			distance++
		}
		if down&last != 0 {
			distance--
		}
		up = up<<1 | 1
		down <<= 1
		plus = down | ^(diagonal | up)
		minus = up & diagonal
		before = equal
	}
	return distance
}

// rows are those of a table that are needed at a time; room is used where it is
// large enough.
func rows(room *[3][roomy + 2]int, width int) (two, one, row []int) {
	if width > len(room[0]) {
		return make([]int, width), make([]int, width), make([]int, width)
	}
	return room[0][:width], room[1][:width], room[2][:width]
}

// inner is what is left of two strings without what they begin and end with
// alike: no edit of the least number is there.
func inner(a, b []rune) ([]rune, []rune) {
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return a, b
}

// editTable is the table of the definition, three rows at a time. No way leads
// around two rows that are above most.
func editTable(a, b []rune, exchanges bool, most int) int {
	a, b = inner(a, b)
	var room [3][roomy + 2]int
	two, one, row := rows(&room, len(b)+1)
	for j := range one {
		one[j] = j
	}
	least := 0 // of the row before
	for i := 1; i <= len(a); i++ {
		row[0] = i
		before := least
		least = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			distance := min(one[j]+1, row[j-1]+1, one[j-1]+cost)
			if exchanges && i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				distance = min(distance, two[j-2]+1)
			}
			row[j] = distance
			least = min(least, distance)
		}
		if min(before, least) > most {
			return most + 1
		}
		two, one, row = one, row, two
	}
	return one[len(b)]
}

// surelyDamerau is the greatest OSA distance that the true Damerau distance
// cannot fall below: an exchange with something between costs two at least, and
// OSA one more than it.
const surelyDamerau = 2

// Damerau is the true Damerau-Levenshtein distance: exchanged characters may
// have others put between them (Lowrance and Wagner 1975).
func Damerau(a, b string) int {
	if osa := OSA(a, b); osa <= surelyDamerau {
		return osa
	}
	var roomA, roomB roomFor
	return damerauTable(characters(roomA[:0], a), characters(roomB[:0], b))
}

// WithinDamerau says whether Damerau(a, b) is at most so many, which OSA mostly
// tells: it is at least Damerau and at most half as much again.
func WithinDamerau(a, b string, most int) bool {
	switch osa := edits(a, b, true, most+most/2); {
	case osa <= most:
		return true
	case osa > most+most/2:
		return false
	}
	return Damerau(a, b) <= most
}

// damerauTable keeps two rows of the table, and of the rows above what an
// exchange can come from (Zhao and Sahni 2020, "Linear space string correction
// algorithm using the Damerau-Levenshtein distance").
func damerauTable(a, b []rune) int {
	a, b = inner(a, b)
	var room [3][roomy + 2]int
	width := len(b) + 2
	exchange, above, row := rows(&room, width)
	var roomSeen [roomy + 2]int
	seen := roomSeen[:] // last row in which the column's character stood
	if width > len(roomSeen) {
		seen = make([]int, width)
	}
	never := max(len(a), len(b)) + 1
	for j := range width {
		exchange[j], above[j], row[j], seen[j] = never, never, j-1, -1
	}
	row[0] = never
	// Column j of the table stands at j+1; row 0 is in row.
	for i := 1; i <= len(a); i++ {
		above, row = row, above
		lastColumn, crossed := -1, never
		leftBefore := row[1] // two rows above, one column to the left
		row[1] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			distance := min(above[j]+cost, row[j]+1, above[j+1]+1)
			switch {
			case cost == 0:
				lastColumn, crossed, seen[j] = j, leftBefore, i
				exchange[j+1] = above[j-1]
			case j-lastColumn == 1:
				distance = min(distance, exchange[j+1]+i-seen[j])
			case i-seen[j] == 1:
				distance = min(distance, crossed+j-lastColumn)
			}
			leftBefore, row[j+1] = row[j+1], distance
		}
	}
	return row[len(b)+1]
}

// WithinOne says whether OSA(a, b) <= 1, without a table.
func WithinOne(a, b string) bool {
	if !ASCII(a) || !ASCII(b) {
		return OSA(a, b) <= 1
	}
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	for len(a) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	if len(a) == 2 && len(b) == 2 {
		return a[0] == b[1] && a[1] == b[0]
	}
	return len(b) <= 1
}

// Slips is how many edits a word of so many letters, as heard, may have and still
// be the same word: none below four, where another letter is another name (Hoa,
// Hua), two in long ones.
func Slips(letters int) int {
	switch {
	case letters < 4:
		return 0
	case letters < 8:
		return 1
	}
	return 2
}
