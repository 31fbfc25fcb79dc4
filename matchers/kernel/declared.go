package kernel

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"rollcall/matchers/block"
	"rollcall/matchers/dictionary"
	"rollcall/matchers/model"
	"rollcall/matchers/text"
)

// declared compares by the levels that a specification declares. What a
// condition needs of a value is made once a value; a pair takes no memory.
type declared struct {
	levels   [][]test // above "differs", worst first; all tests of a level must hold
	gates    []int    // of each level, a worse one that holds wherever it does, or -1
	readings readingList
}

// test says whether two different values keep a condition.
type test func(a, b uint32) bool

// newDeclared makes the tests of levels that model.Ladders has checked.
func newDeclared(f *Field) *declared {
	d := &declared{levels: make([][]test, len(f.Ladder.Declared)), readings: newReadingList(f.values, f.texts)}
	v := &studied{values: d.readings.texts}
	for i, conditions := range f.Ladder.Declared {
		for _, c := range conditions {
			d.levels[i] = append(d.levels[i], tests[c.Comparator](v, c))
		}
		d.gates = append(d.gates, slices.IndexFunc(f.Ladder.Declared[:i], func(worse []model.Condition) bool { return model.Implies(conditions, worse) }))
	}
	return d
}

// level is the best one that holds, for any reading of names with several.
func (d *declared) level(_, _ *cell, a, b uint32) uint8 {
	if d.readings.several(a, b) {
		return d.readings.best(a, b, d.best)
	}
	return d.best(a, b)
}

// best is the best level that holds. Most pairs fail the gates, and are done.
func (d *declared) best(a, b uint32) uint8 {
	tested, held := uint16(0), uint16(0)
	holds := func(i int) bool {
		if tested>>i&1 == 0 {
			tested |= 1 << i
			if d.holds(i, a, b) {
				held |= 1 << i
			}
		}
		return held>>i&1 != 0
	}
	for i := len(d.levels) - 1; i >= 0; i-- {
		if (d.gates[i] < 0 || holds(d.gates[i])) && holds(i) {
			return uint8(i + 1)
		}
	}
	return 0
}

func (d *declared) holds(i int, a, b uint32) bool {
	for _, keeps := range d.levels[i] {
		if !keeps(a, b) {
			return false
		}
	}
	return true
}

// studied is the values of a field with what comparators need of each, made when
// the first of them asks.
type studied struct {
	values   dictionary.Texts
	outlines []text.Outline
	words    [][]string
	tokens   [][]uint32 // codes of the distinct words, ascending
}

func (v *studied) outline() []text.Outline {
	if v.outlines == nil {
		v.outlines = each(v.values, text.NewOutline)
	}
	return v.outlines
}

func (v *studied) split() [][]string {
	if v.words == nil {
		v.words = each(v.values, text.Words)
	}
	return v.words
}

func (v *studied) distinct() [][]uint32 {
	if v.tokens == nil {
		codes := map[string]uint32{}
		v.tokens = each(v.values, func(value string) []uint32 {
			var of []uint32
			for w := range strings.FieldsSeq(value) {
				code, ok := codes[w]
				if !ok {
					code = uint32(len(codes))
					codes[w] = code
				}
				of = append(of, code)
			}
			slices.Sort(of)
			return slices.Compact(of)
		})
	}
	return v.tokens
}

func each[T any](values dictionary.Texts, of func(string) T) []T {
	out := make([]T, values.Len())
	for code, value := range values.All() {
		out[code] = of(value)
	}
	return out
}

// tests make the test of each of model's comparators.
var tests = map[string]func(*studied, model.Condition) test{
	"jaro_winkler":    similarity((*text.Outline).MostJaroWinkler, text.JaroWinkler),
	"jaro":            similarity((*text.Outline).MostJaro, text.Jaro),
	"jaccard":         similarity(nil, text.Jaccard),
	"token_set":       tokenSet,
	"token_alignment": tokenAlignment,
	"levenshtein":     edits(text.WithinLevenshtein),
	"osa":             edits(text.WithinOSA),
	"damerau":         edits(text.WithinDamerau),
	"longest_common":  shared(text.CommonSubstring),
	"same_start":      shared(text.CommonPrefix),
	"min_length":      longEnough,
	"common_words":    commonWords,
	"all_words":       allWords,
	"begins":          begins,
	"same_sound":      sameSound,
	"same":            sameKey,
	"days":            datesWithin(text.Date.Days),
	"months":          datesWithin(text.Date.Months),
	"years":           datesWithin(text.Date.Years),
	"difference":      numbersWithin(func(a, b float64) float64 { return 1 }),
	"percent":         numbersWithin(func(a, b float64) float64 { return max(math.Abs(a), math.Abs(b)) / 100 }),
}

// similarity is at least the bound; most, where there is one, bounds it from above.
// The values are put in one order, as Jaro does not give the same both ways.
func similarity(most func(a, b *text.Outline) float64, of func(a, b string) float64) func(*studied, model.Condition) test {
	return func(v *studied, c model.Condition) test {
		if most == nil {
			return func(a, b uint32) bool { return of(v.values.At(a), v.values.At(b)) >= c.Bound }
		}
		outlines := v.outline()
		return func(a, b uint32) bool {
			if most(&outlines[a], &outlines[b]) < c.Bound {
				return false
			}
			x, y := v.values.At(a), v.values.At(b)
			return of(min(x, y), max(x, y)) >= c.Bound
		}
	}
}

// edits are at most the bound.
func edits(within func(a, b string, most int) bool) func(*studied, model.Condition) test {
	return func(v *studied, c model.Condition) test {
		outlines, most := v.outline(), int(c.Bound)
		return func(a, b uint32) bool {
			return outlines[a].LeastEdits(&outlines[b]) <= most && within(v.values.At(a), v.values.At(b), most)
		}
	}
}

// shared is a count, at least the bound, of characters that both have.
func shared(count func(a, b string) int) func(*studied, model.Condition) test {
	return func(v *studied, c model.Condition) test {
		outlines, least := v.outline(), int(c.Bound)
		return func(a, b uint32) bool {
			return outlines[a].MostCommon(&outlines[b]) >= least && count(v.values.At(a), v.values.At(b)) >= least
		}
	}
}

func longEnough(v *studied, c model.Condition) test {
	outlines, least := v.outline(), int(c.Bound)
	return func(a, b uint32) bool { return min(outlines[a].Runes(), outlines[b].Runes()) >= least }
}

func tokenSet(v *studied, c model.Condition) test {
	tokens := v.distinct()
	return func(a, b uint32) bool { return text.TokenSet(tokens[a], tokens[b]) >= c.Bound }
}

func commonWords(v *studied, c model.Condition) test {
	tokens, least := v.distinct(), int(c.Bound)
	return func(a, b uint32) bool { return text.CommonTokens(tokens[a], tokens[b]) >= least }
}

func allWords(v *studied, _ model.Condition) test {
	tokens := v.distinct()
	return func(a, b uint32) bool {
		fewer := min(len(tokens[a]), len(tokens[b]))
		return fewer > 0 && text.CommonTokens(tokens[a], tokens[b]) == fewer
	}
}

// tokenAlignment asks first whether the outlines of the words allow it.
func tokenAlignment(v *studied, c model.Condition) test {
	words := v.split()
	outlines := make([][]text.Outline, len(words))
	for code, of := range words {
		outlines[code] = make([]text.Outline, len(of))
		for k, word := range of {
			outlines[code][k] = text.NewOutline(word)
		}
	}
	return func(a, b uint32) bool {
		if text.MostAligned(outlines[a], outlines[b]) < c.Bound {
			return false
		}
		if v.values.At(a) > v.values.At(b) {
			a, b = b, a
		}
		return text.TokenAlignment(words[a], words[b]) >= c.Bound
	}
}

func begins(v *studied, _ model.Condition) test {
	return func(a, b uint32) bool {
		return strings.HasPrefix(v.values.At(a), v.values.At(b)) || strings.HasPrefix(v.values.At(b), v.values.At(a))
	}
}

func sameSound(v *studied, _ model.Condition) test {
	return sameCode(v.values, func(value string) string {
		var sounds []string
		for w := range strings.FieldsSeq(value) {
			if sound := text.Romanised(w); sound != "" {
				sounds = append(sounds, sound)
			}
		}
		return strings.Join(sounds, " ")
	})
}

func sameKey(v *studied, c model.Condition) test {
	take, err := block.Transform(c.Key)
	if err != nil {
		return func(uint32, uint32) bool { return false } // refused before
	}
	return sameCode(v.values, take)
}

// sameCode numbers what is taken of each value; nothing is never the same.
func sameCode(values dictionary.Texts, take func(string) string) test {
	known := map[string]uint32{"": 0}
	codes := each(values, func(value string) uint32 {
		part := take(value)
		code, ok := known[part]
		if !ok {
			code = uint32(len(known))
			known[part] = code
		}
		return code
	})
	return func(a, b uint32) bool { return codes[a] != 0 && codes[a] == codes[b] }
}

// datesWithin wants all days that two dates may be to be within the bound; what is
// no date never is.
func datesWithin(unit func(text.Date) (first, last int)) func(*studied, model.Condition) test {
	type reach struct {
		first, last int32
		known       bool
	}
	return func(v *studied, c model.Condition) test {
		reaches := each(v.values, func(value string) reach {
			d, ok := text.ParseDate(value)
			if !ok {
				return reach{}
			}
			first, last := unit(d)
			return reach{int32(first), int32(last), true}
		})
		return func(a, b uint32) bool {
			x, y := &reaches[a], &reaches[b]
			return x.known && y.known && float64(max(x.last-y.first, y.last-x.first)) <= c.Bound
		}
	}
}

// numbersWithin wants a difference of at most so many units, which the numbers
// give; what is no number has none.
func numbersWithin(unit func(a, b float64) float64) func(*studied, model.Condition) test {
	return func(v *studied, c model.Condition) test {
		numbers := each(v.values, func(value string) float64 {
			n, err := strconv.ParseFloat(value, 64)
			if err != nil || math.IsInf(n, 0) {
				return math.NaN()
			}
			return n
		})
		return func(a, b uint32) bool {
			x, y := numbers[a], numbers[b]
			return math.Abs(x-y) <= c.Bound*unit(x, y)
		}
	}
}
