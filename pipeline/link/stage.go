package link

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"rollcall/matchers"
	"rollcall/matchers/family"
	"rollcall/matchers/locale"
	"rollcall/matchers/locale/identifier"
	"rollcall/matchers/model"
	"rollcall/pipeline/store"
	"rollcall/pipeline/tables"
)

// Work is what the stage needs beside the tables.
type Work struct {
	Options   matchers.Options
	AsOf      time.Time                   // a day
	Areas     []locale.Area               // the area tree; optional
	Systems   map[string]identifier.Types // by which numbers are given out, by identifier type
	TrueLinks string                      // CSV of mention_id, person_id: use these instead of ours
}

// Report tells how the three linkages went.
type Report struct {
	Register, Roster, Across Linkage
	Verdicts                 Verdicts   // of people in earlier runs
	Entities                 []Entities // what became of earlier persons; none in a first run
	LeftOut                  []LeftOut  // of what records say of families, by reason
}

// Of is the linkage of a kind.
func (r Report) Of(kind string) Linkage {
	return map[string]Linkage{KindRegister: r.Register, KindRoster: r.Roster, KindAcross: r.Across}[kind]
}

// Linkage is one linkage: who was compared, how, and how it went.
type Linkage struct {
	Kind          string // KindRegister, KindRoster or KindAcross
	Left, Right   int    // records of each side
	Specification model.Specification
	Candidates    int64
	RulePairs     []int64
	Accepted      int64
	Rounds        int
	Converged     bool
	Warnings      []string
	Precision     [3]float64 // expected: low, middle, high
	Recall        [3]float64
	Thresholds    []matchers.Expectation // what others would mean
}

// ReportName is the file that holds the report of the stage, with the trained
// specifications.
const ReportName = "linkage.json"

// roles that one person can have once: a birth and a death.
const onceClass = "CASE role WHEN 'child' THEN '1' WHEN 'deceased' THEN '2' END"

// Make writes cluster, entity, entity_change, person, link, family and family_link, in the fixed order:
// the register within itself, the roster within itself, person with person, then families.
func Make(ctx context.Context, s *store.Session, st *store.Stage, cfg Config, work Work) (Report, error) {
	m := &maker{session: s, stage: st, folder: st.Work(), config: cfg, work: work, leftOut: map[string]int{}}
	m.work.Options.Progress = oneByOne(work.Options.Progress)
	var report Report
	if work.TrueLinks != "" {
		if err := m.fromTruth(ctx); err != nil {
			return report, err
		}
		return report, m.families(ctx)
	}
	types, err := identifierTypes(ctx, s)
	if err != nil {
		return report, err
	}
	m.types = types
	if m.verdicts, report.Verdicts, err = m.readVerdicts(ctx); err != nil {
		return report, err
	}
	if err := m.open(); err != nil {
		return report, err
	}
	if err := s.Exec(ctx, tables.AreaUnits(work.Areas)); err != nil {
		return report, fmt.Errorf("lay out areas: %w", err)
	}
	if report.Register, report.Roster, err = m.within(ctx); err != nil {
		return report, err
	}
	debug.FreeOSMemory() // what both sides took, for DuckDB to use
	if report.Entities, err = m.persons(ctx); err != nil {
		return report, fmt.Errorf("make persons: %w", err)
	}
	found, err := m.across(ctx, m.config.Across)
	if err != nil {
		return report, fmt.Errorf("link register and roster: %w", err)
	}
	if m.reunited != [2]int{} {
		if report.Entities, err = m.persons(ctx); err != nil {
			return report, fmt.Errorf("make persons: %w", err)
		}
		if err := m.rename(ctx, found.left.IDs, found.right.IDs); err != nil {
			return report, err
		}
	}
	if m.reunited[0] > 0 { // whole persons may have relatives who cannot be, where none of their parts had
		if _, err := m.relatives(ctx, "person_id", found.left.IDs); err != nil {
			return report, fmt.Errorf("count what records say of relatives: %w", err)
		}
	}
	if report.Across, err = m.add(ctx, KindAcross, found.left, found.right, found.result); err != nil {
		return report, err
	}
	report.Across.Left -= m.reunited[0]
	report.Across.Right -= m.reunited[1]
	if err := m.countHouseholds(ctx); err != nil {
		return report, err
	}
	report.LeftOut = m.allLeftOut()
	if err := m.writeLinks(ctx); err != nil {
		return report, err
	}
	if err := m.families(ctx); err != nil {
		return report, err
	}
	return report, m.finish(report)
}

// oneByOne lets several goroutines tell their progress.
func oneByOne(progress func(stage string, done, total int64)) func(stage string, done, total int64) {
	if progress == nil {
		return nil
	}
	var mu sync.Mutex
	return func(stage string, done, total int64) {
		mu.Lock()
		defer mu.Unlock()
		progress(stage, done, total)
	}
}

// maker carries what the steps share.
type maker struct {
	session       *store.Session
	stage         *store.Stage
	folder        string // for what is laid out on the way
	config        Config
	work          Work
	types         []string
	verdicts      []verdict
	leftOut       map[string]int // by reason
	leftOutAtHome map[string]int // by reason, of what households tell
	unsure        []unsure       // parts of one person of the register
	reunited      [2]int         // persons of either side who were found to be parts of others
	parts         []reunited     // those, and whom they are parts of
	clusters      *rowFile
	links         *rowFile
}

func (m *maker) path(name string) string { return filepath.Join(m.folder, name) }

func (m *maker) open() (err error) {
	if m.clusters, err = newRowFile(m.path(clusterRows), "mention_id", "person_id", "side", "#match_probability"); err != nil {
		return err
	}
	m.links, err = newRowFile(m.path("link-rows.parquet"), "kind", "left_id", "right_id", "accepted", "blocking_rule",
		"agreement", "decision", "apart", "family_evidence", "family_unweighed", "#match_weight_bits", "#family_weight_bits", "#match_probability", "#margin_bits")
	return err
}

// mentions reads the mentions of both sides as they are compared.
func (m *maker) mentions(ctx context.Context) (mentions, members side, err error) {
	extra := map[string]string{"once": onceClass, "record": "t.event_id", "household": "t.household_id"}
	maps.Copy(extra, lives)
	for i, t := range m.types {
		extra[sureName(t)] = fmt.Sprintf("v.s%d", i)
	}
	if mentions, members, err = load(ctx, m.session, m.work.Options.Threads, m.folder, "mention", "event e ON e.event_id = t.event_id", m.types, extra); err != nil {
		return mentions, members, err
	}
	m.knowSystems(mentions.file, members.file)
	mentions.file.Sex, members.file.Sex = sexes(mentions.file), sexes(members.file)
	mentions.file.Group = mentions.others["record"].Codes
	mentions.file.Once = classes(mentions.others["once"])
	mentions.file.Sure, members.file.Sure = m.sure(mentions), m.sure(members)
	mentions.file.Homes, members.file.Homes = homesOf(mentions.others["record"]), homesOf(members.others["household"])
	mentions.file.Lives = livesOf(mentions)
	return mentions, members, nil
}

// homesOf are the households or records of rows, one each.
func homesOf(c matchers.Column) []family.Home {
	homes := make([]family.Home, len(c.Codes))
	for row, code := range c.Codes {
		homes[row] = family.Home{Row: int32(row), Household: code}
	}
	return homes
}

// bothSides reads the persons of both sides as they are compared.
func (m *maker) bothSides(ctx context.Context) (left, right *matchers.File, err error) {
	register, roster, err := load(ctx, m.session, m.work.Options.Threads, m.folder, "person", presence, m.types, ofPresence)
	if err != nil {
		return nil, nil, err
	}
	left, right = register.file, roster.file
	m.knowSystems(left, right)
	left.Sex, right.Sex = sexes(left), sexes(right)
	left.Lives, right.Lives = presenceOf(register, roster)
	left.Kinds = classes(register.others["kind"])
	return left, right, nil
}

// within clusters the mentions of either side into persons. The two sides have
// nothing to do with each other: what one leaves of the threads the other takes.
func (m *maker) within(ctx context.Context) (register, roster Linkage, err error) {
	mentions, members, err := m.mentions(ctx)
	if err != nil {
		return register, roster, err
	}
	if mentions.file.Relatives, err = m.relatives(ctx, "mention_id", mentions.file.IDs); err != nil {
		return register, roster, fmt.Errorf("read families: %w", err)
	}
	if members.file.Relatives, m.leftOutAtHome, err = m.ties(ctx, livingSQL(), members.file.IDs); err != nil {
		return register, roster, fmt.Errorf("read households: %w", err)
	}
	mentions.others, members.others = nil, nil
	for _, f := range []*matchers.File{mentions.file, members.file} {
		f.Judged = judged(m.verdicts, f.IDs, f.IDs, func(mention string) string { return mention })
	}
	var ofMentions, ofMembers *matchers.Result
	var together errgroup.Group
	together.Go(func() (err error) {
		if ofMentions, err = m.dedupe(ctx, mentions.file, m.config.Register); err != nil {
			return fmt.Errorf("link the register within itself: %w", err)
		}
		return nil
	})
	together.Go(func() (err error) {
		if ofMembers, err = m.dedupe(ctx, members.file, m.config.Roster); err != nil {
			return fmt.Errorf("link the roster within itself: %w", err)
		}
		return nil
	})
	if err := together.Wait(); err != nil {
		return register, roster, err
	}
	entity, joins := parted(mentions.file, ofMentions)
	m.unsure = joins
	if err := m.addClusters(ctx, tables.Register, mentions.file, ofMentions.Pairs, entity); err != nil {
		return register, roster, err
	}
	if err := m.addClusters(ctx, tables.Roster, members.file, ofMembers.Pairs, ofMembers.Entity); err != nil {
		return register, roster, err
	}
	if register, err = m.add(ctx, KindRegister, mentions.file, mentions.file, ofMentions); err != nil {
		return register, roster, err
	}
	if roster, err = m.add(ctx, KindRoster, members.file, members.file, ofMembers); err != nil {
		return register, roster, err
	}
	return register, roster, m.clusters.close()
}

// dedupe finds the persons of one side.
func (m *maker) dedupe(ctx context.Context, file *matchers.File, given *model.Specification) (*matchers.Result, error) {
	spec, err := overridden(specification(file, file), given)
	if err != nil {
		return nil, err
	}
	if len(file.IDs) < 2 {
		return &matchers.Result{Specification: spec, Converged: true, Entity: alone(len(file.IDs))}, nil
	}
	return matchers.Dedupe(ctx, file, spec, m.work.Options)
}

// crossing is both sides' persons, linked.
type crossing struct {
	left, right *matchers.File
	result      *matchers.Result
}

// across links the persons of both sides, each with one at most.
func (m *maker) across(ctx context.Context, given *model.Specification) (found crossing, err error) {
	left, right, err := m.bothSides(ctx)
	if err != nil {
		return found, err
	}
	if left.Relatives, err = m.relatives(ctx, "person_id", left.IDs); err != nil {
		return found, fmt.Errorf("read families: %w", err)
	}
	if right.Homes, err = m.homes(ctx, right.IDs); err != nil {
		return found, fmt.Errorf("read households: %w", err)
	}
	spec, err := overridden(specification(left, right), given)
	if err != nil {
		return found, err
	}
	spec.Relation = model.OneToOne // of persons
	persons, err := m.judgedPersons(ctx)
	if err != nil {
		return found, err
	}
	left.Judged = judged(m.verdicts, left.IDs, right.IDs, func(mention string) string { return persons[mention] })
	if left.Joins, err = m.joinsOf(ctx, left); err != nil {
		return found, err
	}
	found = crossing{left, right, &matchers.Result{Specification: spec, Converged: true}}
	if len(left.IDs) == 0 || len(right.IDs) == 0 {
		_, err = m.reunite(ctx, left, matchers.Parts{Held: left.Joins})
	} else {
		found.result, err = matchers.LinkPersons(ctx, left, right, spec, m.work.Options, matchers.Uniting{
			Left:  func(parts matchers.Parts) ([]matchers.Whole, error) { return m.reunite(ctx, left, parts) },
			Right: func(splits []matchers.Split) ([]matchers.Whole, error) { return m.reuniteRoster(ctx, right, splits) },
		})
	}
	return found, err
}

func alone(rows int) []int32 {
	entity := make([]int32, rows)
	for i := range entity {
		entity[i] = int32(i)
	}
	return entity
}

func classes(c matchers.Column) []uint8 {
	out := make([]uint8, len(c.Codes))
	for i, code := range c.Codes {
		if v := c.Values.At(code); v != "" {
			out[i] = v[0] - '0'
		}
	}
	return out
}

// knowSystems says of the columns of identity numbers by which systems they are given
// out, where that is known.
func (m *maker) knowSystems(files ...*matchers.File) {
	for _, f := range files {
		for i := range f.Columns {
			c := &f.Columns[i]
			typ, isNumber := strings.CutPrefix(c.Name, identifierPrefix)
			if systems := m.work.Systems[typ]; isNumber && len(systems) > 0 {
				c.System = systems.System
			}
		}
	}
}

// sureName is the column that tells of which rows a number of a type is sure.
func sureName(identifierType string) string { return "sure_" + identifierType }

// sure are the rows whose identity numbers are known to be right, by the column of
// the numbers.
func (m *maker) sure(s side) map[string][]bool {
	out := map[string][]bool{}
	for _, t := range m.types {
		c := s.others[sureName(t)]
		rows := make([]bool, len(c.Codes))
		for row, code := range c.Codes {
			rows[row] = code != 0
		}
		out[identifierPrefix+t] = rows
	}
	return out
}

// sexes is the sex of each row as a small number, the same in every file.
func sexes(f *matchers.File) []uint8 {
	number := map[string]uint8{"male": 1, "female": 2}
	for _, c := range f.Columns {
		if c.Name != "sex" {
			continue
		}
		out := make([]uint8, len(c.Codes))
		for i, code := range c.Codes {
			out[i] = number[c.Values.At(code)]
		}
		return out
	}
	return nil
}

// addClusters writes for each mention the one that stands for its person: the least
// of the cluster, as rows come in the order of their ids.
func (m *maker) addClusters(ctx context.Context, side string, file *matchers.File, pairs []matchers.Pair, entities []int32) error {
	size := make([]int32, len(file.IDs))
	for _, entity := range entities {
		size[entity]++
	}
	best := make([]float64, len(file.IDs))
	for _, p := range pairs {
		if entities[p.Left] == entities[p.Right] {
			best[p.Left] = max(best[p.Left], p.Probability)
			best[p.Right] = max(best[p.Right], p.Probability)
		}
	}
	for row, entity := range entities {
		probability := 1.0
		if size[entity] > 1 {
			probability = best[row]
		}
		m.clusters.text(0, file.IDs[row])
		m.clusters.text(1, file.IDs[entity])
		m.clusters.text(2, side)
		m.clusters.float(3, probability)
		if err := m.clusters.end(ctx); err != nil {
			return err
		}
	}
	return nil
}

// add writes the pairs of one linkage and sums it up.
func (m *maker) add(ctx context.Context, kind string, left, right *matchers.File, result *matchers.Result) (Linkage, error) {
	spec := result.Specification
	spec.Frozen = nil // the next run counts in its own data
	rules := make([]string, len(spec.Blocking))
	for i, r := range spec.Blocking {
		rules[i] = r.String()
	}
	l := Linkage{
		Kind: kind, Left: len(left.IDs), Right: len(right.IDs), Specification: spec, Candidates: result.Candidates,
		RulePairs: result.RulePairs, Rounds: result.Rounds, Converged: result.Converged, Warnings: result.Warnings,
		Precision: result.ExpectedPrecision, Recall: result.ExpectedRecall, Thresholds: result.Expectations(),
	}
	agreements := map[string]string{}
	for _, p := range result.Pairs {
		accepted := p.Accepted
		if kind != KindAcross {
			accepted = result.Entity[p.Left] == result.Entity[p.Right]
		}
		if accepted {
			l.Accepted++
		}
		m.links.text(0, kind)
		m.links.text(1, left.IDs[p.Left])
		m.links.text(2, right.IDs[p.Right])
		m.links.text(3, yes(accepted))
		rule := ""
		if p.Rule >= 0 && int(p.Rule) < len(rules) {
			rule = rules[p.Rule]
		}
		m.links.text(4, rule)
		m.links.text(5, withListed(agreement(agreements, spec, p.Levels), p))
		m.links.text(6, decision(p.Judged, accepted))
		m.links.text(7, string(p.Apart))
		m.links.text(8, evidence(p.Witnesses, left.IDs, right.IDs))
		m.links.text(9, string(p.Unweighed))
		m.links.float(10, p.WeightBits)
		m.links.float(11, p.FamilyBits)
		m.links.float(12, p.Probability)
		m.links.float(13, finite(p.MarginBits))
		if p.Unweighed != "" {
			m.leftOut[unweighed+string(p.Unweighed)]++
		}
		if err := m.links.end(ctx); err != nil {
			return l, err
		}
	}
	return l, nil
}

func yes(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

// decision is the word of people's decision on a pair; "" for none.
func decision(judged, same bool) string {
	switch {
	case !judged:
		return ""
	case same:
		return "same"
	}
	return "different"
}

func finite(bits float64) float64 {
	if math.IsInf(bits, 0) {
		return math.NaN()
	}
	return bits
}

// agreement names the level of each comparison, remembered by pattern.
func agreement(known map[string]string, spec model.Specification, levels []uint8) string {
	if text, ok := known[string(levels)]; ok {
		return text
	}
	text := ""
	for i, c := range spec.Comparisons {
		if i >= len(levels) {
			break
		}
		name := model.MissingName(model.Missing)
		switch l := levels[i]; {
		case model.Lacks(l):
			name = model.MissingName(l)
		case spec.Parameters != nil && int(l) < len(spec.Parameters.Levels[i]):
			name = spec.Parameters.Levels[i][l].Name
		}
		if i > 0 {
			text += ";"
		}
		text += c.Name + "=" + name
	}
	known[string(levels)] = text
	return text
}

// writeLinks turns the rows of all linkages into the canonical table.
func (m *maker) writeLinks(ctx context.Context) error {
	if err := m.links.close(); err != nil {
		return err
	}
	query := fmt.Sprintf(`SELECT kind, left_id, right_id, accepted = 'true' AS accepted, match_weight_bits,
	family_weight_bits, match_probability, margin_bits, blocking_rule, string_split(agreement, ';') AS agreement,
	coalesce(string_split(family_evidence, %s), []) AS family_evidence, family_unweighed, decision, apart
FROM read_parquet(%s)`, tables.Literal(betweenWitnesses), tables.Literal(m.path("link-rows.parquet")))
	query = fmt.Sprintf(reunitedLinkSQL, query, matchers.ApartRoster, tables.Literal(tables.Register))
	return m.stage.Table(ctx, tables.Link(), query)
}

// finish writes the report and clears what was laid out on the way.
func (m *maker) finish(report Report) error {
	data, err := json.MarshalIndent(report, "", " ")
	if err != nil {
		return fmt.Errorf("write linkage report: %w", err)
	}
	if err := os.WriteFile(m.path(ReportName), append(data, '\n'), 0o600); err != nil {
		return fmt.Errorf("write linkage report: %w", err)
	}
	for _, name := range []string{clusterRows, "heirs.parquet", "link-rows.parquet", laidOut} {
		if err := os.Remove(m.path(name)); err != nil {
			return fmt.Errorf("clear link stage: %w", err)
		}
	}
	return m.stage.File("linkage", ReportName)
}

// ReadReport reads the report of a finished stage.
func ReadReport(path string) (Report, error) {
	var r Report
	data, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(data, &r)
	}
	if err != nil {
		return r, fmt.Errorf("read linkage report: %w", err)
	}
	return r, nil
}
