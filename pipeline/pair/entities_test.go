package pair

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rollcall/matchers"
)

// found is the outcome of a deduplication: people as lists of records, by spaces.
func found(people ...string) *Outcome {
	side := &Side{Table: &Table{}}
	o := &Outcome{Left: side, Right: side, Result: &matchers.Result{}}
	for _, records := range people {
		stands := int32(side.ids.len())
		for _, id := range strings.Fields(records) {
			side.ids.texts = side.ids.texts.With(id)
			o.Result.Entity = append(o.Result.Entity, stands)
		}
	}
	return o
}

// listed is clusters.csv as read again.
func listed(t *testing.T, o *Outcome) (clusters string, table *Table) {
	t.Helper()
	var w strings.Builder
	if err := o.writeClusters(&w); err != nil {
		t.Fatal(err)
	}
	var records, entities []string
	for _, line := range strings.Fields(w.String())[1:] {
		record, entity, _ := strings.Cut(line, ",")
		records, entities = append(records, record), append(entities, entity)
	}
	table = &Table{Name: "clusters.csv", Rows: len(records), Columns: []Column{columnOf("record_id", records...), columnOf("entity_id", entities...)}}
	return strings.Join(strings.Fields(w.String())[1:], " "), table
}

// TestPeopleKeepTheirIDs over three runs, through merges and splits, in any order of
// the rows.
func TestPeopleKeepTheirIDs(t *testing.T) {
	_, first := listed(t, found("b a", "c", "d e f", "g", "h"))
	for _, rows := range [][]string{
		{"a b c", "d", "e f", "g i", "k"},
		{"k", "i g", "f e", "d", "c b a"},
	} {
		second := found(rows...)
		if err := second.Inherit(first); err != nil {
			t.Fatal(err)
		}
		got, table := listed(t, second)
		want := map[string]string{"a": "b", "b": "b", "c": "b", "d": "d~2", "e": "d", "f": "d", "g": "g", "i": "g", "k": "k"}
		for _, pair := range strings.Fields(got) {
			record, entity, _ := strings.Cut(pair, ",")
			if want[record] != entity {
				t.Errorf("%s is %s, want %s", record, entity, want[record])
			}
		}
		changes := []entityChange{{changeMerged, "c", "b", 1}, {changeSplit, "d", "d~2", 1}, {changeGone, "h", "", 0}}
		if diff := cmp.Diff(changes, second.entities.changes, cmp.AllowUnexported(entityChange{})); diff != "" {
			t.Errorf("changes (-want +got):\n%s", diff)
		}
		if told := strings.Join(second.Warnings, " "); !strings.Contains(told, "3 people keep their id of clusters.csv and 2 are new") {
			t.Errorf("told %q", told)
		}
		third := found("c a b", "f", "d e", "g", "i k")
		if err := third.Inherit(table); err != nil {
			t.Fatal(err)
		}
		if got, _ := listed(t, third); got != "c,b a,b b,b f,f d,d e,d g,g i,k k,k" {
			t.Errorf("third run: %s", got)
		}
		moved := 0
		for _, c := range third.entities.changes {
			if c.kind == changeMoved {
				moved++
			}
		}
		if moved == 0 {
			t.Errorf("a record that went from one person to another is not told: %+v", third.entities.changes)
		}
		names := map[string]bool{}
		for _, id := range third.entities.ids {
			if names[id] {
				t.Errorf("two people are called %s", id)
			}
			names[id] = true
		}
	}
	if err := found("a").Inherit(&Table{Name: "other.csv"}); err == nil || !strings.Contains(err.Error(), "it is no clusters.csv") {
		t.Errorf("another file is taken for clusters.csv: %v", err)
	}
}
