package config

import (
	"slices"
	"testing"

	"rollcall/pipeline/decide"
	"rollcall/pipeline/mapping"
)

// TestUnneededAttributesAreNamed: those that no programme reads, and none whose name is
// only known from the data.
func TestUnneededAttributesAreNamed(t *testing.T) {
	attribute := func(name string) mapping.Output {
		return mapping.Output{Table: "attribute", Fields: []mapping.Field{{Name: "name", Expression: name}, {Name: "value", Expression: "value"}}}
	}
	var j Job
	j.Mapping.Sources = []mapping.Source{{Name: "survey", Outputs: []mapping.Output{
		attribute("'income'"), attribute("'religion'"), attribute("question"),
		{Table: "mention", Fields: []mapping.Field{{Name: "given_name", Expression: "'religion'"}}},
	}}}
	j.Decide.Programmes = []decide.Programme{{Criteria: []decide.Criterion{{Name: "poor", Expression: "number('income') < 100"}}}}
	if got, want := j.unneeded(), []string{"attribute religion of source survey: no programme reads it"}; !slices.Equal(got, want) {
		t.Errorf("unneeded: %q, want %q", got, want)
	}
}
