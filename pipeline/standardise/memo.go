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

// appending is a function of a text that appends what it makes of it, which may be
// nothing. It keeps neither.
type appending func(out []byte, s string) []byte

// made is an appending of what a function makes.
func made(call func(string) string) appending {
	return func(out []byte, s string) []byte { return append(out, call(s)...) }
}

// remembered is an appending that remembers its results, for columns with few
// different values. Each text has one place, where the last one of several stays. It
// may be called by several threads.
func remembered(call appending) appending {
	type result struct {
		both string // a text and what is made of it
		size int    // bytes of the text
	}
	places := make([]atomic.Pointer[result], memoPlaces)
	seed := maphash.MakeSeed()
	return func(out []byte, s string) []byte {
		if len(s) > longestRemembered {
			return call(out, s)
		}
		place := &places[maphash.String(seed, s)%memoPlaces]
		if r := place.Load(); r != nil && r.both[:r.size] == s {
			return append(out, r.both[r.size:]...)
		}
		before := len(out)
		out = call(out, s)
		var both strings.Builder
		both.Grow(len(s) + len(out) - before)
		both.WriteString(s)
		both.Write(out[before:])
		place.Store(&result{both.String(), len(s)})
		return out
	}
}
