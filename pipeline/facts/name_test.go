package facts

import (
	"testing"

	"rollcall/matchers/text"
)

func TestNameLevel(t *testing.T) {
	for _, tc := range []struct{ a, b, want string }{
		{"rahim uddin", "uddin rahim", "exact"},
		{"rahim uddin", "", "missing"},
		{"rahim uddin", "raheem udin", "close"},
		{"mohammad rafiq qhon", "rafiq khan", "close"},
		{"todool uddin", "mohammad tadul udeen", "close"},
		{"kala marisamy", "kala m", "close"},
		{"manimaran b", "manimaran raja b", "close"},
		{"kala wirapandi", "kala v", "close"},
		{"kala arumugam", "kala i", "differs"},
		{"thi lan nguyen", "thy lan nguyen", "close"},
		{"soesono", "susono", "close"},
		{"maria carmen lopez", "maria carmen lopez garcia", "close"},
		{"abdul karim", "abdulkarim", "close"},
		{"rahim uddin", "karim uddin", "differs"}, // brothers
		{"mohammad hasan", "mohammad husain", "differs"},
		{"mohammad rahim", "mohammad", "differs"},
		{"hoa nguyen", "hao nguyen", "differs"},
		{"rosa lopez garcia", "rosa lopez perez", "differs"},
		{"chinnu m", "lakshmi marisamy", "differs"},
		{"k m", "kala marisamy", "differs"},
	} {
		for _, names := range [][2]string{{tc.a, tc.b}, {tc.b, tc.a}} {
			if got := nameLevel(names[0], names[1]); got != tc.want {
				t.Errorf("%q and %q: %s, want %s", names[0], names[1], got, tc.want)
			}
		}
	}
}

func TestNameSpelling(t *testing.T) {
	for _, tc := range []struct {
		a, b string
		one  bool
	}{
		{"mosammat naseema khatun", "nasima", true},
		{"rafiq qhon", "khan rafik", true},
		{"kala m", "kala", true},
		{"hasan", "husain", false},
		{"rahim", "rahima", false},
	} {
		a, b := nameSpelling(tc.a, text.Heard), nameSpelling(tc.b, text.Heard)
		if got := a == b; got != tc.one {
			t.Errorf("%q and %q: %q, %q", tc.a, tc.b, a, b)
		}
	}
	if got := nameSpelling("mohammad", text.Heard); got != "" {
		t.Errorf("an opening alone is no name, got %q", got)
	}
}
