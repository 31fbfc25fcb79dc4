package report

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"math"
	"time"

	"rollcall/pipeline/gate"
	"rollcall/pipeline/tables"
)

// quality is the content of quality.html and of a held run's page.
type quality struct {
	Held     bool
	Banners  []string
	Why      section // of a held run
	Caveats  []caveat
	Sections []section
}

// writeQuality writes what is known about the inputs and the links; of a held
// run, what there is.
func (m *maker) writeQuality(ctx context.Context) error {
	q := quality{Held: m.held, Sections: []section{m.sourceSection(), m.gateSection("gate", "What the gate checked", false)}}
	if !m.held {
		q.Banners = m.banners()
	}
	if m.present["mention"] {
		s, err := m.fieldSection(ctx)
		if err != nil {
			return err
		}
		q.Sections = append(q.Sections, s)
	}
	if m.present["link"] {
		s, err := m.linkageSections(ctx)
		if err != nil {
			return err
		}
		q.Sections = append(q.Sections, s...)
	}
	if !m.held && m.present["judgement"] {
		s, banners, err := m.judgedSection(ctx)
		if err != nil {
			return err
		}
		q.Sections, q.Banners = append(q.Sections, s), append(q.Banners, banners...)
		if s, err = m.sampleSection(ctx); err != nil {
			return err
		}
		q.Sections = append(q.Sections, s)
	}
	if m.present["family"] && m.present["family_link"] {
		s, err := m.familySection(ctx)
		if err != nil {
			return err
		}
		q.Sections = append(q.Sections, s)
	}
	if m.present["link"] && m.present["proposal"] {
		s, err := m.sensitivitySection(ctx)
		if err != nil {
			return err
		}
		q.Sections = append(q.Sections, s)
	}
	if m.present["evaluation"] {
		s, err := m.eligibilitySection(ctx)
		if err != nil {
			return err
		}
		q.Sections = append(q.Sections, s)
	}
	if len(m.cfg.Mortality) > 0 && !m.held {
		d, err := m.ofMortality(ctx)
		if err != nil {
			return err
		}
		q.Sections = append(q.Sections, m.completenessSection(d))
	}
	if m.present["link"] && m.present["person"] && m.present["cluster"] && m.present["identifier"] && m.present["event"] && m.present["enrolment"] {
		if err := m.numbered(ctx); err != nil {
			return err
		}
		compared := []population{foundPeople, foundDead}
		if !m.held {
			compared = append(compared, tierMix)
		}
		for _, p := range compared {
			s, err := m.disparitySection(ctx, p)
			if err != nil {
				return err
			}
			q.Sections = append(q.Sections, s)
		}
		if !m.held && m.present["reviewed"] {
			s, err := m.overturnSection(ctx)
			if err != nil {
				return err
			}
			q.Sections = append(q.Sections, s)
		}
	}
	return m.writePage(File{Name: "quality.html", About: "the quality of the data and of the links"}, "quality", "Quality of the data and of the links", q)
}

func (m *maker) sourceSection() section {
	t := table{
		Caption: "Snapshots that this run read",
		Head:    heads("Source", "Side", "#Rows used", "#Rows rejected", "Newest record or file", "State", "Content (SHA-256)"),
		Note:    "Rows read are rows used and rows rejected together; each rejected row stands with its reason in the snapshot's rejects or, where its key keeps it out, in reject.parquet of the mapping stage. The content hash does not depend on the order of the rows; manifest.json has it in full.",
	}
	for _, s := range m.cfg.Snapshots {
		state, class := "complete", ""
		if s.Partial {
			state, class = "partial", "hold"
		}
		newest := "not known"
		if !s.Newest.IsZero() {
			newest = s.Newest.Format(time.DateOnly)
		}
		t.Rows = append(t.Rows, row{Class: class, Cells: []string{
			s.Source, sideTitle(s.Side), grouped(s.Rows), grouped(s.Rejected), newest, state, shortHash(s.ContentSHA256),
		}})
	}
	facts := table{Caption: "The run", Head: heads("What", "Value"), Rows: []row{
		{Cells: []string{"Run", m.cfg.RunID}},
		{Cells: []string{"As of", m.asOf()}},
		{Cells: []string{"Program", "rollcall " + m.cfg.ProgramVersion}},
		{Cells: []string{"DuckDB", m.cfg.DuckDBVersion}},
		{Cells: []string{"Configuration (SHA-256)", m.cfg.ConfigSHA256}},
	}}
	for _, p := range m.cfg.Programmes {
		facts.Rows = append(facts.Rows, row{Cells: []string{"Rules of " + p.Title, p.Version}})
	}
	return section{ID: "sources", Title: "Sources", Tables: []table{t, facts}}
}

func sideTitle(side string) string {
	switch side {
	case "crvs":
		return "civil register"
	case "sp":
		return "roster"
	default:
		return side
	}
}

func shortHash(sum string) string {
	if len(sum) > 16 {
		return sum[:16] + "…"
	}
	return sum
}

// checks are the gate's checks in words.
var checks = map[string]string{
	"partial": "broken off", "rows": "rows", "rejects": "rows rejected", "unknown_codes": "codes without a meaning", "file_age": "age",
	"unreadable_values": "days and amounts that are none",
	"null_rate":         "values missing", "date_range": "dates out of range", "list_size": "length of the list",
	"mass_change": "mass change",
}

// gateSection lists the findings, those that hold first, and only those when
// asked so.
func (m *maker) gateSection(id, title string, onlyHolds bool) section {
	s := section{ID: id, Title: title}
	for _, g := range m.cfg.Gates {
		t := table{Cards: true, Head: heads("Verdict", "Check", "Source or list", "Column or programme", "Observed", "Expected", "What to do")}
		counts := map[gate.Verdict]int{}
		for _, verdict := range []gate.Verdict{gate.Hold, gate.Warn, gate.Pass} {
			for _, f := range g.Findings {
				if f.Verdict != verdict || onlyHolds && verdict != gate.Hold {
					continue
				}
				counts[verdict]++
				class := ""
				if verdict != gate.Pass {
					class = string(verdict)
				}
				check := cmp.Or(checks[f.Check], f.Check)
				t.Rows = append(t.Rows, row{Class: class, Cells: []string{string(verdict), check, f.Source, f.Subject, f.Observed, f.Expected, f.Advice}})
			}
		}
		if onlyHolds && len(t.Rows) == 0 {
			continue
		}
		if !onlyHolds {
			t.Caption = fmt.Sprintf("%s: %d held, %d warned, %d passed", gateTitle(g), counts[gate.Hold], counts[gate.Warn], counts[gate.Pass])
		}
		s.Tables = append(s.Tables, t.withoutEmptyColumns())
	}
	return s
}

// gateTitle tells the gate over the lists from the one over the inputs.
func gateTitle(g gate.Report) string {
	for _, f := range g.Findings {
		if f.Check == "list_size" {
			return "Lists"
		}
	}
	return "Inputs"
}

// fieldSection shows how full the fields are that people are compared by.
func (m *maker) fieldSection(ctx context.Context) (section, error) {
	fields := []struct{ title, expr string }{
		{"name", "full_name"},
		{"native name", "native_name"},
		{"sex", "sex"},
		{"date of birth", "birth_earliest"},
		{"area", "area_code"},
		{"address", "address"},
		{"phone", "phone"},
		{"mother", "mother_name"},
		{"father", "father_name"},
		{"spouse", "spouse_name"},
	}
	list, places := "", make([]int64, len(fields)+1)
	empty := table{
		Caption: "Share of records in which the field is empty", Head: heads("Source", "Role", "#Records"),
		Note: "Roles differ in what they can hold: a birth names no spouse. A change against the last run is what the gate looks for.",
	}
	for _, f := range fields {
		list += ", count(*) FILTER (" + f.expr + " IS NULL)"
		empty.Head = append(empty.Head, heading{Title: f.title, Number: true})
	}
	var err error
	empty.Rows, err = collect(ctx, m.session, fmt.Sprintf(`SELECT source, coalesce(role, ''), count(*)%s FROM mention GROUP BY 1, 2 ORDER BY 1, 2`, list),
		func(r *sql.Rows) (row, error) {
			var source, role string
			into := []any{&source, &role}
			for i := range places {
				into = append(into, &places[i])
			}
			if err := r.Scan(into...); err != nil {
				return row{}, err
			}
			cells := []string{source, role, grouped(places[0])}
			for _, n := range places[1:] {
				cells = append(cells, percent(rate{n, places[0]}.share()))
			}
			return row{Cells: cells}, nil
		})
	if err != nil {
		return section{}, err
	}
	precision, err := m.shares(ctx, table{Caption: "Precision of the dates of birth", Head: heads("Side", "Precision", "#Records", "#Share")},
		`SELECT side, coalesce(birth_precision, 'none') AS label, count(*) AS n FROM mention GROUP BY ALL ORDER BY side, n DESC, label`)
	if err != nil {
		return section{}, err
	}
	s := section{
		ID: "fields", Title: "How full the fields are", Tables: []table{empty, precision},
		About: "Where fields are empty or placeholders, links are missed and lines fall to lower tiers.",
	}
	if !m.present["identifier"] {
		return s, nil
	}
	numbers, err := m.shares(ctx, table{Caption: "Identity numbers", Head: heads("Kind", "State", "#Numbers", "#Share")},
		`SELECT identifier_type, CASE WHEN well_formed THEN CASE WHEN verified THEN 'well formed, verified' ELSE 'well formed' END
		  ELSE 'not valid: ' || coalesce(problem, 'not known') END AS label, count(*) AS n FROM identifier GROUP BY ALL ORDER BY identifier_type, n DESC, label`)
	s.Tables = append(s.Tables, numbers)
	return s, err
}

// shares fills a table from a query of group, label and count.
func (m *maker) shares(ctx context.Context, t table, query string) (table, error) {
	type entry struct {
		group, label string
		n            int64
	}
	entries, err := collect(ctx, m.session, query, func(r *sql.Rows) (entry, error) {
		var e entry
		return e, r.Scan(&e.group, &e.label, &e.n)
	})
	of := map[string]int64{}
	for _, e := range entries {
		of[e.group] += e.n
	}
	for _, e := range entries {
		title := e.group
		if s := sideTitle(e.group); s != e.group {
			title = s
		}
		t.Rows = append(t.Rows, row{Cells: []string{title, e.label, grouped(e.n), percent(rate{e.n, of[e.group]}.share())}})
	}
	return t, err
}

var stepTitles = map[string]string{
	"register": "The register within itself",
	"roster":   "The roster within itself",
	"across":   "Register persons with roster persons",
}

// linkageSections report each pass of the linker.
func (m *maker) linkageSections(ctx context.Context) ([]section, error) {
	var out []section
	if w := m.cfg.Linkage.Warnings; len(w) > 0 {
		t := table{Caption: "Warnings", Head: heads("What")}
		for _, text := range w {
			t.Rows = append(t.Rows, row{Class: "warn", Cells: []string{text}})
		}
		out = append(out, section{ID: "warnings", Title: "What to mistrust", Tables: []table{t}})
	}
	if entities := m.cfg.Linkage.Entities; len(entities) > 0 {
		out = append(out, entitySection(entities))
	}
	if left := m.cfg.Linkage.LeftOut; len(left) > 0 {
		out = append(out, leftOutSection(left))
	}
	for _, step := range m.cfg.Linkage.Steps {
		s, err := m.stepSection(ctx, step)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

// entitySection tells which persons are those of earlier runs.
func entitySection(entities []Entities) section {
	t := table{
		Caption: "Persons of earlier runs",
		Head:    heads("Side", "#Keep their id", "#Have a new id", "#Earlier, merged into another", "#Parts split off", "#Parts moved to another", "#Gone"),
		Note:    "A person keeps the id of the earlier one with whom it has most records in common. The table entity_change of the run lists the others: whoever decided about such a person decided about other records.",
	}
	for _, e := range entities {
		side := map[string]string{tables.Register: "Register", tables.Roster: "Roster"}[e.Side]
		cells := []string{side}
		for _, n := range []int{e.Kept, e.New, e.Merged, e.Split, e.Moved, e.Gone} {
			cells = append(cells, grouped(int64(n)))
		}
		t.Rows = append(t.Rows, row{Cells: cells})
	}
	return section{ID: "entities", Title: "Who is who from run to run", Tables: []table{t}}
}

// leftOutSection tells what records say of families that cannot be, or is too much.
func leftOutSection(left []LeftOut) section {
	t := table{Caption: "What was not used as it stands", Cards: true, Head: heads("#How many", "What", "What was done, and what to look at")}
	for _, l := range left {
		t.Rows = append(t.Rows, row{Cells: []string{grouped(l.Count), l.What, l.Look}})
	}
	return section{
		ID: "families", Title: "Families and households", Tables: []table{t},
		About: "Who is whose mother, father, husband, wife or child, and who lives with whom, helps to tell who is who. What contradicts itself is left out of that; the records themselves are linked all the same.",
	}
}

// binBits is the width of a bin of match weights.
const binBits = 2

func (m *maker) stepSection(ctx context.Context, step LinkStep) (section, error) {
	where := fmt.Sprintf("kind = '%s'", step.Kind)
	bins, err := collect(ctx, m.session, fmt.Sprintf(`SELECT CAST(floor((match_weight_bits + coalesce(family_weight_bits, 0)) / %[1]d) AS BIGINT) * %[1]d AS low,
		count(*) FILTER (accepted), count(*) FILTER (accepted IS NOT TRUE) FROM link WHERE %[2]s AND match_weight_bits IS NOT NULL GROUP BY low ORDER BY low`, binBits, where),
		func(r *sql.Rows) (bin, error) {
			var b bin
			return b, r.Scan(&b.Low, &b.Accepted, &b.Rejected)
		})
	if err != nil {
		return section{}, fmt.Errorf("count weights: %w", err)
	}
	tenths, err := collect(ctx, m.session, fmt.Sprintf(`SELECT CAST(least(floor(match_probability * 10), 9) AS BIGINT) AS low,
		count(*) FILTER (accepted), count(*) FILTER (accepted IS NOT TRUE) FROM link WHERE %s AND match_probability IS NOT NULL GROUP BY low ORDER BY low`, where),
		func(r *sql.Rows) (bin, error) {
			var b bin
			return b, r.Scan(&b.Low, &b.Accepted, &b.Rejected)
		})
	if err != nil {
		return section{}, fmt.Errorf("count probabilities: %w", err)
	}
	title := stepTitles[step.Kind]
	if title == "" {
		title = step.Kind
	}
	return section{
		ID: "step-" + step.Kind, Title: title,
		Tables: []table{stepFacts(step, tenths)},
		Folded: "Other thresholds, probabilities, blocking rules and the share of each level",
		More:   []table{thresholdTable(step), probabilityTable(tenths), ruleTable(step), levelTable(step)},
		Charts: []chart{
			{"What each agreement is worth, in bits (levels that practically never occur are left out)", weightChart("What each agreement is worth: "+title, occurring(step.Comparisons))},
			{"Scored pairs by match weight (logarithmic; blue where most were accepted)", histogram("Scored pairs by match weight: "+title, "bits", binBits, bins, step.ThresholdBits())},
		},
	}, nil
}

// rarely is the share below which a level of a comparison tells a reader nothing.
const rarely = 0.0005

// occurring leaves out the levels that neither matches nor others reach.
func occurring(comparisons []Comparison) []Comparison {
	out := make([]Comparison, len(comparisons))
	for i, c := range comparisons {
		out[i].Name = c.Name
		for _, l := range c.Levels {
			if l.M >= rarely || l.U >= rarely {
				out[i].Levels = append(out[i].Levels, l)
			}
		}
	}
	return out
}

func stepFacts(step LinkStep, tenths []bin) table {
	accepted, scored := int64(0), int64(0)
	for _, b := range tenths {
		accepted += b.Accepted
		scored += b.Accepted + b.Rejected
	}
	records := grouped(step.Left)
	if step.Right > 0 {
		records += " with " + grouped(step.Right)
	}
	return table{
		Caption: "In short", Head: heads("What", "Value"),
		Note: "Precision and recall are estimates without labels, from the model's own probabilities, with 95% intervals; evaluate the run against known pairs where there are any.",
		Rows: []row{
			{Cells: []string{"Records compared", records}},
			{Cells: []string{"Pairs scored above the floor", grouped(scored)}},
			{Cells: []string{"Links accepted", grouped(accepted)}},
			{Cells: []string{"Threshold", fmt.Sprintf("probability %.3f", step.ThresholdProbability)}},
			{Cells: []string{"Share of all pairs that match (prior)", fmt.Sprintf("%.3g", step.Prior)}},
			{Cells: []string{"Precision, estimated", step.Precision.String()}},
			{Cells: []string{"Recall, estimated", step.Recall.String()}},
		},
	}
}

// String writes the estimate with its interval.
func (r Range) String() string {
	if !r.known() {
		return "not known"
	}
	return fmt.Sprintf("%s (%s)", percent(r.Estimate), percentRange(r.Low, r.High))
}

func ruleTable(step LinkStep) table {
	t := table{Caption: "Blocking rules, in their order", Head: heads("Rule", "#Pairs that no rule before it found")}
	all := int64(0)
	for _, r := range step.Rules {
		t.Rows = append(t.Rows, row{Cells: []string{r.Name, grouped(r.Pairs)}})
		all += r.Pairs
	}
	t.Foot = []string{"All", grouped(all)}
	if step.Left > 0 {
		others := float64(step.Left) * float64(step.Right)
		if step.Right == 0 {
			others = float64(step.Left) * float64(step.Left-1) / 2
		}
		if others > 0 {
			t.Note = fmt.Sprintf("Of all pairs that could be compared, %.3g%% were. A pair that no rule finds is never compared: that loss is not in the estimate of recall unless it says so.", 100*math.Min(1, float64(all)/others))
		}
	}
	return t
}

func thresholdTable(step LinkStep) table {
	t := table{
		Caption: "What other thresholds would mean", Head: heads("For", "#Threshold", "#Links", "#Precision, estimated", "#Recall, estimated"),
		Note: "For each purpose the least threshold from which on links are right with a mean probability of 95% (registrations), 98% (duplicates) and 99.9% (exits). The tiers of the lists have thresholds of their own, under tiers in the job file.",
	}
	for _, x := range step.Thresholds {
		t.Rows = append(t.Rows, row{Cells: []string{x.Purpose, fmt.Sprintf("%.4g", x.Probability), grouped(x.Accepted), x.Precision.String(), x.Recall.String()}})
	}
	return t
}

func probabilityTable(tenths []bin) table {
	t := table{Caption: "Scored pairs by match probability", Head: heads("Probability", "#Accepted", "#Not accepted")}
	for _, b := range tenths {
		t.Rows = append(t.Rows, row{Cells: []string{fmt.Sprintf("%.1f to %.1f", float64(b.Low)/10, float64(b.Low+1)/10), grouped(b.Accepted), grouped(b.Rejected)}})
	}
	return t
}

func levelTable(step LinkStep) table {
	t := table{Caption: "Comparisons: how often each level occurs", Head: heads("Comparison", "Level", "#among matches (m)", "#among others (u)", "#bits")}
	for _, c := range step.Comparisons {
		for _, l := range c.Levels {
			t.Rows = append(t.Rows, row{Cells: []string{c.Name, l.Name, fmt.Sprintf("%.3g", l.M), fmt.Sprintf("%.3g", l.U), fmt.Sprintf("%+.2f", l.Bits)}})
		}
	}
	return t
}
