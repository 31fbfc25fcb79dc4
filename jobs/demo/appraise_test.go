package demo

import (
	"strings"
	"testing"
)

func TestVerdict(t *testing.T) {
	for _, tc := range []struct {
		figure Figure
		want   string
	}{
		{Figure{Part: 94, Whole: 100, Target: atLeast(0.95)}, "missed"},
		{Figure{Part: 95, Whole: 100, Target: atLeast(0.95)}, "reached"},
		{Figure{Part: 0, Whole: 0, Target: atLeast(1)}, "reached"}, // no exit is no wrong exit
		{Figure{Part: 2, Whole: 1000, Target: atMost(0.001)}, "missed"},
		{Figure{Part: 1, Whole: 1000, Target: atMost(0.001)}, "reached"},
		{Figure{Part: 1, Whole: 2}, ""},
	} {
		if got := tc.figure.Verdict(); got != tc.want {
			t.Errorf("%+v: %q, want %q", tc.figure, got, tc.want)
		}
	}
}

func TestPrintAppraisal(t *testing.T) {
	a := Appraisal{
		Figures:       []Figure{{What: "exits T1 about the right person", Part: 3, Whole: 4, Target: atLeast(1)}},
		Unknown:       []Unknown{{"widow", "husband_died", 13}},
		RegisterWrong: []string{"D-1"},
	}
	var out strings.Builder
	if err := printAppraisal(&out, a, &Appraisal{Unknown: []Unknown{{"widow", "husband_died", 10}}}); err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(out.String()), " ")
	for _, want := range []string{
		"exits T1 about the right person 0.7500 3 of 4 at least 1 missed",
		"evaluations unknown, for each with true links 1.3000 13 to 10 at most 1.3 reached",
		"widow, missing husband_died 13",
		"deaths of people who live: D-1",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %s", want, text)
		}
	}
}
