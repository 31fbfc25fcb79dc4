package recognise

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"rollcall/matchers/model"
)

// Joint stands between the columns of a comparison that are joined with a
// space: "first_name + last_name".
const Joint = " + "

// Else stands between a column and one that says it where the first is empty:
// "given_name or full_name". On stands between a column of ages and the day that
// they are told for: "birth or age on 2020-04-01"; BirthIn before one of identity
// numbers that say a birth inside: "birth or the birth in nid".
const (
	Else    = " or "
	On      = " on "
	BirthIn = "the birth in "
)

// Pairs aligns the columns of two files: first those whose headers say nothing, by
// their values; then those of one subject and meaning (the same name before
// another), whole names with their parts joined,
// then codes and words whose values are largely the same. A date of birth meets
// a date of birth and no other day. parts are the kinds of parts of a full name in the
// country, in their order, as a locale pack has them; none are the usual ones.
func Pairs(left, right []Guess, parts []string) []model.Comparison {
	a := aligner{left: left, right: right, parts: parts, usedLeft: make([]bool, len(left)), usedRight: make([]bool, len(right))}
	a.silent()
	a.wholeNames()
	a.each(func(l, r Guess) bool { return l.Column == r.Column && alike(l, r) })
	a.each(func(l, r Guess) bool { return l.Subject == r.Subject && l.Meaning == r.Meaning && alike(l, r) })
	a.each(areasOfOneHeader)
	a.each(placesOfOneList)
	a.fathersNames()
	a.each(valuesOfOneList)
	a.identities()
	return inOrder(a.affordable())
}

// inOrder puts the comparisons in the order of the left file, a family name
// right behind its given name, since the model judges the two together; and
// gives each a name of its own.
func inOrder(found []aligned) []model.Comparison {
	first := map[string]int{} // order of the first column of a subject's name
	for _, f := range found {
		if rank := nameRank(f.meaning); rank > 0 {
			if at, ok := first[f.subject]; !ok || f.order < at {
				first[f.subject] = f.order
			}
		}
	}
	place := func(f aligned) int {
		if nameRank(f.meaning) > 0 {
			return first[f.subject]
		}
		return f.order
	}
	slices.SortStableFunc(found, func(x, y aligned) int {
		return cmp.Or(cmp.Compare(place(x), place(y)), cmp.Compare(nameRank(x.meaning), nameRank(y.meaning)), cmp.Compare(x.order, y.order))
	})
	out := make([]model.Comparison, len(found))
	taken := map[string]bool{}
	for i, f := range found {
		out[i] = f.comparison
		name := out[i].Name
		for n := 2; taken[out[i].Name]; n++ {
			out[i].Name = fmt.Sprintf("%s_%d", name, n)
		}
		taken[out[i].Name] = true
	}
	return out
}

// nameRank orders the parts of a name; 0 is no name.
func nameRank(meaning string) int {
	return 1 + slices.Index([]string{"given", "family", "second family", "full", "middle"}, meaning)
}

// Alone gives the comparisons of one file with itself.
func Alone(guesses []Guess) []model.Comparison {
	var found []aligned
	for i, g := range guesses {
		if g.Compared() && g.profile.fill() >= minFill {
			found = append(found, align(i, i, g, g))
		}
	}
	a := aligner{left: guesses, right: guesses, found: found}
	return inOrder(a.affordable())
}

// minFill is the share of rows that must have a value for a column to be worth
// a comparison.
const minFill = 0.01

type aligned struct {
	order, right     int // left column and right one
	subject, meaning string
	worth            float64 // what agreement tells at most, in bits, times the share of values that are there
	comparison       model.Comparison
}

func align(order, right int, l, r Guess) aligned {
	values := min(l.profile.distinct, r.profile.distinct)
	worth := min(l.profile.fill(), r.profile.fill()) * math.Log2(float64(max(values, 1)))
	if l.Kind == model.Category || l.Kind == model.Text {
		worth -= leastOfAll
	}
	return aligned{order, right, l.Subject, l.Meaning, worth, comparison(l, r)}
}

// leastOfAll is more than any column is worth: groups are left out before what
// tells people apart.
const leastOfAll = 100

// maxPatternBits is what the levels of all comparisons of a pair may take
// together, with room for the levels that training adds.
const maxPatternBits = 60.0

// affordable leaves out the comparisons that tell least where there are more than
// can be compared at once.
func (a *aligner) affordable() []aligned {
	found := slices.Clone(a.found)
	for patternBits(found) > maxPatternBits {
		least := 0
		for i, f := range found {
			if f.worth < found[least].worth {
				least = i
			}
		}
		const why = "too many columns to compare at once, and it tells least"
		a.left[found[least].order] = a.left[found[least].order].ignored(why)
		a.right[found[least].right] = a.right[found[least].right].ignored(why)
		found = slices.Delete(found, least, least+1)
	}
	return found
}

// patternBits is what the levels of comparisons take, each with "missing".
func patternBits(found []aligned) float64 {
	bits := 0.0
	for _, f := range found {
		if ladder, err := model.NewLadder(f.comparison); err == nil {
			bits += math.Log2(float64(len(ladder.Names) + 1))
		}
	}
	return bits
}

type aligner struct {
	parts               []string // of a full name
	left, right         []Guess
	usedLeft, usedRight []bool
	found               []aligned
}

// alike tells whether two columns can be compared at all.
func alike(l, r Guess) bool {
	return l.Compared() && r.Compared() && l.Kind == r.Kind && l.Subject == r.Subject && l.Meaning == r.Meaning &&
		min(l.profile.fill(), r.profile.fill()) >= minFill
}

// each pairs columns for which fit holds, in the order of the left file; of
// several on the right the one with most values in common.
func (a *aligner) each(fit func(l, r Guess) bool) {
	for i, l := range a.left {
		if a.usedLeft[i] {
			continue
		}
		best, most := -1, -1.0
		for j, r := range a.right {
			if a.usedRight[j] || !fit(l, r) {
				continue
			}
			if o := overlap(l.profile, r.profile); o > most {
				best, most = j, o
			}
		}
		if best >= 0 {
			a.take(i, best)
		}
	}
}

func (a *aligner) take(i, j int) {
	a.usedLeft[i], a.usedRight[j] = true, true
	l, r := &a.left[i], &a.right[j]
	if l.Kind != r.Kind { // areas, which are of few kinds in a short file and of many in a long one
		l.Kind, r.Kind = wider(*l, *r), wider(*l, *r)
	}
	a.found = append(a.found, align(i, j, *l, *r))
}

// wider is the kind of two columns of areas that tells more of them apart.
func wider(l, r Guess) model.Kind {
	if l.Kind == model.Category {
		return r.Kind
	}
	return l.Kind
}

// overlap is the share of the smaller set of values that the other has too.
func overlap(l, r profile) float64 {
	if len(l.values) > len(r.values) {
		l, r = r, l
	}
	both := 0
	for v := range l.values {
		if r.values[v] > 0 {
			both++
		}
	}
	return float64(both) / float64(max(1, len(l.values)))
}

// likeness is how much two columns have in common of how often each value comes
// about: 0 nothing, 1 all.
func likeness(l, r profile) float64 {
	if len(l.values) > len(r.values) {
		l, r = r, l
	}
	sum := 0.0
	for _, v := range slices.Sorted(maps.Keys(l.values)) { // in one order, so that the sum is one
		sum += min(l.values[v], r.values[v])
	}
	return sum
}

// leastLikeness is that from which two columns of words or numbers of which a
// header says nothing are taken to hold the same.
const leastLikeness = 0.1

// silent pairs columns by their values alone where a header says nothing, the
// likeliest first. What the other header says holds for both.
func (a *aligner) silent() {
	type candidate struct {
		left, right int
		likeness    float64
	}
	var candidates []candidate
	for i, l := range a.left {
		for j, r := range a.right {
			if (l.silent || r.silent) && l.Compared() && r.Compared() && l.Subject == "" && r.Subject == "" && l.group() != "" && l.group() == r.group() {
				if n := likeness(l.profile, r.profile); n >= leastLikeness {
					candidates = append(candidates, candidate{i, j, n})
				}
			}
		}
	}
	slices.SortStableFunc(candidates, func(x, y candidate) int { return cmp.Compare(y.likeness, x.likeness) })
	for _, c := range candidates {
		if a.usedLeft[c.left] || a.usedRight[c.right] {
			continue
		}
		l, r := a.left[c.left], a.right[c.right]
		if l.silent && !r.silent || !l.named() && r.named() {
			a.left[c.left] = l.as(r)
		} else {
			a.right[c.right] = r.as(l)
		}
		a.take(c.left, c.right)
	}
}

// named tells parts of a person's name.
func (g Guess) named() bool { return g.Kind.Named() }

// as is a column that holds what another one does.
func (g Guess) as(other Guess) Guess {
	g.Kind, g.Meaning = other.Kind, other.Meaning
	g.Why = fmt.Sprintf("its values are those of %s", other.Column)
	return g
}

// group is what kinds a column can be mistaken among; "" where its form tells.
func (g Guess) group() string {
	switch g.Kind {
	case model.GivenName, model.FamilyName, model.FullName, model.Place, model.Address, model.Text:
		return "words"
	case model.HouseNumber, model.Postcode, model.Identifier:
		return "numbers"
	}
	return ""
}

// oneList is the overlap from which two columns draw on one list of values.
const oneList = 0.3

// ofAreas tells columns of areas of one way of writing: both codes, or both words.
func ofAreas(l, r Guess) bool {
	area := func(g Guess) bool { return g.Compared() && (g.Meaning == "place" || g.Meaning == "region") }
	coded := func(g Guess) bool { return g.profile.code > minFit }
	return l.Subject == r.Subject && area(l) && area(r) && coded(l) == coded(r) && min(l.profile.fill(), r.profile.fill()) >= minFill
}

// areasOfOneHeader pairs areas of one name that are few in one file and many in the other.
func areasOfOneHeader(l, r Guess) bool {
	return ofAreas(l, r) && slices.Equal(readHeader(l.Column).words, readHeader(r.Column).words)
}

// placesOfOneList pairs a city with a suburb: places under two names.
func placesOfOneList(l, r Guess) bool {
	return ofAreas(l, r) && overlap(l.profile, r.profile) >= oneList
}

// valuesOfOneList pairs columns that no header explains.
func valuesOfOneList(l, r Guess) bool {
	vague := func(g Guess) bool {
		return g.Compared() && (g.Meaning == "text" || g.Meaning == "category" || g.Confidence < 0.5)
	}
	return l.Subject == r.Subject && l.Kind == r.Kind && vague(l) && vague(r) && overlap(l.profile, r.profile) >= oneList
}

// identities pairs codes of which the files have many in common, whatever they
// are called: an identity number under two names. A key of records is one when
// the other file knows its values.
func (a *aligner) identities() {
	const shared = 0.2
	const manyValues = 20
	for i, l := range a.left {
		for j, r := range a.right {
			if a.usedLeft[i] || a.usedRight[j] || l.Subject != r.Subject || l.Kind == Key || r.Kind == Key {
				continue
			}
			named := l.Kind == model.Identifier && r.Kind == model.Identifier
			coded := l.profile.code > 0.9 && r.profile.code > 0.9 && l.profile.letter >= 4 && l.profile.distinctShare() > 0.5 && r.profile.distinctShare() > 0.2 &&
				l.profile.date < 0.5 && (named || l.Column == r.Column || l.silent && r.silent && !l.profile.counts && !r.profile.counts)
			if coded && len(l.profile.values) >= manyValues && overlap(l.profile, r.profile) >= shared {
				l.Kind, r.Kind = model.Identifier, model.Identifier
				a.usedLeft[i], a.usedRight[j] = true, true
				a.found = append(a.found, align(i, j, l, r))
			}
		}
	}
}

// comparison writes the comparison of two columns of one meaning.
func comparison(l, r Guess) model.Comparison {
	c := model.Comparison{Name: comparisonName(l, r), Left: l.Column, Right: r.Column, Kind: l.Kind, Shared: shared(l)}
	if l.Meaning == "middle" && max(l.profile.single, r.profile.single) > 0.9 {
		// One side has initials only: the other is cut to them.
		c.Kind = model.Category
	}
	return c
}

// comparisonName is that of the canonical column where there is one, so that a
// specification means the same in a job; else the column's.
func comparisonName(l, r Guess) string {
	name := l.Meaning
	switch l.Meaning {
	case "given", "middle", "family", "full", "second family", "native":
		name += " name"
		if l.Subject != "" && l.Meaning == "full" {
			name = "name"
		}
	case "birth", "death", "sex", "phone", "email", "address", "postcode", "house number", "unit number", "age", "birth place":
	default:
		if l.Column == r.Column {
			return l.Column
		}
	}
	return strings.ReplaceAll(strings.TrimSpace(l.Subject+" "+name), " ", "_")
}

// shared tells what people of one household have in common.
func shared(g Guess) bool {
	switch g.Kind {
	case model.FamilyName, model.Address, model.HouseNumber, model.Postcode, model.Phone:
		return g.Meaning != "age"
	case model.Place:
		return g.Meaning != "birth place"
	case model.Category:
		return g.Meaning == "region" || g.Subject == "mother" || g.Subject == "father" || g.Subject == "head"
	}
	return g.Subject == "mother" || g.Subject == "father" || g.Subject == FatherOrSpouse || g.Subject == "head"
}
