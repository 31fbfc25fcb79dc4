package block

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"rollcall/matchers/text"
)

// Taking is how the keys of a transform come out of a value: one key, or several
// of which two records must have one in common.
type Taking struct {
	One     func(string) string   // nil where there are several; "" is no key
	Several func(string) []string // nil where there is one
	// Number, where keys stand for ranges of numbers, is that of a value: two
	// records agree when theirs are at most Within apart.
	Number func(string) (int64, bool)
	Within int64
}

// OverReadings takes the keys of all readings of a value (text.Or).
func (t Taking) OverReadings() Taking {
	take := t.Several
	if one := t.One; one != nil {
		take = func(s string) []string { return []string{one(s)} }
	}
	t.One = nil
	t.Several = func(s string) []string {
		if !text.Open(s) {
			return take(s)
		}
		var keys []string
		for _, reading := range text.Readings(s) {
			keys = append(keys, take(reading)...)
		}
		return keys
	}
	return t
}

// several are the transforms that take several keys of a value.
var several = map[string]func(string) []string{
	"token": words,
	"gram2": func(s string) []string { return grams(s, 2) },
	"gram3": func(s string) []string { return grams(s, 3) },
}

// soundsTransform is how each word of a name sounds.
const soundsTransform = "sounds"

// NeighbourTransform is an area or one beside it.
const NeighbourTransform = "neighbour"

// near are the transforms with a number in their names: values that are at most
// so far apart.
var near = []struct {
	pattern *regexp.Regexp
	shown   string
	number  func(string) (int64, bool)
}{
	{regexp.MustCompile(`^within_(\d{1,5})_days?$`), "within_30_days", dayNumber},
	{regexp.MustCompile(`^year~(\d{1,3})$`), "year~1", yearNumber},
	{regexp.MustCompile(`^number~(\d{1,9})$`), "number~2", number},
}

// Take is the keys of a transform; an empty name is exact. neighbours are the
// pairs of values that lie side by side, which only the neighbour transform
// needs.
func Take(name string, neighbours [][2]string) (Taking, error) {
	if f, ok := several[name]; ok {
		return Taking{Several: f}, nil
	}
	switch name {
	case soundsTransform:
		return Taking{Several: sounds()}, nil
	case NeighbourTransform:
		if len(neighbours) == 0 {
			return Taking{}, fmt.Errorf("transform %q: its comparison names no neighbours", name)
		}
		return Taking{Several: beside(neighbours)}, nil
	}
	for _, n := range near {
		if m := n.pattern.FindStringSubmatch(name); m != nil {
			within, err := strconv.ParseInt(m[1], 10, 64)
			if err != nil {
				return Taking{}, fmt.Errorf("transform %q: %w", name, err)
			}
			return Taking{Several: ranges(n.number, within), Number: n.number, Within: within}, nil
		}
	}
	one, err := Transform(name)
	return Taking{One: one}, err
}

// Known says that there is such a transform.
func Known(name string) bool {
	_, err := Take(name, [][2]string{{"a", "b"}})
	return err == nil
}

// ranges are two keys of a number: of any two numbers that are at most so far
// apart one is the same.
func ranges(number func(string) (int64, bool), within int64) func(string) []string {
	width := max(within, 1)
	return func(s string) []string {
		n, ok := number(s)
		if !ok {
			return nil
		}
		at := n / width
		if n < 0 && n%width != 0 {
			at--
		}
		return []string{strconv.FormatInt(at, 10), strconv.FormatInt(at+1, 10)}
	}
}

// beside is a key for an area and one for each border that it shares with a
// neighbour: two areas have a key in common when they are one or side by side.
func beside(neighbours [][2]string) func(string) []string {
	borders := map[string][]string{}
	for _, pair := range neighbours {
		a, b := min(pair[0], pair[1]), max(pair[0], pair[1])
		if a == b {
			continue
		}
		border := a + "\x00" + b
		borders[a], borders[b] = append(borders[a], border), append(borders[b], border)
	}
	return func(s string) []string {
		if s == "" {
			return nil
		}
		return append([]string{s}, borders[s]...)
	}
}

// words are the words of a text or of a list, whatever stands between them.
func words(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) })
}

// grams are all runs of n letters and digits, beginning and end marked; a text
// of fewer is one.
func grams(s string, n int) []string {
	joined := strings.Join(words(s), " ")
	if joined == "" {
		return nil
	}
	runes := []rune("^" + joined + "$")
	if len(runes) <= n {
		return []string{string(runes)}
	}
	out := make([]string, 0, len(runes))
	for i := 0; i+n <= len(runes); i++ {
		out = append(out, string(runes[i:i+n]))
	}
	return out
}

// sounds is how each word sounds. It is not for several goroutines.
func sounds() func(string) []string {
	sound := remembered(strings.TrimSpace, text.Romanised)
	return func(s string) []string {
		var out []string
		for _, w := range words(s) {
			if heard := sound(w); heard != "" {
				out = append(out, heard)
			}
		}
		return out
	}
}

// dayNumber counts whole dates in days, each month as long as it is.
func dayNumber(s string) (int64, bool) {
	d, ok := text.ParseDate(s)
	if !ok || !d.Whole() {
		return 0, false
	}
	return civilDays(int64(d.Year), int64(d.Month), int64(d.Day)), true
}

// civilDays numbers the days of the Gregorian calendar: Hinnant, "chrono-Compatible
// Low-Level Date Algorithms", days_from_civil. Years begin in March there, so that
// the leap day is the last.
func civilDays(year, month, day int64) int64 {
	if month <= 2 {
		year--
	}
	const (
		daysOfEra  = 146_097 // 400 years
		yearsOfEra = 400
	)
	era := year / yearsOfEra
	ofEra := year - era*yearsOfEra
	ofYear := (153*((month+9)%12)+2)/5 + day - 1
	return era*daysOfEra + ofEra*365 + ofEra/4 - ofEra/100 + ofYear
}

func yearNumber(s string) (int64, bool) {
	n, err := strconv.ParseInt(year(s), 10, 64)
	return n, err == nil
}

func number(s string) (int64, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil && n > -1<<60 && n < 1<<60
}

// Transforms are the names of all transforms, sorted; of those with a number in
// their name one stands for all.
func Transforms() []string {
	names := Single()
	for name := range several {
		names = append(names, name)
	}
	names = append(names, soundsTransform, NeighbourTransform)
	for _, n := range near {
		names = append(names, n.shown)
	}
	slices.Sort(names)
	return names
}
