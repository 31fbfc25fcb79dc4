package kernel

import (
	"fmt"
	"testing"

	"rollcall/matchers/dictionary"
	"rollcall/matchers/model"
)

// namesOf makes the columns of given and family names of some records.
func namesOf(records [][2]string) *Input {
	in := &Input{Rows: len(records), Columns: make([]Column, 2)}
	for side := range in.Columns {
		known := dictionary.New()
		c := &in.Columns[side]
		for _, r := range records {
			c.Codes = append(c.Codes, known.Code(r[side]))
		}
		c.Values = known.Values()
	}
	return in
}

func fullName(in *Input, row int) [2]string {
	return [2]string{in.Columns[0].Values.At(in.Columns[0].Codes[row]), in.Columns[1].Values.At(in.Columns[1].Codes[row])}
}

var givenAndFamily = []model.Comparison{
	{Name: "given", Left: "given", Right: "given", Kind: model.GivenName},
	{Name: "family", Left: "family", Right: "family", Kind: model.FamilyName},
}

// people have names of 20 given and 30 family names; James is a given name mostly.
func people(n int) [][2]string {
	var out [][2]string
	for i := range n {
		out = append(out, [2]string{fmt.Sprint("given", i*7%20), fmt.Sprint("family", i*11%30)})
	}
	return append(out, [2]string{"james", "family1"}, [2]string{"james", "family2"}, [2]string{"given1", "james"})
}

func TestFamilyNamesAloneAmongGivenNames(t *testing.T) {
	records := people(600)
	first := len(records)
	for i := range 40 {
		records = append(records, [2]string{fmt.Sprint("family", i%30), ""}, [2]string{fmt.Sprint("given", i%20), ""}, [2]string{fmt.Sprint("unheard", i), ""})
	}
	records = append(records, [2]string{"james", ""})
	var table Table
	in := table.settleLone(givenAndFamily, namesOf(records), nil)[0]
	moved := table.Settled
	if moved != 40 {
		t.Errorf("%d names moved, want 40", moved)
	}
	for row, want := range map[int][2]string{
		first:            {"", "family0"},
		first + 1:        {"given0", ""},
		first + 2:        {"unheard0", ""},
		len(records) - 1: {"james", ""},
		0:                {"given0", "family0"},
	} {
		if got := fullName(in, row); got != want {
			t.Errorf("row %d became %q, want %q", row, got, want)
		}
	}
}

// TestMissingNamesStayMissing: where a name lacks by chance, a family name that is
// also a common given name stays a family name.
func TestMissingNamesStayMissing(t *testing.T) {
	records := people(600)
	for i := range 60 {
		records = append(records, [2]string{"", fmt.Sprint("family", i%30)}, [2]string{fmt.Sprint("given", i%20), ""})
	}
	records = append(records, [2]string{"", "james"})
	var table Table
	in := table.settleLone(givenAndFamily, namesOf(records), nil)[0]
	moved := table.Settled
	if moved != 0 {
		t.Errorf("%d names moved, want none", moved)
	}
	if got := fullName(in, len(records)-1); got != [2]string{"", "james"} {
		t.Errorf("the last became %q", got)
	}
}

// TestLoneNamesAreFrozen: a frozen model moves the names that it moved when it was
// trained, in a file that could not tell.
func TestLoneNamesAreFrozen(t *testing.T) {
	in := namesOf([][2]string{{"family7", ""}, {"given7", ""}, {"given7", "family8"}})
	in.Frozen = []*model.FrozenComparison{{Lone: []string{"family7"}}, nil}
	var table Table
	in = table.settleLone(givenAndFamily, in, nil)[0]
	for row, want := range [][2]string{{"", "family7"}, {"given7", ""}, {"given7", "family8"}} {
		if got := fullName(in, row); got != want {
			t.Errorf("row %d became %q, want %q", row, got, want)
		}
	}
}
