package block_test

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rollcall/matchers/block"
)

func TestTransforms(t *testing.T) {
	for _, c := range []struct{ transform, value, want string }{
		{"", "karim", "karim"},
		{"phonetic", "karim", "K650"},
		{"first_letter", "éva", "é"},
		{"first3", "3760", "376"},
		{"year", "1984-02-29", "1984"},
		{"year", "19840229", "1984"},
		{"year", "1983-07-01/1984-06-30", "1983"},
		{"month_day", "1984-02-29", "02-29"},
		{"month_day", "1984-02", ""},
		{"year_month", "1984-02-29", "1984-02"},
		{"year_month", "1984", ""},
		{"first_half", "1234567890", "12345"},
		{"last_half", "1234567890", "67890"},
		{"last_half", "12", "12"},
		{"first_token", "abdul karim", "abdul"},
		{"last_token", "abdul karim", "karim"},
		{"user", "a.b@example.org", "a.b"},
		{"romanised", "Chowdhury", "cdr"},
		{"last_token", " ", ""},
		{"numbers", "house 60 road 4 north para", "60 4"},
		{"numbers", "h 60 north para road 4", "60 4"},
		{"numbers", "12/a", "12"},
		{"numbers", "north para", ""},
		{"sound", "mohammad ali", "al"},
		{"sound", "ali", "al"},
		{"sound", "mohammad", "mhd"},
		{"sound", "md mohammad", "mhd"},
		{"first_token", "mosammat rahima khatun", "rahima"},
		{"first_letter", "md karim", "k"},
		{"first_letter", "mohammad", "m"},
	} {
		take, err := block.Transform(c.transform)
		if err != nil {
			t.Fatal(err)
		}
		if got := take(c.value); got != c.want {
			t.Errorf("%s of %q is %q, want %q", c.transform, c.value, got, c.want)
		}
	}
	if _, err := block.Transform("decade"); err == nil {
		t.Error("no error for a transform that is not there")
	}
}

func TestRuleIsWrittenAsInAJobFile(t *testing.T) {
	rule := block.Rule{{Column: "family_name", Transform: "phonetic"}, {Column: "birth", Transform: "exact"}}
	if got := rule.String(); got != "family_name:phonetic + birth" {
		t.Errorf("%q", got)
	}
}

// atoms makes keys of so many values each, for two files.
func atoms(values ...int) []block.Atom {
	random := rand.New(rand.NewPCG(8, 8))
	var out []block.Atom
	for i, n := range values {
		a := block.Atom{Key: block.Key{Column: string(rune('a' + i)), Transform: "exact"}, Comparison: i, Agreement: .8, Coarse: true}
		for range 3000 {
			a.Left, a.Right = append(a.Left, uint32(1+random.IntN(n))), append(a.Right, uint32(1+random.IntN(n)))
		}
		out = append(out, a)
	}
	return out
}

func TestRulesKeepToTheBudget(t *testing.T) {
	// One value in 3,000 is one pair a record, one in 60 is 50.
	for threads := 1; threads <= 3; threads++ {
		rules := block.Choose(atoms(3000, 60, 50, 30), 1, 3000, block.Half, threads)
		var names []string
		for _, r := range rules {
			names = append(names, r.String())
		}
		// a alone; b, c and d are too coarse alone, and with a implied by it.
		if diff := cmp.Diff([]string{"a", "b + c", "b + d", "c + d"}, names); diff != "" {
			t.Error(diff)
		}
	}
}

func TestNoRuleIsCheapEnough(t *testing.T) {
	if rules := block.Choose(atoms(2, 2), 1, 3000, block.Half, 2); len(rules) != 0 {
		t.Errorf("rules %v for two columns of two values", rules)
	}
}

func TestAPartThatIsChosenMakesTheWholeNeedless(t *testing.T) {
	a := atoms(3000)
	part := a[0]
	part.Key.Transform, part.Agreement = "first3", .9
	rules := block.Choose(append(a, part), 1, 3000, block.Wide, 1)
	if len(rules) != 1 || rules[0].String() != "a:first3" {
		t.Errorf("rules %v, want a:first3 alone: what is equal has equal parts", rules)
	}
}
