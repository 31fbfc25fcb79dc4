package pair

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tableOf is a table of rows with bars between the values, under a head.
func tableOf(name, text string) *Table {
	t := &Table{Name: name}
	var rows [][]string
	for line := range strings.Lines(text) {
		rows = append(rows, strings.Split(strings.TrimRight(line, "\n"), "|"))
	}
	t.Rows = len(rows) - 1
	for i, name := range rows[0] {
		var values []string
		for _, row := range rows[1:] {
			values = append(values, row[i])
		}
		t.Columns = append(t.Columns, columnOf(name, values...))
	}
	return t
}

// rowsOf writes a table as tableOf reads it.
func rowsOf(t *Table) string {
	var b strings.Builder
	b.WriteString(strings.Join(t.names(), "|") + "\n")
	for row := range t.Rows {
		var values []string
		for _, c := range t.Columns {
			values = append(values, c.At(row))
		}
		b.WriteString(strings.Join(values, "|") + "\n")
	}
	return b.String()
}

// TestUnion: the last version of a record counts; columns go by their names, ids by
// what they are.
func TestUnion(t *testing.T) {
	u, err := Union([]Part{
		{tableOf("old.csv", "no|name|sex\na|Ana|f\nb|Bo|\nc|Cy|m\n"), "no"},
		{tableOf("new.csv", "name|id|phone\nBob|b|12\n|d|12\n"), "id"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("name|id|phone|sex\nAna|a||f\nCy|c||m\nBob|b|12|\n|d|12|\n", rowsOf(u)); diff != "" {
		t.Error(diff)
	}
	// Values stand in the order of the rows: the ids of a file are taken from there.
	if diff := cmp.Diff([]string{"", "a", "c", "b", "d"}, slices.Collect(u.Columns[u.Column("id")].Values.Each())); diff != "" {
		t.Error(diff)
	}
	if u.Name != "new.csv" || len(u.Earlier) != 1 || u.Earlier[0].File != "old.csv" || u.Earlier[0].ID != "no" {
		t.Errorf("%s with %+v", u.Name, u.Earlier)
	}
	for _, c := range []struct{ text, id, want string }{
		{"id|name\na|Ana\na|Ann\n", "id", "1 rows of more.csv have an id in id that another row has too, or none: records cannot be added by it"},
		{"id|name\n|Ana\n", "id", "1 rows of more.csv have an id"},
		{"name\nAna\n", "id", "more.csv has no ids"},
		{"name\nAna\n", "", "more.csv has no ids"},
	} {
		_, err := Union([]Part{{u, "id"}, {tableOf("more.csv", c.text), c.id}})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want %q", c.text, err, c.want)
		}
	}
}
