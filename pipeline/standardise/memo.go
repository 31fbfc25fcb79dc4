package standardise

import (
	"hash/maphash"
	"strings"
	"sync/atomic"
)

// memoPlaces is how many texts a memo holds at most: 64 Ki. With what is made of them
// they are some 10 MiB, a megabyte for the places themselves.
const memoPlaces = 1 << 16

// longestRemembered, in bytes, is the longest text that a memo holds.
const longestRemembered = 512

// remembered is a function of a text that remembers its results, for columns with
// few different values. Each text has one place, where the last one of several stays.
// It may be called by several threads.
func remembered(call func(string) string) func(string) string {
	type made struct{ of, is string }
	places := make([]atomic.Pointer[made], memoPlaces)
	seed := maphash.MakeSeed()
	return func(s string) string {
		if len(s) > longestRemembered {
			return call(s)
		}
		place := &places[maphash.String(seed, s)%memoPlaces]
		if m := place.Load(); m != nil && m.of == s {
			return m.is
		}
		of := strings.Clone(s) // DuckDB lends it, and the result may be part of it
		m := &made{of, call(of)}
		place.Store(m)
		return m.is
	}
}
