package recognise

import (
	"slices"
	"strings"
	"unicode/utf8"

	"rollcall/matchers/model"
)

// genericWords are those of headers that a program made up.
var genericWords = strings.Fields("col column field fld var variable attr attribute feature unnamed value spalte columna colonne kolom kolonne")

// silent tells a header that says nothing: c1, x7, column 3, or none.
func (h header) silent() bool {
	return h.subject == "" && !slices.ContainsFunc(h.words, func(w string) bool {
		return utf8.RuneCountInString(w) > 1 && !slices.Contains(genericWords, w)
	})
}

// content reads columns of which no header tells by what their values have to do
// with each other.
type content struct {
	guesses []Guess
	values  [][]string
	words   []int // columns of words, by place in the file
	sex     int   // the column of sexes, or -1
}

// readContent settles columns whose headers say nothing, as far as their values
// tell: which are names, which numbers come about again and again.
func readContent(guesses []Guess, values [][]string) {
	c := content{guesses, values, nil, find(guesses, "", "sex")}
	for i, g := range guesses {
		if !g.silent || g.Kind == Key || g.profile.filled == 0 || g.profile.distinct == 1 {
			continue
		}
		switch p := g.profile; {
		case g.Meaning == "sex" || g.Kind == model.Email || g.Kind == model.Date || g.Kind == model.Phone:
		case p.letters > 0.8 && p.distinct > fewWords:
			c.words = append(c.words, i)
		case p.withNum > minFit && p.date < 0.5 && p.words < 2.5:
			c.number(i)
		}
	}
	if len(c.words) == 0 || c.inParts() || c.bySex() {
		return
	}
	c.byOrder()
}

// fewWords is how many different words a column has at most that sorts people
// into groups.
const fewWords = 30

// set makes a column what its values tell.
func (c content) set(i int, kind model.Kind, meaning, why string) {
	g := &c.guesses[i]
	g.Kind, g.Meaning, g.Confidence, g.Why = kind, meaning, contentConfidence, why+"; the header does not say"
}

// contentConfidence is how sure one can be without a header.
const contentConfidence = 0.45

// number reads numbers and codes. Those that repeat are compared, whatever they
// are: training finds out what they are worth.
func (c content) number(i int) {
	p := c.guesses[i].profile
	birth := find(c.guesses, "", "birth")
	switch {
	case p.longest <= 3 && birth >= 0 && agesOf(c.values[i], c.values[birth]):
		c.set(i, model.HouseNumber, "age", "it follows from "+c.guesses[birth].Column)
	case p.decimal > minFit || p.distinctShare() > 0.98 || p.counts && p.distinctShare() > 0.5:
	case p.letter >= 6 && p.code > 0.9 && p.distinctShare() > 0.3:
		c.set(i, model.Identifier, c.guesses[i].Column, "long codes, of which some come twice")
	case p.letter <= 10 && p.letter >= 3.5 && p.sameLen > 0.6:
		c.set(i, model.Postcode, "postcode", "short codes of one length that repeat")
	case p.letter <= 10:
		c.set(i, model.HouseNumber, "number", "short numbers that repeat")
	}
}

// inParts finds a whole name and its parts: nearly all words of two columns stand
// in a third, those of the given name before those of the family name.
func (c content) inParts() bool {
	for _, whole := range c.words {
		for _, a := range c.words {
			for _, b := range c.words {
				if a == whole || b == whole || a == b || !c.joined(whole, a, b) {
					continue
				}
				c.name(a, b, "its words and those of "+c.guesses[b].Column+" make "+c.guesses[whole].Column, "its words and those of "+c.guesses[a].Column+" make "+c.guesses[whole].Column)
				for _, other := range c.words {
					if other == whole || other != a && other != b && c.within(a, other) && c.within(b, other) {
						c.guesses[other] = c.guesses[other].ignored("other columns say it in parts")
					}
				}
				c.rest(a, b)
				return true
			}
		}
	}
	return false
}

// joined tells whether the whole begins with the words of a and goes on to those
// of b, in most records that have both.
func (c content) joined(whole, a, b int) bool {
	const share, enough = 0.6, 20
	both, so := 0, 0
	for row, w := range c.values[whole] {
		x, y := c.values[a][row], c.values[b][row]
		if x == "" || y == "" || w == "" {
			continue
		}
		both++
		if strings.EqualFold(x, y) {
			continue
		}
		at := strings.Index(strings.ToLower(w), strings.ToLower(x))
		if at >= 0 && strings.Contains(strings.ToLower(w[min(at+len(x), len(w)):]), strings.ToLower(y)) {
			so++
		}
	}
	return both >= enough && float64(so) >= share*float64(both)
}

// within tells whether nearly all values of a column are part of another's.
func (c content) within(part, whole int) bool {
	n, so := 0, 0
	for row, v := range c.values[part] {
		if v != "" {
			n++
			if strings.Contains(strings.ToLower(c.values[whole][row]), strings.ToLower(v)) {
				so++
			}
		}
	}
	return float64(so) > 0.6*float64(n)
}

// name makes two columns a name.
func (c content) name(given, family int, whyGiven, whyFamily string) {
	c.set(given, model.GivenName, "given", whyGiven)
	c.set(family, model.FamilyName, "family", whyFamily)
}

// rest makes what other words there are places: whether a household shares them is
// learnt.
func (c content) rest(names ...int) {
	for _, i := range c.words {
		if slices.Contains(names, i) || !c.guesses[i].Compared() && c.guesses[i].Meaning != "free text" {
			continue
		}
		if c.guesses[i].profile.words >= 1.5 {
			c.set(i, model.Address, "address", "words, not of names")
		} else {
			c.set(i, model.Place, "place", "words, not of names")
		}
	}
}

// bySex finds the given names where the sexes of people are known: names tell
// them. The family name is the next column of single words that does not.
func (c content) bySex() bool {
	if c.sex < 0 {
		return false
	}
	var telling, others []int
	for _, i := range c.words {
		switch words := c.guesses[i].profile.words; {
		case words <= 2 && c.tellsSex(i):
			telling = append(telling, i)
		case words <= 1.6:
			others = append(others, i)
		}
	}
	if len(telling) == 0 {
		return false
	}
	given, family := telling[0], -1
	for _, i := range others {
		if family < 0 || near(i, given) < near(family, given) {
			family = i
		}
	}
	const tells = "its values tell the sex, as given names do"
	if family < 0 {
		c.set(given, model.GivenName, "given", tells)
	} else {
		c.name(given, family, tells, "words beside given names")
	}
	for _, i := range telling[1:] {
		c.set(i, model.GivenName, "middle", tells)
	}
	c.rest(append(telling, family)...)
	return true
}

// near is how far apart two columns stand, those behind before those in front.
func near(column, from int) int {
	if column < from {
		return 2*(from-column) + 1
	}
	return 2 * (column - from)
}

// tellsSex tells whether the values that come often nearly always have one sex.
func (c content) tellsSex(column int) bool {
	const often, tells = 5, 0.85
	counts := map[string]map[string]int{}
	for row, v := range c.values[column] {
		sex := strings.ToLower(c.values[c.sex][row])
		if v = strings.ToLower(v); v == "" || sex == "" {
			continue
		}
		if counts[v] == nil {
			counts[v] = map[string]int{}
		}
		counts[v][sex]++
	}
	all, most := 0, 0
	bySex := map[string]int{}
	for _, sexes := range counts {
		n, top := 0, 0
		for sex, k := range sexes {
			n += k
			top = max(top, k)
			bySex[sex] += k
		}
		if n >= often {
			all += n
			most += top
		}
	}
	people, largest := 0, 0
	for _, n := range bySex {
		people += n
		largest = max(largest, n)
	}
	// Where nearly all have one sex, anything tells it.
	return all > 0 && float64(most) >= tells*float64(all) && float64(largest) < 0.8*float64(people)
}

// byOrder takes the first two columns of single words, most of them filled, for
// given and family name, or the first of several words for a whole name.
func (c content) byOrder() {
	var single []int
	for _, i := range c.words {
		p := c.guesses[i].profile
		if p.words < 1.4 && p.fill() > 0.5 {
			single = append(single, i)
		}
		if p.words >= 1.6 && p.words < 5 && p.fill() > 0.5 && len(single) == 0 {
			c.set(i, model.FullName, "full", "the first column of several words")
			c.rest(i)
			return
		}
	}
	if len(single) < 2 {
		return
	}
	c.name(single[0], single[1], "the first column of single words", "the second column of single words")
	c.rest(single[0], single[1])
}
