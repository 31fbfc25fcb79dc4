package pair

import (
	"context"
	"strings"
	"testing"
)

// TestColumnsAreAccountedFor: every column of both files is told of, compared or
// not, with a reason.
func TestColumnsAreAccountedFor(t *testing.T) {
	folder, _ := village(t)
	o, err := Link(context.Background(), load(t, folder, "deaths.csv"), load(t, folder, "roster.csv"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	told := strings.Join(o.Result.Specification.ColumnsWhy, "\n")
	for _, want := range []string{
		"deaths.csv, death_no: the id of the row; complete",
		"deaths.csv, first_name: given name; the header says so",
		"deaths.csv, date_of_death: left out: date of death, but no column of the other file holds the same",
		"roster.csv, name: full name; the header says so",
		"roster.csv, village: left out: it has one value throughout",
	} {
		if !strings.Contains(told, want) {
			t.Errorf("nothing says %q; it says\n%s", want, told)
		}
	}
	if n, all := len(o.Result.Specification.ColumnsWhy), len(o.Left.Table.Columns)+len(o.Right.Table.Columns); n != all {
		t.Errorf("%d columns are told of, of %d", n, all)
	}
}
