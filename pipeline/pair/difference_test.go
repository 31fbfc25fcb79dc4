package pair

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rollcall/matchers/model"
)

// TestLinkChanges: links that came and went and those whose probability moved, by
// kind and id; a pair that was linked on neither side is no change.
func TestLinkChanges(t *testing.T) {
	before := map[[2]string]Held{{"A", "a"}: {.9, true}, {"B", "b"}: {.9, true}, {"C", "c"}: {.7, true}, {"D", "d"}: {.4, false}, {"E", "e"}: {.2, false}}
	after := map[[2]string]Held{{"A", "a"}: {.95, true}, {"B", "b"}: {.75, true}, {"C", "c"}: {.3, false}, {"D", "d"}: {.6, true}, {"E", "e"}: {.4, false}, {"F", "f"}: {.8, true}}
	got := linkChanges(before, after)
	want := &LinkChanges{Before: 3, After: 4, Kept: 2, Changes: []LinkChange{
		{Appeared, "D", "d", Held{.4, false}, Held{.6, true}},
		{Appeared, "F", "f", Held{}, Held{.8, true}},
		{Changed, "B", "b", Held{.9, true}, Held{.75, true}},
		{Vanished, "C", "c", Held{.7, true}, Held{.3, false}},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestLevelChanges: what moved most comes first, levels that one side lacks are
// told as such, and what never occurs is left out. Names are text on the page.
func TestLevelChanges(t *testing.T) {
	const evil = "<script>"
	spec := func(kind string, levels ...model.Level) model.Specification {
		return model.Specification{
			Comparisons: []model.Comparison{{Name: kind, Left: evil, Right: evil, Kind: model.Text}},
			Parameters:  &model.Parameters{Prior: .001, Levels: [][]model.Level{levels}},
		}
	}
	before := spec(evil, model.Level{Name: "differs", M: .1, U: .8}, model.Level{Name: "near", M: 1e-5, U: 1e-5}, model.Level{Name: "equal", M: .9, U: .2})
	after := spec(evil, model.Level{Name: "differs", M: .2, U: .8}, model.Level{Name: "equal", M: .7, U: .2}, model.Level{Name: "alike", M: .1, U: .1})
	d := Compare(Linked{Specification: before}, Linked{Specification: after})
	var order []string
	for _, c := range d.Levels {
		order = append(order, c.Level)
	}
	if diff := cmp.Diff([]string{"differs", "equal", "alike"}, order); diff != "" || d.Unused != 1 {
		t.Errorf("%d unused, order (-want +got):\n%s", d.Unused, diff)
	}
	if got := d.Levels[0].Bits(); got != 1 {
		t.Errorf("twice as often among matches is %g bits", got)
	}
	var page bytes.Buffer
	if err := (Differences{Before: evil, After: "b", Of: []Difference{d}}).Page(&page); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(page.String(), evil) || !strings.Contains(page.String(), "&lt;script&gt;: differs") {
		t.Errorf("the page does not escape what it shows:\n%s", page.String())
	}
}
