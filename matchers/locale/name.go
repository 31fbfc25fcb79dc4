package locale

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"rollcall/matchers/locale/script"
	"rollcall/matchers/text"
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
	normal = string(p.name(nil, &t, s, kind{}))
	return normal, t.rules
}

// Normal is Words without the rules.
func (p *Pack) Normal(s string) string {
	var usual [usualBytes]byte
	return string(p.AppendNormal(usual[:0], s))
}

// AppendNormal appends what Normal makes of a name.
func (p *Pack) AppendNormal(out []byte, s string) []byte {
	return p.name(out, nil, s, kind{})
}

// Readings is Normal with all readings of words that were read from another script, as
// text.Or has them; what Normal makes of the name is the first.
func (p *Pack) Readings(s string) string {
	return string(p.name(nil, nil, s, kind{open: true}))
}

// Family is Words for the name of a family alone, which has no nicknames.
func (p *Pack) Family(s string) (normal string, rules []string) {
	var t trail
	normal = string(p.name(nil, &t, s, kind{family: true}))
	return normal, t.rules
}

// AppendFamily appends what Family makes of a name.
func (p *Pack) AppendFamily(out []byte, s string) []byte {
	return p.name(out, nil, s, kind{family: true})
}

// FamilyReadings is the normal form of Family with all readings; see Readings.
func (p *Pack) FamilyReadings(s string) string {
	return string(p.name(nil, nil, s, kind{family: true, open: true}))
}

// usualBytes is how long the normal forms of most texts are, at most. They are on the
// stack; longer ones grow out of it.
const usualBytes = 64

// kind is which name it is, and what is wanted of it.
type kind struct {
	family bool // a family's alone
	open   bool // all readings of a word
}

// name appends the normal form of a name.
func (p *Pack) name(out []byte, t *trail, s string, k kind) []byte {
	normal, own, _, _ := p.apart(out, t, s)
	if normal != nil {
		return normal
	}
	return append(out, p.own(t, own, k)...)
}

// Whole is what stands in somebody's whole name beside what is his own.
type Whole struct {
	Rules     []string // that made the normal form
	Of, Other string   // as Relation tells them
}

// AppendWhole is Words and Relation at once: it appends the normal form.
func (p *Pack) AppendWhole(out []byte, s string) (normal []byte, w Whole) {
	var t trail
	normal, own, of, other := p.apart(out, &t, s)
	if normal != nil {
		return normal, Whole{Rules: t.rules}
	}
	normal = append(out, p.own(&t, own, kind{})...)
	w.Rules = t.rules
	w.Of, w.Other = p.other(own, of, other)
	return normal, w
}

// own is the normal form of a name of which another person's was cut off.
func (p *Pack) own(t *trail, s string, k kind) string {
	if s == "" {
		return s
	}
	if p.MendDigits {
		s = t.step(RuleDigitLetters, s, mendDigits(s))
	}
	if !p.mayChange(s) {
		return s
	}
	n := naming{p: p, x: p.look(), t: t, family: k.family}
	var usual [usualWords]string
	s = joined(n.terms(appendWords(usual[:0], s)))
	latin := p.latin(t, s)
	if latin == s {
		return s
	}
	others := n // the titles that are gone are those of the native name
	words := n.terms(appendWords(usual[:0], latin))
	if k.open {
		others.t = nil
		others.readings(s, words)
	}
	return joined(words)
}

// usualWords is how many words most names have, at most, with room for what stands for
// several. They are on the stack; longer names grow out of it.
const usualWords = 12

// appendWords takes a text in normal form apart.
func appendWords(words []string, s string) []string {
	for {
		w, rest, more := strings.Cut(s, " ")
		words = append(words, w)
		if !more {
			return words
		}
		s = rest
	}
}

// joined writes words with a space between them.
func joined(words []string) string {
	var usual [128]byte // on the stack
	out := usual[:0]
	for i, w := range words {
		if i > 0 {
			out = append(out, ' ')
		}
		out = append(out, w...)
	}
	return string(out)
}

// readings adds to the words of a name what else those of its native form may be, word
// by word.
func (n naming) readings(native string, words []string) {
	var said [][]string
	for _, w := range words {
		said = append(said, []string{w})
	}
	for _, reading := range script.Readings(native, n.p.Languages...)[1:] {
		again := n
		again.gone = slices.Clip(n.gone)
		other := again.terms(strings.Fields(again.t.words(reading)))
		if len(other) != len(words) {
			continue // which word is which cannot be told
		}
		for i, w := range other {
			if !slices.Contains(said[i], w) {
				said[i] = append(said[i], w)
			}
		}
	}
	for i := range words {
		words[i] = strings.Join(said[i], text.Or)
	}
}

// latin is words in normal form in Latin letters, where the pack writes other scripts
// so. Marks that stand on no letter stay as they are.
func (p *Pack) latin(t *trail, s string) string {
	if !p.Latin || text.ASCII(s) {
		return s
	}
	latin := (*trail)(nil).words(script.Latin(s, p.Languages...))
	if latin == "" {
		return s
	}
	t.note(RuleTransliterated, latin != s)
	return latin
}

// Relation tells the name of another person that stands in a name behind a relation,
// in normal form, and who that is (one of Kin); "" where there is none. Behind bin it
// is the father's, and a part of one's own name as well.
func (p *Pack) Relation(s string) (of, name string) {
	_, own, of, name := p.apart(nil, nil, s)
	return p.other(own, of, name)
}

// other is who stands behind a relation, which was cut off or may join somebody's own
// name.
func (p *Pack) other(own, of, name string) (_, normal string) {
	if of == "" {
		of, name = p.look().joined(own)
	}
	if name == "" {
		return "", ""
	}
	return of, p.Normal(name)
}

// apart takes the steps of every text, and cuts off another person's name. A name of
// which no word means anything to the pack it appends as it then is; of others it gives
// nil.
func (p *Pack) apart(out []byte, t *trail, s string) (normal []byte, own, of, other string) {
	if simple, may, ok := t.simple(out, s, &p.look().names); ok {
		if !may {
			return simple, "", "", ""
		}
		own, of, other = p.cutWords(t, string(simple[len(out):]))
		return nil, own, of, other
	}
	s = t.letters(s)
	s, nickname := p.cutNickname(t, s)
	own, of, other = p.cutSlash(s)
	s = t.words(t.step(RuleRelation, s, own))
	if of == "" {
		if own, of, other = p.cutWords(t, s); of == "" && nickname != "" {
			of, other = ofAlias, nickname
		}
		return nil, own, of, other
	}
	own, _, _ = p.cutWords(t, s) // Ramesh alias Pappu s/o Suresh
	return nil, own, of, other
}

// relationSigns stand in relations that are no words: s/o, and @ before another name of the
// same person.
const relationSigns = "/@"

// nicknameSigns stand around another name of the same person.
const nicknameSigns = "(（\"“"

// nicknamed is a text with another name of the person in brackets or quotation marks
// behind words: Leela (Guddi), Ravi "Babu" Kumar.
var nicknamed = regexp.MustCompile(`^([^()"“”]*\pL[^()"“”]*)(?:\(([^()"“”]+)\)|["“]([^()"“”]+)["”])([^()"“”]*)$`)

// cutNickname cuts such a name out. What says whose son somebody is, or which of several,
// is none.
func (p *Pack) cutNickname(t *trail, s string) (rest, nickname string) {
	if !strings.ContainsAny(s, nicknameSigns) {
		return s, ""
	}
	m := nicknamed.FindStringSubmatch(s)
	if m == nil {
		return s, ""
	}
	nickname = strings.TrimSpace(m[2] + m[3])
	if of, _ := p.Relation("x " + nickname); of != "" {
		return m[1] + " " + nickname + " " + m[4], ""
	}
	if !isNickname(nickname) {
		return s, ""
	}
	return t.step(RuleRelation, s, strings.TrimSpace(m[1])+" "+strings.TrimSpace(m[4])), nickname
}

// ordinals tell which of several people of one name it is.
var ordinals = strings.Fields("jr junior sr senior i ii iii iv elder younger twin minor late")

// isNickname tells a name of one or two words.
func isNickname(s string) bool {
	const most = 2
	words := strings.Fields(s)
	return len(words) <= most && !slices.ContainsFunc(words, func(w string) bool {
		return slices.Contains(ordinals, strings.Trim(strings.ToLower(w), ".")) || strings.ContainsFunc(w, func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsMark(r) && !strings.ContainsRune(".'-", r)
		})
	})
}

// cutSlash cuts a name at "s/o", "w/o", "@" and the like when a name stands before. Where
// none does, it is the relative's own column, and the relation alone is cut off.
func (p *Pack) cutSlash(s string) (own, of, other string) {
	if !strings.ContainsAny(s, relationSigns) {
		return s, "", ""
	}
	words := strings.Fields(strings.ReplaceAll(s, "@", " @ "))
	for i, w := range words {
		for _, r := range p.look().slashes {
			rest, ok := strings.CutPrefix(w, r.words[0])
			if !ok || rest != "" && !strings.ContainsRune(".:,-", rune(rest[0])) {
				continue
			}
			other = strings.Join(append([]string{strings.TrimLeft(rest, ".:,-")}, words[i+1:]...), " ")
			other = strings.TrimSpace(other)
			switch {
			case i > 0:
				return strings.Join(words[:i], " "), r.relation.Of, other
			case other != "":
				return other, "", ""
			}
		}
	}
	return s, "", ""
}

// cutWords cuts a name in normal form at "son of" and the like, as cutSlash does.
func (p *Pack) cutWords(t *trail, s string) (own, of, other string) {
	x := p.look()
	if !x.cuts || !x.relating.any(s) {
		return s, "", ""
	}
	words := strings.Split(s, " ")
	for i := range len(words) - 1 {
		r, ok := x.relations.at(words[i:], func(r spelling) bool { return !r.relation.Joins && i+len(r.words) < len(words) })
		switch {
		case ok && i == 0:
			own = strings.Join(words[len(r.words):], " ")
			return t.step(RuleRelation, s, own), "", ""
		case ok:
			own = t.step(RuleRelation, s, strings.Join(words[:i], " "))
			return own, r.relation.Of, strings.Join(words[i+len(r.words):], " ")
		}
	}
	return s, "", ""
}

// joined tells the name behind bin, and whose it is.
func (x *index) joined(s string) (of, name string) {
	if !x.joining.any(s) {
		return "", ""
	}
	words := strings.Fields(s)
	for i := 1; i < len(words)-1; i++ {
		if r, ok := x.relations.at(words[i:], func(r spelling) bool { return r.relation.Joins }); ok {
			return r.relation.Of, strings.Join(words[i+len(r.words):], " ")
		}
	}
	return "", ""
}

// mayChange tells whether a name in normal form may hold a term, which few do.
func (p *Pack) mayChange(s string) bool {
	x := p.look()
	if !text.ASCII(s) && (p.Latin || len(x.prefixes) > 0) {
		return true
	}
	for more := true; more; {
		var w string
		if w, s, more = strings.Cut(s, " "); mayMean(&x.names, w) {
			return true
		}
	}
	return false
}

// naming is the work on one name.
type naming struct {
	p      *Pack
	x      *index
	t      *trail
	family bool  // a family's name alone
	gone   []int // places of titles of which only one spelling goes
}

// terms drops and rewrites the terms of a name.
func (n *naming) terms(words []string) []string {
	words = n.cutPrefix(words)
	in := n.x.of(words)
	if in&inJoins != 0 {
		words = n.dropJoins(words)
	}
	if in&inTitles != 0 {
		kept := n.dropTitles(words)
		n.t.note(RuleHonorific, len(kept) < len(words))
		words = kept
	}
	words = n.cutSuffixes(words)
	if in&inParticles != 0 {
		words = n.replace(RuleVariant, n.x.particles, words)
		in |= n.x.of(words)
	}
	if in&inInitials != 0 {
		words = n.replace(RuleInitials, n.x.initials, words)
	}
	words = n.splitInitials(words)
	if in&inNicknames != 0 {
		words = n.fullNames(words)
	}
	return words
}

// fullNames writes nicknames out. The last word of several is a family's name.
func (n *naming) fullNames(words []string) []string {
	switch last := len(words) - 1; {
	case n.family || last < 0:
		return words
	case last == 0:
		return n.replace(RuleNickname, n.x.nicknames, words)
	default:
		family := words[last]
		return append(n.replace(RuleNickname, n.x.nicknames, words[:last]), family)
	}
}

// cutPrefix cuts a title off that is written together with the first word.
func (n *naming) cutPrefix(words []string) []string {
	if slices.ContainsFunc(n.x.prefixes, func(a affix) bool { return a.text == words[0] }) {
		return words // the title stands alone
	}
	for _, a := range n.x.prefixes {
		rest, ok := strings.CutPrefix(words[0], a.text)
		if !ok || letterCount(rest) < leastStem || startsWithMark(rest) || n.x.kept[words[0]] {
			continue
		}
		if a.term.Becomes != "" {
			n.t.note(RuleVariant, true)
			return append([]string{a.term.Becomes, rest}, words[1:]...)
		}
		n.t.note(RuleHonorific, true)
		return append([]string{rest}, words[1:]...)
	}
	return words
}

// leastStem is how many letters must remain of a word without a title that is
// written together with it, leastBeforeSuffix the same before one behind it:
// Hansaben and Ushabhai, and not Reuben.
const leastStem, leastBeforeSuffix = 2, 4

func letterCount(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}

// startsWithMark tells that a word was cut within a syllable.
func startsWithMark(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsMark(r)
}

// suffixOf is the title that is written together with a word's end.
func (x *index) suffixOf(w string) (affix, bool) {
	for _, a := range x.suffixes {
		if rest, ok := strings.CutSuffix(w, a.text); ok && !x.kept[w] && utf8.RuneCountInString(rest) >= leastBeforeSuffix {
			return a, true
		}
	}
	return affix{}, false
}

func (n *naming) cutSuffixes(words []string) []string {
	if len(n.x.suffixes) == 0 {
		return words
	}
	for i, w := range words {
		if a, ok := n.x.suffixOf(w); ok {
			words[i] = strings.TrimSuffix(w, a.text)
			n.t.note(RuleHonorific, true)
		}
	}
	return words
}

// dropJoins leaves out bin and the like between two names.
func (n *naming) dropJoins(words []string) []string {
	out := words[:0] // never ahead of what is read
	for i := 0; i < len(words); {
		r, ok := n.x.at(n.x.relations, words[i:], func(r spelling) bool { return r.relation.Joins && len(out) > 0 && i+len(r.words) < len(words) })
		if !ok {
			out = append(out, words[i])
			i++
			continue
		}
		n.t.note(RuleRelation, true)
		i += len(r.words)
	}
	return out
}

// dropTitles leaves out the titles of a name, or none where nothing would remain.
func (n *naming) dropTitles(words []string) []string {
	kept := words[:0] // never ahead of what is read
	for i := 0; i < len(words); {
		s, ok := n.x.at(n.x.titles, words[i:], func(s spelling) bool {
			return s.fits(len(kept), len(words)-i) && !slices.Contains(n.gone, s.place)
		})
		if !ok {
			kept = append(kept, words[i])
			i++
			continue
		}
		if s.term.Once {
			n.gone = append(n.gone, s.place)
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
func (n *naming) replace(rule string, terms lookup, words []string) []string {
	var usual [usualWords]string // what stands for several words may get ahead of what is read
	out := usual[:0]
	for i := 0; i < len(words); {
		s, ok := n.x.at(terms, words[i:], func(s spelling) bool { return s.fits(len(out), len(words)-i) })
		if !ok {
			out = append(out, words[i])
			i++
			continue
		}
		n.t.step(rule, words[i], s.term.Becomes)
		out = appendWords(out, s.term.Becomes)
		i += len(s.words)
	}
	return append(words[:0], out...)
}

// splitInitials writes words of consonants alone as initials: kr as k r.
func (n *naming) splitInitials(words []string) []string {
	if !n.p.SplitConsonants || len(words) == 1 || !slices.ContainsFunc(words, consonants[string]) {
		return words
	}
	out := words[:0:0]
	for _, w := range words {
		if !consonants(w) || n.x.kept[w] {
			out = append(out, w)
			continue
		}
		n.t.note(RuleInitials, true)
		out = append(out, strings.Split(w, "")...)
	}
	return out
}

// consonants tells a word of two or three Latin consonants.
func consonants[W string | []byte](w W) bool {
	if len(w) != 2 && len(w) != 3 {
		return false
	}
	for i := range len(w) {
		if w[i] < 'a' || w[i] > 'z' || vowel(w[i]) {
			return false
		}
	}
	return true
}

// mendDigits reads a zero inside a word or before it as o, and a one inside a word as
// l, or between two consonants as i: K0rim, Sa1im, Kar1m. A number at the end of a word
// tells people apart and stays: Karim2.
func mendDigits(s string) string {
	if strings.IndexByte(s, '0') < 0 && strings.IndexByte(s, '1') < 0 {
		return s
	}
	out := []byte(s)
	for i := range out {
		before, after := letterAt(s, i-1), letterAt(s, i+1)
		switch {
		case !after, !before && (i == 0 || s[i-1] != ' ') && i > 0:
		case s[i] == '0':
			out[i] = 'o'
		case s[i] == '1' && before && consonantAt(s, i-1) && consonantAt(s, i+1):
			out[i] = 'i'
		case s[i] == '1' && before:
			out[i] = 'l'
		}
	}
	return string(out)
}

func letterAt(s string, i int) bool { return i >= 0 && i < len(s) && s[i] >= 'a' && s[i] <= 'z' }

func consonantAt(s string, i int) bool { return !vowel(s[i]) }

func vowel(c byte) bool {
	switch c {
	case 'a', 'e', 'i', 'o', 'u', 'y':
		return true
	}
	return false
}

// Address brings an address to its normal form: as a name, with the digits of
// every script written 0 to 9 and street types written out.
func Address(s string) (normal string, rules []string) { return neutral.Address(s) }

// Address brings an address to its normal form under the pack; see the function
// Address.
func (p *Pack) Address(s string) (normal string, rules []string) {
	var t trail
	normal = string(p.address(nil, &t, s))
	return normal, t.rules
}

// AppendAddress appends the normal form that Address makes.
func (p *Pack) AppendAddress(out []byte, s string) []byte {
	return p.address(out, nil, s)
}

// NormalAddress is Address without the rules.
func (p *Pack) NormalAddress(s string) string { return string(p.AppendAddress(nil, s)) }

func (p *Pack) address(out []byte, t *trail, s string) []byte {
	start := len(out)
	if simple, may, ok := t.simple(out, s, &p.look().streets); ok {
		if !may {
			return simple
		}
		s = string(simple[len(out):])
	} else {
		s = t.letters(s)
		s = t.step(RuleDigits, s, Digits(s))
		s = p.latin(t, t.words(s))
	}
	for i, more := 0, s != ""; more; i++ {
		var w string
		w, s, more = strings.Cut(s, " ")
		before := p.numberNext(s)
		if full, ok := p.written(w, i > 0, before); ok {
			w = t.step(RuleAbbreviation, w, full)
		}
		if before && w == numberWord {
			t.step(RuleAbbreviation, w, "")
			continue
		}
		if len(out) > start {
			out = append(out, ' ')
		}
		out = append(out, w...)
	}
	return out
}

// numberWord stands between a house or a road and its number, and says nothing.
const numberWord = "no"

// numberNext tells that an address goes on with a number.
func (p *Pack) numberNext(s string) bool {
	if w, rest, more := strings.Cut(s, " "); more && (w == numberWord || p.Numbered[w] == numberWord) {
		s = rest
	}
	return s != "" && s[0] >= '0' && s[0] <= '9'
}

// written is what an abbreviation in an address stands for. behind tells that a word
// stands before it, and before that a number follows.
func (p *Pack) written(w string, behind, before bool) (full string, ok bool) {
	if full, ok = p.Numbered[w]; ok && before {
		return full, true
	}
	// The first word is a name more often than a type: St Mary's.
	full, ok = p.Streets[w]
	return full, ok && (behind || before)
}
