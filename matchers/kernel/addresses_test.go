package kernel

import (
	"testing"

	"rollcall/matchers/dictionary"
	"rollcall/matchers/model"
)

// TestAddresses: what words say of the same house, a house that may be the same, and
// another one. The order of rows, and of the two, does not matter.
func TestAddresses(t *testing.T) {
	streets := []string{"bazar road", "mosque road", "river side", "west para", "school road", "hat road"}
	var all []string
	for i, number := range []string{"3", "12", "28", "41", "52", "77", "90", "114"} {
		for _, street := range streets {
			all = append(all, number+" "+street)
			if i%2 == 0 {
				all = append(all, "house "+number+" "+street, "holding "+number+" "+street)
			}
		}
	}
	all = append(all, streets...)
	const nearlyEqual, similar, differs = 2, 1, 0
	for _, pair := range []struct {
		a, b string
		want uint8
	}{
		{"41 bazar road", "house 41 bazar road", nearlyEqual},
		{"holding 41 bazar road", "house 41 bazar road", nearlyEqual},
		{"41 bazar road", "bazar road 41", nearlyEqual},
		{"41 bazar road", "41 bazaar road", nearlyEqual},
		{"house 41 bazaar road", "41 bazar road", nearlyEqual},
		{"41 bazar road", "bazar road", similar},
		{"41 bazar road", "52 bazar road", similar},
		{"41 bazar road", "house 114 river side", differs},
		{"road", "41 bazar road", differs},
	} {
		values := append([]string{"", pair.a, pair.b}, all...)
		for _, of := range [][]string{values, reversed(values)} {
			f := fieldOf(of)
			a := newAddresses(f, true)
			cells := spell(f.values, letterSlot)
			x, y := code(of, pair.a), code(of, pair.b)
			if got := a.level(&cells[x], &cells[y], x, y); got != pair.want {
				t.Errorf("%s and %s are at level %d, want %d", pair.a, pair.b, got, pair.want)
			}
			if there, back := a.level(&cells[x], &cells[y], x, y), a.level(&cells[y], &cells[x], y, x); there != back {
				t.Errorf("%s and %s: %d and back %d", pair.a, pair.b, there, back)
			}
		}
	}
}

func reversed(values []string) []string {
	out := []string{""}
	for i := len(values) - 1; i > 0; i-- {
		out = append(out, values[i])
	}
	return out
}

func code(values []string, value string) uint32 {
	for i, v := range values {
		if v == value {
			return uint32(i)
		}
	}
	return 0
}

// fieldOf is a field of addresses of which each is borne once.
func fieldOf(values []string) *Field {
	counts := make([]uint32, len(values))
	for i := range counts[1:] {
		counts[i+1] = 1
	}
	return &Field{Ladder: model.Ladder{Kind: model.Address}, values: dictionary.Of(values...), left: counts, right: counts}
}
