package locale

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"rollcall/matchers/locale/script"
	"rollcall/matchers/text"
)

// RuleLevelWord left out a word that says what kind of area a name is of: zila, huyện.
const RuleLevelWord = "level_word"

// Place brings the name of a place to its normal form: as a name, without the words
// that say what kind of area it is, and in the one spelling that the pack keeps of
// it. Names of the areas around it, which commas or such words divide from it, stay
// behind it.
func (p *Pack) Place(s string) (normal string, rules []string) {
	var t trail
	normal = p.place(&t, s)
	return normal, t.rules
}

// NormalPlace is Place without the rules.
func (p *Pack) NormalPlace(s string) string { return p.place(nil, s) }

func (p *Pack) place(t *trail, s string) string {
	parts := p.areaWords().parts(p, t, s)
	names := make([]string, len(parts))
	for i, part := range parts {
		names[i] = part.shown()
	}
	return strings.Join(names, " ")
}

// placeName is one of the names that a place is written with.
type placeName struct {
	name   string // in normal form
	native string // the same before it was written in Latin letters; "" for Latin ones
	levels levelSet
	kept   string // the word for the level where it is a part of the name
	behind bool   // that word stands behind the name
	no     bool   // what it names is no area: a post office
}

func (n placeName) shown() string {
	switch {
	case n.kept == "":
		return n.name
	case n.behind:
		return n.name + " " + n.kept
	}
	return n.kept + " " + n.name
}

// levelSet are levels of areas as bits, in the order of areaWords; 0 says nothing.
type levelSet uint32

// mostLevels is how many levels a levelSet has room for.
const mostLevels = 32

// fits tells that one area can be of both.
func (l levelSet) fits(other levelSet) bool { return l == 0 || other == 0 || l&other != 0 }

// areaWords are the words that stand beside names of places.
type areaWords struct {
	words    map[string][]areaWord // by their first word, the longest first
	affixes  []areaWord            // those of scripts without spaces
	variants lookup
	names    map[string]bool // names of areas with such a word inside: Hà Tĩnh
	title    string          // the country's name
}

type areaWord struct {
	words  []string
	levels levelSet
	where  Position
	kept   bool
	no     bool // what follows is no area
}

// areaWords are those of the pack, made when they are first asked for.
func (p *Pack) areaWords() *areaWords {
	p.areasOnce.Do(func() { p.areas = newAreaWords(p, p.Levels) })
	return p.areas
}

// newAreaWords are those of the pack with levels that may be more than its own.
func newAreaWords(p *Pack, levels []Level) *areaWords {
	x := &areaWords{words: map[string][]areaWord{}, variants: lookup{}, names: map[string]bool{}, title: Spelling(p.Title)}
	for i, l := range levels[:min(len(levels), mostLevels)] {
		x.add(l.Name, areaWord{levels: 1 << i, kept: l.Kept})
		for _, w := range l.Written {
			x.add(w, areaWord{levels: 1 << i, where: l.Where, kept: l.Kept})
		}
	}
	for _, w := range p.Landmarks {
		x.add(w, areaWord{where: First, no: true})
	}
	for i := range p.Places {
		for _, w := range append([]string{p.Places[i].Becomes}, p.Places[i].Written...) {
			x.variants.add(spelling{words: strings.Fields(Spelling(w)), term: &p.Places[i]})
		}
	}
	longestFirst := func(a, b areaWord) int { return len(strings.Join(b.words, "")) - len(strings.Join(a.words, "")) }
	for _, list := range x.words {
		slices.SortStableFunc(list, func(a, b areaWord) int { return len(b.words) - len(a.words) })
	}
	slices.SortStableFunc(x.affixes, longestFirst)
	return x
}

// leastAffix is how many characters a word has that is written together with a name;
// shorter ones are abbreviations, which stand apart.
const leastAffix = 3

// add files a word; of two levels it is one of both.
func (x *areaWords) add(written string, w areaWord) {
	w.words = strings.Fields(Spelling(strings.ReplaceAll(written, "/", " ")))
	if len(w.words) == 0 {
		return
	}
	list := x.words[w.words[0]]
	if at := slices.IndexFunc(list, func(o areaWord) bool { return slices.Equal(o.words, w.words) }); at >= 0 {
		list[at].levels |= w.levels
		return
	}
	x.words[w.words[0]] = append(list, w)
	if len(w.words) == 1 && withoutSpaces(w.words[0]) && utf8.RuneCountInString(w.words[0]) >= leastAffix {
		x.affixes = append(x.affixes, w)
	}
}

// level is the set of levels that a word stands for.
func (x *areaWords) level(written string) levelSet {
	words := strings.Fields(Spelling(written))
	if len(words) == 0 {
		return 0
	}
	if w, n := x.at(words); n == len(words) {
		return w.levels
	}
	return 0
}

// inHeader is the level that a column's header says: district_name.
func (x *areaWords) inHeader(header string) levelSet {
	words := strings.Fields(Spelling(strings.ReplaceAll(header, "_", " ")))
	for i := range words {
		if w, n := x.at(words[i:]); n > 0 && !w.no {
			return w.levels
		}
	}
	return 0
}

// NamesLevel tells a column's header that says the level of an area of the country.
func (p *Pack) NamesLevel(header string) bool { return p.areaWords().inHeader(header) != 0 }

// at is the word that words begin with, and how many of them it has.
func (x *areaWords) at(words []string) (areaWord, int) {
	for _, w := range x.words[words[0]] {
		if len(w.words) <= len(words) && slices.Equal(w.words, words[:len(w.words)]) {
			return w, len(w.words)
		}
	}
	return areaWord{}, 0
}

// withoutSpaces tells a word of a script that writes its words together.
func withoutSpaces(w string) bool {
	r, _ := utf8.DecodeRuneInString(w)
	return unicode.In(r, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// placeBounds divide the names of a place from each other.
const placeBounds = ",;|()[]\n\r\t،؛、၊፣।"

// parts are the names of a place, one behind the other as they are written.
func (x *areaWords) parts(p *Pack, t *trail, s string) []placeName {
	s = t.letters(s)
	s = t.step(RuleDigits, s, Digits(s))
	var parts []placeName
	for _, piece := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(placeBounds, r) }) {
		words := strings.Fields(t.words(piece))
		if len(words) == 0 {
			continue
		}
		words = x.today(t, x.apart(words))
		for _, r := range x.divide(t, words) {
			parts = append(parts, x.named(p, t, r))
		}
	}
	return parts
}

// apart takes words for levels off the words that they are written together with.
func (x *areaWords) apart(words []string) []string {
	if len(x.affixes) == 0 {
		return words
	}
	out := make([]string, 0, len(words))
	for _, w := range words {
		out = append(out, x.taken(w)...)
	}
	return out
}

func (x *areaWords) taken(w string) []string {
	if !withoutSpaces(w) || len(x.words[w]) > 0 {
		return []string{w}
	}
	for _, a := range x.affixes {
		level := a.words[0]
		if rest, ok := strings.CutPrefix(w, level); ok && a.where != Last && letterCount(rest) >= leastStem && !startsWithMark(rest) {
			return append([]string{level}, x.taken(rest)...)
		}
		if rest, ok := strings.CutSuffix(w, level); ok && a.where != First && letterCount(rest) >= leastStem {
			return []string{rest, level}
		}
	}
	return []string{w}
}

// mostWordsOfName is how many words a name has at most that is looked for among others.
const mostWordsOfName = 4

// keep remembers a name of which a word could be taken for one that says the level.
func (x *areaWords) keep(name string) {
	words := strings.Fields(name)
	if len(words) > mostWordsOfName {
		return
	}
	for i := range words {
		if _, n := x.at(words[i:]); n > 0 {
			x.names[name] = true
		}
	}
}

// name is how many words are the name of an area, of which one could say the level.
func (x *areaWords) name(words []string) int {
	for n := min(len(words), mostWordsOfName); n > 1 && len(x.names) > 0; n-- {
		if x.names[strings.Join(words[:n], " ")] {
			return n
		}
	}
	return 0
}

// rough is a name in the words that were written.
type rough struct {
	words  []string
	beside areaWord
	behind bool
}

// divide finds the names among words. A word for a level opens a name, or closes
// one where the first word is none and the last is one; between two names it may
// belong to either.
func (x *areaWords) divide(t *trail, words []string) []rough {
	type item struct {
		word   string
		beside areaWord
	}
	var items []item
	for i := 0; i < len(words); {
		if n := x.name(words[i:]); n > 0 {
			items = append(items, item{word: strings.Join(words[i:i+n], " ")})
			i += n
			continue
		}
		if w, n := x.at(words[i:]); n > 0 {
			items = append(items, item{beside: w})
			i += n
			continue
		}
		items = append(items, item{word: words[i]})
		i++
	}
	isName := func(i item) bool { return i.word != "" }
	if !slices.ContainsFunc(items, isName) {
		return []rough{{words: words}}
	}
	opens := !isName(items[0])
	closes := !opens && !isName(items[len(items)-1])
	names := []rough{{}}
	for i, it := range items {
		last := &names[len(names)-1]
		switch w := it.beside; {
		case isName(it):
			last.words = append(last.words, it.word)
		case w.where == First && (i == len(items)-1 || !isName(items[i+1])), w.where == Last && i == 0:
			last.words = append(last.words, w.words...) // it stands where it is none
		case w.where == Last || closes && w.where == Anywhere:
			if len(last.words) > 0 {
				last.beside, last.behind = w, true
				names = append(names, rough{})
			}
		default:
			if !opens && w.where == Anywhere {
				w = areaWord{}
			}
			if len(last.words) > 0 {
				names = append(names, rough{})
			}
			names[len(names)-1].beside = w
		}
	}
	names = slices.DeleteFunc(names, func(n rough) bool { return len(n.words) == 0 })
	t.note(RuleLevelWord, slices.ContainsFunc(items, func(i item) bool { return !isName(i) && !i.beside.kept }))
	return names
}

// named brings a name to its normal form.
func (x *areaWords) named(p *Pack, t *trail, r rough) placeName {
	out := placeName{levels: r.beside.levels, no: r.beside.no, behind: r.behind}
	if r.beside.kept {
		out.kept = strings.Join(r.beside.words, " ")
	}
	out.name = strings.Join(x.today(t, r.words), " ")
	if latin := p.latin(t, out.name); latin != out.name {
		out.native = out.name
		out.name = strings.Join(x.today(t, strings.Fields(latin)), " ")
	}
	return out
}

// today writes earlier names and other spellings as the name of today.
func (x *areaWords) today(t *trail, words []string) []string {
	out := make([]string, 0, len(words))
	for i := 0; i < len(words); {
		s, ok := x.variants.at(words[i:], func(s spelling) bool { return !s.short() || len(s.words) == len(words) })
		if !ok {
			out = append(out, words[i])
			i++
			continue
		}
		t.note(RuleVariant, strings.Join(s.words, " ") != s.term.Becomes)
		out = append(out, strings.Fields(s.term.Becomes)...)
		i += len(s.words)
	}
	return out
}

// mostShort is how many bytes a spelling has that may be a part of any name.
const mostShort = 3

// short tells a spelling that stands for a name only where it is all of it: kl for
// Kuala Lumpur, Ayutthaya for Phra Nakhon Si Ayutthaya.
func (s spelling) short() bool {
	written := strings.Join(s.words, " ")
	return len(written) <= mostShort || written != s.term.Becomes && strings.Contains(" "+s.term.Becomes+" ", " "+written+" ")
}

// readings are what a name may be in Latin letters in registers of some languages, the
// likeliest first.
func (n placeName) readings(languages []string) []string {
	all := []string{n.name}
	if n.native == "" || text.ASCII(n.native) {
		return all
	}
	for _, r := range script.Readings(n.native, languages...)[1:] {
		all = append(all, (*trail)(nil).words(r))
	}
	return all
}
