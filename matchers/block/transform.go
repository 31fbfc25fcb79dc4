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

// transforms are what a key can take of a value; an empty result is no key.
var transforms = map[string]func(string) string{
	"exact":        func(s string) string { return s },
	"phonetic":     text.Soundex,
	"romanised":    text.Romanised,
	"first_letter": func(s string) string { return leading(s, 1) },
	"first3":       func(s string) string { return leading(s, 3) },
	"sound":        sound,
	"day":          day,
	"year":         year,
	"month_day":    monthDay,
	"year_month":   yearMonth,
	"first_half":   func(s string) string { return leading(s, max(leastHalf, len([]rune(s))/2)) },
	"last_half":    lastHalf,
	"first_token":  firstToken,
	"last_token":   lastToken,
	"user":         func(s string) string { user, _, _ := strings.Cut(s, "@"); return user },
}

// Transform is the function of a key's transform; an empty name is exact.
func Transform(name string) (func(string) string, error) {
	if name == "" {
		name = "exact"
	}
	f, ok := transforms[name]
	if !ok {
		return nil, fmt.Errorf("no transform %q; there are %s", name, strings.Join(Transforms(), ", "))
	}
	return f, nil
}

// Transforms are the names of all transforms, sorted.
func Transforms() []string { return slices.Sorted(maps.Keys(transforms)) }

func leading(s string, n int) string {
	r := []rune(s)
	return string(r[:min(n, len(r))])
}

func lastHalf(s string) string {
	r := []rune(s)
	return string(r[max(0, len(r)-max(leastHalf, len(r)/2)):])
}

func firstToken(s string) string {
	if words := strings.Fields(s); len(words) > 0 {
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

// sound is how the longest word of a name sounds, of equals the first in order:
// whatever else is left out or put elsewhere.
func sound(s string) string {
	longest := ""
	for word := range strings.FieldsSeq(s) {
		if n, m := utf8.RuneCountInString(word), utf8.RuneCountInString(longest); n > m || n == m && word < longest {
			longest = word
		}
	}
	return text.Romanised(longest)
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
