package dictionary_test

import (
	"fmt"
	"slices"
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
		many, single := dictionary.New(), dictionary.New()
		var gotMany, gotSingle []uint32
		for rest := given; len(rest) > 0; {
			n := rapid.IntRange(1, len(rest)).Draw(rt, "at once")
			buffer := strings.Join(rest[:n], "")
			var cut []string
			for _, v := range rest[:n] {
				cut = append(cut, buffer[:len(v)])
				buffer = buffer[len(v):]
			}
			gotMany = many.Append(gotMany, cut)
			many.Values() // taking them changes nothing
			rest = rest[n:]
		}
		for _, v := range given {
			gotSingle = append(gotSingle, single.Code(v))
		}
		for name, got := range map[string][]uint32{"many": gotMany, "single": gotSingle} {
			if diff := cmp.Diff(want, got); diff != "" {
				rt.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
		for name, d := range map[string]*dictionary.Dictionary{"many": many, "single": single} {
			if diff := cmp.Diff(wantValues, slices.Collect(d.Values().Each())); diff != "" {
				rt.Errorf("%s: values (-want +got):\n%s", name, diff)
			}
		}
	})
}

// TestTextsStayAsTheyAre: a number gives its text, in the first block and after it, in
// what is added to texts too, and these are as they were.
func TestTextsStayAsTheyAre(t *testing.T) {
	values := []string{""}
	for n := range 3000 {
		values = append(values, strings.Repeat("é", n%7)+fmt.Sprint(n))
	}
	for _, size := range []int{0, 1, 2, 1023, 1024, 1025, 2048, len(values)} {
		texts := dictionary.Of(values[:size]...)
		more, other := texts.With(values[size:]...), texts.With("x", "y")
		for _, c := range []struct {
			texts dictionary.Texts
			want  []string
		}{
			{texts, values[:size]}, {more, values}, {other, append(slices.Clone(values[:size]), "x", "y")},
		} {
			if got := slices.Collect(c.texts.Each()); c.texts.Len() != len(c.want) || !slices.Equal(got, c.want) {
				t.Fatalf("of %d texts: got %d, want %d, or others", size, len(got), len(c.want))
			}
			for number, want := range c.want {
				if got := c.texts.At(uint32(number)); got != want {
					t.Fatalf("text %d of %d is %q, want %q", number, size, got, want)
				}
			}
		}
	}
}

// TestNumbersHoldInLargeTables: texts keep their numbers while the table grows.
func TestNumbersHoldInLargeTables(t *testing.T) {
	const n = 200_000
	d := dictionary.New()
	for i := range n {
		if code := d.Code(fmt.Sprint(i)); code != uint32(i+1) {
			t.Fatalf("text %d has number %d", i+1, code)
		}
	}
	early := d.Values()
	for i := range n {
		if code := d.Code(fmt.Sprint(n - 1 - i)); code != uint32(n-i) {
			t.Fatalf("text %d has number %d the second time", n-i, code)
		}
	}
	d.Code("one more")
	if early.Len() != n+1 || len(slices.Collect(early.Each())) != n+1 {
		t.Errorf("values that were taken have grown from %d to %d", n+1, early.Len())
	}
}
