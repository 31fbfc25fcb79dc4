package pair

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"rollcall/matchers"
	"rollcall/matchers/dictionary"
	"rollcall/matchers/model"
)

// TestNearMisses: each pair near the decision has its reason, the nearest first,
// and the list holds ids and no values.
func TestNearMisses(t *testing.T) {
	o := &Outcome{Left: &Side{ids: ids{texts: dictionary.Of("=A", "B", "C", "D")}}, Right: &Side{ids: ids{texts: dictionary.Of("a", "b", "c", "d")}}}
	inf := math.Inf(1)
	// A prior of one half: the weight is the odds.
	o.Result = &matchers.Result{
		Specification: model.Specification{Threshold: .5, Parameters: &model.Parameters{Prior: .5}},
		Pairs: []matchers.Pair{
			{Left: 0, Right: 0, WeightBits: 9, Probability: .97, MarginBits: 4, Accepted: true},
			{Left: 1, Right: 1, WeightBits: 1, Probability: .66, MarginBits: inf, Accepted: true},
			{Left: 2, Right: 2, WeightBits: 1, Probability: .45, MarginBits: 0},
			{Left: 2, Right: 3, WeightBits: 1, Probability: .45, MarginBits: 0},
			{Left: 3, Right: 3, WeightBits: -1, Probability: .3, MarginBits: -2},
			{Left: 0, Right: 1, WeightBits: 5, Probability: .02, MarginBits: -4},
		},
	}
	var list bytes.Buffer
	if err := o.writeNearMisses(&list); err != nil {
		t.Fatal(err)
	}
	want := strings.Join([]string{
		"accepted,left_id,right_id,match_probability,match_weight_bits,margin_bits,reason,linked_instead",
		"false,'=A,b,0.020000,5.000,-4.000,lost to a better partner,a",
		`false,C,c,0.450000,1.000,0.000,"several candidates share the probability, none reaches the threshold",`,
		`false,C,d,0.450000,1.000,0.000,"several candidates share the probability, none reaches the threshold",`,
		"false,D,d,0.300000,-1.000,-2.000,below the threshold,",
		"true,B,b,0.660000,1.000,,above the threshold,",
		"true,'=A,a,0.970000,9.000,4.000,above the threshold,", "",
	}, "\n")
	if list.String() != want {
		t.Errorf("got\n%s\nwant\n%s", list.String(), want)
	}
}

// TestKeptApart: in one file a pair that looks like one person has the reason for
// which it is not.
func TestKeptApart(t *testing.T) {
	side := &Side{ids: ids{texts: dictionary.Of("A", "B")}}
	o := &Outcome{Left: side, Right: side}
	for apart, want := range keptApart {
		o.Result = &matchers.Result{
			Specification: model.Specification{Threshold: .5, Parameters: &model.Parameters{Prior: .5}},
			Pairs:         []matchers.Pair{{Left: 0, Right: 1, WeightBits: 7, Probability: .99, Apart: apart}},
		}
		if refused, _ := o.nearMisses(); len(refused) != 1 || refused[0].Reason != want {
			t.Errorf("%s: %+v", apart, refused)
		}
	}
}

// TestDriftIsTold: a model on other data says what moved, on the same data nothing,
// and one that tells nothing of its data is held against what it expects.
func TestDriftIsTold(t *testing.T) {
	folder, _ := village(t)
	first := linkVillage(t, folder, Options{})
	spec, origin := first.Result.Specification, first.Trained("rollcall test")
	if len(first.drifts()) > 0 {
		t.Error("a model that was learnt here has moved")
	}
	for _, d := range linkVillage(t, folder, Options{Specification: &spec, Origin: origin}).drifts() {
		if d.Index > 1e-9 {
			t.Errorf("the same data: %+v", d)
		}
	}
	roster := load(t, folder, "roster.csv")
	dob := &roster.Columns[roster.Column("dob")]
	for row := range dob.Codes {
		if row%2 == 0 {
			dob.Codes[row] = 0
		}
	}
	moved, err := Link(t.Context(), load(t, folder, "deaths.csv"), roster, Options{Specification: &spec, Origin: origin})
	if err != nil {
		t.Fatal(err)
	}
	told := strings.Join(moved.Warnings, "\n")
	if !strings.Contains(told, "missing values of birth, right") || strings.Contains(told, "missing values of birth, left") {
		t.Errorf("warnings %q", told)
	}
	var page bytes.Buffer
	if err := moved.writeQuality(&page, moved.Summary("test")); err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"What moved since the model was trained", "Trained by rollcall test on deaths.csv and roster.csv", "moved far", "Near misses", "accepted from"} {
		if !strings.Contains(page.String(), s) {
			t.Errorf("quality.html does not have %q", s)
		}
	}
	if d := linkVillage(t, folder, Options{Specification: &spec}).drifts(); len(d) == 0 {
		t.Error("a model that tells nothing of its data is held against nothing")
	}
}

// TestContent: the order of rows does not show, a value that moved to another row
// does.
func TestContent(t *testing.T) {
	side := func(codes ...[]uint32) string {
		s := &Side{Table: &Table{Rows: len(codes[0])}, File: &matchers.File{}}
		for _, c := range codes {
			s.File.Columns = append(s.File.Columns, matchers.Column{Codes: c, Values: dictionary.Of("", "a", "b", "c")})
		}
		return contentOf(s.File, s.Table.Rows)
	}
	first := side([]uint32{1, 2, 3}, []uint32{1, 1, 2})
	if other := side([]uint32{3, 1, 2}, []uint32{2, 1, 1}); other != first {
		t.Error("another order of rows is another content")
	}
	for name, other := range map[string]string{
		"a value in another row": side([]uint32{1, 2, 3}, []uint32{1, 2, 1}), "columns exchanged": side([]uint32{1, 1, 2}, []uint32{1, 2, 3}),
		"a value less": side([]uint32{1, 2, 0}, []uint32{1, 1, 2}), "a row more": side([]uint32{1, 2, 3, 0}, []uint32{1, 1, 2, 0}),
	} {
		if other == first {
			t.Errorf("%s: the same content", name)
		}
	}
}
