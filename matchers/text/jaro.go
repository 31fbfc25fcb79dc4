package text

import (
	"math/bits"
	"slices"
)

// winklerScale is the weight of a common prefix character, WinklerPrefix the
// most that count (Winkler 1990, "String Comparator Metrics and Enhanced
// Decision Rules in the Fellegi-Sunter Model of Record Linkage").
const (
	winklerScale  = 0.1
	WinklerPrefix = 4
)

// Jaro is the similarity of Jaro (1989), from 0 to 1; two empty strings are
// equal.
func Jaro(a, b string) float64 {
	if word(a) && word(b) {
		return jaroWord(a, b)
	}
	similarity, _ := jaroAny(a, b)
	return similarity
}

// JaroWinkler is Jaro with Winkler's bonus for a common prefix of up to four
// characters, whatever they are: letters and digits alike.
func JaroWinkler(a, b string) float64 {
	if word(a) && word(b) {
		return Winkler(jaroWord(a, b), commonPrefix(a, b))
	}
	return Winkler(jaroAny(a, b))
}

// Winkler is the Jaro-Winkler similarity of two strings of that Jaro similarity with
// so many of their first characters in common, WinklerPrefix at most.
func Winkler(jaro float64, prefix int) float64 {
	return jaro + float64(prefix)*winklerScale*(1-jaro)
}

// commonPrefix is how many of the first characters that Winkler counts are equal;
// strings have one character a byte.
func commonPrefix(a, b string) int {
	n := 0
	for n < min(len(a), len(b), WinklerPrefix) && a[n] == b[n] {
		n++
	}
	return n
}

// jaroAny is Jaro of any two strings, and their common prefix.
func jaroAny(a, b string) (similarity float64, prefix int) {
	var roomA, roomB roomFor
	left, right := characters(roomA[:0], a), characters(roomB[:0], b)
	for prefix < min(len(left), len(right), WinklerPrefix) && left[prefix] == right[prefix] {
		prefix++
	}
	var s symbols
	if s.number(left, right) {
		return jaroWord(s.a[:len(left)], s.b[:len(right)]), prefix
	}
	return jaroTable(left, right), prefix
}

// jaroWord keeps the matched positions of each string in one word, as rapidfuzz
// does. Both strings hold symbols below 128 and are at most 64 long.
func jaroWord[S string | []byte](a, b S) float64 {
	if len(a) == 0 || len(b) == 0 {
		if len(a) == len(b) {
			return 1
		}
		return 0
	}
	var at positions
	mark(&at, a)
	reach := max(max(len(a), len(b))/2-1, 0)
	window := uint64(1)<<min(reach+1, 63) - 1
	if reach+1 >= wordBits {
		window = ^uint64(0)
	}
	var matchedA, matchedB uint64
	for j := range len(b) {
		free := at[b[j]&127] & window &^ matchedA
		if free != 0 {
			matchedA |= free & -free
			matchedB |= 1 << j
		}
		window <<= 1
		if j < reach {
			window |= 1
		}
	}
	matches := bits.OnesCount64(matchedA)
	if matches == 0 {
		return 0
	}
	outOfOrder := 0
	for left, right := matchedA, matchedB; right != 0; {
		if at[b[bits.TrailingZeros64(right)]&127]&(left&-left) == 0 {
			outOfOrder++
		}
		left &= left - 1
		right &= right - 1
	}
	return jaroScore(matches, outOfOrder, len(a), len(b))
}

// jaroScore counts half the characters that are out of order, rounded down as
// Winkler's own program does.
func jaroScore(matches, outOfOrder, la, lb int) float64 {
	m := float64(matches)
	return (m/float64(la) + m/float64(lb) + (m-float64(outOfOrder/2))/m) / 3
}

// jaroTable is for strings longer than a word. The places of each character in a
// are taken from the first on: those before the window are never in it again.
func jaroTable(a, b []rune) float64 {
	if len(a) == 0 || len(b) == 0 {
		return 0 // the other one is long
	}
	var room jaroRoom
	places, next, used := room.places[:0], room.next[:], room.used[:]
	if max(len(a), len(b)) > roomy {
		places, next, used = make([]uint64, 0, len(a)), make([]int, len(a)), make([]bool, len(a))
	}
	for i, r := range a {
		places = append(places, uint64(r)<<32|uint64(i))
	}
	slices.Sort(places)
	for group := range places {
		next[group] = group
	}
	reach := max(max(len(a), len(b))/2-1, 0)
	matched := room.matched[:0]
	for j, r := range b {
		group, _ := slices.BinarySearch(places, uint64(r)<<32)
		if group == len(places) {
			continue
		}
		at := next[group]
		for at < len(places) && rune(places[at]>>32) == r && int(uint32(places[at])) < j-reach {
			at++
		}
		if at < len(places) && rune(places[at]>>32) == r && int(uint32(places[at])) <= j+reach {
			used[uint32(places[at])] = true
			matched = append(matched, r)
			at++
		}
		next[group] = at
	}
	if len(matched) == 0 {
		return 0
	}
	outOfOrder, i := 0, 0
	for _, r := range matched {
		for !used[i] {
			i++
		}
		if a[i] != r {
			outOfOrder++
		}
		i++
	}
	return jaroScore(len(matched), outOfOrder, len(a), len(b))
}

// jaroRoom is the memory for strings that are not very long: the characters of one
// with their places, sorted; by the first of each character, the next one that may
// be taken; which places are taken, and by what.
type jaroRoom struct {
	places  [roomy]uint64
	next    [roomy]int
	used    [roomy]bool
	matched [roomy]rune
}
