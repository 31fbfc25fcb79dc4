package kernel

import (
	"math/bits"
	"strings"
	"unicode/utf8"

	"rollcall/matchers/model"
	"rollcall/matchers/text"
)

// comparer judges two different values of one field by their codes. It is
// symmetric.
type comparer interface {
	level(a, b uint32) uint8
}

func newComparer(f *Field) comparer {
	if f.Ladder.Declared != nil {
		return newDeclared(f)
	}
	switch f.Ladder.Kind {
	case model.Place, model.Address, model.Text:
		return &names{spelling: newSpelling(f.values, letterSlot), similar: .8, near: .92, edits: 2, leastRunes: 5}
	case model.Date:
		return newDates(f)
	case model.Identifier, model.Phone:
		return &numbers{newSpelling(f.values, digitSlot)}
	case model.Postcode:
		return &postcodes{f.values}
	case model.HouseNumber:
		return &houseNumbers{f.values}
	case model.Email:
		return &emails{f.values}
	}
	return differs{}
}

// newNames compares the names of a field; given and family names as a whole too.
func newNames(f *Field) *wordNames {
	n := &wordNames{lexicon: f.lexicon}
	if f.Ladder.Kind != model.FullName {
		n.whole = &names{spelling: newSpelling(f.values, letterSlot), similar: .82, near: .92, edits: 1, leastRunes: 4, openings: true}
	}
	return n
}

// differs is for categories: what is not equal differs.
type differs struct{}

func (differs) level(a, b uint32) uint8 { return 0 }

// spelling has of each value what bounds its distance to another: which
// letters it has, each counted up to a few, in unary, so that the letters in
// common are at most the bits in common and the lesser overflow.
type spelling struct {
	values   []string
	features []feature
}

type feature struct {
	signature uint64
	opening   uint32 // the first four bytes, the first one lowest
	length    uint8
	overflow  uint8
	plain     bool // ASCII of at most 64 bytes: the bounds hold
}

// prefix is how many of their first bytes two values have in common, at most four.
func prefix(a, b feature) int {
	most := min(int(a.length), int(b.length), 4)
	return min(most, bits.TrailingZeros32(a.opening^b.opening)/8)
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

func newSpelling(values []string, place slot) spelling {
	s := spelling{values: values, features: make([]feature, len(values))}
	for code, value := range values {
		f := &s.features[code]
		f.length = uint8(min(len(value), 255))
		f.plain = len(value) <= 64
		for i := range len(value) {
			c := value[i]
			if c >= utf8.RuneSelf {
				f.plain = false
				break
			}
			if i < 4 {
				f.opening |= uint32(c) << (8 * i)
			}
			first, width := place(c)
			field := f.signature >> first & (1<<width - 1)
			if field == 1<<width-1 {
				f.overflow++
			} else {
				f.signature |= (field<<1 | 1) << first
			}
		}
	}
	return s
}

// common is the most letters that two plain values can have in common.
func common(a, b feature) int {
	n := bits.OnesCount64(a.signature&b.signature) + int(min(a.overflow, b.overflow))
	return min(n, int(a.length), int(b.length))
}

// apart says that two plain values are more than so many edits apart, by their
// letters alone.
func apart(a, b feature, edits int) bool {
	return common(a, b) < int(max(a.length, b.length))-edits
}

// names compares by Jaro-Winkler and edits.
type names struct {
	spelling
	similar, near float64
	edits         int  // OSA distance that counts as near
	leastRunes    int  // of both values, for edits to count
	openings      bool // a value that begins the other is similar: an initial, a short form
}

func (n *names) level(a, b uint32) uint8 {
	fa, fb := n.features[a], n.features[b]
	if !fa.plain || !fb.plain {
		return n.exact(n.values[a], n.values[b])
	}
	possible, begin := common(fa, fb), prefix(fa, fb)
	m := float64(possible)
	jaro := (m/float64(fa.length) + m/float64(fb.length) + 1) / 3
	switch {
	case possible > 0 && jaro+.1*float64(begin)*(1-jaro) >= n.similar:
		return n.exact(n.values[a], n.values[b])
	case !apart(fa, fb, n.edits) && n.withinEdits(n.values[a], n.values[b]):
		return 2
	case begin == min(int(fa.length), int(fb.length), 4):
		return n.opening(n.values[a], n.values[b])
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

// numbers are identifiers and phones: only slips of the pen count.
type numbers struct{ spelling }

func (n *numbers) level(a, b uint32) uint8 {
	fa, fb := n.features[a], n.features[b]
	if fa.plain && fb.plain && apart(fa, fb, 2) {
		return 0
	}
	switch text.OSA(n.values[a], n.values[b]) {
	case 1:
		return 2
	case 2:
		return 1
	}
	return 0
}

type postcodes struct{ values []string }

func (p *postcodes) level(a, b uint32) uint8 {
	va, vb := p.values[a], p.values[b]
	if text.WithinOne(va, vb) {
		return 2
	}
	if half(va) == half(vb) {
		return 1
	}
	return 0
}

func half(s string) string { return s[:min(len(s), max(2, len(s)/2))] }

type houseNumbers struct{ values []string }

func (h *houseNumbers) level(a, b uint32) uint8 {
	va, vb := h.values[a], h.values[b]
	if min(len(va), len(vb)) >= 2 && text.WithinOne(va, vb) {
		return 1
	}
	return 0
}

type emails struct{ values []string }

func (e *emails) level(a, b uint32) uint8 {
	va, vb := e.values[a], e.values[b]
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
