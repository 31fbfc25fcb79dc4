package profile

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"rollcall/matchers/locale"
	"rollcall/matchers/locale/identifier"
	"rollcall/matchers/recognise"
	"rollcall/pipeline/pair"
)

// Identifiers is what a column of identity numbers looks like. Counts are of rows.
type Identifiers struct {
	Systems  []pair.Count // systems that the column follows, with the rows well formed by each
	Right    int          // well formed under a system
	Unknown  int          // nothing wrong, and no system to hold it against
	Problems []pair.Count // what is wrong, commonest first
	Shared   bearers
	Inside   Inside

	types identifier.Types
}

// problemWords are the problems of identity numbers in words.
var problemWords = map[string]string{
	identifier.ProblemLength:      "too short or too long",
	identifier.ProblemForm:        "another form than its system",
	identifier.ProblemCheckDigit:  "wrong check digit",
	identifier.ProblemInside:      "says a day, place or sex that does not exist",
	identifier.ProblemPlaceholder: "stands for a number that is not known",
	identifier.ProblemMasked:      "masked",
	identifier.ProblemMangled:     "changed by a spreadsheet to a rounded number",
}

// plausibleBearers is how many rows may bear an identity number before it is hardly
// one person's.
const plausibleBearers = 5

// identifiersOf reads a column of identity numbers. A key is read as one only where
// it follows a system.
func (o Options) identifiersOf(column string, values tally, key bool) *Identifiers {
	called := column + " " + recognise.Words(column)
	systems := identifier.Learn(o.Pack, called, values.some())
	ids := &Identifiers{types: systems}
	if key && len(systems) == 0 {
		return ids
	}
	read := systems.Read
	if systems.Mostly(identifier.Called(o.Pack, called), values.some()) {
		read = systems.ReadAmong
	}
	right, problems := map[string]int{}, map[string]int{}
	for _, s := range systems {
		right[s.Says] = 0
	}
	bearing := map[string]int{} // only of those written in several ways
	for v, rows := range values.all() {
		n := read(v)
		switch {
		case n.Problem != "":
			problems[cmp.Or(problemWords[n.Problem], strings.ReplaceAll(n.Problem, "_", " "))] += rows
		case n.Type != nil:
			ids.Right += rows
			right[n.Type.Says] += rows
		default:
			ids.Unknown += rows
		}
		if n.WellFormed() || n.Problem == identifier.ProblemCheckDigit {
			bearing[n.Value] += rows
		}
	}
	for _, rows := range bearing {
		ids.Shared.add(rows, plausibleBearers)
	}
	ids.Systems, ids.Problems = byRows(right), byRows(problems)
	return ids
}

// Wrong is how many rows have a number that is none.
func (ids *Identifiers) Wrong() int {
	n := 0
	for _, p := range ids.Problems {
		n += p.Rows
	}
	return n
}

// Phones is what a column of telephone numbers looks like. Counts are of rows.
type Phones struct {
	Country     string // whose numbers they are; "" where nothing tells
	Right       int
	None        int // the country has no such number
	Placeholder int
	Short       int
	Other       int // nothing that is a number
	Several     int // more than one number in a value
	Shared      bearers
}

// plausiblePhones is how many people of a roster may have one telephone: a large
// household, or a neighbour who answers for several.
const plausiblePhones = 10

// phonesOf reads a column of telephone numbers.
func (o Options) phonesOf(values tally) *Phones {
	pack := o.Pack
	if !pack.HasNumbers() {
		pack = &locale.Pack{Country: locale.LearnRegion(values.some())}
	}
	p := &Phones{Country: pack.Country}
	bearing := map[string]int{}
	for v, rows := range values.all() {
		normal, rules := pack.Phone(v)
		if slices.Contains(rules, locale.RuleFirstOfMany) {
			p.Several += rows
		}
		if normal != "" {
			bearing[normal] += rows
		}
		switch {
		case slices.Contains(rules, locale.RuleNoSuchNumber) && normal != "":
			p.None += rows
		case normal != "":
			p.Right += rows
		case slices.Contains(rules, locale.RulePlaceholder):
			p.Placeholder += rows
		case slices.Contains(rules, locale.RuleTooShort):
			p.Short += rows
		default:
			p.Other += rows
		}
	}
	for _, rows := range bearing {
		p.Shared.add(rows, plausiblePhones)
	}
	return p
}

// byRows lists counts, the most first.
func byRows(counts map[string]int) []pair.Count {
	out := make([]pair.Count, 0, len(counts))
	for _, value := range slices.Sorted(maps.Keys(counts)) {
		out = append(out, pair.Count{Value: value, Rows: counts[value]})
	}
	slices.SortStableFunc(out, func(a, b pair.Count) int { return cmp.Compare(b.Rows, a.Rows) })
	return out
}
