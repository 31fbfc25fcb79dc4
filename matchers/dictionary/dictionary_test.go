package dictionary_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rollcall/matchers/dictionary"
)

// TestNumbersAreThoseOfFirstMeeting: whether one by one or many at once, texts are
// numbered as a map would, and keep their text when their caller's is gone.
func TestNumbersAreThoseOfFirstMeeting(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.StringOfN(rapid.SampledFrom([]rune("abé")), 0, 5, -1)
		given := rapid.SliceOfN(text, 0, 400).Draw(rt, "texts")
		known, wantValues := map[string]uint32{"": 0}, []string{""}
		var want []uint32
		for _, v := range given {
			code, ok := known[v]
			if !ok {
				code = uint32(len(wantValues))
				known[v] = code
				wantValues = append(wantValues, v)
			}
			want = append(want, code)
		}
		many, single, lasting := dictionary.New(), dictionary.New(), dictionary.OfLasting()
		var gotMany, gotSingle []uint32
		for rest := given; len(rest) > 0; {
			n := rapid.IntRange(1, len(rest)).Draw(rt, "at once")
			buffer := strings.Join(rest[:n], "")
			var slices []string
			for _, v := range rest[:n] {
				slices = append(slices, buffer[:len(v)])
				buffer = buffer[len(v):]
			}
			gotMany = many.Append(gotMany, slices)
			rest = rest[n:]
		}
		for _, v := range given {
			gotSingle = append(gotSingle, single.Code(v))
		}
		gotLasting := lasting.Append(nil, given)
		for name, got := range map[string][]uint32{"many": gotMany, "single": gotSingle, "lasting": gotLasting} {
			if diff := cmp.Diff(want, got); diff != "" {
				rt.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
		for name, d := range map[string]*dictionary.Dictionary{"many": many, "single": single, "lasting": lasting} {
			if diff := cmp.Diff(wantValues, d.Values()); diff != "" {
				rt.Errorf("%s: values (-want +got):\n%s", name, diff)
			}
		}
	})
}
