package recognise

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"rollcall/matchers/model"
)

// pieces are the parts of a name that a column can hold, by the name of the part in a
// locale pack: whom the column is about, and what it may say of him.
var pieces = map[string]struct {
	subject  string
	meanings []string
}{
	"given":         {"", []string{"given"}},
	"middle":        {"", []string{"middle"}},
	"family":        {"", []string{"family"}},
	"second_family": {"", []string{"second family"}},
	"father":        {"father", []string{"full", "given"}},
	"grandfather":   {"grandfather", []string{"full", "given"}},
}

// usualParts are those of a name where no country says otherwise, in their order.
var usualParts = []string{"given", "middle", "family", "second_family"}

// wholeNames pairs a whole name on one side with its parts on the other, joined in the
// country's order.
func (a *aligner) wholeNames() {
	for i, l := range a.left {
		if a.usedLeft[i] || !isWhole(l) {
			continue
		}
		if parts := a.partsOf(l, a.left, a.right, a.usedRight); parts != nil {
			f := align(i, parts[0], l, l)
			f.comparison.Right = joined(a.right, a.usedRight, parts)
			a.usedLeft[i] = true
			a.found = append(a.found, f)
		}
	}
	for j, r := range a.right {
		if a.usedRight[j] || !isWhole(r) {
			continue
		}
		if parts := a.partsOf(r, a.right, a.left, a.usedLeft); parts != nil {
			f := align(parts[0], j, r, r)
			f.comparison.Left = joined(a.left, a.usedLeft, parts)
			a.usedRight[j] = true
			a.found = append(a.found, f)
		}
	}
}

// isWhole tells whole names.
func isWhole(g Guess) bool { return g.Compared() && g.Meaning == "full" }

// joined is how a column of those columns is called; they are used up.
func joined(guesses []Guess, used []bool, parts []int) string {
	names := make([]string, len(parts))
	for i, p := range parts {
		names[i] = guesses[p].Column
		used[p] = true
	}
	return strings.Join(names, Joint)
}

// partsOf are the columns of the other side that together say a whole name, in their
// order; nil where they do not. Given and family names always belong to it, others where
// they bring the number of words nearer to that of the whole name: middle names, and the
// father's name where the country makes it a part of its children's. Where it does, a
// name on the other side may also be whole but for the father's.
func (a *aligner) partsOf(whole Guess, own, others []Guess, used []bool) []int {
	free := func(subject string, meanings ...string) int {
		for i, g := range others {
			if g.Compared() && !used[i] && g.Subject == subject && slices.Contains(meanings, g.Meaning) {
				return i
			}
		}
		return -1
	}
	first, short := free(whole.Subject, "given"), free(whole.Subject, "full")
	if first < 0 || short >= 0 || find(own, whole.Subject, "given") >= 0 {
		first = short
	}
	if first < 0 {
		return nil
	}
	parts, kinds := []int{first}, []string{"given"}
	words := others[first].profile.words
	for _, kind := range slices.Compact(slices.Concat([]string{"family"}, a.parts, usualParts)) {
		p, ok := pieces[kind]
		if !ok || kind == "given" || slices.Contains(kinds, kind) || first == short && p.subject == "" || whole.Subject != "" && p.subject != "" {
			continue
		}
		at := free(cmp.Or(p.subject, whole.Subject), p.meanings...)
		if at < 0 || slices.Contains(others[first].holds, others[at].Column) {
			continue
		}
		more := others[at].profile.words * others[at].profile.fill()
		if kind == "family" || nearer(whole.profile.words, words, words+more) {
			parts, kinds, words = append(parts, at), append(kinds, kind), words+more
		}
	}
	if first == short && len(parts) == 1 {
		return nil
	}
	return a.inPackOrder(parts, kinds)
}

// nearer tells whether the second number is nearer to an aim than the first.
func nearer(aim, first, second float64) bool { return math.Abs(aim-second) < math.Abs(aim-first) }

// findHeld notes which fathers' names stand within a whole name of the same file.
func findHeld(guesses []Guess, values [][]string) {
	for i, whole := range guesses {
		if !isWhole(whole) || whole.Subject != "" {
			continue
		}
		for j, other := range guesses {
			if other.Compared() && pieces[other.Subject].subject != "" && within(values[j], values[i]) {
				guesses[i].holds = append(guesses[i].holds, other.Column)
			}
		}
	}
}

// within tells whether the values of one column mostly stand within those of another.
func within(parts, wholes []string) bool {
	filled, held := 0, 0
	for row, part := range parts {
		if part == "" || wholes[row] == "" {
			continue
		}
		filled++
		if strings.Contains(strings.ToLower(wholes[row]), strings.ToLower(part)) {
			held++
		}
	}
	return 2*held > filled
}

// inPackOrder orders columns by the kinds of parts that they hold.
func (a *aligner) inPackOrder(columns []int, kinds []string) []int {
	order := append(slices.Clone(a.parts), usualParts...)
	at := make([]int, len(columns))
	for i := range at {
		at[i] = i
	}
	slices.SortStableFunc(at, func(x, y int) int {
		return cmp.Compare(slices.Index(order, kinds[x]), slices.Index(order, kinds[y]))
	})
	out := make([]int, len(columns))
	for i, x := range at {
		out[i] = columns[x]
	}
	return out
}

// fathersNames pairs a column of family names with one of fathers' names where the
// country has no family names: what stands there is the father's name.
func (a *aligner) fathersNames() {
	if !slices.Contains(a.parts, "father") || slices.Contains(a.parts, "family") {
		return
	}
	father := func(g Guess) bool {
		return g.Compared() && g.Subject == "father" && (g.Meaning == "full" || g.Meaning == "given")
	}
	family := func(g Guess) bool { return g.Compared() && g.Subject == "" && g.Meaning == "family" }
	for i, l := range a.left {
		for j, r := range a.right {
			switch {
			case a.usedLeft[i] || a.usedRight[j]:
			case family(l) && father(r), father(l) && family(r):
				f := align(i, j, l, r)
				f.subject, f.meaning = "", "family"
				f.comparison.Kind, f.comparison.Name = model.FamilyName, "family_name"
				a.usedLeft[i], a.usedRight[j] = true, true
				a.found = append(a.found, f)
			}
		}
	}
}
