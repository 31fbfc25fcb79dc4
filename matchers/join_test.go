package matchers

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestHeld: persons who may be one stay two where the partners of both say so more surely,
// theirs or those of others who are one with either.
func TestHeld(t *testing.T) {
	nobody := choice{right: -1}
	likely, join := choice{1, .99}, Join{0, 1, .9}
	for _, c := range []struct {
		name    string
		joins   []Join
		choices []choice
		want    []Join
	}{
		{"nobody has a partner", []Join{join}, []choice{nobody, nobody}, []Join{join}},
		{"one has", []Join{join}, []choice{likely, nobody}, []Join{join}},
		{"both have, surely", []Join{join}, []choice{likely, {2, .99}}, nil},
		{"both have, hardly", []Join{join}, []choice{likely, {2, .6}}, []Join{join}},
		{"the partner of a third", []Join{{0, 2, .7}, {0, 1, .9}}, []choice{nobody, likely, {2, .9}}, []Join{join}},
		{"the likelier first", []Join{{0, 1, .7}, {0, 2, .9}}, []choice{nobody, likely, {2, .9}}, []Join{{0, 2, .9}}},
	} {
		if diff := cmp.Diff(c.want, held(c.joins, c.choices)); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}
