package report

import (
	"cmp"
	"fmt"
	"slices"
)

func sortBars(bars []bar) {
	slices.SortFunc(bars, func(a, b bar) int {
		return cmp.Or(cmp.Compare(b.sum(), a.sum()), cmp.Compare(a.label, b.label))
	})
}

// tierSection says how many lines each tier has and how many of them are
// expected to be wrong.
func tierSection(f figures) section {
	lines := table{
		Caption: "Lines by tier",
		Head:    heads("List", "Tier", "#Lines", "#People", "#Expected to be false matches", "#Potential overpayment"),
		Note:    "Expected false matches are the sum of one minus the match probability over the lines. They are as good as the linkage model; a clerical sample is the test. A true match to a wrong record of death is a wrong of its own, and not counted here.",
	}
	bars := []bar{}
	for _, t := range f.tiers {
		title := tierTitle(t.Tier)
		expected := tenths(t.Expected)
		if t.Scored == 0 {
			expected = "–"
		}
		paid := "–"
		if t.Kind == "exit" {
			paid = money(t.Paid)
			bars = append(bars, bar{label: title, values: []int64{t.Lines}})
		}
		lines.Rows = append(lines.Rows, row{Cells: []string{kindTitle(t.Kind), title, grouped(t.Lines), grouped(t.People), expected, paid}})
	}
	means := table{Caption: "What the tiers mean", Head: heads("Tier", "Evidence, and what may be done with it")}
	for _, t := range tiers {
		means.Rows = append(means.Rows, row{Cells: []string{t.code + " " + t.title, t.means}})
	}
	s := section{
		ID: "tiers", Title: "How sure the lines are", About: baseRateSays(f), Tables: []table{lines, means, baseRate(f)},
		Charts: []chart{{"Exits by tier", barChart("Exits by tier", []part{{"lines", blue}}, bars)}},
	}
	against := table{Caption: "What speaks against exits", Head: heads("Check", "#Lines")}
	words := contradictions()
	for _, c := range f.contradictions {
		against.Rows = append(against.Rows, row{Cells: []string{cmp.Or(words[c.Label], c.Label), grouped(c.N)}})
	}
	s.Tables = append(s.Tables, against)
	return s
}

func kindTitle(kind string) string {
	switch kind {
	case "exit":
		return "Deceased exits"
	case "duplicate":
		return "Duplicates"
	default:
		return kind
	}
}

func tierTitle(code string) string {
	for _, t := range tiers {
		if t.code == code {
			return t.code + " " + t.title
		}
	}
	return code
}

func tenths(n int64) string { return fmt.Sprintf("%.1f", float64(n)/10) }

// baseRateSays is that arithmetic in a sentence, with what the run itself expects.
func baseRateSays(f figures) string {
	listed := f.all.T1 + f.all.T2
	if listed == 0 || f.all.People == 0 {
		return ""
	}
	said := fmt.Sprintf("At a false-match rate of 1 in 1,000 people, %.1f of the %s lines in T1 and T2 would be wrong, as %s people are enrolled", min(float64(f.all.People)/1000, float64(listed)), grouped(listed), grouped(f.all.People))
	wrong, scored := int64(0), int64(0)
	for _, t := range f.tiers {
		if t.Kind == "exit" && (t.Tier == "T1" || t.Tier == "T2") {
			wrong, scored = wrong+t.Expected, scored+t.Scored
		}
	}
	if scored == 0 {
		return said + "; nothing in this run estimates how many are."
	}
	return fmt.Sprintf("%s; the model's probabilities say %s of %s, an estimated precision of %s.", said, tenths(wrong), grouped(scored), percent(1-float64(wrong)/10/float64(scored)))
}

// baseRate is the arithmetic that keeps a small error rate from looking
// harmless: few of the many beneficiaries die in a month, so even rare false
// matches can be half of a list.
func baseRate(f figures) table {
	listed := f.all.T1 + f.all.T2
	t := table{
		Caption: "What a small error rate would do to this list",
		Head:    heads("If false matches were", "#wrong lines in this run", "#share of a list of "+grouped(listed)),
		Note:    "One in 1,000 is the order that the New Zealand Privacy Commissioner named for matching deaths. The aim for T1 is one in 100,000 beneficiaries a run at most.",
	}
	for _, per := range []int64{1_000, 10_000, 100_000} {
		wrong := rate{f.all.People, per}
		share := "–"
		if listed > 0 {
			// The list would be the true lines and the false ones together; the
			// lines of this run are taken as that whole.
			share = percent(min(1, wrong.share()/float64(listed)))
		}
		t.Rows = append(t.Rows, row{Cells: []string{fmt.Sprintf("one in %s of the %s people enrolled", grouped(per), grouped(f.all.People)), fmt.Sprintf("%.2f", wrong.share()), share}})
	}
	allowed := "–"
	if f.all.People > 0 {
		allowed = fmt.Sprintf("%.1f", 1e5*float64(listed)/100/float64(f.all.People))
	}
	t.Rows = append(t.Rows, row{Cells: []string{"at most 1% of this list: " + allowed + " in 100,000 people enrolled", fmt.Sprintf("%.2f", float64(listed)/100), "1.0%"}})
	return t
}

// moneySection splits the potential overpayment by cause.
func moneySection(f figures) section {
	s := section{
		ID: "money", Title: "Potential overpayment, by cause",
		About: "Paid for time after the entitlement ended, on exits of T1 and T2, subject to verification. It is never a debt: what is unavoidable or registered late lies in a time in which the office could not know.",
	}
	t := table{Caption: "By programme and cause", Head: heads("Programme", "Currency")}
	parts := []part{}
	for i, c := range causes {
		t.Head = append(t.Head, heading{Title: c.title, Number: true})
		parts = append(parts, part{c.title, []string{green, orange, sky, vermillion}[i]})
		t.Note += fmt.Sprintf("%s: %s. ", c.title, c.means)
	}
	t.Head = append(t.Head, heading{Title: "All", Number: true})
	bars := map[string][]bar{}
	currencies := []string{}
	for _, o := range f.overpaid {
		cells := []string{o.Programme, o.Currency}
		for _, c := range o.Cents {
			cells = append(cells, cents(c))
		}
		all := money(o.Currency + " " + o.Total)
		t.Rows = append(t.Rows, row{Cells: append(cells, all)})
		if bars[o.Currency] == nil {
			currencies = append(currencies, o.Currency)
		}
		bars[o.Currency] = append(bars[o.Currency], bar{label: o.Programme, values: o.Cents[:], shown: all})
	}
	s.Tables = []table{t}
	slices.Sort(currencies)
	for _, c := range currencies {
		s.Charts = append(s.Charts, chart{"Potential overpayment by cause, " + c, barChart("Potential overpayment by cause, "+c, parts, bars[c])})
	}
	return s
}

// cents writes hundredths as a decimal with thousands separated.
func cents(n int64) string {
	if n%100 == 0 {
		return grouped(n / 100)
	}
	return fmt.Sprintf("%s.%02d", grouped(n/100), n%100)
}

// eligibilitySection counts what the programmes' rules say of whom.
func eligibilitySection(f figures) section {
	t := table{
		Caption: "Every person to whom a programme could apply",
		Head: heads("Programme", "#Entitled, enrolled", "#Entitled, not enrolled", "#Not entitled, enrolled", "#Not entitled, not enrolled",
			"#Unknown, enrolled", "#Unknown, not enrolled", "#Resting on a presumption"),
		Note: "Unknown is not \"no\": a record is missing, and nothing is concluded from that. A presumption is one that the programme's rules make, with their legal source.",
	}
	for start := 0; start < len(f.outcomes); {
		programme := f.outcomes[start].Programme
		var n [7]int64
		for ; start < len(f.outcomes) && f.outcomes[start].Programme == programme; start++ {
			o := f.outcomes[start]
			at := 2 * slices.Index([]string{"eligible", "not_eligible"}, o.Outcome)
			if at < 0 {
				at = 4 // what is neither is unknown
			}
			if !o.Enrolled {
				at++
			}
			n[at] += o.N
			n[6] += o.Presumed
		}
		cells := []string{programme}
		for _, v := range n {
			cells = append(cells, grouped(v))
		}
		t.Rows = append(t.Rows, row{Cells: cells})
	}
	return section{ID: "eligibility", Title: "Eligibility", Tables: []table{t}}
}

// unknownSection says what was presumed and what is missing.
func unknownSection(f figures) section {
	presumed := table{Caption: "What is presumed", Head: heads("Criterion, and the source of the presumption", "#Lines")}
	for _, c := range f.presumed {
		presumed.Rows = append(presumed.Rows, row{Cells: []string{c.Label, grouped(c.N)}})
	}
	missing := table{Caption: "What is unknown, and where to get it", Head: heads("Missing", "#Lines")}
	for _, c := range f.missing {
		missing.Rows = append(missing.Rows, row{Cells: []string{c.Label, grouped(c.N)}})
	}
	return section{ID: "unknown", Title: "Presumed and unknown", Tables: []table{presumed, missing}}
}

// caveats say where the run is weak, with its own figures.
func (m *maker) caveats(f figures) []caveat {
	out := []caveat{{
		Head: "Deaths that nobody registered are not here",
		Text: "A death that did not reach the register cannot be found, so nobody is shown to be alive by this list, and a district with few exits may be one with few registrations. Registration of deaths ranges from about a quarter to nearly all between countries, and women's deaths are registered least. Compare the rate per 1,000 enrolments with the deaths to be expected before ranking districts.",
	}}
	if women, men, ok := bySex(f.sexes); ok {
		out = append(out, caveat{Head: "Women and men", Text: fmt.Sprintf(
			"Exits to verify per 1,000 enrolments: women %s, men %s. Where women's deaths are registered less, widowers and orphans are missed as well.", sexRate(women), sexRate(men))})
	}
	for _, d := range f.delays {
		out = append(out, caveat{Head: "Days " + d.Name, Text: fmt.Sprintf(
			"Half of %s deaths took up to %s days, nine in ten up to %s. What is later than that is not in this run.", grouped(d.N), grouped(d.P50), grouped(d.P90))})
	}
	for _, w := range m.cfg.Linkage.Warnings {
		out = append(out, caveat{Head: "From the linkage", Text: w})
	}
	return append(out,
		caveat{Head: "A wrong record of death", Text: "Registers themselves declare living people dead, seldom but surely. No match, however sure, protects against that: ask the person, the family or an officer who has seen them."},
		caveat{Head: "Lines are not equal for all", Text: "The elderly, women, and people without an identity number or with a placeholder date of birth are linked less well. The quality page shows by how much in this run."},
		caveat{Head: "Nothing stops by itself", Text: nothingStops},
	)
}

func bySex(groups []group) (women, men group, ok bool) {
	for _, g := range groups {
		switch g.Label {
		case "female":
			women = g
		case "male":
			men = g
		}
	}
	return women, men, women.Enrolled > 0 && men.Enrolled > 0
}

func sexRate(g group) string {
	r := rate{g.T1 + g.T2, g.Enrolled}
	low, high := r.wilson()
	return fmt.Sprintf("%s (%.1f to %.1f)", r.perThousand(), 1000*low, 1000*high)
}
