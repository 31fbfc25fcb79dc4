package locale

import (
	"slices"
	"strings"
	"sync"
)

// Pack is what the habits of a country add to the rules of the package, as plain
// data: which words of a name are titles, which are spellings of one particle, how
// its numbers and dates are written. It is filled before it is first used and
// never changed after. The zero Pack adds nothing.
type Pack struct {
	// Country is the code of ISO 3166-1, ZZ for any country.
	Country string
	// Title is the country's name for people.
	Title string
	// Languages are BCP 47 codes of the languages that its registers are kept in.
	Languages []string
	// Scripts are the scripts of its registers, as Script names them.
	Scripts []string

	// Parts are the parts of a full name in the order in which they are written.
	Parts []Part
	// Titles are dropped while another word remains.
	Titles []Term
	// Kept are words that are a title elsewhere and a name here: they stay.
	Kept []Term
	// Particles have several spellings, of which one is kept.
	Particles []Term
	// Nicknames stand for one full name. One that may stand for several is none.
	Nicknames []Term
	// Relations come before the name of another person: what follows is cut off.
	Relations []Relation
	// Initials are words that are initials written together: akm for a k m.
	Initials []Term
	// SplitConsonants reads a word of two or three consonants as initials written
	// together: kr for k r.
	SplitConsonants bool
	// MendDigits reads a digit inside a word as the letter that it looks like.
	MendDigits bool
	// Latin writes names of other scripts in Latin letters.
	Latin bool

	// Calendars are those of its registers by the names of package calendar, the
	// commonest first; none are the usual ones.
	Calendars []string
	// DefaultDays stand for the whole year in which they are.
	DefaultDays []MonthDay
	// DateOrder is taken where a column does not show its order.
	DateOrder Order

	// Streets maps abbreviations in addresses to the word.
	Streets map[string]string
	// Numbered maps those that are one before a number only: h 12.
	Numbered map[string]string
	// Levels are the levels of its administrative areas, the largest first.
	Levels []Level
	// Places are names of places that have changed, or of several spellings.
	Places []Term
	// Landmarks are words before the name of what is no area: post office, near.
	Landmarks []string
	// Identifiers are the names of the systems of its identity numbers, as package
	// identifier has them; none are those of the country.
	Identifiers []string

	once  sync.Once
	index index

	areasOnce sync.Once
	areas     *areaWords

	numbersOnce sync.Once
	numbers     *numbering
}

// Part is one part of a full name.
type Part struct {
	Kind     string // one of PartKinds
	Optional bool   // many names are without it
	Why      string
}

// PartKinds are the kinds of parts of a name.
func PartKinds() []string {
	return []string{"title", "religious", "initials", "given", "middle", "father", "grandfather", "mother", "husband", "clan", "family", "second_family", "generation"}
}

// NameParts are the kinds of the parts of a full name, in their order.
func (p *Pack) NameParts() []string {
	kinds := make([]string, len(p.Parts))
	for i, part := range p.Parts {
		kinds[i] = part.Kind
	}
	return kinds
}

// Position says where in a name a term is one.
type Position string

// The positions. A prefix or suffix is written together with its word.
const (
	Anywhere Position = ""
	First    Position = "first"   // before any other word
	Last     Position = "last"    // behind all others
	Between  Position = "between" // with a word on either side
	Prefix   Position = "prefix"
	Suffix   Position = "suffix"
)

// Term is spellings of one thing and what becomes of them.
type Term struct {
	// Written are the spellings in normal form or in native script; one may have
	// several words.
	Written []string
	// Becomes is the form that is kept; "" drops the term.
	Becomes string
	Where   Position
	// Once lets only one of the spellings go: Ma is a title in Ma Ma Lay, and then a name.
	Once        bool
	Why, Source string
}

// Relation is words that come before the name of another person.
type Relation struct {
	Written []string // s/o, or words in normal form
	// Of is who the other is: one of Kin.
	Of string
	// Joins tells that the other name is part of one's own, as behind bin: the
	// words go and the name stays.
	Joins       bool
	Why, Source string
}

// Kin are those whom a relation may name; an alias is another name of the same person.
func Kin() []string {
	return []string{"father", "mother", "husband", "wife", "parent", "child", "carer", ofAlias}
}

const ofAlias = "alias"

// Level is a level of administrative areas.
type Level struct {
	Name    string   // in English: district
	Written []string // other words for it, in normal form or native script: zila, জেলা
	Where   Position // First or Last where its words stand on that side of a name alone
	// Kept says that its words are a part of the name: the city Kota Bandung lies
	// beside the regency Kabupaten Bandung.
	Kept bool
}

// neutral holds for names of many countries at once: only words that are a
// title or a particle wherever they occur. Words that are a title in one country
// and a name in another (Ma, U, Sri, Van, Don, Sheikh) wait for that country's pack.
var neutral = &Pack{
	Country: "ZZ",
	Title:   "any country",
	Latin:   true,
	Titles: []Term{
		{Written: strings.Fields("mr mrs ms dr prof professor"), Why: "titles of courtesy and learning"},
		{Written: strings.Fields("shri shree smt shrimati"), Why: "Mr and Mrs in northern India and Nepal"},
		{Written: strings.Fields("haji hajji hadji hajah alhaj alhaji alhajj hazi"), Why: "who made the pilgrimage to Mecca; the title comes late in life and is left out at will"},
		{Written: strings.Fields("srta"), Why: "Spanish Miss"},
		{Written: strings.Fields("late"), Where: First, Why: "the person died; at the end it may be a name"},
		{Written: strings.Fields("miss master sir madam mister"), Where: First, Why: "titles of courtesy; elsewhere they may be names"},
		{Written: strings.Fields("sr sra"), Where: First, Why: "Spanish Mr and Mrs; at the end Sr is Senior"},
		{Written: strings.Fields("daw"), Where: First, Why: "Burmese Mrs"},
		{Written: strings.Fields("nai nang nangsao"), Where: First, Why: "Thai and Lao Mr, Mrs, Miss"},
		{Written: strings.Fields("lok neak"), Where: First, Why: "Khmer Mr and Mrs"},
	},
	Particles: []Term{
		{Becomes: "mohammad", Written: strings.Fields("md mohd muhammad mohammed muhammed mohamed mohamad muhamad muhamed muhd mohommad mohammod mahammad muhammod mohamadd"), Why: "one name, abbreviated and spelt at will"},
		{Becomes: "mosammat", Written: strings.Fields("mst mosammot musammat mossammat mosammad most mosa mossamat mosamat musammot"), Why: "goes before a woman's name as Md before a man's"},
		{Becomes: "khatun", Written: strings.Fields("khatoon khatton khaton khatune"), Why: "spellings of one name"},
		{Becomes: "akter", Written: strings.Fields("akhter aktar akhtar actar acter"), Why: "spellings of one name"},
		{Becomes: "begum", Written: strings.Fields("begom begam begaum"), Why: "spellings of one name"},
		{Becomes: "abdul", Written: strings.Fields("abdool abdoul"), Why: "spellings of one name"},
		{Becomes: "binti", Written: strings.Fields("binte bte"), Why: "daughter of, before the father's name"},
		{Becomes: "junior", Written: strings.Fields("jr jnr"), Why: "tells a son from his father: it stays"},
	},
	Relations: []Relation{
		{Of: "father", Written: []string{"s/o", "d/o"}, Why: "son of, daughter of"},
		{Of: "husband", Written: []string{"w/o", "wd/o"}, Why: "wife of, widow of"},
		{Of: "carer", Written: []string{"c/o"}, Why: "in care of"},
		{Of: "child", Written: []string{"f/o", "m/o"}, Why: "father of, mother of"},
		{Of: "wife", Written: []string{"h/o"}, Why: "husband of"},
	},
	Streets: map[string]string{
		"st": "street", "str": "street", "rd": "road", "ave": "avenue", "av": "avenue", "ln": "lane", "blvd": "boulevard",
		"dr": "drive", "ct": "court", "cres": "crescent", "cct": "circuit", "cir": "circle", "pl": "place", "hwy": "highway",
		"pkwy": "parkway", "sq": "square", "ter": "terrace", "tce": "terrace", "apt": "apartment", "vill": "village",
		"dist": "district", "upz": "upazila", "bldg": "building", "flr": "floor", "hse": "house", "jl": "jalan",
	},
}

// Neutral is the pack for names of any country.
func Neutral() *Pack { return neutral }

// index is the words of a pack by where they are looked up.
type index struct {
	titles, particles, nicknames, relations, initials lookup
	slashes                                           []spelling // relations such as s/o
	prefixes, suffixes                                []affix
	kept                                              map[string]bool
	begins                                            map[string]lists // by a spelling's first word
	known, relating, joining                          glance
	cuts                                              bool  // there are relations of plain words that cut
	names, streets                                    watch // for the words of names and of addresses
}

// lists are lists of terms, as bits.
type lists uint8

const (
	inTitles lists = 1 << iota
	inParticles
	inNicknames
	inInitials
	inJoins
)

// affix is a spelling that is written together with a word.
type affix struct {
	text string
	term *Term
}

// at is lookup.at of a list of terms.
func (x *index) at(list lookup, words []string, fits func(spelling) bool) (spelling, bool) {
	if !mayHold(&x.known, words[0]) {
		return spelling{}, false
	}
	return list.at(words, fits)
}

// lookup finds spellings by their first word, those of most words first.
type lookup map[string][]spelling

type spelling struct {
	words    []string
	term     *Term
	relation *Relation
	place    int // of the term in its list
}

// glance tells by its length and its first and last two bytes whether a word can be
// one of those of the pack, which few words are.
type glance [1 << 10]uint64

func (g *glance) add(w string) {
	at := glanced(w)
	g[at>>6] |= 1 << (at & 63)
}

// any tells whether a word of a name in normal form can be one.
func (g *glance) any(s string) bool {
	for more := true; more; {
		var w string
		if w, s, more = strings.Cut(s, " "); mayHold(g, w) {
			return true
		}
	}
	return false
}

// mayHold tells whether a word can be one.
func mayHold[W string | []byte](g *glance, w W) bool {
	at := glanced(w)
	return g[at>>6]&(1<<(at&63)) != 0
}

// watch tells whether a word of a text can mean anything to the pack, which few do.
type watch struct {
	words    glance
	ends     *glance // the last bytes of suffixes; nil where there are none
	initials bool    // words of consonants are some
	digits   bool    // those in words are letters
	others   bool    // other names may stand beside, behind their signs
}

// endBytes is how much of a suffix is looked at.
const endBytes = 2

func (w *watch) ending(suffix string) {
	if w.ends == nil {
		w.ends = &glance{}
	}
	w.ends.add(suffix[len(suffix)-endBytes:])
}

// mayMean tells whether a word in normal form is one to look at.
func mayMean[W string | []byte](w *watch, word W) bool {
	return mayHold(&w.words, word) || w.initials && consonants(word) ||
		w.ends != nil && len(word) > endBytes && mayHold(w.ends, word[len(word)-endBytes:])
}

// glanced is the place of a word in a glance.
func glanced[W string | []byte](w W) uint16 {
	const golden = 0x9E3779B1 // spreads the bytes: Knuth, The Art of Computer Programming 6.4
	n := len(w)
	switch n {
	case 0:
		return 0
	case 1:
		return uint16(w[0])
	}
	bytes := uint32(w[0]) | uint32(w[1])<<8 | uint32(w[n-2])<<16 | uint32(w[n-1])<<24
	return uint16((bytes ^ uint32(n)*golden) * golden >> 16)
}

// look is the index, made when it is first asked for.
func (p *Pack) look() *index {
	p.once.Do(p.makeIndex)
	return &p.index
}

func (p *Pack) makeIndex() {
	x := &p.index
	x.names.initials, x.names.digits, x.names.others = p.SplitConsonants, p.MendDigits, true
	x.kept, x.begins = map[string]bool{}, map[string]lists{}
	for _, t := range p.Kept {
		for _, w := range t.Written {
			x.kept[Spelling(w)] = true
		}
	}
	x.titles, x.particles = x.terms(p.Titles, inTitles), x.terms(p.Particles, inParticles)
	x.nicknames, x.initials = x.terms(p.Nicknames, inNicknames), x.terms(p.Initials, inInitials)
	x.relations = lookup{}
	said := map[string]bool{} // by the pack itself, before those that it adds to
	for i := range p.Relations {
		for _, w := range p.Relations[i].Written {
			if said[w] {
				continue
			}
			said[w] = true
			if p.Relations[i].Joins {
				w = strings.ReplaceAll(w, "/", " ")
			}
			x.relation(strings.Fields(Spelling(w)), &p.Relations[i])
		}
	}
	for _, l := range []*[]affix{&x.prefixes, &x.suffixes} {
		slices.SortStableFunc(*l, func(a, b affix) int { return len(b.text) - len(a.text) })
	}
	for i := range x.known {
		x.names.words[i] = x.known[i] | x.relating[i] | x.joining[i]
	}
	for _, words := range []map[string]string{p.Streets, p.Numbered} {
		for w := range words {
			x.streets.words.add(w)
		}
	}
	x.streets.words.add(numberWord)
}

func (x *index) relation(words []string, r *Relation) {
	s := spelling{words: words, relation: r}
	switch {
	case len(words) == 0:
	case strings.ContainsAny(words[0], relationSigns):
		x.slashes = append(x.slashes, s)
	case r.Joins:
		x.begin(words[0], inJoins)
		x.joining.add(words[0])
		x.relations.add(s)
	default:
		x.cuts = true
		x.relating.add(words[0])
		x.relations.add(s)
	}
}

// Spelling is a spelling of a term as it stands in a name in normal form.
func Spelling(s string) string {
	var t *trail
	if strings.ContainsAny(s, relationSigns) {
		return t.letters(s)
	}
	return t.words(t.letters(s))
}

// terms files the spellings of a list.
func (x *index) terms(list []Term, bit lists) lookup {
	l := lookup{}
	for i := range list {
		for _, w := range list[i].Written {
			w = Spelling(strings.ReplaceAll(w, "/", " "))
			switch {
			case w == "" || x.kept[w]:
			case list[i].Where == Prefix:
				x.prefixes = append(x.prefixes, affix{w, &list[i]})
			case list[i].Where == Suffix && len(w) >= endBytes:
				x.names.ending(w)
				x.suffixes = append(x.suffixes, affix{w, &list[i]})
			default:
				s := spelling{words: strings.Fields(w), term: &list[i], place: i}
				x.begin(s.words[0], bit)
				l.add(s)
			}
		}
	}
	return l
}

// begin notes that a word begins a spelling of a list.
func (x *index) begin(w string, list lists) {
	x.known.add(w)
	x.begins[w] |= list
}

// of tells in which lists a word begins a spelling.
func (x *index) of(words []string) lists {
	var in lists
	for _, w := range words {
		if mayHold(&x.known, w) {
			in |= x.begins[w]
		}
	}
	return in
}

func (l lookup) add(s spelling) {
	if len(s.words) == 0 {
		return
	}
	list := append(l[s.words[0]], s)
	slices.SortStableFunc(list, func(a, b spelling) int { return len(b.words) - len(a.words) })
	l[s.words[0]] = list
}

// at is the longest spelling that stands at the beginning of words and that fits.
func (l lookup) at(words []string, fits func(spelling) bool) (spelling, bool) {
	for _, s := range l[words[0]] {
		if len(s.words) <= len(words) && slices.Equal(s.words, words[:len(s.words)]) && fits(s) {
			return s, true
		}
	}
	return spelling{}, false
}
