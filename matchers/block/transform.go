package block

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"rollcall/matchers/text"
)

// leastHalf is the fewest runes that a half of an identifier may have.
const leastHalf = 3

// soundTransform is how the longest word of a name sounds: whatever else is left
// out or put elsewhere.
const soundTransform = "sound"

// transforms are what a key can take of a value, beside its sound; an empty result
// is no key.
var transforms = map[string]func(string) string{
	"exact":        func(s string) string { return s },
	"phonetic":     text.Soundex,
	"romanised":    text.Romanised,
	"first_letter": func(s string) string { return leading(opened(s), 1) },
	"first3":       func(s string) string { return leading(s, 3) },
	"day":          day,
	"year":         year,
	"month_day":    monthDay,
	"year_month":   yearMonth,
	"first_half":   firstHalf,
	"last_half":    lastHalf,
	"first_token":  firstToken,
	"last_token":   lastToken,
	"numbers":      numbers,
	"user":         func(s string) string { user, _, _ := strings.Cut(s, "@"); return user },
}

// Transform is the function of a transform that takes one key; an empty name is
// exact.
func Transform(name string) (func(string) string, error) {
	if name == "" {
		name = "exact"
	}
	if name == soundTransform {
		return remembered(longestWord, text.Romanised), nil
	}
	f, ok := transforms[name]
	if !ok {
		return nil, fmt.Errorf("no transform %q; there are %s", name, strings.Join(Single(), ", "))
	}
	return f, nil
}

// Single are the names of the transforms that take one key, sorted.
func Single() []string {
	return slices.Sorted(slices.Values(append(slices.Collect(maps.Keys(transforms)), soundTransform)))
}

// remembered takes a part of a value and then something of the part, once for
// each part: names have many values and few words. It is not for several
// goroutines.
func remembered(part, of func(string) string) func(string) string {
	known := map[string]string{}
	return func(s string) string {
		p := part(s)
		taken, ok := known[p]
		if !ok {
			taken = of(p)
			known[p] = taken
		}
		return taken
	}
}

// leading is the first n runes.
func leading(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

func firstHalf(s string) string { return leading(s, halfOf(s)) }

func lastHalf(s string) string {
	return s[len(leading(s, max(0, utf8.RuneCountInString(s)-halfOf(s)))):]
}

// halfOf is how many runes a half has.
func halfOf(s string) int { return max(leastHalf, utf8.RuneCountInString(s)/2) }

func firstToken(s string) string {
	if words := strings.Fields(opened(s)); len(words) > 0 {
		return words[0]
	}
	return ""
}

func lastToken(s string) string {
	if words := strings.Fields(s); len(words) > 0 {
		return words[len(words)-1]
	}
	return ""
}

// numbers are those that stand in a text, such as of a house and a road, in their order.
func numbers(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r < '0' || r > '9' }), " ")
}

// opened is a name from its first word on that is none of those that are left out at
// will, if there is another.
func opened(s string) string {
	for {
		word, rest, more := strings.Cut(s, " ")
		if !more || !text.Opening(word) {
			return s
		}
		s = rest
	}
}

// longestWord is the longest word of a name, of equals the first in order. Mohammad
// and the like count only where nothing else is there: half of the men of a country
// would be in one block, and those who leave it out in others.
func longestWord(s string) string {
	longest, most := "", 0
	for word := range strings.FieldsSeq(s) {
		n := utf8.RuneCountInString(word)
		if text.Opening(word) {
			n = 0
		}
		if longest == "" || n > most || n == most && word < longest {
			longest, most = word, n
		}
	}
	return longest
}

// day is a whole date; a date that is not whole is none.
func day(s string) string {
	d, ok := text.ParseDate(s)
	if !ok || !d.Whole() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

func year(s string) string {
	d, ok := text.ParseDate(s)
	if !ok {
		return leading(s, 4)
	}
	return fmt.Sprintf("%04d", d.Year)
}

func monthDay(s string) string {
	d, ok := text.ParseDate(s)
	if !ok || !d.Whole() {
		return ""
	}
	return fmt.Sprintf("%02d-%02d", d.Month, d.Day)
}

func yearMonth(s string) string {
	d, ok := text.ParseDate(s)
	if !ok || d.Month == 0 {
		return ""
	}
	return fmt.Sprintf("%04d-%02d", d.Year, d.Month)
}
