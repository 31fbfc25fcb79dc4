package kernel

import (
	"cmp"
	"hash/fnv"
	"math"
	"slices"

	"rollcall/matchers/block"
)

// maxListed is the most keys that a value gives to a rule: of a longer list those
// of least hash stay, so that two values alike keep the same ones.
const maxListed = 64

// listed is a key of which a value has several: two records agree on it when
// they have one in common.
type listed struct {
	at    int        // place in a record of the code of its value
	codes [][]uint32 // by that code, ascending
	marks []uint64   // by that code, a bit for each key: two values without one in common have no key in common
	texts []string   // by code; 0 is none
	// numbers, where keys stand for ranges, are those of the values; records
	// agree when theirs are at most within apart.
	numbers []int64
	within  int64
}

// noNumber stands for a value that is no number. It lies farther from all
// numbers than any two of them from each other.
const noNumber = math.MinInt64 / 2

// newListed numbers the keys of each value of a field.
func newListed(f *Field, taking block.Taking) listed {
	values := f.texts
	l := listed{at: f.at, codes: make([][]uint32, values.Len()), marks: make([]uint64, values.Len()), texts: []string{""}, within: taking.Within}
	known := map[string]uint32{}
	for code := 1; code < values.Len(); code++ {
		for _, part := range few(taking.Several(values.At(uint32(code)))) {
			number, ok := known[part]
			if !ok {
				number = uint32(len(l.texts))
				known[part] = number
				l.texts = append(l.texts, part)
			}
			l.codes[code] = append(l.codes[code], number)
			l.marks[code] |= 1 << (number % 64)
		}
		slices.Sort(l.codes[code])
	}
	if taking.Number != nil {
		l.numbers = make([]int64, values.Len())
		for code, value := range values.All() {
			l.numbers[code] = noNumber
			if n, ok := taking.Number(value); ok {
				l.numbers[code] = n
			}
		}
	}
	return l
}

// few are the different keys of a list, at most maxListed.
func few(parts []string) []string {
	slices.Sort(parts)
	parts = slices.DeleteFunc(slices.Compact(parts), func(s string) bool { return s == "" })
	if len(parts) <= maxListed {
		return parts
	}
	slices.SortStableFunc(parts, func(a, b string) int { return cmp.Compare(hashed(a), hashed(b)) })
	return parts[:maxListed]
}

func hashed(s string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(s)) // never fails
	return h.Sum64()
}

// common appends the keys that two values have in common, ascending.
func (l *listed) common(a, b uint32, out []uint32) []uint32 {
	if l.numbers != nil && distance(l.numbers[a], l.numbers[b]) > l.within {
		return out
	}
	x, y := l.codes[a], l.codes[b]
	for i, j := 0, 0; i < len(x) && j < len(y); {
		switch {
		case x[i] < y[j]:
			i++
		case x[i] > y[j]:
			j++
		default:
			out = append(out, x[i])
			i, j = i+1, j+1
		}
	}
	return out
}

func distance(a, b int64) int64 { return max(a, b) - min(a, b) }

// usualListed is how many keys of one kind two values have in common at most, as
// a rule.
const usualListed = 16

// agrees says that two values have a key in common.
func (l *listed) agrees(a, b uint32) bool { return l.least(a, b) != 0 }

// least is the first key that two values have in common, 0 for none. Most pairs that are
// asked about have none, which the marks show.
func (l *listed) least(a, b uint32) uint32 {
	if l.marks[a]&l.marks[b] == 0 || l.numbers != nil && distance(l.numbers[a], l.numbers[b]) > l.within {
		return 0
	}
	x, y := l.codes[a], l.codes[b]
	for i, j := 0, 0; i < len(x) && j < len(y); {
		switch {
		case x[i] < y[j]:
			i++
		case x[i] > y[j]:
			j++
		default:
			return x[i]
		}
	}
	return 0
}

// expand puts each of some codes behind each of some keys, in their place.
func expand(keys []uint64, codes []uint32) []uint64 {
	n := len(keys)
	for _, code := range codes {
		for _, key := range keys[:n] {
			keys = append(keys, block.Extend(key, code)|1<<63)
		}
	}
	return append(keys[:0], keys[n:]...)
}
