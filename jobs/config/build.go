package config

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"rollcall/connectors"
	"rollcall/pipeline/audit"
	"rollcall/pipeline/clerical"
	"rollcall/pipeline/extract"
	"rollcall/pipeline/gate"
	"rollcall/pipeline/mapping"
)

// builder makes a job from a checked tree. It goes on where the tree has
// mistakes, so that those of the second look are told along with those of the
// first; what it makes then is thrown away.
type builder struct {
	sql      *sqlParser
	errs     *Errors
	registry connectors.Registry
	root     *node
	job      *Job
	files    map[string][]byte // that the job names, by path relative to its folder
}

func (b *builder) build(ctx context.Context) error {
	j, root := b.job, b.root
	j.Name, j.Title = root.textOf("name"), root.textOf("title")
	if j.Title == "" {
		j.Title = j.Name
	}
	j.DataFolder = b.below(root.textOf("data"))
	j.OutputFolder = b.below(root.textOf("output"))
	j.MemoryBytes = int64(root.numberOf("memory", size))
	j.Threads = int(root.numberOf("threads", integer))
	j.Notify = root.textsOf("notify")
	j.Schedule = buildSchedule(root.field("schedule"))
	if n := root.field("legal_basis"); n != nil {
		j.Legal = Legal{Purpose: n.textOf("purpose"), Agreement: n.textOf("agreement"), Expires: n.dayOf("expires")}
	}
	b.gate(root.field("gate"))
	b.tiers(root.field("tiers"))
	j.Decide.Facts.SolidProbability = root.field("facts").numberOf("solid_probability", number)
	j.Decide.Facts.LifeEvidenceDays = int(root.field("facts").numberOf("life_evidence_days", integer))
	site := openSite(j.folder, SiteName, b.errs)
	j.Site = buildSite(site)
	if named := root.field("locale"); named != nil {
		b.locale(named)
	} else {
		b.locale(site.field("locale"))
	}
	j.RowKeyFile = j.rowKeyFile()
	b.folders()
	b.codes()
	b.areas(root.field("areas"))
	j.LeastCell = int64(root.numberOf("least_cell", integer))
	j.SamplePairs = clerical.DefaultPairs
	if root.field("sample_pairs") != nil {
		j.SamplePairs = int(root.numberOf("sample_pairs", integer))
	}
	b.mortality(root.field("mortality"))
	seen := map[string]string{}
	for _, e := range root.fieldsOf("sources") {
		if e.value.form != object {
			continue
		}
		if err := checkName(e.name); err != nil {
			e.value.failAtName("%q is no name for a source; %s", e.name, err)
		}
		// Tables and files of a source bear its name; neither tells case apart everywhere.
		lower := strings.ToLower(e.name)
		if first, ok := seen[lower]; ok {
			e.value.failAtName("the sources %s and %s differ only in capital letters", first, e.name)
		}
		seen[lower] = e.name
		if err := b.source(ctx, e.name, e.value); err != nil {
			return err
		}
	}
	b.references()
	b.link(root.field("link"))
	return b.programmes(ctx, root.field("programmes"))
}

// below joins a path of the job file with its folder.
func (b *builder) below(path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(b.job.folder, filepath.FromSlash(path))
}

func buildSchedule(n *node) Schedule {
	if n == nil {
		return Schedule{TimeZone: "UTC", CatchUp: "latest"}
	}
	s := Schedule{Cron: n.textOf("cron"), TimeZone: n.textOf("time_zone"), CatchUp: n.textOf("catch_up")}
	if s.TimeZone == "" {
		s.TimeZone = "UTC"
	}
	if s.CatchUp == "" {
		s.CatchUp = "latest"
	}
	return s
}

func (b *builder) gate(n *node) {
	if n == nil {
		return
	}
	g := &b.job.Gate
	g.RowChange = n.numberOf("row_change", number)
	g.ListShare = n.numberOf("list_share", number)
	g.ListGrowth = n.numberOf("list_growth", number)
	g.NullRateChange = n.numberOf("null_rate_change", number)
}

func (b *builder) tiers(n *node) {
	if n == nil {
		return
	}
	d := &b.job.Decide
	d.ThresholdT1, d.ThresholdT2, d.ThresholdT3 = n.numberOf("t1", number), n.numberOf("t2", number), n.numberOf("t3", number)
	d.MarginBits = n.numberOf("margin_bits", number)
	d.Namesakes, d.AreaPrefix = int(n.numberOf("namesakes", integer)), int(n.numberOf("area_prefix", integer))
	last := 1.0
	for _, name := range []string{"t1", "t2", "t3"} {
		value := n.numberOf(name, number)
		if value > last {
			n.field(name).fail("tiers.%s is higher than the tier above it; t1 is the surest", name)
		}
		if value > 0 {
			last = value
		}
	}
}

// folders holds the output apart from the inputs: a pattern of the next run must
// not find what the last one wrote.
func (b *builder) folders() {
	n := b.root.field("output")
	if n == nil || n.form != scalar || b.root.textOf("data") == "" {
		return
	}
	if b.job.OutputFolder == b.job.DataFolder {
		n.fail("output is the same folder as data; give it one of its own, such as out")
	}
}

// source makes what extract, mapping and gate need of one source.
func (b *builder) source(ctx context.Context, name string, n *node) error {
	src := extract.Source{Name: name, Side: n.textOf("side"), Connector: n.textOf("connector"), Settings: connectors.Settings{}}
	b.settings(&src, n)
	x := &expressions{builder: b, codes: b.codeNames(), places: map[string]string{}}
	b.job.columns[name] = x.places
	m := mapping.Source{Name: name, Side: src.Side}
	m.Key = x.read(ctx, n, "key", asKey)
	m.Received = x.read(ctx, n, "received", 0)
	m.Version = x.read(ctx, n, "version", 0)
	src.Key = slices.Clone(x.columns)
	if n.field("key") != nil {
		src.Key = x.columnsOf(ctx, n.field("key"))
	}
	if f := n.field("map"); f != nil && f.form == object {
		m.Outputs = x.outputs(ctx, f, src.Side)
	}
	if x.err != nil {
		return x.err
	}
	for _, e := range n.field("expect").fieldsOf("null_rates") {
		x.use(e.value.path, []string{e.name})
	}
	src.Columns, src.IDColumns = x.columns, x.idColumns
	b.job.Sources = append(b.job.Sources, src)
	b.job.Mapping.Sources = append(b.job.Mapping.Sources, m)
	b.job.Gate.Contracts = append(b.job.Gate.Contracts, contract(name, n.field("expect")))
	return nil
}

// settings gives the connector its settings, and lets it say what is wrong.
func (b *builder) settings(src *extract.Source, n *node) {
	c, ok := b.registry.Lookup(src.Connector)
	if !ok {
		return
	}
	complete := true
	for _, s := range c.Settings {
		if texts := n.textsOf(s.Name); texts != nil {
			src.Settings[s.Name] = texts
		} else if s.Default != "" {
			src.Settings[s.Name] = []string{s.Default}
		}
		complete = complete && (!s.Required || src.Settings.Text(s.Name) != "")
		for _, text := range src.Settings[s.Name] {
			complete = complete && (len(s.OneOf) == 0 || slices.Contains(s.OneOf, text))
		}
	}
	if !complete || b.root.textOf("data") == "" {
		return // told already
	}
	_, err := c.New(b.job.environment(), src.Settings)
	var wrong *connectors.SettingError
	switch {
	case err == nil:
	case errors.As(err, &wrong):
		at := n.field(wrong.Setting)
		if at == nil {
			at = n.field("connector")
		}
		at.fail("%s.%s: %s", n.path, wrong.Setting, wrong.Message)
	default:
		n.field("connector").fail("%s: %v", n.path, err)
	}
}

// contract is what a source promises.
func contract(name string, n *node) gate.Contract {
	c := gate.Contract{Source: name}
	if n == nil {
		return c
	}
	c.MaxAgeDays = int(n.numberOf("age_days", integer))
	c.MaxRejectRate = n.numberOf("reject_rate", number)
	for _, e := range n.fieldsOf("null_rates") {
		if c.MaxNullRate == nil {
			c.MaxNullRate = map[string]float64{}
		}
		c.MaxNullRate[e.name] = n.field("null_rates").numberOf(e.name, number)
	}
	rows := n.field("rows")
	if rows == nil || rows.form != sequence {
		return c
	}
	var bounds []int64
	for _, text := range n.textsOf("rows") {
		if value, err := readInteger(text); err == nil {
			bounds = append(bounds, int64(value))
		}
	}
	switch {
	case len(rows.items) != 2:
		rows.fail("%s is [least, most] numbers of rows: [1000, 2000000]", rows.path)
	case len(bounds) != 2:
	case bounds[0] > bounds[1]:
		rows.fail("%s begins with the larger number; it is [least, most]: [%d, %d]", rows.path, bounds[1], bounds[0])
	default:
		c.MinRows, c.MaxRows = bounds[0], bounds[1]
	}
	return c
}

// of names what a row of a mapped output is about, for people.
func of(out mapping.Output) string {
	if out.Table == "mention" {
		return out.Role
	}
	return out.Table
}

// refers tells which fields name a row of another output.
var refers = []struct{ from, field, to string }{
	{"enrolment", "member", member},
	{"enrolment", "caregiver", member},
	{"payment", "enrolment", "enrolment"},
	{"attribute", "member", member},
}

// references holds the sources against each other: a roster has one source of
// members, households, enrolments and payments, and what refers to a member needs
// a source of members.
func (b *builder) references() {
	homes := map[string]string{}
	nodes := b.job.documents[""].nodes
	for _, src := range b.job.Mapping.Sources {
		for _, out := range src.Outputs {
			if !slices.Contains([]string{member, "household", "enrolment", "payment"}, of(out)) {
				continue
			}
			if first, ok := homes[of(out)]; ok && first != src.Name {
				nodes[out.Path].failAtName("both %s and %s map to %s; a roster has one source of them", first, src.Name, of(out))
				continue
			}
			homes[of(out)] = src.Name
		}
	}
	for _, src := range b.job.Mapping.Sources {
		for _, out := range src.Outputs {
			for _, f := range out.Fields {
				for _, r := range refers {
					if of(out) == r.from && f.Name == r.field && homes[r.to] == "" {
						nodes[f.Path].failAtName("%s refers to %ss, and no source maps to %[2]s", f.Path, r.to)
					}
				}
			}
		}
	}
}

// hash is over the job file and all files that it names, each with its name
// relative to the job's folder, so that it does not depend on where they lie.
func (b *builder) hash(doc *document) {
	whole := sha256.New()
	fmt.Fprintf(whole, "%d:%s;", len(doc.data), doc.data)
	b.job.Files = append(b.job.Files, reference(filepath.Base(b.job.Path), doc.data))
	for _, name := range slices.Sorted(maps.Keys(b.files)) {
		fmt.Fprintf(whole, "%d:%s;%d:%s;", len(name), name, len(b.files[name]), b.files[name])
		b.job.Files = append(b.job.Files, reference(name, b.files[name]))
	}
	b.job.SHA256 = hex.EncodeToString(whole.Sum(nil))
	// Who may decide is no part of what a run depends on, and is kept with it.
	if data, err := os.ReadFile(filepath.Join(b.job.folder, SiteName)); err == nil {
		b.job.Files = append(b.job.Files, reference(SiteName, data))
	}
}

func reference(name string, content []byte) audit.Reference {
	sum := sha256.Sum256(content)
	return audit.Reference{Name: name, SHA256: hex.EncodeToString(sum[:]), Content: content}
}
