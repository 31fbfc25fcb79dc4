// Package recognise finds out what the columns of an unknown file hold: from
// their values first, from the words of their headers second. It knows no file,
// no data set and no country by name.
package recognise

import (
	"fmt"
	"slices"
	"strings"

	"rollcall/matchers/model"
)

// What a column can be beside the kinds that are compared.
const (
	Key    model.Kind = "key"    // tells the rows of its file apart
	Ignore model.Kind = "ignore" // says nothing that two files could agree on
)

// Guess is what a column seems to hold.
type Guess struct {
	Column     string
	Kind       model.Kind // a kind that is compared, Key or Ignore
	Subject    string     // whom it is about: "" the person of the row, or mother, father, spouse, …
	Meaning    string     // what it says of him: given, family, full, sex, birth, death, national id, …
	Confidence float64    // 0 to 1
	Why        string     // for people
	Else       string     // column that says it where this one is empty: an age, a whole name

	profile profile
	holds   []string // columns whose values stand within its own
	silent  bool     // the header says nothing at all: c1, x7, column 3
}

// Compared tells whether the column can be compared with another.
func (g Guess) Compared() bool { return g.Kind != Key && g.Kind != Ignore }

// Columns guesses what each column holds. Sample gives some rows of a column as
// written, "" for missing; the same rows for every column. Several thousand
// rows, spread over the file, are enough. isArea tells headers that are words for areas in the
// country; nil where it is not known.
func Columns(names []string, sample func(col int) []string, isArea func(header string) bool) []Guess {
	guesses := make([]Guess, len(names))
	values := make([][]string, len(names))
	for i, name := range names {
		values[i] = sample(i)
		guesses[i] = column(name, profileOf(values[i]), isArea)
	}
	chooseKey(guesses)
	readContent(guesses, values)
	dropRepeats(guesses, values)
	dropDerived(guesses, values)
	findHeld(guesses, values)
	return guesses
}

// column guesses one column for itself.
func column(name string, p profile, isArea func(header string) bool) Guess {
	h := readHeader(name)
	if isArea != nil && h.subject == "" && isArea(name) {
		h.ofArea()
	}
	g := Guess{Column: name, Subject: h.subject, profile: p, silent: h.silent()}
	switch {
	case p.filled == 0:
		return g.ignored("it is empty")
	case p.distinct == 1 && p.rows > 1:
		return g.ignored("it has one value throughout")
	}
	best, bestScore, bestFit, words := concept{}, 0.0, 0.0, 0
	says := said(h)
	for _, c := range concepts {
		fit := c.fits(p)
		if c.meaning == "full" && h.subject != "" {
			fit = nameLike(p) // one word is enough where the header says whose name it is
		}
		score, n := c.alone*fit, c.named(h)
		if h.longest(c.certain) > 0 && p.withNum >= minFit {
			fit = max(fit, minFit) // dates that nobody can read are none of anything else
		}
		if fit < minFit && (n == 0 || c.kind != model.Date || fit < minDates) {
			continue
		}
		if n == 0 && c.vague && (says != nil || !g.silent && p.dialled < minFit) {
			continue
		}
		if n > 0 {
			score = 0.5 + 0.4*fit + 0.03*float64(min(n, 3))
		}
		if score > bestScore {
			best, bestScore, bestFit, words = c, score, fit, n
		}
	}
	if bestScore == 0 {
		return g.ignored("neither its values nor its header tell what it is")
	}
	if words == 0 && says != nil {
		g.Kind, g.Meaning, g.Confidence, g.Why = best.kind, best.meaning, bestScore, unlike(*says, p, best, bestFit)
		return g
	}
	g.Kind, g.Meaning, g.Confidence = best.kind, best.meaning, bestScore
	if best.numbered {
		g.Meaning += h.number
	}
	if best.kind == model.Identifier {
		g.Meaning = strings.Join(h.words, " ")
	}
	g.Why = why(best, bestFit, words > 0)
	return g
}

// minFit is the share of values that must look like what a column is called.
const minFit = 0.6

// minDates is the same of a column that is called a date: those that no calendar has are
// rather wrong than something else.
const minDates = 0.3

func (g Guess) ignored(why string) Guess {
	g.Kind, g.Confidence, g.Why = Ignore, 0.9, why
	return g
}

// said is the concept that most words of a header are about, nil for none.
func said(h header) *concept {
	var most *concept
	words := 0
	for i := range concepts {
		if n := concepts[i].named(h); n > words {
			most, words = &concepts[i], n
		}
	}
	return most
}

// unlike puts into words why a column is not taken for what its header says.
func unlike(says concept, p profile, taken concept, fit float64) string {
	return fmt.Sprintf("the header says %s, but %.0f%% of its values are like %s; %.0f%% are like %s", says.meaning, 100*says.fits(p), says.like, 100*fit, taken.like)
}

// why puts the reason into words.
func why(c concept, fit float64, named bool) string {
	reason := fmt.Sprintf("%.0f%% of its values are like %s", 100*fit, c.like)
	if named {
		return "the header says so, and " + reason
	}
	return reason + "; the header does not say"
}

// chooseKey makes one column the key of the rows: complete, without repeats, and
// a number or code. What else looks like a key of records is ignored.
func chooseKey(guesses []Guess) {
	best, bestScore := -1, 0.0
	for i, g := range guesses {
		if g.Subject != "" || !g.profile.unique() || g.profile.code < 0.95 {
			continue
		}
		h := readHeader(g.Column)
		if says := said(h); g.Kind != Key && says != nil && says.kind == model.Date {
			continue // however few its values, and however wrong
		}
		score := 1 - 0.01*float64(i)
		switch {
		case g.Kind == Key:
			score++
		case g.Kind == model.Identifier && h.hasAny(personalNumbers), g.Kind == model.Date:
			continue
		case g.Compared() && g.Kind != model.Identifier && g.Confidence > 0.8:
			continue
		}
		if score > bestScore {
			best, bestScore = i, score
		}
	}
	for i := range guesses {
		g := &guesses[i]
		switch {
		case i == best:
			g.Kind, g.Meaning, g.Confidence = Key, "key", min(0.99, bestScore/2)
			g.Why = "complete, no value twice, and like a number or code"
		case g.Kind == Key && g.profile.distinctShare() > 0.5 && g.profile.unique():
			*g = g.ignored("another key of the record")
		case g.Kind == Key:
			*g = g.ignored("it numbers something else than persons")
		}
	}
}

// dropRepeats ignores a column whose values are those of one or two others:
// compared beside them it would count the same evidence twice.
func dropRepeats(guesses []Guess, values [][]string) {
	for i := range guesses {
		if !guesses[i].Compared() {
			continue
		}
		for j := range guesses {
			if j < i && guesses[j].Compared() && sharesValues(values[i], values[j], nil) {
				guesses[i] = guesses[i].ignored(fmt.Sprintf("it repeats %s", guesses[j].Column))
				break
			}
		}
		if guesses[i].Meaning != "full" || !guesses[i].Compared() {
			continue
		}
		given := find(guesses, guesses[i].Subject, "given")
		family := find(guesses, guesses[i].Subject, "family")
		if given < 0 || family < 0 {
			continue
		}
		if sharesValues(values[i], values[given], values[family]) {
			guesses[i] = guesses[i].ignored(fmt.Sprintf("it repeats %s and %s", guesses[given].Column, guesses[family].Column))
		}
	}
}

// sharesValues tells whether a nearly always is b, or b and c joined.
func sharesValues(a, b, c []string) bool {
	const repeatShare = 0.9
	filled, same := 0, 0
	for i, v := range a {
		w := b[i]
		if c != nil {
			w += " " + c[i]
		}
		if v == "" && strings.TrimSpace(w) == "" {
			continue
		}
		filled++
		if strings.EqualFold(strings.TrimSpace(v), strings.TrimSpace(w)) {
			same++
		}
	}
	return filled > 0 && float64(same) >= repeatShare*float64(filled)
}

// dropDerived ignores what follows from a better column of the same file: an age
// from the date of birth, a full name from its parts.
func dropDerived(guesses []Guess, values [][]string) {
	for i := range guesses {
		g := &guesses[i]
		if !g.Compared() {
			continue
		}
		switch g.Meaning {
		case "age":
			if j := find(guesses, g.Subject, "birth"); j >= 0 && agesOf(values[i], values[j]) {
				*g = g.ignored(fmt.Sprintf("it follows from %s", guesses[j].Column))
				guesses[j].Else = g.Column
			}
		case "full":
			given, family := find(guesses, g.Subject, "given"), find(guesses, g.Subject, "family")
			const partsShare = 0.8
			if given >= 0 && family >= 0 && min(guesses[given].profile.fill(), guesses[family].profile.fill()) >= partsShare*g.profile.fill() {
				*g = g.ignored(fmt.Sprintf("%s and %s say it in parts", guesses[given].Column, guesses[family].Column))
				if standsIn(values[i], values[given], values[family]) {
					guesses[given].Else = g.Column
				}
			}
		case "birth":
			// Dates that only look like births are none beside those that are called so.
			if j := find(guesses, g.Subject, "birth"); g.Confidence < 0.8 && j >= 0 && guesses[j].Confidence > g.Confidence {
				*g = g.ignored(fmt.Sprintf("%s is the date of birth", guesses[j].Column))
			}
		}
	}
}

// standsIn tells whether a whole name is there where both of its parts lack, in a
// share of the records that is worth it.
func standsIn(full, given, family []string) bool {
	const worthwhile = 0.01
	n := 0
	for i, v := range full {
		if v != "" && given[i] == "" && family[i] == "" {
			n++
		}
	}
	return float64(n) >= worthwhile*float64(len(full))
}

// agesOf tells whether ages nearly always are those of people born on the dates
// at one time: the year of birth and the age then make one sum, or one less.
func agesOf(ages, dates []string) bool {
	const followShare = 0.75 // errors of both columns aside
	sums := map[int]int{}
	known := 0
	for i, age := range ages {
		year := dateYear(strings.ToLower(strings.TrimSpace(dates[i])))
		if age = strings.TrimSpace(age); year == 0 || age == "" || !allDigits(age) || len(age) > 3 {
			continue
		}
		known++
		sums[year+atoi(age)]++
	}
	most := 0
	for sum, n := range sums {
		most = max(most, n+sums[sum-1])
	}
	return float64(most) >= followShare*float64(known)
}

// find is the first column of a meaning, or -1.
func find(guesses []Guess, subject, meaning string) int {
	return slices.IndexFunc(guesses, func(g Guess) bool {
		return g.Compared() && g.Subject == subject && g.Meaning == meaning
	})
}
