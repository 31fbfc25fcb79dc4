package matchers_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"rollcall/matchers"
	"rollcall/matchers/model"
)

// TestTwoBirthsAreToldApart: two births are two people, and told, where nothing says that
// they were on one day.
func TestTwoBirthsAreToldApart(t *testing.T) {
	left, right := newPopulation(47, 900).pair()
	f := merged(left, right)
	want := mustDedupe(t, f, personSpecification(), 0)
	spec := want.Specification
	f.Once = make([]uint8, len(f.IDs))
	for i := range f.Once {
		f.Once[i] = 1
	}
	got := mustDedupe(t, f, spec, 0)
	apart := 0
	for _, p := range got.Pairs {
		if p.Accepted || got.Entity[p.Left] == got.Entity[p.Right] {
			t.Fatal("two births are one person")
		}
		if p.Apart == matchers.ApartTwice {
			apart++
		}
	}
	likely := 0
	for _, p := range want.Pairs {
		if p.Accepted && p.Rule >= 0 {
			likely++
		}
	}
	if apart < likely*9/10 || likely < 300 {
		t.Errorf("%d pairs are told to be two births, and %d look like one person", apart, likely)
	}
	if !strings.Contains(strings.Join(got.Warnings, " "), "as both have a birth, or both a death") {
		t.Errorf("no word of it: %q", got.Warnings)
	}
}

// TestBirthRegisteredTwiceIsOne: two births on one day and of one name are one person, of
// twins and of two names they are two.
func TestBirthRegisteredTwiceIsOne(t *testing.T) {
	left, right := newPopulation(47, 900).pair()
	f := merged(left, right)
	spec := mustDedupe(t, f, personSpecification(), 0).Specification
	f.Once, f.Lives = make([]uint8, len(f.IDs)), make([]matchers.Life, len(f.IDs))
	for i := range f.Once {
		f.Once[i], f.Lives[i] = 1, matchers.Life{BornFrom: 1, BornTo: 1}
	}
	joined := func(of func(p matchers.Pair) bool) (n int) {
		for _, p := range mustDedupe(t, f, spec, 0).Pairs {
			if p.Accepted && of(p) {
				n++
			}
		}
		return n
	}
	all := func(matchers.Pair) bool { return true }
	name := slices.IndexFunc(spec.Comparisons, func(c model.Comparison) bool { return c.Kind == model.GivenName })
	if n := joined(all); n < 300 {
		t.Errorf("%d births are registered twice, want 300 and more", n)
	}
	oneName := regexp.MustCompile("^(equal|alike)")
	if n := joined(func(p matchers.Pair) bool {
		return !oneName.MatchString(spec.Parameters.Levels[name][p.Levels[name]].Name)
	}); n > 0 {
		t.Errorf("%d pairs of two names are one birth", n)
	}
	for i := range f.Lives {
		f.Lives[i].Twin = true
	}
	if n := joined(all); n > 0 {
		t.Errorf("%d pairs of twins are one birth", n)
	}
	for i := range f.Lives {
		f.Lives[i] = matchers.Life{BornFrom: 1, BornTo: 31}
	}
	if n := joined(all); n > 0 {
		t.Errorf("%d pairs of births some time in a month are one birth", n)
	}
}

// TestDecisionsHoldInClusters: what people decided is kept, whatever the records
// say, and what follows from it.
func TestDecisionsHoldInClusters(t *testing.T) {
	left, right := newPopulation(53, 900).pair()
	f := merged(left, right)
	before := mustDedupe(t, f, personSpecification(), 0)
	var best, far matchers.Pair
	for _, p := range before.Pairs {
		if p.Accepted {
			best = p
			break
		}
	}
	for row := range int32(len(f.IDs)) {
		if before.Entity[row] != before.Entity[best.Left] {
			far = matchers.Pair{Left: best.Left, Right: row}
			break
		}
	}
	f.Judged = []matchers.Judged{{Left: best.Right, Right: best.Left}, {Left: far.Left, Right: far.Right, Same: true}}
	after := mustDedupe(t, f, before.Specification, 0)
	if after.Entity[best.Left] == after.Entity[best.Right] {
		t.Error("two that were decided to be two people are one")
	}
	if after.Entity[far.Left] != after.Entity[far.Right] {
		t.Error("two that were decided to be one person are two")
	}
	told := 0
	for _, p := range after.Pairs {
		if p.Judged {
			told++
			if p.Accepted != (p.Apart == "") || p.Accepted && p.Probability != 1 {
				t.Errorf("a decided pair: %+v", p)
			}
		}
	}
	if told != 2 {
		t.Errorf("%d decided pairs are told, want 2", told)
	}
	f.Judged = append(f.Judged, matchers.Judged{Left: far.Left, Right: far.Right})
	if again := mustDedupe(t, f, before.Specification, 0); again.Entity[far.Left] == again.Entity[far.Right] ||
		!strings.Contains(strings.Join(again.Warnings, " "), "1 pairs were decided to be one person and to be two") {
		t.Errorf("decisions that contradict each other: %q", again.Warnings)
	}
}
