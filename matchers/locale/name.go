package locale

import (
	"slices"
	"strings"
)

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
	x := p.look()
	if s == "" || !x.knowsAny(s) {
		return s
	}
	words := strings.Split(s, " ")
	kept := x.dropTitles(words)
	t.note(RuleHonorific, len(kept) < len(words))
	return strings.Join(x.replace(t, RuleVariant, x.particles, kept), " ")
}

// knowsAny tells whether a word of a name in normal form may begin a term.
func (x *index) knowsAny(s string) bool {
	for more := true; more; {
		var w string
		if w, s, more = strings.Cut(s, " "); x.known.may(w) {
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
		if i > 0 && p.look().relations[strings.TrimRight(w, ".:,")] != nil {
			return strings.Join(words[:i], " ")
		}
	}
	return s
}

// dropTitles leaves out the titles of a name, or none where nothing would remain.
func (x *index) dropTitles(words []string) []string {
	kept := make([]string, 0, len(words))
	var gone []int // terms of which one spelling goes
	for i := 0; i < len(words); {
		s, ok := x.titles.at(words[i:], func(s spelling) bool {
			return s.fits(len(kept), len(words)-i) && !slices.Contains(gone, s.place)
		})
		if !ok {
			kept = append(kept, words[i])
			i++
			continue
		}
		if s.term.Once {
			gone = append(gone, s.place)
		}
		i += len(s.words)
	}
	if len(kept) == 0 {
		return words
	}
	return kept
}

// fits tells whether a term is one with so many words before it, and so many from
// its first on.
func (s spelling) fits(before, from int) bool {
	after := from - len(s.words)
	switch s.term.Where {
	case First:
		return before == 0 && after > 0
	case Last:
		return before > 0 && after == 0
	case Between:
		return before > 0 && after > 0
	}
	return true
}

// replace writes the terms of a list as what they become.
func (x *index) replace(t *trail, rule string, terms lookup, words []string) []string {
	out := make([]string, 0, len(words))
	for i := 0; i < len(words); {
		s, ok := terms.at(words[i:], func(s spelling) bool { return s.fits(len(out), len(words)-i) })
		if !ok {
			out = append(out, words[i])
			i++
			continue
		}
		t.step(rule, words[i], s.term.Becomes)
		out = append(out, s.term.Becomes)
		i += len(s.words)
	}
	return out
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
