package facts

import (
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"rollcall/matchers/text"
	"rollcall/pipeline/store"
)

// nameFunctions are what facts and decisions call from SQL, on names in normal
// form: name_agreement(a, b), the level at which two names agree, and
// name_spelling(a), a key that most spellings of one name share.
func nameFunctions() []store.Function {
	sounds := &soundMemo{of: map[string]string{}}
	return []store.Function{
		{Name: "name_agreement", Arguments: 2, Call: func(out []byte, a []string) ([]byte, bool) {
			return append(out, nameLevel(a[0], a[1])...), true
		}},
		{Name: "name_spelling", Arguments: 1, Call: func(out []byte, a []string) ([]byte, bool) {
			key := nameSpelling(a[0], sounds.word)
			return append(out, key...), key != ""
		}},
	}
}

// nameSpelling is the sounds of a name's words, in alphabetical order; what so many
// bear that it says nothing, and initials, are left out. sound is text.Heard, or
// what remembers it.
func nameSpelling(name string, sound func(word string) string) string {
	var words []string
	for w := range strings.FieldsSeq(name) {
		if len(w) > 1 && !slices.Contains(openings, w) {
			words = append(words, sound(w))
		}
	}
	slices.Sort(words)
	return strings.Join(words, " ")
}

// soundMemoWords bounds a soundMemo: the names of a million people are made of
// some 70,000 words.
const soundMemoWords = 1 << 17

// soundMemo remembers how words sound, for names are many and their words few.
// Several threads may use it.
type soundMemo struct {
	mu sync.RWMutex
	of map[string]string
}

func (m *soundMemo) word(word string) string {
	m.mu.RLock()
	sound, ok := m.of[word]
	m.mu.RUnlock()
	if ok {
		return sound
	}
	word = strings.Clone(word) // DuckDB lends it
	sound = text.Heard(word)
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.of) == soundMemoWords {
		clear(m.of)
	}
	m.of[word] = sound
	return sound
}

// nameLevel compares two names word by word, in whatever order the words stand:
// exact, close, differs, or missing where one is empty. Names are close when each
// word of the shorter stands in the longer, as clerks leave words out (Md., Thi,
// a second surname) and shorten a father's name to its initial. Comparing the
// whole string would not do: Rahim Uddin and Karim Uddin, brothers, differ by one
// letter of eleven.
func nameLevel(a, b string) string {
	short, long := strings.Fields(a), strings.Fields(b)
	if len(short) == 0 || len(long) == 0 {
		return "missing"
	}
	if len(short) > len(long) {
		short, long = long, short
	}
	if slices.Equal(slices.Sorted(slices.Values(short)), slices.Sorted(slices.Values(long))) {
		return "exact"
	}
	if strings.Join(short, "") == strings.Join(long, "") {
		return "close" // one word written as two
	}
	whole, initials := matchedWords(short, slices.Clone(long))
	if whole+initials < len(short) || whole == 0 {
		return "differs"
	}
	return "close"
}

// matchedWords counts the words of short that stand in long: as a word, or one of
// the two as an initial. A word of long answers for one only; long is used up.
func matchedWords(short, long []string) (whole, initials int) {
	take := func(words []string, same func(a, b string) bool) (left []string, taken []string) {
		for _, w := range words {
			if i := slices.IndexFunc(long, func(o string) bool { return same(w, o) }); i >= 0 {
				long = slices.Delete(long, i, i+1)
				taken = append(taken, w)
			} else {
				left = append(left, w)
			}
		}
		return left, taken
	}
	rest, equal := take(short, func(a, b string) bool { return a == b })
	rest, alike := take(rest, sameWord)
	_, shortened := take(rest, isInitial)
	for _, w := range append(equal, alike...) {
		if len(w) > 1 && !slices.Contains(openings, w) {
			whole++
		} else {
			initials++
		}
	}
	return whole, initials + len(shortened)
}

// openings are words that so many bear that they say nothing alone.
var openings = []string{"mohammad", "mosammat", "thi", "van", "begum", "khatun", "bibi", "binti", "bin", "abdul"}

// sameWordSimilarity is for words whose ends differ.
const sameWordSimilarity = 0.9

// sameWord tells whether two words are one, misspelt or romanised otherwise. In
// words below four letters only i and y are one: Hoa and Hao are two people.
func sameWord(a, b string) bool {
	if min(len(a), len(b)) < 4 {
		return text.OneBarY(a, b)
	}
	if text.JaroWinkler(a, b) >= sameWordSimilarity {
		return true
	}
	heardA, heardB := text.Heard(a), text.Heard(b)
	slips := text.Slips(min(utf8.RuneCountInString(heardA), utf8.RuneCountInString(heardB)))
	return heardA == heardB || slips > 0 && text.OSA(heardA, heardB) <= slips
}

// isInitial tells whether one of two words is the initial of the other; v and w,
// q and k are one sound.
func isInitial(a, b string) bool {
	if (len(a) == 1) == (len(b) == 1) {
		return false
	}
	ha, hb := text.Heard(a), text.Heard(b)
	return a[0] == b[0] || ha != "" && hb != "" && ha[0] == hb[0] && !strings.Contains("aiu", ha[:1])
}
