package config

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rollcall/pipeline/mapping"
	"rollcall/pipeline/tables"
)

func draft() Draft {
	return Draft{
		Name: "monthly", Title: "Monthly: deaths & births", Data: ".", Output: "out",
		Directories: []DraftDirectory{{"area", "codes/area.csv"}},
		Sources: []DraftSource{
			{
				Name: "deaths", Side: tables.Register, Path: "deaths.csv", Rows: 1200, Event: "death", Key: "registration_no", Received: "received_on", Version: "version",
				Columns: []DraftColumn{
					{Name: "date of death", Field: "event.occurred", Note: "dates, and the name says death"},
					{Name: "area", Field: "event.area_code", Expression: "code('area', area)"},
					{Name: "name", Field: "mentions.deceased.full_name"},
					{Name: "group", Field: "mentions.deceased.sex", Note: "male and female"},
					{Name: "nid", Field: "mentions.deceased.identifiers.national_id"},
					{Name: "remarks"},
					{Name: "clerk: #1"},
				},
			},
			{
				Name: "members", Side: tables.Roster, Path: "sp/{date:2006-01}/members.csv", Key: "id",
				Columns: []DraftColumn{
					{Name: "id"}, {Name: "name", Field: "member.full_name"}, {Name: "nid", Field: "member.identifiers.national_id"},
				},
			},
		},
		Programmes: []string{"programmes/*.yaml"},
	}
}

// TestSkeleton: a written job reads well, is in order, and says what the draft said.
func TestSkeleton(t *testing.T) {
	text := Skeleton(draft())
	golden(t, "testdata/skeleton.yaml", text)
	folder := t.TempDir()
	if err := os.CopyFS(folder, os.DirFS("testdata/country")); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, "new.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	job, err := Load(t.Context(), path, registry())
	if err != nil {
		t.Fatal(err)
	}
	const event, deceased = "sources.deaths.map.event", "sources.deaths.map.mentions.deceased"
	want := []mapping.Output{
		{Table: "event", Path: event, Fields: []mapping.Field{
			{Name: "type", Expression: "'death'", Path: event + ".type"},
			{Name: "occurred", Expression: `"date of death"`, Path: event + ".occurred"},
			{Name: "area_code", Expression: "code('area', area)", Path: event + ".area_code"},
		}},
		{Table: "mention", Role: "deceased", Path: deceased, Fields: []mapping.Field{
			{Name: "full_name", Expression: "name", Path: deceased + ".full_name"},
			{Name: "sex", Expression: `"group"`, Path: deceased + ".sex"},
		}, Identifiers: []mapping.Field{{Name: "national_id", Expression: "nid", Path: deceased + ".identifiers.national_id"}}},
	}
	if diff := cmp.Diff(want, job.Mapping.Sources[0].Outputs); diff != "" {
		t.Errorf("the written job maps otherwise (-draft +job):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"registration_no", "received_on", "version", "date of death", "area", "name", "group", "nid"}, job.Sources[0].Columns); diff != "" {
		t.Errorf("columns that are read (-want +got):\n%s", diff)
	}
}

// TestSkeletonTakesAnyName: whatever columns and files are called, the job that is
// written names them again.
func TestSkeletonTakesAnyName(t *testing.T) {
	text := rapid.OneOf(rapid.String(), rapid.SampledFrom(reserved), rapid.SampledFrom([]string{"a: b", "# x", "- y", "'", `"`, `""`, "null", "1", "é", "a\tb", "current_date", "x #y", "{z}", " "})).
		Filter(func(s string) bool { return s != "" && s != "\x00" })
	rapid.Check(t, func(t *rapid.T) {
		column, title := text.Draw(t, "column"), text.Draw(t, "title")
		d := Draft{Name: "x", Title: title, Data: ".", Output: "out", Sources: []DraftSource{{
			Name: "s", Side: tables.Roster, Path: "s.csv", Key: ColumnSQL(column), Columns: []DraftColumn{{Name: column, Field: "member.full_name", Note: title}, {Name: title}},
		}}}
		var errs Errors
		doc := parse([]byte(Skeleton(d)), "x.yaml", &errs)
		if doc.root == nil {
			t.Fatalf("%v\n%s", errs.orNil("x.yaml"), Skeleton(d))
		}
		doc.root.check(jobShape(registry()))
		if err := errs.orNil("x.yaml"); err != nil {
			t.Fatalf("%v\n%s", err, Skeleton(d))
		}
		member := doc.root.field("sources").field("s").field("map").field("member")
		if got := member.textOf("full_name"); got != ColumnSQL(column) {
			t.Fatalf("the column %q is written %q", column, got)
		}
		if got := doc.root.textOf("title"); got != title {
			t.Fatalf("the title %q is read back as %q", title, got)
		}
	})
}
