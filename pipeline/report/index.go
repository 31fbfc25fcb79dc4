package report

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"rollcall/pipeline/gate"
)

// number is one of the big figures.
type number struct {
	Value, Title, About string
}

// caveat is a heading with a text, written to the page, and what to type.
type caveat struct {
	Head, Text, Command string
}

// link to a file of the folder.
type fileLink struct {
	Name, Lines, About string
}

// index is the content of index.html.
type index struct {
	Banners    []string
	Numbers    []number
	Files      []fileLink // what to open next
	Programmes table
	Charts     []chart // by programme, and of the whole
	Sections   []section
	Caveats    []caveat
}

// figures is everything that the page of results is made from.
type figures struct {
	all                   group
	programmes, districts []group
	crossed               map[[2]string]int64
	tiers                 []tierTotal
	overpaid              []overpaid
	ages                  []agedSex
	funnel                []counted
	outcomes              []outcome
	presumed, missing     []counted
	contradictions        []counted
	sexes                 []group
	delays                []delay
	mortality             mortality
}

func (m *maker) gather(ctx context.Context) (figures, error) {
	var f figures
	var err error
	for _, step := range []func() error{
		func() error { f.all, err = m.everything(ctx); return err },
		func() error { f.programmes, err = m.groupsBy(ctx, "title"); return err },
		func() error { f.districts, err = m.groupsBy(ctx, "district"); return err },
		func() error { f.sexes, err = m.groupsBy(ctx, "sex"); return err },
		func() error { f.crossed, err = m.crossed(ctx); return err },
		func() error { f.tiers, err = m.tierTotals(ctx); return err },
		func() error { f.overpaid, err = m.overpayments(ctx); return err },
		func() error { f.ages, err = m.exitsByAge(ctx); return err },
		func() error { f.funnel, err = m.funnel(ctx); return err },
		func() error { f.outcomes, err = m.outcomes(ctx); return err },
		func() error { f.presumed, err = m.listed(ctx, "report_line", "presumed", "true"); return err },
		func() error { f.missing, err = m.listed(ctx, "report_line", "missing", "true"); return err },
		func() error {
			f.contradictions, err = m.listed(ctx, "report_line", "contradictions", "kind = 'exit'")
			return err
		},
		func() error { f.delays, err = m.delays(ctx); return err },
		func() error {
			if len(m.cfg.Mortality) > 0 {
				f.mortality, err = m.ofMortality(ctx)
			}
			return err
		},
	} {
		if err := step(); err != nil {
			return figures{}, fmt.Errorf("count the totals: %w", err)
		}
	}
	return f, nil
}

// writeIndex writes the page of results, the last file of a run.
func (m *maker) writeIndex(ctx context.Context) error {
	f, err := m.gather(ctx)
	if err != nil {
		return err
	}
	if err := m.writePublic(f); err != nil {
		return err
	}
	content := index{
		Banners: slices.Concat(m.banners(), urgent(f), m.warnings(), farOff(f)), Numbers: bigNumbers(f),
		Programmes: groupTable("By programme", "Programme", f.programmes, f.all),
		Charts:     totalCharts(f),
		Sections:   []section{districtSection(f), tierSection(f), moneySection(f), eligibilitySection(f), unknownSection(f)},
		Files:      m.fileLinks(), Caveats: m.caveats(f),
	}
	return m.writePage(File{Name: "index.html", About: "the results on one page"}, "index", "Reconciliation of the registers with the roster", content)
}

// banners say on top of a page what a reader must know before the figures.
func (m *maker) banners() []string {
	var out []string
	for _, s := range m.cfg.Snapshots {
		if s.Partial {
			out = append(out, fmt.Sprintf("The source %s broke off: this run is partial, and what depends on that source is incomplete.", s.Source))
		}
	}
	if m.cfg.Released != "" {
		out = append(out, "A gate had held this run. Two people released it; the reason they gave: "+m.cfg.Released)
	}
	return out
}

// urgent says who may be without money because of a wrong record.
func urgent(f figures) []string {
	n := int(f.all.Reinstatements)
	if n == 0 {
		return nil
	}
	return []string{fmt.Sprintf("First: %d %s ended after a death that the register has since revoked. These people may be alive and unpaid: see reinstatements.xlsx.", n, plural(n, "enrolment was", "enrolments were"))}
}

// warnings point from the results to what the gate said.
func (m *maker) warnings() []string {
	warned := 0
	for _, g := range m.cfg.Gates {
		for _, f := range g.Findings {
			if f.Verdict == gate.Warn {
				warned++
			}
		}
	}
	if warned == 0 {
		return nil
	}
	return []string{fmt.Sprintf("The gate warns of %d %s in the inputs or lists: see the quality page before working on the lists.", warned, plural(warned, "thing", "things"))}
}

// farOff says that the run found far fewer or far more deaths than there can be.
func farOff(f figures) []string {
	if below, above := f.mortality.yield.off(); f.mortality.byAge && (below || above) {
		return []string{f.mortality.says()}
	}
	return nil
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

func bigNumbers(f figures) []number {
	a := f.all
	return []number{
		{grouped(a.T1 + a.T2), "deceased exits to verify", fmt.Sprintf("%s corroborated (T1), %s probable (T2)", grouped(a.T1), grouped(a.T2))},
		{grouped(a.T3 + a.X), "exits not proposed", fmt.Sprintf("%s possible (T3), %s in conflict (X)", grouped(a.T3), grouped(a.X))},
		{money(a.Paid), "potential overpayment", "on T1 and T2, subject to verification; never a debt"},
		{grouped(a.Duplicates), "possible duplicates", "pairs of records that seem to be one person"},
		{grouped(a.Eligibility), "enrolments to look at", fmt.Sprintf("%s no longer supported, %s unknown", grouped(a.Eligibility-a.Unknown), grouped(a.Unknown))},
		{grouped(a.Registrable), "entitled and not enrolled", "people whom the programmes could reach"},
		{grouped(a.Reinstatements), "to reinstate", "ended after a death that the register has since revoked"},
		{grouped(a.Enrolled), "active enrolments", fmt.Sprintf("of %s people", grouped(a.People))},
	}
}

// measure is one column of the totals.
type measure struct {
	title string
	of    func(group) string
}

var measures = []measure{
	{"Active enrolments", func(g group) string { return grouped(g.Enrolled) }},
	{"Exits T1", func(g group) string { return grouped(g.T1) }},
	{"Exits T2", func(g group) string { return grouped(g.T2) }},
	{"Exits T3", func(g group) string { return grouped(g.T3) }},
	{"Exits X", func(g group) string { return grouped(g.X) }},
	{"T1+T2 per 1,000", func(g group) string { return rate{g.T1 + g.T2, g.Enrolled}.perThousand() }},
	{"Potential overpayment", func(g group) string { return money(g.Paid) }},
	{"Duplicates", func(g group) string { return grouped(g.Duplicates) }},
	{"Enrolments to look at", func(g group) string { return grouped(g.Eligibility) }},
	{"Entitled, not enrolled", func(g group) string { return grouped(g.Registrable) }},
	{"To reinstate", func(g group) string { return grouped(g.Reinstatements) }},
}

func (g group) cells() []string {
	cells := []string{g.Label}
	for _, m := range measures {
		cells = append(cells, m.of(g))
	}
	return cells
}

func groupTable(caption, first string, groups []group, all group) table {
	t := table{Caption: caption, Head: heads(first)}
	for _, m := range measures {
		t.Head = append(t.Head, heading{Title: m.title, Number: true})
	}
	for _, g := range groups {
		t.Rows = append(t.Rows, row{Cells: g.cells()})
	}
	all.Label = "All"
	t.Foot = all.cells()
	return t
}

func crossTable(f figures) table {
	t := table{Caption: "Deceased exits to verify (T1 and T2), by district and programme", Head: heads("District")}
	columns := []string{}
	for _, p := range f.programmes {
		if p.T1+p.T2 > 0 {
			columns = append(columns, p.Label)
		}
	}
	for _, c := range columns {
		t.Head = append(t.Head, heading{Title: c, Number: true})
	}
	t.Head = append(t.Head, heading{Title: "All", Number: true})
	for _, d := range f.districts {
		if d.T1+d.T2 == 0 {
			continue
		}
		cells := []string{d.Label}
		for _, c := range columns {
			cells = append(cells, grouped(f.crossed[[2]string{d.Label, c}]))
		}
		t.Rows = append(t.Rows, row{Cells: append(cells, grouped(d.T1+d.T2))})
	}
	return t
}

var exitParts = []part{{"T1 corroborated", blue}, {"T2 probable", sky}, {"T3 possible", orange}, {"X conflict", vermillion}}

// mostBars is the most bars of one chart; the tables have them all.
const mostBars = 30

func exitBars(groups []group) ([]bar, string) {
	bars := []bar{}
	for _, g := range groups {
		if g.exits() > 0 {
			bars = append(bars, bar{label: g.Label, values: []int64{g.T1, g.T2, g.T3, g.X}})
		}
	}
	if len(bars) <= mostBars {
		return bars, ""
	}
	sortBars(bars)
	return bars[:mostBars], fmt.Sprintf(" (the %d largest of %d)", mostBars, len(bars))
}

func totalCharts(f figures) []chart {
	programmes, some := exitBars(f.programmes)
	funnel := []bar{}
	for _, c := range f.funnel {
		funnel = append(funnel, bar{label: c.Label, values: []int64{c.N}})
	}
	return []chart{
		{"Exits by programme and tier" + some, barChart("Exits by programme and tier", exitParts, programmes)},
		{"From the registered deaths to the list", barChart("From the registered deaths to the list", []part{{"people", blue}}, funnel)},
		{"People on the exit list (T1 and T2), by age and sex", pyramid("People on the exit list by age and sex", f.ages)},
	}
}

// districtSection says where the lines are.
func districtSection(f figures) section {
	bars, many := exitBars(f.districts)
	return section{
		ID: "districts", Title: "Districts",
		Tables: []table{groupTable("By district", "District", f.districts, f.all)},
		Charts: []chart{{"Exits by district and tier" + many, barChart("Exits by district and tier", exitParts, bars)}},
		More:   []table{crossTable(f)},
		Folded: "Exits to verify by district and programme",
	}
}

func (m *maker) fileLinks() []fileLink {
	var out []fileLink
	for _, f := range m.files {
		if strings.HasSuffix(f.Name, ".xlsx") {
			out = append(out, fileLink{f.Name, grouped(f.Rows), f.About})
		}
	}
	for _, f := range m.files {
		if f.Name == "evaluations.parquet" {
			out = append(out, fileLink{f.Name, grouped(f.Rows), f.About})
		}
	}
	return append(out,
		fileLink{"quality.html", "", "the sources, the gate's findings, and how good the links are and for whom"},
		fileLink{publicName, "", fmt.Sprintf("the only totals that may leave the office: counts under %d are hidden, and those that would give them away by subtraction. This page and quality.html have all counts, small ones too: they stay inside", m.leastCell())},
		fileLink{"dictionary.json", "", "what every column of every file holds"})
}
