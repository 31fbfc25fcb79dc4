package locale

import (
	"maps"
	"slices"
	"strings"
	"sync"
)

// Pack is what a country's habits add to the rules of the package: which words
// of a name are titles, which are spellings of one particle, and how its
// telephone numbers begin. The zero Pack adds nothing.
type Pack struct {
	Name string
	// Titles are dropped wherever they stand while another word remains.
	Titles []string
	// Leading are dropped at the beginning only: elsewhere they are names.
	Leading []string
	// Variants maps spellings of a particle to the one that is kept.
	Variants map[string]string
	// Relations cut the name: what follows names the father, mother, husband or
	// the person in whose care someone is.
	Relations []string
	// Streets maps abbreviations in addresses to the word.
	Streets map[string]string
	// CallingCode is the country's telephone prefix, without +; "" is unknown.
	CallingCode string

	once  sync.Once
	words map[string]bool        // titles and variants, for a quick look
	sizes [wordBeginnings]uint32 // of the words with each beginning, as bits, for a quicker one
}

// wordBeginnings is how many beginnings of words are told apart.
const wordBeginnings = 1024

// mayKnow tells by its first two bytes and its length whether a word can be a
// title or a variant, which few words are.
func (p *Pack) mayKnow(w string) bool {
	return p.sizes[beginning(w)]&(1<<min(len(w), 31)) != 0
}

func beginning(w string) int {
	if len(w) < 2 {
		return 0
	}
	return (int(w[0])<<5 ^ int(w[1])) % wordBeginnings
}

// neutral holds for names of many countries at once: only words that are a
// title or a particle wherever they occur. Words that are a title in one country
// and a name in another (Ma, U, Sri, Van, Don, Sheikh) wait for that country's pack.
var neutral = &Pack{
	Name: "neutral",
	Titles: []string{
		"mr", "mrs", "ms", "dr", "prof", "professor", "shri", "shree", "smt", "shrimati",
		"haji", "hajji", "hadji", "hajah", "alhaj", "alhaji", "alhajj", "hazi", "srta",
	},
	Leading: []string{"late", "miss", "master", "sir", "madam", "mister", "sr", "sra", "daw", "nai", "nang", "nangsao", "lok", "neak"},
	Variants: variants(map[string]string{
		"mohammad": "md mohd muhammad mohammed muhammed mohamed mohamad muhamad muhamed muhd mohommad mohammod mahammad muhammod mohamadd",
		"mosammat": "mst mosammot musammat mossammat mosammad most mosa mossamat mosamat musammot",
		"khatun":   "khatoon khatton khaton khatune",
		"akter":    "akhter aktar akhtar actar acter",
		"begum":    "begom begam begaum",
		"abdul":    "abdool abdoul",
		"binti":    "binte bte",
		"junior":   "jr jnr",
	}),
	Relations: []string{"s/o", "d/o", "w/o", "c/o", "h/o", "f/o", "m/o"},
	Streets: map[string]string{
		"st": "street", "str": "street", "rd": "road", "ave": "avenue", "av": "avenue", "ln": "lane", "blvd": "boulevard",
		"dr": "drive", "ct": "court", "cres": "crescent", "cct": "circuit", "cir": "circle", "pl": "place", "hwy": "highway",
		"pkwy": "parkway", "sq": "square", "ter": "terrace", "tce": "terrace", "apt": "apartment", "vill": "village",
		"dist": "district", "upz": "upazila", "bldg": "building", "flr": "floor", "hse": "house", "jl": "jalan",
	},
}

// variants turns a list of spellings for each kept form round.
func variants(spellings map[string]string) map[string]string {
	out := map[string]string{}
	for kept, list := range spellings {
		for word := range strings.FieldsSeq(list) {
			out[word] = kept
		}
	}
	return out
}

// Neutral is the pack for names of any country.
func Neutral() *Pack { return neutral }

// Name brings a name to its normal form under the neutral pack: Unicode NFKC,
// no invisible characters, lower case, Latin letters as ASCII, no punctuation,
// single spaces, titles dropped and particles in one spelling. Rules names what
// was done, in order.
func Name(s string) (normal string, rules []string) { return neutral.Words(s) }

// Words brings a name to its normal form under the pack; see Name. A name is
// never emptied: when all its words are titles, they stay.
func (p *Pack) Words(s string) (normal string, rules []string) {
	var t trail
	return p.name(&t, s), t.rules
}

// Normal is Words without the rules.
func (p *Pack) Normal(s string) string { return p.name(&trail{quiet: true}, s) }

func (p *Pack) name(t *trail, s string) string {
	simple, ok := "", false
	if !strings.Contains(s, "/") {
		simple, ok = t.simple(s)
	}
	if ok {
		s = simple
	} else {
		s = t.letters(s)
		s = t.step(RuleRelation, s, p.cutRelation(s))
		s = t.words(s)
	}
	if s == "" || !p.knowsAny(s) {
		return s
	}
	words := strings.Split(s, " ")
	kept := p.dropTitles(words)
	t.note(RuleHonorific, len(kept) < len(words))
	for i, w := range kept {
		if v, ok := p.Variants[w]; ok {
			kept[i] = t.step(RuleVariant, w, v)
		}
	}
	return strings.Join(kept, " ")
}

// knowsAny tells whether a word of a name in normal form is a title or a variant.
func (p *Pack) knowsAny(s string) bool {
	p.once.Do(func() {
		p.words = map[string]bool{}
		for _, w := range slices.Concat(p.Titles, p.Leading, slices.Collect(maps.Keys(p.Variants))) {
			p.words[w] = true
			p.sizes[beginning(w)] |= 1 << min(len(w), 31)
		}
	})
	for more := true; more; {
		var w string
		if w, s, more = strings.Cut(s, " "); p.mayKnow(w) && p.words[w] {
			return true
		}
	}
	return false
}

// cutRelation cuts a name at "s/o", "w/o" and the like when a name stands before.
func (p *Pack) cutRelation(s string) string {
	if !strings.Contains(s, "/") {
		return s
	}
	words := strings.Fields(s)
	for i, w := range words {
		if i > 0 && slices.Contains(p.Relations, strings.TrimRight(w, ".:,")) {
			return strings.Join(words[:i], " ")
		}
	}
	return s
}

func (p *Pack) dropTitles(words []string) []string {
	kept := make([]string, 0, len(words))
	for i, w := range words {
		title := slices.Contains(p.Titles, w) || len(kept) == 0 && i+1 < len(words) && slices.Contains(p.Leading, w)
		if !title {
			kept = append(kept, w)
		}
	}
	if len(kept) == 0 {
		return words
	}
	return kept
}

// Address brings an address to its normal form: as a name, with the digits of
// every script written 0 to 9 and street types written out.
func Address(s string) (normal string, rules []string) { return neutral.Address(s) }

// Address brings an address to its normal form under the pack; see the function
// Address.
func (p *Pack) Address(s string) (normal string, rules []string) {
	var t trail
	return p.address(&t, s), t.rules
}

// NormalAddress is Address without the rules.
func (p *Pack) NormalAddress(s string) string { return p.address(&trail{quiet: true}, s) }

func (p *Pack) address(t *trail, s string) string {
	if simple, ok := t.simple(s); ok {
		s = simple
	} else {
		s = t.letters(s)
		s = t.step(RuleDigits, s, digits(s))
		s = t.words(s)
	}
	if s == "" {
		return ""
	}
	words := strings.Split(s, " ")
	for i, w := range words {
		// The first word is a name more often than a type: St Mary's.
		if full, ok := p.Streets[w]; ok && i > 0 {
			words[i] = t.step(RuleAbbreviation, w, full)
		}
	}
	return strings.Join(words, " ")
}
