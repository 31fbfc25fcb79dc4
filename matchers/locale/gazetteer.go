package locale

import (
	"cmp"
	"hash/fnv"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"rollcall/matchers/text"
)

// The rules by which an area is found, and those that find none.
const (
	RuleAreaName      = "area_name"      // it has the name
	RuleAreaSound     = "area_sound"     // its name sounds like it and is spelt much alike
	RuleAreaSlip      = "area_slip"      // one letter of its name is another, more, less, or has changed places
	RuleAreaAround    = "area_around"    // it is the area around the place, which itself is not known for certain
	RuleAreaAmbiguous = "area_ambiguous" // several areas fit as well
	RuleAreaUnknown   = "area_unknown"   // none fits
	RuleAreaSuccessor = "area_successor" // it has taken the place of the area that was named
	RuleAreaDivided   = "area_divided"   // the area that was named is several areas now
)

// Gazetteer finds the areas of a tree by their names, whichever way these are
// written. It is made once and may be asked by several goroutines.
//
// An area is found where it alone fits best: where most of the names that stand with
// the place are its own and those of areas around it, and of these the one that is
// written most alike. A name fits that is the same in normal form but for spaces;
// that sounds the same (text.Romanised, three sounds and more) at a Jaro-Winkler
// similarity of 0.8; or, from five letters on, in which one letter but the first is
// another, more, less, or has changed places with the next. Numbers in it are the same.
type Gazetteer struct {
	pack   *Pack
	words  *areaWords
	areas  []Area
	codes  map[string]int32 // areas by their codes
	units  []areaUnit       // by area
	names  []areaName
	exact  map[string][]int32 // names by their letters
	sounds map[string][]int32 // names by their sound
	slips  []slip             // names by their letters without one, in order of the hash
	deep   levelSet           // levels that the tree has; 0 where it does not say
}

// areaUnit is what an area is one with, over all vintages.
type areaUnit struct {
	code   string          // that of today
	around map[string]bool // the units around it
	leaf   bool
}

type areaName struct {
	letters string
	area    int32
	own     levelSet // that its name says
	levels  levelSet // that it has
}

// slip is a name without one of its letters.
type slip struct {
	hash uint32
	name int32
}

// How like a name must be to fit.
const (
	leastSounds    = 3
	leastAlike     = 0.8
	leastSlipping  = 5 // letters of a name in which one may be wrong
	mostPlaceNames = 12
)

// NewGazetteer reads a tree under a pack; nil is the neutral one.
func NewGazetteer(areas []Area, pack *Pack) *Gazetteer {
	pack = cmp.Or(pack, Neutral())
	levels := slices.Clone(pack.Levels)
	known := pack.areaWords()
	for _, a := range areas {
		if a.Level != "" && known.level(a.Level) == 0 && !slices.ContainsFunc(levels, func(l Level) bool { return l.Name == a.Level }) {
			levels = append(levels, Level{Name: a.Level})
		}
	}
	g := &Gazetteer{
		pack: pack, words: newAreaWords(pack, levels), areas: areas, codes: make(map[string]int32, len(areas)),
		exact: map[string][]int32{}, sounds: map[string][]int32{},
	}
	for i, a := range areas {
		g.codes[a.Code] = int32(i)
		g.deep |= g.words.level(a.Level)
		for _, name := range append([]string{a.Name}, a.Others...) {
			g.add(int32(i), name)
		}
	}
	g.units = unitsAround(areas)
	slices.SortFunc(g.slips, func(a, b slip) int { return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.name, b.name)) })
	return g
}

// unitsAround tells of each area what it is one with and what lies around it, as of
// today and as it was.
func unitsAround(areas []Area) []areaUnit {
	units := Units(areas)
	parents := map[string][]string{} // units by unit
	inner := map[string]bool{}
	for _, a := range areas {
		if p, ok := units[a.Parent]; ok && p.Code != units[a.Code].Code {
			parents[units[a.Code].Code] = append(parents[units[a.Code].Code], p.Code)
			inner[p.Code] = true
		}
	}
	around := map[string]map[string]bool{}
	for code := range parents {
		reached := map[string]bool{}
		for next := parents[code]; len(next) > 0; {
			at := next[0]
			next = next[1:]
			if !reached[at] && at != code {
				reached[at] = true
				next = append(slices.Clone(next), parents[at]...)
			}
		}
		around[code] = reached
	}
	out := make([]areaUnit, len(areas))
	for i, a := range areas {
		code := units[a.Code].Code
		out[i] = areaUnit{code, around[code], !inner[code]}
	}
	return out
}

// add files a name of an area under its letters in each reading, its sound and its
// slips.
func (g *Gazetteer) add(area int32, written string) {
	parts := g.words.parts(g.pack, nil, written)
	if len(parts) == 0 {
		return
	}
	part := parts[0] // what stands in brackets or behind a comma is said of it
	levels := part.levels | g.words.level(g.areas[area].Level)
	for _, reading := range part.readings(g.pack.Languages) {
		letters := strings.ReplaceAll(reading, " ", "")
		if letters == "" {
			continue
		}
		n := int32(len(g.names))
		g.names = append(g.names, areaName{letters, area, part.levels, levels})
		g.exact[letters] = append(g.exact[letters], n)
		g.words.keep(reading)
		if sound := text.Romanised(letters); len(sound) >= leastSounds {
			g.sounds[sound] = append(g.sounds[sound], n)
		}
		for hash := range without(letters) {
			g.slips = append(g.slips, slip{hash, n})
		}
	}
}

// without are the hashes of a name and of the name without each one of its letters
// but the first, where it is long enough to slip.
func without(letters string) map[uint32]bool {
	if utf8.RuneCountInString(letters) < leastSlipping-1 {
		return nil
	}
	hashes := map[uint32]bool{hashOf(letters): true}
	for i, r := range letters {
		if i > 0 {
			hashes[hashOf(letters[:i]+letters[i+utf8.RuneLen(r):])] = true
		}
	}
	return hashes
}

func hashOf(s string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(s))
	return h.Sum32()
}

// fitting is an area that a name may be of, how much differs, and the rule.
type fitting struct {
	area int32
	cost int
	rule string // RuleAreaName, RuleAreaSound or RuleAreaSlip
}

// What differs costs so much. A sound and a letter cost the same: what is near to two
// names in two ways is ambiguous.
const (
	costLevel = 1
	costNear  = 2
)

// fittings are the areas that a name fits, the best of each once, in order.
func (g *Gazetteer) fittings(part placeName) []fitting {
	best := map[int32]fitting{}
	fit := func(n int32, cost int, rule string) {
		name := &g.names[n]
		switch {
		case !part.levels.fits(name.levels):
			return
		case part.levels != name.own && (part.levels == 0 || name.own != 0):
			cost += costLevel
		}
		if known, ok := best[name.area]; !ok || cost < known.cost {
			best[name.area] = fitting{name.area, cost, rule}
		}
	}
	if !part.no {
		for _, reading := range part.readings(g.pack.Languages) {
			g.fitReading(strings.ReplaceAll(reading, " ", ""), fit)
		}
	}
	out := make([]fitting, 0, len(best))
	for _, area := range slices.Sorted(maps.Keys(best)) {
		out = append(out, best[area])
	}
	return out
}

func (g *Gazetteer) fitReading(letters string, fit func(name int32, cost int, rule string)) {
	for _, n := range g.exact[letters] {
		fit(n, 0, RuleAreaName)
	}
	if sound := text.Romanised(letters); len(sound) >= leastSounds {
		for _, n := range g.sounds[sound] {
			if near := g.names[n].letters; sameNumbers(near, letters) && text.JaroWinkler(near, letters) >= leastAlike {
				fit(n, costNear, RuleAreaSound)
			}
		}
	}
	for hash := range without(letters) {
		at, _ := slices.BinarySearchFunc(g.slips, hash, func(s slip, h uint32) int { return cmp.Compare(s.hash, h) })
		for ; at < len(g.slips) && g.slips[at].hash == hash; at++ {
			near := g.names[g.slips[at].name].letters
			longEnough := max(utf8.RuneCountInString(near), utf8.RuneCountInString(letters)) >= leastSlipping
			if longEnough && near[0] == letters[0] && sameNumbers(near, letters) && text.WithinOne(near, letters) {
				fit(g.slips[at].name, costNear, RuleAreaSlip)
			}
		}
	}
}

// sameNumbers tells that two texts have the same digits: Ward 1 is not Ward 2.
func sameNumbers(a, b string) bool {
	digits := func(s string) string { return strings.Map(keepDigit, s) }
	return digits(a) == digits(b)
}

func keepDigit(r rune) rune {
	if unicode.IsDigit(r) {
		return r
	}
	return -1
}

// Find tells the code of the area that a text names, which may be a code itself,
// and the rules that found it; "" where none fits, or several fit as well. Names of
// the areas around it may stand with it in any order, with commas or words for
// their levels between them. Where only an area around the place is certain, it is
// that one, and RuleAreaAround says so.
func (g *Gazetteer) Find(s string) (code string, rules []string) {
	return g.FindRow([]Cell{{Text: s}})
}

// Cell is a cell of a row that names a place; its column's header may say the level.
type Cell struct{ Header, Text string }

// FindRow is Find for the names of places of a row.
func (g *Gazetteer) FindRow(cells []Cell) (code string, rules []string) {
	if whole := strings.TrimSpace(cells[0].Text); len(cells) == 1 {
		if _, ok := g.codes[whole]; ok {
			return whole, nil
		}
	}
	var t trail
	var names []asked
	for _, c := range cells {
		names = append(names, g.asked(&t, c.Text, g.words.inHeader(c.Header))...)
	}
	names = names[:min(len(names), mostPlaceNames)]
	found, how := g.settle(names)
	return found, append(t.rules, how...)
}

// On is the code of the area that has taken the place of another by a day
// (YYYY-MM-DD), and the rule; the same code and no rule where the area was there on
// that day. Of an area that was divided it is the code as it was.
func (g *Gazetteer) On(code, day string) (now, rule string) {
	for range g.areas { // a succession with a loop ends too
		at, known := g.codes[code]
		if !known {
			return code, rule
		}
		a := &g.areas[at]
		ended := a.To != "" && a.To < day || a.To == "" && len(a.Successors) > 0
		switch {
		case !ended || len(a.Successors) == 0:
			return code, rule
		case len(a.Successors) > 1:
			return code, RuleAreaDivided
		}
		code, rule = a.Successors[0], RuleAreaSuccessor
	}
	return code, rule
}

// asked is a name that a place is written with, and the areas that it fits.
type asked struct {
	placeName
	many []fitting          // the areas that it fits
	fits map[string]fitting // the best of each unit
}

// asked are the names of a text, of which the first has a level where it does not say
// so itself. The country's own and postcodes say nothing.
func (g *Gazetteer) asked(t *trail, s string, level levelSet) []asked {
	var all []asked
	for i, part := range g.words.parts(g.pack, t, s) {
		if i == 0 && part.levels == 0 {
			part.levels = level
		}
		part.name = withoutPostcode(part.name)
		if part.name == "" || part.name == g.words.title {
			continue
		}
		a := g.fitted(part)
		if len(a.many) > 0 || part.no || part.native != "" {
			all = append(all, a)
			continue
		}
		all = append(all, g.within(a)...)
	}
	return all
}

func (g *Gazetteer) fitted(part placeName) asked {
	a := asked{placeName: part, many: g.fittings(part), fits: map[string]fitting{}}
	for _, f := range a.many {
		unit := g.units[f.area].code
		if known, ok := a.fits[unit]; !ok || f.cost < known.cost {
			a.fits[unit] = f
		}
	}
	return a
}

// leastPostcode is how many digits a postcode has.
const leastPostcode = 4

func withoutPostcode(name string) string {
	words := strings.Fields(name)
	for i := len(words) - 1; i >= 0; i-- {
		if len(words[i]) < leastPostcode || strings.Trim(words[i], "0123456789") != "" {
			break
		}
		words = words[:i]
	}
	return strings.Join(words, " ")
}

// within are the names of areas that stand side by side in a name that is none's, and
// what is left of it.
func (g *Gazetteer) within(a asked) []asked {
	words := strings.Fields(a.name)
	var found []asked
	var left []string
	for i := 0; i < len(words); {
		n := min(mostWordsOfName, len(words)-i)
		for ; n > 0; n-- {
			name := strings.Join(words[i:i+n], "")
			if len(name) >= leastSlipping && len(g.exact[name]) > 0 {
				found = append(found, g.fitted(placeName{name: strings.Join(words[i:i+n], " ")}))
				break
			}
		}
		if n == 0 {
			left = append(left, words[i])
			n = 1
		}
		i += n
	}
	if len(found) == 0 || len(left) > 0 {
		a.name = strings.Join(left, " ")
		found = append(found, a)
	}
	return found
}

// choice is an area that one of the names fits.
type choice struct {
	fitting
	by           int // the name's place
	named, total int // names that are its own or of areas around it, and their costs
}

// settle chooses the area.
func (g *Gazetteer) settle(names []asked) (code string, rules []string) {
	best := g.choices(names)
	if len(best) == 0 {
		return "", []string{RuleAreaUnknown}
	}
	at, sure := g.one(best, names)
	if at.area < 0 {
		return "", []string{RuleAreaAmbiguous}
	}
	rules = []string{at.rule}
	if !sure || g.more(at.area, names) {
		rules = append(rules, RuleAreaAround)
	}
	return g.codeOf(at.area, best), rules
}

// choices are the areas that fit best, all as well.
func (g *Gazetteer) choices(names []asked) []choice {
	var best []choice
	for i, n := range names {
		for _, f := range n.many {
			c := choice{f, i, 1, f.cost}
			for j := range names {
				if cost, ok := g.cheapest(&names[j], f.area); ok && j != i {
					c.named++
					c.total += cost
				}
			}
			order := -1
			if len(best) > 0 {
				order = cmp.Or(best[0].named-c.named, c.total-best[0].total)
			}
			if order < 0 {
				best = best[:0]
			}
			if order <= 0 {
				best = append(best, c)
			}
		}
	}
	return best
}

// cheapest is what it costs that a name is of an area around another.
func (g *Gazetteer) cheapest(n *asked, area int32) (cost int, ok bool) {
	for unit := range g.units[area].around {
		if f, fits := n.fits[unit]; fits && (!ok || f.cost < cost) {
			cost, ok = f.cost, true
		}
	}
	return cost, ok
}

// one is the area of those that fit best, or else the smallest that is certain; its
// number is below zero where there is none. sure says that it is the place itself.
func (g *Gazetteer) one(best []choice, names []asked) (at fitting, sure bool) {
	rivals := g.elsewhere(best, names)
	if len(rivals) == 1 {
		return rivals[0].fitting, true
	}
	if around, ok := g.common(rivals, names); ok {
		return around, false
	}
	// A small place has its name from many others, a large one seldom.
	depth := func(c choice) int { return len(g.units[c.area].around) }
	slices.SortStableFunc(rivals, func(a, b choice) int { return depth(a) - depth(b) })
	largest := rivals[0]
	if depth(largest) < depth(rivals[1]) && !slices.ContainsFunc(rivals[1:], func(c choice) bool { return c.by == largest.by }) {
		return largest.fitting, false
	}
	return fitting{area: -1}, false
}

// elsewhere are the areas that fit best, one of each unit, and those that have the name
// of another place in the text.
func (g *Gazetteer) elsewhere(best []choice, names []asked) []choice {
	var all []choice
	seen := map[string]bool{}
	add := func(c choice) {
		if unit := g.units[c.area].code; !seen[unit] {
			seen[unit] = true
			all = append(all, c)
		}
	}
	for _, c := range best {
		add(c)
	}
	for i := range names {
		if g.related(&names[i], best[0].area) {
			continue
		}
		for _, f := range names[i].many {
			add(choice{fitting: f, by: i})
		}
	}
	return all
}

// related tells that a name may be of the area or of one around it.
func (g *Gazetteer) related(n *asked, area int32) bool {
	_, own := n.fits[g.units[area].code]
	_, around := g.cheapest(n, area)
	return own || around
}

// common is the smallest area, of those that the text names, that all of some are or
// lie in.
func (g *Gazetteer) common(rivals []choice, names []asked) (around fitting, ok bool) {
	deepest := -1
	for i := range names {
		for _, f := range names[i].many {
			unit := g.units[f.area]
			outside := func(r choice) bool { u := g.units[r.area]; return u.code != unit.code && !u.around[unit.code] }
			if len(unit.around) > deepest && !slices.ContainsFunc(rivals, outside) {
				around, deepest, ok = f, len(unit.around), true
			}
		}
	}
	return around, ok
}

// more tells that the text names a smaller place in an area with others in it.
func (g *Gazetteer) more(area int32, names []asked) bool {
	return !g.units[area].leaf && slices.ContainsFunc(names, func(n asked) bool {
		return !n.no && n.levels.fits(g.deep) && !g.related(&n, area)
	})
}

// codeOf is the code of an area, or that of today where both vintages fit.
func (g *Gazetteer) codeOf(area int32, best []choice) string {
	unit := g.units[area].code
	for _, c := range best {
		if c.area != area && g.units[c.area].code == unit {
			return unit
		}
	}
	return g.areas[area].Code
}
