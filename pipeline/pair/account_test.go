package pair

import (
	"bytes"
	"encoding/json"
	"math"
	"regexp"
	"strings"
	"testing"
)

// TestAccount: the bits of a pair add up to its weight, the kinds of pair to 1, and
// the rule that found it is among those that the two agree on.
func TestAccount(t *testing.T) {
	folder, _ := village(t)
	o := linkVillage(t, folder, Options{})
	p := o.Result.Pairs[0]
	left, right := villageTables(t, folder)
	e, err := Explain(left, right, int(p.Left), int(p.Right), o.Result.Specification, Locale{})
	if err != nil {
		t.Fatal(err)
	}
	kinds := 0.0
	for _, k := range e.Kinds {
		kinds += k.Share
		if k.Words == "" {
			t.Errorf("no words for a pair that is %s", k.Kind)
		}
	}
	if math.Abs(kinds-1) > 1e-9 || e.Kinds[0].Kind != "match" || math.Abs(e.Kinds[0].Share-e.Probability) > 1e-9 {
		t.Errorf("kinds of pair %+v, probability %g", e.Kinds, e.Probability)
	}
	first := ""
	for _, r := range e.Rules {
		if r.Agrees && first == "" {
			first = r.Rule
		}
	}
	if first != o.rule(p) {
		t.Errorf("the first rule on which the two agree is %q, found by %q", first, o.rule(p))
	}
}

// TestAccountShowsWhatIsWritten: values of the data are text on the page, whatever
// they hold, and the page stands alone.
func TestAccountShowsWhatIsWritten(t *testing.T) {
	const evil = `<script>alert("x")</script>`
	margin := 3.5
	a := Account{
		Left: Record{evil, "a.csv"}, Right: Record{"B1", "b.csv"}, Compared: true, Threshold: .5, Found: true, MarginBits: &margin, Rule: evil,
		Explanation: Explanation{
			PriorBits: -14, Steps: []Step{{Comparison: evil, Left: evil, Right: evil, Level: evil, Bits: 3}, {Comparison: "sex", Level: "missing"}, {Comparison: "birth", Bits: -9, Level: "differs"}},
			OtherBits: -2, WeightBits: -8, Kinds: []PairKind{{"household", "two people of one household", .9}, {"match", "one person", .1}}, Rules: []RuleAgree{{Rule: evil, Agrees: true}},
		},
		Others: []Alternative{{Left: evil, Right: evil, WeightBits: 1}}, Notes: []string{evil},
	}
	a.Conclude()
	var page bytes.Buffer
	if err := a.Page(&page); err != nil {
		t.Fatal(err)
	}
	text := page.String()
	for _, s := range []string{"<script", "http://", "https://", "src="} {
		if strings.Contains(text, s) {
			t.Errorf("the page has %s", s)
		}
	}
	for _, s := range []string{"&lt;script&gt;", "two people of one household would explain it too", `class="against"`, `class="for"`, `class="missing"`, "accepted from here", "lang=\"en\"", `role="table"`} {
		if !strings.Contains(text, s) {
			t.Errorf("the page does not have %s", s)
		}
	}
	if bars := strings.Count(text, "<rect"); bars != 5 {
		t.Errorf("%d bars for a start, three comparisons and what is taken off", bars)
	}
	written, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	var back Account
	if err := json.Unmarshal(written, &back); err != nil || back.Left.ID != evil || back.Explanation.Steps[0].Left != evil || *back.MarginBits != margin {
		t.Errorf("read back as %+v: %v", back, err)
	}
}

// TestRelativesInAccounts: relatives have a bar of their own and count in the odds; who
// is found and who is not stands in words, with names and dates beneath, as text.
func TestRelativesInAccounts(t *testing.T) {
	a := Account{Compared: true, Threshold: .5, Explanation: Explanation{PriorBits: -10, WeightBits: 6, Kinds: []PairKind{{"match", "one person", .06}}}}
	her := func(name string) *Kin { return &Kin{ID: "id of " + name, Name: name, Born: "1960-05-02"} }
	a.Explanation.AddRelatives(5.1, []Relative{
		{Relation: "mother", Left: her("Ana<b>"), Right: her("Anna"), Bits: 4},
		{Relation: "spouse", Left: her("Omar"), Bits: -1.1},
		{Relation: "sibling", Left: her("Bela"), Right: her("Bella"), Bits: 3},
		{Relation: "sibling", Left: her("Caro"), Right: her("Karo"), Bits: 2},
	}, "household")
	a.Conclude()
	if want := 1 / (1 + math.Exp2(-1.1)); math.Abs(a.Explanation.Probability-want) > 1e-9 {
		t.Errorf("probability %g, want %g", a.Explanation.Probability, want)
	}
	var text, page bytes.Buffer
	a.Print(&text)
	if err := a.Page(&page); err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"(relatives)", "relatives: mother and two siblings found in the household, spouse not: +5.1 bits; one by one they say +7.9", "Ana<b>, 1960-05-02", "not there", "id of Bela and id of Bella", "of the relatives +5.1", "by comparison"} {
		if !strings.Contains(text.String(), s) {
			t.Errorf("%q is missing in\n%s", s, text.String())
		}
	}
	for _, s := range []string{"mother and two siblings found in the household, spouse not", "Ana&lt;b&gt;, 1960-05-02", "not there", "&#43;5.1"} {
		if !strings.Contains(page.String(), s) {
			t.Errorf("the page does not have %s", s)
		}
	}
}

// TestVerdicts: what became of a pair, in words.
func TestVerdicts(t *testing.T) {
	for want, a := range map[string]Account{
		"linked: probability 0.9000 beside its rivals, no other candidate":                    {Found: true, Accepted: true, Probability: .9},
		"not linked: probability 0.3000 beside its rivals":                                    {Found: true, Probability: .3, Compared: true},
		"not linked: one of the two fits another as well or better":                           {Found: true, Probability: .3, Compared: true, Explanation: Explanation{Probability: .8}},
		"not linked, though not below 0.5: one of the two belongs to another":                 {Found: true, Probability: .6},
		"not linked: no blocking rule brings the two together":                                {Compared: true, Explanation: Explanation{Rules: []RuleAgree{{Rule: "birth"}}}},
		"not linked: the probability lies below 0.01":                                         {Compared: true, Explanation: Explanation{Rules: []RuleAgree{{Rule: "birth", Agrees: true}}, Probability: .001}},
		"not linked: too many have what the two agree on":                                     {Compared: true, Explanation: Explanation{Rules: []RuleAgree{{Rule: "birth", Agrees: true, TooCommon: true}}, Probability: .9}},
		"not linked: one is a woman and one a man":                                            {Compared: true, Explanation: Explanation{Rules: []RuleAgree{{Rule: "birth", Agrees: true, OtherSex: true}, {Rule: "area", Agrees: true, OtherSex: true, TooCommon: true}}, Probability: .9}},
		"not linked: beside its rivals the probability lies below 0.01":                       {Compared: true, Explanation: Explanation{Rules: []RuleAgree{{Rule: "birth", Agrees: true}}, Probability: .9}},
		"not linked: one record names both":                                                   {Compared: true, Explanation: Explanation{Rules: []RuleAgree{{Rule: "birth", Agrees: true}}, OneRecord: true}},
		"not linked by themselves, though one person through other records: no blocking rule": {Compared: true, OnePerson: true, Explanation: Explanation{Rules: []RuleAgree{{Rule: "birth"}}}},
		"not linked: no blocking rule brought the two together, or the weight lies below":     {},
	} {
		a.Threshold = .5
		if a.Conclude(); !strings.HasPrefix(a.Verdict, want) {
			t.Errorf("%q, want %q", a.Verdict, want)
		}
	}
}

// TestExplainAgreesWithAnIncrement: a part of the files that was linked by a frozen
// model is explained by what was frozen, not by how common values are in the part.
func TestExplainAgreesWithAnIncrement(t *testing.T) {
	folder, _ := village(t)
	spec := linkVillage(t, folder, Options{}).Result.Specification
	if spec.Frozen == nil {
		t.Fatal("the model is not frozen")
	}
	deaths, roster := load(t, folder, "deaths.csv"), load(t, folder, "roster.csv")
	deaths.Rows = 40
	for i := range deaths.Columns {
		deaths.Columns[i].Codes = deaths.Columns[i].Codes[:deaths.Rows]
	}
	o, err := Link(t.Context(), deaths, roster, Options{Specification: &spec})
	if err != nil || len(o.Result.Pairs) == 0 {
		t.Fatalf("%d pairs, %v", len(o.Result.Pairs), err)
	}
	for _, p := range o.Result.Pairs {
		e, err := Explain(deaths, roster, int(p.Left), int(p.Right), o.Result.Specification, Locale{})
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(e.WeightBits-p.WeightBits) > 1e-6 {
			t.Errorf("explained with %.3f bits, linked with %.3f", e.WeightBits, p.WeightBits)
		}
	}
}

// TestRelativesComparedByName: whose name is a comparison of its own is not said to be
// missing where that one agrees.
func TestRelativesComparedByName(t *testing.T) {
	for _, name := range []struct {
		bits             float64
		words, shows, is string
	}{
		{11.2, "relatives who hardly tell", "(by name, above)", "by name, above"},
		{-3, "spouse not found in the household", "not there", "not found"},
	} {
		e := Explanation{Steps: []Step{{Comparison: "spouse_name", Left: "Omar", Right: "Omar", Bits: name.bits}}}
		e.AddRelatives(-.4, []Relative{{Relation: "spouse", Left: &Kin{ID: "s", Name: "Omar"}, Bits: -.4}}, "household")
		var text bytes.Buffer
		e.Family.print(&text)
		if bar := e.Family.bars()[0]; e.Family.Words != name.words || bar.Right != name.shows || bar.Agreement != name.is || !strings.Contains(text.String(), name.shows) {
			t.Errorf("of a name that weighs %+.1f bits: %s; %+v\n%s", name.bits, e.Family.Words, bar, text.String())
		}
	}
}

// TestStepsWithoutValues: what is known of the two beside the comparisons has its bits,
// and no values that lack.
func TestStepsWithoutValues(t *testing.T) {
	a := Account{Compared: true, Explanation: Explanation{Steps: []Step{{Comparison: "birth", Level: "equal", Bits: 12}}}}
	a.Explanation.AddStep(Step{Comparison: "listed", Level: "years after the death", Bits: -6.2})
	var text, page bytes.Buffer
	a.Print(&text)
	if err := a.Page(&page); err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`(?m)^listed +years after the death +-6\.2 .* 5\.8$`).MatchString(text.String()) {
		t.Errorf("the text has\n%s", text.String())
	}
	if n := strings.Count(page.String(), "no value"); n != 2 || !strings.Contains(page.String(), "years after the death") {
		t.Errorf("the page says %d times that there is no value: of a birth's two sides it should", n)
	}
}

// TestPlacesApartAreSaidInWords: the level of a larger place says that the smaller is
// another one only where both are known.
func TestPlacesApartAreSaidInWords(t *testing.T) {
	for want, s := range map[string]Step{
		"same district, other area": {Comparison: "area", Level: "district equal", Left: "1001", Right: "1002"},
		"same district":             {Comparison: "area", Level: "district equal", Left: "1001"},
		"equal, rare":               {Comparison: "area", Level: "equal, rare", Left: "1001", Right: "1001"},
		"judged within area":        {Comparison: "district", Within: "area"},
	} {
		if got := s.agreement(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
