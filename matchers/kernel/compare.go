package kernel

import (
	"math/bits"
	"strings"
	"unicode/utf8"

	"rollcall/matchers/dictionary"
	"rollcall/matchers/model"
	"rollcall/matchers/text"
)

// comparer judges two different values of one field by their cells, if they have
// any, and their codes. It is symmetric.
type comparer interface {
	level(x, y *cell, a, b uint32) uint8
}

// cell is what bounds the comparison of a value, or settles it: small, as it is
// read for many pairs. What it holds is its comparer's.
type cell [2]uint64

// newComparer makes the comparer of a field and the cells of its values, nil where
// it has none.
func newComparer(f *Field, same bool) (comparer, []cell) {
	if f.Ladder.Declared != nil {
		return newDeclared(f), nil
	}
	switch f.Ladder.Kind {
	case model.Address:
		return newAddresses(f, same), spell(f.values, letterSlot)
	case model.Place, model.Text:
		return &names{values: f.values, similar: .8, near: .92, edits: 2, leastRunes: 5, least: newLeastLetters(.8)}, spell(f.values, letterSlot)
	case model.Date:
		if f.Ladder.Intervals {
			return newIntervals(f, same)
		}
		return newDates(f)
	case model.Identifier, model.Phone:
		return &numbers{f.values}, spellNumbers(f.values, f.numbers)
	case model.Postcode:
		return &postcodes{f.values}, packAll(f.values)
	case model.HouseNumber:
		return &houseNumbers{f.values}, packAll(f.values)
	case model.Email:
		return &emails{f.values}, nil
	}
	return differs{}, nil
}

// newNames compares the names of a field; given and family names as a whole too.
func newNames(f *Field) *wordNames {
	n := &wordNames{lexicon: f.lexicon}
	if f.lexicon.whole != nil {
		n.spelling = &names{values: f.lexicon.spelt.texts, similar: .82, near: .92, edits: 1, leastRunes: 4, openings: true, least: newLeastLetters(.82)}
	}
	return n
}

// differs is for categories: what is not equal differs.
type differs struct{}

func (differs) level(x, y *cell, a, b uint32) uint8 { return 0 }

// A spelt cell bounds the distance of a value to others. Its first word has which
// letters the value has, each counted up to a few, in unary, so that the letters in
// common are at most the bits in common and the lesser overflow. Its second has
// the first four bytes, the first one lowest, then the length, the overflow, whether
// the value is plain: ASCII of at most 64 bytes, so that the bounds hold, and of
// numbers what numbersOf tells of them.
const (
	plainBytes    = 64
	speltLength   = 32
	speltOverflow = 40
	speltPlain    = 48
	speltNumber   = 56
)

func (c *cell) opening() uint32 { return uint32(c[1]) }
func (c *cell) length() int     { return int(uint8(c[1] >> speltLength)) }
func (c *cell) overflow() int   { return int(uint8(c[1] >> speltOverflow)) }
func (c *cell) plain() bool     { return c[1]>>speltPlain&1 != 0 }
func (c *cell) checked() bool   { return c[1]>>speltNumber&numberChecked != 0 }
func (c *cell) system() uint8   { return numberSystem(uint8(c[1] >> speltNumber)) }

// prefix is how many of their first bytes two values have in common, at most four.
func prefix(a, b *cell) int {
	most := min(a.length(), b.length(), text.WinklerPrefix)
	return min(most, bits.TrailingZeros32(a.opening()^b.opening())/8)
}

// slot gives a byte its bits of the signature: the lowest and how many.
type slot func(c byte) (first, width int)

func letterSlot(c byte) (first, width int) {
	switch {
	case c >= 'a' && c <= 'z':
		return 2 * int(c-'a'), 2
	case c >= '0' && c <= '9':
		return 52 + 2*(int(c-'0')%5), 2
	}
	return 62, 2
}

func digitSlot(c byte) (first, width int) {
	if c >= '0' && c <= '9' {
		return 4 * int(c-'0'), 4
	}
	return 40 + 2*(int(c)%12), 2
}

// spell makes the spelt cells of values.
func spell(values dictionary.Texts, place slot) []cell {
	out := make([]cell, values.Len())
	for code, value := range values.All() {
		out[code] = spellOne(value, place)
	}
	return out
}

// spellOne is the cell of one value.
func spellOne(value string, place slot) cell {
	var signature, overflow, opening uint64
	plain := uint64(1)
	if len(value) > plainBytes {
		plain = 0
	}
	for i := range len(value) {
		c := value[i]
		if c >= utf8.RuneSelf {
			plain = 0
			break
		}
		if i < 4 {
			opening |= uint64(c) << (8 * i)
		}
		first, width := place(c)
		field := signature >> first & (1<<width - 1)
		if field == 1<<width-1 {
			overflow = min(overflow+1, 255)
		} else {
			signature |= (field<<1 | 1) << first
		}
	}
	return cell{signature, opening | uint64(min(len(value), 255))<<speltLength | overflow<<speltOverflow | plain<<speltPlain}
}

// common is the most letters that two plain values can have in common.
func common(a, b *cell) int {
	n := bits.OnesCount64(a[0]&b[0]) + min(a.overflow(), b.overflow())
	return min(n, a.length(), b.length())
}

// apart says that two plain values are more than so many edits apart, by their
// letters alone.
func apart(a, b *cell, edits int) bool {
	return common(a, b) < max(a.length(), b.length())-edits
}

// names compares by Jaro-Winkler and edits.
type names struct {
	values        dictionary.Texts
	similar, near float64
	edits         int  // OSA distance that counts as near
	leastRunes    int  // of both values, for edits to count
	openings      bool // a value that begins the other is similar: an initial, a short form
	least         *leastLetters
}

// leastLetters is how many letters two plain values need in common to be similar, by
// how many of the first ones are equal and by their lengths.
type leastLetters [text.WinklerPrefix + 1][plainBytes + 1][plainBytes + 1]uint8

func newLeastLetters(similar float64) *leastLetters {
	var least leastLetters
	for begin := range text.WinklerPrefix + 1 {
		for a := range plainBytes + 1 {
			for b := range plainBytes + 1 {
				n := 1
				for ; n <= min(a, b); n++ {
					m := float64(n)
					jaro := (m/float64(a) + m/float64(b) + 1) / 3
					if text.Winkler(jaro, begin) >= similar {
						break
					}
				}
				least[begin][a][b] = uint8(n)
			}
		}
	}
	return &least
}

// level asks the letters first. Most values are dismissed by them, and one question
// of all of them is guessed right more often than each.
func (n *names) level(x, y *cell, a, b uint32) uint8 {
	lengthX, lengthY := x.length(), y.length()
	if !x.plain() || !y.plain() {
		return n.exact(n.values.At(a), n.values.At(b))
	}
	begin := prefix(x, y)
	similar := one(common(x, y) >= int(n.least[begin][lengthX][lengthY]))
	near := one(!apart(x, y, n.edits))
	opens := one(begin == min(lengthX, lengthY, text.WinklerPrefix))
	if similar|near|opens == 0 {
		return 0
	}
	switch {
	case similar != 0:
		return n.exact(n.values.At(a), n.values.At(b))
	case near != 0 && n.withinEdits(n.values.At(a), n.values.At(b)):
		return 2
	case opens != 0:
		return n.opening(n.values.At(a), n.values.At(b))
	}
	return 0
}

func (n *names) exact(a, b string) uint8 {
	similarity := text.JaroWinkler(a, b)
	switch {
	case similarity >= n.near || n.withinEdits(a, b):
		return 2
	case similarity >= n.similar:
		return 1
	}
	return n.opening(a, b)
}

func (n *names) opening(a, b string) uint8 {
	if n.openings && (strings.HasPrefix(a, b) || strings.HasPrefix(b, a)) {
		return 1
	}
	return 0
}

func (n *names) withinEdits(a, b string) bool {
	difference := len(a) - len(b)
	if n.leastRunes > 0 && (utf8.RuneCountInString(a) < n.leastRunes || utf8.RuneCountInString(b) < n.leastRunes) {
		return false
	}
	if difference > n.edits*utf8.UTFMax || -difference > n.edits*utf8.UTFMax {
		return false
	}
	if n.edits == 1 {
		return text.WithinOne(a, b)
	}
	return text.OSA(a, b) <= n.edits
}

type emails struct{ values dictionary.Texts }

func (e *emails) level(x, y *cell, a, b uint32) uint8 {
	va, vb := e.values.At(a), e.values.At(b)
	userA, _, _ := strings.Cut(va, "@")
	userB, _, _ := strings.Cut(vb, "@")
	if userA == userB || text.WithinOne(va, vb) {
		return 2
	}
	if text.JaroWinkler(userA, userB) >= .88 {
		return 1
	}
	return 0
}
