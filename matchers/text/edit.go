package text

// Levenshtein is the least number of insertions, deletions and substitutions
// that turn a into b. Up to 64 runes it runs in words (Myers 1999, "A fast
// bit-vector algorithm for approximate string matching").
func Levenshtein(a, b string) int {
	s, ok := small(a, b)
	if !ok {
		return editRows([]rune(a), []rune(b), false)
	}
	return editWord(s.left, s.right, false)
}

// OSA is the optimal string alignment distance: Levenshtein with the exchange
// of two neighbouring runes as one operation, no piece edited twice (Hyyro
// 2003, "A bit-vector algorithm for computing Levenshtein and Damerau edit
// distances").
func OSA(a, b string) int {
	s, ok := small(a, b)
	if !ok {
		return editRows([]rune(a), []rune(b), true)
	}
	return editWord(s.left, s.right, true)
}

func editWord(a, b string, exchanges bool) int {
	if len(a) == 0 {
		return len(b)
	}
	if len(b) == 0 {
		return len(a)
	}
	var positions [128]uint64
	for i := range len(a) {
		positions[a[i]&127] |= 1 << i
	}
	plus, minus := ^uint64(0), uint64(0)
	var diagonal, before uint64
	last := uint64(1) << (len(a) - 1)
	distance := len(a)
	for j := range len(b) {
		equal := positions[b[j]&127]
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

// editRows is the table of the definition, three rows at a time.
func editRows(a, b []rune, exchanges bool) int {
	two, one, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range one {
		one[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(one[j]+1, row[j-1]+1, one[j-1]+cost)
			if exchanges && i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], two[j-2]+1)
			}
		}
		two, one, row = one, row, two
	}
	return one[len(b)]
}

// Damerau is the true Damerau-Levenshtein distance: exchanged runes may have
// others put between them (Lowrance and Wagner 1975).
func Damerau(a, b string) int {
	ra, rb := []rune(a), []rune(b)
	la, lb := len(ra), len(rb)
	if la == 0 || lb == 0 {
		return max(la, lb)
	}
	width := lb + 2
	table := make([]int, (la+2)*width)
	at := func(i, j int) *int { return &table[i*width+j] }
	unreachable := la + lb
	*at(0, 0) = unreachable
	for i := 0; i <= la; i++ {
		*at(i+1, 0), *at(i+1, 1) = unreachable, i
	}
	for j := 0; j <= lb; j++ {
		*at(0, j+1), *at(1, j+1) = unreachable, j
	}
	lastRow := make(map[rune]int, la)
	for i := 1; i <= la; i++ {
		lastColumn := 0
		for j := 1; j <= lb; j++ {
			rowOfSame, columnOfSame := lastRow[rb[j-1]], lastColumn
			cost := 1
			if ra[i-1] == rb[j-1] {
				cost, lastColumn = 0, j
			}
			*at(i+1, j+1) = min(
				*at(i, j)+cost,
				*at(i+1, j)+1,
				*at(i, j+1)+1,
				*at(rowOfSame, columnOfSame)+(i-rowOfSame-1)+1+(j-columnOfSame-1),
			)
		}
		lastRow[ra[i-1]] = i
	}
	return *at(la+1, lb+1)
}

// WithinOne says whether OSA(a, b) <= 1, without a table.
func WithinOne(a, b string) bool {
	if !ascii(a) || !ascii(b) {
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
