package jobs

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestChangesOfLines(t *testing.T) {
	lines := func(of ...Line) map[string]Line {
		out := map[string]Line{}
		for _, x := range of {
			out[x.CaseID] = x
		}
		return out
	}
	exit := func(id, enrolment, tier string) Line {
		return Line{CaseID: id, List: "exit", Programme: "old_age", NewTier: tier, enrolment: enrolment}
	}
	found := changes(
		lines(exit("stays", "e1", "T1"), exit("sinks", "e2", "T1"), exit("goes", "e3", "T2"), exit("turns", "e4", "T1")),
		lines(exit("stays", "e1", "T1"), exit("sinks", "e2", "X"), exit("comes", "e5", "T2"),
			Line{CaseID: "back", List: "reinstatement", Programme: "old_age", enrolment: "e4"},
			Line{CaseID: "other", List: "reinstatement", Programme: "widow", enrolment: "e3"}),
	)
	var got []string
	for _, x := range found {
		got = append(got, fmt.Sprintf("%s %s %s>%s", x.CaseID, x.Change, x.OldTier, x.NewTier))
	}
	slices.Sort(got)
	want := []string{"back new >", "comes new >T2", "goes gone T2>", "other new >", "sinks changed tier T1>X", "stays persisting T1>T1", "turns reversed T1>"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
}
